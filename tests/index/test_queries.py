"""The pages' questions before any ledger is built: shapes hold, unknown ids are None, wrong arguments are named."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extract.statement import Check
from index import queries
from index.errors import QueryError
from index.search import search
from index.store import Store
from tests.index.conftest import Press

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXT = (
    "Năm 2025, GDP cả nước tăng 8,02%, theo Cục Thống kê.\n"
    "Đảng bộ có 3.261 đảng viên, trong đó 991 nữ, chiếm 30,9%.\n"
    "Bộ Xây dựng sẽ trình đề án nhà ở trước tháng 6/2026."
)
LEVEL = {
    "measure": "level",
    "direction": None,
    "base": None,
    "indicator": "đảng viên",
    "indicator_id": None,
    "unit": "person",
}


@pytest.fixture
def ids(press: Press, store: Store) -> dict[str, str]:
    article = press.publish(
        "https://baochi.test/1",
        TEXT,
        (
            ("8,02%", {"value": "8.02", "speaker": "Cục Thống kê"}),
            ("3.261", {"value": "3261", **LEVEL}),
            ("991", {"value": "991", "part_of": 1, **LEVEL}),
            ("30,9%", {"value": "30.9", "part_of": 1, **LEVEL, "measure": "share", "unit": "percent"}),
        ),
        (
            (
                "sẽ trình đề án nhà ở",
                {"actor": "Bộ Xây dựng", "deadline": "2026-06", "status": "planned", "place": "Hải Phòng"},
            ),
        ),
        (
            Check(
                "share",
                (3, 2, 1),
                "30.9",
                "30.4",
                "inconsistent",
                {"vi": "991/3.261 = 30,4%", "en": "991/3,261 = 30.4%"},
            ),
        ),
    )
    store.name_source("baochi.test", "Báo Chí")
    figures = {quote: id_ for id_, quote in store.connection.execute("select id, exact from statements")}
    (act,) = store.connection.execute("select id from commitments").fetchone()
    return {"article": article, "act": act, **figures}


def test_the_receipt(ids: dict[str, str], store: Store) -> None:
    page = queries.figure(store.connection, ids["30,9%"])
    assert page is not None
    assert (page["value"], page["number"], page["printed"], page["measure"]) == ("30.9", 30.9, "30,9%", "share")
    assert page["context"] == [["Đảng bộ có 3.261 đảng viên, trong đó 991 nữ, chiếm ", 0], ["30,9%", 1], [".", 0]]
    assert page["part_of"]["printed"] == "3.261"
    assert [part["printed"] for part in (queries.figure(store.connection, ids["3.261"]) or {})["parts"]] == [
        "991",
        "30,9%",
    ]
    (check,) = page["checks"]
    assert (check["verdict"], check["figure"]["id"]) == ("inconsistent", ids["30,9%"])
    assert [other["printed"] for other in check["others"]] == ["991", "3.261"]
    assert page["article"] == {
        "id": ids["article"],
        "url": "https://baochi.test/1",
        "title": "Kinh tế cuối năm",
        "source": "baochi.test",
        "source_name": "Báo Chí",
        "language": "vi",
        "published_at": "2026-01-06T16:00:00+07:00",
        "figures": 4,
    }
    assert page["capture"]["current"]
    assert not page["changed_since"]


def test_the_article_in_pieces(ids: dict[str, str], store: Store) -> None:
    page = queries.article(store.connection, ids["article"])
    assert page is not None
    assert ["".join(piece["text"] for piece in p) for p in page["paragraphs"]] == TEXT.split("\n")
    marks = {piece["figure"]: piece["text"] for p in page["paragraphs"] for piece in p if piece["figure"]}
    assert marks == {ids[quote]: quote for quote in ("8,02%", "3.261", "991", "30,9%")}
    assert [p["text"] for p in page["paragraphs"][2] if p["commitment"] == ids["act"]] == ["sẽ trình đề án nhà ở"]


def test_commitments_are_rated_by_date_alone(ids: dict[str, str], store: Store) -> None:
    conn = store.connection

    def rating(year: int) -> str:
        return queries.commitments(conn, now=datetime(year, 5, 1, tzinfo=UTC))["results"][0]["rating"]  # type: ignore[no-any-return]

    assert (rating(2025), rating(2026), rating(2027)) == ("open", "due", "overdue")
    assert queries.commitments(conn, due="overdue", now=NOW)["results"] == []
    assert len(queries.commitments(conn, due="2026-06-30", now=NOW)["results"]) == 1
    assert len(queries.commitments(conn, actor="xay dung", now=NOW)["results"]) == 1
    assert queries.commitments(conn, actor="y tế", now=NOW)["results"] == []
    assert len(queries.commitments(conn, place="hai_phong@34", now=NOW)["results"]) == 1
    assert queries.commitments(conn, place="hai_phong@63", now=NOW)["results"] == []
    assert queries.commitments(conn, status="done")["results"] == []
    page = queries.commitment(conn, ids["act"], NOW)
    assert page is not None
    assert page["counts" if "counts" in page else "rating"] == "open"
    assert [row["id"] for row in page["history"]] == [ids["act"]]


def test_home_lists_and_sources(ids: dict[str, str], store: Store) -> None:
    conn = store.connection
    home = queries.home(conn, NOW)
    assert (home["counts"]["articles"], home["counts"]["figures"], home["counts"]["checks_failed"]) == (1, 4, 1)
    assert [row["printed"] for row in home["latest"]] == ["30,9%", "991", "3.261", "8,02%"]
    assert queries.indicators(conn)["topics"][0]["indicators"][0]["id"] == "gdp_growth"
    assert (queries.source(conn, "baochi.test") or {})["figures_count"] == 4
    assert [a["id"] for a in queries.articles(conn, language="vi", since="2026-01-01")["results"]] == [ids["article"]]
    assert queries.articles(conn, until="2026-01-05")["results"] == []
    assert (queries.place(conn, "vn") or {})["indicators"][0]["figures"] == 1
    assert (queries.place(conn, "hai_phong") or {})["id"] == "hai_phong@34"
    assert [p["id"] for p in (queries.place(conn, "hai_phong") or {})["parents"]] == ["hai_duong@63", "hai_phong@63"]
    assert (queries.indicator(conn, "gdp_growth") or {})["figures"][0]["printed"] == "8,02%"
    assert queries.changes(conn)["changes"][0]["record"] == "article"
    assert queries.changes(conn, since=10**9)["changes"] == []


def test_unknown_ids_are_none(store: Store) -> None:
    conn = store.connection
    for ask in (queries.figure, queries.article, queries.commitment, queries.indicator, queries.place, queries.source):
        assert ask(conn, "nothing") is None  # type: ignore[operator]
    assert queries.compare(conn, "nothing", ["vn"]) is None


def test_an_empty_tracker_has_every_page(store: Store) -> None:
    conn = store.connection
    assert queries.home(conn, NOW)["counts"]["figures"] == 0
    assert queries.indicators(conn) == {"topics": [], "total": 0}
    assert queries.checks(conn)["arithmetic"] == []
    assert queries.commitments(conn)["results"] == []
    assert queries.coverage(conn) == {"sites": [], "failures": []}
    assert (queries.indicator(conn, "gdp_growth") or {})["series"] == []


@pytest.mark.parametrize(
    ("ask", "parameter"),
    [
        (lambda c: queries.articles(c, page=0), "page"),
        (lambda c: queries.articles(c, since="gestern"), "since"),
        (lambda c: queries.commitments(c, status="x"), "status"),
        (lambda c: queries.commitments(c, due="x"), "due"),
        (lambda c: queries.indicator(c, "gdp_growth", measure="x"), "measure"),
        (lambda c: queries.indicator(c, "gdp_growth", as_of="x"), "as_of"),
        (lambda c: queries.compare(c, "gdp_growth", ["nowhere"]), "place"),
        (lambda c: queries.compare(c, "gdp_growth", []), "place"),
        (lambda c: queries.changes(c, since=-1), "since"),
    ],
)
def test_a_wrong_argument_is_named(store: Store, ask: Any, parameter: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask(store.connection)
    assert caught.value.parameter == parameter


def test_answers_are_ready_for_json_and_have_the_documented_keys(ids: dict[str, str], store: Store) -> None:
    conn = store.connection
    documented = set(re.findall(r'"(\w+)"', (Path(__file__).parents[2] / "docs" / "records.md").read_text("utf-8")))
    answers = [
        queries.home(conn, NOW),
        queries.figure(conn, ids["8,02%"]),
        queries.article(conn, ids["article"]),
        queries.indicator(conn, "gdp_growth"),
        queries.compare(conn, "gdp_growth", ["vn"]),
        queries.commitments(conn, now=NOW),
        queries.commitment(conn, ids["act"], NOW),
        queries.checks(conn),
        queries.place(conn, "vn"),
        queries.source(conn, "baochi.test"),
        queries.coverage(conn),
        search(conn, "GDP"),
    ]
    dynamic = {"vi", "en", "sv", "min", "max", "since", "until"}

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for part in value.values() for key in keys(part)}
        return {key for part in value for key in keys(part)} if isinstance(value, list) else set()

    for answer in answers:
        assert json.loads(json.dumps(answer)) == answer
        assert keys(answer) - documented - dynamic == set()
