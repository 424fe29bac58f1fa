"""What test_kill.py kills: stores thirty articles, reads them, builds the ledger and publishes, resuming where it was."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extract.statement import Extraction
from index.ledger import build
from index.publish import publish
from index.store import open_store
from tests.index.conftest import VERSION, Press, figure

START = datetime(2026, 1, 10, tzinfo=UTC)
ARTICLES = 30


def work(folder: Path) -> None:
    """Do whatever is left to do in `folder`; prints a line at each step so that the parent knows it lives."""
    with open_store(folder / "tracker.db") as store:
        press = Press(store)
        for i in range(ARTICLES):
            value = f"{5 + i % 7}.{i:02d}"
            text = f"Bản tin {i}: GDP quý này tăng {value.replace('.', ',')}% so với cùng kỳ, theo cơ quan thống kê."
            published = START - timedelta(days=60 - i)
            for version in range(1 + i % 3 // 2):
                words = text + " Đã sửa." * version
                url = f"https://bao{i % 4}.test/{i}"
                store.add_capture(
                    press.capture(url, words, published_at=published, at=START + timedelta(hours=version))
                )
            print("captured", flush=True)
        for row in store.pending(VERSION):
            quote = row.text[row.text.index("tăng ") + 5 : row.text.index("%") + 1]
            said = figure(row.text, quote, value=quote.strip("%").replace(",", "."), period_code="2025-Q3")
            store.add_extraction(row, Extraction((said,)), VERSION)
            print("read", flush=True)
        build(store, START)
        print("built", flush=True)
        publish(store, folder / "published.db")
        print("published", flush=True)


if __name__ == "__main__":
    work(Path(sys.argv[1]))
