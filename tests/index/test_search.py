"""Search: any spelling finds the same, exact marks first, quantities by value, any string is a valid query."""

import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import QueryError
from index.search import search
from index.store import Store
from index.words import Words, fold
from tests.index.conftest import Press

PAIRS = [
    ("Giá đường tại Đồng Nai tăng 5%.", "5%", {"value": "5", "place": "Đồng Nai", "place_id": "dong_nai@34"}),
    (
        "Thu ngân sách đạt 2 triệu tỷ đồng.",
        "2 triệu tỷ đồng",
        {"value": "2000000000000000", "unit": "VND", "measure": "level"},
    ),
    ("Dự án ở Hòa Bình dài 32 km.", "32 km", {"value": "32", "unit": "km", "measure": "level"}),
    ("Toàn thành phố có 3.261 đảng viên.", "3.261", {"value": "3261", "unit": "person", "measure": "level"}),
    ("Kim ngạch tăng 8,5%, kỹ thuật số tăng mạnh.", "8,5%", {"value": "8.5"}),
    ("Tỷ suất lợi nhuận tăng 12,5%.", "12,5%", {"value": "12.5"}),
    ("Dương lịch năm nay, giá gạo giảm 3%.", "3%", {"value": "3", "direction": "down"}),
    ("Năm 2025, lạm phát từ 4% đến 4,5%.", "4% đến 4,5%", {"value": "4", "value_high": "4.5", "kind": "target"}),
]


@pytest.fixture
def conn(press: Press, store: Store) -> Any:
    for i, (text, quote, values) in enumerate(PAIRS):
        press.publish(f"https://baochi.test/{i}", text, ((quote, values),), title=f"Tin kinh tế {i}")
    return store.connection


def found(conn: Any, q: str, **more: Any) -> list[str]:
    return [row["printed"] for row in search(conn, q, **more)["results"]]


@pytest.mark.parametrize(
    "spellings",
    [
        [
            "đồng nai",
            "dong nai",
            "Đồng Nai",
            "ĐỒNG NAI",
            "đồng  nai",
            unicodedata.normalize("NFD", "đồng nai"),
            "DONG NAI",
        ],
        ["tỷ đồng", "tỉ đồng", "ti dong", "ty dong", "TỶ ĐỒNG"],
        ["hòa bình", "hoà bình", "hoa binh", "Hoà Bình"],
        ["kỹ thuật", "kĩ thuật", "ki thuat"],
        ["đường", "duong", "ĐƯỜNG"],
    ],
)
def test_every_spelling_finds_the_same(conn: Any, spellings: list[str]) -> None:
    answers = [sorted(found(conn, spelling)) for spelling in spellings]
    assert answers[0]
    assert all(answer == answers[0] for answer in answers)


def test_the_marks_that_were_typed_come_first(conn: Any) -> None:
    assert found(conn, "đường") == ["5%", "3%"]
    assert found(conn, "dương") == ["3%", "5%"]
    assert found(conn, "kĩ thuật") == ["8,5%"]


def test_syllables_that_stand_together_come_first(press: Press, store: Store) -> None:
    texts = ("Hà Nội tăng 5%.", "Nội thành Hà Đông tăng 6%.", "Nội dung do Hà viết: tăng 7%.")
    for i, text in enumerate(texts):
        quote = text[-3:-1]
        press.publish(f"https://baochi.test/{i}", text, ((quote, {"value": quote[0], "indicator_id": None}),))
    assert found(store.connection, "hà nội")[0] == "5%"
    assert len(found(store.connection, "hà nội")) == 3


@pytest.mark.parametrize(
    ("q", "quotes"),
    [
        ("8,5%", ["8,5%"]),
        ("8.5 %", ["8,5%"]),
        ("3.261", ["3.261"]),
        ("3,261", ["3.261"]),
        ("3261", ["3.261"]),
        ("trên 10%", ["12,5%"]),
        ("2 triệu tỷ đồng", ["2 triệu tỷ đồng"]),
        ("32 km", ["32 km"]),
        ("32.000 m", ["32 km"]),
        ("32 %", []),
        ("kim ngạch 8,5%", ["8,5%"]),
        ("gạo 8,5%", []),
        ("năm 2025", ["4% đến 4,5%"]),
    ],
)
def test_quantities_are_found_by_value(conn: Any, q: str, quotes: list[str]) -> None:
    assert found(conn, q) == quotes


def test_what_was_read_as_a_quantity_is_said(conn: Any) -> None:
    answer = search(conn, "kim ngạch trên 8%")
    assert answer["quantity"] == {
        "value": "8",
        "value_high": None,
        "unit": "percent",
        "qualifier": "over",
        "printed": "trên 8%",
    }


def test_phrases_prefixes_and_exclusions(conn: Any) -> None:
    assert found(conn, '"lợi nhuận tăng"') == ["12,5%"]
    assert found(conn, '"tăng lợi nhuận"') == []
    assert sorted(found(conn, "đườ*")) == ["3%", "5%"]
    assert found(conn, "giá -gạo") == ["5%"]
    assert found(conn, "-tăng") == []


def test_filters_sorts_and_facets(conn: Any) -> None:
    assert found(conn, "", kind="target") == ["4% đến 4,5%"]
    assert found(conn, "", place="dong_nai") == ["5%"]
    assert found(conn, "", unit="percent", min="5", max="9", sort="value") == ["8,5%", "5%"]
    assert found(conn, "", unit="m", min=1000) == ["32 km"]
    assert found(conn, "", period="2025-Q1") == []
    assert len(found(conn, "", period="2025")) == len(PAIRS)
    assert found(conn, "", since="2026-01-07") == []
    answer = search(conn, "", unit="percent", size=2)
    assert answer["more"]
    assert {f["id"]: f["count"] for f in answer["facets"]["kind"]} == {"statistic": 4, "target": 1}
    second = search(conn, "", unit="percent", size=2, page=2)
    assert not {r["id"] for r in second["results"]} & {r["id"] for r in answer["results"]}


def test_words_and_quote_are_marked_in_the_context(conn: Any) -> None:
    (row,) = search(conn, "suat")["results"]
    assert row["context"] == [["Tỷ ", 0], ["suất", 2], [" lợi nhuận tăng ", 0], ["12,5%", 1], [".", 0]]
    articles = search(conn, "lợi nhuận")["articles"]
    assert ["lợi nhuận", 2] in articles[0]["snippet"]


def test_names_of_the_catalogue_are_offered(conn: Any) -> None:
    answer = search(conn, "tang truong gdp")
    assert "gdp_growth" in [ref["id"] for ref in answer["indicators"]]
    assert [ref["id"] for ref in search(conn, "Hanoi")["places"]] == ["ha_noi"]
    assert [r["printed"] for r in search(conn, "bnp-tillväxt")["results"]]  # through the names, in any language


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "x"},
        {"measure": "x"},
        {"period": "abc"},
        {"min": "abc"},
        {"max": "nan"},
        {"since": "2025-13-01"},
        {"sort": "x"},
        {"page": 0},
        {"size": 10_000},
    ],
)
def test_a_wrong_argument_is_named(conn: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(QueryError) as caught:
        search(conn, "", **wrong)
    assert caught.value.parameter == next(iter(wrong))


ODD = [
    "",
    " ",
    '"',
    '""',
    "*",
    "-",
    "- -",
    "(",
    "NEAR(",
    "a OR",
    "AND",
    "NOT x",
    "title:x",
    "\x00",
    "x\x00y",
    "'; drop table",
]


@pytest.mark.parametrize(
    "q", [*ODD, "a" * 10_000, "năm " * 5_000, "5% " * 50, "%", "1e999", "９９９%", "\ud800", "…", "٣"]
)
def test_any_string_is_a_valid_query(conn: Any, q: str) -> None:
    assert isinstance(search(conn, q)["results"], list)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.text(alphabet="a\"*-()5%,. ^:'đạ", max_size=20))
def test_any_text_is_a_valid_query(conn: Any, q: str) -> None:
    assert isinstance(search(conn, q)["results"], list)


def test_fold_gives_what_a_plain_keyboard_types() -> None:
    assert fold("Đường Ðà Nẵng, Thừa Thiên Huế") == "duong da nang, thua thien hue"
    assert Words.of("").match is None
