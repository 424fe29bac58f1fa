"""What a report is about, as weighted words: title and lead in, a sparse unit vector out.

Terms are words, pairs of neighbouring words (a Vietnamese word is mostly two syllables) and numbers, folded, by hash. How
rare a term is was counted once (index/story_model/rarity.npz, made by benchmarks/train_stories.py), so a vector depends on
its own text alone and never on what else is stored or in which order it came.

>>> likeness(terms("Giá vàng tăng 2%", "", "vi"), terms("Vàng tăng giá 2%", "", "vi")) > 0.3
True
"""

import re
from functools import cache
from itertools import pairwise
from math import log, sqrt
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from extract.lexicon import languages, lexicon
from index.words import fold

MODEL = Path(__file__).parent / "story_model" / "rarity.npz"
TITLE = 1.5
"""How much a term of the title counts against one of the lead."""
NUMBER = 1.3
NAME = 1.5
"""How much a number, and a pair of words with capitals, count against another word."""
LEAD = 400
"""Characters of the text that are looked at: what a lead holds."""
UNSEEN = 2.0
"""In how many of the counted reports a term is taken to stand that stands in too few to be listed."""

Terms = dict[int, float]

_WORD = re.compile(r"\w+(?:[.,]\d+)*")


@cache
def _rarity() -> tuple[dict[int, int], float]:
    with np.load(MODEL, allow_pickle=False) as stored:
        return dict(zip(stored["terms"].tolist(), stored["counts"].tolist(), strict=True)), float(stored["reports"])


@cache
def _common(language: str) -> frozenset[str]:
    facts = lexicon(language).facts if language in languages() else {}
    return frozenset(fold(word) for word in facts.get("words", ()))


def units(text: str) -> list[tuple[str, float]]:
    """Terms of a text in order, each with what its kind counts: numbers and names more than other words."""
    printed = _WORD.findall(text)
    words = [fold(word) for word in printed]
    single = [(word, NUMBER if word[0].isdigit() else 1.0) for word in words]
    names = [one[0].isupper() and other[0].isupper() for one, other in pairwise(printed)]
    pairs = zip(pairwise(words), names, strict=True)
    return single + [(f"{one} {other}", NAME if name else 1.0) for (one, other), name in pairs]


def number(term: str) -> int:
    """The hash of a term."""
    return crc32(term.encode("utf-8", "surrogatepass"))


def terms(title: str, lead: str, language: str) -> Terms:
    """The vector, of length 1; empty where there is no word."""
    counts, reports = _rarity()
    common = _common(language)
    found: Terms = {}
    for text, weight in ((title, TITLE), (lead[:LEAD], 1.0)):
        for term, kind in units(text):
            if term in common:
                continue
            key = number(term)
            rare = log(reports / counts.get(key, UNSEEN))
            found[key] = max(found.get(key, 0.0), weight * rare * kind)
    length = sqrt(sum(value * value for value in found.values()))
    return {key: value / length for key, value in found.items()} if length else {}


def likeness(a: Terms, b: Terms) -> float:
    """Cosine of two vectors."""
    if len(a) > len(b):
        a, b = b, a
    return sum(value * b[key] for key, value in a.items() if key in b)


def telling(vector: Terms, most: int) -> list[Any]:
    """The keys of the `most` heaviest terms, by which other reports of the event are found."""
    return sorted(vector, key=lambda key: (-vector[key], key))[:most]
