"""Units that a number takes over from a quantity before it.

In: the drafts of a text, joined, each with the unit that its own words say. They are changed in place: "18.116 vụ tai nạn …
giảm 4.920 vụ" are accidents both; "19 people were killed and 13 were missing" are people both; "$4,012 a tonne, down from
$4,081" are prices both; "6,03 tỷ USD, trong đó … 3,54 tỷ" is one currency.

>>> from extract.pipeline import read
>>> [q.unit for q in read("At least 19 people were killed and 13 were missing.", "en").quantities]
['person', 'person']
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from extract.quantity_draft import Draft
from extract.tokens import Tokens
from extract.unit_reader import Unit, unit_named

CLASSIFIED = 160
"""Tokens back within which a bare classifier means the things that it last counted."""
PRICES = Decimal(3)
"""Two prices of one thing are not further apart than by this factor."""
AROUND = 3
"""Quantities on either side of an amount, and `REACH` tokens, within which a rate of its unit is looked for."""
REACH = 20
SUMS = Decimal(50)
"""Two sums of one currency in a sentence, one without its name, likewise."""
YEARS = range(1945, 2101)
FEWER = 200
"""A count without its noun is at most so many times the count with it."""


def carry(tokens: Tokens, drafts: Sequence[Draft], facts: Mapping[str, Any]) -> None:
    """Give bare counts, bare classifiers and bare prices the unit of what was counted before."""
    others, blockers = facts.get("count_others", ()), facts.get("count_blockers", ())
    verbs = set(facts.get("gap_stops", ())) | set(facts.get("function_words", ())) | set(facts.get("count_verbs", ()))
    counted: Draft | None = None
    named: dict[str, Draft] = {}
    for draft in drafts:
        if draft.unit is None:
            _count(tokens, draft, counted, verbs, others, blockers)
        elif draft.unit.first >= 0 and draft.unit.counted:
            _classifier(tokens, draft, named)
        if draft.unit is not None and draft.unit.counted and draft.unit.dimension != "time":
            counted = draft
    _rates(tokens, drafts)


def _same_sentence(tokens: Tokens, one: Draft, other: Draft) -> bool:
    return tokens.sentences[one.first] == tokens.sentences[other.first]


def _count(
    tokens: Tokens,
    draft: Draft,
    counted: Draft | None,
    verbs: Collection[str],
    others: Collection[str],
    blockers: Collection[str],
) -> None:
    """ "… and 13 were missing": a bare whole number, no noun behind it, counts what the sentence counted last."""
    amount = draft.amount
    if counted is None or counted.unit is None or not _same_sentence(tokens, counted, draft):
        return
    whole = amount.readings and all(value == value.to_integral_value() for value in amount.readings[:1])
    if not whole or draft.upper is not None or draft.role is not None or amount.fraction or amount.readings[0] in YEARS:
        return
    if draft.first and tokens.lower[draft.first - 1] in blockers:
        return
    after = tokens.lower[draft.end] if draft.end < len(tokens) else "\n"
    if after[0].isalpha() and after not in verbs and after not in others:
        return
    if after not in others and amount.readings[0] > FEWER * (counted.value_high or counted.value or 0):
        return
    draft.unit = replace(counted.unit, first=-1, end=-1)
    draft.rules += counted.unit.rules


def _classifier(tokens: Tokens, draft: Draft, named: dict[str, Draft]) -> None:
    """ "giảm 4.920 vụ": a classifier alone counts the things that it counted with their name before."""
    unit = draft.unit
    if unit is None:
        return
    word = tokens.lower[unit.first]
    if unit.end - unit.first > 1:
        named[word] = draft
    elif (before := named.get(word)) is not None and before.unit is not None:
        if draft.first - before.end <= CLASSIFIED and before.unit.counted:
            draft.unit = replace(before.unit, first=unit.first, end=unit.end)
            draft.rules += before.unit.rules


def _rates(tokens: Tokens, drafts: Sequence[Draft]) -> None:
    """ "$4,012 a tonne, down from $4,081", "290 people per km2, up 31 people": amounts beside a rate are per the same."""
    for n, draft in enumerate(drafts):
        unit = draft.unit
        if unit is None or unit.dimension == "time" or "/" in unit.name:
            continue
        for rate in (*reversed(drafts[max(0, n - AROUND) : n]), *drafts[n + 1 : n + 1 + AROUND]):
            its = rate.unit
            if its is None or its.name.partition("/")[0] != unit.name or "/" not in its.name or draft.pair is rate:
                continue
            if (
                not _same_sentence(tokens, rate, draft)
                or draft.first - rate.end > REACH
                or rate.first - draft.end > REACH
            ):
                continue
            if _from(tokens, draft, rate) if unit.is_money else _changes(tokens, draft):
                draft.unit = replace(unit, name=its.name, dimension=its.dimension, counted=its.counted)
                draft.rules += its.rules
                break


def _from(tokens: Tokens, draft: Draft, rate: Draft) -> bool:
    """Whether a sum is what a price of the same order was before ("down from $4,081")."""
    opener = tokens.ending(draft.first, "joiners")
    return opener is not None and opener.row.data["kind"] == "from" and _near(draft, rate, PRICES)


def _changes(tokens: Tokens, draft: Draft) -> bool:
    """Whether a word of rise or fall stands right before the amount."""
    return any(
        match.row.category == "changes" and match.end <= draft.first
        for k in range(max(0, draft.first - 3), draft.first)
        for match in tokens.matches.get(k, ())
    )


def _near(one: Draft, other: Draft, factor: Decimal) -> bool:
    mine, its = one.value, other.value
    if mine is None or its is None or mine <= 0 or its <= 0:
        return False
    return max(mine, its) <= factor * min(mine, its)


def spoken_currency(tokens: Tokens, draft: Draft, drafts: Sequence[Draft]) -> Unit | None:
    """The one foreign currency of the sentence, for a sum without its name that is of the same order; else None."""
    names: dict[str, Draft] = {}
    for other in drafts:
        if other.unit is not None and other.unit.dimension == "money" and _same_sentence(tokens, other, draft):
            names.setdefault(other.unit.name, other)
    if len(names) != 1:
        return None
    ((name, other),) = names.items()
    same_scale = other.amount.scale == draft.amount.scale
    return unit_named(name) if same_scale and _near(draft, other, SUMS) else None
