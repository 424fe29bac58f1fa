"""Which sentences make the summary: candidates with their worth in, the chosen ones out, in the order of the text.

Sentences are taken one by one, each time the one that is worth most for what it adds: words not said yet, and figures of
the title and the first sentences not carried yet. A sentence that leans on another is taken only beside it; one that only
repeats the headline is taken only where there is nothing else.

>>> choose(found, worth, chances, title, Budget(sentences=3), figures)
[0, 2, 5]
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from extract.summary import Figure
from extract.summary_feature import Chances, Matrix
from extract.summary_sentence import Candidate

MOST = 300
"""Candidates of the highest worth that are looked at."""
FIGURE = 0.12
"""What a figure of title or lead is worth to the summary that does not carry it yet, on the scale of ROUGE."""
REPEATS = 0.8
"""Share of its words, and of the headline's, from which a sentence only repeats the headline."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a summary may be: so many sentences, or so many words (syllables of Vietnamese); one of the two."""

    sentences: int | None = None
    syllables: int | None = None

    def fits(self, number: int, words: int) -> bool:
        """Whether a summary of so many sentences and words is within it."""
        if self.syllables is not None:
            return words <= self.syllables
        return self.sentences is None or number <= self.sentences


def figures_in(found: Sequence[Candidate], figures: Sequence[Figure]) -> list[tuple[int, ...]]:
    """For each candidate the indices of the figures that stand in it."""
    starts = [candidate.start for candidate in found]
    inside: list[list[int]] = [[] for _ in found]
    for k, figure in enumerate(figures):
        i = bisect_right(starts, figure.start) - 1
        if i >= 0 and figure.end <= found[i].end:
            inside[i].append(k)
    return [tuple(each) for each in inside]


def repeats(candidate: Candidate, title: Sequence[str]) -> bool:
    """Whether a sentence says the headline again and nothing more."""
    own, headline = set(candidate.words), set(title)
    shared = len(own & headline)
    return bool(headline) and shared >= REPEATS * len(own) and shared >= REPEATS * len(headline)


def choose(
    found: Sequence[Candidate],
    worth: Matrix,
    chances: Chances,
    title: Sequence[str],
    budget: Budget,
    carried: Sequence[Collection[object]] = (),
    wanted: Collection[object] = (),
) -> list[int]:
    """Positions of the chosen candidates. `carried[i]` are the figures of candidate i, `wanted` those to be carried.

    Where nothing fits the budget, the shortest sentence is the summary.
    """
    pool = sorted(sorted(range(len(found)), key=lambda i: -worth[i])[:MOST])
    for strict in (True, False):
        chosen: list[int] = []
        done: tuple[set[int], set[int]] = (set(), set())
        missing = set(wanted)
        length = 0
        while True:
            best: tuple[float, int] | None = None
            for i in pool:
                size = len(found[i].words)
                if i in chosen or not budget.fits(len(chosen) + 1, length + size):
                    continue
                if strict and not _stands(found[i], chosen, title):
                    continue
                fresh = chances.gain(i, done) / (chances.gain(i) or 1.0)
                new = len(missing & set(carried[i])) if missing else 0
                value = float(worth[i]) * fresh + FIGURE * min(new, 3) / 3
                if best is None or value > best[0]:
                    best = value, i
            if best is None:
                break
            i = best[1]
            chosen.append(i)
            length += len(found[i].words)
            done[0].update(chances.words.of[i])
            done[1].update(chances.pairs.of[i])
            missing -= set(carried[i]) if missing else set()
        if chosen:
            return sorted(chosen)
    return [min(pool, key=lambda i: len(found[i].words))] if pool else []


def _stands(candidate: Candidate, chosen: Sequence[int], title: Sequence[str]) -> bool:
    """Whether a sentence can be understood beside those chosen, and says more than the headline."""
    if candidate.leans and candidate.position - 1 not in chosen:
        return False
    return all(other in chosen for other in candidate.needs) and not repeats(candidate, title)
