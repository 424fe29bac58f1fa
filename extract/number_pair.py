"""Two neighbouring digits said one after the other: "hai ba người" is two or three people.

In: `Tokens`, a place in them, and how an amount is read. Out: the lower and the upper `Amount`, or None where there is no such
pair. Which languages speak so is a fact of theirs (`short_tail`); other pairs of digits leave out their tens ("sáu ba" is 63).

>>> from extract.pipeline import read
>>> [(q.value, q.value_high, q.unit) for q in read("khoảng bảy tám trăm nghìn đồng", "vi").quantities]
[(Decimal('700000'), Decimal('800000'), 'VND')]
"""

from decimal import Decimal

from extract.amount import Amount, read_amount
from extract.tokens import Tokens

TEN = Decimal(10)


def read_pair(tokens: Tokens, i: int) -> tuple[Amount, Amount] | None:
    """The amounts "two" and "three" of "two three hundred", each with the multipliers that follow."""
    low, high = _digit(tokens, i), _digit(tokens, i + 1)
    if low is None or high is None or not 1 <= low == high - 1:
        return None
    upper = read_amount(tokens, i + 1)
    if upper is None or len(upper.readings) != 1 or upper.readings[0] % high:
        return None
    scale = upper.readings[0] / high
    if scale.normalize().as_tuple().digits != (1,):  # "hai ba triệu rưỡi" says something else
        return None
    value = low * scale
    lower = Amount(
        i, upper.end, (value,), (low,), scale=scale, words=True, money=upper.money, weak_money=upper.weak_money,
        rules=upper.rules,
    )  # fmt: skip
    return lower, upper


def _digit(tokens: Tokens, i: int) -> Decimal | None:
    match = tokens.longest(i, "numbers") if i < len(tokens) else None
    if match is None or match.row.data.get("kind") != "digit" or match.end != i + 1:
        return None
    return Decimal(match.row.data["value"])
