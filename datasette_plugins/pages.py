"""The pages of the tracker and the same answers as JSON, CSV, Atom and citation files.

In: a request. Out: the answer of one row of `questions.PAGES` in the format that the address names.

    /figures/<id>   /figures/<id>.json   /api/v1/figures/<id>   /figures/<id>.bib     (one question, four faces)
"""

import hashlib
import sys
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from datasette import Response, hookimpl
from datasette.plugins import pm
from datasette.utils import sqlite_timelimit

from datasette_plugins import addresses, citation, formats
from datasette_plugins.arguments import ArgumentError, Arguments
from datasette_plugins.dress import page_html, refusal_html
from datasette_plugins.questions import PAGES, Asked, Page
from datasette_plugins.wording import Wording, choose_language, wording
from index.errors import QueryError
from index.quantity_query import quantity

HANOI = timezone(timedelta(hours=7))
TIME_LIMIT_MS = 3000
CACHE_BYTES = 24_000_000
TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json; charset=utf-8",
}


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
    threading.Thread(target=load_reader, daemon=True).start()


@cache
def load_reader() -> None:
    """The reader of quantities takes seconds to load: done at the start, and not on the time of the first question."""
    quantity("1%")


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Callable[[], Any]:
    """Datasette's own errors in the site's dress: 404 with a search box, never a trace."""

    async def inner() -> Response:
        status = getattr(exception, "status", None)
        if not isinstance(status, int):
            # A fault of ours (the guard turns those of Datasette's tables into a refusal): told in the log, not the page.
            traceback.print_exception(exception, file=sys.stderr)
            status = 500
        known = status if status in (400, 403, 404, 500) else 400
        machine = str(request.path).endswith((".json", ".csv"))
        w = _wording(request, machine)
        return await _refuse(datasette, request, w, known, w.t(f"error.{known}"), machine=machine)

    return inner


async def robots(datasette: Any, request: Any) -> Response:
    """Crawlers may read the pages; the filters of search and Datasette's tables are an endless maze."""
    tables = [datasette.urls.database(name) for name in datasette.databases if not name.startswith("_")]
    lines = ["User-agent: *", "Disallow: /search", "Disallow: /compare", *[f"Disallow: {path}" for path in tables]]
    return Response.text("\n".join(lines) + "\n")


def _view(page: Page) -> Callable[..., Any]:
    async def view(datasette: Any, request: Any) -> Response:
        return await _answer(page, datasette, request)

    return view


_answers: OrderedDict[tuple[str, ...], tuple[int, str, bytes, str]] = OrderedDict()


async def _answer(page: Page, datasette: Any, request: Any) -> Response:
    api = "api" in request.url_vars
    form = (request.url_vars.get("format") or "").removeprefix(".") or ("json" if api else "html")
    w = _wording(request, form not in ("html", "atom"))
    database = datasette.get_database()
    now = datetime.now(HANOI).replace(minute=0, second=0, microsecond=0)
    made = datetime.fromtimestamp(Path(database.path).stat().st_mtime, UTC) if database.path else now
    key = (
        addresses.base(request),
        str(request.path),
        request.query_string,
        w.language,
        form,
        made.isoformat(),
        now.isoformat(),
    )
    # A snapshot never changes while it is served: the same answer is made once an hour, when "due" may have moved.
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
    html = form == "html"
    body = (
        page_html(page, datasette, request, w, answer, now) if html else _machine(page, request, w, answer, form, made)
    )
    return status, TYPES[form], body, f'"{hashlib.sha256(body).hexdigest()[:24]}"'


async def _ask(database: Any, page: Page, asked: Asked) -> dict[str, Any] | None:
    def in_thread(conn: Any) -> dict[str, Any] | None:
        if page.name == "search":
            load_reader()
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
    base = addresses.base(request)
    if form == "csv" and page.rows:
        return formats.csv_bytes(page.rows(answer, base))
    if form == "atom":
        return _feed(request, w, answer, made)
    if form in ("bib", "ris", "csl.json"):
        link = f"{base}/figures/{answer['id']}"
        makers = {"bib": citation.bibtex, "ris": citation.ris, "csl.json": citation.csl}
        return makers[form](answer, link).encode("utf-8", "replace")
    return formats.json_bytes(answer, addresses.links(page, request, answer), made.isoformat())


def _feed(request: Any, w: Wording, answer: dict[str, Any], made: datetime) -> bytes:
    base = addresses.base(request)
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
    return formats.atom_bytes(
        title,
        f"{base}/search.atom{addresses.tail(request)}",
        f"{base}/search{addresses.tail(request)}",
        made.isoformat(),
        entries,
    )


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
    body = refusal_html(datasette, request, w, status, reason, remedy)
    return Response(body, status=status, headers=headers, content_type=TYPES["html"])


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else str(body).encode("utf-8", "replace")


def _wording(request: Any, machine: bool) -> Wording:
    """The reader's language; a program that names none is answered in English."""
    accepted = request.headers.get("accept-language", "")
    return wording(choose_language(request.args.get("lang"), accepted, "en" if machine else "vi"))
