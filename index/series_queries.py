"""Pages about series: one indicator through time, several places side by side, one place (docs/records.md, Pages)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from index.errors import QueryError
from index.evidence import conflicts_by
from index.filters import check_day, place_condition
from index.ladder import ladders
from index.observation import observations_by, series_by
from index.proposal import akin_indicators
from index.receipt import (
    INDICATOR,
    PLACE,
    Row,
    commitments_by,
    indicator_ref,
    indicators_by,
    json_list,
    marks,
    one,
    place_ref,
    places_by,
    receipts,
    rows,
)


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
        "related": akin_indicators(conn, id),
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
    tail = f"where r.indicator = ? and r.place in {marks(ids_)}{' and r.measure = ?' if measure else ''} order by r.id"
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
    latest = {o["id"]: o for o in observations_by(conn, f"where b.id in {marks(wanted)}", wanted)}
    parents = json_list(row["parents"])
    return ref | {
        "code": row["code"],
        "kind": row["kind"],
        "region": row["region"],
        "versions": places_by(conn, "where p.unit = ? order by p.valid_from is not null, p.valid_from", (ref["unit"],)),
        "parents": places_by(conn, f"where p.id in {marks(parents)} order by p.id", parents),
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
