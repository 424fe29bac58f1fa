"""Articles for a question: by their words and by their meaning, in one order.

>>> found_articles(conn, Words.of("xuat khau gao"), "xuat khau gao", Nearness.of(conn, "xuat khau gao"))[0]["headline"]
[['Xuất khẩu gạo', 2], [' tăng mạnh', 0]]

Articles that hold every word come first, those with the marks as typed before them all; within each the order by words (what
stands in the headline, side by side, what is newest) and the order by meaning are fused. Then come those that hold some of
the words (BM25 over words and pairs, where they are ABOUT the question) and those that are near in meaning, fused alike.
"""

import json
from collections.abc import Mapping
from typing import Any

from index.hits import CLOSE, EXACT, OPEN, pieces, word_scores
from index.meaning import ABOUT, Nearness
from index.ranking import fuse
from index.receipt import ARTICLE, Row, article_ref, rows
from index.words import Words

COUNTED = 1000
"""Newest hits that are ranked."""
PARTLY = 100
"""Articles that hold some of the words, and articles near in meaning, that are ranked."""
RECENT = 10_000
"""Newest articles that are looked through for some of the words: BM25 reads every place of every word, and older articles
are found by their meaning."""
OPENING = 200
"""Characters that are shown of a text in which no word is marked."""


def found_articles(
    conn: Any,
    words: Words,
    nearness: Nearness,
    *,
    source: str | None = None,
    language: str | None = None,
    since: str | None = None,
    until: str | None = None,
    size: int = 10,
) -> list[Row]:
    """ArticleRefs with `headline` and `snippet` in marked pieces and `nearness` (cosine), best first."""
    order, whole = ordered(conn, words, nearness, _conditions(source, language, since, until), size)
    cosines = nearness.at(order)
    return [_shown(conn, seq, words.marks if seq in whole else words.some, round(cosines[seq], 3)) for seq in order]


def _conditions(
    source: str | None, language: str | None, since: str | None, until: str | None
) -> tuple[str, Mapping[str, Any]]:
    given = {
        "source": (source, "a.source = :source"),
        "language": (language, "a.language = :language"),
        "since": (since, "a.published_at >= :since"),
        "until": (until, "a.published_at < date(:until, '+1 day')"),
    }
    asked = {name: value for name, (value, _) in given.items() if value is not None}
    return " and ".join(given[name][1] for name in asked), asked


def ordered(
    conn: Any, words: Words, nearness: Nearness, conditions: tuple[str, Mapping[str, Any]], size: int
) -> tuple[list[int], set[int]]:
    """Row numbers of articles, best first, and those of them that hold every word."""
    where, values = conditions
    whole: list[int] = []
    if words.match is not None:
        found = _matching(conn, words.match, where, values, "w.rowid desc", COUNTED)
        scores = word_scores(conn, "articles", ("title",), words, found, COUNTED)
        if where:
            scores = {seq: scores[seq] for seq in _kept(conn, list(scores), where, values)}
        newest = sorted(scores, reverse=True)
        by_words = sorted(newest, key=lambda seq: -scores[seq])
        cosines = nearness.at(newest)
        by_meaning = [seq for seq in sorted(newest, key=lambda seq: -cosines[seq]) if cosines[seq] > 0]
        whole = sorted(fuse([by_meaning, by_words]), key=lambda seq: scores[seq] < EXACT)
    if len(whole) >= size:
        return whole[:size], set(whole)
    partly: list[int] = []
    if words.some:
        latest = conn.execute("select max(seq) from articles").fetchone()[0] or 0
        recent = " and ".join(filter(None, ["w.rowid > :oldest", where]))
        partly = _matching(conn, words.some, recent, {**values, "oldest": latest - RECENT}, "rank", PARTLY)
    if len(nearness.seqs):  # one common word alone says little
        cosines = nearness.at(partly)
        partly = [seq for seq in partly if cosines[seq] >= ABOUT]
    near = nearness.nearest(PARTLY)
    if where:
        near = _kept(conn, near, where, values)
    some = [seq for seq in fuse([near, partly]) if seq not in set(whole)]
    return [*whole, *some][:size], set(whole)


def _matching(conn: Any, match: str, where: str, values: Mapping[str, Any], order: str, limit: int) -> list[int]:
    joined = f" cross join articles a on a.seq = w.rowid where {where} and" if where else " where"
    sql = f"select w.rowid from articles_words w{joined} articles_words match :match order by {order} limit :limit"
    return [row[0] for row in conn.execute(sql, {**values, "match": match, "limit": limit})]


def _kept(conn: Any, seqs: list[int], where: str, values: Mapping[str, Any]) -> list[int]:
    sql = f"select a.seq from json_each(:seqs) j cross join articles a on a.seq = j.value where {where} order by j.key"
    return [row[0] for row in conn.execute(sql, {**values, "seqs": json.dumps(seqs)})]


def _shown(conn: Any, seq: int, marks: str | None, nearness: float) -> Row:
    found: list[Row] = []
    if marks:
        sql = (
            f"select {ARTICLE}, highlight(articles_words, 0, '{OPEN}', '{CLOSE}') as headline,"
            f" snippet(articles_words, 1, '{OPEN}', '{CLOSE}', '…', 32) as snippet from articles_words w"
            " join articles a on a.seq = w.rowid join sources o on o.id = a.source"
            " where articles_words match ? and w.rowid = ?"
        )
        found = rows(conn, sql, (marks, seq))
    if not found:
        sql = (
            f"select {ARTICLE}, a.title as headline, substr(a.text, 1, {OPENING}) as snippet from articles a"
            " join sources o on o.id = a.source where a.seq = ?"
        )
        found = rows(conn, sql, (seq,))
    row = found[0]
    return article_ref(row) | {
        "headline": pieces(row["headline"]),
        "snippet": pieces(row["snippet"]),
        "nearness": nearness,
    }
