"""Trains the model of summaries: articles with editors' abstracts in, extract/summary_model/weights.npz out.

    python benchmarks/train_summary.py TRAIN.jsonl [--out extract/summary_model/weights.npz]

Each line of TRAIN.jsonl is {"title", "abstract", "body": [sentence or paragraph, …]}: the training split of vietnews, its
word segmentation undone, without every article that shares its body or abstract with the test or validation split
(benchmarks/summaries.py makes the files from a copy of the collection: `--prepare`). Two thirds of the articles give the
priors of words, a ninth the logistic regressions, the rest the trees. Needs scikit-learn, which sentence-transformers brings;
nothing that Solieu runs needs it.
"""

import argparse
import hashlib
import json
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from rouge import rouge  # noqa: E402

from extract.extractor import extract  # noqa: E402
from extract.source_text import SourceText  # noqa: E402
from extract.summary import figures_of  # noqa: E402
from extract.summary_choice import figures_in  # noqa: E402
from extract.summary_feature import Units, features, key, title_words, units  # noqa: E402
from extract.summary_model import MODEL, Model, Trees, Words  # noqa: E402
from extract.summary_sentence import Candidate, candidates  # noqa: E402

OFTEN = (40, 40)
"""Training articles that a word, and a pair, must stand in to have a prior."""
TREES, LEAVES, RATE = 220, 15, 0.05


def read(path: Path) -> list[dict[str, Any]]:
    """The articles of a file, with their sentences cut and their titles in words."""
    articles = []
    for line in path.open(encoding="utf-8"):
        row = json.loads(line)
        row["text"] = SourceText.of("\n".join(row["body"])).text
        row["found"] = candidates(row["text"], "vi")
        row["words"] = title_words(row["title"])
        if row["found"] and row["abstract"]:
            articles.append(row)
    return articles


def grams(words: tuple[str, ...], n: int) -> set[tuple[str, ...]]:
    """The different runs of `n` words."""
    return set(zip(*(words[k:] for k in range(n)), strict=False))


def priors(articles: list[dict[str, Any]], n: int) -> tuple[Any, Any]:
    """Sorted numbers of units and the log odds, against the average unit, that an abstract keeps what the body says."""
    said: Counter[int] = Counter()
    kept: Counter[int] = Counter()
    for row in articles:
        body = {key(unit) for candidate in row["found"] for unit in grams(candidate.words, n)}
        said.update(body)
        kept.update(body & {key(unit) for unit in grams(title_words(row["abstract"]), n)})
    average = kept.total() / said.total()
    chosen = sorted(unit for unit, count in said.items() if count >= OFTEN[n - 1])
    odds = []
    for unit in chosen:
        share = (kept[unit] + 20 * average) / (said[unit] + 20)
        odds.append(math.log(share / (1 - share)) - math.log(average / (1 - average)))
    return np.array(chosen, np.uint32), np.array(odds, np.float16)


def regression(articles: list[dict[str, Any]], n: int, keys: Any, odds: Any) -> Words:
    """The chance of a unit from its facts."""
    from sklearn.linear_model import LogisticRegression

    blank = Words(keys, odds, np.zeros(0))
    rows, labels = [], []
    for row in articles:
        found: Units = units(row["found"], row["words"], n)
        prior = blank.prior(np.array([key(unit) for unit in found.names], np.uint32))
        unknown = np.isnan(prior)
        rows.append(np.column_stack([found.facts, np.where(unknown, 0.0, prior), unknown]))
        abstract = grams(title_words(row["abstract"]), n)
        labels.append([unit in abstract for unit in found.names])
    fitted = LogisticRegression(max_iter=2000, C=1.0).fit(np.vstack(rows), np.concatenate(labels))
    return Words(keys, odds, np.append(fitted.coef_[0], fitted.intercept_[0]))


def matrix_of(row: dict[str, Any], model: Model) -> Any:
    """The features of one article."""
    if "figures" not in row:
        row["figures"] = figures_of(extract(row["text"], "vi", None, row["title"]).statements)
    found: list[Candidate] = row["found"]
    carried = [len(each) for each in figures_in(found, row["figures"])]
    return features(found, row["words"], carried, model.chances(found, row["words"]))


def forest(articles: list[dict[str, Any]], model: Model) -> Trees:
    """Gradient boosting of the mean ROUGE of each sentence, its trees laid out flat."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    rows, worth = [], []
    for row in articles:
        rows.append(matrix_of(row, model))
        worth += [sum(rouge(row["text"][c.start : c.end], row["abstract"])) / 3 for c in row["found"]]
    fitted = HistGradientBoostingRegressor(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=RATE,
        min_samples_leaf=60,
        l2_regularization=1.0,
        random_state=0,
    ).fit(np.vstack(rows), np.array(worth))
    parts: dict[str, list[Any]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    roots, offset, depth = [], 0, 0
    for (predictor,) in fitted._predictors:
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        own = np.arange(len(nodes)) + offset
        parts["feature"].append(np.where(leaf, 0, nodes["feature_idx"]))
        parts["threshold"].append(np.where(leaf, 0.0, nodes["num_threshold"]))
        parts["left"].append(np.where(leaf, own, nodes["left"] + offset))
        parts["right"].append(np.where(leaf, own, nodes["right"] + offset))
        parts["value"].append(np.where(leaf, nodes["value"], 0.0))
        roots.append(offset)
        offset += len(nodes)
        depth = max(depth, int(nodes["depth"].max()))
    joined = {name: np.concatenate(values) for name, values in parts.items()}
    return Trees(
        joined["feature"].astype(np.int16), joined["threshold"].astype(np.float32), joined["left"].astype(np.int32),
        joined["right"].astype(np.int32), joined["value"].astype(np.float32), np.array(roots, np.int32), depth,
        float(np.ravel(fitted._baseline_prediction)[0]),
    )  # fmt: skip


def save(model: Model, path: Path) -> Model:
    """Write the model, its id the digest of its numbers."""
    arrays: dict[str, Any] = {name: getattr(model.trees, name) for name in Trees.__dataclass_fields__}
    for name, each in (("one", model.one), ("two", model.two)):
        arrays |= {
            f"{name}_keys": each.keys,
            f"{name}_priors": each.priors,
            f"{name}_weights": each.weights.astype(np.float32),
        }
    digest = hashlib.sha256(b"".join(np.asarray(arrays[name]).tobytes() for name in sorted(arrays))).hexdigest()[:12]
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, id=np.array(f"solieu-summary-{digest}"), **arrays)
    return model


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("--out", type=Path, default=MODEL)
    options = parser.parse_args()
    articles = read(options.train)
    first, second = len(articles) * 2 // 3, len(articles) * 7 // 9
    fitted = []
    for n in (1, 2):
        fitted.append(regression(articles[first:second], n, *priors(articles[:first], n)))
        print(f"{n}: {len(fitted[-1].keys)} priors, weights {np.round(fitted[-1].weights, 2)}", flush=True)
    empty = Trees(*(np.zeros(1),) * 6, 0, 0.0)
    model = Model("", empty, *fitted)
    model = Model("", forest(articles[second:], model), *fitted)
    save(model, options.out)
    print(f"{len(articles)} articles; {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
