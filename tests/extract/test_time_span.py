"""Calendar arithmetic: codes are canonical, spans cover what they say, shifts keep their shape."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.time_span import (
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
    unit_span,
    year_span,
    year_to_date,
    years_span,
)

years = st.integers(1950, 2090)
days = st.dates(date(1950, 1, 1), date(2090, 12, 31))
units = st.sampled_from(["day", "month", "quarter", "half", "year"])


@pytest.mark.parametrize(
    ("span", "code", "first", "last"),
    [
        (year_span(2025), "2025", date(2025, 1, 1), date(2025, 12, 31)),
        (half_span(2025, 2), "2025-S2", date(2025, 7, 1), date(2025, 12, 31)),
        (quarter_span(2025, 3), "2025-Q3", date(2025, 7, 1), date(2025, 9, 30)),
        (month_span(2024, 2), "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        (half_month_span(2025, 2, 2), "2025-02-16/2025-02-28", date(2025, 2, 16), date(2025, 2, 28)),
        (years_span(2021, 2025), "2021/2025", date(2021, 1, 1), date(2025, 12, 31)),
        (months_span(2025, 1, 2025, 9), "2025-01/2025-09", date(2025, 1, 1), date(2025, 9, 30)),
        (months_span(2025, 11, 2026, 2), "2025-11/2026-02", date(2025, 11, 1), date(2026, 2, 28)),
        (months_span(2025, 1, 2025, 3), "2025-Q1", date(2025, 1, 1), date(2025, 3, 31)),
        (months_span(2025, 1, 2025, 6), "2025-S1", date(2025, 1, 1), date(2025, 6, 30)),
        (months_span(2025, 1, 2025, 12), "2025", date(2025, 1, 1), date(2025, 12, 31)),
        (year_to_date(date(2026, 2, 28)), "2026-01/2026-02", date(2026, 1, 1), date(2026, 2, 28)),
        (year_to_date(date(2025, 11, 15)), "2025-01-01/2025-11-15", date(2025, 1, 1), date(2025, 11, 15)),
        (year_to_date(date(2025, 12, 31)), "2025", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_spans_and_their_codes(span: TimeSpan, code: str, first: date, last: date) -> None:
    assert (span.code, span.first, span.last) == (code, first, last)


def test_no_such_day() -> None:
    assert day_span(2025, 6, 31) is None
    assert day_span(2025, 2, 29) is None


@pytest.mark.parametrize(
    ("span", "unit", "code"),
    [
        (month_span(2026, 1), None, "2025-12"),
        (quarter_span(2025, 1), None, "2024-Q4"),
        (year_span(2025), None, "2024"),
        (months_span(2026, 1, 2026, 2), "month", "2026-01"),
        (month_span(2026, 2), "quarter", "2025-Q4"),
    ],
)
def test_the_unit_before(span: TimeSpan, unit: str | None, code: str) -> None:
    assert previous(span, unit).code == code


@given(days, days)
def test_days_have_one_code(one: date, other: date) -> None:
    first, last = sorted((one, other))
    span = days_span(first, last)
    assert (span.first, span.last) == (first, last)
    whole = {
        unit: unit_span(first, unit).code for unit in ("month", "quarter", "half", "year")
        if (unit_span(first, unit).first, unit_span(first, unit).last) == (first, last)
    }  # fmt: skip
    assert not whole or span.code in whole.values()


@given(days, units, st.integers(-20, 20))
def test_a_step_and_back(day: date, unit: str, count: int) -> None:
    there = step(day, unit, count)
    assert there.first is not None
    assert step(there.first, unit, -count).first == unit_span(day, unit).first


@given(days, units)
def test_the_unit_before_ends_where_this_one_begins(day: date, unit: str) -> None:
    span = unit_span(day, unit)
    before = previous(span)
    assert span.first is not None
    assert before.last == span.first - timedelta(days=1)
    assert before.granularity == span.granularity


@given(days, units)
def test_a_year_before_and_after_is_the_same(day: date, unit: str) -> None:
    span = unit_span(day, unit)
    if (day.month, day.day) != (2, 29) or unit != "day":
        assert shift_years(shift_years(span, -1), 1) == span
