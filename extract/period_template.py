"""Slot templates: the rows of `periods.toml` in, a trie that reads them off the tokens out.

A template is words with slots, optional parts and alternatives: `[trong] {n} tháng đầu [năm] ({year}|nay)`. All templates
of a language are expanded once and compiled into one trie; reading walks it from a token and keeps the longest way through,
so the time it takes depends on the longest template and not on how many there are.

What a slot may hold is said in period_slot.py.

>>> grammar("vi").periods.longest(Tokens.of("9 tháng đầu năm 2025"), 0).slots
(('n', 9), ('year', 2025))
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from extract.errors import TableError
from extract.lexicon import Lexicon, lexicon
from extract.period_slot import DASHES, PIECE, SHAPES, SMALL, Read, WordTable, number_or_word
from extract.tokens import Row, Tokens

CATEGORY = "periods"
_LONGEST = 10
"""Characters of the longest number that a period may begin with: 31.12.2025."""
NUMBER = "0"
"""Stands for any number among the words that may follow each other."""


@dataclass(slots=True)
class _Node:
    words: dict[str, "_Node"] = field(default_factory=dict)
    numbers: list[tuple[str, Read, "_Node"]] = field(default_factory=list)
    """Slots that may hold a number here, and where they lead."""
    phrases: list[tuple[str, Read, "_Node"]] = field(default_factory=list)
    """Slots that may hold words or marks here."""
    row: Row | None = None


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
        self._slots: dict[str, Read] = dict(SHAPES)
        self._first_words: dict[str, set[str]] = {}
        tables: dict[str, WordTable] = {}
        for row in words.category(CATEGORY):
            if row.data.get("kind") == "slot":
                table = tables.setdefault(row.data["slot"], WordTable())
                for phrase, value in row.data["values"].items():
                    for spelling in words.spellings(phrase):
                        table.plant(spelling, value)
        for name in {*tables, *SMALL}:
            table = tables.get(name, WordTable())
            self._first_words[name] = set(table.words)
            self._slots[name] = number_or_word(SMALL.get(name, 0), table)
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
            slot = piece[1:-1] if piece.startswith("{") else None
            node = self._after_slot(node, slot, row) if slot else node.words.setdefault(piece.lower(), _Node())
        if node.row is None:
            node.row = row

    def _after_slot(self, node: _Node, slot: str, row: Row) -> _Node:
        if slot not in self._slots:
            raise TableError(f"{row.id}: no slot {slot!r}")
        for name, _, after in (*node.numbers, *node.phrases):
            if name == slot:
                return after
        after = _Node()
        if slot in SMALL or (slot in SHAPES and slot != "dash"):
            node.numbers.append((slot, self._slots[slot], after))
        if slot not in SHAPES or slot == "dash":
            node.phrases.append((slot, self._slots[slot], after))
        return after

    def seconds(self, begin: frozenset[str]) -> Iterator[tuple[str, frozenset[str] | None]]:
        """Pairs of a first word and its second words; after words that are all of a role, `begin` follows."""
        for word, node in self._root.words.items():
            yield word, self._firsts(node, begin)
        for _, _, node in self._root.numbers:
            yield NUMBER, self._firsts(node, DASHES | {"/"})
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
    pieces = PIECE.findall(template)
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
