"""Counts how rare words of the news are: headlines in, index/story_model/rarity.npz out.

    python benchmarks/train_stories.py HEADLINES.jsonl.gz [--out index/story_model/rarity.npz]

Each line holds {"title", "lead"}. Kept are hashes of words and of pairs of neighbouring words with the number of reports
they stand in, for those that stand in LEAST or more; no text can be read from them.
"""

import argparse
import gzip
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index.story_term import MODEL, number, units  # noqa: E402

LEAST = 6


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("headlines", type=Path)
    parser.add_argument("--out", type=Path, default=MODEL)
    options = parser.parse_args()
    counts: Counter[int] = Counter()
    reports = 0
    with gzip.open(options.headlines, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            counts.update({number(term) for term, _ in units(f"{row['title']}\n{row['lead']}")})
            reports += 1
    kept = sorted((term, count) for term, count in counts.items() if count >= LEAST)
    options.out.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        options.out,
        terms=np.array([term for term, _ in kept], np.uint32),
        counts=np.array([count for _, count in kept], np.uint32),
        reports=np.array(reports),
    )
    print(f"{reports} reports, {len(kept)} terms, {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
