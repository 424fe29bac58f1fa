"""Which period and base hold for which figure, in passages of our own.

A figure is marked by what it is expected to be: `5%⟨2025-02 yoy⟩`. The marks are taken out before reading.
"""

import re
from datetime import date

import pytest

from extract.period_scope import PeriodScope, flow
from extract.pipeline import read

MARK = re.compile(r"⟨([^⟩]*)⟩")


def passage(marked: str) -> tuple[str, list[tuple[int, str]]]:
    """The text without its marks, and for each mark the offset of its figure's last character and what it says."""
    text, marks, end = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[end : match.start()]
        marks.append((len(text) - 1, match.group(1)))
        end = match.end()
    return text + marked[end:], marks


PASSAGES = {
    "stocks_at_the_end_of_a_month": (
        "en",
        date(2025, 10, 30),
        "By the end of September, 20 million people⟨2025-09⟩ had joined, and unpaid contributions stood at VND11 "
        "trillion⟨2025-09⟩.",
    ),
    "weekday_behind_several_figures": (
        "en",
        date(2026, 3, 6),
        "The index lost 1.3 per cent⟨2026-03-06⟩, or 24 points⟨2026-03-06⟩, to close at 1,870 points⟨2026-03-06⟩ on Friday. "
        "Turnover was VND31 trillion⟨2026-03-06⟩.",
    ),
    "looking_back_holds_for_its_own_figure": (
        "en",
        date(2026, 2, 5),
        "In 2025 its profit fell to VND3 billion⟨2025⟩ from VND4 billion⟨2024⟩ a year earlier. Assets came to VND90 "
        "billion⟨2025⟩.",
    ),
    "a_day_named_in_passing": (
        "vi",
        date(2026, 1, 28),
        "Sản lượng điện năm 2025 đạt 300 tỷ kWh⟨2025⟩. Công suất cực đại ngày 29/7 lên tới 54.000 MW⟨2025-07-29⟩. Tổn thất "
        "còn 6%⟨2025⟩.",
    ),
    "a_weekday_explained_in_brackets": (
        "vi",
        date(2026, 3, 7),
        "Chốt phiên thứ Sáu (6/3), chỉ số giảm 1,3%⟨2026-03-06⟩. Thanh khoản đạt 20.000 tỷ đồng⟨2026-03-06⟩.",
    ),
    "months_that_are_over_at_publication": (
        "sv",
        date(2025, 12, 22),
        "Exporten under 11 månader nådde 64 miljarder dollar⟨2025-01/2025-11⟩, upp 12 procent⟨2025-01/2025-11⟩.",
    ),
    "up_to_an_hour_of_a_day": (
        "sv",
        date(2025, 11, 25),
        "Fram till klockan 17.00 den 24 november var 400 hus⟨2025-11-24⟩ skadade. Ytterligare 60 hus⟨2025-11-24⟩ rasade.",
    ),
    "the_year_so_far_as_reported_on_a_day": (
        "en",
        date(2026, 2, 20),
        "The city has recorded 200 cases⟨2026-01-01/2026-02-19⟩ since the start of the year, the centre reported on "
        "February 19.",
    ),
    "main_period_goes_on": (
        "vi",
        date(2026, 3, 6),
        "Tháng 2/2026, xuất khẩu đạt 30 tỷ USD⟨2026-02⟩, giảm 5%⟨2026-02 previous_period⟩ so với tháng trước; nhập khẩu "
        "đạt 29 tỷ USD⟨2026-02⟩. Khu vực trong nước đạt 8 tỷ USD⟨2026-02⟩. Tính chung 2 tháng đầu năm 2026, xuất khẩu đạt "
        "61 tỷ USD⟨2026-01/2026-02⟩, tăng 9%⟨2026-01/2026-02 yoy⟩ so với cùng kỳ năm trước. Trong đó, hàng dệt may tăng "
        "3%⟨2026-01/2026-02 yoy⟩.",
    ),
    "cumulative_in_passing": (
        "vi",
        date(2026, 3, 6),
        "Sản lượng điện tháng 2 đạt 20 tỷ kWh⟨2026-02⟩; lũy kế 2 tháng đạt 41 tỷ kWh⟨2026-01/2026-02⟩. Than nhập khẩu đạt "
        "3 triệu tấn⟨2026-02⟩; lũy kế 2 tháng đạt 7 triệu tấn⟨2026-01/2026-02⟩.",
    ),
    "average_in_passing": (
        "vi",
        date(2026, 3, 6),
        "CPI tháng 2/2026 tăng 0,8%⟨2026-02⟩. Tính chung 2 tháng đầu năm 2026, CPI bình quân tăng 2,5%⟨2026-01/2026-02⟩. "
        "Nhóm giao thông tăng 1,1%⟨2026-02⟩.",
    ),
    "brackets_hold_inside_only": (
        "vi",
        date(2026, 3, 6),
        "Hai tháng đầu năm 2026, ngành điện tăng 6%⟨2026-01/2026-02⟩ (cùng kỳ năm 2025 tăng 4%⟨2025-01/2025-02⟩), ngành "
        "than tăng 5%⟨2026-01/2026-02⟩.",
    ),
    "period_behind_its_figure": (
        "vi",
        date(2026, 3, 6),
        "Giai đoạn 2027-2035, quỹ nhận 500 tỷ đồng⟨2027/2035⟩ và đạt quy mô 5.000 tỷ đồng⟨2035⟩ vào năm 2035.",
    ),
    "from_one_year_to_another": (
        "vi",
        date(2026, 3, 6),
        "Năm 2025 ngành thủy sản khởi sắc. Giá trị tăng từ 7 tỷ USD⟨2020⟩ năm 2020 lên 10 tỷ USD⟨2024⟩ năm 2024. Cá tra "
        "đóng góp 2 tỷ USD⟨2025⟩.",
    ),
    "day_of_a_meeting_dates_no_figure": (
        "vi",
        date(2026, 3, 6),
        "Tại cuộc họp ngày 5/3, Sở Xây dựng cho biết tuyến đường dài 9 km⟨-⟩, vốn 500 tỷ đồng⟨-⟩.",
    ),
    "day_of_a_price_does": ("vi", date(2026, 3, 6), "Ngày 5/3, giá vàng giảm 500.000 đồng⟨2026-03-05⟩ mỗi lượng."),
    "term_is_no_period_of_figures": (
        "vi",
        date(2026, 3, 6),
        "Đại biểu HĐND nhiệm kỳ 2026-2031 sẽ được bầu. Toàn tỉnh có 3.000 khu vực⟨-⟩ bỏ phiếu.",
    ),
    "now_is_no_date": (
        "vi",
        date(2026, 3, 6),
        "Năm 2025, tỉnh có 50 xã⟨2025⟩ đạt chuẩn. Hiện nay, cả nước có 34 tỉnh⟨-⟩.",
    ),
    "deadline_of_a_target": (
        "vi",
        date(2026, 3, 6),
        "Năm 2025, tỷ lệ đạt 60%⟨2025⟩. Mục tiêu đến năm 2030, tỷ lệ đạt 75%⟨2030⟩; tầm nhìn đến năm 2045 đạt 90%⟨2045⟩.",
    ),
    "plan_that_is_measured_against": (
        "vi",
        date(2026, 3, 6),
        "Hai tháng đầu năm, giải ngân đạt 50 nghìn tỷ đồng⟨2026-01/2026-02⟩, bằng 6%⟨2026-01/2026-02⟩ kế hoạch năm 2026.",
    ),
    "stated_by_the_plan_alone": ("vi", date(2026, 1, 5), "Doanh thu bằng 98%⟨2025⟩ kế hoạch năm 2025."),
    "as_of": ("vi", date(2026, 3, 6), "Tính đến 28/2, vốn đạt 6 tỷ USD⟨2026-02-28⟩, tăng 2%⟨2026-02-28 yoy⟩ so với cùng kỳ."),
    "amount_of_the_same_period": (
        "vi",
        date(2026, 3, 6),
        "Quý IV/2025, lợi nhuận đạt 10 tỷ USD⟨2025-Q4⟩, so với 14 tỷ USD⟨2024-Q4⟩ của cùng kỳ năm trước.",
    ),
    "highest_since": (
        "vi",
        date(2026, 3, 6),
        "Tháng 2/2026, giá dầu tăng 9%⟨2026-02⟩, mạnh nhất kể từ tháng 5/2020. Lượng bán đạt 3 triệu tấn⟨2026-02⟩.",
    ),
    "month_of_publication": (
        "vi",
        date(2026, 3, 6),
        "Báo cáo công bố tháng 1/2026 cho biết thu ngân sách đạt 9 tỷ đồng⟨2025⟩ trong suốt cả năm 2025.",
    ),
    "in_order": (
        "vi",
        date(2026, 3, 6),
        "Năm 2023, 2024 và 2025, sản lượng lần lượt đạt 5 triệu tấn⟨2023⟩, 6 triệu tấn⟨2024⟩ và 7 triệu tấn⟨2025⟩.",
    ),
    "comparator_at_the_head": (
        "vi",
        date(2026, 3, 6),
        "CPI tháng 2/2026 tăng 1%⟨2026-02 previous_period⟩ so với tháng 1. So với tháng 12/2025, chỉ số này tăng "
        "1,2%⟨2026-02 2025-12⟩ và tăng 3%⟨2026-02 yoy⟩ so với cùng kỳ năm ngoái.",
    ),
    "english": (
        "en",
        date(2026, 3, 6),
        "In February 2026, exports reached 30 billion USD⟨2026-02⟩, down 5%⟨2026-02 previous_period⟩ from the previous "
        "month. In the first two months of 2026, they rose 9%⟨2026-01/2026-02 yoy⟩ over the same period last year, of "
        "which garments rose 3%⟨2026-01/2026-02 yoy⟩. The target is 12%⟨2030⟩ by 2030.",
    ),
    "swedish": (
        "sv",
        date(2026, 3, 6),
        "I februari 2026 nådde exporten 30 miljarder dollar⟨2026-02⟩, en minskning med 5 %⟨2026-02 previous_period⟩ jämfört "
        "med föregående månad; ackumulerat under 2 månader nådde den 61 miljarder dollar⟨2026-01/2026-02⟩. Importen nådde "
        "29 miljarder dollar⟨2026-02⟩.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PASSAGES)
def test_every_figure_gets_its_period_and_base(name: str) -> None:
    language, published, marked = PASSAGES[name]
    text, marks = passage(marked)
    reading = read(text, language, published)
    scope = PeriodScope(reading.tokens, reading.periods, published)
    wrong = []
    for at, mark in marks:
        number = max(m.start() for m in re.finditer(r"(?<![\d.,])\d[\d.,]*", text[: at + 1]))
        code, _, base = mark.partition(" ")
        found = scope.reference(number, at + 1)
        printed = (found.code if found else None) or "-"
        if printed != code or (base and scope.base(number, at + 1) != base):
            wrong.append((text[number : at + 1], mark, printed, scope.base(number, at + 1)))
    assert not wrong


def test_a_flow_to_a_day_runs_from_the_start_of_the_year() -> None:
    (period,) = read("tính đến ngày 28/2/2026", "vi").periods
    assert (period.role, flow(period).code) == ("as_of", "2026-01/2026-02")
    (period,) = read("trong năm 2025", "vi").periods
    assert flow(period) is period


def test_the_title_gives_the_period_that_a_text_leaves_unsaid() -> None:
    (title,) = read("Xuất khẩu tháng 2/2026", "vi").periods
    reading = read("Kim ngạch đạt 30 tỷ USD.", "vi")
    found = PeriodScope(reading.tokens, reading.periods, None, title).reference(14, 23)
    assert found is not None
    assert found.code == "2026-02"


def test_the_occasion_of_a_price_is_the_day_of_the_act_before_it() -> None:
    text = "Chiều 5/3/2026, liên Bộ công bố giá. Xăng có giá 20.000 đồng. Sáng 6/3/2026, Sở họp."
    reading = read(text, "vi")
    scope = PeriodScope(reading.tokens, reading.periods)
    assert scope.occasion(0) is None
    assert [scope.occasion(text.index(word)).code for word in ("Xăng", "Sở")] == ["2026-03-05", "2026-03-06"]  # type: ignore[union-attr]


def test_a_text_without_words_has_no_period() -> None:
    scope = PeriodScope(read("", "vi").tokens, [])
    assert scope.reference(0, 0) is None
    assert scope.base(0) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("As of October 15, 2025, exports reached 300 billion USD.", "2025-01-01/2025-10-15"),
        ("As of October 15, 2025, 300 houses were damaged.", "2025-10-15"),
        ("As of October 15, 2025, 300 valid projects had a registered capital of 40 billion USD.", "2025-10-15"),
    ],
)
def test_flows_run_up_to_a_closing_day_and_stocks_stand(text: str, code: str) -> None:
    reading = read(text, "en", date(2025, 10, 30))
    period = PeriodScope(reading.tokens, reading.periods, date(2025, 10, 30)).reference(text.index("300"))
    assert period is not None
    assert flow(period).code == code
