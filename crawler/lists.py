"""Discovery: the feeds, sitemaps and sections of a card in, what each of them lists out.

In: a Visit, the Memory, Workers. Out: ListRead, one a list that was read; a list that has not changed (304), or is none
(a login page), gives nothing and is counted. Lists are read in a worker that can be killed, as pages are.

>>> for read in Lists(visit, memory, workers, since=None).read(): print(read.url, len(read.listed))    # doctest: +SKIP
https://baotintuc.vn/tin-moi-nhat.rss 50
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from crawler.address import clean_url
from crawler.errors import FeedError, PageError
from crawler.listed import Listed
from crawler.memory import Memory, Validators
from crawler.visit import Visit
from crawler.worker import Spoiled, Workers

if TYPE_CHECKING:
    from crawler.fetch import Response

MOST_SHARDS = 50
"""Shards of a sitemap index that a crawl without `since` reads, the newest first."""
MOST_INDEXED = 500
"""Sitemaps that a crawl reads below one that the card names."""


@dataclass(frozen=True, slots=True)
class ListRead:
    """One list. `whole` says that it need not be asked for again before it changes."""

    url: str
    response: "Response"
    listed: Sequence[Listed]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of one card, asked for one after the other."""

    visit: Visit
    memory: Memory
    workers: Workers
    since: date | None = None

    def read(self) -> Iterator[ListRead]:
        """All of them: feeds, sitemaps (those of robots.txt where the card names no list at all), sections."""
        card = self.visit.card
        for url in card.feeds:
            yield from self._feed(url)
        sitemaps = card.sitemaps
        if not sitemaps and not card.feeds and not card.sections:
            named = (card.canonical(text) for text in self.visit.robots_of(card.base_url).sitemaps())
            sitemaps = tuple(url for url in named if url)
        for url in sitemaps:
            yield from self._sitemap(url)
        for url in card.sections:
            yield from self._section(url)

    def _asked(self, url: str, shard: bool = False) -> "Response | None":
        response = self.visit.fetch(url, self._validators(url), shard=shard)
        return response if response and response.status == 200 else None

    def _validators(self, url: str) -> Validators | None:
        kept = self.memory.validators(url)
        return kept or (self.memory.validators(list_key(url, self.since)) if self.since else None)

    def _work(self, url: str, function: str, *arguments: Any, **named: Any) -> Any:
        """What the worker read, or None where it was no list, which is reported."""
        try:
            return self.workers.call(function, *arguments, **named)
        except (FeedError, PageError) as error:
            self.visit.event("failed", url, "not_a_list", str(error))
        except Spoiled as error:
            self.visit.event("failed", url, error.reason, str(error))
        return None

    def _feed(self, url: str) -> Iterator[ListRead]:
        if response := self._asked(url):
            named = {"charset": response.charset, "base": response.url, "date_patterns": self.visit.card.feed_dates}
            if (listed := self._work(url, "crawler.feed:read_feed", response.body, **named)) is not None:
                yield ListRead(url, response, listed)

    def _section(self, url: str) -> Iterator[ListRead]:
        if response := self._asked(url):
            given = (response.body, response.url, self.visit.card, response.charset)
            if (links := self._work(url, "crawler.page:find_links", *given)) is not None:
                yield ListRead(url, response, [Listed(link) for link in links])

    def _sitemap(self, first: str) -> Iterator[ListRead]:
        """A sitemap, or an index and its shards; an index may name another one, no more."""
        from crawler.sitemap import choose_shards

        queue, read = [(first, 0)], set[str]()
        while queue and len(read) < MOST_INDEXED:
            url, depth = queue.pop(0)
            if url in read:
                continue
            read.add(url)
            response = self._asked(url, shard=True)
            sitemap = response and self._work(url, "crawler.sitemap:read_sitemap", response.body, response.charset)
            if not response or not sitemap:
                continue
            if sitemap.broken:
                self.visit.event(
                    "failed", url, "broken_list", "is broken XML; what came before the broken place was read"
                )
            if depth < 2:
                shards = choose_shards(sitemap.children, self.since, self.visit.card.sitemap_skip)
                shards = shards if self.since else shards[:MOST_SHARDS]
                targets = (clean_url(child.url, url) for child in shards)
                queue += [(target, depth + 1) for target in targets if target and self._may_ask(target)]
            whole = bool(sitemap.pages) and not sitemap.broken and not sitemap.children
            yield ListRead(url, response, sitemap.pages, whole)

    def _may_ask(self, url: str) -> bool:
        if not self.visit.card.allows(url):
            self.visit.event("blocked", url, "host", "a sitemap of another host")
        return self.visit.card.allows(url)


def list_key(url: str, since: date | None) -> str:
    """The name under which a list is remembered of which only what is not older than `since` was taken."""
    return f"{url}#since={since}" if since else url
