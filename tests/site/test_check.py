"""`/check`: each number of a pasted text beside what the ledger holds; nothing pasted stays, nothing pasted harms."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from datasette.plugins import pm

from index.passage import LONGEST, VERDICTS

Ask = Callable[..., Any]
FORM = {"content-type": "application/x-www-form-urlencoded"}
TEXT = "GDP năm 2025 của Việt Nam tăng 8,02%. GDP quý II/2025 tăng 7,96%."


def plugin(name: str) -> Any:
    """The module of the running site: Datasette loads its own copy of each."""
    return next(one for one in pm.get_plugins() if getattr(one, "__file__", "").endswith(f"/{name}.py"))


def verdicts(ask: Ask, text: str, **more: str) -> list[tuple[str, str]]:
    fields = "&".join(f"{name}={quote(value)}" for name, value in {"text": text, **more}.items())
    answer = ask("/check.json", "POST", content=fields, headers=FORM)
    assert answer.status_code == 200, answer.text
    return [(one["printed"], one["verdict"]) for one in answer.json()["data"]["numbers"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GDP năm 2025 của Việt Nam tăng 8,02%.", [("8,02%", "matches")]),
        ("GDP năm 2025 của Việt Nam tăng 8%.", [("8%", "rounds_to")]),
        ("Vietnam's GDP grew 8.02% in 2025.", [("8.02%", "matches")]),
        ("GDP quý II/2025 của Việt Nam tăng 7,96%.", [("7,96%", "superseded")]),
        ("GDP quý II/2025 của Việt Nam tăng 8,19%.", [("8,19%", "matches")]),
        ("GDP năm 2025 của Việt Nam tăng 9,3%.", [("9,3%", "conflicts")]),
        ("GDP năm 1999 của Việt Nam tăng 4,8%.", [("4,8%", "not_found")]),
        ("GDP năm 2019 của Việt Nam tăng 8,02%.", [("8,02%", "elsewhere")]),
    ],
)
def test_each_number_with_what_the_ledger_knows(ask: Ask, text: str, expected: list[tuple[str, str]]) -> None:
    assert verdicts(ask, text) == expected


def test_arithmetic_of_the_text_itself(ask: Ask) -> None:
    found = verdicts(ask, "Đại hội bầu 200 đại biểu. Trong đó có 50 đại biểu nữ, chiếm 52% tổng số.")
    assert ("52%", "arithmetic_off") in found


def test_the_ways_of_sending_a_text_give_one_answer(ask: Ask) -> None:
    posted = ask("/check.json", "POST", content=f"text={quote(TEXT)}", headers=FORM).json()["data"]
    assert [one["verdict"] for one in posted["numbers"]] == ["matches", "superseded"]
    assert ask(f"/check.json?text={quote(TEXT)}").json()["data"] == posted
    assert ask(f"/api/v1/check?text={quote(TEXT)}").json()["data"] == posted
    as_json = {"content-type": "application/json; charset=utf-8"}
    assert ask("/api/v1/check", "POST", content=json.dumps({"text": TEXT}), headers=as_json).json()["data"] == posted
    plain = {"content-type": "text/plain"}
    assert ask("/check.json", "POST", content=TEXT.encode(), headers=plain).json()["data"] == posted


def test_the_page_marks_the_text_and_tells_of_each_number(ask: Ask) -> None:
    answer = ask("/check?lang=vi", "POST", content=f"text={quote(TEXT)}", headers=FORM)
    page = BeautifulSoup(answer.text, "lxml")
    assert page.select_one("textarea").get_text().strip() == TEXT
    assert page.select_one(".pasted").get_text(" ", strip=True).replace(" .", ".") == TEXT
    assert [one["class"][1] for one in page.select(".pasted a.mark")] == ["matches", "superseded"]
    for mark in page.select(".pasted a.mark"):
        assert page.select_one(mark["href"]) is not None
    words = " ".join(page.get_text(" ").split())
    assert "Giá trị này từng được đăng rồi được thay thế: +7,96%" in words
    assert "+8,19%" in words
    assert page.select_one(".weighed a[href^='/figures/']") is not None


def test_nothing_that_was_pasted_stays(ask: Ask) -> None:
    secret = "Bí mật chưa đăng: GDP năm 2025 tăng 8,02%."
    for answer in (
        ask(f"/check?text={quote(secret)}"),
        ask("/check", "POST", content=f"text={quote(secret)}", headers=FORM),
        ask(f"/check.json?text={quote(secret)}"),
    ):
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers
    ask("/about")
    kept = plugin("pages")._answers
    assert any("/about" in key for key in kept)
    assert [key for key, made in kept.items() if "Bí mật" in f"{key}{made.body.decode()}" or "check" in str(key)] == []
    assert not plugin("passages")._waiting


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> GDP tăng 8,02%</textarea><img src=x onerror=alert(1)>",
        "{{7*7}} 8,02%",
        "\x00\x01\x07 8,02%",
        "8,02% \u202e%20,8",
        "'; drop table statements; -- 8%",
        "1e999 NaN ∞ 9" + "9" * 3000,
        "(" * LONGEST,
        "1,5 " * (LONGEST // 4),
        "% " * (LONGEST // 2),
        "\n" * (LONGEST - 1) + "8",
        "đ" * LONGEST,
        "1.2.3.4.5,6,7;8/9/10" * 50,
        "𝟖,𝟎𝟐% ٨٫٠٢ ８，０２％",
    ],
)
def test_hostile_texts_are_answered_and_inert(ask: Ask, text: str) -> None:
    answer = ask("/check", "POST", content=f"text={quote(text)}", headers=FORM)
    assert answer.status_code == 200
    page = BeautifulSoup(answer.text, "lxml")
    assert [one.get("src") for one in page.select("script")] == ["/static/copy.js"]
    assert not page.select("img")
    assert "49" not in page.get_text() if "{{" in text else True
    data = ask("/check.json", "POST", content=f"text={quote(text)}", headers=FORM).json()["data"]
    assert {one["verdict"] for one in data["numbers"]} <= set(VERDICTS)
    for one in data["numbers"]:
        assert data["text"][one["start"] : one["end"]] == one["printed"]
    assert "".join(piece["text"] for part in data["paragraphs"] for piece in part) == data["text"].replace("\n", "")


def test_lone_surrogates_and_broken_bytes(ask: Ask) -> None:
    for content in (b"text=%ED%A0%80+8%2C02%25", b"text=\xff\xfe 8,02%", b"text=%", b"=&&==&text"):
        assert ask("/check", "POST", content=content, headers=FORM).status_code == 200
        assert ask("/check.json", "POST", content=content, headers=FORM).status_code in (200, 400)


def test_a_text_is_bounded(ask: Ask) -> None:
    assert ask("/check", "POST", content=f"text={'a' * LONGEST}", headers=FORM).status_code == 200
    long = ask("/check.json", "POST", content=f"text={'a' * (LONGEST + 1)}", headers=FORM)
    assert (long.status_code, long.json()["error"]["parameter"]) == (400, "text")
    assert ask("/check", "POST", content=b"text=" + b"a" * 70_000, headers=FORM).status_code == 413
    assert ask(f"/check?text={'a' * 40_000}").status_code == 414


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"[1]", "application/json", 400),
        (b"{", "application/json", 400),
        (b'{"text": 5}', "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b"&".join(b"a=1" for _ in range(100)), "application/x-www-form-urlencoded", 400),
        (b"<x/>", "application/xml", 415),
        (b"--x", "multipart/form-data; boundary=x", 415),
        (b"", "application/x-www-form-urlencoded", 200),
    ],
)
def test_bodies_that_cannot_be_read(ask: Ask, content: bytes, kind: str, status: int) -> None:
    for path in ("/check", "/check.json"):
        assert ask(path, "POST", content=content, headers={"content-type": kind}).status_code == status


def test_too_many_at_once_are_asked_to_wait(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugin("passages"), "WAITING", 0)
    answer = ask("/check.json", "POST", content=f"text={quote(TEXT)}", headers=FORM)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert ask("/check").status_code == 200, "the form itself reads nothing"


def test_numbers_as_a_table(ask: Ask) -> None:
    table = ask("/check.csv", "POST", content=f"text={quote(TEXT)}", headers=FORM).content.decode("utf-8-sig")
    assert table.splitlines()[1].startswith('"8,02%",matches,matches,statistic,GDP,8.02,')


def test_without_a_text_the_page_teaches(ask: Ask, ask_empty: Ask) -> None:
    for site in (ask, ask_empty):
        page = BeautifulSoup(site("/check").text, "lxml")
        assert page.select_one("form[method=post] textarea[name=text]") is not None
        assert len(page.select(".verdicts dt")) == len(VERDICTS)
    assert ask_empty("/check", "POST", content=f"text={quote(TEXT)}", headers=FORM).status_code == 200
