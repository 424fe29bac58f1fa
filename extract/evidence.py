"""Decides what an ambiguous number means: "3.261" is 3261 or 3.261.

In: the amounts of a text with their units and sentences. Out: for each its readings, the chosen one first, and a reason where
nothing decides. The order of the evidence (a wrong thousand is worse than no value):

1. a value of the same unit with an unambiguous mark in the same sentence;
2. what is plausible: things that are counted have no decimals; the range of the unit;
3. a second currency beside it whose rate must come out;
4. the marks that the rest of the article uses; 5. the custom of the language, where the language is sure of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extract.amount import Amount
from extract.unit_reader import Unit


@dataclass(frozen=True, slots=True)
class Marks:
    """How often the unambiguous numbers of a text use a mark as decimal mark or between thousands."""

    decimal: dict[str, int]
    thousands: dict[str, int]

    @classmethod
    def of(cls, amounts: Sequence[Amount]) -> "Marks":
        """Count them."""
        marks = cls({}, {})
        for amount in amounts:
            number = amount.number
            if number is not None and number.decimal_mark:
                marks.decimal[number.decimal_mark] = marks.decimal.get(number.decimal_mark, 0) + 1
            if number is not None and number.thousands_mark:
                marks.thousands[number.thousands_mark] = marks.thousands.get(number.thousands_mark, 0) + 1
        return marks

    def role(self, mark: str) -> str | None:
        """`decimal`, `thousands` or None for `mark`; the other mark's role tells as well."""
        other = "," if mark == "." else "."
        decimal = self.decimal.get(mark, 0) + self.thousands.get(other, 0)
        thousands = self.thousands.get(mark, 0) + self.decimal.get(other, 0)
        if self.thousands.get(" ") and not self.thousands.get(mark):
            decimal += self.decimal.get(mark, 0)
        if decimal > thousands:
            return "decimal"
        return "thousands" if thousands > decimal else None


NONE = Marks({}, {})
"""No mark seen."""


def settle(amount: Amount, unit: Unit | None, beside: Marks, article: Marks, sure: bool) -> tuple[int, str | None]:
    """Index of the reading to take, and a reason if it is not to be trusted.

    `beside` are the marks of the same unit in the same sentence, `article` those of the whole text; `sure` tells whether the
    language uses this mark in one way only.
    """
    number = amount.number
    if number is None or number.open_mark is None or len(amount.readings) < 2:
        return 0, None
    decimal = 0 if number.decimals[0] else 1
    custom = "decimal" if decimal == 0 else "thousands"
    rounded = amount.mantissas[1 - decimal] % 10 == 0
    role = beside.role(number.open_mark)
    if role == "decimal" and custom == "thousands" and rounded:
        role = None  # "1.400 m2" beside "345.7 m2": who prints a last zero means thousands
    if role is None:
        role = _plausible(amount, unit, decimal)
    if role is None:
        role = article.role(number.open_mark)
        if role != custom and (rounded or _weight(article) < 2):
            role = custom if sure else None
    if role is None:
        return 0, None if sure else "ambiguous"
    return (decimal if role == "decimal" else 1 - decimal), None


def _weight(marks: Marks) -> int:
    return sum(marks.decimal.values()) + sum(marks.thousands.values())


def _plausible(amount: Amount, unit: Unit | None, decimal: int) -> str | None:
    if unit is None:
        return None
    if unit.counted and amount.scale == 1:
        return "thousands"
    low, high = unit.low, unit.high
    small, large = amount.readings[decimal], amount.readings[1 - decimal]
    if low is not None and small < low <= large:
        return "thousands"
    if high is not None and small <= high < large:
        return "decimal"
    return None


def rate_fits(one: Decimal, other: Decimal) -> bool:
    """Whether two amounts, đồng and dollars, may be the same (the rate was 20 to 28 thousand from 2010 on)."""
    low, high = sorted((one, other))
    return low > 0 and Decimal(20000) <= high / low <= Decimal(28000)
