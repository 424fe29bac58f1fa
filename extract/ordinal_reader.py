"""Ordinals: a rank is a quantity ("đứng thứ hai", "ranked 7th", "hạng 44/139"), other ordinals count nothing.

In: `Tokens` and a place in them. Out: a `Draft` in the unit `rank`, or the place where reading goes on behind an ordinal.

>>> from extract.pipeline import read
>>> [(q.exact, q.value, q.unit) for q in read("xếp thứ ba, họp phiên thứ năm", "vi").quantities]
[('thứ ba', Decimal('3'), 'rank')]
"""

from decimal import Decimal

from extract.amount import Amount, read_amount
from extract.quantity_draft import Draft
from extract.tokens import Match, Tokens
from extract.unit_reader import unit_named

NEAR = 4
"""Tokens before an ordinal in which "ranked" makes it a rank."""


def read_ordinal(tokens: Tokens, i: int) -> tuple[Draft | None, int] | None:
    """A rank, or an ordinal that counts nothing (no draft), and where to read on. None where there is neither."""
    for match in tokens.matches.get(i, ()):
        if match.row.category == "ordinals" and match.row.data["kind"] == "rank":
            number = _digits(tokens, match.end, bool(match.row.data.get("words")))
            if number is not None:
                return _rank(number.readings[0], number.first, number.end, [match.row.id]), number.end
    found = _ordinal_at(tokens, i)
    if found is None:
        return None
    value, end, rules = found
    sign = _rank_sign(tokens, i, end)
    if sign is None:
        return None, end
    return _rank(value, i, end, [*rules, sign.row.id]), end


def _ordinal_at(tokens: Tokens, i: int) -> tuple[Decimal, int, list[str]] | None:
    """(value, end, rules) of the ordinal that starts at token `i`."""
    if tokens.numeric[i]:
        suffix = _suffix(tokens, i + 1)
        if suffix is None or not tokens.words[i].isdecimal() or len(tokens.words[i]) > 6:
            return None
        return Decimal(tokens.words[i]), suffix.end, [suffix.row.id]
    match = tokens.longest(i, "ordinals")
    if match is None:
        return None
    kind = match.row.data["kind"]
    if kind == "ordinal" and match.row.data.get("bare", True):  # "nhất" alone is a superlative
        return Decimal(match.row.data["value"]), match.end, [match.row.id]
    if kind != "marker" or match.end >= len(tokens):
        return None
    named = tokens.longest(match.end, "ordinals")
    if named is not None and "value" in named.row.data:
        return Decimal(named.row.data["value"]), named.end, [match.row.id, named.row.id]
    number = read_amount(tokens, match.end)
    if number is None or not number.readings:
        return None
    return number.readings[0], number.end, [match.row.id, *number.rules]


def _suffix(tokens: Tokens, j: int) -> Match | None:
    """An ordinal ending glued to digits: "th", ":e"."""
    if j < len(tokens) and tokens.words[j] == ":" and tokens.glued(j):
        j += 1
    if j >= len(tokens) or not tokens.glued(j):
        return None
    for match in tokens.matches.get(j, ()):
        if match.row.category == "ordinals" and match.row.data["kind"] == "suffix":
            return match
    return None


def _digits(tokens: Tokens, j: int, words: bool = False) -> Amount | None:
    """A whole number at token `j`, in digits or, with `words`, in a word ("top three")."""
    if j >= len(tokens) or tokens.claims[j] is not None:
        return None
    if not (tokens.words[j].isdecimal() if tokens.numeric[j] else words):
        return None
    amount = read_amount(tokens, j)
    return amount if amount is not None and amount.readings and amount.end == j + 1 else None


def _rank_sign(tokens: Tokens, first: int, end: int) -> Match | None:
    """The word before or after an ordinal that makes it a rank."""
    for k in range(max(0, first - NEAR), first):
        for match in tokens.matches.get(k, ()):
            if match.row.category == "ordinals" and match.row.data["kind"] == "trigger" and match.end <= first:
                between = tokens.words[match.end : first]
                return match if not any(word in ",;:.\n" for word in between) else None
    j = end + 1 if end < len(tokens) and tokens.words[end] == "-" else end
    for match in tokens.matches.get(j, ()):
        if match.row.category == "ordinals" and match.row.data["kind"] == "follower":
            return match
    return None


def _rank(value: Decimal, first: int, end: int, rules: list[str]) -> Draft:
    return Draft(Amount(first, end, (value,), (value,)), first, end, unit_named("rank"), rules=rules)
