"""Addresses of articles: slot templates as cards write them, and the one spelling of an address that we keep.

In: `"/{section}/{slug}-{stamp14}{ms}.htm"` and an address. Out: an AddressMatch: slots, identity, stamp, language.

| slot | takes |
|---|---|
| `{slug}` | one path segment, or a part of one |
| `{section}` | one or more path segments |
| `{id}` | digits: the identity of the article |
| `{stamp14}`, `{stamp12}` | YYYYMMDDHHMMSS, YYMMDDHHMMSS: local time of publication; must be a real date |
| `{ms}` | up to four digits after a stamp |
| `{lang}` | the code of one of the card's other languages |
| `{any}` | anything |

>>> Address.of("/{slug}-post{id}.vnp").match("/gdp-tang-post123.vnp").identity
'123'
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from crawler.dates import VIETNAM

_SLOTS = {
    "slug": r"[^/?]+?",
    "section": r"[^/?]+(?:/[^/?]+)*?",
    "id": r"[0-9]+",
    "stamp14": r"[0-9]{14}",
    "stamp12": r"[0-9]{12}",
    "ms": r"[0-9]{0,4}",
    "any": r".*",
}
_TRACKING = frozenset(
    {"gidzl", "fbclid", "gclid", "zarsrc", "yclid", "igshid", "phpsessid", "jsessionid", "sessionid", "sid"}
)
_KEPT = "/%:@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """`identity` is what stays when an editor changes the slug: the id, else the stamp, else the slug itself."""

    slots: Mapping[str, str]
    identity: str
    stamp: datetime | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Address:
    """One compiled slot template."""

    template: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, template: str, languages: Sequence[str] = ()) -> "Address":
        """Compile `template`. Raises ValueError for an unknown or repeated slot or a template that is no path."""
        if not template.startswith("/"):
            raise ValueError(f"{template!r} does not begin with /")
        parts, seen = [], set()
        for text, slot in re.findall(r"([^{}]*)(?:\{([^{}]*)\}|$)", template):
            parts.append(re.escape(text))
            if not slot:
                continue
            if slot in seen:
                raise ValueError(f"{template!r} has the slot {{{slot}}} twice")
            seen.add(slot)
            if slot == "lang":
                parts.append(f"(?P<lang>{'|'.join(map(re.escape, languages[1:])) or '(?!)'})")
            elif slot in _SLOTS:
                parts.append(f"(?P<{slot}>{_SLOTS[slot]})")
            else:
                raise ValueError(f"{template!r} has the unknown slot {{{slot}}}")
        return cls(template, re.compile("".join(parts)))

    def match(self, path: str) -> AddressMatch | None:
        """Read `path` (with `?query` where the template has one); None where it does not fit."""
        if len(path) > 2000:
            return None
        found = self.pattern.fullmatch(path)
        if not found:
            return None
        slots = {name: value for name, value in found.groupdict().items() if value is not None}
        printed = slots.get("stamp14") or ("20" + slots["stamp12"] if "stamp12" in slots else None)
        stamp = None
        if printed:
            try:
                stamp = datetime.strptime(printed, "%Y%m%d%H%M%S").replace(tzinfo=VIETNAM)
            except ValueError:
                return None
            if stamp.year < 1995:
                return None
        tail = "".join(slots.get(name, "") for name in ("stamp14", "stamp12", "ms")) if printed else ""
        identity = slots.get("id") or tail or slots.get("slug") or path
        return AddressMatch(slots, identity, stamp, slots.get("lang"))

    def fill(self, slots: Mapping[str, str]) -> str | None:
        """The path that `slots` give; None where one is missing."""
        try:
            return self.template.format_map(slots)
        except (KeyError, ValueError, IndexError):
            return None


def path_of(url: str, *, query: bool = False) -> str:
    """The path of `url`, with `?query` when asked."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if query and parts.query else "")


def netloc_of(url: str) -> str:
    """Host in lower case, with the port where it is not the scheme's own; empty where `url` has no usable host."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if ":" in host:
        host = f"[{host}]"
    return host if port in (None, {"http": 80, "https": 443}.get(parts.scheme)) else f"{host}:{port}"


def clean_url(url: str, base: str | None = None) -> str | None:
    """The spelling of `url` that we keep: absolute, http(s), host in lower case, no fragment, no tracking parameters,
    letters outside ASCII percent-encoded. None where it is no web address of that kind (or carries a password)."""
    text = "".join(c for c in url.strip() if c >= " " and c != "\x7f")
    if not text:
        return None
    try:
        absolute = urljoin(base, text) if base else text
        parts = urlsplit(absolute)
        host = netloc_of(absolute)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or "\\" in parts.netloc:
        return None
    query = parts.query
    if query:
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [(k, v) for k, v in pairs if not k.lower().startswith("utm_") and k.lower() not in _TRACKING]
        query = query if len(kept) == len(pairs) else urlencode(kept)
    path = quote(parts.path or "/", safe=_KEPT)
    return urlunsplit((parts.scheme, host, path, quote(query, safe=_KEPT + "?"), ""))
