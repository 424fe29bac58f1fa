"""What kind of statement a figure makes: statistic, target, forecast, commitment or rule, decided by status.

In: the clause of a figure, its period and what the passage is about. Out: the kind and the rows that decided it. The order
follows the domain's: what is promised or being decided before what is aimed at, what is aimed at before what is expected; a
word that says the value already holds, or a period already over, makes it a statistic again.

A month that is over "is estimated to reach" its value: a statistic. The cost of a project that was approved is a commitment
until the project is finished.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from extract.clause import Clause
from extract.cue import Cues
from extract.period import Period
from extract.statement import Kind
from extract.tokens import Match


@dataclass(frozen=True, slots=True)
class Passage:
    """What holds for a whole passage: `project` where something is being decided or built, `finished` where it was."""

    project: bool
    finished: bool = False
    decided: bool = False
    """The text is about a project that is being decided: what it says of it is no more than decided either."""
    costed: frozenset[int] = frozenset()
    """Sentences that give the cost of a project, and those beside them."""
    aims: bool = False
    """The text opens with a plan that sets targets: what it goes on to expect is aimed at."""


def read_passage(cues: Cues) -> Passage:
    """Look once through the text for what it is about."""
    approved = finished = early = 0
    costs = aims = False
    costed: set[int] = set()
    for match in cues.of("kinds"):
        scope = match.row.data["scope"]
        if scope == "text" and match.row.data["kind"] == "target":
            aims = aims or cues.tokens.sentences[match.start] < _OPENING
            continue
        if scope == "project":
            costs = True
            here = cues.tokens.sentences[match.start]
            costed.update((here - 1, here, here + 1))
        strong = match.row.data.get("strong") and match.row.data["kind"] == "commitment"
        if scope == "text" and match.row.data["kind"] == "statistic":
            finished += 1
        elif scope == "text" or strong:
            approved += 1
            early += cues.tokens.sentences[match.start] < _LEAD
    decided = early > 0 and costs and finished < approved
    return Passage(approved > 0 and finished == 0, finished > approved, decided, frozenset(costed), aims)


def read_kind(
    clause: Clause,
    cues: Cues,
    passage: Passage,
    sentence: tuple[int, int],
    period: Period | None,
    published: date | None,
    growth: bool,
    limited: bool = False,
    of_other: bool = False,
) -> tuple[Kind, Match | None]:
    """The kind of the figure of `clause` in the tokens `sentence`; `growth` for what is compared over time,
    `limited` for a value that may not be exceeded, `of_other` for the value of what something is compared with."""
    over = _over(period, published)
    said = period is not None and cues.tokens.starts[sentence[0]] <= period.start
    own = list(_rows(cues, clause.start, clause.first))
    near = {match.row.data["kind"]: match for match in (*own, *_rows(cues, clause.end, clause.stop))}
    wide = [m for m in _rows(cues, sentence[0], clause.start) if m.row.data["scope"] == "clause"]
    far = {match.row.data["kind"]: match for match in wide}
    result = next((m for m in reversed(own) if m.row.data["kind"] == "statistic"), None)
    target = _latest(own, "target")
    pending = next((m for m in _rows(cues, *sentence) if m.row.data["scope"] == "sentence"), None)
    if of_other and target is None and "rule" in near:
        return "rule", near["rule"]
    behind = next((m for m in _rows(cues, clause.end, clause.stop) if m.row.data.get("behind")), None)
    if of_other and (target is not None or behind is not None or _plan_before(cues, clause.first)):
        return "target", target or behind
    if behind is not None and clause.predicate == clause.first and result is None and not growth:
        return "target", behind
    if target is not None and "rule" in near and target.row.id.endswith(".request") and not growth:
        return "rule", near["rule"]
    if (
        target is not None
        and (result is None or result.start < target.start)
        and not (over and _printed(period, clause))
    ):
        return "target", target
    if not growth and _plan_before(cues, clause.first):
        return "target", target
    if passage.aims and not of_other and _aimed(own, period, over, published):
        return "target", None
    project = next((m for m in _rows(cues, clause.start, clause.end) if _of_project(m, passage, cues)), None)
    if project is not None and project.row.data["scope"] == "attribute" and "target" in far:
        project = None
    if pending is not None and result is None and not growth and not (over and said):
        return "target", pending
    if project is not None and not over and not growth:
        return "commitment", project
    if limited and target is None and result is None and not growth and not over:
        return "rule", near.get("rule")
    if (
        "rule" in near
        and not growth
        and result is None
        and not (over and (said or not near["rule"].row.data.get("strong")))
    ):
        return "rule", near["rule"]
    commitment = _latest(own, "commitment")
    if commitment is not None and commitment.row.data.get("strong") and not growth:
        return "commitment", commitment
    forecast = _latest(own, "forecast")
    promise = next((m for m in reversed(wide) if m.row.data.get("strong") and m.row.data["kind"] == "commitment"), None)
    if promise is not None and result is None and not growth and not _parted(cues, promise.end, clause.start):
        return "commitment", promise
    if over and not (forecast is not None and forecast.row.data.get("strong")):
        return "statistic", result
    if commitment is not None and result is None and not growth:
        return "commitment", commitment
    if forecast is not None:
        return "forecast", forecast
    if "rule" in far and result is None and not growth:
        return "rule", far["rule"]
    if period is None or _running(period, published):
        for kind in _LEANINGS:
            if kind in far and result is None:
                return kind, far[kind]
    if _ahead(period, published):
        return "target", None
    if passage.decided and result is None and not growth:
        return "commitment", None
    return "statistic", result


_LEANINGS: tuple[Kind, ...] = ("target", "forecast", "commitment")
_LEAD = 2
"""Sentences in which a text says what it is about."""
_OPENING = 4
"""Sentences in which a text says which plan it is about."""


def _aimed(own: list[Match], period: Period | None, over: bool, published: date | None) -> bool:
    """Whether a figure of a text about a plan is one of its targets: nothing says that it holds, or is promised or ruled."""
    if over or any(m.row.data["kind"] in ("statistic", "rule") or m.row.data.get("strong") for m in own):
        return False
    ahead = period is not None and period.last is not None and published is not None and period.last > published
    return ahead or period is None or any(m.row.data["kind"] in ("target", "forecast", "commitment") for m in own)


def _of_project(match: Match, passage: Passage, cues: Cues) -> bool:
    scope = match.row.data["scope"]
    beside = cues.tokens.sentences[match.start] in passage.costed
    return not passage.finished and (scope == "project" or (scope == "attribute" and (passage.project or beside)))


def _plan_before(cues: Cues, first: int) -> bool:
    """Whether the figure at token `first` is that of a plan: nothing or "is" stands between the two."""
    edge = first - 1 if first > 0 and cues.at(first - 1, "parts", "is") is not None else first
    return any(cue.end == edge and cue.row.data["base"] == "plan" for cue in cues.within("bases", edge - 4, edge))


def _parted(cues: Cues, start: int, end: int) -> bool:
    """Whether a mark stands in a stretch."""
    return any(word in ",;:(" for word in cues.tokens.words[start:end])


def _printed(period: Period | None, clause: Clause) -> bool:
    """Whether the period stands in the words of the figure itself."""
    return period is not None and clause.from_offset <= period.start < clause.to_offset


def _rows(cues: Cues, start: int, end: int) -> Iterable[Match]:
    """Every kind word in a stretch, those inside longer ones of another row left out."""
    return cues.within("kinds", start, end)


def _latest(matches: list[Match], kind: str) -> Match | None:
    return next(
        (m for m in reversed(matches) if m.row.data["kind"] == kind and m.row.data["scope"] in ("clause", "figure")),
        None,
    )


def _over(period: Period | None, published: date | None) -> bool:
    """Whether the period had ended when the text was published (its last days count: "ước" figures come early)."""
    if period is None or period.last is None or published is None:
        return False
    return period.last <= published and period.role != "deadline"


def _running(period: Period, published: date | None) -> bool:
    """Whether the period had not ended when the text was published."""
    return period.last is not None and published is not None and period.last > published


def _ahead(period: Period | None, published: date | None) -> bool:
    """Whether the period begins after publication, or closes years later."""
    if period is None or published is None or period.last is None:
        return False
    return period.last > published and (period.first is None or period.first > published or period.role == "deadline")
