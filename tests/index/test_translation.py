"""Translated numbers: planted mutations are found, honest translations raise no alarm, whichever figures were read."""

import random
from decimal import Decimal

import pytest

from index.translation import Said, Text, compare, digits, join

VI = "Mục {i} của báo cáo ghi nhận {n} trong kỳ."
EN = "Item {i} of the report records {n} for the period."


def printed(value: Decimal, language: str) -> str:
    text = f"{value:,}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def figures(chance: random.Random) -> list[tuple[Decimal, str]]:
    found: dict[Decimal, str] = {}
    while len(found) < 8:
        if chance.random() < 0.5:
            found[Decimal(chance.randint(1000, 999_999))] = "person"
        else:
            found[Decimal(chance.randint(11, 9999)) / 100] = "percent"
    return list(found.items())


def told(values: list[tuple[Decimal, str]], language: str) -> tuple[str, list[Said]]:
    """The text and its figures as an extraction of everything would give them."""
    lines, said = [], []
    for i, (value, unit) in enumerate(values):
        number = printed(value, language) + ("%" if unit == "percent" else "")
        lines.append((VI if language == "vi" else EN).format(i="abcdefgh"[i], n=number))
        said.append(Said(f"{language}{i}", value, unit, number))
    return "\n".join(lines), said


def partly_read(said: list[Said], chance: random.Random) -> list[Said]:
    return [figure for figure in said if chance.random() > 0.15]


def test_honest_translations_raise_no_alarm() -> None:
    alarms = 0
    for seed in range(100):
        chance = random.Random(seed)
        values = figures(chance)
        (vi, original), (en, translation) = told(values, "vi"), told(chance.sample(values, len(values)), "en")
        alarms += bool(compare(partly_read(original, chance), partly_read(translation, chance), vi, en))
    assert alarms == 0


def mutate(value: Decimal, unit: str, chance: random.Random) -> Decimal:
    """One misprint: two digits swapped, one digit wrong, a power of ten lost."""
    text = str(value)
    places = [i for i, char in enumerate(text) if char.isdigit()]
    how = chance.choice(("swap", "digit", "scale"))
    if how == "scale":
        return value * 10
    i = chance.randrange(len(places) - 1)
    a, b = places[i], places[i + 1]
    chars = list(text)
    if how == "swap" and chars[a] != chars[b]:
        chars[a], chars[b] = chars[b], chars[a]
    else:
        chars[a] = str((int(chars[a]) + chance.randint(1, 8)) % 10)
    return Decimal("".join(chars))


def test_planted_mutations_are_found() -> None:
    found = 0
    for seed in range(30):
        chance = random.Random(1000 + seed)
        values = figures(chance)
        at = chance.randrange(len(values))
        changed = [*values]
        changed[at] = (mutate(*values[at], chance), values[at][1])
        (vi, original), (en, translation) = told(values, "vi"), told(changed, "en")
        differences = compare(original, translation, vi, en)
        found += differences == [("altered", at, at)]
    assert found >= 28


def test_a_figure_left_out_or_put_in() -> None:
    values = figures(random.Random(5))
    (vi, original), (en, translation) = told(values, "vi"), told(values[:3] + values[4:], "en")
    assert compare(original, translation, vi, en) == [("missing", 3, None)]
    assert compare(translation, original, en, vi) == [("added", None, 3)]


def test_a_number_that_no_reader_can_read_is_malformed() -> None:
    vi, en = "có 3.261 đảng viên", "has 3.26.1 members"
    original = [Said("a", Decimal(3261), "person", "3.261")]
    translation = [Said("b", None, "person", "3.26.1", malformed=True)]
    assert compare(original, translation, vi, en) == [("malformed", None, 0)]


@pytest.mark.parametrize(
    ("a", "b"), [("3.261", "3,261"), ("3 261", "3261"), ("1,5 triệu tỷ", "1,500 trillion"), ("0,05", "0.05")]
)
def test_digits_do_not_depend_on_the_notation(a: str, b: str) -> None:
    assert digits(a) == digits(b)


def text(id_: str, url: str, language: str, day: str, of: str | None = None) -> Text:
    return Text(id_, url, "bao.test", language, f"{day}T08:00:00+07:00", of)


def test_joins_lead_to_the_original() -> None:
    none: dict[str, list[Said]] = {}
    chain = [
        text("vi", "https://bao.test/vi/bai", "vi", "2026-01-01"),
        text("en", "https://bao.test/en/x", "en", "2026-01-02", "https://bao.test/vi/bai"),
        text("sv", "https://bao.test/sv/y", "sv", "2026-01-03", "https://bao.test/en/x"),
    ]
    assert join(chain, lambda id_: none.get(id_, [])) == {"en": ("vi", "page_link"), "sv": ("vi", "page_link")}
    mutual = [
        text("vi", "https://bao.test/a", "vi", "2026-01-01", "https://bao.test/b"),
        text("en", "https://bao.test/b", "en", "2026-01-02", "https://bao.test/a"),
    ]
    assert join(mutual, lambda id_: none.get(id_, [])) == {"en": ("vi", "page_link")}
    slugs = [
        text("en", "https://bao.test/en/hai-phong-tang-truong", "en", "2026-01-02"),
        text("vi", "https://bao.test/hai-phong-tang-truong", "vi", "2026-01-01"),
        text("sv", "https://bao.test/sv/hai-phong-tang-truong", "sv", "2026-01-02"),
    ]
    assert join(slugs, lambda id_: none.get(id_, [])) == {"en": ("vi", "slug"), "sv": ("vi", "slug")}


def test_articles_that_share_few_numbers_or_days_are_not_joined() -> None:
    said = {id_: [Said(f"{id_}{v}", Decimal(v), "person", v) for v in ("3261", "991", "583", "475")] for id_ in "ab"}
    near = [text("a", "https://bao.test/a", "vi", "2026-01-01"), text("b", "https://bao.test/b", "en", "2026-01-02")]
    assert join(near, said.__getitem__) == {"b": ("a", "figures")}
    far = [near[0], text("b", "https://bao.test/b", "en", "2026-02-02")]
    assert join(far, said.__getitem__) == {}
    said["b"] = said["b"][:2]
    assert join(near, said.__getitem__) == {}
