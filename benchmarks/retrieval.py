"""Measures the shipped encoder: title → lead retrieval and English → Vietnamese indicator names.

    python benchmarks/retrieval.py HEADLINES.jsonl.gz

Prints, over the 10,000 held-out pairs, the mean reciprocal rank at 10 with and without marks, for BM25 (SQLite FTS5), the
encoder, and both joined by reciprocal rank fusion; recall at 5 of held-out indicators; and sentences a second on one core.
"""

import argparse
import re
import sqlite3
import time
from pathlib import Path

import numpy as np
import torch

from benchmarks.train_encoder import HELD_OUT, is_held_out, pairs_of
from extract.lexicon import catalogue
from index.encoder import MODEL, fold, load_encoder


def reciprocal(ranks: list[int | None]) -> float:
    """Mean of 1/rank, ranks past 10 counting nothing."""
    return float(np.mean([1 / rank if rank and rank <= 10 else 0.0 for rank in ranks]))


def fts(leads: list[str]) -> sqlite3.Connection:
    """The leads in an FTS5 table, folded."""
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table leads using fts5(text, tokenize='unicode61 remove_diacritics 2')")
    db.executemany("insert into leads(rowid, text) values (?, ?)", enumerate(map(fold, leads)))
    return db


def by_words(db: sqlite3.Connection, query: str) -> list[int]:
    """Row ids by BM25, best first."""
    words = dict.fromkeys(re.findall(r"\w+", fold(query)))
    match = " OR ".join(f'"{word}"' for word in words)
    rows = db.execute("select rowid from leads where leads match ? order by rank limit 50", (match,)) if match else ()
    return [row for (row,) in rows]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("headlines", type=Path)
    parser.add_argument("--queries", type=int, default=1000, help="so many of the held-out titles are asked")
    parser.add_argument("--model", type=Path, default=MODEL)
    args = parser.parse_args()
    torch.set_num_threads(1)
    held = pairs_of(args.headlines)[:HELD_OUT]
    leads = [lead for _, lead in held]
    encoder = load_encoder(args.model)
    started = time.perf_counter()
    documents = encoder.encode(leads)
    print(f"{encoder.id}: {len(leads) / (time.perf_counter() - started):,.0f} sentences/s on one core")
    db = fts(leads)
    print(f"{'queries':14s} {'BM25':>7s} {'encoder':>8s} {'hybrid':>7s}   (MRR@10 among {len(leads)})")
    for name, spell in (("as written", str), ("without marks", fold)):
        titles = [spell(title) for title, _ in held[: args.queries]]
        vectors = encoder.encode(titles)
        ranks: dict[str, list[int | None]] = {"words": [], "meaning": [], "hybrid": []}
        for i, title in enumerate(titles):
            meaning = np.argsort(-(documents @ vectors[i]))[:50].tolist()
            words = by_words(db, title)
            scores: dict[int, float] = {}
            for found in (meaning, words):
                for rank, row in enumerate(found, 1):
                    scores[row] = scores.get(row, 0.0) + 1 / (10 + rank)
            hybrid = sorted(scores, key=lambda row: -scores[row])
            for key, found in (("words", words), ("meaning", meaning), ("hybrid", hybrid)):
                ranks[key].append(found.index(i) + 1 if i in found else None)
        figures = [reciprocal(ranks[key]) for key in ("words", "meaning", "hybrid")]
        print(f"{name:14s} " + "{:7.3f} {:8.3f} {:7.3f}".format(*figures))
    rows = {key: row["names"] for key, row in catalogue("indicators").items()}
    keys = list(rows)
    names = encoder.encode([rows[key]["vi"] for key in keys])
    for label, chosen in (("held out", [k for k in keys if is_held_out(k)]), ("all", keys)):
        queries = encoder.encode([rows[key]["en"] for key in chosen])
        best = np.argsort(-(queries @ names.T), axis=1)[:, :5]
        hits = sum(keys.index(key) in best[i] for i, key in enumerate(chosen))
        print(f"indicators en → vi, {label} ({len(chosen)} of {len(keys)}): recall@5 {hits / len(chosen):.3f}")


if __name__ == "__main__":
    main()
