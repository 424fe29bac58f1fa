"""The encoder: features, the stored model against the trained one, and models by configuration."""

import socket
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index import encoder as encoders
from index.encoder import Encoder, StaticModel, configured_encoder, load_encoder, load_named, trainable, usable_encoder
from index.errors import EncoderError
from index.shingle import Shingles, chosen, features

WORDS = Shingles(("xuat", "khau", "xuất", "xuat khau"), buckets=0)


def test_words_are_read_with_marks_without_and_in_pairs() -> None:
    assert WORDS.ids("xuất khẩu") == [2, 0, 1, 3]
    assert WORDS.ids("XUAT KHAU") == [0, 1, 3]
    assert WORDS.ids(unicodedata.normalize("NFD", "Xuất")) == [2, 0]
    assert WORDS.ids("…") == WORDS.ids("") == WORDS.ids("gạo") == []


def test_what_the_vocabulary_lacks_shares_buckets() -> None:
    hashed = Shingles(("xuat",), buckets=50)
    assert hashed.ids("\ud800 \x00") == []
    rows = hashed.ids("arbetslöshet")
    assert len(rows) > 5
    assert all(1 <= row < 51 for row in rows)
    assert set(rows) & set(hashed.ids("arbetslösa"))  # pieces in common
    assert rows == Shingles(("xuat",), buckets=50).ids("arbetslöshet")


def test_a_vocabulary_takes_words_before_pairs() -> None:
    counts = [("xuat khau", 9), ("gao", 3), ("xuat", 5), ("hiem", 1)]
    assert chosen(counts, 3, 2) == ("xuat", "gao", "xuat khau")
    assert list(features("Xuất khẩu")) == ["xuất", "khẩu", "xuat", "khau", "xuat khau"]


def test_the_stored_model_takes_the_mean_that_was_trained() -> None:
    rng = np.random.default_rng(1)
    rows, scales = rng.integers(-127, 128, (4, 8)).astype(np.int8), rng.random(4).astype(np.float32)
    texts = ["xuất khẩu", "khau xuat", "xuat"]
    ours = StaticModel(WORDS, rows, scales).encode(texts)
    theirs = trainable(WORDS, rows.astype(np.float32) * scales[:, None]).encode(texts, normalize_embeddings=True)
    assert np.allclose(ours, theirs, atol=1e-5)


def test_the_default_is_loaded_without_torch_and_reads_any_text() -> None:
    encoder = load_encoder()
    vectors = encoder.encode(["", "\x00", "\ud800", "a" * 10_000, "%" * 100, "năm " * 2_000])
    assert vectors.shape == (6, encoder.encode(["GDP"]).shape[1])
    assert np.isfinite(vectors).all()


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Encoders of other tests are forgotten before and after."""
    for cached in (load_named, usable_encoder):
        cached.cache_clear()
    yield
    for cached in (load_named, usable_encoder):
        cached.cache_clear()


def never(*_: object) -> None:
    time.sleep(2)
    raise OSError("too late")


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize("slow", [False, True])
def test_an_unreachable_hub_is_told_at_once_and_the_default_goes_on(
    monkeypatch: pytest.MonkeyPatch, slow: bool
) -> None:
    from huggingface_hub import constants

    if slow:  # a resolver that does not answer
        monkeypatch.setattr(socket, "create_connection", never)
    monkeypatch.setenv(encoders.SETTING, "someone/some-model")
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    started = time.monotonic()
    with pytest.raises(EncoderError, match=r"someone/some-model: .* cannot be reached .* unset SOLIEU_ENCODER"):
        configured_encoder()
    assert time.monotonic() - started < 1
    encoder, fault = usable_encoder()
    assert encoder.id == load_encoder().id
    assert fault is not None
    assert "\n" not in fault


@pytest.mark.usefixtures("forgotten")
def test_a_model_that_is_not_here_is_named_when_downloads_are_off(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setenv(encoders.SETTING, "someone/some-model")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderError, match="downloads are off"):
        configured_encoder()


@pytest.mark.usefixtures("forgotten")
def test_a_folder_without_a_model_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(encoders.SETTING, str(tmp_path))
    with pytest.raises(EncoderError, match="no model can be loaded"):
        configured_encoder()


def test_prefixes_stand_before_what_asks_and_what_answers() -> None:
    heard: list[str] = []

    class Echo:
        def encode(self, texts: list[str], /) -> encoders.Vectors:
            heard.extend(texts)
            return np.zeros((len(texts), 1), dtype=np.float32)

    encoder = Encoder("echo", Echo(), "query: ", "passage: ")
    encoder.encode(["gạo"])
    encoder.encode(["gạo"], asking=True)
    assert heard == ["passage: gạo", "query: gạo"]
