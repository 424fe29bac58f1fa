"""Copies and translations of the articles that are new, and of those that they lead to; the rest is left as it is.

In: a connection and the ids of the articles to look at (None for all). Out: rows of `copies`, `translations`, `differences`.

>>> build_copies(conn, {"04d7220ace…"}, at)
>>> build_translations(conn, {"04d7220ace…"}, at)

Whether two articles may be relatives depends on the two alone (copies.py, translation.py). So the articles that can be
touched by a new one are those that lead to it step by step, and looking at them gives what looking at all would give.
"""

import json
from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from index.copies import SHARED, WINDOW, day_number, group, sketch
from index.sync import Row, sync
from index.translation import DAYS, FIGURES, Said, Text, compare, join, slug, telling

_CHUNK = 2000


def fingerprint(conn: Any, stale: Collection[str] | None) -> set[str]:
    """Bring `fingerprints` and `sketches` up to date; the former relatives of the articles that changed."""
    ids = [row[0] for row in conn.execute("select id from articles order by id")] if stale is None else sorted(stale)
    former: set[str] = set()
    for start in range(0, len(ids), _CHUNK):
        found = conn.execute(
            "select a.id, a.snapshot, a.published_at, a.first_fetched_at, a.url, f.snapshot, f.day, f.slug, f.hashes, a.text"
            " from articles a left join fingerprints f on f.article = a.id where a.id in (select value from json_each(?))",
            (json.dumps(ids[start : start + _CHUNK]),),
        )
        rows, gone, sketches = [], [], []
        for id_, snapshot, published, fetched, url, had, old_day, old_slug, old_hashes, text in found:
            day, part = day_number(published, fetched), slug(url)
            hashes = old_hashes if had == snapshot else json.dumps(sketch(text))
            if (had, old_day, old_slug) == (snapshot, day, part):
                continue
            rows.append((id_, snapshot, day, part, hashes))
            if had is not None:
                former |= {id_, *alike(conn, id_), *_same_slug(conn, id_)} if stale is not None else set()
                gone += [(value, old_day, id_) for value in json.loads(old_hashes)]
            sketches += [(value, day, id_) for value in json.loads(hashes)]
        conn.executemany("delete from sketches where hash = ? and day = ? and article = ?", gone)
        conn.executemany(
            "insert into fingerprints (article, snapshot, day, slug, hashes) values (?, ?, ?, ?, ?) on conflict(article)"
            " do update set snapshot = excluded.snapshot, day = excluded.day, slug = excluded.slug, hashes = excluded.hashes",
            rows,
        )
        conn.executemany("insert into sketches (hash, day, article) values (?, ?, ?)", sorted(sketches))
    return former


def alike(conn: Any, id: str) -> dict[str, int]:
    """The articles that share at least SHARED hashes with one and were published within the window, and how many."""
    found = conn.execute(
        "select k.article, count(*) from fingerprints f cross join json_each(f.hashes) h cross join sketches k"
        " on k.hash = h.value and k.day between f.day - ? and f.day + ? where f.article = ? and k.article <> f.article"
        " group by k.article having count(*) >= ?",
        (WINDOW, WINDOW, id, SHARED),
    )
    return dict(found.fetchall())


def build_copies(conn: Any, stale: Collection[str] | None, at: str) -> None:
    """Write who copies whom, among the articles that `stale` lead to."""
    near = lru_cache(maxsize=1 << 14)(lambda id_: alike(conn, id_))
    scope = None
    if stale is not None:
        heads = "select article from copies where story in (select value from json_each(?))"
        scope = _closure([*stale, *_column(conn, heads, (json.dumps(sorted(stale)),))], near)
    order = _column(
        conn,
        "select a.id from articles a join fingerprints f on f.article = a.id"
        + ("" if scope is None else " where a.id in (select value from json_each(?))")
        + " order by f.day, coalesce(a.published_at, a.first_fetched_at), a.first_fetched_at, a.id",
        () if scope is None else (json.dumps(sorted(scope)),),
    )

    def text_of(id_: str) -> str:
        text: str = conn.execute("select text from articles where id = ?", (id_,)).fetchone()[0]
        return text

    found = group(order, near, text_of)
    rows = [{"article": id_, "story": head, "similarity": alike} for id_, (head, alike) in found.items()]
    sync(conn, "copies", ["article"], rows, record="copy", at=at, within=_within(scope))


def build_translations(conn: Any, stale: Collection[str] | None, at: str) -> None:
    """Write who translates whom and how their figures compare, among the articles that `stale` lead to."""
    scope = None
    if stale is not None:
        given = json.dumps(sorted(stale))
        pairs = (
            "select article from translations where original in (select value from json_each(:ids))"
            " union select original from translations where article in (select value from json_each(:ids))"
        )
        scope = _closure([*stale, *_column(conn, pairs, {"ids": given})], _Kin(conn).of)
    texts = [
        Text(*row)
        for row in conn.execute(
            "select id, url, source, language, published_at, translation_of from articles"
            + ("" if scope is None else " where id in (select value from json_each(?))"),
            () if scope is None else (json.dumps(sorted(scope)),),
        )
    ]

    def figures(id_: str) -> list[Said]:
        found = conn.execute(
            "select id, value, unit, exact, reason from statements where article = ? and withdrawn is null"
            " order by position, id",
            (id_,),
        )
        return [
            Said(row[0], None if row[1] is None else Decimal(row[1]), row[2], row[3], row[4] == "malformed")
            for row in found
        ]

    def text_of(id_: str) -> str:
        title, text = conn.execute("select title, text from articles where id = ?", (id_,)).fetchone()
        return f"{title}\n{text}"

    rows: list[Row] = []
    differences: list[Row] = []
    for id_, (original, how) in sorted(join(texts, figures).items()):
        theirs, ours = figures(original), figures(id_)
        found = compare(theirs, ours, text_of(original), text_of(id_)) if theirs or ours else []
        verdicts = {"altered" if verdict == "malformed" else verdict for verdict, _, _ in found}
        verdict = next((v for v in ("altered", "missing", "added") if v in verdicts), "same")
        rows.append({"article": id_, "original": original, "joined_by": how, "verdict": verdict})
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
    within = _within(scope)
    # a pair that goes takes its differences with it
    sync(conn, "translations", ["article"], rows, record="translation", at=at, reason="compared anew", within=within)
    sync(conn, "differences", ["article", "position"], differences, within=within)


class _Kin:
    """The articles that may be one text with an article: by link, by slug, or by outlet, days and figures."""

    def __init__(self, conn: Any) -> None:
        self.conn = conn
        self.languages = lru_cache(maxsize=None)(self._languages)
        self.published = lru_cache(maxsize=4096)(self._published)

    def of(self, id_: str) -> set[str]:
        row = self.conn.execute(
            "select url, source, language, published_at, translation_of from articles where id = ?", (id_,)
        ).fetchone()
        url, source, language, published, translation_of = row
        found = set(_column(self.conn, "select id from articles where translation_of = ?", (url,)))
        if translation_of:
            found.update(_column(self.conn, "select id from articles where url = ?", (translation_of,)))
        found.update(_same_slug(self.conn, id_))
        if published and self.languages(source) > 1:
            day = date.fromisoformat(published[:10])
            around = [self.published(source, day + timedelta(days=i)) for i in range(-DAYS, DAYS + 1)]
            _, own = around[DAYS].get(id_, (language, frozenset()))
            if len(own) >= FIGURES:
                for others in around:
                    found |= {
                        o for o, (code, said) in others.items() if code != language and len(own & said) >= FIGURES
                    }
        return found - {id_}

    def _languages(self, source: str) -> int:
        sql = "select count(distinct language) from articles where source = ?"
        return int(self.conn.execute(sql, (source,)).fetchone()[0])

    def _published(self, source: str, day: date) -> dict[str, tuple[str, frozenset[Decimal]]]:
        """The articles of an outlet and day, each with its language and telling values."""
        said: dict[str, tuple[str, list[Decimal]]] = {}
        for id_, language, value in self.conn.execute(
            "select article, language, value from statements where source = ? and published_at >= ? and published_at < ?"
            " and withdrawn is null and value is not null",
            (source, day.isoformat(), (day + timedelta(days=1)).isoformat()),
        ):
            said.setdefault(id_, (language, []))[1].append(Decimal(value))
        return {id_: (language, telling(values)) for id_, (language, values) in said.items()}


def _same_slug(conn: Any, id_: str) -> list[str]:
    return _column(
        conn,
        "select g.article from fingerprints f join fingerprints g on g.slug = f.slug"
        " join articles a on a.id = f.article join articles b on b.id = g.article"
        " where f.article = ? and f.slug is not null and a.source = b.source",
        (id_,),
    )


def _closure(start: Iterable[str], near: Callable[[str], Iterable[str]]) -> set[str]:
    """Everything that can be reached from `start`, that included."""
    reached = set(start)
    waiting = list(reached)
    while waiting:
        fresh = set(near(waiting.pop())) - reached
        reached |= fresh
        waiting += fresh
    return reached


def _within(scope: Collection[str] | None) -> tuple[str, dict[str, Any]]:
    if scope is None:
        return "1", {}
    return "article in (select value from json_each(:scope))", {"scope": json.dumps(sorted(scope))}


def _column(conn: Any, sql: str, values: Any = ()) -> list[str]:
    return [row[0] for row in conn.execute(sql, values)]
