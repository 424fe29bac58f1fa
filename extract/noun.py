"""Whether a phrase names something measurable, as the tables of heads and indicators know it.

In: `Cues` and a span of tokens. Out: yes or no; and the plain form of a name.

>>> from extract.pipeline import read
>>> is_head(Cues(read("doanh thu du lịch", "vi").tokens), (0, 4))
True
"""

from functools import cache

from extract.cue import Cues
from extract.lexicon import lexicon

_LONGEST = 4
"""Words of the longest measurable noun."""


def is_head(cues: Cues, span: tuple[int, int] | None) -> bool:
    """Whether a span holds a measurable noun, at its start where the language's nouns come first."""
    if span is None:
        return False
    tokens = cues.tokens
    ends = _ends(tokens.language)
    for i in range(*span):
        for match in tokens.matches.get(i, ()):
            if match.end > span[1]:
                continue
            if match.row.category == "heads" and not (match.row.data.get("stock") or match.row.data.get("generic")):
                if match.row.data.get("where") != "start" or i == span[0]:
                    return True
            elif match.row.category == "indicators" and i == span[0]:
                return True
        if any(len(tokens.lower[i]) > len(end) + 1 and tokens.lower[i].endswith(end) for end in ends):
            return True
    return False


def head_at_end(cues: Cues, span: tuple[int, int]) -> int:
    """Where a measurable noun begins that ends a span it does not open ("Sân bay Long Thành | công suất"), else 0."""
    for i in range(max(span[0] + 2, span[1] - _LONGEST), span[1]):
        for match in cues.tokens.matches.get(i, ()):
            if match.end == span[1] and match.row.category == "heads" and match.row.data.get("where") == "start":
                return i
    return 0


def indefinite(phrase: str, language: str) -> str:
    """The phrase with its first word in the form that names ("turismintäkterna" → "turismintäkter")."""
    first, space, rest = phrase.partition(" ")
    for end, plain in _indefinite(language):
        if first.endswith(end) and len(first) >= len(end):
            return first.removesuffix(end) + plain + space + rest
    return phrase


@cache
def _ends(language: str) -> tuple[str, ...]:
    return tuple(end for row in lexicon(language).category("heads") for end in row.data.get("ends", ()))


@cache
def _indefinite(language: str) -> tuple[tuple[str, str], ...]:
    pairs = (pair for row in lexicon(language).category("heads") for pair in row.data.get("indefinite", ()))
    return tuple((end, plain) for end, plain in pairs)
