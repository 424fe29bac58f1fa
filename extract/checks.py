"""The arithmetic of one article, tested: statements in, `Check`s out.

A check is made only where the text itself links the numbers (part_of, a plan, a pair of currencies, two periods of one
indicator). It fails only where no rounding and no bound of the printed numbers could make it hold. Published numbers are
never changed, and what cannot be decided raises nothing: parts that leave a remainder are no error.

>>> [check.verdict for check in run_checks(statements, reading)]        # 991 of 3,261 printed as 30.9 %
['inconsistent']
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from extract.check_text import plain, sentences
from extract.pipeline import Reading
from extract.quantity import Quantity
from extract.rounding import Interval, interval, is_rounded, overlap, verdict_on
from extract.statement import Check, Statement, Verdict
from extract.whole import find_whole, fits

HUNDRED = Decimal(100)
PARTITION = Decimal("1.05")
"""Parts that exceed their total by no more than this are taken for a partition gone wrong; beyond it, for classes that
overlap (women and young people), which may add up to anything."""
RATE = (Decimal(22000), Decimal(27000))
"""Đồng to the dollar, 2019 to 2026 (domain reference §1.3)."""

FAR = 3
"""Levels that the words alone bring together are taken for one thing up to this factor."""

Statements = Sequence[Statement]


def run_checks(statements: Statements, reading: Reading) -> list[Check]:
    """All checks that the links among `statements` allow, in reading order of the number in question."""
    checks = [
        *_shares(statements),
        *_sums(statements, reading),
        *_parts_over_total(statements),
        *_growths(statements),
        *_plan_ratios(statements),
        *_contributions(statements),
        *_balances(statements),
        *_currencies(statements, reading),
        *_spans(reading),
    ]
    return sorted(checks, key=lambda check: check.statements[0] if check.statements else len(statements))


def _exact(statement: Statement) -> Decimal | None:
    """The value of a statement that arithmetic may use: a single one, its token beyond doubt."""
    q = statement.quantity
    return None if q.value_high is not None or q.reason in ("ambiguous", "malformed") else q.value


def _values(statements: Iterable[Statement]) -> list[Decimal] | None:
    values = [value for statement in statements if (value := _exact(statement)) is not None]
    return values if len(values) == len(list(statements)) else None


def _check(
    kind: str,
    verdict: Verdict,
    question: Quantity,
    indices: tuple[int, ...],
    computed: Decimal,
    decimals: int = 2,
    **slots: str,
) -> Check:
    number = plain(computed, decimals)
    texts = sentences(kind, verdict, number, printed=question.exact, **slots)
    return Check(kind, indices, plain(question.value or Decimal(0), 6), number, verdict, texts)


def _quotient(a: Interval, b: Interval) -> Interval:
    ends = [x / y * HUNDRED for x in a for y in b if y]
    return min(ends), max(ends)


def _percentage(kind: str, statements: Statements, i: int, a: int, b: int) -> Check | None:
    """Statement `i`, a percentage, against statement `a` as a share of `b` (for growth: `a` of `b`, less 100)."""
    printed, part, total = (statements[n].quantity for n in (i, a, b))
    values = _values([statements[n] for n in (i, a, b)])
    if values is None or not values[2] or interval(total)[0] <= 0:
        return None
    computed = values[1] / values[2] * HUNDRED
    low, high = _quotient(interval(part), interval(total))
    if kind == "growth":
        computed, low, high = computed - HUNDRED, low - HUNDRED, high - HUNDRED
        if statements[i].direction == "down":
            computed, low, high = -computed, -high, -low
        part, total = total, part  # told in order of time
    verdict, factor = verdict_on(printed, computed, (low, high), is_rounded(part, total))
    return _check(kind, verdict, printed, (i, a, b), computed, part=part.exact, total=total.exact, factor=factor)


def _shares(statements: Statements) -> Iterator[Check]:
    """A percentage of a total, beside the count that it renders ("112 …, 19,2 %").

    No verdict where another total in the article makes the share right, nor where the part is a bound ("items of over a
    billion, 79,9 %") that the share does not speak of.
    """
    levels = [i for i, statement in enumerate(statements) if statement.measure == "level"]
    for j, i in pairwise(range(len(statements))):
        part, share = statements[j], statements[i]
        if share.part_of is None or share.part_of != part.part_of or share.measure != "share":
            continue
        if share.quantity.unit != "percent" or part.quantity.unit != statements[share.part_of].quantity.unit:
            continue
        check = _percentage("share", statements, i, j, share.part_of)
        if check and check.verdict in ("inconsistent", "off_by_power_of_ten"):
            if (
                j
                and statements[j - 1].measure == "share"
                and fits(part.quantity, statements[j - 1].quantity, statements[share.part_of].quantity)
            ):
                continue  # here the share stands before its part: "20%, or 294, and 80%, or 1.178"
            others = [statements[k].quantity for k in levels if k < j and k != share.part_of]
            if part.quantity.qualifier or share.quantity.qualifier or find_whole(part.quantity, share.quantity, others):
                continue
        if check:
            yield check


def _sentence_numbers(statements: Statements, reading: Reading) -> list[int]:
    starts, numbers, token = reading.tokens.starts, [], 0
    for statement in statements:
        while token + 1 < len(starts) and starts[token + 1] <= statement.quantity.start:
            token += 1
        numbers.append(reading.tokens.sentences[token] if starts else 0)
    return numbers


def _added(statements: Statements, parts: list[int], total: int) -> tuple[Decimal, Interval] | None:
    """The parts added up, with their directions, and the interval of that sum; None where a value is in doubt."""
    values = _values([statements[i] for i in [*parts, total]])
    if values is None:
        return None
    computed, low, high = Decimal(0), Decimal(0), Decimal(0)
    for i, value in zip(parts, values, strict=False):
        ends = interval(statements[i].quantity)
        down = statements[i].direction == "down"
        computed += -value if down else value
        low += -ends[1] if down else ends[0]
        high += -ends[0] if down else ends[1]
    return computed, (low, high)


def _sum(kind: str, statements: Statements, total: int, parts: list[int], partition: Decimal) -> Check | None:
    """Parts against their total: equal, equal within rounding, or more than it; what leaves a remainder says nothing."""
    added = _added(statements, parts, total)
    whole = statements[total].quantity
    if added is None or whole.value is None:
        return None
    computed, limits = added
    verdict: Verdict
    if computed == whole.value:
        verdict = "consistent"
    elif overlap(limits, interval(whole)) and is_rounded(whole, *(statements[i].quantity for i in parts)):
        verdict = "rounds_to"
    elif whole.value < computed <= whole.value * partition and limits[0] > interval(whole)[1]:
        verdict = "inconsistent"
    else:
        return None
    quotes = " + ".join(statements[i].quantity.exact for i in parts)
    return _check(kind, verdict, whole, (total, *parts), computed, 6, parts=quotes)


def _sums(statements: Statements, reading: Reading) -> Iterator[Check]:
    """The counts that one sentence lists as parts of one total."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, sentence in enumerate(_sentence_numbers(statements, reading)):
        part, total = statements[i], statements[i].part_of
        if total is None or part.measure != "level" or statements[total].measure != "level":
            continue
        if part.quantity.unit == statements[total].quantity.unit:
            groups[total, sentence].append(i)
    for (total, _), parts in groups.items():
        if len(parts) > 1 and not _misread(statements, parts, total):
            check = _sum("sum_of_parts", statements, total, parts, PARTITION)
            if check:
                yield check


def _misread(statements: Statements, parts: list[int], total: int) -> bool:
    """Whether most of the shares printed beside `parts` speak against `total` as their whole."""
    beside = [(i, i + 1) for i in parts if i + 1 < len(statements) and statements[i + 1].measure == "share"]
    against = [
        (i, j)
        for i, j in beside
        if not fits(statements[i].quantity, statements[j].quantity, statements[total].quantity)
    ]
    return 2 * len(against) > len(parts)


def _contributions(statements: Statements) -> Iterator[Check]:
    """Percentage points contributed to a growth: together they make it, or leave a remainder."""
    groups: dict[int, list[int]] = defaultdict(list)
    for i, statement in enumerate(statements):
        if statement.part_of is not None and statement.quantity.unit == "percentage_point":
            groups[statement.part_of].append(i)
    for total, parts in groups.items():
        if statements[total].measure == "growth" and len(parts) > 1:
            check = _sum("contribution", statements, total, parts, Decimal("1.2"))
            if check:
                yield check


def _parts_over_total(statements: Statements) -> Iterator[Check]:
    """One part that is larger than its total."""
    for i, statement in enumerate(statements):
        if statement.part_of is None or statement.measure != "level":
            continue
        part, total = statement.quantity, statements[statement.part_of].quantity
        if part.unit != total.unit or _values([statement, statements[statement.part_of]]) is None:
            continue
        if interval(part)[0] > interval(total)[1] and part.value and total.value:
            scales = Decimal(1000)  # the step between the scale words that are taken for each other
            slip = part.scale >= scales and part.value / scales <= total.value
            verdict: Verdict = "off_by_power_of_ten" if slip else "inconsistent"
            indices = (i, statement.part_of)
            yield _check("part_exceeds_total", verdict, part, indices, total.value, 6, total=total.exact, factor="1000")


def _key(statement: Statement) -> tuple[str, str, str]:
    """What is measured, as far as two statements of one article must agree to be compared."""
    indicator = statement.indicator_id or (statement.indicator or "").casefold()
    return indicator, (statement.place_id or statement.place or "").casefold(), statement.breakdown or ""


class _Levels:
    """The only level of one indicator, place, kind and period in a unit, where there is just one."""

    def __init__(self, statements: Statements) -> None:
        self.rows: dict[tuple[object, ...], dict[str | None, list[int]]] = defaultdict(lambda: defaultdict(list))
        for i, statement in enumerate(statements):
            if statement.measure == "level" and statement.indicator and _exact(statement) is not None:
                row = self.rows[*_key(statement), statement.kind, statement.period_code]
                row[statement.quantity.unit].append(i)

    def pairs(self, statement: Statement, *wanted: tuple[str, str | None]) -> Iterator[tuple[int, ...]]:
        """For each unit in which every wanted (kind, period) has one level of what `statement` measures: those levels."""
        rows = [self.rows.get((*_key(statement), kind, period), {}) for kind, period in wanted]
        for unit in rows[0]:
            found = [row.get(unit, []) for row in rows]
            if all(len(indices) == 1 for indices in found):
                yield tuple(indices[0] for indices in found)


def year_before(code: str | None) -> str | None:
    """The same period a year earlier: 2025-Q1 → 2024-Q1, 2025-01/2025-09 → 2024-01/2024-09."""
    ends = (code or "").split("/")
    if not all(end[:4].isdigit() for end in ends) or (len(ends) == 2 and len(ends[0]) == 4):
        return None
    return "/".join(f"{int(end[:4]) - 1}{end[4:]}" for end in ends)


def _far(check: Check) -> bool:
    """Whether printed and computed have so little in common that they speak of two things rather than of one wrongly."""
    printed, computed = abs(Decimal(check.printed)), abs(Decimal(check.computed))
    return check.verdict == "inconsistent" and not printed < computed * FAR < printed * FAR * FAR


def _growths(statements: Statements) -> Iterator[Check]:
    """A growth rate on the year beside the levels of both years."""
    levels = _Levels(statements)
    for i, statement in enumerate(statements):
        if statement.measure == "growth" and statement.base == "yoy" and statement.period_code:
            then = year_before(statement.period_code)
            wanted = (("statistic", statement.period_code), ("statistic", then))
            checks = (_percentage("growth", statements, i, a, b) for a, b in levels.pairs(statement, *wanted) if then)
            yield from (check for check in checks if check and not _far(check))


def _plan_ratios(statements: Statements) -> Iterator[Check]:
    """A ratio to plan beside the level reached and the plan."""
    levels = _Levels(statements)
    for i, statement in enumerate(statements):
        if statement.measure == "ratio" and statement.base == "plan" and statement.quantity.unit == "percent":
            wanted = (("statistic", statement.period_code), ("target", statement.period_code))
            checks = (_percentage("plan_ratio", statements, i, a, b) for a, b in levels.pairs(statement, *wanted))
            yield from (check for check in checks if check and not _far(check))


def _balances(statements: Statements) -> Iterator[Check]:
    """Exports and imports of one period beside their sum (total trade) and their difference (balance)."""
    tables: dict[tuple[object, ...], dict[str | None, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, statement in enumerate(statements):
        if statement.measure == "level" and statement.kind == "statistic" and _exact(statement) is not None:
            key = (statement.place_id or statement.place, statement.period_code, statement.quantity.unit)
            tables[key][statement.indicator_id].append(i)
    for table in tables.values():
        if not table["export"] or not table["import"]:
            continue
        out, back = table["export"][0], table["import"][0]
        a, b = statements[out].quantity, statements[back].quantity
        assert a.value is not None
        assert b.value is not None
        (a_low, a_high), (b_low, b_high) = interval(a), interval(b)
        apart = sorted((a_low - b_high, a_high - b_low), key=abs)
        results = {
            "trade_total": (a.value + b.value, (a_low + b_low, a_high + b_high)),
            "trade_balance": (abs(a.value - b.value), (abs(apart[0]), abs(apart[1]))),
        }
        for name, (computed, limits) in results.items():
            found = [(i, *verdict_on(statements[i].quantity, computed, limits, True)) for i in table[name]]
            # of several balances (with the EU, with one sector) only the one that fits is known to be the whole country's
            right = [row for row in found if row[1] not in ("inconsistent", "off_by_power_of_ten")]
            for i, verdict, factor in right[:1] or (found if len(found) == 1 else []):
                slots = {"part": a.exact, "total": b.exact, "factor": factor}
                yield _check("balance", verdict, statements[i].quantity, (i, out, back), computed, 0, **slots)


def _currencies(statements: Statements, reading: Reading) -> Iterator[Check]:
    """One fact in đồng and in dollars: the rate that both imply."""
    owner = {(s.quantity.start, s.quantity.end): i for i, s in enumerate(statements)}
    for paired in reading.quantities:
        if paired.role != "paired" or paired.pair is None:
            continue
        first = reading.quantities[paired.pair]
        money = {first.unit: first, paired.unit: paired}
        i = owner.get((first.start, first.end))
        if money.keys() != {"VND", "USD"} or i is None or not money["VND"].value or not money["USD"].value:
            continue
        dong, dollars = interval(money["VND"]), interval(money["USD"])
        rate = money["VND"].value / money["USD"].value
        powers = [k for k in range(-6, 7) if k and RATE[0] * 9 / 10 <= rate.scaleb(k) <= RATE[1] * 11 / 10]
        factor = ""
        verdict: Verdict = "inconsistent"
        if dollars[0] > 0 and overlap((dong[0] / dollars[1], dong[1] / dollars[0]), RATE):
            verdict = "consistent"
        elif RATE[0] / 5 < rate < RATE[1] * 5:
            verdict = "cannot_tell"
        elif powers:
            verdict, factor = "off_by_power_of_ten", str(10 ** abs(powers[0]))
        yield _check("currency", verdict, paired, (i,), rate, 0, part=first.exact, factor=factor)


def _spans(reading: Reading) -> Iterator[Check]:
    """A number of years beside the bracketed years that it counts ("15 năm (2011-2015)")."""
    for quantity in reading.quantities:
        if quantity.unit != "year" or quantity.value is None:
            continue
        for period in reading.periods:
            between = reading.tokens.text[quantity.end : max(quantity.end, period.start)]
            closed = reading.tokens.text[period.end : period.end + 1] == ")"
            if (
                period.start >= quantity.end
                and len(between) <= 12
                and "(" in between
                and closed
                and period.first
                and period.last
            ):
                years = period.last.year - period.first.year
                verdict: Verdict = "consistent" if quantity.value in (years, years + 1) else "inconsistent"
                yield _check("span", verdict, quantity, (), Decimal(years + 1), 0, part=period.exact)
