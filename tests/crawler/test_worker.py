"""Work in a process that can be killed: results, errors, limits, and what is left behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.errors import FeedError, PageError
from crawler.worker import Spoiled, Workers

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def workers():
    with Workers(1, seconds=3.0) as hands:
        yield hands


def test_results_and_errors_come_back_as_they_are(workers):
    assert workers.call("builtins:divmod", 7, 2) == (3, 1)
    with pytest.raises(PageError, match="is not HTML"):
        workers.call("crawler.page:parse", "no markup")
    with pytest.raises(FeedError):
        workers.call("crawler.feed:read_feed", b"<html></html>")
    with pytest.raises(Spoiled, match="ValueError") as raised:
        workers.call("builtins:int", "x")
    assert raised.value.reason == "unreadable"


@pytest.mark.parametrize(
    ("function", "given", "reason"),
    [
        ("time:sleep", (60,), "too_slow"),
        ("builtins:pow", (7, 10**9), "too_slow"),
        ("builtins:bytearray", (1 << 31,), "too_hungry"),
        ("os:_exit", (1,), "worker_died"),
        ("os:abort", (), "worker_died"),
    ],
)
def test_poison_costs_itself_and_nothing_else(workers, function, given, reason):
    started = time.monotonic()
    with pytest.raises(Spoiled) as raised:
        workers.call(function, *given)
    assert raised.value.reason == reason
    assert time.monotonic() - started < 60
    assert workers.call("builtins:len", "abc") == 3


def test_a_worker_that_somebody_kills_is_started_anew(workers):
    before = workers.call("os:getpid")
    os.kill(before, 9)
    assert workers.call("os:getpid") != before


def test_no_worker_outlives_its_parent():
    code = (
        "import os, sys; from crawler.worker import Workers; w = Workers(1, seconds=5);"
        "print(w.call('os:getpid'), flush=True); os.kill(os.getpid(), 9)"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    pid, until = int(found.stdout), time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def test_closed_workers_start_nothing(workers):
    hands = Workers(1)
    hands.close()
    with pytest.raises(Spoiled):
        hands.call("builtins:len", "abc")


def test_what_lies_in_the_present_folder_is_not_imported(tmp_path, monkeypatch):
    (tmp_path / "re.py").write_text("raise SystemExit('the wrong module')")
    monkeypatch.chdir(tmp_path)
    with Workers(1) as hands:
        assert hands.call("builtins:len", "abc") == 3
