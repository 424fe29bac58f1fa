"""What a crawl remembers between runs: plain lookups, which index.store implements and tests keep in a dict.

In: addresses. Out: what was remembered of them. Order is the promise: `remember` is called for a page only after the
caller has taken its Capture and come back for the next, so that a crawl killed in between asks for the page again and
nothing is lost; asking again stores nothing twice, because the same text is the same Snapshot.

A crawl also keeps notes of its own here, under names that no address has:

| name | ETag |
|---|---|
| `<address>#since=<date>` | of a list of which only what is not older was seen through |
| `urn:solieu:article:<site>:<language>:<identity>` | the address at which that article was first read: a slug may change |
| `urn:solieu:quiet:<host>` | the moment until which the host asked to be left alone |
"""

from datetime import datetime
from typing import Protocol

Validators = tuple[str | None, str | None]
"""ETag and Last-Modified as the server wrote them."""


class Memory(Protocol):
    """Implemented outside this layer; every address is spelled as SiteCard.canonical or clean_url spells it."""

    def validators(self, url: str) -> Validators | None:
        """What to send as If-None-Match and If-Modified-Since for a page, feed or sitemap; None where never asked."""

    def remember(
        self, url: str, etag: str | None, last_modified: str | None, status: int, fetched_at: datetime
    ) -> None:
        """Keep the validators of a page, feed or sitemap that was taken wholly."""

    def known(self, url: str) -> bool:
        """Whether an article of that canonical address is stored."""


class RememberedPages:
    """A Memory that lasts as long as the process: for tests, and for crawls whose captures nobody stores."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[Validators, int, datetime]] = {}

    def validators(self, url: str) -> Validators | None:
        """See Memory."""
        return self.pages[url][0] if url in self.pages else None

    def remember(
        self, url: str, etag: str | None, last_modified: str | None, status: int, fetched_at: datetime
    ) -> None:
        """See Memory."""
        self.pages[url] = ((etag, last_modified), status, fetched_at)

    def known(self, url: str) -> bool:
        """See Memory."""
        return url in self.pages
