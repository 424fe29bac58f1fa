"""The label behind a word that takes one: the 5 of "Điều 5", the XIV of "lần thứ XIV", the 6 and 7 of "Điều 5, 6 và 7".

In: Tokens, the index where the label may begin, and the keys of the row (`accept`, `always`, see mask.py). Out: the index
behind it, or None where there is none: no number, or one with a unit behind it, which is an amount.

>>> label(Tokens.of("14 của Đảng"), 0, {})
1
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from extract.lexicon import lexicon
from extract.mask_form import DASHES, clock, document, glued_number, is_year, number_at, phone, unit_at, word_at
from extract.tokens import Match, Tokens

_ROMAN = frozenset("IVXLC")


@cache
def letters(language: str) -> tuple[dict[str, str], dict[str, str]]:
    """Letters of document numbers (upper case) and of clock times, with the ids of their rows."""
    rows = lexicon(language).category("masks")
    codes = {phrase.upper(): row.id for row in rows if row.data["shape"] == "code" for phrase in row.phrases}
    hours = {phrase: row.id for row in rows if row.data["shape"] == "hour" for phrase in row.phrases}
    return codes, hours


def rows(tokens: Tokens, i: int, *shapes: str) -> Iterator[Match]:
    """The mask rows of these shapes whose phrase starts at `i`, longest first."""
    for match in tokens.matches.get(i, ()):
        if match.row.category == "masks" and match.row.data["shape"] in shapes:
            yield match


def label(tokens: Tokens, i: int, data: Mapping[str, Any]) -> int | None:
    """The end of what may be a label at `i`: integer, document number, and what the row accepts."""
    accept = data.get("accept", ())
    if i >= len(tokens) or tokens.claims[i]:
        return None
    word = tokens.words[i]
    if not number_at(tokens, i):
        end = i
        if "roman" in accept and set(word) <= _ROMAN:
            return i + 1
        while "word" in accept and end < i + 6 and (spelled := tokens.longest(end, "numbers", "ordinals")):
            end = spelled.end
        return end if end > i and (data.get("always") or not unit_at(tokens, end)) else None
    for form in (document(tokens, i, letters(tokens.language)[0]), clock(tokens, i, ()), phone(tokens, i)):
        if form is not None:
            return form
    if not ((word.isdigit() and len(word) <= 5) or "decimal" in accept) or (is_year(word) and "year" not in accept):
        return None
    end = i + 1
    while "groups" in accept and end < i + 8 and (number_at(tokens, end) or word_at(tokens, end) in ("-", ".", ")")):
        end += 1  # "024 3825 1234"
    if (
        word_at(tokens, end) in DASHES
        and tokens.glued(end)
        and end + 1 < len(tokens)
        and is_year(tokens.words[end + 1])
    ):
        end += 2  # issue "9-2026"
    if "scale" in accept and (scale := tokens.longest(end, "scales")):
        end = scale.end  # "vị khách thứ 20 triệu"
    if "fraction" in accept and word_at(tokens, end) in ("/", "-", ".", ":") and glued_number(tokens, end + 1):
        end += 2
    elif word_at(tokens, end) == "/" and tokens.glued(end) and glued_number(tokens, end + 1):
        return None  # a date: "phiên 5/3"
    if end < len(tokens) and tokens.glued(end) and len(tokens.words[end]) == 1 and tokens.words[end].isupper():
        return end + 1  # "1A"
    return end if data.get("always") or not unit_at(tokens, end) else None


def listed(tokens: Tokens, end: int, data: Mapping[str, Any]) -> int:
    """The end of the list of labels that goes on at `end`: ", 6 và 7"."""
    for _ in range(40):  # no law has a longer list of articles
        link = next(rows(tokens, end, "list"), None)
        longer = label(tokens, link.end, data) if link else None
        if longer is None:
            break
        end = longer
    return end


def pairs(tokens: Tokens, end: int, data: Mapping[str, Any]) -> int | None:
    """The end of the pairs whose first number ends at `end`: "2-1", "6-2, 3-6, 6-1"."""
    last = None
    for _ in range(9):
        second = label(tokens, end + 1, data) if word_at(tokens, end) in DASHES else None
        if second is None:
            break
        last = second
        first = label(tokens, second + 1, data) if word_at(tokens, second) == "," else None
        if first is None:
            break
        end = first
    return last
