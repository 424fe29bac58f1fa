"""The sentence around a quote, for showing: a text in, its sentences as offsets out.

>>> text = "GDP tăng 8,02%. Xuất khẩu tăng 17%."
>>> [text[a:b] for a, b in sentences(text)]
['GDP tăng 8,02%.', 'Xuất khẩu tăng 17%.']

Only receipts and the word index use this; what a sentence means is the extractor's business.
"""

import re
from bisect import bisect_right

LONGEST = 600
"""Characters of context that a receipt carries; a longer sentence is cut at spaces around the quote."""

_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*[^\S\n]+|\s*\n\s*")
_ABBREVIATION = re.compile(r"(?<![^\W_])[^\W\d_]{1,3}\.$")
"""A capital and up to two letters before the point ("TP. Hồ Chí Minh"): no end, if a capital follows or not."""


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, in order; together with the spaces between them they cover the text."""
    found, start = [], 0
    for gap in _END.finditer(text):
        if "\n" not in gap.group():
            tail = _ABBREVIATION.search(text, max(start, gap.start() - 5), gap.start())
            after = text[gap.end() : gap.end() + 1]
            if (tail and tail.group()[0].isupper()) or after.islower():
                continue
        end = gap.start() + len(gap.group().rstrip())
        if end > start:
            found.append((start, end))
        start = gap.end()
    if start < len(text):
        found.append((start, len(text)))
    return found


def around(text: str, marks: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """The sentence of `marks` that holds `text[start:end]`, at most LONGEST characters and never less than the quote."""
    i = bisect_right(marks, (start, len(text))) - 1
    first, last = marks[i] if i >= 0 else (start, end)
    last = max(last, end)
    if last - first > LONGEST:
        room = max(0, LONGEST - (end - start)) // 2
        if start - first > room:
            space = text.find(" ", start - room, start)
            first = space + 1 if space >= 0 else start - room
        if last - end > room:
            space = text.rfind(" ", end, end + room)
            last = space if space >= 0 else end + room
    return first, last
