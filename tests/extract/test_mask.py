"""What is no figure is masked, whole, and nothing else is."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.pipeline import read

MASKED = [
    # documents and clauses
    ("vi", "Theo Luật số 58/2024/QH15 về Thủ đô", [("Luật số 58/2024/QH15", "document")]),
    ("vi", "Thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024", [("Nghị quyết số 57-NQ/TW", "document")]),
    (
        "vi",
        "tại 237/NQ-UBTVQH16 và 1314/NQ-UBTVQH15",
        [("237/NQ-UBTVQH16", "document"), ("1314/NQ-UBTVQH15", "document")],
    ),
    ("vi", "theo 85/2025/NĐ-CP, 226/NQ-CP", [("85/2025/NĐ-CP", "document"), ("226/NQ-CP", "document")]),
    (
        "vi",
        "theo 06/CT-TTg; 194/CĐ-TTg; 81-TB/TW",
        [("06/CT-TTg", "document"), ("194/CĐ-TTg", "document"), ("81-TB/TW", "document")],
    ),
    ("vi", "theo 776/BC-CP, 1682/TTr-BCT", [("776/BC-CP", "document"), ("1682/TTr-BCT", "document")]),
    ("vi", "văn bản 7259/STC-KT của sở", [("văn bản 7259/STC-KT", "document")]),
    (
        "vi",
        "Nghị quyết 57 ngày 22/12/2024 và Nghị quyết 68",
        [("Nghị quyết 57", "document"), ("Nghị quyết 68", "document")],
    ),
    ("vi", "quy định tại khoản 2, Điều 5 Luật Đầu tư", [("khoản 2", "clause"), ("Điều 5", "clause")]),
    ("vi", "theo các Điều 12, 13 và 14 của dự thảo", [("Điều 12, 13 và 14", "clause")]),
    (
        "en",
        "under Resolution No. 57-NQ/TW and Decree 100",
        [("Resolution No. 57-NQ/TW", "document"), ("Decree 100", "document")],
    ),
    (
        "en",
        "Clause 2, Article 5 of Law No. 58/2024/QH15",
        [("Clause 2", "clause"), ("Article 5", "clause"), ("Law No. 58/2024/QH15", "document")],
    ),
    ("sv", "enligt artikel 5 i lag nr 58/2024/QH15", [("artikel 5", "clause"), ("lag nr 58/2024/QH15", "document")]),
    # roads, places, names
    ("vi", "mở rộng quốc lộ 1A và Vành đai 3", [("quốc lộ 1A", "road"), ("Vành đai 3", "road")]),
    ("vi", "khởi công tuyến metro số 2", [("tuyến metro số 2", "road")]),
    ("vi", "ở số 54 Lê Lợi, Quận 1", [("số 54", "name"), ("Quận 1", "address")]),
    ("vi", "bão số 10 mạnh cấp 12, giật cấp 15", [("số 10", "name"), ("cấp 12", "name"), ("cấp 15", "name")]),
    ("vi", "khánh thành Nhiệt điện Vũng Áng 2 hôm qua", [("Áng 2", "name")]),
    ("vi", "chính quyền địa phương 2 cấp vận hành", [("chính quyền địa phương 2 cấp", "name")]),
    (
        "en",
        "Ring Road 3, National Highway 1A and metro line No. 2",
        [("Ring Road 3", "road"), ("National Highway 1A", "road"), ("metro line No. 2", "road")],
    ),
    ("en", "typhoon No. 10 killed 51 people", [("typhoon No. 10", "name")]),
    (
        "sv",
        "riksväg 1A, delprojekt 2 och tyfonen nr 10",
        [("riksväg 1A", "road"), ("delprojekt 2", "name"), ("tyfonen nr 10", "name")],
    ),
    # ordinals of events
    (
        "vi",
        "Đại hội lần thứ XIV và phiên họp thứ 54",
        [("Đại hội lần thứ XIV", "ordinal"), ("phiên họp thứ 54", "ordinal")],
    ),
    ("vi", "kỳ họp thứ mười của Quốc hội khóa XV", [("kỳ họp thứ mười", "ordinal"), ("Quốc hội khóa XV", "ordinal")]),
    ("vi", "đón vị khách thứ 20 triệu", [("vị khách thứ 20 triệu", "ordinal")]),
    ("en", "the 14th National Party Congress and the 54th session", [("14th", "ordinal"), ("54th", "ordinal")]),
    ("sv", "den 14:e nationella partikongressen", [("14:e", "ordinal")]),
    # technology, products
    (
        "vi",
        "5G, PM2.5, COVID-19 và công nghiệp 4.0",
        [("5G", "technology"), ("PM2.5", "technology"), ("COVID-19", "technology"), ("công nghiệp 4.0", "technology")],
    ),
    ("vi", "đạt chuẩn ISO 9001, trực 24/7", [("ISO 9001", "technology"), ("24/7", "technology")]),
    (
        "en",
        "the S&P 500, Industry 4.0 and 5G",
        [("S&P 500", "technology"), ("Industry 4.0", "technology"), ("5G", "technology")],
    ),
    # times, ages, scores
    ("vi", "từ 14h30 đến 17 giờ ngày 3/10", [("14h30", "clock"), ("17 giờ", "time")]),
    ("vi", "lúc 8 giờ 30 phút sáng", [("8 giờ 30 phút", "time")]),
    ("en", "at 8:30 a.m. local time", [("8:30", "clock")]),
    ("sv", "kl. 14.30 i salen", [("kl. 14.30", "time")]),
    ("vi", "người dưới 42 tuổi, trẻ 6-11 tuổi", [("42 tuổi", "age"), ("6-11 tuổi", "age")]),
    ("en", "a 55-year-old farmer; workers aged 15-24", [("55-year-old", "age"), ("aged 15-24", "age")]),
    ("vi", "thắng với tỷ số 2-1", [("tỷ số 2-1", "score")]),
    # phones, plates, lists, addresses of the web
    ("vi", "gọi 0912 345 678 hoặc +84 24 3825 1234", [("0912 345 678", "phone"), ("84 24 3825 1234", "phone")]),
    ("vi", "xe 29A-123.45 và tàu BĐ 97258 TS", [("29A-123.45", "plate"), ("97258 TS", "plate")]),
    (
        "vi",
        "1. Tăng thu\n2) Giảm chi\n(3) Tiết kiệm",
        [("1.", "list_number"), ("2)", "list_number"), ("3)", "list_number")],
    ),
    ("vi", "gồm: (1) tăng thu; (2) giảm chi", [("1", "list_number"), ("2", "list_number")]),
    ("vi", "xem https://vi.du/2025/tin-12.html nhé", [("https://vi.du/2025/tin-12.html", "address")]),
    ("vi", "Ảnh 3: cầu cảng", [("Ảnh 3", "caption")]),
    # idioms, spoiled sentences
    ("vi", "một số xã, một trong những tỉnh", [("một số", "idiom"), ("một trong những", "idiom")]),
    ("vi", "DNUM_ABZABZCACF 06:52 tăng 5%", [("DNUM_ABZABZCACF 06:52 tăng 5%", "spoiled")]),
]

KEPT = [
    ("vi", "GRDP tăng 8,02%, thu 46.686/152.146 tỷ đồng, xếp hạng 44/139"),
    ("vi", "giao 50.687/100.275 căn, đạt 18/22 chỉ tiêu"),
    ("vi", "có 12 nghị quyết, 3 luật và 5 dự án"),
    ("vi", "kế hoạch 5 năm, kế hoạch 12 dự án"),
    ("vi", "ngày 30/6/2026, quý I/2025, 9 tháng năm 2025, giai đoạn 2021-2025"),
    ("vi", "tuổi thọ bình quân 74,8 tuổi"),
    ("vi", "kéo dài 48 giờ, trong 8 giờ"),
    ("vi", "xã có 4 thôn, mỗi thôn 120 hộ"),
    ("vi", "gồm 2 tuyến, 10 tuyến và 6 đoạn"),
    ("vi", "Huế 3, Hà Nội 12"),
    ("vi", "một nghìn hai trăm người, một phần ba số hộ"),
    ("vi", "trong số 34 tỉnh, con số 12, hệ số 1,5"),
    ("vi", "lãi suất 4,0%/năm, giảm 4.0%"),
    ("en", "On March 5, 2025 it rose 8.02% to 12 projects"),
    ("en", "it ranked 44th of 139 economies"),
    ("en", "the plan counts 5 laws and 12 resolutions in 34 provinces"),
    ("en", "60m wide, $5m, 12 GB"),
    ("sv", "den 5 mars 2025 ökade det 8,02 % till 12 projekt"),
    ("sv", "på 44:e plats av 139 länder, 34 provinser"),
]


@pytest.mark.parametrize(("language", "text", "expected"), MASKED)
def test_masks(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    masks = read(text, language).masks
    assert [(text[mask.start : mask.end], mask.kind) for mask in masks] == expected


@pytest.mark.parametrize(("language", "text"), KEPT)
def test_figures_and_dates_are_left_alone(language: str, text: str) -> None:
    assert [text[mask.start : mask.end] for mask in read(text, language).masks] == []


@pytest.mark.parametrize(("language", "text", "expected"), MASKED)
def test_nothing_masked_is_read(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    reading = read(text, language)
    for quantity in reading.quantities:
        assert not any(m.start <= quantity.number_start < m.end for m in reading.masks), quantity


def test_dates_of_documents_stay_periods() -> None:
    reading = read("Nghị quyết số 57-NQ/TW ngày 22/12/2024", "vi")
    assert [period.code for period in reading.periods] == ["2024-12-22"]
    assert reading.quantities == []


def test_a_year_with_its_amount_missing_takes_no_unit() -> None:
    assert all(quantity.value != 2024 for quantity in read("vượt năm 2024 tỷ đồng", "vi").quantities)


def test_rules_name_all_rows_that_took_part() -> None:
    (mask,) = read("theo Điều 5 và 6", "vi").masks
    assert mask.rule == "vi.masks.clause"
    assert mask.rules == ("vi.masks.clause", "vi.masks.list")


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from("Điều 57-NQ/TW.,:()[]h số một 1090+@\n\u0301x"), max_size=60),
    st.sampled_from(["vi", "en", "sv"]),
)
def test_any_text_is_answered(text: str, language: str) -> None:
    reading = read(text, language)
    end = 0
    for mask in reading.masks:
        assert end <= mask.start < mask.end <= len(reading.source.text)
        assert mask.kind
        assert mask.rule
        end = mask.end


@pytest.mark.parametrize(
    "piece", ["Điều 5, 6 và ", "(1) ", "57-NQ/", "0912 ", "1:02:", "số số ", "một số ", "+84 ", "a@b."]
)
def test_time_grows_with_length(piece: str) -> None:
    """Four times the text may not cost much more than four times the time; sixteen times would be quadratic."""

    def cost(times: int) -> float:
        started = process_time()
        read(piece * times, "vi")
        return process_time() - started

    cost(50)
    short = min(cost(400) for _ in range(3))
    assert min(cost(1600) for _ in range(3)) < 10 * short + 0.05
