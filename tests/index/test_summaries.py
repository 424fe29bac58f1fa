"""Summaries in the database: made once, made anew where the text or the reading changed, shown in words."""

from typing import Any

from index.ledger import build
from index.queries import article
from index.store import Store
from index.summaries import summarise_articles, summary_of

TEXT = (
    "Kinh tế tỉnh Hải An năm 2025 tăng 9,1% so với năm trước, theo Chi cục Thống kê. "
    "Thu ngân sách của tỉnh đạt 31,5 nghìn tỷ đồng trong cả năm. "
    "Mưa lớn kéo dài khiến nhiều tuyến phố đông xe. "
    "Xuất khẩu thủy sản đạt 1,8 tỷ USD nhờ thị trường mới."
)


def test_a_summary_is_words_of_the_text_with_its_figures(store: Store, press: Any) -> None:
    id_ = press.publish(
        "https://baochi.test/a", TEXT, (("9,1%", {"value": "9.1"}), ("1,8 tỷ USD", {"value": "1800000000"}))
    )
    assert summary_of(store.connection, id_) is None
    assert summarise_articles(store) == 1
    found = summary_of(store.connection, id_)
    assert found is not None
    assert found["reason"] is None
    assert 1 <= len(found["sentences"]) <= 3
    for sentence in found["sentences"]:
        assert TEXT[sentence["start"] : sentence["end"]] == sentence["text"]
        for figure in sentence["figures"]:
            start, end = store.connection.execute(
                "select quote_start, quote_end from statements where id = ?", (figure,)
            ).fetchone()
            assert sentence["start"] <= start < end <= sentence["end"]
    assert any(sentence["figures"] for sentence in found["sentences"])
    page = article(store.connection, id_)
    assert page is not None
    assert page["summary"] == found


def test_twice_is_once_and_a_changed_text_is_summarised_anew(store: Store, press: Any) -> None:
    id_ = press.publish("https://baochi.test/a", TEXT)
    press.publish("https://baochi.test/b", "Giá gạo\t18.500\nGiá tiêu\t145.000")
    assert summarise_articles(store) == 2
    assert summarise_articles(store) == 0
    changed = TEXT.replace("9,1%", "9,3%")
    press.publish("https://baochi.test/a", changed)
    assert summarise_articles(store) == 1
    found = summary_of(store.connection, id_)
    assert found is not None
    assert "9,3%" in " ".join(s["text"] for s in found["sentences"])


def test_without_sentences_there_is_the_reason(store: Store, press: Any) -> None:
    id_ = press.publish("https://baochi.test/b", "Giá gạo\t18.500\nGiá tiêu\t145.000")
    summarise_articles(store)
    found = summary_of(store.connection, id_)
    assert found is not None
    assert (found["sentences"], found["reason"]) == ([], "no_sentences")


def test_the_original_is_summarised_beside_its_translation(store: Store, press: Any) -> None:
    from datetime import UTC, datetime

    first = press.publish("https://baochi.test/kinh-te-tinh-hai-an-tang-truong", TEXT)
    english = (
        "The economy of Hai An grew by 9.1 percent in 2025. Budget revenue reached 31.5 trillion dong in the year."
    )
    second = press.publish(
        "https://baochi.test/en/growth",
        english,
        language="en",
        translation_of="https://baochi.test/kinh-te-tinh-hai-an-tang-truong",
    )
    build(store, datetime(2026, 2, 1, tzinfo=UTC))
    summarise_articles(store)
    found = summary_of(store.connection, second)
    assert found is not None
    assert found["original"]["id"] == first
    assert found["original"]["sentences"][0]["text"] in TEXT
    own = summary_of(store.connection, first)
    assert own is not None
    assert own["original"] is None
