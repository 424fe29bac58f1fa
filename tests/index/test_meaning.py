"""Vectors of articles: kept, renewed where the text or the encoder changes, and what they relate."""

from datetime import UTC, datetime

import numpy as np
import pytest

from index import encoder as encoders
from index.encoder import Encoder, load_encoder
from index.ledger import build
from index.meaning import embed, related
from index.queries import article
from tests.index.conftest import Press

NOW = datetime(2026, 3, 1, tzinfo=UTC)
RICE = "Giá gạo xuất khẩu của Việt Nam tăng lên 514 USD một tấn nhờ nhu cầu của Philippines."
MORE_RICE = "Xuất khẩu gạo đạt 1,5 triệu tấn; giá gạo Việt Nam xuất sang Philippines tiếp tục tăng theo nhu cầu."
CRASH = "Vụ tai nạn giao thông trên quốc lộ làm hai người chết, công an đang điều tra."


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def test_vectors_are_unit_and_know_both_spellings(encoder: Encoder) -> None:
    vectors = encoder.encode(["xuất khẩu gạo", "xuat khau gao", "tai nạn giao thông", ""])
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors[:3], axis=1), 1, atol=1e-3)
    assert np.isfinite(vectors).all()
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]


def test_english_names_find_vietnamese_ones(encoder: Encoder) -> None:
    names = encoder.encode(
        ["tỷ lệ thất nghiệp", "giá vàng", "tỷ lệ che phủ rừng", "số người chết do tai nạn giao thông"]
    )
    asked = encoder.encode(["unemployment rate", "gold price", "forest coverage", "traffic deaths"])
    assert np.argmax(asked @ names.T, axis=1).tolist() == [0, 1, 2, 3]


def test_articles_are_encoded_once_and_again_when_they_change(press: Press, encoder: Encoder) -> None:
    for i, text in enumerate((RICE, MORE_RICE)):
        press.publish(f"https://baochi.test/{i}", text, title=text[:20])
    assert embed(press.store, encoder) == 2
    assert embed(press.store, encoder) == 0
    press.publish("https://baochi.test/1", MORE_RICE + " Niên vụ mới bắt đầu.", title=MORE_RICE[:20])
    assert embed(press.store, encoder) == 1
    other = Encoder("another", encoder.model)
    assert embed(press.store, other) == 2


def test_related_articles_are_near_in_meaning(press: Press, encoder: Encoder) -> None:
    texts = {"gạo": RICE, "gạo quý hai": MORE_RICE, "tai nạn": CRASH}
    ids = {
        name: press.publish(f"https://baochi.test/{i}", text, title=name)
        for i, (name, text) in enumerate(texts.items())
    }
    build(press.store, NOW)
    assert related(press.store.connection, ids["gạo"]) == []  # nothing encoded yet
    embed(press.store, encoder)
    found = related(press.store.connection, ids["gạo"])
    assert found[0][0] == ids["gạo quý hai"]
    assert ids["tai nạn"] not in dict(found)
    page = article(press.store.connection, ids["gạo"])
    assert page
    assert [row["title"] for row in page["related"]][:1] == ["gạo quý hai"]
    assert related(press.store.connection, "no such article") == []


def test_the_model_is_small() -> None:
    assert sum(path.stat().st_size for path in encoders.MODEL.iterdir()) < 20_000_000
