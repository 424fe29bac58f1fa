"""Records as columns: a record type in, its shape and the two ways between its records and plain values out.

A shape is one of the words `text`, `integer`, `number`, `truth`, `moment`, `day`, `pairs`, or ("list", shape), or ("struct",
((name, shape), …)). It follows from the fields of the record, so a field that a record gains is a column at once. Decimals
are text, exactly as they are; a record of fixed parts, (start, end, reason), is a struct of `_0`, `_1`, `_2`.

>>> shape_of(tuple[Decimal, ...])
('list', 'text')
>>> decode(tuple[Decimal, ...], encode(tuple[Decimal, ...], (Decimal("8.02"),)))
(Decimal('8.02'),)
"""

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from index.store import plain
from index.timespan import VIETNAM

_WORDS: dict[Any, str] = {
    str: "text", Decimal: "text", int: "integer", float: "number", bool: "truth", datetime: "moment", date: "day",
}  # fmt: skip


@lru_cache(maxsize=256)
def _fields(record: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(record)
    return tuple((field.name, _bare(hints[field.name])) for field in dataclasses.fields(record))


@lru_cache(maxsize=256)
def _bare(hint: Any) -> Any:
    """The type without `| None`; a choice of words is text."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    return str if get_origin(hint) is Literal else hint


def _parts(hint: Any) -> tuple[Any, ...] | None:
    """The types of a tuple of fixed length, None for a list of one type."""
    arguments = get_args(hint)
    return None if arguments[-1] is Ellipsis else arguments


def shape_of(hint: Any) -> Any:
    """The shape of a type. Raises TypeError for one that has none."""
    hint = _bare(hint)
    if hint in _WORDS:
        return _WORDS[hint]
    if dataclasses.is_dataclass(hint):
        return ("struct", tuple((name, shape_of(part)) for name, part in _fields(hint)))  # type: ignore[arg-type]
    if get_origin(hint) is dict:
        return "pairs"
    if get_origin(hint) is tuple:
        parts = _parts(hint)
        if parts is None:
            return ("list", shape_of(get_args(hint)[0]))
        return ("struct", tuple((f"_{i}", shape_of(part)) for i, part in enumerate(parts)))
    raise TypeError(f"{hint} has no shape")


def encode(hint: Any, value: Any) -> Any:
    """A value of the type as plain values: str, int, float, bool, datetime, date, list, dict."""
    if value is None:
        return None
    hint = _bare(hint)
    if hint is str:
        return plain(value)
    if hint is Decimal:
        return str(value)
    if hint is datetime:
        return value if value.tzinfo else value.replace(tzinfo=VIETNAM)
    if hint in _WORDS:
        return value
    if dataclasses.is_dataclass(hint):
        return {name: encode(part, getattr(value, name)) for name, part in _fields(hint)}  # type: ignore[arg-type]
    if get_origin(hint) is dict:
        return [(plain(key), plain(words)) for key, words in value.items()]
    parts = _parts(hint)
    if parts is None:
        return [encode(get_args(hint)[0], item) for item in value]
    return {f"_{i}": encode(part, value[i]) for i, part in enumerate(parts)}


def decode(hint: Any, value: Any) -> Any:
    """The value again."""
    return None if value is None else _decoder(hint)(value)


@lru_cache(maxsize=256)
def _decoder(hint: Any) -> Callable[[Any], Any]:
    """What makes values of the type from plain ones that are not None; made once a type, as shards have millions."""
    hint = _bare(hint)
    if hint is Decimal:
        return Decimal
    if hint in _WORDS:
        return _same
    if dataclasses.is_dataclass(hint):
        record: Any = hint
        parts = [(name, _decoder(part)) for name, part in _fields(record)]
        return lambda value: record(
            **{name: found if (found := value[name]) is None or of is _same else of(found) for name, of in parts}
        )
    if get_origin(hint) is dict:
        return dict
    fixed = _parts(hint)
    if fixed is None:
        item = _decoder(get_args(hint)[0])
        return tuple if item is _same else lambda value: tuple(map(item, value))
    each = [(f"_{i}", _decoder(part)) for i, part in enumerate(fixed)]
    return lambda value: tuple(of(value[name]) for name, of in each)


def _same(value: Any) -> Any:
    return value
