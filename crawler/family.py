"""A template family: how the pages of one content system are read. Data, one TOML file each in `crawler/families/`.

In: a TOML file. Out: a Family. Every field has an ordered list of selector candidates (`css` or `css @attribute`); the
first that matches is used, and `expect` says how many elements it should match, so that a changed layout is reported
and not taken for an empty text. `generic.toml` belongs to every page: what is furniture everywhere, where an unknown
page keeps its body, headings that end a text, titles of published corrections, letters that
tell languages apart.

    detect = ['[class*="cms-body"]']         # signs of the family on a page of an unknown host
    title = ["h1.article__title.cms-title", ".cms-title"]
    body = ["div.article__body.cms-body"]
    published = ["time @datetime"]
    drop = [".article-relate"]               # furniture inside the body
    residue = ["leftcenterrightdel"]         # words that an editor's program leaves in texts
    expect = { title = 1, body = 1 }         # or [least, most]
    assumed = ["body"]                       # fields nobody has checked against a real page yet

>>> load_families()["cms"].title[0].css
'h1.article__title.cms-title'
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from crawler.dates import compile_pattern
from crawler.errors import CardError
from crawler.selector import Selector

FAMILIES = Path(__file__).parent / "families"

FIELDS = ("title", "lead", "body", "byline", "section", "tags", "captions", "published", "modified", "source")
"""Fields that a family finds by selectors. `source` is the link to the page that an aggregator copied."""


@dataclass(frozen=True, slots=True)
class Family:
    """Selector candidates by field, and what else reading a page of this family needs."""

    name: str
    fields: Mapping[str, tuple[Selector, ...]]
    drop: tuple[Selector, ...] = ()
    detect: tuple[Selector, ...] = ()
    listing: tuple[Selector, ...] = ()
    expect: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    date_patterns: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    residue: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    letters: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    note: str = ""


def strings(file: Path, key: str, value: Any) -> tuple[str, ...]:
    """`value` as a tuple of strings. Raises CardError where it is no list of strings or has one twice."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise CardError(file, key, "must be a list of strings")
    for item in value:
        if value.count(item) > 1:
            raise CardError(file, key, f"{item!r} is given twice; keep one")
    return tuple(value)


def selectors(file: Path, key: str, value: Any) -> tuple[Selector, ...]:
    """`value` as selectors. Raises CardError naming the one that does not parse."""
    try:
        return tuple(Selector.of(text) for text in strings(file, key, value))
    except ValueError as error:
        raise CardError(file, key, str(error)) from error


def read_toml(file: Path) -> dict[str, Any]:
    """One TOML file. Raises CardError where it cannot be read or is no TOML."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise CardError(file, "file", f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CardError(file, "file", f"is not TOML: {error}") from error


def read_family(file: Path) -> Family:
    """The family of one TOML file. Raises CardError for an unknown key or a value that cannot be used."""
    data = read_toml(file)
    fields = {name: selectors(file, name, data.pop(name)) for name in FIELDS if name in data}
    lists = {key: selectors(file, key, data.pop(key)) for key in ("drop", "detect", "listing") if key in data}
    texts = {
        key: strings(file, key, data.pop(key))
        for key in ("date_patterns", "months", "addresses", "stop", "residue", "corrections", "assumed")
        if key in data
    }
    for pattern in texts.get("date_patterns", ()):
        try:
            compile_pattern(pattern, texts.get("months", ()))
        except ValueError as error:
            raise CardError(file, "date_patterns", str(error)) from error
    expect = _expect(file, data.pop("expect", {}), fields)
    try:
        letters = {code: (str(row["letters"]), float(row["share"])) for code, row in data.pop("letters", {}).items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CardError(file, "letters", "must be tables of letters and share by language") from error
    note = data.pop("note", "")
    if data:
        raise CardError(file, next(iter(data)), "is not a key of a template family")
    return Family(file.stem, fields, expect=expect, letters=letters, note=str(note), **lists, **texts)  # type: ignore[arg-type]


def _expect(file: Path, value: Any, fields: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    if not isinstance(value, dict):
        raise CardError(file, "expect", "must be a table of field = count")
    expect = {}
    for name, count in value.items():
        pair = [count, count] if isinstance(count, int) else count
        if name not in fields or not isinstance(pair, list) or len(pair) != 2 or any(type(n) is not int for n in pair):
            raise CardError(file, f"expect.{name}", "must be a field that has selectors, = count or [least, most]")
        expect[name] = (pair[0], pair[1])
    return expect


@cache
def load_families() -> Mapping[str, Family]:
    """All families of the package by name. Raises CardError for the first file that cannot be used."""
    return {file.stem: read_family(file) for file in sorted(FAMILIES.glob("*.toml"))}


def generic() -> Family:
    """The family of every page: common furniture, bodies of unknown pages, closing headings, letters of languages."""
    return load_families()["generic"]


def guess_language(text: str) -> str:
    """The language whose own letters make up their share of `text` (by `letters` of generic.toml)."""
    letters = [c for c in text.lower() if c.isalpha()]
    for code, (own, share) in generic().letters.items():
        if own and letters and sum(c in own for c in letters) >= share * len(letters):
            return code
    return next((code for code, (own, _) in generic().letters.items() if not own), "und")
