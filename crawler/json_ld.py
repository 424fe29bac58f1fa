"""What a page says of itself in JSON-LD: the texts of its scripts in, the properties of the article out.

Read tolerantly: raw newlines inside strings, `@graph`, lists of types, arrays of one. Nothing of it is trusted to be a
string: every property is asked for by `text`, `texts` or `link`.

>>> article_of(['{"@type": "NewsArticle", "headline": "GDP"}'])["headline"]
'GDP'
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_TYPES = ("article", "blogposting", "report")


def article_of(scripts: Iterable[str]) -> Mapping[str, Any]:
    """The first object of an article type; empty where there is none or the JSON is beyond reading."""
    for script in scripts:
        try:
            data = json.loads(script.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _objects(data):
            kinds = node.get("@type")
            for kind in kinds if isinstance(kinds, list) else [kinds]:
                if isinstance(kind, str) and kind.lower().endswith(_TYPES):
                    return node
    return {}


def _objects(data: Any) -> Iterator[Mapping[str, Any]]:
    queue = [data]
    for _ in range(1000):
        if not queue:
            return
        node = queue.pop(0)
        if isinstance(node, list):
            queue = node[:100] + queue
        elif isinstance(node, dict):
            yield node
            queue += [node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node]


def text(value: Any) -> str | None:
    """A string, the name of an object, or the first of a list of such."""
    found = texts(value)
    return found[0] if found else None


def texts(value: Any) -> list[str]:
    """All strings and names in `value`."""
    values = value if isinstance(value, list) else [value]
    names = [item.get("name") if isinstance(item, dict) else item for item in values]
    return [name.strip() for name in names if isinstance(name, str) and name.strip()]


def link(value: Any) -> str | None:
    """An address: a string, or the `url` or `@id` of an object, or the first of a list of such."""
    for item in value if isinstance(value, list) else [value]:
        found = (item.get("url") or item.get("@id")) if isinstance(item, dict) else item
        if isinstance(found, str) and found.strip():
            return found.strip()
    return None
