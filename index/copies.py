"""Wire copies: texts in, groups of nearly the same text out.

>>> group(["a", "b", "c"], near={"b": {"a": 24}}.get, text_of=texts.get)
{'b': ('a', 0.97)}

A text is the set of its sequences of SHINGLE words; of their hashes the SKETCH smallest stand for it (bottom-k sampling,
Broder 1997). Only texts that share some of these and were published within WINDOW days are compared, and only with the
first text of each group. Whether two texts are compared depends on the two alone: so the groups of a new text are found
again from the texts that lead to it, step by step, without looking at any other.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from zlib import crc32

from index.words import fold

SHINGLE = 5
SKETCH = 24
SHARED = 4
"""Hashes of two sketches that must be equal before the texts are compared."""
ALIKE = 0.7
"""Share of the shorter text's sequences that the longer one must hold."""
LONGER = 3.0
"""How many times longer the longer one may be."""
SHORTEST = 20
"""Words; a shorter text is nobody's copy."""
WINDOW = 31
"""Days between a text and its copy; beyond them the same words are a column that returns, not a wire story."""
MOST = 5
"""Groups that a text is compared with, the likeliest first."""

_WORD = re.compile(r"[^\W_]+")
_FACTOR = 0x9E3779B97F4A7C15
_ODD = 0xD6E8FEB86659FD93


@lru_cache(maxsize=1 << 16)
def _number(word: str) -> int:
    return crc32(fold(word).encode("utf-8", "surrogatepass"))


def shingles(text: str) -> frozenset[int]:
    """Hashes of all sequences of SHINGLE words, without regard to marks, capitals and punctuation."""
    return frozenset(_hashes(text).tolist())


def _hashes(text: str) -> Any:
    """The hashes as a sorted array of 64-bit integers."""
    import numpy as np  # loads only where texts are compared

    words = np.fromiter(map(_number, _WORD.findall(text.lower())), dtype=np.uint64)
    if len(words) < SHINGLE:
        return np.empty(0, dtype=np.int64)
    found = np.zeros(len(words) - SHINGLE + 1, dtype=np.uint64)
    for i in range(SHINGLE):  # a polynomial of the words, then its bits mixed
        found = found * np.uint64(_FACTOR) + words[i : len(words) - SHINGLE + 1 + i]
    found ^= found >> np.uint64(32)
    found *= np.uint64(_ODD)
    found ^= found >> np.uint64(29)
    return np.unique((found >> np.uint64(16)).astype(np.int64))


def sketch(text: str) -> list[int]:
    """The SKETCH smallest of them, empty for a short text."""
    found = _hashes(text)
    smallest: list[int] = found[:SKETCH].tolist() if len(found) > SHORTEST - SHINGLE else []
    return smallest


def day_number(published: str | None, fetched: str) -> int:
    """The day that the window counts from: of publication, else of the first capture."""
    return date.fromisoformat((published or fetched)[:10]).toordinal()


def group(
    order: Iterable[str], near: Callable[[str], Mapping[str, int] | None], text_of: Callable[[str], str]
) -> dict[str, tuple[str, float]]:
    """For each copy the first article of its group and how alike they are.

    `order` is by time; `near` gives the articles that share at least SHARED hashes with one, and how many.
    """
    heads: set[str] = set()
    copies: dict[str, tuple[str, float]] = {}
    known = lru_cache(maxsize=256)(lambda id_: shingles(text_of(id_)))
    for id_ in order:
        likely = sorted((-shared, other) for other, shared in (near(id_) or {}).items() if other in heads)[:MOST]
        best: tuple[float, str] | None = None
        for _, head in likely:
            mine, other = known(id_), known(head)
            few, many = sorted((len(mine), len(other)))
            alike = len(mine & other) / few if few else 0.0
            if alike >= ALIKE and many <= LONGER * few and (best is None or alike > best[0]):
                best = (alike, head)
        if best:
            copies[id_] = (best[1], round(best[0], 3))
        else:
            heads.add(id_)
    return copies
