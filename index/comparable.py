"""Which series a statement belongs to, or why it belongs to none: a row of `statements` in, a Point or a reason out.

>>> place_in_series(row, catalogue, until="2026-02-01")
Point(series=('gdp_growth', 'vn', 'percent', 'growth', 'yoy', 'quarter', None), period='2025-Q3', value=Decimal('8.23'), …)

No guess enters a series: what lacks a certain indicator, place or period, has a doubtful number, or a unit of another kind
than its indicator's, is held back with the reason, and stays visible as a statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from extract.lexicon import catalogue
from index.catalogue import Catalogue
from index.timespan import span

CERTAIN = 0.5
"""Least confidence that a statement needs to enter a series."""

LARGEST = 30
"""Power of ten that no published figure reaches, in any unit."""

SeriesKey = tuple[str, str, str, str, str | None, str, str | None]
"""Indicator, place version, canonical unit, measure, base, span, breakdown."""

_RELATIVE = {"growth", "change", "share", "ratio"}
_RELATIVE_UNITS = {"percent", "percentage_point", "per_mille", "times"}
_DOUBTS = {"malformed", "ambiguous", "vague", "scale_suspect"}


@dataclass(frozen=True, slots=True)
class Point:
    """A statement as a value of a series. `half` is half a unit of its last printed digit, in the canonical unit."""

    series: SeriesKey
    period: str
    first: str
    last: str
    value: Decimal
    value_high: Decimal | None
    half: Decimal


def place_in_series(row: Mapping[str, Any], words: Catalogue, until: str) -> Point | str:
    """The place of a statement in the ledger, or the reason why it has none. `until` is the day after which no article is
    believed to have been published."""
    if row["kind"] == "commitment":
        return "other_kind"
    if row["value"] is None:
        return "no_value"
    if row["indicator_id"] not in words.indicators:
        return "no_indicator"
    if row["place_id"] not in words.places:
        return "no_place"
    found = span(row["period"])
    if found is None:
        return "no_period"
    if row["confidence"] < CERTAIN or row["reason"] in _DOUBTS:
        return "doubtful"
    published = (row["published_at"] or "")[:10]
    if not published:
        return "undated"
    if published > until:
        return "future_dated"
    if row["kind"] == "statistic" and found[0].isoformat() > published:
        return "future_period"
    value = Decimal(row["value"])
    if value.adjusted() > LARGEST:
        return "implausible"
    canonical, unit = words.canonical(value, row["unit"])
    if unit is None or canonical is None or row["unit"] is None:
        return "no_unit"
    if not _fits(row, words):
        return "unit_mismatch"
    sign = -1 if _downward(row) else 1
    if not _plausible(row, value * sign):
        return "implausible"
    unit, factor = _series_unit(row, words)
    upper = Decimal(row["value_high"]) * factor * sign if row["value_high"] is not None else None
    half = Decimal(row["scale"]).scaleb(-row["decimals"]) * factor / 2
    code, kind_of_span = regular(row["period"])
    key = (
        row["indicator_id"],
        row["place_id"],
        unit,
        _measure(row),
        _base(row, found),
        kind_of_span,
        row["breakdown"],
    )
    return Point(key, code, found[0].isoformat(), found[1].isoformat(), value * factor * sign, upper, half)


def _series_unit(row: Mapping[str, Any], words: Catalogue) -> tuple[str, Decimal]:
    """The unit that a series is kept in, and its factor: the catalogue's for the indicator, else the canonical one."""
    factor, canonical = words.canonical(Decimal(1), row["unit"])
    assert factor is not None
    assert canonical is not None
    for unit in (row["unit"], canonical):
        if unit in _entry(row["indicator_id"]).get("units", ()):
            return (unit, Decimal(1)) if unit == row["unit"] else (unit, factor)
    for unit in _entry(row["indicator_id"]).get("units", ()):
        own, same = words.canonical(Decimal(1), unit)
        if same == canonical and own:
            return unit, factor / own
    return canonical, factor


def _measure(row: Mapping[str, Any]) -> str:
    """A rate printed in percent is one thing, whether it was read as a level, a share or a ratio."""
    measures = _entry(row["indicator_id"]).get("measure", ())
    if row["unit"] in ("percent", "per_mille") and row["measure"] in ("level", "share", "ratio"):
        return measures[0] if len(measures) == 1 and measures[0] != "growth" else "share"
    return str(row["measure"])


def _downward(row: Mapping[str, Any]) -> bool:
    if row["measure"] in ("growth", "change"):
        return row["direction"] == "down" or (row["direction"] is None and row["sign"] < 0)
    return bool(row["measure"] == "level" and row["sign"] < 0)


def _entry(indicator: str) -> Mapping[str, Any]:
    return catalogue("indicators").get(indicator, {})


def _plausible(row: Mapping[str, Any], value: Decimal) -> bool:
    """Whether the catalogue's bounds, in the indicator's first unit and for its own measure, allow the value."""
    entry = _entry(row["indicator_id"])
    bounds, units, measures = entry.get("plausible"), entry.get("units", ()), entry.get("measure", ())
    if not bounds or row["unit"] not in units[:1]:
        return True
    own = row["measure"] in measures if measures else row["measure"] not in ("growth", "change", "rank")
    return not own or Decimal(str(bounds[0])) <= value <= Decimal(str(bounds[1]))


def _fits(row: Mapping[str, Any], words: Catalogue) -> bool:
    """Whether the unit can be one of the indicator: its own, one of the same dimension, or a relative one."""
    if row["measure"] == "rank":
        return True
    if row["measure"] in _RELATIVE and row["unit"] in _RELATIVE_UNITS:
        return True
    units = _entry(row["indicator_id"]).get("units", ())
    canonical = words.canonical(Decimal(1), row["unit"])[1]
    return not units or canonical in {words.canonical(Decimal(1), unit)[1] for unit in units}


def regular(code: str) -> tuple[str, str]:
    """A period code with the one spelling of its days, and the kind of span it is.

    >>> regular("2025-01/2025-06"), regular("2025-01/2025-09"), regular("2021/2025")
    (('2025-S1', 'half'), ('2025-01/2025-09', 'cumulative'), ('2021/2025', 'years'))
    """
    found = span(code)
    assert found is not None
    first, last = found
    if first == last:
        return first.isoformat(), "day"
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    year = first.year
    if not whole:
        running = (first.month, first.day) == (1, 1) and last.year == year
        return code, "cumulative" if running else "other"
    if months == 12 and first.month == 1:
        return str(year), "year"
    if months == 6 and first.month in (1, 7):
        return f"{year}-S{(first.month + 5) // 6}", "half"
    if months == 3 and first.month % 3 == 1:
        return f"{year}-Q{(first.month + 2) // 3}", "quarter"
    if months == 1:
        return f"{year}-{first.month:02d}", "month"
    if first.month == 1 and last.year == year:
        return code, "cumulative"
    if first.month == 1 and last.month == 12:
        return f"{year}/{last.year}", "years"
    return code, "other"


def _base(row: Mapping[str, Any], period: tuple[date, date]) -> str | None:
    """What a change compares with, in relation to its period, so that one series holds it year after year.

    Growth without a named base is against the same period a year before, as statistics print it.
    """
    if row["measure"] not in ("growth", "change", "ratio"):
        return None
    base = row["base"]
    own = _entry(row["indicator_id"]).get("base")
    if base is None:
        if row["measure"] != "growth":
            return None
        return str(own[0]) if own and len(own) == 1 else "yoy"
    found = span(base)
    if found is None:
        return str(base)
    first, last = period
    if found[1].year == last.year - 1:
        if (found[0].month, found[1].month) == (first.month, last.month):
            return "yoy"
        if found[1].month == found[0].month == 12:
            return "december"
    if found[1] + timedelta(days=1) == first and (found[1] - found[0]).days // 28 == (last - first).days // 28:
        return "previous_period"
    return str(base)
