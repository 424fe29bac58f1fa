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


def read_ordinal(tokens: Tokens, i: int) -> tuple[Draft | None, int] | None:
    """A rank ("đứng thứ hai", "ranked 7th", "hạng 44"), or an ordinal that counts nothing (no draft). None: neither."""
    match = tokens.longest(i, "ordinals")
    kind = match.row.data["kind"] if match is not None else None
    value: Decimal | None = None
    end = i
    for row_match in tokens.matches.get(i, ()):
        if row_match.row.category == "ordinals" and row_match.row.data["kind"] == "rank":
            amount = _digits(tokens, row_match.end)
            if amount is not None:
                return _rank(amount.readings[0], amount.first, amount.end, row_match), amount.end
    if kind in ("trigger", "follower", "suffix", "rank"):
        return None
    if kind == "marker" and match is not None:
        named = tokens.longest(match.end, "ordinals") if match.end < len(tokens) else None
        if named is not None and "value" in named.row.data:
            value, end = Decimal(named.row.data["value"]), named.end
        elif match.end < len(tokens):
            amount = read_amount(tokens, match.end)
            if amount is None or not amount.readings:
                return None
            value, end = amount.readings[0], amount.end
        else:
            return None
    elif kind == "ordinal" and match is not None:
        if match.row.data.get("bare") is False:
            return None  # "nhất" alone is a superlative
        value, end = Decimal(match.row.data["value"]), match.end
    elif tokens.numeric[i]:
        suffix = _suffix(tokens, i + 1)
        if suffix is None or not tokens.words[i].isdecimal() or len(tokens.words[i]) > 6:
            return None
        value, end, match = Decimal(tokens.words[i]), suffix.end, suffix
    if value is None or match is None:
        return None
    if _is_rank(tokens, i, end):
        return _rank(value, i, end, match), end
    return None, end


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


def _digits(tokens: Tokens, j: int) -> Amount | None:
    if j >= len(tokens) or not tokens.numeric[j] or tokens.claims[j] is not None or not tokens.words[j].isdecimal():
        return None
    amount = read_amount(tokens, j)
    return amount if amount is not None and amount.readings and amount.end == j + 1 else None


def _is_rank(tokens: Tokens, first: int, end: int) -> bool:
    for k in range(max(0, first - 4), first):
        for match in tokens.matches.get(k, ()):
            if match.row.category == "ordinals" and match.row.data["kind"] == "trigger" and match.end <= first:
                return tokens.sentences[k] == tokens.sentences[first]
    j = end + 1 if end < len(tokens) and tokens.words[end] == "-" else end
    return any(m.row.category == "ordinals" and m.row.data["kind"] == "follower" for m in tokens.matches.get(j, ()))


def _rank(value: Decimal, first: int, end: int, match: Match) -> Draft:
    draft = Draft(Amount(first, end, (value,), (value,)), first, end, rules=[match.row.id])
    draft.unit = unit_named("rank")
    return draft
