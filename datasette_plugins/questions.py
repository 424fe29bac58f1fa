"""What each page asks: its address, its parameters, its question to the ledger, its rows for spreadsheets.

In: a connection and an `Asked`. Out: the plain answer of one function of `index.queries` or `index.search`; None where
there is no such page. `PAGES` is the table of all addresses of the site and its API.

>>> [page.pattern for page in PAGES if page.name == "figure"]
['/figures/(?P<id>[^/]+?)']
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasette_plugins import formats
from datasette_plugins.arguments import Arguments
from datasette_plugins.wording import Wording
from extract.lexicon import languages
from index import queries
from index.instrument_queries import instrument, instruments
from index.passage import LONGEST, Passage, weigh
from index.search import search
from index.snapshot import snapshot
from index.timespan import day_of
from index.topic_queries import topic

KINDS = ("statistic", "target", "forecast", "commitment", "rule")
CHECK_VERDICTS = ("consistent", "truncated", "rounds_to", "off_by_power_of_ten", "inconsistent", "cannot_tell")
MEASURES = ("level", "change", "growth", "share", "ratio", "rank")
SORTS = ("relevance", "published", "period", "value")
RATINGS = ("overdue", "due", "open", "done", "unrateable")
STATUSES = ("proposed", "planned", "approved", "in_progress", "done", "delayed")


@dataclass(frozen=True)
class Asked:
    """One request, read: the id in the address, its parameters, the language, the moment."""

    id: str
    arguments: Arguments
    repeated: Callable[[str], list[str]]
    w: Wording
    now: datetime
    passage: Passage | None = None
    """A text that was pasted, as it was read; see `passages`."""


@dataclass(frozen=True)
class Page:
    """One address. `question` runs in a database thread: (connection, Asked) → answer, None where there is no such page."""

    name: str
    pattern: str
    question: Callable[[Any, Asked], dict[str, Any] | None]
    parameters: tuple[str, ...] = ()
    rows: Callable[[dict[str, Any], str], list[dict[str, Any]]] | None = None
    extra: str = ""
    """Formats beyond html, json and csv, as an alternative of a regular expression."""
    own: bool = False
    """Its routes stand in a module of its own."""


SEARCH = (
    "q", "kind", "indicator", "place", "period", "min", "max", "unit", "source", "language", "measure",
    "from", "to", "verdict", "sort", "page",
)  # fmt: skip


CHECK = ("text", "language")
LANGUAGES = tuple(languages())
"""Of the texts that can be read."""


def ask_search(conn: Any, a: Asked) -> dict[str, Any]:
    x = a.arguments
    return search(
        conn,
        x.text("q") or "",
        kind=x.choice("kind", KINDS),
        indicator=x.text("indicator"),
        place=x.text("place"),
        period=x.text("period"),
        min=x.number("min"),
        max=x.number("max"),
        unit=x.text("unit"),
        source=x.text("source"),
        language=x.text("language"),
        measure=x.choice("measure", MEASURES),
        since=x.day("from"),
        until=x.day("to"),
        verdict=x.choice("verdict", CHECK_VERDICTS),
        sort=x.choice("sort", SORTS) or "relevance",
        page=x.whole("page", 1, 500),
        size=20,
    )


def ask_indicator(conn: Any, a: Asked) -> dict[str, Any] | None:
    x = a.arguments
    found = queries.indicator(
        conn, a.id, place=x.text("place"), measure=x.choice("measure", MEASURES), as_of=x.day("as_of")
    )
    if found is not None and x.choice("include_history", ("true", "false")) == "false":
        for one in found["series"]:
            for name in ("observations", "forecasts", "targets"):
                one[name] = [o for o in one[name] if o["status"] != "superseded"]
        for grid in found["grid"]:
            for row in grid["rows"]:
                row["vintages"] = [o for o in row["vintages"] if o["status"] != "superseded"]
    return found


def ask_compare(conn: Any, a: Asked) -> dict[str, Any] | None:
    """The comparison with the lists that its form needs; without an indicator only these."""
    x = a.arguments
    places = x.texts("place", a.repeated("place"), 6)
    indicator = x.text("indicator")
    choices = queries.indicators(conn)
    answer: dict[str, Any] = {"topics": choices["topics"], "asked": {"indicator": indicator, "place": places}}
    if indicator is None:
        return {**answer, "choices": None, "comparison": None}
    about = queries.indicator(conn, indicator)
    if about is None:
        return None
    answer["choices"] = about["choices"]
    wanted = places or [one["id"] for one in about["choices"]["places"][:3]]
    answer["asked"]["place"] = wanted
    measure = x.choice("measure", MEASURES)
    comparison = queries.compare(conn, indicator, wanted, measure=measure) if wanted else None
    refused = comparison["refused"] if comparison else None
    groups = refused["split"] if refused else None
    if groups and not places:
        # Nobody asked for these places: show those of them that can be compared.
        answer["asked"]["place"] = max(groups, key=len)
        comparison = queries.compare(conn, indicator, answer["asked"]["place"], measure=measure)
    return {**answer, "comparison": comparison}


def ask_commitments(conn: Any, a: Asked) -> dict[str, Any]:
    x = a.arguments
    due = x.text("due")
    if due not in (None, "overdue", "open", "unrateable"):
        due = x.day("due")
    return queries.commitments(
        conn,
        status=x.choice("status", STATUSES),
        actor=x.text("actor"),
        place=x.text("place"),
        due=due,
        now=a.now,
        page=x.whole("page", 1, 2000),
    )


def ask_check(conn: Any, a: Asked) -> dict[str, Any]:
    """The text that was pasted, weighed; without one only what the form needs."""
    if a.passage is None:
        return {"text": "", "language": None, "paragraphs": [], "numbers": None, "counts": {}, "limit": LONGEST}
    return weigh(conn, a.passage)


def ask_articles(conn: Any, a: Asked) -> dict[str, Any]:
    x = a.arguments
    return queries.articles(
        conn,
        source=x.text("source"),
        language=x.text("language"),
        since=x.day("from"),
        until=x.day("to"),
        page=x.whole("page", 1, 20_000),
    )


def ask_about(conn: Any, a: Asked) -> dict[str, Any]:
    home = queries.home(conn, a.now)
    return {"counts": home["counts"], "freshness": home["freshness"]}


def _figures(answer: dict[str, Any], base: str) -> list[dict[str, Any]]:
    found = answer.get("results") or answer.get("figures_list") or answer.get("figures") or answer.get("latest") or []
    return [formats.figure_row(one, base) for one in found]


def _observations(answer: dict[str, Any], base: str) -> list[dict[str, Any]]:
    return [
        formats.observation_row(one, o, base)
        for one in answer["series"]
        for o in [*one["observations"], *one["forecasts"], *one["targets"]]
    ]


def _compared(answer: dict[str, Any], base: str) -> list[dict[str, Any]]:
    return _observations(answer["comparison"], base) if answer["comparison"] else []


def _indicators(answer: dict[str, Any], base: str) -> list[dict[str, Any]]:
    return [
        {
            "id": one["id"],
            "topic": topic["id"],
            "name_vi": one["names"].get("vi"),
            "name_en": one["names"].get("en"),
            "unit": one["unit"],
            "figures": one["figures"],
            "permalink": f"{base}/indicators/{one['id']}",
        }
        for topic in answer["topics"]
        for one in topic["indicators"]
    ]


def _checks(answer: dict[str, Any], base: str) -> list[dict[str, Any]]:
    return [
        {
            "id": one["id"],
            "kind": one["kind"],
            "verdict": one["verdict"],
            "printed": one["printed"],
            "computed": one["computed"],
            "explanation_vi": one["explanation"].get("vi"),
            "explanation_en": one["explanation"].get("en"),
            "permalink": f"{base}/figures/{one['figure']['id']}",
            "source": one["article"]["source"],
            "url": one["article"]["url"],
        }
        for one in answer["arithmetic"]
    ]


def _numbers(answer: dict[str, Any], base: str) -> list[dict[str, Any]]:
    return [formats.number_row(one, base) for one in answer["numbers"] or ()]


def _instruments(answer: dict[str, Any], base: str) -> list[dict[str, Any]]:
    return [{**one, "permalink": f"{base}/instruments/{one['id']}"} for one in answer["results"]]


def _commitments(answer: dict[str, Any], base: str) -> list[dict[str, Any]]:
    return [formats.commitment_row(one, base) for one in answer["results"]]


def _articles(answer: dict[str, Any], base: str) -> list[dict[str, Any]]:
    return [{**one, "permalink": f"{base}/articles/{one['id']}"} for one in answer["results"]]


def _days(answer: dict[str, Any], base: str) -> list[dict[str, Any]]:
    return [{"site": site["id"], **day} for site in answer["sites"] for day in site["days"]]


PAGES = (
    Page("home", "/(?:index)?", lambda c, a: queries.home(c, a.now), rows=_figures),
    Page("search", "/search", ask_search, SEARCH, _figures, extra="atom"),
    Page("figure", "/figures/(?P<id>[^/]+?)", lambda c, a: queries.figure(c, a.id), extra="bib|ris|csl.json"),
    Page("indicators", "/indicators", lambda c, a: queries.indicators(c), rows=_indicators),
    Page("indicator", "/indicators/(?P<id>[^/]+?)", ask_indicator, ("place", "measure", "as_of", "include_history"), _observations),
    Page("compare", "/compare", ask_compare, ("indicator", "place", "measure"), _compared),
    Page("place", "/places/(?P<id>[^/]+?)", lambda c, a: queries.place(c, a.id), rows=_figures),
    Page("topic", "/topics/(?P<id>[^/]+?)", lambda c, a: topic(c, a.id, a.now), rows=_figures),
    Page("instruments", "/instruments", lambda c, a: instruments(c, a.arguments.whole("page", 1, 2000)), ("page",), _instruments),
    Page("instrument", "/instruments/(?P<id>[^/]+?)", lambda c, a: instrument(c, a.id, day_of(a.now)), rows=_figures),
    Page("source", "/sources/(?P<id>[^/]+?)", lambda c, a: queries.source(c, a.id), rows=_figures),
    Page("articles", "/articles", ask_articles, ("source", "language", "from", "to", "page"), _articles),
    Page("article", "/articles/(?P<id>[^/]+?)", lambda c, a: queries.article(c, a.id), rows=_figures),
    Page("commitments", "/commitments", ask_commitments, ("status", "actor", "place", "due", "page"), _commitments),
    Page("commitment", "/commitments/(?P<id>[^/]+?)", lambda c, a: queries.commitment(c, a.id, now=a.now)),
    Page("checks", "/checks", lambda c, a: queries.checks(c, page=a.arguments.whole("page", 1, 2000)), ("page",), _checks),
    Page("check", "/check", ask_check, CHECK, _numbers, own=True),
    Page("snapshot", "/snapshot", lambda c, a: snapshot(c)),
    Page("coverage", "/coverage", lambda c, a: queries.coverage(c), rows=_days),
    Page("about", "/about", ask_about),
    Page(
        "changes",
        "/changes",
        lambda c, a: queries.changes(c, since=a.arguments.whole("since", 0, 999_999_999, 0)),
        ("since",),
    ),
)  # fmt: skip
