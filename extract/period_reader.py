"""Reads periods: Tokens in, a list of Period out."""

from datetime import date

from extract.period import Period
from extract.tokens import Tokens


def find_periods(tokens: Tokens, published: date | None) -> list[Period]:
    """Find and claim the periods of a text, in reading order."""
    return []
