"""What statements are made of: each case is a sentence of our own and what must be read in it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.extractor import extract
from extract.lexicon import catalogue, languages, lexicon
from extract.statement import Statement

P = date(2026, 3, 6)

Expected = dict[str, object]


def figure(statement: Statement) -> Expected:
    return {**statement.figure(), "place_id": statement.place_id}


CASES: list[tuple[str, str, list[Expected]]] = [
    # a level and its growth are two figures of one indicator; the second leaves its subject out
    (
        "vi",
        "Thu ngân sách nhà nước năm 2025 của tỉnh đạt 12.300 tỷ đồng, tăng 11,2% so với năm 2024.",
        [
            {"indicator": "Thu ngân sách nhà nước", "indicator_id": "budget_rev", "measure": "level", "period": "2025"},
            {"indicator_id": "budget_rev", "measure": "growth", "direction": "up", "base": "yoy", "period": "2025"},
        ],
    ),
    # ellipsis: a part is read under the measure before it
    (
        "vi",
        "Tháng 2/2026, chỉ số sản xuất công nghiệp ngành dệt tăng 2,3% so với cùng kỳ năm trước; ngành gỗ giảm 5,3%.",
        [
            {"indicator": "chỉ số sản xuất công nghiệp ngành dệt", "indicator_id": None, "direction": "up"},
            {"indicator": "chỉ số sản xuất công nghiệp ngành gỗ", "indicator_id": None, "direction": "down"},
        ],
    ),
    # a bracketed figure of another period, then back
    (
        "vi",
        "Tính chung 2 tháng đầu năm 2026, ngành dệt tăng 11,5% (cùng kỳ năm 2025 tăng 9,1%).",
        [{"period": "2026-01/2026-02", "value": 11.5}, {"period": "2025-01/2025-02", "value": 9.1}],
    ),
    # contribution in points
    (
        "vi",
        "GRDP năm 2025 tăng 8%. Ngành xây dựng tăng 12%, đóng góp 1,2 điểm phần trăm vào mức tăng chung.",
        [
            {"measure": "growth", "part_of": None},
            {"measure": "growth"},
            {"measure": "change", "direction": "up", "part_of": 0, "indicator_id": None},
        ],
    ),
    # pairwise distribution of things and of places
    (
        "vi",
        "Giá gạo và giá cà phê tháng 2/2026 lần lượt tăng 1,9% và 6,3%.",
        [{"indicator": "Giá gạo", "value": 1.9}, {"indicator": "giá cà phê", "value": 6.3}],
    ),
    (
        "vi",
        "Năm 2025, GRDP của Nghệ An và Hà Tĩnh lần lượt tăng 8,4% và 8,8%.",
        [{"place": "Nghệ An", "value": 8.4}, {"place": "Hà Tĩnh", "value": 8.8}],
    ),
    # plan ratio, and the growth that follows it
    (
        "vi",
        "Giải ngân vốn đầu tư công năm 2025 đạt 46.686 tỷ đồng, bằng 98% kế hoạch và tăng 5% so với năm 2024.",
        [
            {"measure": "level", "indicator_id": "pub_inv_disb"},
            {"measure": "ratio", "base": "plan", "direction": None},
            {"measure": "growth", "base": "yoy"},
        ],
    ),
    # the same words, growth on another base: another row of the catalogue
    (
        "vi",
        "CPI tháng 2/2026 tăng 0,5% so với tháng trước. So với tháng 12/2025, CPI tăng 1,2%.",
        [{"indicator_id": "cpi_mom", "base": "previous_period"}, {"indicator_id": "cpi_dec", "base": "2025-12"}],
    ),
    # a list of parts and its shares
    (
        "vi",
        "Năm 2025, tỉnh đón 3,2 triệu lượt khách, trong đó khách quốc tế đạt 1,1 triệu lượt, chiếm 34,4%.",
        [
            {"unit": "visitor", "part_of": None},
            {"indicator": "khách quốc tế", "part_of": 0, "measure": "level"},
            {"measure": "share", "part_of": 0},
        ],
    ),
    # members of a count: bare numbers take its unit
    (
        "vi",
        "Toàn tỉnh có 500 cán bộ cấp xã, trong đó 112 là nữ, chiếm 22,4%; 340 người có trình độ đại học, chiếm 68%.",
        [
            {"unit": "person", "value": 500},
            {"unit": "person", "value": 112, "part_of": 0},
            {"measure": "share", "part_of": 0},
            {"value": 340, "part_of": 0},
            {"measure": "share", "part_of": 0},
        ],
    ),
    (
        "sv",
        "Det finns 500 kadrer under stadens ledning; varav 112 är kvinnor, motsvarande 22,4 %; 45 har doktorsexamen.",
        [
            {"unit": "person", "value": 500},
            {"unit": "person", "value": 112, "part_of": 0},
            {"measure": "share", "part_of": 0},
            {"unit": "person", "value": 45, "part_of": 0},
        ],
    ),
    # target, forecast, commitment, rule; "dự kiến" of a month that is over is a statistic
    ("vi", "Tỉnh phấn đấu tăng trưởng GRDP năm 2026 đạt 11%.", [{"kind": "target", "measure": "growth"}]),
    ("vi", "Ngân hàng Thế giới dự báo GDP năm 2026 tăng 6,5%.", [{"kind": "forecast", "measure": "growth"}]),
    ("vi", "Sản lượng than tháng 2/2026 dự kiến đạt 2,4 triệu tấn.", [{"kind": "statistic"}]),
    (
        "vi",
        "UBND tỉnh Hà Tĩnh vừa phê duyệt dự án đường ven sông với tổng mức đầu tư 900 tỷ đồng. Tuyến dài 12 km.",
        [{"kind": "commitment", "place": "Hà Tĩnh"}, {"kind": "commitment", "unit": "km", "period": None}],
    ),
    ("vi", "Nghị định quy định mức phạt tiền 20 triệu đồng đối với tổ chức vi phạm.", [{"kind": "rule"}]),
    (
        "vi",
        "Giá trị xuất khẩu năm 2025 đạt 7,1 tỷ USD, thấp hơn kế hoạch 8 tỷ USD.",
        [{"kind": "statistic", "measure": "level"}, {"kind": "target", "value": 8e9}],
    ),
    # from … to: two levels
    (
        "vi",
        "Số dư tiền gửi tăng từ 66 nghìn tỷ đồng năm 2010 lên 250 nghìn tỷ đồng năm 2025.",
        [{"measure": "level", "period": "2010"}, {"measure": "level", "period": "2025"}],
    ),
    # places: a national body "in Hanoi" speaks of the nation; the version follows the date
    (
        "vi",
        "Chiều 4/3, tại Hà Nội, Bộ Tài chính cho biết thu ngân sách nhà nước tháng 2/2026 đạt 200 nghìn tỷ đồng.",
        [{"place": "Việt Nam", "place_id": "vn", "source": "Bộ Tài chính"}],
    ),
    ("vi", "Năm 2025, dân số Hải Phòng đạt 4,7 triệu người.", [{"place": "Hải Phòng", "place_id": "hai_phong@34"}]),
    ("vi", "Dự án thu hồi đất tại xã An Phước với diện tích 50 ha.", [{"place": "xã An Phước", "place_id": None}]),
    ("vi", "Ông Nguyễn Hòa Bình cho biết cả nước có 34 tỉnh, thành phố.", [{"place": "Việt Nam"}]),
    (
        "vi",
        "Kim ngạch xuất khẩu năm 2025 đạt 470 tỷ USD. Hoa Kỳ là thị trường lớn nhất với 150 tỷ USD.",
        [{"place": "Việt Nam"}, {"place": "Việt Nam", "value": 150e9}],
    ),
    # rank
    ("vi", "Tỉnh đứng thứ hai cả nước về thu hút vốn.", [{"measure": "rank", "unit": "rank", "value": 2}]),
    # English and Swedish
    (
        "en",
        "Total state budget revenue in the first nine months of 2025 reached VND1.9 quadrillion, equivalent to 97.9% of the "
        "annual estimate and up 30.5% over the same period last year.",
        [
            {"indicator_id": "budget_rev", "measure": "level", "period": "2025-01/2025-09"},
            {"measure": "ratio", "base": "plan"},
            {"measure": "growth", "direction": "up", "base": "yoy"},
        ],
    ),
    (
        "en",
        "Hanoi welcomed 33.7 million visitors in 2025, up 21% year-on-year, including 7.8 million international arrivals.",
        [
            {"place": "Hanoi", "indicator": "visitors"},
            {"measure": "growth", "indicator": "visitors"},
            {"indicator": "international arrivals", "indicator_id": "tour_intl", "part_of": 0},
        ],
    ),
    (
        "en",
        "The city of Hai Phong targets GRDP growth of at least 13% in 2026.",
        [{"kind": "target", "measure": "growth", "indicator": "GRDP", "place": "Hai Phong", "qualifier": "at_least"}],
    ),
    (
        "en",
        "Gasoline and diesel prices increased by 1.9% and 6.3% respectively in February 2026.",
        [{"indicator": "Gasoline prices"}, {"indicator": "diesel prices"}],
    ),
    (
        "sv",
        "Arbetslösheten var 2,22 % under det fjärde kvartalet 2025, en minskning med 0,02 procentenheter.",
        [{"indicator_id": "unemp", "measure": "share"}, {"measure": "change", "direction": "down"}],
    ),
    (
        "sv",
        "Bara i februari 2026 välkomnade Hue mer än 712 000 besökare, en ökning med nästan 72 %.",
        [
            {"place": "Hue", "place_id": "hue", "unit": "visitor", "qualifier": "over"},
            {"measure": "growth", "direction": "up", "qualifier": "under"},
        ],
    ),
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES, ids=[text[:48] for _, text, _ in CASES])
def test_statements_of_a_sentence(language: str, text: str, expected: list[Expected]) -> None:
    found = [figure(statement) for statement in extract(text, language, P).statements]
    assert len(found) == len(expected), [f["quote"] for f in found]
    for statement, wanted in zip(found, expected, strict=True):
        assert {key: statement[key] for key in wanted} == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Nghị quyết nêu 6 nhóm giải pháp.", "counts_parts_of_the_text"),
        ("Sau 8 tháng triển khai, bộ máy hoạt động ổn định.", "duration"),
        ("Tin đồn nói cả nước chỉ còn 16 tỉnh.", "denied_by_the_text"),
        ("Mỗi gia đình nhận phần quà trị giá 500.000 đồng.", "prize"),
        ("Thu ngân sách năm 2025 đạt 500 tỷ đồng (20 triệu USD).", "second_currency"),
    ],
)
def test_what_is_no_figure_is_counted_with_its_reason(text: str, reason: str) -> None:
    assert reason in {why for _, _, why in extract(text, "vi", P).ignored}


def test_a_length_of_time_that_is_measured_is_a_figure() -> None:
    (statement,) = extract("Tuổi thọ trung bình năm 2025 đạt 74,7 tuổi.", "vi", P).statements
    assert statement.indicator_id == "life_exp"


def test_an_attribution_ends_with_its_paragraph() -> None:
    text = "Bộ Tài chính cho biết thu ngân sách năm 2025 đạt 500 tỷ đồng.\nChi ngân sách năm 2025 đạt 400 tỷ đồng."
    first, second = extract(text, "vi", P).statements
    assert first.provenance.source == "Bộ Tài chính"
    assert second.provenance.source is None


def test_the_title_gives_context_and_no_figures() -> None:
    title = "Nghệ An thu hút 500 triệu USD vốn FDI"
    (statement,) = extract("Toàn tỉnh có 25 xã đạt chuẩn nông thôn mới.", "vi", P, title).statements
    assert statement.place == "Nghệ An"


def test_two_rows_that_would_do_give_no_id() -> None:
    (statement,) = extract("CPI năm 2026 tăng 3%.", "vi", P).statements
    assert statement.indicator == "CPI"
    assert statement.indicator_id is None


def test_offsets_are_those_of_the_text_given() -> None:
    text = "Thu ngân sách\u00a0năm 2025 đạt 12.300\u00a0tỷ đồng."
    (statement,) = extract(text, "vi", P).statements
    receipt = statement.provenance
    assert text[receipt.start : receipt.end] == receipt.exact == statement.quantity.exact
    assert text.endswith(receipt.suffix)
    assert receipt.prefix == text[max(0, receipt.start - 32) : receipt.start]


WORDS = [p for code in languages() for row in lexicon(code) for p in row.phrases[:2]]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(WORDS),
            st.sampled_from(["12,5%", "3.200 tỷ đồng", "$4.5 billion", "(", ")", ",", ";", "\n"]),
        )
    ),
    st.sampled_from(languages()),
)
def test_any_words_give_statements_that_quote_the_text(words: list[str], language: str) -> None:
    text = " ".join(words)
    found = extract(text, language, P)
    for n, statement in enumerate(found.statements):
        receipt = statement.provenance
        assert text[receipt.start : receipt.end] == receipt.exact
        assert statement.part_of is None or 0 <= statement.part_of < len(found.statements)
        assert statement.part_of != n
        assert 0 <= statement.confidence <= 1
    assert extract(text, language, P) == found


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for statement in extract(text, None, P).statements:
        assert text[statement.provenance.start : statement.provenance.end] == statement.provenance.exact


def test_the_catalogue_has_every_indicator_in_every_language() -> None:
    rows = catalogue("indicators")
    assert len(rows) == 167
    concepts = {row["concept"] for row in rows.values()}
    for code in languages():
        assert {row.data["concept"] for row in lexicon(code).category("indicators")} == concepts
    for row in rows.values():
        assert set(row["names"]) == set(languages())
        assert set(row.get("parts", ())) <= set(rows)


def test_organisations_lead_to_their_successors() -> None:
    rows = catalogue("organisations")
    for code in languages():
        assert {row.data["organisation"] for row in lexicon(code).category("organisations")} == set(rows)
    for key, row in rows.items():
        if "successor" in row:
            assert key in rows[row["successor"]]["absorbed"]
            assert row["to"] < rows[row["successor"]]["from"]
