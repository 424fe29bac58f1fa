"""The interface's words are complete, and numbers, dates and periods read as a reader of that language writes them."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins import questions
from datasette_plugins.wording import choose_language, languages, wording

TEMPLATES = Path(__file__).parents[2] / "datasette_plugins" / "templates"


def test_every_language_has_the_same_keys() -> None:
    keys = {code: {k for k in wording(code).strings if not k.startswith("unit.")} for code in languages()}
    assert keys["vi"] == keys["en"]
    slots = re.compile(r"\{(\w+)\}")
    for key in keys["vi"]:
        vi, en = (set(slots.findall(wording(code).strings[key])) for code in ("vi", "en"))
        # A month's name or a quarter's Roman numeral is one language's habit; a slot of a text is not.
        if not key.startswith(("date.", "period.", "chart.")):
            assert vi == en, key


def test_every_key_that_a_template_asks_for_exists() -> None:
    asked = set()
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text(encoding="utf-8")
        asked |= set(re.findall(r"""(?:\bt|count)\([^()"']*["']([a-z_]+\.[a-z0-9_]+)["'](?!\s*~)""", text))
    assert len(asked) > 150
    assert sorted(key for key in asked if not wording("vi").has(key)) == []


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("kind", questions.KINDS),
        ("kind_text", questions.KINDS),
        ("measure", questions.MEASURES),
        ("sort", questions.SORTS),
        ("rating", questions.RATINGS),
        ("rating_text", questions.RATINGS),
        ("act", questions.STATUSES),
        ("error", [f"no_{page.name}" for page in questions.PAGES]),
    ],
)
def test_every_value_of_a_closed_list_has_words(section: str, values: tuple[str, ...]) -> None:
    for code in languages():
        assert [v for v in values if not wording(code).has(f"{section}.{v}")] == []


@pytest.mark.parametrize(
    ("code", "arguments", "expected"),
    [
        ("vi", ("8.02", "percent", None, 1), "+8,02%"),
        ("en", ("8.02", "percent", None, 1), "+8.02%"),
        ("en", ("2.1", "percent", None, -1), "−2.1%"),
        ("vi", ("6.5", "percent", "7"), "6,5–7%"),
        ("vi", ("168032000000000", "VND"), "168.032 tỷ đồng"),
        ("en", ("168032000000000", "VND"), "VND 168.032 trillion"),
        ("vi", ("1500000000000000", "VND"), "1,5 triệu tỷ đồng"),
        ("en", ("8300000000", "USD"), "USD 8.3 billion"),
        ("vi", ("8000000000", "USD", "8300000000"), "8–8,3 tỷ USD"),
        ("vi", ("1234567891", "VND"), "1.234.567.891 đồng"),
        ("vi", ("12600000", "visitor"), "12,6 triệu lượt khách"),
        ("vi", ("-8.3", "percent", "-8.5", -1), "−8,3 đến −8,5%"),
        ("en", ("-1", "percentage_point", "2"), "−1 to 2 percentage points"),
        ("en", ("10", "percent/year"), "10%/year"),
        ("vi", ("2", "rank"), "thứ 2"),
        ("en", ("22000", "VND/kg"), "VND 22,000 / kg"),
        ("en", ("1", "project"), "1 project"),
        ("en", ("12", "project"), "12 projects"),
        ("en", ("3", "country"), "3 countries"),
        ("en", ("500", "MW"), "500 MW"),
        ("vi", ("0.50", "percentage_point"), "0,50 điểm phần trăm"),
        ("vi", ("7", "unheard_of"), "7 unheard of"),
        ("vi", (None, "percent"), "không rõ giá trị"),
    ],
)
def test_amounts(code: str, arguments: tuple[str, ...], expected: str) -> None:
    assert wording(code).amount(*arguments).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("period", "vi", "en"),
    [
        ("2025", "năm 2025", "2025"),
        ("2025-Q3", "quý III/2025", "Q3 2025"),
        ("2025-S1", "6 tháng đầu năm 2025", "first half of 2025"),
        ("2025-09", "tháng 9/2025", "September 2025"),
        ("2025-09-30", "30/9/2025", "30 September 2025"),
        ("2025-01/2025-09", "9 tháng đầu năm 2025", "first 9 months of 2025"),
        ("2021/2025", "giai đoạn 2021–2025", "2021–2025"),
        ("2025-07/2025-09", "tháng 7/2025 – tháng 9/2025", "July 2025 – September 2025"),
        ("odd", "odd", "odd"),
        (None, "không rõ kỳ", "period not stated"),
    ],
)
def test_periods(period: str | None, vi: str, en: str) -> None:
    assert (wording("vi").period(period), wording("en").period(period)) == (vi, en)


def test_dates() -> None:
    assert wording("vi").moment("2025-09-30T08:05:00+07:00") == "30/9/2025, 08:05"
    assert wording("en").date("2025-09-30") == "30 September 2025"
    assert wording("en").date(None) == "date unknown"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**18), max_value=10**18))
def test_a_number_keeps_every_digit(number: object) -> None:
    for code in languages():
        w = wording(code)
        back = w.number(number).replace(w.strings["number.group"], "").replace(w.strings["number.decimal"], ".")
        assert back.replace("−", "-") == (f"{number:f}" if number else "0.0000")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_answered(value: str, unit: str) -> None:
    for code in languages():
        w = wording(code)
        for answer in (w.amount(value, unit), w.period(value), w.date(value), w.unit(unit)):
            assert isinstance(answer, str)


@pytest.mark.parametrize(
    ("asked", "accepted", "expected"),
    [
        ("en", "vi", "en"),
        ("xx", "en-GB,en;q=0.9,vi;q=0.8", "en"),
        (None, "sv,vi;q=0.5,en;q=0.4", "vi"),
        (None, "en;q=oops", "vi"),
        (None, "", "vi"),
    ],
)
def test_choice_of_language(asked: str | None, accepted: str, expected: str) -> None:
    assert choose_language(asked, accepted) == expected
