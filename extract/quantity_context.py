"""Units that the words beside a number leave to its context.

In: the drafts of a text, joined. They are changed in place: a bare "tỷ" is money; an amount after "bình quân đầu người"
is per person; a count that its share proves to be part of a total has the total's unit; a count after its noun has that
noun's.

>>> from extract.pipeline import read
>>> [q.unit for q in read("GRDP bình quân đầu người đạt 3.750 USD", "vi").quantities]
['USD/person']
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from extract.quantity_carrier import spoken_currency
from extract.quantity_draft import Draft
from extract.tokens import Match, Tokens
from extract.unit_reader import Unit, catalogue_unit, unit_named, with_denominator

REACH = 8
"""Tokens between "number of" and its number."""
PER_REACH = 14
"""Tokens between "per head" and its amount."""
RICHEST = Decimal(10) ** 10
"""No income per head is above it, in any currency."""
NEAR = 5
"""Tokens before a bare multiplier in which a word of money makes it money."""
TOTALS = 40
"""How many quantities back a total may stand."""


def default_money(tokens: Tokens, drafts: Sequence[Draft], facts: Mapping[str, Any]) -> None:
    """A bare "tỷ" is money where no noun follows that it could count."""
    functions, things = facts.get("function_words", ()), facts.get("counted_words", ())
    words = facts.get("money_words", ())
    spoken = {(draft.unit.name, tokens.sentences[draft.first]) for draft in drafts if draft.unit is not None}
    for n, draft in enumerate(drafts):
        money = draft.amount.money or draft.amount.weak_money
        if money is None or draft.unit is not None:
            continue
        if draft.amount.words and draft.first == 0 and draft.end == len(tokens):
            continue  # a number word and nothing else
        joiner = tokens.longest(draft.end, "joiners") if draft.end < len(tokens) and n + 1 < len(drafts) else None
        if joiner is not None and joiner.end == drafts[n + 1].first:
            continue  # "181 triệu – 184 triệu đồng/lượng": its unit stands after the other number
        name = catalogue_unit(money)[0]
        unit = with_denominator(tokens, replace(unit_named(name), end=draft.end))
        if unit.end > draft.end:  # "10 triệu/tháng"
            draft.unit, draft.end = unit, unit.end
            continue
        known = (name, tokens.sentences[draft.first]) in spoken
        known = known or any(word in words for word in tokens.lower[max(0, draft.first - NEAR) : draft.first])
        if draft.amount.money is None and not known:
            continue
        after = tokens.lower[draft.end] if draft.end < len(tokens) else "\n"
        strong = draft.amount.money is not None and after not in things
        if strong or not after[0].isalpha() or after in functions:
            draft.unit = spoken_currency(tokens, draft, drafts) or unit_named(name)


def per_head(tokens: Tokens, drafts: Sequence[Draft]) -> None:
    """ "GRDP bình quân đầu người 3.750 USD", "mỗi hộ được hỗ trợ 60 triệu đồng": the phrase stands before the amount."""
    if not any(draft.unit is not None and draft.unit.is_money for draft in drafts):
        return
    n = 0
    phrases = [found for i in sorted(tokens.matches) if (found := _per_phrase(tokens, i)) is not None]
    for end, name, rules in phrases:
        while n < len(drafts) and drafts[n].first < end:
            n += 1
        if n == len(drafts):
            return
        first = drafts[n]
        if first.first - end > PER_REACH or any(word in ",;:.\n(" for word in tokens.words[end : first.first]):
            continue
        if first.unit is None or first.unit.dimension != "money" or (first.value or 0) >= RICHEST:
            continue
        for draft in drafts[n : n + 4]:
            linked = draft is first or draft.pair is first or draft.changed_from is first
            if linked and draft.unit is not None and draft.unit.dimension == "money":
                draft.unit = replace(draft.unit, name=f"{draft.unit.name}/{name}", dimension=f"money_per_{name}")
                draft.rules += rules


def _per_phrase(tokens: Tokens, i: int) -> tuple[int, str, list[str]] | None:
    """(end, unit, rules) of "bình quân đầu người" or "mỗi hộ" at token `i`."""
    match = tokens.longest(i, "joiners")
    if match is None or "before" not in match.row.data:
        return None
    if "unit" in match.row.data:
        return match.end, catalogue_unit(match.row.data["unit"])[0], [match.row.id]
    noun = tokens.longest(match.end, "units") if match.end < len(tokens) else None
    if noun is None or not noun.row.data.get("counted"):
        return None
    name, dimension, _, _ = catalogue_unit(noun.row.data["unit"])
    return (noun.end, name, [match.row.id, noun.row.id]) if dimension != "time" else None


def counts(tokens: Tokens, drafts: Sequence[Draft], facts: Mapping[str, Any]) -> None:
    """Give bare counts the unit of the total that their share proves, or of the noun before them."""
    _shares(tokens, drafts)
    stops = set(facts.get("gap_stops", ())) | set(facts.get("function_words", ()))
    for n, draft in enumerate(drafts):
        if not _bare(draft):
            continue
        after = tokens.lower[draft.end] if draft.end < len(tokens) else "\n"
        if after[0].isalpha() and after not in stops:
            continue
        unit = _noun_before(tokens, draft, drafts[n - 1].end if n else 0)
        if unit is not None:
            draft.unit = unit
            draft.rules += unit.rules
    for draft in drafts:
        one = draft.changed_from
        if draft.unit is None and one is not None and one.unit is not None and _bare(draft):
            draft.unit = one.unit


def shares(tokens: Tokens, drafts: Sequence[Draft]) -> None:
    """Turn a fraction of something into percent: "hai phần ba diện tích", "half of the voters".

    A fraction with a unit keeps it ("half a kilometre"), and one that is all of the text is of nothing.
    """
    for draft in drafts:
        amount = draft.amount
        if not amount.fraction or draft.unit is not None or (draft.first == 0 and draft.end == len(tokens)):
            continue
        if amount.scale == 1 and all(0 < value < 1 for value in amount.readings):
            draft.unit = unit_named("percent")
            for part in (amount, *([draft.upper.amount] if draft.upper is not None else ())):
                part.readings = tuple(value * 100 for value in part.readings)


def _bare(draft: Draft) -> bool:
    amount = draft.amount
    return (
        draft.unit is None
        and draft.upper is None
        and not amount.fraction
        and any(reading == reading.to_integral_value() for reading in amount.readings)
        and draft.role is None
    )


def _noun_before(tokens: Tokens, draft: Draft, floor: int) -> Unit | None:
    value = draft.value or Decimal(0)
    noun: Match | None = None
    first: Match | None = None
    for k in range(draft.first - 1, max(floor, draft.first - REACH) - 1, -1):
        if tokens.words[k] in ",;:.\n(":
            break
        found = tokens.longest(k, "units", "counts")
        if found is None or found.end > draft.first or tokens.longest(k, "joiners", "qualifiers") is not None:
            continue
        if found.row.category == "counts":
            return _counted(first, found) if first is not None and first.start - found.end < NEAR else None
        if found.row.data.get("counted"):
            first = found if first is None or found.start < first.start else first
        if found.row.data.get("counted") and (noun is None or found.end >= noun.end):
            noun = found
            if noun.end == draft.first and value >= 100:
                return _counted(noun, noun)
    return None


def _counted(match: Match, sign: Match) -> Unit:
    name, dimension, low, high = catalogue_unit(match.row.data["unit"])
    return Unit(name, dimension, -1, -1, True, rules=(match.row.id, sign.row.id), low=low, high=high)


def _shares(tokens: Tokens, drafts: Sequence[Draft]) -> None:
    """ "583 kadrer; varav 112 är kvinnor, 19,2 %": 112 of 583 is 19.2 %, so 112 counts the same."""
    proved: dict[int, Draft] = {}
    parts: list[int] = []
    for n, draft in enumerate(drafts):
        shares = [other for other in drafts[n + 1 : n + 3] if _may_share(tokens, draft, other)]
        if not _bare(draft) or not shares:
            continue
        parts.append(n)
        for total in reversed(drafts[max(0, n - TOTALS) : n]):
            counted = total.unit is not None and total.unit.counted
            if counted and any(_is_share(draft, total, share) for share in shares):
                proved[n] = total
                break
    for n in parts:
        draft, whole = drafts[n], proved.get(n)
        if whole is None:  # a share that was printed wrong: its neighbours in the list say of what it is a part
            near = [proved[m] for m in range(n - 4, n + 5) if m in proved and _together(tokens, draft, drafts[m])]
            whole = near[0] if near and near[0].first < draft.first else None
        if whole is not None and whole.unit is not None:
            draft.unit = replace(whole.unit, first=-1, end=-1)
            draft.rules += whole.unit.rules


def _together(tokens: Tokens, one: Draft, other: Draft) -> bool:
    return tokens.sentences[one.first] == tokens.sentences[other.first]


def _may_share(tokens: Tokens, draft: Draft, share: Draft) -> bool:
    unit = share.unit
    return unit is not None and unit.name == "percent" and share.upper is None and _together(tokens, draft, share)


def _is_share(part: Draft, total: Draft, share: Draft) -> bool:
    value, whole, printed = part.value, total.value, share.value
    if value is None or not whole or printed is None or value > whole:
        return False
    step = Decimal(10) ** -share.amount.decimals[0]
    return abs(value / whole * 100 - printed) <= step * Decimal("0.75")
