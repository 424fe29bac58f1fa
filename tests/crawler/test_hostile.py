"""The whole command against a press of some forty hostile sites: every fault counted, no good neighbour lost."""

import sqlite3
import time

from click.testing import CliRunner

import crawler.fetch
import crawler.worker
from crawler.archive import check
from solieu import main
from tests.crawler.hostile_press import BAD, hostile_sites

POISONS = {
    b"<html>POISON-SLEEP": ("time:sleep", 60),
    b"<html>POISON-MEMORY": ("builtins:bytearray", 1 << 31),
    b"<html>POISON-DEATH": ("os:_exit", 9),
}


def poisoned(call):
    """Pages with one of POISONS make their reading hang, take memory or die, in the real worker process."""

    def work(self, function, *arguments, **named):
        for mark, (function_of_poison, value) in POISONS.items():
            if function.endswith("read_page") and mark in arguments[0]:
                return call(self, function_of_poison, value)
        return call(self, function, *arguments, **named)

    return work


def cards_of(sites, folder):
    for name, site in sites.items():
        (folder / f"{name}.toml").write_text(
            f'outlet = "{name}"\nbase_url = "{site.press.base}"\nfamily = "baotintuc"\nfeeds = ["/tin.rss"]\n{site.keys}\n'
            'addresses = ["/{section}/{slug}-{stamp14}{ms}.htm"]\ndelay = 0.0\nloopback = true\n'
        )


def test_every_fault_is_survived_and_counted(presses, tmp_path, monkeypatch):
    monkeypatch.setattr(crawler.fetch, "DEADLINE", 4.0)
    monkeypatch.setattr(crawler.worker.Workers, "call", poisoned(crawler.worker.Workers.call))
    monkeypatch.setattr(crawler.worker.Workers.__init__, "__defaults__", (None, 8.0, crawler.worker.MEMORY))
    sites = hostile_sites(presses)
    assert len(sites) >= 34
    folder = tmp_path / "sites"
    folder.mkdir()
    cards_of(sites, folder)
    started = time.monotonic()
    options = ["--sites", str(folder), "--db", str(tmp_path / "t.db"), "--archive", str(tmp_path / "archive")]
    result = CliRunner().invoke(main, ["crawl", *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert time.monotonic() - started < 110
    conn = sqlite3.connect(tmp_path / "t.db")
    stored = conn.execute("select source, url, text, title from articles").fetchall()
    counted = {
        name: {
            (kind, reason) for kind, reason in conn.execute("select kind, reason from coverage where site = ?", (name,))
        }
        for name in sites
    }
    assert conn.execute("pragma integrity_check").fetchone() == ("ok",)
    conn.close()
    assert [row for row in stored if BAD in str(row)] == [], "no damaged page is stored"
    missing = {
        name: (site.good, found)
        for name, site in sites.items()
        if (found := sum(source == name for source, *_ in stored)) != site.good
    }
    assert missing == {}, "no good neighbour is lost, and none twice"
    assert {name: site.reasons - counted[name] for name, site in sites.items() if site.reasons - counted[name]} == {}
    wrong = [
        row
        for row in stored
        if not row[2].startswith("Lời dẫn của Bài số ") or row[2].count("\n") != 1 or "tăng" not in row[2]
    ]
    assert wrong == [], "every known sentence and nothing else"
    assert check(tmp_path / "archive") == []
    for name, site in sites.items():
        polite(name, site.press.asked)
    asked = [path for path, *_ in sites["robots-forbids"].press.asked]
    assert sum("00003.htm" in path for path in asked) == 0
    assert len(sites["trap"].press.asked) <= 60
    assert "/xxe" not in sites["entities"].press.paths()
    assert set(sites["robots-500"].press.paths()) == {"/robots.txt"}


def polite(name, asked):
    """Robots first, our name and contact, no cookie, nothing asked while the site wanted to be left alone."""
    assert asked[0][0] == "/robots.txt", name
    for path, headers, _ in asked:
        assert headers["user-agent"].startswith("Solieu/"), path
        assert "cookie" not in headers, path
    if name.startswith("busy"):
        times = [moment for path, _, moment in asked if asked and path.endswith("0002.htm")]
        assert times[1] - times[0] >= 1.0
    if name == "long-429":
        assert asked[-1][0].endswith("0002.htm"), "the site is left"
