"""What `quantities.txt` says of each of its sentences is what is read; any string is answered."""

import math
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.extractor import quantities
from extract.language import detect_language
from extract.lexicon import languages
from extract.pipeline import read
from extract.quantity import Quantity

GOLDEN = Path(__file__).with_name("quantities.txt")


def passages() -> list[tuple[str, str, list[str]]]:
    """(language, sentence, expected lines) of the golden file."""
    found: list[tuple[str, str, list[str]]] = []
    for line in GOLDEN.read_text("utf-8").splitlines():
        if line.startswith("    "):
            found[-1][2].append(line.strip())
        elif line and not line.startswith("#"):
            code, _, sentence = line.partition(": ")
            found.append((code, sentence, []))
    return found


def line_of(quantity: Quantity) -> str:
    """A quantity as the golden file writes it."""
    value = "-" if quantity.value is None else f"{quantity.value:f}"
    if quantity.value_high is not None:
        value += f"..{quantity.value_high:f}"
    marks = [quantity.qualifier, quantity.reason and f"!{quantity.reason}", quantity.role and f"~{quantity.role}"]
    return " ".join([f"{quantity.exact} = {value} {quantity.unit or '_'}", *(mark for mark in marks if mark)])


@pytest.mark.parametrize(("code", "sentence", "expected"), passages(), ids=lambda part: str(part)[:40])
def test_sentence(code: str, sentence: str, expected: list[str]) -> None:
    assert [line_of(quantity) for quantity in read(sentence, code).quantities] == expected


def test_the_golden_file_covers_every_language_and_doubt() -> None:
    found = passages()
    assert {code for code, _, _ in found} == set(languages())
    assert len(found) >= 130
    text = GOLDEN.read_text("utf-8")
    for mark in ("!malformed", "!vague", "!ambiguous", "!scale_suspect", "!ratio_or_growth", "~plan", "~paired", ".."):
        assert mark in text


def test_roles_point_at_their_quantity() -> None:
    found = read("đạt 46.686/152.146 tỷ đồng (1,8 tỷ USD)", "vi").quantities
    assert [(q.role, q.pair) for q in found] == [(None, None), ("plan", 0), ("paired", 1)]


def test_signs_are_kept_beside_the_magnitude() -> None:
    found = read("giảm 45 vụ (-18,67%), tăng (+3%), âm 5 độ C", "vi").quantities
    assert [(q.value, q.sign) for q in found] == [
        (Decimal(45), 0), (Decimal("18.67"), -1), (Decimal(3), 1), (Decimal(-5), -1)
    ]  # fmt: skip


def test_readings_of_an_open_mark_are_all_kept() -> None:
    (open_mark,) = read("118,948 miljarder VND", "sv").quantities
    assert open_mark.value is None
    assert open_mark.readings == (Decimal(118948000000), Decimal(118948000000000))


def test_precision_and_place_of_the_bare_number() -> None:
    text = "đạt hơn 3.200,5 tỷ đồng"
    (quantity,) = read(text, "vi").quantities
    assert (quantity.decimals, quantity.scale) == (1, Decimal(10**9))
    assert text[quantity.number_start : quantity.number_end] == "3.200,5 tỷ"


def test_answers_point_into_the_callers_text() -> None:
    text = "ước đạt １.２３４ tỷ đồng"  # decomposed letters, full-width digits
    answer = quantities(text)
    (found,) = answer["quantities"]
    assert found["quote"] == text[found["start"] : found["end"]] == "１.２３４ tỷ đồng"
    assert found["value"] == 1234000000000


def test_values_are_exact() -> None:
    (found,) = quantities("tăng 0,1%", "vi")["quantities"]
    assert found["value"] == "0.1"
    (large,) = quantities("18,4 triệu tỷ đồng", "vi")["quantities"]
    assert large["value"] == 18400000000000000


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\x00", "5\x005", "\ud800 5%", "5\ufe0f\u20e3 5\u20e3", "\u202e5%\u202c", "1" * 5000, "1." * 3000,
        "1,2," * 1000, "９９％", "٣٫٥", "½ ¼ ² ³", "a\u0301" * 100 + "5", "-" * 500, "$" * 300 + "5", "1/2/3/4/5/6",
        "(((((5", "5 5 5 5 5 5 5",
        "nghìn nghìn tỷ tỷ", "tusentusentusen", "hundred hundred", "một phần", "từ đến", "rưỡi rưỡi", "1e999", "NaN inf",
    ],
)  # fmt: skip
def test_bad_input_is_answered(text: str, code: str) -> None:
    check(text, code)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.sampled_from(languages()))
def test_any_string_is_answered(text: str, code: str) -> None:
    check(text, code)


WORDS = [
    "1", "2,5", "3.261", "10.000", "0,5", "%", "tỷ", "triệu", "nghìn", "đồng", "USD", "$", "từ", "đến", "và", "lên", "-", "/",
    "(", ")", ",", ".", "hơn", "trở", "hai", "mươi", "trăm", "linh", "rưỡi", "phần", "một",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_any_mixture_of_number_words_is_answered(text: str) -> None:
    check(text, "vi")


def check(text: str, code: str) -> None:
    """No exception, no infinity, offsets at the very words, nothing twice."""
    end = 0
    for found in quantities(text, code)["quantities"]:
        assert found["quote"] == text[found["start"] : found["end"]] != ""
        assert found["start"] >= end
        end = found["end"]
        for value in (found["value"], found["value_high"], *found["readings"]):
            assert value is None or math.isfinite(float(value))
        if found["value"] is None:
            assert found["reason"]
    reading = read(text, code)
    for quantity in reading.quantities:
        assert quantity.exact == reading.source.text[quantity.start : quantity.end]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kim ngạch xuất khẩu tăng 8% so với cùng kỳ năm trước", "vi"),
        ("Exports rose by 8 percent over the same period", "en"),
        ("Exporten ökade med 8 procent jämfört med samma period", "sv"),
        ("12345", "vi"),
    ],
)
def test_the_language_is_told_by_its_words(text: str, code: str) -> None:
    assert detect_language(text) == code


def test_numbers_are_the_same_without_the_words_of_statements() -> None:
    for code, sentence, _ in passages():
        whole, numbers = read(sentence, code), read(sentence, code, statements=False)
        assert whole.quantities == numbers.quantities, sentence
        assert whole.periods == numbers.periods, sentence


@pytest.mark.parametrize(
    "unit", ["1/", "1.", "từ 1 đến ", "5%, ", "((((", "chiếc ", "3 chiếc ", "5 %/năm ", "một trong ", "hai ba ", "- 5 "]
)
def test_hostile_repetition_is_answered(unit: str) -> None:
    check(unit * (6000 // len(unit)), "vi")
