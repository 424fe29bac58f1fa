"""An Extraction as rows: which statements and commitments are new, which changed, which no longer stand.

In: a connection, an article's row and what the extractor read in one of its snapshots. Out: rows in `statements`,
`commitments`, `checks`, and lines in `changes`.

The result does not depend on the order in which the snapshots of an article are read, nor on how often: a row belongs to the
latest snapshot that says it. What the current snapshot does not say is withdrawn, never deleted: `edited` where the article
changed, `reread` where another version of the extractor reads the same words otherwise.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from extract.statement import Check, Commitment, Extraction, Provenance, Statement, statement_id
from index.catalogue import Catalogue
from index.sentence import around, sentences
from index.timespan import days

Row = dict[str, Any]

_NOT_COMPARED = frozenset({"seq", "successor", "held", "observation", "thread", "extractor", "rules"})
"""Columns whose change alone is no news for a reader of the feed."""


def store_extraction(
    conn: Any, article: Mapping[str, Any], snapshot: str, extraction: Extraction, version: str, words: Catalogue
) -> Row:
    """Write what was read in `snapshot` of `article` (a row of its table). Runs inside the caller's transaction.

    Returns counts: statements, commitments, checks, inserted, updated, withdrawn.
    """
    text, at = conn.execute("select text, fetched_at from snapshots where id = ?", (snapshot,)).fetchone()
    ranks = _ranks(conn, article["id"], article["snapshot"])
    marks = sentences(text)

    def place_in_text(said: Statement | Commitment, position: int, id_: str) -> Row:
        p = said.provenance
        first, last = around(text, marks, p.start, p.end)
        return {
            "id": id_,
            "article": article["id"],
            "snapshot": snapshot,
            "first_snapshot": snapshot,
            "position": position,
            "quote_start": p.start,
            "quote_end": p.end,
            "exact": p.exact,
            "prefix": p.prefix,
            "suffix": p.suffix,
            "context": text[first:last],
            "context_start": first,
            "rules": _json(p.rules),
            "doubts": _json(said.doubts),
            "extractor": version,
            "published_at": article["published_at"],
            "source": article["source"],
            "language": article["language"],
            "withdrawn": None,
        }

    ids = _ids(article["id"], [s.provenance for s in extraction.statements])
    statements = [place_in_text(s, i, ids[i]) | _figure(s, ids, words) for i, s in enumerate(extraction.statements)]
    acts = _ids(article["id"], [c.provenance for c in extraction.commitments])
    commitments = [
        place_in_text(c, i, acts[i]) | _act(c, article["published_at"], words)
        for i, c in enumerate(extraction.commitments)
    ]

    counts = Counter(statements=len(statements), commitments=len(commitments))
    for table, rows in (("statements", statements), ("commitments", commitments)):
        counts += _reconcile(conn, table, article["id"], snapshot, ranks, rows, at)
    if article["snapshot"] == snapshot:
        counts["checks"] = _replace_checks(conn, article, extraction.checks, ids, at)
    ignored = Counter(reason for _, _, reason in extraction.ignored)
    conn.execute(
        "update snapshots set extractor = ?, ignored = ? where id = ?",
        (version, json.dumps(dict(sorted(ignored.items())), ensure_ascii=False), snapshot),
    )
    return {key: counts[key] for key in ("statements", "commitments", "checks", "inserted", "updated", "withdrawn")}


def _ranks(conn: Any, article: str, current: str) -> dict[str, int]:
    """Snapshots of an article in the order of time, the current one last even where the outlet went back to older words."""
    rows = conn.execute("select id from snapshots where article = ? order by fetched_at, id", (article,))
    order = [row[0] for row in rows if row[0] != current] + [current]
    return {id_: rank for rank, id_ in enumerate(order)}


def _ids(article: str, provenances: Sequence[Provenance]) -> list[str]:
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for p in provenances:
        key = (p.prefix, p.exact, p.suffix)
        found.append(statement_id(article, p, seen[key]))
        seen[key] += 1
    return found


def _figure(s: Statement, ids: Sequence[str], words: Catalogue) -> Row:
    q = s.quantity
    first, last = days(s.period_code)
    canonical, unit = words.canonical(q.value, q.unit)
    high, _ = words.canonical(q.value_high, q.unit)
    negative = q.sign < 0 and s.measure == "level"
    return {
        "kind": s.kind,
        "measure": s.measure,
        "direction": s.direction,
        "base": s.base,
        "value": decimal_text(q.value),
        "value_high": decimal_text(q.value_high),
        "number": _real(-q.value if negative and q.value is not None else q.value),
        "number_high": _real(q.value_high),
        "unit": q.unit,
        "canonical": _real(-canonical if negative and canonical is not None else canonical),
        "canonical_high": _real(high),
        "canonical_unit": unit,
        "qualifier": q.qualifier,
        "sign": q.sign,
        "decimals": q.decimals,
        "scale": decimal_text(q.scale),
        "readings": _json(decimal_text(r) for r in q.readings),
        "reason": q.reason,
        "role": q.role,
        "indicator": s.indicator,
        "indicator_id": s.indicator_id,
        "place": s.place,
        "place_id": s.place_id,
        "period": s.period_code,
        "period_first": first,
        "period_last": last,
        "breakdown": s.breakdown,
        "instrument": s.instrument,
        "deadline": s.deadline,
        "speaker": s.provenance.source,
        "part_of": ids[s.part_of] if s.part_of is not None and 0 <= s.part_of < len(ids) else None,
        "confidence": s.confidence,
        "names": words.names(s.indicator_id, s.place_id),
    }


def _act(c: Commitment, published: str | None, words: Catalogue) -> Row:
    first, last = days(c.deadline)
    return {
        "actor": c.actor,
        "action": c.action,
        "deadline": c.deadline,
        "deadline_first": first,
        "deadline_last": last,
        "instrument": c.instrument,
        "object": c.object,
        "beneficiary": c.beneficiary,
        "status": c.status,
        "place": c.place,
        "place_id": words.place_named(c.place, published and published[:10]),
    }


def _reconcile(
    conn: Any, table: str, article: str, snapshot: str, ranks: Mapping[str, int], rows: Sequence[Row], at: str
) -> Counter[str]:
    """Bring the rows of `table` of one article in line with what `snapshot` says."""
    cursor = conn.execute(f"select * from {table} where article = ?", (article,))
    names = [column[0] for column in cursor.description]
    existing = {row["id"]: row for row in (dict(zip(names, values, strict=True)) for values in cursor)}
    rank, last = ranks[snapshot], max(ranks.values())
    counts: Counter[str] = Counter()
    changes: list[tuple[str, str, str | None]] = []
    fresh: list[Row] = []
    for new in rows:
        new["withdrawn"] = None if rank == last else "edited"
        old = existing.get(new["id"])
        if old is None:
            fresh.append(new)
            changes.append((new["id"], "insert", new["withdrawn"]))
            continue
        new["first_snapshot"] = min(old["first_snapshot"], snapshot, key=ranks.__getitem__)
        later = rank < ranks[old["snapshot"]]  # a later version says it too and has the word
        columns = [key for key in (("first_snapshot",) if later else new) if new[key] != old[key]]
        if columns:
            conn.execute(
                f"update {table} set {', '.join(f'{c} = :{c}' for c in columns)} where id = :id",
                {c: new[c] for c in columns} | {"id": old["id"]},
            )
            if not _NOT_COMPARED.issuperset(columns):
                action = "insert" if old["withdrawn"] and not (later or new["withdrawn"]) else "update"
                changes.append((old["id"], action, "stands again" if action == "insert" else "reread"))
    if fresh:
        columns = list(fresh[0])
        conn.executemany(
            f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})",
            [tuple(row.values()) for row in fresh],
        )
    said = {row["id"] for row in rows}
    withdrawn = any(old["withdrawn"] for old in existing.values()) or rank < last
    for old in existing.values():
        held = ranks[old["snapshot"]]
        if old["id"] in said or old["withdrawn"] == "reread" or held > rank or (held < rank < last):
            continue
        gone = "reread" if held == rank else "edited"
        if old["withdrawn"] != gone:
            conn.execute(f"update {table} set withdrawn = ? where id = ?", (gone, old["id"]))
            changes.append((old["id"], "delete", gone))
            withdrawn = True
    if changes and withdrawn:
        _name_heirs(conn, table, article)
    record = table.removesuffix("s")
    conn.executemany(
        "insert into changes (record, id, action, reason, at) values (?, ?, ?, ?, ?)",
        [(record, id_, action, reason, at) for id_, action, reason in changes],
    )
    for _, action, _ in changes:
        counts[{"insert": "inserted", "update": "updated", "delete": "withdrawn"}[action]] += 1
    return counts


def _name_heirs(conn: Any, table: str, article: str) -> None:
    """Point what was withdrawn to what stands in its place: the same words beside changed ones, or the reverse."""
    rows = conn.execute(
        f"select id, exact, substr(prefix, -12), substr(suffix, 1, 6), withdrawn, successor from {table}"
        " where article = ? order by position",
        (article,),
    ).fetchall()
    standing = [row for row in rows if row[4] is None]
    for id_, exact, before, after, withdrawn, successor in rows:
        heir = None
        if withdrawn:
            for other in standing:
                same = (exact == other[1], before == other[2], after == other[3])
                if sum(same) >= 2:
                    heir = other[0]
                    break
        if heir != successor:
            conn.execute(f"update {table} set successor = ? where id = ?", (heir, id_))


def _replace_checks(conn: Any, article: Mapping[str, Any], checks: Sequence[Check], ids: Sequence[str], at: str) -> int:
    """Put the checks of the current snapshot in place of the former ones."""
    cursor = conn.execute(
        "select id, kind, verdict, printed, computed, explanation_vi, explanation_en, statement"
        " from checks where article = ?",
        (article["id"],),
    )
    existing = {row[0]: tuple(row[1:]) for row in cursor}
    found: dict[str, tuple[Any, ...]] = {}
    for check in checks:
        parts = [ids[i] for i in check.statements if 0 <= i < len(ids)]
        if not parts:
            continue
        key = "\n".join((article["id"], check.kind, *parts))
        id_ = hashlib.sha256(key.encode()).hexdigest()[:16]
        vi, en = (check.explanation.get(code, "") for code in ("vi", "en"))
        values = (check.kind, check.verdict, check.printed, check.computed, vi, en, parts[0])
        if id_ in found:
            continue
        found[id_] = values
        if existing.get(id_) == values:
            continue
        conn.execute("delete from checks where id = ?", (id_,))
        conn.execute(
            "insert into checks (id, article, kind, verdict, printed, computed, explanation_vi, explanation_en, statement,"
            " published_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (id_, article["id"], *values, article["published_at"]),
        )
        conn.executemany(
            "insert into check_statements (check_id, statement, position) values (?, ?, ?)",
            [(id_, statement, i) for i, statement in enumerate(parts)],
        )
        conn.execute(
            "insert into changes (record, id, action, reason, at) values ('check', ?, ?, ?, ?)",
            (id_, "update" if id_ in existing else "insert", check.verdict, at),
        )
    for id_ in existing.keys() - found.keys():
        conn.execute("delete from checks where id = ?", (id_,))
        conn.execute(
            "insert into changes (record, id, action, reason, at) values ('check', ?, 'delete', 'reread', ?)", (id_, at)
        )
    return len(found)


def decimal_text(value: Decimal | None) -> str | None:
    """An exact decimal without exponent: `1E+3` is `1000`."""
    return None if value is None else format(value, "f")


def _real(value: Decimal | None) -> float | None:
    if value is None:
        return None
    number = float(value)
    return number if number - number == 0 else None  # infinite: beyond what a chart can show


def _json(values: Iterable[object]) -> str:
    return _json_of(tuple(values))


@lru_cache(maxsize=4096)
def _json_of(values: tuple[object, ...]) -> str:
    return json.dumps(values, ensure_ascii=False)
