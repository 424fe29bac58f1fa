"""Which printed number a share is a share of, told by arithmetic.

In: a part, its printed share and the levels of the article. Out: the level, or two levels that add up, of which the part is
exactly that share. A newspaper may mean a total that stands further away than the last one named ("4.16 of the 3.54 newly
registered and the 1.99 added"): a share that fits none of the numbers in sight is wrong, one that fits another is not.

>>> find_whole(part, share, levels)       # 4.16 billion, 75.2 %, levels of 6.03, 3.54 and 1.99 billion
(1, 2)
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from extract.quantity import Quantity
from extract.rounding import interval
from extract.statement import Statement

NEAR = 16
"""How many levels before a part may be its whole; pairs are tried among them, so the work stays bounded."""


def fits(part: Quantity, share: Quantity, *wholes: Quantity) -> bool:
    """Whether `part` may be `share` percent of `wholes` added up, whatever was rounded."""
    low, high = interval(share)
    (part_low, part_high), limits = interval(part), [interval(whole) for whole in wholes]
    whole_low, whole_high = sum(end[0] for end in limits), sum(end[1] for end in limits)
    return whole_low > 0 and part_low * 100 <= high * whole_high and low * whole_low <= part_high * 100


def find_whole(part: Quantity, share: Quantity, levels: Sequence[Quantity]) -> tuple[int, ...] | None:
    """Indices into `levels` (nearest last) of the one level, else the two, of which `part` is `share`; None where none is.

    A share of fewer than three digits fits too much by chance: only single levels count for it.
    """
    if share.value is None or part.value is None:
        return None
    usable = [
        i for i in range(len(levels) - 1, -1, -1)
        if levels[i].unit == part.unit and levels[i].value is not None and levels[i].value_high is None
    ][:NEAR]  # fmt: skip
    for i in usable:
        if fits(part, share, levels[i]):
            return (i,)
    if len(share.value.as_tuple().digits) >= 3:
        for i, j in combinations(usable, 2):
            if fits(part, share, levels[i], levels[j]):
                return tuple(sorted((i, j)))
    return None


def link_pairs(statements: Sequence[Statement], quantities: Sequence[Quantity]) -> list[Statement]:
    """The statements, a count printed over its total ("65/72 communes") linked to it; a value over its plan is no part."""
    at = {statement.quantity.start: i for i, statement in enumerate(statements)}
    linked = list(statements)
    for i, statement in enumerate(statements):
        q = statement.quantity
        if q.role != "plan" or q.pair is None or statement.kind != "statistic" or q.value is None:
            continue
        part = at.get(quantities[q.pair].start)
        if part is None or linked[part].part_of is not None or linked[part].quantity.unit != q.unit:
            continue
        value = linked[part].quantity.value
        if value is not None and value <= q.value and q.unit not in ("VND", "USD"):
            linked[part] = replace(linked[part], part_of=i)
            share = i + 1 if i + 1 < len(linked) else part
            if linked[share].measure == "share" and linked[share].part_of is None:
                if fits(linked[part].quantity, linked[share].quantity, q):
                    linked[share] = replace(linked[share], part_of=i)
    return linked
