"""The work on a Dask scheduler: the same shards, whoever dies on the way; a scheduler that is not there is no wait."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="shards need the extra `backfill`")
pytest.importorskip("distributed", reason="Dask is of the extra `backfill`")

from index.backfill import backfill
from index.cluster import on_cluster
from index.errors import BackfillError
from index.shard import read_shard
from tests.index.test_backfill import alone, lines

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")

NOW = datetime(2026, 1, 10, tzinfo=UTC)
ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """The address of a scheduler on loopback, and its two workers."""
    address = f"tcp://127.0.0.1:{free_port()}"

    def start(*arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    started = [
        start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--dashboard-address", ":0"
        )
    ]
    workers = [
        start(
            "dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1",
            "--local-directory", str(tmp_path / "dask"),
        )
        for _ in range(2)
    ]  # fmt: skip
    started += workers
    try:
        yield address, workers
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def test_a_cluster_writes_what_one_process_writes_though_a_worker_dies(
    cluster: tuple[str, list["subprocess.Popen[bytes]"]], tmp_path: Path
) -> None:
    address, workers = cluster
    files = [str(tmp_path / f"{i}.jsonl") for i in range(6)]
    for i, file in enumerate(files):
        lines(Path(file), i, 10)
    time.sleep(1)
    entries = []
    for entry in backfill(files, tmp_path / "many", now=NOW, run=on_cluster(address)):
        entries.append(entry)
        if len(entries) == 1:
            workers[0].kill()
    assert [entry.error for entry in entries] == [""] * 6
    list(backfill(files, tmp_path / "one", now=NOW, run=alone))
    for path in sorted((tmp_path / "one").glob("*.parquet")):
        assert list(read_shard(path)) == list(read_shard(tmp_path / "many" / path.name))
    assert len(list((tmp_path / "many").glob("*.parquet"))) == 6


def test_an_unreachable_scheduler_is_an_error_in_ten_seconds(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl", 1, 1)
    began = time.monotonic()
    with pytest.raises(BackfillError, match="no scheduler answers at tcp://127"):
        list(
            backfill(
                [str(tmp_path / "a.jsonl")], tmp_path / "out", now=NOW, run=on_cluster(f"tcp://127.0.0.1:{free_port()}")
            )
        )
    assert time.monotonic() - began < 10
