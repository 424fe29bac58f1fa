"""Periods of single phrases and sentences: code, role, base, and what is none.

Sentences are our own. Unless a case says otherwise they are read as published on 5 January 2026 (docs: domain of the press).
"""

import tomllib
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.lexicon import LANGUAGES, languages
from extract.period import Period
from extract.pipeline import read

PUBLISHED = date(2026, 1, 5)


def periods(text: str, language: str = "vi", published: date | None = PUBLISHED) -> list[Period]:
    return read(text, language, published).periods


def rows() -> list[object]:
    return [
        pytest.param(code, row["id"], example, expected, id=f"{code}.{row['id']}:{example}")
        for code in languages()
        for row in tomllib.loads((LANGUAGES / code / "periods.toml").read_text("utf-8"))["row"]
        for example, expected in zip(row["examples"], row.get("codes", ()), strict=False)
    ]


@pytest.mark.parametrize(("code", "row", "example", "expected"), rows())
def test_rows_read_their_examples_as_dated(code: str, row: str, example: str, expected: str) -> None:
    found = [period.code or "" for period in periods(example, code)]
    assert expected in found or (not expected and not found), found


@pytest.mark.parametrize("code", languages())
def test_every_dated_row_says_what_its_examples_read_as(code: str) -> None:
    table = tomllib.loads((LANGUAGES / code / "periods.toml").read_text("utf-8"))["row"]
    bare = [row["id"] for row in table if "cue" not in row and len(row.get("codes", ())) != len(row["examples"])]
    assert not bare


@pytest.mark.parametrize(
    "form", ["tháng {}/2025", "tháng {} năm 2025", "tháng {}-2025", "tháng {}.2025", "Tháng {}, 2025"]
)
@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_in_every_notation(form: str, month: int) -> None:
    for written in (str(month), f"{month:02d}"):
        assert [p.code for p in periods(form.format(written))] == [f"2025-{month:02d}"]


@pytest.mark.parametrize("n", range(2, 13))
def test_first_n_months(n: int) -> None:
    code = {3: "2025-Q1", 6: "2025-S1", 12: "2025"}.get(n, f"2025-01/2025-{n:02d}")
    assert [p.code for p in periods(f"{n} tháng đầu năm 2025 đạt")] == [code]
    assert [p.code for p in periods(f"the first {n} months of 2025", "en")] == [code]
    assert [p.code for p in periods(f"de {n} första månaderna av 2025", "sv")] == [code]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("vi", "Năm học 2025-2026 bắt đầu", [("2025/2026", "reference")]),
        ("vi", "nhiệm kỳ 2025 – 2030", [("2025/2030", "reference")]),
        ("vi", "giai đoạn từ năm 2026 đến 2030", [("2026/2030", "reference")]),
        ("vi", "thời kỳ 2021-2030, tầm nhìn đến năm 2050", [("2021/2030", "reference"), ("2050", "deadline")]),
        ("vi", "Tính đến hết 31-12-2025, dư nợ", [("2025-12-31", "as_of")]),
        ("vi", "tính đến 17 giờ ngày 3/10/2025", [("2025-10-03", "as_of")]),
        ("vi", "từ đầu năm đến ngày 15/11/2025", [("2025-01-01/2025-11-15", "reference")]),
        ("vi", "chậm nhất là ngày 30 tháng 8 năm 2026", [("2026-08-30", "deadline")]),
        ("vi", "trước năm 2030 xong", [("2030", "deadline")]),
        ("vi", "trong quý III/2025 và quý IV/2025", [("2025-Q3", "reference"), ("2025-Q4", "reference")]),
        ("vi", "so với cùng kỳ", [(None, "comparator")]),
        ("vi", "Tháng 11/2025 tăng 2% so với tháng 10", [("2025-11", "reference"), ("2025-10", "comparator")]),
        ("vi", "Tháng 1/2026 tăng 2% so với tháng 12", [("2026-01", "reference"), ("2025-12", "comparator")]),
        ("vi", "đến cuối quý 1/2025", [("2025-Q1", "as_of")]),
        ("vi", "Nghị quyết số 12/NQ-CP ngày 22-12-2024", [("2024-12-22", "event")]),
        ("vi", "Luật Đất đai năm 2024 quy định", [("2024", "event")]),
        ("vi", "từ năm 2021 đến nay", [("2021/2026", "reference")]),
        ("vi", "sau 8 tháng và trong 3 năm", []),
        ("vi", "chiếm 1/2 số hộ ở 6/34 tỉnh", []),
        ("vi", "bán 2.025 con, giá 2025,5 đồng", []),
        ("vi", "2000 tấn", []),
        ("en", "Between 2021 and 2025, from July 1, 2025", [("2021/2025", "reference"), ("2025-07-01", "start")]),
        ("en", "In May 2025 they may march on", [("2025-05", "reference")]),
        ("en", "rose 8.02% year-on-year in 2025", [("2024", "comparator"), ("2025", "reference")]),
        ("en", "by December 31, 2026", [("2026-12-31", "deadline")]),
        ("en", "as of 30 September 2025", [("2025-09-30", "as_of")]),
        ("en", "the 2025-2026 academic year", [("2025/2026", "reference")]),
        ("en", "after 8 months, in three years", []),
        ("sv", "senast den 30 augusti 2026", [("2026-08-30", "deadline")]),
        ("sv", "mandatperioden 2026–2031", [("2026/2031", "reference")]),
        ("sv", "kvartal 1 2025 jämfört med kvartal 4 2024", [("2025-Q1", "reference"), ("2024-Q4", "comparator")]),
        ("sv", "efter 8 månader", []),
    ],
)  # fmt: skip
def test_codes_and_roles(language: str, text: str, expected: list[tuple[str | None, str]]) -> None:
    found = [(p.code, p.role) for p in periods(text, language)]
    if text.startswith(("so với cùng kỳ", "rose")):  # nothing says what R is: the base is known, its date is not
        assert [role for _, role in found] == [role for _, role in expected]
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("Năm 2025 tăng 8% so với năm 2024", "yoy"),
        ("Năm 2025 tăng 8% so với năm trước", "yoy"),
        ("Tháng 11/2025 tăng 1% so với tháng trước", "previous_period"),
        ("Tháng 11/2025 tăng 1% so với tháng 10/2025", "previous_period"),
        ("Tháng 11/2025 tăng 1% so với tháng 12/2024", "2024-12"),
        ("Quý II/2025 tăng 1% so với quý I", "previous_period"),
        ("Tháng 11/2025 tăng 1% so với cùng kỳ năm ngoái", "yoy"),
        ("Tháng 11/2025 tăng 12% so với cuối năm 2024", "2024-12-31"),
        ("Năm 2025 tăng 22 lần so với năm 2000", "2000"),
    ],
)
def test_what_a_comparator_compares_with(text: str, base: str) -> None:
    assert [p.base for p in periods(text) if p.role == "comparator"] == [base]


@pytest.mark.parametrize(
    ("text", "published", "code"),
    [
        ("tháng 2 đạt", date(2026, 3, 6), "2026-02"),
        ("tháng 12 đạt", date(2026, 1, 5), "2025-12"),
        ("tháng 3 đạt", date(2026, 3, 30), "2026-03"),
        ("tháng 11 đạt", date(2026, 1, 5), "2025-11"),
        ("dự kiến khởi công trong tháng 6", date(2026, 3, 6), "2026-06"),
        ("2 tháng đầu năm", date(2026, 3, 6), "2026-01/2026-02"),
        ("11 tháng đầu năm", date(2026, 1, 5), "2025-01/2025-11"),
        ("quý IV đạt", date(2026, 1, 5), "2025-Q4"),
        ("ngày 28/2 đạt", date(2026, 3, 6), "2026-02-28"),
        ("ngày 31/12 đạt", date(2026, 1, 5), "2025-12-31"),
        ("dịp Tết Nguyên đán vừa qua", date(2026, 3, 6), "2026-02"),
        ("dịp Tết Nguyên đán", date(2025, 2, 10), "2025-01"),
        ("năm ngoái", date(2026, 3, 6), "2025"),
    ],
)
def test_what_is_left_out_is_taken_from_publication(text: str, published: date, code: str) -> None:
    (period,) = periods(text, published=published)
    assert (period.code, period.relative) == (code, True)


@pytest.mark.parametrize("text", ["tháng 2 đạt", "ngày 5/3 đạt", "năm nay", "9 tháng đầu năm", "dịp Tết Nguyên đán"])
def test_without_publication_nothing_is_guessed(text: str) -> None:
    (period,) = periods(text, published=None)
    assert (period.code, period.reason) == (None, "no_anchor")


def test_a_strict_deadline_keeps_its_day_and_ends_the_day_before() -> None:
    (period,) = periods("hoàn thành trước ngày 30/6/2026")
    assert (period.code, period.last, period.strict) == ("2026-06-30", date(2026, 6, 29), True)


def test_a_period_that_runs_backwards_is_flagged_and_not_repaired() -> None:
    (period,) = periods("nhiệm kỳ 2025-2023")
    assert (period.code, period.reason) == ("2025/2023", "end_before_start")


def test_the_year_of_an_amount_that_is_missing_is_still_a_year() -> None:
    (period,) = periods("vượt mức năm 2024 tỷ đồng")
    assert period.code == "2024"


def test_a_period_knows_the_rows_that_read_it() -> None:
    (period,) = periods("tính đến hết ngày 31/12/2025")
    assert period.rules == ("vi.periods.as_of", "vi.periods.day")


words = st.sampled_from(
    ["so với", "cùng kỳ", "năm", "tháng", "quý", "ngày", "đến", "trước", "2025", "2030", "30", "6", "/", "-", "–", "đầu",
     "cuối", "từ", "(", ")", ";", ",", ".", "\n", "IV", "9", "tính", "hết", "nay", "Tết", "0", "31", "99", "5.1", "1.1.1"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(words, max_size=25).map(" ".join) | st.lists(words, max_size=25).map("".join) | st.text(max_size=60))
def test_any_text_is_answered_with_exact_offsets(text: str) -> None:
    for language, published in product(languages(), (PUBLISHED, None, date.min, date.max)):
        reading = read(text, language, published)
        end = 0
        for period in reading.periods:
            assert period.exact == reading.source.text[period.start : period.end] != ""
            assert period.start >= end
            end = period.end
            if period.first and period.last and period.reason != "end_before_start" and not period.strict:
                assert period.first <= period.last
