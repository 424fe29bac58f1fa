"""Words, numbers, dates and periods in the reader's language.

In: a language code and the records' own values (decimal text, ISO dates, period codes). Out: text for print. All words
live in `strings/<language>.toml`; adding an interface language is adding one file.

>>> wording("vi").amount("8.02", "percent", sign=1)
'+8,02%'
>>> wording("en").period("2025-01/2025-09")
'first 9 months of 2025'
"""

import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from extract.lexicon import catalogue

FOLDER = Path(__file__).parent / "strings"
NBSP = "\u00a0"
MINUS = "\u2212"
MOST_DECIMALS = 3


@dataclass(frozen=True)
class Wording:
    """One language of the interface: its strings and its habits of writing numbers."""

    language: str
    strings: dict[str, str]

    def t(self, key: str, **slots: Any) -> str:
        """The string of `key` with its slots filled; a key without a string shows itself, so that it is noticed."""
        text = self.strings.get(key)
        if text is None:
            return key.rpartition(".")[2].replace("_", " ")
        return text.format(**slots) if slots else text

    def has(self, key: str) -> bool:
        return key in self.strings

    def name(self, ref: dict[str, Any] | None) -> str:
        """The name of an indicator or place in the reader's language, or in Vietnamese where that one lacks it."""
        names = (ref or {}).get("names") or {}
        return str(names.get(self.language) or names.get("vi") or (ref or {}).get("id") or "")

    def number(self, value: Any) -> str:
        """Decimal text in the reader's locale, every digit kept; what is no number is given back as it is."""
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return str(value)
        if not number.is_finite():
            return str(value)
        plain = f"{abs(number):f}"
        whole, _, fraction = plain.partition(".")
        groups = f"{int(whole):,}".replace(",", self.strings["number.group"])
        return (MINUS if number < 0 else "") + groups + (self.strings["number.decimal"] + fraction if fraction else "")

    def count(self, value: Any, key: str) -> str:
        """A counted noun: `count(3, "noun.figure")` → "3 figures"."""
        one, _, many = self.t(key).partition("|")
        return f"{self.number(value)}{NBSP}{one if str(value) == '1' or not many else many}"

    def unit(self, code: str | None, many: bool = True) -> str:
        """The unit in words; compounds part by part, codes without a row as they are."""
        if not code:
            return ""
        if "/" in code:
            head, _, per = code.partition("/")
            return f"{self.unit(head, many)}/{self.unit(per, False)}"
        text = self.strings.get(f"unit.{code}")
        if text is None:
            one = _catalogue_units().get(code, {}).get(self.language) or code.replace("_", " ")
            # Symbols (MWh, m2) and words that are plural already take no ending.
            return (
                one + self.strings["number.plural"]
                if many and one.isalpha() and one.islower() and len(one) > 3
                else one
            )
        one, _, several = text.partition("|")
        return several if many and several else one

    def amount(self, value: Any, unit: str | None, high: Any = None, sign: int = 0) -> str:
        """Value, or range, with its unit: `+8,02%`, `168.032 tỷ đồng`, `USD 8.3 billion`. `sign` prints + or −."""
        if value in (None, ""):
            return self.t("value.none")
        if high == "":
            high = None
        if sign:
            # The sign says it all: what a record keeps as -8.3 is printed −8,3 and not −−8,3.
            value, high = str(value).removeprefix("-"), None if high is None else str(high).removeprefix("-")
        text, scale_word = self._scaled(value, unit, high)
        mark = "+" if sign > 0 else MINUS if sign < 0 else ""
        if high is not None:
            upper = self._scaled(high, unit, value)[0]
            minus = sign < 0 or MINUS in text + upper
            text = self.t("value.span", low=mark + text, high=mark + upper) if minus else f"{mark}{text}–{upper}"
        else:
            text = mark + text
        head, _, per = (unit or "").partition("/")
        if head == "percent":
            return f"{text}%" + (f"/{self.unit(per, False)}" if per else "")
        if self.has(f"amount.{unit}"):
            return self.t(f"amount.{unit}", n=text)
        many = not (str(value) == "1" and high is None)
        scaled = NBSP.join(part for part in (text, scale_word) if part)
        if head in self.strings["number.currency_first"].split():
            return f"{self.unit(head)}{NBSP}{scaled}" + (f" / {self.unit(per, False)}" if per else "")
        name = self.unit(unit, many)
        return f"{scaled} {name}" if name else scaled

    def _scaled(self, value: Any, unit: str | None, other: Any = None) -> tuple[str, str]:
        """The number in the largest scale word that keeps it short, chosen for both ends of a range together."""
        try:
            numbers = [Decimal(str(v)) for v in (value, other) if v not in (None, "")]
        except InvalidOperation:
            return str(value), ""
        if not all(n.is_finite() for n in numbers):
            return str(value), ""
        for row in self.strings["number.scales"].split(","):
            power, _, word = row.strip().partition(" ")
            step = Decimal(10) ** int(power)
            if min(abs(n) for n in numbers) < step:
                continue
            if all(_decimals(n / step) <= MOST_DECIMALS for n in numbers):
                return self.number((numbers[0] / step).normalize()), word
        return self.number(numbers[0]), ""

    def size(self, count: int) -> str:
        """Bytes as people count them: `2.1 MB`."""
        step, name = next(
            (s, n) for s, n in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"), (1, "B")) if count >= s or s == 1
        )
        return f"{self.number(round(count / step, 1) if step > 1 else count)}{NBSP}{name}"

    def date(self, iso: str | None) -> str:
        """`2025-09-30T…` → `30/9/2025` or `30 September 2025`; a part of a date as that part."""
        if not iso:
            return self.t("date.none")
        return self._day(iso[:10]) or iso

    def moment(self, iso: str | None) -> str:
        """Date and, where there is one, the time of day in Việt Nam as recorded."""
        if not iso:
            return self.t("date.none")
        clock = iso[11:16]
        return f"{self.date(iso)}, {clock}" if len(clock) == 5 and clock[2] == ":" else self.date(iso)

    def _day(self, iso: str) -> str | None:
        parts = iso.split("-")
        if len(parts) != 3 or not all(p.isdigit() for p in parts):
            return None
        year, month, day = (int(p) for p in parts)
        return self.t("date.day", day=day, month=month, month_name=self.month(month), year=year)

    def month(self, number: int) -> str:
        names = self.strings["date.months"].split(",")
        return names[number - 1].strip() if 1 <= number <= len(names) else str(number)

    def period(self, code: str | None) -> str:
        """A period code in words: `2025-Q3` → `quý III/2025`; an unknown form as it is."""
        if not code:
            return self.t("period.none")
        first, slash, last = code.partition("/")
        if slash:
            return self._span(first, last)
        return self._single(code) or code

    def every(self, code: str) -> str:
        """How often values of that period's form come: yearly, quarterly, from the start of the year …"""
        first, slash, last = code.partition("/")
        if slash:
            return self.t("every.ytd" if first[:4] == last[:4] else "every.years")
        part = first.partition("-")[2]
        return self.t("every." + ("Y" if not part else part[0] if part[0] in "QS" else "D" if "-" in part else "M"))

    def _single(self, code: str) -> str | None:
        year, _, part = code.partition("-")
        if not year.isdigit():
            return None
        if not part:
            return self.t("period.year", year=year)
        if part[0] in "QS" and part[1:].isdigit():
            roman = {"1": "I", "2": "II", "3": "III", "4": "IV"}.get(part[1:], part[1:])
            return self.t(
                "period.quarter" if part[0] == "Q" else f"period.half{part[1:]}", n=part[1:], roman=roman, year=year
            )
        if part.isdigit():
            return self.t("period.month", n=int(part), name=self.month(int(part)), year=year)
        return self._day(code)

    def _span(self, first: str, last: str) -> str:
        a_year, _, a_part = first.partition("-")
        b_year, _, b_part = last.partition("-")
        if not a_part and not b_part:
            return self.t("period.years", first=a_year, last=b_year)
        if a_year == b_year and a_part == "01" and b_part.isdigit():
            return self.t("period.ytd", n=int(b_part), year=a_year)
        return f"{self._single(first) or first} – {self._single(last) or last}"


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@cache
def _catalogue_units() -> dict[str, dict[str, str]]:
    """Names of units in every language from the catalogue that the extractor reads by; the first row of a unit counts."""
    found: dict[str, dict[str, str]] = {}
    for row in catalogue("units").values():
        found.setdefault(str(row["unit"]), dict(row.get("names", {})))
    return found


@cache
def languages() -> tuple[str, ...]:
    """Codes of the interface languages, the first is the default."""
    found = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return tuple(sorted(found, key=lambda code: (code != "vi", code)))


@cache
def wording(language: str) -> Wording:
    """The strings of `language`, keys flattened with dots. KeyError where there is no such table."""
    if language not in languages():
        raise KeyError(language)
    table = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    flat = {f"{section}.{key}": text for section, rows in table.items() for key, text in rows.items()}
    return Wording(language, flat)


def choose_language(asked: str | None, accepted: str, default: str = "vi") -> str:
    """`asked` where it is one of ours, else the best of an Accept-Language header, else `default`."""
    if asked in languages():
        return str(asked)
    best, weight = default, 0.0
    for part in accepted.split(",")[:20]:
        tag, _, quality = part.strip().partition(";q=")
        code = tag.split("-")[0].lower()
        try:
            q = float(quality) if quality else 1.0
        except ValueError:
            q = 0.0
        if code in languages() and q > weight:
            best, weight = code, q
    return best
