# ruff: noqa: E501 – a table
"""robots.txt by RFC 9309: what a file allows, and what each way of (not) answering means for the rest of the site."""

import gzip
import socket
import struct
import time

import pytest

import crawler.fetch
from crawler.crawl import crawl
from crawler.fetch import Fetcher
from crawler.memory import RememberedPages
from crawler.robots import LARGEST, Robots

OURS, ALL = "User-agent: Solieu\n", "User-agent: *\n"

# (file, path, allowed); the comments name sections of the RFC
CASES = [
    # 2.2.1 the user-agent line: the product token, whole, in any case; groups of one agent are one group
    *((OURS + "Disallow: /", "/x", False), ("user-agent: solieu\ndisallow: /", "/x", False)),
    *(("USER-AGENT: SOLIEU\nDISALLOW: /", "/x", False), ("User-agent: Solieu/0.1\nDisallow: /", "/x", False)),
    *(("User-agent: Solieubot\nDisallow: /", "/x", True), ("User-agent: Sol\nDisallow: /", "/x", True)),
    *(("User-agent: Solieu-News\nDisallow: /", "/x", True), ("User-agent: My Solieu\nDisallow: /", "/x", True)),
    *(("User-agent: Other\nDisallow: /", "/x", True), (ALL + "Disallow: /", "/x", False)),
    *((OURS + "Disallow: /a\n\n" + ALL + "Disallow: /b", "/b", True), (ALL + "Disallow: /a\n\n" + OURS + "Disallow: /b", "/a", True)),
    *((ALL + "Disallow: /a\n\n" + OURS + "Disallow: /b", "/b", False), (ALL + "Disallow: /\n\n" + OURS + "Allow: /", "/x", True)),
    *((OURS + "Disallow: /a\n\nUser-agent: Other\nDisallow: /\n\n" + OURS + "Disallow: /b", path, path == "/c")
      for path in ("/a", "/b", "/c")),
    *((ALL + "Disallow: /a\n\n" + ALL + "Disallow: /b", path, False) for path in ("/a", "/b")),
    *(("User-agent: Other\n" + OURS + "Disallow: /a", "/a", False), ("User-agent: Other\n" + ALL + "Disallow: /a", "/a", False)),
    *((OURS + "User-agent: Other\nDisallow: /a\nUser-agent: Third\nDisallow: /b", path, path == "/b") for path in ("/a", "/b")),
    *((OURS + "\n\n\nDisallow: /a", "/a", False), ("\n\n" + OURS + "Disallow: /a\n\nDisallow: /b", "/b", False)),
    *(("Disallow: /a\n" + ALL + "Disallow: /b", path, path == "/a") for path in ("/a", "/b")),
    *((OURS, "/a", True), (ALL + "\n" + OURS + "Disallow:", "/a", True), (OURS + "\n" + ALL + "Disallow: /a", "/a", False)),
    # lines of other records belong to no group and end none
    *((f"User-agent: Other\n{line}\n{ALL}Disallow: /a", "/a", False) for line in (
        "Foo: 1", "Sitemap: https://a.example/s", "Crawl-delay: 5", "Host: a.example", "Clean-param: x /", "Noindex: /", "nonsense", "#",
        "Request-rate: 1/5", "Visit-time: 0600-0845", "Unknown-agent: x", "Content-Signal: ai-train=no",
    )),
    *((f"{OURS}Disallow: /a\n{line}\nDisallow: /b", "/b", False) for line in ("Foo: 1", "Sitemap: x", "Crawl-delay: 5", ": x", "x")),
    # 2.2.2 rules: the longest match wins, Allow where both are as long, the order is nothing; paths have a case
    *((ALL + "Disallow: /a\nAllow: /a/b", path, allowed) for path, allowed in (("/a", False), ("/a/b", True), ("/a/bc", True), ("/a/c", False))),
    *((ALL + "Allow: /a/b\nDisallow: /a", "/a/b", True), (ALL + "Allow: /p\nDisallow: /", "/page", True)),
    *((ALL + "Allow: /a\nDisallow: /a", "/a", True), (ALL + "Disallow: /a\nAllow: /a", "/a", True)),
    *((ALL + "Allow: /folder\nDisallow: /folder", "/folder/page", True), (ALL + "Allow: /page\nDisallow: /*.htm", "/page.htm", False)),
    *((ALL + "Allow: /$\nDisallow: /", path, path == "/") for path in ("/", "/page.htm")),
    *((ALL + "Disallow: /A", "/a", True), (ALL + "Disallow: /a", "/A", True), (ALL + "Disallow:", "/a", True), (ALL + "Allow:", "/a", True)),
    *((ALL + "Disallow: /fish", path, False) for path in ("/fish", "/fish.html", "/fish/salmon", "/fishheads", "/fish.php?id=1")),
    *((ALL + "Disallow: /fish", path, True) for path in ("/Fish.asp", "/catfish", "/?id=fish")),
    *((ALL + "Disallow: /fish/", path, path == "/fish") for path in ("/fish", "/fish/", "/fish/salmon")),
    *((ALL + "Disallow: /x?page=", path, path == "/x") for path in ("/x", "/x?page=2")),
    *((ALL + "Disallow: /", "/robots.txt", True), (ALL + "Disallow: a", "/a", True)),
    # 2.2.3 the special signs
    *((ALL + "Disallow: /fish*", path, allowed) for path, allowed in (("/fish", False), ("/fish/x", False), ("/Fish", True), ("/catfish", True))),
    *((ALL + "Disallow: /*.php", path, allowed) for path, allowed in (
        ("/a.php", False), ("/folder/a.php?x", False), ("/a.php5", False), ("/", True), ("/windows.PHP", True))),
    *((ALL + "Disallow: /*.php$", path, allowed) for path, allowed in (("/a.php", False), ("/a.php?x", True), ("/a.php/", True), ("/a.php5", True))),
    *((ALL + "Disallow: /fish*.php", path, allowed) for path, allowed in (("/fish.php", False), ("/fishheads/cat.php?x", False), ("/Fish.PHP", True))),
    *((ALL + "Disallow: /a*b*c$", path, allowed) for path, allowed in (("/abc", False), ("/axbxc", False), ("/axbxcx", True), ("/acb", True))),
    *((ALL + "Disallow: /a$b", "/a", True), (ALL + "Disallow: *", "/x", False), (ALL + "Disallow: /*", "/x", False)),
    *((ALL + "Disallow: /a # b", "/a", False), ("# x\n" + ALL + "Disallow: /a#b", "/a", False), ("User-agent: * # all\nDisallow: /a", "/a", False)),
    # 2.2.2 percent-encoding and letters outside ASCII
    *((ALL + "Disallow: /foo/bar?baz=http://foo.bar", "/foo/bar?baz=http://foo.bar", False),),
    *((ALL + "Disallow: /ti\u1ebfng", "/ti%E1%BA%BFng", False), (ALL + "Disallow: /ti%E1%BA%BFng", "/ti\u1ebfng", False)),
    *((ALL + "Disallow: /ti%e1%ba%bfng", "/ti%E1%BA%BFng", False), (ALL + "Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False)),
    *((ALL + "Disallow: /a%3cd.html", "/a%3Cd.html", False),),
    # 2.2 what a line is: any line end, a byte-order mark, spaces, typing errors that are as good as the word
    *((f"User-agent: *{end}Disallow: /a{end}", "/a", False) for end in ("\n", "\r\n", "\r")),
    *(("\ufeff" + ALL + "Disallow: /a", "/a", False), ("  User-agent  :  *  \n\tDisallow\t:\t/a\t", "/a", False)),
    *(("User-agent *\nDisallow /a", "/a", False), (ALL + "Disalow: /a", "/a", False), ("Useragent: *\nDissallow: /a", "/a", False)),
    *((ALL + "Disallow: /a", "", True), ("", "/a", True), ("<html><title>404</title></html>", "/a", True), ("\x00\x01\x02", "/a", True)),
]  # fmt: skip


def test_there_are_enough():
    assert len(CASES) >= 94


@pytest.mark.parametrize(("text", "path", "allowed"), CASES)
def test_what_a_file_allows(text, path, allowed):
    assert Robots.of(200, text.encode()).allows(f"https://a.example{path}", "Solieu") is allowed


def raw(*chunks, pause=0.0):
    def answer(handler):
        for chunk in chunks:
            handler.wfile.write(chunk)
            handler.wfile.flush()
            time.sleep(pause)

    return answer


def reset(handler):
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


RULES = b"User-agent: *\nDisallow: /cam/"
OK = b"HTTP/1.1 200 OK\r\n"
PADDED = b"User-agent: *\n" + b"#" * 79 + b"\n" + (b"# " + b"x" * 77 + b"\n") * 5900
# name → how /robots.txt answers; whether the site is asked for pages; whether what RULES forbid is asked for too
FETCHES = {
    **{f"status {n}": ((n, {}, b""), True, True) for n in (400, 401, 403, 404, 410, 418)},
    **{f"status {n}": ((n, {}, b""), False, False) for n in (429, 500, 502, 503, 504)},
    "rules": ((200, {}, RULES), True, False),
    "empty": ((200, {}, b""), True, True),
    "html": ((200, {"content-type": "text/html"}, b"<html><body>Welcome</body></html>"), True, True),
    "byte-order mark": ((200, {}, b"\xef\xbb\xbf" + RULES), True, False),
    "carriage returns": ((200, {}, RULES.replace(b"\n", b"\r")), True, False),
    "gzip": ((200, {"content-encoding": "gzip"}, gzip.compress(RULES)), True, False),
    "cut gzip": ((200, {"content-encoding": "gzip"}, gzip.compress(RULES * 50)[:-12]), False, False),
    "no content-type": (raw(OK + b"content-length: %d\r\n\r\n" % len(RULES) + RULES), True, False),
    "short of its length": (raw(OK + b"content-length: 900\r\n\r\n" + RULES), False, False),
    "rules within 500 KiB": ((200, {}, PADDED + b"Disallow: /cam/\n" + b"#" * 200_000), True, False),
    "endless": ((200, {}, RULES + b"\n" + b"# x\n" * 400_000), True, False),
    "redirect": ((301, {"location": "/that.txt"}, b""), True, False),
    "five redirects": ((302, {"location": "/hop1"}, b""), True, False),
    "redirect loop": ((302, {"location": "/robots.txt"}, b""), False, False),
    "redirect to another host": ((302, {"location": "http://khac.example/robots.txt"}, b""), False, False),
    "reset": (reset, False, False),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), False, False),
    "hangs": (raw(b"", pause=1.5), False, False),
    "drips": (raw(OK, *[b"x"] * 30, pause=0.05), False, False),
}


def test_there_are_enough_behaviours():
    assert len(FETCHES) >= 22
    assert len(PADDED) < 500 * 1024 < LARGEST


@pytest.mark.parametrize("name", FETCHES)
def test_what_an_answer_means_for_the_site(press, clock, monkeypatch, name):
    answer, asked, forbidden_too = FETCHES[name]
    if name in ("hangs", "drips"):
        monkeypatch.setattr(crawler.fetch, "DEADLINE", 0.5)
    press.pages["/robots.txt"] = answer
    press.page("/that.txt", RULES)
    for hop in range(1, 5):
        press.page(f"/hop{hop}", status=302, location=f"/hop{hop + 1}" if hop < 4 else "/that.txt")
    free = press.article(1)
    press.pages["/cam" + free] = press.pages[free]
    press.feed("/tin.rss", free, "/cam" + free.replace("0001.htm", "0002.htm"))
    fetcher = Fetcher(press.card(feeds=["/tin.rss"]), user_agent="Solieu/t", now=clock.now, sleep=clock.sleep)
    list(crawl(fetcher.card, memory=RememberedPages(), now=clock.now, fetcher=fetcher))
    paths = press.paths()
    assert paths[0] == "/robots.txt"
    assert (free in paths) is asked
    assert any(path.startswith("/cam") for path in paths) is forbidden_too
    if not asked:
        assert set(paths) <= {"/robots.txt", "/that.txt"}
