"""One number written in digits: a token of the text in, a `Number` with every reading it can have out.

A mark between digits may part thousands or decimals. What the token itself decides is decided here (two kinds of marks, a
repeated mark, a group that has not three digits); what it leaves open is kept as two readings, the one usual in the language
first, for `evidence` to decide between.

>>> read_digits("59.245,9", ",").readings
(Decimal('59245.9'),)
>>> read_digits("3.261", ",").readings
(Decimal('3261'), Decimal('3.261'))
>>> read_digits("19,33,3333", ".").reason
'malformed'
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

LONGEST = 24
"""Digits beyond which a token is no number of the world (and no conversion is worth its time)."""


@dataclass(frozen=True, slots=True)
class Number:
    """`readings`, likeliest first, with the printed decimals of each; empty with a `reason` where there is no value.

    `decimal_mark` and `thousands_mark` are the marks that this token proves to be used so, which is evidence for its
    neighbours; `open_mark` is the mark whose role it leaves open.
    """

    readings: tuple[Decimal, ...]
    decimals: tuple[int, ...] = (0,)
    reason: str | None = None
    decimal_mark: str | None = None
    thousands_mark: str | None = None
    open_mark: str | None = None


MALFORMED = Number((), (), "malformed")


@lru_cache(maxsize=1 << 14)
def read_digits(word: str, decimal: str) -> Number:
    """Read a token of digits with `.` and `,` between them; `decimal` is the decimal mark usual in the language."""
    if len(word) > LONGEST * 2:
        return MALFORMED
    if word.isdecimal():  # "000" is the end of a number whose beginning is lost
        return Number((Decimal(word),)) if len(word) <= LONGEST and (len(word) < 3 or int(word)) else MALFORMED
    marks = [char for char in word if not char.isdecimal()]
    groups = word.replace(",", ".").split(".")
    first, last = groups[0], groups[-1]
    if sum(map(len, groups)) > LONGEST:
        return MALFORMED
    whole = Decimal("".join(groups))
    as_decimal = Decimal("".join(groups[:-1]) + "." + last)
    if len(set(marks)) == 2:
        grouped, mark = groups[1:-1], marks[-1]
        if marks.count(mark) > 1 or not _grouped(first, grouped):
            return MALFORMED
        return Number((as_decimal,), (len(last),), decimal_mark=mark, thousands_mark=marks[0])
    mark = marks[0]
    if len(marks) > 1:
        return Number((whole,), thousands_mark=mark) if _grouped(first, groups[1:]) else MALFORMED
    if len(last) != 3 or not 1 <= len(first) <= 3 or first.startswith("0"):
        # "19,3333 billion" where commas group: neither four decimals nor a group, nobody can say what was meant.
        if mark != decimal and len(last) > 3:
            return MALFORMED
        return Number((as_decimal,), (len(last),), decimal_mark=mark)
    if last == "000":  # nobody prints three zeros behind a decimal mark
        return Number((whole, as_decimal), (0, 3), thousands_mark=mark)
    if mark == decimal:
        return Number((as_decimal, whole), (3, 0), open_mark=mark)
    return Number((whole, as_decimal), (0, 3), open_mark=mark)


def _grouped(first: str, rest: list[str]) -> bool:
    return 1 <= len(first) <= 3 and first != "0" and all(len(group) == 3 for group in rest)


def join_groups(words: list[str], decimal: str) -> Number | None:
    """Thousands parted by spaces: ["1", "236,6"] is 1236.6. None where the words are no such groups."""
    first, last = words[0], words[-1]
    whole, _, fraction = last.partition(decimal)
    middle = [*words[1:-1], whole]
    if not (first.isdecimal() and 1 <= len(first) <= 3 and first[0] != "0"):
        return None
    if not all(len(group) == 3 and group.isdecimal() for group in middle) or sum(map(len, words)) > LONGEST:
        return None
    if fraction and not fraction.isdecimal():
        return None
    digits = first + "".join(middle)
    if not fraction:
        return Number((Decimal(digits),), thousands_mark=" ")
    return Number((Decimal(f"{digits}.{fraction}"),), (len(fraction),), decimal_mark=decimal, thousands_mark=" ")
