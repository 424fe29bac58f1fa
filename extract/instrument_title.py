"""Titles of documents: the words behind a kind ("Luật Đất đai", "Law on Railways") or before it ("Capital Law").

In: cues and the token where a kind ends or begins. Out: the token where the title ends or begins, and its words. The rows of
`instruments.toml` say what a title may open with (`title`): capital (also behind a link word), any word, linked (only behind
one), to (only behind an infinitive mark), named (any word where the kind itself has a capital), roman (a Roman numeral), self
(the word is its own title), none. Rows by `use`: about (before a subject), to (an infinitive mark), amending (opens the title
of a law that changes another), whole (words that belong together in a title, whatever ends one), congress (who resolves:
"the Resolution of the Party Congress"), edge (ends no title), stop (ends a title), amended (behind it, in brackets).

>>> from extract.pipeline import read
>>> cues = Cues(read("Luật Đất đai được sửa", "vi").tokens)
>>> Titles(cues).behind(cues.of("instruments")[0])[1]
'Đất đai'
"""

import re

from extract.cue import Cues
from extract.tokens import Match

_ROMAN = re.compile(r"[IVX]+")
_LONGEST = 18
"""Words of the longest title."""
_LEADING = 5
"""Words of the longest title before its kind."""
_BODY_REACH = 3
"""Words between a kind and the congress that resolves."""
_STOPS = frozenset(',;.:!?\n"”»)…(–')


class Titles:
    """Reads the titles of the documents of one text."""

    def __init__(self, cues: Cues) -> None:
        self.cues = cues
        self.tokens = cues.tokens

    def behind(self, match: Match) -> tuple[int, str | None, tuple[str, ...]]:
        """(token behind the title, title, rows) of the kind `match`; (end of the kind, None, ()) where there is none."""
        tokens, form, start = self.tokens, match.row.data.get("title", "capital"), match.end
        nothing: tuple[int, None, tuple[str, ...]] = (start, None, ())
        if form == "self":
            return start, tokens.quote(match.start, start), ()
        if start >= len(tokens) or form == "none":
            return nothing
        congress = self._congress(start)
        if congress is not None:
            return congress.end, tokens.quote(start, congress.end), (congress.row.id,)
        if form == "roman":
            return (start + 1, tokens.words[start], ()) if _ROMAN.fullmatch(tokens.words[start]) else nothing
        rules: list[str] = []
        at, opener = start, self._at(start, "amending")
        if opener is None:
            opener = self._at(start, "to" if form == "to" else "about")
        if opener is not None:
            at = opener.end
            rules.append(opener.row.id)
        elif form in ("linked", "to"):
            return nothing
        else:
            capital = tokens.words[match.start if form == "named" else start][:1].isupper()
            if (form != "any" and not capital) or (self.stops(start) and self._at(start, "whole") is None):
                return nothing
        law = self.cues.at(at, "instruments") if opener is not None else None
        if law is not None and law.row.data.get("type") == match.row.data["type"]:
            at = law.end  # "Luật sửa đổi, bổ sung một số điều của Luật Đấu thầu"
        end = self.run(at)
        if end == at:
            return nothing
        amended = self._at(end + 1, "amended") if end < len(tokens) and tokens.words[end] == "(" else None
        if amended is not None and amended.end < len(tokens) and tokens.words[amended.end] == ")":
            end = amended.end + 1
            rules.append(amended.row.id)
        return end, tokens.quote(start, end), tuple(rules)

    def before(self, first: int) -> tuple[int, str | None]:
        """(first token, title) of a kind that its title precedes ("Capital Law"): words with capitals."""
        tokens, start = self.tokens, first
        if not tokens.words[first][:1].isupper():
            return first, None
        while start > max(0, first - _LEADING) and tokens.words[start - 1][:1].isupper():
            if tokens.sentences[start - 1] != tokens.sentences[first] or self._at(start - 1, "article") is not None:
                break
            start -= 1
        return start, tokens.quote(start, first) if start < first else None

    def subject(self, at: int) -> str | None:
        """What a numbered document is about, from token `at` on."""
        end = self.run(at)
        return self.tokens.quote(at, end) if end > at else None

    def run(self, at: int) -> int:
        """The token behind the title that opens at `at`."""
        tokens = self.tokens
        end, limit = at, min(at + _LONGEST, len(tokens))
        while end < limit:
            whole = self._at(end, "whole")
            if whole is not None:
                end = whole.end
            elif (end > at and self._issuer_opens(end)) or self.stops(end):
                break
            else:
                end += 1
        while end > at and any(self._ends(end, use) for use in ("edge", "about", "of")):
            end -= 1
        return end

    def stops(self, i: int) -> bool:
        """Whether token `i` ends a title."""
        tokens = self.tokens
        if tokens.words[i] in _STOPS:
            inner = tokens.words[i] == "." and i + 1 < len(tokens) and tokens.sentences[i] == tokens.sentences[i + 1]
            return not inner
        if tokens.numeric[i] or tokens.claims[i] == "period" or self._at(i, "stop") is not None:
            return True
        kind = self.cues.at(i, "instruments")
        return kind is not None and "type" in kind.row.data and tokens.words[i][0].isupper()

    def _issuer_opens(self, i: int) -> bool:
        """Whether token `i` says whose document it is."""
        of = self._at(i, "of")
        if of is not None and of.end < len(self.tokens):
            named = self.tokens.words[of.end][:1].isupper()
            return named or any(self.cues.longest(of.end, name) for name in ("organisations", "offices", "places"))
        return False

    def _congress(self, start: int) -> Match | None:
        of = self._at(start, "of")
        at = of.end if of is not None else start
        for i in range(at, min(at + _BODY_REACH, len(self.tokens))):
            congress = self._at(i, "congress")
            if congress is not None:
                return congress
            if self.tokens.words[i] in _STOPS:
                break
        return None

    def _ends(self, end: int, use: str) -> bool:
        match = self._at(end - 1, use)
        return match is not None and match.end == end

    def _at(self, i: int, use: str) -> Match | None:
        return self.cues.at(i, "instruments", use)
