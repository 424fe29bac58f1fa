"""Laws, resolutions, plans and other documents, and what the press has published under each (docs/records.md, InstrumentPage).

>>> instrument_id("Nghị quyết số 192/2025/QH15"), instrument_id("Quy hoạch điện VIII")
('192-2025-qh15', 'quy-hoach-dien-viii')

Names that hold one number with its letters are one document, however the kind before it is written; without a number the
words themselves name it. A number without its year may stand for documents of several years: `dated` then is false.
"""

import re
from collections import Counter
from typing import Any

from index.filters import check_page
from index.receipt import Row, articles_by, commitments_by, marks, receipts, rows
from index.words import fold

_CODE = re.compile(r"\d{1,5}(?:/(?:19|20)\d\d)?\s?[-/]\s?[a-z]+\d{0,2}(?:[-/&][a-z]+\d{0,2})*(?!\w)")
_YEAR = re.compile(r"\d[-/](?:19|20)\d\d(?!\d)")
_DASHES = str.maketrans("–‑−", "---")
LONGEST = 80


def instrument_id(printed: str) -> str:
    """The id of the document that `printed` names: its number and letters, else its words."""
    folded = fold(printed).translate(_DASHES)
    code = _CODE.search(folded)
    words = re.findall(r"[^\W_]+", code.group() if code else folded)
    return "-".join(words)[:LONGEST].strip("-") or "-"


def instruments(conn: Any, page: int = 1, size: int = 100) -> Row:
    """All documents, the most cited first."""
    check_page(page, size)
    found: dict[str, Row] = {}
    for printed, figures, acts in _names(conn):
        one = found.setdefault(instrument_id(printed), {"names": Counter(), "figures": 0, "commitments": 0})
        one["names"][printed] += figures + acts
        one["figures"] += figures
        one["commitments"] += acts
    order = sorted(found, key=lambda id_: (-found[id_]["names"].total(), id_))
    shown = order[(page - 1) * size : page * size]
    return {
        "results": [
            {
                "id": id_,
                "name": _best(found[id_]["names"]),
                "figures": found[id_]["figures"],
                "commitments": found[id_]["commitments"],
            }
            for id_ in shown
        ],
        "total": len(order),
        "page": page,
        "size": size,
        "more": len(order) > page * size,
    }


def instrument(conn: Any, id: str, now: str | None = None) -> Row | None:
    """One document with all articles that cite it, and the commitments and figures under it. `now` is a day for ratings."""
    names = Counter(
        {printed: figures + acts for printed, figures, acts in _names(conn) if instrument_id(printed) == id}
    )
    if not names:
        return None
    given = list(names)
    named = marks(given)
    keys = {f"name{i}": name for i, name in enumerate(given)}
    slots = f"({', '.join(f':{key}' for key in keys)})"
    name = _best(names)
    return {
        "id": id,
        "name": name,
        "names": [{"printed": printed, "count": count} for printed, count in names.most_common()],
        "dated": bool(_YEAR.search(name)) or not _CODE.search(fold(name).translate(_DASHES)),
        "figures": receipts(
            conn,
            f"where s.instrument in {named} and s.withdrawn is null order by s.published_at desc, s.seq desc limit 200",
            given,
        ),
        "commitments": commitments_by(
            conn,
            now,
            f"where c.instrument in {slots} and c.withdrawn is null and (c.thread is null or c.thread = c.id)"
            " order by c.deadline_last is null, c.deadline_last, c.published_at desc limit 200",
            keys,
        ),
        "articles": articles_by(
            conn,
            f"where a.id in (select article from statements where instrument in {named} and withdrawn is null union"
            f" select article from commitments where instrument in {named} and withdrawn is null)"
            " order by a.published_at, a.seq limit 500",
            given * 2,
        ),
    }


def _names(conn: Any) -> list[tuple[str, int, int]]:
    """Names as printed, with the figures and the commitments under each."""
    counts: dict[str, list[int]] = {}
    for at, table in enumerate(("statements", "commitments")):
        sql = (
            f"select instrument as name, count(*) as n from {table} where instrument is not null and withdrawn is null"
            " group by instrument"
        )
        for row in rows(conn, sql):
            counts.setdefault(row["name"], [0, 0])[at] += row["n"]
    return [(name, figures, acts) for name, (figures, acts) in counts.items()]


def _best(names: Counter[str]) -> str:
    """The name as it is mostly printed; of equal ones the longest."""
    return max(names, key=lambda name: (names[name], len(name), name))
