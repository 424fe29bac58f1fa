"""Period: a stretch of time as printed and as dates (SDMX TIME_PERIOD).

In: nothing. Out: `Period(…, exact="9 tháng đầu năm 2025", code="2025-01/2025-09", granularity="ytd", role="reference")`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Role = Literal["reference", "as_of", "deadline", "comparator", "plan", "start", "event"]
"""What the mention does in its sentence.

- reference: the time a figure holds for ("9 tháng đầu năm 2025", "in 2025"), or "now" without a date (code None)
- as_of: a closing day ("tính đến ngày 28/2"); `period_scope.flow` gives the stretch of a flow that closes there
- deadline: by when ("đến năm 2030", "trước ngày 30/6", "by 2030"); for a target it is the year the value is to hold
- comparator: what the figure is compared with ("so với cùng kỳ năm trước"); it never dates the figure
- plan: the year of a plan that the figure is measured against ("kế hoạch năm 2025")
- start: since when ("từ ngày 1/7/2025")
- event: the day of an act, meeting, document, or a year inside a name ("công bố sáng 6/3", "APEC 2027"): dates no figure
"""


@dataclass(frozen=True, slots=True)
class Period:
    """One mention of a period or date.

    `code` is canonical: `2025`, `2025-Q3`, `2025-S1`, `2025-09`, `2025-09-30`, `2025-01/2025-09`, `2021/2025`,
    `2025-01-01/2025-11-15`; None for a mention that cannot be dated ("mùng 2 Tết"). `first` and `last` are inclusive
    dates, None where open. `exact` is the text from `start` to `end`, with the word that gives the role ("trước ngày …").
    """

    start: int
    end: int
    exact: str
    code: str | None
    first: date | None = None
    last: date | None = None
    granularity: str | None = None
    """day, half_month, month, quarter, half, ytd, year, school_year, crop_year, plan, term, event, point."""
    role: Role = "reference"
    base: str | None = None
    """For comparators: yoy, previous_period, or the code of a named base period. For plans: plan."""
    strict: bool = False
    """A deadline that excludes its own day ("trước ngày 30/6": `code` names the day, `last` is the day before)."""
    relative: bool = False
    """Resolved through publication date or running reference period, not printed in full."""
    aside: bool = False
    """Holds for its own clause only ("lũy kế 2 tháng", an average): the text goes on about what it spoke of before."""
    reason: str | None = None
    """A doubt: end_before_start, no_anchor …"""
    rules: tuple[str, ...] = ()
    """Ids of the table rows that took part."""
    stands: bool = False
    """An as_of period whose figure is a stock: it holds on the closing day and does not run up to it."""
