"""The six main pages as pictures.

    SOLIEU_SCREENSHOTS=docs/screenshots SOLIEU_TRACKER=demo.published.db pytest tests/site -k screenshots

Without these variables the pictures go to a temporary folder and show the tests' own press; either way each must be small
enough to keep in the repository.
"""

import os
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
LARGEST = 200_000


def test_screenshots(pictured: str, chromium: Any, tmp_path: Path) -> None:
    folder = Path(os.environ.get("SOLIEU_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN", reduced_motion="reduce")
    page = context.new_page()
    data = {}
    for name, path in (("figure", "/search.json?q=8,02%25&indicator=gdp_growth"), ("check", "/checks.json")):
        data[name] = page.request.get(pictured + path).json()["data"]
    receipt = data["figure"]["results"][0]
    wrong = next(one for one in data["check"]["arithmetic"] if one["article"]["language"] == "vi")
    pages = {
        "home": "/",
        "search": "/search?q=GDP+2025",
        "figure": f"/figures/{receipt['id']}",
        "indicator": "/indicators/gdp_growth",
        "article": f"/articles/{wrong['article']['id']}",
        "checks": "/checks",
    }
    for name, path in pages.items():
        assert page.goto(pictured + path).ok
        page.screenshot(path=folder / f"{name}.png")
    context.close()
    sizes = {name: (folder / f"{name}.png").stat().st_size for name in pages}
    assert {name: size for name, size in sizes.items() if not 5_000 < size <= LARGEST} == {}
