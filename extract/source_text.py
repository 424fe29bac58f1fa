"""The caller's text made readable without losing its offsets.

In: any string (NFD, full-width digits, control characters, lone surrogates). Out: a `SourceText` whose `text` is NFC with
plain digits and spaces, and whose `origin(start, end)` gives the offsets of the same words in the caller's string.

>>> SourceText.of("đạt １０ tỷ").text
'đạt 10 tỷ'
"""

import re
import unicodedata
from dataclasses import dataclass

_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xa0\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff\uff01-\uff5e\ud800-\udfff]"
)
"""Characters that are replaced one for one: controls, spaces of other widths, direction marks, full-width forms, surrogates."""


def _plain(match: re.Match[str]) -> str:
    char = match.group()
    if "\uff01" <= char <= "\uff5e":  # full-width ASCII
        return chr(ord(char) - 0xFEE0)
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    return " "


@dataclass(frozen=True, slots=True)
class SourceText:
    """`text` for reading; `offsets` maps each of its positions (and its end) to the caller's, None where they are equal."""

    text: str
    offsets: tuple[int, ...] | None = None

    @classmethod
    def of(cls, text: str) -> "SourceText":
        """Normalise `text`. One character for one character, except where NFC joins a letter with its marks."""
        if unicodedata.is_normalized("NFC", text):
            return cls(_ODD.sub(_plain, text))
        pieces: list[str] = []
        offsets: list[int] = []
        start = 0
        for i in range(1, len(text) + 1):
            if i == len(text) or not unicodedata.combining(text[i]):
                piece = unicodedata.normalize("NFC", text[start:i])
                pieces.append(piece)
                offsets.extend(min(start + k, i - 1) for k in range(len(piece)))
                start = i
        offsets.append(len(text))
        return cls(_ODD.sub(_plain, "".join(pieces)), tuple(offsets))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the caller's string of `text[start:end]`."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end]
