"""The sentences of a text that a summary may take: a text in, `Candidate`s out.

A candidate is a whole sentence. Lines that are none (headings, captions, rows of a table or of a price list, credits) are
left out. What a sentence needs to be understood is told by the table `references` of its language: an opener or a
demonstrative at its beginning leans on the sentence before; a person called by honorific or bare name leans on the
sentence that introduces that person with office and full name.

>>> [c.leans for c in candidates("GDP tăng 8,02% trong năm 2025. Con số này cao nhất nhiều năm.", "vi")]
[False, True]
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extract.lexicon import lexicon
from extract.tokens import Tokens

SHORTEST = 5
"""Words; a shorter sentence says nothing by itself."""
UNPOINTED = 12
"""Words from which a line without a full stop at its end is still a sentence."""
OPENING = 6
"""Words at the beginning of a sentence among which a demonstrative leans on what was said before."""
NAME = 5
"""Words of the longest name of a person."""
TITLE = 14
"""Words behind an office among which its holder is named."""
_CELLS = re.compile(r"\t|\s\|\s|;\s*$| {3,}")
_TERMINAL = re.compile(r"[.!?…][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence: `start`, `end` into the text that was given; `words` in small letters, without punctuation."""

    start: int
    end: int
    position: int
    """Its number among all candidates."""
    paragraph: int
    words: tuple[str, ...]
    leans: bool = False
    """It opens with words that point to the sentence before it."""
    needs: tuple[int, ...] = ()
    """Candidates that introduce a person whom this one only calls by name."""
    capitals: float = 0.0
    """Share of words that begin with a capital."""
    numbers: int = 0
    quoted: bool = False
    asks: bool = False


@cache
def _phrases(code: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Phrases of references and offices by their first word, the longest first: (words, use)."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    words = lexicon(code)
    for category in ("references", "offices"):
        for row in words.category(category):
            for phrase in row.phrases:
                for spelling in words.spellings(phrase):
                    parts = tuple(Tokens.of(spelling.lower(), code).words)
                    found.setdefault(parts[0], []).append((parts, str(row.data.get("use", "office"))))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return found


def _at(lower: list[str], i: int, table: dict[str, list[tuple[tuple[str, ...], str]]]) -> list[tuple[int, str]]:
    """(end, use) of every phrase that starts at token `i`, the longest first."""
    return [
        (i + len(parts), use)
        for parts, use in table.get(lower[i], ())
        if len(parts) == 1 or tuple(lower[i : i + len(parts)]) == parts
    ]


def _spans(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Tokens of each sentence, newlines left out."""
    first = 0
    for i in range(1, len(tokens) + 1):
        if i == len(tokens) or tokens.sentences[i] != tokens.sentences[first]:
            start, end = first, i
            while start < end and tokens.words[start] == "\n":
                start += 1
            while start < end and tokens.words[end - 1] == "\n":
                end -= 1
            if start < end:
                yield start, end
            first = i


def candidates(text: str, code: str) -> list[Candidate]:
    """Sentences of `text` (normalised) that can stand in a summary, in order. None is found in tables and price lists."""
    facts = lexicon(code).facts
    tokens = Tokens.of(text, code, frozenset(facts.get("prefixes", ())), frozenset(facts.get("abbreviations", ())))
    table = _phrases(code)
    found: list[Candidate] = []
    introduced: dict[str, int] = {}
    paragraph, seen = 0, 0
    for first, end in _spans(tokens):
        start, stop = tokens.starts[first], tokens.ends[end - 1]
        paragraph += text.count("\n", seen, start)
        seen = start
        quote = text[start:stop]
        said = [i for i in range(first, end) if tokens.words[i][0].isalnum()]
        if not _is_sentence(quote, tokens, said) or _at_use(tokens.lower, first, table, "caption"):
            continue
        position = len(found)
        needs = _people(tokens, first, end, table, introduced, position)
        capitals = sum(tokens.words[i][0].isupper() for i in said)
        found.append(
            Candidate(
                start, stop, position, paragraph,
                tuple(tokens.lower[i] for i in said),
                _leans(tokens, first, end, table),
                needs,
                capitals / len(said),
                sum(tokens.numeric[i] for i in said),
                any(mark in quote for mark in "\"“”«»"),
                quote.rstrip("\"”’»)").endswith("?"),
            )
        )  # fmt: skip
    return found


def _is_sentence(quote: str, tokens: Tokens, said: list[int]) -> bool:
    letters = [i for i in said if not tokens.numeric[i]]
    if len(letters) < SHORTEST:
        return False
    pointed = _TERMINAL.search(quote) is not None
    if len(said) < UNPOINTED and not pointed:
        return False
    if _CELLS.search(quote.strip()) and not pointed:
        return False
    crowded = len(said) - len(letters) > len(said) * 0.34  # a row of a table
    return not (crowded and not pointed)


def _at_use(lower: list[str], i: int, table: dict[str, list[tuple[tuple[str, ...], str]]], use: str) -> bool:
    return any(other == use for _, other in _at(lower, i, table))


def _leans(tokens: Tokens, first: int, end: int, table: dict[str, list[tuple[tuple[str, ...], str]]]) -> bool:
    """Whether the sentence opens with an opener or a pronoun, or points back within its first words."""
    i = first
    while i < end and not tokens.words[i][0].isalnum():
        i += 1
    limit, opening = min(end, i + OPENING), True
    while i < limit:
        said = _at(tokens.lower, i, table)
        if said and said[0][1] == "free":
            i, opening = said[0][0], False
            continue
        if any(use == "demonstrative" or (opening and use in ("opener", "pronoun")) for _, use in said):
            return True
        if any(use == "honorific" and stop < end and tokens.words[stop].islower() for stop, use in said):
            return True  # somebody without a name
        i, opening = i + 1, False
    return False


def _people(
    tokens: Tokens, first: int, end: int, table: dict[str, list[tuple[tuple[str, ...], str]]],
    introduced: dict[str, int], position: int,
) -> tuple[int, ...]:  # fmt: skip
    """Candidates that introduce the people named here; notes in `introduced` whom this sentence introduces itself."""
    needs: list[int] = []
    here: set[str] = set()
    i = first
    while i < end:
        said = [(stop, use) for stop, use in _at(tokens.lower, i, table) if use in ("office", "honorific")]
        if not said:
            i += 1
            continue
        i, use = said[0]
        names = _names(tokens, i, min(end, i + (TITLE if use == "office" else NAME)))
        if use == "office":
            here |= {name[-1] for name in names if len(name) > 1}
        elif names:
            last = names[0][-1]
            if last in introduced and last not in here:
                needs.append(introduced[last])
            elif len(names[0]) > 1:
                here.add(last)
    for last in here:
        introduced.setdefault(last, position)
    return tuple(dict.fromkeys(needs))


def _names(tokens: Tokens, i: int, end: int) -> list[list[str]]:
    """Runs of words with capitals up to token `end` or the next punctuation: of the bodies that an office may be of ("Bộ
    trưởng Bộ …") and of its holder, which are not told apart: nobody is called by the last word of a body."""
    found: list[list[str]] = [[]]
    while i < end and tokens.words[i][0].isalnum():
        if tokens.words[i][:1].isupper() and tokens.words[i].isalpha():
            found[-1].append(tokens.lower[i])
        elif found[-1]:
            found.append([])
        i += 1
    return [name for name in found if name]
