"""Settles what the drafts of a text leave open: ambiguous marks by their evidence, and the doubts that stay.

In: the drafts, joined and with their units. They are changed in place: the reading that counts, the reason why there is none.

>>> from extract.pipeline import read
>>> [q.value for q in read("The plants have 6.000 MW and 1.250 MW.", "en").quantities]
[Decimal('6000'), Decimal('1250')]
"""

from collections.abc import Mapping
from typing import Any

from extract.amount import Amount
from extract.evidence import NONE, Marks, rate_fits, settle
from extract.quantity_draft import Draft
from extract.tokens import Tokens


def settle_all(tokens: Tokens, drafts: list[Draft], facts: Mapping[str, Any]) -> None:
    """Choose the reading of every draft and of its upper end, and give it its reason of doubt."""
    article = Marks.of([draft.amount for draft in drafts] + [d.upper.amount for d in drafts if d.upper is not None])
    beside: dict[tuple[int, str | None], list[Amount]] = {}
    parts = [
        (draft, part) for draft in drafts for part in ((draft, draft.upper) if draft.upper is not None else (draft,))
    ]
    for draft, part in parts:
        key = (tokens.sentences[draft.amount.first], draft.unit.name if draft.unit is not None else None)
        beside.setdefault(key, []).append(part.amount)
    marks = {key: Marks.of(amounts) for key, amounts in beside.items() if key[1] is not None}
    unsure = facts.get("unsure_marks", "")
    for draft, part in parts:
        amount = part.amount
        if amount.number is None or amount.number.open_mark is None:
            continue
        key = (tokens.sentences[draft.amount.first], draft.unit.name if draft.unit is not None else None)
        same = marks.get(key, NONE)
        index, reason = settle(amount, draft.unit, same, article, amount.number.open_mark not in unsure)
        part.choice = index
        draft.reason = draft.reason or reason
    for draft in drafts:
        _check_rate(draft)
        _doubt(tokens, draft)


def _check_rate(draft: Draft) -> None:
    """Two currencies for one amount settle the marks of both."""
    one = draft.pair
    if draft.role != "paired" or one is None or one.upper is not None or draft.upper is not None:
        return
    mine, its = draft.amount.readings, one.amount.readings
    if (
        len(mine) * len(its) < 2
        or one.unit is None
        or draft.unit is None
        or "VND" not in (one.unit.name, draft.unit.name)
    ):
        return
    fits = [(i, j) for i in range(len(mine)) for j in range(len(its)) if rate_fits(mine[i], its[j])]
    if len(fits) == 1:
        (draft.choice, one.choice), draft.reason, one.reason = fits[0], None, None


def _doubt(tokens: Tokens, draft: Draft) -> None:
    """Reasons to doubt that lie in the words: a long scale that may be a short one, a ratio that may be a growth."""
    amount, unit = draft.amount, draft.unit
    if amount.suspect is not None and unit is not None and unit.name == "VND" and len(amount.readings) == 1:
        literal = amount.readings[0]
        amount.readings = (literal * amount.suspect / amount.scale, literal)
        amount.scale = amount.suspect
        draft.reason = draft.reason or "scale_suspect"
    if unit is not None and unit.name == "times" and unit.end >= 0 and draft.reason is None:
        before = tokens.ending(draft.first, "changes")
        after = tokens.longest(draft.end, "changes") if draft.end < len(tokens) else None
        if before is not None or after is not None:
            draft.reason = "ratio_or_growth"
