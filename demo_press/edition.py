"""One edition of the press, as documents: addresses of the papers in, whole responses out, without any network.

Edition 1 is the press of early 2026; edition 2 is the same press later: a figure changed without a word, new articles.

>>> edition = Edition(1, {"lua-moi": "http://127.0.0.1:8100"})
>>> edition.document("lua-moi", "/robots.txt").body.decode().splitlines()[0]
'User-agent: *'
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from demo_press.layout import Layout
from demo_press.manuscript import Manuscript, Printing, manuscripts
from demo_press.outlet import Outlet, outlets

LATEST = 50
"""Items of a feed, as the real ones have."""

LAUNCH = datetime(2023, 1, 1, tzinfo=UTC)
"""When pages that never change were last changed."""


@dataclass(frozen=True, slots=True)
class Page:
    """One text at one address."""

    outlet: Outlet
    text: Manuscript
    printing: Printing
    path: str
    url: str

    @property
    def changed(self) -> datetime:
        """When the page was last changed; the page itself does not say so (that is what makes an edit silent)."""
        return self.text.modified or self.printing.published


@dataclass(frozen=True, slots=True)
class Document:
    """What a server sends: `encoding` is gzip where `body` is compressed."""

    body: bytes
    content_type: str
    changed: datetime
    encoding: str | None = None
    status: int = 200

    @property
    def etag(self) -> str:
        """A strong entity tag of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'

    @property
    def last_modified(self) -> str:
        """`changed` as HTTP writes it."""
        return format_datetime(self.changed.astimezone(UTC), usegmt=True)


class Edition:
    """Every page of one edition. `bases` are the addresses of the papers: name → `http://host:port`."""

    def __init__(self, number: int, bases: Mapping[str, str]) -> None:
        self.number = number
        self.bases = dict(bases)
        self.layout = Layout()
        self.pages: dict[str, dict[str, Page]] = {name: {} for name in bases}
        printed = [
            (text, printing)
            for manuscript in manuscripts().values()
            if (text := manuscript.in_edition(number))
            for printing in text.printings
            if printing.site in self.pages
        ]
        for text, printing in sorted(printed, key=lambda one: one[1].published, reverse=True):
            outlet = outlets()[printing.site]
            path = outlet.path(text, printing)
            if path in self.pages[outlet.name]:
                raise ValueError(f"{text.key}: {path} is also the address of another text of {outlet.name}")
            self.pages[outlet.name][path] = Page(outlet, text, printing, path, self.bases[outlet.name] + path)

    def where(self, key: str, site: str | None = None) -> Page | None:
        """The page of a manuscript (`vi/gdp-quy-1-2025`), at `site` or where it was printed first."""
        found = [page for pages in self.pages.values() for page in pages.values() if page.text.key == key]
        found = [page for page in found if site in (None, page.outlet.name)]
        return min(found, key=lambda page: page.printing.published, default=None)

    def document(self, site: str, path: str) -> Document | None:
        """What the paper `site` answers at `path` (without a query); None where it has nothing there."""
        outlet, pages = outlets()[site], self.pages[site]
        if page := pages.get(path):
            return self._page(page)
        latest = list(pages.values())
        if path == "/":
            return self._listing(outlet, None, latest)
        if path == "/robots.txt":
            lines = ["User-agent: *", "Disallow: /tim-kiem", "Disallow: /binh-luan/", ""]
            lines.append(f"Sitemap: {self.bases[site]}/sitemap.xml")
            return Document("\n".join(lines).encode() + b"\n", "text/plain; charset=utf-8", LAUNCH)
        if path in outlet.feeds:
            return self._feed(outlet, [page for page in latest if self._in_feed(page, path)][:LATEST])
        if path == "/sitemap.xml" or path.startswith(("/sitemap/", "/sitemaps/")):
            return self._sitemap(outlet, path, latest)
        for section in {page.text.section for page in latest}:
            if path == outlet.section_path(section):
                return self._listing(outlet, section, [page for page in latest if page.text.section == section])
        return None

    @staticmethod
    def _in_feed(page: Page, feed: str) -> bool:
        """Whether a feed named after a section has the page; the other feeds have every page."""
        named = {section.strip("/") for section in page.outlet.sections}
        name = feed.rpartition("/")[2].partition(".")[0]
        return name not in named or page.outlet.section_path(page.text.section).strip("/") == name

    def _page(self, page: Page) -> Document:
        pages = self.pages[page.outlet.name].values()
        keys = {f"{page.text.language}/{stem}" for stem in page.text.related}
        original = self.where(f"vi/{page.text.translates or page.text.stem}", page.printing.original)
        stem = page.text.translates or page.text.stem
        versions = [other for other in pages if stem in (other.text.stem, other.text.translates)]
        body = self.layout.page(
            page,
            home=self.bases[page.outlet.name],
            related=[other for other in pages if other.text.key in keys],
            original=original if page.printing.original else None,
            versions=versions if len(versions) > 1 else [],
            others=[other for other in pages if other is not page and other.text.language == page.text.language][:4],
        )
        return _html(body, page.changed)

    def _listing(self, outlet: Outlet, section: str | None, pages: list[Page]) -> Document:
        body = self.layout.listing(outlet, section, pages, self.bases[outlet.name])
        return _html(body, max((page.changed for page in pages), default=LAUNCH))

    def _feed(self, outlet: Outlet, pages: list[Page]) -> Document:
        body = self.layout.feed(outlet, pages, self.bases[outlet.name])
        changed = max((page.printing.published for page in pages), default=LAUNCH)
        return Document(body.encode(), "application/rss+xml; charset=utf-8", changed)

    def _sitemap(self, outlet: Outlet, path: str, pages: list[Page]) -> Document | None:
        """The index or one of its shards; `none` as way of cutting means that the index is the only shard."""
        shards: dict[str, list[Page]] = {}
        for page in pages:
            shards.setdefault(shard_path(outlet.shard, page.printing.published), []).append(page)
        home = self.bases[outlet.name]
        changed = max((page.changed for page in pages), default=LAUNCH)
        if path == "/sitemaps/google-news.xml" and outlet.shard == "month":
            return _xml(self.layout.sitemap(outlet, pages[:5], home, news=True), changed)
        if path == "/sitemap.xml" and outlet.shard != "none":
            asides = {"month": ["/sitemaps/categories.xml", "/sitemaps/topics.xml", "/sitemaps/google-news.xml"]}
            asides["day"] = ["/sitemap/sitemap-page.xml", "/sitemap/sitemap-author.xml", "/sitemap/sitemap-tag.xml"]
            entries = [(shard, max(page.changed for page in shards[shard])) for shard in shards]
            entries += [(aside, changed) for aside in asides.get(outlet.shard, [])]
            return _xml(self.layout.sitemap_index(entries, home), changed)
        if path in shards:
            document = _xml(self.layout.sitemap(outlet, shards[path], home), max(p.changed for p in shards[path]))
            if outlet.shard == "month":
                return Document(gzip.compress(document.body, mtime=0), document.content_type, document.changed, "gzip")
            return document
        return None


def shard_path(shard: str, published: datetime) -> str:
    """The sitemap that lists an article of that time: the month without a zero, days of five, or one day."""
    if shard == "month":
        return f"/sitemaps/news-{published.year}-{published.month}.xml"
    if shard == "day":
        return f"/sitemap/sitemap-post/{published.astimezone(UTC):%Y-%m-%d}.xml"
    if shard == "five_days":
        first = min((published.day - 1) // 5 * 5 + 1, 26)
        end = (published.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        last = end.day if first == 26 else first + 4
        return f"/sitemaps/sitemaps-{published.year}-{published.month}-{first}-{last}.xml"
    return "/sitemap.xml"


def _html(body: str, changed: datetime) -> Document:
    return Document(body.encode(), "text/html; charset=utf-8", changed)


def _xml(body: str, changed: datetime) -> Document:
    return Document(body.encode(), "application/xml; charset=utf-8", changed)
