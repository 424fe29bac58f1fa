"""Why a number with its unit is no figure after all: it bounds a class, belongs to a name, counts how often, or a row excludes it.

In: `Figures`, a quantity with its clause, and the figure before. Out: a reason, or None.
"""

from extract.clause import Clause
from extract.figures import COUNTED, Figures, dimension
from extract.period_scope import PeriodScope
from extract.quantity import Quantity
from extract.statement_draft import Draft

_CLASS_REACH = 8
"""Words between a count and the bound of its class."""


class FigureFilter:
    """Decides for one text, figure by figure."""

    def __init__(self, figures: Figures, scope: PeriodScope) -> None:
        self.figures = figures
        self.tokens = figures.tokens
        self.cues = figures.cues
        self.scope = scope

    def reason(self, quantity: Quantity, clause: Clause, last: Draft | None) -> str | None:
        """Why a quantity is no figure, None where it is one."""
        measured = dimension(quantity.unit) if quantity.unit else None
        if self._bounds_a_class(quantity, clause, last):
            return "bounds_a_class"
        for match in self.cues.within(
            "exclusions", self.figures.sentence_start[self.tokens.sentences[clause.first]], clause.first
        ):
            where, reason = match.row.data["where"], match.row.data["reason"]
            if where == "sentence" or (where == "before" and match.end == clause.first and reason != "duration"):
                return str(reason)
        plain = quantity.unit is None or measured in COUNTED or quantity.unit == "times"
        noun = clause.first
        while noun < clause.end and self.tokens.starts[noun] < quantity.number_end:
            noun += 1
        behind = self.cues.at(noun, "exclusions") if plain else None
        if behind is not None and behind.row.data["where"] == "after" and behind.end >= clause.end:
            return str(behind.row.data["reason"])
        if plain and self._name_number(quantity, clause):
            return "number_of_a_name"
        counts = self.tokens.numeric[clause.first] or quantity.value == 1
        compared = clause.cues or self.scope.base(quantity.start, quantity.end) is not None
        if quantity.unit == "times" and counts and not compared:
            return "frequency"
        return None

    def class_bound(self, quantity: Quantity, clause: Clause) -> int:
        """Token at which the bound ends that says which things a figure counts, 0 where there is none."""
        k = self.figures.index_at(clause.first) + 1
        if k >= len(self.figures.spans) or self.figures.quantities[k].qualifier in (None, "about"):
            return 0
        first, end = self.figures.spans[k]
        if self.tokens.sentences[first] != self.tokens.sentences[clause.first] or not self._one_phrase(
            clause.end, first
        ):
            return 0
        return end

    def _one_phrase(self, start: int, end: int) -> bool:
        """Whether tokens `start` up to `end` are a few words without a mark or a conjunction."""
        between = self.tokens.words[start:end]
        if not between or len(between) > _CLASS_REACH or any(word in ",;:.(" for word in between):
            return False
        return all(self.cues.at(i, "fillers", "join") is None for i in range(start, end))

    def _bounds_a_class(self, quantity: Quantity, clause: Clause, last: Draft | None) -> bool:
        """Whether a bound only says which things were counted right before it ("8 mặt hàng đạt trên 10 tỷ USD")."""
        if (
            last is None
            or quantity.qualifier in (None, "about")
            or last.sentence != self.tokens.sentences[clause.first]
        ):
            return False
        if not self._one_phrase(last.clause.end, clause.first):
            return False
        if quantity.unit is not None and last.quantity.unit == "person" and dimension(quantity.unit) == "money":
            return False  # "cheated 6,630 investors out of more than 8 trillion": no class of investors
        return last.counted or (
            last.reading.measure == "share" and last.quantity.unit == "percent" and last.naming.part == ""
        )

    def _name_number(self, quantity: Quantity, clause: Clause) -> bool:
        """A small number that ends a capitalised name of two words or more ("Huong Lo 2")."""
        words, i = self.tokens.words, clause.first
        if quantity.qualifier is not None or not words[i].isdigit() or len(words[i]) > 3 or i < 2:
            return False
        sentences = self.tokens.sentences
        return all(
            words[k][:1].isupper() and words[k].isalpha() and sentences[k] == sentences[i] for k in (i - 1, i - 2)
        )
