"""Pages of our own writing in the markup of each template family, and what must be read from them.

A page names its address and card in its first line; its golden result lies beside it. A missing result is written and
fails the run, to be looked at and kept. Furniture in these pages says THỪA ("surplus").
"""

import contextlib
import json
import re
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.card import AUTO, SiteCard, load_cards
from crawler.dates import VIETNAM, Evidence
from crawler.errors import PageError
from crawler.family import guess_language, load_families
from crawler.page import decode, find_links, read_page
from crawler.paragraphs import paragraphs_of

PAGES = Path(__file__).parent / "pages"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CARDS = load_cards()


def read(file, **changes):
    body = file.read_bytes()
    url, site = re.match(rb"<!-- url=(\S+) site=(\S*) -->", body).groups()
    return read_page(body, url.decode(), card=CARDS.get(site.decode()), **{"fetched_at": NOW, **changes})


def record(reading):
    article = {key: value for key, value in asdict(reading.article).items() if value not in (None, (), "")}
    for key in ("published_at", "modified_at"):
        if key in article:
            article[key] = article[key].isoformat()
    return {
        "family": reading.family,
        "method": reading.method,
        "surprising": [str(match) for match in reading.matches if match.surprising],
        "article": article,
    }


@pytest.mark.parametrize("file", sorted(PAGES.glob("*.html")), ids=lambda file: file.stem)
def test_page_is_read_as_its_golden_result_says(file):
    found = json.loads(json.dumps(record(read(file)), ensure_ascii=False))
    golden = file.with_suffix(".json")
    if not golden.exists():
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{golden.name} was missing and has been written: look at it and keep it")
    assert found == json.loads(golden.read_text("utf-8"))


@pytest.mark.parametrize("file", sorted(PAGES.glob("*.html")), ids=lambda file: file.stem)
def test_no_furniture_is_kept(file):
    assert "THỪA" not in json.dumps(record(read(file))["article"], ensure_ascii=False)


def test_every_family_has_a_page():
    read_with = {json.loads(file.read_text("utf-8"))["family"] for file in PAGES.glob("*.json")}
    assert read_with == set(load_families())


@pytest.mark.parametrize("file", sorted(PAGES.glob("*.html")), ids=lambda file: file.stem)
def test_family_is_found_by_its_signs_where_no_card_names_it(file):
    expected = json.loads(file.with_suffix(".json").read_text("utf-8"))["family"]
    body = file.read_bytes()
    url = re.match(rb"<!-- url=(\S+) ", body).group(1).decode()
    found = read_page(body, url, fetched_at=NOW).family
    assert found == expected or (file.stem == "vietnamvn_sv" and found == "vietnamvn")


def article(body, url="https://a.example/tin/bai-1.html", **changes):
    page = f'<meta property="og:type" content="article"><title>t</title><body><h1>Tiêu đề</h1>{body}</body>'
    return read_page(page.encode(), url, **{"fetched_at": NOW, "lenient": True, **changes}).article


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>tăng<b>8,02%</b>so với</p>", "tăng 8,02% so với"),
        ("<p>đạt <b>8</b>,02%</p>", "đạt 8,02%"),
        ("<p>100 km<sup>2</sup> và CO<sub>2</sub></p>", "100 km2 và CO2"),
        ("<p>một<br>hai ba.<br>Bốn</p>", "một hai ba.\nBốn"),
        ("<p>a&nbsp;&#8203;b\u00adc</p>", "a bc"),
        ("trần<p></p>trụi<p></p>", "trần\ntrụi"),
        ("<ul><li>một</li><li>hai</li></ul>", "một\nhai"),
        ("<table><tr><td>GDP<td><p>8,02</p><tr><td>CPI<td></table>", "GDP | 8,02\nCPI"),
        (
            "<table><tr><td><p>một.</p><p>hai.</p><p>ba.</p><p>bốn.</p></td><td>x</td></tr></table>",
            "một.\nhai.\nba.\nbốn.\nx",
        ),
        ("<p>giữ<!-- bỏ 99% --> lại</p>", "giữ lại"),
        ("<p>Ho\u0300a Bi\u0300nh</p>", "Hòa Bình"),
    ],
)
def test_paragraphs(html, text):
    assert article(f'<div itemprop="articleBody">{html}</div>').text == text


def test_lead_repeated_in_the_body_is_kept_once():
    lead = "Năm 2026, tỉnh đặt mục tiêu tăng trưởng 10,5% và thu ngân sách 30.000 tỷ đồng."
    for body in (f"<p>{lead}</p><p>Hết.</p>", f"<p><b>(TT) - {lead}</b></p><p>Hết.</p>", "<p>Hết.</p>"):
        page = f'<div class="chappeau">{lead}</div><div id="gallery-ctt">{body}</div>'
        assert article(page).text == f"{lead}\nHết."


def test_links_after_a_stop_heading_are_cut_and_prose_is_not():
    links = "<p>Đọc thêm</p><p><a href='/a'>Bài khác tăng 5%</a></p><p><a href='/b'>Bài nữa</a></p>"
    prose = "<p>Đọc thêm</p><p>Phần này là lời văn dài về 12% dân số, không phải danh sách.</p>"
    assert article(f"<article><p>Thân bài.</p>{links}</article>").text == "Thân bài."
    assert article(f"<article><p>Thân bài.</p>{prose}</article>").text.endswith("danh sách.")


def test_publication_time_needs_agreement_and_is_never_the_time_of_the_fetch():
    meta = '<meta property="article:published_time" content="2026-02-01T00:00:00+07:00">'
    body = "<article><p>Chữ.</p></article>"
    feed = [Evidence("feed", datetime(2026, 2, 1, 8, tzinfo=VIETNAM))]
    assert article(body).published_at is None
    assert article(meta + body).published_source == "meta"
    assert article(body, evidence=feed).published_source == "feed"
    assert article(meta + body, fetched_at=datetime(2026, 1, 1, tzinfo=UTC)).published_at is None
    wrong = meta.replace("2026-02-01", "2026-02-27")
    card = SiteCard("a", "A", "https://a.example", addresses=CARDS["baotintuc.vn"].addresses)
    url = "https://a.example/xa-hoi/bai-20260201073000123.htm"
    agreed = article(wrong + body, url=url, card=card, evidence=feed)
    assert (agreed.published_source, agreed.published_at) == ("url", datetime(2026, 2, 1, 7, 30, tzinfo=VIETNAM))


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("đồng".encode("utf-8-sig"), "latin-1", "đồng"),
        ("đồng".encode("utf-16"), None, "đồng"),
        ("đồng".encode(), "no-such-charset", "đồng"),
        (b'<meta charset="windows-1252">caf\xe9', None, '<meta charset="windows-1252">café'),
        ("đồng ".encode() * 100 + b"\xff", "utf-8", "đồng " * 100 + "\ufffd"),
    ],
)
def test_decode(body, charset, text):
    assert decode(body, charset) == text


def test_login_page_and_section_page_are_no_articles():
    for body in (b"<html><title>Login</title><form>Password</form></html>", b"", b"no markup", b"\x00\xff" * 50):
        with pytest.raises(PageError):
            read_page(body, "https://a.example/x", fetched_at=NOW)


def test_canonical_address_is_believed_only_within_the_site():
    page = '<link rel="canonical" href="{}"><article><p>Chữ.</p></article>'
    card = CARDS["vietnamplus.vn"]
    own = "https://www.vietnamplus.vn/cu-post1.vnp"
    for said, kept in [
        ("https://www.vietnamplus.vn/moi-post1.vnp", "https://www.vietnamplus.vn/moi-post1.vnp"),
        ("https://m.vietnamplus.vn/moi-post1.vnp?utm_source=x#top", "https://www.vietnamplus.vn/moi-post1.vnp"),
        ("https://ke-gian.example/moi-post1.vnp", own),
        ("https://www.vietnamplus.vn/", own),
        ("", own),
    ]:
        assert article(page.format(said), url=own, card=card).url == kept


def test_links_of_a_section_page():
    page = b"""<div><li class="item"><a class="thumb" href="/xa-hoi/a-20260101080000123.htm?utm_source=x">a</a></li>
    <li class="item"><a class="thumb" href="https://khac.example/xa-hoi/b-20260101080000123.htm">b</a></li>
    <li class="item"><a class="thumb" href="/xa-hoi.htm">c</a></li><a href="/xa-hoi/d-20260101080000124.htm">d</a>
    <li class="item"><a class="thumb" href="javascript:alert(1)">e</a></li></div>"""
    card = CARDS["baotintuc.vn"]
    assert find_links(page, "https://baotintuc.vn/xa-hoi.htm", card) == [
        "https://baotintuc.vn/xa-hoi/a-20260101080000123.htm"
    ]
    everywhere = SiteCard("x", "X", card.base_url, AUTO, addresses=card.addresses)
    assert len(find_links(page, "https://baotintuc.vn/xa-hoi.htm", everywhere)) == 2


def test_language_is_told_by_letters():
    assert guess_language("Tăng trưởng kinh tế của cả nước") == "vi"
    assert guess_language("Tillväxten ökade under året") == "sv"
    assert (
        guess_language("Growth in Hải Phòng rose to 11.8 percent in the first half of the year, officials said") == "en"
    )


def test_deep_wide_and_endless_pages():
    deep = "<div>" * 300 + "<p>sâu</p>" + "</div>" * 300
    assert article(f"<article>{deep}</article>").text == "sâu"
    wide = "<p>đoạn</p>" * 5000
    assert article(f"<article>{wide}</article>").text.count("\n") == 4999
    with pytest.raises(PageError, match="nested deeper"):
        article("<article>" + "<div>" * 3000 + "sâu")
    with pytest.raises(PageError, match="more than"):
        article("<article>" + "<i>" * 41_000)


SHAPES = {
    "deep": "<div>{}",
    "bodies": "<div itemprop=articleBody>{}",
    "paragraphs": "<p>x{}",
    "cells": "<table><tr><td>x{}",
    "links": "<a href=/x>y</a>{}",
    "captions": "<figcaption>x{}",
    "classes": "<div class='cms-body article__body zce-content-body'></div>{}",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_time_grows_with_the_length_of_a_page_not_with_its_square(shape):
    def seconds(count):
        page = SHAPES[shape].format("") * count
        started = time.process_time()
        with contextlib.suppress(PageError):
            article(f"<article>{page}")
        return time.process_time() - started

    seconds(50)
    longer, shorter = (min(seconds(count) for _ in range(3)) for count in (4000, 1000))
    assert longer < 16 * max(shorter, 0.02)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            (
                *(
                    "<p>",
                    "</p>",
                    "<table>",
                    "<tr>",
                    "<td>",
                    "</td>",
                    "</table>",
                    "<a href=x>",
                    "</a>",
                    "<sup>",
                    "</sup>",
                ),
                *("<br>", "<!--", "-->", "<figure>", "<figcaption>", "8,02%", "\u0000", "\ud800", "đồng", " ", "<li>"),
            )
        ),
        max_size=40,
    )
)
def test_any_markup_gives_clean_text_or_no_article(parts):
    body = "".join(parts).encode("utf-8", "surrogatepass")
    page = b"<html><body><h1>T</h1><article>" + body + b"</article></body></html>"
    try:
        found = read_page(page, "https://a.example/x", fetched_at=NOW, lenient=True).article
    except PageError:
        return
    assert found.text == found.text.strip()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]|  |\n\n", found.text)
    again = read_page(page, "https://a.example/x", fetched_at=NOW, lenient=True).article
    assert again == found


def test_paragraphs_of_takes_any_element():
    from bs4 import BeautifulSoup

    found = paragraphs_of(BeautifulSoup("<p>một <a>hai</a></p>", "lxml"))
    assert [(p.text, p.linked > 0) for p in found] == [("một hai", True)]
