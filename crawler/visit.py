"""One visit to a site: addresses in, Responses out, under the rules of politeness.

In: a card, a Fetcher, the Memory. Out: for each address a Response, or None where it gave nothing, which is reported. A
visit asks robots.txt before anything else of a host, waits where a host asks for a little time, and is over (SiteLeft)
where it asks for more, refuses page after page, or says nothing at all any more.

>>> Visit(card, memory, now, report, fetcher).fetch("https://baotintuc.vn/", None)      # doctest: +SKIP
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.address import clean_url, netloc_of
from crawler.card import SiteCard
from crawler.errors import CrawlerError, FetchError, Refused, RetryLater
from crawler.event import Event
from crawler.memory import Memory, Validators
from crawler.robots import Robots

if TYPE_CHECKING:
    from crawler.fetch import Fetcher, Response

AGENT = "Solieu"
"""The product token that robots.txt files name."""
USER_AGENT = f"{AGENT}/0.1 (collects figures from the Vietnamese press; no contact configured)"
PATIENCE = 120.0
"""Seconds of a Retry-After that a visit waits for; of a longer one the site is left for the next run."""
MOST_SILENT = 5
"""Requests in a row without any answer after which the host is asked for robots.txt; silent there too, it is left."""
MOST_REFUSED = 10
"""Pages in a row that the server refuses, or asks to have later again and again, after which the site is left."""

Report = Callable[[Event], None]


def user_agent(contact: str | None) -> str:
    """The User-Agent header: who we are, and the address or page where a site's owner can reach us."""
    return f"{AGENT}/0.1 (collects figures from the Vietnamese press; +{contact})" if contact else USER_AGENT


class SiteLeft(Exception):  # noqa: N818 – not an error: the rest of the site is left for the next run
    """The visit is over."""


def _quiet_key(host: str) -> str:
    return f"urn:solieu:quiet:{host}"


@dataclass(slots=True)
class Visit:
    """See the module. `again` says whether what the last fetch did not give may be had in another run."""

    card: SiteCard
    memory: Memory
    now: Callable[[], datetime]
    report: Report
    fetcher: "Fetcher"
    again: bool = False
    _robots: dict[str, Robots] = field(default_factory=dict)
    _robots_at: dict[str, datetime] = field(default_factory=dict)
    _silent: int = 0
    _refused: int = 0

    def event(self, kind: str, url: str, reason: str | None = None, detail: str | None = None) -> None:
        """Report what happened to `url`."""
        self.report(Event(self.card.name, kind, url, self.now(), reason, detail))

    def welcome(self) -> bool:
        """Whether no host of the card asked, in this run or an earlier one, to be left alone until a later moment."""
        for host in sorted(self.card.allowed):
            until, _ = self.memory.validators(_quiet_key(host)) or (None, None)
            if until and self.now() < datetime.fromisoformat(until):
                self.event("blocked", f"{self.card.base_url}/", "retry_after", f"{host} asks for quiet until {until}")
                return False
        return True

    def fetch(self, url: str, validators: Validators | None, *, shard: bool = False) -> "Response | None":
        """One address under the rules of robots.txt; None where it gave nothing, which was reported."""
        from crawler.fetch import REFUSING
        from crawler.sitemap import LARGEST

        caps = {"raw_cap": 16 << 20, "unpacked_cap": LARGEST} if shard else {}
        self.again = True
        for attempt in (1, 2):
            try:
                response = self.fetcher.get(url, validators=validators, permit=self.permit, **caps)
            except RetryLater as error:
                if attempt == 1 and self._wait(error):
                    continue
                self.event("blocked", url, error.reason, str(error))
                self._refusal(error)
            except Refused as error:
                self.again = error.reason == "robots_unreachable"
                self.event("blocked", url, error.reason, str(error))
            except FetchError as error:
                refused = error.reason in {f"status_{status}" for status in REFUSING}
                self.event("blocked" if refused else "failed", url, error.reason, str(error))
                if refused:
                    self._refusal(error)
                elif error.reason in ("timeout", "connection"):
                    self._silence(error)
            else:
                self._silent = self._refused = 0
                return response
            return None
        return None

    def _wait(self, error: RetryLater) -> bool:
        """Wait as long as the host asks; of a longer time make a note and leave the site."""
        wait = (error.until - self.now()).total_seconds() if error.until else 0.0
        if wait <= PATIENCE:
            self.fetcher.wait(max(0.0, wait) + 0.2)
            return True
        self.event("blocked", error.url, error.reason, str(error))
        self.memory.remember(
            _quiet_key(netloc_of(error.url)), f"{error.until:%Y-%m-%dT%H:%M:%S%z}", None, 0, self.now()
        )
        raise SiteLeft from error

    def _refusal(self, error: FetchError) -> None:
        self._refused += 1
        if self._refused >= MOST_REFUSED:
            self.event("blocked", self.card.base_url, "host_refusing", f"{self._refused} refusals in a row")
            raise SiteLeft from error

    def _silence(self, error: FetchError) -> None:
        """A host that answers nothing any more is left; one that only keeps some pages to itself is not."""
        self._silent += 1
        if self._silent < MOST_SILENT:
            return
        self._silent = 0
        address = clean_url("/robots.txt", error.url) or error.url
        try:
            self.fetcher.ask(address, raw_cap=1 << 16, unpacked_cap=1 << 16, cut=True)
        except FetchError:
            self.event("blocked", error.url, "host_silent", f"{MOST_SILENT} requests in a row had no answer")
            raise SiteLeft from error

    def permit(self, url: str) -> None:
        robots = self.robots_of(url)
        if not robots.allows(url, AGENT):
            reason = "robots_unreachable" if robots.closed else "robots"
            raise Refused(url, reason, "robots.txt forbids it" if reason == "robots" else "robots.txt cannot be read")

    def robots_of(self, url: str) -> Robots:
        """The rules of a host, asked for once in a crawl, and again after a day."""
        host = netloc_of(url)
        if host not in self._robots or self.now() - self._robots_at[host] > timedelta(days=1):
            from crawler.robots import LARGEST

            address = clean_url("/robots.txt", url) or url
            self._robots_at[host] = self.now()
            self._robots[host] = Robots(closed=True)  # a redirect to a page of the same host finds this
            try:
                answer = self.fetcher.ask(address, raw_cap=LARGEST, unpacked_cap=LARGEST, cut=True)
                self._robots[host] = Robots.of(answer.status, answer.body)
            except CrawlerError as error:
                self.event("failed", address, "robots_unreachable", str(error))
                if isinstance(error, Refused) and error.reason == "private_address":
                    raise
            self.fetcher.delay = max(self.fetcher.delay, self._robots[host].delay(AGENT))
        return self._robots[host]
