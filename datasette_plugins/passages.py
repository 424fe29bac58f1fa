"""`/check`: a text is pasted, and each of its numbers is held against the ledger.

In: GET with `text=` or POST of a form, of plain text or of JSON `{"text", "language"}`. Out: the page, JSON or CSV of
`index.passage`. Nothing that was pasted is kept, logged or cached. Texts are read one at a time beside the other requests, so
that a heavy reader holds up only those who also paste.

    curl -d 'text=GDP năm 2025 tăng 8,02%' http://127.0.0.1:8001/check.json
"""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

from datasette import Response, hookimpl

from datasette_plugins.answer import make, refuse, wording_of
from datasette_plugins.arguments import ArgumentError, Arguments
from datasette_plugins.pages import form_of, moments
from datasette_plugins.questions import CHECK, LANGUAGES, PAGES, Asked
from index.passage import LONGEST, read_passage

PATHS = ("/check", "/check.json", "/check.csv", "/api/v1/check", "/api/v1/check.json", "/api/v1/check.csv")
LONGEST_BODY = 64 * 1024
"""Bytes of a request: the longest text, each letter escaped as a form does."""
PATIENCE = 10
"""Seconds in which a request must have arrived."""
WAITING = 12
"""Texts that may wait for the one that is being read."""

_reader = ThreadPoolExecutor(1, "passage")
_waiting: set[object] = set()


class UnreadableError(Exception):
    """A request that cannot be read: the status that says so."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [
        (r"^/check(?P<format>\.json|\.csv)?$", check),
        (r"^/api/v1(?P<api>)/check(?P<format>\.json|\.csv)?$", check),
    ]


@hookimpl
def skip_csrf(datasette: Any, scope: Any) -> bool:
    """Nobody signs in here and nothing is stored: there is nothing to forge."""
    return scope["path"] in PATHS


async def check(datasette: Any, request: Any) -> Response:
    """The answer, never to be stored."""
    form = form_of(request)
    machine = form != "html"
    w = wording_of(request, machine)
    now, made_at = moments(datasette)
    page = next(one for one in PAGES if one.name == "check")
    given: Asked | ArgumentError
    try:
        values = await _given(request)
        arguments = Arguments(values, CHECK, strict=machine)
        text, language = arguments.passage("text", LONGEST), arguments.choice("language", LANGUAGES)
        passage = await _read(text, now.date(), language) if text else None
        given = Asked("", arguments, lambda name: [], w, now, passage)
    except ArgumentError as problem:
        given = problem
    except UnreadableError as problem:
        status = problem.status
        answer = await refuse(datasette, request, w, status, w.t(f"error.{status}"), machine=machine)
        if status == 429:
            answer.headers["Retry-After"] = "5"
        return answer
    made = await make(page, datasette, request, form, w, now, made_at, given)
    headers = {"Cache-Control": "no-store"}
    if form == "html":
        headers |= {"Vary": "Accept-Language", "Content-Language": w.language}
    return Response(made.body, status=made.status, headers=headers, content_type=made.kind)


async def _read(text: str, today: Any, language: str | None) -> Any:
    """The text as it was read, when its turn has come."""
    if len(_waiting) >= WAITING:
        raise UnreadableError(429)
    turn = object()
    _waiting.add(turn)
    try:
        return await asyncio.get_running_loop().run_in_executor(_reader, read_passage, text, today, language)
    finally:
        _waiting.discard(turn)


async def _given(request: Any) -> Mapping[str, str]:
    """The parameters of the address, and over them those of the body."""
    values = {name: request.args.getlist(name)[-1] for name in request.args}
    if request.method != "POST":
        return values
    try:
        async with asyncio.timeout(PATIENCE):
            body = await _body(request)
    except TimeoutError:
        raise UnreadableError(408) from None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return values | _fields(kind, body.decode("utf-8", "replace"))


async def _body(request: Any) -> bytes:
    """The whole body, never more than LONGEST_BODY of it."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise UnreadableError(400)
        part = message.get("body", b"")
        size += len(part)
        if size > LONGEST_BODY:
            raise UnreadableError(413)
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _fields(kind: str, body: str) -> dict[str, str]:
    """The fields of a form, of a JSON object, or a plain text that is the text itself."""
    if kind == "text/plain":
        return {"text": body}
    try:
        if kind == "application/json":
            found = json.loads(body)
            if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
                raise UnreadableError(400)
            return found
        if kind in ("application/x-www-form-urlencoded", ""):
            return {name: given[-1] for name, given in parse_qs(body, True, max_num_fields=20).items()}
    except (ValueError, RecursionError):
        raise UnreadableError(400) from None
    raise UnreadableError(415)
