"""What does not add up: checks, altered translations, silent edits, conflicts as plain dicts (docs/records.md)."""

import json
from collections.abc import Sequence
from typing import Any

from index.observation import observations_by
from index.receipt import ARTICLE, INDICATOR, PLACE, Row, article_ref, indicator_ref, place_ref, receipts_by_id, rows

FAILED = ("off_by_power_of_ten", "inconsistent")
"""Verdicts of checks that a reader should look at."""
FAILED_SQL = "(" + ", ".join(f"'{verdict}'" for verdict in FAILED) + ")"


def checks_by(conn: Any, tail: str, arguments: Sequence[Any] = ()) -> list[Row]:
    """CheckRows of the checks `k` that `tail` selects."""
    found = rows(
        conn,
        "select k.id, k.kind, k.verdict, k.printed, k.computed, k.explanation_vi, k.explanation_en, k.statement,"
        " (select json_group_array(statement) from (select statement from check_statements c where c.check_id = k.id"
        f"  and c.position > 0 order by c.position)) as others, {ARTICLE}"
        f" from checks k cross join articles a on a.id = k.article cross join sources o on o.id = a.source {tail}",
        arguments,
    )
    others = [json.loads(row["others"]) for row in found]
    said = receipts_by_id(conn, [row["statement"] for row in found] + [id_ for ids in others for id_ in ids])
    return [
        {key: row[key] for key in ("id", "kind", "verdict", "printed", "computed")}
        | {
            "explanation": {"vi": row["explanation_vi"], "en": row["explanation_en"]},
            "figure": said[row["statement"]],
            "others": [said[id_] for id_ in ids],
            "article": article_ref(row),
        }
        for row, ids in zip(found, others, strict=True)
    ]


def translations_by(conn: Any, tail: str, arguments: Sequence[Any] = ()) -> list[Row]:
    """Translations `t` that `tail` selects, with the figures that differ."""
    original = ARTICLE.replace("a.", "z.").replace(" as a_", " as z_").replace("o.name", "y.name")
    found = rows(
        conn,
        f"select t.article, t.joined_by, t.verdict, {ARTICLE}, {original} from translations t"
        " cross join articles a on a.id = t.article cross join sources o on o.id = a.source"
        f" cross join articles z on z.id = t.original cross join sources y on y.id = z.source {tail}",
        arguments,
    )
    differences = rows(
        conn,
        "select article, verdict, statement, original_statement from differences"
        " where article in (select value from json_each(?)) order by article, position",
        (json.dumps([row["article"] for row in found]),),
    )
    ids = [d[key] for d in differences for key in ("statement", "original_statement") if d[key]]
    said = receipts_by_id(conn, ids)
    return [
        {
            "article": article_ref(row),
            "original": article_ref(
                {key.replace("z_", "a_", 1): value for key, value in row.items() if key[:2] == "z_"}
            ),
            "joined_by": row["joined_by"],
            "verdict": row["verdict"],
            "differences": [
                {
                    "verdict": d["verdict"],
                    "figure": said.get(d["statement"]),
                    "original_figure": said.get(d["original_statement"]),
                }
                for d in differences
                if d["article"] == row["article"]
            ],
        }
        for row in found
    ]


def edits_by(conn: Any, tail: str, arguments: Sequence[Any] = ()) -> list[Row]:
    """Silent edits `e` that `tail` selects."""
    found = rows(
        conn,
        "select e.id, e.change, e.before_snapshot, e.after_snapshot, e.before_statement, e.after_statement,"
        " e.before_printed, e.after_printed, e.before_context, e.after_context,"
        f" x.last_seen_at as before_fetched_at, e.at as after_fetched_at, {ARTICLE} from edits e"
        " cross join articles a on a.id = e.article cross join sources o on o.id = a.source"
        f" cross join snapshots x on x.id = e.before_snapshot {tail}",
        arguments,
    )
    ids = [row[key] for row in found for key in ("before_statement", "after_statement") if row[key]]
    said = receipts_by_id(conn, ids)
    keys = (
        "id", "change", "before_snapshot", "after_snapshot", "before_fetched_at", "after_fetched_at", "before_printed",
        "after_printed", "before_context", "after_context",
    )  # fmt: skip
    return [
        {key: row[key] for key in keys}
        | {
            "before": said.get(row["before_statement"]),
            "after": said.get(row["after_statement"]),
            "article": article_ref(row),
        }
        for row in found
    ]


def conflicts_by(conn: Any, series: Sequence[str] | None = None, most: int = 500, skip: int = 0) -> list[Row]:
    """Periods for which results disagree, the last printed first; of the named series only, where any are named."""
    only = "" if series is None else f" and series in ({', '.join('?' * len(series))})"
    found = rows(
        conn,
        f"select r.id, c.period, {INDICATOR}, {PLACE} from (select series, kind, period, max(last_published) as latest"
        f" from observations where status = 'conflict'{only} group by series, kind, period"
        " order by latest desc, series, period limit ? offset ?) c cross join series r on r.id = c.series"
        " cross join indicators i on i.id = r.indicator cross join places p on p.id = r.place"
        " order by c.latest desc, r.id, c.period",
        (*(series or ()), most, skip),
    )
    return [
        {
            "series": row["id"],
            "indicator": indicator_ref(row),
            "place": place_ref(row),
            "period": row["period"],
            "observations": observations_by(
                conn,
                "where b.series = ? and b.period = ? and b.kind = 'statistic' order by b.vintage",
                (row["id"], row["period"]),
            ),
        }
        for row in found
    ]
