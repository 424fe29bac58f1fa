"""What the slots of a period template hold: tokens in, values out.

{n}, {day}, {month}, {quarter} are digits, or the words that rows of kind "slot" give for them; {year} is four digits, {yy}
two; numbers written together are {dm} 30/6, {dmy} 30-6-2026, {my} 11/2025, {ymd} 2026-06-30; {dm_clear} is a {dm} that can be
no fraction; {dash} is any dash. Every other name is that of a table of words in `periods.toml`. Numbers written together have
one value: 30-6-2026 is 20260630, 11/2025 is 202511, 30/6 is 630.

>>> SHAPES["dmy"](Tokens.of("30-6-2026"), 0)
((20260630, 5),)
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from extract.time_span import YEARS
from extract.tokens import Tokens

DASHES = frozenset("-–—‑−~")
PIECE = re.compile(r"\{\w+\}|[\[\]()|]|[^\W\d_]+\d*|\d+|[^\s\w]")
"""The pieces of a template or phrase: slots, brackets, words, numbers, marks."""
SMALL = {"n": 24, "day": 31, "month": 12, "quarter": 4}
"""Slots that hold a small number, and the largest one."""
Read = Callable[[Tokens, int], Sequence[tuple[int, int]]]
"""Reads a slot at a token: pairs of the value and the token after it."""


@dataclass(slots=True)
class WordTable:
    """A trie of the words of one slot: value and, where capitals count, the spellings that they allow."""

    words: dict[str, "WordTable"] = field(default_factory=dict)
    value: int | None = None
    cased: frozenset[str] = frozenset()

    def plant(self, phrase: str, value: int) -> None:
        """Add a phrase; where it has a capital, capitals count."""
        table = self
        for piece in PIECE.findall(phrase.lower()):
            table = table.words.setdefault(piece, WordTable())
        table.value = value
        if phrase != phrase.lower():
            table.cased |= {phrase}


def number_or_word(largest: int, table: WordTable) -> Read:
    """The reader of a slot that takes a number up to `largest` (0: none) or a phrase of `table`."""

    def read(tokens: Tokens, i: int) -> Sequence[tuple[int, int]]:
        if tokens.numeric[i]:
            word = tokens.words[i]
            if len(word) <= 2 and largest and 1 <= (number := int(word)) <= largest:
                return ((number, i + 1),)
            return ()
        node, at, n = table, i, len(tokens.words)
        found = []
        while at < n and (following := node.words.get(tokens.lower[at])) is not None:
            node, at = following, at + 1
            if node.value is not None and (not node.cased or tokens.quote(i, at) in node.cased):
                found.append((node.value, at))
        return found

    return read


def _year(tokens: Tokens, i: int) -> Sequence[tuple[int, int]]:
    word = tokens.words[i]
    return ((int(word), i + 1),) if len(word) == 4 and word.isdecimal() and int(word) in YEARS else ()


def _short_year(tokens: Tokens, i: int) -> Sequence[tuple[int, int]]:
    word = tokens.words[i]
    return ((int(word), i + 1),) if len(word) == 2 and word.isdecimal() and tokens.glued(i) else ()


def _dash(tokens: Tokens, i: int) -> Sequence[tuple[int, int]]:
    return ((0, i + 1),) if tokens.words[i] in DASHES else ()


def _parts(tokens: Tokens, i: int, count: int) -> tuple[list[str], int] | None:
    """The `count` numbers that are written together from token `i` on ("30/6", "5.1.2026") and the token after them."""
    words = tokens.words
    dotted = words[i].split(".")
    if len(dotted) == count:
        return (dotted, i + 1) if all(map(str.isdecimal, dotted)) else None
    at, n = i + 1, len(words)
    mark = words[at] if at < n else ""
    if mark != "/" and mark not in DASHES:
        return None
    parts = [words[i]]
    while len(parts) < count:
        if at + 1 >= n or words[at] != mark or not tokens.numeric[at + 1]:
            return None
        if not (tokens.glued(at) and tokens.glued(at + 1)):
            return None
        parts.append(words[at + 1])
        at += 2
    return (parts, at) if all(map(str.isdecimal, parts)) else None


def _day_month(tokens: Tokens, i: int) -> Sequence[tuple[int, int]]:
    found = _parts(tokens, i, 2)
    if found and len(found[0][0]) <= 2 and len(found[0][1]) <= 2:
        day, month = map(int, found[0])
        if 1 <= day <= 31 and 1 <= month <= 12:
            return ((month * 100 + day, found[1]),)
    return ()


def _clear_day_month(tokens: Tokens, i: int) -> Sequence[tuple[int, int]]:
    """30/6 but not 1/2, which may be a half, nor 30-6, which may be a score."""
    found = _day_month(tokens, i)
    if found and found[0][1] - i == 3 and tokens.words[i + 1] == "/" and found[0][0] % 100 > found[0][0] // 100:
        return found
    return ()


def _day_month_year(tokens: Tokens, i: int) -> Sequence[tuple[int, int]]:
    found = _parts(tokens, i, 3)
    if not found or len(found[0][0]) > 2 or len(found[0][1]) > 2 or len(found[0][2]) not in (2, 4):
        return ()
    day, month, year = map(int, found[0])
    year += 2000 if year < 100 else 0
    if month > 12 >= day:
        day, month = month, day
    if 1 <= day <= 31 and 1 <= month <= 12 and year in YEARS:
        return ((year * 10000 + month * 100 + day, found[1]),)
    return ()


def _iso_date(tokens: Tokens, i: int) -> Sequence[tuple[int, int]]:
    found = _parts(tokens, i, 3)
    if found and [len(part) for part in found[0]] == [4, 2, 2]:
        year, month, day = map(int, found[0])
        if 1 <= day <= 31 and 1 <= month <= 12 and year in YEARS:
            return ((year * 10000 + month * 100 + day, found[1]),)
    return ()


def _month_year(tokens: Tokens, i: int) -> Sequence[tuple[int, int]]:
    found = _parts(tokens, i, 2)
    if found and len(found[0][0]) <= 2 and len(found[0][1]) == 4:
        month, year = map(int, found[0])
        if 1 <= month <= 12 and year in YEARS:
            return ((year * 100 + month, found[1]),)
    return ()


SHAPES: dict[str, Read] = {
    "year": _year,
    "yy": _short_year,
    "dash": _dash,
    "dm": _day_month,
    "dm_clear": _clear_day_month,
    "dmy": _day_month_year,
    "ymd": _iso_date,
    "my": _month_year,
}
