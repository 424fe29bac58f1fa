"""ROUGE-1, -2 and -L: two texts in, three F1 values out (Lin 2004). Words, in small letters, no stemming.

For Vietnamese a word is a syllable. Scorers that split at diacritics count letters and give far higher values.

>>> rouge("GDP tăng 8,02%", "GDP tăng 8,02% năm 2025").one
0.8
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

_WORD = re.compile(r"\w+")


class Rouge(NamedTuple):
    """F1 of words, of pairs of words, and of the longest common subsequence."""

    one: float
    two: float
    long: float


def words(text: str) -> list[str]:
    """The words that are counted."""
    return _WORD.findall(text.lower())


def _f1(hits: int, a: int, b: int) -> float:
    return 2 * hits / (a + b) if hits else 0.0


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence, bit-parallel (Hyyrö 2004)."""
    where: dict[str, int] = {}
    for i, word in enumerate(a):
        where[word] = where.get(word, 0) | 1 << i
    row = every = (1 << len(a)) - 1
    for word in b:
        hits = row & where.get(word, 0)
        row = (row + hits | row - hits) & every
    return len(a) - row.bit_count()


def rouge(summary: str | Sequence[str], reference: str | Sequence[str]) -> Rouge:
    """Score texts, or lists of words."""
    a = words(summary) if isinstance(summary, str) else list(summary)
    b = words(reference) if isinstance(reference, str) else list(reference)
    one = (Counter(a) & Counter(b)).total()
    two = (Counter(pairwise(a)) & Counter(pairwise(b))).total()
    return Rouge(_f1(one, len(a), len(b)), _f1(two, len(a) - 1, len(b) - 1), _f1(_common(a, b), len(a), len(b)))
