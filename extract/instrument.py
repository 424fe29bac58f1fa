"""Instruments: the legal and policy documents that a text names. `Cues` and periods in, a list of Instrument out.

A mention is a word for a kind of document with a number ("Nghị quyết số 57-NQ/TW"), a title ("Luật Thủ đô (sửa đổi)") or an
issuer ("Nghị quyết của Bộ Chính trị"), a number alone that names its kind ("theo 768/QĐ-TTg"), or a further number of a list
("các Nghị quyết số 57, 59 và 66"). What a mention leaves out stays None: "Nghị quyết 57" has no symbol, and nothing is filled
in from elsewhere. `extract/instrument_reader.py` reads one mention, `extract/instrument_title.py` its title.

>>> from extract.pipeline import read
>>> reading = read("theo Nghị quyết số 57-NQ/TW ngày 22/12/2024", "vi")
>>> [(i.type, i.number, i.symbol, i.issuer, i.date) for i in find_instruments(Cues(reading.tokens), reading.periods)]
[('resolution', '57', 'NQ/TW', 'party_cc', '2024-12-22')]
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extract.cue import Cues
from extract.lexicon import catalogue
from extract.period import Period
from extract.tokens import Tokens

_PARTS = re.compile(r"[-–‑/&]")
LOCAL = frozenset({"peoples_committee", "peoples_council", "provincial_party", "party_committee"})
"""Issuers that every place has one of, and that number their documents each for itself."""


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
    """Id of the issuing body where the text or the number names it."""
    title: str | None = None
    date: str | None = None
    """The day printed behind it, as a period code."""
    draft: bool = False
    rules: tuple[str, ...] = ()
    place: str | None = None
    """Where the issuer sits, as printed, for a body that every place has one of (people's committees and councils)."""

    @property
    def key(self) -> tuple[str | None, str | None, int | None, str | None]:
        """Number, symbol, year, issuer: two mentions of one document that name all four are equal here.

        The issuer is that of the letters, where they name one: 57-NQ/TW is one document, whoever of the Party is named.
        """
        return _bare_number(self.number), fold(self.symbol), self.year, letters(self.symbol)[1] or self.issuer

    @property
    def partial(self) -> bool:
        """Whether the mention leaves open which document it is: number, letters, year, issuer, or the issuer's place."""
        number, symbol, year, issuer = self.key
        return not (number and symbol and year and issuer) or (issuer in LOCAL and self.place is None)


def fold(symbol: str | None) -> str | None:
    """Letters of a number as they are compared: "QĐ-TTg" is "QD-TTG"."""
    return symbol.upper().replace("Đ", "D").replace("–", "-").replace("‑", "-") if symbol else None


def _bare_number(number: str | None) -> str | None:
    return number.lstrip("0") or "0" if number else None


@cache
def letters(symbol: str | None) -> tuple[str | None, str | None]:
    """What the letters of a number say: the kind of document and who issues it (of two issuers the first)."""
    kind = issuer = None
    codes = catalogue("document_codes")
    folded = fold(symbol) or ""
    for part in _PARTS.split(folded):
        row = codes.get(part) or codes.get(part.rstrip("0123456789"), {})
        kind = kind or row.get("type")
        party = (
            row.get("party") if f"/{part}" in folded else None
        )  # "57-NQ/BCT": the Party writes the body behind a slash
        issuer = issuer or party or row.get("issuer")
    return kind, issuer


def find_instruments(cues: Cues, periods: Sequence[Period]) -> list[Instrument]:
    """All documents of a text, in reading order, not overlapping."""
    from extract.instrument_reader import InstrumentReader

    reader = InstrumentReader(cues, periods)
    found: list[Instrument] = []
    taken: set[int] = set()
    end = 0
    for match in cues.of("instruments"):
        if match.start < end or "type" not in match.row.data or match.start in taken:
            continue
        read, end = reader.named(match)
        found += read
        taken.update(i for one in read for i in tokens_of(cues.tokens, one))
    for i, claim in enumerate(cues.tokens.claims):
        if claim == "mask" and cues.tokens.numeric[i] and i not in taken:
            bare = reader.bare(i)
            if bare is not None:
                found.append(bare)
                taken.update(tokens_of(cues.tokens, bare))
    return sorted(found, key=lambda one: one.start)


def tokens_of(tokens: Tokens, one: Instrument) -> range:
    """The tokens of a mention."""
    return range(bisect_left(tokens.starts, one.start), bisect_left(tokens.starts, one.end))


def instrument_at(instruments: Sequence[Instrument], tokens: Tokens, offset: int) -> Instrument | None:
    """The document named in the sentence of the character at `offset`: the last before it, else the first behind it."""
    i = max(0, bisect_right(tokens.starts, offset) - 1)
    number = tokens.sentences[i]
    start = tokens.starts[bisect_left(tokens.sentences, number)]
    end = tokens.ends[bisect_right(tokens.sentences, number) - 1]
    same = [one for one in instruments if start <= one.start < end]
    return next((one for one in reversed(same) if one.start < offset), same[0] if same else None)
