"""How the index grows: made-up articles in, rates of storing, building, publishing and asking out.

    .venv/bin/python benchmarks/ledger.py 10000 100000        # statements; 1000000 takes a quarter of an hour

Ten statements an article, over the indicators and places of the catalogues; the same every run. All times are of one core,
waiting for the disk left out, so that a busy machine does not change them.
"""

import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from crawler.article import Article, Capture, Snapshot, sha256
from extract.quantity import Quantity
from extract.statement import Extraction, Provenance, Statement
from index import queries
from index.catalogue import shipped
from index.ledger import build
from index.publish import publish
from index.search import search
from index.store import Store, connect, open_store

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SYLLABLES = re.findall(
    r"\w+", "kinh tế thành phố tăng trưởng đường biển nông nghiệp đạt vốn đầu tư sản xuất xây dựng nhà máy lao động quý"
)


def captures(articles: int, skip: int = 0) -> Iterator[tuple[Capture, Extraction]]:
    """Articles of ten sentences, each with one figure."""
    words = shipped()
    indicators, places = sorted(words.indicators), sorted(words.places)
    for i in range(skip, skip + articles):
        chance = random.Random(i)
        published = datetime(2023, 1, 1, 8, tzinfo=UTC) + timedelta(minutes=20 * i)
        text, said = "", []
        for _ in range(10):
            indicator, place = chance.choice(indicators), chance.choice(places)
            year, quarter = chance.randint(2020, published.year - 1), chance.randint(1, 4)
            value = Decimal(chance.randint(1, 999)) / 100
            quote = f"{value}%".replace(".", ",")
            lead = " ".join(chance.choices(SYLLABLES, k=chance.randint(12, 30)))
            start = len(text) + len(lead) + 1
            text += f"{lead} {quote} {' '.join(chance.choices(SYLLABLES, k=6))}.\n"
            said.append((start, start + len(quote), quote, value, indicator, place, f"{year}-Q{quarter}"))
        article = Article(
            f"https://bao{i % 40}.test/{i}", f"bao{i % 40}.test", "vi", text[:60], text, published_at=published
        )
        digest = sha256(text.encode())
        statements = tuple(
            Statement(
                Quantity(a, b, quote, value, unit="percent", decimals=2),
                "statistic",
                "growth",
                Provenance(a, b, quote, text[max(0, a - 32) : a], text[b : b + 32]),
                "up",
                "yoy",
                indicator=indicator.replace("_", " "),
                indicator_id=indicator,
                place=place,
                place_id=place,
                period_code=period,
            )
            for a, b, quote, value, indicator, place, period in said
        )
        yield Capture(article, Snapshot(article.id, published, 200, digest, digest)), Extraction(statements)


def fill(folder: Path, statements: int) -> None:
    """Store, build, add a little, build again, publish, ask; print what each took."""
    with open_store(folder / f"{statements}.db") as store:
        took = 0.0
        for start in range(0, statements // 10, 500):
            took += take_in(store, list(captures(min(500, statements // 10 - start), start)))
        print(f"{statements:>9,} statements  stored {statements / took:7,.0f}/s", end="", flush=True)
        took = clock(lambda: build(store, NOW))
        print(f"  built {statements / took:7,.0f}/s", end="", flush=True)
        for number in (100, 1000):
            took = take_in(store, list(captures(number, statements + number)))
            later = clock(lambda: build(store, NOW))
            print(f"  {number:,} articles later in {took:.1f} + {later:.1f} s", end="", flush=True)
        took = clock(lambda: publish(store, folder / "published.db"))
    size = (folder / "published.db").stat().st_size / 1e6
    print(f"  published in {took:5.1f} s, {size:,.0f} MB")
    conn = connect(folder / "published.db")
    figures = [row[0] for row in conn.execute("select id from statements limit 50")]
    questions: dict[str, list[Callable[[], object]]] = {
        "search words": [
            lambda w=w: search(conn, w) for w in ("kinh te", "đường biển", '"thành phố"', "von", "nha may quy")
        ],
        "search quantity": [lambda v=v: search(conn, f"{v},25%") for v in range(1, 9)],
        "search filters": [
            lambda p=p: search(conn, "", place=p, unit="percent", min="2", sort="value")
            for p in ("vn", "ha_noi", "hue")
        ],
        "words and filters": [lambda p=p: search(conn, "nong nghiep", place=p) for p in ("vn", "ha_noi", "hue")],
        "figure": [lambda f=f: queries.figure(conn, f) for f in figures[:10]],
        "indicator": [lambda i=i: queries.indicator(conn, i) for i in ("gdp_growth", "cpi_avg", "unemp")],
        "place": [lambda: queries.place(conn, "ha_noi")],
        "home": [lambda: queries.home(conn, NOW)],
        "indicators": [lambda: queries.indicators(conn)],
        "checks": [lambda: queries.checks(conn)],
        "source": [lambda: queries.source(conn, "bao1.test")],
        "coverage": [lambda: queries.coverage(conn)],
    }
    for name, asked in questions.items():
        times = sorted(clock(ask) for _ in range(3) for ask in asked)
        middle, high = (1000 * times[int(len(times) * share)] for share in (0.5, 0.95))
        print(f"    {name:18} median {middle:6.1f} ms   p95 {high:6.1f} ms")
    conn.close()


def take_in(store: Store, made: list[tuple[Capture, Extraction]]) -> float:
    """Store articles and what was read in them; the seconds that it took."""
    said = {capture.snapshot.id: extraction for capture, extraction in made}

    def work() -> None:
        with store.batch():
            for capture, _ in made:
                store.add_capture(capture)
            for row in store.pending("1"):
                store.add_extraction(row, said[row.snapshot_id], "1")

    return clock(work)


def clock(work: Callable[[], object]) -> float:
    """Seconds of one core that `work` takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder_:
        for number in sys.argv[1:] or ("10000",):
            fill(Path(folder_), int(number))
