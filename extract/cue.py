"""The words that tell what a figure means, found once in a text and asked for by category.

In: `Tokens` with their matches. Out: `Cues`: for each category of the tables (measures, kinds, parts …) the longest phrases
from left to right that do not overlap. Claims play no part here: a cue may stand in what another reader has taken.

>>> from extract.pipeline import read
>>> [cue.row.data["measure"] for cue in Cues(read("GDP tăng 8%", "vi").tokens).within("measures", 0, 3)]
['growth']
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from extract.tokens import Match, Tokens


@dataclass(slots=True)
class Cues:
    """Cues of one text. Token positions as in `tokens`; all spans are half open."""

    tokens: Tokens
    _found: dict[str, list[Match]] = field(default_factory=dict)
    _starts: dict[str, list[int]] = field(default_factory=dict)
    _by_start: dict[str, dict[int, Match]] = field(default_factory=dict)
    _compounds: dict[int, tuple[int, int]] | None = None

    def of(self, category: str) -> list[Match]:
        """All cues of a category, in reading order."""
        if category not in self._found:
            found, end = [], 0
            for start in sorted(self.tokens.matches):
                if start < end:
                    continue
                match = self.longest(start, category)
                if match is not None and not self._kept(match):
                    found.append(match)
                    end = match.end
            self._found[category] = found
            self._starts[category] = [match.start for match in found]
            self._by_start[category] = {match.start: match for match in found}
        return self._found[category]

    def _kept(self, match: Match) -> bool:
        """Whether a cue is only a syllable of a compound that the tables keep whole ("hiện" of "thực hiện")."""
        if self._compounds is None:
            self._compounds = {}
            for found in self.tokens.matches.values():
                for other in found:
                    if other.row.data.get("use") == "keep":
                        for i in range(other.start, other.end):
                            self._compounds[i] = (other.start, other.end)
        start, end = self._compounds.get(match.start, (match.start, match.end))
        return start <= match.start and match.end <= end and match.end - match.start < end - start

    def longest(self, i: int, category: str) -> Match | None:
        """The longest phrase of a category that starts at token `i`, claimed or not."""
        for match in self.tokens.matches.get(i, ()):
            if match.row.category == category:
                return match
        return None

    def at(self, i: int, category: str, use: str | None = None) -> Match | None:
        """The cue of a category that starts at token `i`; with `use`, any phrase there whose row has that use."""
        if use is None:
            self.of(category)
            return self._by_start[category].get(i)
        for match in self.tokens.matches.get(i, ()):
            if match.row.category == category and match.row.data.get("use") == use:
                return match
        return None

    def within(self, category: str, start: int, end: int) -> Iterator[Match]:
        """Cues of a category that lie in tokens `start` up to `end`."""
        found = self.of(category)
        for k in range(bisect_left(self._starts[category], start), len(found)):
            if found[k].start >= end:
                return
            if found[k].end <= end:
                yield found[k]

    def any(self, category: str, start: int, end: int, use: str | None = None) -> Match | None:
        """The first cue of a category, and use, in tokens `start` up to `end`."""
        for match in self.within(category, start, end):
            if use is None or match.row.data.get("use") == use:
                return match
        if use is not None:
            for i in range(start, end):
                found = self.at(i, category, use)
                if found is not None and found.end <= end:
                    return found
        return None
