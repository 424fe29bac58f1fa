"""What a sentence is worth, in numbers: candidates of one text in, a matrix out, one row a candidate.

Every feature is counted: overlap with title and first sentence, position, repetition, length, figures, references, and the
chance that a person's summary would use its words (summary_model.Words). None knows a language.

>>> found = candidates("GDP năm 2025 tăng 8,02%. Xuất khẩu cả năm đạt 475 tỷ USD.", "vi")
>>> features(found, title_words("GDP tăng 8,02%"), [0, 1], chances(found, (), model)).shape
(2, 40)
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any
from zlib import crc32

import numpy as np

from extract.summary_sentence import Candidate

Matrix = np.ndarray[Any, np.dtype[np.float64]]
Unit = tuple[str, ...]
"""A word, or two that stand side by side."""

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
LENGTH = 34
"""Words of a person's summary of one article, on average (the editors' abstracts of vietnews)."""
FAR = 60
"""Sentences that are looked at for repetition: a text of 200 pages is its beginning and its title, and takes no longer."""


def title_words(title: str | None) -> tuple[str, ...]:
    """The words of a headline, in small letters."""
    return tuple(_WORD.findall(title.lower())) if title else ()


def key(unit: Unit) -> int:
    """The number by which a unit is found in the model."""
    return crc32(" ".join(unit).encode("utf-8", "surrogatepass"))


@dataclass(slots=True)
class Units:
    """The words, or pairs of words, of a text: `of[i]` are numbers of those in candidate i; `facts` is one row a unit."""

    of: list[list[int]]
    names: list[Unit]
    facts: Matrix


FACTS = 12


def units(found: Sequence[Candidate], title: Sequence[str], n: int) -> Units:
    """Units of `n` words with what is known of each: how often, where first, in the title, in the first sentences."""
    numbers: dict[Unit, int] = {}
    of: list[list[int]] = []
    counts: Counter[int] = Counter()
    spread: Counter[int] = Counter()
    first: list[int] = []
    for candidate in found:
        cut = list(zip(*(candidate.words[k:] for k in range(n)), strict=False))
        own = []
        for unit in cut:
            number = numbers.setdefault(unit, len(numbers))
            if number == len(first):
                first.append(candidate.position)
            own.append(number)
        counts.update(own)
        spread.update(set(own))
        of.append(own)
    names = list(numbers)
    titled = set(zip(*(title[k:] for k in range(n)), strict=False))
    words = set(title)
    size = len(names)
    if not size:
        return Units(of, names, np.zeros((0, FACTS)))
    tf = np.array([counts[i] for i in range(size)], float)
    sf = np.array([spread[i] for i in range(size)], float)
    at = np.array(first, float)
    in_title = np.array([unit in titled for unit in names], float)
    near_title = np.array([sum(word in words for word in unit) / n for unit in names], float)
    leads = [set(of[i]) if i < len(of) else set() for i in range(3)]
    inside = [np.array([i in lead for i in range(size)], float) for lead in leads]
    numeric = np.array([any(word[0].isdigit() for word in unit) for unit in names], float)
    total = max(1, len(found))
    facts = np.stack(
        [
            np.log(tf), np.log(sf), np.log1p(at), at / total, in_title, near_title, *inside, numeric,
            in_title * np.log(sf), inside[0] * near_title,
        ],
        axis=1,
    )  # fmt: skip
    return Units(of, names, facts)


@dataclass(slots=True)
class Chances:
    """`one`, `two`: the chance of each word, and of each pair, to stand in a person's summary."""

    words: Units
    pairs: Units
    one: Matrix
    two: Matrix

    def gain(self, i: int, done: tuple[set[int], set[int]] = (set(), set())) -> float:
        """What of the expected summary candidate `i` says that `done` has not said: words and pairs, summed."""
        one = sum(float(self.one[u]) for u in set(self.words.of[i]) - done[0])
        return one + sum(float(self.two[u]) for u in set(self.pairs.of[i]) - done[1])


def _f1(hits: float, own: float, length: float) -> float:
    return 2 * hits / (own + length) if own + length else 0.0


def features(found: Sequence[Candidate], title: Sequence[str], figures: Sequence[int], chances: Chances) -> Matrix:
    """The matrix. `figures[i]` is how many published figures stand in candidate i."""
    total = len(found)
    titled, title_pairs = set(title), set(pairwise(title))
    counts = Counter(word for candidate in found[:FAR] for word in set(candidate.words))
    lead = set(found[0].words) if found else set()
    rows = []
    for i, candidate in enumerate(found):
        words = set(candidate.words)
        pairs = set(pairwise(candidate.words))
        size = max(1, len(candidate.words))
        shared, shared_pairs = words & titled, pairs & title_pairs
        rare = sum(log(1 + total / counts[w]) if counts[w] else log(1 + total) for w in titled) or 1.0
        repeated = sum(counts[w] > 1 for w in words) / max(1, len(words))
        one, two = (
            sum(float(c[u]) for u in set(of[i]))
            for c, of in ((chances.one, chances.words.of), (chances.two, chances.pairs.of))
        )
        before = set(found[i - 1].words) if i else set()
        after = set(found[i + 1].words) if i + 1 < total else set()
        rows.append(
            [
                log(1 + i), i / total, i == 0, i == 1, i == total - 1, log(total), candidate.paragraph == 0,
                i == 0 or found[i - 1].paragraph != candidate.paragraph,
                size, log(size), abs(size - LENGTH),
                candidate.leans, len(candidate.needs) > 0, candidate.quoted, candidate.asks, candidate.capitals,
                candidate.numbers, candidate.numbers / size, figures[i], figures[i] > 0,
                len(shared) / max(1, len(titled)), len(shared) / max(1, len(words)),
                len(shared_pairs) / max(1, len(title_pairs)), len(shared_pairs) / max(1, len(pairs)),
                sum(log(1 + total / counts[w]) if counts[w] else 0.0 for w in shared) / rare,
                sum(w[0].isdigit() for w in shared), len(titled),
                len(words & lead) / max(1, len(lead)), len(words & lead) / max(1, len(words)),
                repeated, sum(log(counts[w]) for w in words if counts[w]) / max(1, len(words)),
                len(words & before) / max(1, len(words)), len(words & after) / max(1, len(words)),
                one / size, two / size, _f1(one, size, LENGTH), _f1(two, size - 1, LENGTH - 1),
            ]
        )  # fmt: skip
    if not rows:
        return np.zeros((0, 40))
    matrix = np.array(rows, float)
    # the best of the text in title overlap and in expected words, and how far each falls short of it
    ends = matrix[:, [20, 35, 36]]
    return np.hstack([matrix, ends.max(axis=0) - ends])
