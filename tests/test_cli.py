"""The command as a person or a program calls it: answers, filters, and one line for every fault."""

import json
import resource
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import demo_press
from solieu import main

ARTICLE = {
    "id": "a",
    "language": "vi",
    "published_at": "2026-01-06",
    "text": "Theo Cục Thống kê, GDP năm 2025 ước tăng 8,02% so với năm trước; quy mô nền kinh tế đạt 514 tỷ USD.",
}


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=given)


def fault(*arguments: str, given: str | None = None) -> str:
    """The one line that a fault prints; exit code 2 and no traceback."""
    result = run(*arguments, given=given)
    lines = [line for line in result.output.splitlines() if line.strip()]
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert len(lines) == 1 or lines[0].startswith("Usage:"), result.output
    return lines[-1]


def test_help_is_instant() -> None:
    """Under 0.3 s of work: counted as processor time, so that a busy machine does not decide."""
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "solieu", "--help"], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(times) < 0.3


def test_every_command_has_help() -> None:
    for name in main.commands:
        result = run(name, "--help")
        assert result.exit_code == 0
        assert len(result.output.splitlines()) > 4, name


def test_extract_is_a_pure_filter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("extract", "--jsonl", given=json.dumps(ARTICLE) + "\n\n" + json.dumps({"id": 2, "text": ""}))
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["a", 2]
    values = {(f["value"], f["unit"], f["period"]) for f in rows[0]["figures"]}
    assert (8.02, "percent", "2025") in values
    assert (514e9, "USD", "2025") in values
    for figure in rows[0]["figures"]:
        assert ARTICLE["text"][figure["start"] : figure["end"]] == figure["quote"]
    assert rows[1]["figures"] == rows[1]["commitments"] == []
    assert list(tmp_path.iterdir()) == []


def test_quantities_answer_line_by_line() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "solieu", "quantities", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    for text, value in (("giá 500 đồng", 500), ("tăng 8,5%", 8.5)):
        process.stdin.write(json.dumps({"id": text, "text": text, "language": "vi"}).encode() + b"\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert answer["id"] == text
        assert [float(q["value"]) for q in answer["quantities"]] == [value]
    process.stdin.close()
    assert process.wait(20) == 0
    process.stdout.close()


def test_lone_surrogates_pass_through() -> None:
    result = run("quantities", "--jsonl", given='{"id": "x\\ud800", "text": "\\ud800 500 đồng \\u0000"}')
    assert json.loads(result.stdout)["id"] == "x\ud800"


@pytest.mark.parametrize("command", ["extract", "quantities"])
@pytest.mark.parametrize(
    ("line", "word"), [("{not json", "line 2"), ("[1]", "text"), ('{"id": 1}', "text"), ('{"text": 5}', "text")]
)
def test_bad_lines_are_named(command: str, line: str, word: str) -> None:
    good = json.dumps(ARTICLE)
    result = run(command, "--jsonl", given=f"{good}\n{line}\n")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("solieu: line 2: ")
    assert word in result.stderr
    assert len(result.stdout.splitlines()) == 1


def test_bad_date_is_named() -> None:
    assert "published_at 'gestern'" in fault("extract", "--jsonl", given='{"text": "5 tấn", "published_at": "gestern"}')


def test_unknown_site() -> None:
    assert "no site 'nowhere.example'" in fault("crawl", "nowhere.example", "--db", "x.db")
    assert not Path("x.db").exists()


def test_missing_database(tmp_path: Path) -> None:
    for command in (["extract"], ["index"], ["serve", "--port", "0"], ["search", "gạo"], ["publish"]):
        assert "there is no database" in fault(*command, "--db", str(tmp_path / "none.db"))
    assert list(tmp_path.iterdir()) == []


def test_not_a_database(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    path.write_text("no database at all, but long enough to be looked at" * 40)
    assert "tracker.db" in fault("index", "--db", str(path))


def test_port_in_use_names_a_free_one(demonstration: tuple[Path, Result]) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = fault("serve", "--db", str(demonstration[0]), "--port", str(port))
    assert f"port {port} is taken: try" in line


def test_import_maps_fields_and_is_all_or_nothing(tmp_path: Path) -> None:
    db, good, bad = tmp_path / "t.db", tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    row = {"Title": "Giá lúa", "Content": "Giá lúa tăng 5% trong tháng 2/2026.", "Date": "2026-03-01 08:00:00"}
    good.write_text(json.dumps(row) + "\n")
    bad.write_text(json.dumps(row | {"Title": "Khác"}) + "\n{\n")
    fields = ["--field", "title=Title", "--field", "text=Content", "--field", "published_at=Date"]
    options = [*fields, "--site", "example.vn", "--language", "vi", "--db", str(db)]
    assert "bad.jsonl" in fault("import", str(bad), *options)
    assert not db.exists()
    assert run("import", str(good), *options).exit_code == 0
    assert run("import", str(good), *options).exit_code == 0
    assert run("extract", "--db", str(db)).exit_code == 0
    assert run("index", "--db", str(db)).exit_code == 0
    with sqlite3.connect(db) as connection:
        assert connection.execute("select count(*) from articles").fetchone() == (1,)
        assert connection.execute("select exact from statements").fetchall() == [("5%",)]
    connection.close()
    assert "nothing to do" in run("extract", "--db", str(db)).stderr


def test_import_with_a_bad_field_or_date(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"title": "T", "text": "5 tấn", "published_at": "hôm kia"}))
    assert "OURS=THEIRS" in fault("import", str(path), "--field", "title")
    assert "hôm kia" in fault("import", str(path), "--db", str(tmp_path / "t.db"))
    assert not (tmp_path / "t.db").exists()


def test_explain_tells_what_became_of_each_number(tmp_path: Path) -> None:
    result = run("explain", "-", "--language", "vi", given=ARTICLE["text"])
    assert result.exit_code == 0
    assert "8.02 percent" in result.stdout
    page = run("explain", "-", "--html", given=ARTICLE["text"]).stdout
    assert page.startswith("<!doctype html>")
    assert "<mark" in page
    assert "no file" in fault("explain", str(tmp_path / "none.html"))


def test_evaluate_scores_gold(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    figures = json.loads(run("extract", "--jsonl", given=json.dumps(ARTICLE)).stdout)["figures"]
    gold.write_text(json.dumps(ARTICLE | {"figures": figures}) + "\n")
    assert json.loads(run("evaluate", str(gold), "--json").stdout)["receipt"]["f1"] == 1
    figures[0]["value"] = 9
    gold.write_text(json.dumps(ARTICLE | {"figures": figures}) + "\n")
    result = run("evaluate", str(gold), "--json", "--misses", "3")
    assert json.loads(result.stdout)["value"]["f1"] < 1
    assert "| value |" in result.stderr


def test_the_demonstration_is_built_by_the_real_pipeline(demonstration: tuple[Path, Result]) -> None:
    db, result = demonstration
    assert "Look first at" in result.stderr
    connection = sqlite3.connect(db)
    count = lambda table: connection.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: E731
    assert count("articles") >= 40
    assert count("statements") >= 300
    assert count("snapshots") > count("articles")  # the second edition changed one
    languages = {row[0] for row in connection.execute("select distinct language from articles")}
    assert languages == {"vi", "en", "sv"}
    connection.close()


def test_the_archive_of_the_demonstration_is_sound(demonstration: tuple[Path, Result], tmp_path: Path) -> None:
    archive = demonstration[0].parent / "archive"
    assert "sound" in run("archive", "check", "--archive", str(archive)).stdout
    whole = next(archive.glob("*.warc.gz"))
    (tmp_path / whole.name).write_bytes(whole.read_bytes()[:-20])
    assert "damaged" in fault("archive", "check", "--archive", str(tmp_path))


def test_a_site_that_lists_and_gives_nothing_ends_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from demo_press.edition import Edition

    whole = Edition.document

    def bare(self: Edition, site: str, path: str) -> object:
        document = whole(self, site, path)
        page = self.pages[site].get(path)
        return replace(document, body=b"<html><body>Please wait</body></html>") if document and page else document

    monkeypatch.setattr(Edition, "document", bare)
    with demo_press.serve() as press:
        folder = press.cards(tmp_path)
        db = tmp_path / "t.db"
        options = ["--sites", str(folder), "--db", str(db), "--archive", str(tmp_path / "archive")]
        result = run("crawl", "lua-moi", *options)
    assert result.exit_code == 3
    assert "lua-moi listed" in result.stderr.splitlines()[-1]


def test_demonstration_can_be_searched(demonstration: tuple[Path, Result]) -> None:
    db = str(demonstration[0])
    assert "8,02%" in run("search", "tăng trưởng GDP 2025", "--db", db, "--limit", "50").stdout
    assert "8,02%" in run("search", "tang truong gdp 2025", "--db", db, "--limit", "50").stdout
    assert "nothing found" in run("search", "zzzyzzy", "--db", db).stdout
    assert json.loads(run("search", "8,02%", "--json", "--db", db).stdout)


def test_explain_an_address(tmp_path: Path) -> None:
    with demo_press.serve() as press:
        folder = press.cards(tmp_path)
        address = next(iter(press.bases.values())) + "/no-such-page-post1.html"
        assert address in fault("explain", address, "--sites", str(folder))
        page = press.edition.where("vi/gdp-2025-ca-nam")
        assert page
        result = run("explain", press.bases[page.outlet.name] + page.path, "--sites", str(folder))
        assert result.exit_code == 0, result.output
        assert "8.02 percent" in result.stdout


STORY = (
    "Kinh tế tỉnh Hải An năm 2025 tăng 9,1% so với năm trước, theo Chi cục Thống kê. "
    "Mưa lớn kéo dài khiến nhiều tuyến phố trong tỉnh đông xe. "
    "Xuất khẩu thủy sản của tỉnh đạt 1,8 tỷ USD nhờ thị trường mới."
)


def test_summarise_prints_whole_sentences() -> None:
    result = run("summarise", "-", "--sentences", "1", "--title", "Hải An tăng trưởng 9,1%", given=STORY)
    assert result.exit_code == 0
    assert result.stdout.strip() == STORY.split(". ", maxsplit=1)[0] + "."
    found = json.loads(run("summarise", "-", "--syllables", "40", "--json", given=STORY).stdout)
    assert found["reason"] is None
    for sentence in found["sentences"]:
        assert STORY[sentence["start"] : sentence["end"]] == sentence["text"]
        assert all(figure in sentence["text"] for figure in sentence["figures"])
    assert any(sentence["figures"] for sentence in found["sentences"])


def test_summarise_says_why_there_is_nothing(tmp_path: Path) -> None:
    prices = tmp_path / "prices.txt"
    prices.write_text("Giá hôm nay\n\nGạo\t18.500\nTiêu\t145.000\n", "utf-8")
    result = run("summarise", str(prices))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "no sentence" in result.stderr
    assert "no text" in run("summarise", "-", given=" ").stderr
    assert "give one of them" in fault("summarise", "-", "--sentences", "1", "--syllables", "9", given=STORY)
    assert "--language xx" in fault("summarise", "-", "--language", "xx", given=STORY)
    assert "no file" in fault("summarise", str(tmp_path / "none.txt"))


def test_digest_of_what_was_imported(tmp_path: Path) -> None:
    lines, db = tmp_path / "a.jsonl", str(tmp_path / "t.db")
    row = {"url": "https://a.test/1", "site": "a.test", "language": "vi", "title": "Hải An tăng trưởng 9,1%", "text": STORY,
           "published_at": "2026-01-06T09:00:00+07:00"}  # fmt: skip
    lines.write_text(json.dumps(row), "utf-8")
    for command in (["import", str(lines)], ["extract"], ["index"]):
        assert run(*command, "--db", db).exit_code == 0
    days = ("--since", "2026-01-06", "--until", "2026-01-07", "--db", db)
    result = run("digest", *days)
    assert "## Hải An tăng trưởng 9,1%" in result.stdout
    assert "https://a.test/1" in result.stdout
    assert run("digest", *days, "--html").stdout.startswith("<!doctype html>")
    assert len(json.loads(run("digest", *days, "--json").stdout)["stories"]) == 1
    assert "topic" in fault("digest", *days, "--topic", "nothing")
    assert "no database" in fault("digest", "--db", str(tmp_path / "none.db"))
