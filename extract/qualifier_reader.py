"""Qualifiers and signs: "hơn", "at least", "eller mer", "từ … trở lên", "-".

In: `Tokens` and a `Draft`, its number and unit found. The draft is widened over the words that touch it and given their
meaning.

>>> from extract.pipeline import read
>>> [(q.exact, q.qualifier) for q in read("từ 8% trở lên, không quá 5 tỷ đồng", "vi").quantities]
[('từ 8% trở lên', 'at_least'), ('không quá 5 tỷ đồng', 'at_most')]
"""

from extract.quantity_draft import Draft
from extract.tokens import Match, Tokens

MINUS = frozenset("-−–")


def qualify(tokens: Tokens, draft: Draft, previous: Draft | None) -> None:
    """Take the qualifiers and the sign that touch the number."""
    first = draft.first
    _sign(tokens, draft, previous)
    first = draft.first
    opened: Match | None = None
    for _ in range(2):
        match = tokens.ending(first, "qualifiers")
        if match is None or match.row.data.get("place") == "after":
            break
        data = match.row.data
        if previous is not None and match.start < previous.end:
            break
        if (
            previous is not None
            and previous.end == match.start
            and data.get("between")
            and previous.unit is not draft.unit
        ):
            break  # "12 bác sĩ trên một vạn dân": per, not over
        if draft.unit is not None and draft.unit.dimension in data.get("except", ()):
            break
        if "opens" in data:
            opened = match
            break
        if not data["qualifier"]:
            draft.rules.append(match.row.id)
            break
        if data.get("unless_after") and _after_change(tokens, match.start):
            break
        if draft.qualifier is None:
            draft.qualifier = data["qualifier"]
        draft.rules.append(match.row.id)
        draft.first = first = match.start
    post = tokens.longest(draft.end, "qualifiers") if draft.end < len(tokens) else None
    if post is not None and post.row.data.get("place") == "after":
        draft.qualifier, draft.end = post.row.data["qualifier"] or None, post.end
        draft.rules.append(post.row.id)
        if opened is not None:
            draft.first = opened.start
            draft.rules.append(opened.row.id)
    if draft.amount.collective and draft.qualifier is None:
        draft.qualifier = "about"


def _below_zero(tokens: Tokens, draft: Draft) -> bool:
    """Whether a dash at the head of a line is rather a sign: before a degree, a percent, or a number and nothing more."""
    if draft.unit is not None:
        return draft.unit.dimension in ("temperature", "ratio")
    return draft.end == len(tokens) or tokens.words[draft.end] == "\n"


def _after_change(tokens: Tokens, i: int) -> bool:
    return any(
        match.row.category == "changes" and match.end <= i
        for k in range(max(0, i - 4), i)
        for match in tokens.matches.get(k, ())
    )


def _sign(tokens: Tokens, draft: Draft, previous: Draft | None) -> None:
    i = draft.first
    if i == 0 or (previous is not None and previous.end >= i):
        return
    word = tokens.words[i - 1]
    match = tokens.ending(i, "joiners")
    alone = match is not None and match.start == 0 and draft.end == len(tokens)
    if match is not None and match.row.data["kind"] == "minus" and (alone or not match.row.data.get("whole")):
        draft.sign, draft.first, draft.negative = -1, match.start, True
        draft.rules.append(match.row.id)
        return
    if (word not in MINUS and word != "+") or not tokens.glued(i) or tokens.claims[i - 1] is not None:
        return
    if i >= 2 and tokens.glued(i - 1) and tokens.words[i - 2] not in '([,;:"“':
        return
    if (i == 1 or tokens.words[i - 2] == "\n") and not _below_zero(tokens, draft):
        return  # a bullet
    draft.sign = 1 if word == "+" else -1
    draft.first = i - 1
    draft.negative = draft.sign < 0 and (draft.unit is None or draft.unit.dimension == "temperature")
