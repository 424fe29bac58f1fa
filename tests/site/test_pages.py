"""Every page of the ledger says what the ledger holds, in every form it is asked for."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from datasette_plugins.questions import PAGES

Ask = Callable[..., Any]
LISTS = [
    "/",
    "/search",
    "/indicators",
    "/compare",
    "/articles",
    "/commitments",
    "/checks",
    "/coverage",
    "/about",
    "/changes",
    "/instruments",
    "/check",
    "/snapshot",
]


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "lxml")


def text_of(answer: Any) -> str:
    return " ".join(soup(answer).get_text(" ").split())


@pytest.fixture(scope="session")
def every(ask: Ask) -> list[str]:
    """All addresses that can be reached by following links from the front page, pages of lists included."""
    seen: dict[str, None] = {"/": None}
    waiting = ["/", *LISTS]
    while waiting and len(seen) < 400:
        address = waiting.pop()
        for link in soup(ask(address)).select("a[href]"):
            href = str(link["href"]).partition("#")[0]
            if href.startswith("/") and href not in seen and not href.startswith(("/published", "/static")):
                seen[href] = None
                if "." not in href.rpartition("/")[2] and "?" not in href:
                    waiting.append(href)
    return list(seen)


def test_every_link_of_the_site_leads_somewhere(ask: Ask, every: list[str]) -> None:
    assert len(every) > 80
    assert [(one, ask(one).status_code) for one in every if ask(one).status_code not in (200, 410)] == []
    kinds = {one.split("/")[1] for one in every if one.count("/") == 2}
    assert kinds >= {"figures", "indicators", "places", "sources", "articles", "commitments", "topics", "instruments"}


def pages(every: list[str]) -> Iterator[str]:
    return (one for one in every if not re.search(r"\.(json|csv|atom|bib|ris|sqlite)(\?|$)", one))


def test_every_page_is_well_made(ask: Ask, every: list[str]) -> None:
    """One heading of the first rank, a language, labelled fields, no inline script or style, nothing from elsewhere."""
    for address in pages(every):
        page = soup(ask(address))
        assert len(page.select("h1")) == 1, address
        assert page.html is not None
        assert page.html["lang"] in ("vi", "en")
        ids = [one["id"] for one in page.select("[id]")]
        assert len(ids) == len(set(ids)), (address, [i for i in ids if ids.count(i) > 1])
        for field in page.select("input:not([type=hidden]), select, textarea"):
            assert field.find_parent("label") or page.select(f'label[for="{field["id"]}"]'), (address, field)
        for script in page.select("script"):
            assert script.get("src") == "/static/copy.js"
        assert not page.select("style, [style], [onclick], [onerror], [onload], iframe, object")
        assert [one["src"] for one in page.select("img")] == []
        for svg in page.select("svg.chart"):
            assert svg.select("title")
            assert svg.select("desc")
        for link in page.select("link[href]"):
            assert str(link["href"]).startswith("/")
        for table in page.select("table"):
            assert table.select("th[scope=col]"), address


def test_headings_do_not_skip_a_rank(ask: Ask, every: list[str]) -> None:
    for address in pages(every):
        ranks = [int(str(one.name)[1]) for one in soup(ask(address)).select("h1, h2, h3, h4")]
        assert all(b <= a + 1 for a, b in pairwise(ranks)), (address, ranks)


def test_no_words_are_missing(ask: Ask, every: list[str]) -> None:
    """A key without words would show itself; so would an undefined value or an unfilled slot."""
    for address in pages(every):
        for language in ("vi", "en"):
            page = soup(ask(f"{address}{'&' if '?' in address else '?'}lang={language}"))
            for code in page.select("pre, code"):
                code.decompose()
            words = page.get_text(" ").replace("status_500", "")
            assert not re.search(r"\bNone\b|\bundefined\b|\{[a-z_]+\}|[a-z]_[a-z]", words), (address, language)


def test_payloads_of_the_press_are_inert(ask: Ask, every: list[str]) -> None:
    shown = 0
    for address in pages(every):
        answer = ask(address)
        page = soup(answer)
        shown += "<script>alert(1)</script>" in page.get_text()
        assert not [one for one in page.select("script") if "alert" in (one.string or "")]
        assert not page.select("img")
        for link in page.select("a[href]"):
            assert urlsplit(str(link["href"])).scheme in ("", "http", "https")
    assert shown >= 3


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "'-alert(1)-'",
        "{{7*7}}",
        "javascript:alert(1)",
        "</title><svg onload=alert(1)>",
    ],
)
def test_payloads_of_the_reader_are_inert(ask: Ask, payload: str) -> None:
    for address in (
        "/search?q=",
        "/search?kind=",
        "/figures/",
        "/commitments?actor=",
        "/search?period=",
        "/compare?indicator=",
        "/x?lang=",
    ):
        page = soup(ask(address + payload.replace("#", "%23")))
        assert [one.get("src") for one in page.select("script")] in ([], ["/static/copy.js"])
        assert not page.select("img, svg[onload]")
        assert "49" not in page.get_text() if payload == "{{7*7}}" else True


def test_front_page(ask: Ask) -> None:
    page = soup(ask("/"))
    first = page.select_one("main input, main a, main button")
    assert first is not None
    assert first["name"] == "q"
    words = text_of(ask("/"))
    for expected in (
        "16 con số",
        "Mới đăng",
        "Không khớp",
        "Số bị đổi khi dịch",
        "Sửa lặng lẽ",
        "Tăng trưởng, tài khoản quốc gia",
    ):
        assert expected in words


def test_a_receipt_says_everything(ask: Ask, figures: dict[str, str]) -> None:
    answer = ask(f"/figures/{figures['8,02%']}")
    page, words = soup(answer), text_of(answer)
    assert " ".join(page.select("h1")[0].get_text(" ").split()) == "Tăng trưởng GDP +8,02% Việt Nam, năm 2025"
    assert page.select_one(".words mark").get_text() == "8,02%"
    for expected in (
        "Bà Lê Thu Trang",
        "Nhật Báo Thử",
        "5/1/2026",
        "tăng so với cùng kỳ năm trước",
        "SHA-256",
        "Như đã in",
    ):
        assert expected in words
    deep = page.select_one("a.button")["href"]
    assert (
        deep
        == "https://nhatbao.example/ket-qua.html#:~:text=v%E1%BB%9Bi%20GDP%20t%C4%83ng-,8%2C02%25,-so%20v%E1%BB%9Bi%20n%C4%83m"
    )
    assert f"http://localhost/figures/{figures['8,02%']}" in page.select_one("#cite-vi").get_text()


def test_a_receipt_in_english(ask: Ask, figures: dict[str, str]) -> None:
    answer = ask(f"/figures/{figures['8,02%']}?lang=en")
    page = soup(answer)
    assert " ".join(page.select("h1")[0].get_text(" ").split()) == "GDP growth +8.02% Vietnam, 2025"
    assert page.select_one(".words blockquote")["lang"] == "vi"
    assert page.select_one(".facts dd").get_text() == "8,02%"
    assert all("lang=en" in a["href"] for a in page.select("nav a"))
    assert answer.headers["content-language"] == "en"


def test_targets_raised_and_the_outcome(ask: Ask, figures: dict[str, str]) -> None:
    for address in ("/indicators/gdp_growth", f"/figures/{figures['8,3-8,5%']}"):
        steps = [" ".join(one.get_text(" ").split()) for one in soup(ask(address)).select(".ladder li .amount")]
        assert steps[:3] == ["khoảng +6,5–7%", "ít nhất +8%", "+8,3–8,5%"]


def test_revisions_stand_side_by_side(ask: Ask) -> None:
    page = soup(ask("/indicators/gdp_growth"))
    rows = [" ".join(row.get_text(" ").split()) for row in page.select("table.revisions tbody tr")]
    assert "quý II/2025 +7,96% 5/7/2025 +8,19% 6/10/2025" in rows


def test_the_state_of_knowledge_on_a_day(ask: Ask) -> None:
    words = text_of(ask("/indicators/gdp_growth?as_of=2025-08-01"))
    assert "Số liệu như đã biết vào ngày 1/8/2025." in words
    assert "+7,96%" in words
    data = ask("/indicators/gdp_growth.json?as_of=2025-08-01").json()["data"]
    values = {o["value"] for one in data["series"] for o in one["observations"]}
    assert "7.96" in values
    assert "8.19" not in values


def test_a_wrong_share_is_told(ask: Ask, figures: dict[str, str]) -> None:
    for address in ("/checks", f"/figures/{figures['52%']}"):
        assert "50 trên 200 là 25%, không phải 52%." in text_of(ask(address))
    assert "50 of 200 is 25%, not 52%." in text_of(ask("/checks?lang=en"))
    article = ask(f"/figures/{figures['52%']}.json").json()["data"]["article"]["id"]
    wrong = soup(ask(f"/articles/{article}")).select(".text a.wrong")
    assert [one.get_text() for one in wrong] == ["52%"]


def test_an_article_is_given_whole_with_its_marks(ask: Ask, figures: dict[str, str]) -> None:
    article = ask(f"/figures/{figures['52%']}.json").json()["data"]["article"]["id"]
    page = soup(ask(f"/articles/{article}"))
    assert [one.get_text() for one in page.select(".text p")] == [
        "Đại hội bầu 200 đại biểu vào ban chấp hành.",
        "Trong đó có 50 đại biểu nữ, chiếm 52% tổng số.",
    ]
    assert [one.get_text() for one in page.select(".text a.mark")] == ["200 đại biểu", "50 đại biểu", "52%"]
    assert [one["id"] for one in page.select(".text a.mark")] == [
        f"f-{figures[k]}" for k in ("200 đại biểu", "50 đại biểu", "52%")
    ]


def test_altered_translations_and_silent_edits(ask: Ask, figures: dict[str, str]) -> None:
    words = text_of(ask("/checks"))
    assert "8,02% 8.20% Số bị đổi khi dịch" in words
    assert "12,4%" in words
    assert "14,2%" in words
    translated = ask(f"/figures/{figures['8.20%']}.json").json()["data"]["article"]["id"]
    assert "Bản dịch và bản gốc có con số khác nhau." in text_of(ask(f"/articles/{translated}"))


def test_a_withdrawn_figure_is_gone_with_its_reason_and_its_words(ask: Ask, figures: dict[str, str]) -> None:
    edit = ask("/checks.json").json()["data"]["edits"][0]
    answer = ask(f"/figures/{edit['before']['id']}")
    assert answer.status_code == 410
    words = text_of(answer)
    assert "Con số này không còn trong bài." in words
    assert "Xuất khẩu tháng này tăng 12,4%" in words
    assert ask(f"/figures/{edit['before']['id']}.json").json()["data"]["withdrawn"]["reason"] == "edited"
    successor = soup(answer).select_one(".banner a")["href"]
    assert successor == f"/figures/{figures['14,2%']}"


def test_commitments_by_deadline(ask: Ask) -> None:
    words = text_of(ask("/commitments"))
    assert "hoàn thành tuyến đường ven biển" in words
    assert "quá hạn" in words
    assert "không nêu hạn" in words
    overdue = ask("/commitments.json?due=overdue").json()["data"]["results"]
    assert [one["action"] for one in overdue] == ["hoàn thành tuyến đường ven biển"]
    page = text_of(ask(f"/commitments/{overdue[0]['id']}"))
    assert "Thời hạn đã qua và chưa có tin hoàn thành." in page
    assert "Bộ Xây dựng" in page


def test_places_have_versions(ask: Ask) -> None:
    words = text_of(ask("/places/hai_phong@34"))
    assert "Được lập từ" in words
    assert "Hải Dương" in words
    assert "không so sánh trực tiếp được" in words


def test_coverage(ask: Ask) -> None:
    page = soup(ask("/coverage"))
    row = [one.get_text() for one in page.select("table.coverage tbody tr:first-child > *")]
    assert row == ["Nhật Báo Thử", "1", "1", "0", "1", "0", "0", "0", "0", "1"]
    assert "status_500" in page.get_text()


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_the_three_faces_of_an_answer(ask: Ask, figures: dict[str, str], page: str) -> None:
    ids = {
        "figure": figures["8,02%"],
        "indicator": "gdp_growth",
        "place": "vn",
        "source": "nhatbao.example",
        "article": ask("/articles.json").json()["data"]["results"][0]["id"],
        "commitment": ask("/commitments.json").json()["data"]["results"][0]["id"],
        "topic": "macro",
        "instrument": "226-nq-cp",
    }
    row = next(one for one in PAGES if one.name == page)
    address = row.pattern.replace("(?P<id>[^/]+?)", ids.get(page, "")).replace("/(?:index)?", "/index")
    answer = ask(f"{address}.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    body = answer.json()
    assert set(body) == {"data", "links", "generated_at", "version"}
    assert ask(f"/api/v1{address}").json()["data"] == body["data"]
    assert ask(body["links"]["html"].removeprefix("http://localhost")).headers["content-type"].startswith("text/html")
    if row.rows:
        table = ask(f"{address}.csv")
        assert table.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
        assert all(None not in one and None not in one.values() for one in rows)
        assert ask(body["links"]["csv"].removeprefix("http://localhost")).content == table.content
    else:
        assert ask(f"{address}.csv").status_code == 404


def test_search_as_data(ask: Ask, figures: dict[str, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(ask("/search.csv?q=8,02%25").content.decode("utf-8-sig"))))
    assert [(one["printed"], one["value"], one["unit"], one["period"]) for one in rows] == [
        ("8,02%", "8.02", "percent", "2025")
    ]
    assert rows[0]["permalink"] == f"http://localhost/figures/{figures['8,02%']}"
    feed = ElementTree.fromstring(ask("/search.atom?q=GDP&kind=target").content)
    titles = [one.findtext("{http://www.w3.org/2005/Atom}title") for one in feed if one.tag.endswith("entry")]
    assert len(titles) == 3
    assert all((title or "").startswith("Tăng trưởng GDP, Việt Nam, năm 2025:") for title in titles)


def test_filters_narrow_and_can_be_taken_away(ask: Ask) -> None:
    page = soup(ask("/search?q=GDP"))
    link = next(a["href"] for a in page.select(".facet a") if a.get_text() == "mục tiêu")
    assert link == "/search?q=GDP&kind=target"
    narrowed = soup(ask(link))
    assert {one.get_text() for one in narrowed.select(".receipt .kind")} == {"mục tiêu"}
    assert narrowed.select_one(".facet.chosen a")["href"] == "/search?q=GDP"


def test_citation_files(ask: Ask, figures: dict[str, str]) -> None:
    address = f"/figures/{figures['8,02%']}"
    assert ask(f"{address}.bib").text.startswith("@online{solieu:")
    assert ask(f"{address}.ris").text.startswith("TY  - NEWS")
    assert ask(f"{address}.csl.json").json()[0]["type"] == "article-newspaper"


def test_an_answer_that_has_not_changed_is_not_sent_again(ask: Ask) -> None:
    for address in ("/", "/index.json", "/search.csv?q=GDP"):
        first = ask(address)
        assert first.headers["cache-control"] == "public, max-age=300"
        again = ask(address, headers={"if-none-match": f'"x", {first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
    assert "accept-language" in ask("/").headers["vary"].lower()
    assert ask("/").headers["etag"] != ask("/?lang=en").headers["etag"]


def test_the_reader_is_addressed_in_his_language(ask: Ask) -> None:
    assert soup(ask("/", headers={"accept-language": "en-GB"})).html["lang"] == "en"
    assert soup(ask("/", headers={"accept-language": "sv"})).html["lang"] == "vi"
    assert soup(ask("/?lang=vi", headers={"accept-language": "en"})).html["lang"] == "vi"


@pytest.mark.parametrize(
    ("address", "status", "parameter"),
    [
        ("/figures/0000", 404, None),
        ("/indicators/none", 404, None),
        ("/places/none", 404, None),
        ("/sources/none", 404, None),
        ("/articles/none", 404, None),
        ("/commitments/none", 404, None),
        ("/topics/none", 404, None),
        ("/instruments/none", 404, None),
        ("/check?language=xx", 400, "language"),
        ("/instruments?page=0", 400, "page"),
        ("/indicators/gdp_growth?include_history=x", 400, "include_history"),
        ("/nowhere", 404, None),
        ("/search?min=x", 400, "min"),
        ("/search?kind=fact", 400, "kind"),
        ("/search?from=2025-02-30", 400, "from"),
        ("/search?period=abc", 400, "period"),
        ("/search?page=0", 400, "page"),
        ("/search?sort=x", 400, "sort"),
        ("/commitments?due=x", 400, "due"),
        ("/indicators/gdp_growth?as_of=x", 400, "as_of"),
    ],
)
def test_refusals_name_the_matter_and_the_remedy(ask: Ask, address: str, status: int, parameter: str | None) -> None:
    answer = ask(address)
    assert answer.status_code == status
    page = soup(answer)
    assert page.select_one("main input[name=q]")
    assert not parameter or f"“{parameter}”" in page.select_one("h1").get_text()
    path, _, query = address.partition("?")
    data = ask(f"{path}.json" + (f"?{query}" if query else ""))
    assert data.status_code == status
    error = data.json()["error"]
    assert (error["status"], error["parameter"]) == (status, parameter)
    assert error["reason"]
    assert error["remedy"]
    assert data.headers["cache-control"] == "no-store"


def test_a_misspelt_parameter_is_refused_to_programs_only(ask: Ask) -> None:
    assert ask("/search?palce=vn").status_code == 200
    error = ask("/search.json?palce=vn").json()["error"]
    assert error["parameter"] == "palce"
    assert "place" in error["reason"]


def test_places_that_cannot_be_compared_are_refused(ask: Ask) -> None:
    answer = ask("/compare?indicator=gdp_growth&place=hai_phong@63&place=hai_phong@34")
    assert answer.status_code == 200
    assert soup(answer).select_one(".banner.bad h2").get_text() == "Không so sánh được"


def test_two_provinces_side_by_side(ask: Ask) -> None:
    page = soup(ask("/compare?indicator=grdp_growth&place=hai_phong@63&place=quang_ninh"))
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in page.select("tbody tr")]
    assert rows == [["năm 2025", "–", "+11,89%"], ["năm 2024", "+11,01%", "+8,42%"]]
    assert len(page.select(".sheet .wide polyline, .sheet .wide line.line")) == 1
    assert [one.get_text(" ", strip=True) for one in page.select(".legend li")] == [
        "Hải Phòng (đến 30/6/2025)",
        "Quảng Ninh",
    ]


def test_the_break_at_the_merger(ask: Ask) -> None:
    words = text_of(ask("/indicators/grdp_growth?place=hai_phong"))
    assert "Điểm gãy của chuỗi" in words
    assert "1/7/2025 : Hải Dương + Hải Phòng → Hải Phòng" in words.replace("1/7/2025:", "1/7/2025 :")


def test_the_api_is_described(ask: Ask) -> None:
    document = ask("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert len(document["paths"]) == len(PAGES)
    for page in PAGES:
        path = next(one for one, what in document["paths"].items() if what["get"]["operationId"] == page.name)
        named = {one["name"] for one in document["paths"][path]["get"]["parameters"]}
        assert named == {*page.parameters, "lang", *(["id"] if "{id}" in path else [])}


def test_values_that_were_replaced_can_be_left_out(ask: Ask) -> None:
    def values(query: str) -> set[str]:
        data = ask(f"/indicators/gdp_growth.json{query}").json()["data"]
        told = {o["value"] for one in data["series"] for o in one["observations"]}
        assert told == {o["value"] for grid in data["grid"] for row in grid["rows"] for o in row["vintages"]}
        return told

    assert values("") == values("?include_history=true") >= {"7.96", "8.19"}
    assert values("?include_history=false") == values("") - {"7.96"}


def test_a_topic_gathers_its_indicators(ask: Ask) -> None:
    page = soup(ask("/topics/macro"))
    assert "+8,02%" in page.select_one("table").get_text()
    assert page.select(".receipt")
    data = ask("/topics/macro.json").json()["data"]
    assert "gdp_growth" in {one["id"] for one in data["indicators"]}
    assert {one["indicator_ref"]["topic"] for one in data["figures"]} == {"macro"}


def test_a_document_with_what_is_published_under_it(ask: Ask, figures: dict[str, str]) -> None:
    """Its number names it, however the kind before it is written; targets, commitments and articles stand under it."""
    data = ask("/instruments/226-nq-cp.json").json()["data"]
    assert sorted(one["printed"] for one in data["names"]) == ["Nghị quyết 226/NQ-CP", "Nghị quyết số 226/NQ-CP"]
    assert [one["id"] for one in data["figures"]] == [figures["8,3-8,5%"]]
    assert [one["action"] for one in data["commitments"]] == ["hoàn thành tuyến đường ven biển"]
    assert {one["title"] for one in data["articles"]} == {"Kịch bản tăng trưởng mới", "Đường ven biển"}
    assert data["dated"] is False
    words = text_of(ask("/instruments/226-nq-cp"))
    assert "không kèm năm" in words
    link = soup(ask(f"/figures/{figures['8,3-8,5%']}")).select_one("a[href='/instruments/226-nq-cp']")
    assert link is not None


def test_robots(ask: Ask) -> None:
    assert "Disallow: /published" in ask("/robots.txt").text


def test_an_empty_ledger_teaches(ask_empty: Ask) -> None:
    assert "solieu demo" in text_of(ask_empty("/"))
    for address in LISTS:
        answer = ask_empty(address)
        assert answer.status_code == 200, address
        assert json.loads(ask_empty(f"{address.rstrip('/') or '/index'}.json").text)["data"] is not None
    assert "Không tìm thấy con số nào" in text_of(ask_empty("/search?q=GDP"))
