"""Series and observations as plain dicts (docs/records.md, Small records).

>>> series_by(conn, "where r.indicator = ?", ("gdp_growth",))[0]["observations"][0]["value"]
'6.93'
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from index.receipt import ARTICLE, INDICATOR, PLACE, Row, article_ref, indicator_ref, place_ref, rows

_PLAIN = [
    "id", "series", "kind", "period", "period_first", "period_last", "value", "value_high", "number", "number_high",
    "qualifier", "stage", "vintage", "status", "first_published", "last_published", "receipts", "sources",
]  # fmt: skip
_SAID = ("instrument", "speaker", "direction", "measure")
_LISTS = {"statistic": "observations", "forecast": "forecasts", "target": "targets"}


def observations_by(conn: Any, tail: str, arguments: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
    """Observations `b` (of series `r`) that `tail` selects."""
    columns = ", ".join(f"b.{column}" for column in _PLAIN)
    found = rows(
        conn,
        f"select {columns}, r.unit as unit, s.exact as printed, s.id as figure, s.instrument, s.speaker,"
        f" s.direction, r.measure, {ARTICLE},"
        " (select max(v.vintage) from observations v where v.series = b.series and v.kind = b.kind"
        "  and v.period = b.period) as vintages"
        " from observations b cross join series r on r.id = b.series cross join statements s on s.id = b.statement"
        f" cross join articles a on a.id = s.article cross join sources o on o.id = a.source {tail}",
        arguments,
    )
    return [
        {key: row[key] for key in (*_PLAIN, "unit", "printed", "figure", "vintages", *_SAID)}
        | {"article": article_ref(row)}
        for row in found
    ]


def series_by(
    conn: Any,
    tail: str,
    arguments: Sequence[Any] | Mapping[str, Any] = (),
    *,
    as_of: str | None = None,
    lists: bool = True,
) -> list[Row]:
    """Series `r` that `tail` selects, with their observations, forecasts and targets unless `lists` is false.

    With `as_of` (a day) they are what was known at its end: later vintages are left out, superseded ones current again.
    """
    found = rows(
        conn,
        f"select r.id, r.unit, r.measure, r.base, r.span, r.breakdown, {INDICATOR}, {PLACE} from series r"
        f" join indicators i on i.id = r.indicator join places p on p.id = r.place {tail}",
        arguments,
    )
    series = [
        {
            "id": row["id"],
            "indicator": indicator_ref(row),
            "place": place_ref(row),
            **{key: row[key] for key in ("unit", "measure", "base", "span", "breakdown")},
        }
        for row in found
    ]
    if lists:
        for one in series:
            one |= {"observations": [], "forecasts": [], "targets": []}
            order = "order by b.period_first, b.period_last, b.vintage"
            known = "" if as_of is None else "and b.first_published < date(?, '+1 day')"
            values = [one["id"]] if as_of is None else [one["id"], as_of]
            for observation in observations_by(conn, f"where b.series = ? {known} {order}", values):
                if observation["kind"] in _LISTS:
                    one[_LISTS[observation["kind"]]].append(observation)
            if as_of is not None:
                _recount(one)
    return series


def _recount(series: Row) -> None:
    """Vintages as they stood: the last that was known then is the current one."""
    for name in _LISTS.values():
        for _, group in groupby(series[name], key=itemgetter("period")):
            vintages = list(group)
            for observation in vintages:
                observation["vintages"] = len(vintages)
                if observation["status"] == "superseded" and observation is vintages[-1]:
                    observation["status"] = "current"
