"""Pages about the press: articles, their text in marked pieces, outlets, coverage (docs/records.md, Pages)."""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from index.evidence import checks_by, edits_by, translations_by
from index.filters import check_day, check_page
from index.meaning import related
from index.receipt import INDICATOR, Row, articles_by, commitments_by, indicator_ref, one, receipts, rows
from index.summaries import summary_of

KINDS = ("listed", "fetched", "unchanged", "parsed", "skipped", "blocked", "failed", "gone", "layout")


def articles(
    conn: Any,
    source: str | None = None,
    language: str | None = None,
    since: str | None = None,
    until: str | None = None,
    page: int = 1,
    size: int = 50,
) -> Row:
    """Articles, newest first."""
    check_page(page, size)
    conditions = ["1"]
    values: Row = {"size": size + 1, "skip": (page - 1) * size}
    for column, value in (("source", source), ("language", language)):
        if value is not None:
            conditions.append(f"a.{column} = :{column}")
            values[column] = value
    if (day := check_day("since", since)) is not None:
        conditions.append("a.published_at >= :since")
        values["since"] = day
    if (day := check_day("until", until)) is not None:
        conditions.append("a.published_at < date(:until, '+1 day')")
        values["until"] = day
    tail = f"where {' and '.join(conditions)} order by a.published_at desc, a.seq desc limit :size offset :skip"
    found = articles_by(conn, tail, values)
    return {"results": found[:size], "page": page, "size": size, "more": len(found) > size}


def article(conn: Any, id: str) -> Row | None:
    """One article: its text in marked pieces, its figures, translations, copies and captures."""
    refs = articles_by(conn, "where a.id = ?", (id,))
    if not refs:
        return None
    row = one(
        conn,
        "select lead, text, byline, section, tags, modified_at, published_source, original_url, snapshot from articles"
        " where id = ?",
        (id,),
    )
    assert row is not None
    figures = receipts(conn, "where s.article = ? and s.withdrawn is null order by s.position, s.seq", (id,))
    acts = commitments_by(
        conn, None, "where c.article = :id and c.withdrawn is null order by c.position, c.seq", {"id": id}
    )
    fresh = one(conn, "select extractor from snapshots where id = ?", (row["snapshot"],))
    read = fresh is not None and fresh["extractor"] is not None
    story = one(conn, "select story from copies where article = ? union select ? limit 1", (id, id))
    assert story is not None
    copies = articles_by(
        conn,
        "where a.id in (select article from copies where story = :s union select :s) and a.id <> :id"
        " order by a.published_at, a.id",
        {"s": story["story"], "id": id},
    )
    return refs[0] | {
        **{
            key: row[key]
            for key in ("lead", "text", "byline", "section", "modified_at", "published_source", "original_url")
        },
        "tags": json.loads(row["tags"]),
        "figures_list": figures,
        "commitments": acts,
        "checks": checks_by(conn, "where k.article = ? order by k.verdict, k.id", (id,)),
        "paragraphs": _paragraphs(row["text"], figures if read else (), acts if read else ()),
        "translations": translations_by(
            conn, "where t.article = ? or t.original = ? order by a.language, a.id", (id, id)
        ),
        "copies": [copy | {"first": copy["id"] == story["story"]} for copy in copies],
        "related": _related(conn, id),
        "captures": captures_by(conn, id),
        "edits": edits_by(conn, "where e.article = ? order by e.at, e.id", (id,)),
        "summary": summary_of(conn, id),
    }


def _related(conn: Any, id: str) -> list[Row]:
    near = dict(related(conn, id))
    marks = ", ".join("?" * len(near))
    found = articles_by(conn, f"where a.id in ({marks})", tuple(near)) if near else []
    return sorted((ref | {"nearness": near[ref["id"]]} for ref in found), key=lambda ref: -ref["nearness"])


def _paragraphs(text: str, figures: Sequence[Row], acts: Sequence[Row]) -> list[list[Row]]:
    """The text cut at every figure and commitment, by paragraph; the pieces together are the text."""
    cuts = {0, len(text)}
    figure_at: dict[int, Any] = {}
    act_at: dict[int, Any] = {}
    for said, taken in ((figures, figure_at), (acts, act_at)):
        end = 0
        for one_ in sorted(said, key=lambda r: (r["start"], -r["end"])):
            if one_["start"] >= end and one_["start"] < one_["end"] <= len(text):
                cuts |= {one_["start"], one_["end"]}
                for i in range(one_["start"], one_["end"]):
                    taken[i] = one_["id"]
                end = one_["end"]
    paragraphs: list[list[Row]] = [[]]
    order = sorted(cuts)
    for start, end in pairwise(order):
        for i, part in enumerate(text[start:end].split("\n")):
            if i:
                paragraphs.append([])
            if part:
                paragraphs[-1].append({"text": part, "figure": figure_at.get(start), "commitment": act_at.get(start)})
    return [pieces for pieces in paragraphs if pieces]


def captures_by(conn: Any, article: str) -> list[Row]:
    """Captures of an article, oldest first."""
    found = rows(
        conn,
        "select x.id, x.fetched_at, x.last_seen_at, x.status, x.body_sha256, x.text_sha256, x.warc_file, x.warc_offset,"
        " x.etag, x.last_modified, x.id = a.snapshot as current from snapshots x join articles a on a.id = x.article"
        " where x.article = ? order by x.fetched_at, x.id",
        (article,),
    )
    return [row | {"current": bool(row["current"])} for row in found]


def source(conn: Any, id: str) -> Row | None:
    """Everything about one outlet."""
    row = one(
        conn,
        """select o.id, o.name, (select count(*) from articles where source = o.id) as articles_count,
          (select count(*) from statements where source = o.id and withdrawn is null) as figures_count,
          (select min(published_at) from articles where source = o.id) as first_published,
          (select max(published_at) from articles where source = o.id) as last_published
        from sources o where o.id = ?""",
        (id,),
    )
    if row is None:
        return None
    known = rows(
        conn,
        f"""select {INDICATOR}, n.figures from (select indicator_id, count(*) as figures from statements
            where source = ? and withdrawn is null and indicator_id is not null group by indicator_id) n
          join indicators i on i.id = n.indicator_id order by n.figures desc, i.id limit 20""",
        (id,),
    )
    languages = conn.execute("select distinct language from articles where source = ? order by 1", (id,))
    return row | {
        "languages": [r[0] for r in languages],
        "articles": articles_by(conn, "where a.source = ? order by a.published_at desc, a.seq desc limit 30", (id,)),
        "figures": receipts(
            conn,
            "where s.source = ? and s.withdrawn is null order by s.published_at desc, s.seq desc limit 20",
            (id,),
        ),
        "indicators": [(indicator_ref(r) or {}) | {"figures": r["figures"]} for r in known],
        "days": _days(conn, "where site = ?", (id,)).get(id, []),
    }


def coverage(conn: Any) -> Row:
    """How complete the crawl was, by site and day."""
    days = _days(conn, "", ())
    names = dict(conn.execute("select id, name from sources").fetchall())
    return {
        "sites": [
            {
                "id": site,
                "name": names.get(site, site),
                "days": found,
                "totals": {kind: sum(day[kind] for day in found) for kind in KINDS},
            }
            for site, found in days.items()
        ],
        "failures": rows(
            conn,
            "select site, day, kind, nullif(reason, '') as reason, count, url, detail from coverage"
            " where kind in ('blocked', 'failed', 'gone', 'layout') order by day desc, count desc, site, kind, reason"
            " limit 200",
        ),
    }


def _days(conn: Any, where: str, values: Sequence[Any]) -> dict[str, list[Row]]:
    sums = ", ".join(f"sum(case when kind = '{kind}' then count else 0 end) as {kind}" for kind in KINDS)
    found: dict[str, list[Row]] = {}
    for row in rows(
        conn, f"select site, day, {sums} from coverage {where} group by site, day order by site, day desc", values
    ):
        found.setdefault(row.pop("site"), []).append(row)
    return found
