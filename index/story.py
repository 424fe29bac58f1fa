"""Which reports are on one event: reports in the order of time in, the story of each out.

>>> stories = Stories()
>>> [stories.add(report) for report in reports]
['a', 'a', 'c']

A report joins the story of the earlier one that is most like it within DAYS, where it is like enough, and like enough to the
story as a whole, so that no chain of small steps leads from one event to another. A story is named by its first report. Only
reports that share one of their most telling terms are compared, and only those of the last days are kept: the work grows with
the number of reports and no faster.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from index.story_term import Terms, likeness, telling

DAYS = 1
"""Days between a report and the nearest earlier one of its event: what comes later is another event."""
ALIKE = 0.20
"""Likeness to the nearest report that makes one story; measured in docs/summaries.md."""
WHOLE = 1.0
"""Share of ALIKE that the likeness to the other reports of the story must reach on average."""
KEYS = 16
"""Most telling terms by which a report is found."""
CROWDED = 400
"""Reports of the last days under one term; a term with more tells nothing."""
LATEST = 6
"""Reports of a story that a new one is compared with."""


@dataclass(frozen=True, slots=True)
class Report:
    """`day` counts days; `copy_of` is the report whose text this one repeats."""

    id: str
    day: int
    terms: Terms
    copy_of: str | None = None


@dataclass(slots=True)
class Stories:
    """What was told so far. `add` reports in the order of time."""

    story: dict[str, str] = field(default_factory=dict)
    _reports: dict[str, Report] = field(default_factory=dict)
    _members: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _by_term: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    _day: int = 0

    def add(self, report: Report) -> str:
        """The story of a report: that of an earlier one, or its own."""
        self._forget(report.day)
        found = self.story.get(report.copy_of or "") or self._nearest(report) or report.id
        self.remember(report, found)
        return found

    def remember(self, report: Report, story: str) -> None:
        """Take a report in whose story is known already."""
        self.story[report.id] = story
        self._reports[report.id] = report
        self._members[story].append(report.id)
        for key in telling(report.terms, KEYS):
            self._by_term[key].append(report.id)

    def _nearest(self, report: Report) -> str | None:
        shared: dict[str, int] = defaultdict(int)
        for key in telling(report.terms, KEYS):
            for other in self._by_term.get(key, ())[-CROWDED:]:
                if other in self._reports and abs(report.day - self._reports[other].day) <= DAYS:
                    shared[other] += 1
        alike = {other: likeness(report.terms, self._reports[other].terms) for other, n in shared.items() if n > 1}
        for other in sorted(alike, key=lambda id_: (-alike[id_], id_)):
            if alike[other] < ALIKE:
                return None
            story = self.story[other]
            members = [self._reports[id_] for id_ in self._members[story][-LATEST:] if id_ in self._reports]
            whole = sum(likeness(report.terms, member.terms) for member in members) / max(1, len(members))
            if whole >= WHOLE * ALIKE:
                return story
        return None

    def _forget(self, day: int) -> None:
        """Drop what is too old to be joined, once a day."""
        if day <= self._day:
            return
        self._day = day
        old: Iterable[str] = [id_ for id_, report in self._reports.items() if report.day < day - DAYS]
        for id_ in old:
            for key in telling(self._reports.pop(id_).terms, KEYS):
                known = self._by_term.get(key)
                if known and id_ in known:
                    known.remove(id_)
                    if not known:
                        del self._by_term[key]
