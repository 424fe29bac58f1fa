"""Which words of a text became what, by which rules, and why the rest was left.

In: a text. Out: an `Explanation`: pieces in reading order (figures, commitments, periods, masks, numbers left out), each with
what it became and the table rows that read it; the checks; and the same as a page of HTML.

>>> [piece.kind for piece in explain("GDP năm 2025 tăng 8,02%.", "vi", None, None).pieces]
['period', 'figure']
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape

from extract.extractor import extract_reading
from extract.pipeline import Reading, render
from extract.statement import Check, Extraction, Statement


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `start` to `end` of the text, what they became, and the ids of the rows that say so."""

    start: int
    end: int
    kind: str
    """figure, commitment, period, mask or left."""
    became: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A text with its pieces in reading order, and the checks in words."""

    text: str
    language: str
    pieces: tuple[Piece, ...]
    checks: tuple[Check, ...]


def explain(text: str, language: str | None, published: date | None, title: str | None) -> Explanation:
    """Read any string and tell what was made of it."""
    reading, extraction = extract_reading(text, language, published, title)
    pieces = [*_read(reading, extraction), *_left(reading, extraction)]
    pieces.sort(key=lambda piece: (piece.start, -piece.end))
    return Explanation(text, reading.tokens.language, tuple(pieces), extraction.checks)


def _read(reading: Reading, extraction: Extraction) -> Iterator[Piece]:
    for statement in extraction.statements:
        receipt = statement.provenance
        yield Piece(receipt.start, receipt.end, "figure", _told(statement), receipt.rules)
    for commitment in extraction.commitments:
        receipt = commitment.provenance
        who = commitment.actor or " or ".join(commitment.candidates)
        parts = [commitment.status, who, commitment.deadline, commitment.instrument, *commitment.doubts]
        yield Piece(receipt.start, receipt.end, "commitment", " · ".join(filter(None, parts)), receipt.rules)
    for period in reading.periods:
        start, end = reading.source.origin(period.start, period.end)
        parts = [period.code or "undated", period.role, period.base, period.reason]
        yield Piece(start, end, "period", " · ".join(filter(None, parts)), period.rules)
    for mask in reading.masks:
        start, end = reading.source.origin(mask.start, mask.end)
        yield Piece(start, end, "mask", mask.kind, (mask.rule,))


def _left(reading: Reading, extraction: Extraction) -> Iterator[Piece]:
    for start, end, reason in extraction.ignored:
        yield Piece(start, end, "left", reason)


def _told(statement: Statement) -> str:
    q = statement.quantity
    value = (
        "no value"
        if q.value is None
        else f"{q.value:f}" + (f" to {q.value_high:f}" if q.value_high is not None else "")
    )
    parts = [
        " ".join(filter(None, (q.qualifier, value, q.unit))),
        " ".join(filter(None, (statement.kind, statement.measure, statement.direction, statement.base))),
        (statement.indicator or "no indicator") + (f" [{statement.indicator_id}]" if statement.indicator_id else ""),
        statement.place or "no place",
        statement.period_code or "no period",
        statement.provenance.source,
        f"confidence {statement.confidence:.2f}" if statement.confidence < 1 else None,
        ", ".join(filter(None, (q.reason, *statement.doubts))),
    ]
    return " · ".join(filter(None, parts))


def html_page(explanation: Explanation) -> str:
    """A page that stands alone: the text with its pieces marked, then a table of what each became."""
    shown: list[Piece] = []
    for piece in explanation.pieces:
        if piece.kind != "commitment" and (not shown or piece.start >= shown[-1].end):
            shown.append(piece)
    marked = render(explanation.text, [(piece.start, piece.end, piece.kind) for piece in shown])
    rows = "".join(
        f"<tr><td>{escape(explanation.text[piece.start : piece.end])}</td><td>{piece.kind}</td>"
        f"<td>{escape(piece.became)}</td><td>{escape(' '.join(piece.rules))}</td></tr>"
        for piece in explanation.pieces
    )
    checks = "".join(
        f"<li>{check.verdict}: {escape(check.explanation.get('en', check.kind))}</li>" for check in explanation.checks
    )
    return (
        f'<!doctype html><html lang="{explanation.language}"><meta charset="utf-8"><title>solieu explain</title>'
        "<style>body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "td{border-top:1px solid #ccc;padding:.2rem .6rem;vertical-align:top}</style>"
        f"{marked}<ul>{checks}</ul><table>{rows}</table></html>"
    )
