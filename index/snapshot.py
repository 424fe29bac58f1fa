"""The published snapshot as a file that may be taken away: a connection to it in, its name, size and hash out.

>>> snapshot(conn)
{'file': 'solieu.sqlite', 'bytes': 2088960, 'sha256': '9f2c…', 'tables': [{'name': 'articles', 'about': …, 'rows': 80}, …]}
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from index.receipt import Row
from index.schema import describe

FILE = "solieu.sqlite"
"""Its name for those who take it."""


def snapshot(conn: Any) -> Row:
    """Name, size, SHA-256 and tables of the database that `conn` reads."""
    path = snapshot_path(conn)
    state = path.stat()
    return {
        "file": FILE,
        "bytes": state.st_size,
        "sha256": _sha256(str(path), state.st_size, state.st_mtime_ns),
        "tables": [
            {"name": name, "about": table.about, "rows": conn.execute(f"select count(*) from {name}").fetchone()[0]}
            for name, table in describe(conn).items()
        ],
    }


def snapshot_path(conn: Any) -> Path:
    """Where the database of `conn` lies."""
    return Path(next(row[2] for row in conn.execute("pragma database_list") if row[1] == "main"))


@lru_cache(maxsize=2)
def _sha256(path: str, size: int, changed: int) -> str:
    """The hash of the file; worked out once for each state of it."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
