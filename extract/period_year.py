"""Which year is meant where none is printed: the anchors of a mention in, its year, or for a day its date, out.

>>> year_of("month", 2, Anchors(published=date(2026, 3, 6)))
2026
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from extract.time_span import TimeSpan, day_span, undated

Slots = tuple[tuple[str, int], ...]
"""What the slots of a template hold, in the order of the text: pairs of name and value."""
_AHEAD = 1
"""Units after the one of publication that a mention without a year may lie ahead and still be the coming one."""
NEARLY_OVER = 24
"""Day from which a month may be reported on before it is over."""
_FAR_AHEAD = 7
"""Months ahead that it may lie where the sentence looks ahead."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """What dates the mentions that leave something out.

    `reference` is the period that the text speaks of at this point; `year` the year that the same sentence has named;
    `future` says that the sentence looks ahead; `before` that a figure of `reference` is compared with the mention; `due`
    that the mention is a closing day ("by …").
    """

    published: date | None = None
    reference: TimeSpan | None = None
    year: int | None = None
    future: bool = False
    before: bool = False
    due: bool = False


def first_of(slots: Slots, name: str) -> int | None:
    """The first value of slot `name`, None where there is none."""
    return next((value for slot, value in slots if slot == name), None)


def stated_year(data: Mapping[str, Any], slots: Slots, anchors: Anchors) -> int | None:
    """The year that the words give, also as "last year" (`year = -1` in the row)."""
    found = first_of(slots, "year") or first_of(slots, "zodiac")
    if found is None and (offset := data.get("year")) is not None and anchors.published:
        return anchors.published.year + int(offset)
    return found


def year_of(unit: str, number: int, anchors: Anchors) -> int | None:
    """The year of "month 2" or "quarter 4" when none is printed."""
    size = 1 if unit == "month" else 3
    if anchors.before and anchors.reference and anchors.reference.last:
        last = anchors.reference.last
        return last.year if number * size < last.month or (number * size == last.month and size > 1) else last.year - 1
    if anchors.year is not None:
        return anchors.year
    if anchors.published is None:
        return anchors.reference.last.year if anchors.reference and anchors.reference.last else None
    year, now = anchors.published.year, (anchors.published.month - 1) // size + 1
    if anchors.future and (number - now) % (12 // size) * size <= _FAR_AHEAD:
        return year if number >= now else year + 1
    if number > now + _AHEAD:
        return year - 1
    return _year_spoken_of(year, number * size, anchors)


def _year_spoken_of(year: int, last_month: int, anchors: Anchors) -> int:
    """`year`, or the one before where the text speaks of that and the months of `year` are not over at publication."""
    reference, published = anchors.reference, anchors.published
    if reference is None or reference.last is None or published is None or anchors.future:
        return year
    running = last_month > published.month or (last_month == published.month and published.day < NEARLY_OVER)
    return year - 1 if running and reference.last.year == year - 1 and year == published.year else year


def year_of_part(last_month: int, begins: int, anchors: Anchors) -> int | None:
    """The year of "9 months" or "the second half" when none is printed: the latest that has begun to end."""
    if anchors.before and anchors.reference and anchors.reference.last:
        return anchors.reference.last.year - 1
    if anchors.year is not None:
        return anchors.year
    if anchors.published is None:
        return anchors.reference.last.year if anchors.reference and anchors.reference.last else None
    year = anchors.published.year
    return (
        year
        if anchors.future or anchors.published.month >= begins or last_month <= anchors.published.month
        else year - 1
    )


def nearest_day(day: int, month: int | None, anchors: Anchors) -> TimeSpan | None:
    """A day without a year: the one nearest to publication, days to come counting twice as far."""
    published = anchors.published
    if month is None:
        return undated("day")
    if published is None:
        return (day_span(anchors.year, month, day) if anchors.year else undated("day")) if month <= 12 else None
    near = [span for year in range(published.year - 1, published.year + 2) if (span := day_span(year, month, day))]
    if not near:
        return day_span(published.year, month, day)

    def distance(span: TimeSpan) -> int:
        assert span.first is not None
        days = (span.first - published).days
        if anchors.future:
            return days if days >= 0 else -3 * days
        return 2 * days if days > 0 else -days

    best = min(near, key=distance)
    if anchors.year is not None and distance(best) > 45:
        return day_span(anchors.year, month, day)
    return best
