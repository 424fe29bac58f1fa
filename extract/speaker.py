"""Who states a figure: the person or office that the text names, holding to the end of the paragraph.

In: `Cues`. Out: `Attribution`s in reading order. "Theo Cục Thống kê (Bộ Tài chính)" and "ông Nam cho biết" are the two
shapes: a word before the name, or a verb of saying behind it. A meeting or an unnamed report is no source.

>>> from extract.pipeline import read
>>> [a.name for a in find_attributions(Cues(read("Theo Cục Thống kê, GDP năm 2025 tăng 8,02%.", "vi").tokens))]
['Cục Thống kê']
"""

from bisect import bisect_right
from dataclasses import dataclass

from extract.cue import Cues
from extract.lexicon import catalogue

_REACH = 14
_NAME = 6
"""Words of the longest name of a firm."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """`name` speaks from token `start` on. `company` where it is a firm that speaks of itself."""

    start: int
    name: str
    company: bool
    short: str
    """The abbreviation in brackets behind the name, else the name."""
    first: int
    end: int
    rules: tuple[str, ...]


def find_attributions(cues: Cues) -> list[Attribution]:
    """All attributions of a text."""
    found: list[Attribution] = []
    for match in cues.of("attributions"):
        use = match.row.data["use"]
        span: tuple[int, int] | None = None
        if use == "before":
            span = _name_after(cues, match.end)
        elif use == "said":
            span = _name_before(cues, match.start)
        if span is not None:
            known = cues.longest(span[0], "organisations")
            if known is not None and known.end < span[1] and not cues.tokens.words[known.end][:1].isupper():
                span = (span[0], known.end)
            found.append(_attribution(cues, span, match.start, match.row.id))
    return found


def find_firm(cues: Cues) -> Attribution | None:
    """The firm that a text opens with and goes on to call "the company": its figures are its own words about itself."""
    tokens = cues.tokens
    end = 0
    while end < min(len(tokens), _NAME) and tokens.words[end][:1].isupper() and tokens.words[end].isalpha():
        if cues.at(end, "attributions", "body") is not None or cues.longest(end, "offices") is not None:
            return None
        end += 1
    if end < 2 or end == len(tokens) or not tokens.words[end][:1].islower():
        return None
    if any(cues.longest(i, "organisations") is not None and _public(cues, i) for i in range(end)):
        return None
    firm = any(cues.at(i, "attributions", "company") is not None for i in range(end))
    itself = next((i for i in range(end, len(tokens)) if cues.at(i, "attributions", "itself") is not None), None)
    if itself is None and not firm:
        return None
    name = tokens.quote(0, end)
    rule = cues.at(itself, "attributions", "itself") if itself is not None else None
    return Attribution(0, name, True, name, 0, end, (rule.row.id,) if rule is not None else ())


def speaker_at(attributions: list[Attribution], cues: Cues, i: int) -> Attribution | None:
    """Who speaks at token `i`: the last one named before it in its paragraph, or after it in its sentence."""
    tokens = cues.tokens
    starts = [a.start for a in attributions]
    k = bisect_right(starts, i)
    if k and "\n" not in tokens.words[attributions[k - 1].start : i]:
        return attributions[k - 1]
    if k < len(attributions):
        later = attributions[k]
        if tokens.sentences[later.start] == tokens.sentences[i] and later.first > i:
            return later
    return None


def _known(cues: Cues, i: int) -> bool:
    """Whether token `i` opens the name of somebody: a body, an office, a title, a firm."""
    if cues.longest(i, "organisations") is not None or cues.longest(i, "offices") is not None:
        return True
    for use in ("title", "company", "body"):
        match = cues.at(i, "attributions", use)
        if match is not None and (not match.row.data.get("capital") or cues.tokens.words[i][0].isupper()):
            return True
    return False


def _name_after(cues: Cues, start: int) -> tuple[int, int] | None:
    """The name behind "theo": up to a mark, a bracket or a verb of saying."""
    tokens = cues.tokens
    size = len(tokens)
    begin = start
    for begin in range(start, min(start + 3, size)):
        if _known(cues, begin):
            break
    else:
        return None
    end = begin
    while end < min(begin + _REACH, size) and tokens.words[end] not in ',;:(\n"”':
        if tokens.words[end] == "." and not (end + 1 < size and tokens.glued(end + 1)):
            break
        if end > begin and cues.at(end, "attributions", "said") is not None:
            break
        end += 1
    return (begin, end) if end > begin else None


def _name_before(cues: Cues, end: int) -> tuple[int, int] | None:
    """The name in front of a verb of saying: from an office, title or body on, within the sentence."""
    tokens = cues.tokens
    stop = end
    while stop > 0 and tokens.words[stop - 1] in ",":
        stop -= 1
    begin = None
    for i in range(stop - 1, max(-1, stop - _REACH - 1), -1):
        if tokens.sentences[i] != tokens.sentences[end] or tokens.words[i] in ".;:\n":
            break
        if _known(cues, i):
            begin = i
        elif tokens.words[i] == "," and begin is not None:
            break
    bracket = next((i for i in range(begin or stop, stop) if tokens.words[i] == "("), stop)
    stop = bracket if begin is not None else stop
    if begin is None or any(cues.at(i, "fillers", "link") is not None for i in range(begin, stop)):
        return None
    return (begin, stop)


def _attribution(cues: Cues, span: tuple[int, int], start: int, rule: str) -> Attribution:
    tokens = cues.tokens
    name = tokens.quote(*span)
    company = any(cues.at(i, "attributions", "company") is not None for i in range(*span)) and not any(
        cues.longest(i, "organisations") is not None and _public(cues, i) for i in range(*span)
    )
    short = name
    if span[1] + 2 < len(tokens) and tokens.words[span[1]] == "(" and tokens.words[span[1] + 2] == ")":
        inside = tokens.words[span[1] + 1]
        if inside.isupper():
            short = inside
    if name.endswith(")") and "(" in name:
        inside = name[name.rindex("(") + 1 : -1]
        if inside.isupper() and len(inside) < 9:
            short = inside
            name = inside
    proper = sum(word[:1].isupper() for word in tokens.words[span[0] : span[1]])
    company = company and (proper > 1 or short != tokens.quote(*span))
    rules = [rule]
    for i in range(*span):
        for category in ("organisations", "offices"):
            match = cues.longest(i, category)
            if match is not None:
                rules.append(match.row.id)
    return Attribution(
        min(start, span[0]), short if company else name, company, short, *span, tuple(dict.fromkeys(rules))
    )


def _public(cues: Cues, i: int) -> bool:
    match = cues.longest(i, "organisations")
    row = catalogue("organisations").get(match.row.data["organisation"], {}) if match else {}
    return row.get("kind") not in ("enterprise", None)
