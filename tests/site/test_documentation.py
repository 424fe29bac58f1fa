"""The examples of docs/json-api.md are what the site answers."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = (Path(__file__).parents[2] / "docs" / "json-api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^curl http://127\.0\.0\.1:8001(\S+)$", DOCUMENT, re.MULTILINE)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 7


@pytest.mark.parametrize("address", EXAMPLES)
def test_each_example_has_an_answer(ask: Callable[..., Any], address: str) -> None:
    answer = ask(address)
    assert answer.status_code == 200
    if "json" in answer.headers["content-type"]:
        data = answer.json()["data"]
        assert any(
            data[key]
            for key in ("results", "series", "comparison", "changes", "numbers", "indicators", "tables")
            if key in data
        )
    else:
        assert len(answer.text.splitlines()) > 2


def test_the_envelopes_are_those_of_the_document(ask: Callable[..., Any]) -> None:
    good, bad = (json.loads(text) for text in re.findall(r"```json\n(.*?)\n```", DOCUMENT, re.DOTALL))
    assert set(ask("/search.json?q=GDP&page=1").json()) == set(good)
    assert set(ask("/search.json?q=GDP").json()["links"]) <= set(good["links"]) | {"previous"}
    error = ask("/search.json?min=x").json()
    assert set(error) == set(bad)
    assert set(error["error"]) == set(bad["error"])
    assert error["error"]["parameter"] == bad["error"]["parameter"]
