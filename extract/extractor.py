"""The one call that other layers use: a text in, an Extraction out.

>>> extract("GDP năm 2025 tăng 8,02%.", "vi").statements[0].quantity.value
Decimal('8.02')
"""

from datetime import date

from extract.pipeline import read
from extract.statement import Extraction

VERSION = "0.1"
"""Raised whenever the same text would give other statements: `solieu extract` then does every article again."""


def extract(
    text: str, language: str | None = None, published: date | None = None, title: str | None = None
) -> Extraction:
    """Read any string. `published` anchors relative periods, `title` gives context; neither is required."""
    read(text, language or "vi", published)
    return Extraction()
