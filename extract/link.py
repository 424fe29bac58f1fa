"""Which figures are parts of which: a `part_of` index for each figure that the text presents as part of a total.

In: the drafts of one text in reading order. Out: their `part_of`. Five turns of phrase make a link: a list opened by "of
which", one part picked out ("riêng"), a share of a named total, a share beside its amount, and the points that a part adds to
a whole's growth. A part larger than its total, or of another unit, is none.
"""

from dataclasses import dataclass
from decimal import Decimal

from extract.measure import MeasureReading


@dataclass(slots=True)
class Linked:
    """What a link needs to know of a figure. `opened`: the list of parts that it stands in was opened in this sentence or the
    one before; `members`: the sentence's list of parts it belongs to, by number."""

    unit: str | None
    value: Decimal | None
    reading: MeasureReading
    sentence: int
    clause: int
    phrase: str
    whole_words: frozenset[str]
    opened: bool
    alone: bool
    total: bool
    bracket: bool
    carried: bool
    part: str
    period: str | None
    place_part: bool = False


def link_parts(figures: list[Linked]) -> list[int | None]:
    """The index of each figure's total, None where there is none."""
    links: list[int | None] = [None] * len(figures)
    total: int | None = None
    list_of: int | None = None
    """Sentence in which the present list was opened."""
    start = ""
    for i, figure in enumerate(figures):
        kind = figure.reading.measure
        new = i == 0 or figures[i - 1].sentence != figure.sentence
        if new and list_of is not None and figure.sentence > list_of and not figure.opened:
            same = bool(start) and figure.part.lower().startswith(start)
            if not same:
                total = None
        if figure.total and not figure.opened:
            total = None
        if figure.opened and (total is None or new or not figures[i - 1].opened):
            found = _total_before(figures, links, i)
            if found is not None:
                total, list_of = found, figure.sentence
                start = " ".join(figure.part.lower().split()[:3])
        if figure.reading.contribution:
            links[i] = _growth_before(figures, i)
            continue
        if kind == "level":
            if total is not None and _fits(figure, figures[total]) and i != total:
                links[i] = total
            elif figure.alone:
                links[i] = _larger_before(figures, i)
        elif kind == "share":
            links[i] = _share_of(figures, links, i, total)
            amount = _amount_of(figures, i)
            if links[i] is not None and amount is not None and links[amount] is None and amount != links[i]:
                if _fits(figures[amount], figures[links[i] or 0]):
                    links[amount] = links[i]
    return links


def _fits(part: Linked, total: Linked) -> bool:
    if part.unit != total.unit or part.value is None or total.value is None:
        return False
    return part.value <= total.value and total.reading.measure == "level"


def _total_before(figures: list[Linked], links: list[int | None], i: int) -> int | None:
    """The amount that a list of parts divides: the first amount of the nearest sentence or clause before it whose unit fits."""
    figure = figures[i]
    unit = figure.unit if figure.reading.measure == "level" else None
    best = None
    for k in range(i - 1, -1, -1):
        other = figures[k]
        if best is not None and other.clause != figures[best].clause and other.sentence != figures[best].sentence:
            break
        if figure.sentence - other.sentence > 1:
            break
        if other.reading.measure != "level" or (unit is not None and other.unit != unit):
            continue
        if unit is not None and not _fits(figure, other):
            continue
        if links[k] is not None and other.sentence != figure.sentence:
            continue
        if best is None or other.sentence == figures[best].sentence:
            best = k
        if other.sentence == figure.sentence:
            break
    return best


def _larger_before(figures: list[Linked], i: int) -> int | None:
    for k in range(i - 1, -1, -1):
        if figures[i].sentence - figures[k].sentence > 1:
            return None
        if (
            figures[k].reading.measure == "level"
            and _fits(figures[i], figures[k])
            and figures[k].period == figures[i].period
        ):
            return k
    return None


def _growth_before(figures: list[Linked], i: int) -> int | None:
    """The growth of the whole: the last one before that is no part of a list, of the same period."""
    candidates = [
        k
        for k in range(i)
        if figures[k].reading.measure == "growth" and figures[k].period == figures[i].period and not figures[k].part
    ]
    return candidates[-1] if candidates else None


def _amount_of(figures: list[Linked], i: int) -> int | None:
    """The amount that a share goes with: the level just before it in the same clause or beside the bracket."""
    for k in range(i - 1, max(-1, i - 3), -1):
        other = figures[k]
        if other.sentence != figures[i].sentence:
            return None
        if other.reading.measure == "level":
            return k
    return None


def _share_of(figures: list[Linked], links: list[int | None], i: int, total: int | None) -> int | None:
    figure = figures[i]
    amount = _amount_of(figures, i)
    if figure.whole_words:
        best, best_score = None, 0.5
        for k in range(i - 1, -1, -1):
            other = figures[k]
            if other.reading.measure != "level" or k == amount:
                continue
            if amount is not None and not _fits(figures[amount], other):
                continue
            words = set(other.phrase.lower().split())
            score = len(figure.whole_words & words) / len(figure.whole_words)
            if score > best_score:
                best, best_score = k, score
        if best is not None:
            return best
        if amount is not None and links[amount] is not None:
            return links[amount]
        return total
    if amount is not None:
        return links[amount] if links[amount] is not None else total if total != amount else None
    return total
