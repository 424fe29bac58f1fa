"""What is said before and after each figure of a sentence, cut where the grammar cuts.

In: the tokens of a text with its quantities, periods and places. Out: a `Clause` for a quantity: the phrase its predicate
speaks of (`near` the value, `subject` before the predicate, `topic` at the head of the clause), the measure words in between,
and what kind of turn the text takes there (a bracket, "of which", back to the total).

The same cuts serve every language: a clause begins at a figure, a semicolon, a colon or a bracket; pieces parted by commas
belong together as long as none of them is adverbial or holds a verb of its own; link words of the tables part a subject from
what is said of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from extract.cue import Cues
from extract.noun import is_head
from extract.tokens import Match, Tokens

Span = tuple[int, int]
"""Tokens from, up to."""

_BREAKS = frozenset(";:\n")
_BRACKET = 3
"""Words in brackets up to which they belong to a name ("(FDI)")."""
_AFTER_JOIN = 7
"""Words of a measure between a conjunction and its figure."""
_TAIL = 4
"""Words behind a comma up to which they end the list before it ("ngành chế biến, chế tạo")."""
_INITIAL = 2
"""Letters up to which a word before a full stop may be an abbreviation."""
_COMPARED = 12
"""Words of what something is "higher than"."""
_ADVERB = 2
"""Words between a measure word and its figure that may say how ("tăng đột biến 5%")."""
_NAME = 10
"""Words of the longest name that the end of a phrase is compared with."""
_MERGED = 16
"""Words up to which a measure and the clause that defines it are one phrase."""

_NAMING = frozenset({"indicators", "places", "organisations", "heads", "units", "offices"})
_EDGES = ("edge", "respectively", "pronoun")


@dataclass(slots=True)
class Clause:
    """The words of one figure. Empty spans are None."""

    start: int
    """First token of the clause that the figure belongs to."""
    first: int
    end: int
    """Tokens of the figure itself."""
    stop: int
    """Token up to which the words behind the figure are its own."""
    predicate: int
    """Token where the words that introduce the value begin."""
    cues: list[Match] = field(default_factory=list)
    """Measure words that introduce the value, in reading order."""
    from_offset: int = 0
    to_offset: int = 0
    """The clause in characters."""
    near: Span | None = None
    subject: Span | None = None
    topic: Span | None = None
    behind: Span | None = None
    opener: Match | None = None
    alone: bool = False
    total: bool = False
    bracket: bool = False
    listed: bool = False
    """Stands in a list behind a colon."""
    fresh: bool = False
    """The first figure of its sentence, or behind a semicolon."""
    aimed: bool = False
    """Somebody aims or expects, and nothing else is named ("Chính phủ phấn đấu tăng trưởng 8%")."""
    compared: bool = False
    """`near` is what something is higher or lower than."""
    moved: bool = False
    """`near` is what a verb takes somewhere ("reducing the workforce to 20%")."""
    last_word: Match | None = None
    """The link word right before the figure or its measure words ("có", "är"): what ties the subject to the value."""


class Clauses:
    """Cuts the clauses of a text. `kinds` says of each token whether it belongs to a quantity, period, place or mask."""

    def __init__(self, cues: Cues, kinds: list[str]) -> None:
        self.cues = cues
        self.tokens: Tokens = cues.tokens
        self.kinds = kinds
        self._edge = self._endings()

    def _endings(self) -> dict[int, int]:
        """For each token at which an edge word ends, where the longest such word begins."""
        found: dict[int, int] = {}
        for start, matches in self.tokens.matches.items():
            for match in matches:
                if self._is_edge(match):
                    found[match.end] = min(start, found.get(match.end, start))
        return found

    @staticmethod
    def _is_edge(match: Match) -> bool:
        row = match.row
        if row.category == "fillers":
            return row.data["use"] in _EDGES
        return row.category == "parts" and row.data["use"] in ("open", "alone", "total")

    def strip(self, start: int, end: int) -> Span | None:
        """Tokens `start` up to `end` without edge words, periods, places and marks at either end."""
        kinds, words = self.kinds, self.tokens.words
        while start < end:
            if kinds[start] in "qpl" or not words[start][0].isalnum():
                start += 1
                continue
            if self.cues.at(start, "parts", "part") is not None or self._kept(start):
                break
            step = max(
                (m.end for m in self.tokens.matches.get(start, ()) if m.end <= end and self._is_edge(m)), default=start
            )
            if step == start:
                break
            start = step
        while start < end:
            if kinds[end - 1] in "qpl" or not (words[end - 1][-1].isalnum() or words[end - 1] in ")%"):
                end -= 1
                continue
            if words[end - 1] == ")" and "(" not in words[start:end]:
                end -= 1
                continue
            before = self._edge.get(end)
            if before is None or before < start or self._name_ends(start, end):
                break
            end = before
        return (start, end) if start < end else None

    def _kept(self, i: int) -> bool:
        """Whether a longer phrase than one word, one that names something, begins at token `i` ("chỉ số")."""
        return any(_names(match) and match.end > i + 1 for match in self.tokens.matches.get(i, ()))

    def _name_ends(self, start: int, end: int) -> bool:
        """Whether a phrase that names something ends at token `end` ("các ngành còn lại", "vốn FDI thực hiện")."""
        for i in range(max(start, end - _NAME), end - 1):
            if any(match.end == end and _names(match) for match in self.tokens.matches.get(i, ())):
                return True
        return False

    def text(self, span: Span | None) -> str:
        """The words of a span as printed, without the periods and the long brackets inside it."""
        if span is None:
            return ""
        pieces, tokens = [], self.tokens
        run = None
        dropped = self._brackets(span)
        for i in range(span[0], span[1] + 1):
            inside = i < span[1] and self.kinds[i] != "p" and i not in dropped
            if inside and run is None:
                run = i
            if not inside and run is not None:
                pieces.append(tokens.quote(run, i))
                run = None
        text = " ".join(" ".join(pieces).split())
        return text.replace("( )", "").replace("()", "").replace(" ,", ",").strip()

    def _brackets(self, span: Span) -> set[int]:
        """Tokens of brackets that list or explain; an abbreviation in brackets is part of a name."""
        dropped: set[int] = set()
        words = self.tokens.words
        opened = None
        for i in range(*span):
            if words[i] == "(" and opened is None:
                opened = i
            elif words[i] == ")" and opened is not None:
                if i - opened > _BRACKET:
                    dropped.update(range(opened, i + 1))
                opened = None
        return dropped

    def cut(self, start: int, first: int, end: int, limit: int, fresh: bool) -> Clause:
        """The clause of the quantity at tokens `first` up to `end`; words from `start` on and up to `limit` are not those of
        another figure."""
        words = self.tokens.words
        clause = Clause(start, first, end, self._stop(end, limit), first, fresh=fresh)
        depth = 0
        for i in range(first - 1, start - 1, -1):
            word = words[i]
            if word == ")":
                depth += 1
            elif word == "(" and depth:
                depth -= 1
            elif word == "(":
                clause.start, clause.bracket = i + 1, True
                break
            elif word == ":" and not depth and self._filler(i + 1, first):
                continue
            elif (word in _BREAKS or self._full_stop(i)) and not depth:
                clause.start, clause.listed = i + 1, word == ":"
                clause.fresh = clause.fresh or word != ":"
                break
        clause.from_offset = self.tokens.starts[clause.start]
        clause.to_offset = self.tokens.ends[max(clause.stop, clause.end) - 1]
        self._turns(clause)
        self._predicate(clause)
        self._subject(clause)
        clause.behind = self._phrase_behind(clause)
        return clause

    def _full_stop(self, i: int) -> bool:
        """A full stop that lost the space behind it ("Phan Thiết.Tổng vốn")."""
        words = self.tokens.words
        if words[i] != "." or i + 1 >= len(words) or i == 0:
            return False
        return len(words[i - 1]) > _INITIAL and words[i - 1][-1].islower() and words[i + 1][:1].isupper()

    def _stop(self, end: int, limit: int) -> int:
        """Where the words behind a figure stop being its own: at a mark, or at a word that introduces the next figure."""
        words = self.tokens.words
        for i in range(end, limit):
            if words[i] in ",;:.()\n":
                return i
            if self.cues.at(i, "fillers", "join") is not None and self._introduces(i + 1, limit):
                return i
        return limit

    def _introduces(self, start: int, limit: int) -> bool:
        return any(cue.start <= start + 1 for cue in self.cues.within("measures", start, limit))

    def _turns(self, clause: Clause) -> None:
        """Words that open a list of parts, pick one out, or go back to the total."""
        for i in range(clause.start, clause.first):
            for match in self.tokens.matches.get(i, ()):
                if match.row.category == "parts" and match.end <= clause.first:
                    use = match.row.data["use"]
                    if use == "open" and (i == clause.start or not self.tokens.words[i - 1][-1].isalnum()):
                        clause.opener = match
                    elif use == "alone":
                        clause.alone = True
                    elif use == "total" and i == clause.start:
                        clause.total = True

    def filler(self, start: int, end: int) -> bool:
        """Whether tokens `start` up to `end` say nothing of their own."""
        return self._filler(start, end)

    def _filler(self, start: int, end: int) -> bool:
        """Whether tokens `start` up to `end` say nothing of their own."""
        return self.strip(start, end) is None

    def _predicate(self, clause: Clause) -> None:
        found = [
            cue
            for cue in self.cues.within("measures", clause.start, clause.first)
            if not cue.row.data.get("noun") and self.kinds[cue.start] not in "qpl" and not self._covered(cue)
        ]
        edge = clause.first
        if edge > clause.start and self.tokens.words[edge - 1] == ",":
            edge -= 1
        while found and self._filler(found[-1].end, edge) and "," not in self.tokens.words[found[-1].end : edge]:
            clause.cues.insert(0, found[-1])
            edge = found.pop().start
        if clause.cues:
            clause.predicate = edge
            return
        if found and not any(self.tokens.words[i] == "," for i in range(found[-1].end, clause.first)):
            last = found[-1]
            near = self.strip(last.end, clause.first)
            clause.moved = self._moved(clause, last, near)
            most = _COMPARED if last.row.data.get("compares") else _ADVERB
            if (
                near is not None
                and near[1] - near[0] > most
                and not clause.moved
                and not (is_head(self.cues, near) and most == _ADVERB)
            ):
                return
            clause.compared = bool(last.row.data.get("compares"))
            clause.near = self.strip(last.end, clause.first)
            clause.cues = [last]
            clause.predicate = last.start
            found.pop()
            while (
                found
                and self._filler(found[-1].end, clause.predicate)
                and "," not in self.tokens.words[found[-1].end : clause.predicate]
            ):
                clause.cues.insert(0, found[-1])
                clause.predicate = found.pop().start

    def _moved(self, clause: Clause, verb: Match, near: Span | None) -> bool:
        """Whether a thing stands between a verb of rise or fall and the value it is brought to, and no adverb ("rose sharply
        to"): a measure, or a noun with its article."""
        if near is None or self.cues.at(clause.first - 1, "parts", "to") is None:
            return False
        named = is_head(self.cues, near) or (near[0] > verb.end and near[1] - near[0] > 1)
        return named and len(self.text(near).split()) <= _COMPARED

    def _covered(self, cue: Match) -> bool:
        """Whether a word is only the beginning of a longer phrase that names a part ("còn" of "còn lại")."""
        return any(
            match.end > cue.end and (_names(match) or match.row.category in ("parts", "places", "organisations"))
            for match in self.tokens.matches.get(cue.start, ())
        )

    def _subject(self, clause: Clause) -> None:
        pieces = self._pieces(clause.start, clause.predicate)
        while pieces and self.strip(*pieces[-1]) is None:
            if "l" in self.kinds[slice(*pieces.pop())]:
                pieces.clear()
        clause.last_word = self._tie(clause.start, clause.predicate)
        while pieces and pieces[-1][1] < clause.predicate and self._adverbial(*pieces[-1]):
            pieces.pop()
        if not pieces:
            return
        start, end = pieces.pop()
        chunks, headless = self._chunks(start, end, bool(clause.cues))
        if not chunks:
            clause.aimed = any(self._aim(i) is not None for i in range(start, end))
            return
        short = chunks[-1][1] - chunks[0][0] <= _MERGED
        if len(chunks) > 1 and short and is_head(self.cues, chunks[0]) and not is_head(self.cues, chunks[-1]):
            chunks = [(chunks[0][0], chunks[-1][1])]
        named = is_head(self.cues, chunks[0])
        begin = chunks[0][0]
        leftmost = None
        for left, right in reversed(pieces):
            piece = self.strip(left, right)
            if piece is None or self._verbal(left, right):
                break
            parts, _ = self._chunks(left, right)
            if any(self._link_at(i) for i in range(left + 1, right)):
                if parts and not named and not headless and chunks[0][1] - chunks[0][0] <= _TAIL:
                    whole = is_head(self.cues, parts[0]) and chunks[0][1] - parts[0][0] <= _MERGED
                    begin = parts[0][0] if whole else parts[-1][0]
                break
            if self._adverbial(left, right) or self.kinds[right - 1] == "p":
                break
            begin = piece[0]
            leftmost = piece
        if not named and not headless:
            chunks[0] = (begin, chunks[0][1])
        clause.subject = chunks[-1]
        if len(chunks) > 1 and not headless:
            clause.topic = chunks[0]
        elif leftmost is not None and (named or headless):
            clause.topic = leftmost
        if clause.topic is not None:
            clause.topic = self._apposed(clause.topic)

    def _apposed(self, span: Span) -> Span:
        """A name without what a spaced dash adds to it ("Dự án thành phần 1 - bồi thường")."""
        tokens = self.tokens
        for i in range(span[0] + 1, span[1]):
            if tokens.words[i] in "-–—" and not tokens.glued(i):
                return (span[0], i)
        return span

    def _tie(self, start: int, end: int) -> Match | None:
        """The link word that stands last in a stretch, with nothing but filling words behind it."""
        for i in range(end - 1, start - 1, -1):
            link = self.cues.at(i, "fillers", "link")
            if link is not None and link.end <= end:
                return link if self._filler(link.end, end) else None
        return None

    def _pieces(self, start: int, end: int) -> list[Span]:
        """Parts of a stretch between commas that stand outside brackets."""
        pieces, depth, begin = [], 0, start
        for i in range(start, end):
            word = self.tokens.words[i]
            depth += (word == "(") - (word == ")")
            if word == "," and depth <= 0:
                pieces.append((begin, i))
                begin = i + 1
        pieces.append((begin, end))
        return pieces

    def _chunks(self, start: int, end: int, said: bool = False) -> tuple[list[Span], bool]:
        """A piece cut at its link words, and whether it begins with one (its subject stands before it). A preposition cuts
        only what no verb follows, in the piece or (`said`) behind it: "land for the project is …" is one phrase.

        What someone "said" is cut off with the saying, an adverbial opening ("Về cơ cấu có …") with its link."""
        chunks: list[Span] = []
        begin = i = start
        headless = False
        complement: int | None = None
        """Where a chunk begins that only says what the subject is ("Hoa Kỳ là thị trường lớn nhất với …")."""
        adverbial = self._adverbial(start, end) and not self._conjunction(start, end)
        meant = 0
        while i < end:
            said_at = self.cues.at(i, "attributions", "said")
            aim = self._aim(i)
            link = said_at or aim or self.cues.at(i, "fillers", "link") or self._reach(i)
            if link is None or link.end > end or self.kinds[i] in "qp" or self._inside(link):
                i += 1
                continue
            if self._binds(link) and i > begin and not adverbial and (said or self._verb_follows(link.end, end)):
                i = link.end
                continue
            if said_at is not None:
                chunks.clear()
            elif (chunk := self.strip(begin, i)) is not None:
                if adverbial and not chunks:
                    adverbial = False
                else:
                    chunks.append(chunk)
            elif not chunks and not adverbial:
                headless = True
            if aim is not None and said_at is None:
                meant = len(chunks)
            if complement is not None and len(chunks) > complement > 0:
                abroad = self.cues.longest(chunks[0][0], "places") is not None
                short = chunks[0][1] - chunks[0][0] <= _TAIL
                if short and not abroad and self.cues.at(chunks[complement][0], "parts", "part") is not None:
                    del chunks[:complement]
                else:
                    del chunks[complement:]
            complement = len(chunks) if self.cues.at(i, "parts", "is") is not None else None
            begin = i = link.end
        if (chunk := self.strip(begin, end)) is not None:
            chunks.append(chunk)
        if meant and meant == len(chunks) and self.actor(chunks[meant - 1]):
            chunks.pop()
        return chunks[meant:] or chunks, headless

    @staticmethod
    def _binds(link: Match) -> bool:
        """Whether a link is a preposition, which may stand inside a phrase."""
        return bool(link.row.data.get("preposition"))

    def _verb_follows(self, start: int, end: int) -> bool:
        """Whether a link that is no preposition stands in a stretch."""
        for i in range(start, end):
            link = self.cues.at(i, "fillers", "link") or self._reach(i)
            if link is not None and self.kinds[i] not in "qp" and not self._binds(link) and not self._inside(link):
                return True
        return False

    def _conjunction(self, start: int, end: int) -> bool:
        """Whether a stretch opens with a word behind which a subject stands ("while imports")."""
        while start < end and not self.tokens.words[start][0].isalnum():
            start += 1
        found = self.cues.at(start, "fillers", "conjunction") if start < end else None
        longest = self.cues.longest(start, "fillers")
        return found is not None and (longest is None or longest.end == found.end)

    def actor(self, span: Span) -> bool:
        """Whether a phrase names somebody who aims or expects, and nothing that is measured."""
        for match in self.tokens.matches.get(span[0], ()):
            if match.row.category in ("organisations", "offices") and match.end <= span[1]:
                return True
            if match.row.data.get("use") in ("body", "company", "title") and self.tokens.words[span[0]][0].isupper():
                return True
        return False

    def _reach(self, i: int) -> Match | None:
        """A verb that sets a level inside a subject ("… lập kỷ lục mới, đạt 930 tỷ USD") ends it."""
        match = self.cues.at(i, "measures")
        return match if match is not None and match.row.data.get("reach") else None

    def _aim(self, i: int) -> Match | None:
        """A word of aiming or expecting: who aims is not what the figure is about ("Hai Phong targets GRDP growth of …")."""
        match = self.cues.at(i, "kinds")
        if match is None or match.row.data["kind"] not in ("target", "forecast") or self._inside(match):
            return None
        return match

    def _link_at(self, i: int) -> bool:
        link = self.cues.at(i, "fillers", "link")
        return link is not None and self.kinds[i] not in "qp" and not self._inside(link)

    def _inside(self, link: Match) -> bool:
        """Whether a link word is part of a longer phrase of the tables that names something."""
        return any(
            match.end >= link.end and match.end - match.start > link.end - link.start and match.row.category in _NAMING
            for start in range(max(0, link.start - 3), link.start + 1)
            for match in self.tokens.matches.get(start, ())
        )

    def _adverbial(self, start: int, end: int) -> bool:
        while start < end and not self.tokens.words[start][0].isalnum():
            start += 1
        if start < end and self.cues.at(start, "fillers", "adverbial") is not None and not self._kept(start):
            return True
        return self.kinds[start] == "p" and self.strip(start, end) is None if start < end else False

    def _verbal(self, start: int, end: int) -> bool:
        return (
            any(not cue.row.data.get("noun") for cue in self.cues.within("measures", start, end))
            or self.cues.any("attributions", start, end, "said") is not None
        )

    def _near_figure(self, i: int) -> bool:
        """Whether the next figure begins within two words, or behind a measure ("4 lanes and a length of 11 km")."""
        for k in range(i, min(i + _AFTER_JOIN, len(self.kinds))):
            if self.kinds[k] == "q":
                return k < i + 2 or is_head(self.cues, self.strip(i, k))
            if self.tokens.words[k] in ",;:.()":
                return False
        return False

    def _phrase_behind(self, clause: Clause) -> Span | None:
        """The words right behind the figure that go on naming what it counts."""
        end = clause.end
        for i in range(clause.end, clause.stop):
            if self.cues.at(i, "fillers", "join") is not None and self._near_figure(i + 1):
                break
            if self.kinds[i] in "qp" or (not self.tokens.words[i][0].isalnum() and self.tokens.words[i] not in "-/&"):
                break
            if self.cues.at(i, "fillers", "link") is not None or self.cues.at(i, "measures") is not None:
                break
            if self.cues.at(i, "bases") is not None or self.cues.at(i, "parts", "whole") is not None:
                break
            end = i + 1
        return self.strip(clause.end, end)


def _names(match: Match) -> bool:
    data = match.row.data
    if match.row.category == "fillers":
        return bool(data["use"] == "keep")
    if match.row.category == "parts":
        return bool(data["use"] == "part")
    return match.row.category == "indicators" or (match.row.category == "heads" and data.get("where") != "never")


def token_kinds(tokens: Tokens, spans: Iterable[tuple[int, int, str]]) -> list[str]:
    """One letter a token: q quantity, p period, l place, m mask, w anything else, from (first, end, letter) spans."""
    kinds = ["w"] * len(tokens)
    for first, end, letter in spans:
        kinds[first:end] = letter * (end - first)
    return kinds
