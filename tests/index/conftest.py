"""A small press of our own, built by hand: articles, and extractions as the extractor would make them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crawler.article import Article, Capture, Snapshot, sha256
from extract.quantity import Quantity
from extract.statement import Check, Commitment, Extraction, Provenance, Statement
from index.store import Store, open_store

VERSION = "test"


class Press:
    """Writes articles into a store. `say(text, "8,02%", indicator_id=…)` marks a figure by its words in the text."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.hour = 0

    def capture(self, url: str, text: str, *, at: datetime | None = None, **more: Any) -> Capture:
        self.hour += 1
        fetched = at or datetime(2026, 1, 1 + self.hour // 24, self.hour % 24, tzinfo=UTC)
        values: dict[str, Any] = {
            "site": "baochi.test",
            "language": "vi",
            "title": "Kinh tế cuối năm",
            "published_at": datetime(2026, 1, 6, 9, 0, tzinfo=UTC),
        }
        article = Article(url=url, text=text, **(values | more))
        digest = sha256(text.encode("utf-8", "surrogatepass"))
        return Capture(article, Snapshot(article.id, fetched, 200, digest, digest))

    def publish(
        self,
        url: str,
        text: str,
        figures: tuple[tuple[str, dict[str, Any]], ...] = (),
        acts: tuple[tuple[str, dict[str, Any]], ...] = (),
        checks: tuple[Check, ...] = (),
        **more: Any,
    ) -> str:
        """Capture, extract and store one article; its id."""
        capture = self.capture(url, text, **more)
        self.store.add_capture(capture)
        extraction = Extraction(
            tuple(figure(text, quote, **values) for quote, values in figures),
            tuple(Commitment(provenance(text, quote), **values) for quote, values in acts),
            checks,
        )
        for row in self.store.pending(VERSION):
            if row.snapshot_id == capture.snapshot.id:
                self.store.add_extraction(row, extraction, VERSION)
        return capture.article.id


def provenance(text: str, quote: str, source: str | None = None) -> Provenance:
    start = text.index(quote)
    end = start + len(quote)
    return Provenance(start, end, quote, text[max(0, start - 32) : start], text[end : end + 32], source)


def figure(text: str, quote: str, **values: Any) -> Statement:
    """A statement about `quote`, national GDP growth unless said otherwise."""
    p = provenance(text, quote, values.pop("speaker", None))
    number = values.pop("value", None)
    high = values.pop("value_high", None)
    amount = Decimal(number) if number is not None else None
    quantity = Quantity(
        p.start,
        p.end,
        quote,
        amount,
        Decimal(high) if high is not None else None,
        values.pop("unit", "percent"),
        values.pop("qualifier", None),
        decimals=max(0, -int(amount.as_tuple().exponent)) if amount is not None else 0,
        sign=values.pop("sign", 0),
        scale=Decimal(values.pop("scale", 1)),
    )
    known: dict[str, Any] = {
        "kind": "statistic",
        "measure": "growth",
        "direction": "up",
        "base": "yoy",
        "indicator": "GDP",
        "indicator_id": "gdp_growth",
        "place": "Việt Nam",
        "place_id": "vn",
        "period_code": "2025",
    }
    return Statement(quantity=quantity, provenance=p, **(known | values))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "tracker.db") as opened:
        yield opened


@pytest.fixture
def press(store: Store) -> Press:
    return Press(store)


@pytest.fixture
def read() -> Callable[..., Statement]:
    return figure
