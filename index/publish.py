"""A copy for serving: an open store in, one whole, compact file out.

>>> publish(store, "tracker.published.db")
PosixPath('tracker.published.db')

A reader that has the former copy open keeps it until he opens the file anew; nobody ever sees half a copy.
"""

import os
from pathlib import Path

from index.errors import ReadOnlyStoreError
from index.store import Store, one_line, open_file


def publish(store: Store, target: str | os.PathLike[str]) -> Path:
    """Write a whole, compact, analysed copy for serving to `target`, which is replaced at once or not at all."""
    goal = Path(target)
    fresh = goal.with_name(f".{goal.name}.new")  # one name: what a killed run left is taken away by the next
    fresh.unlink(missing_ok=True)
    try:
        with one_line(goal):
            store.connection.execute("vacuum into ?", (str(fresh),))
            copy = open_file(fresh)
            try:
                copy.execute("pragma journal_mode = delete")
                for table in ("articles", "statements"):
                    for index in (f"{table}_words", f"{table}_exact"):
                        copy.execute(f"insert into {index}({index}) values ('optimize')")
                copy.execute("analyze")
            finally:
                copy.close()
            with fresh.open("rb+") as file:
                os.fsync(file.fileno())
            fresh.replace(goal)
            folder = os.open(goal.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise ReadOnlyStoreError(f"{goal} cannot be written: {error.strerror}") from error
    finally:
        fresh.unlink(missing_ok=True)
    return goal
