"""Where a figure holds: the place its own words name, that of the figure whose words it shares, else that of the whole text.

In: `Figures`, the places of the text, the title. Out: for each figure a `Place` or None, its printed name and its id.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from datetime import date

from extract.clause import Clause, Clauses
from extract.cue import Cues
from extract.figures import Figures
from extract.indicator import Naming
from extract.lexicon import catalogue
from extract.period import Period
from extract.pipeline import Reading
from extract.place import NATION, Place, ambient_place, find_places, place_version
from extract.statement_draft import Draft

_LEAD_SENTENCES = 2
_NAME = 5
"""Words of the longest name of a place."""
_NATIONAL = frozenset({"ministry", "ministry_level", "agency", "state", "party"})
"""Bodies whose figures are the nation's."""


class PlaceScope:
    """`places` in reading order; `ambient` is the place that the whole text is about, `abroad` whether that is the world outside."""

    clauses: Clauses
    drafts: list[Draft]
    one_project: bool = False
    """Whether the text is about one project that is being decided."""

    def __init__(self, figures: Figures, taken: set[int], published: date | None, title: Reading | None) -> None:
        self.figures = figures
        self.tokens = figures.tokens
        self.cues = figures.cues
        self.published = published
        self.places = find_places(self.cues, taken)
        self._starts = [place.start for place in self.places]
        self.abroad = self._abroad(title)
        self.ambient = self._ambient(title)
        self._waiting: list[Place] = []

    def _abroad(self, title: Reading | None) -> bool:
        """Whether the text is about the world outside: its lead or title names a foreign country, none a place of Vietnam, or
        the whole text names no place and no body of Vietnam at all, and a foreign one more than once."""
        lead = bisect_right(self.tokens.sentences, 0)
        places = [place for place in self.places if place.start < lead and place.role != "local"]
        if title is not None:
            cues = Cues(title.tokens)
            places += [place for place in find_places(cues, set()) if place.role != "local"]
        national = any(cue.start < lead for cue in self.cues.of("organisations"))
        if places and not national and all(place.kind == "foreign" for place in places):
            return True
        if places or self.cues.of("organisations") or any(place.role == "direction" for place in self.places):
            return False
        named = [place.slug for place in self.places if place.role == "plain"]
        return len(named) > len(set(named)) and all(place.kind == "foreign" for place in self.places)

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
        if self.abroad:
            return self._most_named()
        return ambient_place(self.cues, self.places, _LEAD_SENTENCES, national)

    def _most_named(self) -> Place | None:
        """The foreign place named most often, the first of those named as often."""
        named = [place for place in self.places if place.kind == "foreign" and place.role != "name"]
        count = Counter(place.slug for place in named)
        return max(named, key=lambda place: count[place.slug], default=None)

    def place(self, clause: Clause, naming: Naming, last: Draft | None) -> Place | None:
        """The place of a figure: named in its own words, else that of the figure whose words it shares, else of the text."""
        said = max(
            (
                c.end
                for c in self.cues.within("attributions", clause.start, clause.first)
                if c.row.data["use"] == "said"
            ),
            default=clause.start,
        )
        if clause.bracket and (named := self._before_bracket(clause)) is not None:
            return named
        own = [p for p in self._between(said, clause.first) if self.holds(p)]
        if own:
            return self._pair(own, clause)
        if self._waiting and last is not None:
            return self._waiting.pop(0)
        behind = [p for p in self._between(clause.end, clause.stop) if self.holds(p)]
        if behind and last is None:
            return behind[0]
        if last is not None and (naming.carried or naming.part or not clause.fresh or not behind):
            return last.place
        if behind:
            return behind[0]
        if last is None and self._still_there(clause):
            return self.drafts[-1].place
        start = self.figures.sentence_start[self.tokens.sentences[clause.first]]
        opening = [p for p in self._between(max(start, said), clause.first) if self.holds(p)]
        if opening and last is None:
            return opening[-1]
        if opening and opening[0].start - start <= 3:
            return opening[0]
        return self.ambient or self._carried(clause)

    def _carried(self, clause: Clause) -> Place | None:
        """The place that every figure of the paragraph so far has, or of a text about one project."""
        words = self.tokens.words
        near = [draft for draft in self.drafts if "\n" not in words[draft.clause.first : clause.first]] or (
            list(self.drafts) if self.one_project else []
        )
        first = near[0].place if near else None
        if first is None or first.role == "local" or first.slug == NATION:
            return None
        return first if all(draft.place is not None and draft.place.name == first.name for draft in near) else None

    def _before_bracket(self, clause: Clause) -> Place | None:
        """The place right before the bracket that holds nothing but the figure ("Mongolia (6,1%), Thái Lan (5,1%)")."""
        opened = clause.start - 1
        if clause.start != clause.first or opened < 1:
            return None
        return next((place for place in self._between(opened - _NAME, opened) if place.end == opened), None)

    def _still_there(self, clause: Clause) -> bool:
        """Whether the figures of the sentence before are of a unit below the province where something is built or held: what
        follows without a place of its own is there too."""
        if not self.drafts or self.drafts[-1].place is None or self.drafts[-1].place.kind != "small":
            return False
        last = self.drafts[-1]
        sentence = self.tokens.sentences[clause.first]
        begin, end = self.figures.sentence_start[sentence], self.figures.sentence_end[sentence]
        alone = len({p.name for p in self.places if p.kind == "small"}) == 1
        return alone and sentence - last.sentence <= 2 and not any(self.holds(p) for p in self._between(begin, end))

    def _pair(self, own: list[Place], clause: Clause) -> Place:
        """Of places named one after the other with as many figures behind them, the first; the others wait for theirs."""
        listed = [own[-1]]
        for place in reversed(own[:-1]):
            between = range(place.end, listed[0].start)
            if all(self.tokens.words[i] == "," or self.clauses.filler(i, i + 1) for i in between):
                listed.insert(0, place)
            else:
                break
        k = self.figures.index_at(clause.first)
        sentence = self.tokens.sentences[clause.first]
        following = 1
        while k + following < len(self.figures.spans):
            before, after = self.figures.spans[k + following - 1][1], self.figures.spans[k + following][0]
            if self.tokens.sentences[after] != sentence or not self.clauses.filler(before, after):
                break
            if self.figures.quantities[k + following].unit != self.figures.quantities[k].unit:
                break
            following += 1
        if len(listed) > 1 and following == len(listed):
            self._waiting = listed[1:]
            return listed[0]
        self._waiting = []
        return own[-1]

    def _between(self, start: int, end: int) -> list[Place]:
        k = bisect_left(self._starts, start)
        return [p for p in self.places[k : bisect_left(self._starts, end)] if p.end <= end]

    def holds(self, place: Place) -> bool:
        """Whether a place can be that of a figure: foreign ones are partners of trade unless the text is about them."""
        if place.kind == "foreign" and not self.abroad:
            return False
        return place.role in ("plain", "local")

    def name(self, place: Place | None) -> str | None:
        if place is not None and place.role == "local":
            place = self.ambient
        if place is None or place.slug == NATION:
            return str(catalogue("places")[NATION]["names"][self.tokens.language])
        return place.name

    def id(self, place: Place | None, period: Period | None) -> str | None:
        if place is not None and place.role == "local":
            place = self.ambient
        if place is None:
            return NATION
        return place_version(place.slug, place.version, self.published, period.last if period else None)
