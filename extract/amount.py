"""An amount: digits or number words with their multipliers, whatever its unit.

In: `Tokens` and a place in them. Out: an `Amount`, its readings in full ("2 tỷ 350 triệu" → 2350000000), or None.
One state machine reads digits and words alike: each word is a row of `numbers.toml` or `scales.toml` with a `kind`, and the
machine knows what may follow what. It keeps the longest stretch that is a complete amount.

>>> from extract.pipeline import read
>>> read("hai triệu rưỡi người", "vi").quantities[0].value
Decimal('2500000')
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache

from extract.lexicon import lexicon
from extract.number import MALFORMED, Number, join_groups, read_digits
from extract.tokens import Row, Tokens

ONE, TEN, HALF = Decimal(1), Decimal(10), Decimal("0.5")
LARGEST = Decimal(10) ** 21


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


class _Machine:
    """The state while an amount is read. `step` answers whether a word may follow, and takes it."""

    def __init__(self, short: bool) -> None:
        self.short = short
        self.done: list[tuple[tuple[Decimal, ...], Decimal]] = []  # (values, scale) of finished multipliers
        self.group: tuple[Decimal, ...] | None = None
        self.floor = ONE  # what is added next must be below
        self.last = "start"
        self.digit = Decimal(0)
        self.filled = False  # a filler stood before the last digit
        self.words = 0
        self.parts = 0
        self.fraction = self.collective = False
        self.digits_after = False
        self.money: str | None = None
        self.weak_money: str | None = None
        self.suspect: Decimal | None = None

    def begin(self, values: tuple[Decimal, ...], floor: Decimal, kind: str) -> None:
        self.group, self.floor, self.last = values, floor, kind

    def digits(self, values: tuple[Decimal, ...]) -> bool:
        if self.last == "start":
            self.begin(values, HALF, "digits")
            return True
        if (
            self.last in ("scale", "half")
            and self.done
            and len(values) == 1
            and values[0] < 1000
            and values[0] < self.done[-1][1]
        ):
            self.digits_after = True
            self.begin(values, HALF, "digits")
            return True
        return False

    def step(self, row: Row) -> bool:
        kind = row.data.get("kind", "scale")
        taken = bool(getattr(self, f"_{kind}", self._never)(row))
        if taken:
            self.words += 1
        return taken

    def _never(self, row: Row) -> bool:
        return False

    def _value(self, row: Row) -> Decimal:
        return _decimal(row.data["value"])

    def _digit(self, row: Row) -> bool:
        value = self._value(row)
        if self.last == "point":
            self.parts += 1
            step = TEN**-self.parts
            assert self.group is not None
            self.group = tuple(v + value * step for v in self.group)
            return True
        if self.last == "over":
            return self._divide(value)
        if self.group is None:
            self.begin((value,), ONE, "digit")
            self.digit, self.after_ten, self.after_hundred = value, False, False
            return self.last_scale_above(value)
        if self.last == "digits" or value >= self.floor or (self.floor == TEN and value == 0):
            return False
        self.group = tuple(v + value for v in self.group)
        self.filled = self.last == "filler"
        self.after_hundred, self.after_ten = self.floor == 100, self.floor == TEN
        self.floor, self.last, self.digit = ONE, "digit", value
        return True

    after_hundred = after_ten = False
    """What stood right before the last digit."""

    def last_scale_above(self, value: Decimal) -> bool:
        return not self.done or value < self.done[-1][1]

    def _teen(self, row: Row) -> bool:
        value = self._value(row)
        if self.last == "point" and self.parts == 0:
            self.parts = 2
            assert self.group is not None
            self.group = tuple(v + value / 100 for v in self.group)
            return True
        if self.last == "over":
            return self._divide(value)
        floor = TEN if row.data.get("adds") else ONE
        if self.group is None:
            self.begin((value,), floor, "ten")
            return True
        if self.last in ("hundred", "filler") and self.floor == 100:
            self.group, self.floor, self.last = tuple(v + value for v in self.group), floor, "ten"
            return True
        return False

    def _ten(self, row: Row) -> bool:
        value = self._value(row)
        if self.group is None:
            self.begin((value,), TEN, "ten")
            return True
        if self.last in ("hundred", "filler") and self.floor == 100:
            self.group, self.floor, self.last = tuple(v + value for v in self.group), TEN, "ten"
            return True
        return False

    def _tens(self, row: Row) -> bool:
        if self.last == "point" and self.parts:
            return True
        if self.last != "digit" or self.group is None or self.digit < 1 or self.filled or self.after_ten:
            return False
        self.group, self.floor, self.last = tuple(v + self.digit * 9 for v in self.group), TEN, "ten"
        return True

    def _tail(self, row: Row) -> bool:
        value = self._value(row)
        if self.group is None:
            return False
        if self.last == "over":
            return self._divide(value)
        if self.last == "point" and self.parts:
            self.parts += 1
            self.group = tuple(v + value * TEN**-self.parts for v in self.group)
            return True
        if self.last == "ten" and self.floor == TEN:
            self.group = tuple(v + value for v in self.group)
        elif self.last == "digit" and self.digit >= 2 and not self.filled:
            self.group = tuple(v + self.digit * 9 + value for v in self.group)
        else:
            return False
        self.floor, self.last, self.after_hundred = ONE, "tail", False
        return True

    def _hundred(self, row: Row) -> bool:
        value = self._value(row)
        if self.group is None:
            if not row.data.get("alone") or self.last == "scale":
                return False
            self.group, self.floor = (ONE,), ONE
        if self.floor > TEN or any(v >= 100 for v in self.group) or self.fraction:
            return False
        self.group, self.floor, self.last, self.filled = tuple(v * value for v in self.group), value, "hundred", False
        self.after_hundred = False
        return True

    def _filler(self, row: Row) -> bool:
        if self.last == "hundred":
            self.last = "filler"
            return True
        if self.last == "scale" and self.done and self.done[-1][1] >= 1000:
            self.last, self.group, self.floor, self.joined = "filler", (Decimal(0),), Decimal(100), True
            return True
        return False

    def _article(self, row: Row) -> bool:
        if self.last == "start":
            self.begin((ONE,), ONE, "article")
            return True
        return self.last == "fraction"

    def _fraction(self, row: Row) -> bool:
        if self.last != "start":
            return False
        self.begin((self._value(row),), Decimal(0), "fraction")
        self.fraction = True
        return True

    def _denominator(self, row: Row) -> bool:
        if self.group is None or self.done or self.last not in ("digit", "article", "ten"):
            return False
        self.last = "over"
        return self._divide(self._value(row))

    def _divide(self, value: Decimal) -> bool:
        if self.group is None or value < 2:
            return False
        # A third is not exact in decimals: twelve digits are more than any printed figure is compared with.
        self.group = tuple(_quotient(v, value) for v in self.group)
        self.last, self.fraction, self.floor = "fraction", True, Decimal(0)
        return True

    def _over(self, row: Row) -> bool:
        if self.last not in ("digit", "ten", "digits") or self.done:
            return False
        self.last = "over"
        return True

    def _point(self, row: Row) -> bool:
        if self.group is None or self.fraction or self.last in ("point", "filler", "article", "start"):
            return False
        self.last, self.parts, self.floor = "point", 0, Decimal(0)
        return True

    def _half(self, row: Row) -> bool:
        if self.last == "scale" and self.done:
            values, scale = self.done[-1]
            self.done[-1] = (tuple(v + scale / 2 for v in values), scale)
        elif self.group is not None and self.last in ("digit", "digits", "ten", "hundred", "tail"):
            unit = Decimal(100) if self.last == "hundred" else ONE
            self.group = tuple(v + unit / 2 for v in self.group)
        else:
            return False
        self.last, self.floor, self.bare = "half", Decimal(0), False
        return True

    def _collective(self, row: Row) -> bool:
        if self.last not in ("start", "article", "digit") or self.done:
            return False
        value = self._value(row)
        self.group = tuple(v * value for v in self.group or (ONE,))
        self.last, self.floor, self.collective = "collective", Decimal(0), True
        return True

    def _scale(self, row: Row) -> bool:
        value = self._value(row)
        if self.group is None:
            if self.last == "scale" and self.done and value > self.piece:
                values, scale = self.done[-1]
                self.done[-1] = (tuple(v * value for v in values), scale * value)
            elif self.last == "start":
                self.done.append(((value,), value))
                self.bare = not row.data.get("alone")
            else:
                return False
        elif self.joined or self.last in ("filler", "over") or (self.last == "point" and not self.parts):
            return False
        else:
            group = self._short_group()
            if self.done and value > self.done[-1][1]:
                total = self.total()
                if len(total) != 1 or self.digits_after:
                    return False
                self.done = [((total[0] * value,), value)]
            elif self.done and value == self.done[-1][1]:
                return False
            else:
                self.done.append((tuple(v * value for v in group), value))
        if self.done[-1][1] > LARGEST:
            return False
        self.group, self.last, self.piece, self.parts, self.digits_after = None, "scale", value, 0, False
        self.money = row.data.get("money")
        self.weak_money = row.data.get("weak_money")
        self.suspect = _decimal(row.data["suspect"]) if "suspect" in row.data else None
        return True

    joined = False
    """A filler joined what follows to a multiplier ("two thousand and five"): no multiplier may follow that."""
    piece = ONE
    bare = False
    """A multiplier of nothing ("triệu"): a number only with a half after it ("triệu rưỡi")."""

    def _short_group(self) -> tuple[Decimal, ...]:
        """The group; "hai trăm hai" and "một nghìn hai" say the next place down (220, 1200)."""
        group = self.group or (Decimal(0),)
        if self.short and self.last == "digit" and not self.filled and self.after_hundred:
            return tuple(v + self.digit * 9 for v in group)
        return group

    def total(self) -> tuple[Decimal, ...]:
        """All readings of what was read so far."""
        head: tuple[Decimal, ...] = (Decimal(0),)
        for values, _ in self.done:
            head = _add(head, values)
        if self.group is None:
            return head
        group = self._short_group()
        tail = self.short and self.done and self.last in ("digit", "digits") and not self.filled
        if tail and len(group) == 1 and 0 < group[0] < 10 and group[0] == group[0].to_integral():
            group = (group[0] * self.done[-1][1] / 10,)
        return _add(head, group)

    @property
    def complete(self) -> bool:
        if self.last == "point":
            return self.parts > 0
        return (
            not self.bare
            and self.last not in ("start", "filler", "over", "article")
            and not (self.digits_after and not self.short)
        )


def read_amount(tokens: Tokens, i: int) -> Amount | None:
    """Read the amount that starts at token `i`, which nobody has claimed; None where there is none."""
    facts = lexicon(tokens.language).facts
    machine = _Machine(bool(facts.get("short_tail")))
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
            and machine.last != "point"
        ):
            if digits is not None and not _short_end(tokens, j, digits):
                continue
            best = _take(machine, i, j, rules, number)
            best.mantissas = mantissas
            best.decimals = decimals
            if number is None and last is not None and machine.words <= 2 and machine.last in (first_kind, "half"):
                best.alone = alone
    if best is not None and len(best.mantissas) != len(best.readings):
        best.mantissas, best.scale = best.readings, ONE
    return best


def _take(machine: _Machine, first: int, end: int, rules: list[str], number: Number | None) -> Amount:
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


def _next_words(tokens: Tokens, j: int, machine: _Machine) -> tuple[tuple[Row, ...], int, Number | None] | None:
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
    return rows, end, None


def _priced(tokens: Tokens, machine: _Machine, j: int) -> bool:
    """Whether a currency sign stands before the digits that end before token `j`."""
    before = tokens.ending(j - 1, "units")
    return machine.last == "digits" and before is not None and before.row.data.get("position") in ("before", "both")


def _short_end(tokens: Tokens, j: int, number: Number) -> bool:
    """Whether digits after a multiplier may end an amount ("1 tỷ 2"): one digit, and no word that they could count."""
    if number.readings[0] >= 10 or number.readings[0] < 1:
        return False
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


@cache
def _decimal(text: str) -> Decimal:
    return Decimal(text)


def _quotient(value: Decimal, by: Decimal) -> Decimal:
    exact = value / by
    return exact.normalize() if exact * by == value and len(exact.as_tuple().digits) < 12 else round(exact, 12)


def _add(left: tuple[Decimal, ...], right: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    if len(left) == 1:
        return tuple(left[0] + value for value in right)
    return tuple(value + right[0] for value in left)
