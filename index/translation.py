"""Translations: which article translates which, and whether its numbers survived.

In: the articles' addresses and their figures. Out: `Pair`s with the differences of their figures.

>>> compare([said("3.261", "3261")], [said("3,621", "3621")], "có 3.261 đảng viên", "has 3,621 members")
[('altered', 0, 0)]

Figures are compared as multisets of values, for sentences move in translation. A value that one extraction lacks is looked
for among the digits of the other text before it is called missing, so that a figure which was only read otherwise raises no
alarm: 3.261, 3,261 and 3 261 have the same digits, as have "1,5 triệu tỷ" and "1,500 trillion".
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from urllib.parse import urlsplit

Verdict = Literal["altered", "missing", "added", "malformed"]

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)*")
DAYS = 2
"""Days between an article and its translation, where nothing but their figures joins them."""
FIGURES = 3
"""Figures in common without which two articles are not joined by their figures."""
_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Said:
    """A figure of an article as far as a comparison needs it."""

    statement: str
    value: Decimal | None
    unit: str | None
    printed: str
    malformed: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """An article as far as joining needs it. `published` is a day or None."""

    id: str
    url: str
    source: str
    language: str
    published: str | None
    translation_of: str | None


def join(texts: Iterable[Text], figures: Callable[[str], Sequence[Said]]) -> dict[str, tuple[str, str]]:
    """Translation → (original, how it was joined): by the page's own link, by slug, else by outlet, day and figures."""
    every = sorted(texts, key=lambda t: (t.published or "9999", len(t.url), t.url))
    by_url = {text.url: text for text in every}
    found: dict[str, tuple[str, str]] = {}
    for text in every:
        other = by_url.get(text.translation_of or "")
        if other is not None and other.language != text.language and other.id != text.id:
            found[text.id] = (other.id, "page_link")
    slugs: dict[tuple[str, str], list[Text]] = defaultdict(list)
    for text in every:
        if (part := slug(text.url)) is not None:
            slugs[text.source, part].append(text)
    for group in slugs.values():
        # the address without a language in front is the original's, and the shorter one
        first = min(group, key=lambda t: (len(t.url), t.published or "9999", t.url))
        for text in group:
            if text.language != first.language and text.id not in found:
                found[text.id] = (first.id, "slug")
    _join_by_figures(every, figures, found)
    return _resolve(every, found)


def _resolve(every: Sequence[Text], found: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Every translation led to the end of its chain; of two that name each other the earlier is the original."""
    for text in every:
        original = found.get(text.id, ("", ""))[0]
        if original in found and found[original][0] == text.id:
            del found[text.id]
    resolved = {}
    for id_, (original, how) in found.items():
        seen = {id_}
        while original in found and original not in seen:
            seen.add(original)
            original = found[original][0]  # noqa: PLW2901  the end of the chain
        if original not in seen:
            resolved[id_] = (original, how)
    return resolved


def _join_by_figures(
    every: Sequence[Text], figures: Callable[[str], Sequence[Said]], found: dict[str, tuple[str, str]]
) -> None:
    languages: dict[str, set[str]] = defaultdict(set)
    for text in every:
        languages[text.source].add(text.language)
    seen: dict[tuple[str, Decimal], list[Text]] = defaultdict(list)
    taken = set(found) | {original for original, _ in found.values()}
    values: dict[str, frozenset[Decimal]] = {}
    rank = {text.id: i for i, text in enumerate(every)}
    for text in every:
        if text.id in taken or text.published is None or len(languages[text.source]) < 2:
            continue
        own = telling(said.value for said in figures(text.id))
        if len(own) < FIGURES:
            continue
        shared: Counter[str] = Counter()
        for value in own:
            for other in reversed(seen[text.source, value]):
                if not near(other.published, text.published):
                    break  # they are in the order of time
                if other.language != text.language:
                    shared[other.id] += 1
        fits = [(-n, rank[id_], id_) for id_, n in shared.items() if akin(n, len(own), len(values[id_]))]
        if fits:
            found[text.id] = (min(fits)[2], "figures")
        else:
            values[text.id] = own
            for value in own:
                seen[text.source, value].append(text)


def akin(shared: int, one: int, other: int) -> bool:
    """Whether two articles with so many telling values, `shared` of them in common, are one text in two languages."""
    return shared >= FIGURES and shared >= _SHARE * min(one, other)


def telling(values: Iterable[Decimal | None]) -> frozenset[Decimal]:
    """The values that are rare enough to recognise an article by: those with three digits or more."""
    return frozenset(value for value in values if value is not None and len(digits(format(value, "f"))) >= 3)


def near(one: str | None, other: str | None) -> bool:
    """Whether two times of publication are at most DAYS days apart."""
    if one is None or other is None:
        return False
    return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days) <= DAYS


def slug(url: str) -> str | None:
    """The last part of an address where it is long enough to tell an article by: editions share it."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    return parts[-1] if parts and len(parts[-1]) > 12 else None


def digits(printed: str) -> str:
    """The digits of a number without separators and outer zeros."""
    return re.sub(r"\D", "", printed).strip("0")


def compare(
    original: Sequence[Said], translation: Sequence[Said], original_text: str, translated_text: str
) -> list[tuple[Verdict, int | None, int | None]]:
    """Differences as (verdict, index in `original`, index in `translation`), in reading order of the original."""
    left = list(range(len(original)))
    right = list(range(len(translation)))
    for exactly in (True, False):
        for i in list(left):
            for j in right:
                a, b = original[i], translation[j]
                if a.value is not None and a.value == b.value and (not exactly or a.unit == b.unit):
                    left.remove(i)
                    right.remove(j)
                    break
    found: list[tuple[Verdict, int | None, int | None]] = []
    for i in list(left):  # the same digits in another power of ten
        for j in right:
            if original[i].unit == translation[j].unit and _off_by_power_of_ten(original[i], translation[j]):
                found.append(("altered", i, j))
                left.remove(i)
                right.remove(j)
                break
    there, here = (Counter(digits(n) for n in _NUMBER.findall(text)) for text in (translated_text, original_text))
    lost = [i for i in left if _absent(original[i], there)]
    odd = [j for j in right if _absent(translation[j], here) or translation[j].malformed]
    for i in lost:
        partner = _partner(i, original, odd, translation)
        if partner is None:
            found.append(("missing", i, None))
        else:
            odd.remove(partner)
            found.append(("malformed" if translation[partner].malformed else "altered", i, partner))
    found.sort(key=lambda difference: difference[1] or 0)
    return found + [("malformed" if translation[j].malformed else "added", None, j) for j in odd]


def _off_by_power_of_ten(one: Said, other: Said) -> bool:
    if not one.value or not other.value:
        return False
    return one.value.normalize().as_tuple().digits == other.value.normalize().as_tuple().digits


def _absent(said: Said, numbers: Mapping[str, int]) -> bool:
    """Whether the digits of a figure stand nowhere in the other text; a number in words is not looked for."""
    own = [key for part in _NUMBER.findall(said.printed) if (key := digits(part))]
    return bool(own) and any(key not in numbers for key in own)


def _partner(i: int, original: Sequence[Said], odd: Sequence[int], translation: Sequence[Said]) -> int | None:
    """The odd figure of the translation that stands where figure `i` should: the same unit, nearest in order."""
    expected = i * len(translation) / len(original)
    near = [
        j
        for j in odd
        if (translation[j].malformed or original[i].unit is None or translation[j].unit in (None, original[i].unit))
        and abs(j - expected) <= 3 + 0.15 * len(translation)
    ]
    return min(near, key=lambda j: abs(j - expected), default=None)
