"""A CSS selector as cards and families write it, `css` or `css @attribute`; the one door to soupsieve.

In: `"time.date @datetime"`. Out: a Selector with `css="time.date"` and `attribute="datetime"`. A selector that does not
parse is a ValueError, so that a card with it never loads.

>>> Selector.of("time.date @datetime").attribute
'datetime'
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Selector:
    """`attribute` is the attribute whose value is meant; without one the text of the element is meant."""

    css: str
    attribute: str | None = None

    @classmethod
    def of(cls, text: str) -> "Selector":
        """Parse and check `text`. Raises ValueError with the parser's reason."""
        css, _, attribute = text.partition(" @")
        css, attribute = css.strip(), attribute.strip()
        if " @" in text and not (attribute and all(c.isalnum() or c in "-_:" for c in attribute)):
            raise ValueError(f"{text!r} names no attribute after @")
        _compiled(css)
        return cls(css, attribute or None)

    def __str__(self) -> str:
        return f"{self.css} @{self.attribute}" if self.attribute else self.css


class Elements:
    """The elements under a root, sorted by tag, id, class and attribute once, so that a selector looks only at those
    that its last part names and not at the whole page; a page is asked some sixty selectors."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self._whole = root.parent is None
        self._by_key: dict[str, list[Any]] = {}
        for node in root.descendants:
            if not (name := getattr(node, "name", None)):
                continue
            self._by_key.setdefault(name, []).append(node)
            for attribute, value in node.attrs.items():
                self._by_key.setdefault(f"[{attribute}", []).append(node)
                if attribute == "id":
                    self._by_key.setdefault(f"#{value}", []).append(node)
                elif attribute == "class":
                    for one in set(value if isinstance(value, list) else value.split()):
                        self._by_key.setdefault(f".{one}", []).append(node)

    def find(self, selector: Selector) -> list[Any]:
        """Elements that `selector` takes, in document order; those removed since are left out."""
        compiled, key = _compiled(selector.css), _key(selector.css)
        if self._whole and not all(name in self._by_key for name in _asked(selector.css)):
            return []
        if key is None:
            return list(compiled.select(self.root))
        return [node for node in self._by_key.get(key, ()) if not node.decomposed and compiled.match(node)]

    def named(self, *names: str) -> list[Any]:
        """Elements of these names, those removed since left out; each name's in document order."""
        return [node for name in names for node in self._by_key.get(name, ()) if not node.decomposed]


_LAST = re.compile(
    r"(?:^|[\s>+~])(?P<tag>[a-z][a-z0-9]*)?(?P<rest>(?:[#.][\w-]+|\[[^\]]*\]|:[\w-]+(?:\([^()]*\))?)*)$", re.I
)


@cache
def _key(css: str) -> str | None:
    """The rarest thing that the last part of a selector asks of an element: its id, a class, an attribute, its tag; None
    where that cannot be told, and the whole page has to be searched."""
    if "," in re.sub(r"\([^)]*\)|\[[^\]]*\]", "", css):
        return None
    found = _LAST.search(css)
    if not found:
        return None
    rest = re.sub(r":[\w-]+(?:\([^()]*\))?", "", found["rest"])
    outside = re.sub(r"\[[^\]]*\]", "", rest)
    for sign in ("#", "."):
        if named := re.search(re.escape(sign) + r"([\w-]+)", outside):
            return sign + named[1]
    if attribute := re.search(r"\[\s*([\w-]+)", rest):
        return f"[{attribute[1].lower()}"
    return found["tag"].lower() if found["tag"] else None


@cache
def _asked(css: str) -> tuple[str, ...]:
    """Ids and classes that some element of the page must have, if `css` is to take any; none where that cannot be told."""
    bare = re.sub(r"\[[^\]]*\]", "", css)
    if "," in re.sub(r"\([^)]*\)", "", bare):
        return ()
    while "(" in bare:
        shorter = re.sub(r":[\w-]+\([^()]*\)", "", bare)
        if shorter == bare:
            return ()
        bare = shorter
    return tuple(re.findall(r"[#.][\w-]+", bare))


@cache
def _compiled(css: str) -> Any:
    import soupsieve

    try:
        return soupsieve.compile(css)
    except (soupsieve.SelectorSyntaxError, ValueError, TypeError) as error:
        raise ValueError(f"{css!r} is not a selector: {str(error).splitlines()[0]}") from error
