"""One answer of one question in the form that was asked for: HTML, JSON, CSV, Atom, a citation file, or a refusal.

In: a page's row, a request, what it asks. Out: `Made`: status, content type, body, tag.

    made = await make(page, datasette, request, asked, "json", made_at)
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from datasette import Response
from datasette.utils import sqlite_timelimit

from datasette_plugins import addresses, citation, formats
from datasette_plugins.arguments import ArgumentError
from datasette_plugins.dress import page_html, refusal_html
from datasette_plugins.questions import LANGUAGES, Asked, Page
from datasette_plugins.wording import Wording, choose_language, wording
from index.errors import QueryError
from index.passage import read_passage
from index.quantity_query import quantity

TIME_LIMIT_MS = 3000
TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Made:
    """An answer that can be sent, and sent again."""

    status: int
    kind: str
    body: bytes
    etag: str = '""'


@cache
def load_reader() -> None:
    """The readers take seconds to load: done at the start, and not on the time of the first question."""
    quantity("1%")
    for language in LANGUAGES:
        read_passage("1%.", date(2000, 1, 1), language)


async def make(
    page: Page,
    datasette: Any,
    request: Any,
    form: str,
    w: Wording,
    now: datetime,
    made: datetime,
    given: Asked | ArgumentError,
) -> Made:
    """The answer of `page` to what was asked, or the refusal of an argument."""
    machine = form != "html"
    try:
        if isinstance(given, ArgumentError):
            raise given
        answer = await _ask(datasette.get_database(), page, given)
    except (ArgumentError, QueryError) as problem:
        return _made(await refuse_argument(datasette, request, w, problem, machine))
    if answer is None or (form == "csv" and page.rows is None):
        return _made(await refuse(datasette, request, w, 404, w.t(f"error.no_{page.name}"), machine=machine))
    status = 410 if answer.get("withdrawn") else 200
    html = form == "html"
    body = (
        page_html(page, datasette, request, w, answer, now) if html else _machine(page, request, w, answer, form, made)
    )
    return Made(status, TYPES[form], body, f'"{hashlib.sha256(body).hexdigest()[:24]}"')


def _made(response: Response) -> Made:
    body = response.body
    data = body if isinstance(body, bytes) else str(body).encode("utf-8", "replace")
    return Made(response.status, response.content_type, data)


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
                    raise ArgumentError("text" if page.name == "check" else "q", "too_slow") from None
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


async def refuse_argument(datasette: Any, request: Any, w: Wording, problem: Any, machine: bool) -> Response:
    name = str(problem.parameter)
    reason = getattr(problem, "reason", None)
    text = (
        w.t(f"error.argument_{reason}", name=name, allowed=problem.allowed)
        if isinstance(problem, ArgumentError)
        else w.t("error.argument_query", name=name, reason=str(problem))
    )
    return await refuse(datasette, request, w, 400, text, machine=machine, parameter=name)


async def refuse(
    datasette: Any, request: Any, w: Wording, status: int, reason: str, *, machine: bool, parameter: str | None = None
) -> Response:
    remedy = w.t(f"remedy.{status}")
    headers = {"Cache-Control": "no-store"}
    if machine:
        body = formats.error_bytes(status, reason, remedy, parameter)
        return Response(body, status=status, headers=headers, content_type=TYPES["json"])
    body = refusal_html(datasette, request, w, status, reason, remedy)
    return Response(body, status=status, headers=headers, content_type=TYPES["html"])


def wording_of(request: Any, machine: bool) -> Wording:
    """The reader's language; a program that names none is answered in English."""
    accepted = request.headers.get("accept-language", "")
    return wording(choose_language(request.args.get("lang"), accepted, "en" if machine else "vi"))
