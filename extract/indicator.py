"""What a figure is about: the phrase of the text, restored where the text leaves it out, and its row in the catalogue.

In: the clause of a figure and the `Theme` that the text before it has set. Out: a `Naming`. A phrase with a measurable noun
("doanh thu du lịch") stands for itself and sets the theme; a part ("ngành khai khoáng", "miền Bắc", "112 är kvinnor") is read
under the theme; an empty subject carries the indicator of the figure before.
"""

import re
from collections import deque
from dataclasses import dataclass, field, replace
from functools import cache

from extract.clause import Clause, Clauses, Span
from extract.concept import is_growth, known_concept
from extract.cue import Cues
from extract.lexicon import lexicon
from extract.noun import head_at_end, indefinite, is_head
from extract.quantity import Quantity
from extract.tokens import Match

_SHORT = 3
"""Words up to which a subject behind a semicolon is read under the subject before it ("; tiêu thụ đạt …")."""
_MEMORY = 60
"""Indicators that a text may still refer back to."""
_SAID = 6
"""Words of what is said of a counted noun that name it."""
_BARE = 2
"""Words of a measure that says nothing of what it measures ("diện tích")."""
_REFERS = 4
"""Words from the beginning of a subject within which "this" makes it one that was named."""
_TOPIC = 10
"""Words up to which the head of a clause completes the measure said of it ("tuyến đường có chiều dài …")."""


_ADVERBS = 4
"""Words from an auxiliary to the end of the verb that it helps ("were all exported")."""
_ECONOMY = frozenset({"gdp", "grdp"})
"""Concepts whose growth is called growth and nothing more."""

_ABBREVIATED = re.compile(r"(.+) \(([^\W\d_a-z]{2,8})\)$")


@dataclass(slots=True)
class Theme:
    """What the passage speaks of so far. `head` is the last measure without its part, `whole` with it."""

    head: str = ""
    whole: str = ""
    sentence: int = -1
    part: str = ""
    counted: str = ""
    """The last thing counted, with what defines it ("medlemmar i partikommittén")."""
    topic: str = ""
    lead: str = ""
    """The first measure of the sentence in hand."""
    owner: str = ""
    """Whose the measures are from here on ("của 10 doanh nghiệp")."""
    owned_in: int = -2
    span: Span | None = None
    """Where `head` stands."""
    growth: str = ""
    """The last indicator that is itself a rate of growth (GDP), and where it stands."""
    growth_span: Span | None = None
    act: str = ""
    """What is done to things that are measured by the amount alone ("gieo cấy … lúa đông xuân")."""


@dataclass(frozen=True, slots=True)
class Naming:
    """`carried` where the words were left out of the text here; `part` what was read under the theme."""

    phrase: str
    carried: bool = False
    part: str = ""
    head: bool = False
    base: str = ""
    """The measure without its part or topic."""
    topic: str = ""
    member: bool = False
    """Counted from the last count ("112 är kvinnor")."""
    subject: Span | None = None
    rules: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the text stands when a figure comes. `last` is the indicator of the figure before,
    `last_counted` whether that is a count, `counted` whether the unit is a
    noun, `under` whether the figure is one of a list of parts, `genitive` whether it stands inside a longer phrase, `earlier`
    what this sentence named, `shared` the noun of the next figure where this one has none ("từ 63 xuống còn 34 tỉnh")."""

    last: str
    last_counted: bool
    counted: bool
    under: bool
    genitive: bool
    earlier: tuple[str, ...]
    shared: Span | None


@cache
def template(language: str, category: str, use: str) -> str:
    """The `template` of the first row of that use."""
    for row in lexicon(language).category(category):
        if row.data.get("use") == use and "template" in row.data:
            return str(row.data["template"])
    return ""


@cache
def _economies(language: str) -> tuple[str, ...]:
    """The phrases for the product of a nation or a region."""
    rows = lexicon(language).category("indicators")
    return tuple(p.lower() for row in rows if row.data["concept"] in _ECONOMY for p in row.phrases)


class Indicators:
    """Names the indicators of one text, figure by figure in reading order."""

    def __init__(self, cues: Cues, clauses: Clauses) -> None:
        self.cues = cues
        self.clauses = clauses
        self.tokens = cues.tokens
        self.language = cues.tokens.language
        self.theme = Theme()
        self._short: dict[str, str] = {}
        self._paired: list[str] = []
        self._paired_in = -1
        self._named: deque[str] = deque(maxlen=_MEMORY)

    def name(self, quantity: Quantity, clause: Clause, turn: Turn) -> Naming:
        """The indicator of a figure; the theme moves on with it."""
        if turn.shared is not None and not is_head(self.cues, clause.subject):
            naming = Naming(self._text_of_noun(turn.shared), subject=turn.shared)
        else:
            naming = self._name(quantity, clause, turn)
        if not naming.phrase and (span := self._last_measure(clause)) is not None:
            naming = replace(naming, phrase=self.clauses.text(span), subject=span)
        words = naming.phrase.split()
        if words and words[0] in self._short:
            naming = replace(naming, phrase=" ".join([self._short[words[0]], *words[1:]]))
        if naming.phrase and naming.subject is not None and is_growth(known_concept(self.cues, naming.subject)):
            self.theme.growth, self.theme.growth_span = naming.phrase, naming.subject
        if naming.phrase and not naming.carried:
            self._named.append(naming.phrase)
        found = _ABBREVIATED.match(naming.phrase)
        if found is not None:
            self._short.setdefault(found[2], found[1])
        return replace(naming, phrase=indefinite(naming.phrase, self.language))

    def _name(self, quantity: Quantity, clause: Clause, turn: Turn) -> Naming:
        last, counted, under = turn.last, turn.counted, turn.under
        theme = self.theme
        subject, topic = clause.subject, clause.topic
        if (
            clause.near is not None
            and not clause.compared
            and (clause.moved or is_head(self.cues, clause.near) or not self._growing(clause))
        ):
            if subject is not None and topic is None:
                topic = subject
            subject = clause.near
        if quantity.unit == "rank":
            return self._ranked(clause, subject, last)
        subject = self._behind_comma(subject)
        if subject is not None and self._says_nothing(subject, turn):
            subject = topic if topic is not None and topic != subject and is_head(self.cues, topic) else None
            topic, clause.subject = None, subject
        noun = self._noun(quantity, clause) if counted else None
        if noun is not None and turn.genitive:
            return Naming(self._text_of_noun(noun), subject=noun)
        about = self._about(clause, turn.earlier)
        if about is not None:
            return about
        if (economy := self._economy(clause, subject)) is not None:
            return economy
        if (act := self._act(clause, turn, noun)) is not None:
            return act
        said_behind = self._object(quantity, clause, subject)
        if said_behind is not None:
            return said_behind
        text = self.clauses.text(subject)
        if subject is None or not text or self._pronoun(clause):
            return self._elided(quantity, clause, turn, noun)
        self._paired = []
        head = is_head(self.cues, subject)
        if not head and topic is None and (cut := head_at_end(self.cues, subject)):
            topic, subject, head = self.clauses.strip(subject[0], cut), (cut, subject[1]), True
            text = self.clauses.text(subject)
        if noun is not None and not (head and self._tied(clause)):
            if head:
                theme.lead = theme.head = text
            if not self._generic(noun):
                overlap = set(self.tokens.lower[noun[0] : noun[1]]) & set(text.lower().split())
                if head or not clause.cues or not overlap:
                    return self._counted(noun)
            elif not clause.cues and not head:
                return self._counted(noun, text, subject)
        if head and (whole := self._fuller(subject, clause, turn)):
            return Naming(whole, head=True, base=whole, subject=subject)
        if head and self._opens_parts(clause) and (behind := self._qualified(clause)) is not None:
            self._measure(subject, topic, text)
            raw = self.tokens.quote(clause.end, behind[1])
            return Naming(f"{text} {raw}", part=raw, head=True, base=text, subject=behind)
        if head:
            pair = self._pair(clause, subject)
            return self._measure(subject, topic, text) if pair is None else pair
        size = subject[1] - subject[0]
        member = under or clause.listed or self._part_word(subject)
        short = size <= _SHORT and theme.sentence == self.tokens.sentences[clause.first] and bool(clause.cues)
        if theme.head and member:
            return self._part(theme.head, text, subject)
        if theme.lead and short:
            return self._part(theme.lead, text, subject)
        if not clause.cues and clause.behind is not None and not counted:
            object_ = self.clauses.text(clause.behind)
            if is_head(self.cues, clause.behind):
                return self._own(object_, clause.behind)
            text = f"{text} {object_}"
            theme.act = text
        pair = self._pair(clause, subject)
        return self._own(text, subject) if pair is None else pair

    def _last_measure(self, clause: Clause) -> Span | None:
        """The measure that the sentence named last before the figure, for one that has nothing else."""
        sentences = self.tokens.sentences
        for i in range(clause.first - 1, -1, -1):
            if sentences[i] != sentences[clause.first]:
                return None
            match = self.cues.longest(i, "indicators") or self.cues.longest(i, "heads")
            if match is None or match.row.data.get("where") == "never" or self.clauses.kinds[i] in "qp":
                continue
            end, begin, k = match.end, i, i - 1
            while end < clause.first and not self._ends_phrase(end):
                end += 1
            while k >= 0 and sentences[k] == sentences[i] and not self._ends_phrase(k):
                wider = self.cues.longest(k, "indicators") or self.cues.longest(k, "heads")
                begin = k if wider is not None and wider.row.data.get("where") != "never" else begin
                k -= 1
            span = self.clauses.strip(begin, end)
            if span is not None and is_head(self.cues, span) and not self._value_words(span):
                return span
        return None

    def _ends_phrase(self, i: int) -> bool:
        """Whether a phrase cannot go on at token `i`: a value, a mark, a verb or a link stands there."""
        if self.clauses.kinds[i] in "qp" or self.tokens.words[i] in ",;:.()":
            return True
        return self.cues.at(i, "measures") is not None or self.cues.at(i, "fillers", "link") is not None

    def _behind_comma(self, subject: Span | None) -> Span | None:
        """A subject that runs over a comma without its beginning, where a measure opens behind the comma ("… theo nhiều giai
        đoạn, với quy mô")."""
        if subject is None or is_head(self.cues, (subject[0], subject[0] + 1)):
            return subject
        for i in range(subject[1] - 1, subject[0], -1):
            if self.tokens.words[i] == ",":
                piece = self.clauses.strip(i + 1, subject[1])
                if piece is not None and any(
                    match.row.category in ("heads", "indicators") and match.row.data.get("where") != "never"
                    for match in self.tokens.matches.get(piece[0], ())
                ):
                    return piece
        return subject

    def _says_nothing(self, subject: Span, turn: Turn) -> bool:
        """Whether a subject names no indicator: only words for a value ("mức", "mốc chủ chốt"), somebody just named who does
        something ("thương hiệu này điều chỉnh")."""
        if self._value_words(subject):
            return True
        opening = self.cues.at(subject[0], "fillers", "pronoun")
        if opening is not None and opening.start + 1 < opening.end < subject[1]:
            return True
        named = is_head(self.cues, subject) or self._part_word(subject) or turn.counted
        if named or not turn.last:
            return False
        near = range(subject[0] + 1, min(subject[0] + _REFERS, subject[1]))
        return any(self.cues.at(k, "fillers", "refers") is not None for k in near)

    def _value_words(self, span: Span) -> bool:
        """Whether a phrase is made of words for a value alone."""
        i = span[0]
        while i < span[1]:
            value = self.cues.at(i, "fillers", "value")
            if value is None or value.end > span[1]:
                return False
            i = value.end
        return True

    def _economy(self, clause: Clause, subject: Span | None) -> Naming | None:
        """Growth that nobody's measure owns: that of the economy the text spoke of ("The Government targets growth of 8%")."""
        if not clause.fresh or clause.bracket:
            return None
        whole = self.cues.at(subject[0], "fillers", "economy") if subject is not None else None
        if subject is None or whole is None or whole.end != subject[1]:
            grows = any(self.cues.at(cue.start, "fillers", "economy") is not None for cue in clause.cues)
            if not grows or not (subject is None or self.clauses.actor(subject) or self._local(subject)):
                return None
        phrases = _economies(self.language)
        before = next((p for p in reversed(self._named) if any(f" {e} " in f" {p.lower()} " for e in phrases)), "")
        printed = self.clauses.text(subject) if whole is not None and subject is not None else ""
        phrase = before or printed or template(self.language, "fillers", "economy")
        if not phrase:
            return None
        self.theme.head = self.theme.whole = phrase
        self.theme.sentence = self.tokens.sentences[clause.first]
        return Naming(phrase, bool(before), head=True, base=phrase)

    def _local(self, span: Span) -> bool:
        """Whether a phrase is only "the province" or "the city"."""
        return any(
            match.end >= span[1] and match.row.category == "place_words"
            for i in range(max(0, span[0] - 1), span[1])
            for match in self.tokens.matches.get(i, ())
        )

    def _act(self, clause: Clause, turn: Turn, noun: Span | None) -> Naming | None:
        """An amount that somebody does something with ("imported 3 tonnes of iron", "3 tonnes of iron were imported")."""
        match = self._done(clause)
        if match is None:
            return None
        if turn.counted:
            said = str(match.row.data.get("counts", ""))
            if noun is None or not said:
                return None
            named = self._counted(noun)
            phrase = named.phrase if said in named.phrase.lower() else f"{named.phrase} {said}"
            self.theme.whole = phrase
            return replace(named, phrase=phrase)
        name = str(match.row.data["noun"])
        thing = self._thing(clause)
        if thing is None:
            return self._own(name, (match.start, match.end))
        if is_head(self.cues, thing):
            return self._own(self.clauses.text(thing), thing)
        form = str(match.row.data.get("template") or template(self.language, "acts", "of"))
        return self._own(form.format(head=name, part=self.clauses.text(thing)), thing)

    def contribution(self, naming: Naming, clause: Clause, shares: bool) -> Naming:
        """What a part contributes to a whole: points to its growth, or (`shares`) a share of it ("over 40% to GDP")."""
        part = self.theme.part or naming.part or naming.phrase
        if shares and clause.subject is not None:
            part = self.clauses.text(clause.subject)
        whole = self.clauses.text(clause.behind) if shares else ""
        form = template(self.language, "parts", "contributed" if whole else "contribution")
        return replace(naming, phrase=form.format(part=part, whole=whole), carried=False)

    def _done(self, clause: Clause) -> Match | None:
        """What is done with the figure: right before it, or behind it in the passive."""
        for match in self.cues.within("acts", clause.start, clause.first):
            if "noun" in match.row.data and self.clauses.filler(match.end, clause.first):
                return match
        for i in range(clause.end, clause.stop):
            if self.cues.at(i, "fillers", "aux") is not None:
                behind = self.cues.within("acts", i + 1, min(i + _ADVERBS, clause.stop))
                return next((match for match in behind if "noun" in match.row.data), None)
        return None

    def _thing(self, clause: Clause) -> Span | None:
        """What the amount behind an act is of, up to the next verb, value or mark ("iron and steel")."""
        end = clause.end
        while end < clause.stop and self.clauses.kinds[end] not in "qp":
            if end > clause.end + 1 and self.cues.at(end, "fillers", "adverbial") is not None:
                break
            if self.cues.at(end, "measures") is not None or self.cues.at(end, "fillers", "link") is not None:
                break
            end += 1
        return self.clauses.strip(clause.end, end)

    def _elided(self, quantity: Quantity, clause: Clause, turn: Turn, noun: Span | None) -> Naming:
        """A figure without a subject of its own."""
        last, under = turn.last, turn.under
        theme = self.theme
        if self._paired and self._paired_in == self.tokens.sentences[clause.first]:
            return Naming(self._paired.pop(0), True)
        has = self._before(clause, "has") and bool(theme.counted)
        if noun is not None and not self._generic(
            noun, noun[1], clause.end if has or self._number_first(clause) else noun[1]
        ):
            return self._counted(noun)
        if under or (theme.counted and quantity.unit in (None, "percent", "person")):
            member = self._number_first(clause)
            if member is not None:
                return self._member(*member)
        if noun is not None and (clause.fresh or not last):
            same = self._named_with(self.tokens.lower[noun[0]])
            if same or not last:
                return Naming(same, True) if same else self._counted(noun)
        if clause.fresh and "/" in (quantity.unit or "") and (rated := self._rated(quantity, clause)) is not None:
            return Naming(self._text_of_noun(rated), subject=rated)
        if clause.fresh and clause.behind is not None and not clause.cues and quantity.unit not in ("percent", "times"):
            return self._own(self.clauses.text(clause.behind), clause.behind)
        if clause.aimed and theme.growth and quantity.unit == "percent" and self._growing(clause):
            return Naming(theme.growth, True, subject=theme.growth_span)
        ahead = self._ahead(clause)
        if ahead is not None:
            return ahead
        before = self._meant(clause)
        if before:
            return Naming(before, True)
        if not last and clause.behind is not None:
            return Naming(self.clauses.text(clause.behind), subject=clause.behind)
        shared = any(cue.row.data["measure"] in ("share", "ratio") for cue in clause.cues)
        if turn.last_counted and quantity.unit == "percent" and clause.fresh and theme.span is not None and not shared:
            return Naming(theme.head, True, subject=theme.span)
        if last and turn.last_counted and theme.lead and quantity.unit not in (None, "percent", "times"):
            return Naming(theme.lead, True)
        behind = self._qualified(clause) if under and theme.head else None
        if behind is not None:
            raw = self.tokens.quote(clause.end, behind[1])
            return Naming(f"{theme.head} {raw}", part=raw, subject=behind)
        return Naming(last or theme.whole, True, theme.part)

    def _object(self, quantity: Quantity, clause: Clause, subject: Span | None) -> Naming | None:
        """What a percentage is of, or takes away, where that stands right behind it ("78% doanh nghiệp dùng AI", "giảm
        70% thời gian chờ")."""
        behind = clause.behind
        if quantity.unit != "percent" or behind is None or behind[0] != clause.end or is_head(self.cues, subject):
            return None
        if self.cues.at(behind[0], "fillers", "adverbial") is not None or clause.bracket:
            return None
        if self.theme.counted and self._before(clause, "has"):
            return None
        growing = any(cue.row.data["measure"] == "growth" for cue in clause.cues)
        if (
            clause.cues
            and not growing
            and (subject is not None or any(c.row.data["measure"] != "level" for c in clause.cues))
        ):
            return None
        end = behind[1]
        if not clause.cues:
            while end < clause.stop and end - behind[0] < _TOPIC and self.clauses.kinds[end] not in "qp":
                end += 1
        span = self.clauses.strip(behind[0], end) or behind
        return Naming(self.clauses.text(span), subject=span)

    def _qualified(self, clause: Clause) -> Span | None:
        """What tells one part of an amount from the others, behind a preposition ("200 tỷ đồng từ ngân sách nhà nước")."""
        if clause.end >= clause.stop or self.cues.at(clause.end, "fillers", "adverbial") is None:
            return None
        span = self.clauses.strip(clause.end, clause.stop)
        if span is None or any(self.clauses.kinds[i] in "qp" for i in range(clause.end, span[1])):
            return None
        return span

    def _ahead(self, clause: Clause) -> Naming | None:
        """A measure that the sentence names behind its first figure ("Từ mức 61 triệu USD năm 1996, xuất khẩu gỗ …")."""
        if not clause.fresh or clause.cues or self.cues.at(clause.start, "fillers", "adverbial") is None:
            return None
        words, sentences = self.tokens.words, self.tokens.sentences
        if clause.stop >= len(words) or words[clause.stop] != ",":
            return None
        end = begin = clause.stop + 1
        while end < len(words) and sentences[end] == sentences[clause.first] and words[end] not in ",;:":
            if self.cues.at(end, "measures") is not None or self.clauses.kinds[end] in "qp":
                break
            end += 1
        span = self.clauses.strip(begin, end)
        if span is None or not is_head(self.cues, span):
            return None
        return Naming(self.clauses.text(span), subject=span)

    def _rated(self, quantity: Quantity, clause: Clause) -> Span | None:
        """The words of a rate that names itself ("14 bác sĩ/vạn dân")."""
        noun = self._noun(quantity, clause)
        if noun is None or not any(
            match.row.data.get("counted")
            for match in self.tokens.matches.get(noun[0], ())
            if match.row.category == "units"
        ):
            return None
        return (noun[0], clause.end)

    def _named_with(self, noun: str) -> str:
        """The last indicator whose phrase has that noun ("giảm 4.920 vụ": "vụ tai nạn giao thông")."""
        return next((phrase for phrase in reversed(self._named) if noun in phrase.lower().split()), "")

    def _meant(self, clause: Clause) -> str:
        """What a pronoun with a noun in it stands for ("tỷ lệ này": the last rate named)."""
        if clause.subject is None:
            return ""
        first = self.tokens.lower[clause.subject[0]]
        return next((phrase for phrase in reversed(self._named) if phrase.lower().split()[0] == first), "")

    def _tied(self, clause: Clause) -> bool:
        """Whether the subject is what the number measures: a verb of measure or "is" stands between, not "has"."""
        if clause.cues:
            return True
        link = clause.last_word
        return link is None or self.cues.at(link.start, "parts", "is") is not None

    def _ranked(self, clause: Clause, subject: Span | None, last: str) -> Naming:
        """What holds a rank: named behind it ("đứng thứ hai là ngành gỗ …"), before it, or carried."""
        for i in range(clause.end, min(clause.end + 2, clause.stop)):
            link = self.cues.at(i, "parts", "is")
            if link is not None:
                end = link.end
                sentence = self.tokens.sentences[clause.first]
                while (
                    end < len(self.tokens) and self.tokens.sentences[end] == sentence and self.tokens.words[end] != ";"
                ):
                    if self.cues.at(end, "measures") is not None or self.clauses.kinds[end] == "q":
                        break
                    end += 1
                span = self.clauses.strip(link.end, end)
                if span is not None:
                    text = self.clauses.text(span)
                    return Naming(self._compose(self.theme.head, text), part=text, subject=span)
        end = clause.end
        while end < len(self.tokens) and self.tokens.sentences[end] == self.tokens.sentences[clause.first]:
            end += 1
        for i in range(clause.end, min(end, clause.end + _TOPIC)):
            if self.tokens.words[i] in ",;":
                break
            about = self.cues.at(i, "parts", "about")
            span = self.clauses.strip(about.end, self._till_mark(about.end, end)) if about is not None else None
            if span is not None:
                return Naming(self.clauses.text(span), subject=span)
        if subject is not None and self.cues.at(subject[0], "measures") is None:
            return Naming(self.clauses.text(subject), subject=subject)
        return Naming(last or self.theme.whole, True)

    def _opens_parts(self, clause: Clause) -> bool:
        link = clause.last_word
        return link is not None and self.cues.at(link.start, "parts", "open") is not None

    def _fuller(self, subject: Span, clause: Clause, turn: Turn) -> str:
        """The full name of a measure that leaves out what it measures: what the text called it before ("giá": "giá bán căn
        hộ"), or with the things counted right before it ("21 dự án với số vốn …")."""
        match = self.cues.longest(subject[0], "heads")
        if clause.topic is not None or self.cues.longest(subject[0], "indicators") is not None:
            return ""
        text = self.clauses.text(subject)
        bare = match is not None and match.end >= subject[1]
        if bare:
            found = next(
                (
                    p
                    for p in reversed(self._named)
                    if f" {text.lower()} " in f" {p.lower()} " and p.lower() != text.lower()
                ),
                "",
            )
            if found:
                return found
        if turn.last_counted and not clause.fresh and clause.last_word is None and turn.last and self._with(clause):
            return template(self.language, "parts", "of").format(head=text, part=turn.last)
        return ""

    def _with(self, clause: Clause) -> bool:
        """Whether a clause hangs on the figure before it ("… với tổng vốn …")."""
        first = clause.start
        while first < clause.first and self.tokens.words[first] == ",":
            first += 1
        return self.cues.at(first, "fillers", "link") is not None

    def _till_mark(self, start: int, end: int) -> int:
        return next((i for i in range(start, end) if self.tokens.words[i] in ",;.:"), end)

    def _about(self, clause: Clause, earlier: tuple[str, ...]) -> Naming | None:
        """What grew, where a growth says it behind ("tăng 20,2% … về số dự án"): one of the sentence's indicators, or those
        words."""
        if not self._growing(clause) or clause.subject is not None:
            return None
        for i in range(clause.end, clause.stop):
            match = self.cues.at(i, "parts", "about")
            if match is None or self.clauses.kinds[i] in "qp":
                continue
            span = self.clauses.strip(match.end, clause.stop)
            if span is None or not (is_head(self.cues, span) or span[1] - span[0] <= _SHORT):
                continue
            words = set(self.clauses.text(span).lower().split())
            best, most = "", 0.5
            for phrase in earlier:
                score = len(words & set(phrase.lower().split())) / len(words)
                if score >= most:
                    best, most = phrase, score
            if best or is_head(self.cues, span):
                return Naming(best or self.clauses.text(span), subject=span)
        return None

    def _pair(self, clause: Clause, subject: Span) -> Naming | None:
        """Two things with their figures in the same order ("giá xăng và dầu lần lượt tăng 1,95% và 6,34%"): the first of them
        here, the others wait for theirs."""
        sentence = self.tokens.sentences[clause.first]
        end = clause.first
        while end < len(self.tokens) and self.tokens.sentences[end] == sentence:
            end += 1
        if self.cues.any("fillers", clause.start, end, "respectively") is None:
            return None
        cuts = [
            i for i in range(*subject) if self.cues.at(i, "fillers", "join") is not None or self.tokens.words[i] == ","
        ]
        spans, begin = [], subject[0]
        for cut in [*cuts, subject[1]]:
            span = self.clauses.strip(begin, cut)
            if span is not None:
                spans.append(span)
            begin = cut + 1
        if len(spans) < 2:
            return None
        texts = [self.clauses.text(span) for span in spans]
        first, last = is_head(self.cues, spans[0]), is_head(self.cues, spans[-1])
        if first and not last:
            noun = self.cues.longest(spans[0][0], "heads")
            lead = self.tokens.quote(noun.start, noun.end) if noun else texts[0].split()[0]
            texts[1:] = [f"{lead} {text}" for text in texts[1:]]
        elif last and not first:
            tail = texts[-1].split()[-1]
            texts[:-1] = [f"{text} {tail}" for text in texts[:-1]]
        self._paired, self._paired_in = texts[1:], sentence
        self.theme.head = self.theme.whole = self.clauses.text(subject)
        self.theme.sentence = sentence
        return Naming(texts[0], head=True, subject=spans[0])

    def _growing(self, clause: Clause) -> bool:
        return any(cue.row.data["measure"] != "level" for cue in clause.cues)

    def refers_back(self, clause: Clause) -> bool:
        """Whether the subject of a new sentence is the figure before ("This figure rose by …")."""
        return clause.fresh and not clause.bracket and self._pronoun(clause)

    def _pronoun(self, clause: Clause) -> bool:
        if clause.subject is None:
            return False
        match = self.cues.at(clause.subject[0], "fillers", "pronoun")
        return match is not None and match.end >= clause.subject[1]

    def _part_word(self, span: Span) -> bool:
        for i in range(*span):
            match = self.cues.at(i, "parts", "part")
            if match is not None and match.end <= span[1] and (i == span[0] or match.row.data.get("where") != "start"):
                return True
        return False

    def of_class(self, noun: Span, end: int) -> str:
        """A counted noun with what bounds its class ("mặt hàng đạt kim ngạch trên 10 tỷ USD"); a measure in it becomes the
        theme."""
        for i in range(noun[1], end):
            match = self.cues.longest(i, "indicators") or self.cues.longest(i, "heads")
            if match is not None and not match.row.data.get("generic") and not match.row.data.get("level"):
                span = (match.start, match.end)
                self.theme.head, self.theme.span = self.clauses.text(span), span
                break
        phrase = self._text_of_noun((noun[0], end))
        self.theme.counted = self.theme.whole = phrase
        return phrase

    def has_noun(self, quantity: Quantity, clause: Clause) -> bool:
        """Whether the figure says itself what it counts."""
        noun = self._noun(quantity, clause)
        return noun is not None and noun[0] < clause.end

    def _noun(self, quantity: Quantity, clause: Clause) -> Span | None:
        """The noun counted: the words of the figure behind its number, and those that go on behind them."""
        begin = clause.first
        last = max((i for i in range(clause.first, clause.end) if self.tokens.numeric[i]), default=-1)
        while begin < clause.end and (
            begin <= last
            or self.tokens.starts[begin] < quantity.number_end
            or self.cues.longest(begin, "scales") is not None
        ):
            begin += 1
        end = clause.behind[1] if clause.behind is not None else clause.end
        bound = next((i for i in range(begin, clause.end) if self.cues.longest(i, "qualifiers") is not None), end)
        end = min(end, bound)
        return (begin, end) if begin < end else None

    def _text_of_noun(self, span: Span) -> str:
        return " ".join(self.tokens.quote(*span).split())

    def _generic(self, noun: Span, *ends: int) -> bool:
        """Whether a counted noun counts anything ("lượt", "người"), alone or up to one of `ends`."""
        ends = ends or (noun[1],)
        for match in self.tokens.matches.get(noun[0], ()):
            if match.row.category == "heads" and match.row.data.get("generic") and match.end in ends:
                return True
        return False

    def _counted(self, noun: Span, act: str = "", subject: Span | None = None) -> Naming:
        """A counted noun; one that counts anything is named with what is done to it ("giải quyết việc làm … lượt người")."""
        phrase = f"{act} {self._text_of_noun(noun)}".strip()
        said = self._said_of(noun) if not act else ""
        phrase = f"{phrase} {said}".strip()
        self.theme.whole = phrase
        if not self._generic(noun, noun[1], *range(noun[0] + 1, noun[1])):
            self.theme.counted = phrase
        self.theme.sentence = self.tokens.sentences[noun[0]]
        return Naming(phrase, subject=subject or noun)

    def _said_of(self, noun: Span) -> str:
        """What is said of a counted noun behind an auxiliary ("148 projects were | started")."""
        aux = self.cues.at(noun[1], "fillers", "aux") if noun[1] < len(self.tokens) else None
        if aux is None:
            return ""
        end = aux.end
        sentence = self.tokens.sentences[noun[0]]
        while end < min(len(self.tokens), aux.end + _SAID) and self.tokens.sentences[end] == sentence:
            if self.tokens.words[end] in ",;:.()" or self.clauses.kinds[end] in "qp":
                break
            if self.cues.at(end, "measures") is not None or self.cues.at(end, "fillers", "link") is not None:
                break
            end += 1
        return self.clauses.text(self.clauses.strip(aux.end, end))

    def _measure(self, subject: Span, topic: Span | None, text: str) -> Naming:
        """A measurable noun: it sets the theme. A part inside it is set apart; the head of its clause completes it, and so
        does the owner of the measures before it ("của 10 doanh nghiệp")."""
        theme = self.theme
        sentence = self.tokens.sentences[subject[0]]
        part = self._inner_part(subject)
        head = self.clauses.text(self.clauses.strip(subject[0], part)) if part else text
        phrase = text
        if theme.act and subject[1] - subject[0] <= _BARE and self._bare(subject):
            phrase = text = f"{text} {theme.act}"
            topic = None
        said = ""
        if topic is not None and topic != subject and topic[1] - topic[0] <= _TOPIC and not is_head(self.cues, topic):
            said = self.clauses.text(topic)
            theme.topic = said
        elif topic is None and theme.topic and theme.sentence == sentence and subject[1] - subject[0] <= _SHORT:
            said = theme.topic
        if topic is None and theme.sentence != sentence:
            theme.topic = ""
        if said:
            form = template(self.language, "parts", "of")
            phrase = text if said.lower() in text.lower() else form.format(head=text, part=said)
        owner = self._owner(subject)
        if owner:
            theme.owner, theme.owned_in = owner, sentence
        elif theme.owner and not said and not part and sentence - theme.owned_in <= 1:
            phrase, theme.owned_in = f"{text} {theme.owner}", sentence
        if theme.sentence != sentence or not theme.lead:
            theme.lead = head
        theme.head, theme.whole, theme.sentence, theme.part, theme.span = head, phrase, sentence, "", subject
        return Naming(phrase, head=True, base=head, topic=said, subject=subject)

    def _bare(self, subject: Span) -> bool:
        """Whether a measure says nothing of what it measures."""
        head = self.cues.longest(subject[0], "heads")
        return head is not None and head.end >= subject[1]

    def _owner(self, subject: Span) -> str:
        """ "của 10 doanh nghiệp": who the measures of a paragraph belong to, where it is firms."""
        for i in range(subject[0] + 1, subject[1]):
            of = self.cues.at(i, "parts", "of")
            if of is None:
                continue
            firms = any(self.cues.at(k, "attributions", "company") is not None for k in range(of.end, subject[1]))
            if firms and "q" in self.clauses.kinds[of.end : subject[1]]:
                return self.clauses.text((i, subject[1]))
        return ""

    def _inner_part(self, subject: Span) -> int:
        """Token at which a part begins inside a measure ("chỉ số … | ngành khai khoáng"), 0 where there is none."""
        known = {i for match in self.cues.within("indicators", *subject) for i in range(match.start, match.end)}
        for i in range(subject[0] + 2, subject[1]):
            if i not in known and self.cues.at(i, "parts", "part") is not None:
                return i
        return 0

    def _part(self, base: str, text: str, subject: Span) -> Naming:
        phrase = self._compose(base, text)
        self.theme.whole, self.theme.part = phrase, text
        self.theme.sentence = self.tokens.sentences[subject[0]]
        return Naming(phrase, part=text, base=base, topic=text, subject=subject)

    def _own(self, text: str, subject: Span) -> Naming:
        theme = self.theme
        sentence = self.tokens.sentences[subject[0]]
        if theme.sentence != sentence or not theme.lead:
            theme.lead = text
        if not (theme.head and self._part_word(subject)):
            theme.head = text
        theme.whole, theme.sentence, theme.part = text, sentence, ""
        return Naming(text, subject=subject)

    def _compose(self, head: str, part: str) -> str:
        if not head:
            return part
        if part.lower() in head.lower():
            return head
        return template(self.language, "parts", "part").format(head=head, part=part)

    def _number_first(self, clause: Clause) -> tuple[str, Span] | None:
        """A figure whose noun is said of it: "112 är kvinnor", "454 har magisterexamen"."""
        for i in range(clause.end, min(clause.end + 2, clause.stop)):
            for use in ("has", "is"):
                match = self.cues.at(i, "parts", use)
                if match is not None:
                    span = self.clauses.strip(match.end, clause.stop)
                    return None if span is None else (use, span)
        if self._before(clause, "has"):
            span = self.clauses.strip(clause.end, clause.stop)
            return None if span is None else ("has", span)
        return None

    def _before(self, clause: Clause, use: str) -> bool:
        near = range(max(clause.start, clause.first - 2), clause.first)
        return any(self.cues.at(k, "parts", use) is not None for k in near)

    def _member(self, use: str, span: Span) -> Naming:
        """A part of a number of people or things, by what they are or have."""
        part = self.clauses.text(span)
        whole = self.theme.counted or self.theme.head
        noun, tail = self._noun_and_tail(whole)
        if use == "has" and noun:
            phrase = template(self.language, "parts", "has").format(
                noun=noun, part=part, tail=f" {tail}" if tail else ""
            )
        else:
            phrase = f"{part} {tail or noun}".strip()
        return Naming(phrase, part=part, member=True, subject=span)

    def _noun_and_tail(self, phrase: str) -> tuple[str, str]:
        words = phrase.split()
        stops = {p for row in lexicon(self.language).category("fillers") for p in row.phrases}
        for k in range(1, len(words)):
            if words[k].lower() in stops:
                return " ".join(words[:k]), " ".join(words[k:])
        return phrase, ""
