"""A press on loopback that answers whatever a test wants, and remembers what it was asked."""

import contextlib
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crawler.address import Address
from crawler.card import SiteCard


@dataclass
class LoopbackPress:
    """`pages` maps a path to (status, headers, body) or to a function of the handler; `asked` lists (path, headers, time)."""

    base: str = ""
    pages: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def page(self, path, body=b"", status=200, **headers):
        body = body.encode() if isinstance(body, str) else body
        self.pages[path] = (status, {"content-type": "text/html; charset=utf-8", **headers}, body)

    def article(self, number, text="GDP tăng 8,02% trong năm 2025.", **headers):
        path = f"/kinh-te/bai-so-{number}-2026010609300{number:04d}.htm"
        self.page(path, article_page(f"Bài số {number}", text), **headers)
        return path

    def feed(self, path, *links):
        items = "".join(f"<item><link>{link}</link></item>" for link in links)
        self.page(path, f"<rss version='2.0'><channel>{items}</channel></rss>")

    def paths(self):
        return [path for path, _, _ in self.asked]

    def card(self, **changes):
        values = {
            "family": "baotintuc",
            "addresses": (Address.of("/{section}/{slug}-{stamp14}{ms}.htm"),),
            "delay": 0.0,
            "loopback": True,
            **changes,
        }
        for key in ("feeds", "sitemaps", "sections"):
            values[key] = tuple(self.base + path for path in values.get(key, ()))
        return SiteCard("cua-bien", "Cửa Biển", self.base, **values)


def article_page(title, text, head=""):
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>
    <div class="content_wrapper"><h1 class="detail-title">{title}</h1><h2 class="sapo">Lời dẫn của {title}.</h2>
    <div class="boxdetail"><div class="contents"><p>{text}</p></div></div></div></body></html>"""


@contextmanager
def serving(handler_class):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_class)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(press):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self):
            with contextlib.suppress(ConnectionError):  # a crawl that was killed
                super().handle()

        def do_GET(self):
            press.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, time.monotonic()))
            answer = press.pages.get(self.path, (404, {}, b"")) if self.path in press.pages else (404, {}, b"")
            if callable(answer):
                self.close_connection = True
                with contextlib.suppress(OSError):  # the client has gone, as it should
                    answer(self)
                return
            status, headers, body = answer
            etag = headers.get("etag")
            if status == 200 and etag and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            if status != 304:
                self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


@pytest.fixture
def presses():
    """A function that starts one more LoopbackPress, each on a port of its own."""
    with contextlib.ExitStack() as stack:

        def start():
            site = LoopbackPress()
            site.base = stack.enter_context(serving(_handler(site)))
            return site

        yield start


@pytest.fixture
def press(presses):
    """A running LoopbackPress."""
    return presses()


class Clock:
    """A clock that moves only when somebody sleeps: `now` for records, `clock` and `sleep` for a Fetcher."""

    def __init__(self):
        self.passed = 0.0

    def now(self):
        return datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(seconds=self.passed)

    def clock(self):
        return self.passed

    def sleep(self, seconds):
        self.passed += seconds


@pytest.fixture
def clock():
    """A Clock at noon of 1 March 2026."""
    return Clock()
