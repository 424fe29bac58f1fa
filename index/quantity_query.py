"""Quantities in a search box: what a person typed in, a condition on values and the words that are left out.

>>> asked, words = quantity("xuất khẩu trên 10%")
>>> asked.low, asked.high, asked.unit, words
(Decimal('10'), None, 'percent', 'xuất khẩu ')

The extractor's own reader reads them, in each language's notation, so "8.5 %" and "8,5%" ask for the same values.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from extract.lexicon import languages

_DIGIT = re.compile(r"\d")
_NEAR = Decimal("0.05")
"""How far `about` reaches, as a share of the value."""


@dataclass(frozen=True, slots=True)
class QuantityQuery:
    """Values wanted: any of `values` exactly, or those from `low` to `high` (None is open; `strict` leaves out the bound)."""

    values: tuple[Decimal, ...]
    low: Decimal | None
    high: Decimal | None
    strict: bool
    unit: str | None
    qualifier: str | None
    printed: str

    def record(self) -> dict[str, Any]:
        """For the answer: what was understood."""
        value = self.values[0] if self.values else self.low if self.low is not None else self.high
        high = self.high if self.values == () and self.low is not None else None
        return {
            "value": None if value is None else format(value, "f"),
            "value_high": None if high is None or high == value else format(high, "f"),
            "unit": self.unit,
            "qualifier": self.qualifier,
            "printed": self.printed,
        }


def quantity(query: str) -> tuple[QuantityQuery | None, str]:
    """The one quantity of a query and the words around it; (None, query) where there is none or several.

    A bare number is one only where nothing else is asked: in "GDP 2025" the number is a word.
    """
    if not _DIGIT.search(query) or len(query) > 200:
        return None, query
    found: dict[str, Any] = {}
    for code in languages():
        readings = [q for q in _read(query, code) if q.value is not None or q.readings]
        if len(readings) > 1:
            readings = [q for q in readings if q.unit]
        if len(readings) == 1:
            found[code] = readings[0]
    if not found:
        return None, query
    # the language whose reader understood most: a unit, then a qualifier, then the longest words
    first = max(found.values(), key=lambda q: (q.unit is not None, q.qualifier is not None, len(q.exact)))
    rest = query[: first.start] + " " + query[first.end :]
    if not first.unit and re.search(r"\w", rest):
        return None, query
    same = [q for q in found.values() if q.unit == first.unit]
    values = tuple(dict.fromkeys(v for q in same for v in (*((q.value,) if q.value is not None else ()), *q.readings)))
    return _condition(first, values), rest


def _condition(q: Any, values: tuple[Decimal, ...]) -> QuantityQuery:
    low = high = None
    strict = q.qualifier in ("over", "under")
    value = values[0]
    if q.value_high is not None:
        low, high, values = value, q.value_high, ()
    elif q.qualifier in ("over", "at_least"):
        low, values = value, ()
    elif q.qualifier in ("under", "at_most"):
        high, values = value, ()
    elif q.qualifier == "about":
        low, high, values = value - abs(value) * _NEAR, value + abs(value) * _NEAR, ()
    return QuantityQuery(values, low, high, strict, q.unit, q.qualifier, q.exact)


def _read(query: str, code: str) -> list[Any]:
    from extract.pipeline import read

    return list(read(query, code).quantities)


def sql(asked: QuantityQuery, canonical: Any) -> tuple[str, Mapping[str, Any]]:
    """The condition on `statements s` and its arguments. `canonical` is Catalogue.canonical, or like it."""
    column, unit = ("s.canonical", None) if asked.unit else ("s.number", None)
    arguments: dict[str, Any] = {}
    parts: list[str] = []

    def bound(value: Decimal, name: str) -> str:
        nonlocal unit
        if asked.unit:
            value, unit = canonical(value, asked.unit)
        arguments[name] = float(value)
        return f":{name}"

    if asked.values:
        options = []
        for i, value in enumerate(asked.values[:4]):
            name = bound(value, f"q{i}")
            # floats of one decimal may differ in the last bit after conversion
            options.append(f"{column} between {name} - abs({name}) * 1e-9 and {name} + abs({name}) * 1e-9")
        parts.append("(" + " or ".join(options) + ")")
    if asked.low is not None:
        high_end = f"{column}_high" if asked.unit else "s.number_high"
        name = bound(asked.low, "q_low")
        parts.append(f"({column} {'>' if asked.strict else '>='} {name} or {high_end} >= {name})")
    if asked.high is not None:
        parts.append(f"{column} {'<' if asked.strict else '<='} {bound(asked.high, 'q_high')}")
    if unit:
        parts.insert(0, "s.canonical_unit = :q_unit")
        arguments["q_unit"] = unit
    return " and ".join(parts), arguments
