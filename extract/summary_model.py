"""The learned part of a summary: one small file of numbers, read with numpy alone.

In: `extract/summary_model/weights.npz`, made by benchmarks/train_summary.py (its card stands beside it). Out: a `Model` that
tells the chance of each word of a text to stand in a person's summary, and the worth of each sentence.

>>> load_model().worth(np.zeros((2, 40))).shape
(2,)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from extract.errors import TableError
from extract.summary_feature import Chances, Matrix, key, units
from extract.summary_sentence import Candidate

MODEL = Path(__file__).parent / "summary_model" / "weights.npz"


@dataclass(frozen=True, slots=True)
class Trees:
    """A forest as flat arrays, one row a node: go left where feature ≤ threshold; a leaf points at itself."""

    feature: Any
    threshold: Any
    left: Any
    right: Any
    value: Any
    roots: Any
    depth: int
    start: float

    def predict(self, matrix: Matrix) -> Matrix:
        """The sum over all trees for each row."""
        rows = np.arange(len(matrix))[:, None]
        at = np.repeat(self.roots[None, :], len(matrix), axis=0)
        for _ in range(self.depth):
            goes_left = matrix[rows, self.feature[at]] <= self.threshold[at]
            at = np.where(goes_left, self.left[at], self.right[at])
        return np.asarray(self.start + self.value[at].sum(axis=1))


@dataclass(frozen=True, slots=True)
class Words:
    """Logistic regression over the facts of a unit and its prior: the log odds, learned, that editors keep it."""

    keys: Any
    """Sorted numbers of the units that have a prior."""
    priors: Any
    weights: Any
    """One a fact, one for the prior, one for having none, and the intercept."""

    def prior(self, numbers: Any) -> Matrix:
        """Prior of each unit by its number, nan where none was learned."""
        if not len(numbers):
            return np.zeros(0)
        at = np.minimum(np.searchsorted(self.keys, numbers), len(self.keys) - 1)
        return np.where(self.keys[at] == numbers, self.priors[at].astype(float), np.nan)

    def chance(self, facts: Matrix, numbers: Any) -> Matrix:
        """Chance of each unit, 0 to 1."""
        prior = self.prior(numbers)
        unknown = np.isnan(prior)
        odds = facts @ self.weights[: facts.shape[1]]
        odds += np.where(unknown, 0.0, prior) * self.weights[-3] + unknown * self.weights[-2] + self.weights[-1]
        return np.asarray(1 / (1 + np.exp(-odds)))


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned; `id` names the file's contents."""

    id: str
    trees: Trees
    one: Words
    two: Words

    def chances(self, found: Sequence[Candidate], title: Sequence[str]) -> Chances:
        """The chance of each word and pair of a text."""
        words, pairs = units(found, title, 1), units(found, title, 2)
        numbers = [np.array([key(unit) for unit in each.names], np.uint32) for each in (words, pairs)]
        return Chances(words, pairs, self.one.chance(words.facts, numbers[0]), self.two.chance(pairs.facts, numbers[1]))

    def worth(self, matrix: Matrix) -> Matrix:
        """The worth of each sentence: the ROUGE that it would reach against an editor's abstract, as learned."""
        return self.trees.predict(matrix) if len(matrix) else np.zeros(0)


@cache
def load_model(path: Path = MODEL) -> Model:
    """The model in `path`. Raises TableError where it is missing or is none."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            a = {name: stored[name] for name in stored.files}
        trees = Trees(
            a["feature"],
            a["threshold"],
            a["left"],
            a["right"],
            a["value"],
            a["roots"],
            int(a["depth"]),
            float(a["start"]),
        )
        words = [Words(a[f"{n}_keys"], a[f"{n}_priors"], a[f"{n}_weights"]) for n in ("one", "two")]
        return Model(str(a["id"]), trees, *words)
    except (OSError, KeyError, ValueError) as error:
        raise TableError(f"{path}: no model of summaries ({error}); benchmarks/train_summary.py makes it") from error
