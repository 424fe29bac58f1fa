"""Measures search at scale: a generated press in, times of words, meaning and quantities out.

    python benchmarks/search.py DB [--articles 100000] [--statements 10] [--questions 100]

DB is written where it does not exist (minutes): articles of made-up sentences of our own over the catalogue's names, places and
numbers, with statements and vectors stored as the ledger would. Printed are build time and size, and for each kind of question
the median and the 95th percentile of `search`, everything included that a page needs, by the clock and, for a busy machine, in
processor time. A build that is cut short goes on with what is stored: give its file again with --encode.
"""

import argparse
import random
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from crawler.article import Article, Capture, Snapshot, sha256
from extract.quantity import Quantity
from extract.statement import Extraction, Provenance, Statement
from index.catalogue import shipped
from index.encoder import load_encoder
from index.meaning import embed
from index.search import search
from index.store import connect, open_store

VERSION = "benchmark"
SENTENCES = (
    "{name} của {place} trong {period} đạt {value}%, cao hơn cùng kỳ năm trước.",
    "Theo báo cáo, {name} tại {place} tăng {value}% trong {period}.",
    "Trong {period}, {place} ghi nhận {name} ở mức {value}% so với kế hoạch.",
    "Địa phương {place} phấn đấu đưa {name} lên {value}% vào cuối {period}.",
)
FILLERS = (
    "Người dân và doanh nghiệp trên địa bàn mong thủ tục nhanh gọn hơn, chi phí thấp hơn.",
    "Cơ quan quản lý cho biết sẽ theo dõi sát thị trường và công bố số mới vào kỳ sau.",
    "Các chuyên gia lưu ý rằng thời tiết, giá nhiên liệu và nhu cầu bên ngoài còn khó lường.",
    "Hội nghị cũng bàn về nguồn nhân lực, đất đai, hạ tầng và việc phân cấp cho cơ sở.",
)


def sayings(rng: random.Random, count: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Sentences with the figure's words and values."""
    catalogue = shipped()
    indicators, places = list(catalogue.indicators.values()), list(catalogue.places.values())
    for _ in range(count):
        indicator, place = rng.choice(indicators), rng.choice(places)
        year, value = rng.randint(2015, 2026), f"{rng.uniform(0.1, 99):.2f}"
        printed = value.replace(".", ",")
        text = rng.choice(SENTENCES).format(
            name=indicator["vi"], place=place["vi"], period=f"năm {year}", value=printed
        )
        known = {"indicator": indicator["vi"], "indicator_id": indicator["id"], "place": place["vi"]}
        yield text, f"{printed}%", known | {"place_id": place["id"], "period_code": str(year), "value": Decimal(value)}


def build(path: Path, articles: int, statements: int) -> None:
    """Write the press and its index."""
    rng = random.Random(3)
    words = sorted({word for row in shipped().indicators.values() for word in row["vi"].split()})
    started = time.perf_counter()
    with open_store(path) as store:
        spoken: dict[str, tuple[Statement, ...]] = {}
        for n in range(articles):
            said = list(sayings(rng, statements))
            filler = [f"{rng.choice(FILLERS)} {' '.join(rng.choices(words, k=25))}." for _ in range(4)]
            text = "\n".join([text for text, _, _ in said] + filler)
            at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=31 * n)
            title = f"{said[0][2]['indicator']} của {said[0][2]['place']}"
            article = Article(
                url=f"https://baochi.test/{n}",
                site="baochi.test",
                language="vi",
                title=title,
                text=text,
                published_at=at,
            )
            digest = sha256(text.encode())
            capture = Capture(article, Snapshot(article.id, at, 200, digest, digest))
            spoken[capture.snapshot.id] = tuple(read(text, said))
            store.add_capture(capture)
            if n % 1000 == 999 or n == articles - 1:
                for row in store.pending(VERSION):
                    store.add_extraction(row, Extraction(spoken.pop(row.snapshot_id), (), ()), VERSION)
            if n % 10_000 == 9_999:
                print(f"{n + 1} articles, {time.perf_counter() - started:.0f} s", flush=True)
        stored = time.perf_counter() - started
        embed(store, load_encoder())
        print(f"stored in {stored:.0f} s, encoded in {time.perf_counter() - started - stored:.0f} s")


def read(text: str, said: list[tuple[str, str, dict[str, Any]]]) -> Iterator[Statement]:
    """The statements of a made-up article."""
    at = 0
    for sentence, quote, values in said:
        start = text.index(sentence, at) + sentence.index(quote)
        at, end = start, start + len(quote)
        p = Provenance(start, end, quote, text[max(0, start - 32) : start], text[end : end + 32], None)
        value = values["value"]
        yield Statement(
            quantity=Quantity(start, end, quote, value, None, "percent", None, decimals=2, sign=0, scale=Decimal(1)),
            provenance=p,
            kind="statistic",
            measure="growth",
            direction="up",
            base="yoy",
            **{key: values[key] for key in values if key != "value"},
        )


def questions(rng: random.Random, count: int) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """By kind: what is typed, and the filters set."""
    catalogue = shipped()
    names = [row["vi"] for row in catalogue.indicators.values()]
    english = [row["en"] for row in catalogue.indicators.values()]
    places = list(catalogue.places.values())
    some = [rng.choice(names) for _ in range(count)]
    return {
        "one common word": [(rng.choice(("tang", "tỷ", "năm", "giá", "dat")), {}) for _ in range(count)],
        "name": [(name, {}) for name in some],
        "name and place": [(f"{name} {rng.choice(places)['vi']}", {}) for name in some],
        "English, no word in common": [(rng.choice(english), {}) for _ in range(count)],
        "a whole headline": [(f"{name} của {rng.choice(places)['vi']} tăng mạnh nhờ đầu tư công", {}) for name in some],
        "value": [(f"{rng.uniform(0.1, 99):.2f}%".replace(".", ","), {}) for _ in range(count)],
        "over a value": [(f"trên {rng.randint(1, 98)}%", {}) for _ in range(count)],
        "range and place": [
            ("", {"min": low, "max": low + 1, "unit": "percent", "place": rng.choice(places)["id"]})
            for low in (rng.uniform(1, 97) for _ in range(count))
        ],
        "indicator and period": [
            ("", {"indicator": rng.choice(list(catalogue.indicators)), "period": "2024", "sort": "value"})
            for _ in range(count)
        ],
    }


def main() -> None:
    """Build where needed, then ask."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("db", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--statements", type=int, default=10)
    parser.add_argument("--encode", action="store_true", help="encode what has no vector yet, then ask")
    parser.add_argument("--questions", type=int, default=100)
    args = parser.parse_args()
    if not args.db.exists():
        build(args.db, args.articles, args.statements)
    elif args.encode:
        with open_store(args.db) as store:
            embed(store, load_encoder())
    print(f"{args.db.stat().st_size / 1e9:.2f} GB")
    with closing(connect(args.db)) as conn:
        started = time.perf_counter()
        search(conn, "tăng trưởng")
        print(f"first question, encoder and vectors loaded: {time.perf_counter() - started:.1f} s")
        for kind, asked in questions(random.Random(5), args.questions).items():
            times, work = [], []
            for q, filters in asked:
                before, used = time.perf_counter(), time.process_time()
                search(conn, q, **filters)
                times.append((time.perf_counter() - before) * 1000)
                work.append((time.process_time() - used) * 1000)
            median, late, busy = np.median(times), np.percentile(times, 95), np.percentile(work, 95)
            print(
                f"{kind:28s} median {median:6.1f} ms   p95 {late:6.1f} ms   p95 of processor time {busy:6.1f} ms",
                flush=True,
            )


if __name__ == "__main__":
    main()
