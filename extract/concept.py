"""Which row of the catalogue an indicator is, where that is certain.

In: the span that names an indicator, and how it is measured. Out: a `Known` concept, and an id or None. The phrase of the
catalogue must be the whole indicator: "chỉ số sản xuất công nghiệp" is `iip`, the same index of one industry is none. Where
two rows of a concept would do, none is given.

>>> from extract.pipeline import read
>>> known = known_concept(Cues(read("tỷ lệ che phủ rừng", "vi").tokens), (0, 5))
>>> indicator_id(known, "share", "percent", None, False)
'forest_cover'
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from extract.cue import Cues
from extract.lexicon import catalogue
from extract.tokens import Row

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Known:
    """A concept of the catalogue that a phrase names whole."""

    concept: str
    row: Row


def known_concept(cues: Cues, span: Span | None) -> Known | None:
    """The concept that a span names, and nothing else beside it but words that narrow nothing."""
    if span is None:
        return None
    best = None
    for match in cues.within("indicators", *span):
        if best is None or match.end - match.start > best.end - best.start:
            best = match
    if best is None:
        return None
    rest = [i for i in range(*span) if not best.start <= i < best.end]
    for i in rest:
        word = cues.tokens.words[i]
        if (
            word[0].isalnum()
            and not _neutral(cues, i)
            and cues.longest(i, "places") is None
            and not _short_form(cues, i, best.row)
        ):
            return None
    return Known(best.row.data["concept"], best.row)


def _short_form(cues: Cues, i: int, row: Row) -> bool:
    return cues.tokens.words[i] in row.phrases or cues.tokens.words[i].isupper()


def _neutral(cues: Cues, i: int) -> bool:
    for match in cues.tokens.matches.get(i, ()):
        if match.row.category == "fillers" and match.row.data["use"] == "edge":
            return True
        if match.row.category == "place_words" or (
            match.row.category == "parts" and match.row.data["use"] in ("of", "whole")
        ):
            return True
    return False


_NUMBER = re.compile(r"\d{4}-12$")


def indicator_id(known: Known | None, measure: str, unit: str | None, base: str | None, monthly: bool) -> str | None:
    """The row of the catalogue that a concept, measure, unit and base decide; None where two would do or none fits."""
    if known is None:
        return None
    fits = []
    for key, row in _rows_of(known.concept).items():
        if "measure" in row and measure not in row["measure"]:
            continue
        if "base" in row and not _base_fits(row["base"], base):
            continue
        if row.get("average") and monthly:
            continue
        if "span" in row and not monthly:
            continue
        if measure in ("level", "change") and unit is not None and unit not in row["units"] and measure == "level":
            continue
        if (
            measure in ("growth",)
            and row["units"] == ["percent"]
            and "growth" not in row["type"]
            and "index" not in row["type"]
        ):
            continue
        fits.append(key)
    return fits[0] if len(fits) == 1 else None


@cache
def published_both_ways(concept: str) -> bool:
    """Whether growth of a concept is published against more than one base, as that of prices: the catalogue has a row for each."""
    bases = {
        tuple(row["base"]) for row in _rows_of(concept).values() if "base" in row and "growth" in row.get("measure", ())
    }
    return len(bases) > 1


def _base_fits(allowed: list[str], base: str | None) -> bool:
    return base in allowed or ("december" in allowed and base is not None and _NUMBER.search(base) is not None)


@cache
def _rows_of(concept: str) -> dict[str, dict[str, Any]]:
    return {key: dict(row) for key, row in catalogue("indicators").items() if row["concept"] == concept}


def is_rate(known: Known | None) -> bool:
    """Whether a concept is a share of a whole given in percent (unemployment, forest coverage)."""
    return known is not None and all(
        row["type"].startswith("ratio") and row["units"][0] == "percent" for row in _rows_of(known.concept).values()
    )


def is_growth(known: Known | None) -> bool:
    """Whether a concept is a rate of growth when it is given in percent (GDP, CPI)."""
    if known is None:
        return False
    rows = _rows_of(known.concept).values()
    return any(row.get("measure") == ["growth"] or row["type"] in ("growth", "% growth") for row in rows)
