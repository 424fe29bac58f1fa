"""Stories: reports of one event together and others apart, copies as one voice, values compared; digests in two forms."""

import random
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from index.digest import digest, html, markdown
from index.errors import QueryError
from index.ledger import build
from index.store import Store
from index.stories import build_stories, stories, story
from index.story import DAYS, Report, Stories
from index.story_term import likeness, terms
from index.summaries import summarise_articles

DAY = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)


def report(id: str, title: str, lead: str = "", day: int = 1, copy_of: str | None = None) -> Report:
    return Report(id, day, terms(title, lead, "vi"), copy_of)


BRIDGE = report(
    "a", "Cầu Hải An 1.200 tỷ đồng thông xe", "Cầu Hải An dài 2,4 km nối hai bờ sông Trầm đã thông xe sáng nay."
)
BRIDGE_AGAIN = report(
    "b", "Thông xe cầu Hải An qua sông Trầm", "Sáng nay cầu Hải An vốn 1.200 tỷ đồng được đưa vào sử dụng."
)
RICE = report(
    "c", "Giá gạo xuất khẩu giảm còn 340 USD một tấn", "Giá gạo 5% tấm giảm tuần thứ ba liên tiếp vì nguồn cung lớn."
)


def test_reports_of_one_event_are_one_story() -> None:
    told = Stories()
    assert [told.add(each) for each in (BRIDGE, RICE, BRIDGE_AGAIN)] == ["a", "c", "a"]


def test_marks_and_capitals_do_not_part_a_story() -> None:
    told = Stories()
    told.add(BRIDGE)
    assert (
        told.add(report("d", "CAU HAI AN 1.200 TY DONG THONG XE", "Cau Hai An dai 2,4 km noi hai bo song Tram.")) == "a"
    )


def test_appointments_of_different_people_are_different_stories() -> None:
    told = Stories()
    told.add(
        report("x", "Ông Trần Văn Bảy giữ chức Phó Bí thư Tỉnh ủy Hải An", "Bộ Chính trị điều động ông Trần Văn Bảy.")
    )
    assert (
        told.add(report("y", "Bà Lê Thu Hà làm Giám đốc Sở Y tế tỉnh Sơn Bình", "Tỉnh Sơn Bình bổ nhiệm bà Lê Thu Hà."))
        == "y"
    )


def test_after_some_days_it_is_another_event() -> None:
    for days, same in ((DAYS, True), (DAYS + 1, False)):
        told = Stories()
        told.add(BRIDGE)
        later = Report("z", 1 + days, BRIDGE_AGAIN.terms)
        assert (told.add(later) == "a") is same


def test_a_copy_goes_where_its_original_is_whatever_it_says() -> None:
    told = Stories()
    told.add(BRIDGE)
    assert told.add(Report("w", 1, RICE.terms, "a")) == "a"


def test_no_chain_of_small_steps() -> None:
    """Reports that each share half their words with the one before: the first and the last are not one event."""
    words = [f"Tên{k}" for k in range(60)]
    told = Stories()
    found = [told.add(report(str(k), " ".join(words[k * 4 : k * 4 + 8]))) for k in range(12)]
    assert found[0] != found[-1]


def test_likeness_is_that_of_a_cosine() -> None:
    assert likeness(BRIDGE.terms, BRIDGE.terms) == pytest.approx(1)
    assert likeness(BRIDGE.terms, RICE.terms) == pytest.approx(likeness(RICE.terms, BRIDGE.terms))
    assert likeness(terms("", "", "vi"), BRIDGE.terms) == 0
    assert terms("", "", "xx") == {}


def test_work_grows_with_the_number_of_reports() -> None:
    generator = random.Random(1)
    words = [f"từ{k}" for k in range(3000)]
    seconds = []
    for size in (500, 2000):
        reports = [report(str(k), " ".join(generator.sample(words, 12)), day=k // 100) for k in range(size)]
        told, before = Stories(), time.process_time()
        for each in reports:
            told.add(each)
        seconds.append(time.process_time() - before)
    assert seconds[1] < 10 * seconds[0] + 0.1


TEXT = (
    "Kinh tế tỉnh Hải An năm 2025 tăng 9,1% so với năm trước, theo Chi cục Thống kê tỉnh. "
    "Xuất khẩu thủy sản của Hải An đạt 1,8 tỷ USD nhờ các thị trường mới."
)
OTHER = (
    "Hải An công bố kinh tế toàn tỉnh năm 2025 tăng trưởng 9,4%, cao hơn năm trước. "
    "Chi cục Thống kê Hải An cho biết xuất khẩu thủy sản đóng góp nhiều cho kết quả năm qua."
)
FAR = "Giá gạo xuất khẩu 5% tấm trong tuần còn 340 USD một tấn vì nguồn cung lớn từ nhiều nước trong khu vực."


def tell(press: Any, store: Store) -> dict[str, str]:
    ids = {}
    for name, site, title, text, value in (
        ("one", "a.test", "Kinh tế Hải An năm 2025 tăng 9,1%", TEXT, "9,1%"),
        ("two", "b.test", "Hải An tăng trưởng 9,4% trong năm 2025", OTHER, "9,4%"),
        ("rice", "a.test", "Giá gạo xuất khẩu giảm còn 340 USD", FAR, None),
    ):
        figures = ((value, {"value": value.rstrip("%").replace(",", ".")}),) if value else ()
        ids[name] = press.publish(
            f"https://{site}/{name}",
            text,
            figures,
            site=site,
            title=title,
            published_at=DAY + timedelta(hours=len(ids)),
        )
    ids["copy"] = press.publish(
        "https://c.test/copy",
        TEXT * 3,
        (),
        site="c.test",
        title="Kinh tế Hải An tăng 9,1%",
        published_at=DAY + timedelta(hours=9),
    )
    ids["again"] = press.publish(
        "https://d.test/copy",
        TEXT * 3,
        (),
        site="d.test",
        title="Kinh tế Hải An tăng 9,1%",
        published_at=DAY + timedelta(hours=10),
    )
    build(store, datetime(2026, 2, 1, tzinfo=UTC))
    summarise_articles(store)
    build_stories(store)
    return ids


def test_a_story_says_what_outlets_say_differently(store: Store, press: Any) -> None:
    ids = tell(press, store)
    conn = store.connection
    assert build_stories(store) == 0
    found = story(conn, ids["one"])
    assert found is not None
    assert [ref["id"] for ref in found["articles"]] == [ids["one"], ids["two"], ids["copy"], ids["again"]]
    assert [ref["copy"] for ref in found["articles"]][-1] is True
    assert story(conn, ids["two"]) is None
    (thing,) = found["differing"]
    assert (thing["indicator"], thing["period"]) == ("gdp_growth", "2025")
    assert [value["sources"] for value in thing["values"]] == [["a.test"], ["b.test"]]
    assert found["agreed"] == found["rounded"] == []
    texts = dict(conn.execute("select id, text from articles").fetchall())
    assert found["sentences"]
    for sentence in found["sentences"]:
        assert texts[sentence["article"]][sentence["start"] : sentence["end"]] == sentence["text"]
    assert sum(len(sentence["text"].split()) for sentence in found["sentences"]) <= 250
    assert len({sentence["text"] for sentence in found["sentences"]}) == len(found["sentences"])


def test_values_agree_or_round(store: Store, press: Any) -> None:
    for k, (quote, value) in enumerate((("9,1%", "9.1"), ("9,1%", "9.1"), ("9,12%", "9.12"))):
        text = (
            TEXT.replace("9,1%", quote)
            + f" Ghi nhận của phóng viên số {k} tại {k + 3} huyện trong tỉnh Hải An cuối năm."
        )
        press.publish(
            f"https://{k}.test/a",
            text,
            ((quote, {"value": value}),),
            site=f"{k}.test",
            title=f"Hải An tăng {quote}",
            published_at=DAY,
        )
    build_stories(store)
    (ref,) = stories(store.connection, "2026-01-06", "2026-01-06")
    found = story(store.connection, ref["id"])
    assert found is not None
    assert found["differing"] == []
    assert len(found["rounded"]) == 1
    assert [len(value["sources"]) for value in found["rounded"][0]["values"]] == [2, 1]


def test_a_late_report_joins_and_the_story_keeps_its_address(store: Store, press: Any) -> None:
    ids = tell(press, store)
    late = press.publish(
        "https://e.test/late", OTHER + " Tỉnh đặt mục tiêu cao hơn.", (), site="e.test", title="Kinh tế Hải An 2025 tăng trưởng cao",
        published_at=DAY + timedelta(days=1),
    )  # fmt: skip
    assert build_stories(store) == 1
    found = story(store.connection, ids["one"])
    assert found is not None
    assert late in {ref["id"] for ref in found["articles"]}


def test_a_digest_has_each_story_once(store: Store, press: Any) -> None:
    tell(press, store)
    conn = store.connection
    found = digest(conn, "2026-01-06", "2026-01-06")
    assert len(found["stories"]) == 2
    text, page = markdown(found), html(found)
    assert text.startswith("# Solieu digest, 2026-01-06")
    assert text.count("\n## ") == 2
    assert "outlets differ" in text
    assert "9,1% (a.test); 9,4% (b.test)" in text
    assert page.count("<h2>") == 2
    assert set(re.findall(r'href="([^"]+)"', page)) <= {
        f"https://{s}" for s in ("a.test/one", "b.test/two", "a.test/rice", "c.test/copy")
    }
    macro = digest(
        conn,
        "2026-01-06",
        "2026-01-06",
        topic=conn.execute("select topic from indicators where id = 'gdp_growth'").fetchone()[0],
    )
    assert len(macro["stories"]) == 1
    assert digest(conn, "2026-01-06", "2026-01-06", place="ha_noi")["stories"] == []
    assert "Nothing was published" in markdown(digest(conn, "2025-01-06", "2025-01-06"))


def test_signs_of_the_press_are_words_in_a_digest(store: Store, press: Any) -> None:
    press.publish(
        "https://a.test/x", "Công ty <b>An_Bình</b> [mới] & bạn lãi 5% trong năm 2025, theo báo cáo vừa công bố.",
        site="a.test", title="<script>*Lãi* 5%", published_at=DAY,
    )  # fmt: skip
    summarise_articles(store)
    build_stories(store)
    found = digest(store.connection, "2026-01-06", "2026-01-06")
    assert "<script>" not in html(found)
    assert "\\<script\\>\\*Lãi\\* 5%" in markdown(found)


@pytest.mark.parametrize(
    "arguments",
    [
        {"since": "2026-01-07", "until": "2026-01-06"},
        {"since": "x", "until": "2026-01-06"},
        {"since": "2026-01-06", "until": "2026-01-06", "topic": "nothing"},
        {"since": "2026-01-06", "until": "2026-01-06", "place": "atlantis"},
    ],
)
def test_what_cannot_be_asked_is_told_in_one_line(store: Store, arguments: dict[str, str]) -> None:
    with pytest.raises(QueryError) as error:
        digest(store.connection, **arguments)
    assert "\n" not in str(error.value)
