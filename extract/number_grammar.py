"""The grammar of number words: which word may follow which, and what they are worth together.

In: rows of `numbers.toml` and `scales.toml`, one `step` each, and numbers in digits. Out: the readings so far (`total`) and
whether they are a complete amount (`complete`). `amount` drives it over the tokens of a text.

>>> machine = NumberGrammar(short=False)
>>> machine.digits((Decimal(3),)), machine.total()
(True, (Decimal('3'),))
"""

from decimal import Decimal
from functools import cache

from extract.tokens import Row

ONE, TEN, HALF = Decimal(1), Decimal(10), Decimal("0.5")
LARGEST = Decimal(10) ** 21


class NumberGrammar:
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
        return decimal_of(row.data["value"])

    def _digit(self, row: Row) -> bool:
        value = self._value(row)
        if self.last == "point":
            self.parts += not self.open_place
            self.open_place = False
            step = TEN**-self.parts
            assert self.group is not None
            self.group = tuple(v + value * step for v in self.group)
            return True
        if self.last == "over":
            return self._divide(value)
        if self.group is None:
            self.begin((value,), ONE, "digit")
            self.digit, self.after_ten, self.after_hundred = value, False, False
            self.doubtful = bool(row.data.get("never_last")) and not self.done
            return self.last_scale_above(value)
        tens_left_out = self.short and self.last == "digit" and self.digit >= 2
        if tens_left_out and not (self.filled or self.after_ten or self.pair or self.doubtful):
            # "bốn trăm năm sáu" is 456
            self.group = tuple(v + self.digit * 9 + value for v in self.group)
            self.floor, self.pair, self.digit = ONE, True, value
            return True
        if self.last == "digits" or value >= self.floor or (self.floor == TEN and value == 0):
            return False
        self.group = tuple(v + value for v in self.group)
        self.filled = self.last == "filler"
        self.after_hundred, self.after_ten = self.floor == 100, self.floor == TEN
        self.floor, self.last, self.digit, self.doubtful = ONE, "digit", value, False
        return True

    after_hundred = after_ten = False
    """What stood right before the last digit."""
    doubtful = False
    """The only word so far is rather another word ("năm", year)."""
    pair = False
    """Two digits stand for tens and ones ("sáu ba" is 63)."""
    open_place = False
    """Behind the point stands a ten whose ones may follow ("phẩy mười bốn" is .14)."""

    def last_scale_above(self, value: Decimal) -> bool:
        return not self.done or value < self.done[-1][1]

    def _teen(self, row: Row) -> bool:
        value = self._value(row)
        if self.last == "point" and self.parts == 0:
            self.parts, self.open_place = 2, bool(row.data.get("adds"))
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
        if self.last == "digits" and row.data.get("after_digits") and self.group is not None:
            self.group, self.last = tuple(v * TEN for v in self.group), "ten"
            return True
        if self.last != "digit" or self.group is None or self.digit < 1 or self.filled or self.after_ten or self.pair:
            return False
        self.group, self.floor, self.last = tuple(v + self.digit * 9 for v in self.group), TEN, "ten"
        return True

    def _tail(self, row: Row) -> bool:
        value = self._value(row)
        if self.group is None:
            if not (self.short and self.last == "scale"):
                return False
            self.group, self.last, self.digit, self.filled, self.bare = (value,), "digit", value, False, False
            return True  # "một triệu tư" is 1.4 million
        if self.last == "over":
            return self._divide(value)
        if self.last == "point" and self.parts:
            self.parts += not self.open_place
            self.open_place = False
            self.group = tuple(v + value * TEN**-self.parts for v in self.group)
            return True
        if self.last == "ten" and self.floor == TEN:
            self.group = tuple(v + value for v in self.group)
        elif self.last == "digit" and self.digit >= 2 and not (self.filled or self.pair):
            self.group = tuple(v + self.digit * 9 + value for v in self.group)
        else:
            return False
        self.floor, self.last, self.after_hundred = ONE, "tail", False
        return True

    def _hundred(self, row: Row) -> bool:
        value = self._value(row)
        if self.group is None:
            if self.last != "start":
                return False
            self.group, self.floor, self.bare = (ONE,), ONE, not row.data.get("alone")
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
        elif (
            (self.joined and value >= self.done[-1][1])
            or self.last in ("filler", "over")
            or (self.last == "point" and not self.parts)
        ):
            return False
        else:
            group = self._short_group()
            if self.done and value > self.done[-1][1]:
                total = self.total()
                thousands = self.done[-1][1] == 1000 and group[0] >= TEN  # "1 nghìn 450 tỷ" is 1450 billion
                if len(total) != 1 or (self.digits_after and not thousands):
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
        self.suspect = decimal_of(row.data["suspect"]) if "suspect" in row.data else None
        return True

    joined = False
    """A filler joined what follows to a multiplier ("two thousand and five"): no multiplier may follow that."""
    piece = ONE
    bare = False
    """A multiplier of nothing ("triệu"): a number only with a half after it ("triệu rưỡi")."""

    def _short_group(self) -> tuple[Decimal, ...]:
        """The group; "hai trăm hai" and "một nghìn hai" say the next place down (220, 1200)."""
        group = self.group or (Decimal(0),)
        if self.short and self.last == "digit" and not (self.filled or self.pair) and self.after_hundred:
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


@cache
def decimal_of(text: str) -> Decimal:
    """A value of the tables, converted once."""
    return Decimal(text)


def _quotient(value: Decimal, by: Decimal) -> Decimal:
    exact = value / by
    return exact.normalize() if exact * by == value and len(exact.as_tuple().digits) < 12 else round(exact, 12)


def _add(left: tuple[Decimal, ...], right: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    if len(left) == 1:
        return tuple(left[0] + value for value in right)
    return tuple(value + right[0] for value in left)
