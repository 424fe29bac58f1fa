"""The number lock: a summary and its sources in, what the summary says otherwise out; nothing is shown that does not pass.

Whole sentences of a source pass by themselves. Everything else is read as any article is, and each of its numbers must be
found in a source with the same value, unit, bound and sign; each period must be named there; and each figure must be said
of the same thing, of the same place and time, by the same speaker, as a result or as an aim as there. What cannot be told
does not pass: the lock may refuse what is right and never lets through what it cannot find.

>>> source = Source("Xuất khẩu năm 2025 đạt 475 tỷ USD, nhập khẩu đạt 455 tỷ USD.", "vi")
>>> [breach.kind for breach in lock("Nhập khẩu năm 2025 đạt 475 tỷ USD.", [source], "vi")]
['subject']
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal

from extract.extractor import extract_reading
from extract.pipeline import Reading
from extract.quantity import Quantity
from extract.source_text import SourceText
from extract.statement import Extraction, Statement
from extract.summary_sentence import candidates

Kind = Literal[
    "number", "unit", "bound", "period", "direction", "measure", "modality", "subject", "place", "speaker", "unknown"
]
"""What differs: the value; its unit; its bound or sign; the time; up or down; level, growth or share; result, aim or
forecast; what it is a figure of; where; who says so; `unknown` where no source can be compared in that language."""

WINDOW = 12
"""Words before a number that tell what it is the number of."""
ALIKE = 0.5
"""Words of the subject that must be shared with the source's, as twice the shared over both."""
CLEARLY = 0.1
"""How much better another figure of the source must fit the subject to be the one that is meant."""


@dataclass(frozen=True)
class Source:
    """A text that a summary stands for; `published` anchors its relative periods."""

    text: str
    language: str
    published: date | None = None
    title: str | None = None

    @cached_property
    def said(self) -> tuple["_Said", ...]:
        """Text and title as they are read."""
        texts = [_Said.of(self.text, self.language, self.published, self.title)]
        if self.title:
            texts.append(_Said.of(self.title, self.language, self.published, None))
        return tuple(texts)


@dataclass(frozen=True, slots=True)
class Breach:
    """`text[start:end]` of the summary is `exact`, and differs from every source in `kind`; `expected` is what one has."""

    kind: Kind
    start: int
    end: int
    exact: str
    expected: str | None = None


@dataclass(slots=True)
class _Said:
    """One text as read, with what the comparison asks for."""

    reading: Reading
    extraction: Extraction
    language: str
    sentences: dict[str, str] = field(default_factory=dict)
    """Each whole sentence, its spaces made single → the sentence before it."""

    @classmethod
    def of(cls, text: str, language: str, published: date | None, title: str | None) -> "_Said":
        reading, extraction = extract_reading(SourceText.of(text).text, language, published, title)
        said = cls(reading, extraction, language)
        before = ""
        for start, end in _sentences(reading):
            whole = " ".join(reading.source.text[start:end].split())
            said.sentences.setdefault(whole, before)
            before = whole
        return said

    def window(self, quantity: Quantity) -> frozenset[str]:
        """The words before a number in its sentence, from the number before it on."""
        tokens = self.reading.tokens
        end = min(bisect_left(tokens.starts, quantity.start), len(tokens) - 1)
        found: set[str] = set()
        for i in range(end - 1, max(-1, end - 1 - WINDOW), -1):
            if tokens.sentences[i] != tokens.sentences[end] or tokens.claims[i] == "quantity":
                break
            if tokens.words[i][0].isalpha():
                found.add(tokens.lower[i])
        return frozenset(found)

    def words(self, start: int) -> frozenset[str]:
        """The words of the sentence around an offset."""
        tokens = self.reading.tokens
        at = min(bisect_right(tokens.ends, start), len(tokens) - 1)
        number = tokens.sentences[at]
        first, end = bisect_left(tokens.sentences, number), bisect_right(tokens.sentences, number)
        return frozenset(word for word in tokens.lower[first:end] if word[0].isalpha())


def _sentences(reading: Reading) -> Iterator[tuple[int, int]]:
    tokens, first = reading.tokens, 0
    for i in range(1, len(tokens) + 1):
        if i == len(tokens) or tokens.sentences[i] != tokens.sentences[first]:
            span = [k for k in range(first, i) if tokens.words[k] != "\n"]
            if span:
                yield tokens.starts[span[0]], tokens.ends[span[-1]]
            first = i


def lock(
    summary: str, sources: Sequence[Source], language: str, published: date | None = None, title: str | None = None
) -> tuple[Breach, ...]:
    """What `summary` says that none of `sources` does, in its order; empty where it may be shown.

    `title` gives the summary the context that its readers have; relative periods are those of `published`, by default of
    the first source.
    """
    if published is None and sources:
        published = sources[0].published
    ours = _Said.of(summary, language, published, title)
    theirs = [said for source in sources for said in source.said]
    whole = list(_whole(ours, theirs))
    found = [
        breach
        for breach in (*_numbers(ours, theirs), *_periods(ours, theirs), *_statements(ours, theirs))
        if not any(start <= breach.start < end for start, end, _ in whole)
    ]
    found += _astray(ours, [(start, end) for start, end, stands in whole if not stands])
    unique = {(breach.start, breach.kind): breach for breach in reversed(found)}
    origin = SourceText.of(summary).origin
    placed = [(unique[place], *origin(unique[place].start, unique[place].end)) for place in sorted(unique)]
    return tuple(replace(breach, start=start, end=end, exact=summary[start:end]) for breach, start, end in placed)


def _whole(ours: _Said, theirs: Sequence[_Said]) -> Iterator[tuple[int, int, bool]]:
    """Spans of whole sentences of a source, and whether each says there what it says here: one that leans on the sentence
    before it must have the same one before it."""
    text = ours.reading.source.text
    leaning = {c.start for c in candidates(text, ours.language) if c.leans}
    before = ""
    for start, end in _sentences(ours.reading):
        whole = " ".join(text[start:end].split())
        places = [said.sentences[whole] for said in theirs if whole in said.sentences]
        if places:
            yield start, end, start not in leaning or before in places
        before = whole


def _astray(ours: _Said, spans: Sequence[tuple[int, int]]) -> Iterator[Breach]:
    """Numbers of sentences that lean on another one than in the source."""
    for quantity in ours.reading.quantities:
        if any(start <= quantity.start < end for start, end in spans):
            yield _breach("subject", ours, quantity.start, quantity.end)


def _breach(kind: Kind, ours: _Said, start: int, end: int, expected: str | None = None) -> Breach:
    return Breach(kind, start, end, ours.reading.source.text[start:end], expected)


def _same_value(a: Quantity, b: Quantity) -> bool:
    if a.value is None or b.value is None:
        return a.exact == b.exact
    return a.value == b.value and a.value_high == b.value_high


def _numbers(ours: _Said, theirs: Sequence[_Said]) -> Iterator[Breach]:
    """Numbers whose value, unit, bound or sign no source has; and digits of other kinds that none prints."""
    known = [q for said in theirs for q in said.reading.quantities]
    spans = []
    for quantity in ours.reading.quantities:
        spans.append((quantity.start, quantity.end))
        same = [q for q in known if _same_value(quantity, q)]
        units = [q for q in same if q.unit == quantity.unit]
        bounds = [q for q in units if (q.qualifier, q.sign) == (quantity.qualifier, quantity.sign)]
        if not bounds:
            kind: Kind = "bound" if units else "unit" if same else "number"
            near = next((q.exact for q in units or same), None)
            yield _breach(kind, ours, quantity.start, quantity.end, near)
    spans += [(period.start, period.end) for period in ours.reading.periods if period.code]
    tokens = ours.reading.tokens
    printed = {
        w for said in theirs for w, n in zip(said.reading.tokens.words, said.reading.tokens.numeric, strict=True) if n
    }
    for i, word in enumerate(tokens.words):
        if tokens.numeric[i] and word not in printed and not any(a <= tokens.starts[i] < b for a, b in spans):
            yield _breach("number", ours, tokens.starts[i], tokens.ends[i])


def _periods(ours: _Said, theirs: Sequence[_Said]) -> Iterator[Breach]:
    """Periods that no source names, or names only as something else (a deadline for a reference)."""
    known = {(p.code, p.role) for said in theirs for p in said.reading.periods}
    codes = {code for code, _ in known}
    for period in ours.reading.periods:
        other = period.role in ("deadline", "reference") and (period.code, period.role) not in known
        if period.code is not None and (period.code not in codes or other):
            yield _breach("period", ours, period.start, period.end)


def _statements(ours: _Said, theirs: Sequence[_Said]) -> Iterator[Breach]:
    """Figures that are said of another thing, time or place than in every source."""
    known = [(statement, said) for said in theirs for statement in said.extraction.statements]
    stated = set()
    for statement in ours.extraction.statements:
        quantity = statement.quantity
        stated.add(quantity.start)
        same = [
            (s, said) for s, said in known if _same_value(quantity, s.quantity) and s.quantity.unit == quantity.unit
        ]
        if same:
            kind = _difference(statement, ours, same, known)
            if kind is not None:
                yield _breach(kind, ours, quantity.start, quantity.end, same[0][0].provenance.exact)
        elif not _in_such_words(quantity, ours, theirs):
            yield _breach("subject", ours, quantity.start, quantity.end)
    for quantity in ours.reading.quantities:
        if quantity.start not in stated and not _in_such_words(quantity, ours, theirs):
            yield _breach("subject", ours, quantity.start, quantity.end)


def _in_such_words(quantity: Quantity, ours: _Said, theirs: Sequence[_Said]) -> bool:
    """Whether a number that no source states as a figure stands there among the same words."""
    own = ours.words(quantity.start)
    return any(
        len(own & said.words(q.start)) >= ALIKE * len(own)
        for said in theirs
        for q in said.reading.quantities
        if _same_value(quantity, q)
    )


def _difference(
    statement: Statement, ours: _Said, same: Sequence[tuple[Statement, _Said]], known: Sequence[tuple[Statement, _Said]]
) -> Kind | None:
    """In what a figure differs from all statements of its value; of several differences the first of a fixed order."""
    left = list(same)
    tests: tuple[tuple[Kind, object], ...] = (
        ("modality", lambda s: s.kind == statement.kind),
        ("measure", lambda s: s.measure == statement.measure),
        ("direction", lambda s: statement.direction is None or s.direction == statement.direction),
        ("period", lambda s: _same_time(statement, s)),
        ("place", lambda s: statement.place_id is None or s.place_id == statement.place_id),
        ("subject", lambda s: _same_id(statement, s)),
        ("speaker", lambda s: _same_speaker(statement, s)),
    )
    for kind, test in tests:
        kept = [(s, said) for s, said in left if test(s)]  # type: ignore[operator]
        if not kept:
            return kind
        left = kept
    comparable = [(s, said) for s, said in left if said.language == ours.language]
    if not comparable:  # in another language only a catalogued indicator can be told to be the same
        return None if any(s.indicator_id and s.indicator_id == statement.indicator_id for s, _ in left) else "unknown"
    own = max(_likeness(statement, ours, s, said) for s, said in comparable)
    rivals = [
        _likeness(statement, ours, s, said)
        for s, said in known
        if said.language == ours.language
        and s.quantity.unit == statement.quantity.unit
        and not _same_value(s.quantity, statement.quantity)
    ]
    return "subject" if own < ALIKE or max(rivals, default=0.0) > own + CLEARLY else None


def _same_time(ours: Statement, theirs: Statement) -> bool:
    """The same period and deadline. A result may leave its time unsaid; an aim, forecast or rule may not."""
    if ours.period_code is None and ours.kind == "statistic":
        return True
    return ours.period_code == theirs.period_code and (ours.deadline is None or ours.deadline == theirs.deadline)


def _same_id(ours: Statement, theirs: Statement) -> bool:
    return None in (ours.indicator_id, theirs.indicator_id) or ours.indicator_id == theirs.indicator_id


def _same_speaker(ours: Statement, theirs: Statement) -> bool:
    mine, other = ours.provenance.source, theirs.provenance.source
    return mine is None or (other is not None and bool(set(mine.lower().split()) & set(other.lower().split())))


def _likeness(ours: Statement, us: _Said, theirs: Statement, them: _Said) -> float:
    """How alike the subjects of two figures are: the named indicators, or the words before the numbers, whichever more."""
    named = [frozenset(f"{s.indicator or ''} {s.breakdown or ''}".lower().split()) for s in (ours, theirs)]
    before = [us.window(ours.quantity), them.window(theirs.quantity)]
    return max(_dice(*named), _dice(*before), _dice(named[0] | before[0], named[1] | before[1]))


def _dice(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0
