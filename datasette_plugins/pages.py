"""The pages of the tracker and the same answers as JSON, CSV and Atom.

In: an address. Out: the answer of one function of `index.queries` or `index.search`, as the format asks. Every page is
one row of `PAGES`: its address, its parameters, its question, its template and its rows for spreadsheets.

    /figures/<id>   /figures/<id>.json   /api/v1/figures/<id>   (one question, three faces)
"""

import hashlib
import sys
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

from datasette import Response, hookimpl
from datasette.plugins import pm
from datasette.utils import sqlite_timelimit

from datasette_plugins import chart, citation, formats
from datasette_plugins.arguments import ArgumentError, Arguments
from datasette_plugins.wording import Wording, choose_language, languages, wording
from index import queries
from index.errors import QueryError
from index.search import search

HANOI = timezone(timedelta(hours=7))
TIME_LIMIT_MS = 3000
CACHE_BYTES = 24_000_000
KINDS = ("statistic", "target", "forecast", "commitment", "rule")
MEASURES = ("level", "change", "growth", "share", "ratio", "rank")
SORTS = ("relevance", "published", "period", "value")
RATINGS = ("overdue", "due", "open", "done", "unrateable")
STATUSES = ("proposed", "planned", "approved", "in_progress", "done", "delayed")
TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json; charset=utf-8",
}


@dataclass(frozen=True)
class Asked:
    """One request, read: the id in the address, its parameters, the language, the moment."""

    id: str
    arguments: Arguments
    repeated: Callable[[str], list[str]]
    w: Wording
    now: datetime


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


SEARCH = (
    "q", "kind", "indicator", "place", "period", "min", "max", "unit", "source", "language", "measure",
    "from", "to", "sort", "page",
)  # fmt: skip


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
        sort=x.choice("sort", SORTS) or "relevance",
        page=x.whole("page", 1, 500),
        size=20,
    )


def ask_indicator(conn: Any, a: Asked) -> dict[str, Any] | None:
    x = a.arguments
    return queries.indicator(
        conn, a.id, place=x.text("place"), measure=x.choice("measure", MEASURES), as_of=x.day("as_of")
    )


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
    comparison = queries.compare(conn, indicator, wanted, measure=x.choice("measure", MEASURES)) if wanted else None
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
    Page("indicator", "/indicators/(?P<id>[^/]+?)", ask_indicator, ("place", "measure", "as_of"), _observations),
    Page("compare", "/compare", ask_compare, ("indicator", "place", "measure"), _compared),
    Page("place", "/places/(?P<id>[^/]+?)", lambda c, a: queries.place(c, a.id), rows=_figures),
    Page("source", "/sources/(?P<id>[^/]+?)", lambda c, a: queries.source(c, a.id), rows=_figures),
    Page("articles", "/articles", ask_articles, ("source", "language", "from", "to", "page"), _articles),
    Page("article", "/articles/(?P<id>[^/]+?)", lambda c, a: queries.article(c, a.id), rows=_figures),
    Page("commitments", "/commitments", ask_commitments, ("status", "actor", "place", "due", "page"), _commitments),
    Page("commitment", "/commitments/(?P<id>[^/]+?)", lambda c, a: queries.commitment(c, a.id, now=a.now)),
    Page("checks", "/checks", lambda c, a: queries.checks(c, page=a.arguments.whole("page", 1, 2000)), ("page",), _checks),
    Page("coverage", "/coverage", lambda c, a: queries.coverage(c), rows=_days),
    Page("about", "/about", ask_about),
    Page(
        "changes",
        "/changes",
        lambda c, a: queries.changes(c, since=a.arguments.whole("since", 0, 999_999_999, 0)),
        ("since",),
    ),
)  # fmt: skip


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    routes: list[tuple[str, Callable[..., Any]]] = []
    for page in PAGES:
        kinds = r"\.json|\.csv" + "".join(f"|\\.{kind}" for kind in page.extra.replace(".", r"\.").split("|") if kind)
        routes.append((rf"^{page.pattern}(?P<format>{kinds})?$", _view(page)))
        routes.append((rf"^/api/v1(?P<api>){page.pattern}(?P<format>{kinds})?$", _view(page)))
    routes.append((r"^/api/v1(?P<api>)(?P<format>)$", _view(PAGES[0])))
    routes.append((r"^/robots\.txt$", robots))
    return routes


@hookimpl
def startup() -> None:
    """Datasette's own handler would print a page of local variables for every 404, and answer beside ours."""
    handler = pm.get_plugin("datasette.handle_exception")
    if handler is not None:
        pm.unregister(handler)


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Callable[[], Any]:
    """Datasette's own errors in the site's dress: 404 with a search box, never a trace."""

    async def inner() -> Response:
        status = getattr(exception, "status", None)
        if not isinstance(status, int):
            # A page of Datasette that stumbles over an odd address: reported to the log, a plain refusal to the reader.
            traceback.print_exception(exception, file=sys.stderr)
            status = 400
        known = status if status in (400, 403, 404) else 400
        w = _wording(request)
        machine = _path(request).endswith((".json", ".csv"))
        return await _refuse(datasette, request, w, known, w.t(f"error.{known}"), machine=machine)

    return inner


async def robots(datasette: Any, request: Any) -> Response:
    """Crawlers may read the pages; the filters of search and Datasette's tables are an endless maze."""
    names = [name for name in datasette.databases if not name.startswith("_")]
    lines = ["User-agent: *", "Disallow: /search", "Disallow: /compare", *[f"Disallow: /{name}" for name in names]]
    return Response.text("\n".join(lines) + "\n")


def _view(page: Page) -> Callable[..., Any]:
    async def view(datasette: Any, request: Any) -> Response:
        return await _answer(page, datasette, request)

    return view


_answers: OrderedDict[tuple[str, ...], tuple[int, str, bytes, str]] = OrderedDict()


async def _answer(page: Page, datasette: Any, request: Any) -> Response:
    api = "api" in request.url_vars
    form = (request.url_vars.get("format") or "").removeprefix(".") or ("json" if api else "html")
    w = _wording(request)
    database = datasette.get_database()
    now = datetime.now(HANOI).replace(minute=0, second=0, microsecond=0)
    made = datetime.fromtimestamp(Path(database.path).stat().st_mtime, UTC) if database.path else now
    key = (_base(request), _path(request), request.query_string, w.language, form, made.isoformat(), now.isoformat())
    # A request of Datasette's own tests has no ETag; the same answer is made once an hour at most.
    kept = _answers.get(key)
    if kept is None:
        kept = await _make(page, datasette, request, database, form, w, now, made)
        _remember(key, kept)
    else:
        _answers.move_to_end(key)
    status, kind, body, etag = kept
    headers = {"ETag": etag, "Cache-Control": "public, max-age=300" if status == 200 else "no-store"}
    if form == "html":
        headers["Vary"] = "Accept-Language"
        headers["Content-Language"] = w.language
    if status == 200 and etag in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(b"", status=304, headers=headers, content_type=kind)
    return Response(body, status=status, headers=headers, content_type=kind)


def _remember(key: tuple[str, ...], made: tuple[int, str, bytes, str]) -> None:
    """Keep what was made, the oldest going first; refusals are cheap and are not kept."""
    if made[0] != 200:
        return
    _answers[key] = made
    held = sum(len(body) for _, _, body, _ in _answers.values())
    while held > CACHE_BYTES:
        held -= len(_answers.popitem(last=False)[1][2])


async def _make(
    page: Page, datasette: Any, request: Any, database: Any, form: str, w: Wording, now: datetime, made: datetime
) -> tuple[int, str, bytes, str]:
    machine = form != "html"
    args = request.args
    try:
        given = {name: args.getlist(name)[-1] for name in args}
        arguments = Arguments(given, page.parameters, strict=machine)
        asked = Asked(unquote(request.url_vars.get("id") or ""), arguments, args.getlist, w, now)
        answer = await _ask(database, page, asked)
    except (ArgumentError, QueryError) as problem:
        response = await _refuse_argument(datasette, request, w, problem, machine)
        return response.status, response.content_type, _bytes(response.body), '""'
    if answer is None or (form == "csv" and page.rows is None):
        response = await _refuse(datasette, request, w, 404, w.t(f"error.no_{page.name}"), machine=machine)
        return response.status, response.content_type, _bytes(response.body), '""'
    status = 410 if answer.get("withdrawn") else 200
    if form == "html":
        body = await _html(page, datasette, request, w, answer, now)
    else:
        body = _machine(page, request, w, answer, form, made)
    return status, TYPES[form], body, f'"{hashlib.sha256(body).hexdigest()[:24]}"'


async def _ask(database: Any, page: Page, asked: Asked) -> dict[str, Any] | None:
    def in_thread(conn: Any) -> dict[str, Any] | None:
        with sqlite_timelimit(conn, TIME_LIMIT_MS):
            try:
                return page.question(conn, asked)
            except Exception as problem:
                # Which class it is depends on the SQLite module that Datasette found; its words are the same.
                if problem.args == ("interrupted",):
                    raise ArgumentError("q", "too_slow") from None
                raise

    found: dict[str, Any] | None = await database.execute_fn(in_thread)
    return found


def _machine(page: Page, request: Any, w: Wording, answer: dict[str, Any], form: str, made: datetime) -> bytes:
    base = _base(request)
    if form == "csv" and page.rows:
        return formats.csv_bytes(page.rows(answer, base))
    if form == "atom":
        return _feed(request, w, answer, made)
    if form in ("bib", "ris", "csl.json"):
        link = f"{base}/figures/{answer['id']}"
        makers = {"bib": citation.bibtex, "ris": citation.ris, "csl.json": citation.csl}
        return makers[form](answer, link).encode("utf-8", "replace")
    return formats.json_bytes(answer, _links(page, request, answer), made.isoformat())


def _links(page: Page, request: Any, answer: dict[str, Any]) -> dict[str, str]:
    """Addresses of the same answer in other forms, and of the next and previous page of a list."""
    bare = _bare(request)
    tail = f"?{request.query_string}" if request.query_string else ""
    base = _base(request)
    links = {"self": f"{base}{_path(request)}{tail}", "html": f"{base}{bare or '/'}{tail}"}
    if page.rows:
        links["csv"] = f"{base}{bare or '/index'}.csv{tail}"
    number = answer.get("page")
    if isinstance(number, int) and answer.get("more"):
        links["next"] = f"{base}{_path(request)}{_changed(request, page=number + 1)}"
    if isinstance(number, int) and number > 1:
        links["previous"] = f"{base}{_path(request)}{_changed(request, page=number - 1)}"
    if page.name == "changes" and answer["more"]:
        links["next"] = f"{base}{_path(request)}{_changed(request, since=answer['next'])}"
    return links


def _feed(request: Any, w: Wording, answer: dict[str, Any], made: datetime) -> bytes:
    base = _base(request)
    tail = f"?{request.query_string}" if request.query_string else ""
    entries = [
        {
            "id": f"{base}/figures/{one['id']}",
            "url": f"{base}/figures/{one['id']}",
            "title": citation.claim({**one}, w),
            "updated": one["article"]["published_at"] or made.isoformat(),
            "author": one["article"]["source_name"],
            "text": "".join(text for text, _ in one["context"]),
        }
        for one in answer["results"]
    ]
    title = w.t("feed.title", q=answer["q"]) if answer["q"] else w.t("site.name")
    return formats.atom_bytes(title, f"{base}/search.atom{tail}", f"{base}/search{tail}", made.isoformat(), entries)


async def _html(page: Page, datasette: Any, request: Any, w: Wording, answer: dict[str, Any], now: datetime) -> bytes:
    bare = _bare(request)
    tail = f"?{request.query_string}" if request.query_string else ""
    context = {
        **_dress(datasette, request, w),
        "page": answer,
        "now": now,
        "alternates": {
            "json": f"{bare or '/index'}.json{tail}",
            "csv": f"{bare or '/index'}.csv{tail}" if page.rows else None,
            "atom": f"{bare}.atom{tail}" if "atom" in page.extra else None,
        },
        "permalink": f"{_base(request)}{bare or '/'}",
        "cite": {language: citation.plain(answer, f"{_base(request)}{bare}", language) for language in languages()}
        if page.name == "figure"
        else {},
        "bibtex": citation.bibtex(answer, f"{_base(request)}{bare}") if page.name == "figure" else "",
        "kinds": KINDS,
        "measures": MEASURES,
        "sorts": SORTS,
        "ratings": RATINGS,
    }
    text = await datasette.jinja_env.get_template(f"{page.name}.html").render_async(context)
    return str(text).encode("utf-8", "replace")


def _dress(datasette: Any, request: Any, w: Wording) -> dict[str, Any]:
    """What every template may call: words, numbers, addresses."""
    chosen = request.args.get("lang")
    carried = {"lang": w.language} if chosen in languages() else {}

    def href(path: str, *, mark: str = "", **parameters: Any) -> str:
        query = urlencode({**{k: v for k, v in parameters.items() if v not in (None, "")}, **carried}, doseq=True)
        return quote(path, safe="/@:~") + (f"?{query}" if query else "") + (f"#{mark}" if mark else "")

    def again(**changes: Any) -> str:
        return (_bare(request) or "/") + _changed(request, **{"page": None, **changes})

    def spoken(language: str) -> str:
        return (_bare(request) or "/") + _changed(request, lang=language)

    return {
        "w": w,
        "t": w.t,
        "lang": w.language,
        "languages": languages(),
        "wording": wording,
        "href": href,
        "again": again,
        "spoken": spoken,
        "carried": carried,
        "name": lambda ref: chart.w_name(ref, w),
        "amount": lambda receipt: citation.figure_amount(receipt, w),
        "claim": lambda receipt: citation.claim(receipt, w),
        "fragment": citation.fragment,
        "web_address": citation.web_address,
        "draw": lambda series, breaks, width, name: chart.draw(
            series, breaks, w, width, name, lambda figure: href(f"/figures/{figure}")
        ),
        "given": {key: request.args.getlist(key)[-1] for key in request.args},
        "path": _bare(request) or "/",
        "databases": [one for one in datasette.databases if not one.startswith("_")],
        "alternates": {},
        "index_page": _bare(request) in ("", "/"),
    }


async def _refuse_argument(datasette: Any, request: Any, w: Wording, problem: Any, machine: bool) -> Response:
    name = str(problem.parameter)
    reason = getattr(problem, "reason", None)
    text = (
        w.t(f"error.argument_{reason}", name=name, allowed=problem.allowed)
        if isinstance(problem, ArgumentError)
        else w.t("error.argument_query", name=name, reason=str(problem))
    )
    return await _refuse(datasette, request, w, 400, text, machine=machine, parameter=name)


async def _refuse(
    datasette: Any, request: Any, w: Wording, status: int, reason: str, *, machine: bool, parameter: str | None = None
) -> Response:
    remedy = w.t(f"remedy.{status}")
    headers = {"Cache-Control": "no-store"}
    if machine:
        body = formats.error_bytes(status, reason, remedy, parameter)
        return Response(body, status=status, headers=headers, content_type=TYPES["json"])
    context = {**_dress(datasette, request, w), "status": status, "reason": reason, "remedy": remedy}
    text = await datasette.jinja_env.get_template("refusal.html").render_async(context)
    return Response(str(text).encode("utf-8", "replace"), status=status, headers=headers, content_type=TYPES["html"])


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else str(body).encode("utf-8", "replace")


def _wording(request: Any) -> Wording:
    return wording(choose_language(request.args.get("lang"), request.headers.get("accept-language", "")))


def _path(request: Any) -> str:
    return str(request.path)


def _bare(request: Any) -> str:
    """The address without prefix of the API and without format: that of the page for people."""
    path = _path(request).removeprefix("/api/v1")
    for ending in (".csl.json", ".json", ".csv", ".atom", ".bib", ".ris"):
        path = path.removesuffix(ending)
    return "" if path in ("/", "/index") else path


def _base(request: Any) -> str:
    return f"{request.scheme}://{request.host}"


def _changed(request: Any, **changes: Any) -> str:
    """The query string with some parameters set or (None) taken away."""
    pairs = [(k, v) for k in request.args for v in request.args.getlist(k) if k not in changes and v != ""]
    pairs += [(k, str(v)) for k, v in changes.items() if v not in (None, "")]
    return f"?{urlencode(pairs)}" if pairs else ""
