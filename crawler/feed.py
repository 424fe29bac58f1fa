"""An RSS or Atom feed in, what it lists out; the one door to feedparser.

In: the bytes of a feed. Out: Listed records in the feed's order. The charset is found by byte-order mark, then by the
share of null bytes, then from the HTTP header, and only then from the XML declaration, because feeds declare UTF-16 and
are UTF-8, and the other way round.

>>> read_feed(b"<rss version='2.0'><channel><item><link>https://a.vn/1.htm</link></item></channel></rss>")[0].url
'https://a.vn/1.htm'
"""

import io
import re
from collections.abc import Sequence

from crawler.dates import Evidence, read_feed_moment
from crawler.errors import FeedError
from crawler.listed import Listed

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{1,40})["']""")
_DOCTYPE = re.compile(r"\A\s*<!DOCTYPE[^\[>]{0,1000}(\[.{0,100000}?\]\s*)?>", re.IGNORECASE | re.DOTALL)


_REFERENCE = re.compile(r"&#(?:([0-9]{1,20})|[xX]([0-9A-Fa-f]{1,20}));?")


def _sound_reference(found: re.Match[str]) -> str:
    """A character reference as it stands, or none where no character has that number (the parser would fail)."""
    number = int(found[1]) if found[1] else int(found[2], 16)
    return found[0] if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else ""


def decode_xml(body: bytes, charset: str | None = None) -> str:
    """The text of an XML document whose declaration may be wrong; without the declaration and any DOCTYPE."""
    head = body[:2000]
    declared = _DECLARED.search(head)
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = body.decode("utf-16", "replace")
    elif body.startswith(b"\xef\xbb\xbf"):
        text = body[3:].decode("utf-8", "replace")
    elif head[1::2].count(0) * 2 > len(head) // 2:
        text = body.decode("utf-16-le", "replace")
    elif head[::2].count(0) * 2 > len(head) // 2:
        text = body.decode("utf-16-be", "replace")
    else:
        text = ""
        for name in ("utf-8", charset, declared[1].decode("ascii") if declared else None, "windows-1258", "latin-1"):
            try:
                if name and not name.lower().startswith("utf-16"):
                    text = body.decode(name)
                    break
            except (LookupError, UnicodeError, ValueError):
                continue
    text = _DECLARATION.sub("", text.lstrip("\ufeff").replace("\x00", ""), count=1)
    return _DOCTYPE.sub("", text, count=1)


def read_feed(
    body: bytes, *, charset: str | None = None, base: str | None = None, date_patterns: Sequence[str] = ()
) -> list[Listed]:
    """What the feed lists. `date_patterns` are tried before the standard's own dates. Raises FeedError where `body` is
    no feed (an HTML page, a login form, nothing)."""
    import feedparser

    text = _REFERENCE.sub(_sound_reference, decode_xml(body, charset))
    headers = {"content-type": "application/xml; charset=utf-8", **({"content-location": base} if base else {})}
    try:
        parsed = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")), response_headers=headers)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, AssertionError) as error:
        raise FeedError(f"cannot be read as a feed: {type(error).__name__}") from error
    if not parsed.get("version") and not parsed.entries:
        raise FeedError("is not a feed")
    found = []
    for entry in parsed.entries[:5000]:
        url = entry.get("link") or (entry.get("id", "") if str(entry.get("id", "")).startswith("http") else "")
        if not url:
            continue
        printed = entry.get("published") or entry.get("dc_date") or ""
        moment = read_feed_moment(str(printed), date_patterns)
        evidence = Evidence("feed", moment) if moment else None
        found.append(Listed(str(url), evidence, title=str(entry.get("title", "")) or None))
    return found
