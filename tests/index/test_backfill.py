"""Files to shards to the ledger: whoever does the work, the rows are those of the one-machine path."""

import json
import os
import signal
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crawler.archive import Archive, warc_files
from crawler.article import Article
from crawler.imports import read_file
from extract.extractor import VERSION, extract
from extract.statement import Check, Extraction
from index.backfill import Task, backfill, make_shard, run_here, shard_name, sources
from index.columns import decode, encode
from index.errors import BackfillError, ShardError
from index.ledger import build
from index.manifest import Entry, Manifest
from index.store import Store, open_store
from solieu import main

pytest.importorskip("pyarrow", reason="shards need the extra `backfill`")

from index.merge import merge
from index.shard import ShardRow, read_shard, writing_shard

NOW = datetime(2026, 1, 10, tzinfo=UTC)
PAGE = """<html lang="vi"><head><title>Kinh tế {n}</title><meta property="og:title" content="Kinh tế {n}">
<meta property="og:type" content="article"><meta property="article:published_time" content="2025-12-{n:02d}T08:00:00+07:00">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Kinh tế {n}",
"datePublished": "2025-12-{n:02d}T08:00:00+07:00"}}</script></head><body><article><h1>Kinh tế {n}</h1>
<p>Theo cơ quan thống kê, GDP năm 2025 ước tăng {value}% so với năm trước, cao nhất trong nhiều năm qua.</p>
<p>Sản lượng gạo xuất khẩu của cả nước đạt {n} triệu tấn, tăng 5,2% so với cùng kỳ năm trước, theo báo cáo của ngành.</p>
<p>Mục tiêu đến năm 2030 là giảm tỷ lệ hộ nghèo xuống dưới 2%, cơ quan này cho biết thêm trong bản tin cuối ngày.</p>
</article></body></html>"""


def lines(path: Path, first: int, count: int, **more: Any) -> None:
    rows = [
        {
            "url": f"https://bao{first}.test/{i}",
            "title": f"Kinh tế, bản tin {i}",
            "text": f"GDP năm 2025 ước tăng {4 + i % 5},{i:02d}% so với năm trước.\nTỉnh có {100 + i} nghìn lao động.",
            "published_at": f"2025-12-{1 + i % 28:02d}",
        }
        | more
        for i in range(count)
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")


def archive(folder: Path, values: list[str], at: datetime, name: str) -> Path:
    """A WARC file with a page for each value; the addresses are those of every other such file."""
    with Archive(folder / name, lambda: at) as warc:
        for n, value in enumerate(values, 1):
            body = PAGE.format(n=n, value=value).encode()
            warc.write(f"https://tin.test/{n}", 200, [("Content-Type", "text/html; charset=utf-8")], body, at)
    (made,) = warc_files(folder / name)
    return made.rename(folder / f"{name}.warc.gz")


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two files of lines, and two archives of the same pages: in the second, three have other words."""
    folder = tmp_path_factory.mktemp("press")
    lines(folder / "a.jsonl", 1, 12)
    lines(folder / "b.jsonl", 2, 12)
    first = archive(folder, [f"8,0{n}" for n in range(1, 8)], NOW - timedelta(days=2), "c")
    second = archive(folder, [f"8,0{n + n // 5}" for n in range(1, 8)], NOW - timedelta(days=1), "d")
    return [str(folder / "a.jsonl"), str(folder / "b.jsonl"), str(first), str(second)]


@pytest.fixture(scope="module")
def shards(press: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("shards")
    assert [entry.error for entry in backfill(press, out, now=NOW, run=alone)] == [""] * 4
    return out


def rows_of(out: Path) -> dict[str, list[ShardRow]]:
    return {path.name: list(read_shard(path)) for path in sorted(out.glob("*.parquet"))}


def alone(tasks: Sequence[Task]) -> Generator[Entry, None, None]:
    """The work done in this process: nothing has to start."""
    yield from map(make_shard, tasks)


TABLES = ("articles", "snapshots", "statements", "commitments", "checks", "observations", "series")


def tables(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """What they hold, but for `seq`, the running number of the rows."""
    found = {}
    for name in TABLES:
        cursor = store.connection.execute(f"select * from {name}")
        kept = [i for i, column in enumerate(cursor.description) if column[0] != "seq"]
        found[name] = sorted((tuple(row[i] for i in kept) for row in cursor), key=repr)
    return found


@pytest.fixture(scope="module")
def here(press: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """The tables of the one-machine path: import, extract, build."""
    with open_store(tmp_path_factory.mktemp("here") / "tracker.db") as store:
        for file in sorted(press):
            for capture in read_file(Path(file), now=NOW):
                store.add_capture(capture)
        for row in store.pending(VERSION):
            day = row.published_at.date() if row.published_at else None
            store.add_extraction(row, extract(row.text, row.language, day, row.title), VERSION)
        build(store, NOW)
        return tables(store)


def test_records_come_back_as_they_were() -> None:
    text = "Theo Cục Thống kê, GDP năm 2025 tăng 8,02%, gồm 60% là dịch vụ và 45% là công nghiệp; đạt 514 tỷ USD."
    found = extract(text, "vi")
    assert found.statements
    check = Check("share", (0, 1), "8.02", "8.0", "rounds_to", {"vi": "làm tròn", "en": "rounded"})
    whole = Extraction(found.statements, found.commitments, (check,), ((1, 4, "mask"),))
    assert decode(Extraction, encode(Extraction, whole)) == whole
    assert decode(Decimal, encode(Decimal, Decimal("1.50E+3"))).as_tuple() == Decimal("1.50E+3").as_tuple()
    article = Article("https://a.test/1", "a.test", "vi", "T \ud800", "x", published_at=datetime(2026, 1, 1))
    again = decode(Article, encode(Article, article))
    assert again.title == "T �"
    assert again.published_at.utcoffset() == timedelta(hours=7)


def test_two_processes_write_what_one_writes(press: list[str], shards: Path, tmp_path: Path) -> None:
    entries = list(backfill(press, tmp_path / "two", now=NOW, workers=2))
    assert {entry.state for entry in entries} == {"done"}
    assert sum(entry.rows for entry in entries) == 12 + 12 + 7 + 7
    assert rows_of(tmp_path / "two") == rows_of(shards)


def test_a_second_run_does_nothing(press: list[str], shards: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in shards.glob("*.parquet")}
    assert list(backfill(press, shards, now=NOW, run=alone)) == []
    assert {path: path.stat().st_mtime_ns for path in shards.glob("*.parquet")} == before


def test_what_changed_is_made_anew(tmp_path: Path) -> None:
    source, out = tmp_path / "a.jsonl", tmp_path / "out"
    lines(source, 1, 2)
    assert [entry.rows for entry in backfill([str(source)], out, now=NOW, run=alone)] == [2]
    lines(source, 1, 3)
    assert [entry.rows for entry in backfill([str(source)], out, now=NOW, run=alone)] == [3]
    assert [entry.rows for entry in backfill([str(source)], out, now=NOW, run=alone, site="khac.test")] == [3]
    (shard,) = out.glob("*.parquet")
    shard.write_bytes(shard.read_bytes()[:-100])
    assert [entry.rows for entry in backfill([str(source)], out, now=NOW, run=alone, site="khac.test")] == [3]
    with (out / "manifest.jsonl").open("a") as file:
        file.write('{"file": "' + str(source))  # a kill in the midst of a line
    assert list(backfill([str(source)], out, now=NOW, run=alone, site="khac.test")) == []


def test_the_ledger_is_that_of_one_machine(
    shards: Path, here: dict[str, list[tuple[Any, ...]]], tmp_path: Path
) -> None:
    assert len(here["statements"]) > 60
    with open_store(tmp_path / "a.db") as store:
        merge(store, shards)
        build(store, NOW)
        assert tables(store) == here
        merge(store, shards)
        build(store, NOW)
        assert tables(store) == here


def test_shards_may_come_in_any_order(press: list[str], here: dict[str, list[tuple[Any, ...]]], tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db") as store:
        for i, file in enumerate(reversed(press)):
            list(backfill([file], tmp_path / str(i), now=NOW, run=alone))
            merge(store, tmp_path / str(i))
            build(store, NOW)
        found = tables(store)
    for name in TABLES:
        assert found[name] == here[name], name


def test_a_day_that_another_file_gives_is_read_with(tmp_path: Path) -> None:
    """The first file dates the page otherwise, so "last year" there was another year."""
    early, late = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    text = "Năm ngoái GDP tăng 7,1%."
    lines(early, 1, 1, text=text, published_at="2023-05-01")
    lines(late, 1, 1, text=text, published_at="2025-05-01")
    out = tmp_path / "out"
    list(backfill([str(early)], out, now=NOW - timedelta(days=1), run=alone))
    list(backfill([str(late)], out, now=NOW, run=alone))
    with open_store(tmp_path / "a.db") as store:
        assert merge(store, out)["read again"] == 1
        assert [row[0] for row in store.connection.execute("select period from statements")] == ["2024"]


def test_a_bad_file_fails_alone(press: list[str], tmp_path: Path) -> None:
    bad, cut, good = tmp_path / "bad.jsonl", tmp_path / "cut.warc.gz", tmp_path / "good.jsonl"
    lines(good, 3, 2)
    bad.write_text(good.read_text("utf-8") + "\n{nonsense", "utf-8")
    cut.write_bytes(Path(press[2]).read_bytes()[:-200])
    names = [str(path) for path in (bad, cut, tmp_path / "none.jsonl", good)]
    out = tmp_path / "out"
    found = {Path(entry.file).name: entry for entry in backfill(names, out, now=NOW, run=alone)}
    assert {name: entry.state for name, entry in found.items()} == {
        "bad.jsonl": "failed", "cut.warc.gz": "failed", "none.jsonl": "failed", "good.jsonl": "done",
    }  # fmt: skip
    assert found["bad.jsonl"].error == f"{bad}: line 3: is not JSON"
    assert "damaged from byte" in found["cut.warc.gz"].error
    assert sorted(path.name for path in out.iterdir() if path.suffix in (".parquet", ".part")) == [
        shard_name(str(good))
    ]
    lines(bad, 4, 1)
    assert [Path(entry.file).name for entry in backfill(names[::3] + names[:1], out, now=NOW, run=alone)] == [
        "bad.jsonl"
    ]
    with open_store(tmp_path / "a.db") as store:
        assert merge(store, out)["articles new"] == 3


def test_a_page_that_takes_too_long_is_left_out(press: list[str], tmp_path: Path) -> None:
    task = Task(press[2], str(tmp_path / "c.parquet"), NOW, page_seconds=0.001)
    (entry,) = run_here([task], 1)
    assert (entry.state, entry.rows, entry.left) == ("done", 0, {"too_slow": 7})


def readers(parent: int) -> list[int]:
    """The processes that `parent` started to read files."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(stat[1]) == parent and b"crawler.worker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_a_killed_worker_costs_nothing(press: list[str], shards: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    killed: list[int] = []

    def kill() -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until and not list(out.glob(".*.part")):
            time.sleep(0.005)
        for pid in readers(os.getpid())[:1]:  # in the midst of a file
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    entries = list(backfill(press, out, now=NOW, workers=2))
    killer.join()
    assert len(killed) == 1
    assert {entry.state for entry in entries} == {"done"}
    assert rows_of(out) == rows_of(shards)


def test_a_run_that_is_broken_off_goes_on(press: list[str], shards: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = backfill(press, out, now=NOW)
    first = next(run)
    run.close()  # type: ignore[attr-defined]
    assert readers(os.getpid()) == []
    assert {entry.file for entry in backfill(press, out, now=NOW)} == {*press} - {first.file}
    assert rows_of(out) == rows_of(shards)


def test_another_extractor_version_is_refused(press: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    (entry,) = backfill(press[:1], out, now=NOW, run=alone)
    rows = list(read_shard(Path(entry.shard)))
    with writing_shard(Path(entry.shard), {"digest": entry.digest, "extractor": "0.0", "asked": entry.asked}) as write:
        write(rows)
    with open_store(tmp_path / "a.db") as store:
        with pytest.raises(
            ShardError, match=r"made by extractor 0\.0, .* redo it with `solieu backfill .*a\.jsonl --out"
        ):
            merge(store, out)
        assert store.connection.execute("select count(*) from articles").fetchone() == (0,)
    assert [entry.rows for entry in backfill(press[:1], out, now=NOW, run=alone)] == [12]
    assert (
        make_shard(Task(press[0], entry.shard, NOW), "9.9").error
        == f"the worker has extractor {VERSION}, not 9.9: update it"
    )


def test_a_shard_that_cannot_be_written_fails_its_file(press: list[str], tmp_path: Path) -> None:
    task = Task(press[0], "/dev/null/a.parquet", NOW)
    (entry,) = alone([task])
    assert (entry.state, "Not a directory" in entry.error) == ("failed", True)


def test_a_shard_is_there_whole_or_not_at_all(tmp_path: Path, shards: Path) -> None:
    rows = next(iter(rows_of(shards).values()))

    def broken() -> None:
        with writing_shard(tmp_path / "a.parquet", {}) as write:
            write(rows)
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 – the one raised above
        broken()
    assert list(tmp_path.iterdir()) == []


def test_sources(tmp_path: Path) -> None:
    (tmp_path / "month.paths").write_text("2025/a.warc.gz\n\n2025/b.warc.gz\n")
    assert sources([str(tmp_path / "month.paths"), str(tmp_path / "2025/a.warc.gz")]) == [
        str(tmp_path / "2025/a.warc.gz"), str(tmp_path / "2025/b.warc.gz"),
    ]  # fmt: skip
    (tmp_path / "bad.paths.gz").write_text("no gzip")
    for name in ("bad.paths.gz", "none.paths", "a.pdf"):
        with pytest.raises(BackfillError, match=name.replace(".", r"\.")):
            sources([str(tmp_path / name)])


def test_the_command(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl", 1, 3)
    out = str(tmp_path / "out")

    def run(*arguments: str) -> tuple[int, str]:
        found = CliRunner().invoke(main, [*arguments])
        return found.exit_code, found.output

    code, said = run("backfill", str(tmp_path / "a.jsonl"), "--out", out, "--workers", "1")
    assert (code, "3 articles" in said, "1 files done" in said) == (0, True, True)
    code, said = run("index", out, "--db", str(tmp_path / "t.db"))
    assert (code, "3 articles new" in said) == (0, True)
    code, said = run("backfill", str(tmp_path / "none.jsonl"), "--out", out)
    assert (code, "1 files failed, the first: " in said, "Traceback" in said) == (2, True, False)
    code, said = run("backfill", "a.jsonl", "--out", out, "--workers", "1", "--scheduler", "tcp://127.0.0.1:9")
    assert (code, "give one of them" in said) == (2, True)
    code, said = run("index", str(tmp_path), "--db", str(tmp_path / "t.db"))
    assert (code, "holds no manifest.jsonl" in said) == (2, True)


def test_entries_survive_the_manifest(press: list[str], shards: Path) -> None:
    entries = Manifest(shards).entries()
    assert list(entries) == sorted(press)
    assert all(entry == replace(entry, left={**entry.left}) and entry.size for entry in entries.values())
