"""A copy for serving: a ledger in, one whole, compact file out.

>>> publish("tracker.db", "tracker.published.db")
PosixPath('tracker.published.db')

The ledger is only read, so it may be published while another process writes to it: the copy is what was stored when the
copying began. A reader that has the former copy open keeps it until he opens the file anew; nobody ever sees half a copy. A
ledger of an earlier version is published with today's tables.
"""

import os
from contextlib import closing
from pathlib import Path
from typing import Any

from index.errors import ReadOnlyStoreError
from index.lock import writing
from index.store import Store, connect, one_line, open_file


def publish(ledger: Store | str | os.PathLike[str], target: str | os.PathLike[str]) -> Path:
    """Write a whole, compact, analysed copy for serving to `target`, which is replaced at once or not at all.

    Raises a StoreError of one line, MissingStoreError where there is no ledger, LockedStoreError where another process
    publishes to the same file.
    """
    if isinstance(ledger, Store):
        return _publish(ledger.connection, Path(target))
    with closing(connect(ledger)) as connection:
        return _publish(connection, Path(target))


def _publish(connection: Any, goal: Path) -> Path:
    fresh = goal.with_name(f".{goal.name}.new")  # one name: what a killed run left is taken away by the next
    try:
        with one_line(goal), writing(goal):
            _clear(fresh)
            try:
                connection.execute("vacuum into ?", (str(fresh),))
                with Store(fresh, open_file(fresh)) as store:
                    copy = store.connection
                    for table in ("articles", "statements"):
                        for index in (f"{table}_words", f"{table}_exact"):
                            copy.execute(f"insert into {index}({index}) values ('optimize')")
                    copy.execute("analyze")
                    copy.execute("pragma journal_mode = delete")
                with fresh.open("rb+") as file:
                    os.fsync(file.fileno())
                fresh.replace(goal)
            finally:
                _clear(fresh)
            folder = os.open(goal.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise ReadOnlyStoreError(f"{goal} cannot be written: {error.strerror}") from error
    return goal


def _clear(fresh: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        fresh.with_name(fresh.name + ending).unlink(missing_ok=True)
