"""Trains the embedded default encoder: title–lead pairs and our own catalogues in, index/encoder_model/ out.

    python benchmarks/train_encoder.py HEADLINES.jsonl.gz [--out index/encoder_model] [--epochs 12]

Each line of the headlines holds {"title", "lead"}; their text is used for training and measuring only and is not kept. The
recipe: a byte-pair vocabulary that may cross spaces (so that "xuất khẩu" is one token) over exact and folded spelling; a
static embedding (mean of token vectors) under the multiple-negatives ranking loss, batch 1,024, each text read in both
spellings, queries half the time without marks; the vi, en and sv names of one catalogue row are pairs too, a fifth of the
indicators held out. Weights are stored as 8-bit integers with one scale a row. 10,000 pairs are held out by their text.
"""

import argparse
import gzip
import hashlib
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from extract.lexicon import CATALOGUE, catalogue
from index.encoder import both_spellings, fold

HELD_OUT = 10_000


def pairs_of(path: Path) -> list[tuple[str, str]]:
    """Distinct (title, lead) pairs, each title and each lead once, in an order that depends on their text alone."""
    titles: set[str] = set()
    leads: set[str] = set()
    pairs = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            title, lead = row["title"].strip(), row["lead"].strip()
            if len(lead) < 20 or title in titles or lead in leads:
                continue
            titles.add(title)
            leads.add(lead)
            pairs.append((title, lead))
    return sorted(pairs, key=lambda pair: hashlib.sha256(pair[0].encode()).digest())


def is_held_out(name: str) -> bool:
    """A fifth of the catalogue's indicators, by name."""
    return hashlib.sha256(name.encode()).digest()[0] % 5 == 0


def glossary() -> list[tuple[str, str]]:
    """Names of one thing in two languages, from the catalogues; held-out indicators excepted."""
    found = []
    for table in sorted(path.stem for path in CATALOGUE.glob("*.toml")):
        for key, row in catalogue(table).items():
            if table == "indicators" and is_held_out(key):
                continue
            names = row.get("names", {})
            found += [(names[a], names[b]) for a in names for b in names if a < b and names[a] and names[b]]
    return found


def train_tokenizer(texts: list[str], size: int) -> Tokenizer:
    """Byte-pair tokens over lower-case text; punctuation and digits stand alone, spaces may be crossed."""
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Lowercase(), normalizers.Replace(Regex(r"\s+"), "▁")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{M}\p{N}▁]+"), "isolated"),
            pre_tokenizers.Split(Regex(r"\d"), "isolated"),
            pre_tokenizers.Split(Regex(r"▁?[\p{L}\p{M}]+(▁[\p{L}\p{M}]+)?"), "isolated"),
        ]
    )
    tokenizer.decoder = decoders.BPEDecoder()
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=["[UNK]"], min_frequency=3, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def train(
    pairs: list[tuple[str, str]], names: list[tuple[str, str]], size: int, dimension: int, epochs: int, seed: int = 7
) -> SentenceTransformer:
    """The trained model, weights in 32 bits."""
    random.seed(seed)
    torch.manual_seed(seed)
    sample = [text for pair in random.sample(pairs, min(len(pairs), 80_000)) for text in pair]
    texts = [text for name in names for text in name] * 5 + sample
    tokenizer = train_tokenizer([*texts, *(fold(text) for text in texts)], size)
    static = StaticEmbedding(tokenizer, embedding_dim=dimension)
    model = SentenceTransformer(modules=[static], device="cpu")
    loss = MultipleNegativesRankingLoss(model, scale=20.0)
    batch = 1024
    rate = 0.02
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    steps = epochs * (len(pairs) // batch)
    step, started = 0, time.monotonic()
    for epoch in range(epochs):
        random.shuffle(pairs)
        total = 0.0
        for at in range(0, len(pairs) - batch + 1, batch):
            chosen = pairs[at : at + batch - len(names) // 8] + random.sample(names, len(names) // 8)
            queries = [fold(a) if random.random() < 0.5 else a for a, _ in chosen]
            swap = [random.random() < 0.5 and i >= batch - len(names) // 8 for i in range(len(chosen))]
            left = [b if s else q for s, q, (_, b) in zip(swap, queries, chosen, strict=True)]
            right = [a if s else b for s, (a, b) in zip(swap, chosen, strict=True)]
            features = [model.preprocess([both_spellings(t) for t in side]) for side in (left, right)]
            for group in optimizer.param_groups:
                group["lr"] = rate * 0.5 * (1 + math.cos(math.pi * step / steps))
            value = loss(features, None)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            total += float(value.detach())
            step += 1
        print(
            f"epoch {epoch + 1}/{epochs}  loss {total / (len(pairs) // batch):.3f}  {time.monotonic() - started:.0f} s",
            flush=True,
        )
    return model


def save(model: SentenceTransformer, folder: Path) -> None:
    """tokenizer.json and weights.safetensors (int8 rows, float32 scales)."""
    folder.mkdir(parents=True, exist_ok=True)
    static = model[0]
    weights = static.embedding.weight.detach().numpy().astype(np.float32)
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-12) / 127
    rows = np.clip(np.round(weights / scales[:, None]), -127, 127).astype(np.int8)
    static.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    save_file({"rows": rows, "scales": scales}, str(folder / "weights.safetensors"))


def main() -> None:
    """Train on all but the held-out pairs and store the model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("headlines", type=Path)
    parser.add_argument("--out", type=Path, default=Path("index/encoder_model"))
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--size", type=int, default=40_000)
    parser.add_argument("--dimension", type=int, default=256)
    args = parser.parse_args()
    pairs = pairs_of(args.headlines)[HELD_OUT:]
    print(f"{len(pairs)} pairs to train on", flush=True)
    save(train(pairs, glossary(), args.size, args.dimension, args.epochs), args.out)


if __name__ == "__main__":
    main()
