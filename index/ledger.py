"""The ledger: everything that follows from the stored statements, derived anew and written where it differs.

In: an open store and the time. Out: series with vintages, translations compared, copies collapsed, silent edits, threads of
commitments; and a report of counts. Time is an argument: it dates the changes and bounds what is believed.

>>> build(store, now)
{'series': 41, 'observations': 187, 'held': 1210, 'copies': 3, 'translations': 9, 'edits': 1, 'threads': 64}

Building twice, or from articles that came in another order, gives the same rows with the same ids.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from index.copies import group, sketch
from index.edits import build_edits
from index.home_queries import count, indicators_now
from index.series import build_series
from index.store import Store
from index.sync import Row, sync
from index.threads import Act, threads
from index.timespan import stamp
from index.translation import Said, Text, compare, join


def build(store: Store, now: datetime) -> dict[str, int]:
    """Bring all derived tables up to date in one transaction. Returns how many rows each holds, and what was held back."""
    conn, at = store.connection, stamp(now)
    with store.transaction():
        copies = _build_copies(conn, at)
        translations = _build_translations(conn, at)
        report = build_series(conn, store.words, now, _origins(conn, copies, translations), translations)
        report |= {"copies": len(copies), "translations": len(translations)}
        report["edits"] = build_edits(conn, at)
        report["threads"] = _build_threads(conn)
        kept = {"counts": count(conn), "indicators": indicators_now(conn)}
        (cursor,) = conn.execute("select coalesce(max(cursor), 0) from changes").fetchone()
        answers = {name: json.dumps(answer, ensure_ascii=False) for name, answer in kept.items()}
        for name, value in {"built_at": at, "cursor": str(cursor), **answers}.items():
            conn.execute(
                "insert into state (name, value) values (?, ?) on conflict(name) do update set value = excluded.value",
                (name, value),
            )
    return report


def _build_copies(conn: Any, at: str) -> dict[str, str]:
    """Copy → first article with the same text."""
    fresh = conn.execute(
        "select a.id, a.snapshot from articles a left join fingerprints f on f.article = a.id"
        " where f.snapshot is not a.snapshot"
    ).fetchall()

    def text_of(id_: str) -> str:
        text: str = conn.execute("select text from articles where id = ?", (id_,)).fetchone()[0]
        return text

    for id_, snapshot in fresh:
        conn.execute(
            "insert into fingerprints (article, snapshot, hashes) values (?, ?, ?)"
            " on conflict(article) do update set snapshot = excluded.snapshot, hashes = excluded.hashes",
            (id_, snapshot, json.dumps(sketch(text_of(id_)))),
        )
    found = conn.execute(
        "select a.id, f.hashes from articles a join fingerprints f on f.article = a.id"
        " order by a.published_at is null, a.published_at, a.first_fetched_at, a.id"
    ).fetchall()
    copies = group([row[0] for row in found], {id_: json.loads(hashes) for id_, hashes in found}, text_of)
    sync(
        conn,
        "copies",
        ["article"],
        [{"article": id_, "story": head, "similarity": alike} for id_, (head, alike) in copies.items()],
        record="copy",
        at=at,
    )
    return {id_: head for id_, (head, _) in copies.items()}


def _build_translations(conn: Any, at: str) -> dict[str, str]:
    """Translation → original; writes how their figures compare."""
    texts = [
        Text(*row)
        for row in conn.execute("select id, url, source, language, published_at, translation_of from articles")
    ]

    def figures(id_: str) -> list[Said]:
        found = conn.execute(
            "select id, value, unit, exact, reason from statements where article = ? and withdrawn is null"
            " order by position, seq",
            (id_,),
        )
        return [
            Said(row[0], None if row[1] is None else Decimal(row[1]), row[2], row[3], row[4] == "malformed")
            for row in found
        ]

    def text_of(id_: str) -> str:
        title, text = conn.execute("select title, text from articles where id = ?", (id_,)).fetchone()
        return f"{title}\n{text}"

    joined = join(texts, figures)
    pairs: list[Row] = []
    differences: list[Row] = []
    for id_, (original, how) in sorted(joined.items()):
        theirs, ours = figures(original), figures(id_)
        found = compare(theirs, ours, text_of(original), text_of(id_)) if theirs or ours else []
        verdicts = {"altered" if verdict == "malformed" else verdict for verdict, _, _ in found}
        verdict = next((v for v in ("altered", "missing", "added") if v in verdicts), "same")
        pairs.append({"article": id_, "original": original, "joined_by": how, "verdict": verdict})
        for position, (what, i, j) in enumerate(found):
            differences.append(
                {
                    "article": id_,
                    "position": position,
                    "verdict": what,
                    "statement": None if j is None else ours[j].statement,
                    "original_statement": None if i is None else theirs[i].statement,
                }
            )
    sync(conn, "translations", ["article"], pairs, record="translation", at=at, reason="compared anew")
    sync(conn, "differences", ["article", "position"], differences)
    return {id_: original for id_, (original, _) in joined.items()}


def _origins(conn: Any, copies: Mapping[str, str], translations: Mapping[str, str]) -> dict[str, str]:
    """Article → outlet that its figures independently come from: that of the text it copies or translates."""
    source = dict(conn.execute("select id, source from articles").fetchall())

    def origin(id_: str) -> str:
        for _ in range(4):
            id_ = copies.get(id_) or translations.get(id_) or id_
        return id_

    return {id_: source[origin(id_)] for id_ in (*copies, *translations)}


def _build_threads(conn: Any) -> int:
    acts = conn.execute(
        "select id, actor, coalesce(action, exact), instrument, thread from commitments where withdrawn is null"
        " order by published_at is null, published_at, article, position"
    ).fetchall()
    found = threads(Act(*row[:4]) for row in acts)
    conn.executemany(
        "update commitments set thread = ? where id = ?",
        [(found[row[0]], row[0]) for row in acts if found[row[0]] != row[4]],
    )
    return len(set(found.values()))
