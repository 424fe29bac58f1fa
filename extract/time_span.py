"""Calendar arithmetic: years, quarters, months and days in, `TimeSpan`s with their canonical codes out.

One stretch of time has one code: the first three months of a year are its first quarter, the first six its first half,
all twelve the year itself (docs: SDMX TIME_PERIOD).

>>> months_span(2025, 1, 2025, 9).code
'2025-01/2025-09'
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

YEARS = range(1900, 2101)
"""Years that the text may name; anything else is no year."""


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """`first` and `last` are inclusive. `code` is None where the stretch cannot be dated."""

    code: str | None
    first: date | None
    last: date | None
    granularity: str

    def as_kind(self, granularity: str) -> "TimeSpan":
        """The same dates under another granularity."""
        return replace(self, granularity=granularity)


def undated(granularity: str = "point") -> TimeSpan:
    """A mention without dates."""
    return TimeSpan(None, None, None, granularity)


def year_span(year: int) -> TimeSpan:
    """`2025`."""
    return TimeSpan(str(year), date(year, 1, 1), date(year, 12, 31), "year")


def years_span(first: int, last: int, granularity: str = "plan") -> TimeSpan:
    """`2021/2025`. The years are kept as printed, also when they run backwards."""
    return TimeSpan(f"{first}/{last}", date(first, 1, 1), date(last, 12, 31), granularity)


def half_span(year: int, half: int) -> TimeSpan:
    """`2025-S1`."""
    month = 6 * half
    return TimeSpan(f"{year}-S{half}", date(year, month - 5, 1), _month_end(year, month), "half")


def quarter_span(year: int, quarter: int) -> TimeSpan:
    """`2025-Q3`."""
    month = 3 * quarter
    return TimeSpan(f"{year}-Q{quarter}", date(year, month - 2, 1), _month_end(year, month), "quarter")


def month_span(year: int, month: int) -> TimeSpan:
    """`2025-09`."""
    return TimeSpan(f"{year}-{month:02d}", date(year, month, 1), _month_end(year, month), "month")


def half_month_span(year: int, month: int, half: int) -> TimeSpan:
    """The 1st to the 15th, or the 16th to the last: `2025-11-01/2025-11-15`."""
    if half == 1:
        return replace(days_span(date(year, month, 1), date(year, month, 15)), granularity="half_month")
    return replace(days_span(date(year, month, 16), _month_end(year, month)), granularity="half_month")


def day_span(year: int, month: int, day: int) -> TimeSpan | None:
    """`2025-09-30`; None for the 31st of June."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return TimeSpan(found.isoformat(), found, found, "day")


def days_span(first: date, last: date) -> TimeSpan:
    """`2025-01-01/2025-11-15`, or the code of the month, quarter or year where the days fill it."""
    if first == last:
        return TimeSpan(first.isoformat(), first, last, "day")
    if first.day == 1 and last == _month_end(last.year, last.month) and first <= last:
        return months_span(first.year, first.month, last.year, last.month)
    return TimeSpan(f"{first.isoformat()}/{last.isoformat()}", first, last, "day")


def months_span(year: int, month: int, last_year: int, last_month: int) -> TimeSpan:
    """Whole months from one to another, under the shortest code that says them."""
    if year == last_year:
        match (month, last_month):
            case (1, 12):
                return year_span(year)
            case (1, 6) | (7, 12):
                return half_span(year, last_month // 6)
            case (1, 3) | (4, 6) | (7, 9) | (10, 12):
                return quarter_span(year, last_month // 3)
        if month == last_month:
            return month_span(year, month)
    code = f"{year}-{month:02d}/{last_year}-{last_month:02d}"
    granularity = "ytd" if month == 1 and year == last_year else "month"
    return TimeSpan(code, date(year, month, 1), _month_end(last_year, last_month), granularity)


def year_to_date(day: date) -> TimeSpan:
    """From 1 January to `day`: `2026-01/2026-02` where a month ends there, else `2025-01-01/2025-11-15`."""
    return replace(days_span(date(day.year, 1, 1), day), granularity="ytd")


def shift_years(span: TimeSpan, years: int) -> TimeSpan:
    """The same stretch of the calendar `years` later: the base of a year-on-year change is `-1`."""
    if span.first is None or span.last is None:
        return span
    first, last = _shifted(span.first, years), _shifted(span.last, years)
    return replace(_span_between(first, last, span), granularity=span.granularity)


def previous(span: TimeSpan, unit: str | None = None) -> TimeSpan:
    """The `unit` (day, month, quarter, half, year; by default the span's own) that ends before `span` begins its last one."""
    if span.last is None or span.first is None:
        return span
    unit = unit or span.granularity
    last = span.last
    match unit:
        case "day":
            before = last - timedelta(days=1)
            return TimeSpan(before.isoformat(), before, before, "day")
        case "month":
            return unit_span(date(last.year, last.month, 1) - timedelta(days=1), unit)
        case "quarter":
            return unit_span(date(last.year, (last.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1), unit)
        case "half":
            return unit_span(date(last.year, 1 if last.month <= 6 else 7, 1) - timedelta(days=1), unit)
    return year_span(last.year - 1) if last.year - 1 in YEARS else span


def unit_span(day: date, unit: str) -> TimeSpan:
    """The day, month, quarter, half or year that `day` falls in."""
    match unit:
        case "day":
            return TimeSpan(day.isoformat(), day, day, "day")
        case "month":
            return month_span(day.year, day.month)
        case "quarter":
            return quarter_span(day.year, (day.month + 2) // 3)
        case "half":
            return half_span(day.year, 1 if day.month <= 6 else 2)
    return year_span(day.year)


def step(day: date, unit: str, count: int) -> TimeSpan:
    """The `unit` that is `count` units after the one `day` falls in."""
    if unit == "day":
        return unit_span(day + timedelta(days=count), "day")
    size = {"month": 1, "quarter": 3, "half": 6}.get(unit, 12)
    months = day.year * 12 + (day.month - 1) // size * size + count * size
    return unit_span(date(months // 12, months % 12 + 1, 1), unit)


def _span_between(first: date, last: date, like: TimeSpan) -> TimeSpan:
    if like.granularity in ("plan", "term", "school_year", "crop_year"):
        return years_span(first.year, last.year, like.granularity)
    return days_span(first, last)


def _shifted(day: date, years: int) -> date:
    year = min(max(day.year + years, YEARS[0]), YEARS[-1])
    end_of_month = day == _month_end(day.year, day.month)
    last = monthrange(year, day.month)[1]
    return date(year, day.month, last if end_of_month else min(day.day, last))


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
