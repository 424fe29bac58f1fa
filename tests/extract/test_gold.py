"""The extractor against our own gold (tests/gold): floors per language, split and field, and the gold's own soundness.

    python tests/extract/test_gold.py [open|held_out] [--misses]      # the figures as they are, to raise the floors by

Misses of the held-out split are never printed: it is measured, not tuned on.
"""

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from extract.evaluation import Miss, Ratio, align, closing_days, evaluate, fold, fold_unit, same_value

GOLD = Path(__file__).parents[1] / "gold"
LANGUAGES = ("vi", "en", "sv")
SPLITS = ("open", "held_out")
NEWS = ("en", "sv")
"""Languages with a second set of passages, in the style of agency reports."""
FLOORS: dict[str, Any] = tomllib.loads((GOLD / "floors.toml").read_text(encoding="utf-8"))
PERIOD = re.compile(
    r"\d{4}(-(Q[1-4]|S[12]|\d\d(-\d\d)?))?(/\d{4}(-\d\d(-\d\d)?)?)?"
)  # the forms of the guidelines: year, quarter, half, month, day, and spans of them

Row = Mapping[str, Any]


@cache
def gold(name: str) -> tuple[Row, ...]:
    """The rows of one file of tests/gold."""
    return tuple(json.loads(line) for line in (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())


def part(rows: tuple[Row, ...], language: str, split: str) -> list[Row]:
    """The rows of one language and split."""
    return [row for row in rows if row["language"] == language and row["split"] == split]


@dataclass(frozen=True, slots=True)
class Sentences:
    """How the numbers and periods of single sentences were read."""

    figures: dict[str, float]
    misses: tuple[Miss, ...]


@cache
def score_sentences(language: str, split: str) -> Sentences:
    """quantity, unit-free quantity and period F1; qualifier accuracy over the matched; sentences without any read as such."""
    from extract.extractor import quantities

    misses: list[Miss] = []
    found = wanted = hits = numbers = right = dates = dates_found = dates_wanted = silent = silent_wanted = 0
    for row in part(gold("quantities"), language, split):
        answer: Any = quantities(row["text"], language, date.fromisoformat(row["published_at"]))
        given: list[Row] = [_signed(quantity) for quantity in answer["quantities"]]
        pairs = align(given, list(row["quantities"]))
        refused = {i for i, quantity in enumerate(given) if quantity["value"] is None} - {i for i, _ in pairs}
        given = [quantity for i, quantity in enumerate(given) if i not in refused]  # "hundreds": no value, no figure
        pairs = align(given, list(row["quantities"]))
        found, wanted = found + len(given), wanted + len(row["quantities"])
        for i, j in pairs:
            one, other = given[i], row["quantities"][j]
            number = same_value({**one, "unit": None}, {**other, "unit": None})
            numbers += number
            if not same_value(one, other):
                field = "unit" if number else "value"
                misses.append(Miss(row["id"], field, other["quote"], _shown(one), _shown(other)))
                continue
            hits += 1
            agrees = one.get("qualifier") == other.get("qualifier")
            right += agrees
            if not agrees:
                misses.append(
                    Miss(row["id"], "qualifier", other["quote"], one.get("qualifier"), other.get("qualifier"))
                )
        misses += [Miss(row["id"], "extra", g["quote"], _shown(g)) for g in _unpaired(given, {i for i, _ in pairs})]
        misses += [Miss(row["id"], "missed", g["quote"]) for g in _unpaired(row["quantities"], {j for _, j in pairs})]
        dated = [
            (p, g)
            for p in answer["periods"]
            for g in row["periods"]
            if min(p["end"], g["end"]) > max(p["start"], g["start"]) and p["period"] == g["period"]
        ]
        read = [p for p in answer["periods"] if p["period"]]
        dates, dates_found, dates_wanted = (
            dates + len(dated),
            dates_found + len(read),
            dates_wanted + len(row["periods"]),
        )
        if len(dated) != len(row["periods"]) or len(dated) != len(read):
            misses.append(
                Miss(
                    row["id"], "periods", row["text"], *([p["period"] for p in some] for some in (read, row["periods"]))
                )
            )
        if not row["quantities"]:
            silent, silent_wanted = silent + (not given), silent_wanted + 1
    figures = {
        "quantity": Ratio(hits, found, wanted).f1,
        "number": Ratio(numbers, found, wanted).f1,
        "period": Ratio(dates, dates_found, dates_wanted).f1,
        "qualifier": right / max(1, hits),
        "silence": silent / max(1, silent_wanted),
        "matched": hits,
    }
    return Sentences({name: round(value, 4) for name, value in figures.items()}, tuple(misses))


def _same_base(one: str | None, other: str | None) -> bool:
    """The same word, or periods that close on the same day."""
    if one is None or other is None or not (one[:1].isdigit() and other[:1].isdigit()):
        return one == other
    return bool(closing_days(one) & closing_days(other))


def _same_source(one: str | None, other: str | None) -> bool:
    """Both unnamed, or the words of the one all stand in the other: an office is named in full or in short."""
    a, b = (set(re.findall(r"\w+", fold(name))) for name in (one, other))
    return a == b or bool(a and b and (a <= b or b <= a))


def _signed(quantity: dict[str, Any]) -> dict[str, Any]:
    """A reading with its printed sign in its value: a sentence's gold holds -10.95 for "(-10,95%)"."""
    factor = -1 if quantity["sign"] < 0 else 1
    signed = {key: None if quantity[key] is None else factor * float(quantity[key]) for key in ("value", "value_high")}
    return {**quantity, **signed}


def _unpaired(quantities: list[Row], used: set[int]) -> Iterator[Row]:
    return (quantity for i, quantity in enumerate(quantities) if i not in used)


def _shown(quantity: Mapping[str, Any]) -> dict[str, Any]:
    return {key: quantity.get(key) for key in ("value", "value_high", "unit") if quantity.get(key) is not None}


@cache
def score_passages(language: str, split: str, name: str = "statements") -> tuple[dict[str, float], tuple[Miss, ...]]:
    """F1 of value, record, receipt, part_of and commitment; accuracy by field, of base and source too; `matched` figures."""
    from extract.extractor import extract

    rows = part(gold(f"{name}-{language}"), language, split)
    system = {}
    for row in rows:
        found = extract(row["text"], language, date.fromisoformat(row["published_at"]))
        system[row["id"]] = {
            "figures": [statement.figure() for statement in found.statements],
            "commitments": [commitment.figure() for commitment in found.commitments],
        }
    score = evaluate(system, rows)
    figures = {field: round(ratio.f1, 4) for field, ratio in score.ratios.items()} | score.accuracy
    whole = {f"{name} hits": float(score.ratios[name].hits) for name in ("record", "receipt")}
    figures |= {"matched": float(score.ratios["value"].hits), **whole}
    misses = list(score.misses)
    for field, agree in (("base", _same_base), ("source", _same_source)):
        hits = compared = 0
        for row in rows:
            answer: Any = system[row["id"]]["figures"]
            for i, j in align(answer, row["figures"]):
                if same_value(answer[i], row["figures"][j]):
                    one, other = answer[i].get(field) or None, row["figures"][j].get(field) or None
                    hits, compared = hits + agree(one, other), compared + 1
                    if not agree(one, other):
                        misses.append(Miss(row["id"], field, row["figures"][j]["quote"], one, other))
        figures[field] = round(hits / max(1, compared), 4)
    return figures, tuple(misses)


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_read_no_worse_than_before(language: str, split: str) -> None:
    _hold(
        score_sentences(language, split).figures,
        FLOORS["sentences"][language][split],
        FLOORS["right_sentences"][language][split],
    )


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_passages_are_read_no_worse_than_before(language: str, split: str) -> None:
    _hold(score_passages(language, split)[0], FLOORS["passages"][language][split], FLOORS["right"][language][split])


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("language", NEWS)
def test_reports_are_read_no_worse_than_before(language: str, split: str) -> None:
    _hold(
        score_passages(language, split, "news")[0],
        FLOORS["news"][language][split],
        FLOORS["right_news"][language][split],
    )


def _hold(figures: Mapping[str, float], floors: Mapping[str, float], right: Mapping[str, int] | None = None) -> None:
    """No figure below its floor. An accuracy over the matched figures, a record or a receipt may be, where only more figures are
    matched than before and no fewer are `right`: who reads a hard value for the first time has lost nothing."""
    assert floors, "a floor for every language and split"
    fallen = {
        name: (figures[name], floor)
        for name, floor in floors.items()
        if figures[name] < floor
        and not (
            right
            and name in right
            and figures["matched"] > right["matched"]
            and figures.get(f"{name} hits", round(figures[name] * figures["matched"])) >= right[name]
        )
    }
    assert not fallen, f"below the floor (measured, floor): {fallen}"


def all_rows() -> list[Row]:
    """Every annotated row of the three kinds of file."""
    return [
        row
        for name in ("quantities", *(f"statements-{code}" for code in LANGUAGES), *(f"news-{code}" for code in NEWS))
        for row in gold(name)
    ]


def test_quotes_stand_where_the_gold_says() -> None:
    for row in all_rows():
        for mark in (item for key in ("quantities", "periods", "figures", "commitments") for item in row.get(key, [])):
            assert row["text"][mark["start"] : mark["end"]] == mark["quote"], (row["id"], mark)


def test_figures_stand_in_reading_order_and_do_not_overlap() -> None:
    for row in all_rows():
        marks = row.get("figures") or row.get("quantities") or []
        for one, other in pairwise(marks):
            assert one["end"] <= other["start"], (row["id"], one["quote"], other["quote"])


def test_fields_hold_only_what_the_guidelines_allow() -> None:
    allowed: dict[str, set[str | None]] = {
        "kind": {"statistic", "target", "forecast", "commitment", "rule"},
        "measure": {"level", "change", "growth", "share", "ratio", "rank"},
        "direction": {None, "up", "down", "flat"},
        "qualifier": {None, "about", "over", "under", "at_least", "at_most"},
    }
    for row in all_rows():
        for figure in row.get("figures", []):
            for name, values in allowed.items():
                assert figure.get(name) in values, (row["id"], figure)
            assert (figure.get("direction") is not None) == (figure["measure"] in {"change", "growth"}), figure
            assert figure["indicator"], figure
            assert fold_unit(figure["unit"]), figure
            total = figure.get("part_of")
            assert total is None or (0 <= total < len(row["figures"]) and row["figures"][total] is not figure), figure
        for mark in (*row.get("figures", []), *row.get("periods", [])):
            assert mark["period"] is None or PERIOD.fullmatch(mark["period"]), (row["id"], mark)


def test_the_split_follows_from_the_id_alone() -> None:
    for row in all_rows():
        third = int(hashlib.sha256(row["id"].encode()).hexdigest(), 16) % 3 == 0
        assert row["split"] == ("held_out" if third else "open"), row["id"]


def test_the_gold_is_as_large_as_it_says() -> None:
    sentences = gold("quantities")
    assert [len([row for row in sentences if row["language"] == code]) for code in LANGUAGES] == [209, 87, 67]
    assert sum(not row["quantities"] for row in sentences) >= 40
    assert [len(gold(f"statements-{code}")) for code in LANGUAGES] == [54, 20, 17]
    assert [len(gold(f"news-{code}")) for code in NEWS] == [12, 10]
    ids = [row["id"] for row in all_rows()]
    assert len(ids) == len(set(ids))


def _passages(kind: str, language: str, split: str) -> tuple[dict[str, float], tuple[Miss, ...]]:
    return score_passages(language, split, "news" if kind == "news" else "statements")


def report(split: str, misses: bool) -> None:
    """Print the figures of one split as the tables of floors.toml; with `misses`, what was read otherwise."""
    for kind in ("sentences", "passages", "news"):
        for language in NEWS if kind == "news" else LANGUAGES:
            result = score_sentences(language, split) if kind == "sentences" else _passages(kind, language, split)
            figures, missed = (result.figures, result.misses) if isinstance(result, Sentences) else result
            print(
                f"[{kind}.{language}.{split}]", *(f"{name} = {value}" for name, value in figures.items()), "", sep="\n"
            )
            if misses and split == "open":
                print(*missed, "", sep="\n", file=sys.stderr)


if __name__ == "__main__":
    chosen = [argument for argument in sys.argv[1:] if argument in SPLITS] or list(SPLITS)
    for name in chosen:
        report(name, "--misses" in sys.argv)
