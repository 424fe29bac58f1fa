"""A chart shows every value, says the same in words, and stays on its sheet."""

from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins.chart import describe, draw
from datasette_plugins.sheet import short_period
from datasette_plugins.wording import wording

W = wording("en")
SVG = "{http://www.w3.org/2000/svg}"


def observation(
    year: int, value: float, kind: str = "statistic", high: float | None = None, status: str = "current"
) -> dict[str, Any]:
    return {
        "period": str(year),
        "period_first": f"{year}-01-01",
        "period_last": f"{year}-12-31",
        "kind": kind,
        "value": str(value),
        "value_high": None if high is None else str(high),
        "number": value,
        "number_high": high,
        "unit": "percent",
        "status": status,
        "first_published": "2025-01-05",
        "figure": f"f{year}{kind}{status}",
        "article": {"source_name": "Daily <b>"},
    }


def series(
    observations: list[dict[str, Any]], targets: list[dict[str, Any]] | None = None, place: str = "vn"
) -> dict[str, Any]:
    return {
        "id": place,
        "indicator": {"id": "gdp_growth", "names": {"vi": "tăng trưởng GDP", "en": "GDP growth"}},
        "place": {"id": place, "version": None, "names": {"vi": place}, "valid_from": None, "valid_to": None},
        "unit": "percent",
        "measure": "growth",
        "base": "yoy",
        "observations": observations,
        "targets": targets or [],
        "forecasts": [],
    }


def parse(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(text).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def test_nothing_to_draw() -> None:
    assert draw([], [], W, 720, "a") == ""
    assert draw([series([])], [], W, 720, "a") == ""


def test_every_value_and_target_leads_to_its_figure() -> None:
    one = series(
        [observation(2024, 7.09), observation(2025, 8.02), observation(2024, 6.9, status="superseded")],
        [observation(2025, 8.3, "target", 8.5), observation(2025, 6.5, "target", 7, "superseded")],
    )
    svg = parse(draw([one], [], W, 720, "a"))
    assert {a.get("href") for a in svg.iter(f"{SVG}a")} == {
        "/figures/f2024statisticcurrent",
        "/figures/f2025statisticcurrent",
        "/figures/f2024statisticsuperseded",
        "/figures/f2025targetcurrent",
        "/figures/f2025targetsuperseded",
    }
    assert [t.text for t in svg.iter(f"{SVG}text") if t.get("class", "").startswith("label")] == ["8.02", "7.09"]


def test_the_chart_is_told_in_words() -> None:
    one = series([observation(2024, 7.09), observation(2025, -8.02)], [observation(2026, 10, "target")])
    title, words = describe([one], W)
    assert title == "GDP growth: vn"
    assert words == "vn: 2 periods, from +7.09% (2024) to −8.02% (2025). Latest target: +10% for 2026."
    svg = parse(draw([one], [], W, 720, "a"))
    assert svg.findtext(f"{SVG}title") == title
    assert svg.findtext(f"{SVG}desc") == words
    assert svg.get("aria-labelledby") == "a-title a-desc"


def test_a_break_stands_at_its_day() -> None:
    one = series([observation(2024, 7), observation(2026, 8)])
    svg = parse(draw([one], [{"at": "2025-07-01"}], W, 720, "a"))
    xs = [float(c.get("cx", "")) for c in svg.iter(f"{SVG}circle")]
    line = next(g for g in svg.iter(f"{SVG}g") if g.get("class") == "break").find(f"{SVG}line")
    assert line is not None
    assert float(line.get("x1", "")) == pytest.approx(sum(xs) / 2, abs=1.5)


def test_missing_periods_are_seen() -> None:
    for years, gaps in (((2020, 2021, 2022, 2024), [False, False, True]), ((2020, 2023), [True])):
        svg = parse(draw([series([observation(year, 5) for year in years])], [], W, 720, "a"))
        lines = [line.get("class", "") for line in svg.iter(f"{SVG}line") if line.get("class", "").startswith("line")]
        assert ["gap" in one for one in lines] == gaps


def test_zero_is_in_sight_where_it_matters() -> None:
    assert 'class="zero"' in draw([series([observation(2024, 1), observation(2025, 8)])], [], W, 720, "a")
    assert 'class="zero"' not in draw([series([observation(2024, 7), observation(2025, 8)])], [], W, 720, "a")
    assert 'class="zero"' in draw([series([observation(2025, 8)])], [], W, 720, "a")


def test_end_labels_do_not_touch() -> None:
    many = [series([observation(2024, 5), observation(2025, 8 + i / 1000)], place=f"p{i}") for i in range(5)]
    svg = parse(draw(many, [], W, 720, "a"))
    ys = sorted(float(t.get("y", "")) for t in svg.iter(f"{SVG}text") if t.get("class", "").startswith("label"))
    assert len(ys) == 5
    assert min(b - a for a, b in pairwise(ys)) >= 15


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("2025", "2025"),
        ("2025-Q3", "Q3 ’25"),
        ("2025-09", "9/25"),
        ("2025-01/2025-09", "1–9/25"),
        ("2021/2025", "2021–25"),
        ("2025-09-30", "30/9/25"),
    ],
)
def test_ticks_are_short(code: str, text: str) -> None:
    assert short_period(code, W) == text


NUMBER = st.floats(min_value=-1e15, max_value=1e15, allow_nan=False)


@given(st.dictionaries(st.integers(1990, 2050), NUMBER, min_size=1, max_size=25), st.sampled_from([360, 860]))
def test_any_series_stays_on_its_sheet(values: dict[int, float], width: int) -> None:
    svg = parse(draw([series([observation(year, value) for year, value in values.items()])], [], W, width, "a"))
    height = float(svg.get("height", ""))
    for dot in svg.iter(f"{SVG}circle"):
        assert 0 <= float(dot.get("cx", "")) <= width
        assert 0 <= float(dot.get("cy", "")) <= height
