"""Histories of commitments over several articles: what joins, what must not, and where each stands."""

from datetime import UTC, datetime
from typing import Any

import pytest

from index import queries
from index.history import Act
from index.ledger import build
from index.store import Store
from index.threads import threads
from tests.index.conftest import Press

Told = tuple[str, str | None, str, str | None, str, str | None, str | None]
"""Day, actor, action, object, status, deadline, document."""

JOINED: dict[str, tuple[list[Told], str, str | None]] = {
    # history, status at the end, deadline at the end
    "bridge by four bodies": ([
        ("2024-03-01", "Sở Xây dựng", "đề xuất xây cầu Rào Cát", "dự án cầu Rào Cát", "proposed", None, None),
        ("2024-09-12", "HĐND tỉnh", "phê duyệt dự án cầu Rào Cát", "dự án cầu Rào Cát", "approved", "2027", None),
        ("2025-02-03", "Tỉnh", "khởi công cầu Rào Cát", "cầu Rào Cát", "in_progress", None, None),
        ("2027-08-30", "Tỉnh", "khánh thành cầu Rào Cát", "cầu Rào Cát", "done", None, None),
    ], "done", "2027"),
    "road put off": ([
        ("2024-01-10", "UBND tỉnh", "phê duyệt đường Ba Gò", "dự án đường Ba Gò", "approved", "2025-Q4", None),
        ("2025-12-28", "UBND tỉnh", "gia hạn dự án đường Ba Gò", "dự án đường Ba Gò", "delayed", "2026-06-30", None),
    ], "delayed", "2026-06-30"),
    "put off twice, then done": ([
        ("2024-01-10", None, "khởi công", "dự án kè Sông Mới", "in_progress", "2024-12", None),
        ("2024-12-20", None, "lùi sang", "dự án kè Sông Mới", "delayed", "2025-06", None),
        ("2025-07-02", None, "lùi sang", "dự án kè Sông Mới", "delayed", "2025-12", None),
        ("2025-12-30", None, "bàn giao", "dự án kè Sông Mới", "done", None, None),
    ], "done", "2025-12"),
    "airport without an actor": ([
        ("2025-01-02", None, "sẽ khởi công", "sân bay Đồi Cát", "planned", "2025-S2", None),
        ("2025-09-02", None, "được khởi công", "sân bay Đồi Cát", "in_progress", None, None),
    ], "in_progress", "2025-S2"),
    "ministry submits a scheme": ([
        ("2025-03-01", "Bộ Xây dựng", "trình đề án nhà ở cho công nhân", "đề án nhà ở cho công nhân", "planned", "2025-Q3", None),
        ("2025-09-20", "Bộ Xây dựng", "đã trình đề án nhà ở cho công nhân", "đề án nhà ở cho công nhân", "done", None, None),
    ], "done", "2025-Q3"),
    "programme renamed under one document": ([
        ("2023-04-03", "Bộ Xây dựng", "chủ trì đề án nhà ở xã hội", "đề án nhà ở xã hội", "approved", "2030", "Quyết định 338/QĐ-TTg"),
        ("2025-05-20", "Bộ Xây dựng", "triển khai đề án phát triển nhà ở xã hội", "đề án phát triển nhà ở xã hội", "in_progress",
         None, "Quyết định 338/QĐ-TTg"),
    ], "in_progress", "2030"),
    "metro line of one number": ([
        ("2025-01-15", "Hà Nội", "phê duyệt tuyến metro số 5", "tuyến metro số 5 Văn Cao - Hòa Lạc", "approved", "2029", None),
        ("2025-11-20", None, "lùi sang", "tuyến metro số 5 Văn Cao - Hòa Lạc", "delayed", "2031", None),
    ], "delayed", "2031"),
    "law proposed, passed": ([
        ("2025-02-01", "Bộ Nội vụ", "đề xuất Luật Việc làm Mới", "Luật Việc Làm Mới", "proposed", None, None),
        ("2025-06-16", "Quốc hội", "thông qua Luật Việc làm Mới", "Luật Việc Làm Mới", "approved", "2026-01-01", None),
    ], "approved", "2026-01-01"),
    "work resumes after a delay": ([
        ("2025-01-01", None, "chậm tiến độ", "hồ chứa Suối Đá", "delayed", "2026", None),
        ("2025-05-01", None, "đang thi công", "hồ chứa Suối Đá", "in_progress", None, None),
    ], "in_progress", "2026"),
    "a plan repeated moves nothing": ([
        ("2025-01-01", "Tỉnh", "phê duyệt", "dự án cảng Hòn Khói", "approved", "2028", None),
        ("2025-04-01", "Tỉnh", "sẽ xây", "dự án cảng Hòn Khói", "planned", "2029", None),
    ], "approved", "2028"),
    "done stays done": ([
        ("2025-01-01", None, "khánh thành", "trường Lũng Cao", "done", None, None),
        ("2025-02-01", None, "đang thi công", "trường Lũng Cao", "in_progress", None, None),
    ], "done", None),
    "in English": ([
        ("2025-01-01", "Dong Nai", "approved", "the Rao Cat bridge", "approved", "2027", None),
        ("2025-08-01", "the contractor", "postponed", "the Rao Cat bridge", "delayed", "2028", None),
    ], "delayed", "2028"),
    "in Swedish": ([
        ("2025-01-01", "Lai Chau", "godkände", "bron över Nam Na", "approved", "2027", None),
        ("2025-08-01", "Lai Chau", "invigde", "bron över Nam Na", "done", None, None),
    ], "done", "2027"),
    "one document, no actor": ([
        ("2025-01-01", None, "miễn học phí cho học sinh", "học phí cho học sinh", "approved", None, "Nghị quyết 21/2025/NQ-HĐND"),
        ("2025-09-05", None, "miễn học phí cho học sinh", "học phí cho học sinh", "done", None, "Nghị quyết 21/2025/NQ-HĐND"),
    ], "done", None),
    "same promise, same day, told twice": ([
        ("2025-10-03", "ngành điện", "khôi phục cấp điện vùng ngập", "cấp điện cho vùng ngập", "approved", "2025-10-06", None),
        ("2025-10-03", "ngành điện", "khôi phục cấp điện vùng ngập", "cấp điện cho vùng ngập", "approved", "2025-10-06", None),
    ], "approved", "2025-10-06"),
}  # fmt: skip

APART: dict[str, list[Told]] = {
    "two bridges": [
        ("2025-01-01", "Tỉnh", "phê duyệt", "dự án cầu Rào Cát", "approved", "2027", None),
        ("2025-02-01", "Tỉnh", "khánh thành", "cầu Rào Xanh", "done", None, None),
    ],
    "a bridge and a road of one name": [
        ("2025-01-01", "Tỉnh", "phê duyệt", "dự án cầu Rào Cát", "approved", "2027", None),
        ("2025-02-01", "Tỉnh", "khánh thành", "trường học Rào Cát", "done", None, None),
    ],
    "two phases": [
        ("2025-01-01", None, "phê duyệt", "sân bay Đồi Cát giai đoạn 1", "approved", "2027", None),
        ("2025-02-01", None, "khánh thành", "sân bay Đồi Cát giai đoạn 2", "done", None, None),
    ],
    "two lines": [
        ("2025-01-01", "Hà Nội", "phê duyệt", "tuyến metro số 3 Hòa Lạc", "approved", "2027", None),
        ("2025-02-01", "Hà Nội", "khởi công", "tuyến metro số 5 Hòa Lạc", "in_progress", None, None),
    ],
    "same thing without a name, another actor": [
        ("2025-01-01", "Sở Y tế", "trình đề án trạm y tế xã", "đề án trạm y tế xã", "planned", "2025-Q2", None),
        ("2025-02-01", "Bộ Y tế", "trình đề án trạm y tế xã", "đề án trạm y tế xã", "done", None, None),
    ],
    "the same report every year": [
        ("2025-01-06", "Bộ Tài chính", "trình danh mục dự án ưu tiên", "danh mục dự án ưu tiên", "planned", "2025-Q2", None),
        ("2026-01-06", "Bộ Tài chính", "trình danh mục dự án ưu tiên", "danh mục dự án ưu tiên", "planned", "2026-Q2", None),
    ],
    "a promise after it was kept": [
        ("2025-01-06", "Bộ Xây dựng", "hoàn thành chương trình xóa nhà tạm", "chương trình xóa nhà tạm", "done", None, None),
        ("2026-01-06", "Bộ Xây dựng", "lập chương trình xóa nhà tạm mới", "chương trình xóa nhà tạm", "planned", "2026", None),
    ],
    "another document": [
        ("2025-01-06", "UBND tỉnh", "hỗ trợ học phí cho học sinh", "học phí cho học sinh", "approved", None, "Nghị quyết 1/NQ-HĐND"),
        ("2025-02-06", "UBND tỉnh", "hỗ trợ học phí cho học sinh", "học phí cho học sinh", "approved", None, "Nghị quyết 9/NQ-HĐND"),
    ],
    "nobody, no name": [
        ("2025-01-06", None, "sẽ mở rộng đường", "đường liên xã", "planned", "2025", None),
        ("2025-02-06", None, "sẽ mở rộng đường", "đường liên xã", "planned", "2025", None),
    ],
    "too few words": [
        ("2025-01-06", "Tỉnh", "sẽ làm", "dự án", "planned", "2025", None),
        ("2025-02-06", "Tỉnh", "đã làm", "dự án", "done", None, None),
    ],
    "other schemes of one ministry": [
        ("2025-03-01", "Bộ Xây dựng", "trình đề án nhà ở cho công nhân", "đề án nhà ở cho công nhân", "planned", "2025", None),
        ("2025-04-01", "Bộ Xây dựng", "trình đề án cấp nước đô thị", "đề án cấp nước đô thị", "done", None, None),
    ],
    "two laws": [
        ("2025-03-01", "Quốc hội", "thông qua", "Luật Nhà Ở", "approved", "2026", None),
        ("2025-04-01", "Quốc hội", "thông qua", "Luật Đất Đai", "approved", "2026", None),
    ],
    "a bridge and its road, in English": [
        ("2025-01-01", "Dong Nai", "approved", "the Rao Cat bridge", "approved", "2027", None),
        ("2025-08-01", "Dong Nai", "opened", "a road to Rao Cat", "done", None, None),
    ],
    "two component projects": [
        ("2025-01-01", None, "phê duyệt", "dự án thành phần 1 cao tốc Đồi Cát", "approved", "2027", None),
        ("2025-08-01", None, "phê duyệt", "dự án thành phần 2 cao tốc Đồi Cát", "approved", "2027", None),
    ],
    "quarters": [
        ("2025-04-06", "Thủ tướng", "giao kịch bản tăng trưởng quý II", "kịch bản tăng trưởng quý II", "planned", "2025-04-30", None),
        ("2025-07-06", "Thủ tướng", "giao kịch bản tăng trưởng quý III", "kịch bản tăng trưởng quý III", "planned", "2025-07-30", None),
    ],
    "an extension of the same": [
        ("2025-01-01", "Tỉnh", "khánh thành", "cảng Hòn Khói", "done", None, None),
        ("2025-08-01", "Tỉnh", "phê duyệt", "tuyến đường vào khu công nghiệp Hòn Khói", "approved", "2027", None),
    ],
}  # fmt: skip


def publish(press: Press, told: list[Told]) -> None:
    for i, (day, actor, action, thing, status, deadline, document) in enumerate(told):
        text = f"Tin ngày {day}: {action} {thing or ''}, lần {i}."
        act: dict[str, Any] = {"actor": actor, "action": action, "object": thing, "status": status}
        press.publish(
            f"https://baochi.test/{i}",
            text,
            (),
            ((f"{action} {thing or ''}".strip(), {**act, "deadline": deadline, "instrument": document}),),
            published_at=datetime.fromisoformat(day).replace(tzinfo=UTC),
        )


@pytest.mark.parametrize("name", JOINED)
def test_one_act_is_one_history_and_moves_on_evidence_alone(name: str, press: Press, store: Store) -> None:
    told, status, deadline = JOINED[name]
    publish(press, told)
    build(store, datetime(2028, 1, 1, tzinfo=UTC))
    (row,) = queries.commitments(store.connection, now=datetime(2028, 1, 1, tzinfo=UTC))["results"]
    assert (row["standing"]["status"], row["standing"]["deadline"], row["mentions"]) == (status, deadline, len(told))
    page = queries.commitment(store.connection, row["id"], datetime(2028, 1, 1, tzinfo=UTC))
    assert page is not None
    assert [step["status"] for step in page["history"]] == [step[4] for step in told]
    (evidence,) = [step for step in page["history"] if step["id"] == row["standing"]["evidence"]]
    assert evidence["status"] == status
    assert all(step["printed"] for step in page["history"])  # each step with its receipt
    if deadline is not None:
        (dated,) = [step for step in page["history"] if step["id"] == row["standing"]["dated_by"]]
        assert dated["deadline"] == deadline


@pytest.mark.parametrize("name", APART)
def test_acts_that_only_look_alike_stay_apart(name: str, press: Press, store: Store) -> None:
    publish(press, APART[name])
    assert build(store, datetime(2028, 1, 1, tzinfo=UTC))["threads"] == len(APART[name])


def test_no_history_joins_another() -> None:
    """All of them in one store: thirty and more, and no wrong join."""
    acts, expected = [], {}
    for name, told in [*((n, t) for n, (t, _, _) in JOINED.items()), *APART.items()]:
        for i, (_, actor, action, thing, status, deadline, document) in enumerate(told):
            id_ = f"{name}/{i}"
            mark = name.replace(" ", "").title().replace(",", "")  # things of their own for each story
            acts.append(
                Act(id_, actor and f"{actor} {mark}", action, document and f"{document}{mark}",
                    thing and thing.replace("Rào Cát", f"Rào {mark}").replace("Hòn Khói", f"Hòn {mark}")
                    .replace("Đồi Cát", f"Đồi {mark}").replace("Hòa Lạc", f"Hòa {mark}").replace("Rao Cat", f"Rao {mark}"),
                    status, deadline, deadline)
            )  # fmt: skip
            expected[id_] = f"{name}/0" if name in JOINED else id_
    found = threads(acts)
    assert len(JOINED) + len(APART) >= 30
    assert {id_: head for id_, head in found.items() if head.split("/")[0] != id_.split("/")[0]} == {}
    assert {id_: head for id_, head in found.items() if head != expected[id_] and id_.split("/")[0] in APART} == {}


def test_overdue_follows_from_the_day_and_from_no_opinion(press: Press, store: Store) -> None:
    publish(press, JOINED["road put off"][0])
    build(store, datetime(2026, 1, 1, tzinfo=UTC))

    def rated(day: str) -> str:
        now = datetime.fromisoformat(day).replace(tzinfo=UTC)
        (row,) = queries.commitments(store.connection, now=now)["results"]
        return str(row["rating"])

    assert [rated(day) for day in ("2026-01-01", "2026-06-30", "2026-07-01")] == ["open", "due", "overdue"]


def test_what_has_no_day_is_unrateable(press: Press, store: Store) -> None:
    publish(press, [("2025-01-01", "Tỉnh", "sẽ xây", "kè Sông Mới", "planned", None, None)])
    build(store, datetime(2026, 1, 1, tzinfo=UTC))
    (row,) = queries.commitments(store.connection, now=datetime(2030, 1, 1, tzinfo=UTC))["results"]
    assert row["rating"] == "unrateable"
