"""Importing files: each kind, and what is refused with file and line."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive import Archive, warc_files
from crawler.errors import ImportProblem
from crawler.imports import read_file

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PAGES = Path(__file__).parent / "pages"


def lines(tmp_path, *rows, name="a.jsonl"):
    file = tmp_path / name
    file.write_text(
        "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows), "utf-8"
    )
    return file


def articles(file, **options):
    return [capture.article for capture in read_file(file, now=NOW, **options)]


def test_lines_with_our_names(tmp_path):
    row = {
        "url": "https://a.example/1.htm?utm_source=x",
        "title": "Giá xăng giảm",
        "lead": "Từ hôm nay giá xăng giảm 320 đồng.",
        "text": "Mỗi lít còn 19.800 đồng.\n\nKỳ trước là 20.120 đồng.",
        "language": "vi",
        "published_at": "2026-02-12T15:00:00+07:00",
        "tags": ["xăng", "giá"],
        "translation_of": None,
    }
    (article,) = articles(lines(tmp_path, row, ""))
    assert article.url == "https://a.example/1.htm"
    assert article.site == "a.example"
    assert article.text.split("\n") == [row["lead"], "Mỗi lít còn 19.800 đồng.", "Kỳ trước là 20.120 đồng."]
    assert (article.published_at.isoformat(), article.published_source) == ("2026-02-12T15:00:00+07:00", "import")
    assert article.tags == ("xăng", "giá")


def test_lines_with_other_names_and_no_address(tmp_path):
    fields = {"title": "Title", "text": "Content", "published_at": "Date", "section": "Category"}
    row = {
        "Title": "Lúa được giá",
        "Content": "Giá lúa tăng 5%.",
        "Date": "2026-03-06 10:40:00",
        "Category": "nong nghiep",
    }
    (first,) = articles(lines(tmp_path, row), fields=fields, site="tap-chi")
    (again,) = articles(lines(tmp_path, {**row, "Content": "Giá lúa tăng 6%."}), fields=fields, site="tap-chi")
    (other,) = articles(lines(tmp_path, {**row, "Date": None}), fields=fields)
    assert first.url.startswith("urn:solieu:")
    assert first.id == again.id != other.id
    assert (first.site, first.language, first.section) == ("tap-chi", "vi", "nong nghiep")
    assert first.published_at.isoformat() == "2026-03-06T10:40:00+07:00"
    assert other.published_at is None


def test_a_line_without_a_title_takes_its_first_words(tmp_path):
    (article,) = articles(lines(tmp_path, {"title": None, "text": "Giá lúa tăng 5%. " * 20}))
    assert article.title.startswith("Giá lúa tăng 5%.")
    assert len(article.title) <= 100


def test_empty_lines_are_left_out_only_when_asked(tmp_path):
    file = lines(tmp_path, {"title": "a", "text": "b"}, {"title": "x", "text": " "})
    with pytest.raises(ImportProblem, match="line 2: has no text"):
        articles(file)
    assert len(articles(file, skip_empty=True)) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "is not a JSON object"),
        ({"title": "t", "text": ["x"]}, "'text' must be a string"),
        ({"title": "t", "text": "x", "published_at": "hôm qua"}, "'published_at' is no date: 'hôm qua'"),
        ({"title": "t", "text": "x", "url": "javascript:alert(1)"}, "is not an address"),
        ({"title": "t"}, "has no text in 'text'"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_taken(tmp_path, row, reason):
    file = lines(tmp_path, {"title": "a", "text": "b"}, row)
    with pytest.raises(ImportProblem) as raised:
        next(read_file(file, now=NOW))
    assert str(raised.value).startswith(f"{file}: line 2: ")
    assert reason in str(raised.value)


def test_a_plain_text(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("\ufeffTillväxten ökar\n\nTillväxten blev 8,02 % år 2025.\nMålet var 8 %.\n", "utf-8")
    (article,) = articles(file)
    assert (article.title, article.language) == ("Tillväxten ökar", "sv")
    assert article.text == "Tillväxten blev 8,02 % år 2025.\nMålet var 8 %."


def test_a_saved_page_is_read_by_the_card_of_its_own_address():
    (article,) = articles(PAGES / "cms.html")
    assert (article.site, article.url) == (
        "vietnamplus.vn",
        "https://www.vietnamplus.vn/gao-xuat-khau-tang-manh-post900001.vnp",
    )


def test_a_saved_page_without_an_address(tmp_path):
    file = tmp_path / "a.html"
    file.write_text("<h1>Giá điện</h1><article><p>Giá điện tăng 4,8%.</p></article>", "utf-8")
    (article,) = articles(file, site="tu-luu")
    assert article.url.startswith("urn:solieu:")
    assert (article.site, article.text) == ("tu-luu", "Giá điện tăng 4,8%.")


def test_a_warc_file(tmp_path):
    page = (PAGES / "baotintuc.html").read_bytes()
    url = "https://baotintuc.vn/xa-hoi/them-truong-hoc-moi-20260209070500456.htm"
    html = [("Content-Type", "text/html")]
    with Archive(tmp_path, lambda: NOW) as archive:
        archive.write("https://baotintuc.vn/xa-hoi.htm", 200, html, page, NOW)
        place = archive.write(url, 200, html, page, datetime(2026, 2, 10, tzinfo=UTC))
        archive.write(url, 404, html, b"", NOW)
        archive.write("https://khac.example/a", 200, html, b"<title>x</title>", NOW)
    (file,) = warc_files(tmp_path)
    (capture,) = read_file(file, now=NOW)
    assert (capture.article.url, capture.article.site) == (url, "baotintuc.vn")
    assert capture.snapshot.fetched_at == datetime(2026, 2, 10, tzinfo=UTC)
    assert (capture.snapshot.warc_file, capture.snapshot.warc_offset) == place
    assert articles(file, site="vnexpress.net") == []
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(ImportProblem, match="damaged from byte"):
        articles(file)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"only a title", "needs a title"),
        ("a.txt", b"\xff\xfe\xff", "is not UTF-8"),
        ("a.html", b"<title>x</title>", "has no text"),
        ("a.html", b"nothing", "is not HTML"),
        ("a.warc.gz", b"nothing", "no WARC file"),
        ("a.jsonl", b"\n\n", "holds no line"),
        ("a.pdf", b"%PDF", "of no kind"),
    ],
)
def test_files_that_cannot_be_imported(tmp_path, name, content, reason):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ImportProblem, match=reason) as raised:
        articles(file)
    assert str(raised.value).startswith(f"{file}: ")
    assert "\n" not in str(raised.value)


def test_no_file_and_no_such_field(tmp_path):
    with pytest.raises(ImportProblem, match="is not a file"):
        articles(tmp_path / "none.jsonl")
    with pytest.raises(ImportProblem, match="no field 'headline'"):
        articles(lines(tmp_path, {"title": "t", "text": "x"}), fields={"headline": "Title"})
