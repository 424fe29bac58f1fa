"""Where else a value was printed: a number of a text that stands in no series of the ledger, or in one that has no value yet.

In: a connection and a Statement that was not published. Out: whether the press has printed exactly this, and receipts of it.

>>> reprinted(conn, statement, catalogue)
(False, [{'id': '…', 'printed': '8,02%', …}])

Printed exactly: same value and unit, same indicator (by its id, or the same words), same period and same place. Where the text
leaves period or place open, what was printed with the same value under a like name is shown, and nothing is claimed. Of another
period or place it is shown only where the number has so many digits that it hardly stands there by chance.
"""

from decimal import Decimal
from typing import Any

from extract.statement import Statement
from index.catalogue import Catalogue
from index.receipt import Row, receipts_in_order, rows
from index.words import fold

SHOWN = 3
CANDIDATES = 300
"""Statements of the same value that are looked through."""
ALIKE = 0.6
"""Share of the shorter name's words that two names of one thing have in common."""
EXACTLY = (1, 1, 1)
TELLING = 3
"""Digits that make a value telling: 8% is said of many things, 100,275 of one."""


def reprinted(conn: Any, s: Statement, words: Catalogue) -> tuple[bool, list[Row]]:
    """Whether the ledger holds exactly this figure, and up to three receipts of its value under the same name."""
    value, unit = words.canonical(s.quantity.value, s.quantity.unit)
    if value is None or unit is None:
        return False, []
    step = Decimal(1).scaleb(-s.quantity.decimals) * s.quantity.scale
    half = words.canonical(step, s.quantity.unit)[0] or Decimal(0)
    reach = float(half / 2) if s.quantity.qualifier == "about" else abs(float(value)) * 1e-9
    found = rows(
        conn,
        "select seq, indicator_id, indicator, place_id, period, kind, canonical, published_at from statements"
        " where canonical_unit = ? and canonical between ? and ? and withdrawn is null limit ?",
        (unit, float(value) - reach, float(value) + reach, CANDIDATES),
    )
    telling = len(s.quantity.value.normalize().as_tuple().digits) >= TELLING if s.quantity.value is not None else False
    rated = [(rank, row) for row in found if (rank := _rank(s, row, telling)) is not None]
    rated.sort(key=lambda pair: (pair[0], pair[1]["published_at"] or "", pair[1]["seq"]), reverse=True)
    certain = bool(rated) and rated[0][0] == EXACTLY
    if certain:
        rated = [pair for pair in rated if pair[0] == EXACTLY]
    return certain, receipts_in_order(conn, [row["seq"] for _, row in rated[:SHOWN]])


def _rank(s: Statement, row: Row, telling: bool) -> tuple[int, int, int] | None:
    """Agreement in kind, period and place (1 agrees, 0 is left open, -1 is another); None for another thing."""
    if s.indicator_id and row["indicator_id"]:
        if s.indicator_id != row["indicator_id"]:
            return None
    elif not _alike(s.indicator, row["indicator"]):
        return None
    pairs = ((s.period_code, row["period"]), (s.place_id, row["place_id"]))
    period, place = ((1 if mine == theirs else -1) if mine and theirs else 0 for mine, theirs in pairs)
    if not telling and -1 in (period, place):
        return None
    return int(row["kind"] == s.kind), period, place


def _alike(one: str | None, other: str | None) -> bool:
    mine, theirs = set(fold(one or "").split()), set(fold(other or "").split())
    return bool(mine and theirs) and len(mine & theirs) >= ALIKE * min(len(mine), len(theirs))
