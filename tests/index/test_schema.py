"""The schema is golden, every column is described, and the word indexes have what they need."""

import os
from pathlib import Path

import pytest

from index.schema import describe, listing
from index.store import Store
from tests.index.conftest import Press

GOLDEN = Path(__file__).parent / "schema.sql"


def test_the_schema_is_golden(store: Store) -> None:
    """A change of the tables shows in the review: SOLIEU_WRITE_GOLDEN=1 writes the file anew."""
    found = listing(store.connection)
    if not GOLDEN.exists() or os.environ.get("SOLIEU_WRITE_GOLDEN"):
        GOLDEN.write_text(found, "utf-8")
        pytest.fail(f"{GOLDEN.name} was written: review it and run again")
    assert found == GOLDEN.read_text("utf-8")


def test_every_table_and_column_is_described(store: Store) -> None:
    tables = describe(store.connection)
    assert {"articles", "snapshots", "statements", "commitments", "checks", "series", "observations", "changes"} <= set(
        tables
    )
    for table in tables.values():
        actual = [row[1] for row in store.connection.execute(f"pragma table_info({table.name})")]
        assert [column[0] for column in table.columns] == actual


def test_the_word_indexes_have_their_triggers_and_are_seen_by_datasette(store: Store) -> None:
    triggers = {row[0] for row in store.connection.execute("select name from sqlite_master where type = 'trigger'")}
    assert triggers == {
        f"{table}_words_{event}" for table in ("articles", "statements") for event in ("update", "delete")
    }
    assert store.database["articles"].detect_fts() == "articles_words"
    assert store.database["statements"].detect_fts() == "statements_words"


def test_the_word_index_follows_changes(press: Press, store: Store) -> None:
    def rows(word: str) -> int:
        sql = "select count(*) from articles_words where articles_words match ?"
        return int(store.connection.execute(sql, (word,)).fetchone()[0])

    press.publish("https://baochi.test/1", "Đường cao tốc đã thông.")
    assert (rows("duong"), rows("cau")) == (1, 0)
    press.publish("https://baochi.test/1", "Cầu vượt đã thông.")
    assert (rows("duong"), rows("cau")) == (0, 1)
    exact = "select count(*) from articles_exact where articles_exact match ?"
    assert store.connection.execute(exact, ("cầu",)).fetchone() == (1,)
    assert store.connection.execute(exact, ("cau",)).fetchone() == (0,)


def test_rows_that_change_before_they_are_entered_are_entered_once(press: Press, store: Store) -> None:
    with store.batch():
        press.publish("https://baochi.test/1", "Đường cao tốc đã thông.")
        press.publish("https://baochi.test/1", "Cầu vượt đã thông.")
    for word, hits in (("duong", 0), ("cau", 1)):
        sql = "select count(*) from articles_words where articles_words match ?"
        assert store.connection.execute(sql, (word,)).fetchone() == (hits,), word
    for index in ("articles_words", "articles_exact", "statements_words", "statements_exact"):
        store.connection.execute(f"insert into {index}({index}) values ('integrity-check')")


@pytest.mark.parametrize(
    "sql",
    [
        "select * from statements where indicator_id = 'x' and place_id = 'y' order by published_at desc",
        "select * from statements where article = 'x' order by position",
        "select * from statements order by published_at desc limit 10",
        "select * from statements where canonical_unit = 'x' and canonical between 1 and 2",
        "select * from statements where observation = 'x'",
        "select * from commitments order by deadline_last limit 10",
        "select * from observations where series = 'x' and kind = 'y' order by period_first",
        "select * from checks where verdict = 'x' order by published_at desc",
        "select * from articles where source = 'x' order by published_at desc",
        "select * from changes where cursor > 5 order by cursor limit 10",
    ],
)
def test_the_main_questions_scan_no_table(store: Store, sql: str) -> None:
    plan = [row[3] for row in store.connection.execute(f"explain query plan {sql}")]
    assert not [step for step in plan if step.startswith("SCAN") and "USING INDEX" not in step], plan
    assert not [step for step in plan if "TEMP B-TREE" in step], plan
