"""The summary of one article: a text in, a Summary out.

>>> text = "Kinh tế năm 2025 tăng 8,02% so với năm trước. Đây là mức cao. Xuất khẩu cả năm đạt 475 tỷ USD."
>>> summarise(text, "vi", budget=Budget(sentences=1)).words(text)
'Kinh tế năm 2025 tăng 8,02% so với năm trước.'

Figures come from the extraction that the caller has made already, so that a summary takes milliseconds. A text in a
language that no table knows has its first sentences for a summary, and the reason; one without sentences has none.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from extract.language import detect_language
from extract.lexicon import languages, lexicon
from extract.source_text import SourceText
from extract.summary import Chosen, Figure, Summary
from extract.summary_choice import Budget, choose, figures_in
from extract.summary_feature import features, title_words
from extract.summary_model import load_model
from extract.summary_sentence import candidates

VERSION = "1"
"""Raised whenever the same text would have another summary though the model is the same."""
THREE = Budget(sentences=3)
LEADING = 2
"""First sentences whose figures a summary of several sentences is to carry, with those of the title."""
KNOWN = 0.06
"""Share of a text's words that must be common words of a language for the text to be in it."""

_WORD = re.compile(r"[^\W\d_]+")


def is_known(text: str, code: str) -> bool:
    """Whether `text` is in language `code` at all: enough of its words are common there, or it has too few to tell."""
    words = _WORD.findall(unicodedata.normalize("NFC", text[:4000]).lower())
    common = frozenset(lexicon(code).facts.get("words", ()))
    return len(words) < 12 or sum(word in common for word in words) >= KNOWN * len(words)


def summarise(
    text: str,
    language: str | None = None,
    title: str | None = None,
    figures: Sequence[Figure] = (),
    budget: Budget = THREE,
) -> Summary:
    """Choose the sentences. `figures` are those of the text (summary.figures_of(extraction.statements)); offsets of the
    answer are code points into `text` itself.
    """
    source = SourceText.of(text)
    code = language if language in languages() else detect_language(source.text)
    known = language in languages() or is_known(source.text, code)
    if not source.text.strip():
        return Summary((), "learned", code, "empty")
    found = candidates(source.text, code)
    if not found:
        return Summary((), "learned", code, "no_sentences")
    # the caller's figures lie in its own text: sentences are compared there
    spans = [source.origin(c.start, c.end) for c in found]
    placed = [replace(c, start=start, end=end) for c, (start, end) in zip(found, spans, strict=True)]
    inside = figures_in(placed, figures)
    if known:
        words = title_words(SourceText.of(title).text if title else None)
        model = load_model()
        chances = model.chances(found, words)
        worth = model.worth(features(found, words, [len(each) for each in inside], chances))
        carried = [{(figures[k].value, figures[k].unit) for k in each} for each in inside]
        wanted = {name for each in carried[:LEADING] for name in each}
        for figure in figures:
            printed = [word for word in title_words(text[figure.start : figure.end]) if word[0].isdigit()]
            if printed and set(printed) <= set(words):
                wanted.add((figure.value, figure.unit))
        order = choose(found, worth, chances, words, budget, carried, wanted)
    else:
        order = _lead([len(c.words) for c in found], budget)
    chosen = tuple(Chosen(*spans[i], inside[i]) for i in order)
    return Summary(chosen, "learned", code) if known else Summary(chosen, "lead", language or "und", "unknown_language")


def _lead(sizes: Sequence[int], budget: Budget) -> list[int]:
    """The first sentences that the budget allows, one at least."""
    taken: list[int] = []
    for i, size in enumerate(sizes):
        if not budget.fits(len(taken) + 1, sum(sizes[k] for k in taken) + size):
            break
        taken.append(i)
    return taken or [0]
