"""The WARC archive: what was fetched, kept as it came; the one door to warcio.

In: a page's address, status, headers, body. Out: file name and offset of its record, for the Snapshot. WARC 1.1, one
gzip member a record, files of about 256 MiB; each record is flushed to the disk before its place is given out. Bodies
are kept unpacked (their Content-Encoding is renamed, as other archives do). An unchanged page gets a revisit record.
What a killed crawl left half written at the end of a file is cut off when the archive is opened next.

>>> with Archive(Path("archive"), now) as archive: archive.write(url, 200, headers, body, fetched_at)  # doctest: +SKIP
('solieu-00001-20260106T023000.warc.gz', 398)
"""

import contextlib
import fcntl
import io
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from crawler.dates import read_iso
from crawler.errors import ArchiveError, ArchiveInUse

LARGEST = 256 << 20
"""Bytes after which a new file is begun."""
LARGEST_RECORD = 64 << 20
"""Bytes of a record's content that read_warc takes; longer ones are left out."""

Headers = Iterable[tuple[str, str]]
_RENAMED = {
    "content-encoding": "X-Archive-Orig-Content-Encoding",
    "transfer-encoding": "X-Archive-Orig-Transfer-Encoding",
}


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """One response record: `body` is unpacked; `offset` is that of the record in `file`."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime | None
    file: str
    offset: int


class Recorder(Protocol):
    """What a crawl wants of an archive."""

    def write(self, url: str, status: int, headers: Headers, body: bytes, fetched_at: datetime, /) -> tuple[str, int]:
        """Keep a response; where it lies."""

    def revisit(self, url: str, status: int, headers: Headers, fetched_at: datetime, /) -> tuple[str, int]:
        """Keep the news that a page has not changed."""


class Archive:
    """A folder of WARC files that one process at a time appends to."""

    def __init__(
        self, folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC), gather: bool = False
    ) -> None:
        """Open or begin the archive in `folder`. With `gather` records reach the disk when `sync` is called, for a caller
        who keeps their places only then. Raises ArchiveError where it cannot be written or another crawl does."""
        self.folder, self.now, self.gather = Path(folder), now, gather
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self.folder / ".lock").open("a")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise ArchiveInUse(
                f"{folder}: another crawl is writing here; wait for it or choose another folder"
            ) from error
        except OSError as error:
            raise ArchiveError(f"{folder}: cannot be written: {error.strerror}") from error
        self.repaired = 0
        """Bytes of half-written records that were cut off at opening."""
        self._file: BinaryIO | None = None
        self._path: Path | None = None
        if files := warc_files(self.folder):
            self._repair(files[-1])

    def _repair(self, path: Path) -> None:
        sound = sound_length(path)
        size = path.stat().st_size
        if sound < size:
            with path.open("r+b") as file:
                file.truncate(sound)
                os.fsync(file.fileno())
            self.repaired = size - sound
        if sound == 0:
            path.unlink()
        elif sound < LARGEST:
            self._path = path

    def write(self, url: str, status: int, headers: Headers, body: bytes, fetched_at: datetime) -> tuple[str, int]:
        """Append a response record. Returns file name and offset. Raises ArchiveError, and nothing is half written."""
        return self._append("response", url, status, headers, body, fetched_at, {})

    def revisit(self, url: str, status: int, headers: Headers, fetched_at: datetime) -> tuple[str, int]:
        """Append a revisit record: the server said that the page has not changed."""
        profile = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
        return self._append("revisit", url, status, headers, b"", fetched_at, {"WARC-Profile": profile})

    def _append(
        self, kind: str, url: str, status: int, headers: Headers, body: bytes, at: datetime, extra: dict[str, str]
    ) -> tuple[str, int]:
        from warcio.statusandheaders import StatusAndHeaders

        kept = [(_RENAMED.get(k.lower(), k), v) for k, v in headers if k.lower() != "content-length"]
        kept.append(("Content-Length", str(len(body))))
        http = StatusAndHeaders(f"{status} {_phrase(status)}", kept, protocol="HTTP/1.1")
        dated = {"WARC-Date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), **extra}
        member = _member(kind, url, body, http, dated)
        file = self._open()
        offset = file.seek(0, os.SEEK_END)
        try:
            written = 0
            while written < len(member):  # a disk that fills up takes part of a write first
                written += file.write(member[written:])
            if not self.gather:
                os.fsync(file.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):  # else the next opening cuts it off
                file.truncate(offset)
            raise ArchiveError(f"{self._path}: cannot be written: {error.strerror}; free some space") from error
        name = file.name
        if offset + len(member) >= LARGEST:
            self.sync()
            file.close()
            self._file = self._path = None
        return Path(name).name, offset

    def _open(self) -> BinaryIO:
        if self._file:
            return self._file
        try:
            if self._path is None:
                stamp = self.now().astimezone(UTC).strftime("%Y%m%dT%H%M%S")
                number = max((int(path.name[7:12]) for path in warc_files(self.folder)), default=0) + 1
                name = f"solieu-{number:05d}-{stamp}.warc.gz"
                self._path = self.folder / name
                info = "software: solieu\r\nformat: WARC File Format 1.1\r\n"
                member = _member("warcinfo", name, info.encode(), None, {})
                with self._path.open("xb", buffering=0) as begun:
                    begun.write(member)
            self._file = self._path.open("r+b", buffering=0)
        except OSError as error:
            raise ArchiveError(f"{self._path or self.folder}: cannot be written: {error.strerror}") from error
        return self._file

    def sync(self) -> None:
        """Bring what was written to the disk. Raises ArchiveError."""
        try:
            if self._file:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise ArchiveError(f"{self._path}: cannot be written: {error.strerror}; free some space") from error

    def close(self) -> None:
        """Close the file and let other crawls in."""
        if self._file:
            self._file.close()
            self._file = None
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _member(kind: str, url: str, body: bytes, http: Any, dated: dict[str, str]) -> bytes:
    """One record as one gzip member."""
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    record = writer.create_warc_record(
        url,
        kind,
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=http,
        warc_content_type="application/warc-fields" if kind == "warcinfo" else "",
        warc_headers_dict=dated,
    )
    writer.write_record(record)
    return buffer.getvalue()


def _phrase(status: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def warc_files(folder: Path) -> list[Path]:
    """The archive's files, the oldest first (their numbers grow)."""
    return sorted(folder.glob("solieu-[0-9][0-9][0-9][0-9][0-9]-*.warc.gz"))


def sound_length(path: Path) -> int:
    """Bytes of `path` up to the end of its last whole record. A gzip file is whole up to a member that ends early or
    holds no record; a plain one up to a record that is shorter than its Content-Length."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        return _sound_members(file) if packed else _sound_records(file)


def _sound_members(file: BinaryIO) -> int:
    sound = position = 0
    engine = zlib.decompressobj(31)
    head = b""
    while chunk := file.read(1 << 20):
        while chunk:
            before = len(chunk)
            try:
                text = engine.decompress(chunk, 1 << 20)
            except zlib.error:
                return sound
            head = head or text[:5]
            chunk = engine.unused_data if engine.eof else engine.unconsumed_tail
            position += before - len(chunk)
            if engine.eof:
                if head != b"WARC/":
                    return sound
                sound, head, engine = position, b"", zlib.decompressobj(31)
            elif not chunk and not engine.unconsumed_tail:
                break
    return sound


def _sound_records(file: BinaryIO) -> int:
    sound = 0
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    while True:
        line, length = file.readline(65536), None
        if not line.startswith(b"WARC/"):
            return sound
        while (line := file.readline(65536)) not in (b"\r\n", b"\n", b""):
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length" and value.strip().isdigit():
                length = int(value)
        if length is None or file.tell() + length > size:
            return sound
        file.seek(length, os.SEEK_CUR)
        if file.readline(4) not in (b"\r\n", b"\n") or file.readline(4) not in (b"\r\n", b"\n"):
            return sound
        sound = file.tell()


def read_warc(path: Path) -> Iterator[ArchivedPage]:
    """The response records of an archive file, ours or another's. Raises ArchiveError where the file is no WARC, or
    ends inside a record (a download that was cut off ends so; no WARC reader would notice)."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        sound, size = sound_length(path), path.stat().st_size
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read: {error.strerror}") from error
    if sound < size:
        raise ArchiveError(f"{path}: is no WARC file or is damaged from byte {sound} on; get it again")
    with path.open("rb") as file:
        iterator = ArchiveIterator(file)
        try:
            for record in iterator:
                if record.rec_type != "response" or not record.http_headers:
                    continue
                body = record.content_stream().read(LARGEST_RECORD + 1)
                if len(body) > LARGEST_RECORD:
                    continue
                status = record.http_headers.get_statuscode()
                yield ArchivedPage(
                    record.rec_headers.get_header("WARC-Target-URI") or "",
                    int(status) if status and status.isdigit() else 0,
                    tuple((str(k), str(v)) for k, v in record.http_headers.headers),
                    body,
                    read_iso(record.rec_headers.get_header("WARC-Date") or ""),
                    path.name,
                    iterator.get_record_offset(),
                )
        except (ArchiveLoadFailed, zlib.error, EOFError, ValueError) as error:
            raise ArchiveError(f"{path}: is damaged: {error}") from error


def check(folder: Path) -> list[str]:
    """What is wrong with the archive, one line each: files that end early, records whose digests do not fit."""
    from warcio.archiveiterator import ArchiveIterator

    problems = []
    for path in warc_files(folder):
        sound, size = sound_length(path), path.stat().st_size
        if sound < size:
            problems.append(f"{path.name}: {size - sound} bytes after byte {sound} are no whole record")
            continue
        with path.open("rb") as file:
            iterator = ArchiveIterator(file, check_digests=True)
            for record in iterator:
                record.content_stream().read()
                if record.digest_checker.passed is False:
                    problems.append(
                        f"{path.name}: the record at byte {iterator.get_record_offset()} is not what it was"
                    )
    return problems
