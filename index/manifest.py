"""The manifest of a folder of shards: what became of each file, one line of JSON a try, the last one counts.

In: entries, appended as files end. Out: the last entry of each file. A line that a kill left half written is passed over, so
its file is read again.

>>> Manifest(folder).entries()["/archive/2025-01.warc.gz"].state      # doctest: +SKIP
'done'
"""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from index.errors import BackfillError

NAME = "manifest.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one file. `size` and `digest` (SHA-256) are the file's, `modified` its time in nanoseconds."""

    file: str
    state: Literal["done", "failed"]
    extractor: str
    asked: str
    """The settings it was read with, as JSON."""
    size: int = 0
    modified: int = 0
    digest: str = ""
    shard: str = ""
    rows: int = 0
    statements: int = 0
    left: dict[str, int] = field(default_factory=dict)
    """Pages that are not in the shard, by reason."""
    error: str = ""


class Manifest:
    """The manifest in `folder`, which one process at a time appends to."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def entries(self) -> dict[str, Entry]:
        """File → its last entry, in the order of the files' names. Raises BackfillError where it cannot be read."""
        try:
            lines = self.path.read_text("utf-8", "replace").split("\n") if self.path.exists() else []
        except OSError as error:
            raise BackfillError(f"{self.path} cannot be read: {error.strerror}") from error
        found: dict[str, Entry] = {}
        for line in lines:
            try:
                entry = Entry(**json.loads(line))
            except (ValueError, TypeError):
                continue
            found[entry.file] = entry
        return dict(sorted(found.items()))

    def add(self, entry: Entry) -> None:
        """Append, on the disk when it returns. Raises BackfillError where there is no room."""
        line = json.dumps(asdict(entry), ensure_ascii=True)
        try:
            with self.path.open("ab") as file:
                file.write(f"\n{line}\n".encode())  # the newline before ends what a kill left half written
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise BackfillError(
                f"{self.path} cannot be written, {error.strerror}: make room and run the same command again"
            ) from error
