"""kill -9 at any moment: nothing lost, nothing twice, the served copy always whole, the end as if nothing had happened."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from index.store import connect

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("SOLIEU_KILLS", "6"))
TABLES = ("articles", "snapshots", "statements", "series", "observations", "copies", "edits", "changes")


def start(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.index.killed_worker", str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def content(path: Path) -> dict[str, list[Any]]:
    conn = connect(path)
    try:
        assert conn.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert conn.execute("pragma foreign_key_check").fetchall() == []
        left_out = {"seq", "cursor"}  # numbers of rows may have gaps after a transaction that was rolled back
        found = {}
        for table in TABLES:
            columns = [row[1] for row in conn.execute(f"pragma table_info({table})") if row[1] not in left_out]
            found[table] = sorted(conn.execute(f"select {', '.join(columns)} from {table}").fetchall(), key=str)
        return found
    finally:
        conn.close()


def test_kill_9_at_any_moment(tmp_path: Path) -> None:
    undisturbed, disturbed = tmp_path / "a", tmp_path / "b"
    undisturbed.mkdir()
    disturbed.mkdir()
    began = time.monotonic()
    process = start(undisturbed)
    out, _ = process.communicate(timeout=100)
    assert process.returncode == 0
    steps = out.count("\n")
    each = (time.monotonic() - began) / steps
    chance = random.Random(11)
    for _ in range(KILLS):
        process = start(disturbed)
        assert process.stdout is not None
        # die some lines on, then a random part of a step later: inside a transaction as often as between two
        for _ in range(chance.randint(1, steps)):
            if not process.stdout.readline():
                break
        time.sleep(chance.random() * each)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if (disturbed / "tracker.db").exists() and (disturbed / "tracker.db").stat().st_size:
            content(disturbed / "tracker.db")
        if (disturbed / "published.db").exists():
            assert content(disturbed / "published.db")["articles"]
    process = start(disturbed)
    process.communicate(timeout=100)
    assert process.returncode == 0
    assert content(disturbed / "tracker.db") == content(undisturbed / "tracker.db")
    assert content(disturbed / "published.db") == content(undisturbed / "published.db")
    assert not list(disturbed.glob(".*.new"))
