"""What is known of a figure once it is read, kept for the figures behind it and for the links."""

from dataclasses import dataclass

from extract.clause import Clause
from extract.indicator import Naming
from extract.measure import MeasureReading
from extract.period import Period
from extract.place import Place
from extract.quantity import Quantity
from extract.statement import Statement
from extract.tokens import Match


@dataclass(frozen=True, slots=True)
class Draft:
    """One figure read. `opened` where it stands in an opened list of parts, `growing` where its indicator is a rate of
    growth, `counted` where its unit is a noun."""

    quantity: Quantity
    clause: Clause
    reading: MeasureReading
    naming: Naming
    sentence: int
    place: Place | None
    period: Period | None
    base: str | None
    kind_word: Match | None
    statement: Statement
    opened: bool
    growing: bool
    counted: bool
