"""Published values and targets over time as SVG, drawn on the server.

In: the `series` list of an indicator or comparison answer, the breaks, a `Wording` and a width in pixels. Out: one
`<svg>` as safe markup: `role="img"` with title and description, every point a link to its figure. Colours come from
the style sheet; shape and dash say the same as colour, so that the chart survives print and colour blindness.

>>> draw([], [], wording("en"), 720, "gdp")
''
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from datasette_plugins.wording import Wording

TOP, BOTTOM = 30, 34
MOST_SERIES = 6
SHAPES = ("circle", "square", "diamond", "triangle", "circle", "square")


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


def draw(
    series: list[dict[str, Any]],
    breaks: list[dict[str, Any]],
    w: Wording,
    width: int,
    name: str,
    link: Callable[[str], str] = lambda figure: f"/figures/{figure}",
) -> Markup:
    """One sheet for up to six series of one unit and measure; empty markup when there is no point to draw.

    `name` makes the ids of title and description unique on the page; `link` gives the address of a figure.
    """
    series = [s for s in series if _points(s)][:MOST_SERIES]
    if not series:
        return Markup()
    everything = [o for s in series for o in _points(s)]
    plot = _frame(everything, breaks, width, len(series) > 1)
    several = len(series) > 1
    parts: list[Markup] = [*_axes(plot, everything, w), *_breaks(plot, breaks, w)]
    for i, one in enumerate(series):
        parts += _targets(plot, one, w, i, link)
    for i, one in enumerate(series):
        parts += _values(plot, one, w, i, link)
    if several:
        parts += _end_labels(plot, series, w)
    else:
        parts += _point_labels(plot, series[0], w)
    title, text = describe(series, w)
    return Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="group" aria-labelledby="{n}-title {n}-desc">'
        '<title id="{n}-title">{title}</title><desc id="{n}-desc">{desc}</desc>{parts}</svg>'
    ).format(w=width, h=plot.height, n=name, title=title, desc=text, parts=Markup("").join(parts))


def describe(series: list[dict[str, Any]], w: Wording) -> tuple[str, str]:
    """Title and one sentence a series for those who hear the chart: from where to where, and the last target."""
    names = w.t("chart.and").join(dict.fromkeys(_label(s, w) for s in series))
    first = series[0]
    title = w.t("chart.title", name=w_name(first["indicator"], w), place=names)
    lines = []
    for one in series:
        current = _current(one["observations"])
        if current:
            lines.append(
                w.t(
                    "chart.line",
                    name=_label(one, w),
                    count=len(current),
                    first=_amount(current[0], one, w),
                    first_period=w.period(current[0]["period"]),
                    last=_amount(current[-1], one, w),
                    last_period=w.period(current[-1]["period"]),
                )
            )
        targets = _current(one["targets"])
        if targets:
            lines.append(
                w.t("chart.target_line", target=_amount(targets[-1], one, w), period=w.period(targets[-1]["period"]))
            )
    return title, " ".join(lines)


def w_name(ref: dict[str, Any] | None, w: Wording) -> str:
    """The name of an indicator or place in the reader's language, or in Vietnamese where that one lacks it."""
    names = (ref or {}).get("names") or {}
    return str(names.get(w.language) or names.get("vi") or (ref or {}).get("id") or "")


def _label(one: dict[str, Any], w: Wording) -> str:
    version = (one["place"] or {}).get("version")
    name = w_name(one["place"], w)
    return (
        f"{name} ({version})" if version and (one["place"].get("valid_from") or one["place"].get("valid_to")) else name
    )


def _points(one: dict[str, Any]) -> list[dict[str, Any]]:
    found = [*one["observations"], *one["forecasts"], *one["targets"]]
    return [o for o in found if o["number"] is not None and o["period_first"] and o["period_last"]]


def _drawn(observations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [o for o in observations if o["number"] is not None and o["period_first"] and o["period_last"]]


def _current(observations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One value a period, by time; where outlets disagree the one published last."""
    standing = [o for o in _drawn(observations) if o["status"] != "superseded"]
    last = {o["period"]: o for o in sorted(standing, key=lambda o: o["first_published"] or "")}
    return sorted(last.values(), key=_day)


def _day(o: dict[str, Any]) -> float:
    first, last = (date.fromisoformat(o[key][:10]).toordinal() for key in ("period_first", "period_last"))
    return (first + last) / 2


def _amount(o: dict[str, Any], one: dict[str, Any], w: Wording) -> str:
    sign = 0
    if one["measure"] in ("growth", "change") and o["number"]:
        sign = -1 if o["number"] < 0 else 1
    return w.amount(o["value"], o["unit"], o["value_high"], sign)


def _frame(points: list[dict[str, Any]], breaks: list[dict[str, Any]], width: int, several: bool) -> Plot:
    numbers = [n for o in points for n in (o["number"], o["number_high"]) if n is not None]
    low, high = min(numbers), max(numbers)
    days = [_day(o) for o in points]
    # A level far from zero is read by its shape; one near zero, or of a single period, keeps zero in sight.
    if low >= 0 and (low < 0.4 * high or min(days) == max(days)):
        low = 0.0
    margin = max((high - low) * 0.12, abs(high) * 0.02) or 1.0
    low, high = (low - margin if low else 0.0), high + margin
    first, last = min(days), max(days)
    side = max((last - first) * 0.03, 60 if first == last else 0)
    narrow = width < 500
    labels = max(len(_tick(t)) for t in _ticks(low, high))
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


def _tick(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")


def _axes(plot: Plot, points: list[dict[str, Any]], w: Wording) -> Iterable[Markup]:
    step, word = _axis_scale(plot, points, w)
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
            x=plot.left - 8, y=y + 4, text=w.number(_tick(value))
        )
    by_period = {o["period"]: _day(o) for o in points}
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


def _axis_scale(plot: Plot, points: list[dict[str, Any]], w: Wording) -> tuple[float, str]:
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


def _breaks(plot: Plot, breaks: list[dict[str, Any]], w: Wording) -> Iterable[Markup]:
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


def _targets(plot: Plot, one: dict[str, Any], w: Wording, i: int, link: Callable[[str], str]) -> Iterable[Markup]:
    half = 7 if plot.width < 500 else 11
    for o in _drawn(one["targets"]):
        x, y = round(plot.x(_day(o)), 1), round(plot.y(o["number"]), 1)
        top = round(plot.y(o["number_high"]), 1) if o["number_high"] is not None else y
        old = " old" if o["status"] == "superseded" else ""
        shape = Markup('<line x1="{a}" x2="{b}" y1="{y}" y2="{y}"/>').format(a=x - half, b=x + half, y=y)
        if top != y:
            shape = Markup('<rect x="{a}" y="{t}" width="{w}" height="{h}"/>').format(
                a=x - half, t=min(top, y), w=2 * half, h=abs(top - y)
            )
        yield _linked(link(o["figure"]), f"target s{i}{old}", shape, _note(o, one, w, "kind.target"))
    for o in _drawn(one["forecasts"]):
        x, y = round(plot.x(_day(o)), 1), round(plot.y(o["number"]), 1)
        shape = _marker("diamond", x, y, 4)
        yield _linked(link(o["figure"]), f"forecast s{i}", shape, _note(o, one, w, "kind.forecast"))


def _values(plot: Plot, one: dict[str, Any], w: Wording, i: int, link: Callable[[str], str]) -> Iterable[Markup]:
    current = _current(one["observations"])
    spots = [(round(plot.x(_day(o)), 1), round(plot.y(o["number"]), 1)) for o in current]
    yield from _line(current, spots, i)
    at = {o["period"]: y for o, (_, y) in zip(current, spots, strict=True)}
    for o in _drawn(one["observations"]):
        if o in current:
            continue
        x, y = round(plot.x(_day(o)), 1), round(plot.y(o["number"]), 1)
        if o["period"] in at:
            yield Markup('<line class="stem s{i}" x1="{x}" x2="{x}" y1="{y}" y2="{z}"/>').format(
                i=i, x=x, y=y, z=at[o["period"]]
            )
        yield _linked(
            link(o["figure"]),
            f"{'conflict' if o['status'] == 'conflict' else 'old'} s{i}",
            _marker(SHAPES[i], x, y, 3.5),
            _note(o, one, w, f"status.{o['status']}"),
        )
    for o, (x, y) in zip(current, spots, strict=True):
        note = _note(o, one, w, "kind.statistic")
        if o["number_high"] is not None:
            yield Markup('<line class="line s{i}" x1="{x}" x2="{x}" y1="{y}" y2="{z}"/>').format(
                i=i, x=x, y=y, z=round(plot.y(o["number_high"]), 1)
            )
        status = "conflict" if o["status"] == "conflict" else "value"
        yield _linked(link(o["figure"]), f"{status} s{i}", _marker(SHAPES[i], x, y, 4.5), note)


def _line(current: list[dict[str, Any]], spots: list[tuple[float, float]], i: int) -> Iterable[Markup]:
    """From value to value; dotted where periods in between are missing, so that nobody reads a value there."""
    for (a, (ax, ay)), (b, (bx, by)) in pairwise(zip(current, spots, strict=True)):
        length = date.fromisoformat(b["period_last"][:10]) - date.fromisoformat(b["period_first"][:10])
        missing = "/" not in b["period"] and _day(b) - _day(a) > 1.6 * (length.days + 1)
        yield Markup('<line class="line s{i}{gap}" x1="{ax}" y1="{ay}" x2="{bx}" y2="{by}"/>').format(
            i=i, gap=" gap" if missing else "", ax=ax, ay=ay, bx=bx, by=by
        )


def _point_labels(plot: Plot, one: dict[str, Any], w: Wording) -> Iterable[Markup]:
    """Values beside the points of a single series where there is room; always at the last one."""
    current = _current(one["observations"])
    spots = [(round(plot.x(_day(o)), 1), round(plot.y(o["number"]), 1)) for o in current]
    others = _drawn([*one["targets"], *one["forecasts"]])
    taken = [(plot.x(_day(o)), plot.y(n)) for o in others for n in (o["number"], o["number_high"]) if n is not None]
    last_x = 10_000.0
    for k in range(len(current) - 1, -1, -1):
        x, y = spots[k]
        if last_x - x < 58:
            continue
        last_x = x
        rising = k > 0 and y > spots[k - 1][1]
        # Above or below: away from the line, but not onto a target of the same period.
        free = {side: not any(abs(tx - x) < 20 and 4 < side * (y - ty) < 32 for tx, ty in taken) for side in (1, -1)}
        above = free[1] if not rising else not free[-1]
        if y > plot.height - BOTTOM - 24:
            above = True
        yield Markup('<text class="label s0" x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>').format(
            x=x,
            y=round(y - 11 if above else y + 21, 1),
            anchor="end" if x > plot.width - 40 else "middle",
            text=_short(plot, current[k], w),
        )


def _end_labels(plot: Plot, series: list[dict[str, Any]], w: Wording) -> Iterable[Markup]:
    """The last value of each of several series, to the right of its point, moved apart where they would touch."""
    ends = []
    for i, one in enumerate(series):
        current = _current(one["observations"])
        if current:
            ends.append((plot.y(current[-1]["number"]), plot.x(_day(current[-1])), i, _short(plot, current[-1], w)))
    last = -1000.0
    for y, x, i, text in sorted(ends):
        last = max(y, last + 15)
        yield Markup('<text class="label s{i}" x="{x}" y="{y}">{text}</text>').format(
            i=i, x=round(x + 10, 1), y=round(last + 4, 1), text=text
        )


def _short(plot: Plot, o: dict[str, Any], w: Wording) -> str:
    """The number alone: its unit stands once, at the axis."""
    step, _ = _axis_scale(plot, [o], w)
    return w.number(_tick(round(o["number"] / step, 2)))


def _marker(shape: str, x: float, y: float, r: float) -> Markup:
    if shape == "circle":
        return Markup('<circle cx="{x}" cy="{y}" r="{r}"/>').format(x=x, y=y, r=r)
    if shape == "square":
        return Markup('<rect x="{x}" y="{y}" width="{w}" height="{w}"/>').format(
            x=x - r + 0.5, y=y - r + 0.5, w=2 * r - 1
        )
    if shape == "diamond":
        points = f"{x},{y - r - 1} {x + r + 1},{y} {x},{y + r + 1} {x - r - 1},{y}"
    else:
        points = f"{x},{y - r - 1} {x + r + 1},{y + r} {x - r - 1},{y + r}"
    return Markup('<polygon points="{points}"/>').format(points=points)


def _linked(address: str, css: str, shape: Markup, note: str) -> Markup:
    return Markup('<a href="{href}" class="{css}" aria-label="{note}"><title>{note}</title>{shape}</a>').format(
        href=address, css=css, note=escape(note), shape=shape
    )


def _note(o: dict[str, Any], one: dict[str, Any], w: Wording, kind: str) -> str:
    return w.t(
        "chart.point",
        place=_label(one, w),
        period=w.period(o["period"]),
        amount=_amount(o, one, w),
        kind=w.t(kind),
        source=o["article"]["source_name"],
        date=w.date(o["first_published"]),
    )
