"""The parameters of an address, read strictly.

In: the query string's names and values. Out: values of the right kind, or `ArgumentError` that names the parameter.

>>> Arguments({"page": "2"}, ("page",)).whole("page", 1, 500)
2
"""

import re
from collections.abc import Mapping
from datetime import date

LONGEST = 300


class ArgumentError(ValueError):
    """A parameter that cannot be used: `parameter` and the key of the reason in the wording tables."""

    def __init__(self, parameter: str, reason: str, allowed: str = "") -> None:
        super().__init__(parameter)
        self.parameter, self.reason, self.allowed = parameter, reason, allowed


class Arguments:
    """`given` maps names to their last value; `known` are the names that the page understands."""

    def __init__(self, given: Mapping[str, str], known: tuple[str, ...], *, strict: bool = False) -> None:
        self.given = {name: value for name, value in given.items() if name in known and value.strip()}
        unknown = [name for name in given if name not in known and name != "lang"]
        if strict and unknown:
            # A misspelt filter that is silently left out would answer another question.
            raise ArgumentError(unknown[0][:40], "unknown", ", ".join(known))

    def text(self, name: str) -> str | None:
        """The value without control characters; too long is an error."""
        value = self.given.get(name)
        if value is None:
            return None
        if len(value) > LONGEST:
            raise ArgumentError(name, "too_long", str(LONGEST))
        return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", value).strip() or None

    def passage(self, name: str, most: int) -> str | None:
        """A longer text with its paragraphs; what no text holds becomes a space, so that places in it stay true."""
        value = self.given.get(name)
        if value is None:
            return None
        value = value.replace("\r\n", "\n").replace("\r", "\n")
        if len(value) > most:
            raise ArgumentError(name, "too_long", str(most))
        return re.sub(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]", " ", value)

    def texts(self, name: str, values: list[str], most: int) -> list[str]:
        """A repeated parameter, blanks left out."""
        found = [value.strip() for value in values if value.strip()]
        if len(found) > most or any(len(value) > LONGEST for value in found):
            raise ArgumentError(name, "too_many", str(most))
        return list(dict.fromkeys(found))

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        value = self.given.get(name)
        if value is not None and value not in allowed:
            raise ArgumentError(name, "not_one_of", ", ".join(allowed))
        return value

    def whole(self, name: str, default: int, most: int, least: int = 1) -> int:
        value = self.given.get(name)
        if value is None:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise ArgumentError(name, "not_whole", f"{least}–{most}")
        return int(value)

    def number(self, name: str) -> str | None:
        """A decimal as text, with a point; a decimal comma is read as one."""
        value = self.given.get(name)
        if value is None:
            return None
        value = value.strip().replace(",", ".")
        if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", value):
            raise ArgumentError(name, "not_number")
        return value

    def day(self, name: str) -> str | None:
        value = self.given.get(name)
        if value is None:
            return None
        try:
            return date.fromisoformat(value.strip()).isoformat()
        except ValueError:
            raise ArgumentError(name, "not_day") from None
