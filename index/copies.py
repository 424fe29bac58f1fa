"""Wire copies: texts in, groups of nearly the same text out.

>>> group([("a", text), ("b", text + " Theo hãng tin."), ("c", other)])
{'b': ('a', 0.97)}

A text is the set of its sequences of SHINGLE words; of their hashes the SKETCH smallest stand for it (bottom-k sampling,
Broder 1997). Only texts that share some of these are compared, and only with the first text of each group, so the work stays
linear.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
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

_WORD = re.compile(r"[^\W_]+")


def shingles(text: str) -> frozenset[int]:
    """Hashes of all sequences of SHINGLE words, without regard to marks, capitals and punctuation."""
    words = [word.encode("utf-8", "surrogatepass") for word in _WORD.findall(fold(text))]
    return frozenset(crc32(b" ".join(words[i : i + SHINGLE])) for i in range(len(words) - SHINGLE + 1))


def sketch(text: str) -> list[int]:
    """The SKETCH smallest of them, empty for a short text."""
    found = shingles(text)
    return sorted(found)[:SKETCH] if len(found) > SHORTEST - SHINGLE else []


def group(
    order: Iterable[str], sketches: Mapping[str, Collection[int]], text_of: Callable[[str], str]
) -> dict[str, tuple[str, float]]:
    """For each copy the first article of its group and how alike they are. `order` is by time of publication."""
    heads: dict[int, list[str]] = {}
    copies: dict[str, tuple[str, float]] = {}
    for id_ in order:
        own = sketches[id_]
        shared: dict[str, int] = {}
        for value in own:
            for head in heads.get(value, ()):
                shared[head] = shared.get(head, 0) + 1
        best: tuple[float, str] | None = None
        if shared:
            likely = sorted((h for h in shared if shared[h] >= SHARED), key=lambda h: -shared[h])[:5]
            mine = shingles(text_of(id_)) if likely else frozenset()
            for head in likely:
                other = shingles(text_of(head))
                few, many = sorted((len(mine), len(other)))
                alike = len(mine & other) / few if few else 0.0
                if alike >= ALIKE and many <= LONGER * few and (best is None or alike > best[0]):
                    best = (alike, head)
        if best:
            copies[id_] = (best[1], round(best[0], 3))
        else:
            for value in own:
                heads.setdefault(value, []).append(id_)
    return copies
