"""How to cite a figure: plain text in two languages, BibTeX, RIS, CSL-JSON, and a link to the quoted words.

In: a FigurePage answer and the permalink of its page. Out: text, ready for a clipboard or a file.

>>> fragment("https://example.vn/a", "tăng ", "8,02%", " so với")
'https://example.vn/a#:~:text=t%C4%83ng-,8%2C02%25,-so%20v%E1%BB%9Bi'
"""

import json
import re
from typing import Any
from urllib.parse import quote, urlsplit

from datasette_plugins.wording import Wording, wording

LONG_QUOTE = 90
CONTEXT = 32
TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\^{}",
    "~": r"\~{}",
}


def web_address(url: str | None) -> str | None:
    """`url` where it is a plain web address that may be linked, else None (no `javascript:`, no bare words)."""
    if not url or any(ord(c) < 33 for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def fragment(url: str | None, prefix: str, exact: str, suffix: str) -> str | None:
    """`url` with a text fragment that scrolls to the quoted words; None where `url` is no web address.

    The terms hold whole words on one line, as browsers match them; `-`, `,` and `&` are escaped as the syntax asks.
    """
    address = web_address(url)
    if address is None:
        return None
    before, after = _before(prefix), _after(suffix)
    words = exact.split()
    core = _term(" ".join(words))
    if len(exact) > LONG_QUOTE and len(words) > 10:
        core = f"{_term(' '.join(words[:5]))},{_term(' '.join(words[-5:]))}"
    text = (f"{_term(before)}-," if before else "") + core + (f",-{_term(after)}" if after else "")
    return f"{address.partition('#')[0]}#:~:text={text}"


def _before(prefix: str) -> str:
    """The last whole words of the quote's own line; none where a bracket or sign is glued to the quote."""
    line = prefix.rpartition("\n")[2]
    words = line.split()
    if not line[-1:].isspace():
        return ""
    if len(line) == len(prefix) >= CONTEXT:  # the far end may be half a word
        words = words[1:]
    return " ".join(words[-3:])


def _after(suffix: str) -> str:
    line = suffix.partition("\n")[0]
    words = line.split()
    if not line[:1].isspace():
        return ""
    if len(line) == len(suffix) >= CONTEXT:
        words = words[:-1]
    return " ".join(words[:3])


def plain(page: dict[str, Any], permalink: str, language: str) -> str:
    """One sentence for a note or caption, in `language`."""
    w = wording(language)
    capture = page["capture"] or {}
    return " ".join(
        w.t(
            "cite.plain",
            what=claim(page, w),
            quote=page["printed"],
            title=page["article"]["title"],
            source=page["article"]["source_name"],
            date=w.date(page["article"]["published_at"]),
            url=page["article"]["url"],
            fetched=w.date(capture.get("fetched_at")),
            hash=(capture.get("body_sha256") or "")[:16],
            permalink=permalink,
        ).split()
    )


def claim(page: dict[str, Any], w: Wording) -> str:
    """What the figure says, without its source: indicator, place, period, value."""
    name = w.name(page["indicator_ref"]) or page["indicator"] or w.t("indicator.none")
    place = w.name(page["place_ref"]) or page["place"]
    period = w.period(page["period"]) if page["period"] else None
    head = ", ".join(part for part in (name, place, period) if part)
    return f"{head[:1].upper()}{head[1:]}: {figure_amount(page, w)}"


def figure_amount(receipt: dict[str, Any], w: Wording, qualified: bool = True) -> str:
    """The value of a receipt with qualifier, sign and unit; the printed words where no value is certain."""
    if receipt["value"] is None:
        return str(receipt["printed"])
    sign = receipt["sign"] or 0
    if receipt["measure"] in ("growth", "change"):
        sign = {"up": 1, "down": -1}.get(receipt["direction"] or "", sign)
    text = w.amount(receipt["value"], receipt["unit"], receipt["value_high"], sign)
    return f"{w.t('qualifier.' + receipt['qualifier'])} {text}" if qualified and receipt["qualifier"] else text


def bibtex(page: dict[str, Any], permalink: str) -> str:
    """One @online entry; the fields of biblatex."""
    article = page["article"]
    fields = {
        "title": article["title"],
        "organization": article["source_name"],
        "date": (article["published_at"] or "")[:10],
        "url": article["url"],
        "urldate": ((page["capture"] or {}).get("fetched_at") or "")[:10],
        "langid": {"vi": "vietnamese", "en": "english", "sv": "swedish"}.get(article["language"], ""),
        "note": f"{page['printed']} ({permalink})",
    }
    rows = [f"  {name} = {{{value if name == 'url' else _tex(value)}}}" for name, value in fields.items() if value]
    return "@online{solieu:" + str(page["id"]) + ",\n" + ",\n".join(rows).replace("\r", " ") + "\n}\n"


def ris(page: dict[str, Any], permalink: str) -> str:
    """One NEWS record."""
    article = page["article"]
    day = (article["published_at"] or "")[:10]
    rows = [
        ("TY", "NEWS"),
        ("TI", article["title"]),
        ("T2", article["source_name"]),
        ("PY", day[:4]),
        ("DA", day.replace("-", "/")),
        ("UR", article["url"]),
        ("L2", permalink),
        ("LA", article["language"]),
        ("N1", page["printed"]),
        ("Y2", ((page["capture"] or {}).get("fetched_at") or "")[:10].replace("-", "/")),
        ("ID", f"solieu:{page['id']}"),
    ]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in rows if value) + "ER  - \r\n"


def csl(page: dict[str, Any], permalink: str) -> str:
    """CSL-JSON (one item in a list), as Zotero and pandoc read it."""
    article = page["article"]
    item: dict[str, Any] = {
        "id": f"solieu:{page['id']}",
        "type": "article-newspaper",
        "title": article["title"],
        "container-title": article["source_name"],
        "URL": article["url"],
        "language": article["language"],
        "note": f"{page['printed']} ({permalink})",
        "archive": "Solieu",
        "archive_location": permalink,
    }
    for field, moment in (("issued", article["published_at"]), ("accessed", (page["capture"] or {}).get("fetched_at"))):
        if moment:
            item[field] = {"date-parts": [[int(part) for part in moment[:10].split("-")]]}
    return json.dumps([item], ensure_ascii=False, indent=2)


def _term(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")


def _tex(text: str) -> str:
    return _line(re.sub(r"[\\{}$&#%_^~]", lambda match: TEX[match.group()], text))


def _line(text: str) -> str:
    return " ".join(str(text).split())
