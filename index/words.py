"""What a person types as full-text queries: any string in, `Words` out.

>>> Words.of('"tăng trưởng" GDP -tín*').match
'"tang truong" AND "gdp" NOT "tin" *'

Quoted words are a phrase, `word*` is a beginning, `-word` excludes; everything else is a word that must occur. Spellings that
mean the same (tỷ/tỉ, kỹ/kĩ) come from the language tables and are searched together; capitals and NFD fold by themselves.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise

from extract.lexicon import languages, lexicon

_TERM = re.compile(r'(-?)"([^"]*)"?(\*?)|(-?)([^\s"]+)')
_TOKEN = re.compile(r"[^\W_]+")
MOST = 24
"""Terms of a query that are looked at; the rest of a longer text is left out."""
NEIGHBOURS = 8
"""Words up to which neighbours are looked for."""
LONGEST = 64
"""Letters of one term that are looked at."""


class _Letters(dict[int, str]):
    """Character → what remains of it, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code)).translate(_STROKES)
        bare = "".join(char for char in parts if not unicodedata.combining(char))
        self[code] = unicodedata.normalize("NFC", bare).lower()
        return self[code]


_STROKES = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
_LETTERS = _Letters()


def fold(text: str) -> str:
    """`text` in small letters without marks: Đường → duong.

    >>> fold("ĐỒNG NAI")
    'dong nai'
    """
    return text.translate(_LETTERS)


@cache
def _variants() -> dict[str, list[str]]:
    """Folded syllables that are also spelled otherwise: ty → ti …"""
    found: dict[str, list[str]] = {}
    for code in languages():
        for pair in lexicon(code).facts.get("variants", ()):
            one, other = map(fold, pair)
            if one != other:
                found.setdefault(one, []).append(other)
                found.setdefault(other, []).append(one)
    return found


def _marked_spellings(word: str) -> list[str]:
    """`word` as it may also be spelled with its marks on: hoà → hòa."""
    found = dict.fromkeys(spelling for code in languages() for spelling in lexicon(code).spellings(word))
    return list(found)[:8]


@dataclass(frozen=True, slots=True)
class Words:
    """Expressions of FTS5; all None where nothing can be searched.

    `match` finds (in the index without marks), `exact` finds the same with the marks as typed (in the other index), `all` is
    `match` without the exclusions, `together` holds where the words stand side by side, `marks` is for highlighting.
    """

    match: str | None
    exact: str | None
    all: str | None = None
    together: str | None = None
    marks: str | None = None
    tokens: tuple[str, ...] = ()
    """The words that must occur, folded."""
    some: str | None = None
    """`match` where any of the words or of the neighbours may stand alone, exclusions kept."""
    single: bool = False
    """No phrases and no exclusions: what `exact` finds is then a part of what `match` finds."""

    @classmethod
    def of(cls, query: str) -> "Words":
        """Read any string."""
        wanted: list[str] = []
        exactly: list[str] = []
        unwanted: list[str] = []
        tokens: list[str] = []
        text = unicodedata.normalize("NFC", query[:10_000]).lower()
        for match in islice(_TERM.finditer(text), MOST):
            quoted = match[2] is not None
            minus = match[1] if quoted else match[4]
            body = match[2] if quoted else match[5]
            star = match[3] == "*" if quoted else body.endswith("*")
            parts = [part[:LONGEST] for part in _TOKEN.findall(body)][:MOST]
            if not parts:
                continue
            folded = [fold(part) for part in parts]
            if minus:
                unwanted.append(_phrase(folded, star))
                continue
            tokens += folded
            wanted.append(_any(_respelled(folded), star))
            # the exact index keeps no positions: a phrase is its words, a beginning stays one
            exactly += [
                _any([[spelling] for spelling in _marked_spellings(part)], star and part is parts[-1]) for part in parts
            ]
        if not wanted:
            return cls(None, None)
        every = " AND ".join(wanted)
        # Vietnamese words are written as several syllables: neighbours that are found side by side are worth more
        neighbours = pairwise(tokens) if len(tokens) <= NEIGHBOURS else ()
        pairs = [_any(_respelled([one, other]), False) for one, other in neighbours]
        return cls(
            every + "".join(f" NOT {phrase}" for phrase in unwanted),
            " AND ".join(exactly),
            every,
            " AND ".join(pairs) or None,
            f"{every} AND ({' OR '.join([wanted[0], *pairs])})",
            tuple(tokens),
            _some(tokens, unwanted),
            len(tokens) == len(wanted) and not unwanted,
        )


def _some(tokens: list[str], unwanted: list[str]) -> str | None:
    """Any of the words, and the neighbours as phrases: BM25 then counts a pair that is found whole once more."""
    parts = dict.fromkeys(
        [*(_phrase([token], False) for token in tokens), *(_phrase([*two], False) for two in pairwise(tokens))]
    )
    if len(parts) < 2:
        return None
    return "(" + " OR ".join(parts) + ")" + "".join(f" NOT {phrase}" for phrase in unwanted)


def _respelled(parts: list[str]) -> list[list[str]]:
    """A folded phrase in its spellings, at most 8."""
    phrases = [parts]
    for i, part in enumerate(parts):
        for other in _variants().get(part, ()):
            phrases += [[*phrase[:i], other, *phrase[i + 1 :]] for phrase in phrases[:4]]
    return phrases[:8]


def _phrase(parts: list[str], star: bool) -> str:
    return '"' + " ".join(parts) + '"' + (" *" if star else "")


def _any(phrases: list[list[str]], star: bool) -> str:
    texts = list(dict.fromkeys(_phrase(phrase, star) for phrase in phrases))
    return texts[0] if len(texts) == 1 else "(" + " OR ".join(texts) + ")"
