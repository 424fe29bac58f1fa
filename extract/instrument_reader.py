"""One mention of a document: kind, number, letters, year, issuer, title and date, from the words around it.

In: cues and periods of a text, and the token of a kind or of a number. Out: `Instrument`s: more than one where a kind has a list
of numbers ("các Nghị quyết số 57, 59 và 66 của Bộ Chính trị": the issuer is that of them all).

Rows of `instruments.toml`:

- `type`   a kind of document. `named = false`: a word of this kind with an issuer alone is no mention yet, and a number without
           letters only behind a capital; `alone`: the word is mention enough; `leading`: the title may stand before it;
           `bare = false`: a number without letters is its own only where it begins with 0 ("Project 06"); `broad`: the letters
           of the number say the kind better; `issuers`: who alone issues this kind.
- `use`    number (between kind and number), join (in a list of numbers), dated (before its date), about (before its subject),
           of (before its issuer), issue (what an issuer does with it), issuer (a body that the organisations do not have),
           genitive (between an issuer and its document), draft (before the kind); name (holds the word for a kind, names none).

Offices that issue documents say for whom (`issuer` in `offices.toml`); the letters of numbers are `document_codes.toml`.

>>> from extract.pipeline import read
>>> reading = read("các Nghị quyết số 57 và 59 của Bộ Chính trị", "vi")
>>> reader = InstrumentReader(Cues(reading.tokens), reading.periods)
>>> [(one.number, one.issuer) for one in reader.named(reader.cues.of("instruments")[0])[0]]
[('57', 'politburo'), ('59', 'politburo')]
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.cue import Cues
from extract.instrument import LOCAL, Instrument, letters
from extract.instrument_title import Titles
from extract.period import Period
from extract.tokens import Match

_CODE = re.compile(
    r"(\d{1,5})(?:/((?:19|20)\d\d))?(?:\s?[-–‑]\s?|/)([^\W\d_]+\d{0,2}(?:[-–‑/&][^\W\d_]+\d{0,2})*)(?!\w)"
)
_NUMBER = re.compile(r"(\d{1,4})(?:/((?:19|20)\d\d))?(?![\w%]|[.,/]\d)")
_DASHES = re.compile(r"[–‑]")
_DATE_REACH = 4
"""Tokens between a document and its date."""
_ISSUER_REACH = 3
"""Tokens between a word like "of" and the body that issued it."""
_SUBJECT_REACH = 12
"""Tokens before a document within which who issues it is its subject."""
_PLACE_REACH = 4
"""Tokens between a body and its place."""


@dataclass(slots=True)
class _Draft:
    """A mention while it is read; tokens, not characters."""

    first: int
    end: int
    type: str
    number: str | None = None
    symbol: str | None = None
    year: int | None = None
    issuer: str | None = None
    title: str | None = None
    date: str | None = None
    draft: bool = False
    place: str | None = None
    issuers: tuple[str, ...] = ()
    """Who alone issues this kind; empty where many do."""
    rules: list[str] = field(default_factory=list)


Body = tuple[str, int, int, str]
"""Id of an issuer, its tokens, and the id of its row."""


class InstrumentReader:
    """Reads the documents of one text."""

    def __init__(self, cues: Cues, periods: Sequence[Period]) -> None:
        self.cues, self.tokens, self.titles = cues, cues.tokens, Titles(cues)
        self.days = {self._token(p.start): p for p in periods if p.code and p.granularity == "day"}
        years = (p for p in periods if p.code and p.granularity == "year" and p.role in ("reference", "event"))
        self.years = {self._token(p.start): p for p in years}  # "đến hết năm 2025" is no document's year
        self.ending = {self._token(p.end): p for p in self.years.values()}

    def named(self, match: Match) -> tuple[list[Instrument], int]:
        """The documents whose kind `match` says, and the token behind them; none and its end for a mere word."""
        one = _Draft(match.start, match.end, str(match.row.data["type"]), rules=[match.row.id])
        one.issuers = tuple(match.row.data.get("issuers", ()))
        before = self._ending(match.start, "draft")
        if before is not None:
            one.first, one.draft = before.start, True
            one.rules.append(before.row.id)
        if not self._number(one, one.end) and not self._titled(one, match):
            issued = self._of(one.end)
            if issued is None:
                if not match.row.data.get("alone"):
                    return [], match.end
            else:
                self._issue(one, issued)
                if not self._number(one, issued[2]):
                    if match.row.data.get("named") is False:
                        return [], match.end
                    one.end = issued[2]
        if one.number is not None and one.symbol is None and not self._numbered(one, match):
            return [], match.end
        if match.row.data.get("broad") and letters(one.symbol)[0]:
            one.type = str(letters(one.symbol)[0])
        members = [one, *self._members(one)]
        behind = self._details(members[-1])
        self._subject_before(one)
        for giver in (one, members[-1]):  # who issued the first or the last of a list issued those written like it
            for member in members:
                if letters(member.symbol) == letters(giver.symbol):
                    member.issuer, member.place = member.issuer or giver.issuer, member.place or giver.place
        return [self._instrument(member) for member in members], max(behind, match.end)

    def bare(self, i: int) -> Instrument | None:
        """A number without a word before it, where its letters name the kind."""
        one = _Draft(i, i, "")
        if not self._number(one, i) or one.symbol is None:
            return None
        kind, _ = letters(one.symbol)
        if kind is None:
            return None
        one.type = kind
        self._details(one)
        self._subject_before(one)
        return self._instrument(one)

    def _number(self, one: _Draft, at: int) -> bool:
        """Read a number, behind its link words, from token `at` on."""
        linked = []
        for _ in range(3):
            link = self._at(at, "number")
            if link is None:
                break
            at = link.end
            linked.append(link.row.id)
        code = self._code(at)
        if code is None:
            return False
        one.number, one.year, one.symbol, one.end = code
        one.issuer = one.issuer or letters(one.symbol)[1]
        one.rules += linked
        return True

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
        symbol = _DASHES.sub("-", found[3]) if found.re is _CODE else None
        return found[1], int(found[2]) if found[2] else None, symbol, bisect_left(tokens.starts, found.end())

    def _numbered(self, one: _Draft, match: Match) -> bool:
        """Whether a number without letters is the document's own: "quyết định 5 người" is none."""
        capital = self.tokens.words[match.start][:1].isupper()
        if match.row.data.get("bare") is False:
            return capital and str(one.number).startswith("0")
        return capital or match.row.data.get("named") is not False

    def _titled(self, one: _Draft, match: Match) -> bool:
        """Read the title, and the number behind it."""
        end, title, rules = self.titles.behind(match)
        if title is None and match.row.data.get("leading"):
            one.first, title = self.titles.before(one.first)
        if title is None:
            return False
        one.title, one.end = title, max(end, one.end)
        one.rules += rules
        self._number(one, one.end)
        return True

    def _members(self, one: _Draft) -> list[_Draft]:
        """The further numbers of a list that `one` opens."""
        members: list[_Draft] = []
        if one.number is None:
            return members
        at = one.end
        while at < len(self.tokens):
            join = self._at(at, "join")
            if join is None or self.tokens.claims[join.end : join.end + 1] != ["mask"]:
                break
            start = join.end
            link = self._at(start, "number")
            start = link.end if link is not None else start
            more = _Draft(start, start, one.type, draft=one.draft, rules=list(one.rules))
            code = self._code(start)
            if code is None:
                break
            more.number, more.year, more.symbol, more.end = code
            more.issuer = letters(more.symbol)[1]
            if one.symbol and more.symbol and letters(more.symbol)[0] != letters(one.symbol)[0]:
                break  # "Nghị quyết 57-NQ/TW, 768/QĐ-TTg": another kind, read by itself
            members.append(more)
            at = more.end
        return members

    def _details(self, one: _Draft) -> int:
        """Read what stands behind: year, date and issuer, in any order, then the subject. The token behind them."""
        at = one.end
        for _ in range(3):
            year, day, of = self.years.get(at), self._date(at), self._of(at)
            if of is not None and of[1] <= at + _ISSUER_REACH and self._new(one, of):
                self._issue(one, of)
                at = of[2]
            elif one.date is None and day is not None:
                one.date, at = day
                one.year = one.year or int(one.date[:4])
            elif one.year is None and year is not None and year.code is not None:
                one.year, at = int(year.code), self._token(year.end)
                if one.number is None:
                    one.end = at  # "Luật Đất đai 2024"
            else:
                break
        leading = self.ending.get(one.first)
        if one.year is None and one.number is None and leading is not None and leading.code is not None and one.title:
            one.year, one.first = int(leading.code), self._token(leading.start)  # "the 2024 Land Law"
        about = self._at(at, "about") if one.number is not None and one.title is None else None
        one.title = self.titles.subject(about.end) if about is not None else one.title
        return max(at if one.title is None or one.number is None else one.end, one.end)

    def _of(self, end: int) -> Body | None:
        """The body named behind a document ("của Bộ Chính trị")."""
        of = self._at(end, "of")
        if of is None:
            return None
        for i in range(of.end, min(of.end + _ISSUER_REACH, len(self.tokens))):
            body = self._body(i)
            if body is not None:
                return body
        return None

    def _new(self, one: _Draft, body: Body) -> bool:
        """Whether `body` says more than is known of the issuer of `one`."""
        return one.issuer != body[0] or (one.place is None and self._place(body) is not None)

    def _body(self, i: int) -> Body | None:
        own = self._at(i, "issuer")
        if own is not None:
            return str(own.row.data["issuer"]), own.start, own.end, own.row.id
        for category, key in (("offices", "issuer"), ("organisations", "organisation")):
            body = self.cues.longest(i, category)
            if body is not None and key in body.row.data:
                return str(body.row.data[key]), body.start, body.end, body.row.id
        return None

    def _issue(self, one: _Draft, body: Body) -> None:
        """Take `body` as the issuer, unless the letters of the number name another: of a ministry, say."""
        printed = letters(one.symbol)[1]
        if one.issuers and body[0] not in one.issuers:
            return
        if printed is None or printed in ("party_cc", body[0]):
            one.issuer = body[0]
        elif printed not in LOCAL:
            return
        one.place = self._place(body) or one.place

    def _subject_before(self, one: _Draft) -> None:
        """Who issues it, right before it ("Government Resolution") or as the subject of what it does with it."""
        tokens, body = self.tokens, None
        low = max(0, one.first - _SUBJECT_REACH)
        for i in range(one.first - 1, low - 1, -1):
            if tokens.sentences[i] != tokens.sentences[one.first] or tokens.words[i] in ";:\n":
                break
            body = self._body(i) or body
            if body is not None and i < body[1] - 2:
                break  # a body inside a longer name is none ("Chính phủ" of "Thủ tướng Chính phủ")
        if body is None:
            return
        between = range(body[2], one.first)
        mark = self._at(body[2], "genitive")
        genitive = one.first == (mark.end if mark is not None else body[2])
        acts = [i for i in between if self._at(i, "issue") is not None]
        subject = genitive or (acts and "," not in tokens.words[body[2] : one.first])
        open_ = one.issuer is None or (one.place is None and one.issuer in (*LOCAL, "party_cc"))
        if subject and open_:
            self._issue(one, body)

    def _place(self, body: Body) -> str | None:
        """Where a body sits that every place has one of: named behind it, or right before it."""
        if body[0] not in LOCAL:
            return None
        words = self.tokens.words
        for i in range(body[2], min(body[2] + _PLACE_REACH, len(words))):
            place = self.cues.longest(i, "places")
            if place is not None:
                return self.tokens.quote(place.start, place.end)
            if words[i] in ",;:\n":
                break
        for i in range(max(0, body[1] - _PLACE_REACH), body[1]):
            place = self.cues.longest(i, "places")
            if place is not None and place.end == body[1]:
                return self.tokens.quote(place.start, place.end)
        return None

    def _date(self, end: int) -> tuple[str, int] | None:
        """The day printed behind token `end`, as a period code, and the token behind it."""
        tokens = self.tokens
        for at in range(end, min(end + _DATE_REACH, len(tokens))):
            day = self.days.get(at)
            if day is None or day.code is None:
                if tokens.words[at] in ";.:\n" or (tokens.words[at] == "," and at > end):
                    break
                continue
            between = tokens.words[end:at]
            dated = between in ([], ["("]) and tokens.numeric[at]
            marked = any(self._at(i, "dated") is not None for i in range(end, at + 1))
            if "," in between and self._at(at, "dated") is None:
                return None
            return (day.code, self._token(day.end)) if marked or dated else None
        return None

    def _instrument(self, one: _Draft) -> Instrument:
        tokens = self.tokens
        return Instrument(
            tokens.starts[one.first],
            tokens.ends[one.end - 1],
            tokens.quote(one.first, one.end),
            one.type,
            one.number,
            one.symbol,
            one.year,
            one.issuer,
            one.title,
            one.date,
            one.draft,
            tuple(dict.fromkeys(one.rules)),
            one.place,
        )

    def _token(self, offset: int) -> int:
        return bisect_left(self.tokens.starts, offset)

    def _at(self, i: int, use: str) -> Match | None:
        return self.cues.at(i, "instruments", use)

    def _ending(self, end: int, use: str) -> Match | None:
        for k in range(max(0, end - 3), end):
            match = self._at(k, use)
            if match is not None and match.end == end:
                return match
        return None
