"""What can go wrong in this layer. Each text is one line for a person: what, where, what to do.

CrawlerError
├── CardError         a site card or template family cannot be used: file, key, reason
├── FetchError        a page was not got; `reason` is a word for the coverage ledger, `url` the address
│   ├── Refused       we may not ask: host not on the card's list, private address, scheme, robots
│   ├── RetryLater    the server asks us to stay away; `until` is a moment, or None where it named none
│   └── Damaged       what came is not the whole page, or more than a page: cut off, too large, undecodable
├── FeedError         what came is not a feed, or not a sitemap
├── PageError         a page holds no article
├── ArchiveError      the WARC archive cannot be read or written
│   └── ArchiveInUse  another crawl is writing there
├── Spoiled           a page's reading took too long or too much, or broke off (crawler/worker.py)
└── ImportProblem     a file to import is wrong: file, line, reason; nothing of it was taken

>>> str(CardError("sites/example.toml", "feeds", "given twice: /a.rss"))
'sites/example.toml: feeds: given twice: /a.rss'
"""

from datetime import datetime
from pathlib import Path


class CrawlerError(Exception):
    """Base of this layer's errors."""


class CardError(CrawlerError):
    """A site card or template family cannot be used; names the file and the key."""

    def __init__(self, file: str | Path, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file, self.key, self.reason = str(file), key, reason


class FetchError(CrawlerError):
    """A page was not got. `reason` is one word for the coverage ledger ("timeout", "status_500", "too_large")."""

    def __init__(self, url: str, reason: str, detail: str = "") -> None:
        super().__init__(f"{url}: {detail or reason}")
        self.url, self.reason = url, reason


class Refused(FetchError):  # noqa: N818 – a word for the ledger, as its kind
    """We may not ask this address: not on the card's list, not a public address, or forbidden by robots.txt."""


class RetryLater(FetchError):  # noqa: N818 – a word for the ledger, as its kind
    """The server asks us to stay away (429, 503 …), until `until` where it says so."""

    def __init__(self, url: str, reason: str, until: datetime | None = None) -> None:
        super().__init__(url, reason, f"asked to come back later ({reason})")
        self.until = until


class Damaged(FetchError):  # noqa: N818 – a word for the ledger, as its kind
    """The body is cut off, larger than we take, or cannot be decoded; nothing of it is stored."""


class FeedError(CrawlerError):
    """What came is not a feed, or not a sitemap."""


class PageError(CrawlerError):
    """A page holds no article that we can read."""


class ArchiveError(CrawlerError):
    """The WARC archive cannot be read or written."""


class ArchiveInUse(ArchiveError):  # noqa: N818 – what it is
    """Another crawl is writing to the archive."""


class ImportProblem(CrawlerError):  # noqa: N818 – the name that callers know
    """A file to import is wrong. `line` counts from 1, or is None where the whole file is meant."""

    def __init__(self, path: str | Path, line: int | None, reason: str) -> None:
        super().__init__(f"{path}: line {line}: {reason}" if line is not None else f"{path}: {reason}")
        self.path, self.line, self.reason = str(path), line, reason
