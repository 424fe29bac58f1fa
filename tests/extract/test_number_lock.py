"""The number lock against what programs that write summaries do to numbers: each fault is found, honest words pass."""

from dataclasses import replace
from datetime import date

import pytest

from extract.number_lock import Source, lock

VI = Source(
    "Theo Cục Thống kê, xuất khẩu năm 2025 đạt 475 tỷ USD, nhập khẩu đạt 455 tỷ USD. "
    "Chính phủ đặt mục tiêu lạm phát năm 2026 không quá 4,5%. "
    "Vốn đầu tư công giải ngân trong 9 tháng đầu năm 2025 là 440 nghìn tỷ đồng, tăng 12,3% so với cùng kỳ năm trước. "
    "Hà Nội thu hút 4,2 tỷ USD, TP.HCM thu hút 6,8 tỷ USD trong năm 2025. "
    "Bộ Xây dựng phấn đấu hoàn thành khoảng 100.000 căn nhà ở xã hội đến năm 2030.",
    "vi",
    date(2026, 1, 6),
)
EN = Source(
    "Exports reached 475 billion USD in 2025, while imports reached 455 billion USD. "
    "The government aims to keep inflation in 2026 at no more than 4.5 percent.",
    "en",
    date(2026, 1, 6),
)
SV = Source(
    "Exporten uppgick till 475 miljarder dollar 2025 och importen till 455 miljarder dollar. "
    "Regeringens mål är en inflation på högst 4,5 procent 2026.",
    "sv",
    date(2026, 1, 6),
)

HONEST = [
    (VI, "Xuất khẩu năm 2025 đạt 475 tỷ USD."),
    (VI, "Năm 2025, xuất khẩu đạt 475 tỷ USD và nhập khẩu đạt 455 tỷ USD."),
    (VI, "Chính phủ đặt mục tiêu lạm phát năm 2026 không quá 4,5%."),
    (VI, "Giải ngân vốn đầu tư công trong 9 tháng đầu năm 2025 là 440.000 tỷ đồng."),
    (EN, "Exports reached 475 billion USD in 2025."),
    (SV, "Exporten uppgick till 475 miljarder dollar 2025."),
]
FAULTS = [
    ("a digit", VI, "Xuất khẩu năm 2025 đạt 476 tỷ USD.", "number"),
    ("a digit in a number word", VI, "Xuất khẩu năm 2025 đạt 4.750 tỷ USD.", "number"),
    ("the scale", VI, "Xuất khẩu năm 2025 đạt 475 triệu USD.", "number"),
    ("the decimal mark", VI, "Chính phủ đặt mục tiêu lạm phát năm 2026 không quá 45%.", "number"),
    ("the currency", VI, "Xuất khẩu năm 2025 đạt 475 tỷ đồng.", "unit"),
    ("percent and point", VI, "Chính phủ đặt mục tiêu lạm phát năm 2026 không quá 4,5 điểm phần trăm.", "unit"),
    ("the bound", VI, "Chính phủ đặt mục tiêu lạm phát năm 2026 là 4,5%.", "bound"),
    ("another bound", VI, "Chính phủ đặt mục tiêu lạm phát năm 2026 ít nhất 4,5%.", "bound"),
    ("an added bound", VI, "Xuất khẩu năm 2025 đạt hơn 475 tỷ USD.", "bound"),
    ("a dropped about", VI, "Bộ Xây dựng phấn đấu hoàn thành 100.000 căn nhà ở xã hội đến năm 2030.", "bound"),
    ("the subjects", VI, "Nhập khẩu năm 2025 đạt 475 tỷ USD.", "subject"),
    ("both subjects", VI, "Nhập khẩu năm 2025 đạt 475 tỷ USD, xuất khẩu đạt 455 tỷ USD.", "subject"),
    ("the places", VI, "Hà Nội thu hút 6,8 tỷ USD trong năm 2025.", "place"),
    ("the year", VI, "Xuất khẩu năm 2024 đạt 475 tỷ USD.", "period"),
    ("a year named elsewhere", VI, "Xuất khẩu năm 2026 đạt 475 tỷ USD.", "period"),
    ("the months", VI, "Giải ngân vốn đầu tư công trong 6 tháng đầu năm 2025 là 440 nghìn tỷ đồng.", "period"),
    ("the date of an aim", VI, "Chính phủ đặt mục tiêu lạm phát không quá 4,5%.", "period"),
    (
        "up and down",
        VI,
        "Vốn đầu tư công giải ngân trong 9 tháng đầu năm 2025 giảm 12,3% so với cùng kỳ năm trước.",
        "direction",
    ),
    ("aim and result", VI, "Lạm phát năm 2026 không quá 4,5%, theo số liệu đã công bố.", "modality"),
    ("the speaker", VI, "Theo Ngân hàng Thế giới, xuất khẩu năm 2025 đạt 475 tỷ USD.", "speaker"),
    ("an invented number", VI, "Xuất khẩu năm 2025 đạt 475 tỷ USD, với 30 thị trường.", "number"),
    ("subjects in English", EN, "Imports reached 475 billion USD in 2025.", "subject"),
    ("scale in English", EN, "Exports reached 475 million USD in 2025.", "number"),
    ("bound in English", EN, "The government aims to keep inflation in 2026 at 4.5 percent.", "bound"),
    ("subjects in Swedish", SV, "Importen uppgick till 475 miljarder dollar 2025.", "subject"),
    ("bound in Swedish", SV, "Regeringens mål är en inflation på 4,5 procent 2026.", "bound"),
]


@pytest.mark.parametrize(("source", "summary"), HONEST, ids=lambda value: getattr(value, "language", None))
def test_honest_summaries_pass(source: Source, summary: str) -> None:
    assert lock(summary, [source], source.language) == ()


@pytest.mark.parametrize(("changed", "source", "summary", "kind"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_what_was_changed_is_found(changed: str, source: Source, summary: str, kind: str) -> None:
    breaches = lock(summary, [source], source.language)
    assert kind in {breach.kind for breach in breaches}, (changed, breaches)
    for breach in breaches:
        assert summary[breach.start : breach.end] == breach.exact


@pytest.mark.parametrize("source", [VI, EN, SV], ids=lambda source: source.language)
def test_every_whole_sentence_of_a_source_passes(source: Source) -> None:
    for sentence in source.text.split(". "):
        assert lock(sentence.rstrip(".") + ".", [source], source.language) == ()
    assert lock(source.text, [source], source.language) == ()


def test_a_part_of_a_sentence_is_no_whole_one() -> None:
    assert "475 tỷ USD" in VI.text
    assert [breach.kind for breach in lock("Năm 2026, lạm phát là 4,5%.", [VI], "vi")] != []


def test_every_digit_counts() -> None:
    """Each digit of a summary that passes, replaced: none may pass."""
    honest = "Xuất khẩu năm 2025 đạt 475 tỷ USD và nhập khẩu đạt 455 tỷ USD."
    assert lock(honest, [VI], "vi") == ()
    for i, char in enumerate(honest):
        if char.isdigit():
            other = str((int(char) + 3) % 10)
            assert lock(honest[:i] + other + honest[i + 1 :], [VI], "vi"), i


def test_a_sentence_that_leans_needs_the_one_it_leans_on() -> None:
    source = Source(
        "Sản lượng gạo năm 2025 đạt 43 triệu tấn. Con số này cao hơn năm trước 5%. Sản lượng cà phê đạt 1,8 triệu tấn.",
        "vi",
        date(2026, 1, 6),
    )
    assert lock("Sản lượng gạo năm 2025 đạt 43 triệu tấn. Con số này cao hơn năm trước 5%.", [source], "vi") == ()
    assert lock("Sản lượng cà phê đạt 1,8 triệu tấn. Con số này cao hơn năm trước 5%.", [source], "vi")


def test_several_sources_are_one_story() -> None:
    other = replace(VI, text="Sản lượng gạo năm 2025 đạt 43 triệu tấn.")
    words = "Xuất khẩu năm 2025 đạt 475 tỷ USD. Sản lượng gạo năm 2025 đạt 43 triệu tấn."
    assert lock(words, [VI, other], "vi") == ()
    assert lock(words, [VI], "vi")


def test_in_another_language_only_what_can_be_told_to_be_the_same_passes() -> None:
    assert lock("Exports reached 475 billion USD in 2025.", [VI], "en") == ()
    assert [breach.kind for breach in lock("Imports reached 475 billion USD in 2025.", [VI], "en")] == ["subject"]


def test_decomposed_letters_keep_their_offsets() -> None:
    import unicodedata

    summary = unicodedata.normalize("NFD", "Xuất khẩu năm 2025 đạt 476 tỷ USD.")
    (breach,) = [breach for breach in lock(summary, [VI], "vi") if breach.kind == "number"]
    assert breach.exact == summary[breach.start : breach.end]
    assert "476" in breach.exact


def test_nothing_and_no_source() -> None:
    assert lock("", [VI], "vi") == ()
    assert lock("Xuất khẩu năm 2025 đạt 475 tỷ USD.", [], "vi")
