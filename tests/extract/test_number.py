"""Numbers in digits: what a token decides by itself, and what it leaves open."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.amount import split_compound
from extract.number import join_groups, read_digits


@pytest.mark.parametrize(
    ("word", "decimal", "readings"),
    [
        ("19,2", ",", ["19.2"]),
        ("8.02", ",", ["8.02"]),  # one or two digits behind a mark are decimals in any language
        ("59.245,9", ",", ["59245.9"]),
        ("118,948.861", ",", ["118948.861"]),
        ("1.062.200", ",", ["1062200"]),
        ("1,180,935", ".", ["1180935"]),
        ("3.261", ",", ["3261", "3.261"]),
        ("3.261", ".", ["3.261", "3261"]),
        ("0,125", ",", ["0.125"]),
        ("0.125", ",", ["0.125"]),
        ("12345,678", ",", ["12345.678"]),
        ("6.000", ".", ["6000", "6"]),
        ("007", ",", ["7"]),
        ("2500", ",", ["2500"]),
    ],
)
def test_readings(word: str, decimal: str, readings: list[str]) -> None:
    assert list(read_digits(word, decimal).readings) == [Decimal(reading) for reading in readings]


@pytest.mark.parametrize(
    ("word", "decimal"),
    [
        ("19,3333", "."), ("12.34.567", ","), ("1,234,56", ","), ("3.261.5", ","), ("1.2.3.4", ","), ("000", ","),
        ("9" * 40, ","), ("1.234,567,8", ","), ("1" * 10**6, ","),
    ],
)  # fmt: skip
def test_malformed_tokens_give_no_value(word: str, decimal: str) -> None:
    number = read_digits(word, decimal)
    assert (number.readings, number.reason) == ((), "malformed")


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_what_is_printed_is_read(value: Decimal) -> None:
    assert read_digits(f"{value:,.2f}", ".").readings[0] == value
    printed = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert read_digits(printed, ",").readings[0] == value


@given(st.from_regex(r"\d+([.,]\d+)*", fullmatch=True), st.sampled_from(",."))
def test_no_reading_is_beyond_what_is_printed(word: str, decimal: str) -> None:
    number = read_digits(word, decimal)
    digits = "".join(char for char in word if char.isdecimal())
    for reading in number.readings:
        assert 0 <= reading <= int(digits)
    assert bool(number.readings) != bool(number.reason)
    assert len(number.decimals) == len(number.readings)


def test_thousands_parted_by_spaces() -> None:
    joined = join_groups(["1", "236,6"], ",")
    assert joined is not None
    assert joined.readings == (Decimal("1236.6"),)
    assert join_groups(["12", "34"], ",") is None
    assert join_groups(["2025", "100"], ",") is None
    assert join_groups(["0", "123"], ",") is None


def test_swedish_compounds_are_split() -> None:
    assert [row.data["value"] for row in split_compound("tvåhundrafyrtioåtta", "sv")] == ["2", "100", "40", "8"]
    assert split_compound("sexig", "sv") == ()
    assert split_compound("hai", "vi") == ()
