"""Reads periods: Tokens in, a list of Period out.

At each token the language's templates are tried, with or without a word before them that says what the period does ("so với",
"tính đến", "trước"). The longest reading wins, is dated by its anchors (period_dating) and claims its tokens.

>>> [period.code for period in read("tăng so với tháng 12/2025", "vi").periods]
['2025-12']
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from extract.lexicon import lexicon
from extract.period import Period
from extract.period_dating import dating
from extract.period_role import OPENING, RoleReader, base_of
from extract.period_template import Grammar, Reading, grammar
from extract.period_year import NEARLY_OVER, Anchors
from extract.running_period import RunningPeriod, read_cues
from extract.time_span import YEARS, TimeSpan, year_to_date
from extract.tokens import Row, Tokens

_MOST_ROLES = 3
_FIRST_DAYS = 10
"""Days of a month in which the press still reports on the one before."""
_FORESIGHT = 14
"""Tokens behind a period within which an average is looked for."""
_LEAST_MONTHS = 2
_CLOCK = 4
"""Tokens of a time of the day that may stand before its day ("đến 17 giờ ngày 3/10")."""


def find_periods(tokens: Tokens, published: date | None) -> list[Period]:
    """Find and claim the periods of a text, in reading order."""
    return _PeriodReader(tokens, published if published and published.year in YEARS else None).read()


class _PeriodReader:
    def __init__(self, tokens: Tokens, published: date | None) -> None:
        self.tokens = tokens
        self.published = published
        self.grammar: Grammar = grammar(tokens.language)
        self.cues = read_cues(tokens)
        self.roles = RoleReader(tokens, self.cues, published)
        self.ahead = {tokens.sentences[i] for i, cue in self.cues.items() if cue == "future"}
        self.running = RunningPeriod(tokens, published)
        self.counts: set[int] = set()
        """The n of every "first n months" read so far: a bare "n months" further on may mean them."""
        self.last: tuple[int, str] | None = None
        """The token after the last period, and the kind of that."""
        self.year: int | None = None
        self.year_sentence = -1
        self.open_years: list[tuple[int, int]] = []
        """Index and sentence of every "since the start of the year" read so far."""
        self.reports: dict[int, date] = {}
        """The day of an act or of speech, by sentence."""

    def read(self) -> list[Period]:
        tokens = self.tokens
        claims, numeric, lower = tokens.claims, tokens.numeric, tokens.lower
        seconds, may_begin = self.grammar.seconds, self.grammar.may_begin
        periods: list[Period] = []
        i, n = 0, len(tokens)
        while i < n:
            begins = claims[i] is None and (numeric[i] or lower[i] in seconds) and may_begin(tokens, i)
            found = self._read_at(i) if begins else None
            if found is None:
                i += 1
                continue
            period, i = found
            if period is not None:
                if self.last == (i, "year_to_now"):
                    self.open_years.append((len(periods), tokens.sentences[i - 1]))
                elif period.role == "event" and period.granularity == "day" and period.last is not None:
                    self.reports[tokens.sentences[i - 1]] = period.last
                periods.append(period)
        for k, sentence in self.open_years:
            periods[k] = self._closed(periods[k], self.reports.get(sentence))
        return periods

    @staticmethod
    def _closed(period: Period, day: date | None) -> Period:
        """The year so far as known on the `day` that the same sentence gives for its report."""
        if day is None or period.first is None or period.last is None or not period.first <= day <= period.last:
            return period
        span = year_to_date(day)
        return replace(period, code=span.code, last=span.last)

    def _read_at(self, i: int) -> tuple[Period | None, int] | None:
        """The longest mention that starts at token `i` and the token after it; (None, end) for words that are no period."""
        roles: list[Row] = []
        at = i
        best: tuple[list[Row], int, Reading] | None = None
        core = self.grammar.periods.longest(self.tokens, i)
        if core is not None:
            best = ([], i, core)
        while len(roles) < _MOST_ROLES and at < len(self.tokens):
            prefix = self.grammar.roles.longest(self.tokens, at)
            if prefix is None:
                break
            roles.append(prefix.row)
            at = prefix.end
            if prefix.row.data.get("role") in ("until", "as_of"):
                clock = [k for k in range(at, min(at + _CLOCK, len(self.tokens))) if self.roles.in_clock(k)]
                at = clock[-1] + 1 if clock else at
            core = self.grammar.periods.longest(self.tokens, at) if at < len(self.tokens) else None
            if core is not None and (best is None or core.end > best[2].end):
                best = (list(roles), at, core)
        if best is None and self._continues(i):
            core = self.grammar.more.longest(self.tokens, i)
            best = ([], i, core) if core is not None else None
        if best is None:
            return None
        roles, first, core = best
        if core.row.data["kind"] in ("nothing", "slot"):
            return None if not core.row.data.get("whole") and self._hides_period(first, core.end) else (None, core.end)
        return self._make(i, first, core, roles)

    def _hides_period(self, first: int, end: int) -> bool:
        """Whether a longer reading starts inside words that would be no period ("sau 2 tháng" … "đầu năm 2026")."""
        for i in range(first + 1, end):
            found = self.grammar.periods.longest(self.tokens, i)
            if found is not None and found.end > end:
                return True
        return False

    def _make(self, i: int, first: int, core: Reading, roles: list[Row]) -> tuple[Period | None, int] | None:
        tokens, data = self.tokens, core.row.data
        kind: str = data["kind"]
        if data.get("weak") and self._hides_period(first, core.end):
            return None
        given = self.roles.given(i, roles)
        looks_back = kind == "same" or (data.get("anchor") == "reference" and data["offset"] < 0)
        if looks_back and (given == "start" or (given is None and any("after_figure" in row.data for row in roles))):
            given = "comparator"  # "from a year earlier", "over the previous year"
        bare = all(row.data.get("silent") for row in roles)
        if kind == "bare_year" and bare and not self._stands_alone(first, core.end):
            return None
        if data.get("recurring") and not self._opens_clause(i):
            return None, core.end
        if kind == "ytd_bare" and not self._counts_from_january(core, roles):
            return None
        self.running.reach(i)
        anchors = self._anchors(i, given)
        if data.get("reported") and self._reported():
            data = {**data, "anchor": "reference"}
        if data.get("weak") and data.get("anchor") == "reference" and anchors.reference is None:
            return None
        span = dating(kind, data, core.slots, anchors)
        if span is None:
            return None
        if any(row.data.get("ahead") for row in roles) and not self._lies_ahead(span):
            i, given, roles = first, None, []
        role = self.roles.role(i, core, given, span, bool(roles))
        strict = role == "deadline" and any(row.data.get("strict") for row in roles)
        last = span.last
        if strict and span.first is not None:
            last = span.first - timedelta(days=1)
        edge = data.get("edge") or next((row.data["edge"] for row in roles if "edge" in row.data), None)
        base = base_of(kind, span, anchors.reference, edge) if role == "comparator" else None
        code = span.code
        if role == "comparator" and edge and base is not None and "-" in base:
            code = base
        start = tokens.starts[first if roles and all(row.data.get("silent") for row in roles) else i]
        end = tokens.ends[core.end - 1]
        period = Period(
            start,
            end,
            tokens.text[start:end],
            code,
            span.first,
            last,
            span.granularity,
            role,
            "plan" if role == "plan" else base,
            strict,
            _is_relative(data, core),
            any(row.data.get("aside") for row in roles) or looks_back or self._is_average(core.end, span),
            self._doubt(data, span),
            tuple(dict.fromkeys(row.id for row in (*roles, core.row))),
        )
        tokens.claim(first, core.end, "period")
        self.last = (core.end, kind)
        self.running.note(period, i)
        self._remember(core, period)
        return period, core.end

    def _reported(self) -> bool:
        """Whether "this month" is the month reported on: one printed before, and the text came out in the first days of the next."""
        reference = self.running.reference
        if reference is None or self.published is None or self.published.day > _FIRST_DAYS:
            return False
        relative = {
            row.id for row in lexicon(self.tokens.language).category("periods") if row.data.get("kind") == "relative"
        }
        return reference.granularity == "month" and relative.isdisjoint(reference.rules)

    def _anchors(self, i: int, given: str | None) -> Anchors:
        sentence = self.tokens.sentences[i]
        reference = self.running.reference
        span = None
        if reference is not None and reference.last is not None:
            span = TimeSpan(reference.code, reference.first, reference.last, reference.granularity or "day")
        return Anchors(
            self.published,
            span,
            self.year if self.year_sentence == sentence else None,
            given in ("deadline", "until") or sentence in self.ahead,
            given == "comparator",
            given in ("deadline", "until"),
        )

    def _remember(self, core: Reading, period: Period) -> None:
        if core.row.data["kind"] == "ytd" and (count := core.one("n")):
            self.counts.add(count)
        printed = core.one("year") or core.one("my") or core.one("dmy")
        if printed and period.role in ("reference", "as_of", "plan") and period.last and _one_year(period):
            self.year, self.year_sentence = period.last.year, self.tokens.sentences[self.running.at]

    def _stands_alone(self, first: int, end: int) -> bool:
        """Whether four digits are a year: no unit behind them, no number or sign of a range beside them."""
        tokens = self.tokens
        if end < len(tokens):
            if any(match.row.category in ("units", "scales") for match in tokens.matches.get(end, ())):
                return False
            if tokens.glued(end) and tokens.words[end] not in ".,;:)]’'\"”!?…\n":
                return False
        return not (tokens.glued(first) and tokens.words[first - 1] not in "([’'\"“\n")

    def _opens_clause(self, i: int) -> bool:
        """Whether token `i` begins a clause; elsewhere "every year" is the frequency of a figure, a matter of its unit."""
        tokens = self.tokens
        return i == 0 or tokens.sentences[i - 1] != tokens.sentences[i] or tokens.words[i - 1] in OPENING

    def _continues(self, i: int) -> bool:
        """Whether token `i` goes on with a list of days: "27/2, 2/3 và 3/3"."""
        between = i > 0 and (self.tokens.words[i - 1] == "," or self.cues.get(i - 1) == "boundary")
        return between and self.last is not None and self.last == (i - 1, "day")

    def _counts_from_january(self, core: Reading, roles: list[Row]) -> bool:
        """Whether a bare "n months" means the first n of the year: after a word for the whole, where the text said so, or
        where as many are over at publication."""
        count = core.one("n")
        if any(row.data.get("whole") for row in roles) or count in self.counts:
            return True
        if self.published is None or count is None or count < _LEAST_MONTHS:
            return False
        month = self.published.month
        return count == (month - 1 or 12) or (count == month and self.published.day >= NEARLY_OVER)

    def _lies_ahead(self, span: TimeSpan) -> bool:
        return self.published is None or (span.last is not None and span.last > self.published)

    def _is_average(self, end: int, span: TimeSpan) -> bool:
        """Whether the period is that of an average, given in passing ("2 tháng đầu năm, CPI bình quân tăng")."""
        if span.granularity not in ("ytd", "half", "quarter", "year"):
            return False
        tokens = self.tokens
        for i in range(end, min(end + _FORESIGHT, len(tokens))):
            if tokens.numeric[i] or tokens.sentences[i] != tokens.sentences[end - 1]:
                return False
            if self.cues.get(i) == "average":
                return True
        return False

    def _doubt(self, data: Any, span: TimeSpan) -> str | None:
        if data.get("recurring"):
            return "recurring"
        if span.first is not None and span.last is not None and span.first > span.last:
            return "end_before_start"
        return "no_anchor" if span.code is None and data["kind"] not in ("undated",) else None


def _one_year(period: Period) -> bool:
    return period.first is not None and period.last is not None and period.first.year == period.last.year


def _is_relative(data: Any, core: Reading) -> bool:
    """Whether something of the date was not printed."""
    slots = {slot for slot, _ in core.slots}
    return data["kind"] != "undated" and not slots & {"year", "my", "dmy", "ymd", "zodiac"}
