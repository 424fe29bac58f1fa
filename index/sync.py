"""Derived tables brought in line with what was computed: only rows that differ are written, and the feed says which.

In: a table, its key columns and the rows it shall hold. Out: counts of rows inserted, updated, deleted. Writing nothing where
nothing changed is what makes a second build leave the file as it is.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]


def sync(
    conn: Any,
    table: str,
    key: Sequence[str],
    rows: Iterable[Row],
    *,
    record: str | None = None,
    at: str = "",
    reason: str | None = None,
    within: tuple[str, Mapping[str, Any]] = ("1", {}),
) -> dict[str, int]:
    """Make `table` (or the part of it that the condition `within` selects) hold exactly `rows`, all with the same columns.

    `record` names the rows in the table `changes`, None for what the feed leaves out.
    """
    wanted = {tuple(row[k] for k in key): row for row in rows}
    condition, values = within
    cursor = conn.execute(f"select * from {table} where {condition}", values)
    names = [column[0] for column in cursor.description]
    existing = {}
    for line in cursor:
        row = dict(zip(names, line, strict=True))
        existing[tuple(row[k] for k in key)] = row
    same = " and ".join(f"{k} = :{k}" for k in key)
    gone = [existing[k] for k in existing.keys() - wanted.keys()]
    fresh = [row for k, row in wanted.items() if k not in existing]
    changed = [row for k, row in wanted.items() if k in existing and any(row[c] != existing[k][c] for c in row)]
    conn.executemany(f"delete from {table} where {same}", gone)
    for batch, verb in ((fresh, "insert"), (changed, "update")):
        if not batch:
            continue
        columns = list(batch[0])
        if verb == "insert":
            sql = f"insert into {table} ({', '.join(columns)}) values ({', '.join(f':{c}' for c in columns)})"
        else:
            sql = f"update {table} set {', '.join(f'{c} = :{c}' for c in columns if c not in key)} where {same}"
        conn.executemany(sql, batch)
    if record is not None:
        feed = [
            (record, "/".join(str(row[k]) for k in key), action, reason if action != "insert" else None, at)
            for batch, action in ((gone, "delete"), (fresh, "insert"), (changed, "update"))
            for row in sorted(batch, key=lambda r: [str(r[k]) for k in key])
        ]
        conn.executemany("insert into changes (record, id, action, reason, at) values (?, ?, ?, ?, ?)", feed)
    return {"inserted": len(fresh), "updated": len(changed), "deleted": len(gone)}


def digest(*parts: object) -> str:
    """16 hexadecimal digits that depend on the parts alone: the id of a derived row."""
    key = "\n".join(["" if part is None else str(part) for part in parts])
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
