"""The quantities of a text that may be figures, with the tokens they stand at.

In: a `Reading` and its cues. Out: `Figures`: quantities, their tokens, where each sentence begins and ends, and the numbers
that are none with the reason.
"""

from bisect import bisect_left, bisect_right
from functools import cache

from extract.cue import Cues
from extract.lexicon import catalogue
from extract.pipeline import Reading
from extract.quantity import Quantity

COUNTED = frozenset({"count", "people", "visits", "events", "households", "deaths", "injuries", "missing", "trips"})
"""Dimensions of units that are nouns."""

_DURATIONS = frozenset({"time", "age"})
_SPAN_REACH = 12
"""Words before a length of time within which what it measures is named."""


@cache
def dimension(unit: str) -> str:
    """The dimension of a canonical unit, that of its head for a compound; `count` for nouns that no table has."""
    for row in catalogue("units").values():
        if row.get("unit") == unit:
            return str(row.get("dimension", "count"))
    head, slash, _ = unit.partition("/")
    return dimension(head) if slash else "count"


def is_counted(unit: str | None) -> bool:
    """Whether a unit is a noun that is counted."""
    return unit is not None and "/" not in unit and dimension(unit) in COUNTED


class Figures:
    """`quantities` and `spans` (their tokens, half open) in reading order; `ignored` holds (start, end, reason)."""

    def __init__(self, reading: Reading, cues: Cues) -> None:
        self.tokens = reading.tokens
        self.cues = cues
        self.ignored: list[tuple[int, int, str]] = []
        self.sentence_start: dict[int, int] = {}
        self.sentence_end: dict[int, int] = {}
        for i, sentence in enumerate(self.tokens.sentences):
            self.sentence_start.setdefault(sentence, i)
            self.sentence_end[sentence] = i + 1
        self.quantities = self._figures(reading.quantities)
        self.spans = [self.tokens_of(q.start, q.end) for q in self.quantities]

    def tokens_of(self, start: int, end: int) -> tuple[int, int]:
        """The tokens of characters `start` up to `end`."""
        first = max(0, bisect_right(self.tokens.starts, start) - 1)
        return first, max(first + 1, bisect_left(self.tokens.starts, end))

    def index_at(self, first: int) -> int:
        """The place in the list of the figure that begins at token `first`."""
        return bisect_left(self.spans, (first, 0))

    def same_sentence(self, i: int, k: int) -> bool:
        """Whether tokens `i` and `k` stand in one sentence."""
        return self.tokens.sentences[i] == self.tokens.sentences[k]

    def _figures(self, quantities: list[Quantity]) -> list[Quantity]:
        """The quantities that may be figures; durations, ages and numbers without a value are words like others."""
        figures = []
        for quantity in quantities:
            reason = None
            if quantity.value is None:
                reason = quantity.reason or "no_value"
            elif quantity.unit is not None and dimension(quantity.unit) in _DURATIONS:
                reason = None if self._is_measured(quantity) else "duration"
            elif quantity.role == "paired":
                reason = "second_currency"
            if reason is None:
                figures.append(quantity)
            else:
                self.ignored.append((quantity.start, quantity.end, reason))
        return figures

    def _is_measured(self, quantity: Quantity) -> bool:
        """Whether a length of time is what its sentence measures ("tuổi thọ trung bình đạt 74,7 tuổi")."""
        first, _ = self.tokens_of(quantity.start, quantity.end)
        for i in range(first - 1, max(-1, first - _SPAN_REACH), -1):
            if self.tokens.words[i] in ",;.:\n":
                return False
            if any(m.row.category == "heads" and m.row.data.get("span") for m in self.tokens.matches.get(i, ())):
                return True
        return False
