"""JSON, CSV and Atom can be read back, whatever the press printed."""

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins.formats import atom_bytes, csv_bytes, error_bytes, json_bytes

ANY = st.text(max_size=50)


def test_the_envelope() -> None:
    answer = json.loads(json_bytes({"a": "Số"}, {"self": "x"}, "2026-01-01T00:00:00+00:00"))
    assert answer == {
        "data": {"a": "Số"},
        "links": {"self": "x"},
        "generated_at": "2026-01-01T00:00:00+00:00",
        "version": "1",
    }
    assert json.loads(error_bytes(400, "r", "m", "q"))["error"] == {
        "status": 400,
        "reason": "r",
        "remedy": "m",
        "parameter": "q",
    }


@pytest.mark.parametrize("text", ["=1+1", "+84 9", "-x", "@sum", "\t=1", "  =cmd", "\r=1"])
def test_no_cell_starts_a_formula(text: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_bytes([{"a": text}]).decode("utf-8-sig"), newline="")))
    assert rows[1][0] == "'" + text


def test_numbers_stay_numbers() -> None:
    assert csv_bytes([{"a": "-5.2", "b": -3, "c": None}]).decode("utf-8-sig") == "a,b,c\r\n-5.2,-3,\r\n"


@given(st.lists(ANY, min_size=1, max_size=4))
def test_csv_keeps_the_words(cells: list[str]) -> None:
    text = csv_bytes([{str(i): cell for i, cell in enumerate(cells)}]).decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(text, newline="")))[1] if len(cells) > 1 or cells[0] else [""]
    for cell, original in zip(row, cells, strict=True):
        assert cell.removeprefix("'") == original.encode("utf-8", "replace").decode().removeprefix("'")


@given(ANY, ANY)
def test_a_feed_is_well_formed(title: str, text: str) -> None:
    entry = {
        "id": "u:1",
        "url": f"https://a.example/?{text}",
        "title": title,
        "updated": "2026-01-01",
        "author": title,
        "text": text,
    }
    feed = atom_bytes(title, "https://a.example/f", "https://a.example/", "2026-01-01", [entry])
    assert len(ElementTree.fromstring(feed)) == 6
