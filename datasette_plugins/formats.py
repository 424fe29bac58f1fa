"""Answers for programs and spreadsheets: the JSON envelope, CSV and Atom.

In: a plain answer of `index.queries` and its addresses. Out: bytes.

>>> csv_bytes([{"printed": "=1+1", "number": -5}]).decode("utf-8-sig")
"printed,number\\r\\n'=1+1,-5\\r\\n"
"""

import csv
import io
import json
from typing import Any
from xml.sax.saxutils import escape, quoteattr

API_VERSION = "1"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def json_bytes(data: Any, links: dict[str, str], generated_at: str) -> bytes:
    """`{"data", "links", "generated_at", "version"}`; the shape is a promise, see docs/json-api.md."""
    envelope = {"data": data, "links": links, "generated_at": generated_at, "version": API_VERSION}
    return _dump(envelope)


def error_bytes(status: int, reason: str, remedy: str, parameter: str | None = None) -> bytes:
    """`{"error": {"status", "reason", "remedy", "parameter"}, "version"}`."""
    error = {"status": status, "reason": reason, "remedy": remedy, "parameter": parameter}
    return _dump({"error": error, "version": API_VERSION})


def _dump(value: Any) -> bytes:
    # Lone surrogates of a broken page cannot be written as UTF-8; the escape keeps the file readable.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def csv_bytes(rows: list[dict[str, Any]]) -> bytes:
    """RFC 4180 with a byte order mark, so that spreadsheets read Vietnamese; no cell starts a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if rows:
        writer.writerow(rows[0])
        for row in rows:
            writer.writerow([_cell(value) for value in row.values()])
    return out.getvalue().encode("utf-8-sig", "replace")


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) and not _is_number(value):
        return "'" + value
    return "" if value is None else value


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def figure_row(receipt: dict[str, Any], base: str = "") -> dict[str, Any]:
    """A receipt as one flat row: what a spreadsheet needs to compare and to cite."""
    article = receipt["article"]
    return {
        "id": receipt["id"],
        "permalink": f"{base}/figures/{receipt['id']}",
        "kind": receipt["kind"],
        "indicator": receipt["indicator"],
        "indicator_id": (receipt["indicator_ref"] or {}).get("id"),
        "measure": receipt["measure"],
        "direction": receipt["direction"],
        "base": receipt["base"],
        "value": receipt["value"],
        "value_high": receipt["value_high"],
        "unit": receipt["unit"],
        "qualifier": receipt["qualifier"],
        "printed": receipt["printed"],
        "period": receipt["period"],
        "place": receipt["place"],
        "place_id": (receipt["place_ref"] or {}).get("id"),
        "speaker": receipt["speaker"],
        "confidence": receipt["confidence"],
        "source": article["source"],
        "published_at": article["published_at"],
        "title": article["title"],
        "url": article["url"],
    }


def observation_row(series: dict[str, Any], observation: dict[str, Any], base: str = "") -> dict[str, Any]:
    """An observation as one flat row; column names follow SDMX where it has one."""
    return {
        "series": series["id"],
        "indicator": series["indicator"]["id"],
        "ref_area": series["place"]["id"],
        "measure": series["measure"],
        "base": series["base"],
        "span": series["span"],
        "kind": observation["kind"],
        "time_period": observation["period"],
        "obs_value": observation["value"],
        "obs_value_high": observation["value_high"],
        "unit_measure": observation["unit"],
        "obs_status": observation["stage"],
        "vintage": observation["vintage"],
        "status": observation["status"],
        "first_published": observation["first_published"],
        "last_published": observation["last_published"],
        "sources": observation["sources"],
        "permalink": f"{base}/figures/{observation['figure']}",
    }


def commitment_row(row: dict[str, Any], base: str = "") -> dict[str, Any]:
    """A commitment as one flat row."""
    keys = ("id", "actor", "action", "status", "rating", "deadline", "instrument", "place", "printed")
    article = row["article"]
    return {
        **{key: row[key] for key in keys},
        "permalink": f"{base}/commitments/{row['id']}",
        "source": article["source"],
        "published_at": article["published_at"],
        "url": article["url"],
    }


def number_row(number: dict[str, Any], base: str = "") -> dict[str, Any]:
    """A number of a pasted text as one flat row, with the published value beside it."""
    keys = ("printed", "verdict", "ledger", "kind", "indicator", "value", "value_high", "unit", "period", "place")
    known = number["observation"] or (number["history"][-1] if number["history"] else None)
    links = [known["figure"]] if known else [one["id"] for one in number["receipts"]]
    return {
        **{key: number[key] for key in keys},
        "indicator_id": (number["indicator_ref"] or {}).get("id"),
        "place_id": (number["place_ref"] or {}).get("id"),
        "published_value": known["value"] if known else None,
        "published_at": known["first_published"] if known else None,
        "permalink": f"{base}/figures/{links[0]}" if links else None,
    }


def atom_bytes(title: str, self_url: str, html_url: str, updated: str, entries: list[dict[str, str]]) -> bytes:
    """An Atom feed; each entry has id, title, url, updated, text."""
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_xml(title)}</title><id>{_xml(self_url)}</id><updated>{_xml(updated)}</updated>",
        f'<link rel="self" href={quoteattr(_printable(self_url))}/><link href={quoteattr(_printable(html_url))}/>',
    ]
    for entry in entries:
        parts.append(
            f"<entry><id>{_xml(entry['id'])}</id><title>{_xml(entry['title'])}</title>"
            f"<updated>{_xml(entry['updated'])}</updated><link href={quoteattr(_printable(entry['url']))}/>"
            f"<author><name>{_xml(entry['author'])}</name></author><summary>{_xml(entry['text'])}</summary></entry>"
        )
    return ("\n".join(parts) + "\n</feed>\n").encode("utf-8", "replace")


def _xml(text: str) -> str:
    return escape(_printable(text))


def _printable(text: str) -> str:
    """Without the control characters that XML 1.0 forbids."""
    return "".join(
        c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )
