"""Which series a statement belongs to, or why it belongs to none: a row of `statements` in, a Slot or a reason out.

>>> place_in_series(row, catalogue, until="2026-02-01")
Slot(series=('gdp_growth', 'vn', 'percent', 'growth', 'yoy', 'quarter', None), period='2025-Q3', first='2025-07-01', …)
>>> worth(row, catalogue)
(Decimal('8.23'), None, Decimal('0.005'))

No guess enters a series: what lacks a certain indicator, place or period, has a doubtful number, or a unit of another kind
than its indicator's, is held back with the reason, and stays visible as a statement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from extract.lexicon import catalogue
from index.catalogue import Catalogue
from index.timespan import days, span

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
class Slot:
    """One series and period: `first` and `last` are the days that the period runs from and to."""

    series: SeriesKey
    period: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Point(Slot):
    """A statement as a value of a series. `half` is half a unit of its last printed digit, in the unit of the series."""

    value: Decimal
    value_high: Decimal | None
    half: Decimal


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the catalogues say of an indicator's values in one unit.

    `unit` is what the series is kept in, `factor` leads to it; `fits` whether the unit can be one of the indicator;
    `bounds` are those of `measures`, None where none are given in this unit.
    """

    unit: str
    factor: Decimal
    fits: bool
    bounds: tuple[Decimal, Decimal] | None
    measures: tuple[str, ...]
    base: str | None


def place_in_series(row: Mapping[str, Any], words: Catalogue, until: str) -> Slot | str:
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
    first, last = days(row["period"])
    if first is None or last is None:
        return "no_period"
    if row["confidence"] < CERTAIN or row["reason"] in _DOUBTS:
        return "doubtful"
    published = (row["published_at"] or "")[:10]
    if not published:
        return "undated"
    if published > until:
        return "future_dated"
    if row["kind"] == "statistic" and first > published:
        return "future_period"
    if Decimal(row["value"]).adjusted() > LARGEST:
        return "implausible"
    if row["unit"] is None:
        return "no_unit"
    facts = _facts(words, row["indicator_id"], row["unit"])
    if not (row["measure"] == "rank" or facts.fits or (row["measure"] in _RELATIVE and row["unit"] in _RELATIVE_UNITS)):
        return "unit_mismatch"
    if not _plausible(row, facts):
        return "implausible"
    return slot(row, words)


def point(row: Mapping[str, Any], words: Catalogue, until: str) -> Point | str:
    """The place of a statement with its value, or the reason why it has none: `place_in_series` and `worth` in one."""
    place = place_in_series(row, words, until)
    if isinstance(place, str):
        return place
    return Point(place.series, place.period, place.first, place.last, *worth(row, words))


def slot(row: Mapping[str, Any], words: Catalogue) -> Slot:
    """The series and period that a statement speaks of, if it can be placed at all."""
    first, last = days(row["period"])
    assert first is not None
    assert last is not None
    facts = _facts(words, row["indicator_id"], row["unit"])
    code, kind_of_span = regular(row["period"])
    base = _base(row["measure"], row["base"], facts.base, row["period"])
    measure = _measure(row, facts)
    key = (row["indicator_id"], row["place_id"], facts.unit, measure, base, kind_of_span, row["breakdown"])
    return Slot(key, code, first, last)


def worth(row: Mapping[str, Any], words: Catalogue) -> tuple[Decimal, Decimal | None, Decimal]:
    """Value, upper end and half a unit of the last printed digit of a statement that `place_in_series` has placed, in the
    unit of its series; downward changes are negative."""
    factor = _facts(words, row["indicator_id"], row["unit"]).factor
    signed = -factor if _downward(row) else factor
    high = row["value_high"]
    return (
        Decimal(row["value"]) * signed,
        None if high is None else Decimal(high) * signed,
        Decimal(row["scale"]).scaleb(-row["decimals"]) * factor / 2,
    )


def _facts(words: Catalogue, indicator: str, unit: str) -> _Facts:
    known: _Facts | None = words.worked_out.get((indicator, unit))
    if known is None:
        entry = catalogue("indicators").get(indicator, {})
        units, bounds, base = tuple(entry.get("units", ())), entry.get("plausible"), entry.get("base", ())
        own, factor = _series_unit(units, unit, words)
        limits = (Decimal(str(bounds[0])), Decimal(str(bounds[1]))) if bounds and unit in units[:1] else None
        fits = not units or words.factor(unit)[1] in {words.factor(u)[1] for u in units}
        known = _Facts(
            own, factor, fits, limits, tuple(entry.get("measure", ())), str(base[0]) if len(base) == 1 else None
        )
        words.worked_out[indicator, unit] = known
    return known


def _series_unit(units: Sequence[str], unit: str, words: Catalogue) -> tuple[str, Decimal]:
    """The unit that a series is kept in, and its factor: the catalogue's for the indicator, else the canonical one."""
    factor, canonical = words.factor(unit)
    if unit in units:
        return unit, Decimal(1)
    if canonical in units:
        return canonical, factor
    for other in units:
        own, same = words.factor(other)
        if same == canonical and own:
            return other, factor / own
    return canonical, factor


def _measure(row: Mapping[str, Any], facts: _Facts) -> str:
    """A rate printed in percent is one thing, whether it was read as a level, a share or a ratio."""
    if row["unit"] in ("percent", "per_mille") and row["measure"] in ("level", "share", "ratio"):
        return facts.measures[0] if len(facts.measures) == 1 and facts.measures[0] != "growth" else "share"
    return str(row["measure"])


def _downward(row: Mapping[str, Any]) -> bool:
    if row["measure"] in ("growth", "change"):
        return row["direction"] == "down" or (row["direction"] is None and row["sign"] < 0)
    return bool(row["measure"] == "level" and row["sign"] < 0)


def _plausible(row: Mapping[str, Any], facts: _Facts) -> bool:
    """Whether the catalogue's bounds, in the indicator's first unit and for its own measure, allow the value."""
    if facts.bounds is None:
        return True
    measure = row["measure"]
    own = measure in facts.measures if facts.measures else measure not in ("growth", "change", "rank")
    value = Decimal(row["value"])
    return not own or facts.bounds[0] <= (-value if _downward(row) else value) <= facts.bounds[1]


@lru_cache(maxsize=4096)
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


@lru_cache(maxsize=4096)
def _base(measure: str, base: str | None, usual: str | None, code: str) -> str | None:
    """What a change compares with, in relation to its period, so that one series holds it year after year.

    Growth without a named base is against the indicator's `usual` one, else the same period a year before, as statistics
    print it.
    """
    if measure not in ("growth", "change", "ratio"):
        return None
    if base is None:
        return (usual or "yoy") if measure == "growth" else None
    found, period = span(base), span(code)
    if found is None or period is None:
        return base
    first, last = period
    if found[1].year == last.year - 1:
        if (found[0].month, found[1].month) == (first.month, last.month):
            return "yoy"
        if found[1].month == found[0].month == 12:
            return "december"
    if found[1] + timedelta(days=1) == first and (found[1] - found[0]).days // 28 == (last - first).days // 28:
        return "previous_period"
    return base
