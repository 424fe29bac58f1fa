"""Years of archives: files in, a shard for each and a manifest out, whoever does the work.

`make_shard(task)` is the whole work on one file, a function of the file and the task alone: read, parse, extract, write. It is
run by worker processes here, or by those of a Dask scheduler (index/cluster.py); the shards are the same, row by row.

>>> for entry in backfill(["2025-01.warc.gz"], Path("shards"), now=now, workers=2): print(entry.state, entry.rows)
done 48211

A page that hangs, eats memory or kills its reader is left out and counted. A worker that dies is replaced and its file read
once more; a file that ends two workers, or cannot be read, fails alone. What is done is not done again.
"""

import atexit
import gc
import gzip
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from crawler.errors import CrawlerError
from crawler.imports import FIELDS, SUFFIXES, stream_file
from crawler.worker import Spoiled, Workers
from extract.extractor import VERSION
from index.errors import BackfillError
from index.lock import writing
from index.manifest import NAME, Entry, Manifest
from index.shard import PART, ShardRow, arrow, shard_made_of, writing_shard
from index.store import plain
from index.timespan import day_of

GROUP = 250
"""Articles of a row group: what a worker holds in memory."""
FILE_SECONDS = 6 * 3600.0
"""Time that one file may take."""
FILE_MEMORY = 2 << 30
"""Bytes of address space for the process that reads a file; most of it is reserved and never used."""
PAGE_SECONDS = 60.0
PAGE_MEMORY = 1 << 30
"""Limits of the process that parses and extracts, one page at a time."""
LISTINGS = (".paths", ".paths.gz")

Run = Callable[[Sequence["Task"]], Generator[Entry, None, None]]


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read. `now` is the time of capture of what names none; the rest is as in crawler.imports.read_file."""

    file: str
    shard: str
    now: datetime
    fields: tuple[tuple[str, str], ...] = ()
    site: str | None = None
    language: str | None = None
    skip_empty: bool = False
    page_seconds: float = PAGE_SECONDS

    @property
    def asked(self) -> str:
        """The settings, as JSON: a shard of other settings is made anew."""
        return json.dumps([sorted(self.fields), self.site, self.language, self.skip_empty])

    def ended(self, **values: Any) -> Entry:
        """The entry of this task for the manifest."""
        return Entry(**({"file": self.file, "extractor": VERSION, "asked": self.asked, "shard": self.shard} | values))


def make_shard(task: Task, version: str = VERSION) -> Entry:
    """Read one file into its shard. Whatever is wrong with the file, or with the disk, is in the entry.

    `version` is the extractor that whoever asks expects: a worker with another one refuses.
    """
    if version != VERSION:
        return task.ended(state="failed", error=f"the worker has extractor {VERSION}, not {version}: update it")
    path = Path(task.file)
    left: Counter[str] = Counter()
    rows = statements = 0
    try:
        size, modified, digest = _identity(path)
        made_of = {"file": task.file, "digest": digest, "extractor": VERSION, "asked": task.asked}
        reading = _reading(task.page_seconds)
        with writing_shard(Path(task.shard), made_of) as write:
            group: list[ShardRow] = []
            captures = stream_file(
                path,
                now=task.now,
                fields=dict(task.fields),
                site=task.site,
                language=task.language,
                skip_empty=task.skip_empty,
                read=lambda *page, **more: reading.call("crawler.page:read_page", *page, **more),
                left=left,
            )
            for capture in captures:
                title, text, language, day = asked_of(capture.article)
                try:
                    found = reading.call("extract.extractor:extract", text, language, day, title)
                except Spoiled as error:
                    left[error.reason] += 1
                    continue
                group.append(ShardRow(capture, found))
                rows, statements = rows + 1, statements + len(found.statements)
                if len(group) == GROUP:
                    write(group)
                    group = []
                    gc.collect()  # the process that runs this looks for no circles by itself
            write(group)
            if _identity(path)[:2] != (size, modified):
                raise BackfillError(f"{path} was changed while it was read: run the same command again")
    except OSError as error:
        reason = f"{error.filename or task.shard}: {error.strerror or error}"
        return task.ended(state="failed", error=reason)
    except (CrawlerError, BackfillError) as error:
        return task.ended(state="failed", error=str(error))
    return task.ended(
        state="done", size=size, modified=modified, digest=digest, rows=rows, statements=statements, left=dict(left)
    )


@cache
def _reading(seconds: float) -> Workers:
    """The process that parses and extracts for this one; it takes seconds to start, so it stays for the next file."""
    found = Workers(1, seconds=seconds, memory=PAGE_MEMORY)
    atexit.register(found.close)
    return found


def asked_of(article: Any) -> tuple[str, str, str, date | None]:
    """Title, text, language and day as the ledger holds them and `solieu extract` reads them."""
    published = article.published_at and date.fromisoformat(day_of(article.published_at))
    return plain(article.title), plain(article.text), article.language, published


def _identity(path: Path) -> tuple[int, int, str]:
    """Size, time of change, and SHA-256 of a file."""
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        return found.st_size, found.st_mtime_ns, hashlib.file_digest(file, "sha256").hexdigest()


def sources(names: Iterable[str]) -> list[str]:
    """The files that `names` stand for: files, and listings (.paths, .paths.gz: a path a line, relative to the listing).

    Raises BackfillError for a listing that cannot be read and a name of no kind that can be; a file that is missing
    fails later and alone.
    """
    found: list[str] = []
    for name in names:
        path = Path(name)
        if name.lower().endswith(LISTINGS):
            try:
                text = gzip.decompress(path.read_bytes()) if name.lower().endswith(".gz") else path.read_bytes()
                lines = [line.strip() for line in text.decode("utf-8").splitlines() if line.strip()]
            except (OSError, EOFError, ValueError) as error:
                raise BackfillError(f"{name}: is no listing of paths, or cannot be read: {error}") from error
            found += [str((path.parent / line).absolute()) for line in lines]
        elif name.lower().endswith(SUFFIXES):
            found.append(str(path.absolute()))
        else:
            raise BackfillError(f"{name}: is of no kind that can be read: {', '.join((*SUFFIXES, *LISTINGS))}")
    return list(dict.fromkeys(found))


def shard_name(file: str) -> str:
    """The name of a file's shard: the file's own and eight digits of its whole path."""
    name = Path(file).name
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.lower().endswith(suffix):
            name = name[: -len(suffix)]
            break
    return f"{name}-{hashlib.sha256(file.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}.parquet"


def backfill(
    names: Iterable[str],
    out: Path,
    *,
    now: datetime,
    workers: int = 1,
    run: Run | None = None,
    fields: Mapping[str, str] | None = None,
    site: str | None = None,
    language: str | None = None,
    skip_empty: bool = False,
) -> Iterator[Entry]:
    """Make the shards that `out` does not have yet, in any order; the entry of each file as it ends.

    `run` does the tasks in the place of `workers` processes here. Raises BackfillError, and LockedStoreError where another
    backfill writes to `out`.
    """
    arrow()
    unknown = [name for name in fields or () if name not in FIELDS]
    if unknown:
        raise BackfillError(f"there is no field {unknown[0]!r}; there are {', '.join(FIELDS)}")
    files = sources(names)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BackfillError(f"{out} cannot be made: {error.strerror}: name another folder with --out") from error
    with writing(out / NAME):
        manifest = Manifest(out)
        for torn in out.glob(f".*{PART}"):
            torn.unlink(missing_ok=True)
        known = manifest.entries()
        shared = Task("", "", now, tuple(sorted((fields or {}).items())), site, language, skip_empty)
        tasks = [replace(shared, file=file, shard=str((out / shard_name(file)).absolute())) for file in files]
        due = [task for task in tasks if not is_done(task, known.get(task.file))]
        with closing(run(due) if run else run_here(due, workers)) as ended:
            for entry in ended:
                manifest.add(entry)
                yield entry


def is_done(task: Task, entry: Entry | None) -> bool:
    """Whether the shard of the task is there, of this extractor and these settings, and its file the same."""
    if entry is None or entry.state != "done" or (entry.extractor, entry.asked) != (VERSION, task.asked):
        return False
    try:
        found = Path(task.file).stat()
        made = shard_made_of(Path(task.shard))
    except (OSError, BackfillError):
        return False
    same = (found.st_size, found.st_mtime_ns) == (entry.size, entry.modified)
    return same and (made["digest"], made["extractor"]) == (entry.digest, VERSION)


def run_here(tasks: Sequence[Task], workers: int) -> Generator[Entry, None, None]:
    """Do the tasks in so many processes, which end with this one."""
    todo = iter(tasks)
    with (
        Workers(workers, seconds=FILE_SECONDS, memory=FILE_MEMORY) as processes,
        ThreadPoolExecutor(workers) as threads,
    ):

        def work(task: Task) -> Entry:
            try:
                entry: Entry = processes.call("index.backfill:make_shard", task, VERSION)
            except CrawlerError as error:
                return task.ended(state="failed", error=f"{task.file}: {error}")
            return entry

        waiting: set[Future[Entry]] = set()
        try:
            while True:
                while len(waiting) < workers and (task := next(todo, None)):
                    waiting.add(threads.submit(work, task))
                if not waiting:
                    return
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            processes.close()  # a run that is broken off waits for nobody
