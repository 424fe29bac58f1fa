"""Who is bound by an act: the bodies, offices and places that a text names, and which of them a clause speaks of.

In: cues and places of a text, tokens of a clause. Out: spans of tokens, and full names: a bare word ("Bộ", "tỉnh", "the
hospital") stands for the last body or place of its class that was named in full before it.

Rows of `actors.toml`: those without `use` open a name. `stands`: kinds of places that the bare word stands for; `run`: the name
goes on with words in lower case ("Cục Cảnh sát giao thông"); `capital`: in lower case the word names nobody. `use`: extend
(joins parts of a name), class (goes on with it), other (a longer word that names nobody: "xã hội"), halt (a verb: ends a
name), marks (before a body that does not act: "với").

>>> from extract.pipeline import read
>>> cues = Cues(read("Bộ Tài chính sẽ trình dự thảo", "vi").tokens)
>>> Actors(cues, ()).before(0, 3)
[(0, 3)]
"""

from bisect import bisect_left
from collections.abc import Sequence

from extract.cue import Cues
from extract.place import Place
from extract.tokens import Match

Span = tuple[int, int]
_NAME = 9
"""Words of the longest name behind the word for a body."""
_RUN = 5
"""Words in lower case of a name."""
_SHORT = 2
"""Letters of an abbreviation inside a name."""
_NEAR = 4
"""Tokens between a place and the act that it is the subject of."""


class Actors:
    """The bodies of one text."""

    def __init__(self, cues: Cues, places: Sequence[Place]) -> None:
        self.cues, self.tokens = cues, cues.tokens
        self.places = [place for place in places if place.role in ("plain", "organisation")]
        self._all: list[Span] | None = None
        self._starts = sorted(i for i in self.tokens.matches if self._opened(i) is not None)

    def body(self, i: int, limit: int) -> Span | None:
        """The name of a body, office or holder of duties that opens at token `i`."""
        cues, words = self.cues, self.tokens.words
        opened = self._opened(i)
        if opened is None or opened.end > limit:
            return None
        end, lower = opened.end, 0
        run = bool(opened.row.data.get("run"))
        while end < min(limit, opened.end + _NAME):
            more, kind = cues.at(end, "actors", "extend"), cues.at(end, "actors", "class")
            if more is not None and more.end < limit and self._goes_on(more.end):
                end = more.end
            elif kind is not None and kind.end <= limit:
                end = kind.end
            elif words[end] == "." and self.tokens.glued(end) and len(words[end - 1]) <= _SHORT:
                end += 1  # "TP. Huế"
            elif words[end][:1].isupper():
                end += 1
            elif run and lower < _RUN and end > opened.end and self._lower(end):
                end, lower = end + 1, lower + 1
            else:
                break
        return i, end

    def _opened(self, i: int) -> Match | None:
        opened: Match | None = None
        for match in self.tokens.matches.get(i, ()):
            category, use = match.row.category, match.row.data.get("use")
            if category in ("organisations", "offices") or (category == "actors" and use in (None, "other")):
                opened = match if opened is None or match.end > opened.end else opened
        if opened is None or opened.row.data.get("use") == "other":
            return None
        if opened.row.data.get("capital") and not self.tokens.words[i][:1].isupper():
            return None
        return opened

    def _goes_on(self, i: int) -> bool:
        if self.tokens.words[i][:1].isupper() or self.cues.at(i, "actors", "class") is not None:
            return True
        return any(m.row.category == "actors" and "use" not in m.row.data for m in self.tokens.matches.get(i, ()))

    def _lower(self, i: int) -> bool:
        """Whether token `i` may be a word in lower case inside a name: it is no verb, number or mark."""
        word, cues = self.tokens.words[i], self.cues
        if not word.isalpha() or self.tokens.claims[i] is not None:
            return False
        halting = ("actors", "halt"), ("instruments", "stop"), ("actors", "marks")
        return cues.at(i, "commitments") is None and all(cues.at(i, *pair) is None for pair in halting)

    def after(self, start: int, limit: int) -> Span | None:
        """The first body that opens in tokens `start` up to `limit`."""
        for i in range(start, min(limit, len(self.tokens))):
            found = self.body(i, len(self.tokens))
            if found is not None:
                return found
        return None

    def within(self, start: int, end: int) -> list[Span]:
        """The bodies named in tokens `start` up to `end`; one named inside another's name is none."""
        found: list[Span] = []
        free = start
        for i in self._starts[bisect_left(self._starts, start) :]:
            if i >= end:
                break
            body = self.body(i, end) if i >= free else None
            if body is not None:
                found.append(body)
                free = body[1]
        return found

    def before(self, start: int, end: int) -> list[Span]:
        """Who may be the subject of an act at token `end`: one, or several between which nothing decides.

        That is the body right before it; else those of the clause that no word marks as a bystander ("với", "by"); else the
        place that stands as the subject ("Vĩnh Long sẽ xây dựng …").
        """
        found = [body for body in self.within(start, end) if not self._marked(body, start)]
        if len(found) > 1 and end - found[-1][1] <= 1 and self._parted(found[-2], found[-1]):
            found = found[-1:]
        if found:
            return found
        k = bisect_left([place.start for place in self.places], end) - 1
        if k >= 0:
            place = self.places[k]
            if (
                start <= place.start
                and place.end <= end <= place.end + _NEAR
                and not self._marked(place_span(place), start)
            ):
                return [place_span(place)]
        return []

    def _marked(self, body: Span, start: int) -> bool:
        """Whether the word before a body says that it does not act."""
        return any(
            (match := self.cues.at(i, "actors", "marks")) is not None and match.end == body[0]
            for i in range(max(start, body[0] - 3), body[0])
        )

    def _parted(self, one: Span, other: Span) -> bool:
        """Whether a mark stands between two bodies: the second opens a part of its own."""
        return any(not self.tokens.words[i][0].isalnum() for i in range(one[1], other[0]))

    def name(self, body: Span) -> str:
        """The full name of a body: that of the last one of its class before it where only a bare word stands here."""
        text = self.tokens.quote(*body)
        opened = self._opened(body[0])
        if opened is None or any(word[:1].isupper() for word in self.tokens.words[opened.end : body[1]]):
            return text
        stands = opened.row.data.get("stands")
        if stands and opened.end == body[1]:
            k = bisect_left([place.start for place in self.places], body[0])
            kinds = set(stands)
            named = next((place for place in reversed(self.places[:k]) if place.kind in kinds), None)
            return named.name if named is not None else text
        bare = text.lower()
        for one in reversed(self._bodies()):
            full = self.tokens.quote(*one)
            folded = full.lower()
            if one[0] < body[0] and len(full) > len(text) and (folded.startswith(f"{bare} ") or folded.endswith(bare)):
                return full
        return text

    def _bodies(self) -> list[Span]:
        if self._all is None:
            self._all = self.within(0, len(self.tokens))
        return self._all


def place_span(place: Place) -> Span:
    """The tokens of a place."""
    return place.start, place.end
