"""The pages of the tracker and the same answers as JSON, CSV, Atom and citation files.

In: a request. Out: the answer of one row of `questions.PAGES` in the format that the address names.

    /figures/<id>   /figures/<id>.json   /api/v1/figures/<id>   /figures/<id>.bib     (one question, four faces)
"""

import sys
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from weakref import WeakKeyDictionary

from datasette import Response, hookimpl
from datasette.plugins import pm

from datasette_plugins import addresses
from datasette_plugins.answer import Made, load_reader, make, refuse, wording_of
from datasette_plugins.arguments import ArgumentError, Arguments
from datasette_plugins.questions import PAGES, Asked, Page

HANOI = timezone(timedelta(hours=7))
CACHE_BYTES = 24_000_000


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    routes: list[tuple[str, Callable[..., Any]]] = []
    for page in (one for one in PAGES if not one.own):
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


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Callable[[], Any]:
    """Datasette's own errors in the site's dress: 404 with a search box, never a trace."""

    async def inner() -> Response:
        # A static file with a step behind it (/static/solieu.css/x) is no page either.
        status = 404 if isinstance(exception, NotADirectoryError) else getattr(exception, "status", None)
        if not isinstance(status, int):
            # A fault of ours (the guard turns those of Datasette's tables into a refusal): told in the log, not the page.
            traceback.print_exception(exception, file=sys.stderr)
            status = 500
        known = status if status in (400, 403, 404, 500) else 400
        machine = str(request.path).startswith(f"{addresses.API}/") or str(request.path).endswith((".json", ".csv"))
        w = wording_of(request, machine)
        return await refuse(datasette, request, w, known, w.t(f"error.{known}"), machine=machine)

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


_answers: OrderedDict[tuple[str, ...], Made] = OrderedDict()


_times: WeakKeyDictionary[Any, datetime] = WeakKeyDictionary()


def _made(datasette: Any, path: str | None) -> datetime | None:
    """When the snapshot of a site was published. Looked up once: the file of that name may be a newer one by now."""
    if path and datasette not in _times:
        _times[datasette] = datetime.fromtimestamp(Path(path).stat().st_mtime, UTC)
    return _times.get(datasette)


async def _answer(page: Page, datasette: Any, request: Any) -> Response:
    form = form_of(request)
    w = wording_of(request, form not in ("html", "atom"))
    now, made_at = moments(datasette)
    key = (
        addresses.base(request),
        str(request.path),
        request.query_string,
        w.language,
        form,
        made_at.isoformat(),
        now.isoformat(),
    )
    # A snapshot never changes while it is served: the same answer is made once an hour, when "due" may have moved.
    kept = _answers.get(key)
    if kept is None:
        given = _asked(page, request, form, w, now)
        kept = await make(page, datasette, request, form, w, now, made_at, given)
        _remember(key, kept)
    else:
        _answers.move_to_end(key)
    headers = {"ETag": kept.etag, "Cache-Control": "public, max-age=300" if kept.status == 200 else "no-store"}
    if form == "html":
        headers["Vary"] = "Accept-Language"
        headers["Content-Language"] = w.language
    if kept.status == 200 and kept.etag in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(b"", status=304, headers=headers, content_type=kept.kind)
    return Response(kept.body, status=kept.status, headers=headers, content_type=kept.kind)


def form_of(request: Any) -> str:
    """The form that the address asks for: html, json, csv …"""
    named = (request.url_vars.get("format") or "").removeprefix(".")
    return named or ("json" if "api" in request.url_vars else "html")


def moments(datasette: Any) -> tuple[datetime, datetime]:
    """The hour that it is in Hà Nội, and when the served snapshot was made."""
    now = datetime.now(HANOI).replace(minute=0, second=0, microsecond=0)
    return now, _made(datasette, datasette.get_database().path) or now


def _asked(page: Page, request: Any, form: str, w: Any, now: datetime) -> Asked | ArgumentError:
    args = request.args
    try:
        arguments = Arguments({name: args.getlist(name)[-1] for name in args}, page.parameters, strict=form != "html")
    except ArgumentError as problem:
        return problem
    return Asked(unquote(request.url_vars.get("id") or ""), arguments, args.getlist, w, now)


def _remember(key: tuple[str, ...], made: Made) -> None:
    """Keep what was made, the oldest going first; refusals are cheap and are not kept."""
    if made.status != 200:
        return
    _answers[key] = made
    held = sum(len(one.body) for one in _answers.values())
    while held > CACHE_BYTES:
        held -= len(_answers.popitem(last=False)[1].body)
