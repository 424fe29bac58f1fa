"""Published values and targets over time as SVG, drawn on the server.

In: the `series` list of an indicator or comparison answer, the breaks, a `Wording` and a width in pixels. Out: one
`<svg>` as safe markup: `role="img"` with title and description, every point a link to its figure. Colours come from
the style sheet; shape and dash say the same as colour, so that the chart survives print and colour blindness.

>>> draw([], [], wording("en"), 720, "gdp")
''
"""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from datasette_plugins.sheet import (
    BOTTOM,
    Plot,
    all_points,
    amount_of,
    axes,
    axis_scale,
    breaks_of,
    drawable,
    frame,
    middle,
    series_label,
    standing,
    tick_text,
)
from datasette_plugins.wording import Wording

MOST_SERIES = 6
SHAPES = ("circle", "square", "diamond", "triangle", "circle", "square")


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
    series = [s for s in series if all_points(s)][:MOST_SERIES]
    if not series:
        return Markup()
    everything = [o for s in series for o in all_points(s)]
    plot = frame(everything, breaks, width, len(series) > 1)
    several = len(series) > 1
    parts: list[Markup] = [*axes(plot, everything, w), *breaks_of(plot, breaks, w)]
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
    names = w.t("chart.and").join(dict.fromkeys(series_label(s, w) for s in series))
    first = series[0]
    title = w.t("chart.title", name=w.name(first["indicator"]), place=names)
    lines = []
    for one in series:
        current = standing(one["observations"])
        if current:
            lines.append(
                w.t(
                    "chart.line",
                    name=series_label(one, w),
                    count=len(current),
                    first=amount_of(current[0], one, w),
                    first_period=w.period(current[0]["period"]),
                    last=amount_of(current[-1], one, w),
                    last_period=w.period(current[-1]["period"]),
                )
            )
        targets = standing(one["targets"])
        if targets:
            lines.append(
                w.t("chart.target_line", target=amount_of(targets[-1], one, w), period=w.period(targets[-1]["period"]))
            )
    return title, " ".join(lines)


def _targets(plot: Plot, one: dict[str, Any], w: Wording, i: int, link: Callable[[str], str]) -> Iterable[Markup]:
    half = 7 if plot.width < 500 else 11
    for o in drawable(one["targets"]):
        x, y = round(plot.x(middle(o)), 1), round(plot.y(o["number"]), 1)
        top = round(plot.y(o["number_high"]), 1) if o["number_high"] is not None else y
        old = " old" if o["status"] == "superseded" else ""
        shape = Markup('<line x1="{a}" x2="{b}" y1="{y}" y2="{y}"/>').format(a=x - half, b=x + half, y=y)
        if top != y:
            shape = Markup('<rect x="{a}" y="{t}" width="{w}" height="{h}"/>').format(
                a=x - half, t=min(top, y), w=2 * half, h=abs(top - y)
            )
        yield _linked(link(o["figure"]), f"target s{i}{old}", shape, _note(o, one, w, "kind.target"))
    for o in drawable(one["forecasts"]):
        x, y = round(plot.x(middle(o)), 1), round(plot.y(o["number"]), 1)
        shape = _marker("diamond", x, y, 4)
        yield _linked(link(o["figure"]), f"forecast s{i}", shape, _note(o, one, w, "kind.forecast"))


def _values(plot: Plot, one: dict[str, Any], w: Wording, i: int, link: Callable[[str], str]) -> Iterable[Markup]:
    current = standing(one["observations"])
    spots = [(round(plot.x(middle(o)), 1), round(plot.y(o["number"]), 1)) for o in current]
    yield from _line(current, spots, i)
    at = {o["period"]: y for o, (_, y) in zip(current, spots, strict=True)}
    for o in drawable(one["observations"]):
        if o in current:
            continue
        x, y = round(plot.x(middle(o)), 1), round(plot.y(o["number"]), 1)
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
        missing = "/" not in b["period"] and middle(b) - middle(a) > 1.6 * (length.days + 1)
        yield Markup('<line class="line s{i}{gap}" x1="{ax}" y1="{ay}" x2="{bx}" y2="{by}"/>').format(
            i=i, gap=" gap" if missing else "", ax=ax, ay=ay, bx=bx, by=by
        )


def _point_labels(plot: Plot, one: dict[str, Any], w: Wording) -> Iterable[Markup]:
    """Values beside the points of a single series where there is room; always at the last one."""
    current = standing(one["observations"])
    spots = [(round(plot.x(middle(o)), 1), round(plot.y(o["number"]), 1)) for o in current]
    others = drawable([*one["targets"], *one["forecasts"]])
    taken = [(plot.x(middle(o)), plot.y(n)) for o in others for n in (o["number"], o["number_high"]) if n is not None]
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
        current = standing(one["observations"])
        if current:
            ends.append((plot.y(current[-1]["number"]), plot.x(middle(current[-1])), i, _short(plot, current[-1], w)))
    last = -1000.0
    for y, x, i, text in sorted(ends):
        last = max(y, last + 15)
        yield Markup('<text class="label s{i}" x="{x}" y="{y}">{text}</text>').format(
            i=i, x=round(x + 10, 1), y=round(last + 4, 1), text=text
        )


def _short(plot: Plot, o: dict[str, Any], w: Wording) -> str:
    """The number alone: its unit stands once, at the axis."""
    step, _ = axis_scale(plot, [o], w)
    return w.number(tick_text(round(o["number"] / step, 2)))


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
        place=series_label(one, w),
        period=w.period(o["period"]),
        amount=amount_of(o, one, w),
        kind=w.t(kind),
        source=o["article"]["source_name"],
        date=w.date(o["first_published"]),
    )
