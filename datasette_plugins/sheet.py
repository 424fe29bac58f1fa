"""The sheet that a chart is drawn on: its frame, its axes, and where a day and a number lie on it.

In: observations as `index.queries` gives them. Out: a `Plot` and the marks of its axes.

>>> short_period("2025-01/2025-09", wording("vi"))
'1–9/25'
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from datasette_plugins.wording import Wording

TOP, BOTTOM = 30, 34


@dataclass(frozen=True)
class Plot:
    """The frame: where a day and a number lie on the sheet."""

    width: int
    height: int
    left: int
    right: int
    first: int
    last: int
    low: float
    high: float

    def x(self, day: float) -> float:
        span = max(self.last - self.first, 1)
        return self.left + (day - self.first) / span * (self.width - self.left - self.right)

    def y(self, number: float) -> float:
        span = (self.high - self.low) or 1.0
        return TOP + (self.high - number) / span * (self.height - TOP - BOTTOM)


def series_label(one: dict[str, Any], w: Wording) -> str:
    version = (one["place"] or {}).get("version")
    name = w.name(one["place"])
    return (
        f"{name} ({version})" if version and (one["place"].get("valid_from") or one["place"].get("valid_to")) else name
    )


def all_points(one: dict[str, Any]) -> list[dict[str, Any]]:
    found = [*one["observations"], *one["forecasts"], *one["targets"]]
    return [o for o in found if o["number"] is not None and o["period_first"] and o["period_last"]]


def drawable(observations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [o for o in observations if o["number"] is not None and o["period_first"] and o["period_last"]]


def standing(observations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One value a period, by time; where outlets disagree the one published last."""
    valid = [o for o in drawable(observations) if o["status"] != "superseded"]
    last = {o["period"]: o for o in sorted(valid, key=lambda o: o["first_published"] or "")}
    return sorted(last.values(), key=middle)


def middle(o: dict[str, Any]) -> float:
    first, last = (date.fromisoformat(o[key][:10]).toordinal() for key in ("period_first", "period_last"))
    return (first + last) / 2


def amount_of(o: dict[str, Any], one: dict[str, Any], w: Wording) -> str:
    sign = 0
    if one["measure"] in ("growth", "change") and o["number"]:
        sign = -1 if o["number"] < 0 else 1
    return w.amount(o["value"], o["unit"], o["value_high"], sign)


def frame(points: list[dict[str, Any]], breaks: list[dict[str, Any]], width: int, several: bool) -> Plot:
    numbers = [n for o in points for n in (o["number"], o["number_high"]) if n is not None]
    low, high = min(numbers), max(numbers)
    days = [middle(o) for o in points]
    # A level far from zero is read by its shape; one near zero, or of a single period, keeps zero in sight.
    if low >= 0 and (low < 0.4 * high or min(days) == max(days)):
        low = 0.0
    margin = max((high - low) * 0.12, abs(high) * 0.02) or 1.0
    low, high = (low - margin if low else 0.0), high + margin
    first, last = min(days), max(days)
    side = max((last - first) * 0.03, 60 if first == last else 0)
    narrow = width < 500
    labels = max(len(tick_text(t)) for t in _ticks(low, high))
    return Plot(
        width=width,
        height=260 if narrow else 320,
        left=14 + 7 * min(labels, 9),
        right=62 if several else 24 if narrow else 64,
        first=int(first - side),
        last=int(last + side),
        low=low,
        high=high,
    )


def _ticks(low: float, high: float, count: int = 5) -> list[float]:
    raw = (high - low) / count or 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw)
    start = math.ceil(low / step)
    return [round(k * step, 10) for k in range(start, start + count + 2) if k * step <= high]


def tick_text(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")


def axes(plot: Plot, points: list[dict[str, Any]], w: Wording) -> Iterable[Markup]:
    step, word = axis_scale(plot, points, w)
    unit = w.unit(points[0]["unit"]) if points[0]["unit"] != "percent" else "%"
    yield Markup('<text class="axis unit" x="{x}" y="14">{text}</text>').format(
        x=0, text=" ".join(part for part in (word, unit) if part)
    )
    for value in _ticks(plot.low / step, plot.high / step):
        y = round(plot.y(value * step), 1)
        zero = "zero" if value == 0 else "grid"
        yield Markup('<line class="{c}" x1="{a}" x2="{b}" y1="{y}" y2="{y}"/>').format(
            c=zero, a=plot.left, b=plot.width - 2, y=y
        )
        yield Markup('<text class="axis" x="{x}" y="{y}" text-anchor="end">{text}</text>').format(
            x=plot.left - 8, y=y + 4, text=w.number(tick_text(value))
        )
    by_period = {o["period"]: middle(o) for o in points}
    last_x = -1000.0
    room = 46 if plot.width < 500 else 62
    for code, day in sorted(by_period.items(), key=lambda item: -item[1]):
        x = round(plot.x(day), 1)
        yield Markup('<line class="tick" x1="{x}" x2="{x}" y1="{a}" y2="{b}"/>').format(
            x=x, a=plot.height - BOTTOM, b=plot.height - BOTTOM + 5
        )
        if last_x == -1000.0 or last_x - x >= room:
            last_x = x
            yield Markup('<text class="axis" x="{x}" y="{y}" text-anchor="middle">{text}</text>').format(
                x=x, y=plot.height - 10, text=short_period(code, w)
            )


def axis_scale(plot: Plot, points: list[dict[str, Any]], w: Wording) -> tuple[float, str]:
    if points[0]["unit"] == "percent":
        return 1.0, ""
    for row in w.t("number.scales").split(","):
        power, _, word = row.strip().partition(" ")
        if max(abs(plot.low), abs(plot.high)) >= 10.0 ** int(power) * 2:
            return 10.0 ** int(power), word
    return 1.0, ""


def short_period(code: str, w: Wording) -> str:
    """A period code in the room of a tick: 2025, Q3 25, 9/25, 1–9/25."""
    first, slash, last = code.partition("/")
    if not slash:
        year, _, part = first.partition("-")
        if not part:
            return year
        if part[0] in "QS":
            return w.t("chart.quarter" if part[0] == "Q" else "chart.half", n=part[1:], year=year[2:])
        month, _, day = part.partition("-")
        return f"{int(day)}/{int(month)}/{year[2:]}" if day.isdigit() else f"{month.lstrip('0')}/{year[2:]}"
    a_year, _, a = first.partition("-")
    b_year, _, b = last.partition("-")
    if a_year == b_year and a and b:
        return f"{a[:2].lstrip('0')}–{b[:2].lstrip('0')}/{a_year[2:]}"
    return f"{a_year}–{b_year[2:]}"


def breaks_of(plot: Plot, breaks: list[dict[str, Any]], w: Wording) -> Iterable[Markup]:
    for one in breaks:
        day = date.fromisoformat(one["at"][:10]).toordinal()
        if not plot.first < day < plot.last:
            continue
        x = round(plot.x(day), 1)
        left = x > plot.width - 170
        yield Markup(
            '<g class="break"><line x1="{x}" x2="{x}" y1="{a}" y2="{b}"/>'
            '<text x="{t}" y="14" text-anchor="{anchor}">{text}</text></g>'
        ).format(
            x=x,
            a=TOP - 12,
            b=plot.height - BOTTOM,
            t=min(x + 6, plot.width - 2) if left else x - 6,
            anchor="end" if left else "start",
            text=w.t("chart.break", date=w.date(one["at"])),
        )
