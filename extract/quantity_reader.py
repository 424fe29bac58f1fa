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
from extract.evidence import Marks, rate_fits, settle
from extract.lexicon import lexicon
from extract.quantity import Quantity
from extract.quantity_context import counts, default_money, per_head
from extract.quantity_draft import Draft
from extract.quantity_joiner import join
from extract.tokens import Match, Tokens
from extract.unit_reader import unit_after, unit_before, unit_named, with_denominator

STARTS = frozenset({"numbers", "scales", "multiples", "ordinals", "vague"})
MINUS = frozenset("-−–")


def find_quantities(tokens: Tokens) -> list[Quantity]:
    """Find the quantities among the unclaimed tokens, in reading order, and claim their tokens."""
    facts = lexicon(tokens.language).facts
    drafts = _scan(tokens, facts)
    default_money(tokens, drafts, facts)
    drafts = join(tokens, drafts)
    per_head(tokens, drafts)
    counts(tokens, drafts, facts)
    _settle(tokens, drafts, facts)
    return _records(tokens, drafts)


def _scan(tokens: Tokens, facts: Mapping[str, Any]) -> list[Draft]:
    starts = {i for i, found in tokens.matches.items() if any(match.row.category in STARTS for match in found)}
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
    draft = _multiple(tokens, i) or _vague(tokens, i)
    if draft is None:
        ordinal = _ordinal(tokens, i)
        if ordinal is not None:
            return ordinal
        amount = read_amount(tokens, i)
        if amount is None:
            return None, i + 1
        if _is_year(tokens, amount, facts) or _is_code(tokens, amount, previous):
            return None, amount.end
        draft = Draft(amount, amount.first, amount.end, rules=list(amount.rules))
        draft.reason = amount.reason
        _find_unit(tokens, draft)
        if not _stands(tokens, draft):
            return None, amount.end
    _qualify(tokens, draft, previous)
    return draft, draft.end


def _is_year(tokens: Tokens, amount: Amount, facts: Mapping[str, Any]) -> bool:
    """ "năm 2024 tỷ đồng": a year whose amount is missing must not take a unit."""
    i = amount.first
    word = tokens.words[i]
    return (
        i > 0
        and len(word) == 4
        and word.isdecimal()
        and 1945 <= int(word) <= 2100
        and tokens.lower[i - 1] in facts["year_words"]
    )


def _is_code(tokens: Tokens, amount: Amount, previous: Draft | None) -> bool:
    """Letters glued to the digits, before or after: "A-320", "5G"."""
    i, j = amount.first, amount.end
    if not tokens.numeric[i]:
        return False
    if (
        i >= 2
        and tokens.words[i - 1] in MINUS
        and tokens.glued(i)
        and tokens.glued(i - 1)
        and tokens.words[i - 2][0].isalpha()
    ):
        return previous is None or previous.end != i - 1
    if j < len(tokens) and tokens.glued(j) and tokens.words[j][0] in "\u20e3\ufe0f":
        return True  # a keycap: numbering
    if (
        j == i + 1
        and j < len(tokens)
        and tokens.glued(j)
        and tokens.words[j][0].isalpha()
        and len(tokens.words[j]) <= 2
    ):
        return not any(match.row.category in ("units", "scales", "ordinals") for match in tokens.matches.get(j, ()))
    return False


def _find_unit(tokens: Tokens, draft: Draft) -> None:
    amount = draft.amount
    before = unit_before(tokens, amount.first)
    after = unit_after(tokens, amount.end)
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


def _stands(tokens: Tokens, draft: Draft) -> bool:
    """Whether a single word is a number here: "hai dự án" is two, "hai bên" none."""
    amount, unit = draft.amount, draft.unit
    if amount.alone is None:
        return True
    if amount.first == 0 and all(not word[0].isalnum() for word in tokens.words[amount.end :]):
        return True
    if draft.end > amount.end and unit is not None and draft.end > unit.end:
        return True  # "một năm rưỡi"
    if amount.alone == "unit":
        return unit is not None
    if amount.alone == "measure":
        return (
            unit is not None and not unit.counted and unit.dimension not in ("time", "events") and unit.name != "times"
        )
    return False


def _multiple(tokens: Tokens, i: int) -> Draft | None:
    match = tokens.longest(i, "multiples")
    if match is None or "value" not in match.row.data:
        return None
    value = Decimal(match.row.data["value"])
    draft = Draft(Amount(i, match.end, (value,), (value,), words=True), i, match.end, rules=[match.row.id])
    draft.unit = unit_named(match.row.data["unit"])
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
        elif rows and all(row.category == "scales" or row.data.get("kind") == "hundred" for row in rows):
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


def _ordinal(tokens: Tokens, i: int) -> tuple[Draft | None, int] | None:
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


def _qualify(tokens: Tokens, draft: Draft, previous: Draft | None) -> None:
    """Take the qualifiers and the sign that touch the number."""
    first = draft.first
    _sign(tokens, draft, previous)
    first = draft.first
    opened: Match | None = None
    for _ in range(2):
        match = tokens.ending(first, "qualifiers")
        if match is None or match.row.data.get("place") == "after":
            break
        data = match.row.data
        if previous is not None and match.start < previous.end:
            break
        if (
            previous is not None
            and previous.end == match.start
            and data.get("between")
            and previous.unit is not draft.unit
        ):
            break  # "12 bác sĩ trên một vạn dân": per, not over
        if draft.unit is not None and draft.unit.dimension == data.get("except"):
            break
        if "opens" in data:
            opened = match
            break
        if not data["qualifier"]:
            break
        if data.get("unless_after") and _after_change(tokens, match.start):
            break
        if draft.qualifier is None:
            draft.qualifier = data["qualifier"]
        draft.rules.append(match.row.id)
        draft.first = first = match.start
    post = tokens.longest(draft.end, "qualifiers") if draft.end < len(tokens) else None
    if post is not None and post.row.data.get("place") == "after":
        draft.qualifier, draft.end = post.row.data["qualifier"] or None, post.end
        draft.rules.append(post.row.id)
        if opened is not None:
            draft.first = opened.start
            draft.rules.append(opened.row.id)
    if draft.amount.collective and draft.qualifier is None:
        draft.qualifier = "about"


def _after_change(tokens: Tokens, i: int) -> bool:
    return any(
        match.row.category == "changes" and match.end <= i
        for k in range(max(0, i - 4), i)
        for match in tokens.matches.get(k, ())
    )


def _sign(tokens: Tokens, draft: Draft, previous: Draft | None) -> None:
    i = draft.first
    if i == 0 or (previous is not None and previous.end >= i):
        return
    word = tokens.words[i - 1]
    match = tokens.ending(i, "joiners")
    if match is not None and match.row.data["kind"] == "minus":
        draft.sign, draft.first, draft.negative = -1, match.start, True
        draft.rules.append(match.row.id)
        return
    if (word not in MINUS and word != "+") or not tokens.glued(i) or tokens.claims[i - 1] is not None:
        return
    if i >= 2 and tokens.glued(i - 1) and tokens.words[i - 2] not in '([,;:"“':
        return
    if i == 1 or tokens.words[i - 2] == "\n":
        return  # a bullet
    draft.sign = 1 if word == "+" else -1
    draft.first = i - 1
    draft.negative = draft.sign < 0 and (draft.unit is None or draft.unit.dimension == "temperature")


def _settle(tokens: Tokens, drafts: list[Draft], facts: Mapping[str, Any]) -> None:
    article = Marks.of([draft.amount for draft in drafts] + [d.upper.amount for d in drafts if d.upper is not None])
    beside: dict[tuple[int, str | None], list[Amount]] = {}
    parts = [
        (draft, part) for draft in drafts for part in ((draft, draft.upper) if draft.upper is not None else (draft,))
    ]
    for draft, part in parts:
        key = (tokens.sentences[draft.amount.first], draft.unit.name if draft.unit is not None else None)
        beside.setdefault(key, []).append(part.amount)
    unsure = facts.get("unsure_marks", "")
    for draft, part in parts:
        amount = part.amount
        if amount.number is None or amount.number.open_mark is None:
            continue
        key = (tokens.sentences[draft.amount.first], draft.unit.name if draft.unit is not None else None)
        same = Marks.of(beside[key]) if key[1] is not None else Marks({}, {})
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


def _records(tokens: Tokens, drafts: list[Draft]) -> list[Quantity]:
    places = {id(draft): n for n, draft in enumerate(drafts)}
    quantities = []
    for draft in drafts:
        amount = draft.amount
        tokens.claim(draft.first, draft.end, "quantity")
        value, high, readings = draft.value, draft.value_high, draft.readings
        if draft.reason == "ambiguous":
            value = high = None
        value, high = plain(value), plain(high)
        quantities.append(
            Quantity(
                tokens.starts[draft.first],
                tokens.ends[draft.end - 1],
                tokens.quote(draft.first, draft.end),
                value,
                high,
                draft.unit.name if draft.unit is not None else None,
                draft.qualifier,
                tuple(reading for reading in map(plain, readings) if reading is not None),
                draft.reason,
                draft.sign,
                tokens.starts[amount.first],
                tokens.ends[amount.end - 1],
                amount.decimals[min(draft.choice, len(amount.decimals) - 1)],
                amount.scale,
                draft.role,
                places.get(id(draft.pair)) if draft.pair is not None else None,
                tuple(dict.fromkeys(draft.rules)),
            )
        )
    return quantities


def plain(value: Decimal | None) -> Decimal | None:
    """The same number without zeros behind the decimal mark and without an exponent."""
    if value is None:
        return None
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()
