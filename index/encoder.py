"""The one door to sentence-transformers: texts in, unit vectors out.

The embedded default is a static model of our own (index/encoder_model, made by benchmarks/train_encoder.py): no download, no
hub, thousands of sentences a second. Each text is read in its exact and its folded spelling, so that "xuat khau" finds
"xuất khẩu". Vectors carry the encoder's id; vectors of two encoders are never compared.

>>> encoder = load_encoder()
>>> encoder.encode(["xuất khẩu gạo", "xuat khau gao"]).shape
(2, 256)
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

MODEL = Path(__file__).parent / "encoder_model"

Vectors = np.ndarray[Any, np.dtype[np.float32]]


def fold(text: str) -> str:
    """`text` in lower case without marks, đ as d."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")


def both_spellings(text: str) -> str:
    """What the model reads: the text as written, then folded."""
    return f"{text}\n{fold(text)}"


@dataclass(frozen=True, slots=True)
class Encoder:
    """A sentence-transformers model with the id that is stored beside each of its vectors."""

    id: str
    model: Any

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, one row a text."""
        prepared = [both_spellings(text) for text in texts]
        vectors = self.model.encode(prepared, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


@cache
def load_encoder(folder: Path = MODEL) -> Encoder:
    """The model in `folder`, as shipped. Its id is a digest of its weights and vocabulary."""
    from safetensors.numpy import load_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    stored = load_file(str(folder / "weights.safetensors"))
    weights = stored["rows"].astype(np.float32) * stored["scales"][:, None]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    digest = hashlib.sha256(stored["rows"].tobytes() + (folder / "tokenizer.json").read_bytes()).hexdigest()[:12]
    static = StaticEmbedding(tokenizer, embedding_weights=weights)
    return Encoder(f"solieu-static-{weights.shape[1]}-{digest}", SentenceTransformer(modules=[static], device="cpu"))
