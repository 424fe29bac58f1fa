"""Series and observations from the stored statements: the part of the ledger that compares figures over time.

In: a connection with statements, the articles to look at, and which outlet each article's figures come from. Out: rows of
`series` and `observations`; each statement is told its observation, or the reason why it is held.

>>> build_series(conn, catalogue, now, stale=None, origins={})

A *slot* is one series, kind and period. What a slot holds follows from its own statements alone, so only the slots that a
new article speaks of, or spoke of before, are worked out again (placements.slot); all of them where `stale` is None.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any

from index.catalogue import Catalogue
from index.comparable import SeriesKey, Slot, place_in_series, slot, worth
from index.reading import decimal_text
from index.sync import digest
from index.timespan import day_of, stamp
from index.vintage import Mention, Vintage, same, vintages

SERIES = ("id", "indicator", "place", "unit", "measure", "base", "span", "breakdown")
OBSERVATION = (
    "id", "series", "kind", "period", "period_first", "period_last", "value", "value_high", "number", "number_high",
    "qualifier", "stage", "vintage", "status", "first_published", "last_published", "statement", "receipts", "sources",
    "slot",
)  # fmt: skip
_CHUNK = 5000


def build_series(
    conn: Any,
    words: Catalogue,
    now: datetime,
    *,
    stale: Collection[str] | None,
    origins: Mapping[str, str],
    translated: Collection[str] = (),
) -> None:
    """Write `series` and `observations`, and into each statement where it went or why it is held.

    `stale` are the articles to look at (None: all); `origins` leads an article to the outlet that its figures come from,
    where that is not its own; `translated` are the articles that translate another. Linear in the statements looked at,
    and in those that speak of the same slots.
    """
    at, until = stamp(now), day_of(now + timedelta(days=1))
    conn.execute("create temp table if not exists touched (slot integer primary key)")
    conn.execute("create temp table if not exists verdicts (seq integer primary key, held text, observation text)")
    for name, columns in (("fresh_series", SERIES), ("fresh", OBSERVATION)):
        kinds = ", ".join(f"{column} {'text primary key' if column == 'id' else ''}" for column in columns)
        conn.execute(f"create temp table if not exists {name} ({kinds}) without rowid")
    for name in _TEMPORARY:
        conn.execute(f"delete from {name}")
    _place(conn, words, until, stale)
    _work_out(conn, words, origins, translated)
    _write(conn, at, everything=stale is None)
    for name in _TEMPORARY:
        conn.execute(f"delete from {name}")


_TEMPORARY = ("temp.touched", "temp.verdicts", "temp.fresh", "temp.fresh_series")


@lru_cache(maxsize=1 << 16)
def series_id(key: SeriesKey) -> str:
    """16 hexadecimal digits that depend on the parts alone."""
    return digest(*key)


def number_of(slot: Slot, kind: str) -> int:
    """The number of a series, kind and period: 63 bits that depend on them alone."""
    parts = f"{series_id(slot.series)} {kind} {slot.period}".encode()
    return int.from_bytes(blake2b(parts, digest_size=8).digest(), "big") >> 1


_COLUMNS = (
    "seq", "id", "article", "position", "source", "kind", "measure", "direction", "base", "value", "value_high", "unit",
    "qualifier", "sign", "decimals", "scale", "reason", "indicator_id", "place_id", "period", "breakdown", "confidence",
    "published_at", "withdrawn", "part_of",
)  # fmt: skip
_SELECTED = ", ".join(f"s.{column}" for column in _COLUMNS)


def _chunks(rows: Iterator[Any], size: int = _CHUNK) -> Iterator[list[Any]]:
    while found := list(islice(rows, size)):
        yield found


def _place(conn: Any, words: Catalogue, until: str, stale: Collection[str] | None) -> None:
    """Write the slots of the statements of `stale` articles; note every slot that they are or were in."""
    tail = "from statements s left join placements p on p.seq = s.seq"
    cursor: Iterator[Any]
    if stale is None:
        conn.execute("delete from placements")
        conn.execute("insert or ignore into touched select slot from observations")
        cursor = conn.execute(f"select {_SELECTED}, null {tail} order by s.seq")
    else:
        sql = f"select {_SELECTED}, p.slot {tail} where s.article = ?"
        cursor = chain.from_iterable(conn.execute(sql, (article,)).fetchall() for article in sorted(stale))
    for lines in _chunks(cursor):
        placed: list[tuple[int, int]] = []
        gone: list[tuple[int]] = []
        held: list[tuple[int, str, None]] = []
        touched: set[int] = set()
        for line in lines:
            row = dict(zip(_COLUMNS, line, strict=False))
            seq, former = row["seq"], line[-1]
            place = place_in_series(row, words, until) if row["withdrawn"] is None else "withdrawn"
            number = None
            if isinstance(place, str):
                held.append((seq, place, None))
            else:
                number = number_of(place, row["kind"])
                touched.add(number)
            if former is not None:
                touched.add(former)
            if number is None and former is not None:
                gone.append((seq,))
            elif number is not None and number != former:
                placed.append((seq, number))
        conn.executemany("delete from placements where seq = ?", gone)
        conn.executemany("insert or replace into placements (seq, slot) values (?, ?)", placed)
        conn.executemany("insert or ignore into touched (slot) values (?)", [(number,) for number in sorted(touched)])
        conn.executemany("insert or replace into verdicts (seq, held, observation) values (?, ?, ?)", held)


def _work_out(conn: Any, words: Catalogue, origins: Mapping[str, str], translated: Collection[str]) -> None:
    """Fill `fresh_series`, `fresh` and `verdicts` from the slots in `touched`."""
    cursor = conn.execute(
        f"select t.slot, {_SELECTED} from touched t cross join placements p on p.slot = t.slot"
        " cross join statements s on s.seq = p.seq order by t.slot"
    )
    known: set[str] = set()
    for slots in _chunks(((number_, list(lines)) for number_, lines in groupby(cursor, itemgetter(0))), 1000):
        series: list[tuple[Any, ...]] = []
        observations: list[tuple[Any, ...]] = []
        verdicts: list[tuple[Any, ...]] = []
        for number_, lines in slots:
            rows = [dict(zip(_COLUMNS, line[1:], strict=True)) for line in lines]
            mentions = [
                Mention(
                    row["id"],
                    row["seq"],
                    row["published_at"],
                    row["article"],
                    row["position"],
                    origins.get(row["article"], row["source"]),
                    *worth(row, words),
                    row["qualifier"],
                    row["part_of"],
                )
                for row in rows
            ]
            kind = rows[0]["kind"]
            kept, held = sift(mentions, kind, translated)
            verdicts += [(seq, reason, None) for seq, reason in held.items()]
            if not kept:
                continue
            place = slot(rows[0], words)
            id_ = series_id(place.series)
            if id_ not in known:
                known.add(id_)
                series.append((id_, *place.series))
            for number, vintage in enumerate(vintages(kept, kind), 1):
                observation = _observation(id_, kind, place, number, vintage)
                observations.append((*observation, number_))
                verdicts += [(mention.seq, None, observation[0]) for mention in vintage.mentions]
        conn.executemany(f"insert into fresh_series values ({', '.join('?' * len(SERIES))})", series)
        conn.executemany(f"insert into fresh values ({', '.join('?' * len(OBSERVATION))})", observations)
        conn.executemany("insert or replace into verdicts (seq, held, observation) values (?, ?, ?)", verdicts)


def sift(mentions: Sequence[Mention], kind: str, translated: Collection[str]) -> tuple[list[Mention], dict[int, str]]:
    """The mentions that count in their slot, and why the others do not."""
    if len(mentions) == 1:
        return list(mentions), {}
    held: dict[int, str] = {}
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
        kept = [mention for mention in kept if mention.seq not in held]
    return kept, held


def _several(mentions: Sequence[Mention]) -> set[str]:
    """Statements of an article that gives one slot several results at once which nobody else gives.

    They differ in something that was not read (a sector, a sex, a district); none of them may enter the series.
    """
    by_article: dict[str, list[Mention]] = defaultdict(list)
    alike: dict[tuple[Any, ...], dict[str, Mention]] = defaultdict(dict)  # printed alike: one of each article will do
    for mention in mentions:
        by_article[mention.article].append(mention)
        printed = alike[mention.value, mention.value_high, mention.half, mention.qualifier]
        if len(printed) < 2:
            printed.setdefault(mention.article, mention)
    each = [list(printed.values()) for printed in alike.values()]
    doubtful: set[str] = set()
    for article, own in by_article.items():
        if len(own) < 2:
            continue
        others = [m for printed in each for m in printed if m.article != article]
        repeated = {m.seq for m in own if any(same(m, other, False) for other in others)}
        alone: list[Mention] = []
        for mention in own:
            if mention.seq not in repeated and not any(same(mention, m, False) for m in alone):
                alone.append(mention)
        if len(alone) > 1:
            doubtful |= {m.statement for m in own if m.seq not in repeated}
    return doubtful


def _observation(series: str, kind: str, place: Slot, number: int, vintage: Vintage) -> tuple[Any, ...]:
    best = vintage.best
    published = [mention.published for mention in vintage.mentions]
    high = best.value_high
    return (
        digest(series, kind, place.period, decimal_text(best.value.normalize()), high, best.qualifier, number),
        series,
        kind,
        place.period,
        place.first,
        place.last,
        plain_decimal(best.value),
        None if high is None else plain_decimal(high),
        float(best.value),
        None if high is None else float(high),
        best.qualifier,
        None,
        number,
        vintage.status,
        published[0],
        published[-1],
        best.statement,
        len(published),
        len({mention.origin for mention in vintage.mentions}),
    )


def _write(conn: Any, at: str, everything: bool) -> None:
    """Bring the tables in line with what was worked out; only rows that differ are written, and the feed says which."""
    scope = "1" if everything else "o.slot in (select slot from touched)"
    feed = "insert into changes (record, id, action, reason, at) "
    # new series before their observations, former ones after: rows point to each other
    fresh = "from fresh_series f where f.id not in (select id from series)"
    conn.execute(f"{feed} select 'series', f.id, 'insert', null, ? {fresh} order by f.id", (at,))
    conn.execute(f"insert into series select * {fresh}")
    former = "select id from series" if everything else f"select distinct o.series from observations o where {scope}"
    perhaps = [row[0] for row in conn.execute(former)]
    gone = f"from observations o where {scope} and o.id not in (select id from fresh)"
    conn.execute(f"{feed} select 'observation', o.id, 'delete', 'counted anew', ? {gone} order by o.id", (at,))
    conn.execute(f"delete from observations where id in (select o.id {gone})")
    ours, theirs = (", ".join(f"{t}.{c}" for c in OBSERVATION) for t in "of")
    changed = conn.execute(
        f"select f.id from fresh f cross join observations o on o.id = f.id where ({ours}) is not ({theirs}) order by f.id"
    ).fetchall()
    rest = ", ".join(OBSERVATION[1:])
    conn.executemany(
        f"update observations set ({rest}) = (select {rest} from fresh f where f.id = observations.id) where id = ?",
        changed,
    )
    new = "from fresh f where f.id not in (select id from observations)"
    conn.execute(f"{feed} select 'observation', f.id, 'insert', null, ? {new} order by f.id", (at,))
    conn.execute(f"insert into observations select f.* {new}")
    conn.executemany(
        f"{feed} values ('observation', ?, 'update', 'counted anew', ?)", [(id_, at) for (id_,) in changed]
    )
    left = "select 1 from series r where r.id = ? and not exists (select 1 from observations o where o.series = r.id)"
    for id_ in sorted(perhaps):
        if conn.execute(left, (id_,)).fetchone():
            conn.execute(f"{feed} values ('series', ?, 'delete', 'no value left', ?)", (id_, at))
            conn.execute("delete from series where id = ?", (id_,))
    # in the order of the rows, which are wide: each page is written once
    differing = conn.execute(
        "select v.held, v.observation, v.seq from verdicts v cross join statements s on s.seq = v.seq"
        " where s.held is not v.held or s.observation is not v.observation order by v.seq"
    )
    for lines in _chunks(differing):
        conn.executemany("update statements set held = ?, observation = ? where seq = ?", lines)


def plain_decimal(value: Decimal) -> str:
    """An exact decimal as printed, but without the zeros that scale words left behind a point: `1500000.0` is `1500000`."""
    text = format(value, "f")
    if "." in text and value == value.to_integral_value() and value.copy_abs() >= 1000:
        return text.partition(".")[0]
    return text
