"""Arguments of questions: what a reader set in, checked conditions on statements out.

>>> check_day("since", "2025-13-01")
Traceback (most recent call last):
index.errors.QueryError: since: '2025-13-01' is no day: write 2025-09-30
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from extract.statement import Kind, Measure, Verdict
from index.catalogue import Catalogue
from index.errors import QueryError
from index.timespan import span


def check_page(page: int, size: int) -> None:
    """Raise QueryError for a page or size that no list has."""
    if not 1 <= page <= 10_000:
        raise QueryError("page", f"{page} is not between 1 and 10000")
    if not 1 <= size <= 500:
        raise QueryError("size", f"{size} is not between 1 and 500")


def check_day(parameter: str, day: str | date | None) -> str | None:
    """`day` as `YYYY-MM-DD`; raise QueryError naming the parameter for anything else."""
    if day is None:
        return None
    try:
        return (day if isinstance(day, date) else date.fromisoformat(day)).isoformat()[:10]
    except ValueError:
        raise QueryError(parameter, f"{day!r} is no day: write 2025-09-30") from None


def place_condition(conn: Any, place: str, column: str = "s.place_id") -> tuple[str, dict[str, Any]]:
    """The condition for a place: one version by its id, all versions by the unit."""
    ids = [row[0] for row in conn.execute("select id from places where id = ? or unit = ?", (place, place))] or [place]
    return f"{column} in ({', '.join(f':place{i}' for i in range(len(ids)))})", {
        f"place{i}": id_ for i, id_ in enumerate(ids)
    }


def conditions_of(
    conn: Any,
    catalogue: Catalogue,
    kind: str | None,
    indicator: str | None,
    place: str | None,
    period: str | None,
    low: Any,
    high: Any,
    unit: str | None,
    source: str | None,
    language: str | None,
    measure: str | None,
    since: Any,
    until: Any,
    verdict: str | None = None,
) -> tuple[list[str], dict[str, Any]]:
    """Conditions on `statements s`, to be joined by `and`, and their arguments; the first leaves out what was withdrawn."""
    conditions: list[str] = ["s.withdrawn is null"]
    arguments: dict[str, Any] = {}
    for parameter, value, choices in (
        ("kind", kind, get_args(Kind)),
        ("measure", measure, get_args(Measure)),
        ("verdict", verdict, get_args(Verdict)),
    ):
        if value is not None and value not in choices:
            raise QueryError(parameter, f"{value!r} is none of {', '.join(choices)}")
    plain = {"kind": kind, "indicator_id": indicator, "source": source, "language": language, "measure": measure}
    for column, value in plain.items():
        if value is not None:
            conditions.append(f"s.{column} = :{column}")
            arguments[column] = value
    if verdict is not None:
        conditions.append(
            "s.id in (select x.statement from checks k join check_statements x on x.check_id = k.id where k.verdict = :verdict)"
        )
        arguments["verdict"] = verdict
    if place is not None:
        condition, more = place_condition(conn, place)
        conditions.append(condition)
        arguments |= more
    if period is not None:
        found = span(period)
        if found is None:
            raise QueryError("period", f"{period!r} is no period: write 2025, 2025-Q3, 2025-09 or 2021/2025")
        conditions.append("s.period_first >= :first and s.period_last <= :last")
        arguments |= {"first": found[0].isoformat(), "last": found[1].isoformat()}
    canonical_unit = None
    for parameter, value, sign in (("min", low, ">="), ("max", high, "<=")):
        if value is None:
            continue
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise QueryError(parameter, f"{value!r} is no number: write 8.5") from None
        if not number.is_finite():
            raise QueryError(parameter, f"{value!r} is no number: write 8.5")
        if unit is not None:
            converted, canonical_unit = catalogue.canonical(number, unit)
            number = number if converted is None else converted
        column = "s.canonical" if unit is not None else "s.number"
        conditions.append(f"{column} {sign} :{parameter}")
        arguments[parameter] = float(number)
    if canonical_unit is not None:
        conditions.append("s.canonical_unit = :canonical_unit")
        arguments["canonical_unit"] = canonical_unit
    elif unit is not None:
        conditions.append("s.unit = :unit")
        arguments["unit"] = unit
    for parameter, day, condition in (
        ("since", since, "s.published_at >= :since"),
        ("until", until, "s.published_at < date(:until, '+1 day')"),
    ):
        if (checked := check_day(parameter, day)) is not None:
            conditions.append(condition)
            arguments[parameter] = checked
    return conditions, arguments
