"""The ledger: everything that follows from the stored statements, derived anew and written where it differs.

In: an open store and the time. Out: series with vintages, translations compared, copies collapsed, silent edits, threads of
commitments; and a report of counts. Time is an argument: it dates the changes and bounds what is believed.

>>> build(store, now)
{'series': 41, 'observations': 187, 'held': 1210, 'copies': 3, 'translations': 9, 'edits': 1, 'threads': 64}

Building twice, or from articles that came in another order, gives the same rows with the same ids.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from index.catalogue import Catalogue
from index.comparable import Point, SeriesKey, place_in_series
from index.copies import group, sketch
from index.edits import Place, between
from index.queries import count, indicators_now
from index.reading import decimal_text
from index.receipt import rows
from index.sentence import around, sentences
from index.store import Store
from index.sync import Row, sync
from index.threads import Act, threads
from index.timespan import day_of, stamp
from index.translation import Said, Text, compare, join
from index.vintage import Mention, Vintage, same, vintages


def build(store: Store, now: datetime) -> dict[str, int]:
    """Bring all derived tables up to date in one transaction. Returns how many rows each holds, and what was held back."""
    conn, at = store.connection, stamp(now)
    with store.transaction():
        copies = _build_copies(conn, at)
        translations = _build_translations(conn, at)
        report = _build_series(conn, store.words, now, _origins(conn, copies, translations))
        report |= {"copies": len(copies), "translations": len(translations)}
        report["edits"] = _build_edits(conn, at)
        report["threads"] = _build_threads(conn)
        kept = {"counts": count(conn), "indicators": indicators_now(conn)}
        (cursor,) = conn.execute("select coalesce(max(cursor), 0) from changes").fetchone()
        answers = {name: json.dumps(answer, ensure_ascii=False) for name, answer in kept.items()}
        for name, value in {"built_at": at, "cursor": str(cursor), **answers}.items():
            conn.execute(
                "insert into state (name, value) values (?, ?) on conflict(name) do update set value = excluded.value",
                (name, value),
            )
    return report


def _id(*parts: object) -> str:
    key = "\n".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _build_copies(conn: Any, at: str) -> dict[str, str]:
    """Copy → first article with the same text."""
    fresh = conn.execute(
        "select a.id, a.snapshot from articles a left join fingerprints f on f.article = a.id"
        " where f.snapshot is not a.snapshot"
    ).fetchall()

    def text_of(id_: str) -> str:
        text: str = conn.execute("select text from articles where id = ?", (id_,)).fetchone()[0]
        return text

    for id_, snapshot in fresh:
        conn.execute(
            "insert into fingerprints (article, snapshot, hashes) values (?, ?, ?)"
            " on conflict(article) do update set snapshot = excluded.snapshot, hashes = excluded.hashes",
            (id_, snapshot, json.dumps(sketch(text_of(id_)))),
        )
    found = conn.execute(
        "select a.id, f.hashes from articles a join fingerprints f on f.article = a.id"
        " order by a.published_at is null, a.published_at, a.first_fetched_at, a.id"
    ).fetchall()
    copies = group([row[0] for row in found], {id_: json.loads(hashes) for id_, hashes in found}, text_of)
    sync(
        conn,
        "copies",
        ["article"],
        [{"article": id_, "story": head, "similarity": alike} for id_, (head, alike) in copies.items()],
        record="copy",
        at=at,
    )
    return {id_: head for id_, (head, _) in copies.items()}


def _build_translations(conn: Any, at: str) -> dict[str, str]:
    """Translation → original; writes how their figures compare."""
    texts = [
        Text(*row)
        for row in conn.execute("select id, url, source, language, published_at, translation_of from articles")
    ]

    def figures(id_: str) -> list[Said]:
        found = conn.execute(
            "select id, value, unit, exact, reason from statements where article = ? and withdrawn is null"
            " order by position, seq",
            (id_,),
        )
        return [
            Said(row[0], None if row[1] is None else Decimal(row[1]), row[2], row[3], row[4] == "malformed")
            for row in found
        ]

    def text_of(id_: str) -> str:
        title, text = conn.execute("select title, text from articles where id = ?", (id_,)).fetchone()
        return f"{title}\n{text}"

    joined = join(texts, figures)
    pairs: list[Row] = []
    differences: list[Row] = []
    for id_, (original, how) in sorted(joined.items()):
        theirs, ours = figures(original), figures(id_)
        found = compare(theirs, ours, text_of(original), text_of(id_)) if theirs or ours else []
        verdicts = {"altered" if verdict == "malformed" else verdict for verdict, _, _ in found}
        verdict = next((v for v in ("altered", "missing", "added") if v in verdicts), "same")
        pairs.append({"article": id_, "original": original, "joined_by": how, "verdict": verdict})
        for position, (what, i, j) in enumerate(found):
            differences.append(
                {
                    "article": id_,
                    "position": position,
                    "verdict": what,
                    "statement": None if j is None else ours[j].statement,
                    "original_statement": None if i is None else theirs[i].statement,
                }
            )
    sync(conn, "translations", ["article"], pairs, record="translation", at=at, reason="compared anew")
    sync(conn, "differences", ["article", "position"], differences)
    return {id_: original for id_, (original, _) in joined.items()}


def _origins(conn: Any, copies: Mapping[str, str], translations: Mapping[str, str]) -> dict[str, str]:
    """Article → outlet that its figures independently come from: that of the text it copies or translates."""
    source = dict(conn.execute("select id, source from articles").fetchall())

    def origin(id_: str) -> str:
        for _ in range(4):
            id_ = copies.get(id_) or translations.get(id_) or id_
        return id_

    return {id_: source[origin(id_)] for id_ in (*copies, *translations)}


def _build_series(conn: Any, words: Catalogue, now: datetime, origins: Mapping[str, str]) -> dict[str, int]:
    at, until = stamp(now), day_of(now + timedelta(days=1))
    points: dict[tuple[SeriesKey, str, str], list[tuple[Mention, Point]]] = defaultdict(list)
    held: dict[int, str] = {}
    former: dict[int, tuple[str | None, str | None]] = {}
    for row in _statements(conn):
        seq = row["seq"]
        former[seq] = (row["held"], row["observation"])
        point = place_in_series(row, words, until) if row["withdrawn"] is None else "withdrawn"
        if isinstance(point, str):
            held[seq] = point
            continue
        mention = Mention(
            row["id"],
            seq,
            row["published_at"],
            row["article"],
            row["position"],
            origins.get(row["article"], row["source"]),
            point.value,
            point.value_high,
            point.half,
            row["qualifier"],
        )
        points[point.series, row["kind"], point.period].append((mention, point))
    series: dict[str, Row] = {}
    observations: list[Row] = []
    observed: dict[int, str] = {}
    for (key, kind, period), group_ in points.items():
        mentions = [mention for mention, _ in group_]
        doubtful = _several(mentions) if kind == "statistic" else set()
        held |= {mention.seq: "several_values" for mention in mentions if mention.statement in doubtful}
        kept = [mention for mention in mentions if mention.statement not in doubtful]
        if not kept:
            continue
        names = ("indicator", "place", "unit", "measure", "base", "span", "breakdown")
        id_ = _id(*key)
        series[id_] = {"id": id_, **dict(zip(names, key, strict=True))}
        for number, vintage in enumerate(vintages(kept, kind), 1):
            row = _observation(id_, kind, period, group_[0][1], number, vintage)
            observations.append(row)
            observed |= {mention.seq: row["id"] for mention in vintage.mentions}
    # new series before their observations, former ones after: rows point to each other
    fresh = [
        row for row in series.values() if not conn.execute("select 1 from series where id = ?", (row["id"],)).fetchone()
    ]
    sync(conn, "series", ["id"], fresh, within=(_only(fresh), {}), record="series", at=at)
    sync(conn, "observations", ["id"], observations, record="observation", at=at, reason="counted anew")
    sync(conn, "series", ["id"], series.values(), record="series", at=at)
    conn.executemany(
        "update statements set held = ?, observation = ? where seq = ?",
        [
            (held.get(seq), observed.get(seq), seq)
            for seq, was in former.items()
            if was != (held.get(seq), observed.get(seq))
        ],
    )
    reasons = Counter(reason for reason in held.values() if reason != "withdrawn")
    return {"series": len(series), "observations": len(observations), "held": reasons.total()}


def _only(rows_: Iterable[Row]) -> str:
    return "id in (" + ", ".join(f"'{row['id']}'" for row in rows_) + ")"


_COLUMNS = (
    "seq, id, article, position, source, kind, measure, direction, base, value, value_high, unit, qualifier, sign,"
    " decimals, scale, reason, indicator_id, place_id, period, breakdown, confidence, published_at, withdrawn, held,"
    " observation"
)


def _statements(conn: Any) -> Iterator[Row]:
    cursor = conn.execute(f"select {_COLUMNS} from statements order by seq")
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


def _several(mentions: list[Mention]) -> set[str]:
    """Statements of an article that gives one series several results at once which nobody else gives.

    They differ in something that was not read (a sector, a sex, a district); none of them may enter the series.
    """
    by_article: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_article[mention.article].append(mention)
    doubtful: set[str] = set()
    for article, own in by_article.items():
        if len(own) < 2:
            continue
        others = [m for m in mentions if m.article != article]
        alone: list[Mention] = []
        for mention in own:
            if not any(same(mention, m, False) for m in others) and not any(same(mention, m, False) for m in alone):
                alone.append(mention)
        if len(alone) > 1:
            doubtful |= {m.statement for m in own if not any(same(m, other, False) for other in others)}
    return doubtful


def _observation(series: str, kind: str, period: str, point: Point, number: int, vintage: Vintage) -> Row:
    best = vintage.best
    published = [mention.published for mention in vintage.mentions]
    return {
        "id": _id(series, kind, period, decimal_text(best.value.normalize()), best.value_high, best.qualifier, number),
        "series": series,
        "kind": kind,
        "period": period,
        "period_first": point.first,
        "period_last": point.last,
        "value": plain_decimal(best.value),
        "value_high": None if best.value_high is None else plain_decimal(best.value_high),
        "number": float(best.value),
        "number_high": None if best.value_high is None else float(best.value_high),
        "qualifier": best.qualifier,
        "stage": None,
        "vintage": number,
        "status": vintage.status,
        "first_published": published[0],
        "last_published": published[-1],
        "statement": best.statement,
        "receipts": len(published),
        "sources": len({mention.origin for mention in vintage.mentions}),
    }


def plain_decimal(value: Decimal) -> str:
    """An exact decimal as printed, but without the zeros that scale words left behind a point: `1500000.0` is `1500000`."""
    text = format(value, "f")
    if "." in text and value == value.to_integral_value() and value.copy_abs() >= 1000:
        return text.partition(".")[0]
    return text


def _build_edits(conn: Any, at: str) -> int:
    """Figure-level events between consecutive captures that the same version of the extractor has read."""
    found: list[Row] = []
    articles = conn.execute(
        "select article from snapshots group by article having count(*) > 1 order by article"
    ).fetchall()
    for (article,) in articles:
        current = conn.execute("select snapshot from articles where id = ?", (article,)).fetchone()[0]
        snapshots = rows(
            conn,
            "select id, fetched_at, extractor, text from snapshots where article = ? order by fetched_at, id",
            (article,),
        )
        snapshots.sort(key=lambda s: s["id"] == current)
        rank = {snapshot["id"]: i for i, snapshot in enumerate(snapshots)}
        said = rows(
            conn,
            "select id, exact, prefix, suffix, snapshot, first_snapshot, quote_start, quote_end from statements"
            " where article = ? and withdrawn is not 'reread' order by quote_start, seq",
            (article,),
        )
        for i, (before, after) in enumerate(pairwise(snapshots)):
            if before["extractor"] is None or before["extractor"] != after["extractor"]:
                continue
            old, new = (
                [_placed(s, snapshots[k]) for s in said if rank[s["first_snapshot"]] <= k <= rank[s["snapshot"]]]
                for k in (i, i + 1)
            )
            for event in between(before["text"], after["text"], old, new):
                found.append(
                    {
                        "id": _id(before["id"], after["id"], event.change, *_spot(event.before), *_spot(event.after)),
                        "article": article,
                        "before_snapshot": before["id"],
                        "after_snapshot": after["id"],
                        "change": event.change,
                        "before_statement": event.before and event.before.statement,
                        "after_statement": event.after and event.after.statement,
                        "before_printed": event.before and event.before.printed,
                        "after_printed": event.after and event.after.printed,
                        "before_context": event.before and _sentence(before["text"], event.before),
                        "after_context": event.after and _sentence(after["text"], event.after),
                        "at": after["fetched_at"],
                    }
                )
    sync(conn, "edits", ["id"], found, record="edit", at=at)
    return len(found)


def _spot(place: Place | None) -> tuple[object, ...]:
    return () if place is None else (place.printed, place.start)


def _placed(said: Row, snapshot: Row) -> Place:
    """A statement where it stands in `snapshot`: its stored offsets are those of the latest capture that says it."""
    if said["snapshot"] == snapshot["id"]:
        return Place(said["id"], said["exact"], said["quote_start"], said["quote_end"])
    around_ = said["prefix"] + said["exact"] + said["suffix"]
    start = max(snapshot["text"].find(around_), 0) + len(said["prefix"])
    return Place(said["id"], said["exact"], start, start + len(said["exact"]))


def _sentence(text: str, place: Place) -> str:
    first, last = around(text, sentences(text), place.start, place.end)
    return text[first:last]


def _build_threads(conn: Any) -> int:
    acts = conn.execute(
        "select id, actor, coalesce(action, exact), instrument, thread from commitments where withdrawn is null"
        " order by published_at is null, published_at, article, position"
    ).fetchall()
    found = threads(Act(*row[:4]) for row in acts)
    conn.executemany(
        "update commitments set thread = ? where id = ?",
        [(found[row[0]], row[0]) for row in acts if found[row[0]] != row[4]],
    )
    return len(set(found.values()))
