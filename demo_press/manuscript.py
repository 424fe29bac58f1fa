"""The texts of the press as they are kept: `articles/<language>/<stem>.md` in, Manuscripts out.

A file is TOML between two lines of `+++`, then the body, its paragraphs parted by empty lines. A paragraph whose every
line has cells parted by ` | ` is a table:

    +++
    title = "Kinh tế quý I/2025 tăng 6,93%"
    lead = "…"
    section = "Kinh tế"
    tags = ["GDP"]
    facts = ["gdp-2025-q1-first"]              # rows of facts.toml: every figure of the text stands in one of them
    byline = "Minh Khuê"
    agency = "HĐB"                             # optional: sign-off of a wire text
    dateline = "Hanoi"                         # optional
    caption = "…"                              # optional: under a photo
    related = ["gdp-2025-ca-nam"]              # optional: stems of texts that a box inside the body links to
    translates = "gdp-quy-1-2025"              # optional: stem of the Vietnamese text
    altered = { "11,81" = "11,18" }            # optional: a number that this translation gets wrong
    edition = 2                                # optional: the edition of the press that first has it
    [[at]]                                     # where and when it was printed; the first time is the text's own
    site = "lua-moi"
    published = 2025-04-06T09:40:00+07:00
    original = "cua-bien"                      # optional: the site that an aggregator took it from
    [[edit]]                                   # optional: a silent change
    edition = 2
    at = 2026-01-06T08:02:00+07:00
    old = "510"
    new = "514"
    +++

>>> manuscripts()["vi/gdp-quy-1-2025"].title
'Kinh tế quý I/2025 tăng 6,93%'
"""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

ARTICLES = Path(__file__).parent / "articles"


@dataclass(frozen=True, slots=True)
class Printing:
    """One place where a text was printed."""

    site: str
    published: datetime
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that the paper made without a word, in `edition` of the press."""

    edition: int
    at: datetime
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Manuscript:
    """One text in one language. `modified` is the time of the last edit, None where there was none."""

    language: str
    stem: str
    title: str
    lead: str
    body: tuple[str, ...]
    section: str
    facts: tuple[str, ...]
    printings: tuple[Printing, ...]
    tags: tuple[str, ...] = ()
    byline: str | None = None
    agency: str | None = None
    dateline: str | None = None
    caption: str | None = None
    related: tuple[str, ...] = ()
    translates: str | None = None
    altered: Mapping[str, str] | None = None
    edition: int = 1
    edits: tuple[Edit, ...] = ()
    modified: datetime | None = None

    @property
    def key(self) -> str:
        """Language and stem, as in `vi/gdp-quy-1-2025`."""
        return f"{self.language}/{self.stem}"

    @property
    def text(self) -> str:
        """What a crawler should read: the lead, then the body, one newline between paragraphs."""
        return "\n".join((self.lead, *self.body))

    def in_edition(self, edition: int) -> "Manuscript | None":
        """The text as `edition` of the press has it; None before it was written."""
        if edition < self.edition:
            return None
        text = self
        for edit in self.edits:
            if edit.edition <= edition:
                text = replace(
                    text,
                    title=text.title.replace(edit.old, edit.new),
                    lead=text.lead.replace(edit.old, edit.new),
                    body=tuple(paragraph.replace(edit.old, edit.new) for paragraph in text.body),
                    modified=edit.at,
                )
        return text


def read(path: Path) -> Manuscript:
    """The manuscript of one file. Raises ValueError naming the file where front matter or text is wrong."""
    whole = unicodedata.normalize("NFC", path.read_text("utf-8"))
    try:
        _, front, body = whole.split("+++\n", 2)
        data: dict[str, Any] = tomllib.loads(front)
        fields: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
        manuscript = Manuscript(
            language=path.parent.name,
            stem=path.stem,
            printings=tuple(Printing(**printing) for printing in fields.pop("at")),
            edits=tuple(Edit(**edit) for edit in fields.pop("edit", ())),
            body=tuple(_paragraph(block) for block in body.split("\n\n") if block.strip()),
            **fields,
        )
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{path}: {error}") from error
    for edit in manuscript.edits:
        if edit.old not in f"{manuscript.title}\n{manuscript.text}":
            raise ValueError(f"{path}: {edit.old!r} is not in the text, so it cannot be edited")
    return manuscript


def _paragraph(block: str) -> str:
    """One line, however the file breaks it; a table keeps its rows."""
    lines = [" ".join(line.split()) for line in block.strip().splitlines()]
    return "\n".join(lines) if all(" | " in line for line in lines) else " ".join(lines)


@cache
def manuscripts() -> Mapping[str, Manuscript]:
    """Every text of the press by its key, in the order of the keys."""
    return {text.key: text for text in map(read, sorted(ARTICLES.glob("*/*.md")))}
