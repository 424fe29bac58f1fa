"""The home page and the list of indicators: what is new, what is due, what does not add up (docs/records.md, Pages)."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from index.evidence import FAILED_SQL, checks_by, edits_by, translations_by
from index.ladder import ladders
from index.observation import observations_by, series_by
from index.receipt import (
    INDICATOR,
    PLACE,
    STATUS,
    Row,
    commitments_by,
    indicator_ref,
    marks,
    one,
    place_ref,
    receipts,
    rows,
)
from index.timespan import day_of

_LATEST = "where s.withdrawn is null order by s.published_at desc, s.seq desc limit ?"


def home(conn: Any, now: datetime) -> Row:
    """What is new, what is due, what does not add up."""
    today = day_of(now)
    freshness = one(
        conn,
        """select (select max(published_at) from articles) as last_published,
          (select max(last_seen_at) from snapshots) as last_fetched, (select count(*) from sources) as sources,
          (select count(distinct c.site) from coverage c where c.kind in ('blocked', 'failed') and c.day =
            (select max(l.day) from coverage l where l.site = c.site)) as failing""",
    )
    due = observations_by(
        conn,
        "where b.kind = 'target' and b.period_last >= :today and b.status = 'current' and not exists"
        " (select 1 from observations d where d.series = b.series and d.kind = 'statistic' and d.period = b.period)"
        " order by b.period_last, b.receipts desc limit 8",
        {"today": today},
    )
    return {
        "counts": kept(conn, "counts") or count(conn),
        "freshness": freshness,
        "latest": receipts(conn, _LATEST, (12,)),
        "topics": indicators(conn)["topics"],
        "targets_due": _ladders_of(conn, due),
        "commitments_due": commitments_by(
            conn,
            today,
            f"where c.withdrawn is null and coalesce(h.dated_by, c.id) = c.id and {STATUS} <> 'done'"
            " and c.deadline_last >= :now order by c.deadline_last, c.published_at desc limit 6",
            {},
        ),
        "checks": checks_by(conn, f"where k.verdict in {FAILED_SQL} order by k.published_at desc, k.id limit 6"),
        "edits": edits_by(conn, "order by e.at desc, e.id limit 6"),
        "translations": translations_by(conn, "where t.verdict <> 'same' order by a.published_at desc limit 6"),
        "revisions": _revisions(conn, 6),
    }


def count(conn: Any) -> Row:
    """How much of everything there is."""
    found = one(
        conn,
        f"""select (select count(*) from articles) as articles,
          (select count(*) from statements where withdrawn is null) as figures,
          (select count(distinct indicator) from series) as indicators, (select count(*) from series) as series,
          (select count(*) from sources) as sources,
          (select count(*) from commitments where withdrawn is null) as commitments,
          (select count(*) from checks where verdict in {FAILED_SQL}) as checks_failed,
          (select count(*) from edits) as edits,
          (select count(*) from translations where verdict <> 'same') as altered_translations""",
    )
    assert found is not None
    return found


def kept(conn: Any, name: str) -> Any:
    """An answer that the ledger kept when it was built, None where anything has changed since."""
    row = one(
        conn,
        "select k.value, c.value as cursor, (select max(cursor) from changes) as now from state k"
        " join state c on c.name = 'cursor' where k.name = ?",
        (name,),
    )
    return json.loads(row["value"]) if row and row["cursor"] == str(row["now"] or 0) else None


def _ladders_of(conn: Any, targets: Sequence[Row]) -> list[Row]:
    """The ladders that the given targets stand on, in their order."""
    found = {}
    for id_ in dict.fromkeys(target["series"] for target in targets):
        for ladder in ladders(series_by(conn, "where r.id = ?", (id_,))):
            found[id_, ladder["period"]] = ladder
    return [found[key] for key in dict.fromkeys((target["series"], target["period"]) for target in targets)]


def _revisions(conn: Any, most: int) -> list[Row]:
    """Results that a later value replaced, newest first."""
    later = observations_by(
        conn,
        "where b.kind = 'statistic' and b.vintage > 1 and b.status = 'current' order by b.first_published desc limit ?",
        (most,),
    )
    found = []
    for new in later:
        old = observations_by(
            conn,
            "where b.series = ? and b.kind = 'statistic' and b.period = ? and b.vintage = ?",
            (new["series"], new["period"], new["vintage"] - 1),
        )
        series = series_by(conn, "where r.id = ?", (new["series"],), lists=False)[0]
        found.append(
            {
                "indicator": series["indicator"],
                "place": series["place"],
                "period": new["period"],
                "earlier": old[0],
                "later": new,
            }
        )
    return found


def indicators(conn: Any) -> Row:
    """All indicators that have figures, by topic, each with its latest national result where there is one."""
    answer: Row = kept(conn, "indicators") or indicators_now(conn)
    return answer


def indicators_now(conn: Any) -> Row:
    """The same, counted anew."""
    latest_of = _latest(conn)
    found = rows(
        conn,
        f"""select {INDICATOR}, n.figures, {PLACE}, l.observation from indicators i
          join (select indicator_id, count(*) as figures from statements
                where indicator_id is not null and withdrawn is null group by indicator_id) n on n.indicator_id = i.id
          left join (select key as indicator, value ->> 0 as place, value ->> 1 as observation from json_each(?)) l
            on l.indicator = i.id
          left join places p on p.id = l.place
          order by i.topic, n.figures desc, i.id""",
        (json.dumps(latest_of),),
    )
    wanted = [row["observation"] for row in found if row["observation"]]
    latest = {o["id"]: o for o in observations_by(conn, f"where b.id in {marks(wanted)}", wanted)}
    topics: dict[str, list[Row]] = {}
    for row in found:
        ref = indicator_ref(row)
        assert ref is not None
        topics.setdefault(row["i_topic"] or "other", []).append(
            ref | {"figures": row["figures"], "latest": latest.get(row["observation"]), "place": place_ref(row)}
        )
    return {"topics": [{"id": topic, "indicators": refs} for topic, refs in topics.items()], "total": len(found)}


def _latest(conn: Any) -> dict[str, tuple[str, str]]:
    """Indicator → place and observation of its latest result, a national one where there is one; an aim where no result is.

    Asks each series for its own latest by one seek: there are far fewer series than observations.
    """
    newest = "order by period_last desc, first_published desc, id limit 1"
    found: dict[str, tuple[str, str]] = {}
    for condition in ("b.kind = 'statistic'", "b.kind in ('forecast', 'rule', 'target')"):
        for indicator, place, observation in conn.execute(
            f"""select r.indicator, r.place, b.id from series r join places p on p.id = r.place
              join observations b on b.id = (select id from observations b where b.series = r.id and {condition}
                and b.status = 'current' {newest})
              order by r.indicator, p.kind <> 'country', b.period_last desc, b.first_published desc, b.id"""
        ):
            found.setdefault(indicator, (place, observation))
    return found
