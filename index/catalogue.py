"""The catalogues of extract as tables, and values in the canonical unit of their dimension.

In: the TOML tables of extract/catalogue. Out: a `Catalogue`, whose rows fill the tables `units`, `indicators`, `places`.

>>> Catalogue.read().canonical(Decimal("1.5"), "km")       # with metre as canonical unit of length
(Decimal('1500.0'), 'm')
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException
from functools import cache
from typing import Any

from extract.lexicon import CATALOGUE, catalogue

_LANGUAGES = ("vi", "en", "sv")


def _names(row: Mapping[str, Any]) -> dict[str, str]:
    """Names of a catalogue row in every language; one that is missing is borrowed, the id as the last resort."""
    given: Mapping[str, Any] = row.get("names", {})
    first = {code: (name if isinstance(name, str) else name[0]) for code, name in given.items() if name}
    spare = first.get("en") or first.get("vi") or str(row.get("name") or row["id"])
    return {code: first.get(code, spare) for code in _LANGUAGES}


def _rows(name: str) -> Mapping[str, Mapping[str, Any]]:
    return catalogue(name) if (CATALOGUE / f"{name}.toml").exists() else {}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`units`, `indicators`, `places` are rows of the tables of the same name, by id."""

    units: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    indicators: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    places: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    worked_out: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What others have worked out from these catalogues, kept so that they do so once."""
    _names: dict[tuple[str | None, str | None], str] = field(default_factory=dict, repr=False, compare=False)
    _factors: dict[str, tuple[Decimal, str]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls) -> "Catalogue":
        """Read the TOML files; one that is not there gives an empty table."""
        units = {
            row["unit"]: {
                "id": row["unit"],
                "dimension": row.get("dimension"),
                "canonical": row.get("canonical", row["unit"]),
                "factor": str(row.get("factor", "1")),
                "names": json.dumps(_names(row), ensure_ascii=False),
            }
            # Several rows may share a unit (% of GDP, % of the plan are percent): the first is the unit itself.
            for row in reversed(list(_rows("units").values()))
        }
        indicators = {
            key: {
                "id": key,
                **_names(row),
                "unit": _text(row.get("units")),
                "topic": row.get("topic"),
                "publisher": _text(row.get("publisher")),
                "frequency": _text(row.get("frequency")),
                "type": row.get("type"),
            }
            for key, row in _rows("indicators").items()
        }
        places = {
            key: {
                "id": key,
                "unit": row.get("slug") or key.partition("@")[0],
                **_names(row),
                "code": _text(row.get("code")),
                "kind": row.get("kind"),
                "region": row.get("region"),
                "version": _text(row.get("version")) or (key.partition("@")[2] or None),
                "valid_from": _text(row.get("from")),
                "valid_to": _text(row.get("to")),
                "within": row.get("within"),
                "successor": row.get("successor"),
                "parents": json.dumps(list(row.get("parents", ())), ensure_ascii=False),
            }
            for key, row in _rows("places").items()
        }
        return cls(units, indicators, places)

    def names(self, indicator: str | None, place: str | None) -> str:
        """All names of an indicator and a place, for the word index."""
        known = self._names.get((indicator, place))
        if known is None:
            rows = (self.indicators.get(indicator or ""), self.places.get(place or ""))
            known = "\n".join(dict.fromkeys(row[code] for row in rows if row for code in _LANGUAGES))
            self._names[indicator, place] = known
        return known

    def place_named(self, name: str | None, day: str | None) -> str | None:
        """The place of that name as it stood on `day` (today where None); None where the name is of none or of several."""
        if name is None:
            return None
        found = [
            row
            for row in self.places.values()
            if name in (row["vi"], row["en"], row["sv"])
            and (row["valid_from"] or "") <= (day or "9999")
            and (day or "9999") <= (row["valid_to"] or "9999")
        ]
        return found[0]["id"] if len(found) == 1 else None

    def canonical(self, value: Decimal | None, unit: str | None) -> tuple[Decimal | None, str | None]:
        """`value` in the canonical unit; a compound (`VND/person`) is converted part by part, an unknown unit stays."""
        if unit is None or value is None:
            return value, unit
        factor, canonical = self.factor(unit)
        try:
            return value * factor, canonical
        except DecimalException:
            return None, canonical

    def factor(self, unit: str) -> tuple[Decimal, str]:
        """What a value in `unit` is multiplied by to be in the canonical unit, and that unit."""
        known = self._factors.get(unit)
        if known is None:
            factor, parts = Decimal(1), []
            for i, part in enumerate(unit.split("/")):
                row = self.units.get(part)
                parts.append(row["canonical"] if row else part)
                one = Decimal(row["factor"]) if row else Decimal(1)
                factor = factor * one if i == 0 else factor / one
            known = self._factors[unit] = factor, "/".join(parts)
        return known


@cache
def shipped() -> Catalogue:
    """The catalogues of this version, read once."""
    return Catalogue.read()


def _text(value: object) -> str | None:
    if value is None:
        return None
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
