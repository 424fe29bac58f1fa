"""Kind, measure and base of single figures: one sentence of our own for each turn of status or comparison."""

from datetime import date

import pytest

from extract.extractor import extract
from extract.statement import Statement

PUBLISHED = date(2025, 12, 20)


def figure(text: str, quote: str, language: str = "vi") -> Statement:
    """The statement whose figure is printed as `quote`."""
    return next(s for s in extract(text, language, PUBLISHED).statements if quote in s.provenance.exact)


@pytest.mark.parametrize(
    ("language", "text", "quote", "kind"),
    [
        ("vi", "Năm 2024 tỉnh xây 7 km kè, vượt mục tiêu 6 km.", "7 km", "statistic"),
        ("vi", "Năm 2024 tỉnh xây 7 km kè, vượt mục tiêu 6 km.", "6 km", "target"),
        ("vi", "Tỷ lệ nợ xấu còn 1,4%, thấp hơn ngưỡng 2% theo quy định.", "2%", "rule"),
        ("vi", "Dự án kè sông có tổng mức đầu tư 70 tỷ đồng, đang chờ phê duyệt.", "70 tỷ", "target"),
        ("vi", "UBND tỉnh vừa phê duyệt dự án kè sông với tổng mức đầu tư 70 tỷ đồng.", "70 tỷ", "commitment"),
        ("vi", "Thu nhập bình quân đầu người năm 2026 phải vượt 90 triệu đồng.", "90 triệu", "target"),
        ("en", "The bank sees industrial output growing 6 per cent next year.", "6 per cent", "forecast"),
        (
            "en",
            "In November the market had 9 stalls. Sellers without a permit face fines of 3 million VND.",
            "3 m",
            "rule",
        ),
        ("sv", "Kommunen beslutade att stödja hushållen med 4 miljoner VND per hushåll.", "4 m", "commitment"),
    ],
)
def test_kind_follows_the_status_of_what_is_said(language: str, text: str, quote: str, kind: str) -> None:
    assert figure(text, quote, language).kind == kind


@pytest.mark.parametrize(
    ("language", "text", "quote", "measure", "direction"),
    [
        ("vi", "GRDP tăng 6%, thấp hơn mục tiêu 9%.", "9%", "growth", "up"),
        ("vi", "Xuất khẩu đạt 3 tỷ USD, thấp hơn kế hoạch 5 tỷ USD.", "5 tỷ", "level", None),
        ("vi", "Tốc độ tăng trưởng giảm từ 7% năm 2023 xuống 4% năm 2024.", "4%", "growth", "up"),
        ("vi", "GDP quý I tăng 6,2% thay vì 6,1%.", "6,1%", "growth", "up"),
        ("vi", "Giá lúa năm nay là 7.000 đồng/kg, tăng từ mức 6.000 đồng/kg năm trước.", "6.000", "level", None),
        ("en", "The loan fund spent 140 per cent of the year's money.", "140", "ratio", None),
        ("en", "Profit was 30 million USD, 4 per cent short of its plan.", "4 per cent", "growth", "down"),
        ("sv", "Priset är 6 000 VND/kg, 200 VND/kg lägre än i fjol.", "200", "change", "down"),
    ],
)
def test_measure_tells_differences_from_what_is_compared_with(
    language: str, text: str, quote: str, measure: str, direction: str | None
) -> None:
    found = figure(text, quote, language)
    assert (found.measure, found.direction) == (measure, direction)


@pytest.mark.parametrize(
    ("text", "quote", "base"),
    [
        ("GRDP của tỉnh năm 2024 tăng 6%.", "6%", "yoy"),
        ("Ngày 19/12/2025, VN-Index tăng 12,4 điểm.", "12,4", "previous_period"),
        ("CPI tháng 11/2025 tăng 0,3%.", "0,3%", None),
        ("Tổn thất điện năng năm 2024 là 6%, thấp hơn kế hoạch 0,2 điểm phần trăm.", "0,2", "plan"),
        ("Sản lượng năm 2024 đạt 9 triệu tấn.", "9 triệu", None),
    ],
)
def test_a_base_is_supplied_only_where_the_field_knows_one(text: str, quote: str, base: str | None) -> None:
    assert figure(text, quote).base == base
