"""What every answer has to obey, whoever made it: hosts, methods, paths, headers.

In: Datasette's ASGI application. Out: the same, wrapped. It answers only to trusted host names (loopback, and those listed
under `plugins: solieu: hosts` in metadata.yml) and to GET, HEAD and OPTIONS (POST at `/check`); hides Datasette's debug
pages; sets CSP and its sisters; and turns an odd request that Datasette 0.65 would answer with 500 into a plain 400.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.utils import tilde_encode

from datasette_plugins.formats import error_bytes

METHODS = {"GET", "HEAD", "OPTIONS"}
PASTED = re.compile(r"^(?:/api/v1)?/check(?:\.json|\.csv)?$")
"""Where a text may be posted, or stand in a longer address; nothing is stored."""
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
LONGEST_ADDRESS = 4000
LONGEST_PASTED = 30_000
LONGEST_NAME = 250
"""Of one step of a path: a file system knows none longer, and Datasette's static files would answer 500."""
OWN_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
TABLE_CSP = OWN_CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""Datasette's own table pages carry inline styles; their inline scripts stay off."""
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), interest-cohort=()"),
)
HIDDEN = re.compile(r"^/-/(?!static/|static-plugins/)|^/_internal|^/_memory|\.db$|^/[^/]+/-/|\.jsono$")
"""Debug pages, the internal database, downloads of the working file."""
ODD = re.compile(r"[\x00-\x1f\x7f\\]|^//|%5c|%00|%0[ad]", re.IGNORECASE)
SQL = re.compile(r"(^|&)(sql|_where|_through|_trace|_timelimit|_nofacet|_extra|_labels|_stream)=", re.IGNORECASE)
"""Parameters of Datasette that open SQL or its known failures; our pages have no use for them."""

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    hosts = LOOPBACK | set((datasette.plugin_config("solieu") or {}).get("hosts") or ())
    databases = {tilde_encode(name) for name in datasette.databases if not name.startswith("_")}
    return lambda app: _guarded(app, hosts, databases)


def _guarded(app: App, hosts: set[str], databases: set[str]) -> App:
    async def guarded(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        refusal = _refuse(scope, hosts)
        if refusal:
            await _plain(send, *refusal, body=scope["method"] != "HEAD", machine=_machine(scope))
            return
        await _answer(app, scope, receive, send, databases)

    return guarded


def _refuse(scope: dict[str, Any], hosts: set[str]) -> tuple[int, str] | None:
    """Status and reason of a request that goes no further; None where it may."""
    raw = _raw_path(scope)
    query = (scope.get("query_string") or b"").decode("latin-1")
    pasted = PASTED.match(raw) is not None
    if scope["method"] not in METHODS and not (pasted and scope["method"] == "POST"):
        return 405, "This site is read-only: use GET or HEAD."
    given = [value.decode("latin-1") for name, value in scope.get("headers") or [] if name.lower() == b"host"]
    name = re.sub(r":\d{1,5}$", "", given[0]).lower() if len(given) == 1 else None
    if given and name not in hosts:
        return 421, "This server does not answer for that host name."
    if len(raw) + len(query) > (LONGEST_PASTED if pasted else LONGEST_ADDRESS):
        return 414, "The address is too long."
    if ODD.search(raw) or not raw.startswith("/"):
        return 400, "The address holds characters that no page has."
    if HIDDEN.search(raw) or max(map(len, raw.split("/"))) > LONGEST_NAME:
        return 404, "There is no such page."
    return None


def _machine(scope: dict[str, Any]) -> bool:
    """Whether the address is one for programs, which are refused in JSON."""
    path = _raw_path(scope)
    return path.startswith("/api/") or path.endswith((".json", ".csv"))


def _raw_path(scope: dict[str, Any]) -> str:
    raw = scope.get("raw_path")
    path = raw.decode("latin-1").partition("?")[0] if raw is not None else scope["path"]
    return str(path)


async def _answer(app: App, scope: dict[str, Any], receive: Receive, send: Send, databases: set[str]) -> None:
    tables = _raw_path(scope).split("/")[1].partition(".")[0] in databases
    query = (scope.get("query_string") or b"").decode("latin-1")
    if tables and SQL.search(query):
        await _plain(
            send,
            400,
            "SQL and its parameters are closed here.",
            body=scope["method"] != "HEAD",
            machine=_machine(scope),
        )
        return
    head = scope["method"] == "HEAD"
    # Nobody signs in here: without cookies a junk cookie cannot fail and every answer may be cached.
    kept = [(n, v) for n, v in scope.get("headers") or [] if n.lower() not in (b"cookie", b"authorization")]
    scope = dict(scope, headers=kept, method="GET" if head else scope["method"], head=head)
    state = {"started": False, "failed": False}

    async def guarded_send(message: dict[str, Any]) -> None:
        if state["failed"]:
            return
        if message["type"] == "http.response.start":
            if tables and message["status"] >= 500:
                state["failed"] = True
                await _plain(send, 400, "The table page does not understand this address.", body=not head)
                return
            state["started"] = True
            message = dict(message, headers=_headers(message.get("headers") or [], tables))
        elif head:
            message = dict(message, body=b"")
        await send(message)

    if scope["method"] == "OPTIONS":
        await _plain(send, 204, "", body=False, pasted=PASTED.match(_raw_path(scope)) is not None)
        return
    try:
        await app(scope, receive, guarded_send)
    except (UnicodeError, ValueError, KeyError):
        # Raw bytes that Datasette's own request reading stumbles over, before any page is asked.
        if state["started"]:
            raise
        await _plain(send, 400, "The request cannot be read.", body=not head, machine=_machine(scope))


def _headers(given: list[Any], tables: bool) -> list[tuple[bytes, bytes]]:
    headers = [(bytes(name).lower(), bytes(value)) for name, value in given]
    names = {name for name, _ in headers}
    csp = TABLE_CSP if tables else OWN_CSP
    added = [(b"content-security-policy", csp.encode()), *HEADERS]
    kind = next((value for name, value in headers if name == b"content-type"), b"")
    if not kind.startswith(b"text/html") and b"access-control-allow-origin" not in names:
        added.append((b"access-control-allow-origin", b"*"))
        added.append((b"access-control-expose-headers", b"ETag, Link"))
    if b"cache-control" not in names:
        added.append((b"cache-control", b"public, max-age=60"))
    return headers + [(name, value) for name, value in added if name not in names]


REMEDIES = {405: "Ask with GET.", 414: "Shorten the address.", 421: "Ask under the name of this site."}


async def _plain(
    send: Send, status: int, text: str, *, body: bool, pasted: bool = False, machine: bool = False
) -> None:
    kind = b"application/json; charset=utf-8" if machine else b"text/plain; charset=utf-8"
    headers = _headers([(b"content-type", kind)], False)
    headers = [(n, v if n != b"cache-control" else b"no-store") for n, v in headers]
    allowed = b"GET, HEAD, OPTIONS, POST" if pasted else b"GET, HEAD, OPTIONS"
    if status in (204, 405):
        headers.append((b"allow", allowed))
    if status == 204:
        headers.append((b"access-control-allow-methods", allowed))
    if pasted:
        headers.append((b"access-control-allow-headers", b"content-type"))
    data = f"{text}\n".encode() if text else b""
    if machine and text:
        data = error_bytes(
            status, text, REMEDIES.get(status, "See /openapi.json for the addresses and their parameters.")
        )
    if status != 204:
        headers.append((b"content-length", str(len(data)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data if body else b""})
