"""Dates what a template read: a `Reading` and the `Anchors` of its place in, a `TimeSpan` out.

Two anchors are needed: the day of publication ("năm nay", "tháng 2" without a year) and the period that the text speaks of
("năm trước", "cùng kỳ"). What neither can date has a span without dates, never a guess.

>>> dating("month", {}, (("month", 2),), Anchors(published=date(2026, 3, 6))).code
'2026-02'
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from extract.lexicon import catalogue
from extract.period_year import Anchors, Slots, first_of, nearest_day, stated_year, year_of, year_of_part
from extract.time_span import (
    YEARS,
    TimeSpan,
    day_span,
    days_span,
    half_month_span,
    half_span,
    month_span,
    months_span,
    previous,
    quarter_span,
    shift_years,
    step,
    undated,
    unit_span,
    year_span,
    year_to_date,
    years_span,
)


def dating(kind: str, data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    """The span that a row of `kind` with keys `data` says with its `slots`; None where the words are no date (31 June)."""
    return _KINDS[kind](data, slots, anchors)


def _year(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    year = stated_year(data, slots, anchors)
    return year_span(year) if year is not None and year in YEARS else None


def _years(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    years = [value for slot, value in slots if slot == "year"]
    short = first_of(slots, "yy")
    if short is not None:
        years.append(years[0] // 100 * 100 + short)
    return years_span(years[0], years[-1], data.get("granularity", "plan"))


def _bare_years(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    """Two years side by side are a period only when the second follows the first within a generation."""
    found = _years(data, slots, anchors)
    return found if found and found.first and found.last and 0 < found.last.year - found.first.year <= 40 else None


def _years_to_date(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    year = first_of(slots, "year")
    if year is None or anchors.published is None or anchors.published.year <= year:
        return year_span(year) if year else None
    return years_span(year, anchors.published.year)


def _half(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    half = first_of(slots, "h") or first_of(slots, "nth_half") or int(data.get("half", 1))
    year = stated_year(data, slots, anchors) or year_of_part(6 * half, 2 + 5 * (half - 1), anchors)
    return half_span(year, half) if year else undated("half")


def _quarter(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    together = first_of(slots, "my")
    if together is not None:
        return quarter_span(together // 100, together % 100) if together % 100 <= 4 else None
    quarter = (
        first_of(slots, "quarter")
        or first_of(slots, "nth_quarter")
        or first_of(slots, "q")
        or int(data.get("quarter", 1))
    )
    year = stated_year(data, slots, anchors) or year_of("quarter", quarter, anchors)
    return quarter_span(year, quarter) if year else undated("quarter")


def _month(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    months = _months_in(slots)
    month, year = months[0]
    year = year or stated_year(data, slots, anchors) or year_of("month", month, anchors)
    return month_span(year, month) if year else undated("month")


def _months(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    months = _months_in(slots)
    (month, year), (last_month, last_year) = months[0], months[-1]
    last_year = last_year or stated_year(data, slots, anchors) or year_of("month", last_month, anchors)
    if last_year is None:
        return undated("month")
    year = year or (last_year if month <= last_month else last_year - 1)
    return months_span(year, month, last_year, last_month)


def _half_month(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    found = _month(data, slots, anchors)
    if found is None or found.first is None:
        return undated("half_month")
    return half_month_span(found.first.year, found.first.month, int(data["half"]))


def _year_to_months(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    """ "9 months", "two quarters": from January on."""
    count = (first_of(slots, "n") or int(data.get("n", 1))) * int(data.get("months", 1))
    if not 1 <= count <= 12:
        return None
    year = stated_year(data, slots, anchors) or year_of_part(count, count, anchors)
    return months_span(year, 1, year, count) if year else undated("ytd")


def _months_to(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    """ "three months to September": the n months that end with it."""
    last, count = _month(data, slots, anchors), first_of(slots, "n") or 1
    if last is None or last.last is None or count > 12:
        return undated("month") if count <= 12 else None
    before = last.last.year * 12 + last.last.month - count
    return months_span(before // 12, before % 12 + 1, last.last.year, last.last.month)


def _rest(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    """The last n months of a year."""
    count = first_of(slots, "n") or 1
    if count > 12:
        return None
    year = stated_year(data, slots, anchors) or year_of_part(12, 13 - count, anchors)
    return months_span(year, 13 - count, year, 12) if year else undated("month")


def _year_to_day(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    dates = _dates_in(tuple(pair for pair in slots if pair[0] != "year"))
    day, month, year = dates[-1]
    year = year or stated_year(data, slots, anchors)
    found = day_span(year, month, day) if year and month else nearest_day(day, month, anchors)
    return year_to_date(found.last) if found and found.last else undated("ytd")


def _year_to_month(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    found = _month(data, slots, anchors)
    return year_to_date(found.last) if found and found.last else undated("ytd")


def _year_to_now(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    """The year so far, under the code of the year: its end is the day of publication."""
    year = stated_year(data, slots, anchors) or (anchors.published.year if anchors.published else None)
    if year is None or year not in YEARS:
        return undated("ytd")
    published = anchors.published
    last = published if published and published.year == year else date(year, 12, 31)
    return TimeSpan(str(year), date(year, 1, 1), last, "ytd")


def _day(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    day, month, year = _dates_in(slots)[0]
    if year is not None and month is not None:
        return day_span(year, month, day)
    return nearest_day(day, month, anchors)


def _days(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    dates = _dates_in(slots)
    (day, month, year), (last_day, last_month, last_year) = dates[0], dates[-1]
    last = (
        day_span(last_year, last_month, last_day)
        if last_year and last_month
        else nearest_day(last_day, last_month, anchors)
    )
    if last is None or last.last is None:
        return last
    month = month or last.last.month
    first = day_span(year or last.last.year, month, day)
    if first is None or first.first is None:
        return None
    if year is None and first.first > last.last and month > last.last.month:
        first = day_span(last.last.year - 1, month, day)
    if first is None or first.first is None:
        return None
    return days_span(first.first, last.last)


def _weekday(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    """ "On Friday" is the last one up to publication, "by Friday" the next; "last" and "next" leave out the day itself."""
    published, weekday, offset = anchors.published, first_of(slots, "weekday"), int(data.get("offset", 0))
    if published is None or weekday is None:
        return undated("day")
    days = (weekday - published.isoweekday()) % 7
    if offset > 0 or (anchors.due and offset == 0):
        return unit_span(published + timedelta(days=days or 7 * offset), "day")
    return unit_span(published - timedelta(days=(7 - days) if days else -7 * offset), "day")


def _holiday(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    """The month that a holiday without dates falls in: the named year's, else the nearest to publication."""
    days: list[date] = catalogue("holidays")[data["holiday"]]["days"]
    year = stated_year(data, slots, anchors)
    published = anchors.published
    if year is None and published is None:
        return undated("event")
    if year is not None:
        days = [day for day in days if day.year == year]
    elif published is not None:
        days = sorted(days, key=lambda day: abs((day - published).days))
    if not days:
        return undated("event")
    return month_span(days[0].year, days[0].month).as_kind("event")


def _relative(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    """ "This year", "last month": by the text's own period where the row says so and there is one, else by publication."""
    unit, offset = data["unit"], int(data["offset"])
    reference = anchors.reference
    if data["anchor"] == "reference" and reference is not None and reference.last is not None:
        if offset == 0:
            return unit_span(reference.last, unit)
        return previous(reference, None if unit == "period" else unit)
    if anchors.published is None:
        return undated("year" if unit == "period" else unit)
    return step(anchors.published, "year" if unit == "period" else unit, offset)


def _same(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    """The text's own period, a year before or in the year that is named."""
    reference, year = anchors.reference, stated_year(data, slots, anchors)
    if reference is None or reference.last is None:
        return year_span(year) if year and year in YEARS else undated("year")
    return shift_years(reference, year - reference.last.year if year else -1)


def _undated(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> TimeSpan | None:
    return undated(data.get("granularity", "point"))


def _months_in(slots: Slots) -> list[tuple[int, int | None]]:
    """Pairs of month and, where it is printed, year."""
    months: list[tuple[int, int | None]] = []
    for slot, value in slots:
        if slot in ("month", "month_name", "month_code"):
            months.append((value, None))
        elif slot == "my":
            months.append((value % 100, value // 100))
        elif slot == "year" and months:
            months[-1] = (months[-1][0], value)
    return months


def _dates_in(slots: Slots) -> list[tuple[int, int | None, int | None]]:
    """Triples of day, month and year as printed; a month or year printed once at the end counts for all before it."""
    dates: list[list[int | None]] = []
    month: int | None = None
    for slot, value in slots:
        match slot:
            case "day":
                dates.append([value, month, None])
            case "dm":
                dates.append([value % 100, value // 100, None])
            case "dm_clear":
                dates.append([value % 100, value // 100, None])
            case "dmy" | "ymd":
                dates.append([value % 100, value // 100 % 100, value // 10000])
            case "month" | "month_name" if dates and dates[-1][1] is None:
                dates[-1][1] = value
            case "month" | "month_name":
                month = value
            case "year" if dates:
                dates[-1][2] = value
    for before, after in zip(reversed(dates[:-1]), reversed(dates[1:]), strict=True):
        if before[1] is None:
            before[1], before[2] = after[1], after[2]
    return [(day or 0, month, year) for day, month, year in dates]


_KINDS: dict[str, Callable[[Mapping[str, Any], Slots, Anchors], TimeSpan | None]] = {
    "year": _year,
    "bare_year": _year,
    "years": _years,
    "bare_years": _bare_years,
    "years_to_date": _years_to_date,
    "half": _half,
    "quarter": _quarter,
    "month": _month,
    "months": _months,
    "half_month": _half_month,
    "ytd": _year_to_months,
    "ytd_bare": _year_to_months,
    "months_to": _months_to,
    "rest": _rest,
    "year_to_day": _year_to_day,
    "year_to_month": _year_to_month,
    "year_to_now": _year_to_now,
    "day": _day,
    "days": _days,
    "weekday": _weekday,
    "holiday": _holiday,
    "relative": _relative,
    "same": _same,
    "undated": _undated,
}
