"""The text of a part of a page as paragraphs: a BeautifulSoup element in, Paragraphs out.

Block elements, and line breaks that do not stand inside a sentence, end a paragraph, so that text lying bare between
empty paragraphs is kept too. A table row is one paragraph, its cells parted by " | ". Comments, scripts and styles are
no text. At the border of an inline element a space is put where two words would touch ("tăng<b>8,02%</b>"), but not
around superscripts and subscripts ("km<sup>2</sup>").

>>> [p.text for p in paragraphs_of(soup)]           # doctest: +SKIP
['GDP tăng 8,02%.', 'Diện tích 100 km2.']
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "caption", "dd", "details", "div", "dl", "dt"),
        *(
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "html",
        ),
        *("li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot"),
        *("thead", "tr", "ul"),
    )
)
_CELLS = frozenset(("td", "th"))
_RAISED = frozenset(("sup", "sub"))
_SILENT = frozenset(("script", "style", "noscript", "template", "head", "title", "textarea", "select", "iframe"))
_BREAK, _CELL, _LINE = "\x1e", "\x1f", "\x1d"

_NUMBERED = re.compile(r"\d{1,3}[.)/]?\s")
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`linked` is the share of its characters that stand in links."""

    text: str
    linked: float = 0.0


def plain(text: str) -> str:
    """`text` on one line, NFC: white space of any kind is one space, characters nobody sees are gone."""
    return unicodedata.normalize("NFC", _SPACES.sub(" ", _UNSEEN.sub("", text))).strip()


def paragraphs_of(root: Any) -> list[Paragraph]:
    """All text under `root` in reading order, empty paragraphs left out."""
    walk = _Walk()
    stack: list[tuple[Any, bool]] = [(root, True)]
    while stack:  # not recursive: pages nest as deeply as they like
        node, entering = stack.pop()
        name = getattr(node, "name", None)
        if name is None:
            if type(node).__name__ == "NavigableString":  # comments, scripts and declarations are kinds of it
                walk.text(str(node))
        elif not entering:
            walk.leave(name)
        elif name not in _SILENT:
            walk.enter(name)
            stack.append((node, False))
            stack += [(child, True) for child in reversed(node.contents)]
    walk.end()
    return walk.found


class _Walk:
    """Collects characters between block borders; remembers whether an inline border was crossed since the last text."""

    def __init__(self) -> None:
        self.found: list[Paragraph] = []
        self.parts: list[str] = []
        self.border = False
        self.raised = False
        self.rows = self.links = self.linked = 0

    def text(self, text: str) -> None:
        text = _SPACES.sub(" ", _UNSEEN.sub("", text))
        if not text:
            return
        before = self.parts[-1] if self.parts else ""
        if self.border and not self.raised and before and _touch(before[-1], text[0]):
            self.parts.append(" ")
        self.parts.append(text)
        self.border = self.raised = False
        if self.links:
            self.linked += len(text.strip())

    def enter(self, name: str) -> None:
        self._border(name)
        if name == "tr":
            self.rows += 1
        elif name == "a":
            self.links += 1

    def leave(self, name: str) -> None:
        if name == "a":
            self.links -= 1
        elif name == "tr":
            self.rows -= 1
        elif name in _CELLS and self.rows == 1:
            self.parts.append(_CELL)
        self._border(name)

    def _border(self, name: str) -> None:
        if name == "br":
            if not self.parts or self.parts[-1] != _LINE:
                self.parts.append(_LINE)
        elif name in _BLOCKS or name in _CELLS:
            if self.rows:
                self.parts.append(_BREAK)
            else:
                self.end()
        else:
            self.border = True
            self.raised = self.raised or name in _RAISED

    def end(self) -> None:
        """Turn what was collected into paragraphs."""
        collected, linked = "".join(self.parts), self.linked
        self.parts, self.linked, self.border, self.raised = [], 0, False, False
        cells = [[line for line in map(_line, cell.split(_BREAK)) if line] for cell in collected.split(_CELL)]
        cells = [cell for cell in cells if cell]
        if len(cells) > 1 and all(len(cell) <= 3 for cell in cells):  # a table of data, not one made for its layout
            lines = [" | ".join(" ".join(cell).replace("\n", " ") for cell in cells)]
        else:
            lines = [line for cell in cells for text in cell for line in text.split("\n")]
        total = sum(map(len, lines)) or 1
        self.found += [Paragraph(line, min(1.0, linked / total)) for line in lines]


def _touch(before: str, after: str) -> bool:
    """Whether two characters that meet at an inline border belong to two words: "tăng|8", "8,02%|so", "2025)|là"."""
    return (before.isalnum() and after.isalnum()) or (before in "%‰)]”»;:,!?…" and after.isalpha())


def _line(text: str) -> str:
    """One line, or several parted by newlines where a line break does not stand inside a sentence."""
    lines: list[str] = []
    for piece in map(plain, text.split(_LINE)):
        if not piece:
            continue
        goes_on = piece[0].islower() or (piece[0].isdigit() and not _NUMBERED.match(piece))
        if lines and goes_on and lines[-1][-1] not in ".!?…:;":
            lines[-1] += " " + piece
        else:
            lines.append(piece)
    return "\n".join(lines)


def _likeness(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFC", text).casefold() if c.isalnum())


def without_lead(paragraphs: list[Paragraph], lead: str | None) -> list[Paragraph]:
    """`paragraphs` without the copy of the lead that some templates repeat among the first three."""
    if not lead:
        return paragraphs
    wanted = _likeness(lead)
    for i, paragraph in enumerate(paragraphs[:3]):
        here = _likeness(paragraph.text)
        if wanted and (
            here == wanted or (len(wanted) > 40 and here.endswith(wanted) and len(here) <= len(wanted) + 25)
        ):
            return paragraphs[:i] + paragraphs[i + 1 :]
    return paragraphs


def without_links(paragraphs: list[Paragraph], stop: Iterable[str]) -> list[Paragraph]:
    """`paragraphs` without lists of other articles: what follows a stop heading where most of it is links, paragraphs
    that are one link after an arrow, and paragraphs of links at the end."""
    headings = {_likeness(text) for text in stop}
    kept = list(paragraphs)
    for i, paragraph in enumerate(kept):
        rest = kept[i + 1 :]
        if len(paragraph.text) < 40 and _likeness(paragraph.text) in headings:
            linked = sum(p.linked * len(p.text) for p in rest)
            if linked * 2 >= sum(len(p.text) for p in rest):
                kept = kept[:i]
                break
    kept = [p for p in kept if not (p.linked > 0.8 and p.text.startswith((">", "»", "▶", "►", "→", "•")))]
    while kept and kept[-1].linked > 0.95:
        kept.pop()
    return kept
