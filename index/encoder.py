"""The one door to sentence-transformers: texts in, unit vectors out.

The embedded default is a static model of our own (index/encoder_model, made by benchmarks/train_encoder.py): no download, no
hub, thousands of sentences a second. Its features (index/shingle.py) are the words as written and without marks, so that
"xuat khau" finds "xuất khẩu". Vectors carry the encoder's id; vectors of two encoders are never compared.

>>> encoder = load_encoder()
>>> encoder.encode(["xuất khẩu gạo", "xuat khau gao"]).shape
(2, 256)

Another model is used where SOLIEU_ENCODER names one: a folder, or a name on the hub such as intfloat/multilingual-e5-small.
An unreachable hub is told at once (EncoderError), not after the hub client's minute of retries.
"""

import hashlib
import os
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from index.errors import EncoderError
from index.shingle import Shingles

MODEL = Path(__file__).parent / "encoder_model"
SETTING = "SOLIEU_ENCODER"
"""Environment variable with the folder or the hub's name of another model."""
REACHED_WITHIN = 0.6
"""Seconds in which the hub must answer."""

Vectors = np.ndarray[Any, np.dtype[np.float32]]


class Model(Protocol):
    """What encodes: a list of texts in, unit vectors out."""

    def encode(self, texts: list[str], /) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class Encoder:
    """A model with the id that is stored beside each of its vectors.

    `query` and `passage` are put before texts that ask and texts that answer, where the model was trained so.
    """

    id: str
    model: Model
    query: str = ""
    passage: str = ""

    def encode(self, texts: Sequence[str], asking: bool = False) -> Vectors:
        """Unit vectors, float32, one row a text; a text without a word is the zero vector."""
        before = self.query if asking else self.passage
        return self.model.encode([before + text for text in texts])


@dataclass(frozen=True, slots=True)
class StaticModel:
    """Our model as it is stored: `rows` (features × dimensions, int8) times `scales` (features, float32).

    It takes the same mean as the StaticEmbedding that was trained (a test holds them together) without loading torch, which
    takes five seconds and a gigabyte: a page or a command is answered at once.
    """

    shingles: Shingles
    rows: Any
    scales: Any

    def encode(self, texts: list[str], /) -> Vectors:
        """Unit vectors of `texts`."""
        out = np.zeros((len(texts), self.rows.shape[1]), dtype=np.float32)
        for i, text in enumerate(texts):
            if ids := self.shingles.ids(text):
                out[i] = self.scales[ids] @ self.rows[ids]
        lengths = np.sqrt(np.einsum("ij,ij->i", out, out))
        out /= np.maximum(lengths, 1e-12)[:, None]
        return out


@dataclass(frozen=True, slots=True)
class _Transformer:
    """A model of sentence-transformers."""

    model: Any

    def encode(self, texts: list[str], /) -> Vectors:
        vectors = self.model.encode(texts, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


@cache
def _static() -> Any:
    """The class that is trained: a StaticEmbedding that reads shingles instead of subword tokens."""
    import torch
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models

    class ShingleEmbedding(StaticEmbedding):
        """Mean of the rows of a text's features."""

        def __init__(self, shingles: Shingles, weights: Any) -> None:
            super().__init__(Tokenizer(models.WordLevel({}, unk_token="")), embedding_weights=weights)
            self.shingles = shingles

        def preprocess(self, inputs: Any, prompt: str | None = None, **kwargs: Any) -> dict[str, Any]:
            ids = [self.shingles.ids((prompt or "") + text) for text in inputs]
            offsets = np.cumsum([0, *(len(rows) for rows in ids[:-1])])
            flat = np.fromiter((row for rows in ids for row in rows), dtype=np.int64)
            return {"input_ids": torch.from_numpy(flat), "offsets": torch.from_numpy(offsets)}

    return ShingleEmbedding


def trainable(shingles: Shingles, weights: Any) -> Any:
    """A SentenceTransformer over `weights` (features × dimensions, float32), for training."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(modules=[_static()(shingles, weights)], device="cpu")


@cache
def load_encoder(folder: Path = MODEL) -> Encoder:
    """The static model in `folder`, as shipped. Its id is a digest of its weights and vocabulary."""
    from safetensors.numpy import load_file

    stored = load_file(str(folder / "weights.safetensors"))
    vocabulary = (folder / "vocabulary.txt").read_text("utf-8")
    rows, features = stored["rows"], tuple(vocabulary.splitlines())
    digest = hashlib.sha256(rows.tobytes() + vocabulary.encode()).hexdigest()[:12]
    model = StaticModel(Shingles(features, len(rows) - len(features)), rows, stored["scales"])
    return Encoder(f"solieu-static-{rows.shape[1]}-{digest}", model)


def configured_encoder() -> Encoder:
    """The encoder that SOLIEU_ENCODER names, the embedded default where it names none. Raises EncoderError."""
    name = os.environ.get(SETTING, "").strip()
    return load_named(name) if name else load_encoder()


@cache
def usable_encoder() -> tuple[Encoder, str | None]:
    """The configured encoder, or the embedded default and why it stands in; a hub that failed is not asked again."""
    try:
        return configured_encoder(), None
    except EncoderError as error:
        return load_encoder(), str(error)


@cache
def load_named(name: str) -> Encoder:
    """A sentence-transformers model by folder or by its name on the hub. Raises EncoderError within a second."""
    local = Path(name).is_dir() or _is_cached(name)
    if not local:
        _check_hub(name)
    from sentence_transformers import SentenceTransformer  # five seconds, so not before the hub has answered

    try:
        model = SentenceTransformer(name, device="cpu", local_files_only=local)
    except (OSError, ValueError, RuntimeError) as error:
        raise EncoderError(
            f"{SETTING}={name}: no model can be loaded ({str(error).splitlines()[0]}); unset {SETTING} for the default"
        ) from error
    query, passage = ("query: ", "passage: ") if "e5" in Path(name).name.lower() else ("", "")
    return Encoder(f"{name}-{model.get_embedding_dimension()}", _Transformer(model), query, passage)


def _is_cached(name: str) -> bool:
    from huggingface_hub import try_to_load_from_cache

    try:
        return isinstance(try_to_load_from_cache(name, "config.json"), str)
    except ValueError as error:  # no possible name
        raise EncoderError(f"{SETTING}={name}: neither a folder nor a name on the hub") from error


def _check_hub(name: str) -> None:
    """One connection, before the hub client would try five times for a minute."""
    from huggingface_hub import constants

    remedy = f"download it first or unset {SETTING}; the embedded default goes on without it"
    if constants.HF_HUB_OFFLINE:
        raise EncoderError(f"{SETTING}={name}: not on this machine and downloads are off (HF_HUB_OFFLINE); {remedy}")
    hub = urlsplit(constants.ENDPOINT)
    answer: list[str] = []

    def knock() -> None:
        try:
            socket.create_connection((hub.hostname or "", hub.port or 443), REACHED_WITHIN).close()
            answer.append("")
        except OSError as error:
            answer.append(str(error))

    # in a thread: no time limit holds while a name is looked up
    asking = threading.Thread(target=knock, daemon=True)
    asking.start()
    asking.join(REACHED_WITHIN)
    fault = answer[0] if answer else f"no answer within {REACHED_WITHIN} s"
    if fault:
        raise EncoderError(f"{SETTING}={name}: {hub.hostname} cannot be reached ({fault}); {remedy}")
