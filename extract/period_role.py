"""What a period does in its sentence: tokens, the period read and the words before it in, its role and base out.

>>> [period.role for period in read("Sáng 6/3, Bộ công bố", "vi").periods]
['event']
"""

from datetime import date, timedelta
from typing import Any

from extract.period import Role
from extract.period_template import Reading
from extract.time_span import TimeSpan, previous, shift_years
from extract.tokens import Row, Tokens

OPENING = frozenset(',;:([–—\n"“')
"""Marks behind which a clause begins."""
_RELATIVE_UNITS = frozenset({"pct", "pp", "times", "percent", "percentage_point"})
_CLAUSE = 24
"""Tokens before and behind a day within which an act is looked for."""
_NEAR = 8
"""Words between a word of comparison and the period that it compares with."""
_NAME = 10
"""Tokens before a year within which a law is looked for."""


class RoleReader:
    """Reads the roles of one text's periods; `cues` are its cue words by token (running_period.read_cues)."""

    def __init__(self, tokens: Tokens, cues: dict[int, str], published: date | None) -> None:
        self.tokens = tokens
        self.cues = cues
        self.published = published

    def given(self, i: int, roles: list[Row]) -> Any:
        """The role that the words before the period give it; "8% from 2024" compares, "from 2024" begins."""
        for row in reversed(roles):
            role: str = row.data.get("role", "reference")
            if role != "reference":
                behind_figure = any(self._is_figure(k) for k in range(max(0, i - 2), i))
                return row.data.get("after_figure", role) if behind_figure else role
        return None

    def role(self, i: int, core: Reading, given: Any, span: TimeSpan, prefixed: bool) -> Role:
        """The role of the period `core` at token `i`, `given` one or not, `prefixed` by any word of role or not."""
        tokens, data = self.tokens, core.row.data
        if given == "until":
            behind = span.last is not None and self.published is not None and span.last <= self.published
            return "as_of" if behind or (self.published is None and span.granularity == "day") else "deadline"
        stated: Role | None = given or data.get("role")
        if stated == "event" and data["kind"] == "weekday" and any(self._is_figure(k) for k in range(max(0, i - 2), i)):
            return "reference"  # "closed at 1,871 on Friday", but "said on Friday"
        if stated is not None:
            return stated
        if self._compared(i):
            return "comparator"
        before = tokens.words[i - 1] if i and tokens.sentences[i - 1] == tokens.sentences[i] else "\n"
        if data["kind"] == "same" or (data.get("anchor") == "reference" and data["offset"] < 0):
            if i and (tokens.numeric[i - 1] or tokens.ending(i, "numbers") is not None):
                return "event"  # "ba quý trước": several of them, no comparison with the one before
            opens = before in OPENING or self.cues.get(i - 1) == "boundary"
            return "reference" if opens or self._of_amount(i) else "comparator"
        if data["kind"] in ("bare_year", "year") and not prefixed and self._is_multiple_of(i):
            return "comparator"
        if data["kind"] == "bare_year":
            named = (
                i > 0
                and not prefixed
                and before[:1].isupper()
                and i - 1 > 0
                and tokens.sentences[i - 2] == tokens.sentences[i]
            )
            return "event" if named else "reference"
        if span.granularity == "day" and span.first == span.last:
            alone = before == "(" and core.end < len(tokens) and tokens.words[core.end] == ")"
            alone = alone and not self.in_clock(i - 2)  # "thứ Tư (4/3)" is a date like others
            if alone or self._dates_act(i, core.end):
                return "event"
        if span.granularity == "year" and not prefixed and self._names_law(i):
            return "event"
        if span.granularity == "month" and any(self.cues.get(k) == "act" for k in range(max(0, i - 2), i)):
            return "event"  # "công bố tháng 1/2026"
        return "reference"

    def _compared(self, i: int) -> bool:
        """Whether a word of comparison stands a little before token `i`, with neither a figure nor a mark between ("compared
        to its forecast in October 2024")."""
        tokens = self.tokens
        for k in range(i - 1, max(-1, i - _NEAR - 1), -1):
            if tokens.sentences[k] != tokens.sentences[i] or tokens.words[k] in ",;:()" or self._is_figure(k):
                return False
            if self.cues.get(k) == "compare":
                return True
        return False

    def _dates_act(self, i: int, end: int) -> bool:
        """Whether the day at tokens `i` to `end` is that of a document, act or speech, and not of a figure.

        An act may stand on either side ("công bố sáng 6/3"), a verb of speech behind it ("ngày 4/3 cho biết").
        """
        tokens = self.tokens
        sentence = tokens.sentences[i]
        for k in range(i - 1, max(-1, i - _CLAUSE - 1), -1):
            if tokens.sentences[k] != sentence or tokens.claims[k] == "period":
                break
            if k == i - 1 and self.cues.get(k) == "report":
                return True
            document = k > i - 4 and tokens.claims[k] == "mask" and not self.in_clock(k)
            if document or self.cues.get(k) == "act":
                return True
        for k in range(end, min(end + _CLAUSE, len(tokens))):
            if tokens.sentences[k] != sentence or self._is_figure(k):
                return False
            if self.cues.get(k) in ("act", "speech", "report"):
                return True
        return False

    def _names_law(self, i: int) -> bool:
        """Whether the year at token `i` belongs to the name of a law: "Luật Đất đai năm 2024"."""
        tokens = self.tokens
        for k in range(i - 1, max(-1, i - _NAME - 1), -1):
            if tokens.sentences[k] != tokens.sentences[i] or not tokens.words[k][0].isalpha():
                return False
            if self.cues.get(k) == "law" and (tokens.words[k][0].isupper() or tokens.words[k + 1][0].isupper()):
                return True
        return False

    def _of_amount(self, i: int) -> bool:
        """Whether an amount stands before token `i`, which then is of that time; a percentage or multiple compares."""
        unit = self.tokens.ending(i, "units")
        if unit is None:
            scale = self.tokens.ending(i, "scales")
            number = (scale.start if scale is not None else i) - 1
            return number > 0 and self._is_figure(number) and self.tokens.ending(number, "units") is not None
        return unit.row.data.get("unit") not in _RELATIVE_UNITS or self._is_starting_value(unit.start)

    def _is_starting_value(self, end: int) -> bool:
        """Whether the number before token `end` is where a change set out: "to 1.23 per cent from 1.31 per cent a year ago"."""
        number = end - 1
        return number > 0 and self._is_figure(number) and self.cues.get(number - 1) == "from"

    def _is_multiple_of(self, i: int) -> bool:
        """Whether a multiple stands before token `i`: "gấp hai lần năm 2025"."""
        unit = self.tokens.ending(i, "units")
        return unit is not None and unit.row.data.get("unit") == "times"

    def _is_figure(self, i: int) -> bool:
        return self.tokens.numeric[i] and self.tokens.claims[i] not in ("period", "mask")

    def in_clock(self, i: int) -> bool:
        """Whether token `i` belongs to a time of the day ("17 giờ"), which is masked, and not to a document's number."""
        claims, matches = self.tokens.claims, self.tokens.matches
        while i >= 0 and claims[i] == "mask":
            if any(
                m.row.category == "masks" and m.row.data.get("kind") in ("time", "date") for m in matches.get(i, ())
            ):
                return True
            i -= 1
        return False


def base_of(kind: str, span: TimeSpan, reference: TimeSpan | None, edge: str | None) -> str | None:
    """What a comparator compares with, in the terms of Statement.base."""
    if edge == "end" and span.last is not None:
        return span.last.isoformat()
    if edge == "start" and span.first is not None:
        return (span.first - timedelta(days=1)).isoformat()
    if kind == "same":
        return "yoy"
    if kind == "holiday" and reference is not None and span.last is not None and reference.last is not None:
        return "yoy" if span.last.year == reference.last.year - 1 else span.code
    if reference is not None and span.last is not None and reference.last is not None:
        if span == shift_years(reference, -1):
            return "yoy"
        if span.granularity == "year" and span.last.year == reference.last.year - 1:
            return "yoy"
        if span.code == previous(reference).code:
            return "previous_period"
    if kind == "relative" and span.granularity in ("month", "quarter"):
        return "previous_period"
    if kind == "relative" and span.granularity == "year":
        return "yoy"
    return span.code
