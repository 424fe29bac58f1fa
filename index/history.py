"""What two commitments have in common, and what became of one: rules without a database.

In: `Act`s, one commitment each as an article reports it. Out: the subject that an act stands under, whether two of a subject
are one, and the `Standing` of a history: status, deadline and the act that is the evidence for each. Time is no part of it:
overdue and unrateable follow from a standing and a `now` (index/receipt.py).

>>> subject(Act("a", "Bộ Xây dựng", "phê duyệt", object="dự án cầu Sông Đào"))
'name:dao song'
>>> subject(Act("a", "Bộ Xây dựng", "trình đề án nhà ở"))
'actor:bo xay dung'

Acts of one named thing ("cầu Sông Đào") stand together whoever acts; of things without a name, those of one actor; of acts
without an actor, those under one numbered document.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.words import fold

_SHARE = 0.7
"""Share of the words of the shorter wording that the other has too."""
_FEWEST = 3
"""Words of an act without a named thing that is enough to be told by."""
_NUMBER = re.compile(r"\d+|\b[IVX]+\b")
_WORD = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"\d+[/-]")
_RANK = {"proposed": 0, "planned": 1, "approved": 2, "in_progress": 3, "delayed": 3, "done": 4}
_OPENING = ("proposed", "planned", "approved")


@dataclass(frozen=True, slots=True)
class Act:
    """A commitment as far as its history needs it. `due`: last day of its deadline; `place`: id of a place version."""

    id: str
    actor: str | None
    action: str
    instrument: str | None = None
    object: str | None = None
    status: str = "planned"
    deadline: str | None = None
    due: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a history stands: its status and deadline, and the acts that say so."""

    status: str
    evidence: str
    deadline: str | None
    due: str | None
    dated_by: str | None


def subject(act: Act) -> str | None:
    """What an act is looked up under; None where nothing tells it from others."""
    named = name(act.object)
    if named:
        return "name:" + " ".join(sorted(set(named)))
    if act.actor is not None:
        return f"actor:{fold(act.actor)}"
    if act.instrument is not None and _NUMBERED.search(act.instrument):
        return f"paper:{fold(act.instrument)}"
    return None


def name(thing: str | None) -> list[str]:
    """The proper name in the words for a thing: those with a capital behind its first word, folded, and its numbers."""
    if thing is None:
        return []
    words = _WORD.findall(thing)
    inner = [fold(word) for word in words[1:] if word[0].isupper() and not _NUMBER.fullmatch(word)]
    return inner and [*inner, *(number for number in _NUMBER.findall(thing))]


def same(one: Act, later: Act, named: bool) -> bool:
    """Whether two acts of one subject, `later` reported after `one`, are one act. `named`: the subject is a named thing."""
    if one.place and later.place and one.place.partition("@")[0] != later.place.partition("@")[0]:
        return False
    thing, other = one.object or one.action, later.object or later.action
    if _numbers(thing) != _numbers(other):
        return False
    words, others = _words(thing), _words(other)
    few = min(len(words), len(others))
    if few < (1 if named else _FEWEST) or len(words & others) < _SHARE * few:
        return False
    if named:
        return _kind(thing) == _kind(other) or len(words & others) == few
    if one.instrument and later.instrument and fold(one.instrument) != fold(later.instrument):
        return False
    if fold(one.actor or "") != fold(later.actor or ""):
        return False
    return _compatible(one, later)


def _compatible(one: Act, later: Act) -> bool:
    """Whether a later report may still be of the same act: a promise made anew with another day is another promise."""
    if later.status not in _OPENING:
        return True
    if one.status == "done":
        return False
    return one.due is None or later.due is None or one.due == later.due


def standing(acts: Sequence[Act]) -> Standing:
    """Where a history stands, from its acts in the order of publication. It moves only forwards, but for a delay.

    What is done stays done; a delay holds until work is reported again or it is done; the deadline is the one said last, after
    a first one only if that act is not of a lower status (a plan repeated does not move the day of a decision).
    """
    status, evidence = acts[0].status, acts[0]
    dated: Act | None = acts[0] if acts[0].deadline else None
    for act in acts[1:]:
        before = status
        forward = _RANK[act.status] > _RANK[status] or {act.status, status} == {"delayed", "in_progress"}
        if status != "done" and forward and act.status != status:
            status, evidence = act.status, act
        if act.deadline and (dated is None or _RANK[act.status] >= _RANK[before] or act.status == "delayed"):
            dated = act
    day = (dated.deadline, dated.due, dated.id) if dated is not None else (None, None, None)
    return Standing(status, evidence.id, *day)


def _words(thing: str) -> frozenset[str]:
    return frozenset(fold(word) for word in _WORD.findall(thing) if not _NUMBER.fullmatch(word))


def _numbers(thing: str) -> tuple[str, ...]:
    return tuple(sorted(_NUMBER.findall(thing)))


def _kind(thing: str) -> tuple[str, ...]:
    """The words before the name: what sort of thing it is ("dự án cầu")."""
    words = _WORD.findall(thing)
    upto = next((i for i, word in enumerate(words) if i and word[0].isupper()), len(words))
    return tuple(fold(word) for word in words[:upto])
