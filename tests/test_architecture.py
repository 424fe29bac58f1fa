"""The rules that the tree shows (docs/architecture.md): imports run upstream, one door a dependency, no drawer, no word."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ["crawler", "extract", "index", "datasette_plugins"]
DOORS = {
    "httpx": ["crawler/fetch.py"],
    "bs4": ["crawler/page.py"],
    "httpcore": ["crawler/network.py"],
    "soupsieve": ["crawler/selector.py"],
    "protego": ["crawler/robots.py"],
    "feedparser": ["crawler/feed.py"],
    "warcio": ["crawler/archive.py"],
    "trafilatura": ["crawler/density.py"],
    "spacy": ["extract/pipeline.py"],
    "sqlite_utils": ["index/store.py", "index/migrations.py"],
    "sentence_transformers": ["index/encoder.py"],
    "pyarrow": ["index/shard.py"],
    "distributed": ["index/cluster.py"],
    "datasette": ["datasette_plugins/*", "solieu.py"],
    "rich": ["solieu.py"],
    "click": ["solieu.py"],
}
VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")


def modules(*layers: str) -> Iterator[Path]:
    for layer in layers:
        yield from sorted((ROOT / layer).rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def names(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(ast.parse(path.read_text("utf-8")))}


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_run_upstream_only(layer: str) -> None:
    downstream = {*LAYERS[LAYERS.index(layer) + 1 :], "solieu", "demo_press", "tests"}
    found = {str(path.relative_to(ROOT)): names(path) & downstream for path in modules(layer)}
    assert {path: bad for path, bad in found.items() if bad} == {}


def test_the_demonstration_press_knows_only_the_crawler() -> None:
    for path in modules("demo_press"):
        assert not names(path) & {"extract", "index", "datasette_plugins", "solieu"}, path


@pytest.mark.parametrize("package", DOORS)
def test_each_dependency_has_one_door(package: str) -> None:
    doors = {path for pattern in DOORS[package] for path in ROOT.glob(pattern)}
    users = {path for path in [*modules(*LAYERS), ROOT / "solieu.py"] if package in names(path)}
    assert users - doors == set()
    assert users, f"{package} is a dependency that nothing uses"


def test_there_is_no_drawer() -> None:
    drawers = {"utils", "util", "common", "helpers", "helper", "misc", "models", "manager", "base", "lib"}
    assert [path for path in modules(*LAYERS, "tests", "demo_press") if path.stem in drawers] == []


def test_code_knows_no_language() -> None:
    """Words live in tables: outside comments and docstrings, extract and index hold no Vietnamese letter."""
    found = []
    for path in modules("extract", "index"):
        tree = ast.parse(path.read_text("utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body
            and isinstance(node.body[0], ast.Expr)
        }  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                docs.add(id(node.value))  # a docstring below a field
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                words = re.findall(r"\w*" + VIETNAMESE.pattern + r"\w*", node.value)
                if any(
                    len(word) > 1 for word in words
                ):  # a single letter (đ in the folding) is an alphabet, not a word
                    found.append((str(path.relative_to(ROOT)), node.lineno, node.value))
    assert found == []


def test_extract_and_index_have_no_clock() -> None:
    for path in modules("extract", "index"):
        source = path.read_text("utf-8")
        assert not re.search(r"\b(datetime\.now|date\.today|time\.time|utcnow)\(", source), path


def test_every_module_and_public_function_is_described() -> None:
    bare = []
    for path in [*modules("crawler", "extract", "index", "demo_press"), ROOT / "solieu.py"]:
        tree = ast.parse(path.read_text("utf-8"))
        if not ast.get_docstring(tree):
            bare.append(str(path))
        for node in tree.body:
            public = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):  # type: ignore[arg-type]
                bare.append(f"{path.relative_to(ROOT)}: {node.name}")  # type: ignore[attr-defined]
    assert bare == []


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, solieu; print(*sorted(m for m in sys.modules if '.' not in m))"
    loaded = set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout.split()
    )
    assert not loaded & {
        "spacy",
        "torch",
        "numpy",
        "httpx",
        "bs4",
        "datasette",
        "sqlite_utils",
        "sentence_transformers",
        "rich",
    }


def test_packages_that_are_declared_are_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    imported: set[str] = set().union(*(names(path) for path in [*modules(*LAYERS, "demo_press"), ROOT / "solieu.py"]))
    spelled = {
        "beautifulsoup4": "bs4",
        "sentence-transformers": "sentence_transformers",
        "sqlite-utils": "sqlite_utils",
        "pyyaml": "yaml",
    }
    unseen = {"lxml", "lxml_html_clean"}  # parsers that bs4 and trafilatura load by name
    declared = {re.split(r"[\[<>=;! ]", entry)[0] for entry in project["dependencies"]} - unseen
    assert {name for name in declared if spelled.get(name, name) not in imported} == set()
