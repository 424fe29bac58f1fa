"""The published snapshot can be taken away whole, checked against its hash, and taken up again after a break."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

Ask = Callable[..., Any]
FILE = "/snapshot/solieu.sqlite"


def test_the_file_is_the_published_one(ask: Ask, published: Path, tmp_path: Path) -> None:
    data = ask("/snapshot.json").json()["data"]
    answer = ask(FILE)
    assert answer.content == published.read_bytes()
    assert hashlib.sha256(answer.content).hexdigest() == data["sha256"]
    assert (len(answer.content), data["file"]) == (data["bytes"], "solieu.sqlite")
    assert answer.headers["content-length"] == str(data["bytes"])
    assert answer.headers["etag"] == f'"{data["sha256"]}"'
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(answer.content)
    with closing(sqlite3.connect(copy)) as conn:
        assert conn.execute("pragma integrity_check").fetchone() == ("ok",)
        told = {one["name"]: one["rows"] for one in data["tables"]}
        assert conn.execute("select count(*) from statements").fetchone()[0] == told["statements"]


def test_a_part_of_the_file(ask: Ask, published: Path) -> None:
    whole = published.read_bytes()
    part = ask(FILE, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole)}"
    rest = ask(FILE, headers={"range": f"bytes={len(whole) - 10}-"})
    assert (rest.status_code, rest.content) == (206, whole[-10:])
    assert ask(FILE, headers={"range": f"bytes={len(whole)}-"}).status_code == 416
    for odd in ("bytes=5-1", "bytes=9-2"):
        assert ask(FILE, headers={"range": odd}).status_code == 416
    for ignored in ("x", "bytes=a-b", "bytes=0-1,3-4", "bytes=-5", "bytes=" + "9" * 40 + "-"):
        assert ask(FILE, headers={"range": ignored}).content == whole
    stale = ask(FILE, headers={"range": "bytes=0-9", "if-range": '"another"'})
    assert (stale.status_code, len(stale.content)) == (200, len(whole))


def test_an_unchanged_file_is_not_sent_again(ask: Ask) -> None:
    etag = ask(FILE, "HEAD").headers["etag"]
    again = ask(FILE, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_only_the_published_file_can_be_had(ask: Ask) -> None:
    for path in ("/snapshot/tracker.db", "/snapshot/../tracker.db", "/snapshot/solieu.sqlite/x", "/published.db"):
        assert ask(path).status_code == 404
    assert str(Path.home()) not in ask("/snapshot").text
