"""The database file: captures, extractions and the crawler's memory. With migrations.py the one door to sqlite-utils.

In: `Capture`s of crawler, `Extraction`s of extract. Out: rows.

>>> with open_store("tracker.db") as store:
...     store.add_capture(capture)
...     for article in store.pending("0.1"):
...         store.add_extraction(article, extract(article.text, …), "0.1")
'new'

One process writes (the write-ahead log of SQLite before 3.51.3 can lose rows when two write and checkpoint at once); what is
served is a copy (index/publish.py). Every call is one transaction, kept through a power cut when it returns; `batch()` makes
many calls one. Times are stored in Vietnamese time, UTC+7, so that they sort as text and their day is the reader's.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where installed

from crawler.article import Article, Capture, Snapshot
from crawler.event import Event
from crawler.listed import Listed
from extract.statement import Extraction
from index import frontier
from index.catalogue import shipped
from index.errors import (
    DamagedStoreError,
    FullStoreError,
    LockedStoreError,
    MissingStoreError,
    NewerStoreError,
    NotAStoreError,
    ReadOnlyStoreError,
    StoreError,
)
from index.migrations import enter_words, migrations
from index.reading import store_extraction
from index.timespan import day_of, stamp

PATIENCE = 60.0
"""Seconds to wait for another process to finish writing."""

_SURROGATES = dict.fromkeys(range(55296, 57344), "�") | {0: " "}
"""What SQLite cannot hold in a text, replaced one for one so that offsets stay."""


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One version of an article that waits for the extractor. `published_at` is aware or None."""

    id: str
    title: str
    text: str
    language: str
    published_at: datetime | None
    url: str
    snapshot_id: str


def open_store(path: str | os.PathLike[str], *, create: bool = True) -> "Store":
    """Open the tracker at `path`, making or migrating its tables. Raises a StoreError of one line."""
    file = Path(path)
    if file.is_dir():
        raise NotAStoreError(f"{file} is a folder: name a file, such as {file / 'tracker.db'}")
    if not file.exists():
        if not create:
            raise MissingStoreError(f"there is no database {file}: crawl or import first, or name another with --db")
        if not file.parent.is_dir():
            raise MissingStoreError(f"there is no folder {file.parent} to put {file.name} in: make it first")
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        raise ReadOnlyStoreError(f"{file} cannot be written: check the permissions, or name another database with --db")
    with one_line(file):
        conn = sqlite3.connect(str(file), timeout=PATIENCE)
        try:
            return Store(file, conn)
        except BaseException:
            conn.close()
            raise


def open_file(path: Path) -> Any:
    """A bare connection to a database file that this process alone uses; every statement is its own transaction."""
    return sqlite3.connect(str(path), isolation_level=None)


def connect(path: str | os.PathLike[str]) -> Any:
    """A connection that only reads, for queries: to the working file or a published copy. Raises a StoreError."""
    file = Path(path)
    if not file.exists():
        raise MissingStoreError(f"there is no database {file}: crawl or import first, or name another with --db")
    with one_line(file):
        # a folder that cannot be written has no room for the index of the write-ahead log, and nobody who writes
        mode = "mode=ro" if os.access(file.absolute().parent, os.W_OK) else "mode=ro&immutable=1"
        conn = sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True, timeout=PATIENCE)
        try:
            if not conn.execute("select 1 from sqlite_master where name = 'statements'").fetchone():
                raise NotAStoreError(f"{file} is no tracker's database: name one with --db")
        except BaseException:
            conn.close()
            raise
        return conn


class Store:
    """An open database. `connection` is open, for the queries of index.queries and index.search."""

    def __init__(self, path: Path, connection: Any) -> None:
        self.path = path
        self.connection = connection
        self._gathering = False
        self._events: list[Event] = []
        self.database = Database(connection)
        connection.execute("pragma foreign_keys = on")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma cache_size = -131072")  # KiB: the word indexes are written all over
        self._migrate()
        self.words = shipped()
        self._store_catalogues()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. What a broken-off batch had not finished is rolled back."""
        self.connection.close()

    def _migrate(self) -> None:
        tables = {row[0] for row in self.connection.execute("select name from sqlite_master where type = 'table'")}
        applied = {migration.name for migration in migrations.applied(self.database)}
        if tables and not applied:
            raise NotAStoreError(f"{self.path} belongs to another program: name a tracker's database with --db")
        known = {migration.name for migration in migrations.pending(self.database)} | applied
        newest = {migration.name for migration in migrations._migrations}
        if not known <= newest:
            raise NewerStoreError(f"{self.path} was made by a later version: update solieu to use it")
        self.connection.execute("pragma journal_mode = wal")
        if applied != newest:
            migrations.apply(self.database)

    def _store_catalogues(self) -> None:
        """Copy the catalogues where they differ from the tables; names in the word index follow."""
        changed: dict[str, set[str]] = {}
        wanted = {"units": self.words.units, "indicators": self.words.indicators, "places": self.words.places}
        for table, rows in wanted.items():
            had = {row["id"]: row for row in self.database[table].rows}
            changed[table] = {key for key in rows if rows[key] != had.get(key)}
        if not any(changed.values()):
            return
        with self.transaction():
            for table, keys in changed.items():
                for key in sorted(keys):
                    row = wanted[table][key]
                    columns = ", ".join(row)
                    updates = ", ".join(f"{column} = excluded.{column}" for column in row)
                    self.connection.execute(
                        f"insert into {table} ({columns}) values ({', '.join(f':{c}' for c in row)})"
                        f" on conflict(id) do update set {updates}",
                        row,
                    )
            for column, table in (("indicator_id", "indicators"), ("place_id", "places")):
                for key in sorted(changed[table]):
                    for id_, indicator, place in self.connection.execute(
                        f"select id, indicator_id, place_id from statements where {column} = ?", (key,)
                    ).fetchall():
                        self.connection.execute(
                            "update statements set names = ? where id = ?", (self.words.names(indicator, place), id_)
                        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: what happens inside is kept as a whole, and on the disk, when it ends. May be nested."""
        with one_line(self.path):
            if self.connection.in_transaction:
                self.connection.execute("savepoint part")
                try:
                    yield
                    self._write_events()
                except BaseException:
                    if self.connection.in_transaction:
                        self.connection.execute("rollback to part")
                        self.connection.execute("release part")
                    raise
                self.connection.execute("release part")
                return
            self.connection.execute("begin immediate")
            try:
                yield
                self._write_events()
                if not self._gathering:
                    self._keep()
            except BaseException:
                self.connection.rollback()
                raise

    batch = transaction
    """The same, named for a loop over many calls that shall be written to the disk together."""

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Calls inside are kept together at each `settle`, and at the end; what a kill, or an error, finds not settled is
        as if it had not been called. For a crawl, whose captures come one by one and are each too small for a flush."""
        self._gathering = True
        try:
            yield
            self.settle()
        except BaseException:
            if self.connection.in_transaction:
                self.connection.rollback()
            raise
        finally:
            self._gathering = False
            self._events.clear()

    def settle(self) -> None:
        """Keep what was gathered, on the disk."""
        if self._events:
            with self.transaction():
                pass
        if self.connection.in_transaction:
            with one_line(self.path):
                self._keep()

    def _keep(self) -> None:
        """Let the new rows into the word indexes and write everything to the disk."""
        enter_words(self.connection)
        self.connection.execute("commit")

    def name_source(self, id: str, name: str) -> None:
        """Give an outlet its name for readers."""
        with self.transaction():
            self.connection.execute(
                "insert into sources (id, name) values (?, ?) on conflict(id) do update set name = excluded.name"
                " where name <> excluded.name",
                (id, name),
            )

    def add_capture(self, capture: Capture) -> Literal["new", "changed", "unchanged"]:
        """Store what was captured: `changed` where the text is another than in the last capture."""
        with self.transaction():
            return self._add_capture(capture.article, capture.snapshot)

    def _add_capture(self, article: Article, snapshot: Snapshot) -> Literal["new", "changed", "unchanged"]:
        conn, at = self.connection, stamp(snapshot.fetched_at)
        text, title = plain(article.text), plain(article.title)
        found = conn.execute(
            "select snapshot, fetched_at, published_at from articles where id = ?", (article.id,)
        ).fetchone()
        conn.execute(
            "insert into sources (id, name) values (?, ?) on conflict(id) do nothing", (article.site, article.site)
        )
        if found is not None:
            known = conn.execute("select 1 from snapshots where id = ?", (snapshot.id,)).fetchone()
            if known:
                first = {  # the record that is named is that of the first capture, whichever came first
                    "status": snapshot.status, "body_sha256": snapshot.body_sha256, "etag": snapshot.etag,
                    "last_modified": snapshot.last_modified, "warc_file": snapshot.warc_file,
                    "warc_offset": snapshot.warc_offset, "title": title,
                }  # fmt: skip
                columns = ", ".join(f"{c} = case when :at < fetched_at then :{c} else {c} end" for c in first)
                conn.execute(
                    "update snapshots set last_seen_at = max(last_seen_at, :at), fetched_at = min(fetched_at, :at),"
                    f" {columns} where id = :id",
                    first | {"at": at, "id": snapshot.id},
                )
        row: dict[str, Any] = {
            "id": article.id,
            "url": plain(article.url),
            "source": article.site,
            "language": article.language,
            "title": title,
            "lead": plain(article.lead),
            "text": text,
            "byline": plain(article.byline),
            "section": plain(article.section),
            "tags": json.dumps([plain(tag) for tag in article.tags], ensure_ascii=False),
            "captions": json.dumps([plain(caption) for caption in article.captions], ensure_ascii=False),
            "published_at": article.published_at and stamp(article.published_at),
            "published_source": article.published_source,
            "modified_at": article.modified_at and stamp(article.modified_at),
            "translation_of": article.translation_of,
            "original_url": article.original_url,
            "snapshot": snapshot.id,
            "fetched_at": at,
        }
        older = found is not None and at < found[1]
        if found is None:
            row["first_fetched_at"] = at
            _insert(conn, "articles", row)
            self._change("article", article.id, "insert", None, at)
            mark_unbuilt(conn, article.id)
        elif not older:
            self._update_article(row, at)
        else:
            conn.execute(
                "update articles set first_fetched_at = min(first_fetched_at, ?) where id = ?", (at, article.id)
            )
            mark_unbuilt(conn, article.id)
        frontier.found_again(conn, article.url, snapshot.fetched_at)
        for url in article.corrects:
            frontier.notice(conn, "corrected", plain(url), plain(article.url), snapshot.fetched_at)
        if found is not None and known:
            if older or found[0] == snapshot.id:
                return "unchanged"
            self._change("article", article.id, "update", "text", at)
            return "changed"
        _insert(
            conn,
            "snapshots",
            {
                "id": snapshot.id,
                "article": article.id,
                "fetched_at": at,
                "last_seen_at": at,
                "status": snapshot.status,
                "body_sha256": snapshot.body_sha256,
                "text_sha256": snapshot.text_sha256,
                "etag": snapshot.etag,
                "last_modified": snapshot.last_modified,
                "warc_file": snapshot.warc_file,
                "warc_offset": snapshot.warc_offset,
                "title": title,
                "text": text,
            },
        )
        if found is None:
            return "new"
        self._change("article", article.id, "update", "text", at)
        return "changed"

    def _update_article(self, row: dict[str, Any], at: str) -> None:
        """Write the columns that differ; a time of publication that a page no longer names is kept."""
        conn = self.connection
        cursor = conn.execute("select * from articles where id = ?", (row["id"],))
        old = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
        if row["published_at"] is None:
            row |= {key: old[key] for key in ("published_at", "published_source")}
        columns = [key for key in row if row[key] != old[key]]
        if not columns:
            return
        conn.execute(
            f"update articles set {', '.join(f'{c} = :{c}' for c in columns)} where id = :id",
            {c: row[c] for c in columns} | {"id": row["id"]},
        )
        for column in ("published_at", "source", "language"):
            if column in columns:
                for table in ("statements", "commitments"):
                    conn.execute(f"update {table} set {column} = ? where article = ?", (row[column], row["id"]))
        if "published_at" in columns:
            conn.execute("update checks set published_at = ? where article = ?", (row["published_at"], row["id"]))
        if columns != ["fetched_at"]:
            mark_unbuilt(conn, row["id"])
        if not {"fetched_at", "snapshot", "text"}.issuperset(columns):
            self._change("article", row["id"], "update", "description", at)

    def _change(self, record: str, id: str, action: str, reason: str | None, at: str | None) -> None:
        self.connection.execute(
            "insert into changes (record, id, action, reason, at) values (?, ?, ?, ?, ?)",
            (record, id, action, reason, at),
        )

    def pending(self, version: str, everything: bool = False) -> Iterator[ArticleRow]:
        """Versions of articles that the extractor `version` has not read, oldest first; all of them with `everything`.

        The list is drawn up at the start, so rows may be added while it is walked.
        """
        condition = "1" if everything else "extractor is not ?"
        ids = self.connection.execute(
            f"select s.id from snapshots s where {condition} order by s.fetched_at, s.id",
            () if everything else (version,),
        ).fetchall()
        for (id_,) in ids:
            yield self._article_row(id_)

    def _article_row(self, snapshot: str) -> ArticleRow:
        row = self.connection.execute(
            "select a.id, s.title, s.text, a.language, a.published_at, a.url, s.id"
            " from snapshots s join articles a on a.id = s.article where s.id = ?",
            (snapshot,),
        ).fetchone()
        published = datetime.fromisoformat(row[4]) if row[4] else None
        return ArticleRow(row[0], row[1], row[2], row[3], published, row[5], row[6])

    def waiting_for(self, snapshot: str, version: str) -> ArticleRow | None:
        """The row of `pending` for one snapshot; None where `version` has read it."""
        (read_by,) = self.connection.execute("select extractor from snapshots where id = ?", (snapshot,)).fetchone()
        return None if read_by == version else self._article_row(snapshot)

    def forget_reading(self, article: str) -> None:
        """Every text of the article is to be read again: they are dated otherwise, or in another language."""
        with self.transaction():
            self.connection.execute("update snapshots set extractor = null where article = ?", (article,))

    def count_pending(self, version: str, everything: bool = False) -> int:
        """How many rows `pending` will give, for a progress bar."""
        condition, arguments = ("1", ()) if everything else ("extractor is not ?", (version,))
        return int(
            self.connection.execute(f"select count(*) from snapshots where {condition}", arguments).fetchone()[0]
        )

    def add_extraction(self, article: ArticleRow, extraction: Extraction, version: str) -> Mapping[str, int]:
        """Store what the extractor `version` read. Again is the same as once. See index.reading for what is withdrawn.

        Returns counts: statements, commitments, checks, inserted, updated, withdrawn.
        """
        with self.transaction():
            cursor = self.connection.execute(
                "select id, snapshot, published_at, source, language from articles where id = ?", (article.id,)
            )
            row = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
            mark_unbuilt(self.connection, article.id)
            return store_extraction(self.connection, row, article.snapshot_id, extraction, version, self.words)

    def validators(self, url: str) -> tuple[str | None, str | None] | None:
        """ETag and Last-Modified of the last answer of `url`, None where it was never asked."""
        row = self.connection.execute(
            "select etag, last_modified from addresses where url = ?", (plain(url),)
        ).fetchone()
        return None if row is None else (row[0], row[1])

    def remember(
        self, url: str, etag: str | None, last_modified: str | None, status: int, fetched_at: datetime
    ) -> None:
        """Keep the validators of a page, feed or sitemap that was taken wholly; it leaves the frontier."""
        with self.transaction():
            self.connection.execute(
                "insert into addresses (url, etag, last_modified, status, fetched_at) values (?, ?, ?, ?, ?)"
                " on conflict(url) do update set etag = excluded.etag, last_modified = excluded.last_modified,"
                " status = excluded.status, fetched_at = excluded.fetched_at",
                (plain(url), etag, last_modified, status, stamp(fetched_at)),
            )
            frontier.done(self.connection, plain(url))

    def known(self, url: str) -> bool:
        """Whether an article of that canonical address is stored."""
        return bool(self.connection.execute("select 1 from articles where url = ?", (plain(url),)).fetchone())

    def expect(self, site: str, listed: Iterable[Listed], at: datetime) -> None:
        """Put what a list names into the frontier. See index.frontier."""
        with self.transaction():
            frontier.expect(self.connection, site, listed, at)

    def due(self, site: str) -> list[Listed]:
        """What of a site is still to be asked for."""
        return frontier.due(self.connection, site)

    def defer(self, url: str) -> None:
        """An address was asked for in vain; the next crawl tries again."""
        with self.transaction():
            frontier.defer(self.connection, plain(url))

    def dismiss(self, url: str) -> None:
        """An address is not to be asked for."""
        with self.transaction():
            frontier.done(self.connection, plain(url))

    def notice(self, kind: str, url: str, by: str, at: datetime) -> None:
        """Mark the article at `url` as `gone`, or `corrected` by the article at `by`."""
        with self.transaction():
            frontier.notice(self.connection, kind, plain(url), plain(by), at)

    def waiting(self) -> int:
        """Addresses in the frontier."""
        return int(self.connection.execute("select count(*) from frontier").fetchone()[0])

    def record(self, event: Event) -> None:
        """Count what happened to one address, for the coverage page. While gathering, an event is written together with
        what it led to, so that a crawl that is killed counts nothing twice."""
        self._events.append(event)
        if not self._gathering or len(self._events) > 1000:
            with self.transaction():
                pass

    def _write_events(self) -> None:
        events, self._events = self._events, []
        for event in events:
            self.connection.execute(
                "insert into coverage (site, day, kind, reason, count, url, detail) values (?, ?, ?, ?, 1, ?, ?)"
                " on conflict(site, day, kind, reason) do update"
                " set count = count + 1, url = excluded.url, detail = excluded.detail",
                (
                    event.site,
                    day_of(event.at),
                    event.kind,
                    event.reason or "",
                    plain(event.url),
                    plain(event.detail),
                ),
            )


def mark_unbuilt(conn: Any, article: str) -> None:
    """Remember that the ledger has to look at an article again."""
    conn.execute("insert or ignore into unbuilt (article) values (?)", (article,))


def plain(text: Any) -> Any:
    """Text that SQLite can hold, None for None."""
    return None if text is None else text.translate(_SURROGATES)


def _insert(conn: Any, table: str, row: Mapping[str, Any]) -> None:
    conn.execute(f"insert into {table} ({', '.join(row)}) values ({', '.join(f':{c}' for c in row)})", row)


@contextmanager
def one_line(path: Path) -> Iterator[None]:
    """SQLite's complaints as this layer's errors."""
    try:
        yield
    except sqlite3.Error as error:
        message = str(error)
        if "locked" in message or "busy" in message:
            raise LockedStoreError(f"{path} is being written by another process: wait until it has finished") from error
        if "readonly" in message or "unable to open" in message:
            raise ReadOnlyStoreError(
                f"{path} cannot be opened for writing: check its permissions and its folder's"
            ) from error
        if "not a database" in message:
            raise NotAStoreError(f"{path} is no SQLite database: name a tracker's database with --db") from error
        if "full" in message or "disk I/O" in message:
            raise FullStoreError(
                f"{path} could not be written, {message}: make room and run the same command again"
            ) from error
        if "malformed" in message:
            raise DamagedStoreError(
                f"{path} is damaged: restore a copy, or crawl and extract anew into another"
            ) from error
        raise StoreError(f"{path}: {message}") from error
