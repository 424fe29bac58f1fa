"""Every answer obeys the guard: hosts, methods, hidden pages, headers; and no odd request is a 500."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from datasette_plugins.guard import asgi_wrapper

Ask = Callable[..., Any]
PATHS = [
    "/",
    "/search?q=GDP",
    "/figures/none",
    "/index.json",
    "/search.csv",
    "/published",
    "/published/statements",
    "/static/solieu.css",
]


@pytest.mark.parametrize("path", PATHS)
def test_headers(ask: Ask, path: str) -> None:
    headers = ask(path).headers
    csp = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert csp["default-src"] == "'none'"
    assert csp["script-src"] == "'self'"
    assert csp["object-src"] == csp["base-uri"] == csp["frame-ancestors"] == "'none'"
    assert csp["form-action"] == "'self'"
    if not path.startswith("/published"):
        assert csp["style-src"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] in ("strict-origin-when-cross-origin", "no-referrer")


def test_programs_elsewhere_may_read_data_but_not_pages(ask: Ask) -> None:
    for path in ("/index.json", "/search.csv?q=gdp", "/api/v1/search?q=gdp", "/search.json?min=x"):
        assert ask(path, headers={"origin": "https://evil.invalid"}).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in ask("/", headers={"origin": "https://evil.invalid"}).headers


@pytest.mark.parametrize(
    "host", ["evil.invalid", "localhost.evil.invalid", "localhost@evil.invalid", "evil.invalid:80", "127.0.0.1:x", ""]
)
def test_a_foreign_host_is_not_answered(ask: Ask, host: str) -> None:
    answer = ask("/", headers={"host": host})
    assert answer.status_code == 421
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8001", "127.0.0.1:8001", "[::1]:8001"])
def test_loopback_is_answered(ask: Ask, host: str) -> None:
    assert ask("/about", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO"])
def test_only_reading(ask: Ask, method: str) -> None:
    for path in ("/", "/published/statements", "/-/messages", "/check/x", "/checks", "/check.atom"):
        answer = ask(path, method)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_programs_are_refused_in_json(ask: Ask) -> None:
    for path, method, status in (
        ("/api/v1/search", "PUT", 405),
        (f"/search.json?q={'a' * 5000}", "GET", 414),
        ("/published/statements.json?sql=select+1", "GET", 400),
        ("/api/v1/x%00", "GET", 400),
    ):
        answer = ask(path, method)
        assert answer.status_code == status
        error = answer.json()["error"]
        assert error["status"] == status
        assert error["reason"]
        assert error["remedy"]


def test_head_and_options(ask: Ask) -> None:
    head = ask("/about", "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == ask("/about").headers["etag"]
    assert ask("/index.json", "OPTIONS").status_code == 204


@pytest.mark.parametrize(
    "path",
    [
        "/-/threads", "/-/permissions", "/-/plugins.json", "/-/settings", "/-/databases", "/-/allow-debug", "/-/logout",
        "/-/auth-token", "/-/messages", "/_internal", "/_internal/databases", "/_memory", "/published.db", "/-/metadata",
    ],
)  # fmt: skip
def test_debug_pages_and_files_are_hidden(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status_code == 404
    assert "/work" not in answer.text


@pytest.mark.parametrize(
    "query",
    ["sql=select+1", "_where=1=1", "_through={}", "_trace=1", "_timelimit=x", "_extra=x"],
)
def test_sql_is_closed(ask: Ask, query: str) -> None:
    for path in ("/published", "/published.json", "/published/statements", "/published/statements.json"):
        assert ask(f"{path}?{query}").status_code in (400, 403)


def test_no_redirect_leaves_the_site(ask: Ask) -> None:
    for path in (
        "//evil.invalid/",
        "/\\evil.invalid/",
        "/%5cevil.invalid/",
        "/%2f%2fevil.invalid/",
        "/evil.invalid//",
        "/%0d%0aX: y/",
    ):
        answer = ask(path)
        target = answer.headers.get("location", "/")
        assert target.startswith("/")
        assert not target.startswith(("//", "/\\"))
        assert answer.status_code < 500


ODD_VALUES = [
    "", "x", "-1", "0", "1e9", "9" * 40, "%00", "%ff%fe", "'", '"', '"*', "\\", "(", "NEAR(", "a AND", "*", "^", "{}", "[]",
    "%F0%9F%98%80", "%ED%A0%80", "null", "../../etc/passwd", "<script>alert(1)</script>", "a" * 290, "1..5", "2025-13",
    "2025-02-30", "%E2%80%AE", "1/0", "'; drop table statements; --",
]  # fmt: skip
ODD_NAMES = [
    "q", "kind", "indicator", "place", "period", "min", "max", "unit", "source", "language", "measure", "from", "to", "sort",
    "page", "lang", "as_of", "status", "actor", "due", "since", "_sort", "_size", "_next", "_search", "_facet", "_col",
    "_nocol", "_shape", "_facet_size", "_sort_desc", "_search_kind", "kind__like", "number__gt", "_ttl", "_json",
]  # fmt: skip
ODD_PAGES = ["/", "/search", "/search.json", "/commitments", "/compare", "/changes.json", "/published/statements"]


@pytest.mark.timeout(300)
def test_no_odd_question_is_a_500(ask: Ask) -> None:
    """Every parameter of ours and of Datasette with every odd value, on the pages that understand it."""
    bad = []
    for i, name in enumerate(ODD_NAMES):
        for j, value in enumerate(ODD_VALUES):
            page = ODD_PAGES[(i + j) % len(ODD_PAGES)] if not name.startswith("_") else "/published/statements.json"
            answer = ask(f"{page}?{name}={value}")
            if answer.status_code >= 500:
                bad.append((answer.status_code, page, name, value))
    assert bad == []


def test_no_odd_path_is_a_500(ask: Ask) -> None:
    ids = [*ODD_VALUES, "a" * 3000, "%2e%2e", "~00", "x.json.json", ".json", "%F0", "a;b", "a?b#c"]
    for folder in (
        "figures",
        "indicators",
        "places",
        "sources",
        "articles",
        "commitments",
        "static",
        "published",
        "api/v1/figures",
    ):
        for one in ids:
            if "\\" not in one and '"' not in one:
                assert ask(f"/{folder}/{one}").status_code < 500, (folder, one)


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": 'a="\x01'},
        {"cookie": "ds_actor=junk; ds_messages=x"},
        {"authorization": "Bearer x"},
        {"accept-language": "\x7f" * 500},
        {"if-none-match": '"' * 500},
        {"range": "bytes=5-1"},
    ],
)
def test_odd_headers(ask: Ask, headers: dict[str, str]) -> None:
    answer = ask("/", headers=headers)
    assert answer.status_code == 200
    assert "no-store" not in answer.headers["cache-control"]


class Site:
    """As much of Datasette as the guard looks at."""

    databases = ("tracker", "_internal")

    def plugin_config(self, name: str) -> dict[str, Any]:
        return {"hosts": ["solieu.example"]} if name == "solieu" else {}


def through_guard(app: Callable[..., Any], **scope: Any) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    given = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [],
        **scope,
    }
    asyncio.run(asgi_wrapper(Site())(app)(given, None, send))  # type: ignore[arg-type]
    return sent


async def failing(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 500, "headers": []})
    await send({"type": "http.response.body", "body": b"a trace"})


async def stumbling(scope: Any, receive: Any, send: Any) -> None:
    scope["path"].encode("ascii").decode("utf-16")


def test_a_named_host_is_answered() -> None:
    async def fine(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    assert through_guard(fine, headers=[(b"host", b"solieu.example:443")])[0]["status"] == 200
    assert through_guard(fine, headers=[(b"host", b"solieu.example"), (b"host", b"x")])[0]["status"] == 421


def test_a_failing_table_page_is_refused_and_a_failing_page_of_ours_is_not_hidden() -> None:
    assert through_guard(failing, path="/tracker/x", raw_path=b"/tracker/x")[0]["status"] == 400
    assert [m.get("body") for m in through_guard(failing, path="/tracker/x", raw_path=b"/tracker/x")][1:] == [
        b"The table page does not understand this address.\n"
    ]
    assert through_guard(failing)[0]["status"] == 500


def test_bytes_that_cannot_be_read_are_refused() -> None:
    assert through_guard(stumbling, path="/ab")[0]["status"] == 400


def test_websockets_are_closed() -> None:
    assert through_guard(failing, type="websocket") == [{"type": "websocket.close", "code": 1000}]
