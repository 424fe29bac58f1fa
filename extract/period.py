"""Period: a stretch of time as printed and as dates (SDMX TIME_PERIOD)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """One mention of a period or date.

    `code` is canonical: `2025`, `2025-Q3`, `2025-S1`, `2025-09`, `2025-09-30`, `2025-01/2025-09`, `2021/2025`; None for a
    mention that cannot be dated ("mùng 2 Tết"). `start` and `end` are inclusive dates, None where open.
    """

    start: int
    end: int
    exact: str
    code: str | None
    first: date | None = None
    last: date | None = None
    granularity: str | None = None
    """day, half_month, month, quarter, half, ytd, year, school_year, crop_year, plan, term, event, point."""
    role: str = "reference"
    """reference, deadline, comparator ("so với cùng kỳ …"), as_of ("tính đến ngày …"), span (a duration, never dated)."""
    base: str | None = None
    """For comparators: yoy, previous_period, or the code of a named base period."""
    strict: bool = False
    """A deadline that excludes its own day ("trước ngày 30/6")."""
    relative: bool = False
    """Resolved through publication date or running reference period, not printed in full."""
    reason: str | None = None
    """A doubt: end_before_start, no_anchor …"""
    rules: tuple[str, ...] = ()
    """Ids of the table rows that took part."""
