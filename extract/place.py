"""Places that a text names, and which version of them is meant.

In: `Tokens` and `Cues`. Out: `Place`s in reading order, and for a slug, a date and a marker the id of the versioned unit
("hai_phong@34" from 2025-07-01). A place inside the name of a person is none; inside the name of an organisation it only
counts as a hint of what the text is about.

>>> place_version("hai_phong", None, date(2026, 1, 5), date(2025, 12, 31))
'hai_phong@34'
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from extract.cue import Cues
from extract.lexicon import catalogue

MERGER = date(2025, 7, 1)
"""63 units became 34 (Decision 19/2025/QĐ-TTg)."""

NATION = "vn"
_NAME_WORDS = 4
_ORGANISATION_REACH = 7


@dataclass(frozen=True, slots=True)
class Place:
    """Tokens `start` up to `end` name a place. `role`: plain, organisation (part of a body's name), direction (goods go
    there), local ("the whole province": whichever the text is about)."""

    start: int
    end: int
    name: str
    slug: str | None
    kind: str
    role: str
    version: str | None = None
    """`old` or `new` where the text says so ("(cũ)", "sau sáp nhập")."""
    rules: tuple[str, ...] = ()


@cache
def _kinds() -> dict[str, str]:
    return {row.get("slug", key): row["kind"] for key, row in catalogue("places").items()}


@cache
def _versions() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for key, row in catalogue("places").items():
        found.setdefault(row["slug"], {})[key.partition("@")[2]] = row
    return found


def place_version(slug: str | None, marker: str | None, published: date | None, period_end: date | None) -> str | None:
    """The id of the unit that `slug` names, None where that cannot be told (period before the merger, text after it)."""
    versions = _versions().get(slug or "", {})
    if not versions:
        return None
    if len(versions) == 1:
        return str(next(iter(versions.values()))["id"])
    if marker == "old":
        return f"{slug}@63"
    if marker == "new":
        return f"{slug}@34"
    if published is None:
        return f"{slug}@34" if period_end and period_end >= MERGER else None
    if published < MERGER:
        return f"{slug}@63"
    if period_end is not None and period_end < MERGER:
        return None
    return f"{slug}@34"


def find_places(cues: Cues, taken: set[int]) -> list[Place]:
    """Places of a text, in reading order. `taken` are tokens that belong to quantities ("34 tỉnh")."""
    found: list[Place] = []
    end = 0
    for i in _openings(cues):
        if i < end or i in taken:
            continue
        place = _small(cues, i) or _named(cues, i) or _local(cues, i)
        if place is not None:
            end = place.end
            if place.slug != "":
                found.append(place)
    return found


def _openings(cues: Cues) -> list[int]:
    """Tokens at which a place may begin: a known name, a word for one, or the name before a class ("An Phuoc commune")."""
    starts = {match.start for match in cues.all("places")}
    starts.update(match.start for match in cues.all("place_words", "local"))
    for match in cues.all("place_words", "class"):
        k = match.start
        if match.row.data.get("side") == "after":
            k -= 1
            if k > 0 and cues.tokens.words[k] == "-":
                k -= 1
            while k > 0 and _capital(cues, k - 1):
                k -= 1
        starts.add(max(k, 0))
    return sorted(starts)


def _capital(cues: Cues, i: int) -> bool:
    return 0 <= i < len(cues.tokens) and cues.tokens.words[i][:1].isupper()


def _name_after(cues: Cues, i: int) -> int:
    """End of the run of capitalised words (and one number) that starts at token `i`."""
    end = i
    while end < i + _NAME_WORDS and _capital(cues, end) and cues.at(end, "place_words", "person") is None:
        end += 1
    return end


def _small(cues: Cues, i: int) -> Place | None:
    """A unit below the province: its class stands before the name ("xã An Phước") or after it ("An Phuoc commune")."""
    tokens = cues.tokens
    word = cues.at(i, "place_words", "class")
    if word is not None and word.row.data.get("side") == "before":
        end = _name_after(cues, word.end)
        if end > word.end and tokens.lower[word.end - 1] == tokens.words[word.end - 1].lower():
            return Place(i, end, tokens.quote(i, end), None, "small", _role(cues, i), None, (word.row.id,))
    if _capital(cues, i) and not (i and _capital(cues, i - 1)):
        end = _name_after(cues, i)
        j = end + 1 if end < len(tokens) and tokens.words[end] == "-" and tokens.glued(end) else end
        after = cues.at(j, "place_words", "class") if j < len(tokens) and end > i else None
        if after is not None and after.row.data.get("side") == "after":
            return Place(i, after.end, tokens.quote(i, after.end), None, "small", _role(cues, i), None, (after.row.id,))
    return None


def _named(cues: Cues, i: int) -> Place | None:
    """A place of the tables."""
    tokens = cues.tokens
    match = cues.longest(i, "places")
    if match is None:
        return None
    slug = match.row.data["place"]
    name = tokens.quote(match.start, match.end)
    kind = _kinds().get(slug, "")
    if not slug or _in_name(cues, i):
        return Place(match.start, match.end, name, "", kind, "name", None, (match.row.id,))
    end = match.end
    version = None
    opening = end < len(tokens) and tokens.words[end] == "("
    for use in ("old", "new"):
        for at in (end + 1 if opening else end, i - 1):
            marker = cues.at(at, "place_words", use) if at >= 0 else None
            if marker is not None and (marker.end == i or at >= end):
                version = use
                if at >= end:
                    end = marker.end + int(opening)
    role = _role(cues, i)
    joined = i > 0 and cues.at(i - 1, "fillers", "join") is not None
    towards = _ending(cues, i, "direction")
    if towards is not None and _ending(cues, towards, "at") is not None:
        towards = None  # "tại thị trường Mỹ": there, not towards it
    if role == "plain" and kind == "foreign" and (joined or towards is not None):
        role = "direction"
    return Place(match.start, end, name, slug, kind, role, version, (match.row.id,))


def _local(cues: Cues, i: int) -> Place | None:
    word = cues.at(i, "place_words", "local")
    if word is None:
        return None
    return Place(
        word.start, word.end, cues.tokens.quote(word.start, word.end), None, "local", "local", None, (word.row.id,)
    )


def _in_name(cues: Cues, i: int) -> bool:
    """Whether the match continues a longer name ("Nguyễn Hòa Bình", "Bia Hà Nội"): a capitalised word stands before it that
    neither opens the sentence nor is a word for provinces or bodies."""
    tokens = cues.tokens
    j = i - 1
    if j < 0 or tokens.sentences[j] != tokens.sentences[i]:
        return False
    if cues.at(j, "attributions", "title") is not None:
        return True
    if not _capital(cues, j) or not tokens.words[j].isalpha():
        return False
    if _ending(cues, i, "province") is not None or _ending(cues, i, "organisation") is not None:
        return False
    if j == 0 or tokens.sentences[j - 1] != tokens.sentences[j]:
        return len(tokens.words[j]) > 1 and tokens.words[j].isupper()
    return True


def _role(cues: Cues, i: int) -> str:
    """What the words before a place make of it."""
    tokens = cues.tokens
    j = i
    while j > 0 and (word := _ending(cues, j, "province")) is not None:
        j = word
    for k in range(max(0, j - _ORGANISATION_REACH), j):
        match = cues.at(k, "place_words", "organisation")
        if match is not None and match.end <= j and tokens.sentences[k] == tokens.sentences[i]:
            between = tokens.words[match.end : j]
            if match.end < j and _ending(cues, j, "at") is not None:
                continue
            if not any(word in ",;:.()" or word.isdigit() for word in between):
                return "organisation"
    return "plain"


def _ending(cues: Cues, end: int, use: str) -> int | None:
    """Start of a place word of that use which ends at token `end`."""
    for k in range(max(0, end - 4), end):
        match = cues.at(k, "place_words", use)
        if match is not None and match.end == end:
            return k
    return None


def ambient_place(cues: Cues, places: list[Place], sentences: int, national: list[int]) -> Place | None:
    """The place that a text is about, from its first `sentences`; None is the nation.

    The first sentence decides that names a province or a national body (`national`: the tokens where such are named). What a
    national body does "in Hanoi" is not about Hanoi, and of a local body named behind it the text is not either.
    """
    tokens = cues.tokens
    for number in range(sentences):
        first = min((i for i in national if tokens.sentences[i] == number), default=None)
        found = [
            place
            for place in places
            if tokens.sentences[place.start] == number and place.kind not in ("foreign", "small", "local", "region")
        ]
        for role in ("plain", "organisation"):
            for place in found:
                if place.role != role:
                    continue
                if place.slug == NATION:
                    return None
                if role == "plain" and first is not None and _ending(cues, place.start, "at") is not None:
                    continue
                if role == "organisation" and first is not None and first < place.start:
                    return None
                return place
        if first is not None:
            return None
    return None
