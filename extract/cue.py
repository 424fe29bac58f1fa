"""The words that tell what a figure means, found once in a text and asked for by category.

In: `Tokens` with their matches. Out: `Cues`: for each category of the tables (measures, kinds, parts …) the longest phrases
from left to right that do not overlap. Claims play no part here: a cue may stand in what another reader has taken.

>>> from extract.pipeline import read
>>> [cue.row.data["measure"] for cue in Cues(read("GDP tăng 8%", "vi").tokens).within("measures", 0, 3)]
['growth']
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from extract.tokens import Match, Tokens

Starts = dict[int, Match]


class Cues:
    """Cues of one text. Token positions as in `tokens`; all spans are half open."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self._longest: dict[str, Starts] = {}
        self._used: dict[tuple[str, str], Starts] = {}
        self._found: dict[str, list[Match]] = {}
        self._starts: dict[str, list[int]] = {}
        self._at: dict[str, Starts] = {}
        self._compounds: dict[int, tuple[int, int]] = {}
        for start, matches in tokens.matches.items():
            for match in matches:
                category = match.row.category
                self._longest.setdefault(category, {}).setdefault(start, match)
                use = match.row.data.get("use")
                if use is not None:
                    self._used.setdefault((category, use), {}).setdefault(start, match)
                    if use == "keep":
                        self._compounds.update((i, (match.start, match.end)) for i in range(match.start, match.end))

    def of(self, category: str) -> list[Match]:
        """All cues of a category, in reading order."""
        if category not in self._found:
            found, end = [], 0
            for start, match in sorted(self._longest.get(category, {}).items()):
                if start >= end and not self._kept(match):
                    found.append(match)
                    end = match.end
            self._found[category] = found
            self._starts[category] = [match.start for match in found]
            self._at[category] = {match.start: match for match in found}
        return self._found[category]

    def _kept(self, match: Match) -> bool:
        """Whether a cue is only a syllable of a compound that the tables keep whole ("hiện" of "thực hiện")."""
        start, end = self._compounds.get(match.start, (match.start, match.end))
        return start <= match.start and match.end <= end and match.end - match.start < end - start

    def all(self, category: str, use: str | None = None) -> Iterable[Match]:
        """The longest phrase of a category, and use, at every token, overlapping ones too, in no order."""
        if use is not None:
            return self._used.get((category, use), {}).values()
        return self._longest.get(category, {}).values()

    def longest(self, i: int, category: str) -> Match | None:
        """The longest phrase of a category that starts at token `i`, claimed or not."""
        return self._longest.get(category, {}).get(i)

    def at(self, i: int, category: str, use: str | None = None) -> Match | None:
        """The cue of a category that starts at token `i`; with `use`, any phrase there whose row has that use."""
        if use is not None:
            return self._used.get((category, use), {}).get(i)
        self.of(category)
        return self._at[category].get(i)

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
