"""Commitments: acts of policy and aims without a number. A `Reading` with its cues, places and instruments in, Commitments out.

A sentence is cut into clauses (semicolons, and joins behind which somebody else acts). A clause is a commitment where its words
give enough evidence: the weight of its act ("phê duyệt" 2, "sẽ" 1) and one each for an actor, a deadline, an instrument and an
object of policy come to at least three, and nothing speaks against it (opinion, condition, forecast, routine). A clause behind
an aim that has no act of its own is one more aim of the same list. An order weighs one, whatever it orders.

Rows of `commitments.toml`: `status` and `weight` of an act. `order`: who acts stands behind it; `direct`: an order
that may name nobody; `aim`: a list of aims may follow; `force`: it takes effect on its day (done when that is past);
`submit`: it is proposed on the day it is due; `counted`: with a count for the whole country it reports a statistic.
`use`: object (of policy), group and bound (see extract/commitment_field.py), void (opinion, condition, forecast),
routine (reports, meetings: nobody's policy), noun (before a word that is no act there), owned (behind one that is
none: "cam kết của"), measure (a number is set or compared), agent (before who acts in the passive voice), lead (ends
what only introduces), tail (begins what only comments), join (may part two clauses).

>>> from datetime import date
>>> from extract.extractor import extract
>>> found = extract("UBND tỉnh phê duyệt dự án cầu Sông Đào, hoàn thành trước ngày 30/6/2028.", "vi", date(2026, 1, 5))
>>> [(c.actor, c.status, c.deadline, c.object) for c in found.commitments]
[('UBND tỉnh', 'approved', '2028-06-30', 'dự án cầu Sông Đào')]
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from extract.actor import Actors, Span
from extract.commitment_clause import AIM, ActClause, ActClauses
from extract.commitment_field import deadline, group_of, instrument_of, object_of
from extract.cue import Cues
from extract.instrument import Instrument, tokens_of
from extract.pipeline import Reading
from extract.place import NATION, Place
from extract.statement import Commitment, Provenance

_ENOUGH = 3
_AGAINST = 2
"""What a word of opinion, condition, forecast or routine takes away."""
_SHORTEST = 5
"""Words of the shortest clause."""
_ACTION = 16
_CONTEXT = 32
_CARRIED = 3
"""Sentences behind the one that issues a document which may go on about it."""
_SUBJECT = 5
"""Words of a subject that is looked for in the commitment before."""
_LETTERS = 4
"""Letters of the shortest subject that is looked for."""
_AHEAD = ("approved", "planned", "proposed")


def read_commitments(
    reading: Reading,
    cues: Cues,
    places: Sequence[Place],
    ambient: Place | None,
    instruments: Sequence[Instrument],
    published: date | None = None,
) -> tuple[Commitment, ...]:
    """The commitments of one text, in reading order. Offsets are into the normalised text."""
    return tuple(_CommitmentReader(reading, cues, places, ambient, instruments, published).read())


class _CommitmentReader:
    def __init__(
        self,
        reading: Reading,
        cues: Cues,
        places: Sequence[Place],
        ambient: Place | None,
        instruments: Sequence[Instrument],
        published: date | None,
    ) -> None:
        self.reading, self.tokens, self.cues = reading, reading.tokens, cues
        self.places, self.ambient, self.instruments, self.published = places, ambient, instruments, published
        self.actors = Actors(cues, places)
        self.place_starts = [place.start for place in places]
        self.instrument_starts = [one.start for one in instruments]
        self.period_starts = [period.start for period in reading.periods]
        self.shares = [q.start for q in reading.quantities if q.unit in ("percent", "percentage_point")]
        self.figures = [q.start for q in reading.quantities if q.value is not None]
        self.nation = [place.start for place in places if place.slug == NATION]
        uses = ("object", "void", "routine", "measure")
        self.words = {use: sorted(match.start for match in cues.all("commitments", use)) for use in uses}
        self.issued: tuple[str, int] | None = None
        """The document that was issued last, and the sentence that says so."""
        self.last: Commitment | None = None
        self.seen: set[str] = set()

    def read(self) -> Iterator[Commitment]:
        """Sentence by sentence."""
        documents = {i for one in self.instruments for i in tokens_of(self.tokens, one)}
        for clauses in ActClauses(self.cues, self.actors, documents):
            lead: Commitment | None = None
            for clause in clauses:
                found = self._commitment(clause, lead)
                if found is not None and clause.listed and lead is not None:
                    found = replace(found, actor=lead.actor, instrument=lead.instrument)
                    found = replace(found, deadline=found.deadline or lead.deadline)
                elif not clause.listed and found is not None:
                    lead = self.last = found
                if found is not None and found.provenance.exact not in self.seen:
                    self.seen.add(found.provenance.exact)
                    yield found

    def _commitment(self, clause: ActClause, lead: Commitment | None) -> Commitment | None:
        tokens, cues, head = self.tokens, self.cues, clause.head
        start, end = clause.start, clause.end
        if end - start < (AIM if clause.listed else _SHORTEST) or tokens.words[end - 1] == "?":
            return None
        low, high = tokens.starts[start], tokens.ends[end - 1]
        periods = self.reading.periods[_between(self.period_starts, low, high)]
        named = self.instruments[_between(self.instrument_starts, low, high)]
        force = next((match for match in clause.acts if match.row.data.get("force")), None)
        due = deadline(periods, self.published, tokens.starts[force.start] if force is not None else None)
        document = instrument_of(cues, named, self.instruments, start, head, low)
        bodies = self._bodies(clause)
        if not self._enough(clause, bodies, due is not None, document is not None):
            return None
        status = self._status(clause, due[1] if due is not None else None)
        sentence = tokens.sentences[start]
        if document is not None and status in ("approved", "proposed"):
            self.issued = document, sentence
        elif document is None and status in _AHEAD and self._goes_on(sentence, start):
            document = self.issued[0] if self.issued is not None else None
        begin = head.start if start <= head.start < end else start
        place = self._place(start, end)
        what, group = self._what(clause, bodies)
        names = list(dict.fromkeys(self.actors.name(body) for body in bodies))
        actor = names[0] if len(names) == 1 else None
        if not names and lead is not None and not clause.listed:
            actor = lead.actor
        doubts = ["two_actors"] if len(names) > 1 else []
        if due and due[1] and self.published and due[1] < self.published and status in _AHEAD:
            doubts.append("past_deadline")
        return Commitment(
            Provenance(
                low,
                high,
                tokens.text[low:high],
                tokens.text[max(0, low - _CONTEXT) : low],
                tokens.text[high : high + _CONTEXT],
                None,
                tuple(dict.fromkeys(match.row.id for match in (head, *clause.acts))),
            ),
            actor,
            self._action(begin, end),
            due[0] if due is not None else None,
            document,
            status,
            place.name if place is not None else None,
            tuple(doubts),
            tokens.quote(*what) if what is not None else None,
            tokens.quote(*group) if group is not None else None,
            tuple(names) if len(names) > 1 else (),
        )

    def _enough(self, clause: ActClause, bodies: Sequence[Span], due: bool, document: bool) -> bool:
        """Whether the words of a clause give enough evidence of a commitment."""
        tokens, start, end, data = self.tokens, clause.start, clause.end, clause.head.row.data
        low, high = tokens.starts[start], tokens.ends[end - 1]
        figure = bool(self.figures[_between(self.figures, low, high)])
        if clause.listed:
            return not figure
        named = self.actors.within(start, end)
        heard = clause.head if data.get("order") else None  # "yêu cầu" holds the word for a bridge
        objects = [
            i
            for i in self._said("object", start, end)
            if not any(a <= i < b for a, b in named) and not (heard is not None and heard.start < i < heard.end)
        ]  # "chủ đầu tư" holds the word for investment
        share = bool(self.shares[_between(self.shares, low, high)])
        policy = any(i > clause.head.start for i in objects)
        measured = bool(data.get("aim")) or bool(self._said("measure", start, end))
        if share and not policy and (measured or data["status"] in ("planned", "done", "in_progress")):
            if not data.get("order") or measured:
                return False  # a number is set or reported: a target or statistic
        if (figure and data.get("aim") and not policy) or self._unaddressed(clause, bodies):
            return False
        if data.get("counted") and figure and (share or self.nation[_between(self.nation, start, end)]):
            return False
        weights = [int(act.row.data["weight"]) for act in clause.acts]
        weight = weights[0] if data.get("order") else max(weights)
        what = bool(objects) or document or (due and self._again(clause))
        score = weight + bool(bodies) + due + document + what + self._requested(clause)
        void = [i for i in self._said("void", start, end) if not any(act.start < i < act.end for act in clause.acts)]
        ordered = bool(bodies) and self._requested(clause)  # who orders whom to report is named: no routine
        score -= _AGAINST * len(void) + _ENOUGH * (not ordered and self._routine(clause, objects))
        return score >= _ENOUGH

    def _routine(self, clause: ActClause, objects: Sequence[int]) -> bool:
        """Whether what is done is a report or a meeting: said before any object of policy."""
        behind = next((i for i in objects if i > clause.head.start), clause.end)
        return any(i < behind for i in self._said("routine", clause.start, clause.end) if not self._in_name(clause, i))

    def _in_name(self, clause: ActClause, i: int) -> bool:
        """Whether token `i` belongs to the name of the body that acts: "Ủy ban Kiểm tra", "Hội đồng điều hành"."""
        named = self.actors.within(clause.start, clause.head.start)
        return any(a <= i <= b for a, b in named)

    def _unaddressed(self, clause: ActClause, bodies: Sequence[Span]) -> bool:
        """Whether an order goes to nobody. One that demands a thing need not: "Thủ tướng yêu cầu rà soát quy hoạch"."""
        data = clause.head.row.data
        return bool(data.get("order")) and not bodies and not (data.get("direct") and self._requested(clause))

    def _requested(self, clause: ActClause) -> bool:
        """Whether somebody is named who gives the order that governs a clause."""
        head = clause.head
        return bool(head.row.data.get("order")) and bool(self.actors.within(clause.start, head.start))

    def _said(self, use: str, start: int, end: int) -> list[int]:
        """The tokens of a clause at which a word of that use opens."""
        return self.words[use][_between(self.words[use], start, end)]

    def _again(self, clause: ActClause) -> bool:
        """Whether the subject is something that the commitment before speaks of ("The park is to be completed …")."""
        first = clause.start
        if self.last is None or not first < clause.head.start <= first + _SUBJECT:
            return False
        article = self.cues.at(first, "commitments", "noun")
        first = article.end if article is not None else first
        subject = self.tokens.quote(first, clause.head.start).lower() if first < clause.head.start else ""
        return len(subject) >= _LETTERS and subject in self.last.provenance.exact.lower()

    def _goes_on(self, sentence: int, start: int) -> bool:
        """Whether the text still speaks of the document that was issued last: near behind it, in the same paragraph."""
        if self.issued is None or sentence - self.issued[1] > _CARRIED:
            return False
        first = bisect_left(self.tokens.sentences, self.issued[1])
        return "\n" not in self.tokens.words[first:start]

    def _status(self, clause: ActClause, last: date | None) -> str:
        rows = [act.row.data for act in clause.acts] or [clause.head.row.data]
        status = str(clause.head.row.data["status"])
        if any(row["status"] == "delayed" for row in rows):
            return "delayed"
        if last is None or self.published is None:
            return status
        if any(row.get("force") for row in rows) and last <= self.published and status in ("approved", "planned"):
            return "done"
        ahead = status in ("in_progress", "done") or any(row.get("submit") for row in rows)
        return "planned" if ahead and last > self.published else status

    def _bodies(self, clause: ActClause) -> list[Span]:
        """Who acts: behind an order, behind the mark of an agent, else named before the act; several where nothing decides."""
        head, cues, actors = clause.head, self.cues, self.actors
        if clause.listed:
            return []
        for match in clause.acts:
            if match.row.data.get("order"):
                found = actors.after(match.end, min(match.end + 6, clause.end))
                if found is not None:
                    return [found]
        if head.row.data.get("order"):
            return []  # "mức 8% Quốc hội giao": who gives the order does not carry it out
        for i in range(head.end, min(head.end + 6, clause.end)):
            agent = cues.at(i, "commitments", "agent")
            if agent is not None:
                found = actors.after(agent.end, min(agent.end + 3, clause.end))
                if found is not None:
                    return [found]
        return actors.before(clause.start, head.start)

    def _what(self, clause: ActClause, bodies: Sequence[Span]) -> tuple[Span | None, Span | None]:
        """What the act is about, and for whom it is done."""
        start, end = clause.start, clause.end
        behind = clause.head.end if start <= clause.head.start < end else start
        named = self.actors.within(start, end)
        group = group_of(self.cues, behind, end)
        taken = [*named, *([group] if group is not None else [])]
        what = object_of(self.cues, behind, end, taken)
        if what is None and not bodies:
            what = object_of(self.cues, start, behind, named)
        return what, group

    def _action(self, begin: int, end: int) -> str:
        words = self.tokens.words
        stop = next((i for i in range(begin + 3, end) if words[i] in ",;("), end)
        return self.tokens.quote(begin, min(stop, begin + _ACTION))

    def _place(self, start: int, end: int) -> Place | None:
        for k in range(bisect_left(self.place_starts, start), len(self.places)):
            if self.places[k].start >= end:
                break
            if self.places[k].role in ("plain", "organisation") and self.places[k].kind != "foreign":
                return self.places[k]
        return self.ambient


def _between(starts: Sequence[int], low: int, high: int) -> slice:
    """The items that start at `low` up to `high`, characters or tokens."""
    return slice(bisect_left(starts, low), bisect_left(starts, high))
