"""Reads quantities: Tokens in, a list of Quantity out."""

from extract.quantity import Quantity
from extract.tokens import Tokens


def find_quantities(tokens: Tokens) -> list[Quantity]:
    """Find the quantities among the unclaimed tokens, in reading order."""
    return []
