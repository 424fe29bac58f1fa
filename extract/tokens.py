"""The text as tokens: what every reader of this layer walks over.

In: normalised text (source_text). Out: `Tokens`, parallel lists of words, offsets, sentence numbers and vocabulary matches.
A number keeps its separators ("3.261,5"), digits and letters part ("99.934|MW", "5|G", "38.4|bn"), letters with digits
after them stay one code ("m2", "QL5", "RON95") unless the letters are a prefix of the lexicon ("VND|3.2"). A newline is a
token of its own, other spaces are none.

>>> Tokens.of("đạt 6,5-7% GDP").words
['đạt', '6,5', '-', '7', '%', 'GDP']
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple


@cache
def _pattern(prefixes: frozenset[str]) -> re.Pattern[str]:
    letters = "|".join(sorted(map(re.escape, prefixes), key=len, reverse=True)) or "(?!)"
    return re.compile(
        r"\d+(?:[.,]\d+)*"  # a number with its separators
        rf"|(?<![^\W\d_])(?:{letters})(?=\d)"
        r"|[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*(?:\d+\w*)?"
        r"|\n|\S",
        re.IGNORECASE,
    )


_DATELINE = 16
"""Tokens of the longest dateline ("HANOI, Oct. 4 (Xinhua) --")."""
_DASH = frozenset("-–—―")
_DATELINE_MARKS = frozenset(".,()/")
_END = frozenset(".!?…")
_CLOSING = frozenset("\"'”’»)]")
_OPENING = frozenset("\"'“‘«([-–—•+*")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a language's tables: `id` is `vi.units.vnd`, `data` its other keys."""

    id: str
    category: str
    phrases: tuple[str, ...]
    data: Mapping[str, Any]


class Match(NamedTuple):
    """Vocabulary found: tokens `start` up to (not including) `end` say a phrase of `row`."""

    start: int
    end: int
    row: Row


@dataclass(slots=True)
class Tokens:
    """Parallel lists, one entry a token. `starts`/`ends` are offsets into `text`; `sentences[i]` counts from 0, and is -1 in
    the dateline that a report may open with ("HÀ NỘI — …")."""

    text: str
    language: str
    words: list[str] = field(default_factory=list)
    lower: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    numeric: list[bool] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    matches: dict[int, list[Match]] = field(default_factory=dict)
    """By first token, longest first; filled by the pipeline from the lexicon."""
    claims: list[str | None] = field(default_factory=list)
    """Who has taken a token as its own: mask, period, quantity. Readers run in that order and leave claimed tokens alone."""

    @classmethod
    def of(
        cls, text: str, language: str = "vi", prefixes: Collection[str] = (), abbreviations: Collection[str] = ()
    ) -> "Tokens":
        """Cut `text`. `prefixes` (lower case) are letters to part from digits after them; `abbreviations` end no sentence."""
        self = cls(text, language)
        spans = [match.span() for match in _pattern(frozenset(prefixes)).finditer(text)]
        words = self.words = [text[start:end] for start, end in spans]
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.numeric = [word[0].isdecimal() for word in words]
        self.lower = [word.lower() for word in words]
        self.claims = [None] * len(words)
        self._count_sentences(abbreviations)
        return self

    def _count_sentences(self, abbreviations: Collection[str]) -> None:
        words, sentences, n = self.words, self.sentences, 0
        last = len(words) - 1
        pending = False
        opened = self._dateline()
        sentences.extend([-1] * opened)
        for i in range(opened, len(words)):
            word = words[i]
            if pending and word not in _CLOSING:
                n, pending = n + 1, False
            sentences.append(n)
            if word == "\n":
                pending = True
            elif word in _END and i < last and (self.starts[i + 1] > self.ends[i] or words[i + 1] in _CLOSING):
                before = self.lower[i - 1] if i and self.starts[i] == self.ends[i - 1] else ""
                if word == "." and (before in abbreviations or (len(before) == 1 and before.isalpha())):
                    continue
                after = words[i + 1]
                pending = not after[0].islower()

    def _dateline(self) -> int:
        """Tokens of the dateline: names in capitals, a date or an agency in brackets up to a dash that stands apart; 0 where
        the text opens with none."""
        words = self.words
        dated = False
        for i, word in enumerate(words[:_DATELINE]):
            if word in _DASH:
                end = i + 1 + (i + 1 < len(words) and words[i + 1] in _DASH)
                apart = i > 0 and self.starts[i] > self.ends[i - 1] and end < len(words) and not self.glued(end)
                loud = all(w.isupper() for w in words[:i] if w[0].isalpha())
                if not apart or not words[0][0].isalpha():
                    return 0
                return end if dated or (loud and not words[end].isupper()) else 0
            if not (word[0].isupper() or word[0].isdigit() or word in _DATELINE_MARKS):
                return 0
            dated = dated or word == "("
        return 0

    def __len__(self) -> int:
        return len(self.words)

    def glued(self, i: int) -> bool:
        """Whether token `i` follows the one before it without a space."""
        return i > 0 and self.starts[i] == self.ends[i - 1]

    def quote(self, first: int, end: int) -> str:
        """The exact characters of tokens `first` up to (not including) `end`."""
        return self.text[self.starts[first] : self.ends[end - 1]]

    def longest(self, i: int, *categories: str) -> Match | None:
        """The longest vocabulary match that starts at token `i` in one of `categories` and touches no claimed token."""
        for match in self.matches.get(i, ()):
            if match.row.category in categories and not any(self.claims[match.start : match.end]):
                return match
        return None

    def ending(self, end: int, *categories: str) -> Match | None:
        """The longest vocabulary match that ends before token `end`, of at most six tokens, likewise."""
        matches = self.matches
        for start in range(max(0, end - 6), end):
            for match in matches.get(start, ()):
                if match.end == end and match.row.category in categories and not any(self.claims[start:end]):
                    return match
        return None

    def claim(self, first: int, end: int, owner: str) -> None:
        """Take tokens `first` up to (not including) `end`."""
        self.claims[first:end] = [owner] * (end - first)
