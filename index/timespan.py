"""Period codes as days: a code in, its first and last day out.

>>> days("2025-Q3")
('2025-07-01', '2025-09-30')
>>> days("2021/2025")
('2021-01-01', '2025-12-31')

`cumulative` tells a running total ("nine months", 2025-01/2025-09) from a period of the calendar: the two never share a
series.
"""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

VIETNAM = timezone(timedelta(hours=7))
"""No summer time since 1975; all stored times are in it."""

_PART = re.compile(r"(\d{4})(?:-(?:Q([1-4])|S([12])|(\d{2})(?:-(\d{2}))?))?")


def _part(code: str) -> tuple[date, date] | None:
    match = _PART.fullmatch(code)
    if match is None:
        return None
    year = int(match[1])
    if year == 0:
        return None
    first, last = 1, 12
    if match[2]:
        first, last = 3 * int(match[2]) - 2, 3 * int(match[2])
    elif match[3]:
        first, last = 6 * int(match[3]) - 5, 6 * int(match[3])
    elif match[4]:
        first = last = int(match[4])
        if not 1 <= first <= 12:
            return None
        if match[5]:
            day = int(match[5])
            if not 1 <= day <= monthrange(year, first)[1]:
                return None
            return date(year, first, day), date(year, first, day)
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


@lru_cache(maxsize=4096)
def span(code: str | None) -> tuple[date, date] | None:
    """First and last day of a period code, None for one that is not understood or ends before it starts."""
    if not code:
        return None
    start, _, end = code.partition("/")
    first, last = _part(start), _part(end or start)
    if first is None or last is None or last[1] < first[0]:
        return None
    return first[0], last[1]


@lru_cache(maxsize=4096)
def days(code: str | None) -> tuple[str, str] | tuple[None, None]:
    """First and last day as `YYYY-MM-DD`, a pair of None where `span` finds none."""
    found = span(code)
    return (found[0].isoformat(), found[1].isoformat()) if found else (None, None)


def cumulative(code: str) -> bool:
    """Whether the code runs from the start of a year to a point inside it: months or days added up so far.

    A first quarter or half printed as one (`2025-Q1`) is a period of the calendar; `2025-01/2025-03` adds up the same days,
    yet is printed in the running series of January, two months, three months …

    >>> cumulative("2025-01/2025-09"), cumulative("2025-Q1"), cumulative("2021/2025")
    (True, False, False)
    """
    found = span(code)
    if found is None or "/" not in code or len(code.partition("/")[0]) == 4:
        return False
    first, last = found
    return (first.month, first.day) == (1, 1) and first.year == last.year


def stamp(time: datetime) -> str:
    """A time as it is stored: Vietnamese time, to the second. A naive one is taken as Vietnamese."""
    aware = time if time.tzinfo else time.replace(tzinfo=VIETNAM)
    return aware.astimezone(VIETNAM).isoformat(timespec="seconds")


def day_of(time: datetime) -> str:
    """The Vietnamese day of a time, `YYYY-MM-DD`."""
    return stamp(time)[:10]
