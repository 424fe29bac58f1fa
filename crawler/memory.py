"""What a crawl remembers between runs: plain calls, which index.store implements and tests keep in a dict.

In: addresses. Out: what was remembered of them. Two promises hold whatever kills a crawl. Everything that a list names is
kept in the frontier (`expect`) before the list is remembered, and leaves it only when it was seen through. And `remember`
is called for a page only after the caller has taken its Capture and come back for the next; asking once more stores
nothing twice, because the same text is the same Snapshot.

A crawl also keeps notes of its own here, under names that no address has:

| name | ETag |
|---|---|
| `<address>#since=<date>` | of a list of which only what is not older was seen through |
| `urn:solieu:article:<site>:<language>:<identity>` | the address at which that article was first read: a slug may change |
| `urn:solieu:quiet:<host>` | the moment until which the host asked to be left alone |
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from crawler.listed import Listed

Validators = tuple[str | None, str | None]
"""ETag and Last-Modified as the server wrote them."""


class Memory(Protocol):
    """Implemented outside this layer; every address is spelled as SiteCard.canonical or clean_url spells it."""

    def validators(self, url: str, /) -> Validators | None:
        """What to send as If-None-Match and If-Modified-Since for a page, feed or sitemap; None where never asked."""

    def remember(
        self, url: str, etag: str | None, last_modified: str | None, status: int, fetched_at: datetime, /
    ) -> None:
        """Keep the validators of a page, feed or sitemap that was taken wholly; it leaves the frontier."""

    def expect(self, site: str, listed: Iterable[Listed], at: datetime, /) -> None:
        """Put what a list names into the frontier; of what is there already a publication time told now is kept."""

    def due(self, site: str, /) -> list[Listed]:
        """The frontier of a site."""

    def defer(self, url: str, /) -> None:
        """An address was asked for in vain: it stays in the frontier, unless that has happened too often."""

    def dismiss(self, url: str, /) -> None:
        """An address is not to be asked for: it leaves the frontier."""

    def notice(self, kind: str, url: str, by: str, at: datetime, /) -> None:
        """The article at `url` is `gone`: the page answers 404 or 410."""


class RememberedPages:
    """A Memory that lasts as long as the process: for tests, and for crawls whose captures nobody stores."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[Validators, int, datetime]] = {}
        self.frontier: dict[str, tuple[str, Listed]] = {}
        self.notices: list[tuple[str, str]] = []

    def validators(self, url: str) -> Validators | None:
        """See Memory."""
        return self.pages[url][0] if url in self.pages else None

    def remember(
        self, url: str, etag: str | None, last_modified: str | None, status: int, fetched_at: datetime
    ) -> None:
        """See Memory."""
        self.pages[url] = ((etag, last_modified), status, fetched_at)
        self.frontier.pop(url, None)

    def expect(self, site: str, listed: Iterable[Listed], at: datetime) -> None:
        """See Memory."""
        for item in listed:
            if item.published or item.url not in self.frontier:
                self.frontier[item.url] = (site, item)

    def due(self, site: str) -> list[Listed]:
        """See Memory."""
        return [item for of, item in self.frontier.values() if of == site]

    def defer(self, url: str) -> None:
        """See Memory."""

    def dismiss(self, url: str) -> None:
        """See Memory."""
        self.frontier.pop(url, None)

    def notice(self, kind: str, url: str, by: str, at: datetime) -> None:
        """See Memory."""
        self.notices.append((kind, url))
