"""The unit of a number: the words after it, the currency before it, and what they are counted per.

In: `Tokens` and the place where a number ends or begins. Out: a `Unit`, or None. The words are rows of `units.toml`, which
point at the catalogue; "đồng/kg", "USD mỗi người" and "dong per kg" are put together from two or three of them.

>>> from extract.pipeline import read
>>> read("giá 21.500 đồng/kg", "vi").quantities[0].unit
'VND/kg'
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from extract.lexicon import catalogue, lexicon
from extract.tokens import Match, Row, Tokens

MONEY = "money"
RATIOS = frozenset({"ratio", "ratio_difference", "growth_per_year", "share_of_gdp", "share_of_grdp", "plan_ratio"})


GAP = 6
"""Tokens that may stand between a number and its noun, however few adjectives they are."""
DENOMINATORS = frozenset({"time", "people", "mass", "volume", "energy", "area"})
"""Dimensions that "a", "each", "mỗi" make a rate of any count by; amounts of money are per anything."""


@dataclass(frozen=True, slots=True)
class Unit:
    """`name` as in records, `dimension` of the catalogue; tokens `first` up to `end` say it."""

    name: str
    dimension: str
    first: int
    end: int
    counted: bool = False
    before: bool = False
    rules: tuple[str, ...] = ()
    low: Decimal | None = None
    """Below this a value is not plausible; `high` likewise above."""
    high: Decimal | None = None
    least: int = 0
    """Of fewer the word says something else."""

    @property
    def is_money(self) -> bool:
        """An amount of a currency, per head or not."""
        return self.dimension.startswith(MONEY)


@cache
def catalogue_unit(unit_id: str) -> tuple[str, str, Decimal | None, Decimal | None]:
    """(name, dimension, low, high) of a row of the catalogue; an unknown id names itself."""
    row: Mapping[str, Any] = catalogue("units").get(unit_id, {})
    low, high = row.get("plausible", (None, None))
    return (
        row.get("unit", unit_id),
        row.get("dimension", "count"),
        None if low is None else Decimal(str(low)),
        None if high is None else Decimal(str(high)),
    )


@cache
def recorded(name: str | None) -> tuple[str | None, Decimal]:
    """The unit in which records give an amount of unit `name`, and the factor to it: a GW is 1000 MW (gold guidelines)."""
    for row in catalogue("units").values():
        if row.get("unit") == name and "recorded" in row:
            return row["recorded"]["unit"], Decimal(row["recorded"]["times"])
    return name, Decimal(1)


@cache
def unit_named(name: str) -> Unit:
    """A unit that no word of the text says (a bare "tỷ" is đồng): its place is -1."""
    for row in catalogue("units").values():
        if row.get("unit") == name:
            return Unit(name, row.get("dimension", "count"), -1, -1)
    return Unit(name, "count", -1, -1)


def _unit(match: Match, before: bool = False) -> Unit:
    row: Row = match.row
    name, dimension, low, high = catalogue_unit(row.data["unit"])
    counted = bool(row.data.get("counted"))
    least = row.data.get("least", 0)
    return Unit(name, dimension, match.start, match.end, counted, before, (row.id,), low, high, least)


def unit_before(tokens: Tokens, i: int) -> Unit | None:
    """The currency that ends right before token `i` ("US$", "VND")."""
    match = tokens.ending(i, "units")
    if match is None or match.row.data.get("position") not in ("before", "both"):
        return None
    return _unit(match, before=True)


def unit_after(tokens: Tokens, j: int) -> Unit | None:
    """The unit whose words start at token `j`, with what it is per."""
    match = _match_after(tokens, j)
    if match is None:
        return _open_unit(tokens, j)
    unit = _unit(match)
    if unit.name == "percent" and match.end - match.start > 1:
        unit = _bare_percent(tokens, match, unit)
    return with_denominator(tokens, unit)


def _match_after(tokens: Tokens, j: int) -> Match | None:
    """The unit at `j`: right there, behind a hyphen ("60-km"), behind a few adjectives, or as the head of a compound."""
    if j >= len(tokens) or tokens.claims[j] is not None:
        return None
    match = _longest(tokens, j)
    if match is not None:
        return match
    facts = lexicon(tokens.language).facts
    if tokens.words[j] == "-" and tokens.glued(j) and j + 1 < len(tokens) and tokens.glued(j + 1):
        match = _longest(tokens, j + 1)
        return match if match is not None and tokens.words[j + 1][0].isalpha() else None
    head = _compound_head(tokens, j)
    if head is not None:
        return head
    stops = facts.get("gap_stops", ())
    adjectives = 0
    for k in range(j, min(j + GAP, len(tokens) - 1)):
        word = tokens.words[k]
        adjectives += not (word == "-" or (tokens.glued(k) and tokens.words[k - 1] == "-"))  # "new-style" is one
        if adjectives > facts.get("gap", 0):
            return None
        if not (word[0].islower() or word == "-") or word in stops or tokens.claims[k] is not None:
            return None
        if k > j and _singular(tokens.lower[k - 1], tokens.language):
            return None  # the noun came already
        match = _longest(tokens, k + 1) or _compound_head(tokens, k + 1)
        if match is not None and match.row.data.get("counted"):
            return Match(j, match.end, match.row)
    return None


@lru_cache(maxsize=1 << 12)
def _singular(word: str, language: str) -> str | None:
    """The singular of a plural noun by the endings of the language; None where it is none or the language tells it not so."""
    facts = lexicon(language).facts
    if len(word) < 4 or not word.isalpha() or any(word.endswith(ending) for ending in facts.get("not_plural", ())):
        return None
    for plural, singular in facts.get("plurals", ()):
        if word.endswith(plural):
            return str(word[: len(word) - len(plural)] + singular)
    return None


def _open_unit(tokens: Tokens, j: int) -> Unit | None:
    """A counted noun that no table has: its own singular ("12 turbines"), where the language is the catalogue's."""
    facts = lexicon(tokens.language).facts
    if "plurals" not in facts:
        return None
    stops = facts.get("gap_stops", ())
    for k in range(j, min(j + 2, len(tokens))):
        word = tokens.words[k]
        if not word[0].islower() or word in stops or tokens.claims[k] is not None or len(word) < 3:
            return None
        name = _singular(word, tokens.language)
        if name is not None:
            return Unit(name, "count", j, k + 1, True)
    return None


def _longest(tokens: Tokens, j: int, classified: bool = True) -> Match | None:
    for match in tokens.matches.get(j, ()):
        after = match.row.category == "units" and match.row.data.get("position") != "before"
        if after and not any(tokens.claims[match.start : match.end]):
            return _classified(tokens, match) if match.row.data.get("takes") and classified else match
    return None


def _noun_follows(tokens: Tokens, j: int) -> bool:
    """Whether a word stands at `j` that may be the noun of a classifier before it."""
    facts = lexicon(tokens.language).facts
    word = tokens.lower[j] if j < len(tokens) else "\n"
    return word[0].isalpha() and word not in facts.get("function_words", ()) and tokens.claims[j] is None


def _classified(tokens: Tokens, match: Match) -> Match:
    """A classifier with the noun behind it: the counted noun of the tables, any other thing, or itself alone."""
    noun = _longest(tokens, match.end, classified=False) if match.end < len(tokens) else None
    if noun is not None and noun.row.data.get("counted"):
        return Match(match.start, noun.end, noun.row)
    if noun is None and "thing" in match.row.data and _noun_follows(tokens, match.end):
        row = match.row
        return Match(match.start, match.end, replace(row, data={**row.data, "unit": row.data["thing"]}))
    return match


@cache
def _heads(language: str) -> dict[str, Row]:
    """Counted nouns that end a compound word ("tunnelbane|linjer"), by their letters; empty where words are not joined."""
    words = lexicon(language)
    if not words.facts.get("compounds"):
        return {}
    rows: dict[str, Row] = {}
    for row in words.category("units"):
        if row.data.get("counted"):
            for phrase in row.phrases:
                if len(phrase) > 3 and " " not in phrase:
                    rows.setdefault(phrase, row)
    return rows


def _compound_head(tokens: Tokens, j: int) -> Match | None:
    """The counted noun that a joined word ends in, with or without its definite ending ("tunnelbanelinjerna")."""
    rows = _heads(tokens.language)
    if not rows or j >= len(tokens) or len(tokens.words[j]) <= 6:
        return None
    word = tokens.lower[j][-40:]
    endings = lexicon(tokens.language).facts.get("definite", ())
    for form in (word, *(word[: -len(ending)] for ending in endings if word.endswith(ending))):
        for start in range(len(form) - 3):
            row = rows.get(form[start:])
            if row is not None:
                return Match(j, j + 1, row)
    return None


def _bare_percent(tokens: Tokens, long: Match, unit: Unit) -> Unit:
    """ "% kế hoạch" is a percent: the quote ends at the sign, the row still tells what it is a percentage of."""
    for match in tokens.matches.get(long.start, ()):
        if (
            match.row.category == "units"
            and match.end < long.end
            and catalogue_unit(match.row.data["unit"])[0] == unit.name
        ):
            short = _unit(match)
            return Unit(
                short.name, unit.dimension, short.first, short.end, rules=unit.rules, low=short.low, high=short.high
            )
    return unit


def with_denominator(tokens: Tokens, unit: Unit) -> Unit:
    """`unit` with "/kg", "mỗi người", "per head" … after it, as many as there are."""
    name, end, rules = unit.name, unit.end, list(unit.rules)
    not_per = lexicon(tokens.language).facts.get("not_per", ())
    for _ in range(2):
        joiner = tokens.longest(end, "joiners") if end < len(tokens) else None
        if joiner is None or not joiner.row.data.get("per"):
            break
        if "unit" in joiner.row.data:
            name, end = f"{name}/{catalogue_unit(joiner.row.data['unit'])[0]}", joiner.end
            rules.append(joiner.row.id)
            continue
        match = _longest(tokens, joiner.end) if joiner.end < len(tokens) else None
        if match is None:
            break
        if tokens.lower[match.end : match.end + 1] and tokens.lower[match.end] in not_per:
            break  # "$375 a week ago"
        below, dimension, _, _ = catalogue_unit(match.row.data["unit"])
        strong = joiner.row.data["per"] == "strong"
        if not (strong or unit.is_money or (unit.dimension not in RATIOS and dimension in DENOMINATORS)):
            break
        # An amount per person and year is the amount per person of that year (domain: "USD/người/năm").
        if not (below == "year" and name.endswith("/person")) and not name.endswith(f"/{below}"):
            name = f"{name}/{below}"
        end = match.end
        rules += [joiner.row.id, match.row.id]
    if end == unit.end:
        return unit
    dimension = "price" if unit.dimension == MONEY else "rate"
    if unit.is_money and name.split("/")[1] in ("person", "month", "worker"):
        dimension = unit.dimension + "_per_" + name.split("/")[1]
    return Unit(name, dimension, unit.first, end, unit.counted, unit.before, tuple(rules))
