"""Shards: what was read in one file, as one Parquet file; the one door to pyarrow.

In: rows of capture and extraction. Out: a file that DuckDB, pandas and Spark read as it is, and the same rows again. It is
written under a temporary name and renamed when it is whole and on the disk; what it was made of stands in its metadata.

>>> with writing_shard(path, {"extractor": "0.3"}) as write: write([ShardRow(capture, extraction)])   # doctest: +SKIP
>>> next(read_shard(path)).capture.article.url                                                        # doctest: +SKIP
'https://…'

Columns: `article_id`, `snapshot_id`, `article`, `snapshot` (structs), `statements`, `commitments`, `checks`, `ignored` (lists
of structs), with the fields of docs/records.md.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_type_hints

from crawler.article import Article, Capture, Snapshot
from extract.statement import Extraction
from index.columns import decode, encode, shape_of
from index.errors import BackfillError, ShardError

PART = ".part"
"""How the temporary name ends."""
_MADE_OF = b"solieu"
_READ = ("statements", "commitments", "checks", "ignored")


@dataclass(frozen=True, slots=True)
class ShardRow:
    """One capture and what was read in it."""

    capture: Capture
    extraction: Extraction


@lru_cache(maxsize=1)
def _columns() -> dict[str, Any]:
    hints = get_type_hints(Extraction)
    return {"article_id": str, "snapshot_id": str, "article": Article, "snapshot": Snapshot} | {
        k: hints[k] for k in _READ
    }


def arrow() -> Any:
    """pyarrow. Raises BackfillError where it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise BackfillError("shards need pyarrow: pip install 'solieu[backfill]'") from error
    return pyarrow


def _arrow_type(shape: Any) -> Any:
    pa = arrow()
    if isinstance(shape, tuple):
        kind, inner = shape
        if kind == "list":
            return pa.list_(_arrow_type(inner))
        return pa.struct([pa.field(name, _arrow_type(part)) for name, part in inner])
    return {
        "text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "truth": pa.bool_(), "day": pa.date32(),
        "moment": pa.timestamp("us", tz="UTC"), "pairs": pa.map_(pa.string(), pa.string()),
    }[shape]  # fmt: skip


@contextmanager
def writing_shard(path: Path, made_of: Mapping[str, Any]) -> Iterator[Callable[[Sequence[ShardRow]], None]]:
    """A function that writes rows (each call is a row group). The shard is there when the block has ended well; else
    nothing is. `made_of` is what `shard_made_of` gives back. Raises OSError where there is no room."""
    pa = arrow()
    columns = _columns()
    schema = pa.schema(
        [pa.field(name, _arrow_type(shape_of(hint))) for name, hint in columns.items()],
        metadata={_MADE_OF: json.dumps(dict(made_of), ensure_ascii=False).encode()},
    )
    temporary = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    try:
        with temporary.open("wb") as file:
            with pa.parquet.ParquetWriter(file, schema, compression="zstd") as writer:

                def write(rows: Sequence[ShardRow]) -> None:
                    if rows:
                        table = pa.Table.from_pylist([_row(row, columns) for row in rows], schema=schema)
                        writer.write_table(table, row_group_size=len(rows))

                yield write
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _row(row: ShardRow, columns: Mapping[str, Any]) -> dict[str, Any]:
    values = {
        "article_id": row.capture.article.id,
        "snapshot_id": row.capture.snapshot.id,
        "article": row.capture.article,
        "snapshot": row.capture.snapshot,
    } | {name: getattr(row.extraction, name) for name in _READ}
    return {name: encode(hint, values[name]) for name, hint in columns.items()}


def shard_made_of(path: Path) -> dict[str, Any]:
    """What the shard was made of. Raises ShardError where it is gone, damaged, or no shard."""
    pa = arrow()
    try:
        found = pa.parquet.read_schema(path).metadata or {}
        made: dict[str, Any] = json.loads(found[_MADE_OF])
    except (OSError, KeyError, ValueError) as error:  # pyarrow's errors are OSErrors and ValueErrors
        raise ShardError(f"{path} is gone, damaged or no shard") from error
    return made


def read_captures(path: Path) -> Iterator[Capture]:
    """The captures alone, without what was read in them. Raises ShardError where the file is damaged."""
    for row in _rows(path, ["article", "snapshot"]):
        yield Capture(row["article"], row["snapshot"])


def read_shard(path: Path) -> Iterator[ShardRow]:
    """The rows, a row group in memory at a time. Raises ShardError where the file is damaged."""
    for row in _rows(path, list(_columns())):
        read = {name: row[name] for name in _READ}
        yield ShardRow(Capture(row["article"], row["snapshot"]), Extraction(**read))


def _rows(path: Path, names: list[str]) -> Iterator[dict[str, Any]]:
    pa = arrow()
    columns = _columns()
    try:
        with pa.parquet.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                for values in file.read_row_group(group, columns=names).to_pylist():
                    yield {name: decode(columns[name], values[name]) for name in names}
    except (OSError, KeyError, ValueError) as error:
        raise ShardError(f"{path} is damaged: {error}") from error
