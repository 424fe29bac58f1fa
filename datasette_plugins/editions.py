"""The newest snapshot, always: an ASGI application that puts a new one in the place of the old, between two requests.

In: the path of the published snapshot, and a function that makes a site of it. Out: an application for uvicorn.

>>> uvicorn.run(Editions(Path("tracker.published.db"), site))

A snapshot is replaced by renaming (index/publish.py), so the old file lives on as long as it is open. An edition opens all
its connections before it is shown: none of them can ever see another file. The old edition answers what it was asked before
the change, then it closes. A snapshot that cannot be shown is named on stderr, and the old edition stays.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from index.store import connect

EVERY = 1.0
"""Seconds between two looks at the file."""

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Edition:
    """One snapshot with the site made of it. `asked` counts the requests that it is answering."""

    def __init__(self, site: Any, identity: tuple[int, ...]) -> None:
        self.site = site
        self.app = site.app()
        self.identity = identity
        self.asked = 0

    async def open(self) -> None:
        """Open every connection, count the tables and answer once, before anybody waits for it."""
        threads = self.site.setting("num_sql_threads")
        for name, database in self.site.databases.items():
            if not name.startswith("_"):
                # each of them holds a thread until all have one, so that every thread opens a connection
                together = threading.Barrier(threads)
                held = [database.execute_fn(lambda _, all_=together: all_.wait(60)) for _ in range(threads)]
                try:
                    await asyncio.gather(*held)
                except BaseException:
                    together.abort()
                    raise
        status = 0

        async def send(message: dict[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": "/", "raw_path": b"/",
            "query_string": b"", "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 0), "server": ("localhost", 80),
        }  # fmt: skip
        await self.app(scope, receive, send)
        if status >= 500:
            raise OSError(f"its first page answers {status}")

    def close(self) -> threading.Thread:
        """Let go of the file, in a thread of its own: a question whose asker has gone may still be running."""

        def let_go() -> None:
            if self.site.executor is not None:
                self.site.executor.shutdown(wait=True, cancel_futures=True)
            for database in self.site.databases.values():
                database.close()

        thread = threading.Thread(target=let_go)
        thread.start()
        return thread


class Editions:
    """The application. `make` makes a Datasette of a path."""

    def __init__(self, snapshot: Path, make: Callable[[Path], Any], every: float = EVERY) -> None:
        self.snapshot = snapshot
        self.make = make
        self.every = every
        self.edition: Edition | None = None
        self._refused: tuple[int, ...] | None = None
        self._changing = asyncio.Lock()
        self._looking: asyncio.Task[None] | None = None

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer by the edition of now; the end of the server is the end of the last one."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if self.edition is None:
            await self.renew()
        edition = self.edition
        assert edition is not None
        edition.asked += 1
        try:
            await edition.app(scope, receive, send)
        finally:
            edition.asked -= 1
            if edition is not self.edition and not edition.asked:
                edition.close()

    async def renew(self) -> bool:
        """Show the snapshot that lies there now, if it is another one; whether it was."""
        async with self._changing:
            identity = self._identity()
            former = self.edition
            if identity is None or identity == self._refused or (former and former.identity == identity):
                return False
            try:
                connect(self.snapshot).close()  # no snapshot at all: known at once
                edition = Edition(await asyncio.to_thread(self.make, self.snapshot), identity)
                await edition.open()
                if self._identity() != identity:  # replaced while it was opened: some connections may see the new one
                    edition.close()
                    raise OSError("it was replaced while it was opened")
            except Exception as error:
                if former is None:
                    raise
                self._refused = identity  # until it is replaced again
                print(f"solieu: {self.snapshot} cannot be shown, the former one stays: {error}", file=sys.stderr)
                return False
            self.edition = edition
            if former and not former.asked:
                former.close()
            return True

    def _identity(self) -> tuple[int, ...] | None:
        try:
            found = os.stat(self.snapshot)
        except OSError:
            return None
        return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.renew()
                self._looking = asyncio.create_task(self._look())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._looking:
                    self._looking.cancel()
                if self.edition:
                    self.edition.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self.every)
            await self.renew()
