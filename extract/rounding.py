"""What a printed number allows: the interval it stands for, and the ways it may have been rounded.

A number printed with d decimals stands for value ± half a unit of its last digit, in its printed scale (a million with one
decimal: ±50,000).
A bound widens the interval on its side (domain reference §5.2): `over` upwards, `under` downwards, `about` both ways.

>>> printed_interval(Decimal("19.2"), decimals=1)
(Decimal('19.15'), Decimal('19.25'))
"""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from extract.quantity import Quantity
from extract.statement import Verdict

Interval = tuple[Decimal, Decimal]

ABOUT = Decimal("0.05")
"""How far `about` reaches, as a share of the value."""
BOUND = Decimal("0.10")
"""How far `over` and `under` reach for round counts; with decimals they reach one unit of the last printed digit."""


def printed_interval(value: Decimal, decimals: int = 0, scale: Decimal = Decimal(1)) -> Interval:
    """The values that would be printed like this one."""
    half = scale.scaleb(-decimals) / 2
    return value - half, value + half


def interval(quantity: Quantity) -> Interval:
    """The values that `quantity` (with a value) may stand for, its qualifier included."""
    assert quantity.value is not None
    low, high = printed_interval(quantity.value, quantity.decimals, quantity.scale)
    if quantity.value_high is not None:
        high = printed_interval(quantity.value_high, quantity.decimals, quantity.scale)[1]
    reach = quantity.scale.scaleb(-quantity.decimals) if quantity.decimals else abs(quantity.value) * BOUND
    if quantity.qualifier == "about":
        low, high = low - abs(quantity.value) * ABOUT, high + abs(quantity.value) * ABOUT
    elif quantity.qualifier in ("over", "at_least"):
        high += reach
    elif quantity.qualifier in ("under", "at_most"):
        low -= reach
    return low, high


def overlap(a: Interval, b: Interval) -> bool:
    """Whether one value could be both."""
    return a[0] <= b[1] and b[0] <= a[1]


def rounds_to(computed: Decimal, printed: Decimal, decimals: int) -> Verdict | None:
    """`consistent` where half-up or -even rounding of `computed` prints `printed`, `truncated` where cutting does."""
    step = Decimal(1).scaleb(-decimals)
    if printed in (computed.quantize(step, ROUND_HALF_UP), computed.quantize(step, ROUND_HALF_EVEN)):
        return "consistent"
    return "truncated" if printed == computed.quantize(step, ROUND_DOWN) else None


def power_of_ten(computed: Decimal, printed: Decimal, decimals: int) -> int | None:
    """k where `printed` × 10^k is `computed` as it would be printed with the same digits, k from -6 to 6 without 0."""
    if not computed or not printed:
        return None
    k = computed.adjusted() - printed.adjusted()
    for power in (k, k - 1, k + 1):  # rounding may carry into the next digit
        if power and abs(power) <= 6 and rounds_to(computed.scaleb(-power), printed, decimals):
            return power
    return None


def is_rounded(*quantities: Quantity) -> bool:
    """Whether any of them stands for more than the value it prints: a scale word, decimals, a bound or a range."""
    return any(q.qualifier or q.scale != 1 or q.decimals or q.value_high is not None for q in quantities)


def verdict_on(printed: Quantity, computed: Decimal, limits: Interval, rounded: bool) -> tuple[Verdict, str]:
    """The verdict on `printed` where the numbers it follows from give `computed`, or anything in `limits` if `rounded`.

    With it the factor by which `printed` is off ("10", "1000"), else "".
    """
    assert printed.value is not None
    value, exact = printed.value / printed.scale, computed / printed.scale
    by_rounding = rounds_to(exact, value, printed.decimals)
    if by_rounding:
        return by_rounding, ""
    if (rounded or printed.qualifier) and overlap(interval(printed), limits):
        return "rounds_to", ""
    power = power_of_ten(exact, value, printed.decimals)
    return ("off_by_power_of_ten", str(10 ** abs(power))) if power else ("inconsistent", "")
