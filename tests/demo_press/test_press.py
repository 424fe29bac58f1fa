"""The press as a client sees it: addresses, editions, feeds, sitemaps, robots, conditional requests."""

import gzip
import http.client
import json
import re
import tomllib
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import demo_press
from demo_press.edition import Edition, shard_path
from demo_press.manuscript import manuscripts, read
from demo_press.outlet import outlets, slug
from demo_press.server import Press

BASES = {name: f"http://127.0.0.1:{8100 + n}" for n, name in enumerate(outlets())}


@pytest.fixture
def press() -> Iterator[Press]:
    with demo_press.serve() as serving:
        yield serving


def get(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def text_of(edition: Edition, key: str, site: str | None = None) -> str:
    page = edition.where(key, site)
    assert page
    document = edition.document(page.outlet.name, page.path)
    assert document
    return document.body.decode()


def test_there_are_enough_articles_of_every_language_from_2023_to_2026() -> None:
    texts = manuscripts().values()
    languages = Counter(text.language for text in texts)
    assert languages["vi"] >= 28
    assert languages["en"] >= 8
    assert languages["sv"] >= 6
    assert {printing.published.year for text in texts for printing in text.printings} == {2023, 2024, 2025, 2026}
    assert len({outlet.templates for outlet in outlets().values()}) >= 3


def test_translations_keep_every_number_but_the_one_that_is_meant_to_be_wrong() -> None:
    altered = []
    for text in manuscripts().values():
        if text.translates is None:
            continue
        assert f"vi/{text.translates}" in manuscripts()
        assert {p.site for p in text.printings} <= {p.site for p in manuscripts()[f"vi/{text.translates}"].printings}
        altered += [(text.key, *pair) for pair in (text.altered or {}).items()]
        for right, wrong in (text.altered or {}).items():
            assert right not in text.text
            assert wrong in text.text
            assert right in manuscripts()[f"vi/{text.translates}"].text
    assert altered == [("sv/hai-phong-2025-ca-nam", "11,81", "11,18")]


def test_a_wire_text_stands_in_two_papers_with_the_same_words() -> None:
    edition = Edition(1, BASES)
    one, two = (text_of(edition, "vi/gdp-2025-ca-nam", site) for site in ("lua-moi", "cua-bien"))
    for paragraph in manuscripts()["vi/gdp-2025-ca-nam"].body:
        assert paragraph in one
        assert paragraph in two
    assert "HĐB" in one
    assert "HĐB" in two


def test_the_slug_is_the_same_in_every_language_of_the_aggregator() -> None:
    edition = Edition(1, BASES)
    pages = [edition.where(f"{code}/can-bo-hai-phong", "bon-phuong") for code in ("vi", "en", "sv")]
    vi, en, sv = (page.path for page in pages if page)
    assert (en, sv) == (f"/en{vi}", f"/sv{vi}")
    assert f'hreflang="sv" href="{BASES["bon-phuong"]}{sv}"' in text_of(edition, "vi/can-bo-hai-phong", "bon-phuong")
    original = edition.where("vi/can-bo-hai-phong", "cua-bien")
    assert original
    assert f'href="{original.url}"' in text_of(edition, "sv/can-bo-hai-phong")


def test_the_second_edition_changes_one_figure_silently_and_adds_articles() -> None:
    first, second = Edition(1, BASES), Edition(2, BASES)
    changed = []
    for site, pages in first.pages.items():
        assert set(pages) <= set(second.pages[site])
        changed += [page.text.key for path, page in pages.items() if page.text != second.pages[site][path].text]
    assert changed == ["vi/gdp-binh-quan-2025"]
    before, after = text_of(first, changed[0]), text_of(second, changed[0])
    assert "510 tỉ USD" in before
    assert "510 tỉ USD" not in after
    assert "514 tỉ USD" in after
    stamps = [re.findall(r'"date(?:Published|Modified)": "([^"]+)"', page) for page in (before, after)]
    assert stamps[0] == stamps[1] != []
    added = {path for site in BASES for path in set(second.pages[site]) - set(first.pages[site])}
    assert len(added) >= 3


def test_addresses_follow_the_cards_and_are_unique() -> None:
    edition = Edition(2, BASES)
    urls = [page.url for pages in edition.pages.values() for page in pages.values()]
    assert len(urls) == len(set(urls))
    page = edition.where("vi/hai-phong-6-thang-2025")
    assert page
    assert re.fullmatch(r"/kinh-te/hai-phong-grdp-6-thang-tang-11-04-20250705164000\d{1,3}\.htm", page.path)
    assert slug("Đường sắt Tỷ lệ 1,5%") == "duong-sat-ty-le-1-5"


@pytest.mark.parametrize("site", BASES)
def test_feeds_and_sitemaps_are_well_formed_and_lead_to_every_page(site: str) -> None:
    edition = Edition(2, BASES)
    for feed in outlets()[site].feeds:
        document = edition.document(site, feed)
        assert document
        links = [item.findtext("link") for item in ET.fromstring(document.body).iter("item")]
        assert links
        assert {urlsplit(link or "").path for link in links} <= set(edition.pages[site])
    found: set[str] = set()
    queue = ["/sitemap.xml"]
    while queue:
        document = edition.document(site, queue.pop())
        if document is None:  # children of the index that the card tells the crawler to skip
            continue
        body = gzip.decompress(document.body) if document.encoding == "gzip" else document.body
        root = ET.fromstring(body)
        paths = [urlsplit(loc.text or "").path for loc in root.findall(".//{*}loc")]
        queue += paths if root.tag.endswith("sitemapindex") else []
        found |= set() if root.tag.endswith("sitemapindex") else set(paths)
    assert found == {*edition.pages[site], "/"}


def test_a_feed_named_after_a_section_has_that_section_alone() -> None:
    edition = Edition(1, BASES)
    document = edition.document("lua-moi", "/rss/kinh-te.rss")
    assert document
    links = [urlsplit(item.findtext("link") or "").path for item in ET.fromstring(document.body).iter("item")]
    assert {edition.pages["lua-moi"][path].text.section for path in links} == {"Kinh tế"}
    assert len(links) < len(edition.pages["lua-moi"])


@pytest.mark.parametrize(
    ("shard", "moment", "path"),
    [
        ("month", datetime(2026, 1, 31, 23, tzinfo=UTC), "/sitemaps/news-2026-1.xml"),
        ("day", datetime(2026, 1, 31, 23, tzinfo=UTC), "/sitemap/sitemap-post/2026-01-31.xml"),
        ("five_days", datetime(2026, 1, 31, 23, tzinfo=UTC), "/sitemaps/sitemaps-2026-1-26-31.xml"),
        ("five_days", datetime(2024, 2, 29, tzinfo=UTC), "/sitemaps/sitemaps-2024-2-26-29.xml"),
        ("five_days", datetime(2026, 1, 5, tzinfo=UTC), "/sitemaps/sitemaps-2026-1-1-5.xml"),
        ("none", datetime(2026, 1, 5, tzinfo=UTC), "/sitemap.xml"),
    ],
)
def test_sitemaps_are_cut_as_the_families_cut_them(shard: str, moment: datetime, path: str) -> None:
    assert shard_path(shard, moment) == path


def test_json_ld_says_what_the_page_says() -> None:
    edition = Edition(1, BASES)
    page = edition.where("vi/fdi-2025", "lua-moi")
    assert page
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', text_of(edition, "vi/fdi-2025"), re.S)
    assert script
    data = json.loads(script[1])
    assert data["headline"] == page.text.title
    assert datetime.fromisoformat(data["datePublished"]) == page.printing.published


def test_a_title_cannot_break_out_of_the_markup() -> None:
    text = text_of(Edition(1, BASES), "vi/gdp-2025-ca-nam")
    assert text.count("</script>") == text.count("<script")
    assert "Hai Phong&#39;s gross" in text_of(Edition(1, BASES), "en/hai-phong-q1-2023")


def test_the_same_document_is_not_sent_twice(press: Press) -> None:
    page = press.edition.where("vi/gdp-binh-quan-2025")
    assert page
    status, headers, body = get(page.url)
    assert (status, b"510" in body) == (200, True)
    assert get(page.url, **{"If-None-Match": headers["etag"]})[0] == 304
    assert get(page.url, **{"If-None-Match": '"other"', "If-Modified-Since": headers["last-modified"]})[0] == 200
    assert get(page.url, **{"If-Modified-Since": headers["last-modified"]})[0] == 304
    press.print_edition(2)
    status, later, body = get(page.url, **{"If-None-Match": headers["etag"]})
    assert (status, b"514" in body) == (200, True)
    before, after = (parsedate_to_datetime(each["last-modified"]) for each in (headers, later))
    assert before < after


def test_head_and_missing_pages(press: Press) -> None:
    page = press.edition.where("en/pmi-december-2025")
    assert page
    status, headers, body = get(page.url, "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) == len(get(page.url)[2])
    assert get(press.bases["lua-moi"] + "/khong-co.vnp")[0] == 404
    assert [(r.path, r.status) for r in press.requests][-1] == ("/khong-co.vnp", 404)


def test_robots_forbid_what_the_pages_link_to(press: Press) -> None:
    status, headers, body = get(press.bases["cua-bien"] + "/robots.txt")
    assert (status, headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert b"Disallow: /tim-kiem\n" in body
    assert 'href="/tim-kiem?q=grdp"' in text_of(press.edition, "vi/can-bo-hai-phong", "cua-bien")


def test_cards_name_the_ports_that_are_served(press: Press, tmp_path: Path) -> None:
    folder = press.cards(tmp_path / "cards")
    cards = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in folder.glob("*.toml")}
    assert {name: card["base_url"] for name, card in cards.items()} == press.bases
    assert all(card["loopback"] for card in cards.values())


def test_a_taken_port_is_named_and_nothing_stays_open(press: Press) -> None:
    taken = int(press.bases["lua-moi"].rpartition(":")[2])
    with pytest.raises(OSError, match=f"port {taken} of 127.0.0.1"):
        demo_press.serve(taken)


def test_the_same_port_gives_the_same_bytes(press: Press) -> None:
    again = Edition(1, press.bases)
    for site, pages in press.edition.pages.items():
        for path in [*pages, "/", "/robots.txt", "/sitemap.xml"]:
            assert again.document(site, path) == press.edition.document(site, path)


def test_closing_twice_does_nothing() -> None:
    press = demo_press.serve()
    press.close()
    press.close()
    assert press.bases


def test_a_broken_manuscript_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "vi"
    folder.mkdir()
    (folder / "hong.md").write_text("+++\ntitle = 'x'\n", "utf-8")
    with pytest.raises(ValueError, match=r"hong\.md"):
        read(folder / "hong.md")


def test_every_stop_of_the_tour_is_one_article_with_all_its_words() -> None:
    texts = [text for each in manuscripts().values() if (text := each.in_edition(2))]
    for what, search in demo_press.TOUR:
        found = [t.key for t in texts if all(word in f"{t.title} {t.text}".lower() for word in search.lower().split())]
        assert found, f"{what}: no article has all of {search!r}"
