"""A ledger that grew article by article is the one that is built from all of them at once: same rows, same ids."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from index import ledger
from index.ledger import build
from index.store import Store, open_store
from tests.index.conftest import Press

NOW = datetime(2026, 3, 1, tzinfo=UTC)
START = datetime(2026, 1, 5, 2, tzinfo=UTC)
DERIVED = {
    "series": "*",
    "observations": "*",
    "placements": "(select id from statements s where s.seq = placements.seq), slot",
    "statements": "id, held, observation",
    "commitments": "id, thread",
    "copies": "*",
    "translations": "*",
    "differences": "*",
    "edits": "*",
    "fingerprints": "*",
    "sketches": "*",
    "threaded": "(select id from commitments c where c.seq = threaded.seq), subject, published_at",
    "unbuilt": "*",
}
FILLER = (
    "Theo báo cáo của cơ quan thống kê địa phương, sản xuất và tiêu dùng đều giữ nhịp ổn định trong kỳ vừa qua, các nhà"
    " máy mới đi vào hoạt động đúng kế hoạch, còn hàng hóa qua cảng tăng nhờ thời tiết thuận lợi và đơn hàng sớm."
)


def content(store: Store) -> dict[str, list[Any]]:
    return {
        table: sorted(store.connection.execute(f"select {columns} from {table}").fetchall(), key=repr)
        for table, columns in DERIVED.items()
    }


class Tale:
    """Articles made by chance that quote, copy, translate, correct and contradict each other."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.told: list[dict[str, Any]] = []

    def figures(self, language: str) -> tuple[list[tuple[str, dict[str, Any]]], list[str]]:
        said, words = [], []
        for _ in range(self.chance.randint(1, 5)):
            value = self.chance.choice(("8.02", "8.0", "8.23", "7.96", "12.35", "110.5", "151.25", "404.75"))
            place = self.chance.choice(("vn", "vn", "hai_phong@34", "hai_phong@63", None))
            quote = (value if language == "en" else value.replace(".", ",")) + "%"
            known = {
                "value": value,
                "period_code": self.chance.choice(("2025", "2025-Q3", "2025-01/2025-09", None)),
                "indicator_id": self.chance.choice(("gdp_growth", "grdp_growth", "cpi_avg")),
                "place_id": place,
                "kind": self.chance.choice(("statistic", "statistic", "target")),
                "qualifier": self.chance.choice((None, None, "over", "about")),
            }
            if quote not in words:
                said.append((quote, known))
                words.append(quote)
        return said, words

    def tell(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The next article, or a new version of an earlier one, as arguments of Press.publish."""
        chance = self.chance
        how = chance.choice(("new", "new", "copy", "translation", "edit", "redate", "future", "slug"))
        if not self.told or how in ("new", "future"):
            made = self.article(len(self.told))
            if how == "future":
                made["published"] = NOW + timedelta(days=chance.randint(0, 6))
        else:
            made = dict(chance.choice(self.told))
            if how == "copy":
                made |= {"url": f"https://bao{chance.randint(0, 3)}.test/{len(self.told)}"}
                made["published"] = chance.choice((made["published"], START)) + timedelta(days=chance.randint(0, 50))
                made["said"] = chance.choice((made["said"], self.figures("vi")[0]))
            elif how in ("translation", "slug"):
                other = "en" if made["language"] == "vi" else "vi"
                url = f"https://{made['url'].split('/')[2]}/{other}/"
                url += made["url"].split("/")[-1] if how == "slug" else f"ban-dich-so-{len(self.told)}"
                made |= {"language": other, "published": made["published"] + timedelta(hours=chance.randint(1, 70))}
                made["of"] = made["url"] if how == "translation" and chance.random() < 0.5 else None
                made["url"] = url
                made["said"], made["words"] = made["said"][:], made["words"] + " Editor."
                if chance.random() < 0.4:
                    made["said"] = self.figures(other)[0]
            elif how == "edit":
                made["words"] += chance.choice((" Đã sửa.", " Cập nhật."))
                made["said"] = made["said"][: chance.randint(0, 4)] or self.figures(made["language"])[0]
            else:
                made["published"] = made["published"] + timedelta(days=chance.randint(-40, 40))
        self.told.append(made)
        text = made["words"] + " " + " ".join(quote for quote, _ in made["said"]) + ". " + made["act"] + "."
        act = (made["act"], {"actor": made["actor"], "action": made["act"], "status": "planned"})
        return (made["url"], text, tuple(made["said"]), (act,)), {
            "site": made["url"].split("/")[2],
            "language": made["language"],
            "published_at": made["published"],
            "translation_of": made.get("of"),
        }

    def article(self, number: int) -> dict[str, Any]:
        chance = self.chance
        said, _ = self.figures("vi")
        words = FILLER.split()
        acts = ("trình đề án nhà ở xã hội mới", "trình Chính phủ đề án nhà ở xã hội", "khởi công cầu qua sông lớn")
        return {
            "url": f"https://bao{chance.randint(0, 3)}.test/bai-viet-so-{number}",
            "language": "vi",
            "published": START + timedelta(hours=chance.randint(0, 200)),
            "words": " ".join(chance.sample(words, len(words))) if chance.random() < 0.7 else FILLER,
            "said": said,
            "act": chance.choice(acts),
            "actor": chance.choice(("Bộ Xây dựng", "BỘ XÂY DỰNG", "UBND thành phố", None)),
        }


@pytest.mark.parametrize("seed", range(8))
def test_grown_and_rebuilt_ledgers_are_equal(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST", 9.0)
    tale = Tale(seed)
    steps = [tale.tell() for _ in range(80)]
    with open_store(tmp_path / "grown.db") as grown, open_store(tmp_path / "whole.db") as whole:
        growing, writing = Press(grown), Press(whole)
        chance = random.Random(seed)
        for i, (arguments, more) in enumerate(steps):
            growing.publish(*arguments, **more)
            if chance.random() < 0.3:
                build(grown, NOW - timedelta(days=2))
                assert grown.connection.execute("pragma foreign_key_check").fetchall() == [], i
        build(grown, NOW)
        for arguments, more in steps:
            writing.publish(*arguments, **more)
        build(whole, NOW)
        found = content(grown)
        wanted = content(whole)
        for table in DERIVED:
            assert found[table] == wanted[table], table
        assert all(wanted[table] for table in ("observations", "copies", "threaded"))
        assert build(grown, NOW, everything=True) == build(whole, NOW)
        assert content(grown) == wanted


def test_a_new_article_touches_only_its_own_slots(tmp_path: Path) -> None:
    with open_store(tmp_path / "tracker.db") as store:
        press = Press(store)
        for i in range(40):
            value = {"value": f"4.{i:02d}", "period_code": f"20{i % 20:02d}"}
            press.publish(f"https://bao.test/{i}", f"Bản tin {i}: GDP tăng 4,{i:02d}%.", ((f"4,{i:02d}%", value),))
        build(store, NOW)
        (cursor,) = store.connection.execute("select max(cursor) from changes").fetchone()
        value = {"value": "4.80", "period_code": "2019"}
        press.publish("https://bao.test/new", "Bản tin mới: GDP tăng 4,80%.", (("4,80%", value),), published_at=NOW)
        looked_at: list[str] = []
        store.connection.set_trace_callback(looked_at.append)
        build(store, NOW)
        store.connection.set_trace_callback(None)
        changed = store.connection.execute(
            "select record, action from changes where cursor > ? order by cursor", (cursor,)
        ).fetchall()
        assert changed == [
            ("article", "insert"),
            ("statement", "insert"),
            ("observation", "insert"),
            ("observation", "update"),
            ("observation", "update"),
        ]  # the two that were in conflict are superseded
        assert not [sql for sql in looked_at if "delete from placements" in sql and "where" not in sql]


def test_the_original_that_comes_late_changes_whose_figures_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST", 9.0)
    with open_store(tmp_path / "tracker.db") as store:
        press = Press(store)
        wire, said = FILLER + " GDP tăng 8,02%.", (("8,02%", {"value": "8.02"}),)
        for site, hour in (("b", 2), ("c", 3)):
            press.publish(
                f"https://{site}.test/1", wire, said, site=f"{site}.test", published_at=START + timedelta(hours=hour)
            )
        press.publish("https://a.test/2", "Một bài khác của chính tờ báo: GDP tăng 8,02%.", said, site="a.test")
        build(store, NOW)
        sources = "select receipts, sources from observations"
        assert store.connection.execute(sources).fetchall() == [(3, 2)]
        press.publish("https://a.test/1", wire, (), site="a.test", published_at=START)  # no figure of it was read
        build(store, NOW)
        assert store.connection.execute(sources).fetchall() == [(3, 1)]


FED = {"series": "id", "observation": "id", "copy": "article", "translation": "article", "edit": "id"}
TABLES = {
    "series": "series",
    "observation": "observations",
    "copy": "copies",
    "translation": "translations",
    "edit": "edits",
}


def test_the_feed_keeps_a_copy_of_the_tables_exact_across_rebuilds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST", 9.0)
    tale = Tale(3)
    mirror: dict[str, dict[str, Any]] = {record: {} for record in FED}
    with open_store(tmp_path / "tracker.db") as store:
        press, cursor, conn = Press(store), 0, store.connection
        for step in range(30):
            for _ in range(2):
                arguments, more = tale.tell()
                press.publish(*arguments, **more)
            build(store, NOW, everything=step % 7 == 6)
            news = conn.execute(
                "select cursor, record, id, action from changes where cursor > ? order by cursor", (cursor,)
            )
            for cursor_, record, id_, action in news.fetchall():
                cursor = cursor_
                if record not in FED:
                    continue
                if action == "delete":
                    del mirror[record][id_]
                    continue
                assert (id_ in mirror[record]) == (action == "update")
                row = conn.execute(f"select * from {TABLES[record]} where {FED[record]} = ?", (id_,)).fetchone()
                mirror[record][id_] = row
            for record, table in TABLES.items():
                assert sorted(mirror[record].values()) == sorted(conn.execute(f"select * from {table}").fetchall()), (
                    record
                )
        build(store, NOW, everything=True)
        assert conn.execute("select max(cursor) from changes").fetchone() == (cursor,)  # a rebuild is no news
    assert all(mirror[record] for record in ("series", "observation", "copy", "translation"))
