"""Every figure of every article stands in a fact that the article names, and every fact says where it was read."""

import re
from decimal import Decimal

import pytest

from demo_press.facts import facts
from demo_press.manuscript import Manuscript, manuscripts

# What has digits and is no figure of the world: dates, counts of months, acts, roads, storms. One list a language.
NO_FIGURES = {
    "vi": [
        r"\b\d{1,2}/\d{1,2}(?:/\d{4})?\b(?! tỉnh)",
        r"\b\d{1,2}-\d{1,2}-\d{4}\b",
        r"\b(?:ngày|đến) \d{1,2}-\d{1,2}\b",
        r"\b(?:ngày|[Tt]háng|Thg) \d{1,2}(?:[/-]\d{4})?",
        r"\b\d{1,2} (?:tháng|giờ|quý)\b",
        r"\b[Gg]iai đoạn 2021-2025",
        r"\b\d+/(?:\d{4}/)?(?:QH|NQ|QĐ|NĐ)\S*",
        r"\bNghị quyết \d+(?!/)",
        r"\b(?:quốc lộ|tỉnh lộ|[Bb]ão số|tủ ảnh số) \d+\w*",
        r"\b5 năm\b",
    ],
    "en": [
        r"\b(?:April|June|December|January) \d{1,2}\b",
        r"\bCOP26\b",
        r"\b11 months\b",
    ],
    "sv": [
        r"\bden \d{1,2} \w+",
        r"\bklockan \d{1,2}",
        r"\bnr 10\b",
    ],
}
YEARS = r"(?<![\d.,])(?:19|20)\d\d(?: ?- ?(?:19|20)\d\d)?(?![\d.,]?\d|,\d)"
THOUSANDS = {"vi": r"\.", "en": ",", "sv": " "}
DECIMALS = {"vi": ",", "en": r"\.", "sv": ","}


def figures_of(text: str, language: str) -> list[Decimal]:
    for pattern in [*NO_FIGURES[language], YEARS]:
        text = re.sub(pattern, " ~ ", text)
    thousands, decimals = THOUSANDS[language], DECIMALS[language]
    figures = []
    for found in re.finditer(rf"\d{{1,3}}(?:{thousands}\d{{3}})+(?:{decimals}\d+)?|\d+(?:{decimals}\d+)?", text):
        digits = re.sub(thousands, "", found[0])
        figures.append(Decimal(digits.replace(",", ".") if decimals == "," else digits))
    return figures


def figures_in(manuscript: Manuscript) -> list[Decimal]:
    """The figures of title, text and caption; captions stay Vietnamese in translations."""
    own = figures_of(f"{manuscript.title}\n{manuscript.text}", manuscript.language)
    return own + figures_of(manuscript.caption or "", "vi")


@pytest.mark.parametrize("edition", [1, 2])
def test_every_figure_of_every_article_is_in_a_fact_it_names(edition: int) -> None:
    strays = {}
    for text in filter(None, (manuscript.in_edition(edition) for manuscript in manuscripts().values())):
        known = frozenset().union(*(facts()[name].figures for name in text.facts))
        wrong = {Decimal(new.replace(",", ".")) for new in (text.altered or {}).values()}
        if stray := [figure for figure in figures_in(text) if figure not in known | wrong]:
            strays[text.key] = stray
    assert not strays, "figures that stand in no fact of their article"


def test_figures_are_read_as_the_language_writes_them() -> None:
    assert figures_of("Ngày 5/1/2026, đạt 12.345,6 tỷ đồng, tăng 8,02%", "vi") == [Decimal("12345.6"), Decimal("8.02")]
    assert figures_of("In 2025 it was 12,345.6 billion", "en") == [Decimal("12345.6")]
    assert figures_of("den 3 oktober 2025 var det 3 261 personer, 0,02 %", "sv") == [Decimal(3261), Decimal("0.02")]


def test_every_fact_is_used_and_says_where_it_comes_from() -> None:
    used = {name for manuscript in manuscripts().values() for name in manuscript.facts}
    assert set(facts()) == used
    for fact in facts().values():
        assert bool(fact.sources) != bool(fact.invented), f"{fact.id}: either sources or the reason for inventing it"
        assert fact.figures, f"{fact.id} has no figure"
        assert all(
            source.address.startswith("https://") or source.address.startswith("http://m.") for source in fact.sources
        )


def test_every_article_carries_a_figure_of_every_fact_it_names() -> None:
    idle = []
    for text in manuscripts().values():
        editions = [edition for edition in map(text.in_edition, (1, 2)) if edition]
        figures = {figure for edition in editions for figure in figures_in(edition)}
        idle += [(text.key, name) for name in text.facts if not facts()[name].figures & figures]
    assert not idle, "facts named by articles that have no figure of theirs"


def test_a_fact_does_not_take_years_and_acts_for_figures() -> None:
    assert facts()["gdp-2025-target-2"].figures == {Decimal(8)}
    assert facts()["pmi"].figures == {Decimal(n) for n in ("53.0", "53.8", "49.8", "50.8", "50")}
