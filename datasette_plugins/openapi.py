"""The description of the API, made from the same table as its addresses.

In: `questions.PAGES`. Out: `/openapi.json`, OpenAPI 3.1.
"""

import json
from functools import cache
from typing import Any

from datasette import Response, hookimpl

from datasette_plugins.formats import API_VERSION
from datasette_plugins.questions import CHECK_VERDICTS, KINDS, MEASURES, PAGES, SORTS, STATUSES, Page
from index.passage import LONGEST

TEXT = {"type": "string", "maxLength": 300}
DAY = {"type": "string", "format": "date"}
PARAMETERS: dict[str, tuple[str, dict[str, Any]]] = {
    "q": ("Words, a phrase in quotation marks, or a quantity such as 8,02% or 2 triệu tỷ đồng", TEXT),
    "kind": ("What the figure does in its sentence", {"type": "string", "enum": list(KINDS)}),
    "indicator": ("Id of an indicator", TEXT),
    "place": ("Id of a place or of one version of it (hai_phong, hai_phong@34)", TEXT),
    "period": ("Reference period: 2025, 2025-Q3, 2025-S1, 2025-09, 2025-01/2025-09, 2021/2025", TEXT),
    "min": ("Least value, in the figure's unit", {"type": "string", "pattern": r"^-?[0-9]{1,18}([.,][0-9]{1,9})?$"}),
    "max": ("Largest value, in the figure's unit", {"type": "string", "pattern": r"^-?[0-9]{1,18}([.,][0-9]{1,9})?$"}),
    "unit": ("Canonical unit: percent, VND, person, …", TEXT),
    "source": ("Id of an outlet", TEXT),
    "language": ("Language of the article: vi, en, sv", TEXT),
    "measure": ("What is measured", {"type": "string", "enum": list(MEASURES)}),
    "from": ("Published on this day or later", DAY),
    "to": ("Published on this day or earlier", DAY),
    "verdict": ("Verdict of an arithmetic check", {"type": "string", "enum": list(CHECK_VERDICTS)}),
    "sort": ("Order of results", {"type": "string", "enum": list(SORTS)}),
    "page": ("Number of the page of results", {"type": "integer", "minimum": 1}),
    "as_of": ("The state of knowledge on this day: later releases are left out", DAY),
    "status": ("Status of a commitment as reported", {"type": "string", "enum": list(STATUSES)}),
    "actor": ("Who is to act", TEXT),
    "due": ("overdue, open, unrateable, or a day: deadline not after it", TEXT),
    "include_history": (
        "Whether values that later ones replaced are given too (they are unless told otherwise)",
        {"type": "string", "enum": ["true", "false"]},
    ),
    "text": ("A text whose numbers are to be held against the ledger", {"type": "string", "maxLength": LONGEST}),
    "since": ("Cursor of the last change known", {"type": "integer", "minimum": 0}),
}
EXAMPLES = {"indicator": "gdp_growth", "place": "vn", "topic": "macro"}
"""Ids that every ledger knows once it holds figures."""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/openapi\.json$", describe)]


async def describe() -> Response:
    """`/openapi.json`."""
    return Response(_text(), content_type="application/json; charset=utf-8")


@cache
def _text() -> str:
    """Made once: it depends on nothing but the program."""
    return json.dumps(_document(), ensure_ascii=False)


def _document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Solieu",
            "version": API_VERSION,
            "description": "Figures, targets and commitments that the Vietnamese press has published, with receipts. "
            "Every answer is that of the page of the same address; see docs/json-api.md for the promise of stability.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "paths": {_path(page): _methods(page) for page in PAGES},
        "components": {
            "schemas": {
                "Answer": {
                    "type": "object",
                    "required": ["data", "links", "generated_at", "version"],
                    "properties": {
                        "data": {"type": "object"},
                        "links": {"type": "object", "additionalProperties": {"type": "string"}},
                        "generated_at": {"type": "string", "format": "date-time"},
                        "version": {"const": API_VERSION},
                    },
                },
                "Error": {
                    "type": "object",
                    "required": ["error", "version"],
                    "properties": {
                        "error": {
                            "type": "object",
                            "required": ["status", "reason", "remedy", "parameter"],
                            "properties": {
                                "status": {"type": "integer"},
                                "reason": {"type": "string"},
                                "remedy": {"type": "string"},
                                "parameter": {"type": ["string", "null"]},
                            },
                        },
                        "version": {"const": API_VERSION},
                    },
                },
            }
        },
    }


def _path(page: Page) -> str:
    return page.pattern.replace("(?P<id>[^/]+?)", "{id}").replace("/(?:index)?", "/index")


def _methods(page: Page) -> dict[str, Any]:
    """GET, and POST where a text may be pasted."""
    found = {"get": _operation(page)}
    if "text" in page.parameters:
        fields = {name: PARAMETERS[name][1] for name in page.parameters}
        schema = {"schema": {"type": "object", "properties": fields}}
        kinds = ("application/json", "application/x-www-form-urlencoded")
        posted = _operation(page) | {
            "operationId": f"{page.name}_posted",
            "requestBody": {"content": dict.fromkeys(kinds, schema)},
        }
        for status, why in (
            ("408", "The text did not arrive in time"),
            ("413", "The body is too large"),
            ("415", "The body is of a kind that is not read"),
            ("429", "Too many texts are waiting; try again after the seconds of Retry-After"),
        ):
            posted["responses"] = posted["responses"] | {status: {"description": why, "content": _content("Error")}}
        found["post"] = posted
    return found


def _content(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _operation(page: Page) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = []
    if "(?P<id>" in page.pattern:
        one = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        parameters.append(one | ({"example": EXAMPLES[page.name]} if page.name in EXAMPLES else {}))
    for name in page.parameters:
        text, schema = PARAMETERS[name]
        one = {"name": name, "in": "query", "description": text, "schema": schema}
        if page.name == "compare" and name == "place":
            one["schema"] = {"type": "array", "items": schema, "maxItems": 6}
        parameters.append(one)
    parameters.append(
        {"name": "lang", "in": "query", "description": "Language of messages", "schema": {"type": "string"}}
    )

    responses = {
        "200": {"description": "The answer", "content": _content("Answer")},
        "400": {"description": "A parameter cannot be used; it is named", "content": _content("Error")},
        "404": {"description": "There is no such record", "content": _content("Error")},
        "414": {"description": "The address is too long", "content": _content("Error")},
    }
    if page.name in ("figure", "commitment"):
        responses["410"] = {"description": "Withdrawn; the reason is in data.withdrawn", "content": _content("Answer")}
    return {"operationId": page.name, "parameters": parameters, "responses": responses}
