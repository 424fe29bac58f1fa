"""The press on loopback: one HTTP server a paper, each with its own port, in threads of this process.

In: a port and an edition. Out: a Press with the addresses of the papers, to be closed (or used in a `with`).

    with serve() as press:
        press.bases["lua-moi"]                 # "http://127.0.0.1:49152"
        press.print_edition(2)                 # from now on the same addresses show the press of later

It answers GET and HEAD, sends ETag and Last-Modified, and 304 where a client has the document already. A paper answers
404 to what it does not have, and it keeps no account of time: the same edition on the same ports is the same bytes.
"""

import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from demo_press.edition import Edition
from demo_press.outlet import cards, outlets

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Request:
    """One request that the press answered: with `path` goes the query, with `status` 200, 304 or 404."""

    site: str
    path: str
    status: int
    user_agent: str


class Press:
    """The papers being served. `bases`: name → address; `requests`: what was asked, in order."""

    def __init__(self, port: int, edition: int) -> None:
        self.requests: list[Request] = []
        self._servers: dict[str, ThreadingHTTPServer] = {}
        self._threads: list[threading.Thread] = []
        try:
            for offset, name in enumerate(outlets()):
                self._servers[name] = _Paper((HOST, port + offset if port else 0), self, name)
        except OSError as error:
            for server in self._servers.values():
                server.server_close()
            raise OSError(error.errno, f"port {port + offset} of {HOST} cannot be used: {error.strerror}") from error
        self.bases = {name: f"http://{HOST}:{server.server_address[1]}" for name, server in self._servers.items()}
        self.edition = Edition(edition, self.bases)
        for name, server in self._servers.items():
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), name=f"press {name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def print_edition(self, number: int) -> None:
        """Serve another edition at the same addresses."""
        self.edition = Edition(number, self.bases)

    def cards(self, folder: Path) -> Path:
        """Write the papers' site cards, ports filled in, into `folder`, and return it."""
        return cards(self.bases, folder)

    def close(self) -> None:
        """Stop serving. A second call does nothing."""
        for server in self._servers.values():
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()
        self._servers, self._threads = {}, []

    def __enter__(self) -> "Press":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Paper(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], press: Press, site: str) -> None:
        self.press, self.site = press, site
        super().__init__(address, _Desk)

    def server_bind(self) -> None:
        """As HTTPServer's, without looking up the machine's own name, which takes seconds on some systems."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]


class _Desk(BaseHTTPRequestHandler):
    server: _Paper
    server_version = "DemoPress"
    sys_version = ""
    timeout = 10

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        press, site = self.server.press, self.server.site
        document = press.edition.document(site, unquote(urlsplit(self.path).path))
        if document is None:
            status, body = HTTPStatus.NOT_FOUND, b"<!DOCTYPE html><title>404</title><h1>404</h1>"
            headers = {"Content-Type": "text/html; charset=utf-8"}
        else:
            headers = {"ETag": document.etag, "Last-Modified": document.last_modified}
            status, body = HTTPStatus.OK, document.body
            if self._has(document.etag, document.last_modified):
                status, body = HTTPStatus.NOT_MODIFIED, b""
            else:
                headers["Content-Type"] = document.content_type
                if document.encoding:
                    headers["Content-Encoding"] = document.encoding
        press.requests.append(Request(site, self.path, int(status), self.headers.get("User-Agent", "")))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _has(self, etag: str, last_modified: str) -> bool:
        """Whether the client's copy is this document (RFC 9110: the entity tag decides where it is given)."""
        if tags := self.headers.get("If-None-Match"):
            return etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")] or tags.strip() == "*"
        return self.headers.get("If-Modified-Since") == last_modified

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: `Press.requests` is the log."""


def serve(port: int = 0, edition: int = 1) -> Press:
    """Serve `edition` of the press on loopback.

    `port` 0 takes free ports; another takes that port for the first paper and the next ones for the others, so that
    addresses stay the same from one run to the next. Raises OSError, naming the port, where one is taken.
    """
    return Press(port, edition)
