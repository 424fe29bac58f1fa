"""Commitments of single sentences, and what is none."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.explanation import explain
from extract.extractor import extract
from extract.statement import Commitment

PUBLISHED = date(2026, 1, 5)
FOUND = [
    # language, text, actor, status, deadline, instrument
    ("vi", "Sở Xây dựng được giao chủ trì hoàn thành 900 căn nhà ở xã hội trong năm 2026.", "Sở Xây dựng", "approved", "2026", None),
    ("vi", "Tỉnh cam kết bàn giao mặt bằng dự án đường ven sông trước ngày 30/6/2026.", "Tỉnh", "approved", "2026-06-30", None),
    ("vi", "Bộ Tài chính đề xuất sửa chính sách thuế đối với nhà bỏ trống.", "Bộ Tài chính", "proposed", None, None),
    ("vi", "Luật Cấp nước có hiệu lực từ ngày 1/7/2026.", None, "approved", "2026-07-01", "Luật Cấp nước"),
    ("vi", "Luật Cấp nước có hiệu lực từ ngày 1/7/2025.", None, "done", "2025-07-01", "Luật Cấp nước"),
    ("vi", "Dự án cầu Ba Gò được khởi công sáng qua tại tỉnh.", None, "in_progress", None, None),
    ("vi", "Tiến độ dự án kè biển lùi sang quý II/2026.", None, "delayed", "2026-Q2", None),
    ("vi", "Đến năm 2030, tỉnh phấn đấu trở thành trung tâm chế biến gỗ của vùng.", "tỉnh", "planned", "2030", None),
    ("en", "The ministry will submit the revised water law by June 30, 2026.", "The ministry", "planned", "2026-06-30", None),
    ("en", "The city broke ground on a social housing programme.", "The city", "in_progress", None, None),
    ("en", "Decree 85/2025/ND-CP on water fees takes effect on July 1, 2026.", None, "approved", "2026-07-01", "Decree 85/2025/ND-CP"),
    ("en", "The ferry project was postponed to the end of 2027.", None, "delayed", "2027", None),
    ("sv", "Provinsen ska överlämna marken för projektet senast den 30 juni 2026.", "Provinsen", "planned", "2026-06-30", None),
    ("sv", "Ministeriet föreslår en ny lag om vattenavgifter.", "Ministeriet", "proposed", None, "lag om vattenavgifter"),
    ("sv", "Staden genomför ett nytt program för vattenrening.", "Staden", "in_progress", None, None),
    ("sv", "Bygget av tre små vattenkraftverk i provinsen skjuts upp till 2027.", "provinsen", "delayed", "2027", None),
]  # fmt: skip
NONE = [
    ("vi", "GRDP của tỉnh năm 2025 tăng 8,2%, cao hơn cả nước."),
    ("vi", "Ngân hàng dự báo GDP sẽ tăng 7,4% trong năm 2026."),
    ("vi", "Năm 2026, tỉnh đặt mục tiêu GRDP tăng 11%."),
    ("vi", "Theo ông Nam, doanh nghiệp cần chú trọng chất lượng."),
    ("vi", "Đội bóng của thành phố thắng 2-1 tối qua."),
    ("vi", "Giá gạo ở chợ tăng 500 đồng/kg."),
    ("vi", "Chính phủ giao và bằng 104% kế hoạch đầu tư."),
    ("vi", "Sáng nay UBND tỉnh họp giao ban đầu năm với các sở, ngành."),
    ("en", "Economists said credit might grow about 19 per cent this year."),
    ("en", "Exports rose 8 per cent in 2025, led by timber."),
    ("en", "The weather will be cool in the north."),
    ("en", "The team should train more."),
    ("sv", "Banken väntar sig en BNP-tillväxt på 7,4 procent."),
    ("sv", "Exporten ökade med 8 procent under 2025."),
    ("sv", "Vädret blir svalt i norr."),
]


def read(text: str, language: str) -> tuple[Commitment, ...]:
    return extract(text, language, PUBLISHED).commitments


@pytest.mark.parametrize(("language", "text", "actor", "status", "deadline", "instrument"), FOUND)
def test_fields(
    language: str, text: str, actor: str | None, status: str, deadline: str | None, instrument: str | None
) -> None:
    found = [(c.actor, c.status, c.deadline, c.instrument) for c in read(text, language)]
    assert found == [(actor, status, deadline, instrument)]


@pytest.mark.parametrize(("language", "text"), NONE)
def test_what_commits_nobody(language: str, text: str) -> None:
    assert read(text, language) == ()


def test_aims_of_one_list_are_commitments_each() -> None:
    text = (
        "Đến năm 2030, tỉnh phấn đấu trở thành trung tâm chế biến gỗ của vùng; "
        "một cửa ngõ thương mại của cả nước; nơi đáng sống cho mọi người dân."
    )
    found = read(text, "vi")
    assert [c.provenance.exact.split()[0] for c in found] == ["Đến", "một", "nơi"]
    assert {(c.actor, c.deadline) for c in found} == {("tỉnh", "2030")}


def test_two_actors_make_two_clauses() -> None:
    text = "UBND tỉnh phê duyệt dự án kè biển, Sở Xây dựng sẽ trình quy hoạch trong quý II/2026."
    assert [c.actor for c in read(text, "vi")] == ["UBND tỉnh", "Sở Xây dựng"]


def test_of_two_actors_neither_is_taken_and_both_are_told() -> None:
    text = (
        "Bộ Xây dựng, theo lời UBND tỉnh An Giang và nhiều người dân, Bộ Tài chính hôm qua cam kết bàn giao dự án kè."
    )
    (found,) = read(text, "vi")
    assert (found.actor, found.doubts) == (None, ("two_actors",))
    assert found.candidates == ("Bộ Xây dựng", "Bộ Tài chính")
    told = [piece.became for piece in explain(text, "vi", PUBLISHED, None).pieces if piece.kind == "commitment"]
    assert "Bộ Xây dựng or Bộ Tài chính" in told[0]


def test_a_deadline_that_was_over_is_kept_and_marked() -> None:
    (found,) = read("Tỉnh cam kết bàn giao mặt bằng dự án kè trước ngày 30/6/2025.", "vi")
    assert (found.deadline, found.doubts) == ("2025-06-30", ("past_deadline",))


def test_a_bare_word_stands_for_who_was_named_before() -> None:
    text = "Bộ Công Thương họp sáng nay. Bộ sẽ trình đề án chợ đầu mối trong quý II/2026."
    assert [c.actor for c in read(text, "vi")] == ["Bộ Công Thương"]


def test_what_and_for_whom() -> None:
    (found,) = read("Tỉnh phê duyệt đề án đào tạo nghề cho công nhân từ năm 2026.", "vi")
    assert (found.object, found.beneficiary) == ("đề án đào tạo nghề", "công nhân")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from([text for _, text, *_ in FOUND] + ["\n", "và", ";", ", ", "năm 2030", "“", "."]), max_size=6
    )
)
def test_receipts_quote_the_text(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for language in ("vi", "en", "sv"):
        for found in read(text, language):
            receipt = found.provenance
            assert text[receipt.start : receipt.end] == receipt.exact
            assert found.figure()["quote"] == receipt.exact
            assert receipt.rules


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        # those to whom an order goes are not parted
        (
            "Cục trưởng Cục Biển yêu cầu các tỉnh, thành phố chỉ đạo rà soát hồ sơ giao khu vực biển.",
            "Cục trưởng Cục Biển yêu cầu các tỉnh, thành phố chỉ đạo rà soát hồ sơ giao khu vực biển",
        ),
        # an order that names nobody
        (
            "Thủ tướng yêu cầu tiếp tục rà soát chiến lược cán bộ.",
            "Thủ tướng yêu cầu tiếp tục rà soát chiến lược cán bộ",
        ),
        # a missing space behind an ellipsis
        (
            "Việc này khó…Chính phủ ban hành Nghị định mới về sàn giao dịch.",
            "Chính phủ ban hành Nghị định mới về sàn giao dịch",
        ),
        # "điều chỉnh giá" alone reports a price
        ("Liên Bộ công bố điều chỉnh giá bán điện.", "Liên Bộ công bố điều chỉnh giá bán điện"),
        # "kiểm tra" in a name is no routine
        ("Cục Kiểm tra văn bản đã ban hành quy chế mới.", "Cục Kiểm tra văn bản đã ban hành quy chế mới"),
    ],
)
def test_a_clause_is_cut_where_its_act_ends(text: str, clause: str) -> None:
    assert [one.provenance.exact for one in extract(text, "vi", PUBLISHED).commitments] == [clause]
