"""Several orders of the same things into one: reciprocal rank fusion (Cormack, Clarke, Büttcher 2009).

>>> fuse([["a", "b", "c"], ["b", "c"]])
['b', 'c', 'a']
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

Thing = TypeVar("Thing", bound=Hashable)

SOFT = 3
"""How slowly the worth of a rank falls: 1 / (SOFT + rank). Measured by benchmarks/retrieval.py between 2 and 60."""


def fuse(orders: Iterable[Sequence[Thing]]) -> list[Thing]:
    """All that stand in any of `orders` (best first), by the sum of 1 / (SOFT + rank); ties as they were first met."""
    worth: dict[Thing, float] = {}
    for order in orders:
        for rank, thing in enumerate(order, 1):
            worth[thing] = worth.get(thing, 0.0) + 1 / (SOFT + rank)
    return sorted(worth, key=lambda thing: -worth[thing])
