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
from dataclasses import replace
from datetime import date

from extract.period import Period
from extract.time_span import year_to_date
from extract.tokens import Tokens

CATEGORY = "periods"
_DATING = frozenset({"reference", "as_of", "deadline", "start"})
_NEAR = 3
"""Tokens between a figure and a period behind it that win against a period before the figure in the same clause."""
_OPENING = 10
"""Tokens into a sentence up to which a period still opens it."""


def flow(period: Period) -> Period:
    """For an as_of period, the stretch of a flow that closes there ("tính đến ngày 28/2/2026" → 2026-01/2026-02)."""
    if period.role != "as_of" or period.last is None:
        return period
    span = year_to_date(period.last)
    return replace(period, code=span.code, first=span.first, last=span.last, granularity="ytd")


def read_cues(tokens: Tokens) -> dict[int, str]:
    """The cue words of the language's period table, by token: act, boundary, average, future …; the longest phrase counts."""
    cues: dict[int, str] = {}
    for i, matches in tokens.matches.items():
        for match in matches:
            if match.row.category == CATEGORY and "cue" in match.row.data:
                cues[i] = match.row.data["cue"]
                break
    return cues


class RunningPeriod:
    """The period that holds, followed token by token: `reach` a token, then `note` the period that begins there."""

    def __init__(self, tokens: Tokens, published: date | None, context: Period | None = None) -> None:
        self.tokens = tokens
        self.published = published
        self.at = 0
        self.held: Period | None = None
        """Stated in this sentence and in force."""
        self.discourse = context
        """What the sentences before were about."""
        self._lead = context
        self._sentence = -1
        self._opened = 0
        self._brackets: list[Period | None] = []
        self._before_aside: Period | None = None
        self._main: Period | None = None
        self._stated: Period | None = None
        self._figures = False
        self._figure = -_NEAR
        """The last figure's token."""
        self._behind: set[str | None] = set()
        """Codes of the periods that stood right behind a figure of this sentence."""

    @property
    def reference(self) -> Period | None:
        """The period that a figure here would be of, as far as the text up to here says."""
        return self.held or self.discourse

    def reach(self, i: int) -> None:
        """Walk on to token `i`, not reading it."""
        tokens = self.tokens
        words, sentences, numeric, claims = tokens.words, tokens.sentences, tokens.numeric, tokens.claims
        for at in range(self.at, i):
            if sentences[at] != self._sentence:
                self._begin_sentence(at)
            if numeric[at]:
                if claims[at] != "period" and claims[at] != "mask":
                    self._figures, self._figure = True, at
                    if self._main is None and self.held is not None and not self._in_passing(self.held):
                        self._main = self.held
            else:
                word = words[at]
                if word == "(":
                    self._brackets.append(self.held)
                elif word == ")":
                    if self._brackets:
                        self.held = self._brackets.pop()
                elif word == ";" and self.held is not None and self.held.aside:
                    self.held = self._before_aside
                elif word == "\n" and self.discourse is not None and not _lasting(self.discourse):
                    self.discourse = self._lead
        self.at = max(self.at, i)
        if i < len(tokens) and sentences[i] != self._sentence:
            self._begin_sentence(i)

    def note(self, period: Period, first: int) -> None:
        """Take in the period whose first token is `first`."""
        if period.role not in _DATING or period.granularity in ("term",):
            return
        if period.reason == "recurring" and (self.held is not None or first - self._opened > 2):
            return
        if period.aside and not (self.held and self.held.aside):
            self._before_aside = self.held
        if first - self._figure <= _NEAR:
            self._behind.add(period.code)
        self.held = period
        if self._stated is None and not self._brackets and self._lasts(period, first):
            self._stated = period
        if self._main is None and not self._brackets and period.role == "deadline" and first - self._opened <= _OPENING:
            self._main = period

    def _in_passing(self, period: Period) -> bool:
        return (
            bool(self._brackets)
            or period.role == "start"
            or period.code in self._behind
            or period.reason == "recurring"
            or (period.aside and self.discourse is not None)
        )

    def _lasts(self, period: Period, first: int) -> bool:
        """Whether a period that dates no figure of its sentence may still date those of the next."""
        if period.role not in ("reference", "as_of") or period.reason == "recurring" or period.aside:
            return False
        if first - self._opened <= _OPENING:
            return True
        ahead = period.first is not None and self.published is not None and period.first > self.published
        return not ahead and period.granularity not in ("plan", "day", "event")

    def _begin_sentence(self, at: int) -> None:
        stated = self._stated
        if self._main is not None:
            self.discourse = self._main
        elif len(self._behind) > 1:
            pass  # "tăng từ 2,1% năm 2024 lên 2,8% năm 2025": the text looked back over years and goes on as before
        elif stated is not None and (self._figures or self.discourse is None or not _overlap(self.discourse, stated)):
            self.discourse = stated
        if self._lead is None and self.discourse is not None and _lasting(self.discourse):
            self._lead = self.discourse
        self._sentence, self._opened = self.tokens.sentences[at], at
        self._brackets.clear()
        self.held = self._before_aside = self._main = self._stated = None
        self._figures, self._figure = False, -_NEAR
        self._behind.clear()


class PeriodScope:
    """Answers for every figure of one text. `context` is the period of the title, where that has one."""

    def __init__(
        self, tokens: Tokens, periods: Sequence[Period], published: date | None = None, context: Period | None = None
    ) -> None:
        self.tokens = tokens
        self.periods = periods
        self._n = len(tokens)
        self._first = {bisect_right(tokens.starts, period.start) - 1: period for period in periods}
        self._run(RunningPeriod(tokens, published, context))
        self._look_back()
        self._find_bases()

    def reference(self, start: int, end: int | None = None) -> Period | None:
        """The period that the figure at offsets `start` to `end` is of; None, or a period with code None, where none is said.

        An `as_of` period is given as printed: a stock is dated by it, for a flow take `flow` of it.
        """
        if not self._n:
            return None
        i, last = self._tokens_of(start, end)
        held, behind = self._held[i], self._tight[last]
        if behind is not None and (behind[1].code is not None or behind[0] == last + 1):
            near = behind[0] - last <= _NEAR
            if near or held is None or self._held_since[i] < self._clause[i]:
                return behind[1]
        if held is not None:
            return held
        for later in (self._loose[last], self._later[last]):
            if later is not None and later.code is not None:
                return later
        if self._discourse[i] is not None:
            return self._discourse[i]
        return self._plan[i]

    def base(self, start: int, end: int | None = None) -> str | None:
        """What the change at offsets `start` to `end` is compared with: yoy, previous_period, a period code, or None."""
        if not self._n:
            return None
        i, last = self._tokens_of(start, end)
        behind = self._base_behind[last]
        if behind is not None:
            return behind.base
        return self._base_before[i]

    def _tokens_of(self, start: int, end: int | None) -> tuple[int, int]:
        i = max(0, bisect_right(self.tokens.starts, start) - 1)
        last = i if end is None else min(max(i, bisect_left(self.tokens.starts, end) - 1), self._n - 1)
        return i, last

    def _run(self, running: RunningPeriod) -> None:
        """Forward: what is held at each token, since which token, and where its clause begins."""
        self._held: list[Period | None] = []
        self._held_since: list[int] = []
        self._clause: list[int] = []
        self._discourse: list[Period | None] = []
        self._plan: list[Period | None] = []
        words, sentences = self.tokens.words, self.tokens.sentences
        since = clause = 0
        sentence = -1
        plan: Period | None = None
        for i in range(self._n):
            running.reach(i)
            if sentences[i] != sentence:
                sentence, clause, plan = sentences[i], i, None
            elif words[i] in ",;:":
                clause = i
            period = self._first.get(i)
            if period is not None:
                if period.role == "plan":
                    plan = period
                before = running.held
                running.note(period, i)
                if running.held is not before:
                    since = i
            self._held.append(running.held)
            self._held_since.append(since)
            self._clause.append(clause)
            self._discourse.append(running.discourse)
            self._plan.append(plan)

    def _look_back(self) -> None:
        """Backward: the next period behind each token, near (`tight`), before another figure (`loose`), or anywhere later."""
        tokens, n = self.tokens, self._n
        cues = read_cues(tokens)
        self._tight: list[tuple[int, Period] | None] = [None] * n
        self._loose: list[Period | None] = [None] * n
        self._later: list[Period | None] = [None] * n
        tight: tuple[int, Period] | None = None
        loose: Period | None = None
        later: Period | None = None
        outside: list[tuple[tuple[int, Period] | None, Period | None, Period | None]] = []
        for i in range(n - 1, -1, -1):
            if i + 1 < n and tokens.sentences[i + 1] != tokens.sentences[i]:
                tight, loose, later = None, None, None
                outside.clear()
            self._tight[i], self._loose[i], self._later[i] = tight, loose, later
            word = tokens.words[i]
            period = self._first.get(i)
            if period is not None and period.role in _DATING and period.granularity != "term":
                if period.reason != "recurring":
                    tight, loose = (i, period), period
                    later = period if period.granularity not in ("plan", "day") and period.role != "deadline" else None
            elif word == ")":
                outside.append((tight, loose, later))
                tight, loose, later = None, None, None
            elif word == "(":
                tight, loose, later = outside.pop() if outside else (None, None, None)
            elif tokens.numeric[i]:
                if tokens.claims[i] not in ("period", "mask"):
                    tight, loose = None, None
            elif word in ";:" or cues.get(i) == "boundary":
                tight, loose = None, None
                if word in ";:" or cues.get(i) == "boundary":
                    later = None
            elif word == ",":
                tight = None

    def _find_bases(self) -> None:
        """The comparator behind each token before the next figure but one, and the base in force before it."""
        tokens, n = self.tokens, self._n
        self._base_behind: list[Period | None] = [None] * n
        self._base_before: list[str | None] = [None] * n
        behind: Period | None = None
        for i in range(n - 1, -1, -1):
            if i + 1 < n and tokens.sentences[i + 1] != tokens.sentences[i]:
                behind = None
            self._base_behind[i] = behind
            period = self._first.get(i)
            if period is not None and period.role == "comparator":
                behind = period
            elif tokens.words[i] in ",;()" or (tokens.numeric[i] and tokens.claims[i] not in ("period", "mask")):
                behind = None
        inherited: dict[str | None, str] = {}
        base: str | None = None
        stated = False
        sentence = -1
        for i in range(n):
            if tokens.sentences[i] != sentence:
                sentence, base, stated = tokens.sentences[i], None, False
            period = self._first.get(i)
            reference = self._held[i] or self._discourse[i]
            code = reference.code if reference else None
            if period is not None and period.role == "comparator" and period.base is not None:
                base, stated = period.base, True
                inherited.setdefault(code, base)
            self._base_before[i] = base if stated else inherited.get(code)


def _overlap(one: Period, other: Period) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return one.code == other.code
    return one.first <= other.last and other.first <= one.last


def _lasting(period: Period) -> bool:
    """Whether a period goes on holding in the next paragraph: what has been, not what is aimed at or merely "now"."""
    return period.code is not None and period.role in ("reference", "as_of")
