"""Compares readers of quantities on annotated passages: this project's, and what a user would pick instead.

    pip install --group peers && python benchmarks/peers.py tests/gold/quantities.jsonl

For each reader and language: F1 of values, F1 of values with units, values that are off by a power of ten without a word, and
sentences a second, all in this one process on the same passages. The peers: quantulum3 and Recognizers-Text (both read
English notation; neither knows Vietnamese) and every token that spaCy's `like_num` takes for a number.
"""

import argparse
import json
import re
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from extract.evaluation import fold_unit

Found = tuple[int, int, float, str | None]
"""Offsets, value, unit."""
Read = Callable[[str, str], Iterable[Found]]


def ours() -> Read:
    """This project's reader."""
    from extract.extractor import quantities

    def read(text: str, language: str) -> Iterable[Found]:
        for row in quantities(text, language)["quantities"]:  # type: ignore[attr-defined]
            if row["value"] is not None:
                yield row["start"], row["end"], float(Decimal(str(row["value"]))), row["unit"]

    return read


def quantulum() -> Read:
    """quantulum3, the usual Python choice."""
    from quantulum3 import classifier, parser

    classifier.USE_CLF = False  # its stored classifier does not load with a current scikit-learn; it reads without

    def read(text: str, language: str) -> Iterable[Found]:
        for found in parser.parse(text):
            yield found.span[0], found.span[1], float(found.value), found.unit.name

    return read


def recognizers() -> Read:
    """Microsoft's Recognizers-Text: numbers, percentages, currencies, dimensions, in English notation."""
    from recognizers_number import recognize_number, recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension

    def read(text: str, language: str) -> Iterable[Found]:
        taken: list[tuple[int, int]] = []
        for recognize in (recognize_currency, recognize_dimension, recognize_percentage, recognize_number):
            for found in recognize(text, "en-us"):
                value = re.sub(r"[^\d.eE+-]", "", str((found.resolution or {}).get("value") or ""))
                if not value or any(found.start < end and start <= found.end for start, end in taken):
                    continue
                taken.append((found.start, found.end + 1))
                unit = "percent" if recognize is recognize_percentage else found.resolution.get("unit")
                yield found.start, found.end + 1, float(value), unit

    return read


def like_num() -> Read:
    """spaCy's tokens that look like a number, in the language's own marks."""
    import spacy

    pipes = {code: spacy.blank(code if code != "vi" else "xx") for code in ("vi", "en", "sv")}

    def read(text: str, language: str) -> Iterable[Found]:
        for token in pipes[language](text):
            plain = token.text.replace(",", "") if language == "en" else token.text.replace(".", "").replace(",", ".")
            if token.like_num and re.fullmatch(r"\d+(\.\d+)?", plain):
                yield token.idx, token.idx + len(token), float(plain), None

    return read


UNITS = {"dollar": "USD", "united states dollar": "USD", "u.s. dollar": "USD", "dong": "VND", "vietnamese dong": "VND",
         "vietnamese đồng": "VND", "percentage": "percent", "hectare": "ha", "kilometre": "km", "kilometer": "km",
         "metric ton": "tonne", "ton": "tonne", "metre": "m", "meter": "m", "megawatt": "MW", "square metre": "m2",
         "square kilometre": "km2", "cubic metre": "m3"}  # fmt: skip


def unit(name: str | None) -> str:
    """A unit's name as the guidelines write it, whatever a peer calls it."""
    return fold_unit(UNITS.get((name or "").lower(), name))


def score(read: Read, rows: list[dict[str, Any]]) -> dict[str, float]:
    """The figures of one reader on passages of one language."""
    predicted = gold = values = both = slips = 0
    started = time.process_time()
    answers = [list(read(row["text"], row["language"])) for row in rows]
    elapsed = time.process_time() - started
    for row, answer in zip(rows, answers, strict=True):
        wanted = [q for q in row.get("quantities", row.get("figures", [])) if q.get("value") is not None]
        predicted, gold, left = predicted + len(answer), gold + len(wanted), list(answer)
        for q in wanted:
            near = [a for a in left if a[0] < q["end"] and q["start"] < a[1]]
            value = float(q["value"])
            same = next((a for a in near if abs(a[2] - value) <= 1e-6 * max(abs(value), 1e-9)), None)
            if same:
                left.remove(same)
                values += 1
                both += unit(same[3]) == unit(q.get("unit"))
            elif any(a[2] and value and _is_power_of_ten(a[2] / value) for a in near):
                slips += 1
    sentences = sum(max(1, len(re.findall(r"[.!?…](?:\s|$)", row["text"]))) for row in rows)
    total = predicted + gold
    return {
        "value F1": 2 * values / total,
        "value + unit F1": 2 * both / total,
        "slips": slips,
        "sentences/s": sentences / elapsed,
    }


def _is_power_of_ten(ratio: float) -> bool:
    digits = f"{abs(ratio):.6e}"
    return digits.startswith("1.000000") and not digits.endswith("e+00")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gold", nargs="+", type=Path)
    args = parser.parse_args()
    rows = [json.loads(line) for path in args.gold for line in path.read_text("utf-8").splitlines() if line.strip()]
    print(f"{'reader':18s} {'lang':4s} {'value F1':>9s} {'+ unit':>7s} {'off by 10^k':>12s} {'sentences/s':>12s}")
    for make in (ours, quantulum, recognizers, like_num):
        try:
            read = make()
        except ImportError as error:
            print(f"{make.__name__:18s} not installed: {error.name}")
            continue
        for code in ("vi", "en", "sv"):
            list(read("Growth of 8.02 percent in 2025.", code))  # loads what loads late
        for code in ("vi", "en", "sv"):
            chosen = [row for row in rows if row["language"] == code]
            if chosen:
                f = score(read, chosen)
                print(
                    f"{make.__name__:18s} {code:4s} {f['value F1']:9.3f} {f['value + unit F1']:7.3f} {f['slips']:12.0f} "
                    f"{f['sentences/s']:12,.0f}"
                )


if __name__ == "__main__":
    main()
