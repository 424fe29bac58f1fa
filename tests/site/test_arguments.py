"""A parameter is read as it is meant, or named in the refusal."""

from collections.abc import Callable
from typing import Any

import pytest

from datasette_plugins.arguments import ArgumentError, Arguments

KNOWN = ("q", "page", "min", "from", "kind")


def test_what_is_meant() -> None:
    x = Arguments({"q": " a\x00b ", "page": "3", "min": "8,5", "from": "2025-09-30", "kind": "", "utm": "x"}, KNOWN)
    assert x.text("q") == "a b"
    assert x.whole("page", 1, 500) == 3
    assert x.number("min") == "8.5"
    assert x.day("from") == "2025-09-30"
    assert x.choice("kind", ("statistic",)) is None


@pytest.mark.parametrize(
    ("given", "read", "reason"),
    [
        ({"q": "x" * 301}, lambda x: x.text("q"), "too_long"),
        ({"page": "0"}, lambda x: x.whole("page", 1, 500), "not_whole"),
        ({"page": "501"}, lambda x: x.whole("page", 1, 500), "not_whole"),
        ({"page": "１"}, lambda x: x.whole("page", 1, 500), "not_whole"),
        ({"page": "1e3"}, lambda x: x.whole("page", 1, 500), "not_whole"),
        ({"min": "nan"}, lambda x: x.number("min"), "not_number"),
        ({"min": "9" * 19}, lambda x: x.number("min"), "not_number"),
        ({"from": "30/9/2025"}, lambda x: x.day("from"), "not_day"),
        ({"from": "2025-02-30"}, lambda x: x.day("from"), "not_day"),
        ({"kind": "fact"}, lambda x: x.choice("kind", ("statistic",)), "not_one_of"),
    ],
)
def test_what_is_refused(given: dict[str, str], read: Callable[[Arguments], Any], reason: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        read(Arguments(given, KNOWN))
    assert refused.value.parameter == next(iter(given))
    assert refused.value.reason == reason


def test_a_program_is_told_of_a_misspelt_parameter() -> None:
    with pytest.raises(ArgumentError) as refused:
        Arguments({"palce": "vn"}, KNOWN, strict=True)
    assert refused.value.parameter == "palce"
    assert refused.value.reason == "unknown"
