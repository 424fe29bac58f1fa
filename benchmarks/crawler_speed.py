"""Crawling measured on loopback: articles a second beside Scrapy, a re-crawl of unchanged articles, peak memory.

In: a number of articles and, for the comparison, a Python that has Scrapy (of an environment outside the project:
`python -m venv DIR; DIR/bin/pip install scrapy beautifulsoup4 lxml soupsieve trafilatura lxml_html_clean`).
Out: one line a measurement. Both crawlers run on one core and ask the same server, which runs on the others; both read
every page with `crawler.page.read_page`. Ours keeps a WARC archive and a database on top of it; Scrapy writes lines of
JSON and, as ours must be able to, keeps its job directory.

    python benchmarks/crawler_speed.py --articles 3000 --scrapy DIR/bin/python
    python benchmarks/crawler_speed.py --articles 10000 --recrawl
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import ClassVar

ROOT = Path(__file__).parent.parent
SENTENCE = "Sản lượng của tỉnh trong tháng {n} ước đạt {a} nghìn tấn, tăng {b},{c}% so với cùng kỳ năm trước. "
SPIDER = """
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import scrapy

from crawler.card import load_folder
from crawler.page import read_page

CARD = next(iter(load_folder(Path({sites!r})).values()))


class Press(scrapy.Spider):
    name = "press"
    start_urls = list(CARD.feeds)

    def parse(self, response):
        for link in response.xpath("//item/link/text()").getall():
            yield response.follow(link, self.parse_article)

    def parse_article(self, response):
        read = read_page(response.body, response.url, card=CARD, fetched_at=datetime.now(UTC)).article
        yield {{"url": read.url, "title": read.title, "text": read.text, "published": str(read.published_at)}}
"""


def article(number: int, size: int) -> bytes:
    """One page of about `size` bytes: a text of some 3,000 characters within menus and links, as real pages are."""
    paragraphs = "".join(
        f"<p>{''.join(SENTENCE.format(n=i % 12 + 1, a=number + i, b=i, c=number % 10) for i in range(k, k + 3))}</p>"
        for k in range(0, 30, 3)
    )
    text = f"""<div class="content_wrapper"><h1 class="detail-title">Bài số {number}</h1>
    <h2 class="sapo">Lời dẫn của bài số {number}.</h2><div class="boxdetail"><div class="contents">{paragraphs}</div></div></div>"""
    row = (
        '<li class="item"><a class="thumb" href="/muc-{i}.htm" title="x"><img data-src="/anh/{i}.jpg" alt=""></a></li>'
    )
    rows = "".join(row.format(i=i) for i in range(max(0, (size - len(text.encode()) - 400) // len(row))))
    head = '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><meta property="og:type" content="article">'
    return f"{head}<title>Bài số {number}</title></head><body>{text}<ul>{rows}</ul></body></html>".encode()


def path_of(number: int) -> str:
    """The address of an article within the site."""
    return f"/kinh-te/bai-so-{number}-20260106{number // 3600 % 24:02d}{number // 60 % 60:02d}{number % 60:02d}{number % 1000:03d}.htm"


class Site(asyncio.Protocol):
    """As little of an HTTP server as two crawlers need: GET, keep-alive, If-None-Match."""

    pages: ClassVar[dict[bytes, bytes]] = {}
    counts: ClassVar[Counter[str]] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1]
            if path == b"/counts":
                body = json.dumps(self.counts).encode()
                self.counts.clear()
                self.transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
                continue
            body, kind = self.pages.get(path), b"application/xml" if path == b"/tin.rss" else b"text/html"
            if body is None:
                self.transport.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
                continue
            conditional = b"if-none-match" in head.lower() or b"if-modified-since" in head.lower()
            self.counts["list" if kind != b"text/html" else "conditional" if conditional else "unconditional"] += 1
            if conditional:
                self.transport.write(b'HTTP/1.1 304 Not Modified\r\netag: "1"\r\n\r\n')
                continue
            self.transport.write(
                b'HTTP/1.1 200 OK\r\ncontent-type: %s; charset=utf-8\r\netag: "1"\r\ncontent-length: %d\r\n\r\n%s'
                % (kind, len(body), body)
            )


def serve(articles: int, size: int, port: "multiprocessing.Queue[int]", cores: set[int]) -> None:
    """Serve the press until the process is ended."""
    os.sched_setaffinity(0, cores)
    Site.pages = {path_of(n).encode(): article(n, size) for n in range(articles)}

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Site, "127.0.0.1", 0)
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        items = "".join(f"<item><link>{base}{path_of(n)}</link></item>" for n in range(articles))
        Site.pages[b"/tin.rss"] = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        port.put(int(base.rpartition(":")[2]))
        await server.serve_forever()

    asyncio.run(run())


def counts(port: int) -> dict[str, int]:
    """What the server was asked since the last call."""
    import http.client

    client = http.client.HTTPConnection("127.0.0.1", port)
    client.request("GET", "/counts")
    found: dict[str, int] = json.loads(client.getresponse().read())
    client.close()
    return found


def resident(pid: int) -> int:
    """KiB in memory of a process and all below it (its proportional share of what they share)."""
    total, queue = 0, [pid]
    while queue:
        one = queue.pop()
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
            for task in Path(f"/proc/{one}/task").iterdir():
                queue += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, StopIteration):
            continue
    return total


def timed(command: list[str], cores: set[int], cwd: Path) -> tuple[float, float, float, str]:
    """Seconds, seconds of processor, peak MiB of the process tree, and what it said."""
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(
        ["taskset", "-c", ",".join(map(str, sorted(cores))), *command],
        cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    peak = 0

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            peak = max(peak, resident(process.pid))
            time.sleep(0.2)

    watching = threading.Thread(target=watch)
    watching.start()
    said = process.communicate()[0]
    watching.join()
    if process.returncode:
        sys.exit(f"{command}: exit {process.returncode}\n{said}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - started, busy, peak / 1024, said


def main() -> None:
    """Run what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--size", type=int, default=20_000, help="bytes of a page")
    parser.add_argument("--scrapy", type=Path, help="a Python that has Scrapy")
    parser.add_argument("--recrawl", action="store_true", help="crawl a second time and count what is asked")
    asked = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    port: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(
        target=serve, args=(asked.articles, asked.size, port, set(cores[1:]) or set(cores)), daemon=True
    )
    server.start()
    number = port.get()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sites").mkdir()
        (folder / "sites" / "mau.toml").write_text(
            f'outlet = "Mẫu"\nbase_url = "http://127.0.0.1:{number}"\nfamily = "baotintuc"\nfeeds = ["/tin.rss"]\n'
            'addresses = ["/{section}/{slug}-{stamp14}{ms}.htm"]\ndelay = 0.0\nloopback = true\n'
        )
        command = [
            sys.executable,
            str(ROOT / "solieu.py"),
            "crawl",
            "--sites",
            "sites",
            "--db",
            "t.db",
            "--archive",
            "a",
        ]
        ours, busy, memory, said = timed(command, {cores[0]}, folder)
        told = "{:.1f} articles/s, {:.1f} a second of processor ({:.1f} s, {:.1f} s of processor, peak {:.0f} MiB)"
        print("solieu:", told.format(asked.articles / ours, asked.articles / busy, ours, busy, memory), counts(number))
        print("  " + said.strip().splitlines()[-1])
        if asked.recrawl:
            again, worked, memory, said = timed(command, {cores[0]}, folder)
            print(
                "again:",
                told.format(asked.articles / again, asked.articles / worked, again, worked, memory),
                counts(number),
            )
            print("  " + said.strip().splitlines()[-1])
        if asked.scrapy:
            (folder / "press_spider.py").write_text(SPIDER.format(sites=str(folder / "sites")))
            options = ["-s", "ROBOTSTXT_OBEY=True", "-s", "JOBDIR=job", "-s", "LOG_LEVEL=ERROR", "-o", "out.jsonl"]
            theirs, worked, memory, _ = timed(
                [str(asked.scrapy), "-m", "scrapy", "runspider", "press_spider.py", *options], {cores[0]}, folder
            )
            got = len((folder / "out.jsonl").read_text().splitlines())
            print("scrapy:", told.format(got / theirs, got / worked, theirs, worked, memory), counts(number))
            print(
                f"ratio: {theirs / ours * asked.articles / got:.2f}, of processor time {worked / busy * asked.articles / got:.2f}"
            )
    server.terminate()


if __name__ == "__main__":
    main()
