"""The one call that other layers use: a text in, an Extraction out.

>>> extract("GDP năm 2025 tăng 8,02%.", "vi").statements[0].quantity.value
Decimal('8.02')
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from extract.checks import run_checks
from extract.commitment_reader import read_commitments
from extract.indicator_link import link
from extract.instrument import Instrument, find_instruments, instrument_at
from extract.language import detect_language
from extract.pipeline import Reading, read
from extract.statement import Commitment, Extraction, Provenance, Statement
from extract.statement_reader import CONTEXT, read_statements
from extract.whole import link_pairs

VERSION = "0.3"
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
    instruments = find_instruments(found.cues, reading.periods)
    linked = tuple(link_pairs(tuple(link(found.statements, code)), reading.quantities))
    ruled = (_under(statement, instruments, reading) for statement in linked)
    statements = tuple(_in_text(statement, text, *origin(*_offsets(statement))) for statement in ruled)
    ignored = tuple((*origin(start, end), reason) for start, end, reason in found.ignored)
    checks = tuple(run_checks(linked, reading))
    promised = read_commitments(reading, found.cues, found.places, found.ambient, instruments, published)
    commitments = tuple(_promised_in_text(commitment, text, origin) for commitment in promised)
    return reading, Extraction(statements, commitments, checks, ignored)


def _under(statement: Statement, instruments: Sequence[Instrument], reading: Reading) -> Statement:
    """The statement with the document that sets it, where its sentence names one; a result is set by none."""
    if not instruments or statement.kind not in ("target", "rule", "commitment") or statement.instrument is not None:
        return statement
    document = instrument_at(instruments, reading.tokens, statement.provenance.start)
    return replace(statement, instrument=document.exact) if document is not None else statement


def _offsets(statement: Statement) -> tuple[int, int]:
    return statement.provenance.start, statement.provenance.end


def _in_text(statement: Statement, text: str, start: int, end: int) -> Statement:
    """The statement with offsets and quotes of the caller's own text."""
    receipt = _receipt(statement.provenance, text, start, end)
    quantity = replace(statement.quantity, start=start, end=end, exact=receipt.exact)
    return replace(statement, provenance=receipt, quantity=quantity)


def _promised_in_text(commitment: Commitment, text: str, origin: Callable[[int, int], tuple[int, int]]) -> Commitment:
    receipt = commitment.provenance
    return replace(commitment, provenance=_receipt(receipt, text, *origin(receipt.start, receipt.end)))


def _receipt(receipt: Provenance, text: str, start: int, end: int) -> Provenance:
    prefix, suffix = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return replace(receipt, start=start, end=end, exact=text[start:end], prefix=prefix, suffix=suffix)


def quantities(text: str, language: str | None = None, published: date | None = None) -> dict[str, object]:
    """Every number of `text` with its unit, and every period: the answer of `solieu quantities`.

    {"language", "quantities": [{"start", "end", "quote", "value", "value_high", "unit", "qualifier", "readings", …}],
    "periods": [{"start", "end", "quote", "period"}]}. Offsets and quotes are those of `text` itself. A value is an int, or a
    decimal in text where it has a fraction; None with a `reason` where the text gives none that can be trusted.
    """
    code = language or detect_language(text)
    reading = read(text, code, published, statements=False)
    found: list[dict[str, object]] = []
    for q in reading.quantities:
        start, end = reading.source.origin(q.start, q.end)
        found.append(
            {
                "start": start,
                "end": end,
                "quote": text[start:end],
                "value": _exact(-q.value if q.sign < 0 and q.value is not None and q.value > 0 else q.value),
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
