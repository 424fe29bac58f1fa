"""By when, under which document, what and for whom: the fields of a commitment, from the words of its clause.

In: cues, periods and documents of a text, tokens of a clause. Out: period codes, names and spans of tokens, None where the
clause says nothing.

Rows of `commitments.toml` by `use`: object (of policy), group (people for whom something is done), bound (ends what names an
object or a group).

>>> from extract.pipeline import read
>>> cues = Cues(read("Tỉnh phê duyệt dự án cầu Sông Đào từ năm 2026.", "vi").tokens)
>>> cues.tokens.quote(*object_of(cues, 3, 10))
'dự án cầu Sông Đào'
"""

from collections.abc import Sequence
from datetime import date

from extract.cue import Cues
from extract.instrument import Instrument
from extract.period import Period
from extract.tokens import Match, Tokens

Span = tuple[int, int]

_SUBJECT = 6
"""Tokens before an act within which its subject is a document."""
_LISTED = 5
"""Characters between documents of one list (", ", " và ")."""
_OBJECT = 14
"""Words of the longest object."""


def in_words(tokens: Tokens, start: int, end: int) -> list[str]:
    """The words of a span, without its marks."""
    return [word for word in tokens.words[start:end] if word[0].isalnum()]


def deadline(periods: Sequence[Period], published: date | None, since: int | None) -> tuple[str, date | None] | None:
    """(code, last day) by when it is to be done, None where nothing says.

    That is what is printed as a deadline, the day of entry into force (`since`: offset of the word of force, if any), or the
    end of the years that lie ahead. A comparison, a meeting's day and a year that is over are none.
    """
    dated = [period for period in periods if period.code and period.role not in ("comparator", "plan", "as_of")]
    due = [period for period in dated if period.role == "deadline"]
    if not due and since is not None:
        due = [period for period in dated if period.role != "deadline" and period.start >= since][:1]
        due = due or [period for period in dated if period.role == "start"][:1]
    if not due:
        due = [
            period
            for period in dated
            if period.role in ("reference", "start")
            and (published is None or (period.last or period.first or date.min) >= published)
        ]
    if not due:
        return None
    last = max(due, key=lambda period: period.last or period.first or date.min)
    return str(last.code).rpartition("/")[2], last.last or last.first


def instrument_of(
    cues: Cues, named: Sequence[Instrument], known: Sequence[Instrument], start: int, head: Match, offset: int
) -> str | None:
    """The name of the document: the one in the clause, else the last one of the kind that is the clause's subject."""
    if named:
        last = 0
        while last + 1 < len(named) and named[last + 1].start - named[last].end <= _LISTED:
            last += 1
        return cues.tokens.text[named[0].start : named[last].end]
    kind = subject_kind(cues, start, head)
    if kind is None:
        return None
    return next((one.exact for one in reversed(known) if one.start < offset and one.type == kind), None)


def subject_kind(cues: Cues, start: int, head: Match) -> str | None:
    """The kind of document that is the subject of an act ("Luật có hiệu lực …"), None where there is none."""
    for i in range(max(start, head.start - _SUBJECT), head.start):
        for match in cues.tokens.matches.get(i, ()):
            if match.row.category == "instruments" and "type" in match.row.data:
                return str(match.row.data["type"])
    return None


def object_of(cues: Cues, start: int, end: int, taken: Sequence[Span] = ()) -> Span | None:
    """What is done, in tokens `start` up to `end`: from a word for an object of policy to where its name ends.

    Numbers right before it belong to it ("5 dự án điện gió"); `taken` are tokens that name something else.
    """
    tokens = cues.tokens
    for i in range(start, end):
        match = cues.at(i, "commitments", "object")
        if match is None or match.end > end or any(a <= i < b for a, b in taken):
            continue
        around = cues.longest(i - 1, "commitments") if i else None
        if around is not None and around.end > i:
            continue  # "yêu cầu" holds the word for a bridge
        first = i
        while first > start and tokens.claims[first - 1] == "quantity":
            first -= 1
        return first, _bound(cues, match.end, end)
    return None


def group_of(cues: Cues, start: int, end: int) -> Span | None:
    """For whom it is done: the first group of people named in tokens `start` up to `end`."""
    for i in range(start, end):
        match = cues.at(i, "commitments", "group")
        if match is not None and match.end <= end:
            return i, _bound(cues, match.end, end)
    return None


def _bound(cues: Cues, i: int, end: int) -> int:
    """Where the name that goes on at token `i` ends: at a mark, a period, an act or a word that bounds it."""
    tokens, stop = cues.tokens, min(end, i + _OBJECT)
    at = i
    while at < stop:
        word = tokens.words[at]
        dash = word in "-–/." and at + 1 < stop and word != "."
        if not word[0].isalnum() and not dash:
            break
        if tokens.claims[at] == "period" or cues.at(at, "commitments", "bound") is not None:
            break
        act = cues.at(at, "commitments")
        if act is not None and "status" in act.row.data:
            break
        at += 1
    while at > i and not tokens.words[at - 1][0].isalnum():
        at -= 1
    return at
