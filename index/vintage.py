"""Vintages: the values that the press gave one series, kind and period, in the order of time.

In: `Mention`s, one a statement, of one series, kind and period. Out: `Vintage`s, each with the mentions that repeat it.

>>> autumn = [mention("8.23", "2025-10-06"), mention("8.2", "2025-10-07")]
>>> [str(vintage.value) for vintage in vintages([*autumn, mention("8.25", "2026-01-05")])]
['8.23', '8.25']

Values that round to each other are one value, shown as precisely as anyone printed it. A different value later is a revision
(ALFRED: a new vintage, never an update); a different result at the same time is a conflict.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

TOGETHER = 3
"""Days within which two different results are a conflict rather than a revision."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One statement of a value. `half` is half a unit of its last printed digit; `origin` its independent source."""

    statement: str
    seq: int
    published: str
    article: str
    position: int
    origin: str
    value: Decimal
    value_high: Decimal | None
    half: Decimal
    qualifier: str | None
    part_of: str | None = None

    @property
    def order(self) -> tuple[str, str, int, str]:
        """By time of publication; what is published at once, by what does not depend on when it was stored."""
        return self.published, self.article, self.position, self.statement


@dataclass(slots=True)
class Vintage:
    """One value with its mentions, the first one first; `best` is the earliest of the most precise ones."""

    mentions: list[Mention] = field(default_factory=list)
    status: str = "current"

    @property
    def best(self) -> Mention:
        """The mention whose words stand for the value."""
        return min(self.mentions, key=lambda m: (m.half, m.qualifier is not None, *m.order))

    @property
    def first(self) -> Mention:
        """The mention that was published first."""
        return self.mentions[0]

    @property
    def value(self) -> Decimal:
        """The most precise value."""
        return self.best.value


_FLOORS = {"over": "floor", "at_least": "floor", "under": "ceiling", "at_most": "ceiling"}


def same(a: Mention, b: Mention, aims: bool) -> bool:
    """Whether two mentions give one value: one rounds to the other. Aims must also agree in being floor, ceiling or range."""
    if (a.value_high is None) != (b.value_high is None):
        return False
    if aims and _FLOORS.get(a.qualifier or "") != _FLOORS.get(b.qualifier or ""):
        return False
    if aims and a.value_high is not None:
        # "6,5-7%, phấn đấu 7-7,5%": ends are set, not rounded
        return (a.value, a.value_high) == (b.value, b.value_high)
    reach = max(a.half, b.half)
    if a.value_high is not None and b.value_high is not None and abs(a.value_high - b.value_high) > reach:
        return False
    gap = abs(a.value - b.value)
    if gap <= reach:
        return True
    if aims:
        return False
    # "more than 8%" and "nearly 8.1%" are loose ways to print 8.02
    for loose, exact in ((a, b), (b, a)):
        if loose.half < exact.half:
            continue
        difference = exact.value - loose.value
        if loose.value < 0:
            difference = -difference
        room = max(2 * loose.half, abs(loose.value) / 20) if loose.qualifier == "about" else 2 * loose.half
        if loose.qualifier == "about" and abs(difference) <= room:
            return True
        if loose.qualifier in ("over", "at_least") and 0 <= difference <= room:
            return True
        if loose.qualifier in ("under", "at_most") and -room <= difference <= 0:
            return True
    return False


def vintages(mentions: Iterable[Mention], kind: str = "statistic") -> list[Vintage]:
    """Group the mentions of one series, kind and period; linear in their number times that of different values."""
    aims = kind != "statistic"
    ordered = sorted(mentions, key=lambda m: m.order)
    if len(ordered) == 1:
        return [Vintage(ordered)]
    found: list[Vintage] = []
    for mention in ordered:
        fits = [v for v in found if same(v.best, mention, aims)]
        # a round number may stand for several values: the nearest, of equally near ones the newest
        chosen = min(reversed(fits), key=lambda v: abs(v.value - mention.value), default=None)
        if chosen is None:
            chosen = Vintage()
            found.append(chosen)
        chosen.mentions.append(mention)
    _rate(found, aims)
    return found


def _rate(found: Sequence[Vintage], aims: bool) -> None:
    """The last value is current; what differs from it at the same time is in conflict, unless it is an aim."""
    if not found:
        return
    newest = date.fromisoformat(found[-1].first.published[:10])
    for vintage in found:
        apart = (newest - date.fromisoformat(vintage.first.published[:10])).days
        vintage.status = "superseded" if apart > TOGETHER else "current"
    together = [vintage for vintage in found if vintage.status == "current"]
    if len(together) > 1 and not aims:
        for vintage in together:
            vintage.status = "conflict"
