"""The pages' questions, one function each: a connection and arguments in, plain dicts out (docs/records.md, Pages).

>>> figure(conn, "3f2a…")["printed"]
'8,02%'

Pages and API share them. An id that is not there gives None; an argument that cannot be used raises QueryError.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from index.commitment_queries import commitment, commitments
from index.errors import QueryError
from index.evidence import FAILED, checks_by, conflicts_by, edits_by, translations_by
from index.observation import ladders, observations_by, series_by
from index.press_queries import article, articles, captures_by, coverage, source
from index.receipt import (
    INDICATOR,
    PLACE,
    Row,
    commitments_by,
    indicator_ref,
    indicators_by,
    one,
    place_ref,
    places_by,
    receipts,
    rows,
)
from index.search import check_day, check_page, place_condition
from index.timespan import day_of

__all__ = [
    "article", "articles", "changes", "checks", "commitment", "commitments", "compare", "coverage", "figure", "home",
    "indicator", "indicators", "place", "source",
]  # fmt: skip

_FAILED = "(" + ", ".join(f"'{verdict}'" for verdict in FAILED) + ")"
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
            "where c.withdrawn is null and c.status <> 'done' and c.deadline_last >= :now"
            " order by c.deadline_last, c.published_at desc limit 6",
            {},
        ),
        "checks": checks_by(conn, f"where k.verdict in {_FAILED} order by k.published_at desc, k.id limit 6"),
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
          (select count(*) from checks where verdict in {_FAILED}) as checks_failed,
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
        "rules": _list(row["rules"]),
        "readings": _list(row["readings"]),
        "prefix": row["prefix"],
        "suffix": row["suffix"],
        "extractor": row["extractor"],
        "part_of": next(iter(receipts(conn, "where s.id = ?", (row["part_of"],))), None) if row["part_of"] else None,
        "parts": receipts(conn, "where s.part_of = ? and s.withdrawn is null order by s.position", (id,)),
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


def indicators(conn: Any) -> Row:
    """All indicators that have figures, by topic, each with its latest national result where there is one."""
    answer: Row = kept(conn, "indicators") or indicators_now(conn)
    return answer


def indicators_now(conn: Any) -> Row:
    """The same, counted anew."""
    found = rows(
        conn,
        f"""select {INDICATOR}, n.figures, {PLACE}, l.observation from indicators i
          join (select indicator_id, count(*) as figures from statements
                where indicator_id is not null and withdrawn is null group by indicator_id) n on n.indicator_id = i.id
          left join (
            select indicator, place, observation from (
              select r.indicator, r.place, b.id as observation, row_number() over (partition by r.indicator order by
                b.kind <> 'statistic', (select kind from places where id = r.place) <> 'country', b.period_last desc,
                b.first_published desc, b.id) as n
              from series r join observations b on b.series = r.id where b.status = 'current') where n = 1
          ) l on l.indicator = i.id
          left join places p on p.id = l.place
          order by i.topic, n.figures desc, i.id""",
    )
    wanted = [row["observation"] for row in found if row["observation"]]
    latest = {o["id"]: o for o in observations_by(conn, f"where b.id in {_marks(wanted)}", wanted)}
    topics: dict[str, list[Row]] = {}
    for row in found:
        ref = indicator_ref(row)
        assert ref is not None
        topics.setdefault(row["i_topic"] or "other", []).append(
            ref | {"figures": row["figures"], "latest": latest.get(row["observation"]), "place": place_ref(row)}
        )
    return {"topics": [{"id": topic, "indicators": refs} for topic, refs in topics.items()], "total": len(found)}


def indicator(
    conn: Any,
    id: str,
    place: str | None = None,
    measure: str | None = None,
    as_of: str | date | None = None,
) -> Row | None:
    """Everything published of one indicator; of the place with most values unless `place` says otherwise."""
    row = one(conn, f"select {INDICATOR}, i.publisher, i.frequency, i.type from indicators i where i.id = ?", (id,))
    if row is None:
        return None
    day = check_day("as_of", as_of)
    places = rows(
        conn,
        f"""select {PLACE}, n.figures from (select place_id, count(*) as figures from statements
            where indicator_id = ? and place_id is not null and withdrawn is null group by place_id) n
          join places p on p.id = n.place_id order by p.kind <> 'country', n.figures desc, p.id""",
        (id,),
    )
    measures = rows(
        conn,
        "select measure as id, count(*) as figures from statements where indicator_id = ? and withdrawn is null"
        " group by measure order by figures desc, measure",
        (id,),
    )
    if place is None and places:
        place = places[0]["p_unit"]
    if measure is not None and measure not in {m["id"] for m in measures}:
        raise QueryError("measure", f"{measure!r} is none of {', '.join(m['id'] for m in measures) or 'the measures'}")
    condition, arguments = ["r.indicator = :id"], {"id": id}
    if place is not None:
        text, more = place_condition(conn, place, "r.place")
        condition.append(text)
        arguments |= more
    if measure is not None:
        condition.append("r.measure = :measure")
        arguments["measure"] = measure
    tail = f"where {' and '.join(condition)} order by r.measure, r.unit, r.base, r.span desc, p.valid_from, r.id"
    series = [
        s for s in series_by(conn, tail, arguments, as_of=day) if s["observations"] or s["targets"] or s["forecasts"]
    ]
    series.sort(key=lambda s: -len(s["observations"]) - len(s["targets"]))
    ids = [s["id"] for s in series]
    said, values = _figures_of(conn, id, place, measure)
    ref = indicator_ref(row)
    assert ref is not None
    return ref | {
        "publisher": row["publisher"],
        "frequency": row["frequency"],
        "type": row["type"],
        "as_of": day,
        "selected": {"place": place, "measure": measure},
        "choices": {"places": [(place_ref(p) or {}) | {"figures": p["figures"]} for p in places], "measures": measures},
        "series": series,
        "grid": [{"series": s["id"], "rows": _grid(s["observations"])} for s in series if s["observations"]],
        "ladders": ladders(series),
        "conflicts": conflicts_by(conn, ids),
        "breaks": _breaks(conn, series),
        "figures": receipts(conn, f"where {said} order by s.published_at desc, s.seq desc limit 30", values),
        "held": rows(
            conn,
            f"select s.held as reason, count(*) as count from statements s where {said} and s.held is not null"
            " group by s.held order by count desc, s.held",
            values,
        ),
    }


def _figures_of(conn: Any, indicator: str, place: str | None, measure: str | None) -> tuple[str, Row]:
    conditions, values = ["s.indicator_id = :id", "s.withdrawn is null"], {"id": indicator}
    if place is not None:
        text, more = place_condition(conn, place)
        conditions.append(text)
        values |= more
    if measure is not None:
        conditions.append("s.measure = :measure")
        values["measure"] = measure
    return " and ".join(conditions), values


def _grid(observations: Sequence[Row]) -> list[Row]:
    """Period × release: the vintages of each period, in order."""
    periods: dict[str, list[Row]] = {}
    for observation in observations:
        periods.setdefault(observation["period"], []).append(observation)
    return [{"period": period, "vintages": vintages} for period, vintages in periods.items()]


def _breaks(conn: Any, series: Sequence[Row]) -> list[Row]:
    """Where places of the series were redrawn: a line must not run across."""
    found = {}
    for one_ in series:
        later = one_["place"]
        if later["valid_from"] is None or later["version"] is None:
            continue
        parents = places_by(
            conn,
            "where p.id in (select value from places x, json_each(x.parents) where x.id = ?) order by p.id",
            (later["id"],),
        )
        earlier = next((p for p in parents if p["unit"] == later["unit"]), None)
        if parents:
            found[later["id"]] = {
                "at": later["valid_from"],
                "unit": later["unit"],
                "from": earlier,
                "to": later,
                "parents": parents,
            }
    return list(found.values())


def compare(conn: Any, indicator: str, places: Sequence[str], measure: str | None = None) -> Row | None:
    """One indicator for several places, side by side, on one basis; `refused` says why where there is none."""
    refs = indicators_by(conn, "where i.id = ?", (indicator,))
    if not refs:
        return None
    chosen: list[Row] = []
    for name in dict.fromkeys(places):
        ids = places_by(
            conn, "where p.id = ? or p.unit = ? order by p.valid_to is not null, p.valid_from desc", (name, name)
        )
        if not ids:
            raise QueryError("place", f"{name!r} is no place: see the list of places")
        chosen += [ids[0]]  # the bare unit means the version of today
    if not 1 <= len(chosen) <= 12:
        raise QueryError("place", "name between 1 and 12 places")
    ids_ = [p["id"] for p in chosen]
    tail = f"where r.indicator = ? and r.place in {_marks(ids_)}{' and r.measure = ?' if measure else ''} order by r.id"
    all_series = series_by(conn, tail, (indicator, *ids_, *([measure] if measure else [])))
    bases: dict[tuple[Any, ...], dict[str, Row]] = {}
    for one_ in all_series:
        if one_["observations"]:
            key = (one_["measure"], one_["unit"], one_["base"], one_["span"], one_["breakdown"])
            bases.setdefault(key, {})[one_["place"]["id"]] = one_
    best = max(bases.values(), key=lambda m: (len(m), sum(len(s["observations"]) for s in m.values())), default={})
    refused: Row | None = None
    if not best:
        refused = {"code": "no_data", "split": []}
    elif len(best) < len(ids_) and len(ids_) > 1:
        rest = [p for p in ids_ if p not in best]
        elsewhere = any(p in m for m in bases.values() for p in rest)
        refused = {"code": "no_common_basis" if elsewhere else "no_data", "split": [sorted(best), rest]}
    overlap = _boundary(chosen)
    if overlap:
        refused = {"code": "boundary_change", "split": overlap}
    lines = [best[p] for p in ids_ if p in best]
    return {
        "indicator": refs[0],
        "measure": lines[0]["measure"] if lines else measure,
        "places": chosen,
        "refused": refused,
        "series": lines,
        "rows": [] if refused and refused["code"] != "no_data" else _rows_by_period(lines, ids_),
    }


def _boundary(places: Sequence[Row]) -> list[list[str]]:
    """Places of lists that did not hold at one time, apart; empty where all did."""
    old = [p["id"] for p in places if p["valid_to"] is not None]
    new = [p["id"] for p in places if p["valid_to"] is None and p["valid_from"] is not None]
    return [old, new] if old and new else []


def _rows_by_period(lines: Sequence[Row], places: Sequence[str]) -> list[Row]:
    table: dict[tuple[str, str, str], dict[str, Row]] = {}
    for line in lines:
        for o in line["observations"]:
            if o["status"] != "superseded":
                table.setdefault((o["period_first"], o["period_last"], o["period"]), {})[line["place"]["id"]] = o
    return [{"period": key[2], "cells": [cells.get(p) for p in places]} for key, cells in sorted(table.items())]


def place(conn: Any, id: str) -> Row | None:
    """Everything about one place in one version; the bare unit is the version of today."""
    refs = places_by(conn, "where p.id = ? or p.unit = ? order by p.id <> ?, p.valid_to is not null", (id, id, id))
    if not refs:
        return None
    ref = refs[0]
    row = one(conn, "select code, kind, region, parents, successor from places where id = ?", (ref["id"],))
    assert row is not None
    found = rows(
        conn,
        f"""select {INDICATOR}, n.figures, (
              select b.id from series r cross join observations b on b.series = r.id
              where r.indicator = i.id and r.place = :id and b.status = 'current'
              order by b.kind <> 'statistic', b.period_last desc, b.first_published desc, b.id limit 1) as observation
          from (select indicator_id, count(*) as figures from statements
                where place_id = :id and withdrawn is null and indicator_id is not null group by indicator_id) n
          join indicators i on i.id = n.indicator_id order by n.figures desc, i.id limit 100""",
        {"id": ref["id"]},
    )
    wanted = [r["observation"] for r in found if r["observation"]]
    latest = {o["id"]: o for o in observations_by(conn, f"where b.id in {_marks(wanted)}", wanted)}
    parents = _list(row["parents"])
    return ref | {
        "code": row["code"],
        "kind": row["kind"],
        "region": row["region"],
        "versions": places_by(conn, "where p.unit = ? order by p.valid_from is not null, p.valid_from", (ref["unit"],)),
        "parents": places_by(conn, f"where p.id in {_marks(parents)} order by p.id", parents),
        "successors": places_by(conn, "where p.id = ?", (row["successor"],)),
        "indicators": [
            (indicator_ref(r) or {}) | {"figures": r["figures"], "latest": latest.get(r["observation"])} for r in found
        ],
        "figures": receipts(
            conn,
            "where s.place_id = ? and s.withdrawn is null order by s.published_at desc, s.seq desc limit 30",
            (ref["id"],),
        ),
        "commitments": commitments_by(
            conn,
            None,
            "where (c.place_id = :id or c.place in (:vi, :en)) and c.withdrawn is null order by c.published_at desc limit 20",
            {"id": ref["id"], "vi": ref["names"]["vi"], "en": ref["names"]["en"]},
        ),
    }


def checks(conn: Any, page: int = 1, size: int = 50) -> Row:
    """Published arithmetic that does not hold, altered translations, silent edits, conflicts; newest first."""
    check_page(page, size)
    limit = (size + 1, (page - 1) * size)
    counts = one(
        conn,
        f"""select (select count(*) from checks where verdict in {_FAILED}) as arithmetic,
          (select count(*) from translations where verdict <> 'same') as translations, (select count(*) from edits) as edits,
          (select count(*) from (select 1 from observations where status = 'conflict' group by series, kind, period))
            as conflicts""",
    )
    found = {
        "arithmetic": checks_by(
            conn, f"where k.verdict in {_FAILED} order by k.published_at desc, k.id limit ? offset ?", limit
        ),
        "translations": translations_by(
            conn, "where t.verdict <> 'same' order by a.published_at desc, a.id limit ? offset ?", limit
        ),
        "edits": edits_by(conn, "order by e.at desc, e.id limit ? offset ?", limit),
        "conflicts": conflicts_by(conn, None, *limit),
    }
    more = any(len(part) > size for part in found.values())
    return {name: part[:size] for name, part in found.items()} | {
        "counts": counts,
        "page": page,
        "size": size,
        "more": more,
    }


def changes(conn: Any, since: int = 0, size: int = 500) -> Row:
    """The feed of changes after the cursor `since`."""
    if since < 0:
        raise QueryError("since", f"{since} is no cursor: start with 0")
    check_page(1, size)
    found = rows(
        conn,
        "select cursor, record, id, action, reason, at from changes where cursor > ? order by cursor limit ?",
        (since, size + 1),
    )
    shown = found[:size]
    return {"changes": shown, "next": shown[-1]["cursor"] if shown else since, "more": len(found) > size}


def _list(text: str) -> list[Any]:
    found: list[Any] = json.loads(text)
    return found


def _marks(values: Sequence[Any]) -> str:
    return f"({', '.join('?' * len(values))})"
