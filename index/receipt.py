"""The small records that all answers are made of: rows in, plain dicts out (docs/records.md, Small records).

>>> receipts(conn, "where s.article = ? order by s.position", ("04d7220ace…",))
[{'id': '…', 'kind': 'statistic', 'value': '18.4', 'unit': 'percent', 'context': [['…', 0], ['18,4%', 1], …], …}]
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]
Pieces = list[list[Any]]

ARTICLE = """
  a.id as a_id, a.url as a_url, a.title as a_title, a.source as a_source, o.name as a_source_name, a.language as a_language,
  a.published_at as a_published_at,
  (select count(*) from statements n where n.article = a.id and n.withdrawn is null) as a_figures"""
INDICATOR = "i.id as i_id, i.vi as i_vi, i.en as i_en, i.sv as i_sv, i.topic as i_topic, i.unit as i_unit"
# cross join keeps SQLite at the order of the tables as written: the one that the tail selects from comes first
PLACE = """
  p.id as p_id, p.unit as p_unit, p.version as p_version, p.vi as p_vi, p.en as p_en, p.sv as p_sv,
  p.valid_from as p_valid_from, p.valid_to as p_valid_to"""

_STATEMENT = [
    "id", "kind", "measure", "direction", "base", "value", "value_high", "number", "number_high", "unit",
    "qualifier", "sign", "exact", "indicator", "place", "period", "period_first", "period_last", "speaker",
    "instrument", "deadline", "breakdown", "confidence", "doubts", "reason", "held", "quote_start", "quote_end",
    "context", "context_start", "withdrawn", "successor",
]  # fmt: skip
_COMMITMENT = [
    "id", "actor", "action", "object", "beneficiary", "status", "deadline", "deadline_last", "instrument", "place", "exact",
    "quote_start",
    "quote_end", "context", "context_start", "doubts", "withdrawn", "successor", "thread",
]  # fmt: skip


def rows(conn: Any, sql: str, arguments: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
    """The rows of a query as dicts."""
    cursor = conn.execute(sql, arguments)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def one(conn: Any, sql: str, arguments: Sequence[Any] | Mapping[str, Any] = ()) -> Row | None:
    """The first row of a query, or None."""
    found = rows(conn, sql, arguments)
    return found[0] if found else None


def marks(values: Sequence[Any]) -> str:
    """A bracket with one question mark for each value, for `in`."""
    return f"({', '.join('?' * len(values))})"


def json_list(text: str) -> list[Any]:
    """A stored JSON list."""
    found: list[Any] = json.loads(text)
    return found


def article_ref(row: Mapping[str, Any]) -> Row:
    """ArticleRef of a row selected with ARTICLE."""
    keys = ("id", "url", "title", "source", "source_name", "language", "published_at", "figures")
    return {key: row[f"a_{key}"] for key in keys}


def indicator_ref(row: Mapping[str, Any]) -> Row | None:
    """IndicatorRef of a row selected with INDICATOR."""
    if row["i_id"] is None:
        return None
    return {"id": row["i_id"], "names": _names(row, "i"), "topic": row["i_topic"], "unit": row["i_unit"]}


def place_ref(row: Mapping[str, Any]) -> Row | None:
    """PlaceRef of a row selected with PLACE."""
    if row["p_id"] is None:
        return None
    return {
        "id": row["p_id"],
        "unit": row["p_unit"],
        "version": row["p_version"],
        "names": _names(row, "p"),
        "valid_from": row["p_valid_from"],
        "valid_to": row["p_valid_to"],
    }


def _names(row: Mapping[str, Any], prefix: str) -> Row:
    return {code: row[f"{prefix}_{code}"] for code in ("vi", "en", "sv")}


def receipts(conn: Any, tail: str, arguments: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
    """Receipts of the statements `s` that `tail` (where … order by … limit …) selects."""
    columns = ", ".join(f"s.{column}" for column in _STATEMENT)
    found = rows(
        conn,
        f"select {columns}, {ARTICLE}, {INDICATOR}, {PLACE} from statements s cross join articles a on a.id = s.article"
        " cross join sources o on o.id = a.source left join indicators i on i.id = s.indicator_id"
        f" left join places p on p.id = s.place_id {tail}",
        arguments,
    )
    return [_receipt(row) for row in found]


def receipts_in_order(conn: Any, seqs: Sequence[int]) -> list[Row]:
    """Receipts by row number, in the given order."""
    given = json.dumps(list(seqs))
    ids = dict(
        conn.execute(
            "select seq, id from statements where seq in (select value from json_each(?))", (given,)
        ).fetchall()
    )
    found = receipts_by_id(conn, ids.values())
    return [found[ids[seq]] for seq in seqs]


def receipts_by_id(conn: Any, ids: Iterable[str]) -> dict[str, Row]:
    """Receipts by statement id."""
    wanted = json.dumps(list(dict.fromkeys(ids)))
    return {row["id"]: row for row in receipts(conn, "where s.id in (select value from json_each(?))", (wanted,))}


def _receipt(row: Row) -> Row:
    doubts = json.loads(row["doubts"])
    if row["reason"] and row["reason"] not in doubts:
        doubts.append(row["reason"])
    plain = [
        "id", "kind", "measure", "direction", "base", "value", "value_high", "number", "number_high", "unit",
        "qualifier", "sign", "indicator", "place", "period", "period_first", "period_last", "speaker", "instrument",
        "deadline", "breakdown", "confidence", "held",
    ]  # fmt: skip
    return {key: row[key] for key in plain} | {
        "printed": row["exact"],
        "indicator_ref": indicator_ref(row),
        "place_ref": place_ref(row),
        "doubts": doubts,
        "start": row["quote_start"],
        "end": row["quote_end"],
        "context": marked(row),
        "withdrawn": _withdrawn(row),
        "article": article_ref(row),
    }


def _withdrawn(row: Row) -> Row | None:
    return {"reason": row["withdrawn"], "successor": row["successor"]} if row["withdrawn"] else None


def marked(row: Mapping[str, Any]) -> Pieces:
    """The context of a statement or commitment in pieces, the quote marked 1."""
    text, first = row["context"], row["context_start"]
    start, end = row["quote_start"] - first, row["quote_end"] - first
    return [piece for piece in ([text[:start], 0], [text[start:end], 1], [text[end:], 0]) if piece[0]]


def articles_by(conn: Any, tail: str, arguments: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
    """ArticleRefs of the articles `a` that `tail` selects."""
    sql = f"select {ARTICLE} from articles a cross join sources o on o.id = a.source {tail}"
    return [article_ref(row) for row in rows(conn, sql, arguments)]


def places_by(conn: Any, tail: str, arguments: Sequence[Any] = ()) -> list[Row]:
    """PlaceRefs of the places `p` that `tail` selects."""
    return [ref for row in rows(conn, f"select {PLACE} from places p {tail}", arguments) if (ref := place_ref(row))]


def indicators_by(conn: Any, tail: str, arguments: Sequence[Any] = ()) -> list[Row]:
    """IndicatorRefs of the indicators `i` that `tail` selects."""
    sql = f"select {INDICATOR} from indicators i {tail}"
    return [ref for row in rows(conn, sql, arguments) if (ref := indicator_ref(row))]


def commitments_by(conn: Any, now: str | None, tail: str, arguments: Mapping[str, Any]) -> list[Row]:
    """CommitmentRows of the commitments `c` that `tail` (with named arguments) selects, rated as of the day `now`."""
    columns = ", ".join(f"c.{column}" for column in _COMMITMENT)
    found = rows(
        conn,
        f"select {columns}, {RATING} as rating, {ARTICLE}, {PLACE}, coalesce(h.mentions, 1) as mentions,"
        f" {STATUS} as now_status, {DUE} as now_due, h.deadline as now_deadline, h.evidence, h.dated_by"
        f" from commitments c {HISTORY} cross join articles a on a.id = c.article cross join sources o on o.id = a.source"
        f" left join places p on p.id = c.place_id {tail}",
        {"now": now, **arguments},
    )
    return [_commitment(row) for row in found]


HISTORY = "left join histories h on h.thread = c.thread"
STATUS = "coalesce(h.status, c.status)"
DUE = "coalesce(h.deadline_last, c.deadline_last)"
RATING = f"""case
  when {STATUS} = 'done' then 'done'
  when {DUE} is null then 'unrateable'
  when :now is null then 'open'
  when {DUE} < :now then 'overdue'
  when {DUE} <= date(:now, '+90 days') then 'due'
  else 'open' end"""
"""By rule, from where the history stands and the day `now` alone: overdue says that the day is over and no evidence of
completion was found, not that nothing was done."""


def _commitment(row: Row) -> Row:
    plain = [
        "id", "actor", "action", "object", "beneficiary", "status", "rating", "deadline", "deadline_last", "instrument",
        "place",
    ]  # fmt: skip
    return {key: row[key] for key in plain} | {
        "place_ref": place_ref(row),
        "printed": row["exact"],
        "context": marked(row),
        "doubts": json.loads(row["doubts"]),
        "withdrawn": _withdrawn(row),
        "article": article_ref(row),
        "mentions": row["mentions"],
        "standing": {
            "status": row["now_status"],
            "deadline": row["now_deadline"] or row["deadline"],
            "deadline_last": row["now_due"],
            "evidence": row["evidence"] or row["id"],
            "dated_by": row["dated_by"] or (row["id"] if row["deadline"] else None),
        },
        "start": row["quote_start"],
        "end": row["quote_end"],
    }
