"""Crawls of a press on loopback: discovery, politeness, resumption, coverage."""

import gzip
import socket
import struct
from collections import Counter
from datetime import date

import pytest

from crawler.archive import Archive, check, read_warc, warc_files
from crawler.crawl import crawl, fetch_article, user_agent
from crawler.errors import ArchiveError, FetchError, PageError, Refused
from crawler.fetch import Fetcher
from crawler.memory import RememberedPages


class Crawling:
    """One memory and one clock for several crawls of one press."""

    def __init__(self, press, clock):
        self.press, self.clock = press, clock
        self.memory = RememberedPages()
        self.events = []

    def start(self, card=None, **options):
        card = card or self.press.card(feeds=["/tin.rss"])
        fetcher = Fetcher(
            card, user_agent="Solieu/test", now=self.clock.now, sleep=self.clock.sleep, clock=self.clock.clock
        )
        self.events.clear()
        self.press.asked.clear()
        return crawl(
            card, memory=self.memory, now=self.clock.now, report=self.events.append, fetcher=fetcher, **options
        )

    def run(self, card=None, **options):
        return list(self.start(card, **options))

    def kinds(self):
        return Counter(event.kind for event in self.events)

    def reasons(self, kind):
        return [event.reason for event in self.events if event.kind == kind]


@pytest.fixture
def crawling(press, clock):
    """A Crawling over `press`."""
    return Crawling(press, clock)


def test_feed_to_captures(press, crawling):
    press.feed("/tin.rss", press.article(1), press.article(2))
    first, second = crawling.run()
    assert first.article.title == "Bài số 1"
    assert first.article.text == "Lời dẫn của Bài số 1.\nGDP tăng 8,02% trong năm 2025."
    assert first.article.published_at.isoformat() == "2026-01-06T09:30:00+07:00"
    assert first.article.published_source == "url"
    assert (first.snapshot.status, first.snapshot.article_id) == (200, first.article.id)
    assert first.snapshot.fetched_at == crawling.clock.now()
    assert second.article.site == "cua-bien"
    assert crawling.kinds() == {"listed": 2, "fetched": 2, "parsed": 2}
    assert press.paths()[0] == "/robots.txt"


def test_an_unchanged_page_is_asked_conditionally_and_not_handed_on(press, crawling, tmp_path):
    paths = [press.article(1, etag='"1"'), press.article(2, etag='"2"')]
    press.feed("/tin.rss", *paths)
    crawling.run()
    press.article(2, "GDP tăng 8,03% trong năm 2025.", etag='"3"')
    with Archive(tmp_path, crawling.clock.now) as archive:
        (changed,) = crawling.run(archive=archive)
    assert "8,03%" in changed.article.text
    assert crawling.kinds() == {"listed": 2, "unchanged": 1, "fetched": 1, "parsed": 1}
    asked = {path: headers for path, headers, _ in press.asked}
    assert all("if-none-match" in asked[path] for path in paths)
    assert check(tmp_path) == []
    assert [page.url for page in read_warc(warc_files(tmp_path)[0])] == [changed.article.url]


def test_pages_of_a_server_without_validators_are_asked_conditionally_too(press, crawling):
    press.feed("/tin.rss", press.article(1))
    crawling.run()
    crawling.run()
    headers = {path: sent for path, sent, _ in press.asked}
    assert all("if-modified-since" in sent for path, sent in headers.items() if path != "/robots.txt")


def test_a_crawl_killed_at_any_capture_loses_and_repeats_nothing(press, crawling):
    press.feed("/tin.rss", *(press.article(i, etag=f'"{i}"') for i in range(5)))
    stored = []
    for stop in range(1, 4):
        running = crawling.start()
        for _ in range(stop):
            stored.append(next(running).article.url)
        running.close()
    stored += [capture.article.url for capture in crawling.run()]
    assert set(stored) == {capture.article.url for capture in Crawling(press, crawling.clock).run()}
    assert max(Counter(stored).values()) <= 2, "the page in hand at the kill is asked once more, no other"


def test_what_a_limit_leaves_waits_in_the_frontier(press, crawling):
    press.feed("/tin.rss", *(press.article(i, etag=f'"{i}"') for i in range(4)))
    press.pages["/tin.rss"][1]["etag"] = '"f"'
    assert len(crawling.run(limit=1)) == 1
    assert crawling.reasons("skipped") == ["limit"] * 3
    assert len(crawling.run(limit=2)) == 2
    assert press.paths()[1] != "/tin.rss", "the frontier comes first"
    assert len(crawling.run()) == 1
    assert crawling.kinds() == {"fetched": 1, "parsed": 1}, "the feed has not changed, and was not to be read again"
    assert crawling.run() == []
    assert crawling.kinds() == {}


def test_what_a_killed_crawl_had_not_asked_is_asked_though_no_list_names_it_any_more(press, crawling):
    press.feed("/tin.rss", *(press.article(i) for i in range(3)))
    running = crawling.start()
    first = next(running)
    running.close()
    press.feed("/tin.rss")
    press.page("/tin.rss", "<rss version='2.0'><channel></channel></rss>")
    found = {capture.article.url for capture in crawling.run()}
    assert len(found | {first.article.url}) == 3


def test_a_page_that_vanished_is_marked(press, crawling):
    path = press.article(1)
    press.feed("/tin.rss", path)
    (capture,) = crawling.run()
    press.page(path, status=410)
    crawling.run()
    assert crawling.memory.notices == [("gone", capture.article.url)]
    assert crawling.reasons("gone") == ["status_410"]


def test_a_correction_names_what_it_corrects(press, crawling):
    wrong, right = press.article(1), press.article(2)
    text = f'Bài <a href="{press.base}{wrong.replace("bai-so-1", "ten-cu")}">Bài số 1</a> có một con số sai. <a href="/">Trang chủ</a>'
    body = press.pages[press.article(3, text)][2].replace("Bài số 3".encode(), "Thông tin cải chính, xin lỗi".encode())
    press.page("/kinh-te/cai-chinh-20260106093000009.htm", body)
    press.feed("/tin.rss", wrong, right, "/kinh-te/cai-chinh-20260106093000009.htm")
    first, second, correction = crawling.run()
    assert correction.article.corrects == (first.article.url,)
    assert first.article.corrects == second.article.corrects == ()


def test_a_304_that_nobody_asked_for_is_no_page(press, crawling):
    path = press.article(1)
    good = press.pages[path]
    press.page(path, status=304)
    press.feed("/tin.rss", path)
    assert crawling.run() == []
    assert crawling.reasons("failed") == ["status_304"]
    press.pages[path] = good
    assert len(crawling.run()) == 1


def test_sitemap_index_shards_and_sections(press, crawling):
    one, two, three, old = (press.article(i) for i in range(1, 5))
    base = press.base
    press.page(
        "/sitemap.xml",
        f"<sitemapindex><sitemap><loc>{base}/news-2026-1.xml</loc></sitemap><sitemap><loc>{base}/news-2019-1.xml</loc>"
        f"</sitemap><sitemap><loc>{base}/categories.xml</loc></sitemap>"
        "<sitemap><loc>https://khac.example/s.xml</loc></sitemap></sitemapindex>",
    )
    press.page("/news-2026-1.xml", gzip.compress(f"<urlset><url><loc>{base}{one}</loc></url></urlset>".encode()))
    press.page("/news-2019-1.xml", f"<urlset><url><loc>{base}{old}</loc></url></urlset>")
    press.page("/kinh-te.htm", f'<li class="item"><a class="thumb" href="{two}">x</a></li><a href="{three}">y</a>')
    card = press.card(sitemaps=["/sitemap.xml"], sections=["/kinh-te.htm"], sitemap_skip=("categories",))
    captures = crawling.run(card, since=date(2026, 1, 1))
    assert [capture.article.title for capture in captures] == ["Bài số 1", "Bài số 2"]
    assert "/news-2019-1.xml" not in press.paths()
    assert "/categories.xml" not in press.paths()
    assert crawling.reasons("blocked") == ["host"]


def test_an_index_that_names_itself_ends(press, crawling):
    press.page("/sitemap.xml", f"<sitemapindex><sitemap><loc>{press.base}/sitemap.xml</loc></sitemap></sitemapindex>")
    assert crawling.run(press.card(sitemaps=["/sitemap.xml"])) == []
    assert press.paths().count("/sitemap.xml") == 1


def test_sitemaps_of_robots_serve_a_card_that_names_no_list(press, crawling):
    press.page("/robots.txt", f"User-agent: *\nSitemap: {press.base}/s.xml\nSitemap: https://khac.example/s.xml")
    press.page("/s.xml", f"<urlset><url><loc>{press.base}{press.article(1)}</loc></url></urlset>")
    assert len(crawling.run(press.card())) == 1


def test_forbidden_paths_are_not_asked(press, crawling):
    allowed, forbidden = press.article(1), press.article(2)
    press.page("/robots.txt", f"User-agent: *\nFoo: 1\nDisallow: {forbidden}")
    press.feed("/tin.rss", allowed, forbidden)
    assert len(crawling.run()) == 1
    assert forbidden not in press.paths()
    assert crawling.reasons("blocked") == ["robots"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_site_whose_robots_cannot_be_read_is_left_alone(press, crawling, status):
    press.page("/robots.txt", status=status)
    press.feed("/tin.rss", press.article(1))
    assert crawling.run() == []
    assert set(press.paths()) == {"/robots.txt"}
    assert crawling.reasons("blocked") in (["robots_unreachable"], ["retry_after"])


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_site_without_robots_may_be_asked(press, crawling, status):
    press.page("/robots.txt", status=status)
    press.feed("/tin.rss", press.article(1))
    assert len(crawling.run()) == 1


def test_robots_are_read_again_after_a_day(press, crawling):
    first, second = press.article(1), press.article(2)
    press.feed("/tin.rss", first, second)
    running = crawling.start()
    next(running)
    press.page("/robots.txt", f"User-agent: *\nDisallow: {second}")
    crawling.clock.sleep(86_500)
    assert list(running) == []
    assert second not in press.paths()


def test_crawl_delay_is_kept_between_all_requests(press, crawling):
    press.page("/robots.txt", "User-agent: *\nCrawl-delay: 7")
    press.feed("/tin.rss", press.article(1), press.article(2))
    crawling.run()
    assert crawling.clock.passed == 21.0


def test_a_short_retry_after_is_waited_for_and_a_long_one_ends_the_site(press, crawling):
    page = press.article(1)
    press.feed("/tin.rss", page, press.article(2))
    good = press.pages[page]
    calls = []

    def busy(handler):
        calls.append(crawling.clock.passed)
        press.pages[page] = good
        handler.wfile.write(b"HTTP/1.1 503 Busy\r\nretry-after: 20\r\ncontent-length: 0\r\n\r\n")

    press.pages[page] = busy
    assert len(crawling.run()) == 2
    assert crawling.clock.passed >= 20
    press.page(page, status=429, **{"retry-after": "4000"})
    assert crawling.run() == []
    assert crawling.reasons("blocked") == ["status_429"]
    crawling.clock.sleep(3000)
    assert crawling.run() == []
    assert (crawling.reasons("blocked"), press.asked) == (["retry_after"], []), "also by the next run"
    crawling.clock.sleep(1001)
    press.pages[page] = good
    assert len(crawling.run()) == 2


def test_one_bad_page_costs_no_neighbour(press, crawling):
    good = [press.article(i) for i in range(1, 4)]
    bad = [f"/kinh-te/hong-{i}-2026010609300099{i}.htm" for i in range(8)]
    press.page(bad[0], status=500)
    press.page(bad[1], status=404)
    press.page(bad[2], "<html><body>đăng nhập</body></html>")
    press.page(bad[3], gzip.compress(b"x" * 999)[:-9], **{"content-encoding": "gzip"})
    press.page(bad[4], status=302, location="http://169.254.169.254/")
    press.page(bad[5], b"\x00\xff\xfe" * 100)
    press.page(bad[6], status=403)
    press.page(bad[7], "", **{"content-type": "application/pdf"})
    order = [bad[0], good[0], *bad[1:4], good[1], *bad[4:], good[2]]
    press.feed("/tin.rss", *order)
    captures = crawling.run()
    assert [capture.article.title for capture in captures] == ["Bài số 1", "Bài số 2", "Bài số 3"]
    assert crawling.reasons("gone") == ["status_404"]
    assert Counter(crawling.reasons("failed")) == {"status_500": 1, "no_article": 3, "cut_off": 1}
    assert crawling.reasons("blocked") == ["host", "status_403"]


def paths_of(count):
    return [f"/kinh-te/x-{i}-2026010609300{i:04d}.htm" for i in range(count)]


def reset(handler):
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def test_a_dead_host_is_left_after_a_few_requests(press, crawling):
    press.feed("/tin.rss", *paths_of(40))

    def die(handler):
        press.pages["/robots.txt"] = reset
        reset(handler)

    press.pages.update(dict.fromkeys(paths_of(40), die))
    assert crawling.run() == []
    assert len(press.asked) < 20
    assert crawling.reasons("blocked") == ["host_silent"]


def test_a_host_with_many_bad_pages_is_not_dead(press, crawling):
    press.feed("/tin.rss", *paths_of(16), press.article(99))
    press.pages.update(dict.fromkeys(paths_of(8), reset))
    for path in paths_of(16)[8:]:
        press.page(path, status=500)
    assert len(crawling.run()) == 1


def test_a_host_that_refuses_everything_is_left(press, crawling):
    press.feed("/tin.rss", *paths_of(40))
    for path in paths_of(40):
        press.page(path, status=403)
    assert crawling.run() == []
    assert crawling.reasons("blocked") == ["status_403"] * 10 + ["host_refusing"]


@pytest.mark.parametrize("body", ["<html><form>login</form></html>", "", "{}"])
def test_a_list_that_is_none_is_counted(press, crawling, body):
    press.page("/tin.rss", body)
    press.page("/sitemap.xml", body)
    assert crawling.run(press.card(feeds=["/tin.rss"], sitemaps=["/sitemap.xml"])) == []
    assert crawling.reasons("failed") == ["not_a_list", "not_a_list"]


def test_what_is_listed_and_is_none_of_ours(press, crawling):
    press.feed(
        "/tin.rss", press.article(1), "/kinh-te.htm", "https://khac.example/a.htm", "javascript:x", press.article(1)
    )
    crawling.run()
    assert crawling.kinds() == {"listed": 1, "fetched": 1, "parsed": 1, "skipped": 1, "blocked": 1}


def test_since_goes_by_evidence_and_never_guesses(press, crawling):
    dated, undated = press.article(1), "/kinh-te/khong-ngay-1.htm"
    card = press.card(feeds=["/tin.rss"], addresses=())
    press.page(undated, press.pages[dated][2])
    press.feed("/tin.rss", undated)
    (capture,) = crawling.run(card, since=date(2026, 2, 1))
    assert capture.article.published_at is None
    press.feed("/tin.rss", dated)
    assert crawling.run(since=date(2026, 2, 1)) == []
    assert crawling.reasons("skipped") == ["older"]


def test_a_wider_since_finds_what_a_narrower_one_left_out(press, crawling):
    press.feed("/tin.rss", press.article(1, etag='"1"'))
    press.pages["/tin.rss"][1]["etag"] = '"f"'
    assert crawling.run(since=date(2026, 2, 1)) == []
    assert crawling.run(since=date(2026, 2, 1)) == []
    assert crawling.kinds() == {}, "the same list under the same date answers 304"
    assert len(crawling.run(since=date(2026, 1, 1))) == 1
    assert crawling.run(since=date(2026, 2, 1)) == crawling.run() == []
    assert crawling.kinds() == {}


def test_a_moved_slug_is_the_same_article(press, crawling):
    old = press.article(1)
    press.feed("/tin.rss", old)
    (first,) = crawling.run()
    new = old.replace("bai-so-1", "bai-so-mot-da-sua")
    press.page(new, press.pages[old][2].replace(b"8,02", b"8,03"))
    press.feed("/tin.rss", new)
    (moved,) = crawling.run()
    assert moved.article.id == first.article.id
    assert "8,03" in moved.article.text


def test_a_page_that_redirects_to_the_front_page_is_no_article(press, crawling):
    path = press.article(1)
    press.page(path, status=302, location="/")
    press.page("/", press.pages[press.article(2)][2])
    press.feed("/tin.rss", path)
    assert crawling.run() == []
    assert crawling.reasons("failed") == ["moved_away"]


def test_a_page_that_could_not_be_read_is_asked_again(press, crawling):
    path = press.article(1)
    good = press.pages[path]
    press.page(path, "<html><body>bảo trì</body></html>", etag='"1"')
    press.feed("/tin.rss", path)
    assert crawling.run() == []
    press.pages[path] = (200, {**good[1], "etag": '"1"'}, good[2])
    assert len(crawling.run()) == 1


def test_a_changed_layout_is_reported(press, crawling):
    path = press.article(1, "GDP tăng 8,02% trong năm 2025. " * 9)
    page = press.pages[path][2].replace(b"contents", b"content-2027").replace(b"<p>", b'<p itemprop="articleBody">')
    press.page(path, page.replace(b"</head>", b'<meta property="og:type" content="article"></head>'))
    press.feed("/tin.rss", path)
    crawling.run()
    assert crawling.reasons("layout") == ["body"]


def test_an_archive_that_cannot_be_written_ends_the_crawl(press, crawling, tmp_path, monkeypatch):
    press.feed("/tin.rss", press.article(1))
    with Archive(tmp_path, crawling.clock.now) as archive:
        monkeypatch.setattr(archive, "write", lambda *_: (_ for _ in ()).throw(ArchiveError("disk full")))
        with pytest.raises(ArchiveError):
            crawling.run(archive=archive)
    assert not any("2026010609" in url for url in crawling.memory.pages), "the page is asked for again"


def test_snapshots_point_into_the_archive(press, crawling, tmp_path):
    press.feed("/tin.rss", press.article(1), press.article(2))
    with Archive(tmp_path, crawling.clock.now) as archive:
        captures = crawling.run(archive=archive)
    pages = {page.offset: page for page in read_warc(warc_files(tmp_path)[0])}
    for capture in captures:
        assert pages[capture.snapshot.warc_offset].url == capture.article.url
        assert capture.snapshot.warc_file == warc_files(tmp_path)[0].name


def test_one_article_at_an_address(press, crawling):
    path = press.article(1)
    cards = {"cua-bien": press.card()}
    now = crawling.clock.now()
    assert fetch_article(press.base + path, cards, now=now).title == "Bài số 1"
    with pytest.raises(FetchError, match="status_404"):
        fetch_article(press.base + "/none", cards, now=now)
    with pytest.raises(Refused, match="not a public address"):
        fetch_article(press.base + path, {}, now=now)
    press.page("/robots.txt", "User-agent: *\nDisallow: /")
    with pytest.raises(Refused, match=r"robots\.txt forbids"):
        fetch_article(press.base + path, cards, now=now)
    with pytest.raises(Refused, match="not a web address"):
        fetch_article("http://", cards, now=now)


def test_user_agent_names_a_contact():
    assert user_agent("mailto:a@example.org").startswith("Solieu/")
    assert "+mailto:a@example.org" in user_agent("mailto:a@example.org")
    assert PageError is not FetchError
