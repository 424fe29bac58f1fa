"""A card in, Captures out: discovery, politeness, archive and reading, joined.

In: a SiteCard, the Memory of earlier crawls, an Archive. Out: Captures, one at a time, and Events for the coverage
ledger. A generator: the caller stores a Capture and comes back for the next one, and only then is its page remembered,
so a crawl may be killed anywhere. A feed or sitemap is remembered only when all it lists was seen through.

>>> for capture in crawl(card, memory=store, archive=archive, now=now): store.add_capture(capture)  # doctest: +SKIP
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.address import clean_url, netloc_of, path_of
from crawler.archive import Recorder
from crawler.article import Article, Capture, Snapshot, sha256
from crawler.card import SiteCard, card_for
from crawler.dates import VIETNAM
from crawler.errors import CrawlerError, FeedError, FetchError, PageError, Refused, RetryLater
from crawler.event import Event
from crawler.listed import Listed
from crawler.memory import Memory, RememberedPages, Validators
from crawler.robots import Robots

if TYPE_CHECKING:
    from crawler.fetch import Fetcher, Response
    from crawler.page import PageReading

AGENT = "Solieu"
"""The product token that robots.txt files name."""
USER_AGENT = f"{AGENT}/0.1 (collects figures from the Vietnamese press; no contact configured)"
PATIENCE = 120.0
"""Seconds of a Retry-After that a crawl waits for; of a longer one the site is left for the next run."""
MOST_SILENT = 5
"""Requests in a row without any answer after which the host is asked for robots.txt; silent there too, it is left."""
MOST_REFUSED = 10
"""Pages in a row that the server refuses, or asks to have later again and again, after which the site is left."""
MOST_SHARDS = 50
"""Shards of a sitemap index that a crawl without `since` reads, the newest first."""

Report = Callable[[Event], None]


def user_agent(contact: str | None) -> str:
    """The User-Agent header: who we are, and the address or page where a site's owner can reach us."""
    return f"{AGENT}/0.1 (collects figures from the Vietnamese press; +{contact})" if contact else USER_AGENT


def crawl(
    card: SiteCard,
    *,
    memory: Memory,
    now: Callable[[], datetime],
    archive: Recorder | None = None,
    since: date | None = None,
    limit: int | None = None,
    report: Report | None = None,
    user_agent: str = USER_AGENT,
    fetcher: "Fetcher | None" = None,
) -> Iterator[Capture]:
    """Crawl one site until nothing is due.

    `since` leaves out what the listing, the address or the page dates earlier; `limit` bounds the pages asked for. What
    goes wrong with one page or list is an Event; only the archive's failure (ArchiveError) ends the crawl. `now` returns
    aware datetimes. `fetcher` is for tests.
    """
    from crawler.fetch import Fetcher  # httpx takes time to import

    own = fetcher or Fetcher(card, user_agent=user_agent, now=now)
    try:
        yield from _Crawl(card, memory, now, archive, since, limit, report or (lambda event: None), own).run()
    finally:
        own.close()


def fetch_article(url: str, cards: Mapping[str, SiteCard], *, now: datetime, user_agent: str = USER_AGENT) -> Article:
    """The article at one address, under the same rules as a crawl, robots.txt included. A host without a card is read by
    the signs of its page. Raises FetchError or PageError."""
    from crawler.fetch import Fetcher
    from crawler.page import read_page

    cleaned = clean_url(url)
    if cleaned is None:
        raise Refused(url, "address", "is not a web address")
    host = netloc_of(cleaned)
    card = card_for(cleaned, cards) or SiteCard(host, host, cleaned.removesuffix(path_of(cleaned, query=True)))
    fetcher = Fetcher(card, user_agent=user_agent, now=lambda: now)
    steps = _Crawl(card, RememberedPages(), lambda: now, None, None, None, lambda event: None, fetcher)
    try:
        response = fetcher.get(cleaned, permit=steps.permit)
    finally:
        fetcher.close()
    if response.status != 200:
        raise FetchError(url, f"status_{response.status}")
    final = card.canonical(response.url) or cleaned
    return read_page(response.body, final, card=card, charset=response.charset, fetched_at=now, lenient=True).article


class _StopSite(Exception):  # noqa: N818 – not an error: the rest of the site is left for the next run
    pass


def _quiet_key(host: str) -> str:
    return f"urn:solieu:quiet:{host}"


def _list_key(url: str, since: date | None) -> str:
    return f"{url}#since={since}" if since else url


@dataclass(slots=True)
class _Crawl:
    card: SiteCard
    memory: Memory
    now: Callable[[], datetime]
    archive: Recorder | None
    since: date | None
    limit: int | None
    report: Report
    fetcher: "Fetcher"
    robots: dict[str, Robots] = field(default_factory=dict)
    robots_at: dict[str, datetime] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    asked: int = 0
    silent: int = 0
    refused: int = 0
    open_ends: bool = False
    """Whether something of the present list is still to be done in another run."""
    narrowed: bool = False
    """Whether something of the present list was left out for being older than `since`."""

    def run(self) -> Iterator[Capture]:
        for host in sorted(self.card.allowed):
            until, _ = self.memory.validators(_quiet_key(host)) or (None, None)
            if until and self.now() < datetime.fromisoformat(until):
                self._event("blocked", f"{self.card.base_url}/", "retry_after", f"{host} asks for quiet until {until}")
                return
        try:
            yield from self._lists()
        except _StopSite:
            return

    def _lists(self) -> Iterator[Capture]:
        for url in self.card.feeds:
            yield from self._list(url, self._read_feed)
        sitemaps = self.card.sitemaps
        if not sitemaps and not self.card.feeds and not self.card.sections:
            named = (self.card.canonical(text) for text in self._robots_of(self.card.base_url).sitemaps())
            sitemaps = tuple(url for url in named if url)
        for url in sitemaps:
            yield from self._sitemap(url)
        for url in self.card.sections:
            yield from self._list(url, self._read_section)

    def _event(self, kind: str, url: str, reason: str | None = None, detail: str | None = None) -> None:
        self.report(Event(self.card.name, kind, url, self.now(), reason, detail))

    # lists

    def _list(self, url: str, read: "Callable[[Response], Iterable[Listed]]") -> Iterator[Capture]:
        """Everything that one feed or section page lists, new pages before known ones."""
        response = self._fetch(url, self._list_validators(url))
        if response is None or response.status != 200:
            return
        try:
            listed = list(read(response))
        except (FeedError, PageError) as error:
            self._event("failed", url, "not_a_list", str(error))
            return
        except Exception as error:  # as with pages: whatever a list is made of, it must not end the crawl
            self._event("failed", url, "unreadable", f"{type(error).__name__}: {error}"[:300])
            return
        yield from self._all(listed)
        self._close(url, response)

    def _read_feed(self, response: "Response") -> list[Listed]:
        from crawler.feed import read_feed

        return read_feed(response.body, charset=response.charset, base=response.url, date_patterns=self.card.feed_dates)

    def _read_section(self, response: "Response") -> list[Listed]:
        from crawler.page import find_links

        return [Listed(url) for url in find_links(response.body, response.url, self.card, response.charset)]

    def _sitemap(self, url: str) -> Iterator[Capture]:
        """A sitemap, or an index and its shards; an index may name another one, no more."""
        queue, read = [(url, 0)], set()
        while queue:
            url, depth = queue.pop(0)
            if url in read:
                continue
            read.add(url)
            response = self._fetch(url, self._list_validators(url), shard=True)
            if response is None or response.status != 200:
                continue
            from crawler.sitemap import choose_shards, read_sitemap

            try:
                sitemap = read_sitemap(response.body, response.charset)
            except FeedError as error:
                self._event("failed", url, "not_a_list", str(error))
                continue
            if sitemap.broken:
                self._event("failed", url, "broken_list", "is broken XML; what came before the broken place was read")
            if depth < 2:
                shards = choose_shards(sitemap.children, self.since, self.card.sitemap_skip)
                shards = shards if self.since else shards[:MOST_SHARDS]
                targets = (clean_url(child.url, url) for child in shards)
                queue += [(target, depth + 1) for target in targets if target and self._may_list(target)]
            yield from self._all(sitemap.pages)
            if sitemap.pages and not sitemap.broken and not sitemap.children:
                self._close(url, response)

    def _may_list(self, url: str) -> bool:
        if not self.card.allows(url):
            self._event("blocked", url, "host", "a sitemap of another host")
        return self.card.allows(url)

    def _close(self, url: str, response: "Response") -> None:
        """Remember a list, so that it is asked for again only conditionally, unless something of it is still to do. One
        that was read only in part, for `since`, is remembered for this `since`."""
        if not self.open_ends:
            key = _list_key(url, self.since if self.narrowed else None)
            self.memory.remember(key, *response.validators, response.status, response.fetched_at)

    def _list_validators(self, url: str) -> Validators | None:
        return self.memory.validators(url) or (
            self.memory.validators(_list_key(url, self.since)) if self.since else None
        )

    # pages

    def _all(self, listed: Iterable[Listed]) -> Iterator[Capture]:
        self.open_ends = self.narrowed = False
        fresh: list[tuple[str, Listed]] = []
        known: list[tuple[str, Listed]] = []
        for item in listed:
            url = self.card.canonical(item.url)
            match = self.card.article(url) if url else None
            if url is None:
                if target := clean_url(item.url, self.card.base_url):
                    self._event("blocked", target, "host", "is on a host that the card does not allow")
                continue
            if match is None:
                self._event("skipped", url, "not_article")
                continue
            key = match.identity if match.stamp or "id" in match.slots else url
            if (key := f"{match.language}:{key}") in self.seen:
                continue
            self.seen.add(key)
            self._event("listed", url)
            if self._older(item.published.moment if item.published else match.stamp):
                self._event("skipped", url, "older")
                self.narrowed = True
                continue
            (known if self.memory.validators(url) else fresh).append((url, item))
        for url, item in [*fresh, *known]:
            if self.limit is not None and self.asked >= self.limit:
                self.open_ends = True
                self._event("skipped", url, "limit")
                continue
            yield from self._page(url, item)

    def _older(self, moment: datetime | None) -> bool:
        return bool(self.since and moment and moment.astimezone(VIETNAM).date() < self.since)

    def _page(self, url: str, item: Listed) -> Iterator[Capture]:
        self.asked += 1
        kept = self.memory.validators(url)
        response = self._fetch(url, kept)
        if response is None:
            return
        at = response.fetched_at
        if response.status == 304:
            self._event("unchanged", url)
            if self.archive:
                self.archive.revisit(url, 304, response.headers, at)
            etag, modified = kept or (None, None)
            etag, modified = response.header("etag") or etag, response.header("last-modified") or modified
            self.memory.remember(url, etag, modified, 304, at)
            return
        if response.status != 200:
            self._event("gone", url, f"status_{response.status}")
            self.memory.remember(url, None, None, response.status, at)
            return
        self._event("fetched", url)
        reading = self._read(url, response, item)
        if reading is None:
            return  # not remembered: a later version of this program may be able to read it
        if self._older(reading.article.published_at):
            self._event("skipped", url, "older")
            self.narrowed = True
            return
        place = self._archived(response)
        article, key = self._first_address(reading.article)
        digest = sha256(article.text.encode("utf-8", "surrogatepass"))
        etag, modified = response.header("etag"), response.header("last-modified")
        yield Capture(article, Snapshot(article.id, at, 200, sha256(response.body), digest, etag, modified, *place))
        if key:
            self.memory.remember(key, article.url, None, 200, at)
        self.memory.remember(url, *response.validators, 200, at)

    def _archived(self, response: "Response") -> tuple[str | None, int | None]:
        if not self.archive:
            return None, None
        return self.archive.write(response.url, response.status, response.headers, response.body, response.fetched_at)

    def _read(self, url: str, response: "Response", item: Listed) -> "PageReading | None":
        from crawler.page import read_page

        final = self.card.canonical(response.url) or url
        if not self.card.article(final):
            self._event("failed", url, "moved_away", f"redirects to {final}, which is no article")
            return None
        evidence = [item.published] if item.published else []
        try:
            reading = read_page(
                response.body,
                final,
                card=self.card,
                charset=response.charset,
                fetched_at=response.fetched_at,
                evidence=evidence,
            )
        except PageError as error:
            self._event("failed", url, "no_article", str(error))
            return None
        except Exception as error:  # whatever a page is made of, it must not end the crawl
            self._event("failed", url, "unreadable", f"{type(error).__name__}: {error}"[:300])
            return None
        for match in reading.matches:
            if match.surprising:
                self._event("layout", url, match.field, str(match))
        self._event("parsed", url, reading.method)
        return reading

    def _first_address(self, article: Article) -> tuple[Article, str | None]:
        """The article under the address where its identity was first read, so that a changed slug is no new article; and
        the key to remember that address by, where this is the first."""
        match = self.card.article(article.url)
        if not match or not (match.stamp or "id" in match.slots):
            return article, None
        key = f"urn:solieu:article:{self.card.name}:{match.language or self.card.language}:{match.identity}"
        first = (self.memory.validators(key) or (None, None))[0]
        return (replace(article, url=first), None) if first else (article, key)

    # requests

    def _fetch(self, url: str, validators: Validators | None, *, shard: bool = False) -> "Response | None":
        """One address under the rules of robots.txt; None where it gave nothing, which was reported."""
        from crawler.fetch import REFUSING
        from crawler.sitemap import LARGEST

        caps = {"raw_cap": 16 << 20, "unpacked_cap": LARGEST} if shard else {}
        for attempt in (1, 2):
            try:
                response = self.fetcher.get(url, validators=validators, permit=self.permit, **caps)
            except RetryLater as error:
                if attempt == 1 and self._wait(error):
                    continue
                self.open_ends = True
                self._event("blocked", url, error.reason, str(error))
                self._refusal(error)
            except Refused as error:
                self._event("blocked", url, error.reason, str(error))
            except FetchError as error:
                self.open_ends = True
                refused = error.reason in {f"status_{status}" for status in REFUSING}
                self._event("blocked" if refused else "failed", url, error.reason, str(error))
                if refused:
                    self._refusal(error)
                elif error.reason in ("timeout", "connection"):
                    self._silence(error)
            else:
                self.silent = self.refused = 0
                return response
            return None
        return None

    def _wait(self, error: RetryLater) -> bool:
        """Wait as long as the host asks; of a longer time make a note and leave the site."""
        wait = (error.until - self.now()).total_seconds() if error.until else 0.0
        if wait <= PATIENCE:
            self.fetcher.wait(max(0.0, wait) + 0.2)
            return True
        self._event("blocked", error.url, error.reason, str(error))
        self.memory.remember(
            _quiet_key(netloc_of(error.url)), f"{error.until:%Y-%m-%dT%H:%M:%S%z}", None, 0, self.now()
        )
        raise _StopSite from error

    def _refusal(self, error: FetchError) -> None:
        self.refused += 1
        if self.refused >= MOST_REFUSED:
            self._event("blocked", self.card.base_url, "host_refusing", f"{self.refused} refusals in a row")
            raise _StopSite from error

    def _silence(self, error: FetchError) -> None:
        """A host that answers nothing any more is left; one that only keeps some pages to itself is not."""
        self.silent += 1
        if self.silent < MOST_SILENT:
            return
        self.silent = 0
        address = clean_url("/robots.txt", error.url) or error.url
        try:
            self.fetcher.ask(address, raw_cap=1 << 16, unpacked_cap=1 << 16, cut=True)
        except FetchError:
            self._event("blocked", error.url, "host_silent", f"{MOST_SILENT} requests in a row had no answer")
            raise _StopSite from error

    def permit(self, url: str) -> None:
        robots = self._robots_of(url)
        if not robots.allows(url, AGENT):
            reason = "robots_unreachable" if robots.closed else "robots"
            raise Refused(url, reason, "robots.txt forbids it" if reason == "robots" else "robots.txt cannot be read")

    def _robots_of(self, url: str) -> Robots:
        """The rules of a host, asked for once in a crawl, and again after a day."""
        host = netloc_of(url)
        if host not in self.robots or self.now() - self.robots_at[host] > timedelta(days=1):
            from crawler.robots import LARGEST

            address = clean_url("/robots.txt", url) or url
            self.robots_at[host] = self.now()
            self.robots[host] = Robots(closed=True)  # a redirect to a page of the same host finds this
            try:
                answer = self.fetcher.ask(address, raw_cap=LARGEST, unpacked_cap=LARGEST, cut=True)
                self.robots[host] = Robots.of(answer.status, answer.body)
            except CrawlerError as error:
                self._event("failed", address, "robots_unreachable", str(error))
                if isinstance(error, Refused) and error.reason == "private_address":
                    raise
            self.fetcher.delay = max(self.fetcher.delay, self.robots[host].delay(AGENT))
        return self.robots[host]
