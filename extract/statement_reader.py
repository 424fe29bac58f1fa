"""Assembles statements: a `Reading` (tokens, periods, quantities) in, statements and what was left out with its reason.

Figure by figure, in reading order: is it a figure at all, what is it about (indicator.py), what does it measure (measure.py),
where and when does it hold (place.py, period_scope.py), who says so (speaker.py), what kind of statement does it make
(kind.py); at the end, which figures are parts of which (link.py).

>>> from datetime import date
>>> from extract.pipeline import read
>>> found = read_statements(read("Thu ngân sách năm 2025 đạt 500 tỷ đồng, tăng 12%.", "vi"), date(2026, 1, 5))
>>> [(s.indicator, s.measure) for s in found.statements]
[('Thu ngân sách', 'level'), ('Thu ngân sách', 'growth')]
"""

from dataclasses import dataclass, replace
from datetime import date

from extract.clause import Clause, Clauses, token_kinds
from extract.concept import indicator_id, is_growth, is_rate, known_concept
from extract.cue import Cues
from extract.draft_links import linked_statements
from extract.figure_filter import FigureFilter
from extract.figure_period import FigurePeriods
from extract.figures import COUNTED, Figures, dimension, is_counted
from extract.indicator import Indicators, Naming, Turn, template
from extract.kind import read_kind, read_passage
from extract.lexicon import catalogue
from extract.measure import MeasureReading, Surroundings, names_rate, read_measure, unnamed_base
from extract.noun import is_head
from extract.period_scope import PeriodScope
from extract.pipeline import Reading
from extract.place import Place
from extract.place_scope import PlaceScope
from extract.quantity import Quantity
from extract.speaker import Attribution, find_attributions, find_firm, speaker_at
from extract.statement import Provenance, Statement
from extract.statement_draft import Draft
from extract.unit_restorer import UnitRestorer

CONTEXT = 32
"""Characters before and after the quoted words that a receipt keeps."""

_PLAN_REACH = 8
"""Words behind a pair within which a plan makes its second half one."""
_PLAN_NAME = 8
"""Words of a plan's name between the word for it and the bracket behind it."""


@dataclass(frozen=True, slots=True)
class Found:
    """Statements, and (start, end, reason) of each number that became none; offsets into the normalised text."""

    statements: tuple[Statement, ...]
    ignored: tuple[tuple[int, int, str], ...]
    cues: Cues
    places: tuple[Place, ...] = ()
    ambient: Place | None = None
    """The place that the whole text is about."""


def read_statements(reading: Reading, published: date | None = None, title: Reading | None = None) -> Found:
    """Assemble the statements of one text. `title` is the title's own reading: it gives context and no figures."""
    return _Assembly(reading, published, title).read()


class _Assembly:
    def __init__(self, reading: Reading, published: date | None, title: Reading | None) -> None:
        self.tokens = tokens = reading.tokens
        self.published = published
        self.cues = Cues(tokens)
        self.figures = Figures(reading, self.cues)
        tokens_of = self.figures.tokens_of
        taken = {i for q in reading.quantities for i in range(*tokens_of(q.start, q.end))}
        self.places = PlaceScope(self.figures, taken, published, title)
        marked = [(first, end, "q") for first, end in self.figures.spans]
        marked += [(*tokens_of(q.start, q.end), "q") for q in reading.quantities if q.role == "paired"]
        marked += [(*tokens_of(p.start, p.end), "p") for p in reading.periods]
        marked += [(p.start, p.end, "l") for p in self.places.places if self.places.holds(p)]
        marked.sort(key=lambda span: span[2] == "q")
        kinds = token_kinds(tokens, marked)
        averages = self.cues.all("fillers", "average")
        for cue in (*self.cues.of("indicators"), *averages):  # "thu nhập bình quân năm 2025" is no average of a period
            kinds[cue.start : cue.end] = ["w" if kind == "p" else kind for kind in kinds[cue.start : cue.end]]
        self.clauses = Clauses(self.cues, kinds)
        self.indicators = Indicators(self.cues, self.clauses)
        context = None
        if title is not None and title.periods:
            context = next((p for p in title.periods if p.role in ("reference", "as_of") and p.code), None)
        self.scope = PeriodScope(tokens, reading.periods, published, context)
        self.speakers = find_attributions(self.cues)
        self.firm = find_firm(self.cues)
        self.passage = read_passage(self.cues)
        self.drafts: list[Draft] = []
        self.places.clauses, self.places.drafts = self.clauses, self.drafts
        self.places.one_project = self.passage.decided
        self.filter = FigureFilter(self.figures, self.scope)
        self.units = UnitRestorer(self.figures, self.clauses, self.drafts)
        self.periods = FigurePeriods(self.figures, self.scope, self.drafts, reading.periods)

    def read(self) -> Found:
        """Every quantity in turn, then the links between them."""
        embedded = 0
        for k, quantity in enumerate(self.figures.quantities):
            first, end = self.figures.spans[k]
            sentence = self.tokens.sentences[first]
            begin = self.figures.sentence_start[sentence]
            fresh = True
            if (
                k
                and self.tokens.sentences[self.figures.spans[k - 1][0]] == sentence
                and self.figures.spans[k - 1][1] <= first
            ):
                if self.figures.quantities[k - 1].unit == "rank":
                    begin, fresh = self.figures.spans[k - 1][1], False
                elif embedded != k:
                    begin = self._own_words(self.figures.spans[k - 1][1], first)
                    fresh = False
                else:
                    begin = self.drafts[-1].clause.start if self.drafts else begin
            limit = self.figures.sentence_end[sentence]
            if k + 1 < len(self.figures.quantities):
                limit = min(limit, self.figures.spans[k + 1][0])
            limit = max(limit, end)
            clause = self.clauses.cut(begin, first, end, limit, fresh)
            reason = self.filter.reason(quantity, clause, self.drafts[-1] if self.drafts else None)
            if reason is None:
                reason = self._draft(quantity, clause, sentence)
            if reason is not None:
                self.figures.ignored.append((quantity.start, quantity.end, reason))
            elif (
                quantity.unit
                and dimension(quantity.unit) in COUNTED
                and self._genitive(first)
                and (end >= limit or self.cues.at(end, "fillers", "join") is None)
            ):
                embedded = k + 1
        places = self.places
        statements = linked_statements(self.drafts, self.clauses, places)
        return Found(statements, tuple(self.figures.ignored), self.cues, tuple(places.places), places.ambient)

    def _own_words(self, start: int, first: int) -> int:
        """Where the words before a figure begin that are not those behind the figure before it."""
        words = self.tokens.words
        for i in range(start, first):
            if self.cues.at(i, "parts", "open") is not None:
                return i
            if words[i] in ",;:(\n":
                return i + (words[i] == ",")
        for i in range(start, first):
            if self.clauses.kinds[i] != "p" and self.cues.at(i, "fillers", "join") is not None:
                return i + 1
        for cue in self.cues.within("measures", start, first):
            return cue.start
        for i in range(start, first):
            if self.cues.at(i, "fillers", "link") is not None:
                return i
        return start

    def _genitive(self, first: int) -> bool:
        """Whether a figure stands inside a longer phrase ("giá trị của 10 doanh nghiệp")."""
        return first > 0 and self.cues.at(first - 1, "parts", "of") is not None

    def _draft(self, quantity: Quantity, clause: Clause, sentence: int) -> str | None:
        last = self.drafts[-1] if self.drafts else None
        same = last is not None and last.sentence == sentence
        opened = clause.opener is not None or bool(same and last and last.opened and not clause.total)
        under = opened or clause.alone
        counted = is_counted(quantity.unit)
        if counted and clause.near is not None and self.indicators.has_noun(quantity, clause):
            clause.cues, clause.near = [], None
        turn = Turn(
            last=last.naming.phrase if last else "",
            last_counted=last is not None and last.counted,
            counted=counted,
            under=under,
            genitive=self._genitive(clause.first),
            earlier=tuple(draft.naming.phrase for draft in self.drafts if draft.sentence == sentence),
            shared=self.units.shared_noun(quantity, clause) if counted else None,
        )
        theme = replace(self.indicators.theme)
        naming = self.indicators.name(quantity, clause, turn)
        bound = self.filter.class_bound(quantity, clause) if counted and naming.subject is not None else 0
        if bound and naming.subject is not None and not naming.head:
            naming = replace(naming, phrase=self.indicators.of_class(naming.subject, bound))
        if quantity.unit is None:
            unit = self.units.unit(quantity, clause, naming, last, under)
            if unit is None:
                self.indicators.theme = theme
                return "no_unit"
            quantity = replace(quantity, unit=unit)
        known = known_concept(self.cues, naming.subject)
        base = self.scope.base(quantity.start, quantity.end)
        of_plan = clause.bracket and not clause.cues and self._behind_plan(clause)
        around = Surroundings(
            before=last.reading if last is not None and same else None,
            compared=base is not None,
            growing=is_growth(known) or (naming.carried and last is not None and last.growing),
            rate=is_rate(known),
            counted_before=last is not None and last.counted,
            adds_up=self._adds_up(clause, sentence),
            planned=any(draft.reading.plan for draft in self.drafts[-3:]),
            of_plan=of_plan,
            onward=self._onward(quantity, clause),
            grew=self._grew(),
        )
        reading = read_measure(quantity, clause, self.cues, around)
        if (
            reading.measure == "share"
            and quantity.unit == "percent"
            and reading.whole is None
            and not any(cue.row.data["measure"] == "share" for cue in clause.cues)
            and (names_rate(naming.phrase, self.tokens.language) or self._per_year(sentence))
        ):
            reading = replace(reading, measure="level")
        if reading.whole is not None and (not naming.phrase or self._only_named(naming, clause)):
            of_whole = self.clauses.strip(reading.whole.end, clause.stop)
            if of_whole is not None:
                naming = replace(naming, phrase=self.clauses.text(of_whole), subject=of_whole)
        reading = replace(reading, unit=quantity.unit, value=quantity.value)
        period = self.scope.reference(quantity.start, quantity.end)
        code = self.periods.code(period, reading, naming, quantity.unit or "")
        if reading.contribution or reading.contributes:
            naming, known = self.indicators.contribution(naming, clause, reading.contributes), None
        base = self._base(reading, base)
        place = self.places.place(clause, naming, last if same else None)
        span = (self.figures.sentence_start[sentence], self.figures.sentence_end[sentence])
        growth = reading.measure in ("growth", "change", "ratio")
        limited = quantity.qualifier == "at_most"
        kind, word = read_kind(
            clause, self.cues, self.passage, span, period, self.published, growth, limited, reading.of_other
        )
        if (
            (word is None or word.start < clause.start)
            and last is not None
            and ((same and (naming.carried or under or clause.bracket)) or self.indicators.refers_back(clause))
            and last.statement.kind != "statistic"
            and last.quantity.role != "plan"
            and not last.reading.of_other
        ):
            kind = last.statement.kind
        if clause.opener is not None and last is not None and not same and word is None and last.period is period:
            if period is not None and last.statement.kind in ("forecast", "target") and last.quantity.role != "plan":
                kind = last.statement.kind
        if of_plan or (quantity.role == "plan" and self._plan_follows(clause)):
            kind = "target"
        speaker = speaker_at(self.speakers, self.cues, clause.first)
        period, code = self.periods.said(period, code, kind, word, clause)
        if code is None and kind in ("statistic", "rule"):
            day = self.periods.day(quantity, naming)
            period, code = (day, day.code) if day is not None else (period, code)
        if reading.measure in ("level", "share", "ratio"):
            code = self.periods.half(code, quantity, clause)
        if last is not None and self.indicators.refers_back(clause) and self.periods.compares(period, clause):
            period, code = last.period, last.statement.period_code
        if kind == "target" and code is None and (due := self.periods.aimed(clause, self.passage.aims)) is not None:
            period, code = due, due.code
        if self.firm is not None and (speaker is None or self._means_firm(speaker)):
            speaker = self.firm
        phrase = self._with_company(naming.phrase, speaker)
        monthly = period is not None and period.granularity in ("month", "quarter", "year")
        phrase_id = None if naming.carried else indicator_id(known, reading.measure, quantity.unit, base, monthly)
        if naming.carried and last is not None and last.statement.indicator_id is not None:
            concept = catalogue("indicators")[last.statement.indicator_id]["concept"]
            phrase_id = self._carried_id(concept, reading.measure, quantity.unit, base, monthly)
        if base is None:
            base = unnamed_base(reading, quantity.unit, known, kind, period)
        rules = [*quantity.rules, *(period.rules if period else ()), *(place.rules if place else ())]
        rules += [cue.row.id for cue in clause.cues]
        rules += [word.row.id] if word else []
        rules += speaker.rules if speaker else ()
        rules += self._cue_rules(clause)
        if known is not None:
            rules.append(known.row.id)
        text = self.tokens.text
        statement = Statement(
            quantity=quantity,
            kind=kind,
            measure=reading.measure,
            direction=reading.direction,
            base=base,
            indicator=phrase or None,
            indicator_id=phrase_id,
            place=self.places.name(place),
            place_id=self.places.id(place, period),
            period=period,
            period_code=code,
            provenance=Provenance(
                quantity.start,
                quantity.end,
                quantity.exact,
                text[max(0, quantity.start - CONTEXT) : quantity.start],
                text[quantity.end : quantity.end + CONTEXT],
                speaker.name if speaker else None,
                tuple(dict.fromkeys(rules)),
            ),
            confidence=self._confidence(quantity, naming),
            doubts=tuple(d for d in (quantity.reason, period.reason if period else None) if d),
        )
        self.drafts.append(
            Draft(
                quantity,
                clause,
                reading,
                naming,
                sentence,
                place,
                period,
                base,
                word,
                statement,
                opened,
                around.growing,
                counted,
            )
        )
        return None

    def _per_year(self, sentence: int) -> bool:
        """Whether the sentence gives rates in percent a year: those of money, no shares."""
        sentences = self.tokens.sentences
        return any(
            q.unit == "percent/year" and sentences[first] == sentence
            for q, (first, _) in zip(self.figures.quantities, self.figures.spans, strict=True)
        )

    def _only_named(self, naming: Naming, clause: Clause) -> bool:
        """Whether the subject of a share is no more than a name ("Iran chiếm 5% tổng sức mạnh …"): then what it is a share of
        is what is measured."""
        span = naming.subject
        if span is None or span != clause.subject or naming.carried or is_head(self.cues, span):
            return False
        words = self.tokens.words[span[0] : span[1]]
        return all(word[:1].isupper() or not word[0].isalnum() for word in words) and naming.part == ""

    def _grew(self) -> bool:
        """Whether the last percentage read was a growth."""
        last = next((draft for draft in reversed(self.drafts) if draft.quantity.unit == "percent"), None)
        return last is not None and last.reading.measure == "growth"

    def _onward(self, quantity: Quantity, clause: Clause) -> bool:
        """Whether a value of the same unit follows in the sentence."""
        k = self.figures.index_at(clause.first) + 1
        return (
            k < len(self.figures.spans)
            and (self.figures.quantities[k].unit or "").partition("/")[0] == (quantity.unit or "").partition("/")[0]
            and self.tokens.sentences[self.figures.spans[k][0]] == self.tokens.sentences[clause.first]
        )

    def _plan_follows(self, clause: Clause) -> bool:
        """Whether the second half of a pair is a plan: the text says so behind it ("62.000/100.275 căn, đạt 62% chỉ tiêu")."""
        end = min(clause.end + _PLAN_REACH, self.figures.sentence_end[self.tokens.sentences[clause.first]])
        return any(
            cue.row.data["base"] == "plan" and not any(first <= cue.start < last for first, last in self.figures.spans)
            for cue in self.cues.within("bases", clause.stop, end)
        )

    def _behind_plan(self, clause: Clause) -> bool:
        """Whether the bracket that a figure stands in follows the name of a plan ("5,6% kế hoạch (995.348 tỷ đồng)")."""
        start = max(0, clause.start - 1 - _PLAN_NAME)
        return any(
            cue.row.data.get("base", cue.row.data.get("kind")) in ("plan", "target")
            and "," not in self.tokens.words[cue.end : clause.start - 1]
            for category in ("bases", "kinds")
            for cue in self.cues.within(category, start, clause.start)
        )

    def _cue_rules(self, clause: Clause) -> list[str]:
        """Rows whose words stand in the clause."""
        found = []
        for i in range(clause.start, clause.stop):
            for match in self.tokens.matches.get(i, ()):
                if match.end <= clause.stop and match.row.category in _SHOWN:
                    found.append(match.row.id)
        return found

    def _adds_up(self, clause: Clause, sentence: int) -> bool:
        """Whether a growth in percent follows right after an amount that was added."""
        k = self.figures.index_at(clause.first)
        if k + 1 >= len(self.figures.spans) or self.tokens.sentences[self.figures.spans[k + 1][0]] != sentence:
            return False
        following = self.figures.spans[k + 1]
        if self.figures.quantities[k + 1].unit != "percent":
            return False
        return any(
            cue.row.data["measure"] == "growth" for cue in self.cues.within("measures", clause.end, following[0])
        ) and not any(word in ";:" for word in self.tokens.words[clause.end : following[0]])

    def _base(self, reading: MeasureReading, base: str | None) -> str | None:
        if reading.measure not in ("growth", "change", "ratio"):
            return None
        return "plan" if reading.plan else base

    def _with_company(self, phrase: str, speaker: Attribution | None) -> str:
        """A firm's own figures name it ("than sạch của TKV")."""
        if speaker is None or not speaker.company or not phrase or speaker.short.lower() in phrase.lower():
            return phrase
        return template(self.tokens.language, "attributions", "company").format(
            indicator=phrase, organisation=speaker.short
        )

    def _means_firm(self, speaker: Attribution) -> bool:
        """Whether who speaks is the firm that the text opens with ("the company said")."""
        near = range(max(0, speaker.first - 1), speaker.end)
        return any(self.cues.at(i, "attributions", "itself") is not None for i in near)

    def _carried_id(self, concept: str, measure: str, unit: str | None, base: str | None, monthly: bool) -> str | None:
        for match in self.cues.of("indicators"):
            if match.row.data["concept"] == concept:
                known = known_concept(self.cues, (match.start, match.end))
                return indicator_id(known, measure, unit, base, monthly)
        return None

    @staticmethod
    def _confidence(quantity: Quantity, naming: Naming) -> float:
        value = 1.0
        if quantity.reason:
            value -= 0.3
        if naming.carried:
            value -= 0.1
        if not naming.phrase:
            value -= 0.3
        return round(value, 2)


_SHOWN = frozenset({"parts", "kinds", "bases", "heads", "fillers", "exclusions", "place_words", "attributions"})
