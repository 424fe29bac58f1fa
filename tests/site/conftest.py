"""A small press of our own words, put through the real store and ledger, and served by the real site."""

import asyncio
import os
import shutil
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crawler.article import Article, Capture, Snapshot, sha256
from crawler.event import Event
from extract.period import Period
from extract.quantity import Quantity
from extract.statement import Check, Commitment, Extraction, Provenance, Statement
from index import ledger
from index.publish import publish
from index.store import open_store

ROOT = Path(__file__).parents[2]
VERSION = "test-1"
NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'--></title>"

Figure = tuple[str, dict[str, Any]]
YEAR = {"2024": (date(2024, 1, 1), date(2024, 12, 31)), "2025": (date(2025, 1, 1), date(2025, 12, 31))}


def provenance(text: str, quote: str, source: str | None = None) -> Provenance:
    start = text.index(quote)
    end = start + len(quote)
    return Provenance(start, end, quote, text[max(0, start - 32) : start], text[end : end + 32], source, ("test.rule",))


def period(code: str) -> Period:
    year = int(code[:4])
    if "-Q" in code:
        quarter = int(code[-1])
        first = date(year, 3 * quarter - 2, 1)
        last = (date(year, 3 * quarter, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    else:
        first, last = date(year, 1, 1), date(year, 12, 31)
    return Period(0, len(code), code, code, first, last, "quarter" if "-Q" in code else "year")


def statement(text: str, quote: str, value: str | None, **fields: Any) -> Statement:
    where = provenance(text, quote, fields.pop("said_by", None))
    quantity = Quantity(
        where.start,
        where.end,
        quote,
        Decimal(value) if value else None,
        Decimal(fields.pop("high")) if "high" in fields else None,
        fields.pop("unit", "percent"),
        fields.pop("qualifier", None),
        reason=fields.pop("reason", None),
        decimals=len((value or "").partition(".")[2]),
    )
    code = fields.pop("period", "2025")
    base = {
        "kind": "statistic",
        "measure": "growth",
        "direction": "up",
        "base": "yoy",
        "indicator": "GDP",
        "indicator_id": "gdp_growth",
        "place": "Việt Nam",
        "place_id": "vn",
    }
    return Statement(
        quantity=quantity,
        provenance=where,
        period=period(code) if code else None,
        period_code=code,
        **{**base, **fields},
    )


def article(slug: str, day: str, title: str, text: str, site: str = "nhatbao.example", **fields: Any) -> Article:
    return Article(
        url=f"https://{site}/{slug}.html",
        site=site,
        language=fields.pop("language", "vi"),
        title=title,
        text=text,
        lead=text.partition("\n")[0],
        published_at=datetime.fromisoformat(f"{day}T08:30:00+07:00"),
        published_source="json_ld",
        **fields,
    )


def capture(one: Article, at: datetime | None = None) -> Capture:
    moment = at or (one.published_at or datetime(2025, 1, 1, tzinfo=UTC)) + timedelta(hours=2)
    return Capture(
        one,
        Snapshot(one.id, moment, 200, sha256(f"<p>{one.text}</p>".encode()), sha256(one.text.encode()), '"v1"'),
    )


TEXTS = {
    "muc-tieu-1": "Quốc hội quyết nghị mục tiêu tăng trưởng GDP năm 2025 khoảng 6,5-7%, phấn đấu cao hơn nếu thuận lợi.",
    "muc-tieu-2": "Sáng nay Quốc hội nâng mục tiêu tăng trưởng GDP năm 2025 lên 8% trở lên để tạo đà cho giai đoạn sau.",
    "muc-tieu-3": "Chính phủ đặt kịch bản mới, theo đó GDP năm 2025 phải tăng 8,3-8,5%. Các bộ nhận chỉ tiêu riêng.",
    "quy-2-uoc": "Cơ quan thống kê ước tính GDP quý II/2025 tăng 7,96% so với cùng kỳ năm trước.",
    "quy-2-sua": "Số liệu rà soát cho thấy GDP quý II/2025 tăng 8,19%, cao hơn con số đã nêu hồi tháng 7.",
    "ket-qua": "Năm 2025 khép lại với GDP tăng 8,02% so với năm trước.\n"
    "Bà Lê Thu Trang cho biết quy mô nền kinh tế tiếp tục mở rộng.",
    "nhan-su": "Đại hội bầu 200 đại biểu vào ban chấp hành.\nTrong đó có 50 đại biểu nữ, chiếm 52% tổng số.",
    "cam-ket": "Bộ Xây dựng sẽ hoàn thành tuyến đường ven biển trong quý II/2026.\nTỉnh cũng dự kiến rà soát quy hoạch cảng.",
    "sua-lang-le": "Xuất khẩu tháng này tăng 12,4% theo báo cáo của hải quan.",
    "hai-phong-2024": "GRDP của Hải Phòng năm 2024 tăng 11,01% so với năm trước.",
    "hai-phong-2025": "Hải Phòng sau hợp nhất có GRDP năm 2025 tăng 11,81%.",
    "quang-ninh": "Quảng Ninh tăng 8,42% trong năm 2024 và 11,89% trong năm 2025.",
    "la": f"Một dòng lạ {NASTY} được in trong bài, với GDP tăng 1,5% năm 2024.",
}


def build(path: Path, day: datetime) -> Path:
    """Fill a tracker and publish it; the address of the copy for serving."""
    raised = {"kind": "target", "measure": "growth", "said_by": "Quốc hội"}
    t = TEXTS
    press: list[tuple[Article, Extraction]] = [
        (
            article("muc-tieu-1", "2024-11-12", "Mục tiêu tăng trưởng năm tới", t["muc-tieu-1"]),
            Extraction((statement(t["muc-tieu-1"], "khoảng 6,5-7%", "6.5", high="7", qualifier="about", **raised),)),
        ),
        (
            article("muc-tieu-2", "2025-02-19", "Quốc hội nâng mục tiêu tăng trưởng", t["muc-tieu-2"]),
            Extraction((statement(t["muc-tieu-2"], "8% trở lên", "8", qualifier="at_least", **raised),)),
        ),
        (
            article("muc-tieu-3", "2025-08-06", "Kịch bản tăng trưởng mới", t["muc-tieu-3"], "kinhte.example"),
            Extraction(
                (
                    statement(
                        t["muc-tieu-3"],
                        "8,3-8,5%",
                        "8.3",
                        high="8.5",
                        instrument="Nghị quyết số 226/NQ-CP",
                        **{**raised, "said_by": "Chính phủ"},
                    ),
                )
            ),
        ),
        (
            article("quy-2-uoc", "2025-07-05", "Tăng trưởng quý II", t["quy-2-uoc"]),
            Extraction((statement(t["quy-2-uoc"], "7,96%", "7.96", period="2025-Q2"),)),
        ),
        (
            article("quy-2-sua", "2025-10-06", "Tăng trưởng quý II được rà soát", t["quy-2-sua"], "kinhte.example"),
            Extraction((statement(t["quy-2-sua"], "8,19%", "8.19", period="2025-Q2"),)),
        ),
        (
            article("ket-qua", "2026-01-05", "Kinh tế năm 2025", t["ket-qua"]),
            Extraction((statement(t["ket-qua"], "8,02%", "8.02", said_by="Bà Lê Thu Trang"),)),
        ),
        (_english(t), Extraction((statement(_english(t).text, "8.20%", "8.20", place="Vietnam"),))),
        (
            article("nhan-su", "2025-10-15", "Đại hội bầu ban chấp hành", t["nhan-su"], "kinhte.example"),
            _staff(t["nhan-su"]),
        ),
        (
            article("hai-phong-2024", "2025-01-03", "Hải Phòng năm 2024", t["hai-phong-2024"]),
            _grdp(t["hai-phong-2024"], ("11,01%", "2024", "hai_phong@63")),
        ),
        (
            article("hai-phong-2025", "2026-01-04", "Hải Phòng năm 2025", t["hai-phong-2025"]),
            _grdp(t["hai-phong-2025"], ("11,81%", "2025", "hai_phong@34")),
        ),
        (
            article("quang-ninh", "2026-01-04", "Quảng Ninh hai năm", t["quang-ninh"], "kinhte.example"),
            _grdp(t["quang-ninh"], ("8,42%", "2024", "quang_ninh"), ("11,89%", "2025", "quang_ninh")),
        ),
        (article("cam-ket", "2025-03-01", "Đường ven biển", t["cam-ket"]), _acts(t["cam-ket"])),
        (
            article("la", "2025-01-02", f"Bài lạ {NASTY}", t["la"], section=NASTY, byline=NASTY),
            Extraction((statement(t["la"], "1,5%", "1.5", period="2024", said_by=NASTY, indicator=NASTY),)),
        ),
    ]
    with open_store(path) as store:
        store.name_source("nhatbao.example", "Nhật Báo Thử")
        store.name_source("kinhte.example", "Kinh Tế Thử")
        for one, _ in press:
            store.add_capture(capture(one))
        edited = article("sua-lang-le", "2025-05-02", "Xuất khẩu trong tháng", t["sua-lang-le"])
        later = replace(edited, text=edited.text.replace("12,4%", "14,2%"))
        store.add_capture(capture(edited))
        store.add_capture(capture(later, datetime(2025, 5, 3, 9, tzinfo=UTC)))
        said = {one.text: extraction for one, extraction in press}
        for text, quote in ((edited.text, "12,4%"), (later.text, "14,2%")):
            value = quote.rstrip("%").replace(",", ".")
            said[text] = Extraction(
                (statement(text, quote, value, period=None, indicator="xuất khẩu", indicator_id="export_growth"),)
            )
        for row in list(store.pending(VERSION)):
            store.add_extraction(row, said[row.text], VERSION)
        for kind, reason in (("listed", None), ("fetched", None), ("parsed", None), ("failed", "status_500")):
            store.record(
                Event("nhatbao.example", kind, "https://nhatbao.example/x", datetime(2025, 5, 2, tzinfo=UTC), reason)
            )
        ledger.build(store, day)
        return publish(store, path.with_name("published.db"))


def _grdp(text: str, *said: tuple[str, str, str]) -> Extraction:
    return Extraction(
        tuple(
            statement(
                text,
                quote,
                quote.rstrip("%").replace(",", "."),
                period=year,
                place_id=place,
                place=None,
                indicator="GRDP",
                indicator_id="grdp_growth",
            )
            for quote, year, place in said
        )
    )


def _english(t: dict[str, str]) -> Article:
    return article(
        "economy-2025",
        "2026-01-06",
        "The economy in 2025",
        "The year 2025 ended with GDP up 8.20% on the year before.\nMs Le Thu Trang said that the economy went on growing.",
        "daily.example",
        language="en",
        translation_of="https://nhatbao.example/ket-qua.html",
    )


def _staff(text: str) -> Extraction:
    count = {"unit": "person", "measure": "level", "direction": None, "base": None, "indicator_id": None}
    total = statement(text, "200 đại biểu", "200", indicator="đại biểu", **count)
    women = statement(text, "50 đại biểu", "50", indicator="đại biểu nữ", part_of=0, **count)
    share = statement(
        text,
        "52%",
        "52",
        measure="share",
        direction=None,
        base=None,
        indicator="đại biểu nữ",
        indicator_id=None,
        part_of=0,
    )
    check = Check(
        "share",
        (2, 1, 0),
        "52",
        "25",
        "inconsistent",
        {"vi": "50 trên 200 là 25%, không phải 52%.", "en": "50 of 200 is 25%, not 52%."},
    )
    return Extraction((total, women, share), checks=(check,))


def _acts(text: str) -> Extraction:
    return Extraction(
        commitments=(
            Commitment(
                provenance(text, "Bộ Xây dựng sẽ hoàn thành tuyến đường ven biển trong quý II/2026"),
                actor="Bộ Xây dựng",
                action="hoàn thành tuyến đường ven biển",
                deadline="2026-Q2",
                instrument="Nghị quyết 226/NQ-CP",
                status="planned",
            ),
            Commitment(
                provenance(text, "Tỉnh cũng dự kiến rà soát quy hoạch cảng"),
                actor="Tỉnh",
                action="rà soát quy hoạch cảng",
                status="planned",
            ),
        )
    )


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("site") / "tracker.db", datetime(2026, 11, 24, 9, tzinfo=UTC))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "tracker.db"
    with open_store(path) as store:
        ledger.build(store, datetime(2026, 11, 24, 9, tzinfo=UTC))
        return publish(store, path.with_name("published.db"))


def site(path: Path) -> Any:
    """The site over a published tracker, set up as `solieu serve` does."""
    from datasette.app import Datasette
    from datasette.utils import parse_metadata

    return Datasette(
        [],
        immutables=[str(path)],
        plugins_dir=str(ROOT / "datasette_plugins"),
        template_dir=str(ROOT / "datasette_plugins" / "templates"),
        static_mounts=[("static", str(ROOT / "datasette_plugins" / "static"))],
        metadata=parse_metadata((ROOT / "metadata.yml").read_text()),
        settings={
            "default_allow_sql": False,
            "allow_download": False,
            "allow_facet": False,
            "allow_csv_stream": False,
            "suggest_facets": False,
            "sql_time_limit_ms": 1000,
            "num_sql_threads": 3,
        },
    )


@pytest.fixture(scope="session")
def ask(published: Path) -> Iterator[Callable[..., Any]]:
    """`ask("/figures/…", headers=…)` answers as the site does, without a network."""
    yield from _asking(published)


@pytest.fixture(scope="session")
def ask_empty(empty: Path) -> Iterator[Callable[..., Any]]:
    """The same of a tracker that holds nothing yet."""
    yield from _asking(empty)


def _asking(path: Path) -> Iterator[Callable[..., Any]]:
    # A thread of its own: the browser's driver keeps the main thread's event loop running.
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def wait(task: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(task, loop).result(110)

    ds = site(path)
    try:
        wait(ds.invoke_startup())
        yield lambda address, method="GET", **more: wait(ds.client.request(method, address, **more))
    finally:
        ds.executor.shutdown()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(scope="session")
def address(published: Path) -> Iterator[str]:
    """The site on loopback, for the browser."""
    with on_loopback(published) as where:
        # The readers of numbers take their time to load; no journey should wait for that.
        with urllib.request.urlopen(f"{where}/check.json?text=8%25", timeout=110) as answer:
            assert answer.status == 200
        yield where


@pytest.fixture(scope="session")
def pictured(published: Path) -> Iterator[str]:
    """The site over the tracker that SOLIEU_TRACKER names, else over our press."""
    with on_loopback(Path(os.environ.get("SOLIEU_TRACKER") or published)) as where:
        yield where


@contextmanager
def on_loopback(path: Path) -> Iterator[str]:
    import uvicorn

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ds = site(path)
    server = uvicorn.Server(uvicorn.Config(ds.app(), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
        ds.executor.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium; where there is none the test is skipped, unless SOLIEU_REQUIRE_BROWSER is set."""
    found = shutil.which("chromium")
    if found is None:
        reason = "Chromium is not installed (apt-get install chromium fonts-noto-core)"
        if os.environ.get("SOLIEU_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    quiet = ["--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=found, args=[*flags, *quiet])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def figures(ask: Callable[..., Any]) -> dict[str, str]:
    """Ids of figures by their printed words."""
    return {one["printed"]: one["id"] for one in ask("/search.json?sort=published").json()["data"]["results"]}
