"""The period that holds, followed through a text: tokens and the periods among them in, the one in force at each out.

The first period that dates a figure is what a sentence is about, and the next sentence goes on with it. Brackets, asides
("lũy kế 2 tháng") and deadlines hold only for their part.

>>> running = RunningPeriod(tokens, published)
>>> running.reach(12)
>>> running.reference
"""

from datetime import date

from extract.period import Period
from extract.tokens import Tokens

CATEGORY = "periods"
DATING = frozenset({"reference", "as_of", "deadline", "start"})
"""Roles of the periods that may date a figure."""
NEAR = 3
"""Tokens between a figure and a period behind it that win against a period before the figure in the same clause."""
_OPENING = 10
"""Tokens into a sentence up to which a period still opens it."""


def read_cues(tokens: Tokens) -> dict[int, str]:
    """The cue words of the language's period table, by token: act, boundary, average, future …; the longest phrase counts."""
    cues: dict[int, str] = {}
    for i, matches in tokens.matches.items():
        for match in matches:
            if match.row.category == CATEGORY and "cue" in match.row.data:
                cues[i] = match.row.data["cue"]
                break
    return cues


_LENGTHS = frozenset({"day", "week", "month", "year"})


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
        self._figure = -NEAR
        """The last figure's token."""
        self._behind: dict[str | None, Period] = {}
        """The periods that stood right behind a figure of this sentence, by code."""
        self._passing: set[str | None] = set()
        """Codes of the days inside what the text is about, named on the way ("công suất cực đại ngày 29/7")."""

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
                if claims[at] != "period" and claims[at] != "mask" and not self._is_length(at):
                    self._figures, self._figure = True, at
                    if self._main is None and self.held is not None and not self._in_passing(self.held):
                        self._main = self.held
            else:
                word = words[at]
                if word == "(":
                    self._brackets.append(self.held)
                elif word == ")":
                    if self._brackets:
                        before = self._brackets.pop()
                        if before is not None or self.held is None or self.held.granularity != "day":
                            self.held = before  # "phiên thứ Sáu (6/3)" goes on behind the bracket
                elif word == ";" and self.held is not None and self.held.aside:
                    self.held = self._before_aside
                elif word == "\n" and self.discourse is not None and not _lasting(self.discourse):
                    self.discourse = self._lead
        self.at = max(self.at, i)
        if i < len(tokens) and sentences[i] != self._sentence:
            self._begin_sentence(i)

    def note(self, period: Period, first: int) -> None:
        """Take in the period whose first token is `first`."""
        if period.role not in DATING or period.granularity in ("term",):
            return
        if period.reason == "recurring" and (self.held is not None or first - self._opened > 2):
            return
        if period.aside and not (self.held and self.held.aside):
            self._before_aside = self.held if first > self._opened else period
        if first - self._figure <= NEAR:
            self._behind.setdefault(period.code, period)
        inside = self.discourse is not None and _contains(self.discourse, period)
        if inside and period.granularity == "day" and period.role == "reference" and first > self._opened + 1:
            self._passing.add(period.code)
        self.held = period
        if self._stated is None and not self._brackets and self._lasts(period, first):
            self._stated = period
        if self._main is None and not self._brackets and period.role == "deadline" and first - self._opened <= _OPENING:
            self._main = period

    def _is_length(self, at: int) -> bool:
        """Whether the number at token `at` counts days, months or years: no figure that a period could stand behind."""
        return any(
            match.row.category == "units" and match.row.data.get("unit") in _LENGTHS
            for match in self.tokens.matches.get(at + 1, ())
        )

    def _in_passing(self, period: Period) -> bool:
        return (
            bool(self._brackets)
            or period.role == "start"
            or period.code in self._behind
            or period.reason == "recurring"
            or period.code in self._passing
            or (period.aside and self.discourse is not None)
        )

    def _lasts(self, period: Period, first: int) -> bool:
        """Whether a period that dates no figure of its sentence may still date those of the next."""
        if period.role not in ("reference", "as_of") or period.reason == "recurring" or period.aside:
            return False
        if period.code in self._passing:
            return False
        ahead = period.last is not None and self.published is not None and period.last > self.published
        if first - self._opened <= _OPENING:
            return not ahead or period.granularity not in ("day", "month", "quarter")
        return not ahead and (
            period.granularity not in ("plan", "day", "event")
            or (period.granularity == "day" and self.discourse is None and self._figures)
        )

    def _begin_sentence(self, at: int) -> None:
        stated = self._stated
        if self._main is not None:
            now = self._main.role == "deadline" and self.held is not None and self.held.code is None
            self.discourse = self.held if now else self._main
        elif len(self._behind) > 1:
            # "tăng từ 2,1% năm 2024 lên 2,8% năm 2025": the text looked back over years and goes on as before
            if self.discourse is None:
                self.discourse = max(self._behind.values(), key=lambda period: period.last or date.min)
        elif stated is not None and (self._figures or self.discourse is None or not _overlap(self.discourse, stated)):
            self.discourse = stated
        if self._lead is None and self.discourse is not None and _lasting(self.discourse):
            self._lead = self.discourse
        self._sentence, self._opened = self.tokens.sentences[at], at
        self._brackets.clear()
        self.held = self._before_aside = self._main = self._stated = None
        self._figures, self._figure = False, -NEAR
        self._behind.clear()
        self._passing.clear()


def _overlap(one: Period, other: Period) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return one.code == other.code
    return one.first <= other.last and other.first <= one.last


def _contains(whole: Period, day: Period) -> bool:
    """Whether `whole` is longer than a day and `day` lies in it."""
    if whole.first is None or whole.last is None or day.first is None or day.last is None or whole.first == whole.last:
        return False
    return whole.first <= day.first and day.last <= whole.last


def _lasting(period: Period) -> bool:
    """Whether a period goes on holding in the next paragraph: what has been, not what is aimed at or merely "now"."""
    return period.code is not None and period.role in ("reference", "as_of")
