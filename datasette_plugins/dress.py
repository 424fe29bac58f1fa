"""Answers dressed for people: what the templates may call, and the page that comes of it.

In: the answer of a page's question. Out: HTML.
"""

from datetime import datetime
from functools import cache
from typing import Any

from datasette_plugins import addresses, chart, citation
from datasette_plugins.questions import CHECK_VERDICTS, KINDS, RATINGS, SORTS, Page
from datasette_plugins.wording import Wording, languages, wording
from index.catalogue import shipped
from index.instrument_queries import instrument_id
from index.passage import VERDICTS


def page_html(page: Page, datasette: Any, request: Any, w: Wording, answer: dict[str, Any], now: datetime) -> bytes:
    """The page of an answer."""
    permalink = f"{addresses.base(request)}{addresses.bare(request) or '/'}"
    context = {
        **_dress(datasette, request, w),
        "page": answer,
        "now": now,
        # what was pasted is in no address
        "alternates": {} if request.method == "POST" else addresses.alternates(page, request),
        "permalink": permalink,
        "kinds": KINDS,
        "sorts": SORTS,
        "check_verdicts": CHECK_VERDICTS,
        "ratings": RATINGS,
        "verdicts": VERDICTS,
    }
    if page.name == "figure":
        context["cite"] = {language: citation.plain(answer, permalink, language) for language in languages()}
        context["bibtex"] = citation.bibtex(answer, permalink)
    return _render(datasette, f"{page.name}.html", context)


def refusal_html(datasette: Any, request: Any, w: Wording, status: int, reason: str, remedy: str) -> bytes:
    """What is said instead of a page; its own search box stands in the middle."""
    context = {**_dress(datasette, request, w), "status": status, "reason": reason, "remedy": remedy}
    return _render(datasette, "refusal.html", {**context, "index_page": True})


def _render(datasette: Any, template: str, context: dict[str, Any]) -> bytes:
    text = _templates(datasette.jinja_env).get_template(template).render(context)
    return str(text).encode("utf-8", "replace")


@cache
def _templates(env: Any) -> Any:
    """Datasette's templates without its coroutines, which our pages have no use for, and read once."""
    return env.overlay(enable_async=False, auto_reload=False)


def _dress(datasette: Any, request: Any, w: Wording) -> dict[str, Any]:
    """What every template may call: words, numbers, addresses."""
    chosen = request.args.get("lang")
    carried = {"lang": w.language} if chosen in languages() else {}
    path = addresses.bare(request) or "/"

    def href(path: str, *, mark: str = "", **parameters: Any) -> str:
        return addresses.local(path, mark, {**parameters, **carried})

    def again(**changes: Any) -> str:
        return path + addresses.changed(request, **{"page": None, **changes})

    return {
        "w": w,
        "t": w.t,
        "lang": w.language,
        "languages": languages(),
        "wording": wording,
        "href": href,
        "again": again,
        "spoken": lambda language: path + addresses.changed(request, lang=language),
        "carried": carried,
        "name": w.name,
        "amount": lambda receipt, qualified=True: citation.figure_amount(receipt, w, qualified),
        "cap": lambda text: text[:1].upper() + text[1:],
        "together": _together,
        "titled": lambda key, id: _titled(key, id, w),
        "claim": lambda receipt: citation.claim(receipt, w),
        "document": lambda name: href(f"/instruments/{instrument_id(name)}"),
        "fragment": citation.fragment,
        "web_address": citation.web_address,
        "draw": lambda series, breaks, width, name: chart.draw(
            series, breaks, w, width, name, lambda figure: href(f"/figures/{figure}")
        ),
        "given": {key: request.args.getlist(key)[-1] for key in request.args},
        "path": path,
        "tables": [datasette.urls.database(one) for one in datasette.databases if not one.startswith("_")],
        "alternates": {},
        "index_page": path == "/",
    }


def _titled(key: str, id: str, w: Wording) -> str:
    """The name of an indicator or place by its id, as a filter that found nothing still has to show it."""
    rows = {"indicator": shipped().indicators, "place": shipped().places}.get(key, {})
    row = rows.get(id) or next((one for one in rows.values() if one.get("unit") == id), {})
    return str(row.get(w.language) or row.get("vi") or id)


def _together(found: list[dict[str, Any]], kind: str = "figures") -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The same words printed by several outlets shown once: the first of each, with the others' receipts."""
    groups: dict[Any, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
    for one in found:
        receipt = one["figure"] if kind == "checks" else one
        key = (receipt["printed"], "".join(text for text, _ in receipt["context"]), receipt["kind"])
        if key in groups:
            groups[key][1].append(receipt)
        else:
            groups[key] = (one, [])
    return list(groups.values())
