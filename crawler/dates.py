"""Moments as pages print them: text in, an aware datetime out, or None. A date is never guessed and never today's.

Patterns are slot templates: `{d}` `{m}` `{yyyy}` `{H}` `{M}` `{S}` `{ampm}` `{month}` (a name from the family's table).
Vietnamese dates are day first; a page that names no zone means +07:00.

>>> read_moment("Thứ Ba, 06/01/2026 09:30").isoformat()
'2026-01-06T09:30:00+07:00'
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import cache

VIETNAM = timezone(timedelta(hours=7))
"""Vietnam has had no other zone and no summer time since 1975."""

PATTERNS = (
    "{d}/{m}/{yyyy}, {H}:{M}",
    "{d}/{m}/{yyyy} - {H}:{M}",
    "{d}/{m}/{yyyy} | {H}:{M}",
    "{d}/{m}/{yyyy} {H}:{M}",
    "{d}-{m}-{yyyy}, {H}:{M}",
    "{d}-{m}-{yyyy} {H}:{M}",
    "{H}:{M}, {d}/{m}/{yyyy}",
    "{H}:{M} - {d}/{m}/{yyyy}",
    "{H}:{M} | {d}/{m}/{yyyy}",
    "{H}:{M}' - {d}/{m}/{yyyy}",
    "{H}:{M} {d}/{m}/{yyyy}",
    "{H}:{M} {d}-{m}-{yyyy}",
    "{d}/{m}/{yyyy}",
    "{d}-{m}-{yyyy}",
)
"""Numeric patterns of the Vietnamese press; longer ones first, so that a time beside a date is not lost."""

_SLOTS = {
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "yyyy": r"(?P<yyyy>\d{4})",
    "H": r"(?P<H>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"(?P<S>\d{2})",
    "ampm": r"(?P<ampm>[AaPp][Mm])",
}
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:[Tt ]\s*(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|z|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d))?)?"
)
_ZONE_AFTER = re.compile(r"\s*\(?(?:GMT|UTC)\s*([+-]\d{1,2})(?::?(\d{2}))?\)?", re.IGNORECASE)
_ZONE_AT_END = re.compile(r"\d\s+(?:[+-]\d{4}|[A-Z]{1,5})\s*(?:\([^)]*\))?\s*$")

TRUST = ("json_ld", "meta", "url", "visible", "feed", "sitemap")
"""Sources of a publication time, the most trusted first. A sitemap counts only by its news date, never by lastmod."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One moment and where it was read (a word of TRUST)."""

    source: str
    moment: datetime


@cache
def compile_pattern(pattern: str, months: tuple[str, ...] = ()) -> re.Pattern[str]:
    """A slot template as a compiled expression. Raises ValueError for an unknown slot or `{month}` without a table."""
    parts = []
    for text, slot in re.findall(r"([^{}]*)(?:\{([^{}]*)\}|$)", pattern):
        parts.append(r"\s*".join(re.escape(piece) for piece in text.split(" ")))
        if slot == "month":
            if len(months) != 12:
                raise ValueError(f"{pattern!r} needs twelve names in months")
            names = "|".join(sorted((re.escape(name) for name in months), key=len, reverse=True))
            parts.append(f"(?P<month>{names})")
        elif slot in _SLOTS:
            parts.append(_SLOTS[slot])
        elif slot:
            raise ValueError(f"{pattern!r} has the unknown slot {{{slot}}}")
    return re.compile(rf"(?<!\d){''.join(parts)}(?!\d)", re.IGNORECASE)


def read_iso(text: str) -> datetime | None:
    """ISO 8601 and RFC 3339, also with a space for T and an offset without a colon ("+0700")."""
    found = _ISO.match(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
        return moment.replace(tzinfo=_zone(zone))
    except ValueError:
        return None


def _zone(text: str | None) -> timezone:
    if not text:
        return VIETNAM
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset)


def read_moment(text: str, patterns: Sequence[str] = (), months: tuple[str, ...] = ()) -> datetime | None:
    """The first moment that `text` prints: ISO, then `patterns`, then the press's PATTERNS; else None."""
    text = " ".join(text.split())[:300]
    if moment := read_iso(text):
        return moment
    for pattern in (*patterns, *PATTERNS):
        found = compile_pattern(pattern, months).search(text)
        if not found:
            continue
        slots = found.groupdict()
        names = [name.casefold() for name in months]
        month = names.index(slots["month"].casefold()) + 1 if "month" in slots else int(slots["m"])
        hour = int(slots.get("H") or 0)
        if half := (slots.get("ampm") or "").lower():
            hour = hour % 12 + (12 if half == "pm" else 0)
        zone = VIETNAM
        if after := _ZONE_AFTER.match(text, found.end()):
            hours = int(after[1])
            zone = timezone(timedelta(hours=hours, minutes=int(after[2] or 0) * (-1 if hours < 0 else 1)))
        try:
            return datetime(
                int(slots["yyyy"]), month, int(slots["d"]), hour, int(slots.get("M") or 0), int(slots.get("S") or 0),
                tzinfo=zone,
            )  # fmt: skip
        except ValueError:
            continue
    return None


def read_feed_moment(text: str, patterns: Sequence[str] = ()) -> datetime | None:
    """A feed's date: RFC 2822 ("Tue, 06 Jan 2026 09:30:00 +0700") or whatever read_moment takes."""
    if patterns and (moment := read_moment(text, patterns)):
        return moment
    try:
        parts = parsedate_tz(text)
        if parts and parts[0] >= 1995 and re.search("[A-Za-z]{3}", text):
            zone = timezone(timedelta(seconds=parts[9] or 0)) if _ZONE_AT_END.search(text) else VIETNAM
            return datetime(*parts[:6], tzinfo=zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    return read_moment(text)


def settle(evidence: Iterable[Evidence], fetched_at: datetime) -> Evidence | None:
    """The publication time that the evidence agrees on.

    The most trusted source that a second one confirms (within a day) wins; where none agree, the most trusted. Moments
    more than a day after the fetch, or before 1990, are no evidence: a template's placeholder, or a server's "today".
    """
    latest = fetched_at + timedelta(days=1)
    sound = [e for e in evidence if e.moment.year >= 1990 and e.moment <= latest]
    sound.sort(key=lambda e: TRUST.index(e.source) if e.source in TRUST else len(TRUST))
    for one in sound:
        if any(o.source != one.source and abs(o.moment - one.moment) <= timedelta(days=1) for o in sound):
            return one
    return sound[0] if sound else None
