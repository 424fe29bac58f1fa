"""Masks: what looks like a number of the text and is no figure. Tokens in, a list of Mask out.

Dates and periods are no masks: they are read next, and a row must not take them. Masks run first, so that nobody sees a year
in "192/2025/QH15". The words are the rows of `masks.toml`, each with the `kind` of thing and a `shape`:

- whole    the phrase itself ("COVID-19", "một số"). `bare = true`: not where a unit follows ("4.0", but "4.0%" is a figure).
- before   the phrase, then a number ("Điều 5"). `link`: words that may stand between ("số"), `names = true`:
           names too ("beat China 2-1"). `accept`: what else may be the
           number (roman, word, year, decimal, fraction, scale, groups of digits). `pair = true`: only two numbers with a dash
           ("tỷ số 2-1"). Numbers listed behind it go along ("Điều 5, 6 và 7"). A unit behind the number makes it a figure,
           unless `always = true`.
- after    a number (two with a dash, if `pair = true`), then the phrase ("5G", "55 tuổi"). `glued = true`: without a space.
           `most`: the largest number. `minutes`: words for minutes, which may follow ("8 giờ 30 phút"). `next`, `previous`:
           words of which one must stand behind it or before it, unless minutes follow. `guard`: the id of a guard row.
- guard    a phrase that keeps the rows which name it from masking a little behind it ("tuổi thọ").
- ordinal  a noun: an ordinal number up to four words before it is a label ("the 14th National Party Congress").
- nth      what makes an ordinal of the digits before it ("th").
- code     letters of document numbers ("NQ"): "57-NQ/TW". `hour`: letters of clock times ("h"): "14h30".
- list     what stands between listed numbers ("và").
- spoiled  a mark that a machine spoiled the sentence: nothing in it is read.

`unless`, `unless_next`: words just before, or just behind, that cancel the row. What is known by its form needs no row
(mask_form.py).

>>> read("theo Điều 5", "vi").masks
[Mask(start=5, end=11, kind='clause', rule='vi.masks.clause')]
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extract.lexicon import lexicon
from extract.mask_form import (
    DASHES,
    WEB,
    clock,
    document,
    glued_number,
    list_number,
    name,
    number_at,
    phone,
    plate,
    score,
    unit_at,
    web,
    word_at,
)
from extract.mask_label import label, letters, listed, pairs, rows
from extract.tokens import Match, Tokens

_GAP = 4
_NEAR = 15
_NAMES = 7
_CLAUSE_ENDS = frozenset("\n;.")


@dataclass(frozen=True, slots=True)
class Mask:
    """Characters `start` to `end` that no other reader may take, and the class of thing they are (document, phone …)."""

    start: int
    end: int
    kind: str
    rule: str
    """Id of the table row; `form.document` and so on for what is known by its form."""
    rules: tuple[str, ...] = ()
    """Ids of all the table rows that took part: letters of a document number or clock time, links of a list, suffixes."""


def find_masks(tokens: Tokens) -> list[Mask]:
    """Find and claim what is no figure, in reading order."""
    reader = _MaskReader(tokens)
    end = reader.dateline()
    for i in reader.places():
        if i >= end:
            end = reader.step(i)
    reader.enumerations()
    return sorted(reader.found, key=lambda mask: mask.start)


class _MaskReader:
    """One pass over the tokens, each step looking a bounded number of tokens ahead."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.found: list[Mask] = []
        self.codes, self.hours = letters(tokens.language)
        self.phrases: dict[int, list[Match]] = {}
        """The rows that a phrase opens, by first token."""
        self.spoiled: dict[int, str] = {}
        for start, matches in tokens.matches.items():
            for match in matches:
                if match.row.category != "masks":
                    continue
                shape = match.row.data["shape"]
                if shape in ("whole", "before"):
                    self.phrases.setdefault(start, []).append(match)
                elif shape == "spoiled":
                    self.spoiled.setdefault(tokens.sentences[start], match.row.id)

    def places(self) -> Iterator[int]:
        """The tokens where a mask may begin, in reading order."""
        tokens = self.tokens
        for i, word in enumerate(tokens.lower):
            if tokens.numeric[i] or i in self.phrases or word in WEB or tokens.sentences[i] in self.spoiled:
                yield i

    def dateline(self) -> int:
        """Claims the dateline; the index to go on from."""
        end = bisect_left(self.tokens.sentences, 0)
        return self._take(0, end, "dateline", "form.dateline") if end else 0

    def step(self, i: int) -> int:
        """Read at token `i`; the index to go on from."""
        tokens = self.tokens
        sentence = tokens.sentences[i]
        if sentence in self.spoiled:
            end = i + 1
            while end < len(tokens) and tokens.sentences[end] == sentence:
                end += 1
            return self._take(i, end, "spoiled", self.spoiled[sentence])
        for match in self.phrases.get(i, ()):
            if not self._cancelled(i, match):
                end_of_row = self._whole(match) if match.row.data["shape"] == "whole" else self._before(match)
                if end_of_row is not None:
                    links = (row.row.id for k in range(match.end, end_of_row) for row in rows(self.tokens, k, "list"))
                    return self._take(i, end_of_row, match.row.data["kind"], match.row.id, *links)
        if not tokens.numeric[i]:
            address = web(tokens, i)
            return self._take(i, address, "address", "form.web") if address is not None else i + 1
        return self._number(i) or i + 1

    def enumerations(self) -> None:
        """Masks "(1) … (2) … (3)", bracketed numbers that count up from one, and "[3]", the number of a source."""
        tokens, run, wanted = self.tokens, [], 1
        for i in range(1, len(tokens) - 1):
            if not tokens.numeric[i]:
                continue
            brackets, word = tokens.words[i - 1] + tokens.words[i + 1], tokens.words[i]
            if brackets == "[]" and word.isdigit() and number_at(tokens, i):
                self._take(i, i + 1, "caption", "form.reference")
            elif brackets == "()" and word == "1":
                run, wanted = [i], 2
            elif brackets == "()" and run and word == str(wanted):
                run.append(i)
                wanted += 1
                for at in run if len(run) == 2 else run[-1:]:
                    if number_at(tokens, at):
                        self._take(at, at + 1, "list_number", "form.enumeration")

    def _take(self, first: int, end: int, kind: str, rule: str, *more: str) -> int:
        tokens = self.tokens
        rules = {rule: None} if not rule.startswith("form.") else {}
        rules |= dict.fromkeys(more)
        if rule == "form.document" or kind in ("document", "clause"):
            rules |= {
                self.codes[word.upper()]: None for word in _stems(tokens, first, end) if word.upper() in self.codes
            }
        elif rule == "form.clock":
            rules |= {self.hours[word]: None for word in _stems(tokens, first, end) if word in self.hours}
        tokens.claim(first, end, "mask")
        self.found.append(Mask(tokens.starts[first], tokens.ends[end - 1], kind, rule, tuple(rules)))
        return end

    def _whole(self, match: Match) -> int | None:
        tokens, end = self.tokens, match.end
        if glued_number(tokens, match.start) and word_at(tokens, match.start - 1) in DASHES:
            return None  # the end of a range or score
        if word_at(tokens, end) == "/" and glued_number(tokens, end + 1):
            return None  # a date: "24/7/2026"
        if match.row.data.get("bare") and unit_at(tokens, end):
            return None
        return end

    def _before(self, match: Match) -> int | None:
        """The end of the number, or of the list of numbers, behind the phrase."""
        data, first = match.row.data, match.end
        if data.get("names"):
            while first < min(match.end + _NAMES, len(self.tokens)) and _of_name(self.tokens.words[first]):
                first += 1
        for _ in range(2):
            first += word_at(self.tokens, first) in data.get("link", ())
        end = label(self.tokens, first, data)
        if end is None:
            return None
        if data.get("pair"):
            return pairs(self.tokens, end, data)
        return listed(self.tokens, end, data)

    def _number(self, i: int) -> int | None:
        """The end of the mask that the number at `i` begins, by its form or by the phrase behind it."""
        tokens = self.tokens
        if tokens.claims[i]:
            return None
        for form, end in (
            ("document", document(tokens, i, self.codes)),
            ("clock", clock(tokens, i, self.hours)),
            ("phone", phone(tokens, i)),
            ("plate", plate(tokens, i)),
            ("list_number", list_number(tokens, i)),
            ("score", score(tokens, i)),
        ):
            if end is not None:
                return self._take(i, end, form, f"form.{form}")
        ranged = i + 3 if word_at(tokens, i + 1) in DASHES and number_at(tokens, i + 2) else i + 1
        for at in (ranged, i + 1):
            for match in rows(self.tokens, at, "after", "nth"):
                if match.row.data["shape"] == "nth":
                    noun = next(
                        (noun for k in range(_GAP) for noun in rows(self.tokens, match.end + k, "ordinal")), None
                    )
                    if noun is not None and tokens.glued(at):
                        return self._take(i, match.end, noun.row.data["kind"], noun.row.id, match.row.id)
                elif self._fits(i, match):
                    return self._take(i, self._minutes(match), match.row.data["kind"], match.row.id)
        if name(tokens, i, _calendar(tokens.language)):
            return self._take(i - 1, listed(tokens, i + 1, {}), "name", "form.name")
        return None

    def _fits(self, i: int, match: Match) -> bool:
        """Whether the conditions of an `after` row hold for the number that begins at `i`."""
        tokens, data, word = self.tokens, match.row.data, self.tokens.words[match.start - 1]
        if (data.get("glued") and not tokens.glued(match.start)) or (data.get("pair") and match.start == i + 1):
            return False
        if "most" in data and not (word.isdigit() and len(word) < 6 and int(word) <= data["most"]):
            return False
        if "guard" in data and self._guarded(i, data["guard"]):
            return False
        if self._cancelled(i, match):
            return False
        if self._minutes(match) > match.end or not ("next" in data or "previous" in data):
            return True
        return word_at(tokens, match.end) in data.get("next", ()) or word_at(tokens, i - 1) in data.get("previous", ())

    def _cancelled(self, i: int, match: Match) -> bool:
        """Whether a word before `i` or behind the phrase cancels the row."""
        data, before, behind = match.row.data, word_at(self.tokens, i - 1), word_at(self.tokens, match.end)
        return before in data.get("unless", ()) or behind in data.get("unless_next", ())

    def _guarded(self, i: int, guard: str) -> bool:
        """Whether a guard row with the id `guard` stands a little before `i`, in the same clause."""
        for k in range(i - 1, max(-1, i - _NEAR), -1):
            if self.tokens.words[k] in _CLAUSE_ENDS:
                return False
            if any(match.row.id.endswith(f".{guard}") for match in rows(self.tokens, k, "guard")):
                return True
        return False

    def _minutes(self, match: Match) -> int:
        """The end of the match with the minutes behind it."""
        tokens, end, minutes = self.tokens, match.end, match.row.data.get("minutes", ())
        if minutes and number_at(tokens, end) and tokens.words[end].isdigit() and len(tokens.words[end]) <= 2:
            if word_at(tokens, end + 1) in minutes:
                return end + 2
            return end if unit_at(tokens, end + 1) else end + 1
        return end


def _of_name(word: str) -> bool:
    return word[0].isupper() or word == "."


@cache
def _calendar(language: str) -> frozenset[str]:
    """Names of months and the like: what stands before a number there is a date."""
    rows = lexicon(language).category("periods")
    return frozenset(str(word).lower().rstrip(".") for row in rows for word in row.data.get("values", ()))


def _stems(tokens: Tokens, first: int, end: int) -> Iterator[str]:
    return (word.rstrip("0123456789") for word in tokens.words[first:end])
