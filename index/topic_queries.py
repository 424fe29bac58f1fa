"""Everything about one topic: its indicators, what is new, what is due, what does not add up (docs/records.md, TopicPage).

>>> topic(conn, "prices", now)["indicators"][0]["id"]
'cpi'
"""

from datetime import datetime
from typing import Any

from index.evidence import FAILED_SQL, checks_by
from index.home_queries import indicators
from index.ladder import ladders
from index.observation import observations_by, series_by
from index.receipt import Row, marks, receipts
from index.timespan import day_of

NEWEST = 20
DUE = 8


def topic(conn: Any, id: str, now: datetime) -> Row | None:
    """The topic `id`; None where no indicator that has figures belongs to it."""
    topics = indicators(conn)["topics"]
    found = next((one for one in topics if one["id"] == id), None)
    if found is None:
        return None
    ids = [ref["id"] for ref in found["indicators"]]
    named = marks(ids)
    due = observations_by(
        conn,
        f"where r.indicator in {named} and b.kind = 'target' and b.status = 'current' and b.period_last >= ?"
        " and not exists (select 1 from observations d where d.series = b.series and d.kind = 'statistic'"
        " and d.period = b.period) order by b.period_last, b.receipts desc limit ?",
        (*ids, day_of(now), DUE),
    )
    return {
        "id": id,
        "indicators": found["indicators"],
        "topics": [{"id": one["id"], "indicators": len(one["indicators"])} for one in topics],
        "targets_due": _ladders(conn, due),
        "checks": checks_by(
            conn,
            f"where k.verdict in {FAILED_SQL} and exists (select 1 from statements s where s.id = k.statement"
            f" and s.indicator_id in {named}) order by k.published_at desc, k.id limit ?",
            (*ids, DUE),
        ),
        "figures": receipts(conn, _newest(len(ids)), (*[v for i in ids for v in (i, NEWEST)], NEWEST)),
    }


def _newest(count: int) -> str:
    """The newest figures of so many indicators, each read off its own index."""
    one = (
        "select * from (select seq from statements where indicator_id = ? and withdrawn is null"
        " order by published_at desc limit ?)"
    )
    each = " union all ".join([one] * count)
    return f"where s.seq in ({each}) order by s.published_at desc, s.seq desc limit ?"


def _ladders(conn: Any, targets: list[Row]) -> list[Row]:
    """The ladders that the targets stand on, in their order."""
    found = {}
    for series in dict.fromkeys(target["series"] for target in targets):
        for ladder in ladders(series_by(conn, "where r.id = ?", (series,))):
            found[series, ladder["period"]] = ladder
    return [found[key] for key in dict.fromkeys((target["series"], target["period"]) for target in targets)]
