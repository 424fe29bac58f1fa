"""Commitments against our own gold (tests/gold/commitments.jsonl): floors per language and split.

    python tests/extract/test_commitment_gold.py [--misses]      # the figures as they are, to raise the floors by

F1 of clauses that share half of their words (extract/evaluation.py), and over the matched: deadline, instrument and status to the
letter; actor where the words of one name all stand in the other; object and beneficiary, where the gold names them, by half of
their words. Misses of the held-out split are never printed.
"""

import hashlib
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from extract.evaluation import fold, fold_place, words_f1
from extract.extractor import extract

GOLD = Path(__file__).parents[1] / "gold"
LANGUAGES = ("vi", "en", "sv")
SPLITS = ("open", "held_out")
FLOORS: dict[str, Any] = tomllib.loads((GOLD / "floors.toml").read_text(encoding="utf-8"))["commitments"]
STATUSES = {"proposed", "planned", "approved", "in_progress", "done", "delayed"}
Row = Mapping[str, Any]


@cache
def gold() -> tuple[Row, ...]:
    """The annotated passages."""
    lines = (GOLD / "commitments.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


def same_actor(one: str | None, other: str | None) -> bool:
    """Both unsaid, or the words of the one all stand in the other, as names are given in full or in short."""
    a, b = (set(re.findall(r"\w+", fold(name))) for name in (one, other))
    return a == b or bool(a and b and (a <= b or b <= a))


AGREE = {
    "deadline": lambda a, b: a.get("deadline") == b.get("deadline"),
    "instrument": lambda a, b: fold(a.get("instrument")) == fold(b.get("instrument")),
    "status": lambda a, b: a.get("status") == b.get("status"),
    "place": lambda a, b: fold_place(a.get("place")) == fold_place(b.get("place")),
    "actor": lambda a, b: same_actor(a.get("actor"), b.get("actor")),
    "object": lambda a, b: "object" not in b or words_f1(a.get("object"), b["object"]) >= 0.5,
    "beneficiary": lambda a, b: "beneficiary" not in b or words_f1(a.get("beneficiary"), b["beneficiary"]) >= 0.5,
}


@cache
def score(language: str, split: str) -> tuple[dict[str, float], tuple[str, ...]]:
    """F1 of clauses, accuracy of each field over the matched; the misses in words."""
    count: Counter[str] = Counter()
    misses: list[str] = []
    for row in gold():
        if row["language"] != language or row["split"] != split:
            continue
        found = extract(row["text"], language, date.fromisoformat(row["published_at"])).commitments
        left = [one.figure() for one in found]
        count.update(found=len(left), wanted=len(row["commitments"]))
        for clause in row["commitments"]:
            near = [one for one in left if one["start"] < clause["end"] and clause["start"] < one["end"]]
            best: Any = max(near, key=lambda one: words_f1(str(one["quote"]), clause["quote"]), default=None)
            if best is None or words_f1(best["quote"], clause["quote"]) < 0.5:
                misses.append(f"{row['id']} missed {clause['quote']!r}: {[one['quote'] for one in near]}")
                continue
            left.remove(best)
            count["hits"] += 1
            for name, agree in AGREE.items():
                right = agree(best, clause)
                count[name] += right
                if not right:
                    misses.append(
                        f"{row['id']} {name} of {clause['quote'][:50]!r}: {best.get(name)!r}, {clause.get(name)!r}"
                    )
        misses += [f"{row['id']} extra {one['quote']!r} {one['status']} {one['actor']}" for one in left]
    figures = {"f1": 2 * count["hits"] / (count["found"] + count["wanted"] or 1)}
    figures |= {name: count[name] / max(1, count["hits"]) for name in AGREE}
    return {name: round(value, 4) for name, value in figures.items()}, tuple(misses)


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_commitments_are_read_no_worse_than_before(language: str, split: str) -> None:
    figures, floors = score(language, split)[0], FLOORS[language][split]
    fallen = {name: (figures[name], floor) for name, floor in floors.items() if figures[name] < floor}
    assert floors
    assert not fallen, f"below the floor (measured, floor): {fallen}"


def test_the_gold_is_sound() -> None:
    passages = Counter(row["language"] for row in gold())
    assert passages["vi"] >= 20
    assert min(passages.values()) >= 8
    assert sum(not row["commitments"] for row in gold()) >= 4
    for row in gold():
        third = int(hashlib.sha256(row["id"].encode()).hexdigest(), 16) % 3 == 0
        assert row["split"] == ("held_out" if third else "open"), row["id"]
        for clause in row["commitments"]:
            assert row["text"][clause["start"] : clause["end"]] == clause["quote"], (row["id"], clause)
            assert clause["status"] in STATUSES, clause


if __name__ == "__main__":
    for name in SPLITS:
        for code in LANGUAGES:
            print(f"[commitments.{code}.{name}]", score(code, name)[0])
            if "--misses" in sys.argv and name == "open":
                print(*score(code, name)[1], sep="\n", file=sys.stderr)
