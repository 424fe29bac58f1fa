"""A card in, Captures out: discovery, politeness, archive and reading, joined.

In: a SiteCard, the Memory of earlier crawls, an Archive. Out: Captures, one at a time, and Events for the coverage
ledger. A generator: the caller stores a Capture and comes back for the next one, and only then is its page remembered,
so a crawl may be killed anywhere. A feed or sitemap is remembered only when all it lists was seen through.

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
from crawler.dates import VIETNAM
from crawler.errors import FeedError, FetchError, PageError, Refused
from crawler.listed import Listed
from crawler.memory import Memory, RememberedPages, Validators
from crawler.visit import USER_AGENT, Report, SiteLeft, Visit, user_agent

if TYPE_CHECKING:
    from crawler.fetch import Fetcher, Response
    from crawler.page import PageReading

__all__ = ["USER_AGENT", "crawl", "fetch_article", "user_agent"]

MOST_SHARDS = 50
"""Shards of a sitemap index that a crawl without `since` reads, the newest first."""


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
    visit = Visit(card, memory, now, report or (lambda event: None), own)
    try:
        yield from _Crawl(card, visit, memory, archive, since, limit).run()
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
    visit = Visit(card, RememberedPages(), lambda: now, lambda event: None, fetcher)
    try:
        response = fetcher.get(cleaned, permit=visit.permit)
    finally:
        fetcher.close()
    if response.status != 200:
        raise FetchError(url, f"status_{response.status}")
    final = card.canonical(response.url) or cleaned
    return read_page(response.body, final, card=card, charset=response.charset, fetched_at=now, lenient=True).article


def _list_key(url: str, since: date | None) -> str:
    return f"{url}#since={since}" if since else url


@dataclass(slots=True)
class _Crawl:
    card: SiteCard
    visit: Visit
    memory: Memory
    archive: Recorder | None
    since: date | None
    limit: int | None
    seen: set[str] = field(default_factory=set)
    asked: int = 0
    narrowed: bool = False
    """Whether something of the present list was left out for being older than `since`."""

    def run(self) -> Iterator[Capture]:
        if not self.visit.welcome():
            return
        try:
            yield from self._lists()
        except SiteLeft:
            return

    def _lists(self) -> Iterator[Capture]:
        for url in self.card.feeds:
            yield from self._list(url, self._read_feed)
        sitemaps = self.card.sitemaps
        if not sitemaps and not self.card.feeds and not self.card.sections:
            named = (self.card.canonical(text) for text in self.visit.robots_of(self.card.base_url).sitemaps())
            sitemaps = tuple(url for url in named if url)
        for url in sitemaps:
            yield from self._sitemap(url)
        for url in self.card.sections:
            yield from self._list(url, self._read_section)

    # lists

    def _list(self, url: str, read: "Callable[[Response], Iterable[Listed]]") -> Iterator[Capture]:
        """Everything that one feed or section page lists, new pages before known ones."""
        response = self.visit.fetch(url, self._list_validators(url))
        if response is None or response.status != 200:
            return
        try:
            listed = list(read(response))
        except (FeedError, PageError) as error:
            self.visit.event("failed", url, "not_a_list", str(error))
            return
        except Exception as error:  # as with pages: whatever a list is made of, it must not end the crawl
            self.visit.event("failed", url, "unreadable", f"{type(error).__name__}: {error}"[:300])
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
            response = self.visit.fetch(url, self._list_validators(url), shard=True)
            if response is None or response.status != 200:
                continue
            from crawler.sitemap import choose_shards, read_sitemap

            try:
                sitemap = read_sitemap(response.body, response.charset)
            except FeedError as error:
                self.visit.event("failed", url, "not_a_list", str(error))
                continue
            if sitemap.broken:
                self.visit.event(
                    "failed", url, "broken_list", "is broken XML; what came before the broken place was read"
                )
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
            self.visit.event("blocked", url, "host", "a sitemap of another host")
        return self.card.allows(url)

    def _close(self, url: str, response: "Response") -> None:
        """Remember a list, so that it is asked for again only conditionally, unless something of it is still to do. One
        that was read only in part, for `since`, is remembered for this `since`."""
        if not self.visit.open_ends:
            key = _list_key(url, self.since if self.narrowed else None)
            self.memory.remember(key, *response.validators, response.status, response.fetched_at)

    def _list_validators(self, url: str) -> Validators | None:
        return self.memory.validators(url) or (
            self.memory.validators(_list_key(url, self.since)) if self.since else None
        )

    # pages

    def _all(self, listed: Iterable[Listed]) -> Iterator[Capture]:
        self.visit.open_ends = self.narrowed = False
        fresh: list[tuple[str, Listed]] = []
        known: list[tuple[str, Listed]] = []
        for item in listed:
            url = self.card.canonical(item.url)
            match = self.card.article(url) if url else None
            if url is None:
                if target := clean_url(item.url, self.card.base_url):
                    self.visit.event("blocked", target, "host", "is on a host that the card does not allow")
                continue
            if match is None:
                self.visit.event("skipped", url, "not_article")
                continue
            key = match.identity if match.stamp or "id" in match.slots else url
            if (key := f"{match.language}:{key}") in self.seen:
                continue
            self.seen.add(key)
            self.visit.event("listed", url)
            if self._older(item.published.moment if item.published else match.stamp):
                self.visit.event("skipped", url, "older")
                self.narrowed = True
                continue
            (known if self.memory.validators(url) else fresh).append((url, item))
        for url, item in [*fresh, *known]:
            if self.limit is not None and self.asked >= self.limit:
                self.visit.open_ends = True
                self.visit.event("skipped", url, "limit")
                continue
            yield from self._page(url, item)

    def _older(self, moment: datetime | None) -> bool:
        return bool(self.since and moment and moment.astimezone(VIETNAM).date() < self.since)

    def _page(self, url: str, item: Listed) -> Iterator[Capture]:
        self.asked += 1
        kept = self.memory.validators(url)
        response = self.visit.fetch(url, kept)
        if response is None:
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
            self.memory.remember(url, None, None, response.status, at)
            return
        self.visit.event("fetched", url)
        reading = self._read(url, response, item)
        if reading is None:
            return  # not remembered: a later version of this program may be able to read it
        if self._older(reading.article.published_at):
            self.visit.event("skipped", url, "older")
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
            self.visit.event("failed", url, "moved_away", f"redirects to {final}, which is no article")
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
            self.visit.event("failed", url, "no_article", str(error))
            return None
        except Exception as error:  # whatever a page is made of, it must not end the crawl
            self.visit.event("failed", url, "unreadable", f"{type(error).__name__}: {error}"[:300])
            return None
        for match in reading.matches:
            if match.surprising:
                self.visit.event("layout", url, match.field, str(match))
        self.visit.event("parsed", url, reading.method)
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
