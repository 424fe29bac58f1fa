"""A pasted text against the ledger: each of its numbers with what the press has published of the same thing.

In: a text, the day it is asked on, a connection. Out: the text in pieces and one entry a number (docs/records.md, Passage).
Nothing is written anywhere.

>>> [n["verdict"] for n in check_passage(conn, "GDP năm 2025 tăng 8,02%, GDP năm 2024 tăng 7,5%.", today)["numbers"]]
['matches', 'conflicts']

`matches`, `rounds_to`: the value that the ledger holds as current, or one that rounds to it. `superseded`: it was published and
later replaced. `conflicts`: the ledger has another value for the same series and period, or outlets disagree. `elsewhere`: the
value was published, but the text leaves open (or the ledger does not know) whether of the same thing. `arithmetic_off`: the
text contradicts itself; `ledger` then holds what the ledger says. `unclear`: the number has no certain value. `not_found`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from extract.statement import Check, Extraction, Statement
from index.catalogue import Catalogue, shipped
from index.comparable import Point
from index.comparable import point as point_of
from index.errors import QueryError
from index.evidence import FAILED
from index.observation import observations_by
from index.receipt import Row, indicators_by, marks, places_by, rows
from index.reprinted import reprinted
from index.sync import digest
from index.timespan import days
from index.vintage import Mention, same

LONGEST = 5000
"""Characters of a text: a long article. Reading takes about 0.05 s a thousand."""
MOST = 120
"""Numbers that are looked up."""
VERDICTS = (
    "matches", "rounds_to", "superseded", "conflicts", "arithmetic_off", "elsewhere", "unclear", "not_found",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """A text as it was read: what `weigh` compares. Making it needs no ledger."""

    text: str
    language: str
    extraction: Extraction
    today: date


def check_passage(conn: Any, text: str, today: date, language: str | None = None) -> Row:
    """Read `text` and compare it. Raises QueryError for a text that is too long."""
    return weigh(conn, read_passage(text, today, language))


def read_passage(text: str, today: date, language: str | None = None) -> Passage:
    """The figures of `text`, its relative periods counted from `today`. Raises QueryError for a text that is too long."""
    from extract.extractor import extract
    from extract.language import detect_language

    if len(text) > LONGEST:
        raise QueryError("text", f"{len(text)} characters are too many: paste {LONGEST} at most")
    code = language or detect_language(text)
    return Passage(text, code, extract(text, code, today), today)


def weigh(conn: Any, passage: Passage) -> Row:
    """Each number of a text that was read, with what the ledger knows of it."""
    said = passage.extraction.statements
    wrong: dict[int, list[Check]] = {}
    for check in passage.extraction.checks:
        if check.statements and check.statements[0] < len(said):
            wrong.setdefault(check.statements[0], []).append(check)
    words = shipped()
    names = _Names(conn, said[:MOST])
    numbers = [
        _number(conn, statement, wrong.get(i, ()), words, names, passage.today)
        for i, statement in enumerate(said[:MOST])
    ]
    counts = Counter(number["verdict"] for number in numbers)
    return {
        "text": passage.text,
        "language": passage.language,
        "paragraphs": _paragraphs(passage.text, numbers),
        "numbers": numbers,
        "counts": {verdict: counts[verdict] for verdict in VERDICTS},
        "left": [
            {"start": start, "end": end, "printed": passage.text[start:end], "reason": reason}
            for start, end, reason in passage.extraction.ignored[:MOST]
        ],
        "more": len(said) > MOST,
        "limit": LONGEST,
    }


class _Names:
    """Refs of the indicators and places that a text names; and what was looked up already, for texts repeat themselves."""

    def __init__(self, conn: Any, said: Sequence[Statement]) -> None:
        self.history: dict[tuple[Any, ...], tuple[list[Row], dict[str, Decimal]]] = {}
        self.receipts: dict[tuple[Any, ...], tuple[bool, list[Row]]] = {}
        indicators = list({s.indicator_id for s in said if s.indicator_id})
        places = list({s.place_id for s in said if s.place_id})
        self.indicators = {
            r["id"]: r for r in indicators_by(conn, f"where i.id in {marks(indicators)}", indicators) if indicators
        }
        self.places = {r["id"]: r for r in places_by(conn, f"where p.id in {marks(places)}", places) if places}


def _number(conn: Any, s: Statement, checks: Sequence[Check], words: Catalogue, names: _Names, today: date) -> Row:
    receipt = _receipt(s, names)
    point = _point(s, words, today)
    history: list[Row] = []
    fits: Row | None = None
    found: list[Row] = []
    if s.quantity.value is None:
        ledger = "unclear"
    else:
        if isinstance(point, Point):
            history, fits = _history(conn, point, s, words, names)
        if history:
            ledger = _verdict(point, fits) if isinstance(point, Point) else "not_found"
        else:
            q = s.quantity
            key = (
                q.value, q.unit, q.decimals, q.qualifier, s.kind, s.indicator_id, s.indicator, s.period_code, s.place_id,
            )  # fmt: skip
            if key not in names.receipts:
                names.receipts[key] = reprinted(conn, s, words)
            certain, found = names.receipts[key]
            ledger = "matches" if certain else "elsewhere" if found else "not_found"
    failed = [check for check in checks if check.verdict in FAILED]
    return receipt | {
        "verdict": "arithmetic_off" if failed else ledger,
        "ledger": ledger,
        "comparable": isinstance(point, Point),
        "held": None if isinstance(point, Point) else point,
        "observation": fits,
        "history": history,
        "receipts": found,
        "checks": [
            {
                "kind": check.kind,
                "verdict": check.verdict,
                "printed": check.printed,
                "computed": check.computed,
                "explanation": {code: check.explanation.get(code) for code in ("vi", "en")},
            }
            for check in checks
        ],
    }


def _receipt(s: Statement, names: _Names) -> Row:
    """The number under the names of a Receipt, as far as a text that nobody published can have them."""
    q = s.quantity
    first, last = days(s.period_code)
    return {
        "kind": s.kind,
        "measure": s.measure,
        "direction": s.direction,
        "base": s.base,
        "value": None if q.value is None else format(q.value, "f"),
        "value_high": None if q.value_high is None else format(q.value_high, "f"),
        "unit": q.unit,
        "qualifier": q.qualifier,
        "sign": q.sign,
        "printed": s.provenance.exact,
        "indicator": s.indicator,
        "indicator_ref": names.indicators.get(s.indicator_id or ""),
        "place": s.place,
        "place_ref": names.places.get(s.place_id or ""),
        "period": s.period_code,
        "period_first": first,
        "period_last": last,
        "breakdown": s.breakdown,
        "speaker": s.provenance.source,
        "confidence": s.confidence,
        "doubts": [*s.doubts, *([q.reason] if q.reason and q.reason not in s.doubts else [])],
        "readings": [format(value, "f") for value in q.readings],
        "start": s.provenance.start,
        "end": s.provenance.end,
    }


def _point(s: Statement, words: Catalogue, today: date) -> Point | str:
    """Where the statement would stand in the ledger, had it been published today; else why it stands nowhere."""
    q = s.quantity
    row = {
        "kind": s.kind,
        "measure": s.measure,
        "direction": s.direction,
        "base": s.base,
        "value": None if q.value is None else format(q.value, "f"),
        "value_high": None if q.value_high is None else format(q.value_high, "f"),
        "unit": q.unit,
        "sign": q.sign,
        "decimals": q.decimals,
        "scale": format(q.scale, "f"),
        "reason": q.reason,
        "indicator_id": s.indicator_id,
        "place_id": s.place_id,
        "period": s.period_code,
        "breakdown": s.breakdown,
        "confidence": s.confidence,
        "published_at": today.isoformat(),
    }
    return point_of(row, words, (today + timedelta(days=1)).isoformat())


def _history(conn: Any, point: Point, s: Statement, words: Catalogue, names: _Names) -> tuple[list[Row], Row | None]:
    """All that was published for the series and period of a number, and the value among it that the number repeats."""
    key = (digest(*point.series), s.kind, point.period)
    if key not in names.history:
        told = observations_by(conn, "where b.series = ? and b.kind = ? and b.period = ? order by b.vintage", key)
        names.history[key] = (told, _halves(conn, [o["figure"] for o in told], words) if told else {})
    history, halves = names.history[key]
    if not history:
        return [], None
    mine = _mention(point.value, point.value_high, point.half, s.quantity.qualifier)
    fits = []
    for o in history:
        value, high = Decimal(o["value"]), None if o["value_high"] is None else Decimal(o["value_high"])
        theirs = _mention(value, high, halves.get(o["figure"], Decimal(0)), o["qualifier"])
        if same(mine, theirs, s.kind != "statistic"):
            fits.append(((abs(value - point.value), o["status"] == "superseded", -o["vintage"]), o))
    return history, min(fits, key=lambda fit: fit[0])[1] if fits else None


def _halves(conn: Any, statements: Sequence[str], words: Catalogue) -> dict[str, Decimal]:
    """Half a unit of the last printed digit of published statements, in the unit of their series."""
    columns = (
        "kind, measure, direction, base, value, value_high, unit, sign, decimals, scale, reason, indicator_id, place_id,"
        " period, breakdown, confidence, published_at"
    )
    sql = f"select id, {columns} from statements where id in {marks(statements)}"
    found = {row["id"]: point_of(row, words, "9999-12-31") for row in rows(conn, sql, list(statements))}
    return {id_: point.half for id_, point in found.items() if isinstance(point, Point)}


def _mention(value: Decimal, high: Decimal | None, half: Decimal, qualifier: str | None) -> Mention:
    return Mention("", 0, "", "", 0, "", value, high, half, qualifier)


def _verdict(point: Point, fits: Row | None) -> str:
    if fits is None or fits["status"] == "conflict":
        return "conflicts"
    if fits["status"] == "superseded":
        return "superseded"
    high = None if fits["value_high"] is None else Decimal(fits["value_high"])
    return "matches" if (Decimal(fits["value"]), high) == (point.value, point.value_high) else "rounds_to"


def _paragraphs(text: str, numbers: Sequence[Row]) -> list[list[Row]]:
    """The text cut at every number, by paragraph; the pieces together are the text."""
    cuts, at, end = {0, len(text)}, {}, 0
    for i, number in sorted(enumerate(numbers), key=lambda pair: (pair[1]["start"], -pair[1]["end"])):
        if number["start"] >= end and number["start"] < number["end"]:
            end = number["end"]
            cuts |= {number["start"], end}
            at[number["start"]] = i
    paragraphs: list[list[Row]] = [[]]
    for first, last in pairwise(sorted(cuts)):
        for i, part in enumerate(text[first:last].split("\n")):
            if i:
                paragraphs.append([])
            if part:
                paragraphs[-1].append({"text": part, "number": at.get(first)})
    return [pieces for pieces in paragraphs if pieces]
