"""The one call that other layers use: a text in, an Extraction out.

>>> extract("GDP năm 2025 tăng 8,02%.", "vi").statements[0].quantity.value
Decimal('8.02')
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from extract.checks import run_checks
from extract.language import detect_language
from extract.pipeline import Reading, read
from extract.statement import Extraction, Statement
from extract.statement_reader import CONTEXT, read_statements

VERSION = "0.1"
"""Raised whenever the same text would give other statements: `solieu extract` then does every article again."""


def extract(
    text: str, language: str | None = None, published: date | None = None, title: str | None = None
) -> Extraction:
    """Read any string. `published` anchors relative periods, `title` gives context; neither is required."""
    return extract_reading(text, language, published, title)[1]


def extract_reading(
    text: str, language: str | None = None, published: date | None = None, title: str | None = None
) -> tuple[Reading, Extraction]:
    """The same with the reading that it came from: what `solieu explain` shows."""
    code = language or detect_language(text)
    reading = read(text, code, published)
    found = read_statements(reading, published, read(title, code, published) if title else None)
    origin = reading.source.origin
    statements = tuple(_in_text(statement, text, *origin(*_offsets(statement))) for statement in found.statements)
    ignored = tuple((*origin(start, end), reason) for start, end, reason in found.ignored)
    checks = tuple(run_checks(found.statements, reading))
    return reading, Extraction(statements, checks=checks, ignored=ignored)


def _offsets(statement: Statement) -> tuple[int, int]:
    return statement.provenance.start, statement.provenance.end


def _in_text(statement: Statement, text: str, start: int, end: int) -> Statement:
    """The statement with offsets and quotes of the caller's own text."""
    exact = text[start:end]
    receipt = replace(
        statement.provenance,
        start=start,
        end=end,
        exact=exact,
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
    )
    return replace(
        statement, provenance=receipt, quantity=replace(statement.quantity, start=start, end=end, exact=exact)
    )


def quantities(text: str, language: str | None = None, published: date | None = None) -> dict[str, object]:
    """Every number of `text` with its unit, and every period: the answer of `solieu quantities`.

    {"language", "quantities": [{"start", "end", "quote", "value", "value_high", "unit", "qualifier", "readings", …}],
    "periods": [{"start", "end", "quote", "period"}]}. Offsets and quotes are those of `text` itself. A value is an int, or a
    decimal in text where it has a fraction; None with a `reason` where the text gives none that can be trusted.
    """
    code = language or detect_language(text)
    reading = read(text, code, published)
    found: list[dict[str, object]] = []
    for q in reading.quantities:
        start, end = reading.source.origin(q.start, q.end)
        found.append(
            {
                "start": start,
                "end": end,
                "quote": text[start:end],
                "value": _exact(q.value),
                "value_high": _exact(q.value_high),
                "unit": q.unit,
                "qualifier": q.qualifier,
                "readings": [_exact(value) for value in q.readings]
                if q.readings
                else [_exact(q.value)]
                if q.value is not None
                else [],
                "reason": q.reason,
                "sign": q.sign,
                "role": q.role,
                "pair": q.pair,
            }
        )
    periods: list[dict[str, object]] = []
    for p in reading.periods:
        start, end = reading.source.origin(p.start, p.end)
        periods.append({"start": start, "end": end, "quote": text[start:end], "period": p.code})
    return {"language": code, "quantities": found, "periods": periods}


def _exact(value: Decimal | None) -> int | str | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else format(value, "f")
