"""A quantity while it is being read: what `quantity_reader` finds, `quantity_joiner` joins and `evidence` decides.

>>> Draft(Amount(0, 1, (Decimal(5),), (Decimal(5),)), 0, 1).value
Decimal('5')
"""

from dataclasses import dataclass, field
from decimal import Decimal

from extract.amount import Amount
from extract.quantity import Qualifier
from extract.unit_reader import Unit


@dataclass(slots=True)
class Draft:
    """Tokens `first` up to `end`, from qualifier to unit. `choice` is the index of the reading that counts."""

    amount: Amount
    first: int
    end: int
    unit: Unit | None = None
    qualifier: Qualifier | None = None
    sign: int = 0
    negative: bool = False
    """The value itself is below zero ("âm 5 độ"), not only a change printed with its sign."""
    upper: "Draft | None" = None
    """The upper end of a range."""
    high: Decimal | None = None
    role: str | None = None
    pair: "Draft | None" = None
    changed_from: "Draft | None" = None
    """The value before, of "from … to …"."""
    reason: str | None = None
    choice: int = 0
    whole: bool = False
    """Said in one word ("gấp đôi"): shares nothing with its neighbours."""
    shared: bool = False
    """Has its unit from the last member of its list."""
    rules: list[str] = field(default_factory=list)

    @property
    def value(self) -> Decimal | None:
        """The chosen reading, or None."""
        if not self.amount.readings:
            return None
        value = self.amount.readings[min(self.choice, len(self.amount.readings) - 1)]
        return -value if self.negative else value

    @property
    def value_high(self) -> Decimal | None:
        """The chosen reading of the upper end."""
        return self.upper.value if self.upper is not None else self.high

    @property
    def readings(self) -> tuple[Decimal, ...]:
        """All readings where there are several, the chosen one first."""
        found = self.amount.readings
        if len(found) < 2:
            return ()
        return (found[self.choice], *(value for n, value in enumerate(found) if n != self.choice))

    def rescale(self, scale: Decimal) -> None:
        """Give the amount the multiplier of a neighbour."""
        amount = self.amount
        amount.readings = tuple(value * scale for value in amount.mantissas)
        amount.scale = scale
