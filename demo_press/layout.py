"""Pages, feeds and sitemaps in the markup of four template families; the one door of the press to Jinja.

In: pages of an edition. Out: text of HTML and XML. The markup of each family is in `templates/<family>/`: `article.html`
and `listing.html`; what wraps an article (related boxes, advertisements, comments, a sidebar with figures of its own) is
there for the crawler to leave out.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demo_press.outlet import Outlet

if TYPE_CHECKING:
    from demo_press.edition import Page

HERE = Path(__file__).parent


class Layout:
    """The templates, loaded once."""

    def __init__(self) -> None:
        self.words: Mapping[str, Mapping[str, Any]] = tomllib.loads((HERE / "words.toml").read_text("utf-8"))
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.templates.filters |= {"visible": self._visible, "offset": _offset, "utc": _utc}

    def page(
        self,
        page: "Page",
        *,
        home: str,
        related: Sequence["Page"],
        original: "Page | None",
        versions: Sequence["Page"],
        others: Sequence["Page"],
    ) -> str:
        """The page of one article. `versions` are the same text in the site's languages, `others` fill the sidebar."""
        return self.templates.get_template(f"{page.outlet.templates}/article.html").render(
            page=page,
            text=page.text,
            outlet=page.outlet,
            published=page.printing.published,
            words=self.words[page.text.language],
            home=home,
            related=related,
            original=original,
            versions=versions,
            others=others,
            json_ld=_json_ld(page),
        )

    def listing(self, outlet: Outlet, section: str | None, pages: Sequence["Page"], home: str) -> str:
        """The front page (`section` None) or the page of one section."""
        return self.templates.get_template(f"{outlet.templates}/listing.html").render(
            outlet=outlet, section=section, pages=pages, home=home, words=self.words[outlet.languages[0]]
        )

    def feed(self, outlet: Outlet, pages: Sequence["Page"], home: str) -> str:
        """RSS 2.0."""
        dates = [(page, _feed_date(page.printing.published, outlet.feed_date)) for page in pages]
        return self.templates.get_template("feeds/rss.xml").render(outlet=outlet, dates=dates, home=home)

    def sitemap(self, outlet: Outlet, pages: Sequence["Page"], home: str, *, news: bool = False) -> str:
        """One shard; with `news`, what search engines take for the last days."""
        template = self.templates.get_template("feeds/news.xml" if news else "feeds/sitemap.xml")
        return template.render(outlet=outlet, pages=pages, home=home)

    def sitemap_index(self, entries: Sequence[tuple[str, datetime]], home: str) -> str:
        """The index of the shards: (path, last change)."""
        return self.templates.get_template("feeds/index.xml").render(entries=entries, home=home)

    def _visible(self, moment: datetime, pattern: str, language: str) -> str:
        """A time as readers see it; `{weekday}` in `pattern` is a word of the language, the rest is strftime's."""
        weekday = self.words[language]["weekdays"][moment.weekday()]
        return f"{moment:{pattern}}".replace("{weekday}", weekday)


def _json_ld(page: "Page") -> str:
    """schema.org NewsArticle. A silent edit leaves `dateModified` as it was."""
    moment = page.printing.published.isoformat()
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.text.title,
        "description": page.text.lead,
        "inLanguage": page.text.language,
        "datePublished": moment,
        "dateModified": moment,
        "mainEntityOfPage": page.url,
        "publisher": {"@type": "NewsMediaOrganization", "name": page.outlet.title},
        "articleSection": page.text.section,
        "keywords": list(page.text.tags),
    }
    if page.text.byline:
        data["author"] = {"@type": "Person", "name": page.text.byline}
    # The templates print it as it is (`safe`), so the text itself must not close the script element.
    return json.dumps(data, ensure_ascii=False, indent=1).replace("</", "<\\/")


def _offset(moment: datetime) -> str:
    """ISO 8601 with the offset as family F1 writes it, without a colon."""
    return f"{moment:%Y-%m-%dT%H:%M:%S%z}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _feed_date(moment: datetime, style: str) -> str:
    """RFC 2822, or `american`: month first, 12-hour clock, no zone, as one government site writes it."""
    if style == "american":
        return f"{moment.month}/{moment.day}/{moment.year} {moment:%I:%M:%S %p}"
    return format_datetime(moment)
