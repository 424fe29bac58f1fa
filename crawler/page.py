"""A page in, an Article out; the one door to BeautifulSoup.

In: the bytes of a page, its address, its site's card where there is one. Out: a PageReading: the Article, the family
that read it, and for every field which selector matched how many elements, so that a changed layout shows.
Dates come from JSON-LD and meta first, then the address, then what the page shows; title, lead and text from the
family's selectors, else JSON-LD, else meta. A page of an unknown layout gives its text by density.

>>> read_page(html, "https://baotintuc.vn/kinh-te/gdp-20260106093000123.htm", fetched_at=now).article.title  # doctest: +SKIP
'GDP quý IV tăng 8,46%'
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag

from crawler.address import clean_url, netloc_of, path_of
from crawler.article import Article
from crawler.card import AUTO, SiteCard
from crawler.dates import Evidence, read_moment, settle
from crawler.errors import PageError
from crawler.family import Family, generic, guess_language, load_families
from crawler.fields import Head, Match, Pick
from crawler.json_ld import article_of, link, text, texts
from crawler.paragraphs import Paragraph, plain, without_lead, without_links
from crawler.selector import Elements

LEAST_TEXT = 200
"""Characters that the text of a page must have, where nothing else on the page says that it is an article."""

MOST_TAGS = 40_000
DEEPEST = 400
"""Limits of a page that is read: a parser's time and memory grow with both."""

_JSON_LD = "application/ld+json"
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageReading:
    """`method` says how the text was found: family, json_ld, generic or density."""

    article: Article
    family: str
    method: str
    matches: tuple[Match, ...]


def decode(body: bytes, charset: str | None = None) -> str:
    """The text of `body`: by byte-order mark, as UTF-8 where it is that, by the server's charset, by the page's own meta,
    as Western. UTF-8 goes first because no text of another coding is UTF-8 by chance, and servers name what they like.

    Wrong and unknown charsets never fail; what cannot be decoded becomes the replacement character.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    meta = _META_CHARSET.search(body[:4096])
    for name in ("utf-8" if b"\0" not in body else None, charset, "utf-8", meta[1].decode("ascii") if meta else None):
        try:
            if name:
                return body.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    mended = body.decode("utf-8", "replace")
    if mended.count("\ufffd") * 100 < len(mended):  # a few broken bytes in a UTF-8 page
        return mended
    return body.decode("windows-1252", "replace")


def parse(html: str) -> BeautifulSoup:
    """The tree of `html`. Raises PageError where it is no markup at all."""
    html = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", html.replace("\x00", ""), count=1)
    if "<" not in html:
        raise PageError("is not HTML")
    if html.count("<") > MOST_TAGS:
        raise PageError(f"has more than {MOST_TAGS} tags")
    soup = BeautifulSoup(html, "lxml", multi_valued_attributes=None)
    level, deepest = {id(soup): 0}, 0
    for node in soup.descendants:
        if isinstance(node, Tag) and node.contents:
            level[id(node)] = here = level[id(node.parent)] + 1
            deepest = max(deepest, here)
    if deepest > DEEPEST:
        raise PageError(f"is nested deeper than {DEEPEST} elements")
    return soup


def page_address(body: bytes) -> str | None:
    """The address that a saved page gives itself (canonical link, og:url, JSON-LD); None where it gives none."""
    elements = Elements(parse(decode(body)))
    data = article_of(script.get_text() for script in elements.named("script") if script.get("type") == _JSON_LD)
    said = [*_links(elements, "canonical"), link(data.get("mainEntityOfPage")) or "", link(data.get("url")) or ""]
    said.append(Head(elements).get("og:url") or "")
    return next((url for url in map(clean_url, said) if url and path_of(url, query=True) != "/"), None)


def find_links(body: bytes, url: str, card: SiteCard, charset: str | None = None) -> list[str]:
    """Canonical addresses of the articles that the section page at `url` links to, in order, each once."""
    soup = parse(decode(body, charset))
    listing = card.listing or (load_families()[card.family].listing if card.family != AUTO else ())
    anchors: list[Any] = []
    elements = Elements(soup)
    for selector in listing:
        anchors = [a for node in elements.find(selector) for a in ([node] if node.name == "a" else node("a", limit=1))]
        if anchors:
            break
    found: dict[str, None] = {}
    for anchor in anchors or soup("a", limit=5000):
        target = card.canonical(str(anchor.get("href") or ""), url)
        if target and target != url and card.article(target):
            found[target] = None
    return list(found)


def read_page(
    body: bytes,
    url: str,
    *,
    fetched_at: datetime,
    card: SiteCard | None = None,
    charset: str | None = None,
    evidence: Sequence[Evidence] = (),
    language: str | None = None,
    site: str | None = None,
    lenient: bool = False,
) -> PageReading:
    """Read one page. `evidence` is what a feed or sitemap said of its publication. `fetched_at` bounds dates, it never
    becomes one. With `lenient` a page needs no sign of being an article (a file that somebody chose to import).
    Raises PageError where there is no title or no text."""
    html = decode(body, charset)
    elements = Elements(parse(html))
    data = article_of(script.get_text() for script in elements.named("script") if script.get("type") == _JSON_LD)
    head = Head(elements)
    family = _family(elements, card)
    canonical = _canonical(elements, data, url, card)
    pick = Pick(elements, family)

    title = plain(pick.first("title") or text(data.get("headline")) or head.title() or "")
    lead, byline = pick.first("lead"), pick.first("byline")
    section, tags = pick.first("section"), pick.all("tags")
    dated = [*evidence, *pick.moments("published"), *head.moments("published"), *_moments(data, "datePublished")]
    if card and (match := card.article(canonical)) and match.stamp:
        dated.append(Evidence("url", match.stamp))
    modified = [*_moments(data, "dateModified"), *head.moments("modified"), *pick.moments("modified")]
    source = pick.first("source") or link(data.get("isBasedOn")) or head.get("original-source", "syndication-source")

    method, paragraphs, captions = pick.body(title)
    if not paragraphs and (said := text(data.get("articleBody"))):
        method, paragraphs = "json_ld", [Paragraph(line) for line in map(plain, said.splitlines()) if line]
    if not paragraphs:
        method, paragraphs = "density", [Paragraph(plain(line)) for line in dense_text(html, title)]
    paragraphs = without_links(without_lead(paragraphs, lead), generic().stop + family.stop)
    if not lead and paragraphs and (said := head.get("description", "og:description") or text(data.get("description"))):
        lead = paragraphs[0].text if plain(said) == paragraphs[0].text else None
        paragraphs = paragraphs[1:] if lead else paragraphs
    words = "\n".join([*([plain(lead)] if lead else []), *(p.text for p in paragraphs)])
    said_article = bool(data) or (head.get("og:type") or "").lower() == "article" or method == "family" or bool(dated)
    if not title or not words:
        raise PageError("has no title" if not title else "has no text")
    short = len(words) < LEAST_TEXT and method not in ("family", "json_ld") and not data
    if not lenient and (short or not said_article):
        raise PageError("does not look like an article")

    corrects = _corrected(title, pick.root, canonical, card) if card and pick.root is not None else ()
    published = settle(dated, fetched_at)
    changed = settle(modified, fetched_at)
    original = clean_url(source, canonical) if source else None
    spoken = language or (card.language_of(canonical) if card else None) or guess_language(f"{title}\n{words}")
    article = Article(
        url=canonical,
        site=card.name if card else site or netloc_of(canonical) or "unknown",
        language=spoken,
        title=title,
        text=words,
        lead=plain(lead) if lead else None,
        byline=plain(byline or text(data.get("author")) or head.get("author", "article:author") or "") or None,
        section=plain(section or text(data.get("articleSection")) or head.get("article:section") or "") or None,
        tags=tuple(dict.fromkeys(filter(None, map(plain, tags or _keywords(data) or head.tags())))),
        captions=tuple(dict.fromkeys(captions)),
        published_at=published.moment if published else None,
        published_source=published.source if published else None,
        modified_at=changed.moment if changed else None,
        translation_of=(card.original_of(canonical) if card else None)
        or clean_url(link(data.get("translationOfWork")) or "", canonical),
        original_url=original if original and original != canonical and path_of(original, query=True) != "/" else None,
        corrects=corrects,
    )
    return PageReading(article, family.name, method, tuple(pick.matches))


def dense_text(html: str, title: str) -> list[str]:
    """Paragraphs by density, the title left out where it begins the text."""
    from crawler.density import dense_paragraphs

    lines = dense_paragraphs(html)
    return lines[1:] if lines and plain(lines[0]) == title else lines


def _family(elements: Elements, card: SiteCard | None) -> Family:
    families = load_families()
    if card and card.family != AUTO:
        return families[card.family]
    signs = ((family, sign) for family in families.values() for sign in family.detect)
    return next((family for family, sign in signs if elements.find(sign)), generic())


def _links(elements: Elements, rel: str) -> list[str]:
    """Addresses of the page's link elements of one relation."""
    tags = (tag for tag in elements.named("link") if rel in str(tag.get("rel") or "").lower().split())
    return [str(tag.get("href") or "") for tag in tags]


def _canonical(elements: Elements, data: Mapping[str, Any], url: str, card: SiteCard | None) -> str:
    """The page's own canonical address where it may be believed: same site, an article, the same language."""
    own = (card.canonical(url) if card else clean_url(url)) or url
    said = next(iter(_links(elements, "canonical")), "")
    said = said or link(data.get("mainEntityOfPage")) or link(data.get("url")) or ""
    if not said:
        return own
    target = card.canonical(said, own) if card else clean_url(said, own)
    if not target or path_of(target, query=True) == "/":
        return own
    if card:
        return target if card.article(target) and card.language_of(target) == card.language_of(own) else own
    return target if netloc_of(target) == netloc_of(own) or not netloc_of(own) else own


def _corrected(title: str, body: Any, url: str, card: SiteCard) -> tuple[str, ...]:
    """Canonical addresses of the articles that the text of a correction links to."""
    said = title.casefold()
    if not any(words in said for words in generic().corrections):
        return ()
    targets = (card.canonical(str(anchor.get("href") or ""), url) for anchor in body("a", limit=20))
    return tuple(dict.fromkeys(t for t in targets if t and t != url and card.article(t)))


def _moments(data: Mapping[str, Any], key: str) -> list[Evidence]:
    moment = read_moment(text(data.get(key)) or "")
    return [Evidence("json_ld", moment)] if moment else []


def _keywords(data: Mapping[str, Any]) -> list[str]:
    return [word for words in texts(data.get("keywords")) for word in words.split(",")]
