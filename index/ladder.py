"""Target ladders: the successive targets of one series and period, rung by rung, with the outcome beside them.

In: series with their targets and observations (index/observation.py). Out: plain dicts (docs/records.md, Ladder). A rung is what
one article says: an interval with its role, and the stretch beyond it where the same article names one ("6,5-7%, phấn đấu
7-7,5%").

    floor    "8% trở lên" is [8, ∞)          met from there up
    aim      "8,3-8,5%" is [8.3, 8.5]        met from the low end up; a single value likewise
    ceiling  "không quá 4,5%" is (-∞, 4.5]   met from there down; likewise what is to fall

>>> ladders(series)[0]["verdicts"]
[{'role': 'floor', 'verdict': 'met', 'instrument': '192/2025/QH15', …}, {'role': 'aim', 'verdict': 'missed', …}]
"""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

Row = dict[str, Any]
ROLES = ("floor", "aim", "ceiling")


def ladders(series: Sequence[Row]) -> list[Row]:
    """One ladder for each series and period that has targets; rungs in the order of publication."""
    found = []
    for one in series:
        for period, group in groupby(one["targets"], key=itemgetter("period")):
            steps = sorted(group, key=itemgetter("first_published", "vintage"))
            outcomes = [o for o in one["observations"] if o["period"] == period and o["status"] == "current"]
            outcome = outcomes[-1] if outcomes else None
            rungs = _rungs(steps, outcome)
            found.append(
                {
                    "series": one["id"],
                    "indicator": one["indicator"],
                    "place": one["place"],
                    "unit": one["unit"],
                    "measure": one["measure"],
                    "period": period,
                    "steps": [step | {"issued": step["first_published"]} for step in steps],
                    "rungs": rungs,
                    "outcome": outcome,
                    "verdict": verdict(steps[-1], outcome),
                    "verdicts": _verdicts(rungs),
                }
            )
    return found


def _rungs(steps: Sequence[Row], outcome: Row | None) -> list[Row]:
    """The steps of each article together: the lowest is the rung, a higher one its stretch."""
    by_article: dict[str, list[Row]] = {}
    for step in steps:
        by_article.setdefault(step["article"]["id"], []).append(step)
    rungs = []
    for own in by_article.values():
        own.sort(key=lambda step: (step["number"], step["number_high"] or step["number"]))
        base, beyond = own[0], own[1:]
        rungs.append(
            {
                "issued": base["first_published"],
                "instrument": next((step["instrument"] for step in own if step["instrument"]), None),
                "speaker": base["speaker"],
                "role": role(base),
                "interval": interval(base),
                "stretch": interval(beyond[-1]) if beyond else None,
                "steps": [step["id"] for step in own],
                "verdict": verdict(base, outcome),
            }
        )
    return rungs


def role(target: Row) -> str:
    """floor, aim or ceiling."""
    if target["qualifier"] in ("at_most", "under") or target["direction"] == "down":
        return "ceiling"
    return "floor" if target["qualifier"] in ("at_least", "over") else "aim"


def interval(target: Row) -> list[str | None]:
    """[low, high] as exact decimals, None for an open end."""
    low, high = target["value"], target["value_high"] or target["value"]
    return {"floor": [low, None], "ceiling": [None, high], "aim": [low, high]}[role(target)]


def _verdicts(rungs: Sequence[Row]) -> list[Row]:
    """What came of the last rung of each role: an act that set a floor is not undone by a later aim above it."""
    last = {rung["role"]: rung for rung in rungs}
    keys = ("role", "verdict", "instrument", "speaker", "issued")
    return [{key: last[name][key] for key in keys} for name in ROLES if name in last]


def verdict(target: Row, outcome: Row | None) -> str:
    """`met`, `missed`, `pending` or `unrateable`. A plain share or ratio may be meant either way and is not rated."""
    if outcome is None:
        return "pending"
    got, aim, high = outcome["number"], target["number"], target["number_high"]
    if role(target) == "ceiling":
        return "met" if got <= (aim if high is None else high) else "missed"
    upwards = role(target) == "floor" or high is not None or target["direction"] == "up"
    if upwards or target["measure"] in ("level", "growth", "change"):
        return "met" if got >= aim else "missed"
    return "unrateable"
