"""Every row of every table is proved by its own examples, and disproved by its negatives.

A row fires when it is named in the `rules` of something that was read: a mask, a period, a quantity, a statement, a
commitment. Categories of `FOUND` steer how statements are put together and leave no receipt of their own; there an example
proves that the text is found to say the row.
"""

from collections.abc import Iterator
from functools import cache

import pytest

from extract.cue import Cues
from extract.extractor import extract_reading
from extract.instrument import find_instruments
from extract.lexicon import catalogue, languages, lexicon
from extract.tokens import Row

FOUND = frozenset(
    {
        "acts", "attributions", "bases", "changes", "directions", "exclusions", "fillers", "heads", "indicators", "kinds",
        "lookalikes", "measures",
        "offices", "organisations", "parts", "place_words", "places", "references",
    }
)  # fmt: skip
TABLES = [(code, category) for code in languages() for category in lexicon(code).rows]


@cache
def fired(text: str, code: str) -> frozenset[str]:
    """Ids of the rows that took part in what is read in `text`."""
    reading, extraction = extract_reading(text, code)
    documents = find_instruments(Cues(reading.tokens), reading.periods)
    read = [*reading.masks, *reading.periods, *reading.quantities, *documents]
    receipts = [part.provenance for part in (*extraction.statements, *extraction.commitments)]
    return frozenset(rule for part in (*read, *receipts) for rule in part.rules)


@cache
def found(text: str, code: str) -> frozenset[str]:
    """Ids of the rows that `text` says, read or not."""
    reading, _ = extract_reading(text, code)
    return frozenset(match.row.id for matches in reading.tokens.matches.values() for match in matches)


def proved(row: Row, text: str, code: str) -> bool:
    if row.data.get("shape") == "guard":  # it shows in what it keeps from happening
        kept = [
            other.id
            for other in lexicon(code).category("masks")
            if other.data.get("guard") == row.id.rpartition(".")[2]
        ]
        return row.id in found(text, code) and bool(kept) and not fired(text, code) & set(kept)
    if "slot" in row.data:  # a part of other rows' templates
        return any(rule.startswith(f"{code}.periods.") for rule in fired(text, code))
    if row.data.get("kind") == "nothing":  # a period that is none
        return not any(rule.startswith(f"{code}.periods.") for rule in fired(text, code))
    return row.id in (found if row.category in FOUND or "cue" in row.data else fired)(text, code)


def failures(code: str, category: str) -> Iterator[str]:
    for row in lexicon(code).category(category):
        if not row.phrases and not row.data.keys() & {"templates", "slot"}:
            yield f"{row.id}: says nothing"
        if not row.data.get("examples"):
            yield f"{row.id}: no example"
        for example in row.data.get("examples", ()):
            if not proved(row, example, code):
                others = sorted(fired(example, code))
                yield f"{row.id}: does not fire on {example!r}; {', '.join(others) or 'nothing'} did"
        for negative in () if category in FOUND else row.data.get("negatives", ()):
            if proved(row, negative, code):
                yield f"{row.id}: fires on {negative!r}"


@pytest.mark.parametrize(("code", "category"), TABLES)
def test_rows_are_proved_by_their_examples(code: str, category: str) -> None:
    wrong = list(failures(code, category))
    assert not wrong, f"{len(wrong)} failures:\n" + "\n".join(wrong)


@pytest.mark.parametrize("code", languages())
def test_phrases_are_written_once_in_a_row(code: str) -> None:
    double = [
        f"{row.id}: {phrase}"
        for row in (*lexicon(code).category("units"), *lexicon(code).category("masks"))
        for phrase in row.phrases
        if [other if row.data.get("cased") else other.lower() for other in row.phrases].count(phrase) > 1
    ]
    assert not double


@pytest.mark.parametrize("code", languages())
def test_units_of_a_language_are_in_the_catalogue(code: str) -> None:
    unknown = {row.data["unit"] for row in lexicon(code).category("units")} - catalogue("units").keys()
    assert not unknown


def test_every_unit_of_the_catalogue_is_said_in_some_language() -> None:
    said = {row.data["unit"] for code in languages() for row in lexicon(code).category("units")}
    assert not catalogue("units").keys() - said


def test_every_category_of_a_language_is_known_in_all_of_them() -> None:
    tables = {code: set(lexicon(code).rows) for code in languages()}
    assert len({frozenset(names) for names in tables.values()}) == 1, tables


@pytest.mark.parametrize("code", languages())
def test_every_word_of_a_unit_is_read(code: str) -> None:
    """Not only the examples: each spelling, where it stands to its number, or a longer row that begins with it."""
    wrong = []
    for row in lexicon(code).category("units"):
        for phrase in row.phrases:
            text = f"{phrase} 12" if row.data["position"] == "before" else f"12 {phrase}"
            if row.id not in fired(text, code) and "masks" not in str(fired(text, code)):
                wrong.append(f"{row.id}: {text!r} reads as {sorted(fired(text, code))}")
    assert not wrong, f"{len(wrong)} failures:\n" + "\n".join(wrong)
