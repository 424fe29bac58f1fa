"""Series and observations from the stored statements: the part of the ledger that compares figures over time.

In: a connection with statements, and which outlet each article's figures come from. Out: rows of `series` and `observations`;
each statement is told its observation, or the reason why it is held.

>>> build_series(conn, catalogue, now, origins={})
{'series': 41, 'observations': 187, 'held': 1210}
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from index.catalogue import Catalogue
from index.comparable import Point, SeriesKey, place_in_series
from index.reading import decimal_text
from index.sync import Row, digest, sync
from index.timespan import day_of, stamp
from index.vintage import Mention, Vintage, same, vintages


def build_series(
    conn: Any, words: Catalogue, now: datetime, origins: Mapping[str, str], translated: Collection[str] = ()
) -> dict[str, int]:
    """Write `series` and `observations`, and into each statement where it went or why it is held.

    `origins` leads an article to the outlet that its figures come from, where that is not its own;
    `translated` are the articles that translate another. Linear in the statements.
    """
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
            row["part_of"],
        )
        points[point.series, row["kind"], point.period].append((mention, point))
    series: dict[str, Row] = {}
    observations: list[Row] = []
    observed: dict[int, str] = {}
    for (key, kind, period), group_ in points.items():
        mentions = [mention for mention, _ in group_]
        ids = {mention.statement for mention in mentions}
        parts = {mention.seq for mention in mentions if mention.part_of in ids}
        held |= dict.fromkeys(parts, "part")  # a part of a total under the total's own name: what parts it was not read
        whole = [mention for mention in mentions if mention.seq not in parts]
        doubtful = _several(whole) if kind == "statistic" else set()
        held |= {mention.seq: "several_values" for mention in whole if mention.statement in doubtful}
        kept = [mention for mention in whole if mention.statement not in doubtful]
        told = {(mention.value, mention.value_high) for mention in kept if mention.article not in translated}
        if told:  # what a translation alone says is a difference of translation, no value of the series
            alone = [m for m in kept if m.article in translated and (m.value, m.value_high) not in told]
            held |= {mention.seq: "translation" for mention in alone}
            kept = [mention for mention in kept if mention not in alone]
        if not kept:
            continue
        names = ("indicator", "place", "unit", "measure", "base", "span", "breakdown")
        id_ = digest(*key)
        series[id_] = {"id": id_, **dict(zip(names, key, strict=True))}
        for number, vintage in enumerate(vintages(kept, kind), 1):
            row = _observation(id_, kind, period, group_[0][1], number, vintage)
            observations.append(row)
            observed |= {mention.seq: row["id"] for mention in vintage.mentions}
    # new series before their observations, former ones after: rows point to each other
    known = {row[0] for row in conn.execute("select id from series")}
    fresh = [row for row in series.values() if row["id"] not in known]
    sync(conn, "series", ["id"], fresh, within=("0", {}), record="series", at=at)
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


_COLUMNS = (
    "seq, id, article, position, source, kind, measure, direction, base, value, value_high, unit, qualifier, sign,"
    " decimals, scale, reason, indicator_id, place_id, period, breakdown, confidence, published_at, withdrawn, held,"
    " observation, part_of"
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
        "id": digest(
            series, kind, period, decimal_text(best.value.normalize()), best.value_high, best.qualifier, number
        ),
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
