"""A sitemap or sitemap index in, what it lists out.

In: the bytes of a sitemap (gzip is undone here too, where the file is stored so). Out: a Sitemap: children of an index,
pages of a shard with the date of a news sitemap and lastmod. Read with the parser of the standard library, entities
refused: a sitemap that declares any is no sitemap. What was read before a broken place is kept.

>>> read_sitemap(b"<urlset><url><loc>https://a.vn/1.htm</loc></url></urlset>").pages[0].url
'https://a.vn/1.htm'
"""

import re
import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from xml.parsers import expat

from crawler.dates import Evidence, read_moment
from crawler.errors import FeedError
from crawler.feed import decode_xml
from crawler.listed import Listed

LARGEST = 16 << 20
"""Bytes of an unpacked sitemap. The protocol allows 50 MB; none of the press comes near, and memory is bounded."""
MOST = 50_000
"""Addresses of one sitemap (the protocol's own limit)."""

_PERIOD = re.compile(r"(?<!\d)(20\d\d|199\d)[-/]?(0?[1-9]|1[0-2])(?:[-/]([0-2]?\d|3[01])(?:-([0-2]?\d|3[01]))?)?(?!\d)")


@dataclass(slots=True)
class Sitemap:
    """`children` of an index, `pages` of a shard; `broken` where the file ended early or was no XML at some place."""

    children: list[Listed] = field(default_factory=list)
    pages: list[Listed] = field(default_factory=list)
    broken: bool = False


def read_sitemap(body: bytes, charset: str | None = None) -> Sitemap:
    """Read one file. Raises FeedError where it is no sitemap: another root, entities, a packed file that is cut off."""
    if body.startswith(b"\x1f\x8b"):
        unpack = zlib.decompressobj(31)
        try:
            body = unpack.decompress(body, LARGEST)
        except zlib.error as error:
            raise FeedError("is a damaged gzip file") from error
        if not unpack.eof:
            raise FeedError("is a gzip file that is cut off or too large")
    if b"<!ENTITY" in body[:100_000] or "<!ENTITY".encode("utf-16-le") in body[:100_000]:
        raise FeedError("declares entities, which a sitemap has no use for")
    reading = _Reading()
    text = decode_xml(body, charset).strip()
    try:
        reading.parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        reading.sitemap.broken = True
    if reading.root not in ("urlset", "sitemapindex"):
        raise FeedError("is not a sitemap")
    return reading.sitemap


class _Reading:
    """Expat's events, gathered to entries. Names are compared without their namespace prefix."""

    def __init__(self) -> None:
        self.sitemap = Sitemap()
        self.root = ""
        self.path: list[str] = []
        self.entry: dict[str, str] = {}
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.buffer_text = True

    def _start(self, name: str, _: dict[str, str]) -> None:
        name = name.rpartition(":")[2].lower()
        self.root = self.root or name
        if name in ("url", "sitemap") and len(self.path) == 1:
            self.entry = {}
        self.path.append(name)

    def _text(self, text: str) -> None:
        if len(self.path) > 2:
            key = "title" if self.path[-1] == "title" else self.path[-1] if self.path[-2] != "image" else ""
            if key in ("loc", "lastmod", "publication_date", "title"):
                self.entry[key] = (self.entry.get(key, "") + text)[:4000]

    def _end(self, name: str) -> None:
        self.path.pop()
        if len(self.path) == 1 and (url := self.entry.get("loc", "").strip()):
            moment = read_moment(self.entry.get("publication_date", ""))
            listed = Listed(
                url,
                Evidence("sitemap", moment) if moment else None,
                read_moment(self.entry.get("lastmod", "")),
                self.entry.get("title", "").strip() or None,
            )
            target = self.sitemap.children if self.root == "sitemapindex" else self.sitemap.pages
            if len(target) < MOST:
                target.append(listed)
            self.entry = {}


def shard_period(url: str) -> tuple[date, date] | None:
    """The first and last day that the name of a shard says it covers, None where it says nothing.

    A month ("news-2026-8.xml", "2026/08/article.xml"), a range of days ("sitemaps-2026-6-11-15.xml") or a day
    ("sitemap-article-2026-06-11.xml").
    """
    found = list(_PERIOD.finditer(url))
    if not found:
        return None
    year, month, first, last = found[-1].groups()
    try:
        start = date(int(year), int(month), int(first or 1))
        if last:
            return start, date(int(year), int(month), int(last))
        if first:
            return start, start
    except ValueError:
        return None
    following = date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return start, following - timedelta(days=1)


def choose_shards(children: list[Listed], since: date | None, skip: tuple[str, ...] = ()) -> list[Listed]:
    """The children worth reading, the newest first: those whose address has none of `skip`, whose period reaches to
    within three days of `since` (a shard can spill into the next one), and that were touched since then."""
    kept = []
    for child in children:
        period = shard_period(child.url)
        if any(part in child.url.rpartition("/")[2] or (part in child.url and "/" in part) for part in skip):
            continue
        if since and period and period[1] + timedelta(days=3) < since:
            continue
        if since and child.changed and child.changed.date() + timedelta(days=1) < since:
            continue
        day = period[1] if period else child.changed.date() if child.changed else date.max
        kept.append((day, child))
    kept.sort(key=lambda pair: pair[0], reverse=True)
    return [child for _, child in kept]
