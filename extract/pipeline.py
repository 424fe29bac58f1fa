"""The one door to spaCy: text in, a `Reading` out (tokens, masks, periods, quantities).

spaCy is the frame: a `Language` per language code with our own tokenizer, a PhraseMatcher over the whole lexicon, and one
component a reader, in the order mask → period → quantity.
The readers themselves (mask.py, period.py, quantity_reader.py) know nothing of spaCy: they get `Tokens`.

>>> read("tăng 8,02%", "vi").quantities[0].exact
'8,02%'
"""

import gc
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from extract.lexicon import Lexicon, lexicon
from extract.mask import Mask, find_masks
from extract.period import Period
from extract.period_reader import find_periods
from extract.quantity import Quantity
from extract.quantity_reader import find_quantities
from extract.source_text import SourceText
from extract.tokens import Match, Row, Tokens


@dataclass(slots=True)
class Reading:
    """What was read in one text. All offsets are into `source.text`; `source.origin` leads back to the caller's."""

    source: SourceText
    tokens: Tokens
    masks: list[Mask] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)


class _Vocabulary:
    """Fills `tokens.matches` from a PhraseMatcher over all phrases of the lexicon."""

    def __init__(self, nlp: Language, words: Lexicon, without: frozenset[str]) -> None:
        self.matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        self.rows: dict[int, list[tuple[Row, frozenset[str] | None]]] = {}
        by_phrase: dict[str, list[Row]] = {}
        for row in words:
            if row.category in without:
                continue
            for phrase in row.phrases:
                for spelling in words.spellings(phrase):
                    key = spelling if row.data.get("cased") else spelling.lower()
                    by_phrase.setdefault(key.lower(), []).append(row)
        for phrase, rows in by_phrase.items():
            self.matcher.add(phrase, [nlp.make_doc(phrase)])
            unique = reversed({row.id: row for row in rows}.values())
            self.rows[nlp.vocab.strings[phrase]] = [
                (row, frozenset(row.phrases) if row.data.get("cased") else None) for row in unique
            ]

    def __call__(self, doc: Doc) -> Doc:
        tokens: Tokens = doc.user_data["reading"].tokens
        matches, rows = tokens.matches, self.rows
        for key, start, end in self.matcher(doc):
            for row, spellings in rows[key]:
                if spellings is None or tokens.quote(start, end) in spellings:
                    if start in matches:
                        matches[start].append(Match(start, end, row))
                    else:
                        matches[start] = [Match(start, end, row)]
        for found in matches.values():
            if len(found) > 1:
                found.reverse()  # the matcher finds the shorter first
        return doc


class _Component:
    """A reader as a spaCy component: runs it and writes its span group."""

    def __init__(self, reader: str) -> None:
        self.reader = reader  # not `name`: spaCy writes its own there

    def __call__(self, doc: Doc) -> Doc:
        reading: Reading = doc.user_data["reading"]
        published: date | None = doc.user_data["published"]
        if self.reader == "masks":
            reading.masks = find_masks(reading.tokens)
        elif self.reader == "periods":
            reading.periods = find_periods(reading.tokens, published)
        else:
            reading.quantities = find_quantities(reading.tokens)
        return doc


STATEMENTS = frozenset(
    {
        "actors", "acts", "attributions", "bases", "commitments", "directions", "exclusions", "fillers", "heads", "instruments",
        "kinds", "measures", "offices", "parts", "place_words", "places", "references",
    }
)  # fmt: skip
"""Categories that only the readers of statements ask for: most of all matches, left out where nobody reads statements."""


@cache
def pipeline(code: str, statements: bool = True) -> Language:
    """The spaCy pipeline of language `code`, built once; without the vocabulary of `statements` it is a third faster."""
    words = lexicon(code)
    nlp = spacy.blank("xx")
    nlp.max_length = 1 << 30
    prefixes = frozenset(words.facts.get("prefixes", ()))
    abbreviations = frozenset(words.facts.get("abbreviations", ()))

    def tokenizer(text: str) -> Doc:
        tokens = Tokens.of(text, code, prefixes, abbreviations)
        doc = Doc(nlp.vocab, words=tokens.words)  # sentences and spaces are in the tokens: the doc need not know them
        doc.user_data["reading"] = Reading(SourceText(text), tokens)
        return doc

    nlp.tokenizer = tokenizer
    vocabulary = _Vocabulary(nlp, words, frozenset() if statements else STATEMENTS)
    name = f"solieu_vocabulary_{code}" + ("" if statements else "_numbers")
    Language.component(name, func=vocabulary)
    nlp.add_pipe(name)
    for name in ("masks", "periods", "quantities"):
        Language.component(f"solieu_{name}", func=_Component(name))
        nlp.add_pipe(f"solieu_{name}")
    # The tables and the vocabulary stay for good: collecting garbage among them again and again cost a tenth of the time.
    gc.collect()
    gc.freeze()
    return nlp


def read(text: str, language: str, published: date | None = None, statements: bool = True) -> Reading:
    """Read `text`, any string. `published` anchors relative periods; without it they stay undated.

    Without `statements` the words that only statements need are not looked up; numbers, units and periods are the same.
    """
    source = SourceText.of(text)
    nlp = pipeline(language, statements)
    doc = nlp.make_doc(source.text)
    doc.user_data["published"] = published
    for _, component in nlp.pipeline:
        doc = component(doc)
    reading: Reading = doc.user_data["reading"]
    reading.source = source
    return reading


def render(text: str, spans: list[tuple[int, int, str]]) -> str:
    """`text` as HTML with `spans` (start, end, label; in order, not overlapping) marked by displaCy."""
    from spacy import displacy

    entities = [{"start": start, "end": end, "label": label} for start, end, label in spans]
    return str(displacy.render({"text": text, "ents": entities, "title": None}, style="ent", manual=True))
