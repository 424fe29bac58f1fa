"""A card in, Captures out: discovery, politeness, archive and reading, joined.

In: a SiteCard, the Memory of earlier crawls, an Archive. Out: Captures, one at a time, and Events for the coverage
ledger. A generator: the caller stores a Capture and comes back for the next one, and only then is its page remembered and
taken out of the frontier, so a crawl may be killed anywhere: the next one goes on with what the frontier still holds.

>>> for capture in crawl(card, memory=store, archive=archive, now=now): store.add_capture(capture)  # doctest: +SKIP
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from crawler.address import clean_url, netloc_of, path_of
from crawler.archive import Recorder
from crawler.article import Article, Capture, Snapshot, sha256
from crawler.card import SiteCard, card_for
from crawler.dates import VIETNAM, Evidence
from crawler.errors import FetchError, PageError, Refused
from crawler.listed import Listed
from crawler.lists import ListRead, Lists, list_key
from crawler.memory import Memory, RememberedPages, Validators
from crawler.visit import USER_AGENT, Report, SiteLeft, Visit, user_agent
from crawler.worker import Spoiled, Workers

if TYPE_CHECKING:
    from crawler.fetch import Fetcher, Response
    from crawler.page import PageReading

__all__ = ["USER_AGENT", "crawl", "fetch_article", "user_agent"]


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
    workers: Workers | None = None,
) -> Iterator[Capture]:
    """Crawl one site until nothing is due.

    `since` leaves out what the listing, the address or the page dates earlier; `limit` bounds the pages asked for. What
    goes wrong with one page or list is an Event; only the archive's failure (ArchiveError) ends the crawl. `now` returns
    aware datetimes. `workers` read the pages (default: one of this crawl's own). `fetcher` is for tests.
    """
    from crawler.fetch import Fetcher  # httpx takes time to import

    own, hands = fetcher or Fetcher(card, user_agent=user_agent, now=now), workers or Workers(1)
    visit = Visit(card, memory, now, report or (lambda event: None), own)
    try:
        yield from _Crawl(card, visit, memory, hands, archive, since, limit).run()
    finally:
        own.close()
        if not workers:
            hands.close()


def fetch_article(url: str, cards: Mapping[str, SiteCard], *, now: datetime, user_agent: str = USER_AGENT) -> Article:
    """The article at one address, under the same rules as a crawl, robots.txt included. A host without a card is read by
    the signs of its page. Raises FetchError, PageError or Spoiled."""
    from crawler.fetch import Fetcher

    cleaned = clean_url(url)
    if cleaned is None:
        raise Refused(url, "address", "is not a web address")
    host = netloc_of(cleaned)
    card = card_for(cleaned, cards) or SiteCard(host, host, cleaned.removesuffix(path_of(cleaned, query=True)))
    fetcher = Fetcher(card, user_agent=user_agent, now=lambda: now)
    visit = Visit(card, RememberedPages(), lambda: now, lambda event: None, fetcher)
    try:
        response = fetcher.get(cleaned, permit=visit.permit)
    finally:
        fetcher.close()
    if response.status != 200:
        raise FetchError(url, f"status_{response.status}")
    final = card.canonical(response.url) or cleaned
    named = {"card": card, "charset": response.charset, "fetched_at": now, "lenient": True}
    with Workers(1) as workers:
        reading: PageReading = workers.call("crawler.page:read_page", response.body, final, **named)
    return reading.article


@dataclass(slots=True)
class _Crawl:
    card: SiteCard
    visit: Visit
    memory: Memory
    workers: Workers
    archive: Recorder | None
    since: date | None
    limit: int | None
    seen: set[str] = field(default_factory=set)
    asked: int = 0

    def run(self) -> Iterator[Capture]:
        if not self.visit.welcome():
            return
        try:
            yield from self._pages(self._of_ours(self.memory.due(self.card.name)))
            for read in Lists(self.visit, self.memory, self.workers, self.since).read():
                yield from self._pages(self._listed(read))
        except SiteLeft:
            return

    def _of_ours(self, kept: Iterable[Listed]) -> list[Listed]:
        """What an earlier crawl left in the frontier and the card still takes for an article, each once."""
        found = []
        for item in kept:
            if self.card.canonical(item.url) != item.url or not self.card.article(item.url):
                self.memory.dismiss(item.url)
            elif not self._older(item.url, item):
                self.seen.add(self._key(item.url))
                found.append(item)
        return found

    def _listed(self, read: ListRead) -> list[Listed]:
        """What a list names and this crawl has not met yet; it goes into the frontier, and then the list is remembered,
        so that it is asked for again only conditionally. One that was read only in part, for `since`, is remembered for
        this `since`."""
        found, narrowed = [], False
        for item in read.listed:
            url = self.card.canonical(item.url)
            if url is None:
                if target := clean_url(item.url, self.card.base_url):
                    self.visit.event("blocked", target, "host", "is on a host that the card does not allow")
                continue
            if not self.card.article(url):
                self.visit.event("skipped", url, "not_article")
                continue
            if (key := self._key(url)) in self.seen:
                continue
            self.seen.add(key)
            self.visit.event("listed", url)
            if self._older(url, item):
                self.visit.event("skipped", url, "older")
                narrowed = True
                continue
            found.append(replace(item, url=url))
        if found:
            self.memory.expect(self.card.name, found, self.visit.now())
        if read.whole:
            key, response = list_key(read.url, self.since if narrowed else None), read.response
            self.memory.remember(key, *response.validators, response.status, response.fetched_at)
        return found

    def _key(self, url: str) -> str:
        match = self.card.article(url)
        named = match and (match.stamp or "id" in match.slots)
        return f"{match.language}:{match.identity}" if match and named else url

    def _older(self, url: str, item: Listed) -> bool:
        match = self.card.article(url)
        moment = item.published.moment if item.published else match.stamp if match else None
        return self._before(moment)

    def _before(self, moment: datetime | None) -> bool:
        return bool(self.since and moment and moment.astimezone(VIETNAM).date() < self.since)

    # pages

    def _pages(self, items: list[Listed]) -> Iterator[Capture]:
        """Ask for them, new pages before known ones."""
        kept = {item.url: self.memory.validators(item.url) for item in items}
        for item in sorted(items, key=lambda item: kept[item.url] is not None):
            if self.limit is not None and self.asked >= self.limit:
                self.visit.event("skipped", item.url, "limit")
            else:
                yield from self._page(item.url, item, kept[item.url])

    def _page(self, url: str, item: Listed, kept: Validators | None) -> Iterator[Capture]:
        self.asked += 1
        try:
            response = self.visit.fetch(url, kept)
        except SiteLeft:
            self.memory.defer(url)
            raise
        if response is None:
            (self.memory.defer if self.visit.again else self.memory.dismiss)(url)
            return
        at = response.fetched_at
        if response.status == 304:
            self.visit.event("unchanged", url)
            if self.archive:
                self.archive.revisit(url, 304, response.headers, at)
            etag, modified = kept or (None, None)
            etag, modified = response.header("etag") or etag, response.header("last-modified") or modified
            self.memory.remember(url, etag, modified, 304, at)
            return
        if response.status != 200:
            self.visit.event("gone", url, f"status_{response.status}")
            self.memory.notice("gone", self._first(url) or url, url, at)
            self.memory.remember(url, None, None, response.status, at)
            return
        self.visit.event("fetched", url)
        reading = self._read(url, response, item)
        if reading is None:
            self.memory.defer(url)  # a later version of this program may be able to read it
            return
        if self._before(reading.article.published_at):
            self.visit.event("skipped", url, "older")
            dated = Evidence(reading.article.published_source or "meta", reading.article.published_at or at)
            self.memory.expect(self.card.name, [replace(item, published=dated)], at)  # for a wider `since`
            return
        place = self._archived(response)
        article, key = self._first_address(reading.article)
        digest = sha256(article.text.encode("utf-8", "surrogatepass"))
        etag, modified = response.header("etag"), response.header("last-modified")
        if key:
            self.memory.remember(key, article.url, None, 200, at)
        yield Capture(article, Snapshot(article.id, at, 200, sha256(response.body), digest, etag, modified, *place))
        self.memory.remember(url, *response.validators, 200, at)

    def _archived(self, response: "Response") -> tuple[str | None, int | None]:
        if not self.archive:
            return None, None
        return self.archive.write(response.url, response.status, response.headers, response.body, response.fetched_at)

    def _read(self, url: str, response: "Response", item: Listed) -> "PageReading | None":
        final = self.card.canonical(response.url) or url
        if not self.card.article(final):
            self.visit.event("failed", url, "moved_away", f"redirects to {final}, which is no article")
            return None
        evidence = [item.published] if item.published else []
        named = {
            "card": self.card,
            "charset": response.charset,
            "fetched_at": response.fetched_at,
            "evidence": evidence,
        }
        try:
            reading: PageReading = self.workers.call("crawler.page:read_page", response.body, final, **named)
        except PageError as error:
            self.visit.event("failed", url, "no_article", str(error))
            return None
        except Spoiled as error:
            self.visit.event("failed", url, error.reason, str(error))
            return None
        for match in reading.matches:
            if match.surprising:
                self.visit.event("layout", url, match.field, str(match))
        self.visit.event("parsed", url, reading.method)
        return reading

    def _first_address(self, article: Article) -> tuple[Article, str | None]:
        """The article under the address where its identity was first read, so that a changed slug is no new article; and
        the key to remember that address by, where this is the first."""
        key = self._identity(article.url)
        article = replace(article, corrects=tuple(self._first(url) or url for url in article.corrects))
        first = self._first(article.url)
        return (replace(article, url=first), None) if first else (article, key)

    def _identity(self, url: str) -> str | None:
        match = self.card.article(url)
        if not match or not (match.stamp or "id" in match.slots):
            return None
        return f"urn:solieu:article:{self.card.name}:{match.language or self.card.language}:{match.identity}"

    def _first(self, url: str) -> str | None:
        key = self._identity(url)
        return (self.memory.validators(key) or (None, None))[0] if key else None
