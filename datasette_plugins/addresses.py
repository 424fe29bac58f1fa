"""Addresses of the same answer in other forms, languages and pages of a list.

In: a request. Out: paths and query strings, always escaped.

>>> changed(request, page=2)          # of /search?q=GDP&page=1
'?q=GDP&page=2'
"""

from typing import Any
from urllib.parse import quote, urlencode

from datasette_plugins.questions import Page

API = "/api/v1"
FORMATS = (".csl.json", ".json", ".csv", ".atom", ".bib", ".ris")


def base(request: Any) -> str:
    """Scheme and host; the guard lets only trusted hosts come this far."""
    return f"{request.scheme}://{request.host}"


def bare(request: Any) -> str:
    """The path without prefix of the API and without format: that of the page for people, empty for the front page."""
    path = str(request.path).removeprefix(API)
    for ending in FORMATS:
        path = path.removesuffix(ending)
    return "" if path in ("/", "/index") else path


def tail(request: Any) -> str:
    """The query string with its question mark, as it came."""
    return f"?{request.query_string}" if request.query_string else ""


def changed(request: Any, **changes: Any) -> str:
    """The query string with some parameters set or (None) taken away."""
    pairs = [(k, v) for k in request.args for v in request.args.getlist(k) if k not in changes and v != ""]
    pairs += [(k, str(v)) for k, v in changes.items() if v not in (None, "")]
    return f"?{urlencode(pairs, errors='replace')}" if pairs else ""


def local(path: str, mark: str, parameters: dict[str, Any]) -> str:
    """A path of this site with parameters (blank ones left out, lists repeated) and a fragment."""
    given = {key: value for key, value in parameters.items() if value not in (None, "")}
    query = urlencode(given, doseq=True, errors="replace")
    return quote(path, safe="/@:~", errors="replace") + (f"?{query}" if query else "") + (f"#{mark}" if mark else "")


def alternates(page: Page, request: Any) -> dict[str, str | None]:
    """The same answer for programs, for the page's head and foot."""
    path, query = bare(request) or "/index", tail(request)
    return {
        "json": f"{path}.json{query}",
        "csv": f"{path}.csv{query}" if page.rows else None,
        "atom": f"{path}.atom{query}" if "atom" in page.extra else None,
    }


def links(page: Page, request: Any, answer: dict[str, Any]) -> dict[str, str]:
    """The `links` of the JSON envelope: self, html, csv, and the next and previous page of a list."""
    here, path = base(request), str(request.path)
    found = {"self": f"{here}{path}{tail(request)}", "html": f"{here}{bare(request) or '/'}{tail(request)}"}
    if page.rows:
        found["csv"] = f"{here}{bare(request) or '/index'}.csv{tail(request)}"
    number = answer.get("page")
    if isinstance(number, int) and answer.get("more"):
        found["next"] = f"{here}{path}{changed(request, page=number + 1)}"
    if isinstance(number, int) and number > 1:
        found["previous"] = f"{here}{path}{changed(request, page=number - 1)}"
    if page.name == "changes" and answer["more"]:
        found["next"] = f"{here}{path}{changed(request, since=answer['next'])}"
    return found
