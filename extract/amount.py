"""An amount: digits or number words with their multipliers, whatever its unit.

In: `Tokens` and a place in them. Out: an `Amount`, its readings in full ("2 tỷ 350 triệu" → 2350000000), or None.
One state machine reads digits and words alike: each word is a row of `numbers.toml` or `scales.toml` with a `kind`, and the
machine knows what may follow what. It keeps the longest stretch that is a complete amount.

>>> from extract.pipeline import read
>>> read("hai triệu rưỡi người", "vi").quantities[0].value
Decimal('2500000')
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from extract.lexicon import catalogue, lexicon
from extract.number import MALFORMED, Number, join_groups, read_digits
from extract.number_grammar import ONE, NumberGrammar, decimal_of
from extract.tokens import Row, Tokens

SUMMED = frozenset({"people", "visits", "mass", "volume", "energy"})
"""Dimensions that are counted in millions: "1.5m tonnes" are no metres."""


@dataclass(slots=True)
class Amount:
    """Tokens `first` up to `end`. `readings` are the candidate values, `mantissas` the same before the trailing `scale`."""

    first: int
    end: int
    readings: tuple[Decimal, ...]
    mantissas: tuple[Decimal, ...] = ()
    decimals: tuple[int, ...] = (0,)
    scale: Decimal = ONE
    reason: str | None = None
    words: bool = False
    fraction: bool = False
    collective: bool = False
    """A round group ("ett tiotal"): about as many."""
    number: Number | None = None
    money: str | None = None
    """Unit id of a multiplier that means money where the text says nothing else (tỷ)."""
    weak_money: str | None = None
    """The same, where the sentence already speaks of that money (triệu)."""
    suspect: Decimal | None = None
    """What the scale may mean instead, where long and short scale are confused."""
    alone: str | None = None
    """What must follow for the words to be a number at all; None when they are one in any case."""
    open_ended: bool = False
    """Ends with digits after a multiplier ("1 tỷ 2"): a number only if no noun follows."""
    rules: list[str] = field(default_factory=list)


@cache
def _morphemes(language: str) -> tuple[re.Pattern[str], dict[str, Row]] | None:
    """Pattern and rows of the words that the language writes together, None where it does not."""
    words = lexicon(language)
    if not words.facts.get("compounds"):
        return None
    rows = {
        phrase: row
        for row in (*words.category("numbers"), *words.category("scales"))
        for phrase in row.phrases
        if row.data.get("kind") in (None, "digit", "teen", "ten", "hundred", "collective") and " " not in phrase
    }
    one = "|".join(map(re.escape, sorted(rows, key=len, reverse=True)))
    return re.compile(rf"(?:{one}){{2,12}}"), rows


@lru_cache(maxsize=1 << 14)
def split_compound(word: str, language: str) -> tuple[Row, ...]:
    """The number words that a word is made of ("tvåhundrafyrtioåtta"), empty where it is not made of them."""
    known = _morphemes(language)
    if known is None or len(word) > 80 or not known[0].fullmatch(word):
        return ()
    rows, longest = known[1], max(map(len, known[1]))
    best: list[tuple[Row, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - longest), end):
            before, row = best[start], rows.get(word[start:end])
            if before is not None and row is not None and best[end] is None:
                best[end] = (*before, row)
    return best[-1] or ()


def words_at(tokens: Tokens, i: int) -> tuple[tuple[Row, ...], int]:
    """The rows that the token or tokens at `i` stand for, and where they end; no rows where it is no number word."""
    match = tokens.longest(i, "numbers", "scales", "lookalikes")
    if match is not None:
        return ((match.row,), match.end) if match.row.category != "lookalikes" else ((), i)
    if tokens.claims[i] is None and not tokens.numeric[i]:
        rows = split_compound(tokens.lower[i], tokens.language)
        if rows:
            return rows, i + 1
    return (), i


def read_amount(tokens: Tokens, i: int) -> Amount | None:
    """Read the amount that starts at token `i`, which nobody has claimed; None where there is none."""
    facts = lexicon(tokens.language).facts
    machine = NumberGrammar(bool(facts.get("short_tail")))
    number, j = _number_at(tokens, i, facts["decimal"], " " in facts["thousands"])
    rules: list[str] = []
    if number is not None:
        if number.reason:
            while (
                j < len(tokens)
                and (scale := tokens.longest(j, "scales")) is not None
                and not scale.row.data.get("glued")
            ):
                j = scale.end
            return Amount(i, j, (), reason=number.reason, number=number)
        amount = _plain(tokens, i, j, number)
        if amount is not None:
            return amount
        machine.digits(number.readings)
        best = _take(machine, i, j, rules, number)
        decimals = number.decimals
    else:
        best, decimals = None, (0,)
    length = len(tokens)
    mantissas: tuple[Decimal, ...] = ()
    alone: str | None = None
    first_kind, unjoined = "", best
    while j < length:
        step = _next_words(tokens, j, machine)
        if step is None:
            break
        rows, end, digits = step
        if not rules and number is None and len(rows) == 1 and isinstance(rows[0].data.get("alone"), str):
            alone, first_kind = rows[0].data["alone"], rows[0].data.get("kind", "")
        before = machine.group
        if digits is not None:
            if not machine.digits(digits.readings):
                break
        else:
            if not all(machine.step(row) for row in rows):
                if machine.joined and rows[-1].category == "scales":
                    best = unjoined  # "en miljon och två miljarder" are two amounts
                break
            if machine.last == "filler":
                unjoined = best
            if rows[-1].data.get("kind") is None and before is not None and len(machine.done) == 1:
                mantissas = before
            elif machine.last != "scale":
                mantissas = () if machine.done else mantissas
        rules += [row.id for row in rows]
        j = end
        last = rows[-1] if rows else None
        if machine.complete and not (
            last is not None
            and last.data.get("never_last")
            and not machine.filled
            and machine.words > 1
            and machine.last not in ("point", "fraction")
        ):
            if digits is not None and not (_thousands(machine, digits) or _short_end(tokens, j, digits)):
                continue
            best = _take(machine, i, j, rules, number)
            best.mantissas = mantissas
            best.decimals = decimals
            if number is None and last is not None and machine.words <= 2 and machine.last in (first_kind, "half"):
                best.alone = alone
    if best is not None and len(best.mantissas) != len(best.readings):
        best.mantissas, best.scale = best.readings, ONE
    return best


def _plain(tokens: Tokens, first: int, end: int, number: Number) -> Amount | None:
    """Digits with at most multipliers behind them, which need no grammar: nearly all amounts. None for any other."""
    scale = piece = ONE
    data: Mapping[str, Any] = {}
    rules: list[str] = []
    while end < len(tokens) and tokens.claims[end] is None:
        if tokens.numeric[end] or tokens.words[end] == "-":
            after = end if tokens.numeric[end] else end + 1
            if scale == 1 and after < len(tokens) and tokens.numeric[after]:
                break
            return None
        found = {match.row.category: match for match in reversed(tokens.matches.get(end, ()))}
        word, unit = found.get("scales"), found.get("units")
        if "numbers" in found or "lookalikes" in found:
            return None
        if word is None or (unit is not None and unit.end > word.end):
            break
        value = decimal_of(word.row.data["value"])
        data = word.row.data
        if unit is not None or value <= piece or "glued" in data or "suspect" in data:
            return None
        scale, piece, end = scale * value, value, word.end
        rules.append(word.row.id)
    readings = number.readings if scale == 1 else tuple(reading * scale for reading in number.readings)
    return Amount(
        first, end, readings, number.readings, number.decimals, scale, number=number,
        money=data.get("money"), weak_money=data.get("weak_money"), rules=rules,
    )  # fmt: skip


def _take(machine: NumberGrammar, first: int, end: int, rules: list[str], number: Number | None) -> Amount:
    scale = machine.done[-1][1] if machine.group is None and len(machine.done) == 1 else ONE
    return Amount(
        first,
        end,
        machine.total(),
        scale=scale,
        words=number is None,
        fraction=machine.fraction and not machine.done,
        collective=machine.collective,
        number=number,
        money=machine.money,
        weak_money=machine.weak_money if machine.group is None else None,
        suspect=machine.suspect,
        decimals=number.decimals if number else (0,),
        rules=list(rules),
    )


def _next_words(tokens: Tokens, j: int, machine: NumberGrammar) -> tuple[tuple[Row, ...], int, Number | None] | None:
    """What follows at token `j`: number words (a hyphen between them does not count) or digits after a multiplier."""
    if tokens.claims[j] is not None or tokens.words[j] == "\n":
        return None
    if tokens.numeric[j]:
        if machine.last not in ("scale", "half"):
            return None
        number = read_digits(tokens.words[j], ".")
        return (
            ((), j + 1, number) if number.readings and number.readings[0] == number.readings[0].to_integral() else None
        )
    if (
        tokens.words[j] == "-"
        and machine.last != "start"
        and j + 1 < len(tokens)
        and tokens.glued(j)
        and tokens.glued(j + 1)
        and tokens.claims[j + 1] is None
    ):
        j += 1
        if not machine.words and tokens.longest(j, "scales") is None:
            return None
    if machine.last not in ("start",) and tokens.longest(j, "units") is not None:
        unit = tokens.longest(j, "units")
        word = tokens.longest(j, "numbers", "scales")
        if (
            unit is not None
            and (word is None or unit.end > word.end)
            and not (word is None and split_compound(tokens.lower[j], tokens.language))
        ):
            return None  # "phần trăm" is a unit, no fraction
    rows, end = words_at(tokens, j)
    if not rows:
        return None
    row = rows[0]
    if row.data.get("glued") and not tokens.glued(j):
        return None
    if row.data.get("priced") and not _priced(tokens, machine, j):
        return None
    if row.data.get("kind") == "tail" and machine.last == "scale" and not _ends(tokens, end):
        return None  # "5 triệu tư liệu"
    return rows, end, None


def _priced(tokens: Tokens, machine: NumberGrammar, j: int) -> bool:
    """Whether a currency sign stands before the digits that end before token `j`, or things are counted or weighed ("1.3m farmers")."""
    if machine.last != "digits":
        return False
    before = tokens.ending(j - 1, "units")
    if before is not None and before.row.data.get("position") in ("before", "both"):
        return True
    after = tokens.longest(j + 1, "units") if j + 1 < len(tokens) else None
    if after is None or after.row.data.get("position") == "before":
        return False
    return (
        bool(after.row.data.get("counted"))
        or catalogue("units").get(after.row.data["unit"], {}).get("dimension") in SUMMED
    )


def _thousands(machine: NumberGrammar, number: Number) -> bool:
    """Whether digits after a multiplier are the rest that follows its thousands ("3 nghìn 500 tấn", "3 nghìn 50")."""
    return machine.done[-1][1] == 1000 and 10 <= number.readings[0] < 1000


def _short_end(tokens: Tokens, j: int, number: Number) -> bool:
    """Whether digits after a multiplier may end an amount ("1 tỷ 2"): one digit, and no word that they could count."""
    return 1 <= number.readings[0] < 10 and _ends(tokens, j)


def _ends(tokens: Tokens, j: int) -> bool:
    """Whether an amount may end before token `j`: no word there that its last digit could count."""
    if j >= len(tokens) or not tokens.words[j][0].isalnum():
        return j >= len(tokens) or tokens.words[j] in ".,;)\n"
    unit = tokens.longest(j, "units")
    return unit is not None and not unit.row.data.get("counted")


def _number_at(tokens: Tokens, i: int, decimal: str, spaced: bool) -> tuple[Number | None, int]:
    if not tokens.numeric[i]:
        return None, i
    if i + 2 < len(tokens) and tokens.words[i + 2] == "000" and tokens.words[i + 1] in ".," and tokens.glued(i + 1):
        return MALFORMED, i + 3  # "8. 000 tỷ": a space has slipped into the number
    if spaced and len(tokens.words[i]) <= 3:
        words = list(_spaced(tokens, i))
        while len(words) > 1:
            number = join_groups(words, decimal)
            if number is not None:
                return number, i + len(words)
            words.pop()
    return read_digits(tokens.words[i], decimal), i + 1


def _spaced(tokens: Tokens, i: int) -> Iterator[str]:
    """Digits parted by single spaces, from token `i` on."""
    yield tokens.words[i]
    for j in range(i + 1, min(i + 8, len(tokens))):
        if not tokens.numeric[j] or tokens.claims[j] is not None or tokens.starts[j] != tokens.ends[j - 1] + 1:
            return
        yield tokens.words[j]
