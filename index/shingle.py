"""What the static encoder reads of a text: its words as written, without marks, and in pairs, as row numbers.

In: any text. Out: the distinct rows of the embedding table that its features stand in, sorted by first occurrence.

>>> Shingles(("xuat", "khau", "xuat khau"), buckets=0).ids("Xuất khẩu")
[0, 1, 2]

Vietnamese writes a word as several syllables, so pairs of neighbours are the words; without marks they are the same on any
keyboard, and the marks that were typed are features of their own. What the vocabulary lacks shares `buckets` by hash; words
longer than LONG letters (no Vietnamese syllable is) and unknown words are read in pieces of PIECE letters too, so that
compounds and endings of other languages find their relatives.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from index.words import fold

_WORD = re.compile(r"\w+")
LONG = 7
PIECE = 5


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def _pieces(word: str) -> Iterator[str]:
    """'<xuat>' in runs of PIECE letters."""
    framed = f"<{word}>"
    return (framed[i : i + PIECE] for i in range(max(1, len(framed) - PIECE + 1)))


def features(text: str) -> Iterator[str]:
    """The features that a vocabulary may hold, by which it is chosen: words with marks, folded words, folded pairs."""
    words = _words(text)
    folded = [fold(word) for word in words]
    yield from (word for word, bare in zip(words, folded, strict=True) if word != bare)
    yield from folded
    yield from map(" ".join, pairwise(folded))


@dataclass(frozen=True, slots=True)
class Shingles:
    """A vocabulary of features, row by row; `buckets` further rows are shared by all others."""

    vocabulary: tuple[str, ...]
    buckets: int
    _rows: dict[str, int] = field(init=False, repr=False, compare=False)
    _known: dict[str, tuple[str, list[int]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rows", {feature: row for row, feature in enumerate(self.vocabulary)})
        object.__setattr__(self, "_known", {})

    def _bucket(self, feature: str) -> list[int]:
        if not self.buckets:
            return []
        # not hash(): it differs from run to run
        return [len(self.vocabulary) + zlib.crc32(feature.encode("utf-8", "surrogatepass")) % self.buckets]

    def _word(self, word: str) -> tuple[str, list[int]]:
        bare = fold(word)
        rows: list[int] = []
        if word != bare and word in self._rows:
            rows.append(self._rows[word])
        row = self._rows.get(bare)
        rows += self._bucket(bare) if row is None else [row]
        if row is None or len(bare) > LONG:
            for piece in _pieces(bare[:64]):
                rows += self._bucket(piece)
        return bare, rows

    def ids(self, text: str) -> list[int]:
        """Distinct rows of `text`; none where it has no word."""
        rows: list[int] = []
        before: str | None = None
        known, table = self._known, self._rows
        if len(known) > 200_000:
            known.clear()
        for word in _words(text):
            read = known.get(word)
            if read is None:
                read = known[word] = self._word(word)
            bare = read[0]
            rows += read[1]
            if before is not None:
                pair = before + " " + bare
                row = table.get(pair)
                if row is None:
                    rows += self._bucket(pair)
                else:
                    rows.append(row)
            before = bare
        return list(dict.fromkeys(rows))


def chosen(counts: Iterable[tuple[str, int]], size: int, least: int) -> tuple[str, ...]:
    """The vocabulary: words that stand in `least` texts, then the commonest pairs up to `size` features."""
    ranked = sorted(counts, key=lambda item: (" " in item[0], -item[1], item[0]))
    return tuple(feature for feature, count in ranked if count >= least)[:size]
