"""Which figures are parts of which: a `part_of` index for each figure that the text presents as part of a total.

In: what each figure of a text says of itself, in reading order. Out: the index of each figure's total, None where the text
names none. Six turns make a link: a list opened by "of which", one part picked out ("riêng"), a share of a named total or
beside its amount, the members of a count ("112 är kvinnor"), the points that a part adds to a whole's growth, and the parts
that the catalogue knows (exports of total trade). A part that is larger than its total, or of another unit, is none.
"""

from dataclasses import dataclass
from decimal import Decimal

_LOOK_BACK = 3
"""Sentences that a list may stand behind its total."""
_LIKE = 0.5
_MEMORY = 60
"""Figures back to which a total is looked for."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link needs to know of one figure. `whole` are the words of the total behind a share, None where none is named;
    `opened` whether it stands in a list that "of which" opened; `places` how its place is named, "" for the nation."""

    unit: str | None
    value: Decimal | None
    measure: str
    contribution: bool
    sentence: int
    paragraph: int
    phrase: str
    head: str
    topic: str
    whole: frozenset[str] | None
    opened: bool
    opens: bool
    alone: bool
    total: bool
    carried: bool
    part: str
    member: bool
    period: str | None
    base: str | None
    place: str
    parts: frozenset[str]
    """Ids of the indicators that the catalogue knows as parts of this one."""
    indicator_id: str | None


def link_parts(figures: list[Linked]) -> list[int | None]:
    """The index of each figure's total, None where there is none."""
    return _Linking(figures).run()


def words(phrase: str) -> frozenset[str]:
    """The words of a phrase, in lower case."""
    return frozenset(w for w in phrase.lower().replace(",", " ").split() if w[0].isalnum())


class _Linking:
    def __init__(self, figures: list[Linked]) -> None:
        self.figures = figures
        self.links: list[int | None] = [None] * len(figures)
        self.list_total: int | None = None
        self.refused = -1
        """Sentence whose shares are of a total that is not among the figures."""

    def run(self) -> list[int | None]:
        for i, figure in enumerate(self.figures):
            self._follow_list(i)
            if figure.contribution:
                self.links[i] = self._growth_of_whole(i)
            elif figure.measure == "level":
                self.links[i] = self._total_of(i)
            elif figure.measure == "share":
                self._link_share(i)
        return self.links

    def _fits(self, i: int, k: int) -> bool:
        part, total = self.figures[i], self.figures[k]
        if part.unit != total.unit or part.value is None or total.value is None or total.measure != "level" or i == k:
            return False
        return part.value <= total.value

    def _follow_list(self, i: int) -> None:
        """Open a list where the text does, close it where it goes on to something else."""
        figure = self.figures[i]
        before = self.figures[i - 1] if i else None
        if figure.opens or (figure.opened and self.list_total is None):
            self.list_total = self._before_list(i)
        elif before is not None and figure.sentence != before.sentence and not figure.opened:
            self.list_total = None
        if figure.total and not figure.opened:
            self.list_total = None

    def _before_list(self, i: int) -> int | None:
        """The amount that a list divides: the nearest in its sentence, else the first of the sentence before, else one of the
        same measure a little further back."""
        figure = self.figures[i]
        best = None
        for k in range(i - 1, max(-1, i - _MEMORY), -1):
            other = self.figures[k]
            back = figure.sentence - other.sentence
            if back > _LOOK_BACK or other.paragraph != figure.paragraph:
                break
            if best is not None and other.sentence != self.figures[best].sentence:
                break
            if other.measure != "level" or (figure.measure == "level" and not self._fits(i, k)):
                continue
            if back > 1 and (not figure.head or other.head != figure.head):
                continue
            if back and self.links[k] is not None:
                continue
            best = k
            if back == 0:
                break
        return best

    def _total_of(self, i: int) -> int | None:
        figure = self.figures[i]
        if figure.member:
            return self._count_of(i)
        if self.list_total is not None and self._fits(i, self.list_total):
            return self.list_total
        if figure.alone:
            return self._larger_before(i)
        known = self._known_total(i)
        if known is not None:
            return known
        sibling = self._sibling(i)
        return sibling if sibling is not None else self._wider_place(i)

    def _count_of(self, i: int) -> int | None:
        """The count that members are counted from: the last counted noun that is no member itself."""
        for k in range(i - 1, max(-1, i - _MEMORY), -1):
            other = self.figures[k]
            counts = other.measure == "level" and not other.member and other.paragraph == self.figures[i].paragraph
            if counts and (self.figures[i].measure == "share" or self._fits(i, k)):
                return k
        return None

    def _larger_before(self, i: int, back: int = 1) -> int | None:
        for k in range(i - 1, max(-1, i - _MEMORY), -1):
            if self.figures[i].sentence - self.figures[k].sentence > back:
                return None
            if self._fits(i, k) and self.figures[k].period == self.figures[i].period:
                return k
        return None

    def _known_total(self, i: int) -> int | None:
        figure = self.figures[i]
        if figure.indicator_id is None:
            return None
        for k in range(i - 1, max(-1, i - _MEMORY), -1):
            other = self.figures[k]
            same = other.period == figure.period and other.place == figure.place
            if same and figure.indicator_id in other.parts and self._fits(i, k):
                return k
        return None

    def _sibling(self, i: int) -> int | None:
        """The total of an earlier part of the same measure whose topic begins alike ("Dự án thành phần 1", "… 2")."""
        figure = self.figures[i]
        start = figure.topic.lower().split()[:2]
        if len(start) < 2:
            return None
        for k in range(i - 1, max(-1, i - _MEMORY), -1):
            other, total = self.figures[k], self.links[k]
            if total is not None and other.head == figure.head and other.topic.lower().split()[:2] == start:
                return total if self._fits(i, total) else None
        return None

    def _wider_place(self, i: int) -> int | None:
        """The same thing for the nation, where this is a region's."""
        figure = self.figures[i]
        if (
            not figure.place
            or figure.carried
            or figure.unit in ("percent", "index_point")
            or "/" in (figure.unit or "")
        ):
            return None
        for k in range(max(0, i - _MEMORY), i):
            other = self.figures[k]
            if (
                other.place
                or other.paragraph != figure.paragraph
                or other.period != figure.period
                or not self._fits(i, k)
            ):
                continue
            a, b = words(figure.phrase), words(other.phrase)
            if a and b and 2 * len(a & b) / (len(a) + len(b)) >= _LIKE:
                return k
        return None

    def _growth_of_whole(self, i: int) -> int | None:
        """The growth that a contribution adds to: the last one that is no part's, of the same period and base."""
        figure = self.figures[i]
        for same_base in (True, False):
            for k in range(i - 1, max(-1, i - _MEMORY), -1):
                other = self.figures[k]
                if other.measure != "growth" or other.part or other.period != figure.period:
                    continue
                if not same_base or other.base == figure.base:
                    return k
        return None

    def _amount_beside(self, i: int) -> int | None:
        """The amount that a share restates: the level right before it in its sentence."""
        for k in range(i - 1, max(-1, i - 3), -1):
            if self.figures[k].sentence != self.figures[i].sentence:
                return None
            if self.figures[k].measure == "level":
                return k
        return None

    def _link_share(self, i: int) -> None:
        figure = self.figures[i]
        amount = self._amount_beside(i)
        if figure.member:
            total = self._count_of(i)
        elif figure.whole is not None:
            total = self._named_total(i, amount)
        elif amount is not None and self.links[amount] is not None:
            total = self.links[amount]
        elif self.refused == figure.sentence:
            total = None
        else:
            total = self._total_of_shares(i, amount)
        self.links[i] = total
        if total is not None and amount is not None and self.links[amount] is None and self._fits(amount, total):
            self.links[amount] = total

    def _named_total(self, i: int, amount: int | None) -> int | None:
        """The figure whose words are those behind the share; failing that, the nearest larger amount."""
        figure = self.figures[i]
        named = figure.whole or frozenset()
        best, most = None, _LIKE
        for k in range(i - 1, max(-1, i - _MEMORY), -1):
            if self.figures[k].measure != "level" or k == amount or not named:
                continue
            score = len(named & words(self.figures[k].phrase)) / len(named)
            if score > most:
                best, most = k, score
        if best is not None:
            if amount is None or self._fits(amount, best):
                return best
            self.refused = figure.sentence
            return None
        if amount is None:
            return self.list_total
        if self.links[amount] is not None:
            return self.links[amount]
        return self._larger_before(amount, _LOOK_BACK)

    def _total_of_shares(self, i: int, amount: int | None) -> int | None:
        """The total of the share before in the same sentence, or of the list."""
        for k in range(i - 1, max(-1, i - _MEMORY), -1):
            other = self.figures[k]
            if other.sentence != self.figures[i].sentence:
                break
            if other.measure == "share":
                total = self.links[k]
                if total is None or amount is None or self._fits(amount, total):
                    return total
                return None
        return self.list_total if self.list_total != amount else None
