"""Reads quantities: Tokens in, a list of Quantity out.

Every number that no mask and no period has claimed, with its unit, in reading order; a number without a unit too. The steps:
scan (number, multiplier, unit, qualifier, sign), join neighbours (`quantity_joiner`), settle ambiguous marks (`evidence`),
write the records.

>>> from extract.pipeline import read
>>> [q.exact for q in read("thu hơn 5 tỷ đồng, tăng 6,5-7%", "vi").quantities]
['hơn 5 tỷ đồng', '6,5-7%']
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from extract.amount import Amount, read_amount, words_at
from extract.lexicon import lexicon
from extract.number_pair import read_pair
from extract.ordinal_reader import read_ordinal
from extract.qualifier_reader import MINUS, qualify
from extract.quantity import Quantity
from extract.quantity_carrier import carry
from extract.quantity_context import counts, default_money, per_head, shares
from extract.quantity_draft import Draft
from extract.quantity_joiner import join
from extract.quantity_settler import settle_all
from extract.tokens import Tokens
from extract.unit_reader import RATIOS, recorded, unit_after, unit_before, unit_named, with_denominator

STARTS = frozenset({"numbers", "scales", "multiples", "ordinals", "vague", "lookalikes"})
KEYCAP = frozenset("\u20e3\ufe0f")
"""What makes a digit a numbering sign."""
MEASURES = RATIOS - {"ratio_difference"} | {
    "mass",
    "length",
    "area",
    "volume",
    "energy",
    "power",
    "yield",
    "speed",
    "price",
}
"""Dimensions that even "một" (one, a) measures: "một phần trăm", but not "một điểm"."""


def find_quantities(tokens: Tokens) -> list[Quantity]:
    """Find the quantities among the unclaimed tokens, in reading order, and claim their tokens."""
    facts = lexicon(tokens.language).facts
    drafts = _scan(tokens, facts)
    default_money(tokens, drafts, facts)
    drafts = join(tokens, drafts)
    default_money(tokens, drafts, facts)
    per_head(tokens, drafts)
    counts(tokens, drafts, facts)
    carry(tokens, drafts, facts)
    shares(tokens, drafts)
    settle_all(tokens, drafts, facts)
    return _records(tokens, drafts)


def _scan(tokens: Tokens, facts: Mapping[str, Any]) -> list[Draft]:
    starts = {match.start for found in tokens.matches.values() for match in found if match.row.category in STARTS}
    compounds = bool(facts.get("compounds"))
    drafts: list[Draft] = []
    i, n = 0, len(tokens)
    while i < n:
        if tokens.claims[i] is not None or not (tokens.numeric[i] or i in starts or compounds):
            i += 1
            continue
        draft, i = _draft_at(tokens, i, drafts[-1] if drafts else None, facts)
        if draft is not None:
            drafts.append(draft)
    return drafts


def _draft_at(tokens: Tokens, i: int, previous: Draft | None, facts: Mapping[str, Any]) -> tuple[Draft | None, int]:
    """The quantity that starts at token `i`, and where to read on."""
    draft = None
    if i in tokens.matches:
        lookalike = tokens.longest(i, "lookalikes")
        if lookalike is not None:
            return None, lookalike.end
        draft = _multiple(tokens, i) or _vague(tokens, i)
    if draft is None:
        ordinal = read_ordinal(tokens, i)
        if ordinal is not None:
            return ordinal
        draft = _near_pair(tokens, i, previous) if facts.get("short_tail") and not tokens.numeric[i] else None
    if draft is None:
        amount = read_amount(tokens, i)
        if amount is None:
            return None, i + 1
        if _is_year(tokens, amount, facts) or _is_code(tokens, amount, previous):
            return None, amount.end
        draft = Draft(amount, amount.first, amount.end, rules=list(amount.rules))
        draft.reason = amount.reason
        _find_unit(tokens, draft, previous.end if previous is not None else 0)
        if not _stands(tokens, draft, facts) or (amount.fraction and _is_ordinal(tokens, draft, facts)):
            return None, amount.end
    qualify(tokens, draft, previous)
    return draft, draft.end


def _near_pair(tokens: Tokens, i: int, previous: Draft | None) -> Draft | None:
    """ "hai ba người": a range of two digits said one after the other, where something follows that they count."""
    pair = read_pair(tokens, i)
    if pair is None:
        return None
    low, high = pair
    draft = Draft(low, i, low.end, rules=list(low.rules))
    _find_unit(tokens, draft, previous.end if previous is not None else 0)
    if draft.unit is None and low.scale == 1:
        return None
    draft.upper = Draft(high, i + 1, high.end)
    return draft


def _is_year(tokens: Tokens, amount: Amount, facts: Mapping[str, Any]) -> bool:
    """ "năm 2024 tỷ đồng": a year whose amount is missing must not take a unit; nor one in words."""
    i = amount.first
    word = tokens.words[i]
    if i == 0 or tokens.lower[i - 1] not in facts["year_words"]:
        return False
    if amount.words and amount.scale == 1 and amount.end - i > 2:
        return len(amount.readings) == 1 and 1945 <= amount.readings[0] <= 2100
    return len(word) == 4 and word.isdecimal() and 1945 <= int(word) <= 2100


def _is_code(tokens: Tokens, amount: Amount, previous: Draft | None) -> bool:
    """Letters glued to the digits, before or after ("A-320", "5G"), or the rest of what a mask or a period has taken."""
    i, j = amount.first, amount.end
    if not tokens.numeric[i]:
        return False
    glued = i >= 2 and tokens.glued(i) and tokens.glued(i - 1)
    if glued and tokens.claims[i - 2] == "mask" and not tokens.words[i - 1].isalnum():
        return True
    if glued and tokens.words[i - 1] in MINUS and tokens.words[i - 2][0].isalpha():
        return previous is None or previous.end != i - 1
    if j >= len(tokens):
        return False
    found = {match.row.category for match in tokens.matches.get(j, ())}
    if tokens.claims[j] == "period" and "units" in found:
        return True  # "5 năm tới": a number of the period
    if not tokens.glued(j):
        return False
    letters = tokens.words[j]
    if letters[0] in KEYCAP:
        return True
    return j == i + 1 and letters[0].isalpha() and len(letters) <= 2 and not found & {"units", "scales", "ordinals"}


def _find_unit(tokens: Tokens, draft: Draft, floor: int) -> None:
    amount = draft.amount
    before = unit_before(tokens, amount.first)
    if before is not None and before.first < floor:
        before = None  # the unit of the number before it
    after = unit_after(tokens, amount.end)
    if after is not None and amount.fraction and after.counted:
        after = None  # "một phần ba dân số": a share, no count
    if after is not None and after.least and max(amount.readings, default=0) < after.least:
        after = None  # "District 7 won"
    if after is None and amount.end < len(tokens):
        post = tokens.longest(amount.end, "qualifiers")  # "5 or more projects"
        if post is not None and post.row.data.get("place") == "after":
            after = unit_after(tokens, post.end)
            if after is not None:
                draft.qualifier = post.row.data["qualifier"] or None
                draft.rules.append(post.row.id)
    if before is not None and (after is None or after.is_money or not after.counted):
        draft.unit, draft.first = before, before.first
        if after is not None and after.name.split("/")[0] == before.name:
            draft.unit = after
            draft.end = after.end
        elif after is not None and after.dimension != "time":
            draft.unit, draft.first, draft.end = after, amount.first, after.end
        else:
            longer = with_denominator(tokens, replace(before, end=draft.end))
            draft.unit, draft.end = longer, max(draft.end, longer.end)
    elif after is not None:
        draft.unit, draft.end = after, after.end
        half = tokens.longest(after.end, "numbers") if after.end < len(tokens) else None
        if half is not None and half.row.data.get("kind") == "half" and amount.words and not amount.fraction:
            amount.readings = amount.mantissas = tuple(value + Decimal("0.5") for value in amount.readings)
            draft.end = half.end
    else:
        fold = tokens.ending(amount.first, "multiples")
        if fold is not None and "value" not in fold.row.data:
            draft.unit = unit_named(fold.row.data["unit"])
            draft.first = fold.start
            draft.rules.append(fold.row.id)
    if draft.unit is not None:
        draft.rules += draft.unit.rules


def _stands(tokens: Tokens, draft: Draft, facts: Mapping[str, Any]) -> bool:
    """Whether a single word is a number here: "hai dự án" is two, "hai bên" none."""
    amount, unit = draft.amount, draft.unit
    if amount.alone is None:
        return True
    sign = tokens.ending(amount.first, "joiners")
    if sign is not None and sign.row.data["kind"] == "minus":
        return True
    if amount.first == 0 and all(not word[0].isalnum() for word in tokens.words[amount.end :]):
        return True
    if _opens_range(tokens, draft.end):
        return True
    if unit is None or amount.alone == "scale":
        return False
    if amount.alone == "opener":
        return _opens_count(tokens, amount.first, unit.dimension == "time", facts)
    if draft.end > max(amount.end, unit.end):
        return True  # "một năm rưỡi"
    return amount.alone == "unit" or (not unit.counted and (unit.is_money or unit.dimension in MEASURES))


def _is_ordinal(tokens: Tokens, draft: Draft, facts: Mapping[str, Any]) -> bool:
    """ "a third term", "half-hearted": with a noun or a hyphen right behind it, "a third" counts in order."""
    j = draft.end
    if draft.unit is not None or j >= len(tokens):
        return False
    word = tokens.lower[j]
    if word == "-":
        return tokens.glued(j) and j + 1 < len(tokens) and tokens.glued(j + 1) and tokens.words[j + 1][0].isalpha()
    ordinal = (
        tokens.lower[draft.amount.first] in facts.get("articles", ()) and draft.amount.end - draft.amount.first == 2
    )
    return ordinal and word[0].isalpha() and word not in facts.get("gap_stops", ())


def _opens_count(tokens: Tokens, i: int, time: bool, facts: Mapping[str, Any]) -> bool:
    """Whether a word that is rarely a number is one at `i`: it opens a sentence, or a word before it says that it counts."""
    if i == 0 or tokens.sentences[i - 1] != tokens.sentences[i]:
        return True
    before = tokens.lower[i - 1]
    if before in facts.get("count_openers", ()) or (time and before in facts.get("time_openers", ())):
        return True
    match = tokens.ending(i, "qualifiers")
    return match is not None and bool(match.row.data["qualifier"])


def _opens_range(tokens: Tokens, j: int) -> bool:
    """Whether "to" and another number follow: "từ năm đến bảy triệu"; or "in" and one: "one in five"."""
    joiner = tokens.longest(j, "joiners") if j < len(tokens) else None
    if joiner is None or joiner.end >= len(tokens):
        return False
    if joiner.row.data["kind"] != "range" and "share" not in joiner.row.data:
        return False
    return tokens.numeric[joiner.end] or tokens.longest(joiner.end, "numbers") is not None


def _multiple(tokens: Tokens, i: int) -> Draft | None:
    match = tokens.longest(i, "multiples")
    if match is None or "value" not in match.row.data:
        return None
    value = Decimal(match.row.data["value"])
    draft = Draft(Amount(i, match.end, (value,), (value,), words=True), i, match.end, rules=[match.row.id])
    draft.unit = unit_named(match.row.data["unit"])
    draft.whole = True
    draft.qualifier = match.row.data.get("qualifier")
    if "value_high" in match.row.data:
        draft.high = Decimal(match.row.data["value_high"])
    return draft


def _vague(tokens: Tokens, i: int) -> Draft | None:
    """ "hàng trăm", "dozens of": the magnitude is kept as the scale, there is no value."""
    match = tokens.longest(i, "vague")
    if match is None:
        return None
    scale, j, rules = Decimal(match.row.data.get("value", 1)), match.end, [match.row.id]
    while j < len(tokens):
        more = tokens.longest(j, "vague")
        rows, end = words_at(tokens, j)
        if more is not None and "value" in more.row.data and "value" in match.row.data:
            scale, j = scale * Decimal(more.row.data["value"]), more.end
        elif rows and all(row.category == "scales" or row.data.get("kind") in ("hundred", "tens") for row in rows):
            for row in rows:
                scale *= Decimal(row.data["value"])
                rules.append(row.id)
            j = end
        else:
            break
    if scale < 10:
        return None
    amount = Amount(i, j, (), scale=scale, reason="vague", words=True)
    draft = Draft(amount, i, j, reason="vague", rules=rules)
    unit = unit_after(tokens, j)
    if unit is not None:
        draft.unit, draft.end = unit, unit.end
        draft.rules += unit.rules
    return draft


def _records(tokens: Tokens, drafts: list[Draft]) -> list[Quantity]:
    places = {id(draft): n for n, draft in enumerate(drafts)}
    quantities = []
    for draft in drafts:
        amount = draft.amount
        tokens.claim(draft.first, draft.end, "quantity")
        value, high, readings = draft.value, draft.value_high, draft.readings
        if draft.reason == "ambiguous":
            value = high = None
        unit, times = recorded(draft.unit.name if draft.unit is not None else None)
        value, high = plain(value, times), plain(high, times)
        quantities.append(
            Quantity(
                tokens.starts[draft.first],
                tokens.ends[draft.end - 1],
                tokens.quote(draft.first, draft.end),
                value,
                high,
                unit,
                draft.qualifier,
                tuple(number for reading in readings if (number := plain(reading, times)) is not None),
                draft.reason,
                draft.sign,
                tokens.starts[amount.first],
                tokens.ends[amount.end - 1],
                amount.decimals[min(draft.choice, len(amount.decimals) - 1)],
                amount.scale * times,
                draft.role,
                places.get(id(draft.pair)) if draft.pair is not None else None,
                tuple(dict.fromkeys(draft.rules)),
            )
        )
    return quantities


def plain(value: Decimal | None, times: Decimal = Decimal(1)) -> Decimal | None:
    """The number `times` a factor, without zeros behind the decimal mark and without an exponent."""
    if value is None:
        return None
    value *= times
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()
