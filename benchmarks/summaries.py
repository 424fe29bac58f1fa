"""Summaries beside others: articles with editors' abstracts in, a table of ROUGE, repeats of the headline and time out.

    python benchmarks/summaries.py --prepare VIETNEWS FOLDER     # TRAIN, VAL and TEST .jsonl from a copy of the collection
    python benchmarks/summaries.py TEST.jsonl [--limit 1000]
    python benchmarks/summaries.py TEST.jsonl --peers            # in an environment that also has sumy

Lines of the files are {"title", "abstract", "body": [sentence, …]}. VIETNEWS is the folder that holds train_tokenized,
val_tokenized and test_tokenized; articles that share abstract or beginning with a later split are left out of the training
file. All methods are given the same items in one run. One sentence, or two for ours as well.
"""

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from rouge import rouge, words  # noqa: E402

from extract.extractor import extract  # noqa: E402
from extract.summariser import summarise  # noqa: E402
from extract.summary import figures_of  # noqa: E402
from extract.summary_choice import Budget  # noqa: E402

SAMPLE = {"train": 14000, "val": 1200, "test": 1000}


def joined(text: str) -> str:
    """Segmented text as it was printed: syllables apart, punctuation at its word."""
    text = re.sub(r" ([,.;:!?%)\]”’…])", r"\1", text.replace("_", " ").strip())
    text = re.sub(r"([(\[“‘]) ", r"\1", text)
    parts = text.split('"')
    text = parts[0]
    for k, part in enumerate(parts[1:], 1):
        text = f'{text}"{part.lstrip()}' if k % 2 else f'{text.rstrip()}"{part}'
    return text


def articles(folder: Path) -> Iterator[dict[str, Any]]:
    """The articles of one split, in an order of chance that is always the same."""
    paths = sorted(folder.glob("*.txt.seg"))
    random.Random(7).shuffle(paths)
    for path in paths:
        parts = re.split(r"\n\s*\n", path.read_text("utf-8", "replace").strip())
        if len(parts) > 2:
            title, abstract = (joined(part.replace("\n", " ")) for part in parts[:2])
            body = [joined(line) for line in parts[2].split("\n") if line.strip()]
            yield {"title": title, "abstract": abstract, "body": body}


def marks(row: dict[str, Any]) -> set[str]:
    """What two copies of one article share."""
    plain = [re.sub(r"\W+", "", text.lower()) for text in (row["abstract"], " ".join(row["body"])[:3000])]
    return set(plain)


def prepare(source: Path, target: Path) -> None:
    """Write the three files; later splits are read whole, for what stands in them must not be trained on."""
    seen: set[str] = set()
    for split in ("test", "val", "train"):
        kept = 0
        with (target / f"{split}.jsonl").open("w", encoding="utf-8") as out:
            for row in articles(source / f"{split}_tokenized"):
                own = marks(row)
                if kept < SAMPLE[split] and (split == "test" or not own & seen):
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
                    kept += 1
                if split != "train" or kept < SAMPLE[split]:
                    seen |= own
        print(f"{split}: {kept} articles")


def sumy_methods() -> dict[str, Callable[[dict[str, Any]], str]]:
    """The first sentence by each method of sumy; its sentences are the lines of the body, its words ours."""
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.lsa import LsaSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer

    class Lines:
        def to_sentences(self, text: str) -> list[str]:
            return [line for line in text.split("\n") if line.strip()]

        def to_words(self, text: str) -> list[str]:
            return words(text)

    def method(make: Any) -> Callable[[dict[str, Any]], str]:
        def run(row: dict[str, Any]) -> str:
            # a blank line between sentences: sumy joins the lines of a paragraph
            document = PlaintextParser.from_string("\n\n".join(row["body"]), Lines()).document
            return " ".join(str(sentence) for sentence in make()(document, 1))

        return run

    return {"TextRank": method(TextRankSummarizer), "LexRank": method(LexRankSummarizer), "LSA": method(LsaSummarizer)}


def ours(budget: Budget) -> Callable[[dict[str, Any]], str]:
    """Our summary; the extraction was made before."""

    def run(row: dict[str, Any]) -> str:
        text = "\n".join(row["body"])
        return summarise(text, "vi", row["title"], row["figures"], budget).words(text)

    return run


def repeats(summary: str, title: str) -> bool:
    """Whether a summary is the headline again."""
    a, b = set(words(summary)), set(words(title))
    return bool(b) and len(a & b) >= 0.8 * max(len(a), len(b))


def main() -> None:
    """Prepare, or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("items", type=Path)
    parser.add_argument("target", type=Path, nargs="?")
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    if options.prepare:
        prepare(options.items, options.target)
        return
    rows = [json.loads(line) for line in options.items.open(encoding="utf-8")][: options.limit]
    for row in rows:
        row["figures"] = figures_of(extract("\n".join(row["body"]), "vi", None, row["title"]).statements)
    methods: dict[str, Callable[[dict[str, Any]], str]] = {
        "ours, 1 sentence": ours(Budget(sentences=1)),
        "ours, 2 sentences": ours(Budget(sentences=2)),
        "ours, 60 syllables": ours(Budget(syllables=60)),
        "lead, 1 sentence": lambda row: str(row["body"][0]),
    } | (sumy_methods() if options.peers else {})
    print(f"{len(rows)} articles\n\n| method | R1 | R2 | RL | repeats | words | ms |\n|---|---|---|---|---|---|---|")
    for name, method in methods.items():
        before = time.process_time()
        summaries = [method(row) for row in rows]
        seconds = time.process_time() - before
        scores = [rouge(summary, row["abstract"]) for summary, row in zip(summaries, rows, strict=True)]
        means = " | ".join(f"{100 * sum(score[k] for score in scores) / len(rows):.1f}" for k in range(3))
        again = sum(repeats(summary, row["title"]) for summary, row in zip(summaries, rows, strict=True)) / len(rows)
        length = sum(len(words(summary)) for summary in summaries) / len(rows)
        print(f"| {name} | {means} | {again:.1%} | {length:.0f} | {1000 * seconds / len(rows):.1f} |", flush=True)


if __name__ == "__main__":
    main()
