"""Feeds, sitemaps and robots files."""

import contextlib
import gzip
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import FeedError
from crawler.feed import read_feed
from crawler.listed import Listed
from crawler.robots import LARGEST, Robots
from crawler.sitemap import choose_shards, read_sitemap, shard_period

RSS = """<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>Tin</title>
<item><title>Giá điện tăng</title><link>https://a.example/1.htm</link><pubDate>{date}</pubDate></item>
<item><title>Không địa chỉ</title></item>
<item><title>Hai</title><guid>https://a.example/2.htm</guid></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Ba</title><link href="https://a.example/3.htm"/>
<published>2026-01-06T09:30:00+07:00</published></entry></feed>"""


@pytest.mark.parametrize("declared", ["utf-8", "utf-16"])
@pytest.mark.parametrize("real", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_feed_in_any_coding_whatever_it_declares(declared, real):
    body = RSS.format(encoding=declared, date="Tue, 06 Jan 2026 09:30:00 +0700").encode(real)
    first, second = read_feed(body)
    assert (first.url, first.title) == ("https://a.example/1.htm", "Giá điện tăng")
    assert first.published.moment.isoformat() == "2026-01-06T09:30:00+07:00"
    assert (second.url, second.published) == ("https://a.example/2.htm", None)


def test_feed_with_month_first():
    body = RSS.format(encoding="utf-8", date="1/6/2026 2:30:00 PM").encode()
    listed = read_feed(body, date_patterns=["{m}/{d}/{yyyy} {H}:{M}:{S} {ampm}"])
    assert listed[0].published.moment.isoformat() == "2026-01-06T14:30:00+07:00"


def test_atom():
    (listed,) = read_feed(ATOM.encode())
    assert listed.published.moment.isoformat() == "2026-01-06T09:30:00+07:00"


@pytest.mark.parametrize("body", [b"", b"<html><body><form>Log in</form></body></html>", b"{}", b"\x00\x01\x02"])
def test_what_is_no_feed(body):
    with pytest.raises(FeedError):
        read_feed(body)


def test_entities_of_a_feed_are_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("bí mật")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;">]>'
    body = RSS.format(encoding="utf-8", date="").replace("<rss", doctype + "<rss").replace("Giá", "&x;&c;")
    assert "bí mật" not in str(read_feed(body.encode()))
    assert "bbbb" not in str(read_feed(body.encode()))


def test_references_to_no_character_are_left_out():
    body = RSS.format(encoding="utf-8", date="").replace("Giá", "&#xd800;&#x110000;&#0;Gi&#225;")
    assert read_feed(body.encode())[0].title == "Giá điện tăng"


URLSET = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc> https://a.example/1.htm </loc>
<lastmod>2026-02-01T00:00:00+07:00</lastmod><news:news><news:publication_date>2026-01-06T09:30:00+07:00</news:publication_date>
<news:title>Tin &amp; số</news:title></news:news><image:image><image:loc>https://a.example/1.jpg</image:loc></image:image></url>
<url><loc>https://a.example/2.htm</loc><lastmod>2026-02-02</lastmod></url></urlset>"""
INDEX = """<sitemapindex><sitemap><loc>https://a.example/news-2026-1.xml</loc></sitemap>
<sitemap><loc>https://a.example/news-2026-2.xml</loc><lastmod>2026-02-10</lastmod></sitemap>
<sitemap><loc>https://a.example/categories.xml</loc></sitemap></sitemapindex>"""


def test_sitemap_with_news_date_and_lastmod():
    first, second = read_sitemap(URLSET.encode()).pages
    assert (first.url, first.title) == ("https://a.example/1.htm", "Tin & số")
    assert (first.published.source, first.published.moment.day) == ("sitemap", 6)
    assert second.published is None, "lastmod is never taken for publication"
    assert second.changed.date() == date(2026, 2, 2)


def test_packed_broken_and_indexed_sitemaps():
    assert read_sitemap(gzip.compress(URLSET.encode())) == read_sitemap(URLSET.encode())
    broken = read_sitemap(URLSET.replace("</url>", "</url>\n<url><loc>&nbsp;", 1).encode())
    assert (broken.broken, len(broken.pages)) == (True, 1)
    assert [child.url[-13:] for child in read_sitemap(INDEX.encode()).children] == [
        "ws-2026-1.xml",
        "ws-2026-2.xml",
        "ategories.xml",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><form>Log in</form></html>",
        b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>',
        gzip.compress(URLSET.encode())[:-20],
        gzip.compress(b" " * 60_000_000),
        b"\x1f\x8b not gzip",
    ],
    ids=["empty", "login", "entities", "cut off", "bomb", "no gzip"],
)
def test_what_is_no_sitemap(body):
    with pytest.raises(FeedError):
        read_sitemap(body)


@pytest.mark.parametrize(
    ("url", "first", "last"),
    [
        ("https://a.example/sitemaps/news-2026-8.xml", date(2026, 8, 1), date(2026, 8, 31)),
        ("https://a.example/sitemap/news-2026-02.xml", date(2026, 2, 1), date(2026, 2, 28)),
        ("https://a.example/StaticSitemaps/sitemaps-2026-6-11-15.xml", date(2026, 6, 11), date(2026, 6, 15)),
        ("https://a.example/sitemap/sitemap-post/2026-06-11.xml", date(2026, 6, 11), date(2026, 6, 11)),
        ("https://a.example/sitemaps/2026/12/article.xml", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_period_that_a_shard_is_named_after(url, first, last):
    assert shard_period(url) == (first, last)


def test_a_name_without_a_period():
    assert shard_period("https://a.example/wp-sitemap-posts-post-12.xml") is None
    assert shard_period("https://a.example/sitemap-2026-02-30.xml") is None


def test_shards_are_chosen_by_name_newest_first():
    names = ["news-2026-1.xml", "news-2026-3.xml", "news-2026-2.xml", "categories.xml", "home.xml"]
    children = [Listed(f"https://a.example/{name}") for name in names]
    chosen = choose_shards(children, date(2026, 3, 2), ("categories",))
    assert [child.url[18:] for child in chosen] == ["home.xml", "news-2026-3.xml", "news-2026-2.xml"]


ROBOTS = [
    ("User-agent: *\nDisallow: /a", "/a/b", False),
    ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
    ("User-agent: *\nDisallow: /a\n\nUser-agent: Solieu\nDisallow: /c", "/a", True),
    ("User-agent: *\nDisallow:", "/a", True),
    ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
    ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
    ("User-agent: Other\nFoo: 1\nUser-agent: *\nDisallow: /a", "/a", False),
    ("User-agent: Solieu\nFoo: 1\nUser-agent: Other\nDisallow: /a", "/a", False),
    ("User-agent: Solieu\nCrawl-delay: 3\nUser-agent: Other\nDisallow: /a", "/a", False),
    ("User-agent: Solieu\nSitemap: https://a.example/s\nUser-agent: Other\nDisallow: /a", "/a", False),
    ("User-agent: Sol\nDisallow: /a", "/a", True),
    ("User-agent: ieu\nDisallow: /a", "/a", True),
    ("User-agent: Solieu-News\nDisallow: /a", "/a", True),
    ("User-agent: Solieu/1.0\nDisallow: /a", "/a", False),
    ("User-agent: SOLIEU bot\nDisallow: /a", "/a", False),
    ("User-agent: *bot\nDisallow: /a", "/a", True),
    ("User-agent: Solieu\nDisallow: /b\n\nUser-agent: *\nDisallow:\n\nUser-agent: solieu\nDisallow: /a", "/a", False),
    ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
    ("User-agent: *\nDisallow: /ti%E1%BA%BFng", "/ti\u1ebfng", False),
    ("User-agent: *\nDisallow: /ti\u1ebfng", "/ti%E1%BA%BFng", False),
    ("User-agent: *\nDisallow: /", "/robots.txt", True),
    ("User-agent: *\nDisallow: /A", "/a", True),
    ("User-agent *\nDisallow /a", "/a", False),
    ("Disallow: /a", "/a", True),
    ("\ufeffUser-agent: *\r\nDisallow: /a", "/a", False),
    ("User-agent: *\rDisallow: /a\r", "/a", False),
    ("user-agent: *\ndisalow: /a", "/a", False),
    ("<html><body>Not found</body></html>", "/a", True),
    ("# note\nUser-agent: * # all\nDisallow: /a # this", "/a", False),
]


@pytest.mark.parametrize(("text", "path", "allowed"), ROBOTS)
def test_robots(text, path, allowed):
    assert Robots.of(200, text.encode()).allows(f"https://a.example{path}", "Solieu") is allowed


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        *((200, True), (204, True), (401, True), (403, True), (404, True), (410, True)),
        *((429, False), (500, False), (503, False), (302, False), (None, False)),
    ],
)
def test_robots_that_cannot_be_read(status, allowed):
    assert Robots.of(status, b"").allows("https://a.example/x", "Solieu") is allowed


def test_crawl_delay_sitemaps_and_size():
    robots = Robots.of(200, b"User-agent: *\nCrawl-delay: 2.5\nSitemap: https://a.example/s.xml")
    assert (robots.delay("Solieu"), robots.sitemaps()) == (2.5, ["https://a.example/s.xml"])
    long = b"User-agent: *\n" + b"#" * LARGEST + b"\nDisallow: /a"
    assert Robots.of(200, long).allows("https://a.example/a", "Solieu")
    assert Robots.of(404).delay("Solieu") == 0


@given(st.binary(max_size=300))
def test_any_bytes_are_robots(body):
    robots = Robots.of(200, body)
    assert robots.allows("https://a.example/", "Solieu") in (True, False)
    assert 0 <= robots.delay("Solieu") <= 300


@given(st.binary(max_size=300))
def test_any_bytes_are_a_sitemap_or_none(body):
    started = time.monotonic()
    with contextlib.suppress(FeedError):
        read_sitemap(body)
    assert time.monotonic() - started < 5
