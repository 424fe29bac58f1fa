"""Who is to act, by when, under which document: the fields of a commitment, from the words of its clause.

In: cues and the tokens of a clause. Out: spans of tokens, period codes and names, None where the clause says nothing.

>>> from extract.pipeline import read
>>> cues = Cues(read("Bộ Tài chính sẽ trình dự thảo", "vi").tokens)
>>> cues.tokens.quote(*actor_before(cues, 0, 3))
'Bộ Tài chính'
"""

from collections.abc import Sequence
from datetime import date

from extract.cue import Cues
from extract.instrument import Instrument
from extract.period import Period
from extract.tokens import Match, Tokens

Span = tuple[int, int]
_NAME = 9
"""Words of the longest name behind the word for a body."""


_SUBJECT = 6
"""Tokens before an act within which its subject is a document."""
_SHORT = 2
"""Letters of an abbreviation inside a name."""
_LISTED = 5
"""Characters between documents of one list (", ", " và ")."""


def in_words(tokens: Tokens, start: int, end: int) -> list[str]:
    """The words of a span, without its marks."""
    return [word for word in tokens.words[start:end] if word[0].isalnum()]


def _body(cues: Cues, i: int, limit: int) -> Span | None:
    """The name of a body, office or holder of duties that opens at token `i`."""
    tokens = cues.tokens
    opened: Match | None = None
    for match in tokens.matches.get(i, ()):
        if match.row.category in ("organisations", "offices") or (
            match.row.category == "actors" and "use" not in match.row.data
        ):
            opened = match if opened is None or match.end > opened.end else opened
    if opened is None or opened.end > limit:
        return None
    end = opened.end
    while end < min(limit, opened.end + _NAME):
        more = cues.at(end, "actors", "extend")
        if (
            more is not None
            and more.end < limit
            and (tokens.words[more.end][:1].isupper() or cues.longest(more.end, "actors") is not None)
        ):
            end = more.end
        elif tokens.words[end] == "." and tokens.glued(end) and len(tokens.words[end - 1]) <= _SHORT:
            end += 1  # "TP. Huế"
        elif tokens.words[end][:1].isupper() or cues.at(end, "actors", "class") is not None:
            end += 1
        else:
            break
    return i, end


def actor_after(cues: Cues, start: int, limit: int) -> Span | None:
    """The first body that opens in tokens `start` up to `limit`."""
    for i in range(start, min(limit, len(cues.tokens))):
        found = _body(cues, i, len(cues.tokens))
        if found is not None:
            return found
    return None


def actor_before(cues: Cues, start: int, end: int) -> Span | None:
    """The last body named in tokens `start` up to `end`; one named inside another's name is none."""
    found, i = None, start
    while i < end:
        body = _body(cues, i, end)
        if body is not None:
            found = body
        i = body[1] if body is not None else i + 1
    return found


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
    for i in range(max(start, head.start - _SUBJECT), head.start):
        for match in cues.tokens.matches.get(i, ()):
            if match.row.category == "instruments" and "type" in match.row.data:
                kind = match.row.data["type"]
                return next((one.exact for one in reversed(known) if one.start < offset and one.type == kind), None)
    return None
