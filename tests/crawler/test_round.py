"""Several sites beside each other: one writer, one request at a time to a host, clean ends."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.archive import Archive, check, read_warc, warc_files
from crawler.errors import ArchiveError
from crawler.memory import RememberedPages
from crawler.round import crawl_round, host_groups


def now():
    return datetime.now(UTC)


class OneThread(RememberedPages):
    """A memory that, like SQLite, may only be used where it was made."""

    def __init__(self):
        super().__init__()
        self.home = threading.get_ident()

    def validators(self, url):
        assert threading.get_ident() == self.home
        return super().validators(url)

    def remember(self, *row):
        assert threading.get_ident() == self.home
        super().remember(*row)


@pytest.fixture
def sites(presses):
    """Four presses of five articles each."""
    found = [presses() for _ in range(4)]
    for site in found:
        site.feed("/tin.rss", *[site.article(i) for i in range(5)])
    return found


def cards_of(sites):
    return [replace(site.card(feeds=["/tin.rss"]), name=f"bao-{i}") for i, site in enumerate(sites)]


def test_all_articles_of_all_sites_come_and_are_archived(sites, tmp_path):
    memory, events = OneThread(), []
    with Archive(tmp_path, now) as archive:
        captures = list(crawl_round(cards_of(sites), memory=memory, archive=archive, now=now, report=events.append))
    assert {capture.article.site for capture in captures} == {"bao-0", "bao-1", "bao-2", "bao-3"}
    assert len({capture.article.url for capture in captures}) == 20
    assert check(tmp_path) == []
    assert len(list(read_warc(warc_files(tmp_path)[0]))) == 20
    assert sum(event.kind == "parsed" for event in events) == 20
    assert list(crawl_round(cards_of(sites), memory=memory, now=now, limit=0)) == []


def test_a_slow_site_holds_no_other_up(sites):
    def slow(handler):
        time.sleep(4.0)
        handler.wfile.write(b"HTTP/1.1 404 None\r\ncontent-length: 0\r\n\r\n")

    sites[0].pages["/robots.txt"] = slow
    started, moments = time.monotonic(), {}
    for capture in crawl_round(cards_of(sites), memory=RememberedPages(), now=now):
        moments.setdefault(capture.article.site, time.monotonic() - started)
    assert max(moments[f"bao-{i}"] for i in (1, 2, 3)) < 4.0 <= moments["bao-0"]


def test_sites_of_one_host_are_crawled_one_after_the_other(sites):
    one, two, three, four = cards_of(sites)
    linked = replace(four, hosts=(one.base_url[7:],))
    assert [[card.name for card in group] for group in host_groups([one, two, three, linked])] == [
        ["bao-1"],
        ["bao-2"],
        ["bao-0", "bao-3"],
    ]


def test_the_caller_may_leave_at_any_time(sites):
    before = threading.active_count()
    running = crawl_round(cards_of(sites), memory=OneThread(), now=now)
    next(running)
    running.close()
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert threading.active_count() <= before


def test_a_full_disk_ends_the_round(sites, tmp_path, monkeypatch):
    with Archive(tmp_path, now) as archive:
        monkeypatch.setattr(archive, "write", lambda *_: (_ for _ in ()).throw(ArchiveError("disk full")))
        with pytest.raises(ArchiveError, match="disk full"):
            list(crawl_round(cards_of(sites), memory=OneThread(), archive=archive, now=now))


def test_no_cards_no_captures():
    assert list(crawl_round([], memory=RememberedPages(), now=now)) == []
