"""Stories in the database: articles in, which of them report one event, and what they agree on, out.

>>> build_stories(store)
12
>>> story(conn, id)["agreed"][0]["printed"]
'8,02%'

An article is put into a story once, when it is first met, and stays there: a story keeps its address, which is that of its
first report. Copies and translations stand with their originals and count as one voice. The summary of a story is whole
sentences of its reports in the order of time; beside it stand the values that outlets agree on, those that round to each
other, and those that differ.
"""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from extract.quantity import Quantity
from extract.rounding import interval, overlap
from extract.summary_feature import title_words
from index.receipt import Row, articles_by, rows
from index.store import Store
from index.story import DAYS, Report, Stories
from index.story_term import LEAD, terms

SYLLABLES = 250
"""Words of a story's summary."""
AGAIN = 0.5
"""Share of its words from which a sentence says again what the summary says already."""
REPORTS = 20
"""Reports whose sentences are looked at, the first and the latest."""


def build_stories(store: Store) -> int:
    """Put the articles that are in no story yet into one. Returns how many those are."""
    conn = store.connection
    dated = "coalesce(a.published_at, a.first_fetched_at)"
    new = conn.execute(
        f"select a.id, {dated} from articles a left join story_reports r on r.article = a.id where r.article is null"
    ).fetchall()
    if not new:
        return 0
    days = [_day(at) for _, at in new]
    known = {
        row[0]: row[1]
        for row in conn.execute(
            "select article, story from story_reports where day between ? and ?", (min(days) - DAYS, max(days) + DAYS)
        )
    }
    wanted = sorted([(at, id_) for id_, at in new] + [
        (conn.execute(f"select {dated} from articles a where a.id = ?", (id_,)).fetchone()[0], id_) for id_ in known
    ])  # fmt: skip
    same = dict(conn.execute("select article, original from translations").fetchall())
    same |= dict(conn.execute("select article, story from copies").fetchall())
    stories = Stories()
    found = []
    for at, id_ in wanted:
        title, text, language = conn.execute(
            "select title, substr(text, 1, ?), language from articles where id = ?", (LEAD, id_)
        ).fetchone()
        report = Report(id_, _day(at), terms(title, text, language), same.get(id_))
        if id_ in known:
            stories.remember(report, known[id_])
        else:
            found.append((id_, stories.add(report), report.day))
    with store.transaction():
        conn.executemany("insert into story_reports (article, story, day) values (?, ?, ?)", found)
    return len(found)


def _day(at: str) -> int:
    return date.fromisoformat(at[:10]).toordinal()


def stories(conn: Any, since: str, until: str, size: int = 200) -> list[Row]:
    """Stories with a report from day `since` to day `until`, those told by the most outlets first."""
    return rows(
        conn,
        "select r.story as id, count(*) as reports, count(distinct a.source) as sources, min(a.published_at) as first_published,"
        " max(a.published_at) as last_published from story_reports r join articles a on a.id = r.article"
        " where r.story in (select story from story_reports where day between ? and ?)"
        " group by r.story order by sources desc, reports desc, first_published, r.story limit ?",
        (_day(since), _day(until), size),
    )


def story(conn: Any, id: str) -> Row | None:
    """Everything about one story; None where there is none of that id.

    {"id", "title", "articles": [ArticleRef and "copy": bool], "sentences": [{"article", "start", "end", "text", "figures"}],
    "agreed", "rounded", "differing": [{"indicator", "place", "period", "unit", "measure", "values": [{"value", "printed",
    "sources", "figures"}]}]}.
    """
    members = [row[0] for row in conn.execute("select article from story_reports where story = ?", (id,))]
    if not members:
        return None
    marks = ", ".join("?" * len(members))
    articles = articles_by(conn, f"where a.id in ({marks}) order by a.published_at, a.first_fetched_at, a.id", members)
    voices = _voices(conn, members)
    return {
        "id": id,
        "title": articles[0]["title"],
        "first_published": articles[0]["published_at"],
        "last_published": articles[-1]["published_at"],
        "articles": [ref | {"copy": voices[ref["id"]] != ref["id"]} for ref in articles],
        "sentences": _sentences(conn, [ref["id"] for ref in articles if voices[ref["id"]] == ref["id"]]),
    } | _values(conn, members, voices)


def _voices(conn: Any, members: list[str]) -> dict[str, str]:
    """Article → the article whose words it repeats, or itself."""
    marks = ", ".join("?" * len(members))
    same = dict(conn.execute(f"select article, original from translations where article in ({marks})", members))
    same |= dict(conn.execute(f"select article, story from copies where article in ({marks})", members))
    return {id_: same.get(id_, id_) if same.get(id_) in members else id_ for id_ in members}


def _sentences(conn: Any, order: list[str]) -> list[Row]:
    """Sentences of the reports' own summaries that say something new, in the order of time, within the budget.

    A sentence whose words many reports share comes first; one that leans on a sentence that is left out is left out with it:
    the sentences of one report's summary are taken from its first on.
    """
    order = order if len(order) <= REPORTS else order[: REPORTS // 2] + order[-REPORTS // 2 :]
    found: dict[str, list[Row]] = {}
    spread: dict[str, int] = defaultdict(int)
    for id_ in order:
        row = conn.execute(
            "select m.sentences, s.text from summaries m join snapshots s on s.id = m.snapshot where m.article = ?",
            (id_,),
        ).fetchone()
        sentences = json.loads(row[0]) if row else []
        found[id_] = [
            {"article": id_, "start": a, "end": b, "text": " ".join(row[1][a:b].split()), "figures": figures}
            for a, b, figures in sentences
        ]
        for word in {word for each in found[id_] for word in title_words(each["text"])}:
            spread[word] += 1
    chosen: list[Row] = []
    said: set[str] = set()
    length = 0
    while True:
        best: tuple[float, int, Row] | None = None
        for rank, id_ in enumerate(order):
            if not found[id_]:
                continue
            head = found[id_][0]
            words = title_words(head["text"])
            fresh = set(words) - said
            if len(fresh) < AGAIN * len(set(words)) or length + len(words) > SYLLABLES:
                found[id_] = []  # what follows may lean on it
                continue
            value = sum(spread[word] for word in fresh) / len(words)
            if best is None or (value, -rank) > (best[0], -best[1]):
                best = value, rank, head
        if best is None:
            break
        head = best[2]
        chosen.append(head)
        found[order[best[1]]].pop(0)
        said |= set(title_words(head["text"]))
        length += len(title_words(head["text"]))
    place = {id_: i for i, id_ in enumerate(order)}
    return sorted(chosen, key=lambda row: (place[row["article"]], row["start"]))


def _values(conn: Any, members: list[str], voices: dict[str, str]) -> dict[str, list[Row]]:
    """Figures that two or more independent outlets give for one thing: the same, rounding to each other, or different."""
    marks = ", ".join("?" * len(members))
    said = rows(
        conn,
        "select id, article, source, indicator_id, indicator, place_id, period, unit, measure, kind, base, breakdown, value,"
        f" value_high, exact, qualifier, decimals, scale from statements where article in ({marks}) and withdrawn is null"
        " and indicator_id is not null and value is not null order by published_at, article, position",
        members,
    )
    things: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in said:
        if voices[row["article"]] == row["article"]:
            names = ("indicator_id", "place_id", "period", "unit", "measure", "kind", "base", "breakdown")
            things[tuple(row[name] for name in names)].append(row)
    answer: dict[str, list[Row]] = {"agreed": [], "rounded": [], "differing": []}
    for thing, figures in things.items():
        if len({row["source"] for row in figures}) < 2:
            continue
        values: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
        for row in figures:
            values[row["value"], row["value_high"]].append(row)
        listed = [
            {
                "value": each[0]["value"],
                "printed": each[0]["exact"],
                "sources": sorted({row["source"] for row in each}),
                "figures": [row["id"] for row in each],
            }
            for each in values.values()
        ]
        reach = [interval(_quantity(each[0])) for each in values.values()]
        alike = all(overlap(a, b) for i, a in enumerate(reach) for b in reach[:i])
        verdict = "agreed" if len(values) == 1 else "rounded" if alike else "differing"
        facts = dict(zip(("indicator", "place", "period", "unit", "measure"), thing, strict=False))
        answer[verdict].append(facts | {"printed": listed[0]["printed"], "values": listed})
    return answer


def _quantity(row: Row) -> Quantity:
    high = None if row["value_high"] is None else Decimal(row["value_high"])
    return Quantity(
        0, 0, row["exact"], Decimal(row["value"]), high, row["unit"], row["qualifier"], decimals=row["decimals"],
        scale=Decimal(row["scale"]),
    )  # fmt: skip
