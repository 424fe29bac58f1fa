"""Spoken and written Vietnamese numbers (tests/gold/written_numbers.txt): the share that is read exactly, value and unit."""

from decimal import Decimal
from pathlib import Path

from extract.extractor import quantities

SUITE = Path(__file__).parents[1] / "gold" / "written_numbers.txt"
FLOOR = 0.98


def cases() -> list[tuple[str, str]]:
    """(text, value[..upper value] [unit]) of the suite."""
    lines = SUITE.read_text("utf-8").splitlines()
    return [(text, wanted) for line in lines if " = " in line for text, _, wanted in [line.rpartition(" = ")]]


def read(text: str) -> str:
    """What is read, as the suite writes it; several numbers are parted by a semicolon."""
    shown = []
    for found in quantities(text, "vi")["quantities"]:  # type: ignore[attr-defined]
        value = "-" if found["value"] is None else f"{Decimal(str(found['value'])):f}"
        upper = "" if found["value_high"] is None else f"..{Decimal(str(found['value_high'])):f}"
        shown.append(f"{value}{upper} {found['unit'] or ''}".strip())
    return "; ".join(shown)


def test_numbers_of_every_notation_are_read_exactly() -> None:
    found = [(text, wanted, read(text)) for text, wanted in cases()]
    wrong = [miss for miss in found if miss[1] != miss[2]]
    assert len(found) >= 300
    assert len(wrong) <= (1 - FLOOR) * len(found), wrong


def test_the_suite_can_fail() -> None:
    assert read("năm mươi nhăm") == "55"
    assert read("giá 5 hoặc 6 đồng") != "5"
