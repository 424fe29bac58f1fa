"""Search: any spelling finds the same, exact marks first, quantities by value, any string is a valid query."""

import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.statement import Check
from index.encoder import Encoder, load_encoder
from index.errors import QueryError
from index.meaning import embed
from index.proposal import akin, propose
from index.queries import figure
from index.ranking import fuse
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


def test_a_verdict_of_a_check_is_a_filter(press: Press, store: Store) -> None:
    text = "Tổng số 100 xã, gồm 60 xã miền núi và 50 xã đồng bằng. Có 7 xã khác."
    figures = tuple((f"{n} xã", {"value": str(n), "unit": "commune", "measure": "level"}) for n in (100, 60, 50, 7))
    check = Check("sum_of_parts", (0, 1, 2), "100", "110", "inconsistent")
    press.publish("https://baochi.test/1", text, figures, checks=(check,))
    assert sorted(found(store.connection, "", verdict="inconsistent")) == ["100 xã", "50 xã", "60 xã"]
    assert found(store.connection, "", verdict="consistent") == []


def test_meaning_finds_articles_that_share_no_word(press: Press, store: Store) -> None:
    rice = "Giá gạo xuất khẩu của Việt Nam tăng nhờ nhu cầu của Philippines."
    press.publish("https://baochi.test/rice", rice, title="Xuất khẩu gạo tăng giá")
    press.publish("https://baochi.test/crash", "Vụ tai nạn giao thông làm hai người chết.", title="Tai nạn giao thông")
    embed(store, load_encoder())
    answer = search(store.connection, "rice exports")
    assert [a["title"] for a in answer["articles"]] == ["Xuất khẩu gạo tăng giá"]
    assert answer["articles"][0]["headline"] == [["Xuất khẩu gạo tăng giá", 0]]
    assert answer["articles"][0]["nearness"] > 0.22
    assert answer["results"] == []  # a figure is never found by meaning alone
    assert answer["meaning"] == {"encoder": load_encoder().id, "refused": None}
    assert search(store.connection, "rice exports", language="sv")["articles"] == []
    words = search(store.connection, "tai nan")["articles"]
    assert [a["title"] for a in words] == ["Tai nạn giao thông"]


def test_figures_of_the_article_that_is_about_the_words_come_first(press: Press, store: Store) -> None:
    aside = "Đội bóng thắng trận, khán giả ăn gạo nếp, tăng 4%."
    about = "Giá gạo xuất khẩu tăng 5%, thị trường lúa gạo sôi động, nông dân bán lúa được giá."
    for i, (title, text, quote) in enumerate((("Lúa gạo được giá", about, "5%"), ("Bóng đá", aside, "4%"))):
        press.publish(f"https://baochi.test/{i}", text, ((quote, {"value": quote[0]}),), title=title)
    assert found(store.connection, "gạo tăng") == ["4%", "5%"]  # newest first as long as meaning is not known
    embed(store, load_encoder())
    assert found(store.connection, "gạo tăng") == ["5%", "4%"]
    assert found(store.connection, "gạo tăng", sort="published") == ["4%", "5%"]


def test_vectors_of_another_encoder_are_refused_and_words_go_on(press: Press, store: Store) -> None:
    press.publish("https://baochi.test/1", "Xuất khẩu gạo tăng 5%.", (("5%", {"value": "5"}),), title="Gạo")
    embed(store, Encoder("another-8", load_encoder().model))
    answer = search(store.connection, "xuat khau")
    assert [row["printed"] for row in answer["results"]] == ["5%"]
    assert [a["title"] for a in answer["articles"]] == ["Gạo"]
    refused = answer["meaning"]["refused"]
    assert "another-8" in refused
    assert "solieu index --db" in refused
    assert search(store.connection, "rice exports")["articles"] == []
    assert embed(store, load_encoder()) == 1
    assert search(store.connection, "rice exports")["articles"]


def test_indicators_are_proposed_and_never_assigned(press: Press, store: Store) -> None:
    press.publish(
        "https://baochi.test/1",
        "Tình trạng thất nghiệp ở mức 2,2%.",
        (("2,2%", {"value": "2.2", "indicator": "tình trạng thất nghiệp", "indicator_id": None}),),
    )
    answer = search(store.connection, "people without a job, unemployed")
    assert "unemp" in [ref["id"] for ref in answer["proposed"]]
    assert all(0 < ref["nearness"] <= 1 for ref in answer["proposed"])
    (row,) = search(store.connection, "thất nghiệp")["results"]
    assert row["indicator_ref"] is None
    page = figure(store.connection, row["id"])
    assert page is not None
    assert "unemp" in [ref["id"] for ref in page["proposed"]]
    assert propose("zzz qqq") == []
    assert "unemp_youth" in dict(akin("unemp"))
    assert "unemp" not in dict(akin("unemp"))
    assert akin("no such indicator") == []


def test_fused_orders() -> None:
    assert fuse([["a", "b", "c"], ["b", "c"]]) == ["b", "c", "a"]
    assert fuse([[], [1]]) == [1]
