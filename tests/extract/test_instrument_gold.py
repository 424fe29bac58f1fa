"""Documents of law and policy against our own gold (tests/gold/instruments.jsonl): floors per language and split.

    python tests/extract/test_instrument_gold.py [--misses]      # the figures as they are, to raise the floors by

A mention counts where it overlaps one of the gold and kind, number, letters, year and issuer all agree; title, date and the
issuer's place are counted apart, over the mentions that do. Misses of the held-out split are never printed.
"""

import hashlib
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from extract.cue import Cues
from extract.evaluation import fold_place, words_f1
from extract.instrument import Instrument, find_instruments, fold
from extract.pipeline import read

GOLD = Path(__file__).parents[1] / "gold"
LANGUAGES = ("vi", "en", "sv")
SPLITS = ("open", "held_out")
FLOORS: dict[str, Any] = tomllib.loads((GOLD / "floors.toml").read_text(encoding="utf-8"))["instruments"]
Row = Mapping[str, Any]


@cache
def gold() -> tuple[Row, ...]:
    """The annotated sentences."""
    lines = (GOLD / "instruments.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


def identity(one: Instrument | Row) -> tuple[object, ...]:
    """What makes two mentions agree."""
    if isinstance(one, Instrument):
        return one.type, one.number, fold(one.symbol), one.year, one.issuer
    return one["type"], one.get("number"), fold(one.get("symbol")), one.get("year"), one.get("issuer")


@cache
def score(language: str, split: str) -> tuple[dict[str, float], tuple[str, ...]]:
    """F1 of mentions, accuracy of title, date and place over the matched; the misses in words."""
    count: Counter[str] = Counter()
    misses: list[str] = []
    for row in gold():
        if row["language"] != language or row["split"] != split:
            continue
        reading = read(row["text"], language)
        found = find_instruments(Cues(reading.tokens), reading.periods)
        wanted = list(row["instruments"])
        count.update(found=len(found), wanted=len(wanted))
        left = list(found)
        for mention in wanted:
            near = [one for one in left if one.start < mention["end"] and mention["start"] < one.end]
            match = next((one for one in near if identity(one) == identity(mention)), None)
            if match is None:
                misses.append(f"{row['id']} missed {mention['quote']!r} {identity(mention)}: {[*map(identity, near)]}")
                continue
            left.remove(match)
            count["hits"] += 1
            told = "title" in mention or match.number is None  # what stands behind a number is not annotated
            title = not told or words_f1(match.title, mention.get("title")) >= 0.75
            agree = {
                "title": title,
                "date": match.date == mention.get("date"),
                "place": fold_place(match.place) == fold_place(mention.get("place")),
                "draft": match.draft == mention.get("draft", False),
            }
            count.update(name for name, right in agree.items() if right)
            misses += [
                f"{row['id']} {name} of {mention['quote']!r}: {match}" for name, right in agree.items() if not right
            ]
        extra = [one for one in left if not any(one.start < m["end"] and m["start"] < one.end for m in wanted)]
        misses += [f"{row['id']} extra {one.exact!r} {identity(one)}" for one in extra]
    figures = {"f1": 2 * count["hits"] / (count["found"] + count["wanted"])}
    figures |= {name: count[name] / count["hits"] for name in ("title", "date", "place", "draft")}
    return {name: round(value, 4) for name, value in figures.items()}, tuple(misses)


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_documents_are_read_no_worse_than_before(language: str, split: str) -> None:
    figures, floors = score(language, split)[0], FLOORS[language][split]
    fallen = {name: (figures[name], floor) for name, floor in floors.items() if figures[name] < floor}
    assert floors
    assert not fallen, f"below the floor (measured, floor): {fallen}"


def test_the_gold_is_sound() -> None:
    mentions = Counter(row["language"] for row in gold() for _ in row["instruments"])
    assert mentions["vi"] >= 120
    assert min(mentions.values()) >= 40
    for row in gold():
        half = int(hashlib.sha256(row["id"].encode()).hexdigest(), 16) % 2 == 0
        assert row["split"] == ("held_out" if half else "open"), row["id"]
        for mention in row["instruments"]:
            assert row["text"][mention["start"] : mention["end"]] == mention["quote"], (row["id"], mention)
    assert len({row["id"] for row in gold()}) == len(gold())


if __name__ == "__main__":
    for name in SPLITS:
        for code in LANGUAGES:
            print(f"[instruments.{code}.{name}]", score(code, name)[0])
            if "--misses" in sys.argv and name == "open":
                print(*score(code, name)[1], sep="\n", file=sys.stderr)
