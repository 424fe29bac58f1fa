"""What a figure measures: level, change, growth, share, ratio or rank, with its direction.

In: a quantity, its clause and what surrounds them. Out: a `MeasureReading`. The order of decision is that of the gold
guidelines: the unit first (rank, times), then what stands right behind the figure ("98% kế hoạch", "15% tổng vốn"), then the
words before it, then what the text was listing.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from extract.clause import Clause
from extract.concept import Known, published_both_ways
from extract.cue import Cues
from extract.lexicon import lexicon
from extract.period import Period
from extract.quantity import Quantity
from extract.statement import Direction, Measure
from extract.tokens import Match

POINTS = frozenset({"percentage_point", "basis_point"})
PLAN = "plan"
_WHOLE = 100
_PLAN_REACH = 4
"""Words before a figure within which a plan makes it the plan's."""


@dataclass(frozen=True, slots=True)
class MeasureReading:
    """`contribution`: points that a part adds to a whole's growth. `plan`: measured against a plan."""

    measure: Measure
    direction: Direction | None = None
    plan: bool = False
    whole: Match | None = None
    """The word of a total right behind a share ("chiếm 15% tổng vốn")."""
    contribution: bool = False
    contributes: bool = False
    """A share that is what a part contributes to a whole ("đóng góp 68,57% vào tăng trưởng chung")."""
    of_other: bool = False
    """The value of what something is compared with."""
    unit: str | None = None
    value: Decimal | None = None
    """Of the figure that was read so."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the text around a figure says of its measure.

    `before` is the reading of the figure before in the same sentence, `counted_before` whether that is a count; `compared`
    whether a comparison with another period holds; `growing` whether the indicator is itself a rate of growth, `rate` a
    share; `adds_up` whether an amount is compared over time right afterwards ("tăng thêm 1,99 tỷ USD, giảm 52,3%"); `planned`
    whether the text was just measuring against a plan, `of_plan` whether the figure is the plan's; `onward` whether a value
    of the same unit follows ("tăng từ 2 lên 3").
    """

    before: MeasureReading | None = None
    compared: bool = False
    growing: bool = False
    rate: bool = False
    counted_before: bool = False
    adds_up: bool = False
    planned: bool = False
    of_plan: bool = False
    onward: bool = False
    grew: bool = False


def read_measure(quantity: Quantity, clause: Clause, cues: Cues, around: Surroundings) -> MeasureReading:
    """Decide the measure of one figure; more than the whole is no share of it."""
    reading = _read(quantity, clause, cues, around)
    if (
        reading.measure == "share"
        and quantity.value is not None
        and quantity.value > _WHOLE
        and quantity.unit == "percent"
    ):
        return replace(reading, measure="ratio", whole=None)
    return reading


def _read(quantity: Quantity, clause: Clause, cues: Cues, around: Surroundings) -> MeasureReading:
    before = around.before
    unit = (quantity.unit or "").partition("/")[0]
    whole = cues.any("parts", clause.end, min(clause.end + 3, clause.stop), "whole")
    plan = _plan(clause, cues)
    words = [cue.row.data for cue in clause.cues]
    growth = next((w for w in reversed(words) if w["measure"] == "growth"), None)
    if quantity.unit == "rank":
        return MeasureReading("rank")
    if quantity.unit == "times":
        return MeasureReading("ratio", None, plan)
    contribution = next((w for w in words if w["measure"] == "contribution"), None)
    if contribution is not None and unit in {"percent", *POINTS}:
        overall = cues.any("parts", clause.end, clause.stop, "overall") is not None
        if unit == "percent" and before is not None and before.measure == "share" and not overall:
            return MeasureReading("share", whole=whole)
        if unit == "percent" and _outgrows(quantity, before):
            return MeasureReading("share", whole=whole, contribution=True, contributes=True)
        if unit in POINTS or clause.behind is None or overall:
            direction: Direction = contribution["direction"]
            return MeasureReading("change", direction, contribution=True)
        return MeasureReading("share", whole=whole, contributes=unit == "percent" and whole is None)
    to = any(w["measure"] == "level" and not w.get("reach") for w in words)
    edge = _value_word(clause, cues)
    starts = edge > 0 and cues.at(edge - 1, "parts", "from") is not None
    to = to or (growth is not None and _to(clause, cues))
    if starts and before is not None and before.unit == quantity.unit and before.measure in ("level", "share"):
        return before
    to = to or (around.onward and not clause.compared and starts)
    if unit in POINTS and clause.near is not None and _names_plan(cues, range(clause.near[0], clause.first)):
        return MeasureReading("change", growth["direction"] if growth else _signed(quantity), plan=True)
    if unit in POINTS:
        return MeasureReading("change", growth["direction"] if growth else _signed(quantity))
    target = value_of_other(clause, cues)
    bare = edge == clause.first and any(
        cue.end == clause.first and cue.row.data["base"] == PLAN
        for cue in cues.within("bases", clause.start, clause.first)
    )
    if growth is not None and not growth.get("exceeds") and target and bare and unit != "percent":
        target = _beyond(quantity, growth["direction"], before)
    if unit != "percent":
        adds_up = growth is not None and bool(growth.get("added")) and (around.adds_up or not around.compared)
        exceeds = growth is not None and (target or (growth.get("exceeds") and not plan))
        if growth is not None and not to and not adds_up and not exceeds:
            return MeasureReading("change", growth["direction"], plan)
        behind = cues.at(clause.end, "measures")
        if behind is not None and behind.row.data.get("compares") and not target:
            return MeasureReading("change", behind.row.data["direction"], plan)
        return MeasureReading("level", of_other=target)
    if target:
        grew = before is not None and before.measure == "growth"
        keep = (
            before if before is not None and not (clause.compared and grew and not _named_plan(clause, cues)) else None
        )
        if (keep is None and around.grew) or (keep is not None and grew):
            return MeasureReading("growth", "up", of_other=True)
        return replace(keep or MeasureReading("share"), of_other=True)
    growths = [w for w in words if w["measure"] == "growth"]
    if (to or starts) and len(growths) > 1:
        return MeasureReading("growth", growths[0]["direction"])
    instead = edge < clause.first and not words and not starts
    if (around.of_plan or instead) and before is not None and before.unit == quantity.unit:
        return before
    if quantity.sign and (clause.bracket or clause.subject is None) and not any(w["measure"] == "share" for w in words):
        return MeasureReading("growth", _signed(quantity))
    if growth is not None and not to:
        return MeasureReading("growth", growth["direction"], plan)
    behind_growth = _behind(clause, cues)
    compared = cues.at(clause.end, "measures")
    if behind_growth is not None and compared is not None and compared.row.data.get("compares"):
        return MeasureReading("growth", behind_growth, plan)
    if plan or (around.planned and clause.subject is None and any(w.get("reach") for w in words)):
        return MeasureReading("ratio", None, True)
    if _level(clause, cues):
        return MeasureReading("level")
    if any(w["measure"] == "share" for w in words):
        return MeasureReading("share", whole=whole)
    if behind_growth is not None:
        return MeasureReading("growth", behind_growth, plan)
    if any(w["measure"] == "ratio" for w in words):
        return MeasureReading("share", whole=whole) if whole is not None else MeasureReading("ratio", None, plan)
    if whole is not None:
        return MeasureReading("share", whole=whole)
    named = _growth_named(clause, cues)
    if (around.growing and not around.rate) or named is not None:
        return MeasureReading("growth", named or "up")
    if clause.bracket and not words:
        if before is not None and before.measure == "change" and before.unit != quantity.unit:
            return MeasureReading("growth", before.direction)
        return MeasureReading("share")
    if clause.subject is None and before is not None and not around.counted_before and before.unit == quantity.unit:
        return before
    if around.grew and not around.rate and not around.counted_before and _named_plan(clause, cues):
        return MeasureReading("growth", "up", of_other=True)
    return MeasureReading("share")


def names_rate(phrase: str, language: str) -> bool:
    """Whether an indicator is the price of money or a tax: its value in percent is a level and no share."""
    words = f" {phrase.lower()} "
    return any(f" {name.lower()} " in words for names in _rate_levels(language) for name in names)


@cache
def _rate_levels(language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(row.phrases for row in lexicon(language).category("heads") if row.data.get("level"))


def _outgrows(quantity: Quantity, before: MeasureReading | None) -> bool:
    """Whether a contribution in percent is larger than the growth of what contributes: then it is a share of the whole's, for
    in points a part adds less than it grows by."""
    grown = before.value if before is not None and before.measure == "growth" else None
    return grown is not None and quantity.value is not None and quantity.value > grown


def unnamed_base(
    reading: MeasureReading, unit: str | None, known: Known | None, kind: str, period: Period | None
) -> str | None:
    """What a change is compared with where the text does not say: the same period a year before, of a price or index of
    one day the day before. None for amounts, for revisions of a forecast and where an indicator is published both ways."""
    if reading.plan or reading.measure not in ("growth", "change"):
        return None
    daily = period is not None and period.granularity == "day" and period.role != "deadline"
    if unit == "index_point":
        return "previous_period" if daily else None
    if reading.measure == "change" and not reading.contribution and (unit not in POINTS or kind == "forecast" or daily):
        return None
    if known is not None and published_both_ways(known.concept):
        return None
    return "previous_period" if daily and not reading.contribution else "yoy"


def _to(clause: Clause, cues: Cues) -> bool:
    """Whether the word right before the figure says where a movement ended ("edged down to 1.2%"); "up to" does not."""
    i = clause.first - 1
    if i < 1 or cues.at(i, "parts", "to") is None:
        return False
    up_to = cues.at(i - 1, "fillers")
    return up_to is None or up_to.end != clause.first


def value_of_other(clause: Clause, cues: Cues) -> bool:
    """Whether the figure is the value of what something is compared with ("thấp hơn mức bình quân là 98%", "vượt mục tiêu
    3.000 km")."""
    ends = [cue.end for cue in clause.cues if cue.row.data.get("compares") or cue.row.data.get("exceeds")]
    if not ends:
        return False
    between = range(ends[-1], clause.first)
    return (
        any(cues.at(i, "parts", "is") is not None for i in between)
        or _names_plan(cues, between)
        or any((match := cues.at(i, "kinds")) is not None and match.row.data["kind"] == "rule" for i in between)
        or any((match := cues.at(i, "bases")) is not None and match.row.data["base"] == "value" for i in between)
    )


def _names_plan(cues: Cues, between: range) -> bool:
    return any((match := cues.at(i, "bases")) is not None and match.row.data["base"] == PLAN for i in between)


def _value_word(clause: Clause, cues: Cues) -> int:
    """Token at which a word for a value begins that stands right before the figure, else that of the figure."""
    for cue in cues.within("bases", max(clause.start, clause.first - _PLAN_REACH), clause.first):
        if cue.end == clause.first and cue.row.data["base"] == "value":
            return cue.start
    return clause.first


def _named_plan(clause: Clause, cues: Cues) -> bool:
    """Whether the words right before the figure name a plan or aim ("mục tiêu cả năm 8%")."""
    return _names_plan(cues, range(max(clause.start, clause.first - _PLAN_REACH), clause.first))


def _beyond(quantity: Quantity, direction: Direction, before: MeasureReading | None) -> bool:
    """Whether an amount that something is compared with is too large (or, of what is higher, too near) to be the difference:
    "7,1 tỷ USD, thấp hơn kế hoạch 8 tỷ USD"."""
    if before is None or before.value is None or before.unit != quantity.unit or quantity.value is None:
        return quantity.qualifier == "at_least"
    if direction == "down":
        return quantity.value > before.value
    return before.value / 2 < quantity.value < before.value


def _level(clause: Clause, cues: Cues) -> bool:
    """Whether the subject is a price in percent (interest, a tax)."""
    for span in (clause.subject, clause.near, clause.topic):
        if span is not None and any(
            match.row.data.get("level")
            for i in range(*span)
            for match in cues.tokens.matches.get(i, ())
            if match.row.category == "heads"
        ):
            return True
    return False


def _growth_named(clause: Clause, cues: Cues) -> Direction | None:
    """The direction of a growth noun in the subject ("tốc độ tăng GRDP … đạt 10%")."""
    for span in (clause.subject, clause.near):
        if span is not None:
            for cue in cues.within("measures", *span):
                if cue.row.data["measure"] == "growth" and not cue.row.data.get("compares"):
                    direction: Direction = cue.row.data["direction"]
                    return direction
    return None


def _signed(quantity: Quantity) -> Direction:
    return "down" if quantity.sign < 0 else "up"


def _plan(clause: Clause, cues: Cues) -> bool:
    """Whether a plan stands right behind the figure, or a comparison with one."""
    tokens = cues.tokens
    start = clause.end
    compared = cues.at(start, "measures")
    if compared is not None and compared.row.data.get("compares"):
        start = compared.end
    for i in range(start, min(start + 2, clause.stop)):
        match = cues.at(i, "bases")
        if match is None or tokens.words[i] in ",;":
            continue
        if match.row.data["base"] == PLAN:
            return True
        after = cues.at(match.end, "bases")
        return after is not None and after.row.data["base"] == PLAN
    return False


def _behind(clause: Clause, cues: Cues) -> Direction | None:
    """A growth word right behind the figure ("72% higher", "a 12% increase")."""
    for i in range(clause.end, min(clause.end + 2, clause.stop)):
        match = cues.at(i, "measures")
        if match is not None and match.row.data["measure"] == "growth":
            direction: Direction = match.row.data["direction"]
            return direction
    return None
