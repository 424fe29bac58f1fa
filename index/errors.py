"""What can go wrong in this layer. The text of each is one line for a person: the thing, then the remedy.

TrackerError
├── StoreError
│   ├── MissingStoreError   there is no such file and none may be made
│   ├── NotAStoreError      the file is no SQLite database, or one of another program
│   ├── ReadOnlyStoreError  it may be read but not written
│   ├── NewerStoreError     a later version of this program has changed its tables
│   ├── LockedStoreError    another process is writing
│   ├── FullStoreError      the disk is full, or fails
│   └── DamagedStoreError   SQLite finds it malformed
├── BackfillError         archives cannot be read into shards: no source, no scheduler, a library is missing
│   └── ShardError        a shard cannot be merged: of another extractor version, damaged, gone
├── EncoderError          the configured model cannot be loaded
└── QueryError            an argument of a query cannot be used; `.parameter` names it
"""


class TrackerError(Exception):
    """Base of this layer's errors."""


class StoreError(TrackerError):
    """The database file cannot be used."""


class MissingStoreError(StoreError):
    """There is no such file."""


class NotAStoreError(StoreError):
    """The file is not a tracker's database."""


class ReadOnlyStoreError(StoreError):
    """The file or its folder cannot be written."""


class NewerStoreError(StoreError):
    """The tables come from a later version."""


class LockedStoreError(StoreError):
    """Another process holds the write lock."""


class FullStoreError(StoreError):
    """There is no room to write, or the disk fails; what was stored before is whole."""


class DamagedStoreError(StoreError):
    """The file is malformed."""


class BackfillError(TrackerError):
    """Archives cannot be read into shards."""


class ShardError(BackfillError):
    """A shard cannot be merged."""


class EncoderError(TrackerError):
    """The configured model cannot be loaded."""


class QueryError(TrackerError):
    """An argument cannot be used. `parameter` is its name."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter
