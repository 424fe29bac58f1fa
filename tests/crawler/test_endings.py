"""How a crawl ends: the exit code and the line that says why, from outside, as a person or a cron job sees it."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.archive import check

ROOT = Path(__file__).parents[2]


@pytest.fixture
def site(press, tmp_path):
    """A press of thirty articles and a function that starts a crawl of it."""
    press.feed("/tin.rss", *(press.article(i, etag=f'"{i}"') for i in range(30)))
    (tmp_path / "sites").mkdir()

    def card(delay=0.0):
        (tmp_path / "sites" / "bao.toml").write_text(
            f'outlet = "Báo"\nbase_url = "{press.base}"\nfamily = "baotintuc"\nfeeds = ["/tin.rss"]\ndelay = {delay}\n'
            'addresses = ["/{section}/{slug}-{stamp14}{ms}.htm"]\nloopback = true\n'
        )

    def crawl(*more, limit=None):
        most = ["prlimit", f"--fsize={limit}"] if limit else []
        command = [*most, sys.executable, str(ROOT / "solieu.py"), "crawl", "--sites", "sites", "--db", "t.db", *more]
        return subprocess.Popen(
            command, cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    card()
    crawl.card, crawl.folder = card, tmp_path
    return crawl


def last_line(process):
    return process.communicate(timeout=90)[1].strip().splitlines()[-1]


def stored(folder):
    conn = sqlite3.connect(folder / "t.db")
    try:
        assert conn.execute("pragma integrity_check").fetchone() == ("ok",)
        return conn.execute("select count(*) from articles").fetchone()[0]
    finally:
        conn.close()


def until_asked(press, count):
    end = time.monotonic() + 60
    while len(press.asked) < count and time.monotonic() < end:
        time.sleep(0.02)


def test_a_crawl_that_has_nothing_left_says_so(site):
    process = site()
    assert last_line(process) == "crawl: 30 new; nothing more is due"
    assert process.returncode == 0


def test_a_limit_is_named_with_what_waits(site):
    process = site("--limit", "4")
    assert last_line(process) == "crawl: 4 new; --limit 4 is reached; 26 addresses wait for the next run"
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_soon_and_the_next_goes_on(site, press, number):
    site.card(delay=0.3)
    process = site()
    until_asked(press, 6)
    started = time.monotonic()
    process.send_signal(number)
    line = last_line(process)
    assert time.monotonic() - started < 10
    assert process.returncode == 128 + number
    assert line.startswith(f"solieu: stopped by {number.name}")
    assert check(site.folder / "archive") == []
    kept = stored(site.folder)
    site.card()
    assert last_line(site()) == f"crawl: {30 - kept} new; nothing more is due"
    assert stored(site.folder) == 30


def test_a_second_crawl_is_told_of_the_first(site, press):
    site.card(delay=0.3)
    first = site()
    until_asked(press, 3)
    second = site("--archive", "another")
    line = last_line(second)
    assert second.returncode == 4
    assert line == f"solieu: t.db is being written by process {first.pid}: wait until it has finished"
    first.kill()
    first.communicate()
    site.card()
    assert last_line(site()).endswith("nothing more is due"), "a lock ends with its process"


@pytest.mark.parametrize("limit", [30_000, 700_000, 712_000, 730_000])
def test_a_full_disk_is_named_and_nothing_is_broken(site, limit):
    process = site(limit=limit)
    line = last_line(process)
    assert process.returncode in (2, 5), line
    assert line.startswith("solieu: ")
    for path in (site.folder / "t.db", site.folder / "t.db-wal"):
        assert not path.exists() or path.stat().st_size <= limit
    process = site()
    assert last_line(process).endswith("nothing more is due")
    assert stored(site.folder) == 30
    assert check(site.folder / "archive") == []


def test_a_lock_of_another_program_is_waited_for(site):
    last_line(site("--limit", "1"))
    conn = sqlite3.connect(site.folder / "t.db", isolation_level=None)
    conn.execute("begin immediate")
    process = site()
    time.sleep(4)
    assert process.poll() is None
    conn.execute("rollback")
    conn.close()
    assert last_line(process) == "crawl: 29 new; nothing more is due"


def test_nothing_is_asked_of_a_site_that_is_wholly_refused(site, press):
    for path in press.pages:
        if path.startswith("/kinh-te"):
            press.page(path, status=403)
    process = site()
    assert "none could be read" in last_line(process)
    assert process.returncode == 3
    assert os.path.exists(site.folder / "t.db")
