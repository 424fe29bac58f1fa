"""Commitments: acts of policy and aims without a number. A `Reading` with its cues, places and instruments in, Commitments out.

A sentence is cut into clauses (semicolons, and joins behind which somebody else acts). A clause is a commitment where its words
give enough evidence: the weight of its act ("phê duyệt" 2, "sẽ" 1) and one each for an actor, a deadline, an instrument and an
object of policy come to at least three, and nothing speaks against it (opinion, condition, forecast). A clause behind an aim
that has no act of its own is one more aim of the same list.

Rows of `commitments.toml`: `status` and `weight` of an act. `order`: who acts stands behind it; `aim`: a list of aims may
follow; `force`: it takes effect on its day (done when that is past). `use`: object (of policy), void (opinion, condition,
forecast), noun (before a word that is no act there), agent (before who acts in the passive voice), lead (ends what only
introduces), tail (begins what only comments), join (may part two clauses).

>>> from datetime import date
>>> from extract.extractor import extract
>>> found = extract("UBND tỉnh phê duyệt dự án cầu Sông Đào, hoàn thành trước ngày 30/6/2028.", "vi", date(2026, 1, 5))
>>> [(c.actor, c.status, c.deadline) for c in found.commitments]
[('UBND tỉnh', 'approved', '2028-06-30')]
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from extract.commitment_field import Span, actor_after, actor_before, deadline, in_words, instrument_of
from extract.cue import Cues
from extract.instrument import Instrument
from extract.pipeline import Reading
from extract.place import Place
from extract.statement import Commitment, Provenance
from extract.tokens import Match

_ENOUGH = 3
_AGAINST = 2
"""What a word of opinion, condition or forecast takes away."""
_LEAD = 45
"""Tokens within which a clause is introduced ("…, ông Nam cho biết,")."""
_SHORTEST = 5
"""Words of the shortest clause."""
_AIM = 4
"""Words of the shortest aim of a list."""
_ACTION = 16
_CONTEXT = 32
_ROMAN = frozenset("IVX")
_EDGE = frozenset(",;:.-–—!?…\n ")


@dataclass(slots=True)
class _Clause:
    start: int
    end: int
    acts: list[Match]
    head: Match
    listed: bool = False


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
        self.place_starts = [place.start for place in places]
        self.instrument_starts = [one.start for one in instruments]
        self.period_starts = [period.start for period in reading.periods]
        self.shares = [q.start for q in reading.quantities if q.unit in ("percent", "percentage_point")]
        self.figures = [q.start for q in reading.quantities if q.value is not None]
        documents = {i for one in instruments for i in self._tokens(one.start, one.end)}
        self.acts = [match for match in cues.of("commitments") if match.start not in documents and self._acts(match)]
        self.act_starts = [act.start for act in self.acts]
        self.objects = sorted(match.start for match in cues.all("commitments", "object"))
        self.voids = sorted(match.start for match in cues.all("commitments", "void"))
        self.seen: set[str] = set()

    def read(self) -> Iterator[Commitment]:
        """Sentence by sentence; those without an act cost nothing."""
        sentences, k = self.tokens.sentences, 0
        while k < len(self.acts):
            number = sentences[self.acts[k].start]
            start, end = bisect_left(sentences, number), bisect_right(sentences, number)
            acts = []
            while k < len(self.acts) and self.acts[k].start < end:
                acts.append(self.acts[k])
                k += 1
            lead: Commitment | None = None
            for clause in self._clauses(start, end, acts):
                found = self._commitment(clause)
                if found is not None and clause.listed and lead is not None:
                    shared = replace(found, actor=lead.actor, instrument=lead.instrument)
                    found = replace(shared, deadline=found.deadline or lead.deadline)
                elif not clause.listed:
                    lead = found
                if found is not None and found.provenance.exact not in self.seen:
                    self.seen.add(found.provenance.exact)
                    yield found

    def _acts(self, match: Match) -> bool:
        """Whether somebody does what `match` says: a noun ("the approved plan", "theo Quyết định") is no act."""
        tokens, data, i = self.tokens, match.row.data, match.start
        if "status" not in data:
            return False
        first = i == 0 or tokens.sentences[i - 1] != tokens.sentences[i]
        kind = self.cues.at(i, "instruments")
        if kind is not None and "type" in kind.row.data and tokens.words[i][0].isupper() and not first:
            return False
        if data.get("order") and match.end < len(tokens):
            if not tokens.words[match.end][0].isalnum() or self.cues.at(match.end, "commitments", "agent") is not None:
                return False  # "the plan assigned by the Prime Minister"
        return first or bool(data.get("aim")) or self.cues.at(i - 1, "commitments", "noun") is None

    def _tokens(self, start: int, end: int) -> range:
        return range(bisect_left(self.tokens.starts, start), bisect_left(self.tokens.starts, end))

    def _clauses(self, start: int, end: int, acts: list[Match]) -> Iterator[_Clause]:
        """The clauses of a sentence that have an act, or continue a list of aims."""
        words, cuts = self.tokens.words, [start]
        for i in range(start + 1, end):
            between = any(cuts[-1] <= act.start < i for act in acts)
            if words[i] in ";\n" or self._stops(i, end) or (between and self._joins(i, end)):
                cuts.append(i + 1)
        aim: Match | None = None
        for first, behind in zip(cuts, [*cuts[1:], end], strict=True):
            own = [act for act in acts if first <= act.start < behind]
            if own:
                low, high = self._trimmed(first, behind, own)
                own = [act for act in own if low <= act.start < high]
                if own:
                    yield _Clause(low, high, own, own[0])
                aim = next((act for act in own if act.row.data.get("aim")), None)
            elif aim is not None and len(in_words(self.tokens, first, behind)) >= _AIM:
                yield _Clause(*self._trimmed(first, behind, []), [], aim, listed=True)

    def _stops(self, i: int, end: int) -> bool:
        """Whether a full stop that the tokens took for an abbreviation's ends a sentence ("trong quý I. Bộ …")."""
        words = self.tokens.words
        if words[i] != "." or i + 1 >= end or self.tokens.glued(i + 1) or not words[i + 1][:1].isupper():
            return False
        before = words[i - 1]
        return (before.islower() and len(before) > 1) or set(before) <= _ROMAN

    def _joins(self, i: int, end: int) -> bool:
        """Whether token `i` is a comma or join behind which somebody acts."""
        if self.tokens.words[i] != "," and self.cues.at(i, "commitments", "join") is None:
            return False
        at = i + 1
        join = self.cues.at(at, "commitments", "join")
        at = join.end if join is not None else at
        found = actor_after(self.cues, at, min(at + 2, end))
        if found is None:
            return False
        act = next(iter(self.acts[bisect_left(self.act_starts, found[1]) :][:1]), None)
        return act is not None and act.start <= found[1] + 4 and act.end <= end

    def _trimmed(self, start: int, end: int, acts: list[Match]) -> Span:
        """The clause without the words that introduce it, the comment behind it, and the marks at its ends."""
        words, bound = self.tokens.words, acts[-1].start if acts else end
        for i in range(min(start + _LEAD, bound) - 1, start - 1, -1):
            lead = self.cues.at(i, "commitments", "lead")
            if lead is not None and lead.end <= bound:
                start = lead.end
                break
            if words[i] == ":":
                start = i + 1
                break
        last = acts[-1].end if acts else start + _AIM
        for i in range(last, end):
            if words[i] == "," and i + 1 < end and self.cues.at(i + 1, "commitments", "tail") is not None:
                end = i
                break
        while start < end and (
            words[start] in _EDGE or words[start] in '”"»)' or self.cues.at(start, "commitments", "join")
        ):
            start += 1
        while end > start and words[end - 1] in _EDGE:
            end -= 1
        return start, end

    def _commitment(self, clause: _Clause) -> Commitment | None:
        tokens, cues, head = self.tokens, self.cues, clause.head
        start, end = clause.start, clause.end
        if end - start < (_AIM if clause.listed else _SHORTEST) or tokens.words[end - 1] == "?":
            return None
        low, high = tokens.starts[start], tokens.ends[end - 1]
        periods = self.reading.periods[_between(self.period_starts, low, high)]
        named = self.instruments[_between(self.instrument_starts, low, high)]
        share = bool(self.shares[_between(self.shares, low, high)])
        act = max(clause.acts, key=lambda match: int(match.row.data["weight"]), default=head)
        force = next((match for match in clause.acts if match.row.data.get("force")), None)
        since = tokens.starts[force.start] if force is not None else None
        due = deadline(periods, self.published, since)
        document = instrument_of(cues, named, self.instruments, start, head, low)
        body = self._actor(clause)
        what = bool(self.objects[_between(self.objects, start, end)]) or bool(document)
        if clause.listed:
            if self.figures[_between(self.figures, low, high)]:
                return None
        else:
            score = int(act.row.data["weight"]) + (body is not None) + (due is not None) + bool(document) + what
            score -= _AGAINST * len(self.voids[_between(self.voids, start, end)])
            if score < _ENOUGH or (share and self._counts(clause, what)):
                return None
        status = str(head.row.data["status"])
        past = due is not None and self.published is not None and due[1] is not None and due[1] <= self.published
        if force is not None and past and status in ("approved", "planned"):
            status = "done"
        elif (
            status in ("in_progress", "done")
            and due is not None
            and due[1]
            and self.published
            and due[1] > self.published
        ):
            status = "planned"
        rules = tuple(dict.fromkeys(match.row.id for match in (head, act, *clause.acts)))
        begin = head.start if start <= head.start < end else start
        place = self._place(start, end)
        return Commitment(
            Provenance(
                low,
                high,
                tokens.text[low:high],
                tokens.text[max(0, low - _CONTEXT) : low],
                tokens.text[high : high + _CONTEXT],
                None,
                rules,
            ),
            tokens.quote(*body) if body is not None else None,
            self._action(begin, end),
            due[0] if due is not None else None,
            document,
            status,
            place.name if place is not None else None,
        )

    @staticmethod
    def _counts(clause: _Clause, what: bool) -> bool:
        """Whether a clause with a share only sets or reports a number: that is a target or statistic, and no commitment."""
        data = clause.head.row.data
        return bool(data.get("aim")) or (not what and data["status"] in ("planned", "done", "in_progress"))

    def _actor(self, clause: _Clause) -> Span | None:
        """Who acts: behind an order, behind the mark of an agent, else the last body named before the act."""
        head, cues = clause.head, self.cues
        if clause.listed:
            return None
        for match in clause.acts:
            if match.row.data.get("order"):
                found = actor_after(cues, match.end, min(match.end + 6, clause.end))
                if found is not None:
                    return found
        for i in range(head.end, min(head.end + 6, clause.end)):
            agent = cues.at(i, "commitments", "agent")
            if agent is not None:
                found = actor_after(cues, agent.end, min(agent.end + 3, clause.end))
                if found is not None:
                    return found
        return actor_before(cues, clause.start, head.start)

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
