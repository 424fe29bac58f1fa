"""Files in, Captures out: saved pages, plain texts, WARC files, and lines of JSON.

In: a path ending in .html, .htm, .txt, .jsonl, .ndjson, .warc or .warc.gz. Out: Captures. `read_file` reads a file wholly
before it hands on the first Capture, so a bad line (ImportProblem, with file and line) leaves nothing half taken;
`stream_file` holds one page at a time, for files of any size.
A text without an address gets a stable one, `urn:solieu:…`, made of its title and date.

>>> next(read_file(Path("a.jsonl"), fields={"title": "Title", "text": "Content"}, now=now)).article.title  # doctest: +SKIP
'GDP quý IV'
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from textwrap import shorten
from typing import Any

from crawler.address import clean_url, netloc_of
from crawler.article import Article, Capture, Snapshot, sha256
from crawler.card import SiteCard, card_for, load_cards
from crawler.dates import read_feed_moment
from crawler.errors import ArchiveError, ImportProblem, PageError
from crawler.family import guess_language

FIELDS = (
    *("url", "site", "language", "title", "text", "lead", "byline", "section", "tags", "published_at", "modified_at"),
    *("translation_of", "original_url"),
)
"""Names of the columns of a JSONL file; `fields` maps them to other names."""

SUFFIXES = (".html", ".htm", ".txt", ".jsonl", ".ndjson", ".warc", ".warc.gz")


def read_file(
    path: Path,
    *,
    now: datetime,
    fields: Mapping[str, str] | None = None,
    site: str | None = None,
    language: str | None = None,
    cards: Mapping[str, SiteCard] | None = None,
    skip_empty: bool = False,
) -> Iterator[Capture]:
    """Captures of one file.

    `fields` maps our names to the file's ({"title": "Title", "text": "Content"}); `site` and `language` are for what the
    file does not say; `cards` (default: the package's) find the family of a page by its address. `now` is the time of
    capture where the file names none. A line without a text is a problem, or left out with `skip_empty`; one with a text
    and no title takes the text's first words for its title. Raises ImportProblem.
    """
    return iter(
        list(
            stream_file(path, now=now, fields=fields, site=site, language=language, cards=cards, skip_empty=skip_empty)
        )
    )


def stream_file(
    path: Path,
    *,
    now: datetime,
    fields: Mapping[str, str] | None = None,
    site: str | None = None,
    language: str | None = None,
    cards: Mapping[str, SiteCard] | None = None,
    skip_empty: bool = False,
    read: Callable[..., Any] | None = None,
    left: Counter[str] | None = None,
) -> Iterator[Capture]:
    """The same, one at a time: what is wrong further on is raised when it is come to, after the Captures before it.

    `read` reads a page of a WARC file in the place of crawler.page.read_page; a page at which it raises Spoiled is left out
    and counted in `left` under its reason, as pages that hold no article are under "no_article".
    """
    path = Path(path)
    name = path.name.lower()
    for ours in fields or ():
        if ours not in FIELDS:
            raise ImportProblem(path, None, f"there is no field {ours!r}; there are {', '.join(FIELDS)}")
    if not path.is_file():
        raise ImportProblem(path, None, "is not a file")
    try:
        if name.endswith((".warc", ".warc.gz")):
            yield from _warc(path, cards, site, language, read, Counter() if left is None else left)
        elif name.endswith((".jsonl", ".ndjson")):
            yield from _lines(path, dict(fields or {}), site, language, now, skip_empty)
        elif name.endswith((".html", ".htm")):
            yield _page(path, cards, site, language, now)
        elif name.endswith(".txt"):
            yield _text(path, site, language, now)
        else:
            raise ImportProblem(path, None, f"is of no kind that can be imported: {', '.join(SUFFIXES)}")
    except OSError as error:
        raise ImportProblem(path, None, f"cannot be read: {error.strerror}") from error


def urn(title: str, published: datetime | None) -> str:
    """A stable address for a text that has none."""
    return "urn:solieu:" + sha256(f"{title}\n{published.isoformat() if published else ''}".encode())[:32]


def _capture(
    article: Article, body: bytes, at: datetime, file: str | None = None, offset: int | None = None
) -> Capture:
    text_digest = sha256(article.text.encode())
    return Capture(article, Snapshot(article.id, at, 200, sha256(body), text_digest, None, None, file, offset))


def _decoded(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportProblem(path, None, f"is not UTF-8 (byte {error.start}); convert it first") from error


def _text(path: Path, site: str | None, language: str | None, now: datetime) -> Capture:
    from crawler.paragraphs import plain

    lines = [line for line in map(plain, _decoded(path).splitlines()) if line]
    if len(lines) < 2:
        raise ImportProblem(path, None, "needs a title in its first line and a text below it")
    title, text = lines[0], "\n".join(lines[1:])
    article = Article(urn(title, None), site or "import", language or guess_language(text), title, text)
    return _capture(article, path.read_bytes(), now)


def _page(
    path: Path, cards: Mapping[str, SiteCard] | None, site: str | None, language: str | None, now: datetime
) -> Capture:
    from crawler.page import page_address, read_page

    body = path.read_bytes()
    try:
        address = page_address(body)
        card = card_for(address, cards or load_cards()) if address else None
        read = read_page(
            body, address or "", card=card, fetched_at=now, language=language, site=site or "import", lenient=True
        ).article
    except PageError as error:
        raise ImportProblem(path, None, str(error)) from error
    if not read.url:
        from dataclasses import replace

        read = replace(read, url=urn(read.title, read.published_at))
    return _capture(read, body, now)


def _warc(
    path: Path,
    cards: Mapping[str, SiteCard] | None,
    site: str | None,
    language: str | None,
    read: Callable[..., Any] | None,
    left: Counter[str],
) -> Iterator[Capture]:
    from crawler.archive import read_warc
    from crawler.page import read_page
    from crawler.worker import Spoiled

    known = cards or load_cards()
    try:
        for page in read_warc(path):
            kind = next((value for key, value in page.headers if key.lower() == "content-type"), "text/html")
            card = card_for(page.url, known)
            if page.status != 200 or "html" not in kind or page.fetched_at is None:
                continue
            if (site and (card.name if card else netloc_of(page.url)) != site) or (card and not card.article(page.url)):
                continue
            charset = kind.partition("charset=")[2].partition(";")[0].strip(" \"'") or None
            try:
                reading = (read or read_page)(
                    page.body, page.url, card=card, charset=charset, fetched_at=page.fetched_at, language=language
                )
            except PageError:
                left["no_article"] += 1
                continue  # a crawl's archive holds lists and front pages too
            except Spoiled as error:
                left[error.reason] += 1
                continue
            yield _capture(reading.article, page.body, page.fetched_at, page.file, page.offset)
    except ArchiveError as error:
        raise ImportProblem(path, None, str(error).removeprefix(f"{path}: ")) from error


def _lines(
    path: Path, fields: dict[str, str], site: str | None, language: str | None, now: datetime, skip_empty: bool
) -> Iterator[Capture]:
    taken = position = 0
    with path.open("rb") as file:
        for number, packed in enumerate(file, 1):
            try:
                line = packed.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\n")
            except UnicodeDecodeError as error:
                at = position + error.start
                raise ImportProblem(path, None, f"is not UTF-8 (byte {at}); convert it first") from error
            position += len(packed)
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise ImportProblem(path, number, "is not JSON") from error
            if not isinstance(row, dict):
                raise ImportProblem(path, number, "is not a JSON object")
            article = _article(path, number, row, fields, site, language)
            if article:
                taken += 1
                yield _capture(article, line.encode(), now)
            elif not skip_empty:
                named = fields.get("text", "text")
                raise ImportProblem(path, number, f"has no text in {named!r}; map the field, or leave out empty lines")
    if not taken:
        raise ImportProblem(path, None, "holds no line")


def _article(
    path: Path, number: int, row: dict[str, Any], fields: dict[str, str], site: str | None, language: str | None
) -> Article | None:
    """The article of one row; None where it has no text."""
    from crawler.paragraphs import plain

    def value(name: str) -> str | None:
        found = row.get(fields.get(name, name))
        if found is None or isinstance(found, int | float):
            found = str(found) if found is not None else None
        if found is not None and not isinstance(found, str):
            raise ImportProblem(path, number, f"{fields.get(name, name)!r} must be a string")
        return (found or "").strip() or None

    def moment(name: str) -> datetime | None:
        printed = value(name)
        read = read_feed_moment(printed) if printed else None
        if printed and read is None:
            raise ImportProblem(path, number, f"{fields.get(name, name)!r} is no date: {printed[:40]!r}")
        return read

    title, lead = plain(value("title") or ""), plain(value("lead") or "")
    paragraphs = [line for line in map(plain, (value("text") or "").splitlines()) if line]
    if lead and (not paragraphs or paragraphs[0] != lead):
        paragraphs.insert(0, lead)
    text = "\n".join(paragraphs)
    if not text:
        return None
    published = moment("published_at")
    address = value("url")
    url = clean_url(address) if address and not address.startswith("urn:") else address
    if address and not url:
        raise ImportProblem(path, number, f"{address[:60]!r} is not an address")
    tags = row.get(fields.get("tags", "tags")) or ()
    tags = tags.split(",") if isinstance(tags, str) else tags if isinstance(tags, list) else ()
    return Article(
        url=url or urn(title or text, published),
        site=value("site") or site or (netloc_of(url).removeprefix("www.") if url else "") or "import",
        language=value("language") or language or guess_language(text),
        title=title or shorten(paragraphs[0], 100, placeholder=" …"),
        text=text,
        lead=lead or None,
        byline=value("byline"),
        section=value("section"),
        tags=tuple(dict.fromkeys(filter(None, (plain(tag) for tag in tags if isinstance(tag, str))))),
        published_at=published,
        published_source="import" if published else None,
        modified_at=moment("modified_at"),
        translation_of=value("translation_of"),
        original_url=value("original_url"),
    )
