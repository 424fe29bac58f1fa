"""The documentation names what there is: every command, every record and each of its fields; and it is up to date."""

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.article import Article, Capture, Snapshot
from crawler.event import Event
from extract.period import Period
from extract.quantity import Quantity
from extract.statement import Check, Commitment, Extraction, Provenance, Statement
from solieu import main

ROOT = Path(__file__).parent.parent
RECORDS = (Article, Snapshot, Capture, Event, Quantity, Period, Provenance, Statement, Commitment, Check, Extraction)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_field_of_every_record_is_documented(record: type) -> None:
    text = (ROOT / "docs" / "records.md").read_text("utf-8")
    section = re.search(rf"^### {record.__name__}\n(.*?)(?=^##|\Z)", text, re.M | re.S)
    assert section, f"docs/records.md has no section ### {record.__name__}"
    missing = [field.name for field in dataclasses.fields(record) if f"`{field.name}`" not in section.group(1)]
    assert missing == []


def test_every_command_is_in_the_reference() -> None:
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert [name for name in main.commands if f"\n## solieu {name}\n" not in text] == []


def test_generated_pages_are_up_to_date() -> None:
    pages = ["README.md", *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").glob("*.md")))]
    result = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", *pages], check=False, capture_output=True, text=True, cwd=ROOT
    )
    assert result.returncode == 0, f"run `make docs-write`: {result.stdout}{result.stderr}"


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_registry_or_machine_path_is_named() -> None:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True).stdout.split(
        "\n"
    )
    words = ("/work" + "/main", "/work" + "/shared", "pypi" + ".org", "files.python" + "hosted", "/root" + "/.pyenv")
    for name in filter(None, listed):
        path = ROOT / name
        if path.is_file() and path.suffix in (".py", ".md", ".toml", ".yml", ".txt", ".html", ".css", ".js", ""):
            text = path.read_text("utf-8", "replace")
            assert not [word for word in words if word in text], name
