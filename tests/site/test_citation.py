"""A citation names what was said, where and when, and its links lead to the quoted words."""

import json
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins.citation import bibtex, csl, fragment, plain, ris, web_address

PAGE: dict[str, Any] = {
    "id": "00ff",
    "printed": "8,02%",
    "value": "8.02",
    "value_high": None,
    "unit": "percent",
    "qualifier": "over",
    "sign": 0,
    "measure": "growth",
    "direction": "up",
    "indicator": "GDP",
    "indicator_ref": {"id": "gdp_growth", "names": {"vi": "tăng trưởng GDP", "en": "GDP growth"}},
    "place": "Việt Nam",
    "place_ref": None,
    "period": "2025",
    "article": {
        "title": "Kinh tế {năm} 2025 & 100%\n",
        "source_name": "Nhật Báo Thử",
        "published_at": "2026-01-05T08:30:00+07:00",
        "url": "https://nhatbao.example/a_b.html",
        "language": "vi",
    },
    "capture": {"fetched_at": "2026-01-05T10:30:00+07:00", "body_sha256": "ab" * 32},
}
LINK = "https://solieu.example/figures/00ff"


def test_plain_says_it_all_on_one_line() -> None:
    assert plain(PAGE, LINK, "vi") == (
        "Tăng trưởng GDP, Việt Nam, năm 2025: hơn +8,02% (nguyên văn: “8,02%”). “Kinh tế {năm} 2025 & 100% ”, "
        "Nhật Báo Thử, 5/1/2026, https://nhatbao.example/a_b.html. Bản lưu ngày 5/1/2026, SHA-256 abababababababab…; "
        "Số liệu, https://solieu.example/figures/00ff."
    )
    assert plain(PAGE, LINK, "en").startswith("GDP growth, Việt Nam, 2025: over +8.02% (as printed: “8,02%”).")


def test_a_value_that_is_not_certain_is_cited_as_printed() -> None:
    assert "2025: 8,02% (" in plain({**PAGE, "value": None}, LINK, "en")


def test_bibtex_escapes_what_tex_would_read() -> None:
    entry = bibtex(PAGE, LINK)
    assert entry.startswith("@online{solieu:00ff,\n")
    assert r"title = {Kinh tế \{năm\} 2025 \& 100\%}" in entry
    assert "url = {https://nhatbao.example/a_b.html}" in entry
    assert "date = {2026-01-05}" in entry
    assert entry.count("{") == entry.count("}")


def test_ris_and_csl() -> None:
    record = ris(PAGE, LINK)
    assert record.startswith("TY  - NEWS\r\n")
    assert record.endswith("ER  - \r\n")
    assert "DA  - 2026/01/05\r\n" in record
    item = json.loads(csl(PAGE, LINK))[0]
    assert item["issued"] == {"date-parts": [[2026, 1, 5]]}
    assert item["container-title"] == "Nhật Báo Thử"


@pytest.mark.parametrize("make", [bibtex, ris, csl])
def test_an_article_without_dates_can_be_cited(make: Any) -> None:
    bare = {**PAGE, "capture": None, "article": {**PAGE["article"], "published_at": None}}
    assert LINK in make(bare, LINK)


@pytest.mark.parametrize(
    ("prefix", "exact", "suffix", "expected"),
    [
        ("Năm 2025 GDP tăng ", "8,02%", " so với năm trước.", "2025 GDP tăng-,8,02%,-so với năm"),
        ("ám chín mươi mốt hai ba bốn tăng", "8%", "", "8%"),
        ("xxtăng trưởng của cả nước đạt là ", "8%", ", cao", "nước đạt là-,8%"),
        ("(", "8%", ")", "8%"),
        ("dòng trước\n", "8%", "\ndòng sau", "8%"),
    ],
)
def test_fragments_name_whole_words_of_one_line(prefix: str, exact: str, suffix: str, expected: str) -> None:
    link = fragment("https://a.example/b#c", prefix, exact, suffix)
    assert link is not None
    address, _, text = link.partition("#:~:text=")
    assert address == "https://a.example/b"
    assert unquote(text) == expected


def test_signs_of_the_fragment_syntax_are_escaped() -> None:
    link = fragment("https://a.example/", "", "6,5-7% & hơn", "")
    assert link == "https://a.example/#:~:text=6%2C5%2D7%25%20%26%20h%C6%A1n"


def test_a_long_quote_is_named_by_its_ends() -> None:
    words = " ".join(f"chữ{i}" for i in range(40))
    link = fragment("https://a.example/", "", words, "") or ""
    assert unquote(link.partition("text=")[2]) == "chữ0 chữ1 chữ2 chữ3 chữ4,chữ35 chữ36 chữ37 chữ38 chữ39"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//a.example", "https://", "http://a b", "", None]
)
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert web_address(url) is None
    assert fragment(url, "", "8%", "") is None


@given(st.text(max_size=60), st.text(min_size=1, max_size=200), st.text(max_size=60))
def test_any_words_give_a_link_of_plain_characters(prefix: str, exact: str, suffix: str) -> None:
    link = fragment("https://a.example/b", prefix, exact, suffix)
    assert link is not None
    assert link.isascii()
    assert not set(link) & set(" <>\"'\n")
