"""Threads of commitments: acts as the articles report them in, what belongs to one act out.

>>> threads([act("a", "Bộ Xây dựng", "trình đề án nhà ở"), act("b", "Bộ Xây dựng", "trình đề án phát triển nhà ở")])
{'a': 'a', 'b': 'a'}

One actor's acts are one where the shorter wording shares most of its words with the other, or both name one document.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from index.words import fold

_SHARE = 0.7
_NEWEST = 200
"""Acts of one actor that a new one is compared with, the newest first: this keeps the work linear."""


@dataclass(frozen=True, slots=True)
class Act:
    """A commitment as far as threading needs it, in the order of publication."""

    id: str
    actor: str | None
    action: str
    instrument: str | None


def threads(acts: Iterable[Act]) -> dict[str, str]:
    """The first commitment of the same act, for every commitment."""
    by_actor: dict[str, list[tuple[frozenset[str], str, str]]] = defaultdict(list)
    found: dict[str, str] = {}
    for act in acts:
        words = frozenset(fold(act.action).split())
        paper = fold(act.instrument or "")
        found[act.id] = act.id
        if act.actor is None:
            continue
        known = by_actor[fold(act.actor)]
        for other, other_paper, head in reversed(known[-_NEWEST:]):
            shared = len(words & other)
            few = min(len(words), len(other))
            if few >= 3 and shared >= _SHARE * few and (not paper or not other_paper or paper == other_paper):
                found[act.id] = head
                break
        known.append((words, paper, found[act.id]))
    return found
