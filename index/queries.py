"""The pages' questions, one function each: a connection and arguments in, plain dicts out (docs/records.md, Pages).

>>> figure(conn, "3f2a…")["printed"]
'8,02%'

Pages and API share them. An id that is not there gives None; an argument that cannot be used raises QueryError.
"""

from typing import Any

from index.commitment_queries import commitment, commitments
from index.errors import QueryError
from index.evidence import FAILED_SQL, checks_by, conflicts_by, edits_by, translations_by
from index.figure_queries import figure
from index.filters import check_page
from index.home_queries import home, indicators
from index.press_queries import article, articles, coverage, source
from index.receipt import (
    Row,
    one,
    rows,
)
from index.series_queries import compare, indicator, place

__all__ = [
    "article", "articles", "changes", "checks", "commitment", "commitments", "compare", "coverage", "figure", "home",
    "indicator", "indicators", "place", "source",
]  # fmt: skip


def checks(conn: Any, page: int = 1, size: int = 50) -> Row:
    """Published arithmetic that does not hold, altered translations, silent edits, conflicts; newest first."""
    check_page(page, size)
    limit = (size + 1, (page - 1) * size)
    counts = one(
        conn,
        f"""select (select count(*) from checks where verdict in {FAILED_SQL}) as arithmetic,
          (select count(*) from translations where verdict <> 'same') as translations, (select count(*) from edits) as edits,
          (select count(*) from (select 1 from observations where status = 'conflict' group by series, kind, period))
            as conflicts""",
    )
    found = {
        "arithmetic": checks_by(
            conn, f"where k.verdict in {FAILED_SQL} order by k.published_at desc, k.id limit ? offset ?", limit
        ),
        "translations": translations_by(
            conn, "where t.verdict <> 'same' order by a.published_at desc, a.id limit ? offset ?", limit
        ),
        "edits": edits_by(conn, "order by e.at desc, e.id limit ? offset ?", limit),
        "conflicts": conflicts_by(conn, None, *limit),
    }
    more = any(len(part) > size for part in found.values())
    return {name: part[:size] for name, part in found.items()} | {
        "counts": counts,
        "page": page,
        "size": size,
        "more": more,
    }


def changes(conn: Any, since: int = 0, size: int = 500) -> Row:
    """The feed of changes after the cursor `since`."""
    if since < 0:
        raise QueryError("since", f"{since} is no cursor: start with 0")
    check_page(1, size)
    found = rows(
        conn,
        "select cursor, record, id, action, reason, at from changes where cursor > ? order by cursor limit ?",
        (since, size + 1),
    )
    shown = found[:size]
    return {"changes": shown, "next": shown[-1]["cursor"] if shown else since, "more": len(found) > size}
