"""The records that this layer emits: Article, Snapshot and the pair of both, Capture.

In: nothing. Out: `Article(url="https://…", site="baotintuc.vn", language="vi", title="…", text="…")`.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Article:
    """One document of one outlet (schema.org NewsArticle).

    `text` is NFC: the lead, where there is one, is its first paragraph, then the body; paragraphs are separated by one
    newline. The title is not part of it. Captions are kept apart, so that their numbers are not the article's.
    `published_at` and `modified_at` are aware (UTC+7 where the page names no zone) or None: a date is never guessed.
    """

    url: str
    site: str
    language: str
    title: str
    text: str
    lead: str | None = None
    byline: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_source: str | None = None
    """Where `published_at` was read: json_ld, meta, url, visible, feed, sitemap (its news date), import."""
    modified_at: datetime | None = None
    translation_of: str | None = None
    """Canonical url of the article that this one translates, where the page says so."""
    original_url: str | None = None
    """The outlet's page that an aggregator's copy names as its source."""
    corrects: tuple[str, ...] = ()
    """Canonical urls of articles that this one, a correction, links to."""

    @property
    def id(self) -> str:
        """16 hexadecimal digits that depend on the canonical url alone."""
        return article_id(self.url)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One captured version of an article (WARC). A changed text is a new snapshot, never an overwrite."""

    article_id: str
    fetched_at: datetime
    status: int
    body_sha256: str
    text_sha256: str
    etag: str | None = None
    last_modified: str | None = None
    warc_file: str | None = None
    warc_offset: int | None = None

    @property
    def id(self) -> str:
        """16 hexadecimal digits of article and text: the same text captured again is the same snapshot."""
        return hashlib.sha256(f"{self.article_id}\n{self.text_sha256}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Capture:
    """What a crawl or an import hands on for each page: the article as read and the snapshot it was read from."""

    article: Article
    snapshot: Snapshot


def article_id(url: str) -> str:
    """The id of the article at a canonical address."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()
