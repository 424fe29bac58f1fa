"""The crawler's frontier: what was listed and is still to be asked for, and what pages were found to have become.

In: a connection inside a transaction, addresses as the crawler spells them. Out: rows of `frontier` and `notices`. An
address leaves the frontier in the transaction that stores what came of it, so a crawl that is killed goes on where it
was. One that has been asked for in vain by MOST_TRIES crawls is given up until a list names it anew.

>>> expect(conn, "baotintuc.vn", [Listed("https://…/1.htm")], now); [item.url for item in due(conn, "baotintuc.vn")]
['https://…/1.htm']
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crawler.article import article_id
from crawler.dates import Evidence
from crawler.listed import Listed
from index.timespan import stamp

MOST_TRIES = 5
"""Crawls that ask for an address in vain before it is given up."""


def expect(conn: Any, site: str, listed: Iterable[Listed], at: datetime) -> None:
    """Keep what a list names; of an address already kept, a publication time told now is added."""
    conn.executemany(
        "insert into frontier (url, site, listed_at, published_at, published_source, tries) values (?, ?, ?, ?, ?, 0)"
        " on conflict(url) do update set published_at = excluded.published_at,"
        " published_source = excluded.published_source where excluded.published_at is not null",
        [
            (
                item.url,
                site,
                stamp(at),
                item.published and stamp(item.published.moment),
                item.published and item.published.source,
            )
            for item in listed
        ],
    )


def due(conn: Any, site: str) -> list[Listed]:
    """What is kept for a site, in the order it was listed; what was tried in vain comes last."""
    rows = conn.execute(
        "select url, published_at, published_source from frontier where site = ? order by tries > 0, seq", (site,)
    )
    return [
        Listed(url, Evidence(source, datetime.fromisoformat(moment)) if moment else None)
        for url, moment, source in rows.fetchall()
    ]


def defer(conn: Any, url: str) -> None:
    """An address was asked for in vain."""
    conn.execute("update frontier set tries = tries + 1 where url = ?", (url,))
    conn.execute("delete from frontier where url = ? and tries >= ?", (url, MOST_TRIES))


def done(conn: Any, url: str) -> None:
    """Take an address out."""
    conn.execute("delete from frontier where url = ?", (url,))


def notice(conn: Any, kind: str, url: str, by: str, at: datetime) -> None:
    """Mark the article at `url`: it is `gone` (only where it was ever captured), or `corrected` by another."""
    id_ = article_id(url)
    if kind == "gone" and not conn.execute("select 1 from articles where id = ?", (id_,)).fetchone():
        return
    conn.execute(
        "insert into notices (article, kind, by, at) values (?, ?, ?, ?)"
        " on conflict(article, kind, by) do update set ended_at = null where ended_at is not null",
        (id_, kind, by, stamp(at)),
    )


def found_again(conn: Any, url: str, at: datetime) -> None:
    """A page that was gone is there."""
    conn.execute(
        "update notices set ended_at = ? where article = ? and kind = 'gone' and ended_at is null",
        (stamp(at), article_id(url)),
    )
