"""The arithmetic of an article: what is flagged, what is let pass, and what raises nothing."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from extract.check_text import local, sentences
from extract.checks import run_checks, year_before
from extract.lexicon import catalogue
from extract.period import Period
from extract.pipeline import Reading
from extract.quantity import Quantity
from extract.rounding import power_of_ten, rounds_to
from extract.source_text import SourceText
from extract.statement import Check, Provenance, Statement
from extract.tokens import Tokens


class Passage:
    """Statements built by hand over a text in which each quote stands once, in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.statements: list[Statement] = []
        self.quantities: list[Quantity] = []
        self.periods: list[Period] = []
        self.cursor = 0

    def quantity(self, quote: str, value: str, unit: str, **more: object) -> Quantity:
        start = self.text.index(quote, self.cursor)
        self.cursor = start + len(quote)
        decimals = len(value.partition(".")[2]) if "scale" not in more else int(str(more.pop("decimals", 0)))
        amount = Decimal(value)
        q = Quantity(start, self.cursor, quote, amount, unit=unit, decimals=decimals, **more)  # type: ignore[arg-type]
        self.quantities.append(q)
        return q

    def says(self, quote: str, value: str, unit: str = "person", measure: str = "level", **more: object) -> "Passage":
        mine = {key: more.pop(key) for key in ("qualifier", "scale", "decimals", "value_high", "reason") if key in more}
        q = self.quantity(quote, value, unit, **mine)
        receipt = Provenance(q.start, q.end, quote, "", "")
        fields: dict[str, object] = {"kind": "statistic", **more}
        self.statements.append(Statement(q, measure=measure, provenance=receipt, **fields))  # type: ignore[arg-type]
        return self

    def checks(self) -> list[Check]:
        reading = Reading(SourceText(self.text), Tokens.of(self.text, "en"), [], self.periods, self.quantities)
        return run_checks(self.statements, reading)


def verdicts(checks: Sequence[Check]) -> list[tuple[str, str]]:
    return [(check.kind, check.verdict) for check in checks]


def share_of(printed: str, value: str, part: str = "991", total: str = "3261") -> str:
    passage = Passage(f"There are {total} members; {part} are women, or {printed}.")
    passage.says(total, total).says(part, part, part_of=0).says(printed, value, "percent", "share", part_of=0)
    return passage.checks()[0].verdict


@pytest.mark.parametrize(
    ("printed", "value", "verdict"),
    [
        ("30.4%", "30.4", "consistent"),
        ("30.39%", "30.39", "consistent"),
        ("30%", "30", "consistent"),
        ("30.3%", "30.3", "truncated"),
        ("30.9%", "30.9", "inconsistent"),
        ("3.04%", "3.04", "off_by_power_of_ten"),
        ("303.9%", "303.9", "off_by_power_of_ten"),
    ],
)
def test_share_of_a_total(printed: str, value: str, verdict: str) -> None:
    assert share_of(printed, value) == verdict


def test_share_of_one_significant_digit_is_off_by_ten() -> None:
    assert share_of("0.02%", "0.02", part="7") == "off_by_power_of_ten"


def test_share_of_another_total_in_the_article_raises_nothing() -> None:
    passage = Passage(
        "Capital 6.03: new 3.54, added 1.99. With both, factories took 4.16, or 75.2%; of 3.21 paid 2.65, or 82.7%."
    )
    for quote in ("6.03", "3.54", "1.99"):
        passage.says(quote, quote, "USD")
    passage.says("4.16", "4.16", "USD", part_of=0).says("75.2%", "75.2", "percent", "share", part_of=0)
    passage.says("3.21", "3.21", "USD").says("2.65", "2.65", "USD", part_of=0)
    passage.says("82.7%", "82.7", "percent", "share", part_of=0)
    assert [check for check in passage.checks() if check.kind == "share"] == []


def test_share_beside_a_bound_raises_nothing() -> None:
    passage = Passage("Of 76.36 billion, items of over 1 billion made 79.9%.")
    passage.says("76.36", "76.36", "USD").says("over 1 billion", "1", "USD", part_of=0, qualifier="over")
    passage.says("79.9%", "79.9", "percent", "share", part_of=0)
    assert passage.checks() == []


def test_share_before_its_part_is_not_the_next_ones() -> None:
    passage = Passage("Capital of 1473.45: 20%, or 294.69, own, and 80%, or 1178.76, borrowed.")
    passage.says("1473.45", "1473.45", "VND")
    for share, part in (("20%", "294.69"), ("80%", "1178.76")):
        passage.says(share, share[:-1], "percent", "share", part_of=0).says(part, part, "VND", part_of=0)
    assert [check.verdict for check in passage.checks() if check.kind == "share"] == []


def test_levels_that_have_nothing_in_common_with_a_ratio_raise_nothing() -> None:
    passage = Passage("82 recruits were planned and 366 joined; the commune met 100% of its plan.")
    same = {"indicator": "recruits", "period_code": "2026"}
    passage.says("82", "82", kind="target", **same).says("366", "366", **same)
    passage.says("100%", "100", "percent", "ratio", base="plan", **same)
    assert passage.checks() == []


def test_half_is_rounded_up_or_to_even() -> None:
    assert rounds_to(Decimal("0.125"), Decimal("0.13"), 2) == "consistent"
    assert rounds_to(Decimal("0.125"), Decimal("0.12"), 2) == "consistent"
    assert rounds_to(Decimal("0.129"), Decimal("0.12"), 2) == "truncated"
    assert rounds_to(Decimal("0.131"), Decimal("0.12"), 2) is None


@pytest.mark.parametrize(
    ("computed", "printed", "k"), [("9.96", "100", -1), ("99.6", "10.0", 1), ("5", "5", None), ("0", "3", None)]
)
def test_power_of_ten_survives_a_carry(computed: str, printed: str, k: int | None) -> None:
    assert power_of_ten(Decimal(computed), Decimal(printed), 0) == k


def test_bounded_part_makes_a_share_possible() -> None:
    passage = Passage("Of 3261 members, nearly 1000 or 30.4% are women.")
    passage.says("3261", "3261").says("nearly 1000", "1000", part_of=0, qualifier="under")
    passage.says("30.4%", "30.4", "percent", "share", part_of=0)
    assert verdicts(passage.checks()) == [("share", "rounds_to")]


def test_parts_that_exceed_their_total_by_a_little_are_flagged() -> None:
    passage = Passage("It has 3261 members. By schooling: 7 college, 1738 first degree, 1506 master, 34 doctor.")
    passage.says("3261", "3261")
    for part in ("7", "1738", "1506", "34"):
        passage.says(part, part, part_of=0)
    (check,) = passage.checks()
    assert (check.kind, check.verdict, check.computed) == ("sum_of_parts", "inconsistent", "3285")
    assert check.explanation["vi"] == "Các phần (7 + 1738 + 1506 + 34) cộng lại là 3.285, nhiều hơn tổng 3261."


@pytest.mark.parametrize("parts", [("991", "689"), ("1128", "369", "434"), ("3000", "2900")])
def test_remainders_and_overlapping_classes_raise_nothing(parts: tuple[str, ...]) -> None:
    passage = Passage("3261 members: " + ", ".join(parts) + ".")
    passage.says("3261", "3261")
    for part in parts:
        passage.says(part, part, part_of=0)
    assert passage.checks() == []


def test_parts_of_two_sentences_are_not_added() -> None:
    passage = Passage("Of 100 members 60 are women. Another 41 are young.")
    passage.says("100", "100").says("60", "60", part_of=0).says("41", "41", part_of=0)
    assert passage.checks() == []


def test_rounded_parts_may_miss_their_total() -> None:
    passage = Passage("Trade of 88.2 billion: 43.2 billion out, 44.9 billion in.")
    billion = {"scale": Decimal(10**9), "decimals": 1}
    passage.says("88.2 billion", "88.2e9", "USD", **billion)
    passage.says("43.2 billion", "43.2e9", "USD", part_of=0, **billion)
    passage.says("44.9 billion", "44.9e9", "USD", part_of=0, **billion)
    assert verdicts(passage.checks()) == [("sum_of_parts", "rounds_to")]


def test_part_larger_than_total() -> None:
    passage = Passage("The province has 34 towns, 340 of them old.")
    passage.says("34", "34").says("340", "340", part_of=0)
    assert verdicts(passage.checks()) == [("part_exceeds_total", "inconsistent")]


def growth(direction: str, value: str, now: str, then: str) -> list[tuple[str, str]]:
    passage = Passage(f"FDI of {now} in the year, {direction} {value}%, from {then} before.")
    same = {"indicator": "FDI", "place": "Vietnam"}
    passage.says(now, now, "USD", period_code="2025", **same)
    passage.says(f"{value}%", value, "percent", "growth", direction=direction, base="yoy", period_code="2025", **same)
    passage.says(then, then, "USD", period_code="2024", **same)
    return verdicts(passage.checks())


def test_growth_from_two_levels() -> None:
    assert growth("up", "9", "27.62", "25.35") == [("growth", "consistent")]
    assert growth("up", "8.98", "27.62", "25.35") == [("growth", "rounds_to")]
    assert growth("up", "0.9", "27.62", "25.35") == [("growth", "off_by_power_of_ten")]
    assert growth("up", "19.4", "27.62", "25.35") == [("growth", "inconsistent")]
    assert growth("down", "8.2", "25.35", "27.62") == [("growth", "consistent")]


def test_plan_ratio() -> None:
    passage = Passage("Disbursed 46686 of a plan of 152146, or 30.7%.")
    same = {"indicator": "disbursement", "place": "HCMC", "period_code": "2025"}
    passage.says("46686", "46686", "VND", **same).says("152146", "152146", "VND", kind="target", **same)
    passage.says("30.7%", "30.7", "percent", "ratio", base="plan", **same)
    assert verdicts(passage.checks()) == [("plan_ratio", "consistent")]


def test_trade_balance_and_total() -> None:
    passage = Passage("Exports 43.19, imports 44.97, total 88.16, deficit 17.8.")
    for quote, name in (("43.19", "export"), ("44.97", "import"), ("88.16", "trade_total"), ("17.8", "trade_balance")):
        passage.says(quote, quote, "USD", indicator=name, indicator_id=name, place="Vietnam", period_code="2026-01")
    assert verdicts(passage.checks()) == [("balance", "consistent"), ("balance", "off_by_power_of_ten")]


def test_contributions_in_points_make_the_growth() -> None:
    passage = Passage("Growth 8.50%: 0.10, 3.69, 4.02 and 0.69 points.")
    passage.says("8.50%", "8.50", "percent", "growth", direction="up")
    for part in ("0.10", "3.69", "4.02", "0.69"):
        passage.says(part, part, "percentage_point", "change", direction="up", part_of=0)
    assert verdicts(passage.checks()) == [("contribution", "consistent")]


@pytest.mark.parametrize(
    ("dong", "dollars", "verdict"),
    [
        ("203231e9", "8.3e9", "consistent"),
        ("21e12", "90.5e9", "off_by_power_of_ten"),
        ("2.47e12", "970e6", "off_by_power_of_ten"),
        ("19.8e12", "777e6", "consistent"),
        ("100e12", "8.3e9", "cannot_tell"),
        ("1e12", "8.3e9", "inconsistent"),
    ],
)
def test_two_currencies_for_one_fact(dong: str, dollars: str, verdict: str) -> None:
    passage = Passage("It cost AAAA (BBBB).")
    passage.says("AAAA", dong, "VND", scale=Decimal(10**9))
    passage.quantity("BBBB", dollars, "USD", scale=Decimal(10**9), role="paired", pair=0)
    assert verdicts(passage.checks()) == [("currency", verdict)]


@pytest.mark.parametrize(("years", "verdict"), [("15", "inconsistent"), ("5", "consistent"), ("4", "consistent")])
def test_years_against_their_bracket(years: str, verdict: str) -> None:
    passage = Passage(f"over {years} years (2011-2015), and")
    passage.quantity(f"{years} years", years, "year")
    start = passage.text.index("2011")
    from datetime import date

    passage.periods = [Period(start, start + 9, "2011-2015", "2011/2015", date(2011, 1, 1), date(2015, 12, 31))]
    assert verdicts(passage.checks()) == [("span", verdict)]


def test_ambiguous_numbers_are_not_tested() -> None:
    passage = Passage("There are 3.261 members; 991 are women, or 30.9%.")
    passage.says("3.261", "3261", reason="ambiguous").says("991", "991", part_of=0)
    passage.says("30.9%", "30.9", "percent", "share", part_of=0)
    assert passage.checks() == []


def test_year_before() -> None:
    assert year_before("2025-01/2025-09") == "2024-01/2024-09"
    assert year_before("2025-Q1") == "2024-Q1"
    assert year_before("2021/2025") is None
    assert year_before(None) is None


def test_numbers_are_told_in_the_readers_notation() -> None:
    assert local("-1234567.5", "vi") == "-1.234.567,5"
    assert local("1234567.5", "en") == "1,234,567.5"


def test_every_sentence_can_be_said_in_both_languages() -> None:
    slots = {"printed": "P", "part": "A", "total": "B", "parts": "C", "factor": "10"}
    for kind, row in catalogue("checks").items():
        for verdict in set(row) - {"id"}:
            told = sentences(kind, verdict, "12.5", **slots)
            assert set(told) == {"vi", "en"}
            assert "P" in told["en"]
            assert "12,5" in told["vi"] or verdict in ("inconsistent", "off_by_power_of_ten")
