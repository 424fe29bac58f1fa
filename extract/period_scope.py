"""Which period holds where: a text's tokens and periods in, the reference period and base of any figure out.

A period stated once holds for the parts that follow, until the text changes it. In brackets it holds inside them. A
cumulative or average figure in passing ("lũy kế 2 tháng") holds for its clause. The first period that dates a figure is what
a sentence is about, and the next sentence goes on with it. A period right behind its figure ("500 tỷ đồng trong năm 2026")
comes before all that.

>>> scope = PeriodScope(reading.tokens, reading.periods, published)
>>> scope.reference(figure.start, figure.end)
Period(…, code="2026-01/2026-02", …)
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from extract.period import Period
from extract.running_period import DATING, NEAR, RunningPeriod, read_cues
from extract.time_span import year_to_date
from extract.tokens import Tokens

_MARKS = frozenset(",;:()\n")


def flow(period: Period) -> Period:
    """For an as_of period, the stretch of a flow that closes there ("tính đến ngày 28/2/2026" → 2026-01/2026-02)."""
    if period.role != "as_of" or period.last is None or period.stands:
        return period
    span = year_to_date(period.last)
    return replace(period, code=span.code, first=span.first, last=span.last, granularity="ytd")


@dataclass(slots=True)
class _Before:
    """What the text up to a token says of the figures that follow."""

    held: Period | None
    since: int
    clause: int
    discourse: Period | None
    base: str | None


@dataclass(slots=True)
class _Behind:
    """What the rest of the sentence says of the figures before it."""

    tight: tuple[int, Period] | None = None
    """The next period and its first token, with no figure, comma or bracket between."""
    loose: Period | None = None
    """The next period before another figure that does not open a clause with a figure of its own."""
    later: Period | None = None
    """The next such period, figures between or not."""
    day: Period | None = None
    """The next day that dates a figure, figures between or not: "lost 1.3 per cent to close at 1,871 on Friday"."""
    base: Period | None = None
    """The comparator right behind."""


_ACROSS = 5
"""Tokens between a figure and a period behind it that win against a period before the clause of the figure."""


class PeriodScope:
    """Answers for every figure of one text. `context` is the period of the title, where that has one."""

    def __init__(
        self, tokens: Tokens, periods: Sequence[Period], published: date | None = None, context: Period | None = None
    ) -> None:
        self._tokens = tokens
        self._published = published
        self._occasions = [
            period for period in periods if period.role in ("event", "reference") and period.granularity == "day"
        ]
        self._first = {bisect_right(tokens.starts, period.start) - 1: period for period in periods}
        self._cues = read_cues(tokens)
        self._marks = [
            i
            for i, word in enumerate(tokens.words)
            if tokens.numeric[i]
            or word in _MARKS
            or i in self._first
            or i == 0
            or tokens.sentences[i] != tokens.sentences[i - 1]
            or self._cues.get(i) == "boundary"
        ]
        """Tokens at which anything changes; `_before` and `_behind` hold what is so at each of them."""
        self._before = self._look_forward(RunningPeriod(tokens, published, context))
        self._behind = self._look_back()
        self._paired = self._pair()
        self._plans = {tokens.sentences[i]: plan for i, plan in self._first.items() if plan.role == "plan"}

    def reference(self, start: int, end: int | None = None) -> Period | None:
        """The period that the figure at offsets `start` to `end` is of; None, or a period with code None, where none is said.

        An `as_of` period is given as printed, and says whether the figure `stands` there: where it may be a flow, take
        `flow` of it.
        """
        if not self._marks:
            return None
        first, last = self._tokens_at(start, end)
        period = self._reference(first, last)
        if period is not None and period.role == "as_of" and not self._runs_up(period, first):
            return replace(period, stands=True)
        return period

    def _reference(self, first: int, last: int) -> Period | None:
        for token in range(first, last + 1):
            if token in self._paired:
                return self._paired[token]
        before, behind = self._before[bisect_right(self._marks, first) - 1], self._after(last)
        if behind.tight is not None:
            at, period = behind.tight
            closest = (
                at - last <= NEAR or before.held is None or (before.since < before.clause and at - last <= _ACROSS)
            )
            if closest and (period.code is not None or at == last + 1):
                return period
        if before.held is not None:
            return before.held
        for later in (behind.loose, behind.later):
            if later is not None and later.code is not None:
                return later
        if before.discourse is None and behind.day is not None:
            return behind.day
        return before.discourse or self._plans.get(self._tokens.sentences[first])

    def _runs_up(self, period: Period, first: int) -> bool:
        """Whether a figure at token `first` adds up to the `as_of` period (a flow), rather than stands there (a stock)."""
        for token in (first, self._tokens_at(period.start, None)[0]):
            cues = {self._cues.get(i) for i in self._sentence(self._tokens.sentences[token])}
            if "stock" in cues or "flow" in cues:
                return "stock" not in cues
        return False

    def _sentence(self, number: int) -> range:
        sentences = self._tokens.sentences
        return range(bisect_left(sentences, number), bisect_right(sentences, number))

    def occasion(self, start: int) -> Period | None:
        """The last day named before the offset ("Chiều 5/3, liên Bộ công bố …"), else the last day of the text up to that of
        publication: it dates prices and indices that state no other."""
        k = bisect_right(self._occasions, start, key=lambda period: period.end)
        if k:
            return self._occasions[k - 1]
        later = [day for day in self._occasions if self._published and day.last and day.last <= self._published]
        return max(later, key=lambda day: day.last or date.min, default=None)

    def base(self, start: int, end: int | None = None) -> str | None:
        """What the change at offsets `start` to `end` is compared with: yoy, previous_period, a period code, or None."""
        if not self._marks:
            return None
        first, last = self._tokens_at(start, end)
        behind = self._after(last).base
        return behind.base if behind is not None else self._before[bisect_right(self._marks, first) - 1].base

    def _tokens_at(self, start: int, end: int | None) -> tuple[int, int]:
        """First and last token of the figure at these offsets."""
        starts = self._tokens.starts
        first = max(0, bisect_right(starts, start) - 1)
        return first, first if end is None else max(first, bisect_left(starts, end) - 1)

    def _after(self, last: int) -> _Behind:
        k, sentences = bisect_right(self._marks, last), self._tokens.sentences
        if k == len(self._marks) or sentences[self._marks[k]] != sentences[last]:
            return _NOTHING
        return self._behind[k]

    def _dates_what_is_before(self, period: Period) -> bool:
        """Whether `period` can be that of a figure before it; a start behind it is none ("cao nhất kể từ năm 2020")."""
        if period.role == "start":
            return period.first is not None and self._published is not None and period.first > self._published
        return period.role in DATING and period.granularity != "term" and period.reason != "recurring"

    def _is_figure(self, i: int) -> bool:
        return self._tokens.numeric[i] and self._tokens.claims[i] not in ("period", "mask")

    def _pair(self) -> dict[int, Period]:
        """Figures and periods that "respectively" pairs by their order: "2023, 2024 và 2025 lần lượt đạt 5, 6 và 7 tỷ"."""
        paired: dict[int, Period] = {}
        spoken = {self._tokens.sentences[i] for i, cue in self._cues.items() if cue == "respectively"}
        by_sentence: dict[int, list[int]] = {}
        for i in self._marks:
            if self._tokens.sentences[i] in spoken:
                by_sentence.setdefault(self._tokens.sentences[i], []).append(i)
        for marks in by_sentence.values():
            periods = [self._first[i] for i in marks if i in self._first and self._first[i].role == "reference"]
            figures = [i for i in marks if self._is_figure(i)]
            alike = len({period.granularity for period in periods}) == 1
            if alike and len(periods) == len(figures) > 1:
                paired.update(zip(figures, periods, strict=True))
        return paired

    def _look_forward(self, running: RunningPeriod) -> list[_Before]:
        states: list[_Before] = []
        words, sentences = self._tokens.words, self._tokens.sentences
        since = clause = 0
        sentence = -1
        base: str | None = None
        first_bases: dict[str | None, str] = {}
        for i in self._marks:
            running.reach(i)
            if sentences[i] != sentence:
                sentence, clause, base = sentences[i], i, None
            elif words[i] in ",;:":
                clause = i
            period = self._first.get(i)
            if period is not None:
                held = running.held
                running.note(period, i)
                if running.held is not held:
                    since = i
                if period.role == "comparator" and period.base is not None:
                    base = period.base
            reference = running.reference
            code = reference.code if reference is not None else None
            if base is not None:
                first_bases.setdefault(code, base)
            states.append(_Before(running.held, since, clause, running.discourse, base or first_bases.get(code)))
        return states

    def _look_back(self) -> list[_Behind]:
        words, sentences = self._tokens.words, self._tokens.sentences
        states: list[_Behind] = []
        now = _NOTHING
        outside: list[_Behind] = []
        opens_figure = False
        sentence = -1
        for i in reversed(self._marks):
            if sentences[i] != sentence:
                sentence, now, opens_figure = sentences[i], _NOTHING, False
                outside.clear()
            word, period = words[i], self._first.get(i)
            if period is not None:
                if period.role == "comparator":
                    now = replace(now, base=period)
                elif self._dates_what_is_before(period):
                    passing = (
                        opens_figure
                        or period.aside
                        or period.granularity in ("plan", "day")
                        or period.role == "deadline"
                    )
                    day = period.granularity == "day" and period.role != "deadline"
                    now = _Behind(
                        tight=(i, period),
                        loose=now.loose if opens_figure else period,
                        later=now.later if passing else period,
                        day=period if day else now.day,
                        base=now.base,
                    )
            elif word == ")":
                outside.append(now)
                now, opens_figure = _NOTHING, False
            elif word == "(":
                now, opens_figure = outside.pop() if outside else _NOTHING, False
            elif self._is_figure(i):
                now, opens_figure = _Behind(later=now.later, day=now.day), True
            elif word in ";:" or self._cues.get(i) == "boundary":
                now = _Behind() if word in ";:" else _Behind(later=now.later, base=now.base, day=now.day)
                opens_figure = False
            elif word == ",":
                now, opens_figure = _Behind(loose=now.loose, later=now.later, day=now.day), False
            states.append(now)
        states.reverse()
        return states


_NOTHING = _Behind()
