"""kill -9 in every stage of a crawl: nothing lost, nothing twice, a sound archive, and the database as if nothing had been.

A few kills of each stage run with the other tests; `make kills` (SOLIEU_KILLS=200) runs 200 of each.
"""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.archive import check, read_warc, warc_files

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("SOLIEU_KILLS", "2"))
STAGES = ("fetch", "archive", "store", "parse", "any")
WHEN = {"fetched_at", "last_seen_at", "first_fetched_at", "warc_file", "warc_offset", "at", "ended_at", "day", "seq"}
WHEN |= {"status", "tries", "url", "detail"}
"""Columns that say when, where or how often something was done, not what came of it. (A page that two lists name is asked
once more, conditionally, where a crawl is killed between the two: `addresses.status` is then 304, and was 200.)"""


@pytest.fixture
def two_editions(presses, tmp_path):
    """Two sites whose second edition has new, changed, moved and vanished articles; their cards in tmp_path/sites."""
    one, two = presses(), presses()

    def print_edition(number):
        for site in (one, two):
            robots = site.base + "/robots.txt"
            site.pages = {path: page for path, page in site.pages.items() if path.startswith("/edition")}
            paths = [site.article(i, etag=f'"{i}"') for i in range(1, 10)]
            if number == 2:
                site.article(3, "GDP tăng 8,03% trong năm 2025.", etag='"3b"')
                moved = paths[3].replace("bai-so-4", "ten-moi")
                site.pages[moved] = site.pages.pop(paths[3])
                paths[3] = moved
                site.page(paths[4], status=410)
                paths += [site.article(i, etag=f'"{i}"') for i in range(10, 13)]
            site.page("/kinh-te/hong-20260106093009999.htm", "<html><body>đăng nhập</body></html>", etag='"x"')
            site.feed("/tin.rss", *paths[:7], "/kinh-te/hong-20260106093009999.htm")
            site.pages["/tin.rss"][1]["etag"] = f'"{number}"'
            links = "".join(f'<li class="item"><a class="thumb" href="{path}">x</a></li>' for path in paths)
            site.page("/kinh-te.htm", links, etag=f'"{number}"')
            site.page("/robots.txt", f"User-agent: *\nSitemap: {robots}")

    def switch(number):
        def answer(handler):
            print_edition(number)
            handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

        return answer

    one.pages["/edition/1"], one.pages["/edition/2"] = switch(1), switch(2)
    sites = tmp_path / "sites"
    sites.mkdir()
    for name, site in (("bao-mot", one), ("bao-hai", two)):
        (sites / f"{name}.toml").write_text(
            f'outlet = "{name}"\nbase_url = "{site.base}"\nfamily = "baotintuc"\nfeeds = ["/tin.rss"]\n'
            'sections = ["/kinh-te.htm"]\naddresses = ["/{section}/{slug}-{stamp14}{ms}.htm"]\ndelay = 0.0\nloopback = true\n'
        )
    (tmp_path / "edition").write_text(f"{one.base}/edition")
    return tmp_path


def run(folder, kills, seed):
    """Folders of the rounds, and how often each was killed; the first is that of the round nobody disturbed."""
    command = [sys.executable, "-m", "tests.crawler.killed_crawl", str(folder), str(kills), str(seed), *STAGES]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    return {folder / line.split()[0]: int(line.split()[1]) for line in found.stdout.splitlines()}


def content(path):
    """Everything that came of a crawl, table by table."""
    conn = sqlite3.connect(path)
    try:
        assert conn.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert conn.execute("pragma foreign_key_check").fetchall() == []
        found = {}
        for table in ("sources", "articles", "snapshots", "addresses", "frontier", "notices", "coverage"):
            columns = [row[1] for row in conn.execute(f"pragma table_info({table})")]
            kept = [c for c in columns if c not in WHEN or (c == "url" and table != "coverage")]
            found[table] = sorted(conn.execute(f"select {', '.join(kept)} from {table}").fetchall(), key=str)
        return found
    finally:
        conn.close()


def archived(folder):
    """Snapshots whose record in the archive is not theirs."""
    assert check(folder / "archive") == []
    pages = {(page.file, page.offset): page for file in warc_files(folder / "archive") for page in read_warc(file)}
    conn = sqlite3.connect(folder / "t.db")
    rows = conn.execute("select s.warc_file, s.warc_offset, s.text from snapshots s").fetchall()
    conn.close()
    return [row for row in rows if row[2].rpartition("\n")[2].encode() not in pages[row[:2]].body]


@pytest.mark.timeout(7200)
def test_kill_9_loses_and_doubles_nothing(two_editions):
    rounds = run(two_editions, KILLS, seed=int(os.environ.get("SOLIEU_SEED", "1")))
    whole = content(two_editions / "undisturbed" / "t.db")
    assert len(whole["articles"]) == 24
    assert [row for row in whole["notices"] if "gone" in row]
    assert sum(row[3] for row in whole["coverage"] if row[1] == "parsed") == len(whole["snapshots"]) + 2, "moved slugs"
    assert len(whole["frontier"]) == 2, "the page that is no article, on either site"
    for stage in STAGES:
        assert sum(kills for folder, kills in rounds.items() if folder.name.startswith(stage)) >= KILLS
    for folder in rounds:
        found = content(folder / "t.db")
        for table in ("sources", "articles", "snapshots", "addresses", "notices"):
            assert found[table] == whole[table], f"{folder.name}: {table}"
        parsed = [[row for row in content["coverage"] if row[1] == "parsed"] for content in (found, whole)]
        assert parsed[0] == parsed[1], f"{folder.name}: what was read once is counted once"
        left = [{row[0] for row in content["frontier"]} for content in (found, whole)]
        assert left[0] <= left[1], "but for what was given up, because so many crawls tried it"
        assert archived(folder) == []
    print({stage: sum(n for folder, n in rounds.items() if folder.name.startswith(stage)) for stage in STAGES})
