"""Pages about commitments: by deadline, overdue and unrateable by rule, with their history (docs/records.md, Pages)."""

from collections import Counter
from datetime import datetime
from typing import Any

from index.errors import QueryError
from index.filters import check_day, check_page, place_condition
from index.press_queries import captures_by
from index.receipt import DUE, HISTORY, RATING, STATUS, Row, commitments_by, one, receipts, rows
from index.timespan import day_of
from index.words import fold

RATINGS = ("overdue", "due", "open", "done", "unrateable")
STATUSES = ("proposed", "planned", "approved", "in_progress", "done", "delayed")


def commitments(
    conn: Any,
    status: str | None = None,
    actor: str | None = None,
    place: str | None = None,
    due: str | None = None,
    now: datetime | None = None,
    page: int = 1,
    size: int = 50,
) -> Row:
    """Commitments by deadline, those without one last; each history once, with where it stands.

    `due` is a rating, or a day that the deadline does not pass.
    """
    check_page(page, size)
    if status is not None and status not in STATUSES:
        raise QueryError("status", f"{status!r} is none of {', '.join(STATUSES)}")
    today = None if now is None else day_of(now)
    conditions = ["c.withdrawn is null", "(c.thread is null or c.thread = c.id)"]
    values: Row = {"now": today}
    if status is not None:
        conditions.append(f"{STATUS} = :status")
        values["status"] = status
    if actor is not None:
        actors = [r[0] for r in conn.execute("select distinct actor from commitments where actor is not null")]
        named = [name for name in actors if fold(actor) in fold(name)]
        conditions.append(f"c.actor in ({', '.join(f':actor{i}' for i in range(len(named[:200])))})")
        values |= {f"actor{i}": name for i, name in enumerate(named[:200])}
    if place is not None:
        text, more = place_condition(conn, place, "c.place_id")
        conditions.append(f"({text} or c.place = :place)")
        values |= more | {"place": place}
    counts = Counter(
        {r["rating"]: r["n"] for r in rows(conn, _counting(conditions, RATING), values)} if today or now is None else {}
    )
    statuses = rows(conn, _counting(conditions, STATUS), values)
    if due is not None and due in RATINGS:
        conditions.append(f"{RATING} = :due")
        values["due"] = due
    elif due is not None:
        day = check_day("due", due)
        conditions.append(f"{DUE} <= :due")
        values["due"] = day
    tail = (
        f"where {' and '.join(conditions)} order by {DUE} is null, {DUE}, c.published_at desc, c.seq"
        " limit :size offset :skip"
    )
    found = commitments_by(conn, today, tail, values | {"size": size + 1, "skip": (page - 1) * size})
    return {
        "results": found[:size],
        "counts": {rating: counts[rating] for rating in RATINGS},
        "statuses": [{"id": r["rating"], "count": r["n"]} for r in statuses],
        "page": page,
        "size": size,
        "more": len(found) > size,
    }


def _counting(conditions: list[str], what: str) -> str:
    return (
        f"select {what} as rating, count(*) as n from commitments c {HISTORY} where {' and '.join(conditions)}"
        " group by 1 order by n desc, 1"
    )


def commitment(conn: Any, id: str, now: datetime | None = None) -> Row | None:
    """One commitment with its history: what was reported of the same act, oldest first."""
    today = None if now is None else day_of(now)
    found = commitments_by(conn, today, "where c.id = :id", {"id": id})
    if not found:
        return None
    row = one(
        conn,
        "select article, prefix, suffix, thread, quote_start, quote_end, position, extractor from commitments where id = ?",
        (id,),
    )
    assert row is not None
    return found[0] | {
        "prefix": row["prefix"],
        "suffix": row["suffix"],
        "history": commitments_by(
            conn,
            today,
            "where c.thread = :thread and c.withdrawn is null order by c.published_at, c.seq",
            {"thread": row["thread"]},
        )
        or found,
        "captures": captures_by(conn, row["article"]),
        "figures": receipts(
            conn,
            "where s.article = ? and s.withdrawn is null and s.quote_start >= ? and s.quote_end <= ? order by s.position",
            (row["article"], row["quote_start"], row["quote_end"]),
        ),
    }
