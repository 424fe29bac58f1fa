"""Summaries of the stored articles: chosen when the ledger is built, kept as offsets, shown in words.

In: a store whose articles were read by the extractor. Out: `summarise_articles` fills the table `summaries`; `summary_of`
answers for one article.

>>> summarise_articles(store)
80
>>> summary_of(store.connection, article)["sentences"][0]
{'start': 0, 'end': 71, 'text': 'GDP năm 2025 tăng 8,02% …', 'figures': ['3f2a…']}

What is shown are words of the stored version of the text, so no number in it can differ from its source. Of a translation
whose original is known the original's summary stands beside its own.
"""

import json
from decimal import Decimal
from typing import Any

from extract.summariser import VERSION, summarise
from extract.summary import Figure
from extract.summary_model import load_model
from index.store import Store

Row = dict[str, Any]
BATCH = 200


def summarise_articles(store: Store) -> int:
    """Summarise the articles that were read since their summary was made, or have none. Returns how many."""
    conn, maker = store.connection, f"{VERSION} {load_model().id}"
    due = conn.execute(
        "select a.id from articles a join snapshots s on s.id = a.snapshot left join summaries m on m.article = a.id"
        " where s.extractor is not null and (m.article is null or m.snapshot <> a.snapshot"
        " or m.maker <> ? || ' ' || s.extractor) order by a.id",
        (maker,),
    ).fetchall()
    for at in range(0, len(due), BATCH):
        with store.transaction():
            conn.executemany(
                "insert into summaries (article, snapshot, sentences, method, language, reason, maker)"
                " values (:article, :snapshot, :sentences, :method, :language, :reason, :maker) on conflict(article)"
                " do update set snapshot = excluded.snapshot, sentences = excluded.sentences, method = excluded.method,"
                " language = excluded.language, reason = excluded.reason, maker = excluded.maker",
                [_summary(conn, id_, maker) for (id_,) in due[at : at + BATCH]],
            )
    return len(due)


def _summary(conn: Any, article: str, maker: str) -> Row:
    snapshot, title, text, language, extractor = conn.execute(
        "select s.id, s.title, s.text, a.language, s.extractor from articles a join snapshots s on s.id = a.snapshot"
        " where a.id = ?",
        (article,),
    ).fetchone()
    said = conn.execute(
        "select id, quote_start, quote_end, value, unit from statements where article = ? and snapshot = ?"
        " and withdrawn is null order by position, seq",
        (article, snapshot),
    ).fetchall()
    figures = [Figure(row[1], row[2], None if row[3] is None else Decimal(row[3]), row[4]) for row in said]
    made = summarise(text, language, title, figures)
    sentences = [[s.start, s.end, [said[k][0] for k in s.figures]] for s in made.sentences]
    return {
        "article": article,
        "snapshot": snapshot,
        "sentences": json.dumps(sentences),
        "method": made.method,
        "language": made.language,
        "reason": made.reason,
        "maker": f"{maker} {extractor}",
    }


def summary_of(conn: Any, article: str) -> Row | None:
    """The summary of an article and, of a translation, its original's; None where none was made yet.

    {"sentences": [{"start", "end", "text", "figures": [id]}], "method", "language", "reason", "original": {"id", …}|None}.
    Offsets are into the article's text; without sentences there is a `reason`.
    """
    own = _stored(conn, article)
    row = conn.execute("select original from translations where article = ?", (article,)).fetchone()
    original = _stored(conn, row[0]) if row else None
    if own is None:
        return None
    return own | {"original": original and {"id": row[0]} | original}


def _stored(conn: Any, article: str) -> Row | None:
    row = conn.execute(
        "select m.sentences, m.method, m.language, m.reason, s.text from summaries m"
        " join snapshots s on s.id = m.snapshot where m.article = ?",
        (article,),
    ).fetchone()
    if row is None:
        return None
    sentences = [
        {"start": start, "end": end, "text": " ".join(row[4][start:end].split()), "figures": figures}
        for start, end, figures in json.loads(row[0])
    ]
    return {"sentences": sentences, "method": row[1], "language": row[2], "reason": row[3]}
