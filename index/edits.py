"""Silent edits: the figures of an article in two captures in, what changed between them out.

>>> between([figure("30,9%", "30.9", before="chiếm ")], [figure("30,4%", "30.4", before="chiếm ")])
[('changed', 0, 0)]

Only figures are compared: a new headline, a moved comma or another picture is no event.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

Change = Literal["changed", "removed", "added"]

_BEFORE, _AFTER = 12, 6
"""Characters before and after a figure that must be equal for two figures to stand in one place."""


def between(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[tuple[Change, int | None, int | None]]:
    """Pairs of figures with different values, and figures that went or came, as indices into the two lists.

    Rows need `exact`, `value`, `value_high`, `unit`, `prefix`, `suffix`, `indicator_id`, `measure`, `period`.
    """
    left, right = list(range(len(before))), list(range(len(after)))
    found: list[tuple[Change, int | None, int | None]] = []
    for rule in (_unchanged, _same_place, _same_subject):
        for i in list(left):
            for j in right:
                if rule(before[i], after[j]):
                    left.remove(i)
                    right.remove(j)
                    if _value(before[i]) != _value(after[j]):
                        found.append(("changed", i, j))
                    break
    found.sort(key=lambda event: event[1] or 0)
    return found + [("removed", i, None) for i in left] + [("added", None, j) for j in right]


def _value(row: Mapping[str, Any]) -> tuple[Any, ...]:
    if row["value"] is None:
        return (row["exact"],)
    return (row["value"], row["value_high"], row["unit"])


def _sides(a: Mapping[str, Any], b: Mapping[str, Any]) -> int:
    """On how many sides the surroundings are equal."""
    return sum((a["prefix"][-_BEFORE:] == b["prefix"][-_BEFORE:], a["suffix"][:_AFTER] == b["suffix"][:_AFTER]))


def _unchanged(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    return _value(a) == _value(b) and _sides(a, b) > 0


def _same_place(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    return _value(a) == _value(b) or _sides(a, b) == 2


def _same_subject(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    keys = ("indicator_id", "measure", "unit", "period", "kind")
    return all(a[key] == b[key] for key in keys) and (a["indicator_id"] is not None or _sides(a, b) > 0)
