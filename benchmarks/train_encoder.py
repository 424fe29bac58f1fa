"""Trains the embedded default encoder: title–lead pairs, our catalogues and a glossary in, index/encoder_model/ out.

    python benchmarks/train_encoder.py HEADLINES.jsonl.gz [--out index/encoder_model] [--epochs 7]

Each line of the headlines holds {"title", "lead", "seen_at"}; their text is used for training and measuring only and is not
kept. The recipe: the features of index/shingle.py (words as written, folded words, folded pairs; the rest in shared
buckets) in a static embedding under the multiple-negatives ranking loss in both directions. Titles are read half the time
without marks; a third of the features of a title and half of those of a lead are dropped, so that no pair is learned by
heart; a batch holds runs of pairs that were seen at the same time, whose stories resemble each other. A quarter of each batch
are translations: rows of glossary.tsv (our own words, `|` between alternatives), one to three of them joined, names of
one catalogue row, and what the language tables call one indicator; a fifth of the indicators is held out with everything
that shares their concept or name. Weights are stored as 8-bit integers with one scale a row. 10,000 pairs are held out.
"""

import argparse
import gzip
import hashlib
import json
import math
import random
import time
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

from extract.lexicon import CATALOGUE, catalogue, languages, lexicon
from index.encoder import trainable
from index.shingle import Shingles, chosen, features
from index.words import fold

HELD_OUT = 10_000
GLOSSARY = Path(__file__).parent / "glossary.tsv"
RUN = 16
"""Pairs of one time that go into a batch together."""
SCALE = 25.0
DROPPED_TITLE, DROPPED_LEAD = 0.3, 0.5

Row = tuple[tuple[str, ...], ...]
"""What one thing is called: alternatives by language, a language without any left out."""


class Pair(NamedTuple):
    """A headline and the first paragraph under it."""

    title: str
    lead: str
    seen: str


def pairs_of(path: Path) -> list[Pair]:
    """Distinct pairs, each title and each lead once, in an order that depends on their text alone."""
    titles: set[str] = set()
    leads: set[str] = set()
    pairs = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            title, lead = row["title"].strip(), row["lead"].strip()
            if len(lead) < 20 or title in titles or lead in leads:
                continue
            titles.add(title)
            leads.add(lead)
            pairs.append(Pair(title, lead, row["seen_at"]))
    return sorted(pairs, key=lambda pair: hashlib.sha256(pair.title.encode()).digest())


def is_held_out(name: str) -> bool:
    """A fifth of the catalogue's indicators, by name."""
    return hashlib.sha256(name.encode()).digest()[0] % 5 == 0


def names() -> list[Row]:
    """Names of one thing in several languages: of catalogue rows and, by concept, of the language tables."""
    held = {key: row for key, row in catalogue("indicators").items() if is_held_out(key)}
    concepts = {row.get("concept") for row in held.values()}
    found: list[Row] = []
    for table in sorted(path.stem for path in CATALOGUE.glob("*.toml")):
        for key, row in catalogue(table).items():
            if table == "indicators" and key in held:
                continue
            given = row.get("names", {})
            found.append(tuple((name,) for name in given.values() if isinstance(name, str) and name))
    called: dict[str, list[tuple[str, ...]]] = {}
    for code in languages():
        for entry in lexicon(code).category("indicators"):
            concept = entry.data.get("concept")
            if concept and concept not in concepts:
                called.setdefault(concept, []).append(entry.phrases)
    return [row for row in [*found, *map(tuple, called.values())] if len(row) > 1]


def glossary(path: Path = GLOSSARY) -> list[Row]:
    """The rows of our own glossary, without whatever is the full name of an indicator that is held out."""
    held = {
        fold(name)
        for key, row in catalogue("indicators").items()
        if is_held_out(key)
        for name in row.get("names", {}).values()
    }
    rows = [
        tuple(tuple(word for word in cell.split("|") if fold(word) not in held) for cell in line.split("\t"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return [row for row in (tuple(filter(None, row)) for row in rows) if len(row) > 1]


def translated(words: Sequence[Row], known: Sequence[Row], count: int) -> list[tuple[str, str]]:
    """`count` pairs that say the same in two languages."""
    pairs = []
    for _ in range(count):
        rows = [random.choice(known)] if random.random() < 0.4 else random.choices(words, k=random.choice((1, 2, 2, 3)))
        rows = [row for row in rows if len(row) == len(rows[0])]
        one, other = random.sample(range(len(rows[0])), 2)
        left, right = (" ".join(random.choice(row[side]) for row in rows) for side in (one, other))
        pairs.append((fold(left) if random.random() < 0.5 else left, right))
    return pairs


class Bags:
    """Features of many texts, one after the other: `rows[starts[i] : starts[i + 1]]` are those of text i."""

    def __init__(self, shingles: Shingles, texts: Iterable[str]) -> None:
        rows, starts = array("i"), array("q", [0])
        for text in texts:
            rows.extend(shingles.ids(text))
            starts.append(len(rows))
        self.rows = np.frombuffer(rows, dtype=np.int32)
        self.starts = np.frombuffer(starts, dtype=np.int64)

    def take(self, chosen_: Any, dropped: float = 0.0) -> list[Any]:
        """Bags of the chosen texts, each without a share of its features."""
        bags = [self.rows[self.starts[i] : self.starts[i + 1]] for i in chosen_]
        if not dropped:
            return bags
        kept = [bag[np.random.random(len(bag)) >= dropped] for bag in bags]
        return [few if len(few) else bag for few, bag in zip(kept, bags, strict=True)]


def features_of(bags: Sequence[Any]) -> dict[str, torch.Tensor]:
    """Bags as the model's input."""
    starts = np.cumsum([0, *(len(bag) for bag in bags[:-1])])
    flat = np.concatenate(bags).astype(np.int64)
    return {"input_ids": torch.from_numpy(flat), "offsets": torch.from_numpy(starts)}


def runs(pairs: Sequence[Pair], batch: int) -> list[Any]:
    """Numbers of pairs by batch: runs of RUN that were seen together, otherwise at random."""
    by_time = np.array(sorted(range(len(pairs)), key=lambda i: pairs[i].seen))
    shift = random.randrange(RUN)
    cut = by_time[shift : shift + (len(pairs) - RUN) // RUN * RUN].reshape(-1, RUN)
    np.random.shuffle(cut)
    flat = cut.ravel()
    return [flat[at : at + batch] for at in range(0, len(flat) - batch + 1, batch)]


def train(pairs: list[Pair], size: int, buckets: int, dimension: int, epochs: int, out: Path, seed: int = 7) -> None:
    """Train, and store the model after every epoch."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    words, known = glossary(), names()
    counts: Counter[str] = Counter()
    for pair in pairs:
        counts.update({*features(pair.title), *features(pair.lead)})
    for text in chain.from_iterable(chain.from_iterable([*words, *known])):
        counts.update(dict.fromkeys(features(text), 3))
    shingles = Shingles(chosen(counts.items(), size, 3), buckets)
    rows = len(shingles.vocabulary) + buckets
    titles = Bags(shingles, (pair.title for pair in pairs))
    bare = Bags(shingles, (fold(pair.title) for pair in pairs))
    leads = Bags(shingles, (pair.lead for pair in pairs))
    print(f"{rows} rows, {len(words)} + {len(known)} rows of translations", flush=True)
    model: SentenceTransformer = trainable(shingles, torch.randn(rows, dimension) * 0.1)
    loss = MultipleNegativesRankingLoss(
        model, scale=SCALE, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction"
    )
    batch, foreign, rate = 768, 256, 0.015
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, betas=(0.9, 0.99))
    steps, step, started = epochs * ((len(pairs) - RUN) // batch), 0, time.monotonic()
    for epoch in range(epochs):
        total = []
        for picked in runs(pairs, batch):
            half = np.random.random(len(picked)) < 0.5
            left = [*titles.take(picked[half], DROPPED_TITLE), *bare.take(picked[~half], DROPPED_TITLE)]
            right = leads.take([*picked[half], *picked[~half]], DROPPED_LEAD)
            for one, other in translated(words, known, foreign):
                a, b = shingles.ids(one), shingles.ids(other)
                if a and b:
                    left.append(np.array(a))
                    right.append(np.array(b))
            for group in optimizer.param_groups:
                group["lr"] = rate * (0.01 + 0.5 * (1 + math.cos(math.pi * min(1, step / steps))))
            value = loss([features_of(left), features_of(right)], torch.empty(0))
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            total.append(float(value.detach()))
            step += 1
        print(f"epoch {epoch + 1}/{epochs}  loss {np.mean(total):.3f}  {time.monotonic() - started:.0f} s", flush=True)
        save(model, out)


def save(model: SentenceTransformer, folder: Path) -> None:
    """vocabulary.txt (a feature a line) and weights.safetensors (int8 rows, float32 scales)."""
    folder.mkdir(parents=True, exist_ok=True)
    static: Any = model[0]
    weights = static.embedding.weight.detach().numpy().astype(np.float32)
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-12) / 127
    rows = np.clip(np.round(weights / scales[:, None]), -127, 127).astype(np.int8)
    (folder / "vocabulary.txt").write_text("\n".join(static.shingles.vocabulary) + "\n", "utf-8")
    save_file({"rows": rows, "scales": scales}, str(folder / "weights.safetensors"))


def main() -> None:
    """Train on all but the held-out pairs and store the model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("headlines", type=Path)
    parser.add_argument("--out", type=Path, default=Path("index/encoder_model"))
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--size", type=int, default=62_000)
    parser.add_argument("--buckets", type=int, default=8_192)
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--pairs", type=int, default=None, help="so many of them, to try something")
    args = parser.parse_args()
    torch.set_num_threads(1)
    pairs = pairs_of(args.headlines)[HELD_OUT:][: args.pairs]
    print(f"{len(pairs)} pairs to train on", flush=True)
    train(pairs, args.size, args.buckets, args.dimension, args.epochs, args.out)


if __name__ == "__main__":
    main()
