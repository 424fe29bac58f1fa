"""Clauses that may commit somebody: sentences cut where somebody else acts, without what introduces them and comments on them.

In: cues of a text, and the tokens of its documents. Out: for each sentence with an act its `Act clauses`: tokens, acts, the act
that governs them, and whether the clause only continues a list of aims.

>>> from extract.pipeline import read
>>> cues = Cues(read("UBND tỉnh phê duyệt dự án kè; Sở Xây dựng sẽ trình quy hoạch.", "vi").tokens)
>>> [cues.tokens.quote(c.start, c.end) for sentence in ActClauses(cues, Actors(cues, ()), set()) for c in sentence]
['UBND tỉnh phê duyệt dự án kè', 'Sở Xây dựng sẽ trình quy hoạch']
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from extract.actor import Actors, Span
from extract.commitment_field import in_words
from extract.cue import Cues
from extract.tokens import Match

STRONG = 2
"""Weight of an act that makes a clause of its own before a word that introduces another."""
AIM = 4
"""Words of the shortest aim of a list."""
_LEAD = 60
"""Tokens within which a clause is introduced ("…, ông Nam cho biết,")."""
_REACH = 4
"""Tokens between a body behind a join and its act."""
_ADDRESSED = 12
"""Tokens of those to whom an order goes."""
_NOUN = 3
"""Tokens of the longest word that makes a noun of an act."""
_ROMAN = frozenset("IVX")
_EDGE = frozenset(",;:.-–—!?…\n ")


@dataclass(slots=True)
class ActClause:
    """Tokens `start` up to `end` with their acts; `head` governs them. `listed`: one more aim of the list that `head` opens."""

    start: int
    end: int
    acts: list[Match]
    head: Match
    listed: bool = False


class ActClauses:
    """The act clauses of a text, sentence by sentence. Sentences without an act cost nothing."""

    def __init__(self, cues: Cues, actors: Actors, documents: Collection[int]) -> None:
        self.cues, self.tokens, self.actors = cues, cues.tokens, actors
        self.acts = [match for match in cues.of("commitments") if match.start not in documents and self._is_act(match)]
        self.starts = [act.start for act in self.acts]

    def __iter__(self) -> Iterator[list[ActClause]]:
        sentences, k = self.tokens.sentences, 0
        while k < len(self.acts):
            number = sentences[self.acts[k].start]
            start, end = bisect_left(sentences, number), bisect_right(sentences, number)
            acts = []
            while k < len(self.acts) and self.acts[k].start < end:
                acts.append(self.acts[k])
                k += 1
            yield list(self._clauses(start, end, acts))

    def _is_act(self, match: Match) -> bool:
        """Whether somebody does what `match` says: a noun ("the approved plan", "theo Quyết định") is no act."""
        tokens, data, i = self.tokens, match.row.data, match.start
        if "status" not in data:
            return False
        first = i == 0 or tokens.sentences[i - 1] != tokens.sentences[i]
        kind = self.cues.at(i, "instruments")
        if kind is not None and "type" in kind.row.data and tokens.words[i][0].isupper() and not first:
            return False
        behind = self.cues.at(match.end, "commitments", "owned")
        if behind is not None and not data.get("aim"):
            return False
        if data.get("order") and match.end < len(tokens):
            if not tokens.words[match.end][0].isalnum() or self.cues.at(match.end, "commitments", "agent") is not None:
                return False  # "the plan assigned by the Prime Minister"
        if first:
            return True
        if data.get("aim"):
            return not self._compared(i)
        return not any(
            (noun := self.cues.at(k, "commitments", "noun")) is not None and noun.end == i
            for k in range(max(0, i - _NOUN), i)
        )

    def _compared(self, i: int) -> bool:
        """Whether the goal at token `i` is only what a result is compared with ("62% mục tiêu", "vượt mục tiêu")."""
        if self.tokens.claims[i - 1] == "quantity":
            return True
        return any(
            (word := self.cues.at(k, "commitments", "compare")) is not None and word.end == i
            for k in range(max(0, i - _NOUN), i)
        )

    def _clauses(self, start: int, end: int, acts: list[Match]) -> Iterator[ActClause]:
        """The clauses of a sentence that have an act, or continue a list of aims."""
        words, cuts = self.tokens.words, [start]
        for i in range(start + 1, end):
            own = [act for act in acts if cuts[-1] <= act.start < i]
            if (
                words[i] in ";\n"
                or self._stops(i, end)
                or (own and self._joins(i, end) and not self._addressed(i, own[-1]))
                or self._turns(i, own)
            ):
                cuts.append(i + 1)
        aim: Match | None = None
        for first, behind in zip(cuts, [*cuts[1:], end], strict=True):
            own = [act for act in acts if first <= act.start < behind]
            if own:
                low, high = self._trimmed(first, behind, own)
                own = [act for act in own if low <= act.start < high]
                if own:
                    yield ActClause(low, high, own, own[0])
                aim = next((act for act in own if act.row.data.get("aim")), None)
            elif aim is not None and len(in_words(self.tokens, first, behind)) >= AIM:
                yield ActClause(*self._trimmed(first, behind, []), [], aim, listed=True)

    def _stops(self, i: int, end: int) -> bool:
        """Whether a full stop that the tokens took for an abbreviation's ends a sentence ("trong quý I. Bộ …")."""
        words = self.tokens.words
        if words[i] == "…" and i + 1 < end and words[i + 1][:1].isupper():
            return True
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
        found = self.actors.after(at, min(at + 2, end))
        if found is None:
            return False
        act = next(iter(self.acts[bisect_left(self.starts, found[1]) :][:1]), None)
        return act is not None and act.start <= found[1] + _REACH and act.end <= end

    def _addressed(self, i: int, act: Match) -> bool:
        """Whether the comma at token `i` parts those to whom an order goes ("yêu cầu các tỉnh, thành phố rà soát")."""
        return bool(act.row.data.get("order")) and i - act.end <= _ADDRESSED

    def _turns(self, i: int, acts: list[Match]) -> bool:
        """Whether behind the comma at token `i` a word introduces something else, and what stands before says enough."""
        if self.tokens.words[i] != "," or i + 1 >= len(self.tokens):
            return False
        strong = any(int(act.row.data["weight"]) >= STRONG for act in acts)
        return strong and self.cues.at(i + 1, "commitments", "lead") is not None

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
        last = acts[-1].end if acts else start + AIM
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
