"""The receipt of one figure, with everything that bears on it (docs/records.md, FigurePage)."""

from typing import Any

from index.evidence import checks_by, edits_by
from index.ladder import ladders
from index.observation import observations_by, series_by
from index.press_queries import captures_by
from index.proposal import proposals
from index.receipt import (
    Row,
    json_list,
    one,
    receipts,
)


def figure(conn: Any, id: str) -> Row | None:
    """The receipt of one statement, with everything that bears on it. A withdrawn one has `withdrawn` set."""
    found = receipts(conn, "where s.id = ?", (id,))
    if not found:
        return None
    row = one(
        conn,
        "select position, rules, readings, prefix, suffix, extractor, part_of, article, snapshot, observation"
        " from statements where id = ?",
        (id,),
    )
    assert row is not None
    observation = observations_by(conn, "where b.id = ?", (row["observation"],)) if row["observation"] else []
    series = ladder = None
    history: list[Row] = []
    if observation:
        series = series_by(conn, "where r.id = ?", (observation[0]["series"],))[0]
        period = observation[0]["period"]
        ladder = next((step for step in ladders([series]) if step["period"] == period), None)
        history = observations_by(
            conn,
            "where b.series = ? and b.kind = ? and b.period = ? order by b.vintage",
            (series["id"], observation[0]["kind"], period),
        )
        series = {key: series[key] for key in series if key not in ("observations", "forecasts", "targets")}
    captures = captures_by(conn, row["article"])
    capture = next(c for c in captures if c["id"] == row["snapshot"])
    return found[0] | {
        "position": row["position"],
        "rules": json_list(row["rules"]),
        "readings": json_list(row["readings"]),
        "prefix": row["prefix"],
        "suffix": row["suffix"],
        "extractor": row["extractor"],
        "part_of": next(iter(receipts(conn, "where s.id = ?", (row["part_of"],))), None) if row["part_of"] else None,
        "parts": receipts(conn, "where s.part_of = ? and s.withdrawn is null order by s.position", (id,)),
        "proposed": proposals(conn, found[0]["indicator"])
        if found[0]["indicator"] and not found[0]["indicator_ref"]
        else [],
        "observation": observation[0] if observation else None,
        "history": history,
        "series": series,
        "ladder": ladder,
        "others": _others(conn, id, row),
        "checks": checks_by(
            conn, "where k.id in (select check_id from check_statements where statement = ?) order by k.id", (id,)
        ),
        "capture": capture,
        "captures": captures,
        "edits": edits_by(
            conn,
            "where e.article = ? and ? in (e.before_statement, e.after_statement) order by e.at",
            (row["article"], id),
        ),
        "changed_since": not capture["current"],
    }


def _others(conn: Any, id: str, row: Row) -> list[Row]:
    """The same value elsewhere: the other statements of its observation."""
    if not row["observation"]:
        return []
    others = receipts(
        conn,
        "where s.observation = ? and s.id <> ? and s.withdrawn is null order by s.published_at, s.seq limit 50",
        (row["observation"], id),
    )
    copies = {r[0] for r in conn.execute("select article from copies")} if others else set()
    return [other | {"copy": other["article"]["id"] in copies} for other in others]
