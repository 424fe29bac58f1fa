"""What a figure measures: level, change, growth, share, ratio or rank, with its direction.

In: a quantity, its clause and what the figures before it measured. Out: a `Reading` of measure. The order of decision is that
of the gold guidelines: the unit first (rank, times), then what stands right behind the figure ("98% kế hoạch", "15% tổng vốn"),
then the words before it, then what the text was listing.
"""

from dataclasses import dataclass

from extract.clause import Clause
from extract.cue import Cues
from extract.quantity import Quantity
from extract.statement import Direction, Measure
from extract.tokens import Match

POINTS = frozenset({"percentage_point", "basis_point"})
PLAN = "plan"


@dataclass(frozen=True, slots=True)
class MeasureReading:
    """`contribution`: points that a part adds to a whole's growth. `plan`: measured against a plan."""

    measure: Measure
    direction: Direction | None = None
    plan: bool = False
    whole: Match | None = None
    """The word of a total right behind a share ("chiếm 15% tổng vốn")."""
    contribution: bool = False
    unit: str | None = None
    """Of the figure that was read so."""


def read_measure(
    quantity: Quantity,
    clause: Clause,
    cues: Cues,
    before: MeasureReading | None,
    compared: bool,
    growing: bool,
    rate: bool,
    adds_up: bool,
    planned: bool,
    onward: bool,
) -> MeasureReading:
    """`before` is the reading of the figure before in the same sentence, where this one elides its words; `compared` whether
    a comparison with another period holds here; `growing` whether the indicator is itself a rate of growth, `rate` a share; `adds_up` whether
    an amount is compared over time right afterwards ("tăng thêm 1,99 tỷ USD, giảm 52,3%"); `planned` whether the text was just
    measuring against a plan; `onward` whether a value of the same unit follows in the sentence ("tăng từ 2 lên 3")."""
    whole = cues.any("parts", clause.end, min(clause.end + 3, clause.stop), "whole")
    plan = _plan(clause, cues)
    words = [cue.row.data for cue in clause.cues]
    growth = next((w for w in reversed(words) if w["measure"] == "growth"), None)
    last = words[-1] if words else None
    if quantity.unit == "rank":
        return MeasureReading("rank")
    if quantity.unit == "times":
        return MeasureReading("ratio", None, plan)
    contribution = next((w for w in words if w["measure"] == "contribution"), None)
    if contribution is not None and quantity.unit in {"percent", *POINTS}:
        direction: Direction = contribution["direction"]
        return MeasureReading("change", direction, contribution=True)
    to = any(w["measure"] == "level" and not w.get("reach") for w in words)
    to = to or (
        onward and not clause.compared and clause.first > 0 and cues.at(clause.first - 1, "parts", "from") is not None
    )
    if clause.compared and clause.near is not None and _value_of_other(clause, cues):
        return before if before is not None and before.measure != "growth" else MeasureReading("level")
    if quantity.unit in POINTS:
        return MeasureReading("change", growth["direction"] if growth else _signed(quantity))
    if quantity.unit != "percent":
        adds_up = growth is not None and bool(growth.get("added")) and (adds_up or not compared)
        if growth is not None and not to and last is not None and not adds_up:
            return MeasureReading("change", growth["direction"], plan)
        return MeasureReading("level")
    if quantity.sign and not any(w["measure"] in ("share", "ratio") for w in words):
        return MeasureReading("growth", _signed(quantity))
    if growth is not None and not to:
        return MeasureReading("growth", growth["direction"], plan)
    if plan or (planned and clause.subject is None and any(w.get("reach") for w in words)):
        return MeasureReading("ratio", None, True)
    if any(w["measure"] == "share" for w in words):
        return MeasureReading("share", whole=whole)
    behind = _behind(clause, cues)
    if behind is not None:
        return MeasureReading("growth", behind)
    if any(w["measure"] == "ratio" for w in words):
        return MeasureReading("share", whole=whole) if whole is not None else MeasureReading("ratio", None, plan)
    if whole is not None:
        return MeasureReading("share", whole=whole)
    if growing:
        return MeasureReading("growth", "up")
    if clause.bracket and not words:
        return MeasureReading("share")
    if not words and clause.subject is None and before is not None and not to and before.unit == quantity.unit:
        return before
    if rate or _rate(clause, cues):
        return MeasureReading("share")
    if clause.opener is not None or clause.behind is not None:
        return MeasureReading("share")
    return MeasureReading("level")


def _value_of_other(clause: Clause, cues: Cues) -> bool:
    """Whether the figure is the value of what something is compared with ("thấp hơn mức bình quân là 98%")."""
    near = clause.near or (0, 0)
    between = range(near[0], clause.first)
    return any(cues.at(i, "parts", "is") is not None for i in between) or any(
        (match := cues.at(i, "bases")) is not None and match.row.data["base"] == PLAN for i in between
    )


def _signed(quantity: Quantity) -> Direction:
    return "down" if quantity.sign < 0 else "up"


def _plan(clause: Clause, cues: Cues) -> bool:
    """Whether a plan stands right behind the figure, or a comparison with one."""
    tokens = cues.tokens
    for i in range(clause.end, min(clause.end + 2, clause.stop)):
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


def _rate(clause: Clause, cues: Cues) -> bool:
    for span in (clause.subject, clause.near, clause.topic):
        if span is not None and any(cue.row.data.get("noun") for cue in cues.within("measures", *span)):
            return True
    return False
