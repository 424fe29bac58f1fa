"""Threads of commitments: acts as the articles report them in, what belongs to one act out.

>>> threads([act("a", "Bộ Xây dựng", "trình đề án nhà ở"), act("b", "Bộ Xây dựng", "trình đề án phát triển nhà ở")])
{'a': 'a', 'b': 'a'}

One actor's acts are one where the shorter wording shares most of its words with the other, or both name one document.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.words import fold

_SHARE = 0.7
_NEWEST = 200
"""Acts of one actor that a new one is compared with, the newest first: this keeps the work linear."""


@dataclass(frozen=True, slots=True)
class Act:
    """A commitment as far as threading needs it, in the order of publication."""

    id: str
    actor: str | None
    action: str
    instrument: str | None


def threads(acts: Iterable[Act]) -> dict[str, str]:
    """The first commitment of the same act, for every commitment."""
    by_actor: dict[str, list[Act]] = defaultdict(list)
    found: dict[str, str] = {}
    for act in acts:
        if act.actor is None:
            found[act.id] = act.id
        else:
            by_actor[fold(act.actor)].append(act)
    for own in by_actor.values():
        found |= thread_of_actor(own, {})
    return found


def thread_of_actor(acts: Sequence[Act], known: Mapping[str, str], start: int = 0) -> dict[str, str]:
    """The same for one actor's acts from the one at `start` on; those before it have the threads `known`."""
    first = max(start - _NEWEST, 0)
    before = [(_words(act), fold(act.instrument or ""), known[act.id]) for act in acts[first:start]]
    found: dict[str, str] = {}
    for act in acts[start:]:
        words, paper = _words(act), fold(act.instrument or "")
        found[act.id] = act.id
        for other, other_paper, head in reversed(before[-_NEWEST:]):
            few = min(len(words), len(other))
            if few < 3 or (paper and other_paper and paper != other_paper):
                continue
            if len(words & other) >= _SHARE * few:
                found[act.id] = head
                break
        before.append((words, paper, found[act.id]))
    return found


def _words(act: Act) -> frozenset[str]:
    return frozenset(fold(act.action).split())


_ACTS = (
    "select c.id, c.actor, coalesce(c.action, c.exact), c.instrument, c.thread, c.seq, c.article, c.published_at"
    " from commitments c"
)
_ORDER = "order by c.published_at is null, c.published_at, c.article, c.position, c.id"


def build_threads(conn: Any, stale: Collection[str] | None) -> None:
    """Write the threads of the commitments of `stale` articles (None: all) and of those that follow them."""
    changed: list[tuple[str | None, int]] = []
    begin: dict[str, tuple[int, str]] = {}
    """Folded actor → place in the order from which on his acts are threaded anew."""
    ids = None if stale is None else json.dumps(sorted(stale))
    if stale is None:
        conn.execute("delete from threaded")
        lines = conn.execute(f"{_ACTS.replace('c.id,', 'c.withdrawn, null, null, c.id,', 1)} {_ORDER}").fetchall()
    else:
        lines = conn.execute(
            f"{_ACTS.replace('c.id,', 'c.withdrawn, t.actor, t.published_at, c.id,', 1)} left join threaded t"
            " on t.seq = c.seq where c.article in (select value from json_each(?))",
            (ids,),
        ).fetchall()
    placed, gone = [], []
    for withdrawn, had, had_at, id_, actor, _, _, thread, seq, _, published in lines:
        key = None if withdrawn or actor is None else fold(actor)
        for name, time in ((had, had_at), (key, published)):
            if name is not None:
                begin[name] = min(begin.get(name, _NEVER), (time is None, time or ""))
        if key is None:
            own = None if withdrawn else id_
            changed += [(own, seq)] if thread != own else []
            gone += [(seq,)] if had is not None else []
        elif (had, had_at) != (key, published):
            placed.append((seq, key, published))
    conn.executemany("delete from threaded where seq = ?", gone)
    conn.executemany("insert or replace into threaded (seq, actor, published_at) values (?, ?, ?)", placed)
    for actor, first in sorted(begin.items()):
        rows = conn.execute(f"{_ACTS} join threaded t on t.seq = c.seq where t.actor = ? {_ORDER}", (actor,)).fetchall()
        start = next((i for i, row in enumerate(rows) if (row[7] is None, row[7] or "") >= first), len(rows))
        found = thread_of_actor([Act(*row[:4]) for row in rows], {row[0]: row[4] for row in rows}, start)
        changed += [(found[row[0]], row[5]) for row in rows[start:] if found[row[0]] != row[4]]
    conn.executemany("update commitments set thread = ? where seq = ?", changed)


_NEVER = (2, "")
