"""Places: which are meant, and in which version."""

from datetime import date

import pytest

from extract.cue import Cues
from extract.lexicon import catalogue, languages, lexicon
from extract.pipeline import read
from extract.place import find_places, place_version


def roles(text: str, language: str = "vi") -> list[tuple[str, str]]:
    return [(place.name, place.role) for place in find_places(Cues(read(text, language).tokens), set())]


@pytest.mark.parametrize(
    ("slug", "marker", "published", "end", "expected"),
    [
        ("hai_phong", None, date(2026, 1, 5), date(2025, 12, 31), "hai_phong@34"),
        ("hai_phong", None, date(2025, 6, 5), date(2025, 3, 31), "hai_phong@63"),
        ("hai_phong", None, date(2026, 1, 5), date(2024, 12, 31), None),
        ("hai_phong", "old", date(2026, 1, 5), date(2025, 12, 31), "hai_phong@63"),
        ("hai_phong", "new", date(2025, 6, 5), None, "hai_phong@34"),
        ("binh_duong", None, date(2026, 1, 5), date(2025, 12, 31), "binh_duong@63"),
        ("ha_noi", None, date(2026, 1, 5), date(2024, 12, 31), "ha_noi"),
        ("hue", None, None, None, "hue"),
        (None, None, date(2026, 1, 5), None, None),
    ],
)
def test_version(
    slug: str | None, marker: str | None, published: date | None, end: date | None, expected: str | None
) -> None:
    assert place_version(slug, marker, published, end) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Dân số tỉnh Nghệ An", "vi", [("tỉnh", "local"), ("Nghệ An", "plain")]),
        ("UBND tỉnh Nghệ An ban hành", "vi", [("tỉnh", "local"), ("Nghệ An", "organisation")]),
        ("ông Nguyễn Hòa Bình nói", "vi", []),
        ("khu vực Thái Bình Dương", "vi", []),
        ("khu vực Đông Nam Á", "vi", [("Đông Nam Á", "plain")]),
        ("xã Tuyên Quang thuộc tỉnh", "vi", [("xã Tuyên Quang", "plain"), ("tỉnh", "local")]),
        ("Bia Hà Nội tăng giá", "vi", [("Hà Nội", "plain")]),
        ("xuất khẩu sang Hoa Kỳ", "vi", [("Hoa Kỳ", "direction")]),
        ("An Phuoc commune", "en", [("An Phuoc commune", "plain")]),
        ("the People's Committee of Dong Nai province", "en", [("Dong Nai", "organisation")]),
        ("Hai Phongs partisekreterare", "sv", [("Hai Phongs", "plain")]),
    ],
)
def test_roles(text: str, language: str, expected: list[tuple[str, str]]) -> None:
    assert roles(text, language) == expected


def test_a_marker_gives_the_version() -> None:
    (place,) = find_places(Cues(read("GRDP của Bắc Ninh (cũ) tăng", "vi").tokens), set())
    assert (place.name, place.version) == ("Bắc Ninh", "old")


def test_the_catalogue_of_places() -> None:
    rows = catalogue("places")
    provinces = [row for row in rows.values() if row["kind"] in ("city", "province")]
    old = [row for row in provinces if "from" not in row]
    new = [row for row in provinces if "to" not in row]
    assert (len(old), len(new)) == (63, 34)
    assert len({row["code"] for row in old}) == 63
    assert len({row["code"] for row in new}) == 34
    for row in provinces:
        for parent in row.get("parents", ()):
            assert rows[parent]["successor"] == row["id"]
    assert sum(row["kind"] == "special_zone" for row in rows.values()) == 13
    assert sum(row["kind"] == "city" for row in new) == 6
    (change,) = rows["dong_nai@34"]["changes"]
    assert (change["from"], change["kind"]) == ("2026-04-30", "city")


@pytest.mark.parametrize("code", languages())
def test_names_lead_to_the_catalogue(code: str) -> None:
    slugs = {row["slug"] for row in catalogue("places").values()} | {""}
    assert {row.data["place"] for row in lexicon(code).category("places")} <= slugs
