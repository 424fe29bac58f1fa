"""What stands between two numbers joins them: a range, a change, a list with one unit, a value and its plan, two currencies.

In: the drafts of a text in reading order. Out: the same, with the upper ends of ranges taken into their lower ends, units and
multipliers shared, roles and pairs set.

>>> from extract.pipeline import read
>>> [(q.value, q.unit) for q in read("giảm từ 63 xuống còn 34 tỉnh", "vi").quantities]
[(Decimal('63'), 'province'), (Decimal('34'), 'province')]
"""

from dataclasses import replace
from decimal import Decimal

from extract.evidence import rate_fits
from extract.quantity_draft import Draft
from extract.tokens import Match, Row, Tokens
from extract.unit_reader import Unit, with_denominator

CODE = 3
"""Letters of an ISO 4217 currency."""
ONE, THOUSAND = Decimal(1), Decimal(1000)
FRACTION = 10
"""Largest denominator of a fraction written as "2/3"."""
ROUND = (Decimal(10), Decimal(100), Decimal(1000), Decimal(10000))
"""Round numbers of which "n in ten", "n out of a hundred" are shares."""

_ORDER = 10
_RANGE = 3
"""Up to this factor two amounts joined by "to" behind a verb of change are a range ("rose by VND2,000 to VND3,000")."""


def join(tokens: Tokens, drafts: list[Draft]) -> list[Draft]:
    """Join neighbours, from the last to the first, since a unit is printed after the last number that it belongs to."""
    drafts = [draft for draft in drafts if not _is_date(tokens, draft)]
    dropped: set[int] = set()
    for n in range(len(drafts) - 2, -1, -1):
        one, other = drafts[n], drafts[n + 1]
        if n + 1 in dropped:
            continue
        link = _link(tokens, one, other)
        if link is None:
            continue
        kind, match = link
        rule = [match.row.id] if match is not None else []
        if kind == "range" and _range(tokens, one, other, rule):
            dropped.add(n + 1)
        elif kind == "change":
            _share(one, other)
            other.changed_from = one
            one.rules += rule
        elif kind == "list" and match is not None:
            if _currencies(one, other) and (
                match.row.data.get("same") or (match.row.id.endswith(".comma") and _fits(one, other))
            ):
                _pair(one, other, "paired", rule)
            elif match.row.data.get("final") or other.shared:
                _share(one, other)
                one.rules += rule
                one.shared = one.unit is not None and one.unit is other.unit
        elif kind == "pair" and match is not None:
            if _share_of(one, other, match.row, rule) or _of(tokens, one, other, rule, match.row):
                dropped.add(n + 1)
        elif kind == "same" and _currencies(one, other):
            _pair(one, other, "paired", rule)
    return [draft for n, draft in enumerate(drafts) if n not in dropped]


def _link(tokens: Tokens, one: Draft, other: Draft) -> tuple[str, Match | None] | None:
    """(kind, row) of the joiner that fills the gap between two drafts."""
    start, end = one.end, other.first
    if (
        one.whole
        or other.whole
        or end < start
        or end - start > 6
        or tokens.sentences[one.first] != tokens.sentences[other.first]
    ):
        return None
    if end - start == 1 and tokens.words[start] == "(":
        return ("same", None) if one.reason != "malformed" else None
    match = _joiner(tokens, start, end)
    if match is None and start < end and tokens.words[start] in (",", "("):
        match = _joiner(tokens, start + 1, end)
        if match is not None and match.row.data["kind"] not in ("same", "list", "change"):
            return None
    if match is None:
        return None
    kind = match.row.data["kind"]
    before = tokens.ending(one.first, "joiners")
    opener = before.row.data["kind"] if before is not None else None
    if before is not None and opener in ("between", "from"):
        one.rules.append(before.row.id)
    if kind == "list" and opener == "between" and match.row.data.get("final"):
        return "range", match
    if kind == "range" and opener == "from" and match.row.data.get("change_after") and _changes(tokens, one.first):
        return "change", match
    by_and_to = kind == "range" and opener is None and one.unit is not None and match.row.data.get("change_after")
    if by_and_to and _changes(tokens, one.first) and not _near(one, other):
        return None  # "rose $1.50 to $78.30": by how much, and to what
    return kind, match


def _is_date(tokens: Tokens, draft: Draft) -> bool:
    """The day or the month of "(2/3)" or "15-3," (or a score), which no reader of periods could date."""
    if draft.unit is not None or draft.end != draft.first + 1:
        return False
    for first in (draft.first, draft.first - 2):
        last = first + 2
        if first < 0 or last >= len(tokens) or not (tokens.numeric[first] and tokens.numeric[last]):
            continue
        day, mark, month = tokens.words[first : last + 1]
        if not (day.isdecimal() and month.isdecimal() and len(day) < 3 and len(month) < 3):
            continue
        if not (tokens.glued(last) and tokens.glued(last - 1) and int(day) <= 31 and int(month) <= 12):
            continue
        before, after = (
            tokens.words[first - 1] if first else "",
            tokens.words[last + 1] if last + 1 < len(tokens) else ".",
        )
        if (mark == "/" and before == "(" and after == ")") or (
            mark == "-" and not after[0].isalnum() and after not in "%‰$€"
        ):
            return True
    return False


def _joiner(tokens: Tokens, start: int, end: int) -> Match | None:
    for match in tokens.matches.get(start, ()):
        if match.row.category != "joiners":
            continue
        words = tokens.words[match.end : end]
        if match.end == end or (
            len(words) <= match.row.data.get("loose", 0) and not any(w in ",;:.(\n" for w in words)
        ):
            return match
    return None


def _changes(tokens: Tokens, i: int) -> bool:
    sentence = tokens.sentences[i]
    return any(
        match.row.category == "changes" and tokens.sentences[k] == sentence
        for k in range(max(0, i - 6), i)
        for match in tokens.matches.get(k, ())
    )


def _near(one: Draft, other: Draft) -> bool:
    """Whether two amounts are so near that they are rather the ends of a range than a change and what it led to."""
    low, high = one.amount.readings, other.amount.readings
    return bool(low and high) and low[0] < high[0] < low[0] * _RANGE


def _comparable(one: Draft, other: Draft) -> bool:
    """Whether two amounts may be of the same thing: no rise of 420 dong to 20,850 dong a litre."""
    low, high = one.amount.readings, other.amount.readings
    return bool(low and high) and high[0] < low[0] * _ORDER and low[0] < high[0] * _ORDER


def _same_unit(one: Draft, other: Draft) -> bool:
    return one.unit is not None and other.unit is not None and one.unit.name == other.unit.name


def _currencies(one: Draft, other: Draft) -> bool:
    """Two amounts of money in different currencies, counted per the same."""
    if one.unit is None or other.unit is None or not (one.unit.is_money or one.unit.dimension == "price"):
        return False
    mine, its = one.unit.name.partition("/"), other.unit.name.partition("/")
    if len(mine[0]) != CODE or len(its[0]) != CODE:
        return False  # cents are no other currency
    return (
        (other.unit.is_money or other.unit.dimension == "price")
        and mine[0] != its[0]
        and (mine[2] == its[2] or not its[2])
    )


def _fits(one: Draft, other: Draft) -> bool:
    return any(rate_fits(mine, its) for mine in one.amount.readings for its in other.amount.readings)


def _range(tokens: Tokens, one: Draft, other: Draft, rule: list[str]) -> bool:
    if not one.amount.readings or not other.amount.readings or other.upper is not None:
        return False
    if one.amount.fraction and not other.amount.fraction:
        return False  # "fell a third to $2"
    if one.unit is not None and other.unit is not None and not _same_unit(one, other):
        if not (other.unit.name.startswith(one.unit.name + "/") and (one.unit.before or _near(one, other))):
            return False
        one.unit = replace(other.unit, before=one.unit.before)  # "between $10 and $12 per share"
    unit = one.unit
    _share(one, other)
    low, high = one.amount, other.amount
    if low.scale != 1 and low.readings[0] >= high.readings[0] > low.mantissas[0]:
        one.rescale(ONE)  # "500 to 1 million"
    certain = len(low.readings) == 1 and len(high.readings) == 1
    if certain and low.readings[0] >= high.readings[0]:
        one.unit = unit or one.unit
        return False
    one.upper, one.end = other, other.end
    one.qualifier = one.qualifier or other.qualifier
    one.reason = one.reason or other.reason
    one.rules += rule + other.rules
    if one.unit is not None and one.unit.before:  # "$365-370 per tonne"
        one.unit = with_denominator(tokens, replace(one.unit, end=one.end))
        one.end = max(one.end, one.unit.end)
    return True


def _share(one: Draft, other: Draft) -> None:
    """Give `one` the unit and multiplier of `other`, or the other way round where the currency stands before the first."""
    if one.amount.fraction:
        return
    before = one.unit is not None and one.unit.before
    per = one.unit is not None and other.unit is not None and other.unit.name.startswith(one.unit.name + "/")
    if (
        per
        and one.unit is not None
        and other.unit is not None
        and one.unit.name != "percent"
        and _comparable(one, other)
    ):
        one.unit = replace(other.unit, before=before)  # "from 2.34 million to 2.53 million dong a month"
    if other.unit is not None and (one.unit is None or (before and _same_unit(one, other))):
        if one.unit is None:
            one.unit = other.unit
        if one.amount.scale == 1 and _short(one, other):
            one.rescale(other.amount.scale)
            one.rules += [rule for rule in other.amount.rules if ".scales." in rule]
    elif other.unit is None and before:
        other.unit = one.unit
        if one.amount.scale == 1 and _short(one, other):
            one.rescale(other.amount.scale)
    elif one.unit is None and other.unit is None and one.amount.scale == 1 and _short(one, other):
        one.rescale(other.amount.scale)


def _short(one: Draft, other: Draft) -> bool:
    """Whether a number may want the multiplier of its neighbour: "5 to 7 million", not "900.000 đến 1,9 triệu"."""
    mine, its = one.amount, other.amount
    if its.scale == 1 or not mine.mantissas or not its.mantissas:
        return False
    return mine.readings[0] < THOUSAND or mine.readings[0] <= 100 * its.mantissas[0]


def _pair(one: Draft, other: Draft, role: str, rule: list[str]) -> None:
    other.role, other.pair = role, one
    other.rules += rule


def _share_of(one: Draft, other: Draft, row: Row, rule: list[str]) -> bool:
    """ "one in five", "nine out of ten": a share. Whether it is one, and `other` was taken into `one`."""
    kind = row.data.get("share")
    if kind is None or one.unit is not None or one.upper is not None or not (one.amount.words or other.amount.readings):
        return False
    if len(one.amount.readings) != 1 or len(other.amount.readings) != 1 or one.amount.fraction or other.amount.fraction:
        return False
    part, whole = one.amount.readings[0], other.amount.readings[0]
    if (
        not 0 < part < whole
        or part != part.to_integral()
        or (other.unit is not None and other.unit.dimension == "time")
    ):
        return False
    small = whole == whole.to_integral() and whole <= FRACTION
    said = one.amount.words and other.amount.words
    if not (whole in ROUND or (small and (kind == "always" or (kind == "words" and said)))):
        return False
    one.amount.readings = one.amount.mantissas = (round(part / whole, 12),)
    one.amount.fraction, one.amount.alone = True, None
    one.end = one.amount.end = other.amount.end
    one.rules += rule
    return True


def _of(tokens: Tokens, one: Draft, other: Draft, rule: list[str], row: Row) -> bool:
    """ "a/b", "a of b": value and plan, a fraction, or a rate. Whether `other` was taken into `one`."""
    if row.data.get("share") and not row.data.get("total"):
        return False
    per = bool(row.data.get("per"))
    if not one.amount.readings or not other.amount.readings:
        return False
    low, high = one.amount.readings[0], other.amount.readings[0]
    if one.amount.fraction:
        return False
    if one.unit is None:
        small = low == low.to_integral() and high == high.to_integral() and 0 < low < high <= FRACTION
        if small and other.unit is None and tokens.words[one.end] == "/":
            value = round(low / high, 12)
            one.amount.readings = one.amount.mantissas = (value,)
            one.amount.fraction, one.end = True, other.end
            one.amount.end = other.amount.end
            one.rules += rule
            return True
        _share(one, other)
        _pair(one, other, "plan", rule)
    elif one.unit.name == "rank":
        _pair(one, other, "plan", rule)
    elif per and not one.unit.is_money and other.unit is not None and other.unit.dimension in ("people", "area"):
        base = other.unit.name if high == 1 else f"{high:f}_{other.unit.name}"
        one.unit = Unit(f"{one.unit.name}/{base}", "rate", one.unit.first, other.end, rules=one.unit.rules)
        one.end = other.end
        one.rules += rule + other.rules
        return True
    return False
