"""Search: what a person typed and the filters he set in, receipts out (docs/records.md, Found).

>>> search(conn, "tăng trưởng 8,02%", place="vn")["results"][0]["printed"]
'8,02%'

Any string is a valid query. Words with exactly the marks that were typed come first, then relevance; both are judged among
the newest CANDIDATES hits, so that a word which is everywhere costs no more than a rare one.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from index.catalogue import shipped
from index.errors import QueryError
from index.filters import check_page, conditions_of
from index.quantity_query import quantity
from index.quantity_query import sql as quantity_sql
from index.receipt import (
    ARTICLE,
    Pieces,
    Row,
    article_ref,
    indicators_by,
    places_by,
    receipts_in_order,
    rows,
)
from index.words import Words, fold

CANDIDATES = 2000
"""Hits that are ranked."""
COUNTED = 1000
"""Hits over which facets count."""
SORTS = ("relevance", "published", "period", "value")

_ORDER = {
    "published": "s.published_at desc, s.seq desc",
    "period": "s.period_last desc, s.published_at desc, s.seq desc",
    "value": "s.canonical desc, s.published_at desc, s.seq desc",
}
_OPEN, _CLOSE = "\x02", "\x03"


def search(
    conn: Any,
    q: str = "",
    *,
    kind: str | None = None,
    indicator: str | None = None,
    place: str | None = None,
    period: str | None = None,
    min: str | float | Decimal | None = None,
    max: str | float | Decimal | None = None,
    unit: str | None = None,
    source: str | None = None,
    language: str | None = None,
    measure: str | None = None,
    since: str | date | None = None,
    until: str | date | None = None,
    sort: str = "relevance",
    page: int = 1,
    size: int = 20,
) -> Row:
    """Statements and articles that hold the words of `q`, or the quantity in it, under all the filters.

    `period` finds figures whose reference period lies inside it; `min` and `max` are in `unit`. Raises QueryError.
    """
    check_page(page, size)
    if sort not in SORTS:
        raise QueryError("sort", f"{sort!r} is none of {', '.join(SORTS)}")
    catalogue = shipped()
    asked, rest = quantity(q)
    words = Words.of(rest)
    filters = conditions_of(
        conn, catalogue, kind, indicator, place, period, min, max, unit, source, language, measure, since, until
    )
    conditions, arguments = list(filters[0]), dict(filters[1])
    if asked:
        condition, more = quantity_sql(asked, catalogue.canonical)
        conditions.append(condition)
        arguments |= more
    if words.match is None and re.search(r"\w", rest):
        hits: list[int] = []  # only exclusions, or nothing that an index holds
    elif words.match is None and not asked and q.strip():
        hits = []
    else:
        hits = _hits(conn, words, conditions, arguments, sort, most=page * size + COUNTED)
    shown = hits[(page - 1) * size : page * size]
    results = _receipts(conn, shown, words)
    given = {
        "kind": kind,
        "indicator": indicator,
        "place": place,
        "period": period,
        "min": None if min is None else str(min),
        "max": None if max is None else str(max),
        "unit": unit,
        "source": source,
        "language": language,
        "measure": measure,
        "since": None if since is None else str(since),
        "until": None if until is None else str(until),
    }
    wordy = words.match is not None and page == 1 and not (kind or indicator or place or period or min or max or unit)
    return {
        "q": q,
        "results": results,
        "articles": _articles(conn, words, source, language, arguments) if wordy else [],
        "quantity": asked.record() if asked else None,
        "indicators": _named(words, catalogue.indicators, lambda ids: indicators_by(conn, _IN.format("i"), (ids,))),
        "places": _named(words, catalogue.places, lambda ids: places_by(conn, _IN.format("p"), (ids,))),
        "facets": _facets(conn, hits[:COUNTED]),
        "filters": given,
        "sort": sort,
        "page": page,
        "size": size,
        "more": len(hits) > page * size,
    }


_IN = "where {}.id in (select value from json_each(?))"


def _hits(
    conn: Any, words: Words, conditions: list[str], arguments: Mapping[str, Any], sort: str, most: int
) -> list[int]:
    """Row numbers of statements, best first."""
    where = " and ".join(conditions)
    if words.match is None:
        order = _ORDER["published" if sort == "relevance" else sort]
        sql = f"select s.seq from statements s where {where} order by {order} limit :most"
        return [row[0] for row in conn.execute(sql, {**arguments, "most": most})]
    bare = conditions == ["s.withdrawn is null"]
    limit = CANDIDATES if most < CANDIDATES else most
    hits = f"""
      select w.rowid as seq, bm25(statements_words, 1.0, 4.0, 3.0, 1.0, 2.0) as score
      from statements_words w {"" if bare else "join statements s on s.seq = w.rowid"}
      where statements_words match :match {"" if bare else f"and {where}"} order by w.rowid desc limit :candidates"""
    exact = (
        "select rowid from statements_exact where statements_exact match :exact order by rowid desc limit :candidates"
    )
    order = "exact desc, h.score, s.published_at desc, s.seq desc" if sort == "relevance" else _ORDER[sort]
    sql = f"""
      with h as materialized ({hits}), e as materialized ({exact})
      select s.seq, s.seq in e as exact from h join statements s on s.seq = h.seq
      where s.withdrawn is null order by {order} limit :most"""
    values = {**arguments, "match": words.match, "exact": words.exact, "candidates": limit, "most": most}
    return [row[0] for row in conn.execute(sql, values)]


def _receipts(conn: Any, seqs: list[int], words: Words) -> list[Row]:
    if not seqs:
        return []
    found = receipts_in_order(conn, seqs)
    if words.match:
        # one seek a row: for a list of rows the index would walk through all hits
        marked = f"highlight(statements_words, 0, '{_OPEN}', '{_CLOSE}')"
        sql = f"select {marked} from statements_words where statements_words match ? and rowid = ?"
        for seq, receipt in zip(seqs, found, strict=True):
            for (text,) in conn.execute(sql, (words.match, seq)):
                receipt["context"] = _merge(receipt["context"], text)
    return found


def _merge(context: Pieces, highlighted: str) -> Pieces:
    """Marks of the quote (1) and of searched words (2) over one text."""
    marks = [mark for text, mark in context for _ in text]
    i, inside = 0, False
    for char in highlighted:
        if char in (_OPEN, _CLOSE):
            inside = char == _OPEN
        elif i < len(marks):
            if inside and not marks[i]:
                marks[i] = 2
            i += 1
    text = "".join(piece for piece, _ in context)
    pieces: Pieces = []
    for char, mark in zip(text, marks, strict=True):
        if pieces and pieces[-1][1] == mark:
            pieces[-1][0] += char
        else:
            pieces.append([char, mark])
    return pieces


def _pieces(highlighted: str) -> Pieces:
    pieces: Pieces = []
    for i, part in enumerate(re.split(f"[{_OPEN}{_CLOSE}]", highlighted)):
        if part:
            pieces.append([part, 2 * (i % 2)])
    return pieces


def _articles(
    conn: Any, words: Words, source: str | None, language: str | None, arguments: Mapping[str, Any], size: int = 10
) -> list[Row]:
    """Articles that hold the words, best first, with the words marked in headline and text."""
    conditions = ["articles_words match :match"]
    if source is not None:
        conditions.append("a.source = :source")
    if language is not None:
        conditions.append("a.language = :language")
    for name, condition in (
        ("since", "a.published_at >= :since"),
        ("until", "a.published_at < date(:until, '+1 day')"),
    ):
        if name in arguments:
            conditions.append(condition)
    values = {**arguments, "source": source, "language": language, "match": words.match, "exact": words.exact}
    found = rows(
        conn,
        f"""
        with h as materialized (
          select w.rowid as seq, bm25(articles_words, 5.0, 1.0) as score from articles_words w
          {"join articles a on a.seq = w.rowid" if len(conditions) > 1 else ""}
          where {" and ".join(conditions)} order by w.rowid desc limit {COUNTED}),
        e as materialized (
          select rowid from articles_exact where articles_exact match :exact order by rowid desc limit {COUNTED})
        select h.seq, h.seq in e as exact from h join articles a on a.seq = h.seq
        order by exact desc, h.score, a.published_at desc limit {size}""",
        values,
    )
    seqs = [row["seq"] for row in found]
    sql = (
        f"select {ARTICLE}, highlight(articles_words, 0, '{_OPEN}', '{_CLOSE}') as headline,"
        f" snippet(articles_words, 1, '{_OPEN}', '{_CLOSE}', '…', 32) as snippet from articles_words w"
        " join articles a on a.seq = w.rowid join sources o on o.id = a.source where articles_words match ? and w.rowid = ?"
    )
    shown = [row for seq in seqs for row in rows(conn, sql, (words.match, seq))]
    return [
        article_ref(row) | {"headline": _pieces(row["headline"]), "snippet": _pieces(row["snippet"])} for row in shown
    ]


def _named(words: Words, table: Mapping[str, Mapping[str, Any]], load: Callable[[str], list[Row]]) -> list[Row]:
    """Rows of a catalogue one of whose names holds all the words, shortest name first."""
    if not words.tokens:
        return []
    scored = []
    for key, row in table.items():
        lengths = []
        for code in ("vi", "en", "sv"):
            name = fold(row[code]).split()
            if all(token in name for token in words.tokens):
                lengths.append(len(name))
        if lengths:
            scored.append((min(lengths), key))
    ids = [key for _, key in sorted(scored)[:8]]
    return sorted(load(json.dumps(ids)), key=lambda ref: ids.index(ref["id"])) if ids else []


def _facets(conn: Any, seqs: list[int]) -> Row:
    """How many of the hits fall under each kind, indicator, place, source, language and unit; most frequent first."""
    columns = {
        "kind": "kind",
        "indicator": "indicator_id",
        "place": "place_id",
        "source": "source",
        "language": "language",
    }
    columns["unit"] = "unit"
    chosen = ", ".join(f"s.{column} as {name}" for name, column in columns.items())
    sql = (
        f"select {chosen}, i.vi as indicator_label, p.vi as place_label, o.name as source_label from statements s"
        " left join indicators i on i.id = s.indicator_id left join places p on p.id = s.place_id"
        " left join sources o on o.id = s.source where s.seq in (select value from json_each(?))"
    )
    counts: dict[str, Counter[str]] = {name: Counter() for name in columns}
    labels: dict[tuple[str, str], str] = {}
    for row in rows(conn, sql, (json.dumps(seqs),)) if seqs else []:
        for name, counter in counts.items():
            if (value := row[name]) is not None:
                counter[value] += 1
                labels[name, value] = row.get(f"{name}_label") or value
    return {
        name: [
            {"id": value, "label": labels[name, value], "count": count}
            for value, count in sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:20]
        ]
        for name, counter in counts.items()
    }
