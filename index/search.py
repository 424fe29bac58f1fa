"""Search: what a person typed and the filters he set in, receipts out (docs/records.md, Found).

>>> search(conn, "tăng trưởng 8,02%", place="vn")["results"][0]["printed"]
'8,02%'

Any string is a valid query. Words with exactly the marks that were typed come first; within these and the others the order by
words (what names the subject, what stands side by side, what is newest) is fused with that by meaning, how near the article is
to the question. All is judged among the newest CANDIDATES hits, so that a word which is everywhere costs no more than a rare
one. A figure is found by the words or the value of its own sentence, never by meaning alone; articles are found by either.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from index.article_search import found_articles
from index.catalogue import shipped
from index.errors import QueryError
from index.filters import check_page, conditions_of
from index.hits import CLOSE, EXACT, OPEN, word_scores
from index.meaning import Nearness
from index.proposal import proposals
from index.quantity_query import quantity
from index.quantity_query import sql as quantity_sql
from index.ranking import fuse
from index.receipt import Pieces, Row, indicators_by, places_by, receipts_in_order
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
    verdict: str | None = None,
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
    nearness = Nearness.of(conn, rest) if words.match is not None else Nearness()
    filters = conditions_of(
        conn,
        catalogue,
        kind,
        indicator,
        place,
        period,
        min,
        max,
        unit,
        source,
        language,
        measure,
        since,
        until,
        verdict,
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
        hits = _hits(conn, words, nearness, conditions, arguments, sort, most=page * size + COUNTED)
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
        "verdict": verdict,
    }
    about_figures = (kind, indicator, place, period, min, max, unit, measure, verdict)
    wordy = words.match is not None and page == 1 and not any(about_figures)
    articles = (
        found_articles(
            conn,
            words,
            nearness,
            source=source,
            language=language,
            since=arguments.get("since"),
            until=arguments.get("until"),
        )
        if wordy
        else []
    )
    named = _named(words, "indicators", lambda ids: indicators_by(conn, _IN.format("i"), (ids,)))
    return {
        "q": q,
        "results": results,
        "articles": articles,
        "quantity": asked.record() if asked else None,
        "indicators": named,
        "proposed": proposals(conn, rest, {ref["id"] for ref in named})
        if words.match is not None and page == 1
        else [],
        "places": _named(words, "places", lambda ids: places_by(conn, _IN.format("p"), (ids,))),
        "meaning": {"encoder": nearness.encoder, "refused": nearness.refused},
        "facets": _facets(conn, hits[:COUNTED]),
        "filters": given,
        "sort": sort,
        "page": page,
        "size": size,
        "more": len(hits) > page * size,
    }


_IN = "where {}.id in (select value from json_each(?))"


def _hits(
    conn: Any,
    words: Words,
    nearness: Nearness,
    conditions: list[str],
    arguments: Mapping[str, Any],
    sort: str,
    most: int,
) -> list[int]:
    """Row numbers of statements, best first."""
    where = " and ".join(conditions)
    if words.match is None:
        order = _ORDER["published" if sort == "relevance" else sort]
        sql = f"select s.seq from statements s where {where} order by {order} limit :most"
        return [row[0] for row in conn.execute(sql, {**arguments, "most": most})]
    limit = max(CANDIDATES, most)
    if conditions == ["s.withdrawn is null"]:
        sql = "select rowid from statements_words where statements_words match :match order by rowid desc limit :limit"
    else:
        sql = (
            "select w.rowid from statements_words w cross join statements s on s.seq = w.rowid"
            f" where statements_words match :match and {where} order by w.rowid desc limit :limit"
        )
    found = [row[0] for row in conn.execute(sql, {**arguments, "match": words.match, "limit": limit})]
    scores = word_scores(conn, "statements", ("indicator", "place", "names"), words, found, limit)
    values = {**arguments, "seqs": json.dumps([[seq, score] for seq, score in scores.items()]), "most": most}
    order = "score desc, s.published_at desc, s.seq desc" if sort == "relevance" else _ORDER[sort]
    sql = (
        "select s.seq, json_extract(j.value, '$[1]') as score, a.seq from json_each(:seqs) j"
        " cross join statements s on s.seq = json_extract(j.value, '$[0]') cross join articles a on a.id = s.article"
        f" where {where} order by {order} limit :most"
    )
    fitting = conn.execute(sql, values).fetchall()
    by_words = [row[0] for row in fitting]
    if sort != "relevance" or not len(nearness.seqs):
        return by_words
    cosines = nearness.at(row[2] for row in fitting)
    by_meaning = [row[0] for row in sorted(fitting, key=lambda row: -cosines[row[2]])]
    exact = {row[0] for row in fitting if row[1] >= EXACT}
    return sorted(fuse([by_meaning, by_words]), key=lambda seq: seq not in exact)


def _receipts(conn: Any, seqs: list[int], words: Words) -> list[Row]:
    if not seqs:
        return []
    found = receipts_in_order(conn, seqs)
    if words.match:
        # one seek a row: for a list of rows the index would walk through all hits
        marked = f"highlight(statements_words, 0, '{OPEN}', '{CLOSE}')"
        sql = f"select {marked} from statements_words where statements_words match ? and rowid = ?"
        for seq, receipt in zip(seqs, found, strict=True):
            for (text,) in conn.execute(sql, (words.marks, seq)):
                receipt["context"] = _merge(receipt["context"], text)
    return found


def _merge(context: Pieces, highlighted: str) -> Pieces:
    """Marks of the quote (1) and of searched words (2) over one text."""
    marks = [mark for text, mark in context for _ in text]
    i, inside = 0, False
    for char in highlighted:
        if char in (OPEN, CLOSE):
            inside = char == OPEN
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


def _named(words: Words, table: str, load: Callable[[str], list[Row]]) -> list[Row]:
    """Rows of a catalogue one of whose names holds all the words, shortest name first."""
    if not words.tokens:
        return []
    scored = []
    for key, names in _folded_names(table):
        lengths = [len(name) for name in names if name.issuperset(words.tokens)]
        if lengths:
            scored.append((min(lengths), key))
    ids = [key for _, key in sorted(scored)[:8]]
    return sorted(load(json.dumps(ids)), key=lambda ref: ids.index(ref["id"])) if ids else []


@cache
def _folded_names(table: str) -> list[tuple[str, list[frozenset[str]]]]:
    """The words of each name of each row of a catalogue."""
    found: Mapping[str, Mapping[str, Any]] = getattr(shipped(), table)
    return [(key, [frozenset(fold(row[code]).split()) for code in ("vi", "en", "sv")]) for key, row in found.items()]


def _facets(conn: Any, seqs: list[int]) -> Row:
    """How many of the hits fall under each kind, indicator, place, source, language and unit; most frequent first."""
    columns = ("kind", "indicator_id", "place_id", "source", "language", "unit")
    sql = f"select {', '.join(columns)} from statements where seq in (select value from json_each(?))"
    counts: dict[str, Counter[str]] = {column: Counter() for column in columns}
    for line in conn.execute(sql, (json.dumps(seqs),)) if seqs else ():
        for column, value in zip(columns, line, strict=True):
            if value is not None:
                counts[column][value] += 1
    named = {"indicator_id": ("indicators", "vi"), "place_id": ("places", "vi"), "source": ("sources", "name")}
    facets = {}
    for column, counter in counts.items():
        top = sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:20]
        labels: dict[str, str] = {}
        if column in named and top:
            table, name = named[column]
            sql = f"select id, {name} from {table} where id in (select value from json_each(?))"
            labels = dict(conn.execute(sql, (json.dumps([value for value, _ in top]),)).fetchall())
        facets[column.removesuffix("_id")] = [
            {"id": value, "label": labels.get(value, value), "count": count} for value, count in top
        ]
    return facets
