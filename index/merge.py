"""Shards into the ledger, by the one process that writes it: a folder of shards and an open store in, counts out.

>>> merge(store, Path("shards"))         # doctest: +SKIP
Counter({'statements': 91204, 'articles new': 48211, …})

The rows and their ids are those of importing the files on this machine and extracting them here, whatever the order in which
the shards were made, and however often they are merged. All captures are entered before anything that was read: an article
can be in several files, and what was read with a day or a title that another file replaces is read again here.
"""

from collections import Counter
from pathlib import Path
from typing import Any

from crawler.article import Capture
from extract.extractor import VERSION, extract
from index.backfill import asked_of
from index.errors import ShardError
from index.manifest import NAME, Manifest
from index.shard import ShardRow, read_captures, read_shard, shard_made_of
from index.store import ArticleRow, Store


def merge(store: Store, folder: Path) -> Counter[str]:
    """Enter the shards of `folder`, in the order of their files' names. Raises ShardError, before anything is written, where a
    shard is damaged, gone, or of another extractor version."""
    shards, failed = usable_shards(folder)
    counts: Counter[str] = Counter()
    stale: set[str] = set()
    for shard in shards:
        with store.batch():
            for capture in read_captures(shard):
                counts[f"articles {_enter(store, capture, stale)}"] += 1
    for shard in shards:
        with store.batch():
            for row in read_shard(shard):
                counts += _enter_reading(store, row)
    for waiting in [row for row in store.pending(VERSION) if row.id in stale]:
        counts += _read_again(store, waiting)
    counts["shards"] = len(shards)
    if failed:
        counts["files that failed and are not here"] = failed
    return counts


def usable_shards(folder: Path) -> tuple[list[Path], int]:
    """The shards that the manifest of `folder` counts as done, each one looked at; how many files failed."""
    if not (folder / NAME).is_file():
        raise ShardError(f"{folder} holds no {NAME}: name the folder that `solieu backfill … --out` wrote")
    found, failed = [], 0
    for file, entry in Manifest(folder).entries().items():
        if entry.state != "done":
            failed += 1
            continue
        redo = f"redo it with `solieu backfill {file} --out {folder}`"
        shard = folder / Path(entry.shard).name
        try:
            made = shard_made_of(shard)
        except ShardError as error:
            raise ShardError(f"{error}: {redo}") from error
        if made["extractor"] != VERSION:
            raise ShardError(f"{shard} was made by extractor {made['extractor']}, this is {VERSION}: {redo}")
        if made["digest"] != entry.digest:
            raise ShardError(f"{shard} was made of another file than the manifest says: {redo}")
        found.append(shard)
    return found, failed


def _enter(store: Store, capture: Capture, stale: set[str]) -> str:
    """Store the capture. Where it changes what the article's texts are read with, they are to be read again."""
    id_ = capture.article.id
    former = _read_with(store, id_)
    what = store.add_capture(capture)
    if former is not None and former != _read_with(store, id_):
        store.forget_reading(id_)
        stale.add(id_)
    return what


def _read_with(store: Store, article: str) -> tuple[str, str | None] | None:
    found = store.connection.execute(
        "select language, substr(published_at, 1, 10) from articles where id = ?", (article,)
    ).fetchone()
    return None if found is None else (found[0], found[1])


def _enter_reading(store: Store, row: ShardRow) -> Counter[str]:
    """Store what was read in a capture, unless this version's reading of that snapshot is there."""
    waiting = store.waiting_for(row.capture.snapshot.id, VERSION)
    if waiting is None:
        return Counter()
    if asked_of(row.capture.article) != _asked(waiting):
        return _read_again(store, waiting)
    found = store.add_extraction(waiting, row.extraction, VERSION)
    return Counter({"statements": found["statements"], "commitments": found["commitments"], "checks": found["checks"]})


def _asked(row: ArticleRow) -> tuple[Any, ...]:
    return row.title, row.text, row.language, row.published_at.date() if row.published_at else None


def _read_again(store: Store, row: ArticleRow) -> Counter[str]:
    title, text, language, day = _asked(row)
    extraction = extract(text, language, day, title)
    found = store.add_extraction(row, extraction, VERSION)
    return Counter({"statements": found["statements"], "read again": 1})
