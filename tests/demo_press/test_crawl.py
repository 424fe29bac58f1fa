"""The crawler reads the press over HTTP as it would read any site: every article whole, and nothing but the article."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import demo_press
from crawler.article import Capture
from crawler.card import SiteCard, load_folder
from crawler.crawl import crawl
from crawler.event import Event
from crawler.memory import RememberedPages
from demo_press.server import Press

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with demo_press.serve() as serving:
        yield serving


@pytest.fixture(scope="module")
def cards(press: Press, tmp_path_factory: pytest.TempPathFactory) -> dict[str, SiteCard]:
    return load_folder(press.cards(tmp_path_factory.mktemp("cards")))


def captures_of(card: SiteCard, memory: RememberedPages, events: list[Event]) -> list[Capture]:
    return list(crawl(card, memory=memory, now=lambda: NOW, report=events.append))


def test_every_article_is_read_whole_and_nothing_else(press: Press, cards: dict[str, SiteCard]) -> None:
    press.print_edition(1)
    press.requests.clear()
    for name, card in cards.items():
        events: list[Event] = []
        found = {capture.article.url: capture.article for capture in captures_of(card, RememberedPages(), events)}
        assert not [event for event in events if event.kind in ("failed", "blocked")]
        pages = {page.url: page for page in press.edition.pages[name].values()}
        assert set(found) == set(pages), name
        for url, page in pages.items():
            article, text = found[url], page.text
            dateline = f"{text.dateline} (RNA) – " if text.dateline else ""
            assert article.text in (text.text, dateline + text.text), url
            assert (article.title, article.language, article.section) == (text.title, text.language, text.section)
            assert (article.byline, article.lead) == (text.byline, article.text.partition("\n")[0])
            assert article.published_at == page.printing.published
            assert [
                caption for caption in article.captions if text.caption and text.caption in caption
            ] or not text.caption
    assert not [request for request in press.requests if request.path.startswith(("/tim-kiem", "/binh-luan"))]


def test_translations_and_copies_name_where_they_come_from(press: Press, cards: dict[str, SiteCard]) -> None:
    press.print_edition(1)
    articles = [capture.article for capture in captures_of(cards["bon-phuong"], RememberedPages(), [])]
    for article in articles:
        page = next(page for page in press.edition.pages["bon-phuong"].values() if page.url == article.url)
        original = press.edition.where(f"vi/{page.text.translates or page.text.stem}", page.printing.original)
        assert original
        assert article.original_url == original.url
        version = press.edition.where(f"vi/{page.text.translates}", "bon-phuong")
        assert article.translation_of == (version.url if version else None)
    assert {article.language for article in articles} == {"vi", "en", "sv"}


def test_a_second_crawl_takes_only_what_changed_and_what_is_new(press: Press, cards: dict[str, SiteCard]) -> None:
    press.print_edition(1)
    memories = {name: RememberedPages() for name in cards}
    first = {c.article.id: c for name, card in cards.items() for c in captures_of(card, memories[name], [])}
    press.print_edition(2)
    second = [c for name, card in cards.items() for c in captures_of(card, memories[name], [])]
    again = [c for c in second if c.article.id in first]  # boxes of newer articles change pages, not their texts
    changed = [c for c in again if c.snapshot.id != first[c.article.id].snapshot.id]
    assert len(changed) == 1
    assert "514 tỉ USD" in changed[0].article.text
    assert "510 tỉ USD" in first[changed[0].article.id].article.text
    new = {
        page.text.stem for pages in press.edition.pages.values() for page in pages.values() if page.text.edition == 2
    }
    assert len(second) - len(again) == len(new)
    press.requests.clear()
    assert not [c for name, card in cards.items() for c in captures_of(card, memories[name], [])]
    sent = {request.path for request in press.requests if request.status != 304}
    assert sent <= {"/robots.txt", "/sitemap.xml"}


def test_the_crawler_says_who_it_is(press: Press, cards: dict[str, SiteCard], tmp_path: Path) -> None:
    press.print_edition(1)
    press.requests.clear()
    captures_of(cards["lua-moi-en"], RememberedPages(), [])
    assert {request.user_agent.partition("/")[0] for request in press.requests} == {"Solieu"}
