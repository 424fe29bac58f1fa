"""The facts that the articles carry and where they were read: `facts.toml` in, Facts out.

>>> sorted(facts()["gdp-2025-target-3"].figures)
[Decimal('8.3'), Decimal('8.5')]
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

FACTS = Path(__file__).parent / "facts.toml"

_ACT = re.compile(r"\b\d+/(?:\d{4}/)?[A-Z]\S*")
_YEAR = re.compile(r"\b(?:of|end of|December|November) \d{4}\b|\b(?:in|by) (?:19|20)\d\d\b")
_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Source:
    """A page where facts were read. `published` ends in a question mark where it was inferred."""

    published: str
    outlet: str
    address: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One row. Either `sources` or `invented` (the reason) is given."""

    id: str
    value: str
    indicator: str | None = None
    place: str | None = None
    period: str | None = None
    sources: tuple[Source, ...] = ()
    invented: str | None = None

    @property
    def figures(self) -> frozenset[Decimal]:
        """The figures of `value`, without scales and units, years and numbers of legal acts."""
        text = _YEAR.sub(" ", _ACT.sub(" ", self.value))
        return frozenset(Decimal(figure.replace(",", "")) for figure in _FIGURE.findall(text))


@cache
def facts() -> Mapping[str, Fact]:
    """Every fact by its id. Raises KeyError for a source that is not listed, ValueError for an id given twice."""
    data = tomllib.loads(FACTS.read_text("utf-8"))
    sources = {key: Source(**source) for key, source in data["sources"].items()}
    rows: dict[str, Fact] = {}
    for row in data["fact"]:
        if row["id"] in rows:
            raise ValueError(f"{FACTS}: {row['id']} is given twice")
        rows[row["id"]] = Fact(**{**row, "sources": tuple(sources[key] for key in row.get("sources", ()))})
    return rows
