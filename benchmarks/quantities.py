"""How fast numbers, units and periods are read, and how the time grows with the length of a text.

    python benchmarks/quantities.py [--sizes 62500,1000000] [--text FILE.jsonl]

Prints sentences a second (one core, CPU time) on the sentences of tests/extract/quantities.txt, or on the `text` fields of
FILE, and the growth exponent (1 is linear) from the first to the last size in characters, on plain and on hostile texts.
"""

import argparse
import json
import math
import time
from collections.abc import Callable
from pathlib import Path

from extract.extractor import quantities

GOLDEN = Path(__file__).parent.parent / "tests" / "extract" / "quantities.txt"
HOSTILE = {
    "digits": "1",
    "dots": "1.",
    "commas": "1, ",
    "dashes": "1-",
    "slashes": "1/",
    "spaced": "123 ",
    "number words": "hai mươi ",
    "multipliers": "một nghìn ",
    "bare multipliers": "tỷ ",
    "rates": "5 đồng/",
    "brackets": "1 (",
    "per head": "bình quân đầu người 5 USD ",
    "qualifiers": "hơn ",
    "ranges": "từ 1 đến ",
    "percent lists": "5%, ",
    "open brackets": "((((",
    "classifiers": "3 chiếc ",
    "pairs of digits": "hai ba ",
    "new lines": "\n",
    "combining": "a\u0301",
    "letters": "a",
}


def sentences(code: str | None = None) -> list[tuple[str, str]]:
    """(language, sentence) of the golden file."""
    lines = [line.partition(": ") for line in GOLDEN.read_text("utf-8").splitlines() if line[:1].isalpha()]
    return [(language, text) for language, _, text in lines if code in (None, language)]


def seconds(run: Callable[[], object]) -> float:
    """CPU seconds of the better of two runs."""
    best = math.inf
    for _ in range(2):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="62500,250000", help="characters, first and last of the growth")
    parser.add_argument("--text", type=Path, help="JSON lines with a `text` (and a `language`)")
    options = parser.parse_args()
    if options.text:
        rows = [json.loads(line) for line in options.text.read_text("utf-8").splitlines()]
        passages = [(row.get("language", "vi"), row["text"]) for row in rows]
    else:
        passages = sentences() * 10
    for code in sorted({code for code, _ in passages}):
        texts = [text for language, text in passages if language == code]
        quantities(texts[0], code)
        count = sum(text.count(". ") + 1 for text in texts)
        spent = seconds(lambda texts=texts, code=code: [quantities(text, code) for text in texts])
        print(
            f"{code}: {count / spent:,.0f} sentences/s ({count} sentences, {sum(map(len, texts)) / spent / 1e6:.2f} MB/s)"
        )
    small, *_, large = (int(size) for size in options.sizes.split(","))
    plain = " ".join(text for _, text in sentences("vi"))
    for name, unit in {"plain": plain + " ", **HOSTILE}.items():
        text = unit * (large // len(unit) + 1)
        few, many = (seconds(lambda size=size, text=text: quantities(text[:size], "vi")) for size in (small, large))
        growth = math.log(many / max(few, 1e-6)) / math.log(large / small)
        print(f"{name}: {many:.2f} s for {large:,} characters, growth {growth:.2f}", flush=True)


if __name__ == "__main__":
    main()
