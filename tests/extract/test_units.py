"""The catalogue of units, and what the words of three languages make of it."""

from collections import defaultdict
from decimal import Decimal

import pytest

from extract.lexicon import catalogue, languages
from extract.pipeline import read

UNITS = catalogue("units")

READ = [
    # money, alone and per something
    ("vi", "1,5 triệu tỷ đồng", "VND", "1500000000000000"),
    ("vi", "38,42 tỷ đô la Mỹ", "USD", "38420000000"),
    ("vi", "125,5 triệu đồng/người", "VND/person", "125500000"),
    ("vi", "thu nhập 8,5 triệu đồng/người/tháng", "VND/person/month", "8500000"),
    ("vi", "5.026 USD/người", "USD/person", "5026"),
    ("vi", "21.500 đồng/lít", "VND/litre", "21500"),
    ("vi", "2.204 đồng/kWh", "VND/kWh", "2204"),
    ("vi", "24.199 VND/USD", "VND/USD", "24199"),
    ("en", "US$8.3 billion", "USD", "8300000000"),
    ("en", "VND153.615 trillion", "VND", "153615000000000"),
    ("en", "5,026 USD per capita", "USD/person", "5026"),
    ("en", "85 USD a barrel", "USD/barrel", "85"),
    ("sv", "3 200 miljarder dong", "VND", "3200000000000"),
    ("sv", "85 dollar per fat", "USD/barrel", "85"),
    # measures
    ("vi", "500,4 tỷ kWh", "kWh", "500400000000"),
    ("vi", "60,5 tạ/ha", "tonne/ha", "6.05"),
    ("vi", "2,73 triệu ha", "ha", "2730000"),
    ("vi", "1.200 m3/ngày đêm", "m3/day", "1200"),
    ("vi", "454,6 triệu tấn CO2 tương đương", "tCO2e", "454600000"),
    ("vi", "298 người/km2", "person/km2", "298"),
    ("vi", "3 tấn.km", "tonne_km", "3"),
    ("vi", "44.000 DWT", "DWT", "44000"),
    ("vi", "5,3 triệu TEU", "TEU", "5300000"),
    ("vi", "12,6 m2 sàn/người", "m2/person", "12.6"),
    ("en", "26.5 sq m of floor", "m2", "26.5"),
    ("en", "26.5 m2 per person", "m2/person", "26.5"),
    ("en", "70,500 MW", "MW", "70500"),
    ("sv", "1 435 mm", "mm", "1435"),
    ("sv", "12 kubikmeter", "m3", "12"),
    # rates
    ("vi", "14 bác sĩ/vạn dân", "doctor/10000_person", "14"),
    ("vi", "34 giường bệnh/vạn dân", "bed/10000_person", "34"),
    ("vi", "1,91 con/phụ nữ", "child/woman", "1.91"),
    ("en", "1.91 children per woman", "child/woman", "1.91"),
    ("sv", "1,91 barn per kvinna", "child/woman", "1.91"),
    # percent, points, times
    ("vi", "0,6 điểm phần trăm", "percentage_point", "0.6"),
    ("vi", "25 điểm cơ bản", "percentage_point", "0.25"),
    ("vi", "2,5 GW", "MW", "2500"),
    ("vi", "3,5 TWh", "kWh", "3500000000"),
    ("vi", "gấp 2,2 lần", "times", "2.2"),
    ("en", "0.72 percentage points", "percentage_point", "0.72"),
    ("sv", "0,72 procentenheter", "percentage_point", "0.72"),
    # counted
    ("vi", "3.321 đơn vị hành chính cấp xã", "commune", "3321"),
    ("vi", "34 tỉnh, thành phố", "province", "34"),
    ("vi", "3.123 khu vực bỏ phiếu", "polling_area", "3123"),
    ("vi", "712.000 lượt khách", "visitor", "712000"),
    ("vi", "180 lượt dự án", "project", "180"),
    ("vi", "5,2 triệu hộ kinh doanh", "household_business", "5200000"),
    ("vi", "1.250 hộ", "household", "1250"),
    ("vi", "583 cán bộ", "person", "583"),
    ("vi", "8 làn xe", "lane", "8"),
    ("vi", "100.275 căn hộ", "house", "100275"),
    ("vi", "3 căn cứ", "base", "3"),
    ("vi", "2 con đường", "route", "2"),
    ("vi", "25 triệu con", "head", "25000000"),
    ("vi", "12 trường hợp", "case", "12"),
    ("en", "3,321 commune-level administrative units", "commune", "3321"),
    ("en", "2 component projects", "project", "2"),
    ("en", "21.2 million international visitors", "visitor", "21200000"),
    ("sv", "två delprojekt", "project", "2"),
    ("sv", "sex tunnelbanelinjer", "line", "6"),
    ("sv", "583 kadrer", "person", "583"),
    # hidden in other words
    ("vi", "bị 3 vụ tấn công", "attack", "3"),
]  # fmt: skip

NO_UNIT = [
    ("vi", "hội đồng họp", "VND"),
    ("vi", "phát triển xã hội", "commune"),
    ("vi", "năm 2024 tỷ đồng", "VND"),
    ("vi", "đồng bào 53 dân tộc", "VND"),
    ("vi", "không chỉ tăng mà còn bền vững", "mace"),
]


@pytest.mark.parametrize(("language", "text", "unit", "value"), READ)
def test_units_are_read(language: str, text: str, unit: str, value: str) -> None:
    assert [(q.unit, q.value) for q in read(text, language).quantities] == [(unit, Decimal(value))]


@pytest.mark.parametrize(("language", "text", "unit"), NO_UNIT)
def test_words_that_only_look_like_units(language: str, text: str, unit: str) -> None:
    assert unit not in [q.unit for q in read(text, language).quantities]


@pytest.mark.parametrize("row", UNITS.values(), ids=str)
def test_catalogue_rows_are_complete(row: dict[str, object]) -> None:
    assert {"id", "unit", "dimension", "canonical", "factor", "names"} <= row.keys() <= {
        "id", "unit", "dimension", "canonical", "factor", "names", "plausible", "recorded",
    }  # fmt: skip
    assert Decimal(str(row["factor"])) > 0
    assert set(row["names"]) == set(languages())  # type: ignore[call-overload]
    assert all(row["names"].values())  # type: ignore[attr-defined]
    assert " " not in str(row["unit"])


def test_units_of_one_name_mean_one_thing() -> None:
    """A name in records may stand for several rows (percent of what), never for two factors in one dimension."""
    factors: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in UNITS.values():
        factors[row["unit"], row["dimension"]].add(row["factor"])
    assert {key: value for key, value in factors.items() if len(value) > 1} == {}


def test_canonical_units_are_rows_or_base_units() -> None:
    """What values are converted to is itself a row with factor 1, or a base unit that the press seldom prints."""
    base = {"m", "kg", "s", "W", "Wp", "VA", "V", "Wh", "bit/s", "byte", "day", "month", "kg/ha", "zone", "g/litre"}
    known = {row["unit"] for row in UNITS.values() if row["factor"] == "1"}
    shares = {"percent_of_gdp", "percent_of_grdp", "percent_of_plan", "percent_of_budget_estimate"}
    assert {row["canonical"] for row in UNITS.values()} - known <= base | shares


def test_factors_agree_with_each_other() -> None:
    def convert(amount: str, unit: str) -> Decimal:
        (row,) = [row for row in UNITS.values() if row["id"] == unit]
        return Decimal(amount) * Decimal(row["factor"])

    assert convert("1", "km") == convert("1000", "m")
    assert convert("1", "km2") == convert("100", "ha") == convert("1000000", "m2")
    assert convert("1", "twh") == convert("1000000000", "kwh") == convert("1000", "gwh")
    assert convert("1", "t") == convert("10", "ta") == convert("1000", "kg")
    assert convert("10", "sao_n") == convert("1", "mau_n")
    assert convert("100", "bp") == convert("1", "pp")
    assert convert("1", "mil") == convert("10", "km")
    assert convert("60", "minute") == convert("1", "hour")
    assert convert("10", "t_ha") == convert("100", "ta_ha")
