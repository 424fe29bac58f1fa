"""The ledger over facts of 2025: vintages, places, conflicts, targets, copies, translations, edits; and its stability."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from index import queries
from index.ledger import build
from index.store import Store, open_store
from tests.index.conftest import VERSION, Press, figure

NOW = datetime(2026, 2, 1, tzinfo=UTC)


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T09:00:00+07:00")


def observations(store: Store, indicator: str = "gdp_growth", **selected: Any) -> list[tuple[Any, ...]]:
    page = queries.indicator(store.connection, indicator, **selected)
    assert page is not None
    return [
        (o["period"], o["value"], o["vintage"], o["status"])
        for series in page["series"]
        for o in series["observations"]
    ]


QUARTERS = {
    "2025-04-06": ("2025-Q1", "6.93"),
    "2025-07-05": ("2025-Q2", "7.96"),
    "2025-10-06": ("2025-Q3", "8.23"),
}


def publish_quarters(press: Press) -> None:
    for i, (published, (period, value)) in enumerate(QUARTERS.items()):
        printed = value.replace(".", ",") + "%"
        text = f"GDP quý này tăng {printed} so với cùng kỳ, theo số liệu công bố ngày {published}."
        values = {"value": value, "period_code": period}
        press.publish(f"https://baochi.test/{i}", text, ((printed, values),), published_at=day(published))
    text = "GDP cả năm tăng 8,02%. Quý I tăng 7,05%, quý II tăng 8,16%, quý III tăng 8,25%, quý IV tăng 8,46%."
    revised = [
        ("7,05%", "2025-Q1"),
        ("8,16%", "2025-Q2"),
        ("8,25%", "2025-Q3"),
        ("8,46%", "2025-Q4"),
        ("8,02%", "2025"),
    ]
    press.publish(
        "https://baochi.test/year",
        text,
        tuple((q, {"value": q.replace(",", ".").strip("%"), "period_code": period}) for q, period in revised),
        published_at=day("2026-01-05"),
    )
    text = "Tính chung 9 tháng, GDP tăng 7,85%."
    values = {"value": "7.85", "period_code": "2025-01/2025-09"}
    press.publish("https://baochi.test/nine", text, (("7,85%", values),), published_at=day("2025-10-06"))


def test_revisions_are_vintages_and_as_of_gives_what_was_known(press: Press, store: Store) -> None:
    publish_quarters(press)
    build(store, NOW)
    quarters = [o for o in observations(store) if "Q" in o[0]]
    assert quarters == [
        ("2025-Q1", "6.93", 1, "superseded"),
        ("2025-Q1", "7.05", 2, "current"),
        ("2025-Q2", "7.96", 1, "superseded"),
        ("2025-Q2", "8.16", 2, "current"),
        ("2025-Q3", "8.23", 1, "superseded"),
        ("2025-Q3", "8.25", 2, "current"),
        ("2025-Q4", "8.46", 1, "current"),
    ]
    then = [o for o in observations(store, as_of="2025-10-31") if o[0] == "2025-Q3"]
    now = [o for o in observations(store, as_of="2026-01-31") if o[0] == "2025-Q3" and o[3] == "current"]
    assert (then, now) == ([("2025-Q3", "8.23", 1, "current")], [("2025-Q3", "8.25", 2, "current")])
    revision = queries.home(store.connection, NOW)["revisions"][0]
    assert (revision["earlier"]["vintage"], revision["later"]["vintage"]) == (1, 2)


def test_running_totals_quarters_and_years_never_share_a_series(press: Press, store: Store) -> None:
    publish_quarters(press)
    build(store, NOW)
    page = queries.indicator(store.connection, "gdp_growth")
    assert page is not None
    spans = {series["span"]: {o["period"] for o in series["observations"]} for series in page["series"]}
    assert spans == {
        "quarter": {"2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"},
        "year": {"2025"},
        "cumulative": {"2025-01/2025-09"},
    }


def test_places_before_and_after_the_merger_stay_apart(press: Press, store: Store) -> None:
    for i, (place, value) in enumerate((("hai_phong@63", "11.04"), ("hai_phong@34", "11.20"))):
        printed = value.replace(".", ",") + "%"
        values = {"value": value, "place_id": place, "indicator_id": "grdp_growth", "period_code": "2025-S1"}
        press.publish(f"https://baochi.test/{i}", f"GRDP Hải Phòng tăng {printed}.", ((printed, values),))
    build(store, NOW)
    page = queries.indicator(store.connection, "grdp_growth", place="hai_phong")
    assert page is not None
    assert {s["place"]["id"]: [o["value"] for o in s["observations"]] for s in page["series"]} == {
        "hai_phong@63": ["11.04"],
        "hai_phong@34": ["11.20"],
    }
    assert page["breaks"][0]["at"] == "2025-07-01"
    answer = queries.compare(store.connection, "grdp_growth", ["hai_phong@34", "hai_phong@63"])
    assert answer is not None
    assert answer["refused"] == {"code": "boundary_change", "split": [["hai_phong@63"], ["hai_phong@34"]]}


def test_rounded_repeats_join_and_different_results_at_once_conflict(press: Press, store: Store) -> None:
    said = [
        ("2026-01-05", "8,0%", "8.0"),
        ("2026-01-06", "8,02%", "8.02"),
        ("2026-01-07", "hơn 8%", "8"),
        ("2026-01-07", "8,2%", "8.2"),
    ]
    for i, (published, printed, value) in enumerate(said):
        values = {"value": value, "qualifier": "over" if "hơn" in printed else None}
        press.publish(
            f"https://bao{i}.test/1",
            f"Bản tin số {i} cho hay GDP tăng {printed} trong năm qua.",
            ((printed, values),),
            published_at=day(published),
            site=f"bao{i}.test",
        )
    build(store, NOW)
    assert observations(store) == [("2025", "8.02", 1, "conflict"), ("2025", "8.2", 2, "conflict")]
    (row,) = store.connection.execute(
        "select receipts, sources, first_published from observations where vintage = 1"
    ).fetchall()
    assert row == (3, 3, "2026-01-05T09:00:00+07:00")
    (conflict,) = queries.checks(store.connection)["conflicts"]
    assert [o["value"] for o in conflict["observations"]] == ["8.02", "8.2"]


def test_a_ladder_has_a_rung_for_each_act_and_a_verdict_for_each_role(press: Press, store: Store) -> None:
    """Vietnam's GDP growth of 2025: three acts, a result of 8.02%."""
    told: list[tuple[str, tuple[tuple[str, dict[str, Any]], ...]]] = [
        (
            "2024-11-12",
            (("6,5-7%", {"value": "6.5", "value_high": "7"}), ("7-7,5%", {"value": "7", "value_high": "7.5"})),
        ),
        ("2025-02-19", (("8% trở lên", {"value": "8", "qualifier": "at_least", "instrument": "192/2025/QH15"}),)),
        ("2025-08-05", (("8,3-8,5%", {"value": "8.3", "value_high": "8.5", "instrument": "226/NQ-CP"}),)),
    ]
    for i, (published, marks) in enumerate(told):
        press.publish(
            f"https://baochi.test/rung-{i}",
            f"Mục tiêu tăng trưởng GDP năm 2025 là {', phấn đấu '.join(quote for quote, _ in marks)}.",
            tuple((quote, {**values, "kind": "target"}) for quote, values in marks),
            published_at=day(published),
        )
    press.publish(
        "https://baochi.test/outcome",
        "GDP năm 2025 tăng 8,02%.",
        (("8,02%", {"value": "8.02"}),),
        published_at=day("2026-01-06"),
    )
    build(store, NOW)
    page = queries.indicator(store.connection, "gdp_growth")
    assert page is not None
    (ladder,) = page["ladders"]
    assert [(r["issued"][:10], r["role"], r["interval"], r["stretch"]) for r in ladder["rungs"]] == [
        ("2024-11-12", "aim", ["6.5", "7"], ["7", "7.5"]),
        ("2025-02-19", "floor", ["8", None], None),
        ("2025-08-05", "aim", ["8.3", "8.5"], None),
    ]
    assert [(v["role"], v["verdict"], v["instrument"]) for v in ladder["verdicts"]] == [
        ("floor", "met", "192/2025/QH15"),
        ("aim", "missed", "226/NQ-CP"),
    ]


def test_the_ladder_of_targets_with_its_outcome(press: Press, store: Store) -> None:
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("2024-11-12", "6,5-7%", {"value": "6.5", "value_high": "7"}),
        ("2025-02-19", "từ 8% trở lên", {"value": "8", "qualifier": "at_least"}),
        ("2025-08-05", "8,3-8,5%", {"value": "8.3", "value_high": "8.5", "instrument": "226/NQ-CP"}),
    ]
    for i, (published, printed, values) in enumerate(steps):
        press.publish(
            f"https://baochi.test/target-{i}",
            f"Mục tiêu tăng trưởng GDP năm 2025 là {printed}.",
            ((printed, {**values, "kind": "target"}),),
            published_at=day(published),
        )
    build(store, NOW)
    page = queries.indicator(store.connection, "gdp_growth")
    assert page is not None
    assert page["ladders"][0]["verdict"] == "pending"
    publish_quarters(press)
    build(store, NOW)
    page = queries.indicator(store.connection, "gdp_growth")
    assert page is not None
    (ladder,) = page["ladders"]
    assert [(s["value"], s["value_high"], s["status"]) for s in ladder["steps"]] == [
        ("6.5", "7", "superseded"),
        ("8", None, "superseded"),
        ("8.3", "8.5", "current"),
    ]
    assert (ladder["outcome"]["value"], ladder["verdict"]) == ("8.02", "missed")
    figure_page = queries.figure(store.connection, ladder["outcome"]["figure"])
    assert figure_page is not None
    assert figure_page["ladder"]["verdict"] == "missed"


HELD: list[tuple[str, dict[str, Any]]] = [
    ("no_indicator", {"indicator_id": None}),
    ("no_place", {"place_id": None}),
    ("no_period", {"period_code": None}),
    ("no_period", {"period_code": "2025-Q5"}),
    ("no_value", {"value": None}),
    ("unit_mismatch", {"unit": "tonne", "measure": "level"}),
    ("implausible", {"value": "8020"}),
    ("implausible", {"value": "1E+400", "unit": "VND", "measure": "level", "indicator_id": "gdp_size"}),
    ("doubtful", {"confidence": 0.2}),
    ("future_period", {"period_code": "2027"}),
    ("other_kind", {"kind": "commitment"}),
]


@pytest.mark.parametrize(("reason", "values"), HELD)
def test_what_is_uncertain_is_held_with_the_reason(
    press: Press, store: Store, reason: str, values: dict[str, Any]
) -> None:
    press.publish("https://baochi.test/1", "GDP tăng 8,02%.", (("8,02%", {"value": "8.02", **values}),))
    assert build(store, NOW)["held"] == 1
    assert store.connection.execute("select held, observation from statements").fetchone() == (reason, None)
    assert store.connection.execute("select count(*) from series").fetchone() == (0,)


def test_articles_of_the_future_are_held(press: Press, store: Store) -> None:
    press.publish(
        "https://baochi.test/1", "GDP tăng 8,02%.", (("8,02%", {"value": "8.02"}),), published_at=day("2031-01-01")
    )
    build(store, NOW)
    assert store.connection.execute("select held from statements").fetchone() == ("future_dated",)


def test_several_results_of_one_article_for_one_series_are_held(press: Press, store: Store) -> None:
    text = "Khu vực một tăng 5,1%, khu vực hai tăng 7,3%."
    press.publish("https://baochi.test/1", text, (("5,1%", {"value": "5.1"}), ("7,3%", {"value": "7.3"})))
    build(store, NOW)
    assert store.connection.execute("select distinct held from statements").fetchall() == [("several_values",)]


def test_a_part_of_a_total_does_not_take_the_total_s_place(press: Press, store: Store) -> None:
    text = "Quy mô toàn thành phố đạt 209.668 tỷ đồng, gồm 146.904 tỷ đồng ở phía đông và 62.764 tỷ đồng ở phía tây."
    level = {
        "measure": "level",
        "unit": "VND",
        "indicator_id": "grdp_size",
        "place_id": "hai_phong@34",
        "direction": None,
    }
    said = [
        ("209.668 tỷ đồng", "209668000000000", None),
        ("146.904 tỷ đồng", "146904000000000", 0),
        ("62.764 tỷ đồng", "62764000000000", 0),
    ]
    figures = tuple((quote, {**level, "value": value, "part_of": total}) for quote, value, total in said)
    press.publish("https://baochi.test/1", text, figures)
    build(store, NOW)
    assert observations(store, "grdp_size") == [("2025", "209668000000000", 1, "current")]
    assert store.connection.execute("select held from statements order by position").fetchall() == [
        (None,),
        ("part",),
        ("part",),
    ]


WIRE = (
    "Theo Cục Thống kê, tổng sản phẩm trong nước năm 2025 ước tăng 8,02% so với năm trước. Khu vực công nghiệp và xây dựng"
    " tăng cao hơn mức chung, khu vực dịch vụ giữ đà ổn định, còn nông nghiệp tăng chậm hơn vì mưa bão ở miền Trung."
    " Cơ quan này cho biết số liệu chính thức sẽ được công bố vào quý sau khi có đủ báo cáo của các địa phương."
)


def test_agency_copy_counts_as_one_source(press: Press, store: Store) -> None:
    for i in range(12):
        tail = f" (Bản tin của tòa soạn {i}, cập nhật lúc {i} giờ.)"
        press.publish(
            f"https://bao{i}.test/1",
            WIRE + tail,
            (("8,02%", {"value": "8.02"}),),
            site=f"bao{i}.test",
            published_at=day("2026-01-06") + timedelta(minutes=i),
        )
    own = "Kinh tế Việt Nam khép lại năm 2025 với mức tăng trưởng 8,02%, cao hơn dự báo của nhiều tổ chức nước ngoài."
    press.publish("https://rieng.test/1", own, (("8,02%", {"value": "8.02"}),), site="rieng.test")
    assert build(store, NOW)["copies"] == 11
    (row,) = store.connection.execute("select receipts, sources from observations").fetchall()
    assert row == (13, 2)
    first = store.connection.execute("select story from copies limit 1").fetchone()[0]
    page = queries.article(store.connection, first)
    assert page is not None
    assert len(page["copies"]) == 11


MEMBERS = "Đảng bộ có 3.261 đảng viên, trong đó 991 nữ, chiếm 30,9%; 583 cán bộ, 112 là nữ."
MEMBERS_EN = "The organisation has 3,261 members, of whom 991 are women, or 30.9%; 583 officials, 112 of them women."


def member_figures(text: str, *printed: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    plain = {"measure": "level", "indicator_id": None, "unit": "person", "direction": None, "base": None}
    return tuple(
        (
            quote,
            {**plain, "value": quote.strip("%").replace(".", "").replace(",", "."), "unit": "percent"}
            if "%" in quote
            else {**plain, "value": quote.replace(".", "").replace(",", "")},
        )
        for quote in printed
    )


@pytest.mark.parametrize(
    ("text", "printed", "verdict"),
    [
        (MEMBERS_EN, ("3,261", "991", "583", "112"), "same"),  # 30.9% was not read, yet it is there
        (MEMBERS_EN.replace("991", "919"), ("3,261", "919", "583", "112"), "altered"),
        (MEMBERS_EN.replace("3,261", "32,610"), ("32,610", "991", "583", "112"), "altered"),
        (MEMBERS_EN.replace(", 112 of them women", ""), ("3,261", "991", "583"), "missing"),
        (
            MEMBERS_EN.replace("583 officials", "583 officials in 47 offices"),
            ("3,261", "991", "583", "47", "112"),
            "added",
        ),
    ],
)
@pytest.mark.parametrize("how", ["page_link", "slug", "figures"])
def test_translations_are_joined_and_their_numbers_compared(
    press: Press, store: Store, text: str, printed: tuple[str, ...], verdict: str, how: str
) -> None:
    urls = {
        "page_link": ("https://baochi.test/mot", "https://baochi.test/one"),
        "slug": ("https://baochi.test/dai-hoi-dang-bo", "https://baochi.test/en/dai-hoi-dang-bo"),
        "figures": ("https://baochi.test/mot", "https://baochi.test/one"),
    }[how]
    if how == "figures" and (verdict == "missing" or text == MEMBERS_EN.replace("3,261", "32,610")):
        pytest.skip("too few figures in common to join by them")
    press.publish(urls[0], MEMBERS, member_figures(MEMBERS, "3.261", "991", "30,9%", "583", "112"))
    more: dict[str, Any] = {"translation_of": urls[0]} if how == "page_link" else {}
    press.publish(
        urls[1],
        text,
        member_figures(text, *printed),
        language="en",
        published_at=datetime(2026, 1, 6, 12, tzinfo=UTC),
        **more,
    )
    build(store, NOW)
    found = store.connection.execute("select joined_by, verdict from translations").fetchall()
    assert found == [(how, verdict)]
    page = queries.checks(store.connection)
    assert len(page["translations"]) == (verdict != "same")
    if verdict == "altered":
        (difference,) = page["translations"][0]["differences"]
        assert difference["original_figure"]["printed"] in ("991", "3.261")
        assert difference["figure"]["printed"] in ("919", "32,610")


def test_a_silent_edit_is_an_event_with_both_figures(press: Press, store: Store) -> None:
    old = "Xuất khẩu năm 2025 đạt 475 tỷ USD, tăng 17,0%. Ảnh: tư liệu."
    new = "Xuất khẩu năm 2025 đạt 475 tỷ USD, tăng 17,9%. Ảnh: tòa soạn cung cấp."
    for text, quote in ((old, "17,0%"), (new, "17,9%")):
        value = quote.replace(",", ".").strip("%")
        press.publish("https://baochi.test/1", text, (("475 tỷ USD", {"value": "475"}), (quote, {"value": value})))
    assert build(store, NOW)["edits"] == 1
    (edit,) = queries.checks(store.connection)["edits"]
    assert (edit["change"], edit["before"]["printed"], edit["after"]["printed"]) == ("changed", "17,0%", "17,9%")
    assert edit["before"]["withdrawn"] == {"reason": "edited", "successor": edit["after"]["id"]}
    page = queries.figure(store.connection, edit["before"]["id"])
    assert page is not None
    assert page["changed_since"]


def test_reports_of_one_act_are_its_history(press: Press, store: Store) -> None:
    said = [
        ("2025-03-01", "trình Chính phủ đề án nhà ở xã hội", "planned"),
        ("2025-09-01", "đã trình Chính phủ đề án nhà ở xã hội", "done"),
        ("2025-09-02", "khởi công cầu mới", "in_progress"),
    ]
    for i, (published, clause, status) in enumerate(said):
        act = {"actor": "Bộ Xây dựng", "action": clause, "status": status}
        press.publish(
            f"https://baochi.test/{i}", f"Bộ Xây dựng {clause}.", (), ((clause, act),), published_at=day(published)
        )
    assert build(store, NOW)["threads"] == 2
    first = store.connection.execute("select id from commitments order by published_at limit 1").fetchone()[0]
    page = queries.commitment(store.connection, first, NOW)
    assert page is not None
    assert [row["status"] for row in page["history"]] == ["planned", "done"]


def test_building_again_changes_nothing(press: Press, store: Store) -> None:
    publish_quarters(press)
    build(store, NOW)
    before = list(store.connection.iterdump())
    build(store, NOW)
    assert list(store.connection.iterdump()) == before
    assert store.connection.execute("pragma foreign_key_check").fetchall() == []


def content(store: Store) -> dict[str, list[Any]]:
    tables = {
        "series": "*",
        "observations": "*",
        "translations": "*",
        "copies": "*",
        "edits": "*",
        "statements": "id, exact, withdrawn, successor, held, observation, snapshot, first_snapshot",
    }
    return {t: store.connection.execute(f"select {c} from {t} order by 1, 2").fetchall() for t, c in tables.items()}


def test_the_order_in_which_articles_come_does_not_matter(tmp_path: Path) -> None:
    def told(name: str, arrange: Callable[[list[Any]], None], between: bool) -> dict[str, list[Any]]:
        with open_store(tmp_path / name) as store:
            recorder = Press(store)
            steps: list[Any] = []
            recorder.publish = lambda *a, **k: steps.append((a, k)) or ""  # type: ignore[method-assign]
            publish_quarters(recorder)
            for i in range(3):
                steps.append(
                    (
                        (f"https://bao{i}.test/w", WIRE + f" Bản {i}.", (("8,02%", {"value": "8.02"}),)),
                        {"site": f"b{i}"},
                    )
                )
            arrange(steps)
            press = Press(store)
            for i, (a, k) in enumerate(steps):
                press.publish(*a, at=datetime(2026, 1, 10, tzinfo=UTC), **k)
                if between and i % 2:
                    build(store, NOW)
            build(store, NOW)
            return content(store)

    whole = told("a.db", lambda steps: None, between=False)
    assert whole["observations"]
    assert told("b.db", list.reverse, between=True) == whole
    assert told("c.db", random.Random(7).shuffle, between=True) == whole


def test_an_article_of_the_feed_can_be_followed_to_the_tables(press: Press, store: Store) -> None:
    publish_quarters(press)
    build(store, NOW)
    press.publish("https://baochi.test/0", "GDP quý này tăng 6,93% so với cùng kỳ, bản sửa.", ())
    build(store, NOW)
    living: dict[str, set[str]] = {}
    for change in queries.changes(store.connection, size=500)["changes"]:
        held = living.setdefault(change["record"], set())
        (held.discard if change["action"] == "delete" else held.add)(change["id"])
    for record, sql in (
        ("article", "select id from articles"),
        ("statement", "select id from statements where withdrawn is null"),
        ("observation", "select id from observations"),
        ("series", "select id from series"),
    ):
        assert living[record] == {row[0] for row in store.connection.execute(sql)}, record


def test_a_figure_keeps_its_address_when_the_rest_of_the_article_is_rewritten(press: Press, store: Store) -> None:
    text = (
        "Mở đầu bài viết. " * 5
        + "Trong năm 2025, kinh tế cả nước đạt kết quả tốt: GDP tăng 8,02% so với năm trước, theo Cục Thống kê. "
        + "Kết."
    )
    press.publish("https://baochi.test/1", text, (("8,02%", {"value": "8.02"}),))
    before = store.connection.execute("select id from statements").fetchone()
    rewritten = "Bài đã viết lại. " + text[40:] + " Thêm một đoạn."
    press.publish("https://baochi.test/1", rewritten, (("8,02%", {"value": "8.02"}),))
    assert store.connection.execute("select id, withdrawn from statements").fetchall() == [(before[0], None)]
    assert figure(rewritten, "8,02%", value="8.02").provenance.exact == "8,02%"
    assert store.connection.execute("select extractor from statements").fetchone()[0] == VERSION


def test_what_a_translation_alone_says_is_no_value_of_the_series(store: Store, press: Press) -> None:
    same: dict[str, Any] = {"value": "8.02", "indicator_id": "gdp_growth", "period": "2025"}
    original = press.publish("https://baochi.test/vi", "GDP tăng 8,02%.", (("8,02%", same),))
    press.publish(
        "https://baochi.test/en", "GDP rose 8.02%, below 8.5%.",
        (("8.02%", same), ("8.5%", same | {"value": "8.5"})),
        language="en", translation_of="https://baochi.test/vi",
    )  # fmt: skip
    build(store, NOW)
    assert original
    rows = store.connection.execute("select exact, held from statements order by seq").fetchall()
    assert rows == [("8,02%", None), ("8.02%", None), ("8.5%", "translation")]
