"""Slot templates: the rows of `periods.toml` in, a trie that reads them off the tokens out.

A template is words with slots, optional parts and alternatives: `[trong] {n} tháng đầu [năm] ({year}|nay)`. All templates
of a language are expanded once and compiled into one trie; reading walks it from a token and keeps the longest way through,
so the time it takes depends on the longest template and not on how many there are.

Slots read numbers: {n}, {day}, {month}, {quarter}, {half} (digits, or the words of the rows of kind "slot"), {year}, {yy};
or numbers written together: {dm} 30/6, {dmy} 30-6-2026, {my} 11/2025, {ymd} 2026-06-30; {dm_clear} is a {dm} that can be no
fraction; {dash} is any dash. Every other slot name is the name of a table of words in the same file.

>>> grammar("vi").periods.longest(Tokens.of("9 tháng đầu năm 2025"), 0).slots
(('n', 9), ('year', 2025))
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from extract.errors import TableError
from extract.lexicon import Lexicon, lexicon
from extract.time_span import YEARS
from extract.tokens import Row, Tokens

CATEGORY = "periods"
DASHES = frozenset("-–—‑−~")
_PIECE = re.compile(r"\{\w+\}|[\[\]()|]|[^\W\d_]+\d*|\d+|[^\s\w]")
_LONGEST = 10
"""Characters of the longest number that a period may begin with: 31.12.2025."""
NUMBER = "0"
"""Stands for any number among the words that may follow each other."""
_SMALL = {"n": 24, "day": 31, "month": 12, "quarter": 4}
Read = Callable[[Tokens, int], Sequence[tuple[int, int]]]
"""Reads a slot at a token: pairs of the value and the token after it."""


@dataclass(slots=True)
class _Node:
    words: dict[str, "_Node"] = field(default_factory=dict)
    numbers: list[tuple[str, Read, "_Node"]] = field(default_factory=list)
    """Slots that may hold a number here, and where they lead."""
    phrases: list[tuple[str, Read, "_Node"]] = field(default_factory=list)
    """Slots that may hold words or marks here."""
    row: Row | None = None


@dataclass(slots=True)
class _Words:
    """A trie of the words of one slot: value and, where capitals count, the spellings that they allow."""

    words: dict[str, "_Words"] = field(default_factory=dict)
    value: int | None = None
    cased: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """A row's template found in tokens up to (not including) `end`, with what its slots hold, in the order of the text."""

    end: int
    row: Row
    slots: tuple[tuple[str, int], ...]

    def one(self, name: str) -> int | None:
        """The first value of slot `name`, None where the reading has none."""
        return next((value for slot, value in self.slots if slot == name), None)


class Templates:
    """The templates of one set of rows."""

    def __init__(self, words: Lexicon, rows: list[Row]) -> None:
        self._slots: dict[str, Read] = dict(_SHAPES)
        self._first_words: dict[str, set[str]] = {}
        tables: dict[str, _Words] = {}
        for row in words.category(CATEGORY):
            if row.data.get("kind") == "slot":
                table = tables.setdefault(row.data["slot"], _Words())
                for phrase, value in row.data["values"].items():
                    for spelling in words.spellings(phrase):
                        _plant(table, spelling, value)
        for name in {*tables, *_SMALL}:
            table = tables.get(name, _Words())
            self._first_words[name] = set(table.words)
            self._slots[name] = _number_or_word(_SMALL.get(name, 0), table)
        self._root = _Node()
        for row in rows:
            for template in row.data.get("templates", ()):
                for spelling in words.spellings(template):
                    for pieces in expand(spelling):
                        self._add(pieces, row)
        self.starts = frozenset(self._root.words) | {
            word for slot, _, _ in self._root.phrases for word in self._first_words.get(slot, ())
        }

    def _add(self, pieces: tuple[str, ...], row: Row) -> None:
        node = self._root
        for piece in pieces:
            if piece.startswith("{"):
                node = self._after_slot(node, piece[1:-1], row)
            else:
                node = node.words.setdefault(piece.lower(), _Node())
        if node.row is None:
            node.row = row

    def _after_slot(self, node: _Node, slot: str, row: Row) -> _Node:
        if slot not in self._slots:
            raise TableError(f"{row.id}: no slot {slot!r}")
        for name, _, after in (*node.numbers, *node.phrases):
            if name == slot:
                return after
        after = _Node()
        if slot in _SMALL or (slot in _SHAPES and slot != "dash"):
            node.numbers.append((slot, self._slots[slot], after))
        if slot not in _SHAPES or slot == "dash":
            node.phrases.append((slot, self._slots[slot], after))
        return after

    def seconds(self, begin: frozenset[str]) -> Iterator[tuple[str, frozenset[str] | None]]:
        """Pairs of a first word and its second words; after words that are all of a role, `begin` follows."""
        for word, node in self._root.words.items():
            yield word, self._firsts(node, begin)
        for _, _, node in self._root.numbers:
            yield NUMBER, self._firsts(node, frozenset("/-–—‑−~"))
        for slot, _, _ in self._root.phrases:
            for word in self._first_words.get(slot, ()):
                yield word, None

    def _firsts(self, node: _Node, begin: frozenset[str]) -> frozenset[str] | None:
        slots = {word for slot, _, _ in node.phrases for word in self._first_words.get(slot, DASHES)}
        words = slots | {NUMBER if word.isdecimal() else word for word in node.words}
        if node.numbers:
            words.add(NUMBER)
        if node.row is None:
            return frozenset(words)
        return frozenset(words | begin) if node.row.data["kind"] == "role" or NUMBER not in begin else None

    def longest(self, tokens: Tokens, i: int) -> Reading | None:
        """The longest reading that starts at token `i`; None where nothing fits. Claimed tokens are not looked at."""
        lower, claims, numeric, n = tokens.lower, tokens.claims, tokens.numeric, len(tokens.words)
        if claims[i] is not None:
            return None
        if numeric[i]:
            if len(lower[i]) > _LONGEST or "," in lower[i]:
                return None
        elif lower[i] not in self.starts:
            return None
        best: tuple[int, Row, tuple[Any, ...] | None] | None = None
        ways: list[tuple[_Node, int, tuple[Any, ...] | None]] = [(self._root, i, None)]
        while ways:
            node, at, values = ways.pop()
            if node.row is not None and (best is None or at > best[0]):
                best = (at, node.row, values)
            if at >= n or claims[at] is not None:
                continue
            following = node.words.get(lower[at])
            if following is not None:
                ways.append((following, at + 1, values))
            for slot, read, after in node.numbers if numeric[at] else node.phrases:
                for value, end in read(tokens, at):
                    ways.append((after, end, (slot, value, values)))
        if best is None:
            return None
        end, row, values = best
        found: list[tuple[str, int]] = []
        while values is not None:
            slot, value, values = values
            found.append((slot, value))
        return Reading(end, row, tuple(reversed(found)))


def expand(template: str) -> list[tuple[str, ...]]:
    """All plain templates that one with `[optional]` parts and `(one|other)` alternatives stands for."""
    pieces = _PIECE.findall(template)
    position = 0

    def sequence(stop: str) -> list[tuple[str, ...]]:
        nonlocal position
        done: list[tuple[str, ...]] = []
        ways: list[tuple[str, ...]] = [()]
        while position < len(pieces) and pieces[position] not in stop:
            piece = pieces[position]
            position += 1
            if piece == "|":
                done, ways = done + ways, [()]
                continue
            if piece in "[(":
                inner = sequence("]" if piece == "[" else ")")
                position += 1
                if piece == "[":
                    inner = [*inner, ()]
            else:
                inner = [(piece,)]
            ways = [way + more for way in ways for more in inner]
        return done + ways

    expanded = sequence("])")
    if position != len(pieces) or () in expanded:
        raise TableError(f"a template that is unbalanced or may be empty: {template!r}")
    return list(dict.fromkeys(expanded))


@dataclass(frozen=True, slots=True)
class Grammar:
    """The templates of one language: `periods`, `more` of a list that a period began, and the words that give `roles`."""

    periods: Templates
    more: Templates
    roles: Templates
    seconds: Mapping[str, frozenset[str] | None]
    """For each word that may begin a mention, the words that may come second; None where any may. Numbers are NUMBER."""

    def may_begin(self, tokens: Tokens, i: int) -> bool:
        """Whether a mention can begin at token `i`, by that token and the next: most of a text is passed over by this."""
        word = tokens.lower[i]
        if tokens.numeric[i]:
            if len(word) == 4 or "." in word:  # years and dotted dates stand alone
                return True
            word = NUMBER
        elif word not in self.seconds:
            return False
        seconds = self.seconds[word]
        if seconds is None:
            return True
        if i + 1 == len(tokens.words):
            return False
        return (NUMBER if tokens.numeric[i + 1] else tokens.lower[i + 1]) in seconds


@cache
def grammar(code: str) -> Grammar:
    """The compiled `periods.toml` of language `code`."""
    words = lexicon(code)
    groups: dict[str, list[Row]] = {"periods": [], "more": [], "roles": []}
    for row in words.category(CATEGORY):
        group = "roles" if row.data.get("kind") == "role" else "more" if row.data.get("continues") else "periods"
        groups[group].append(row)
    periods, more, roles = (Templates(words, rows) for rows in groups.values())
    seconds: dict[str, frozenset[str] | None] = {}
    begin = periods.starts | roles.starts | {NUMBER}
    for word, second in (*periods.seconds(begin), *more.seconds(begin), *roles.seconds(begin)):
        known = seconds.get(word, frozenset())
        seconds[word] = None if known is None or second is None else known | second
    return Grammar(periods, more, roles, seconds)


def _plant(table: _Words, phrase: str, value: int) -> None:
    for piece in _PIECE.findall(phrase.lower()):
        table = table.words.setdefault(piece, _Words())
    table.value = value
    if phrase != phrase.lower():
        table.cased |= {phrase}


def _number_or_word(largest: int, table: _Words) -> Read:
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


_SHAPES: dict[str, Read] = {
    "year": _year,
    "yy": _short_year,
    "dash": _dash,
    "dm": _day_month,
    "dm_clear": _clear_day_month,
    "dmy": _day_month_year,
    "ymd": _iso_date,
    "my": _month_year,
}
