"""Masks: what looks like a number of the text and is no figure (dates aside: those are periods)."""

from dataclasses import dataclass

from extract.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Mask:
    """Characters `start` to `end` that no other reader may take, and the class of thing they are (document, phone …)."""

    start: int
    end: int
    kind: str
    rule: str


def find_masks(tokens: Tokens) -> list[Mask]:
    """Find and claim what is no figure."""
    return []
