"""The words of one language, read from `extract/languages/<code>/*.toml`, and the catalogues that no language owns.

Every file of a language is one category (`units`, `scales`, `qualifiers`, `masks`, `cues` …), every `[[row]]` in it has

    id = "vnd"                        # unique in the file; the row is called "vi.units.vnd" in receipts
    phrases = ["đồng", "VND"]         # what the text says, matched without regard to case
    cased = true                      # optional: capitals count ("T", "MW")
    examples = ["giá 500 đồng"]       # at least one: reading it must fire this row
    negatives = ["hội đồng"]          # optional: reading it must not fire this row
    …                                 # whatever the reader of that category needs

`language.toml` is not a category: it holds facts about the language itself (separators, spelling variants, abbreviations).
Spelling variants (tỷ/tỉ, oà/òa) are expanded here, once, so no table lists them.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from extract.errors import TableError
from extract.tokens import Row

HERE = Path(__file__).parent
LANGUAGES = HERE / "languages"
CATALOGUE = HERE / "catalogue"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`rows` by category; `facts` is language.toml; `variants` pairs of spellings that mean the same syllable."""

    code: str
    facts: Mapping[str, Any]
    rows: Mapping[str, tuple[Row, ...]]

    def __iter__(self) -> Iterator[Row]:
        for rows in self.rows.values():
            yield from rows

    def category(self, name: str) -> tuple[Row, ...]:
        """The rows of one table, empty where the language has none."""
        return self.rows.get(name, ())

    def spellings(self, phrase: str) -> list[str]:
        """`phrase` and every way its syllables may also be spelled."""
        phrases = [phrase]
        for one, other in self.facts.get("variants", ()):
            for a, b in ((one, other), (other, one)):
                phrases += [p.replace(a, b) for p in phrases if a in p and p.replace(a, b) not in phrases]
        return phrases


def read_table(path: Path) -> dict[str, Any]:
    """One TOML file; a syntax error names the file."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TableError(f"{path}: {error}") from error


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages that have a folder."""
    return tuple(sorted(path.parent.name for path in LANGUAGES.glob("*/language.toml")))


@cache
def lexicon(code: str) -> Lexicon:
    """The tables of language `code`. Raises TableError for an unknown language or a row without id or phrases."""
    folder = LANGUAGES / code
    if not (folder / "language.toml").exists():
        raise TableError(f"no language {code!r}: there are {', '.join(languages())}")
    tables: dict[str, tuple[Row, ...]] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem == "language":
            continue
        rows, seen = [], set()
        for entry in read_table(path).get("row", ()):
            if "id" not in entry or entry["id"] in seen:
                raise TableError(f"{path}: a row needs an id of its own, got {entry.get('id')!r}")
            seen.add(entry["id"])
            data = {key: value for key, value in entry.items() if key not in ("id", "phrases")}
            rows.append(Row(f"{code}.{path.stem}.{entry['id']}", path.stem, tuple(entry.get("phrases", ())), data))
        tables[path.stem] = tuple(rows)
    return Lexicon(code, read_table(folder / "language.toml"), tables)


@cache
def catalogue(name: str) -> Mapping[str, Mapping[str, Any]]:
    """A language-neutral table, `extract/catalogue/<name>.toml`, its rows by id."""
    path = CATALOGUE / f"{name}.toml"
    return {row["id"]: row for row in read_table(path).get("row", ())}
