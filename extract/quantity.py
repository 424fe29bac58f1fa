"""Quantity: a number of the text with its unit, as printed and as a value."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Qualifier = Literal["about", "over", "under", "at_least", "at_most"]
"""Bounds as in the gold guidelines: hơn/trên/drygt are `over`, gần/dưới/knappt `under`, từ … trở lên `at_least`."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of a text.

    `value` is exact, in `unit`, scale words applied ("1,5 triệu tỷ đồng" → 1500000000000000 VND); None when the token is
    malformed, vague or has several readings that nothing decides, with the `reason`. `value_high` is the upper end of a
    range.
    `exact` is `text[start:end]`: qualifier, number, scale and unit words.
    """

    start: int
    end: int
    exact: str
    value: Decimal | None
    value_high: Decimal | None = None
    unit: str | None = None
    qualifier: Qualifier | None = None
    readings: tuple[Decimal, ...] = ()
    """All candidate values of an ambiguous token, the chosen one first; empty when there is only one."""
    reason: str | None = None
    """malformed, ambiguous, vague, scale_suspect, ratio_or_growth, pp_written_as_pct …: a doubt, or why there is no value."""
    sign: int = 0
    """+1 or -1 where a sign is printed ("+139,3%", "-18,67%"), else 0; `value` itself is the magnitude as printed."""
    number_start: int = -1
    """Offset of the first character of the bare number inside the text (after qualifier or currency sign)."""
    number_end: int = -1
    decimals: int = 0
    """Printed decimals of the number, before scale: the precision that checks use."""
    scale: Decimal = Decimal(1)
    """The factor of the scale words (tỷ → 1000000000)."""
    role: str | None = None
    """`plan` for the second half of a value/plan pair, `paired` for the bracketed second currency, else None."""
    pair: int | None = None
    """Index in the list of quantities of the one this belongs to, for `plan` and `paired`."""
    rules: tuple[str, ...] = ()
    """Ids of the table rows that took part."""
