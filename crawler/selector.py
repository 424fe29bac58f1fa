"""A CSS selector as cards and families write it, `css` or `css @attribute`; the one door to soupsieve.

In: `"time.date @datetime"`. Out: a Selector with `css="time.date"` and `attribute="datetime"`. A selector that does not
parse is a ValueError, so that a card with it never loads.

>>> Selector.of("time.date @datetime").attribute
'datetime'
"""

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

    def matches(self, node: Any) -> list[Any]:
        """Elements under `node` (a BeautifulSoup element), in document order."""
        return list(_compiled(self.css).select(node))


@cache
def _compiled(css: str) -> Any:
    import soupsieve

    try:
        return soupsieve.compile(css)
    except (soupsieve.SelectorSyntaxError, ValueError, TypeError) as error:
        raise ValueError(f"{css!r} is not a selector: {str(error).splitlines()[0]}") from error
