"""Silent edits: two captures of one article in, the figures that changed between them out.

>>> old, new = "Nữ chiếm 30,9%. Ảnh: tư liệu.", "Nữ chiếm 30,4%. Ảnh: tòa soạn."
>>> [(e.change, e.before.printed, e.after.printed) for e in between(old, new, [said(old, "30,9%")], [said(new, "30,4%")])]
[('changed', '30,9%', '30,4%')]

Only figures count: a new headline, a moved comma or another picture is no event. A number that the extractor makes no
statement of (an amount in brackets in a second currency) counts where its sentence makes one, in both captures.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Literal

from index.receipt import rows
from index.sentence import around, sentences
from index.sync import Row, digest, sync

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[^\w\s]")
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Place:
    """A figure of one capture: `statement` where there is one, its words and offsets."""

    statement: str | None
    printed: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Event:
    """`before` is None for an added figure, `after` for a removed one."""

    change: Literal["changed", "removed", "added"]
    before: Place | None
    after: Place | None


@dataclass(slots=True)
class _Side:
    text: str
    said: Sequence[Place]
    words: list[str]
    starts: list[int]
    lines: list[tuple[int, int]]

    @classmethod
    def of(cls, text: str, said: Sequence[Place]) -> "_Side":
        found = list(_TOKEN.finditer(text))
        return cls(text, said, [m.group() for m in found], [m.start() for m in found], sentences(text))

    def stated(self, i: int) -> Place | None:
        """The statement that token `i` is a part of."""
        start = self.starts[i]
        return next((place for place in self.said if place.start <= start < place.end), None)

    def number(self, i: int) -> Place | None:
        """Token `i` as a figure: its statement, or the bare number where its sentence has a statement."""
        place = self.stated(i)
        if place is not None:
            return place
        start = self.starts[i]
        at = bisect_left(self.lines, (start + 1, 0)) - 1
        first, last = self.lines[max(at, 0)]
        if any(first <= place.start < last for place in self.said):
            return Place(None, self.words[i], start, start + len(self.words[i]))
        return None


def between(before: str, after: str, said_before: Sequence[Place], said_after: Sequence[Place]) -> list[Event]:
    """The events from the text `before`, which states `said_before`, to the text `after`."""
    old, new = _Side.of(before, said_before), _Side.of(after, said_after)
    events: list[Event] = []
    seen: set[tuple[Place | None, Place | None]] = set()

    def add(event: Event) -> None:
        if (event.before, event.after) not in seen:
            seen.add((event.before, event.after))
            events.append(event)

    for _, a, b, c, d in SequenceMatcher(None, old.words, new.words, autojunk=False).get_opcodes():
        left = [i for i in range(a, b) if _DIGITS.match(old.words[i])]
        right = [j for j in range(c, d) if _DIGITS.match(new.words[j])]
        if old.words[a:b] == new.words[c:d] or not (left or right):
            continue
        if len(left) == len(right) and b - a <= 3 * (d - c) + 3 and d - c <= 3 * (b - a) + 3:
            for i, j in zip(left, right, strict=True):
                was, now = old.number(i), new.number(j)
                if _bare(old.words[i]) != _bare(new.words[j]) and was is not None and now is not None:
                    add(Event("changed", was, now))
            continue
        # a passage went or came: only what is a statement counts, and only where its number is not elsewhere
        for i in left:
            place = old.stated(i)
            if place is not None and old.words[i] not in new.words:
                add(Event("removed", place, None))
        for j in right:
            place = new.stated(j)
            if place is not None and new.words[j] not in old.words:
                add(Event("added", None, place))
    return events


def _bare(number: str) -> str:
    """The digits alone: another separator is no edit."""
    return re.sub(r"\D", "", number)


def build_edits(conn: Any, stale: Collection[str] | None, at: str) -> None:
    """Figure-level events between consecutive captures that the same version of the extractor has read, in the articles
    `stale` (None: in all)."""
    found: list[Row] = []
    within: tuple[str, dict[str, Any]] = ("1", {})
    if stale is not None:
        within = ("article in (select value from json_each(:stale))", {"stale": json.dumps(sorted(stale))})
    articles = conn.execute(
        f"select article from snapshots where {within[0]} group by article having count(*) > 1 order by article",
        within[1],
    ).fetchall()
    for (article,) in articles:
        current = conn.execute("select snapshot from articles where id = ?", (article,)).fetchone()[0]
        snapshots = rows(
            conn,
            "select id, fetched_at, extractor, text from snapshots where article = ? order by fetched_at, id",
            (article,),
        )
        snapshots.sort(key=lambda s: s["id"] == current)
        rank = {snapshot["id"]: i for i, snapshot in enumerate(snapshots)}
        said = rows(
            conn,
            "select id, exact, prefix, suffix, snapshot, first_snapshot, quote_start, quote_end from statements"
            " where article = ? and withdrawn is not 'reread' order by quote_start, id",
            (article,),
        )
        for i, (before, after) in enumerate(pairwise(snapshots)):
            if before["extractor"] is None or before["extractor"] != after["extractor"]:
                continue
            old, new = (
                [_placed(s, snapshots[k]) for s in said if rank[s["first_snapshot"]] <= k <= rank[s["snapshot"]]]
                for k in (i, i + 1)
            )
            for event in between(before["text"], after["text"], old, new):
                found.append(
                    {
                        "id": digest(
                            before["id"], after["id"], event.change, *_spot(event.before), *_spot(event.after)
                        ),
                        "article": article,
                        "before_snapshot": before["id"],
                        "after_snapshot": after["id"],
                        "change": event.change,
                        "before_statement": event.before and event.before.statement,
                        "after_statement": event.after and event.after.statement,
                        "before_printed": event.before and event.before.printed,
                        "after_printed": event.after and event.after.printed,
                        "before_context": event.before and _sentence(before["text"], event.before),
                        "after_context": event.after and _sentence(after["text"], event.after),
                        "at": after["fetched_at"],
                    }
                )
    sync(conn, "edits", ["id"], found, record="edit", at=at, within=within)


def _spot(place: Place | None) -> tuple[object, ...]:
    return () if place is None else (place.printed, place.start)


def _placed(said: Row, snapshot: Row) -> Place:
    """A statement where it stands in `snapshot`: its stored offsets are those of the latest capture that says it."""
    if said["snapshot"] == snapshot["id"]:
        return Place(said["id"], said["exact"], said["quote_start"], said["quote_end"])
    around_ = said["prefix"] + said["exact"] + said["suffix"]
    start = max(snapshot["text"].find(around_), 0) + len(said["prefix"])
    return Place(said["id"], said["exact"], start, start + len(said["exact"]))


def _sentence(text: str, place: Place) -> str:
    first, last = around(text, sentences(text), place.start, place.end)
    return text[first:last]
