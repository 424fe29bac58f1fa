"""Instruments: the legal and policy documents that a text names. `Cues` and periods in, a list of Instrument out.

A mention is a word for a kind of document with a number ("Nghị quyết số 57-NQ/TW"), a title ("Luật Thủ đô (sửa đổi)") or an
issuer ("Nghị quyết của Bộ Chính trị"), or a number alone that names its kind ("theo 768/QĐ-TTg"). What a mention leaves out
stays None: "Nghị quyết 57" has no symbol, and nothing is filled in from elsewhere. The words are the rows of
`instruments.toml`:

- `type`   a kind of document. `title`: what a title may open with: capital (also behind a link word), any word, linked (only
           behind one), to (only behind an infinitive mark), roman (a Roman numeral), none; `named = false`: a word of this
           kind with an issuer alone is no mention yet ("the report of the ministry").
           `alone`: the word is mention enough; `leading`: the title may stand before it; `bare = false`: a number without
           letters is none of its own ("project 2").
- `use`    article (opens no title), number (between kind and number), dated (before its date), about (before its subject), of
           (before its issuer), draft (before the kind), amended (behind the title), to (an infinitive mark), stop (ends a title).

The letters of numbers are `catalogue/document_codes.toml`: which kind, which issuer.

>>> from extract.pipeline import read
>>> reading = read("theo Nghị quyết số 57-NQ/TW ngày 22/12/2024", "vi")
>>> [(i.type, i.number, i.symbol, i.issuer, i.date) for i in find_instruments(Cues(reading.tokens), reading.periods)]
[('resolution', '57', 'NQ/TW', 'party_cc', '2024-12-22')]
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from extract.cue import Cues
from extract.lexicon import catalogue
from extract.period import Period
from extract.tokens import Match, Tokens

_CODE = re.compile(
    r"(\d{1,5})(?:/((?:19|20)\d\d))?(?:\s?[-–‑]\s?|/)([^\W\d_]+\d{0,2}(?:[-–‑/&][^\W\d_]+\d{0,2})*)(?!\w)"
)
_NUMBER = re.compile(r"(\d{1,4})(?:/((?:19|20)\d\d))?(?![\w%]|[.,/]\d)")
_ROMAN = re.compile(r"[IVX]+")
_PARTS = re.compile(r"[-–‑/&]")
_TITLE = 18
"""Words of the longest title."""
_LEADING = 5
"""Words of the longest title before its kind."""
_DATE_REACH = 4
"""Tokens between a document and its date."""
_ISSUER_REACH = 3
"""Tokens between a document and the body that issued it."""
_STOPS = frozenset(',;.:!?\n"”»)…')


@dataclass(frozen=True, slots=True)
class Instrument:
    """One mention of a document; `exact` is its name as printed, from `start` to `end`, without issuer and date."""

    start: int
    end: int
    exact: str
    type: str
    """law, resolution, decree, decision, directive, circular, strategy, plan, scheme …"""
    number: str | None = None
    symbol: str | None = None
    """The letters of the number: NQ/TW, NĐ-CP, QH15."""
    year: int | None = None
    issuer: str | None = None
    """Id of the issuing body where number or text names it, else the words of the text."""
    title: str | None = None
    date: str | None = None
    """The day printed behind it, as a period code."""
    draft: bool = False
    rules: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str | None, str | None, int | None, str | None]:
        """Number, symbol, year, issuer: two mentions of one document that name all four are equal here."""
        return self.number, fold(self.symbol), self.year, self.issuer


def fold(symbol: str | None) -> str | None:
    """Letters of a number as they are compared: "QĐ-TTg" is "QD-TTG"."""
    return symbol.upper().replace("Đ", "D") if symbol else None


def find_instruments(cues: Cues, periods: Sequence[Period]) -> list[Instrument]:
    """All documents of a text, in reading order, not overlapping."""
    reader = _InstrumentReader(cues, periods)
    found: list[Instrument] = []
    end = 0
    for match in cues.of("instruments"):
        if match.start < end or "type" not in match.row.data:
            continue
        read = reader.named(match)
        if read is not None:
            found.append(read[0])
            end = read[1]
    taken = {k for one in found for k in range(one.start, one.end)}
    for i, claim in enumerate(cues.tokens.claims):
        if claim == "mask" and cues.tokens.numeric[i] and cues.tokens.starts[i] not in taken:
            bare = reader.bare(i)
            if bare is not None:
                found.append(bare)
                taken |= set(range(bare.start, bare.end))
    return sorted(found, key=lambda one: one.start)


def instrument_at(instruments: Sequence[Instrument], tokens: Tokens, offset: int) -> Instrument | None:
    """The document named in the sentence of the character at `offset`: the last before it, else the first behind it."""
    i = max(0, bisect_right(tokens.starts, offset) - 1)
    number = tokens.sentences[i]
    start = tokens.starts[bisect_left(tokens.sentences, number)]
    end = tokens.ends[bisect_right(tokens.sentences, number) - 1]
    same = [one for one in instruments if start <= one.start < end]
    return next((one for one in reversed(same) if one.start < offset), same[0] if same else None)


class _InstrumentReader:
    def __init__(self, cues: Cues, periods: Sequence[Period]) -> None:
        self.cues = cues
        self.tokens = cues.tokens
        self.periods = [p for p in periods if p.code and p.granularity == "day"]
        self.period_starts = [p.start for p in self.periods]

    def named(self, match: Match) -> tuple[Instrument, int] | None:
        """The document whose kind `match` says, and the token behind it; None for a mere word."""
        tokens, rules = self.tokens, [match.row.id]
        first, end, draft = match.start, match.end, False
        before = self._ending(first, "draft")
        if before is not None:
            first, draft = before.start, True
            rules.append(before.row.id)
        at = end
        for _ in range(3):
            link = self._at(at, "number")
            if link is None:
                break
            at = link.end
            rules.append(link.row.id)
        number = symbol = title = None
        year: int | None = None
        code = self._code(at)
        if code is not None:
            number, year, symbol, end = code
        else:
            end, title = self._title(match, rules)
            if title is not None:
                at = next((link.end for link in (self._at(end, "number"),) if link is not None), end)
                code = self._code(at)
                if code is not None:
                    number, year, symbol, end = code
            elif match.row.data.get("leading"):
                first, title = self._leading(first)
        _, issuer = self._letters(symbol)
        if issuer is None:
            issuer, issued = self._issuer(first, end, rules)
        else:
            issued = end
        if code is not None:
            if symbol is None and match.row.data.get("bare") is False:
                return None
            about = self._at(issued, "about")
            title = title or (self._subject(about.end) if about is not None else None)
        elif title is None and not match.row.data.get("alone"):
            if issuer is None or match.row.data.get("named") is False:
                return None
            end = issued
        date = self._date(max(end, issued))
        return (
            Instrument(
                tokens.starts[first],
                tokens.ends[end - 1],
                tokens.quote(first, end),
                str(match.row.data["type"]),
                number,
                symbol,
                year if year is not None else int(date[:4]) if date else None,
                issuer,
                title,
                date,
                draft,
                tuple(rules),
            ),
            end,
        )

    def bare(self, i: int) -> Instrument | None:
        """A number without a word before it, where its letters name the kind."""
        code = self._code(i)
        if code is None or code[2] is None:
            return None
        number, year, symbol, end = code
        kind, issuer = self._letters(symbol)
        if kind is None:
            return None
        date = self._date(end)
        tokens = self.tokens
        return Instrument(
            tokens.starts[i],
            tokens.ends[end - 1],
            tokens.quote(i, end),
            kind,
            number,
            symbol,
            year if year is not None else int(date[:4]) if date else None,
            issuer,
            None,
            date,
        )

    def _code(self, i: int) -> tuple[str, int | None, str | None, int] | None:
        """(number, year, symbol, token behind) of the document number at token `i`."""
        tokens = self.tokens
        if i >= len(tokens) or not tokens.numeric[i]:
            return None
        found = _CODE.match(tokens.text, tokens.starts[i])
        if found is not None and not found[3][0].isupper():
            found = None
        if found is None and tokens.claims[i] == "mask":
            found = _NUMBER.match(tokens.text, tokens.starts[i])
        if found is None:
            return None
        end = bisect_left(tokens.starts, found.end())
        symbol = (
            _PARTS.sub(lambda mark: "-" if mark.group() in "–‑" else mark.group(), found[3])
            if found.re is _CODE
            else None
        )
        return found[1], int(found[2]) if found[2] else None, symbol, end

    def _letters(self, symbol: str | None) -> tuple[str | None, str | None]:
        """What the letters of a number say: the kind of document and who issues it."""
        kind = issuer = None
        codes = catalogue("document_codes")
        for part in _PARTS.split(fold(symbol) or ""):
            row = codes.get(part) or codes.get(part.rstrip("0123456789"), {})
            kind = kind or row.get("type")
            issuer = row.get("issuer") or issuer
        return kind, issuer

    def _title(self, match: Match, rules: list[str]) -> tuple[int, str | None]:
        """Where the title behind the kind ends, and the title; (end of the kind, None) where there is none."""
        tokens, form = self.tokens, match.row.data.get("title", "capital")
        at = start = match.end
        if at >= len(tokens) or form == "none":
            return start, None
        about = self._at(at, "to" if form == "to" else "about")
        if about is not None and form != "roman":
            at = about.end
            rules.append(about.row.id)
        elif form in ("linked", "to") or (form != "any" and not tokens.words[at][:1].isupper()) or self._stops(at):
            return start, None
        elif form == "roman":
            return (at + 1, tokens.words[at]) if _ROMAN.fullmatch(tokens.words[at]) else (start, None)
        end = self._run(at, at + _TITLE)
        if end == at:
            return start, None
        amended = self._at(end + 1, "amended") if end < len(tokens) and tokens.words[end] == "(" else None
        if amended is not None and amended.end < len(tokens) and tokens.words[amended.end] == ")":
            end = amended.end + 1
            rules.append(amended.row.id)
        return end, tokens.quote(start, end)

    def _leading(self, first: int) -> tuple[int, str | None]:
        """The title before the kind ("Capital Law"): words with capitals, from the first of them."""
        tokens, start = self.tokens, first
        if not tokens.words[first][:1].isupper():
            return first, None
        while start > max(0, first - _LEADING) and tokens.words[start - 1][:1].isupper():
            if tokens.sentences[start - 1] != tokens.sentences[first] or self._at(start - 1, "article") is not None:
                break
            start -= 1
        return start, tokens.quote(start, first) if start < first else None

    def _subject(self, at: int) -> str | None:
        end = self._run(at, at + _TITLE)
        return self.tokens.quote(at, end) if end > at else None

    def _run(self, at: int, limit: int) -> int:
        tokens = self.tokens
        end, limit = at, min(limit, len(tokens))
        while end < limit and not self._stops(end):
            end += 1
        return end

    def _stops(self, i: int) -> bool:
        tokens = self.tokens
        if tokens.words[i] in _STOPS:
            inner = tokens.words[i] == "." and i + 1 < len(tokens) and tokens.sentences[i] == tokens.sentences[i + 1]
            return not inner
        if tokens.words[i] == "(" or self._at(i, "stop") is not None:
            return True
        kind = self.cues.at(i, "instruments")
        if kind is None or "type" not in kind.row.data:
            return False
        link = self._at(kind.end, "number")
        return self._code(link.end if link is not None else kind.end) is not None

    def _issuer(self, first: int, end: int, rules: list[str]) -> tuple[str | None, int]:
        """The body named behind the document ("của Bộ Chính trị") or right before it, and the token behind it."""
        of = self._at(end, "of")
        if of is not None:
            for i in range(of.end, min(of.end + _ISSUER_REACH, len(self.tokens))):
                for category, key in (("organisations", "organisation"), ("offices", "id")):
                    body = self.cues.longest(i, category)
                    if body is not None:
                        rules.append(of.row.id)
                        return str(body.row.data.get(key, body.row.id.rpartition(".")[2])), body.end
        body = next(
            (
                m
                for m in (self.cues.longest(i, "organisations") for i in range(max(0, first - 5), first))
                if m and m.end == first
            ),
            None,
        )
        if body is not None:
            return str(body.row.data["organisation"]), end
        return None, end

    def _date(self, end: int) -> str | None:
        tokens = self.tokens
        if end >= len(tokens):
            return None
        k = bisect_left(self.period_starts, tokens.starts[end])
        if k == len(self.periods):
            return None
        at = bisect_left(tokens.starts, self.periods[k].start)
        between = tokens.words[end:at]
        if at - end >= _DATE_REACH or any(word in ",;.:\n" for word in between):
            return None
        dated = at == end and self._at(at, "dated") is None and tokens.numeric[at]
        marked = any(self._at(i, "dated") is not None for i in range(end, min(at + 1, len(tokens))))
        return self.periods[k].code if marked or dated else None

    def _at(self, i: int, use: str) -> Match | None:
        for match in self.tokens.matches.get(i, ()):
            if match.row.category == "instruments" and match.row.data.get("use") == use:
                return match
        return None

    def _ending(self, end: int, use: str) -> Match | None:
        for k in range(max(0, end - 3), end):
            match = self._at(k, use)
            if match is not None and match.end == end:
                return match
        return None
