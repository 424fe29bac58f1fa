"""What happened between two days, by topic and place: a connection and arguments in, a digest out, as Markdown or HTML.

>>> print(markdown(digest(conn, since="2026-01-05", until="2026-01-11", topic="macro")))
# Solieu digest, 2026-01-05 to 2026-01-11: macro
…

Every sentence is a whole one of the article that is named beside it, so every number in it is that article's. A story stands
in it once, however many outlets told it; values that differ between outlets are named.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

from index.errors import QueryError
from index.filters import check_day
from index.receipt import Row, marks, rows
from index.stories import stories, story

MOST = 40
"""Stories of a digest."""
SENTENCES = 3
"""Sentences of each."""


def digest(conn: Any, since: str, until: str, topic: str | None = None, place: str | None = None) -> Row:
    """Stories of the days `since` to `until`, those of most outlets first; with a topic or place, those that have a figure of it.

    {"since", "until", "topic", "place", "stories": [a story of index.stories with its first sentences]}. Raises QueryError for
    a topic or place that no catalogue knows, and for days the wrong way round.
    """
    for name, day in (("since", since), ("until", until)):
        check_day(name, day)
    if until < since:
        raise QueryError("since", f"{since} is after {until}")
    topics = [
        row[0] for row in conn.execute("select distinct topic from indicators where topic is not null order by 1")
    ]
    if topic is not None and topic not in topics:
        raise QueryError("topic", f"no topic {topic!r}: there are {', '.join(topics)}")
    units = rows(conn, "select id from places where unit = :p or id = :p", {"p": place}) if place else []
    if place is not None and not units:
        raise QueryError("place", f"no place {place!r}: give an id such as ha_noi")
    told = []
    for ref in stories(conn, since, until, 100_000 if topic or place else MOST):
        if (topic or place) and not _is_about(conn, ref["id"], topic, [row["id"] for row in units]):
            continue
        found = story(conn, ref["id"])
        if found is not None:
            told.append(found | {"sentences": found["sentences"][:SENTENCES], "sources": ref["sources"]})
        if len(told) == MOST:
            break
    return {"since": since, "until": until, "topic": topic, "place": place, "stories": told}


def _is_about(conn: Any, story: str, topic: str | None, places: list[str]) -> bool:
    where = "s.withdrawn is null"
    values: list[Any] = [story]
    if topic:
        where += " and s.indicator_id in (select id from indicators where topic = ?)"
        values.append(topic)
    if places:
        where += f" and s.place_id in {marks(places)}"
        values += places
    return bool(
        conn.execute(
            "select 1 from story_reports r join statements s on s.article = r.article where r.story = ?"
            f" and {where} limit 1",
            values,
        ).fetchone()
    )


def _title(found: Row) -> str:
    days = found["since"] if found["since"] == found["until"] else f"{found['since']} to {found['until']}"
    about = ", ".join(filter(None, (found["topic"], found["place"])))
    return f"Solieu digest, {days}" + (f": {about}" if about else "")


def _notes(told: Row) -> Iterator[str]:
    """What outlets say differently, a line each."""
    for kind in ("differing", "rounded"):
        for thing in told[kind]:
            said = "; ".join(f"{value['printed']} ({', '.join(value['sources'])})" for value in thing["values"])
            about = ", ".join(str(thing[name]) for name in ("indicator", "place", "period") if thing[name])
            yield f"{'outlets differ' if kind == 'differing' else 'rounded'}, {about}: {said}"


def markdown(found: Row) -> str:
    """The digest as Markdown."""
    lines = [f"# {_title(found)}", ""]
    if not found["stories"]:
        lines += ["Nothing was published.", ""]
    for told in found["stories"]:
        url = {ref["id"]: ref["url"] for ref in told["articles"]}
        lines += [f"## {_plain(told['title'])}", ""]
        lines += [f"- {_plain(s['text'])} [source](<{_link(url[s['article']])}>)" for s in told["sentences"]]
        lines += [f"- *{_plain(note)}*" for note in _notes(told)]
        lines += [
            "",
            f"{len(told['articles'])} reports, {told['sources']} outlets, first {told['first_published'] or '?'}",
            "",
        ]
    return "\n".join(lines)


def _link(url: str) -> str:
    """An address of the web, # for anything else: articles can come from files."""
    return url.replace("<", "%3C").replace(">", "%3E") if url.startswith(("http://", "https://")) else "#"


def _plain(text: str) -> str:
    """Press text as words of Markdown, whatever signs are in it."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in " ".join(text.split()))


def html(found: Row) -> str:
    """The digest as one page that loads nothing."""
    parts = [
        f'<!doctype html>\n<meta charset="utf-8">\n<title>{escape(_title(found))}</title>\n<h1>{escape(_title(found))}</h1>'
    ]
    if not found["stories"]:
        parts.append("<p>Nothing was published.</p>")
    for told in found["stories"]:
        url = {ref["id"]: ref["url"] for ref in told["articles"]}
        items = [
            f'<li>{escape(s["text"])} <a href="{escape(_link(url[s["article"]]))}">source</a></li>'
            for s in told["sentences"]
        ]
        items += [f"<li><em>{escape(note)}</em></li>" for note in _notes(told)]
        parts.append(f"<h2>{escape(told['title'])}</h2>\n<ul>\n" + "\n".join(items) + "\n</ul>")
        count = f"{len(told['articles'])} reports, {told['sources']} outlets, first {told['first_published'] or '?'}"
        parts.append(f"<p>{escape(count)}</p>")
    return "\n".join(parts) + "\n"
