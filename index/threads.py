"""Threads of commitments: which acts of different articles are one, and where each history stands, written into the store.

In: a connection and the articles that something new was stored about. Out: `commitments.thread` (the first commitment of the
same act) and the rows of `histories`: status and deadline with the commitments that are the evidence. The rules are
index/history.py; acts of one subject are compared with the newest of it, so the work is linear, and a new article touches its
subjects alone. A rebuild gives the same rows.

>>> threads([Act("a", "Bộ Xây dựng", "trình đề án nhà ở"), Act("b", "Bộ Xây dựng", "trình đề án phát triển nhà ở")])
{'a': 'a', 'b': 'a'}
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from index.history import Act, same, standing, subject

_NEWEST = 200
"""Acts of one subject that a new one is compared with, the newest first."""


def threads(acts: Iterable[Act]) -> dict[str, str]:
    """The first commitment of the same act, for every commitment; `acts` in the order of publication."""
    by_subject: dict[str, list[Act]] = defaultdict(list)
    found: dict[str, str] = {}
    for act in acts:
        key = subject(act)
        if key is None:
            found[act.id] = act.id
        else:
            by_subject[key].append(act)
    for key, own in by_subject.items():
        found |= thread_of_subject(key, own, {})
    return found


def thread_of_subject(key: str, acts: Sequence[Act], known: Mapping[str, str], start: int = 0) -> dict[str, str]:
    """The same for one subject's acts from the one at `start` on; those before it have the threads `known`."""
    named = key.startswith("name:")
    before = [(act, known[act.id]) for act in acts[max(start - _NEWEST, 0) : start]]
    found: dict[str, str] = {}
    for act in acts[start:]:
        head = next((head for other, head in reversed(before[-_NEWEST:]) if same(other, act, named)), act.id)
        found[act.id] = head
        before.append((act, head))
    return found


_ACT = "c.id, c.actor, coalesce(c.action, c.exact), c.instrument, c.object, c.status, c.deadline, c.deadline_last, c.place_id"
_ORDER = "order by c.published_at is null, c.published_at, c.article, c.position, c.id"
_FIELDS = 9


def build_threads(conn: Any, stale: Collection[str] | None) -> None:
    """Write the threads of the commitments of `stale` articles (None: all), of those that follow them, and their histories."""
    changed: list[tuple[str | None, int]] = []
    begin: dict[str, tuple[int, str]] = {}
    """Subject → place in the order from which on its acts are threaded anew."""
    touched: set[str] = set()
    if stale is None:
        conn.execute("delete from threaded")
        conn.execute("delete from histories")
        lines = conn.execute(
            f"select {_ACT}, c.withdrawn, c.thread, c.seq, c.published_at, null, null from commitments c {_ORDER}"
        ).fetchall()
    else:
        lines = conn.execute(
            f"select {_ACT}, c.withdrawn, c.thread, c.seq, c.published_at, t.subject, t.published_at from commitments c"
            " left join threaded t on t.seq = c.seq where c.article in (select value from json_each(?))",
            (json.dumps(sorted(stale)),),
        ).fetchall()
    placed, gone = [], []
    for line in lines:
        act, (withdrawn, thread, seq, published, had, had_at) = Act(*line[:_FIELDS]), line[_FIELDS:]
        key = None if withdrawn else subject(act)
        touched |= {act.id, *([thread] if thread else [])}
        for known, time in ((had, had_at), (key, published)):
            if known is not None:
                begin[known] = min(begin.get(known, _NEVER), (time is None, time or ""))
        if key is None:
            own = None if withdrawn else act.id
            changed += [(own, seq)] if thread != own else []
            gone += [(seq,)] if had is not None else []
        elif (had, had_at) != (key, published):
            placed.append((seq, key, published))
    conn.executemany("delete from threaded where seq = ?", gone)
    conn.executemany("insert or replace into threaded (seq, subject, published_at) values (?, ?, ?)", placed)
    for key, first in sorted(begin.items()):
        rows = conn.execute(
            f"select {_ACT}, c.thread, c.seq, c.published_at from commitments c join threaded t on t.seq = c.seq"
            f" where t.subject = ? {_ORDER}",
            (key,),
        ).fetchall()
        start = next((i for i, row in enumerate(rows) if (row[-1] is None, row[-1] or "") >= first), len(rows))
        acts, threads_ = [Act(*row[:_FIELDS]) for row in rows], {row[0]: row[_FIELDS] for row in rows}
        found = thread_of_subject(key, acts, threads_, start)
        for row in rows[start:]:
            touched |= {found[row[0]], *([row[_FIELDS]] if row[_FIELDS] else [])}
            if found[row[0]] != row[_FIELDS]:
                changed.append((found[row[0]], row[_FIELDS + 1]))
    conn.executemany("update commitments set thread = ? where seq = ?", changed)
    _write_histories(conn, touched)


_NEVER = (2, "")


def _write_histories(conn: Any, heads: Collection[str]) -> None:
    """Bring the rows of `histories` in line for the given threads: only those of more than one act have a row."""
    given = json.dumps(sorted(heads))
    rows = conn.execute(
        f"select {_ACT}, c.thread from commitments c where c.withdrawn is null"
        f" and c.thread in (select value from json_each(?)) {_ORDER}",
        (given,),
    ).fetchall()
    members: dict[str, list[Act]] = defaultdict(list)
    for row in rows:
        members[row[-1]].append(Act(*row[:_FIELDS]))
    conn.execute("delete from histories where thread in (select value from json_each(?))", (given,))
    written = []
    for head, acts in sorted(members.items()):
        if len(acts) > 1:
            found = standing(acts)
            written.append((head, found.status, found.evidence, found.deadline, found.due, found.dated_by, len(acts)))
    conn.executemany(
        "insert into histories (thread, status, evidence, deadline, deadline_last, dated_by, mentions)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        written,
    )
