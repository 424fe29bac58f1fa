"""One writing process: a database file in, the right to write it until the `with` ends.

The lock is that of the operating system on `<database>.lock`, so it ends with the process, however that ends; the file
stays and holds the number of the process that wrote last. It keeps two crawls, or a crawl and an index, from working on
one ledger beside each other; SQLite's own locks, which every reader takes too, are held for moments only.

>>> with writing(Path("tracker.db")): …         # doctest: +SKIP
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import LockedStoreError


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Hold the lock. Raises LockedStoreError where another process does; where there can be no lock file (the folder
    cannot be written, or is none) nothing is locked, and opening the database says what is wrong."""
    try:
        file = path.with_name(path.name + ".lock").open("a+")
    except OSError:
        yield
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            other = file.read(20).strip()
            process = f"process {other}" if other.isdigit() else "another process"
            raise LockedStoreError(f"{path} is being written by {process}: wait until it has finished") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
