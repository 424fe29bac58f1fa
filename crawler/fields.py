"""The fields of one page: its tree and its family in, values and Matches out.

`Head` reads the meta elements, `Pick` the candidates of the family. A Match says which candidate of a field was used and
how many elements it matched, so that a changed layout is seen.

>>> str(Match("body", "div.contents", 2, (1, 1)))
'body: div.contents matched 2, expected 1 to 1'
"""

from dataclasses import dataclass, replace
from typing import Any

from crawler.dates import Evidence, read_moment
from crawler.family import Family, generic
from crawler.paragraphs import Paragraph, paragraphs_of, plain
from crawler.selector import Elements, Selector


@dataclass(frozen=True, slots=True)
class Match:
    """Which candidate of `field` matched (None: no candidate) and how many elements; `expected` is least and most."""

    field: str
    candidate: str | None
    count: int
    expected: tuple[int, int] | None = None

    @property
    def surprising(self) -> bool:
        """Whether the count is not what the family says it should be."""
        return self.expected is not None and not self.expected[0] <= self.count <= self.expected[1]

    def __str__(self) -> str:
        wanted = f", expected {self.expected[0]} to {self.expected[1]}" if self.expected else ""
        return f"{self.field}: {self.candidate or 'no selector'} matched {self.count}{wanted}"


class Head:
    """The meta elements of a page by name, property or itemprop (in lower case)."""

    def __init__(self, elements: Elements) -> None:
        self.elements = elements
        self.values: dict[str, list[str]] = {}
        for tag in elements.named("meta")[:500]:
            name = tag.get("property") or tag.get("name") or tag.get("itemprop")
            value = tag.get("content")
            if name and isinstance(value, str) and value.strip():
                self.values.setdefault(str(name).strip().lower(), []).append(value.strip())

    def get(self, *names: str) -> str | None:
        return next((self.values[name][0] for name in names if name in self.values), None)

    def tags(self) -> list[str]:
        if "article:tag" in self.values:
            return self.values["article:tag"]
        return (self.get("news_keywords", "keywords") or "").split(",")

    def title(self) -> str | None:
        headings, titles = self.elements.named("h1"), self.elements.named("title")
        heading = plain(headings[0].get_text(" ")) if len(headings) == 1 else ""
        return heading or self.get("og:title") or (titles[0].get_text() if titles else None)

    def moments(self, kind: str) -> list[Evidence]:
        names = (
            f"article:{kind}_time",
            f"og:article:{kind}_time",
            f"date{kind}",
        )
        moments = (read_moment(value) for name in names for value in self.values.get(name, ())[:1])
        return [Evidence("meta", moment) for moment in moments if moment]


class Pick:
    """Takes the fields of one page by the candidates of its family, and keeps which of them matched."""

    def __init__(self, elements: Elements, family: Family) -> None:
        self.elements, self.family = elements, family
        self.matches: list[Match] = []
        self.taken: list[Any] = []
        self.root: Any = None
        """The element of the body, once `body` has found it; what is no text of the article is out of it."""

    def _nodes(self, field: str) -> tuple[Selector | None, list[Any]]:
        """The first candidate whose first elements are not all empty, and its elements from the first full one on."""
        for selector in self.family.fields.get(field, ()):
            nodes = self.elements.find(selector)
            full = next((i for i, node in enumerate(nodes[:10]) if _value(node, selector)), None)
            if full is not None:
                self.matches.append(Match(field, str(selector), len(nodes), self.family.expect.get(field)))
                return selector, nodes[full:]
        if field in self.family.fields:
            self.matches.append(Match(field, None, 0, self.family.expect.get(field)))
        return None, []

    def all(self, field: str) -> list[str]:
        """The values of `field`, at most a hundred."""
        selector, nodes = self._nodes(field)
        if selector and not selector.attribute:
            self.taken += nodes
        return [_value(node, selector) for node in nodes[:100]] if selector else []

    def first(self, field: str) -> str | None:
        """The value of `field`, what the family drops taken out of it."""
        selector, nodes = self._nodes(field)
        if not selector:
            return None
        if not selector.attribute:
            self.taken.append(nodes[0])
            if field in ("title", "lead"):
                inside = Elements(nodes[0])
                for drop in self.family.drop:
                    for node in inside.find(drop):
                        _remove(node, nodes[0])
        return _value(nodes[0], selector)

    def moments(self, field: str) -> list[Evidence]:
        """Every candidate is asked: what a page shows in two places is evidence twice, of different trust."""
        found, seen = [], 0
        for selector in self.family.fields.get(field, ()):
            nodes = self.elements.find(selector)
            for node in nodes[:1]:
                moment = read_moment(_value(node, selector), self.family.date_patterns, self.family.months)
                if moment:
                    found.append(Evidence("meta" if selector.attribute else "visible", moment))
                    seen = seen or len(nodes)
                    if seen == len(nodes) and not any(m.field == field for m in self.matches):
                        self.matches.append(Match(field, str(selector), len(nodes), self.family.expect.get(field)))
                    if not selector.attribute:
                        self.taken.append(node)
        if field in self.family.fields and not found:
            self.matches.append(Match(field, None, 0, self.family.expect.get(field)))
        return found

    def body(self, title: str) -> tuple[str, list[Paragraph], list[str]]:
        """Paragraphs and captions of the body, furniture and fields found elsewhere taken out of it."""
        selector, nodes = self._nodes("body")
        method = "family" if selector and self.family is not generic() else "generic"
        if not nodes:
            candidates = map(self.elements.find, generic().fields["body"])
            nodes = next((found for found in candidates if found), [])
        if not nodes:
            return method, [], []
        self.root = root = nodes[0]
        for node in self.taken:
            _remove(node, root)
        for heading in root("h1"):
            if plain(heading.get_text(" ")) == title:
                heading.decompose()
        inside = Elements(root)
        captions = self._captions(inside)
        for drop in (*self.family.drop, *generic().drop):
            for node in inside.find(drop):
                _remove(node, root)
        found = [replace(p, text=self._without_residue(p.text)) for p in paragraphs_of(root)]
        return method, [p for p in found if p.text], captions

    def _without_residue(self, text: str) -> str:
        for word in self.family.residue:
            text = text.replace(word, "").strip()
        return text

    def _captions(self, inside: Elements) -> list[str]:
        found: list[str] = []
        for selector in dict.fromkeys((*self.family.fields.get("captions", ()), *generic().fields["captions"])):
            for node in inside.find(selector):
                if caption := self._without_residue(plain(_value(node, selector))):
                    found.append(caption)
                if not selector.attribute:
                    _remove(node, inside.root)
        return [one for one in found if not any(one != other and one in other for other in found)]


def _remove(node: Any, root: Any) -> None:
    if not node.decomposed and node is not root and any(parent is root for parent in node.parents):
        node.decompose()


def _value(node: Any, selector: Selector) -> str:
    if node.decomposed:
        return ""
    if not selector.attribute:
        return " ".join(p.text for p in paragraphs_of(node)).replace("\n", " ")
    value = node.get(selector.attribute)
    return " ".join(value) if isinstance(value, list) else str(value or "")
