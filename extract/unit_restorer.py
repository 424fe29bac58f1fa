"""The unit of a number that prints none: that of the total it is part of, of its subject, or of the figure beside it.

In: `Figures`, the drafts so far, the quantity with its clause and naming. Out: a unit or None.
"""

from extract.clause import Clause, Clauses
from extract.concept import known_concept
from extract.figures import COUNTED, Figures, dimension
from extract.indicator import Naming
from extract.lexicon import catalogue
from extract.quantity import Quantity
from extract.statement_draft import Draft

_LARGE = 100
"""A bare number from which on it is no label."""
_AMOUNTS = 3
"""Figures back to which a number in millions finds its unit."""


class UnitRestorer:
    """Restores the units of one text; `drafts` grows as its figures are read."""

    def __init__(self, figures: Figures, clauses: Clauses, drafts: list[Draft]) -> None:
        self.figures = figures
        self.tokens = figures.tokens
        self.cues = figures.cues
        self.clauses = clauses
        self.drafts = drafts

    def unit(self, quantity: Quantity, clause: Clause, naming: Naming, last: Draft | None, under: bool) -> str | None:
        """The unit of a bare number: that of the total it is part of, of the noun that is its subject, or of its index."""
        if naming.subject is not None:
            for i in range(*naming.subject):
                if self.clauses.kinds[i] == "l":  # "households in the country"
                    continue
                match = self.cues.longest(i, "units")
                if match is not None and match.row.data.get("counted") and match.end <= naming.subject[1]:
                    name = catalogue("units")[match.row.data["unit"]].get("unit", match.row.data["unit"])
                    if dimension(name) in COUNTED:
                        return str(name)
        if last is not None and last.quantity.unit and self._paired_with(quantity, clause, last):
            return last.quantity.unit
        if under or naming.part:
            for draft in reversed(self.drafts):
                if (
                    draft.reading.measure == "level"
                    and draft.quantity.unit
                    and dimension(draft.quantity.unit) in COUNTED
                ):
                    return draft.quantity.unit
        if last is not None and self._same_things(quantity, clause, last):
            return last.quantity.unit
        known = known_concept(self.cues, naming.subject)
        if known is not None and any(cue.row.data.get("reach") for cue in clause.cues):
            units = {
                u for row in catalogue("indicators").values() if row["concept"] == known.concept for u in row["units"]
            }
            if "index_point" in units:
                return "index_point"
        return None

    def per(self, quantity: Quantity, naming: Naming, last: Draft | None) -> str | None:
        """The unit with what it is per, where only the figure before says so ("23,5 m2/người, tăng 6,8 m2")."""
        unit, before = quantity.unit, last.quantity.unit if last is not None else None
        if unit and before and naming.carried and before.partition("/")[0] == unit and "/" in before:
            return before
        return unit

    def _same_things(self, quantity: Quantity, clause: Clause, last: Draft) -> bool:
        """Whether a bare number counts on what its sentence was counting ("collapsed 3,420 houses, damaged over 327,700 and
        submerged 509,800 others"): no noun stands behind it."""
        if last.sentence != self.tokens.sentences[clause.first] or not last.counted:
            return False
        end = clause.end
        others = self.cues.at(end, "parts", "others") if end < len(self.tokens) else None
        if others is not None:
            return True
        large = quantity.value is not None and quantity.value >= _LARGE
        ends = end >= len(self.tokens) or not self.tokens.words[end][0].isalnum()
        return large and (ends or self.cues.at(end, "fillers", "join") is not None)

    def _paired_with(self, quantity: Quantity, clause: Clause, last: Draft) -> bool:
        """Whether a bare number has the unit of the figure before it: both ends of a movement ("to 48 from 311"), or an
        amount in millions behind an amount."""
        if last.sentence == self.tokens.sentences[clause.first]:
            between = range(last.clause.end, clause.first)
            moves = any(self.cues.at(i, "parts", use) is not None for i in between for use in ("from", "to"))
            if moves and self.clauses.filler(last.clause.end, clause.first):
                return True
        scaled = any(self.cues.longest(i, "scales") is not None for i in range(clause.first, clause.end))
        recent = self.tokens.sentences[clause.first] - last.sentence <= 1
        amounts = [d for d in self.drafts[-_AMOUNTS:] if d.quantity.unit not in ("percent", "times", "rank", None)]
        return scaled and recent and bool(amounts) and amounts[-1].quantity.unit == last.quantity.unit

    def shared_noun(self, quantity: Quantity, clause: Clause) -> tuple[int, int] | None:
        """The noun of the next figure of the sentence, where this figure has the same unit and no noun."""
        if self.tokens.ends[clause.end - 1] > quantity.number_end > 0:
            return None
        k = self.figures.index_at(clause.first) + 1
        if k >= len(self.figures.spans) or self.figures.quantities[k].unit != quantity.unit:
            return None
        first, end = self.figures.spans[k]
        if self.tokens.sentences[first] != self.tokens.sentences[clause.first]:
            return None
        while first < end and self.tokens.starts[first] < self.figures.quantities[k].number_end:
            first += 1
        return (first, end) if first < end else None
