"""The period of a figure as it counts for what it measures.

In: the period that the scope of the text gives a figure, its measure, naming and kind. Out: the period and its code, None where it
is only that of the sentences before and does not reach.
"""

import re
from collections.abc import Sequence
from functools import cache

from extract.clause import Clause
from extract.figures import Figures, dimension
from extract.indicator import Naming
from extract.lexicon import lexicon
from extract.measure import POINTS, MeasureReading
from extract.period import Period
from extract.period_scope import PeriodScope, flow
from extract.quantity import Quantity
from extract.statement_draft import Draft
from extract.tokens import Match

_STANDING = frozenset({"people", "households", "length", "area", "power", "index"})
"""What is counted as it stands on a day, not as it has come in since the start of the year."""
_GOODS = frozenset({"mass", "volume", "energy"})
"""What is sold by the unit."""
_SPAN = re.compile(r"(\d{4})/(\d{4})")
_MOVE = 6
"""Words between the two values of a movement."""
_TOLLS = frozenset({"death", "injured", "missing_person"})


class FigurePeriods:
    """Periods of the figures of one text; `drafts` grows as they are read."""

    def __init__(
        self, figures: Figures, scope: PeriodScope, drafts: list[Draft], periods: Sequence[Period] = ()
    ) -> None:
        self.deadlines = [period for period in periods if period.role == "deadline" and period.code]
        self.figures = figures
        self.scope = scope
        self.tokens = figures.tokens
        self.cues = figures.cues
        self.drafts = drafts
        self._toll = any(match.row.data.get("toll") for match in self.cues.all("heads"))

    def code(self, period: Period | None, reading: MeasureReading, naming: Naming, unit: str) -> str | None:
        """The period as it counts: a flow "up to" a day runs from 1 January on; a price, rate or stock stands at its day."""
        if period is None:
            return None
        rate = "/" in unit or unit in POINTS or dimension(unit) in _STANDING
        if unit == "percent" and reading.measure in ("level", "share"):
            last = self.drafts[-1].statement if self.drafts else None
            rate = last is None or last.period is not period or last.period_code == period.code
        toll = unit in _TOLLS or self._toll
        if period.role == "as_of" and not rate and not (toll and unit != "USD") and not self._stock(naming):
            return flow(period).code
        return period.code

    def said(
        self, period: Period | None, code: str | None, kind: str, word: Match | None, clause: Clause
    ) -> tuple[Period | None, str | None]:
        """The period, unless it is only that of the sentences before and does not reach: what holds now, a rule and what was
        decided have no period but their own."""
        if period is None:
            return None, code
        here = self.tokens.starts[self.figures.sentence_start[self.tokens.sentences[clause.first]]] <= period.start
        now = any(
            cue.row.data.get("now") and not clause.from_offset <= period.start < clause.to_offset
            for cue in self.cues.within("kinds", clause.start, clause.first)
        )
        decided = kind == "commitment" and period.granularity in ("day", "event") and period.role == "reference"
        if now or decided or (kind in ("rule", "commitment") and not here):
            return None, None
        return period, code

    def day(self, quantity: Quantity, naming: Naming) -> Period | None:
        """The day of a price, rate of the market or index that states no period: that of the session the text reports."""
        if not self._daily(naming.phrase) and not (
            naming.carried and self.drafts and self._daily(self.drafts[-1].naming.phrase)
        ):
            money, _, item = (quantity.unit or "").partition("/")
            price = dimension(money) == "money" and dimension(item) in _GOODS
            if quantity.unit != "index_point" and not price:
                return None
        return self.scope.occasion(quantity.start)

    def half(self, code: str | None, quantity: Quantity, clause: Clause) -> str | None:
        """One end of a span of years for what moved "from" one value "to" another in it; else the code as it is."""
        ends = _SPAN.fullmatch(code or "")
        if code is None or quantity.value_high is not None:
            return code
        if ends is None:
            return self._year_before(code, quantity, clause)
        if self._from(clause):
            return ends[1]
        last = self.drafts[-1] if self.drafts else None
        if last is None or last.quantity.unit != quantity.unit or last.statement.period_code != ends[1]:
            return code
        moved = last.clause.end <= clause.first <= last.clause.end + _MOVE and self._from(last.clause)
        return ends[2] if moved else code

    def _year_before(self, code: str, quantity: Quantity, clause: Clause) -> str:
        """The period a year before, for what a growth over the year starts "from" ("giảm 25%, từ 4 tỷ xuống 3 tỷ")."""
        last = self.drafts[-1] if self.drafts and quantity.value_high is None else None
        if last is None or last.statement.base != "yoy" or last.statement.period_code != code or not self._from(clause):
            return code
        near = last.clause.end <= clause.first <= last.clause.end + _MOVE
        year = re.match(r"\d{4}(?!.*/)", code)
        return f"{int(year[0]) - 1}{code[4:]}" if near and year is not None else code

    def _from(self, clause: Clause) -> bool:
        return any(self.cues.at(i, "parts", "from") is not None for i in range(max(0, clause.first - 2), clause.first))

    def _daily(self, phrase: str) -> bool:
        """Whether the phrase names a price, a rate or an index of a market."""
        words = f" {phrase.lower()} "
        return any(f" {p.lower()} " in words for row in _daily_rows(self.tokens.language) for p in row)

    def compares(self, period: Period | None, clause: Clause) -> bool:
        """Whether the sentence of a figure gives it no period before it: what stands behind is only compared with."""
        sentence = self.tokens.sentences[clause.first]
        start = self.tokens.starts[self.figures.sentence_start[sentence]]
        return period is None or not start <= period.start < clause.to_offset or period.role == "comparator"

    def aimed(self, clause: Clause, plan: bool) -> Period | None:
        """By when a target that gives no date is to be met: the deadline behind it in its sentence, or where the text is about
        a plan (`plan`) that of the target before it, or the plan's own."""
        sentence = self.tokens.sentences[clause.first]
        end = self.tokens.ends[self.figures.sentence_end[sentence] - 1]
        here = self.tokens.ends[clause.end - 1]
        behind = next((period for period in self.deadlines if here <= period.start < end), None)
        if behind is not None or not plan:
            return behind
        for draft in reversed(self.drafts):
            if draft.statement.kind == "target" and draft.statement.period_code is not None:
                return draft.period
        before = [period for period in self.deadlines if period.start < here]
        return before[0] if before else None

    def _stock(self, naming: Naming) -> bool:
        """Whether the figure stands at a day rather than running up to it."""
        words = naming.phrase.lower()
        return any(f" {phrase.lower()} " in f" {words} " for row in _stock_rows(self.tokens.language) for phrase in row)


@cache
def _daily_rows(language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(row.phrases for row in lexicon(language).category("fillers") if row.data["use"] == "daily")


@cache
def _stock_rows(language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(row.phrases for row in lexicon(language).category("heads") if row.data.get("stock"))
