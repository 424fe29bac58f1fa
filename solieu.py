"""The `solieu` command: composes crawler → extract → index → site; each layer is imported when its command runs.

In: arguments. Out: progress on stderr, answers on stdout; exit code 0, or another with one line that names what is wrong
and how to mend it: 2, or of a crawl 3 (articles were listed and none could be read), 4 (another process is writing), 5 (the
disk is full), 130 and 143 (stopped by a signal). `solieu run` is crawl, extract and index in one; `solieu serve` shows the result at http://127.0.0.1:8001/.
"""

import errno
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from crawler.errors import CrawlerError
from extract.errors import ExtractError
from index.errors import TrackerError

if TYPE_CHECKING:
    from rich.progress import Progress

    from crawler.article import Capture
    from crawler.card import SiteCard
    from crawler.event import Event
    from index.store import Store

HERE = Path(__file__).resolve().parent
PLUGINS = HERE / "datasette_plugins"
FAULTS = (CrawlerError, ExtractError, TrackerError)


class Problem(click.ClickException):
    """A fault that a person can mend: one line, and an exit code."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = code  # type: ignore[misc]  # click has one a class, we one a fault

    def show(self, file: Any = None) -> None:
        """Print the line on stderr."""
        click.echo(f"solieu: {self.message}", err=True)


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
DRY, LOCKED, FULL = 3, 4, 5
"""Exit codes: a site listed articles and none could be read; another process is writing; the disk is full or fails."""


def code_of(error: Exception) -> int:
    """The exit code that a layer's error ends with."""
    name = type(error).__name__
    if name in ("LockedStoreError", "ArchiveInUse"):
        return LOCKED
    cause = error.__cause__
    return FULL if name == "FullStoreError" or (isinstance(cause, OSError) and cause.errno in NO_ROOM) else 2


class Stopped(BaseException):
    """A signal that asks to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """SIGINT and SIGTERM raise Stopped in here, once; where signals cannot be taken (a thread), nothing changes."""

    def stop(number: int, _: Any) -> None:
        for other in before:
            signal.signal(other, signal.SIG_IGN)
        raise Stopped(number)

    before: dict[int, Any] = {}
    try:
        for number in (int(signal.SIGINT), int(signal.SIGTERM)):
            before[number] = signal.signal(number, stop)
    except ValueError:
        pass
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Commands(click.Group):
    """Turns every layer's own errors into one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except FAULTS as error:
            raise Problem(str(error), code_of(error)) from error


@click.group(cls=Commands)
@click.version_option(package_name="solieu")
def main() -> None:
    """Figures, targets and commitments that the Vietnamese press publishes, with receipts."""


database = click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("tracker.db"),
    show_default=True,
    help="The ledger.",
)
site_folders = click.option(
    "--sites",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with site cards of your own.",
)
archive_folder = click.option(
    "--archive", type=click.Path(file_okay=False, path_type=Path), default=Path("archive"), show_default=True,
    help="Where captures are kept as WARC files.",
)  # fmt: skip
since_option = click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Nothing published before this day.")
limit_option = click.option("--limit", type=click.IntRange(min=1), help="At most so many articles a site.")


@contextmanager
def progress(quiet: bool = False) -> "Iterator[Progress]":
    """A progress display on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as display:
        yield display


@contextmanager
def opened(db: Path, create: bool = True) -> "Iterator[Store]":
    """The ledger at `db`; no other process may write it meanwhile."""
    from index.lock import writing
    from index.store import open_store

    with writing(db) if create or db.exists() else nullcontext(), open_store(db, create=create) as store:
        yield store


def now() -> datetime:
    """The clock; layers get the time as an argument."""
    return datetime.now(UTC)


def cards(names: tuple[str, ...], folders: tuple[Path, ...]) -> "list[SiteCard]":
    """The cards of the sites named; all of `folders` (else all there are) when none is."""
    from crawler.card import load_cards

    known = load_cards(*folders)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Problem(f"no site {unknown[0]!r}: `solieu sites` lists them, `--sites DIR` adds your own")
    if names:
        return [known[name] for name in names]
    own = {path.stem for folder in folders for path in folder.glob("*.toml")}
    return [card for name, card in known.items() if not folders or name in own]


def crawl_sites(
    store: "Store", chosen: "list[SiteCard]", archive: Path, since: datetime | None, limit: int | None
) -> Counter[str]:
    """Crawl sites beside each other into the ledger. What came is kept every half second, archive first; a crawl that is
    stopped or killed has lost nothing that the next one would not ask for again."""
    from crawler.archive import Archive
    from crawler.crawl import user_agent
    from crawler.round import crawl_round

    counts: Counter[str] = Counter()
    events: Counter[tuple[str, str]] = Counter()

    def report(event: "Event") -> None:
        store.record(event)
        events[event.site, "left" if event.reason in ("older", "limit") else event.kind] += 1
        if event.kind in ("blocked", "failed"):
            counts[event.kind] += 1

    agent = user_agent(os.environ.get("SOLIEU_CONTACT"))
    with stoppable(), progress() as display, Archive(archive, gather=True) as warc:
        tasks = {card.name: display.add_task(card.name, total=limit) for card in chosen}
        day = since.date() if since else None

        def settle() -> None:
            warc.sync()
            store.settle()

        options: dict[str, Any] = {"archive": warc, "since": day, "limit": limit, "report": report, "user_agent": agent}
        try:
            with store.gathering():
                for card in chosen:
                    store.name_source(card.name, card.outlet)
                for capture in crawl_round(chosen, memory=store, now=now, settle=settle, **options):
                    counts[store.add_capture(capture)] += 1
                    if capture.article.site in tasks:
                        display.advance(tasks[capture.article.site])
                settle()
        except Stopped as error:
            say("crawl", counts)
            raise Problem(
                f"stopped by {error}; what was not kept is asked for again by the next run", error.code
            ) from None
        for task in tasks.values():
            display.update(task, total=display.tasks[task].completed)
    dry = [
        card.name
        for card in chosen
        if events[card.name, "listed"] >= MANY and not any(events[card.name, k] for k in READ)
    ]
    if dry:
        say("crawl", counts)
        raise Problem(
            f"{dry[0]} listed {events[dry[0], 'listed']} articles and none could be read: see /coverage for why", DRY
        )
    return counts


def why(store: "Store", limit: int | None) -> str:
    """Why a crawl that came to its end did so."""
    waiting = store.waiting()
    if not waiting:
        return "nothing more is due"
    reason = f"--limit {limit} is reached" if limit else "the rest could not be had now"
    return f"{reason}; {waiting} addresses wait for the next run"


MANY = 5
"""So many articles listed and none read, and a crawl ends red."""
READ = ("parsed", "unchanged", "left")


def extract_pending(store: "Store", everything: bool = False) -> Counter[str]:
    """Read every article that this extractor version has not read yet."""
    from extract.extractor import VERSION, extract

    counts: Counter[str] = Counter()
    rows = list(store.pending(VERSION, everything=everything))
    with progress(quiet=not rows) as display:
        for row in display.track(rows, description="extract"):
            published = row.published_at.date() if row.published_at else None
            extraction = extract(row.text, row.language, published, row.title)
            store.add_extraction(row, extraction, VERSION)
            counts["articles"] += 1
            counts["statements"] += len(extraction.statements)
            counts["commitments"] += len(extraction.commitments)
            counts["checks"] += len(extraction.checks)
            for _, _, reason in extraction.ignored:
                counts[f"left out: {reason}"] += 1
    return counts


def index_store(store: "Store") -> Counter[str]:
    """Series, vintages, translations, copies, search: everything that follows from the statements."""
    from index.encoder import usable_encoder
    from index.ledger import build
    from index.meaning import embed
    from index.stories import build_stories
    from index.summaries import summarise_articles

    counts = Counter(build(store, now()))
    encoder, fault = usable_encoder()
    if fault:
        click.echo(fault, err=True)
    counts["articles encoded"] = embed(store, encoder)
    counts["articles summarised"] = summarise_articles(store)
    counts["articles put into stories"] = build_stories(store)
    return +counts


def say(what: str, counts: Counter[str], ended: str = "") -> None:
    """One closing line on stderr."""
    parts = ", ".join(f"{n} {name}" for name, n in counts.most_common() if not name.startswith("left out"))
    click.echo(f"{what}: {parts or 'nothing to do'}{'; ' * bool(ended)}{ended}", err=True)
    left = [f"{n} {name.removeprefix('left out: ')}" for name, n in counts.most_common() if name.startswith("left out")]
    if left:
        click.echo(f"  numbers left out: {', '.join(left)}", err=True)


@main.command()
@click.argument("sites", nargs=-1)
@site_folders
@since_option
@limit_option
@archive_folder
@database
def crawl(
    sites: tuple[str, ...],
    folders: tuple[Path, ...],
    since: datetime | None,
    limit: int | None,
    archive: Path,
    db: Path,
) -> None:
    """Fetch what SITES have published (all sites when none is named)."""
    chosen = cards(sites, folders)
    with opened(db) as store:
        say("crawl", crawl_sites(store, chosen, archive, since, limit), why(store, limit))


field_option = click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="OURS=THEIRS",
    help="Name of a field in a JSONL file, e.g. text=Content.",
)


def field_names(pairs: tuple[str, ...]) -> dict[str, str]:
    """Our name of a field → the file's."""
    bad = next((pair for pair in pairs if "=" not in pair), None)
    if bad:
        raise Problem(f"--field {bad}: write OURS=THEIRS, e.g. --field text=Content")
    return dict(pair.split("=", 1) for pair in pairs)


@main.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@field_option
@click.option("--site", help="Outlet of articles that do not name one.")
@click.option("--language", help="Language of articles that do not name one.")
@click.option("--skip-empty", is_flag=True, help="Leave out lines without a text instead of stopping at them.")
@database
def import_(
    files: tuple[Path, ...], fields: tuple[str, ...], site: str | None, language: str | None, skip_empty: bool, db: Path
) -> None:
    """Take in articles from FILES: HTML, WARC, text, or JSONL of articles."""
    from crawler.imports import read_file

    names = field_names(fields)
    captures: list[Capture] = []
    for path in files:
        captures += read_file(path, fields=names, site=site, language=language, now=now(), skip_empty=skip_empty)
    counts: Counter[str] = Counter()
    with opened(db) as store, progress() as display:
        for capture in display.track(captures, description="import"):
            counts[store.add_capture(capture)] += 1
    say("import", counts)


@main.command()
@click.option("--all", "everything", is_flag=True, help="Read every article again.")
@click.option("--jsonl", is_flag=True, help="Filter: JSON lines in on stdin, JSON lines out; no ledger is touched.")
@database
def extract(everything: bool, jsonl: bool, db: Path) -> None:
    """Read figures, commitments and checks out of the articles not read yet."""
    if jsonl:
        from extract.extractor import extract as read

        filter_lines(lambda row: answer(read(row["text"], row.get("language"), day(row), row.get("title"))))
        return
    with opened(db, create=False) as store:
        say("extract", extract_pending(store, everything))


@main.command()
@click.option("--jsonl", is_flag=True, required=True, help="JSON lines in on stdin, JSON lines out.")
def quantities(jsonl: bool) -> None:
    """Read every number with its unit, and every period, before anything decides what is a published figure."""
    from extract.extractor import quantities as read

    filter_lines(lambda row: read(row["text"], row.get("language"), day(row)))


def answer(extraction: Any) -> dict[str, Any]:
    """An extraction under the field names of the gold guidelines."""
    return {
        "figures": [statement.figure() for statement in extraction.statements],
        "commitments": [commitment.figure() for commitment in extraction.commitments],
    }


def day(row: dict[str, Any]) -> date | None:
    """The row's `published_at` as a day."""
    stamp = row.get("published_at")
    if not stamp:
        return None
    try:
        return datetime.fromisoformat(str(stamp)).date()
    except ValueError:
        raise ValueError(f"published_at {stamp!r} is no ISO date") from None


def filter_lines(read: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """stdin to stdout, one line in, one line out, flushed; a line that cannot be read stops with its number."""
    source: BinaryIO = sys.stdin.buffer
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                raise ValueError('needs an object with "text"')
            result = {"id": row.get("id"), **read(row)}
        except ValueError as error:
            raise Problem(f"line {number}: {error}") from error
        click.echo(encode(result), nl=True)
        sys.stdout.flush()


def encode(value: Any) -> str:
    """JSON on one line; lone surrogates, which no encoding can carry, are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isascii() or text.encode("utf-8", "replace").decode() == text else json.dumps(value)


@main.group("archive")
def archive_() -> None:
    """The WARC archive of everything that was captured."""


@archive_.command()
@archive_folder
def check(archive: Path) -> None:
    """Read the WARC archive through and name every record that is damaged."""
    from crawler.archive import check as damaged

    faults = damaged(archive)
    if faults:
        raise Problem(f"{len(faults)} damaged: " + "; ".join(faults[:5]))
    click.echo("the archive is sound")


@main.command("index")
@click.argument("shards", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@database
def index_(shards: tuple[Path, ...], db: Path) -> None:
    """Build series, vintages, translations, wire copies and search from the statements; first take in SHARDS, folders that
    `solieu backfill` wrote."""
    with opened(db, create=bool(shards)) as store:
        if shards:
            from index.merge import merge

            for folder in shards:
                say(f"merge {folder}", merge(store, folder))
        say("index", index_store(store))


@main.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder of the shards.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes on this machine; as many as it has processors.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler whose workers do it, e.g. tcp://10.0.0.1:8786.")
@field_option
@click.option("--site", help="Outlet of articles that do not name one; of WARC files, the only one to take.")
@click.option("--language", help="Language of articles that do not name one.")
@click.option("--skip-empty", is_flag=True, help="Leave out lines without a text instead of failing at them.")
def backfill(
    sources: tuple[str, ...],
    out: Path,
    workers: int | None,
    scheduler: str | None,
    fields: tuple[str, ...],
    site: str | None,
    language: str | None,
    skip_empty: bool,
) -> None:
    """Read and extract SOURCES (WARC, JSONL of articles, or listings of them) into a folder of Parquet shards, one a file.
    What is done already is not done again; `solieu index DIR` takes the shards into a ledger."""
    from index.backfill import backfill as entries
    from index.cluster import on_cluster

    if workers and scheduler:
        raise Problem("--workers and --scheduler: give one of them")
    counts: Counter[str] = Counter()
    faults: list[str] = []
    options: dict[str, Any] = {"fields": field_names(fields), "site": site, "language": language}
    try:
        with stoppable(), progress() as display:
            task = display.add_task("backfill", total=None)
            run = on_cluster(scheduler) if scheduler else None
            for entry in entries(
                sources,
                out,
                now=now(),
                workers=workers or os.cpu_count() or 1,
                run=run,
                skip_empty=skip_empty,
                **options,
            ):
                display.advance(task)
                counts[f"files {entry.state}"] += 1
                counts["articles"] += entry.rows
                counts["statements"] += entry.statements
                counts.update({f"left out: {reason}": n for reason, n in entry.left.items()})
                if entry.error:
                    faults.append(entry.error)
    except Stopped as error:
        say("backfill", +counts)
        raise Problem(f"stopped by {error}; run the same command again for the rest", error.code) from None
    say("backfill", +counts)
    if faults:
        raise Problem(f"{len(faults)} files failed, the first: {faults[0]}; mend it and run the same command again")


@main.command()
@click.argument("sites", nargs=-1)
@site_folders
@since_option
@limit_option
@archive_folder
@database
def run(
    sites: tuple[str, ...],
    folders: tuple[Path, ...],
    since: datetime | None,
    limit: int | None,
    archive: Path,
    db: Path,
) -> None:
    """Crawl SITES, extract and index: the three in one."""
    chosen = cards(sites, folders)
    with opened(db) as store:
        say("crawl", crawl_sites(store, chosen, archive, since, limit), why(store, limit))
        say("extract", extract_pending(store))
        say("index", index_store(store))


@main.command()
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Default: DB with .published.db at its end."
)
@database
def publish(out: Path | None, db: Path) -> None:
    """Write the read-only snapshot that `solieu serve` shows."""
    click.echo(published(db, out), err=True)


def published(db: Path, out: Path | None = None) -> Path:
    """Publish the ledger and name the snapshot."""
    from index.publish import publish as write

    return write(db, out or db.with_suffix(".published.db"))


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True)
@database
def serve(port: int, host: str, db: Path) -> None:
    """Show the tracker in the browser and as a JSON API; a snapshot that `solieu publish` writes later takes its place."""
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            with socket.socket() as other:
                other.bind((host, 0))
                free = other.getsockname()[1]
            raise Problem(f"port {port} is taken: try `solieu serve --port {free}` (make run PORT={free})") from None
        port = probe.getsockname()[1]
    snapshot = published(db)
    import uvicorn

    from datasette_plugins.editions import Editions

    click.echo(f"Solieu is at http://{host}:{port}/  (Ctrl-C ends it)", err=True)
    uvicorn.run(Editions(snapshot, site), host=host, port=port, log_level="warning")


def site(snapshot: Path) -> Any:
    """Datasette over a published snapshot, with our pages, and closed where its defaults are open."""
    import yaml
    from datasette.app import Datasette

    return Datasette(
        files=[],
        immutables=[str(snapshot)],
        metadata=yaml.safe_load((HERE / "metadata.yml").read_text("utf-8")),
        plugins_dir=str(PLUGINS),
        template_dir=str(PLUGINS / "templates"),
        static_mounts=[("static", str(PLUGINS / "static"))],
        settings={
            "default_allow_sql": False,
            "allow_download": False,
            "allow_facet": False,
            "suggest_facets": False,
            "allow_csv_stream": False,
            "sql_time_limit_ms": 1500,
            "num_sql_threads": 4,
        },
    )


@main.command()
@click.option("--db", type=click.Path(dir_okay=False, path_type=Path), default=Path("demo.db"), show_default=True)
@click.option("--port", type=click.IntRange(0, 65000), help="First of the ports of the press; 0 takes free ones.")
@archive_folder
def demo(db: Path, port: int | None, archive: Path) -> None:
    """Build the demonstration tracker: crawl our own small press over HTTP, twice, as a real site would be."""
    import tempfile

    import demo_press

    port = demo_press.PORT if port is None else port
    try:
        papers = demo_press.serve(port)
    except OSError as error:
        raise Problem(f"the press cannot be served: {error.strerror}; try `solieu demo --port 0`") from error
    with papers as press, opened(db) as store, tempfile.TemporaryDirectory() as folder:
        chosen = cards((), (press.cards(Path(folder)),))
        for edition in (1, 2):
            press.print_edition(edition)
            say(f"crawl, edition {edition}", crawl_sites(store, chosen, archive, None, None))
            say("extract", extract_pending(store))
        say("index", index_store(store))
    click.echo("Look first at:", err=True)
    for what, where in demo_press.TOUR:
        click.echo(f"  {what}: {where}", err=True)


@main.command()
@click.argument("source")
@click.option("--html", is_flag=True, help="A page of HTML instead of terminal colours.")
@click.option("--language", help="Default: told from the text.")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="Day of publication, anchors relative periods.")
@site_folders
def explain(
    source: str, html: bool, language: str | None, published: datetime | None, folders: tuple[Path, ...]
) -> None:
    """Show which words of SOURCE (URL, FILE or - for stdin) became what, by which rules, and why the rest was left."""
    from extract.explanation import explain as read
    from extract.explanation import html_page

    title: str | None = None
    day = published.date() if published else None
    if source == "-":
        text = sys.stdin.read()
    else:
        article = article_of(source, folders)
        title, text, language = article.title, article.text, language or article.language
        day = day or (article.published_at.date() if article.published_at else None)
    explanation = read(text, language, day, title)
    if html:
        click.echo(html_page(explanation))
        return
    print_explanation(explanation)


COLOURS = {"figure": "bold green", "commitment": "bold magenta", "period": "cyan", "mask": "dim", "left": "yellow"}


def print_explanation(explanation: Any) -> None:
    """The text in colours, then one line for each piece, then the checks."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    text = Text(explanation.text)
    for piece in explanation.pieces:
        text.stylize("underline" if piece.kind == "commitment" else COLOURS[piece.kind], piece.start, piece.end)
    console.print(text)
    console.print()
    for piece in explanation.pieces:
        line = Text(f"{piece.kind:10s} ", COLOURS[piece.kind])
        line.append(explanation.text[piece.start : piece.end], "bold").append(f"  {piece.became}")
        console.print(line.append("  " + " ".join(piece.rules), "dim"))
    for check in explanation.checks:
        console.print(Text(f"check      {check.verdict}: ", "bold red").append(check.explanation.get("en", check.kind)))


@main.command()
@click.argument("source")
@click.option("--sentences", type=click.IntRange(min=1), help="At most so many; 3 when neither is given.")
@click.option("--syllables", type=click.IntRange(min=1), help="At most so many words.")
@click.option("--title", help="The headline, which tells what matters; taken from SOURCE where it has one.")
@click.option("--language", help="Default: told from the text.")
@click.option("--json", "as_json", is_flag=True, help="Offsets, figures, method and reason.")
@site_folders
def summarise(
    source: str,
    sentences: int | None,
    syllables: int | None,
    title: str | None,
    language: str | None,
    as_json: bool,
    folders: tuple[Path, ...],
) -> None:
    """Print the sentences that stand for SOURCE (URL, FILE or - for stdin), one a line."""
    from extract.extractor import extract as read
    from extract.lexicon import languages
    from extract.summariser import summarise as shorten
    from extract.summary import figures_of, quote
    from extract.summary_choice import Budget

    if sentences and syllables:
        raise Problem("--sentences and --syllables: give one of them")
    if language and language not in languages():
        raise Problem(f"--language {language}: there are {', '.join(languages())}")
    if source == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    else:
        article = article_of(source, folders)
        title, text, language = title or article.title, article.text, language or article.language
    figures = figures_of(read(text, language, None, title).statements)
    budget = Budget(sentences or (None if syllables else 3), syllables)
    summary = shorten(text, language, title, figures, budget)
    if as_json:
        chosen = []
        for s in summary.sentences:
            printed = [text[figures[k].start : figures[k].end] for k in s.figures]
            chosen.append({"start": s.start, "end": s.end, "text": quote(text, s), "figures": printed})
        facts = {"method": summary.method, "language": summary.language, "reason": summary.reason}
        click.echo(encode({"sentences": chosen} | facts))
        return
    for sentence in summary.sentences:
        click.echo(quote(text, sentence).encode("utf-8", "replace").decode())
    if summary.reason:
        click.echo(f"summarise: {NO_SUMMARY[summary.reason]}", err=True)


@main.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day; by default today.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day; by default today.")
@click.option("--topic", help="Only stories with a figure of this topic: macro, prices, labour …")
@click.option("--place", help="Only stories with a figure of this place: ha_noi …")
@click.option("--html", "as_html", is_flag=True, help="A page of HTML instead of Markdown.")
@click.option("--json", "as_json", is_flag=True, help="The records.")
@database
def digest(
    since: datetime | None,
    until: datetime | None,
    topic: str | None,
    place: str | None,
    as_html: bool,
    as_json: bool,
    db: Path,
) -> None:
    """Print what happened from one day to another, each story once, in sentences of the articles themselves."""
    from index.digest import digest as collect
    from index.digest import html, markdown
    from index.store import connect
    from index.timespan import day_of

    today = day_of(now())
    first, last = (day.date().isoformat() if day else today for day in (since, until))
    with closing(connect(db)) as conn:
        found = collect(conn, first, last, topic, place)
    click.echo(encode(found) if as_json else html(found) if as_html else markdown(found))


NO_SUMMARY = {
    "empty": "there is no text in it",
    "no_sentences": "no sentence in it, only headings, captions or rows of figures",
    "unknown_language": "a language that no table knows: these are its first sentences",
}


def article_of(source: str, folders: tuple[Path, ...]) -> Any:
    """The article at a URL or in a file."""
    from crawler.crawl import fetch_article
    from crawler.imports import read_file

    if source.startswith(("http://", "https://")):
        from crawler.card import load_cards

        return fetch_article(source, load_cards(*folders), now=now())
    path = Path(source)
    if not path.is_file():
        raise Problem(f"no file {source!r}: give a URL, a file or - for stdin")
    capture = next(iter(read_file(path, now=now())), None)
    if capture is None:
        raise Problem(f"{source}: no article in it")
    return capture.article


@main.command()
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--misses", type=int, default=0, help="List so many disagreements on stderr.")
@click.option("--json", "as_json", is_flag=True)
def evaluate(gold: tuple[Path, ...], misses: int, as_json: bool) -> None:
    """Run the extractor on annotated passages and score it."""
    from extract.evaluation import evaluate as score
    from extract.extractor import extract as read

    rows: list[dict[str, Any]] = []
    for path in gold:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                rows += [json.loads(line)] if line.strip() else []
            except ValueError as error:
                raise Problem(f"{path}, line {number}: {error}") from error
    system = {row["id"]: answer(read(row["text"], row.get("language"), day(row), row.get("title"))) for row in rows}
    result = score(system, rows)
    if as_json:
        click.echo(json.dumps(result.as_dict()))
    else:
        for name, figures in result.as_dict().items():
            click.echo(f"{name:12s} " + "  ".join(f"{key} {value}" for key, value in figures.items()))
    for miss in result.misses[:misses]:
        click.echo(f"{miss.passage} | {miss.field} | {miss.quote} | {miss.given} | {miss.wanted}", err=True)


def filter_options(command: Any) -> Any:
    """The filters of search as options of a command, in the order of its parameters."""
    told = {
        "kind": "statistic, target, forecast, commitment or rule.",
        "indicator": "Id of the catalogue: gdp_growth.",
        "place": "Id of the catalogue, one version or all: hai_phong@34, hai_phong.",
        "measure": "level, change, growth, share, ratio or rank.",
        "period": "Reference period inside it: 2025, 2025-Q3, 2021/2025.",
        "min": "Smallest value, in --unit.",
        "max": "Largest value, in --unit.",
        "unit": "percent, VND, person …",
        "source": "Outlet.",
        "language": "vi, en or sv.",
        "since": "Published on this day or later.",
        "until": "Published on this day or earlier.",
        "verdict": "Verdict of a check: inconsistent, off_by_power_of_ten …",
    }
    for name, text in reversed(told.items()):
        command = click.option(f"--{name}", help=text)(command)
    return command


@main.command()
@click.argument("words", nargs=-1)
@filter_options
@click.option(
    "--sort", type=click.Choice(["relevance", "published", "period", "value"]), default="relevance", show_default=True
)
@click.option("--page", type=click.IntRange(1, 500), default=1, show_default=True)
@click.option("--limit", type=click.IntRange(1, 200), default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@database
def search(words: tuple[str, ...], limit: int, page: int, sort: str, as_json: bool, db: Path, **filters: Any) -> None:
    """Search the ledger by words, by meaning or by value ("8,5%", "trên 10%", "2 triệu tỷ đồng")."""
    from index.search import search as find
    from index.store import connect

    with closing(connect(db)) as reader:
        found = find(reader, " ".join(words), size=limit, page=page, sort=sort, **filters)
    if as_json:
        click.echo(encode(found))
        return
    if found["meaning"]["refused"]:
        click.echo(found["meaning"]["refused"], err=True)
    for row in found["results"]:
        article = row["article"]
        click.echo(f"{row['printed']}  {row['indicator'] or ''}  {row['place'] or ''}  {row['period'] or ''}")
        click.echo(f"    {article['title']}  {article['published_at'] or ''}  {article['url']}")
    if found["articles"]:
        click.echo("articles:")
    for article in found["articles"]:
        click.echo(f"    {article['title']}  {article['published_at'] or ''}  {article['url']}")
    if found["proposed"]:
        click.echo("perhaps: " + ", ".join(f"{i['names']['vi']} ({i['id']})" for i in found["proposed"]))
    if not found["results"] and not found["articles"]:
        click.echo("nothing found")


@main.command()
@site_folders
def sites(folders: tuple[Path, ...]) -> None:
    """List the sites that can be crawled."""
    for card in cards((), folders) if folders else cards((), ()):
        click.echo(f"{card.name:28s} {','.join(card.languages):10s} {card.base_url}")


if __name__ == "__main__":
    main()
