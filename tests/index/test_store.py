"""The store: captures, extractions, memory; idempotent, with stable ids, and errors of one line."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.event import Event
from extract.statement import Check, Commitment, Extraction
from index import errors
from index.lock import writing
from index.publish import publish
from index.queries import article, changes, coverage
from index.store import Store, connect, open_store
from tests.index.conftest import VERSION, Press, figure, provenance

TEXT = "Năm 2025, GDP tăng 8,02% so với năm trước.\nCông nghiệp tăng 8,95%, dịch vụ tăng 8,62%."


def test_the_same_capture_twice_changes_nothing(press: Press, store: Store) -> None:
    capture = press.capture("https://baochi.test/1", TEXT)
    assert store.add_capture(capture) == "new"
    before = "\n".join(store.connection.iterdump())
    assert store.add_capture(capture) == "unchanged"
    assert "\n".join(store.connection.iterdump()) == before
    assert store.known("https://baochi.test/1")
    assert not store.known("https://baochi.test/2")


def test_a_changed_text_is_a_new_snapshot_and_the_old_one_stays(press: Press, store: Store) -> None:
    store.add_capture(press.capture("https://baochi.test/1", TEXT))
    assert store.add_capture(press.capture("https://baochi.test/1", TEXT.replace("8,62", "8,26"))) == "changed"
    texts = [row[0] for row in store.connection.execute("select text from snapshots order by fetched_at")]
    assert texts == [TEXT, TEXT.replace("8,62", "8,26")]
    (current,) = store.connection.execute("select text from articles").fetchone()
    assert current == texts[1]
    assert store.add_capture(press.capture("https://baochi.test/1", TEXT)) == "changed"  # the outlet went back
    assert store.connection.execute("select count(*) from snapshots").fetchone() == (2,)


def test_an_older_capture_does_not_become_the_current_one(press: Press, store: Store) -> None:
    store.add_capture(press.capture("https://baochi.test/1", TEXT, at=datetime(2026, 3, 1, tzinfo=UTC)))
    old = press.capture("https://baochi.test/1", "Cũ.", at=datetime(2026, 2, 1, tzinfo=UTC))
    assert store.add_capture(old) == "changed"
    assert store.connection.execute("select text from articles").fetchone() == (TEXT,)
    assert (
        store.connection.execute("select first_fetched_at from articles").fetchone()[0] == "2026-02-01T07:00:00+07:00"
    )


def test_what_sqlite_cannot_hold_is_replaced_one_for_one(press: Press, store: Store) -> None:
    store.add_capture(press.capture("https://baochi.test/1", "a\x00b\ud800c 5%", title="\udfff"))
    (row,) = store.pending(VERSION)
    assert row.text == "a b\ufffdc 5%"


def test_pending_gives_each_snapshot_once_for_a_version(press: Press, store: Store) -> None:
    store.add_capture(press.capture("https://baochi.test/1", TEXT))
    store.add_capture(press.capture("https://baochi.test/1", TEXT + " Thêm."))
    first, second = store.pending(VERSION)
    assert (first.text, second.text) == (TEXT, TEXT + " Thêm.")
    assert first.published_at == datetime(2026, 1, 6, 9, tzinfo=UTC)
    for row in (first, second):
        store.add_extraction(row, Extraction(), VERSION)
    assert list(store.pending(VERSION)) == []
    assert len(list(store.pending("another"))) == store.count_pending("another") == 2
    assert len(list(store.pending(VERSION, everything=True))) == 2


def test_an_extraction_twice_changes_nothing(press: Press, store: Store) -> None:
    store.add_capture(press.capture("https://baochi.test/1", TEXT))
    (row,) = store.pending(VERSION)
    said = tuple(figure(TEXT, quote, value=value) for quote, value in (("8,02%", "8.02"), ("8,95%", "8.95")))
    extraction = Extraction(
        said,
        (Commitment(provenance(TEXT, "dịch vụ tăng"), status="planned", deadline="2026-Q2"),),
        (Check("growth", (0, 1), "8.02", "8.95", "inconsistent", {"vi": "không khớp", "en": "does not fit"}),),
    )
    first = store.add_extraction(row, extraction, VERSION)
    assert first == {"statements": 2, "commitments": 1, "checks": 1, "inserted": 3, "updated": 0, "withdrawn": 0}
    before = "\n".join(store.connection.iterdump())
    again = store.add_extraction(row, extraction, VERSION)
    assert again == {**first, "inserted": 0}
    assert "\n".join(store.connection.iterdump()) == before
    quotes = store.connection.execute(
        "select exact, substr(?, quote_start + 1, quote_end - quote_start) from statements", (TEXT,)
    )
    assert all(exact == words for exact, words in quotes)
    assert store.connection.execute("pragma foreign_key_check").fetchall() == []


def test_identical_words_have_ids_of_their_own(press: Press, store: Store) -> None:
    text = "Tăng 5%.\n" * 40
    store.add_capture(press.capture("https://baochi.test/1", text))
    (row,) = store.pending(VERSION)
    one = figure(text[9 * 10 :], "5%", value="5")
    store.add_extraction(row, Extraction((one, one, one)), VERSION)
    assert store.connection.execute("select count(distinct id) from statements").fetchone() == (3,)


def test_an_edited_figure_is_withdrawn_with_its_successor(press: Press, store: Store) -> None:
    new = TEXT.replace("8,95%", "8,59%")
    id_ = press.publish("https://baochi.test/1", TEXT, (("8,02%", {"value": "8.02"}), ("8,95%", {"value": "8.95"})))
    press.publish("https://baochi.test/1", new, (("8,02%", {"value": "8.02"}), ("8,59%", {"value": "8.59"})))
    rows = store.connection.execute(
        "select s.exact, s.withdrawn, n.exact from statements s left join statements n on n.id = s.successor"
        " order by s.quote_start, s.seq"
    ).fetchall()
    assert rows == [("8,02%", None, None), ("8,95%", "edited", "8,59%"), ("8,59%", None, None)]
    page = article(store.connection, id_)
    assert page is not None
    assert [f["printed"] for f in page["figures_list"]] == ["8,02%", "8,59%"]
    assert "".join(piece["text"] for p in page["paragraphs"] for piece in p) == new.replace("\n", "")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_order_of_reading_snapshots_does_not_matter(tmp_path: Path, order: tuple[int, int]) -> None:
    def content(order: tuple[int, int], name: str) -> list[tuple[object, ...]]:
        with open_store(tmp_path / name) as store:
            press = Press(store)
            new = TEXT.replace("8,62%", "8,26%")
            for text in (TEXT, new):
                store.add_capture(press.capture("https://baochi.test/1", text))
            waiting = list(store.pending(VERSION))
            quotes = (("8,02%", "8,62%"), ("8,02%", "8,26%"))
            for i in order:
                said = tuple(figure(waiting[i].text, quote, value="8") for quote in quotes[i])
                store.add_extraction(waiting[i], Extraction(said), VERSION)
            return store.connection.execute(
                "select id, exact, snapshot, first_snapshot, withdrawn, successor from statements order by id"
            ).fetchall()

    assert content(order, "a.db") == content((0, 1), "b.db")


def test_another_version_of_the_extractor_rereads(press: Press, store: Store) -> None:
    press.publish("https://baochi.test/1", TEXT, (("8,02%", {"value": "8.02"}), ("8,95%", {"value": "8.95"})))
    (row,) = store.pending("next")
    store.add_extraction(row, Extraction((figure(TEXT, "8,02%", value="8.02", kind="forecast"),)), "next")
    found = store.connection.execute(
        "select exact, kind, withdrawn, extractor from statements order by quote_start"
    ).fetchall()
    assert found == [("8,02%", "forecast", None, "next"), ("8,95%", "statistic", "reread", VERSION)]
    feed = [(c["record"], c["action"], c["reason"]) for c in changes(store.connection)["changes"]]
    assert feed[-2:] == [("statement", "update", "reread"), ("statement", "delete", "reread")]


def test_the_memory_of_the_crawler(store: Store) -> None:
    assert store.validators("https://baochi.test/rss") is None
    at = datetime(2026, 1, 1, tzinfo=UTC)
    store.remember("https://baochi.test/rss", '"a"', None, 200, at)
    store.remember("https://baochi.test/rss", '"b"', "Thu, 01 Jan 2026 00:00:00 GMT", 200, at)
    assert store.validators("https://baochi.test/rss") == ('"b"', "Thu, 01 Jan 2026 00:00:00 GMT")


def test_coverage_counts_by_site_and_vietnamese_day(store: Store) -> None:
    late = datetime(2026, 1, 1, 20, 0, tzinfo=UTC)  # already the 2nd in Vietnam
    for kind, reason in (("listed", None), ("listed", None), ("failed", "timeout")):
        store.record(Event("baochi.test", kind, "https://baochi.test/1", late, reason, "60 s"))
    (site,) = coverage(store.connection)["sites"]
    assert site["days"][0]["day"] == "2026-01-02"
    assert (site["totals"]["listed"], site["totals"]["failed"], site["totals"]["parsed"]) == (2, 1, 0)
    assert [f["reason"] for f in coverage(store.connection)["failures"]] == ["timeout"]


def test_a_batch_is_kept_as_a_whole_or_not_at_all(press: Press, store: Store) -> None:
    def broken_off() -> None:
        with store.batch():
            store.add_capture(press.capture("https://baochi.test/1", TEXT))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert store.connection.execute("select count(*) from articles").fetchone() == (0,)


def test_publish_writes_a_whole_copy_or_leaves_the_old_one(press: Press, store: Store, tmp_path: Path) -> None:
    press.publish("https://baochi.test/1", TEXT, (("8,02%", {"value": "8.02"}),))
    target = publish(store, tmp_path / "published.db")
    assert os.listdir(tmp_path).count("published.db") == 1
    with_copy = connect(target)
    assert with_copy.execute("select count(*) from statements").fetchone() == (1,)
    assert with_copy.execute("select rowid from statements_words where statements_words match 'gdp'").fetchall() == [
        (1,)
    ]
    press.publish("https://baochi.test/2", TEXT)
    publish(store, target)
    assert with_copy.execute("select count(*) from articles").fetchone() == (1,)  # who has the old one open keeps it
    with_copy.close()
    again = connect(target)
    assert again.execute("select count(*) from articles").fetchone() == (2,)
    assert again.execute("pragma journal_mode").fetchone() == ("delete",)
    again.close()
    with pytest.raises(errors.StoreError):
        publish(store, tmp_path / "no" / "such.db")


def test_errors_are_one_line_with_the_remedy(tmp_path: Path) -> None:
    junk = tmp_path / "junk.db"
    junk.write_text("this is no database at all, whatever it says" * 50)
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("create table recipes (id)")
    connection.close()
    newer = tmp_path / "newer.db"
    with open_store(newer) as store:
        store.connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('solieu', 'from_the_future', '2031')"
        )
        store.connection.commit()
    cases = [
        (tmp_path / "missing.db", errors.MissingStoreError),
        (tmp_path / "no" / "folder.db", errors.MissingStoreError),
        (tmp_path, errors.NotAStoreError),
        (junk, errors.NotAStoreError),
        (other, errors.NotAStoreError),
        (newer, errors.NewerStoreError),
    ]
    for path, error in cases:
        with pytest.raises(error) as caught:
            open_store(path, create=path.name == "folder.db")
        assert "\n" not in str(caught.value)
        assert path.name in str(caught.value)
    assert not (tmp_path / "missing.db").exists()


def test_a_full_disk_is_named_and_nothing_is_half_written(press: Press, store: Store) -> None:
    press.publish("https://baochi.test/1", TEXT, (("8,02%", {"value": "8.02"}),))
    (pages,) = store.connection.execute("pragma page_count").fetchone()
    store.connection.execute(f"pragma max_page_count = {pages}")
    long = press.capture("https://baochi.test/2", "Bài dài. " * 20_000)
    with pytest.raises(errors.FullStoreError):
        store.add_capture(long)
    assert store.connection.execute("select count(*) from articles").fetchone() == (1,)
    assert store.connection.execute("pragma integrity_check").fetchone() == ("ok",)
    store.connection.execute("pragma max_page_count = 1073741823")
    assert store.add_capture(long) == "new"


def test_a_locked_database_is_waited_for_then_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tracker.db"
    open_store(path).close()
    other = sqlite3.connect(path, isolation_level=None)  # a program that knows nothing of our claim
    other.execute("begin immediate")
    monkeypatch.setattr("index.store.PATIENCE", 0.05)
    with open_store(path) as store, pytest.raises(errors.LockedStoreError):
        store.name_source("baochi.test", "Báo Chí")
    other.close()


CLAIM = """import sys; from pathlib import Path; from index.lock import writing; from index.store import open_store
with writing(Path(sys.argv[1])), open_store(sys.argv[1]): print('open', flush=True); sys.stdin.read()"""


def test_one_process_writes_and_the_second_is_told_in_one_line(tmp_path: Path, press: Press, store: Store) -> None:
    path = tmp_path / "tracker.db"
    press.publish("https://baochi.test/1", TEXT, (("8,02%", {"value": "8.02"}),))
    store.close()
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", CLAIM, str(path)], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(errors.LockedStoreError, match=f"process {other.pid}") as caught, writing(path):
            pass
        assert "\n" not in str(caught.value)
        # reading and publishing go on beside the writer
        with closing(connect(publish(path, tmp_path / "published.db"))) as copy:
            assert copy.execute("select count(*) from statements").fetchone() == (1,)
        other.kill()
        other.wait()
    with writing(path):  # a killed writer holds nothing
        open_store(path).close()


def test_a_ledger_of_an_earlier_version_is_published_with_todays_tables(
    tmp_path: Path, press: Press, store: Store
) -> None:
    press.publish("https://baochi.test/1", TEXT, (("8,02%", {"value": "8.02"}),))
    store.connection.execute("drop index observations_latest")
    store.connection.execute("drop index statements_standing")
    store.connection.execute("delete from _sqlite_migrations where name = 'latest'")
    store.connection.commit()
    store.close()
    with closing(connect(publish(tmp_path / "tracker.db", tmp_path / "published.db"))) as copy:
        assert copy.execute("select count(*) from sqlite_master where name = 'observations_latest'").fetchone() == (1,)
    with closing(connect(tmp_path / "tracker.db")) as untouched:
        assert untouched.execute(
            "select count(*) from sqlite_master where name = 'observations_latest'"
        ).fetchone() == (0,)
    assert not list(tmp_path.glob(".*.new*"))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    open_store(path).close()
    path.chmod(0o444)
    with pytest.raises(errors.ReadOnlyStoreError):
        open_store(path)
