"""Summary: sentences of a text that stand for it, as offsets, with the figures they carry.

In: nothing. Out: `Summary(sentences=(Chosen(0, 41, (0,)),), method="learned", language="vi")`; its words are
`summary.words(text)`, whole sentences of `text` in its own order, so that nothing in it was written by a program.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extract.statement import Statement


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure as far as a summary needs it: where it stands in the text, and what it is."""

    start: int
    end: int
    value: Decimal | None
    unit: str | None

    @classmethod
    def of(cls, statement: Statement) -> "Figure":
        """The figure of a statement."""
        receipt, quantity = statement.provenance, statement.quantity
        return cls(receipt.start, receipt.end, quantity.value, quantity.unit)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One sentence: `start`, `end` are code points into the text; `figures` are indices of those that stand in it."""

    start: int
    end: int
    figures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """`sentences` in the order of the text; none where there is a `reason` why not."""

    sentences: tuple[Chosen, ...]
    method: str
    """learned; lead, where the language is none of ours; a model's id, where one was set and its numbers held."""
    language: str
    reason: str | None = None
    """Why there is no summary, why it is the lead, or why a model's was not taken: a word of REASONS."""

    def words(self, text: str) -> str:
        """The summary in words; `text` is what it was made from."""
        return " ".join(quote(text, sentence) for sentence in self.sentences)


REASONS = ("empty", "no_sentences", "unknown_language", "number_lock", "no_model")
"""What a `reason` may be: no text; only lines without sentences (tables, prices, captions, headings); a language that no
table knows; a model's summary that failed the number lock; a model that could not be loaded."""


def quote(text: str, sentence: Chosen) -> str:
    """The words of one sentence on one line."""
    return " ".join(text[sentence.start : sentence.end].split())


def figures_of(statements: Sequence[Statement]) -> list[Figure]:
    """The figures of an extraction, in its order."""
    return [Figure.of(statement) for statement in statements]
