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

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from extract.clause import Clause, Clauses, token_kinds
from extract.concept import indicator_id, is_growth, is_rate, known_concept
from extract.cue import Cues
from extract.indicator import Indicators, Naming, Turn, template
from extract.kind import read_kind, read_passage
from extract.lexicon import catalogue, lexicon
from extract.link import Linked, link_parts, words
from extract.measure import POINTS, MeasureReading, Surroundings, read_measure, unnamed_base
from extract.period import Period
from extract.period_scope import PeriodScope, flow
from extract.pipeline import Reading
from extract.place import NATION, Place, ambient_place, find_places, place_version
from extract.quantity import Quantity
from extract.speaker import Attribution, find_attributions, find_firm, speaker_at
from extract.statement import Provenance, Statement
from extract.tokens import Match

CONTEXT = 32
"""Characters before and after the quoted words that a receipt keeps."""

_LEAD_SENTENCES = 2
_COUNTED = frozenset({"count", "people", "visits", "events", "households", "deaths", "injuries", "missing", "trips"})
_STANDING = frozenset({"people", "households", "length", "area", "power", "index"})
"""What is counted as it stands on a day, not as it has come in since the start of the year."""
_TOLLS = frozenset({"death", "injured", "missing_person"})
_DURATIONS = frozenset({"time", "age"})
_SPAN_REACH = 12
"""Words before a length of time within which what it measures is named."""
_CLASS_REACH = 8
"""Words between a count and the bound of its class."""
_PLAN_REACH = 8
"""Words behind a pair within which a plan makes its second half one."""
_AMOUNTS = 3
"""Figures back to which a number in millions finds its unit."""
_PLAN_NAME = 8
"""Words of a plan's name between the word for it and the bracket behind it."""
_NATIONAL = frozenset({"ministry", "ministry_level", "agency", "state", "party"})
"""Bodies whose figures are the nation's."""


@dataclass(frozen=True, slots=True)
class Found:
    """Statements, and (start, end, reason) of each number that became none; offsets into the normalised text."""

    statements: tuple[Statement, ...]
    ignored: tuple[tuple[int, int, str], ...]
    cues: Cues
    places: tuple[Place, ...] = ()
    ambient: Place | None = None
    """The place that the whole text is about."""


@dataclass(slots=True)
class _Draft:
    quantity: Quantity
    clause: Clause
    reading: MeasureReading
    naming: Naming
    sentence: int
    place: Place | None
    period: Period | None
    base: str | None
    kind_word: Match | None
    statement: Statement
    opened: bool
    growing: bool
    counted: bool


@cache
def _dimension(unit: str) -> str:
    for row in catalogue("units").values():
        if row.get("unit") == unit:
            return str(row.get("dimension", "count"))
    head, slash, _ = unit.partition("/")
    return _dimension(head) if slash else "count"


def read_statements(reading: Reading, published: date | None = None, title: Reading | None = None) -> Found:
    """Assemble the statements of one text. `title` is the title's own reading: it gives context and no figures."""
    return _Assembly(reading, published, title).read()


class _Assembly:
    def __init__(self, reading: Reading, published: date | None, title: Reading | None) -> None:
        self.tokens = tokens = reading.tokens
        self.published = published
        self.cues = Cues(tokens)
        self.ignored: list[tuple[int, int, str]] = []
        self.quantities = self._figures(reading.quantities)
        self.spans = [self._tokens_of(q.start, q.end) for q in self.quantities]
        everything = [self._tokens_of(q.start, q.end) for q in reading.quantities]
        taken = {i for first, end in everything for i in range(first, end)}
        self.places = find_places(self.cues, taken)
        self.place_starts = [place.start for place in self.places]
        marked = [(first, end, "q") for first, end in self.spans]
        marked += [(*self._tokens_of(q.start, q.end), "q") for q in reading.quantities if q.role == "paired"]
        marked += [(*self._tokens_of(p.start, p.end), "p") for p in reading.periods]
        self.abroad = self._abroad(title)
        marked += [(p.start, p.end, "l") for p in self.places if self._holds(p)]
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
        self.ambient = self._ambient(title)
        self._toll = any(m.row.data.get("toll") for found in tokens.matches.values() for m in found)
        self._waiting: list[Place] = []
        self.drafts: list[_Draft] = []
        self._bounds()

    def _figures(self, quantities: list[Quantity]) -> list[Quantity]:
        """The quantities that may be figures; durations, ages and numbers without a value are words like others."""
        figures = []
        for quantity in quantities:
            reason = None
            if quantity.value is None:
                reason = quantity.reason or "no_value"
            elif quantity.unit is not None and _dimension(quantity.unit) in _DURATIONS:
                reason = None if self._is_measured(quantity) else "duration"
            elif quantity.role == "paired":
                reason = "second_currency"
            if reason is None:
                figures.append(quantity)
            else:
                self.ignored.append((quantity.start, quantity.end, reason))
        return figures

    def _is_measured(self, quantity: Quantity) -> bool:
        """Whether a length of time is what its sentence measures ("tuổi thọ trung bình đạt 74,7 tuổi")."""
        first, _ = self._tokens_of(quantity.start, quantity.end)
        for i in range(first - 1, max(-1, first - _SPAN_REACH), -1):
            if self.tokens.words[i] in ",;.:\n":
                return False
            if any(m.row.category == "heads" and m.row.data.get("span") for m in self.tokens.matches.get(i, ())):
                return True
        return False

    def _bounds(self) -> None:
        self.sentence_start: dict[int, int] = {}
        self.sentence_end: dict[int, int] = {}
        for i, sentence in enumerate(self.tokens.sentences):
            self.sentence_start.setdefault(sentence, i)
            self.sentence_end[sentence] = i + 1

    def _tokens_of(self, start: int, end: int) -> tuple[int, int]:
        first = max(0, bisect_right(self.tokens.starts, start) - 1)
        return first, max(first + 1, bisect_left(self.tokens.starts, end))

    def _abroad(self, title: Reading | None) -> bool:
        """Whether the text is about the world outside: its lead or title names a foreign country, none a place of Vietnam."""
        lead = bisect_right(self.tokens.sentences, 0)
        places = [place for place in self.places if place.start < lead and place.role != "local"]
        if title is not None:
            cues = Cues(title.tokens)
            places += [place for place in find_places(cues, set()) if place.role != "local"]
        national = any(cue.start < lead for cue in self.cues.of("organisations"))
        return bool(places) and not national and all(place.kind == "foreign" for place in places)

    def _ambient(self, title: Reading | None) -> Place | None:
        """The place that the whole text is about."""
        sentences = self.tokens.sentences
        lead = bisect_right(sentences, _LEAD_SENTENCES - 1)
        national = [
            cue.start
            for cue in self.cues.of("organisations")
            if cue.start < lead and catalogue("organisations")[cue.row.data["organisation"]]["kind"] in _NATIONAL
        ]
        if title is not None:
            cues = Cues(title.tokens)
            found = ambient_place(cues, find_places(cues, set()), _LEAD_SENTENCES, [])
            if found is not None:
                return found
        return ambient_place(self.cues, self.places, _LEAD_SENTENCES, national)

    def read(self) -> Found:
        """Every quantity in turn, then the links between them."""
        embedded = 0
        for k, quantity in enumerate(self.quantities):
            first, end = self.spans[k]
            sentence = self.tokens.sentences[first]
            begin = self.sentence_start[sentence]
            fresh = True
            if k and self.tokens.sentences[self.spans[k - 1][0]] == sentence and self.spans[k - 1][1] <= first:
                if self.quantities[k - 1].unit == "rank":
                    begin, fresh = self.spans[k - 1][1], False
                elif embedded != k:
                    begin = self._own_words(self.spans[k - 1][1], first)
                    fresh = False
                else:
                    begin = self.drafts[-1].clause.start if self.drafts else begin
            limit = self.sentence_end[sentence]
            if k + 1 < len(self.quantities):
                limit = min(limit, self.spans[k + 1][0])
            limit = max(limit, end)
            clause = self.clauses.cut(begin, first, end, limit, fresh)
            reason = self._reason(quantity, clause)
            if reason is None:
                reason = self._draft(quantity, clause, sentence)
            if reason is not None:
                self.ignored.append((quantity.start, quantity.end, reason))
            elif (
                quantity.unit
                and _dimension(quantity.unit) in _COUNTED
                and self._genitive(first)
                and (end >= limit or self.cues.at(end, "fillers", "join") is None)
            ):
                embedded = k + 1
        return Found(self._linked(), tuple(self.ignored), self.cues, tuple(self.places), self.ambient)

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

    def _reason(self, quantity: Quantity, clause: Clause) -> str | None:
        """Why a quantity is no figure, None where it is one."""
        dimension = _dimension(quantity.unit) if quantity.unit else None
        if self._bounds_a_class(quantity, clause):
            return "bounds_a_class"
        for match in self.cues.within(
            "exclusions", self.sentence_start[self.tokens.sentences[clause.first]], clause.first
        ):
            where, reason = match.row.data["where"], match.row.data["reason"]
            if where == "sentence" or (where == "before" and match.end == clause.first and reason != "duration"):
                return str(reason)
        plain = quantity.unit is None or dimension in _COUNTED or quantity.unit == "times"
        noun = clause.first
        while noun < clause.end and self.tokens.starts[noun] < quantity.number_end:
            noun += 1
        behind = self.cues.at(noun, "exclusions") if plain else None
        if behind is not None and behind.row.data["where"] == "after" and behind.end >= clause.end:
            return str(behind.row.data["reason"])
        if plain and self._name_number(quantity, clause):
            return "number_of_a_name"
        counts = self.tokens.numeric[clause.first] or quantity.value == 1
        compared = clause.cues or self.scope.base(quantity.start, quantity.end) is not None
        if quantity.unit == "times" and counts and not compared:
            return "frequency"
        return None

    def _class_bound(self, quantity: Quantity, clause: Clause) -> int:
        """Token at which the bound ends that says which things a figure counts, 0 where there is none."""
        k = bisect_left(self.spans, (clause.first, 0)) + 1
        if k >= len(self.spans) or self.quantities[k].qualifier in (None, "about"):
            return 0
        first, end = self.spans[k]
        if self.tokens.sentences[first] != self.tokens.sentences[clause.first] or not self._one_phrase(
            clause.end, first
        ):
            return 0
        return end

    def _one_phrase(self, start: int, end: int) -> bool:
        """Whether tokens `start` up to `end` are a few words without a mark or a conjunction."""
        between = self.tokens.words[start:end]
        if not between or len(between) > _CLASS_REACH or any(word in ",;:.(" for word in between):
            return False
        return all(self.cues.at(i, "fillers", "join") is None for i in range(start, end))

    def _bounds_a_class(self, quantity: Quantity, clause: Clause) -> bool:
        """Whether a bound only says which things were counted right before it ("8 mặt hàng đạt trên 10 tỷ USD")."""
        last = self.drafts[-1] if self.drafts else None
        if (
            last is None
            or quantity.qualifier in (None, "about")
            or last.sentence != self.tokens.sentences[clause.first]
        ):
            return False
        if not self._one_phrase(last.clause.end, clause.first):
            return False
        if quantity.unit is not None and last.quantity.unit == "person" and _dimension(quantity.unit) == "money":
            return False  # "cheated 6,630 investors out of more than 8 trillion": no class of investors
        return last.counted or (
            last.reading.measure == "share" and last.quantity.unit == "percent" and last.naming.part == ""
        )

    def _name_number(self, quantity: Quantity, clause: Clause) -> bool:
        """A small number that ends a capitalised name of two words or more ("Huong Lo 2")."""
        words, i = self.tokens.words, clause.first
        if quantity.qualifier is not None or not words[i].isdigit() or len(words[i]) > 3 or i < 2:
            return False
        sentences = self.tokens.sentences
        return all(
            words[k][:1].isupper() and words[k].isalpha() and sentences[k] == sentences[i] for k in (i - 1, i - 2)
        )

    def _draft(self, quantity: Quantity, clause: Clause, sentence: int) -> str | None:
        last = self.drafts[-1] if self.drafts else None
        same = last is not None and last.sentence == sentence
        opened = clause.opener is not None or bool(same and last and last.opened and not clause.total)
        under = opened or clause.alone
        counted = quantity.unit is not None and "/" not in quantity.unit and _dimension(quantity.unit) in _COUNTED
        if counted and clause.near is not None and self.indicators.has_noun(quantity, clause):
            clause.cues, clause.near = [], None
        turn = Turn(
            last=last.naming.phrase if last else "",
            last_counted=last is not None and last.counted,
            counted=counted,
            under=under,
            genitive=self._genitive(clause.first),
            earlier=tuple(draft.naming.phrase for draft in self.drafts if draft.sentence == sentence),
            shared=self._shared_noun(quantity, clause) if counted else None,
        )
        theme = replace(self.indicators.theme)
        naming = self.indicators.name(quantity, clause, turn)
        bound = self._class_bound(quantity, clause) if counted and naming.subject is not None else 0
        if bound and naming.subject is not None and not naming.head:
            naming = replace(naming, phrase=self.indicators.of_class(naming.subject, bound))
        if quantity.unit is None:
            unit = self._unit(quantity, clause, naming, last, under)
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
        reading = replace(reading, unit=quantity.unit, value=quantity.value)
        period = self.scope.reference(quantity.start, quantity.end)
        code = self._period_code(period, reading, naming, quantity.unit or "")
        if reading.contribution:
            part = self.indicators.theme.part or naming.part or naming.phrase
            contribution = template(self.tokens.language, "parts", "contribution").format(part=part)
            naming = replace(naming, phrase=contribution, carried=False)
            known = None
        base = self._base(reading, base)
        place = self._place(clause, naming, last if same else None)
        span = (self.sentence_start[sentence], self.sentence_end[sentence])
        growth = reading.measure in ("growth", "change", "ratio")
        limited = quantity.qualifier == "at_most"
        kind, word = read_kind(
            clause, self.cues, self.passage, span, period, self.published, growth, limited, reading.of_other
        )
        if (
            (word is None or word.start < clause.start)
            and last is not None
            and same
            and (naming.carried or under or clause.bracket)
            and last.statement.kind != "statistic"
            and last.quantity.role != "plan"
            and not last.reading.of_other
        ):
            kind = last.statement.kind
        if of_plan or (quantity.role == "plan" and self._plan_follows(clause)):
            kind = "target"
        speaker = speaker_at(self.speakers, self.cues, clause.first)
        period, code = self._said_period(period, code, kind, word, clause)
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
            place=self._place_name(place),
            place_id=self._place_id(place, period),
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
            _Draft(
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

    def _grew(self) -> bool:
        """Whether the last percentage read was a growth."""
        last = next((draft for draft in reversed(self.drafts) if draft.quantity.unit == "percent"), None)
        return last is not None and last.reading.measure == "growth"

    def _onward(self, quantity: Quantity, clause: Clause) -> bool:
        """Whether a value of the same unit follows in the sentence."""
        k = bisect_left(self.spans, (clause.first, 0)) + 1
        return (
            k < len(self.spans)
            and (self.quantities[k].unit or "").partition("/")[0] == (quantity.unit or "").partition("/")[0]
            and self.tokens.sentences[self.spans[k][0]] == self.tokens.sentences[clause.first]
        )

    def _plan_follows(self, clause: Clause) -> bool:
        """Whether the second half of a pair is a plan: the text says so behind it ("62.000/100.275 căn, đạt 62% chỉ tiêu")."""
        end = min(clause.end + _PLAN_REACH, self.sentence_end[self.tokens.sentences[clause.first]])
        return any(
            cue.row.data["base"] == "plan" and not any(first <= cue.start < last for first, last in self.spans)
            for cue in self.cues.within("bases", clause.stop, end)
        )

    def _shared_noun(self, quantity: Quantity, clause: Clause) -> tuple[int, int] | None:
        """The noun of the next figure of the sentence, where this figure has the same unit and no noun."""
        if self.tokens.ends[clause.end - 1] > quantity.number_end > 0:
            return None
        k = bisect_left(self.spans, (clause.first, 0)) + 1
        if k >= len(self.spans) or self.quantities[k].unit != quantity.unit:
            return None
        first, end = self.spans[k]
        if self.tokens.sentences[first] != self.tokens.sentences[clause.first]:
            return None
        while first < end and self.tokens.starts[first] < self.quantities[k].number_end:
            first += 1
        return (first, end) if first < end else None

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

    def _unit(self, quantity: Quantity, clause: Clause, naming: Naming, last: _Draft | None, under: bool) -> str | None:
        """The unit of a bare number: that of the total it is part of, of the noun that is its subject, or of its index."""
        if naming.subject is not None:
            for i in range(*naming.subject):
                match = self.cues.longest(i, "units")
                if match is not None and match.row.data.get("counted") and match.end <= naming.subject[1]:
                    name = catalogue("units")[match.row.data["unit"]].get("unit", match.row.data["unit"])
                    if _dimension(name) in _COUNTED:
                        return str(name)
        if last is not None and last.quantity.unit and self._paired_with(quantity, clause, last):
            return last.quantity.unit
        if under or naming.part:
            for draft in reversed(self.drafts):
                if (
                    draft.reading.measure == "level"
                    and draft.quantity.unit
                    and _dimension(draft.quantity.unit) in _COUNTED
                ):
                    return draft.quantity.unit
        known = known_concept(self.cues, naming.subject)
        if known is not None and any(cue.row.data.get("reach") for cue in clause.cues):
            units = {
                u for row in catalogue("indicators").values() if row["concept"] == known.concept for u in row["units"]
            }
            if "index_point" in units:
                return "index_point"
        return None

    def _paired_with(self, quantity: Quantity, clause: Clause, last: _Draft) -> bool:
        """Whether a bare number has the unit of the figure before it: both ends of a movement ("to 48 from 311"), or an
        amount in millions behind an amount."""
        if last.sentence == self.tokens.sentences[clause.first]:
            between = range(last.clause.end, clause.first)
            moves = any(self.cues.at(i, "parts", use) is not None for i in between for use in ("from", "to"))
            if moves and self.clauses.filler(last.clause.end, clause.first):
                return True
        scaled = any(self.cues.longest(i, "scales") is not None for i in range(clause.first, clause.end))
        recent = self.tokens.sentences[clause.first] - last.sentence <= 1
        amounts = [d for d in self.drafts[-_AMOUNTS:] if d.quantity.unit not in ("percent", "times", "rank", None)]
        return scaled and recent and bool(amounts) and amounts[-1].quantity.unit == last.quantity.unit

    def _adds_up(self, clause: Clause, sentence: int) -> bool:
        """Whether a growth in percent follows right after an amount that was added."""
        k = bisect_left(self.spans, (clause.first, 0))
        if k + 1 >= len(self.spans) or self.tokens.sentences[self.spans[k + 1][0]] != sentence:
            return False
        following = self.spans[k + 1]
        if self.quantities[k + 1].unit != "percent":
            return False
        return any(
            cue.row.data["measure"] == "growth" for cue in self.cues.within("measures", clause.end, following[0])
        ) and not any(word in ";:" for word in self.tokens.words[clause.end : following[0]])

    def _period_code(self, period: Period | None, reading: MeasureReading, naming: Naming, unit: str) -> str | None:
        """The period as it counts: a flow "up to" a day runs from 1 January on; a price, rate or stock stands at its day."""
        if period is None:
            return None
        rate = "/" in unit or unit in POINTS or _dimension(unit) in _STANDING
        if unit == "percent" and reading.measure in ("level", "share"):
            last = self.drafts[-1].statement if self.drafts else None
            rate = last is None or last.period is not period or last.period_code == period.code
        toll = unit in _TOLLS or self._toll
        if period.role == "as_of" and not rate and not (toll and unit != "USD") and not self._stock(naming):
            return flow(period).code
        return period.code

    def _said_period(
        self, period: Period | None, code: str | None, kind: str, word: Match | None, clause: Clause
    ) -> tuple[Period | None, str | None]:
        """The period, unless it is only that of the sentences before and does not reach: what holds now, a rule and what was
        decided have no period but their own."""
        if period is None:
            return None, code
        here = self.tokens.starts[self.sentence_start[self.tokens.sentences[clause.first]]] <= period.start
        now = any(
            cue.row.data.get("now") and not clause.from_offset <= period.start < clause.to_offset
            for cue in self.cues.within("kinds", clause.start, clause.first)
        )
        decided = kind == "commitment" and period.granularity in ("day", "event") and period.role == "reference"
        if now or decided or (kind in ("rule", "commitment") and not here):
            return None, None
        return period, code

    def _stock(self, naming: Naming) -> bool:
        """Whether the figure stands at a day rather than running up to it."""
        words = naming.phrase.lower()
        return any(f" {phrase.lower()} " in f" {words} " for row in _stock_rows(self.tokens.language) for phrase in row)

    def _base(self, reading: MeasureReading, base: str | None) -> str | None:
        if reading.measure not in ("growth", "change", "ratio"):
            return None
        return "plan" if reading.plan else base

    def _place(self, clause: Clause, naming: Naming, last: _Draft | None) -> Place | None:
        """The place of a figure: named in its own words, else that of the figure whose words it shares, else of the text."""
        said = max(
            (
                c.end
                for c in self.cues.within("attributions", clause.start, clause.first)
                if c.row.data["use"] == "said"
            ),
            default=clause.start,
        )
        own = [p for p in self._between(said, clause.first) if self._holds(p)]
        if own:
            return self._pair(own, clause)
        if self._waiting and last is not None:
            return self._waiting.pop(0)
        behind = [p for p in self._between(clause.end, clause.stop) if self._holds(p)]
        if behind and last is None:
            return behind[0]
        if last is not None and (naming.carried or naming.part or not clause.fresh or not behind):
            return last.place
        if behind:
            return behind[0]
        start = self.sentence_start[self.tokens.sentences[clause.first]]
        opening = [p for p in self._between(max(start, said), clause.first) if self._holds(p)]
        if opening and last is None:
            return opening[-1]
        if opening and opening[0].start - start <= 3:
            return opening[0]
        return self.ambient

    def _pair(self, own: list[Place], clause: Clause) -> Place:
        """Of places named one after the other with as many figures behind them, the first; the others wait for theirs."""
        listed = [own[-1]]
        for place in reversed(own[:-1]):
            between = range(place.end, listed[0].start)
            if all(self.tokens.words[i] == "," or self.clauses.filler(i, i + 1) for i in between):
                listed.insert(0, place)
            else:
                break
        k = bisect_left(self.spans, (clause.first, 0))
        sentence = self.tokens.sentences[clause.first]
        following = 1
        while k + following < len(self.spans):
            before, after = self.spans[k + following - 1][1], self.spans[k + following][0]
            if self.tokens.sentences[after] != sentence or not self.clauses.filler(before, after):
                break
            if self.quantities[k + following].unit != self.quantities[k].unit:
                break
            following += 1
        if len(listed) > 1 and following == len(listed):
            self._waiting = listed[1:]
            return listed[0]
        self._waiting = []
        return own[-1]

    def _between(self, start: int, end: int) -> list[Place]:
        k = bisect_left(self.place_starts, start)
        return [p for p in self.places[k : bisect_left(self.place_starts, end)] if p.end <= end]

    def _holds(self, place: Place) -> bool:
        """Whether a place can be that of a figure: foreign ones are partners of trade unless the text is about them."""
        if place.kind == "foreign" and not self.abroad:
            return False
        return place.role in ("plain", "local")

    def _place_name(self, place: Place | None) -> str | None:
        if place is not None and place.role == "local":
            place = self.ambient
        if place is None or place.slug == NATION:
            return str(catalogue("places")[NATION]["names"][self.tokens.language])
        return place.name

    def _place_id(self, place: Place | None, period: Period | None) -> str | None:
        if place is not None and place.role == "local":
            place = self.ambient
        if place is None:
            return NATION
        return place_version(place.slug, place.version, self.published, period.last if period else None)

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

    def _linked(self) -> tuple[Statement, ...]:
        breaks = [i for i, word in enumerate(self.tokens.words) if word == "\n"]
        links = link_parts([self._link(draft, bisect_right(breaks, draft.clause.first)) for draft in self.drafts])
        return tuple(replace(d.statement, part_of=link) for d, link in zip(self.drafts, links, strict=True))

    def _link(self, draft: _Draft, paragraph: int) -> Linked:
        """What the links need to know of a draft."""
        whole = None
        if draft.reading.whole is not None:
            span = self.clauses.strip(draft.reading.whole.start, draft.clause.stop)
            whole = words(self.clauses.text(span))
        statement, naming = draft.statement, draft.naming
        place = draft.place if draft.place is None or draft.place.role != "local" else self.ambient
        row = catalogue("indicators").get(statement.indicator_id or "", {})
        return Linked(
            unit=draft.quantity.unit,
            value=draft.quantity.value,
            measure=statement.measure,
            contribution=draft.reading.contribution,
            sentence=draft.sentence,
            paragraph=paragraph,
            phrase=naming.phrase,
            head=naming.base,
            topic=naming.topic,
            whole=whole,
            opened=draft.opened,
            opens=draft.clause.opener is not None,
            alone=draft.clause.alone,
            total=draft.clause.total,
            carried=naming.carried,
            part=naming.part,
            member=naming.member,
            period=statement.period_code,
            base=statement.base,
            place="" if place is None or place.slug == NATION else place.name,
            parts=frozenset(row.get("parts", ())),
            indicator_id=statement.indicator_id,
        )


_SHOWN = frozenset({"parts", "kinds", "bases", "heads", "fillers", "exclusions", "place_words", "attributions"})


@cache
def _stock_rows(language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(row.phrases for row in lexicon(language).category("heads") if row.data.get("stock"))
