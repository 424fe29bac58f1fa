"""A new snapshot takes the place of the old one while people read: no request is lost, none sees half of each."""

import asyncio
import os
import re
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import solieu
from datasette_plugins.editions import Editions
from index.ledger import build
from index.publish import publish
from index.store import open_store
from tests.index.conftest import Press

SNAPSHOT = "tracker.published.db"
NOW = datetime(2026, 2, 1, tzinfo=UTC)


def write(folder: Path, number: int) -> None:
    """Store article `number` and publish."""
    with open_store(folder / "tracker.db") as store:
        text = f"Bản tin {number}: GDP tăng 8,0{number}%."
        Press(store).publish(f"https://bao.test/{number}", text, ((f"8,0{number}%", {"value": f"8.0{number}"}),))
        build(store, NOW)
        publish(store, folder / SNAPSHOT)


async def ask(app: Any, path: str, query: str = "") -> tuple[int, str]:
    parts: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        parts.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
    }  # fmt: skip
    await app(scope, receive, send)
    return parts[0]["status"], b"".join(part.get("body", b"") for part in parts).decode()


def articles(answer: str) -> int:
    return len(set(re.findall(r"https://bao\.test/(\d)", answer)))


def test_a_new_snapshot_takes_over_without_losing_a_request(tmp_path: Path) -> None:
    write(tmp_path, 1)
    app = Editions(tmp_path / SNAPSHOT, solieu.site, every=0.05)
    seen: list[tuple[int, int]] = []

    async def reader() -> None:
        while True:
            status, body = await ask(app, "/changes.json", "since=0")
            articles_there = (await ask(app, "/search.json", "q=gdp"))[1]
            seen.append((status, articles(articles_there)))
            assert '"changes"' in body
            await asyncio.sleep(0.02)

    async def run() -> None:
        events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        events.put_nowait({"type": "lifespan.startup"})
        life = asyncio.create_task(app({"type": "lifespan"}, events.get, told.put))
        assert (await told.get())["type"] == "lifespan.startup.complete"
        readers = [asyncio.create_task(reader()) for _ in range(3)]
        for number in (2, 3):
            await asyncio.to_thread(write, tmp_path, number)
            for _ in range(400):
                await asyncio.sleep(0.05)
                if seen and seen[-1] == (200, number):
                    break
        assert not any(task.done() for task in readers), [task.exception() for task in readers if task.done()]
        for task in readers:
            task.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
        events.put_nowait({"type": "lifespan.shutdown"})
        await life

    asyncio.run(run())
    assert {status for status, _ in seen} == {200}
    assert {count for _, count in seen} == {1, 2, 3}


def test_what_cannot_be_shown_is_named_and_the_former_edition_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, 1)
    app = Editions(tmp_path / SNAPSHOT, solieu.site)

    async def run() -> None:
        assert await app.renew()
        assert not await app.renew()
        (tmp_path / "junk").write_text("no database at all")
        os.replace(tmp_path / "junk", tmp_path / SNAPSHOT)
        assert not await app.renew()
        assert not await app.renew()
        assert (await ask(app, "/"))[0] == 200
        await asyncio.to_thread(write, tmp_path, 2)
        assert await app.renew()
        assert articles((await ask(app, "/search.json", "q=gdp"))[1]) == 2
        assert app.edition is not None
        app.edition.close().join()

    asyncio.run(run())
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert f"{tmp_path / SNAPSHOT} cannot be shown, the former one stays" in told


def test_former_editions_let_go_of_their_files(tmp_path: Path) -> None:
    write(tmp_path, 1)
    app = Editions(tmp_path / SNAPSHOT, solieu.site)

    async def run() -> None:
        for number in (2, 3):
            assert await app.renew()
            await asyncio.to_thread(write, tmp_path, number)
        assert await app.renew()
        for thread in threading.enumerate():
            if "let_go" in thread.name:
                thread.join(30)
        held = []
        for descriptor in os.listdir("/proc/self/fd"):
            with suppress(OSError):
                held.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        assert [path for path in held if path.startswith(str(tmp_path)) and path.endswith("(deleted)")] == []
        assert app.edition is not None
        app.edition.close().join()

    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("no list of open files here")
    asyncio.run(run())
