"""The ledger: everything that follows from the stored statements, derived where something new was stored.

In: an open store and the time. Out: series with vintages, translations compared, copies collapsed, silent edits, threads of
commitments; and a report of counts. Time is an argument: it dates the changes and bounds what is believed.

>>> build(store, now)
{'series': 41, 'observations': 187, 'held': 1210, 'copies': 3, 'translations': 9, 'edits': 1, 'threads': 64}

The store notes the articles that something was written about (`unbuilt`); only these, and what they lead to, are looked at.
Everything is, once, when the rules or the catalogues are others than those that the ledger was built by. Either way the rows
and their ids are the same, whatever the order in which the articles came.
"""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from extract.lexicon import CATALOGUE
from index.edits import build_edits
from index.home_queries import count, indicators_now
from index.relatives import build_copies, build_translations, fingerprint
from index.series import build_series
from index.store import Store
from index.threads import build_threads
from index.timespan import day_of, stamp

MOST = 0.5
"""Share of the articles beyond which looking at everything is the shorter way."""

_RULES = (
    "comparable", "copies", "edits", "history", "ledger", "relatives", "sentence", "series", "sync", "threads", "timespan",
    "translation", "vintage",
)  # fmt: skip


def rules() -> str:
    """A digest of what a ledger is built by: the modules that derive it, and the catalogues."""
    files = [*(Path(__file__).with_name(f"{name}.py") for name in _RULES), *sorted(CATALOGUE.glob("*.toml"))]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def build(store: Store, now: datetime, *, everything: bool = False) -> dict[str, int]:
    """Bring all derived tables up to date in one transaction. Returns how many rows each holds, and what is held back."""
    conn, at = store.connection, stamp(now)
    with store.transaction():
        state = dict(conn.execute("select name, value from state"))
        stale = None if everything or state.get("rules") != (made_by := rules()) else _stale(conn, now)
        made_by = rules() if stale is None else made_by
        if stale is None or stale:
            _derive(store, stale, now)
        conn.execute("delete from unbuilt")
        (cursor,) = conn.execute("select coalesce(max(cursor), 0) from changes").fetchone()
        answers: dict[str, str] = {}
        if "counts" not in state or state.get("cursor") != str(cursor):
            kept = {"counts": count(conn), "indicators": indicators_now(conn)}
            answers = {name: json.dumps(answer, ensure_ascii=False) for name, answer in kept.items()}
        for name, value in {"built_at": at, "rules": made_by, "cursor": str(cursor), **answers}.items():
            conn.execute(
                "insert into state (name, value) values (?, ?) on conflict(name) do update set value = excluded.value",
                (name, value),
            )
        return report(conn)


def _stale(conn: Any, now: datetime) -> set[str] | None:
    """The articles to look at; None for all of them."""
    believed = (day_of(now + timedelta(days=2)),)
    found = {row[0] for row in conn.execute("select article from unbuilt")}
    found |= {
        row[0]
        for row in conn.execute(
            "select article from statements where held = 'future_dated' and published_at < ?", believed
        )
    }
    (every,) = conn.execute("select count(*) from articles").fetchone()
    return None if len(found) > MOST * every else found


def _derive(store: Store, stale: Collection[str] | None, now: datetime) -> None:
    conn, at = store.connection, stamp(now)
    former = _origins(conn)
    relatives = fingerprint(conn, stale)
    build_copies(conn, None if stale is None else {*stale, *relatives}, at)
    build_translations(conn, None if stale is None else {*stale, *relatives}, at)
    origins = _origins(conn)
    touched = stale
    if stale is not None:
        touched = {*stale, *(id_ for id_ in {*former, *origins} if former.get(id_) != origins.get(id_))}
    outlets = {id_: outlet for id_, (outlet, _) in origins.items()}
    translated = {id_ for id_, (_, translation) in origins.items() if translation}
    build_series(conn, store.words, now, stale=touched, origins=outlets, translated=translated)
    build_edits(conn, stale, at)
    build_threads(conn, stale)


def _origins(conn: Any) -> dict[str, tuple[str, bool]]:
    """Copy or translation → the outlet that its figures independently come from (that of the text it copies or
    translates), and whether it is a translation."""
    copies: dict[str, str] = dict(conn.execute("select article, story from copies").fetchall())
    translations: dict[str, str] = dict(conn.execute("select article, original from translations").fetchall())
    source: dict[str, str] = dict(
        conn.execute(
            "select a.id, a.source from (select article as id from copies union select story from copies"
            " union select article from translations union select original from translations) k"
            " cross join articles a on a.id = k.id"
        ).fetchall()
    )

    def origin(id_: str) -> str:
        for _ in range(4):
            id_ = copies.get(id_) or translations.get(id_) or id_
        return id_

    return {id_: (source[origin(id_)], id_ in translations) for id_ in (*copies, *translations)}


def report(conn: Any) -> dict[str, int]:
    """How many rows the ledger holds, and how many statements are held back."""
    names = ("series", "observations", "held", "copies", "translations", "edits", "threads")
    counts = conn.execute(
        "select (select count(*) from series), (select count(*) from observations),"
        " (select count(*) from statements where held is not null and held <> 'withdrawn'),"
        " (select count(*) from copies), (select count(*) from translations), (select count(*) from edits),"
        " (select count(distinct thread) from commitments)"
    ).fetchone()
    return dict(zip(names, counts, strict=True))
