"""Some forty sites on loopback, each with three good articles and one way of being hostile, or broken, or merely odd.

In: a function that starts a LoopbackPress. Out: HostileSites by name: the press, the keys its card has beyond the usual,
what the coverage must say of it, how many of its articles must be stored. Bad pages say HỎNG ("broken").
"""

import gzip
import socket
import struct
import time
from dataclasses import dataclass, field

from tests.crawler.conftest import article_page

BAD = "HỎNG"
OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n"


@dataclass
class HostileSite:
    """`good` of its articles must be stored; `reasons` are (kind, reason) that its coverage must have."""

    press: object
    reasons: set = field(default_factory=set)
    keys: str = ""
    good: int = 3


def path(name, number=0):
    return f"/kinh-te/{name}-2026010609301{number:04d}.htm"


def bad_page(text=f"Một trang {BAD}."):
    return article_page(f"Trang {BAD}", text).encode()


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


def endless(handler):
    handler.wfile.write(OK + b"\r\n<html><body>")
    for _ in range(2000):
        handler.wfile.write(b"<p>" + BAD.encode() * 10_000)


def cookie_wall(press, target):
    def answer(handler):
        if "cookie" in {name.lower() for name in handler.headers}:
            handler.wfile.write(OK + b"content-length: 4\r\n\r\nHONG")
        handler.wfile.write(
            b"HTTP/1.1 302 Found\r\nset-cookie: a=1\r\nlocation: %s\r\ncontent-length: 0\r\n\r\n" % target.encode()
        )

    return answer


def pages(press):
    """What a single page may do: name → (page, the reason it is counted under)."""
    body = bad_page()
    long = f"<html><head>{'<meta name=x>' * 5}</head><body>"
    return {
        "drip": (raw(OK + b"content-length: 99999\r\n\r\n", *[b"y"] * 200, pause=0.05), ("failed", "timeout")),
        "silent": (lambda handler: time.sleep(9), ("failed", "timeout")),
        "endless": (endless, ("failed", "too_large")),
        "bomb": ((200, {"content-encoding": "gzip"}, gzip.compress(b"0" * (80 << 20))), ("failed", "too_large")),
        "cut-gzip": ((200, {"content-encoding": "gzip"}, gzip.compress(body * 40)[:-20]), ("failed", "cut_off")),
        "no-gzip": ((200, {"content-encoding": "gzip"}, body), ("failed", "cut_off")),
        "brotli": ((200, {"content-encoding": "br"}, body), ("failed", "encoding")),
        "short": (raw(OK + b"content-length: 90000\r\n\r\n" + body), ("failed", "cut_off")),
        "cut-chunks": (raw(OK + b"transfer-encoding: chunked\r\n\r\n400\r\n" + body[:400]), ("failed", "cut_off")),
        "unframed": (raw(OK + b"\r\n" + body[:-30]), ("failed", "cut_off")),
        "reset": (reset, ("failed", "connection")),
        "no-http": (raw(b"220 mail.example ESMTP\r\n"), ("failed", "cut_off")),
        "long-header": (raw(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 300_000 + b"\r\n\r\n"), ("failed", "cut_off")),
        "loop": ((302, {"location": path("loop")}, b""), ("failed", "redirects")),
        "cookie-wall": (cookie_wall(press, path("cookie-wall") + "?x"), ("failed", "redirects")),
        "leaves": ((302, {"location": "http://169.254.169.254/latest/"}, b""), ("blocked", "host")),
        "front-page": ((302, {"location": "/"}, b""), ("failed", "moved_away")),
        "error-200": ((200, {}, f"<html><body><h1>Lỗi {BAD}</h1></body></html>".encode()), ("failed", "no_article")),
        "login-200": ((200, {}, b"<html><form><input type=password></form></html>"), ("failed", "no_article")),
        "pdf": ((200, {"content-type": "application/pdf"}, b"%PDF-1.7\x00\xff" * 999), ("failed", "no_article")),
        "junk": ((200, {}, bytes(range(256)) * 99), ("failed", "no_article")),
        "empty": ((200, {}, b""), ("failed", "no_article")),
        "deep": ((200, {}, (long + "<div>" * 3000 + BAD).encode()), ("failed", "no_article")),
        "flood": ((200, {}, (long + f"<p>{BAD}<b>" * 60_000).encode()), ("failed", "no_article")),
        "unasked-304": ((304, {}, b""), ("failed", "status_304")),
        "teapot": ((418, {}, b""), ("failed", "status_418")),
        "forbidden": ((403, {}, b""), ("blocked", "status_403")),
        "error-500": ((500, {}, b""), ("failed", "status_500")),
        "missing": ((404, {}, b""), ("gone", "status_404")),
        "POISON-SLEEP": ((200, {}, b"<html>POISON-SLEEP</html>"), ("failed", "too_slow")),
        "POISON-MEMORY": ((200, {}, b"<html>POISON-MEMORY</html>"), ("failed", "too_hungry")),
        "POISON-DEATH": ((200, {}, b"<html>POISON-DEATH</html>"), ("failed", "worker_died")),
    }


def hostile_sites(start):
    """Start them all."""
    sites = {}

    def new(name, *reasons, keys="", good=3, feed=True):
        press = start()
        found = [press.article(i, f"Câu tốt số {i} của {name}: sản lượng tăng {i},5%.") for i in range(1, 4)]
        if feed:
            press.feed("/tin.rss", *found)
        sites[name] = HostileSite(press, set(reasons), keys, good)
        return press, found

    for name in pages(None):
        press, found = new(name)
        press.pages[path(name)], reason = pages(press)[name]
        press.page("/", "<html><body>Trang chủ</body></html>")
        press.pages[path("cookie-wall") + "?x"] = cookie_wall(press, path("cookie-wall"))
        press.feed("/tin.rss", found[0], path(name), *found[1:])
        sites[name].reasons.add(reason)

    press, _ = new("html-feed", ("failed", "not_a_list"), keys='sections = ["/muc.htm"]')
    press.page("/muc.htm", "".join(f'<li class="item"><a class="thumb" href="{press.article(i, press_text(press, i))}">x</a></li>'
                                   for i in range(1, 4)))  # fmt: skip
    press.page("/tin.rss", "<html><body><form>Đăng nhập</form></body></html>")
    press, found = new("utf-16-feed")
    items = "".join(f"<item><link>{link}</link></item>" for link in found)
    press.page(
        "/tin.rss",
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>{items}</channel></rss>".encode(
            "utf-16-le"
        ),
    )
    press, found = new("entities")
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    bomb += f'<!ENTITY x SYSTEM "{press.base}/xxe"><!ENTITY y SYSTEM "file:///etc/passwd">]>'
    items = "".join(f"<item><title>&i;&x;&y;</title><link>{link}</link></item>" for link in found)
    press.page("/tin.rss", f"{bomb}<rss version='2.0'><channel>{items}</channel></rss>")
    press, _ = new("sitemap-entities", ("failed", "not_a_list"), keys='sitemaps = ["/s.xml"]')
    press.page("/s.xml", f"{bomb}<urlset><url><loc>&i;</loc></url></urlset>")
    press, _ = new("login-sitemap", ("failed", "not_a_list"), keys='sitemaps = ["/s.xml"]')
    press.page("/s.xml", "<html><form>Đăng nhập</form></html>")
    press, _ = new("sitemap-of-itself", ("blocked", "host"), keys='sitemaps = ["/s.xml"]')
    press.page("/s.xml", f"<sitemapindex><sitemap><loc>{press.base}/s.xml</loc></sitemap>"
                         "<sitemap><loc>http://khac.example/s.xml</loc></sitemap></sitemapindex>")  # fmt: skip
    press, _ = new("sitemap-bomb", ("failed", "not_a_list"), keys='sitemaps = ["/s.xml.gz"]')
    press.page("/s.xml.gz", gzip.compress(b"<urlset>" + b" " * (200 << 20)))
    press, _ = new("trap", keys='sections = ["/lich.htm"]')
    press.page("/lich.htm", "".join(f'<a href="/lich.htm?trang={i}&sid={i}">sau</a>' for i in range(3000)))
    press, _ = new("other-hosts", ("blocked", "host"))
    links = [press.article(i, press_text(press, i)) for i in range(1, 4)]
    press.feed(
        "/tin.rss", *links, "javascript:alert(1)", "http://khac.example/a.htm", "mailto:a@khac.example", "http://[", ""
    )
    press, found = new("moved-slug")
    new_path = found[0].replace("bai-so-1", "ten-da-sua")
    press.pages[new_path] = press.pages[found[0]]
    press.feed("/tin.rss", *found, new_path)
    press, found = new("charsets")
    for link, charset in zip(found, ("utf-16-of-nowhere", "iso-8859-1", '"'), strict=True):
        status, headers, body = press.pages[link]
        press.pages[link] = (status, headers | {"content-type": f"text/html; charset={charset}"}, body)
    press, found = new("layout-change", ("layout", "body"))
    press.article(2, "Câu tốt số 2: sản lượng tăng 2,5%. " * 9)
    status, headers, body = press.pages[found[1]]
    body = (
        body.replace(b"contents", b"content-moi")
        .replace(b"<p>", b'<div itemprop="articleBody"><p>')
        .replace(b"</p>", b"</p></div>")
    )
    press.pages[found[1]] = (
        status,
        headers,
        body.replace(b"</head>", b'<meta property="og:type" content="article"></head>'),
    )
    press, _ = new("robots-500", ("failed", "robots_unreachable"), good=0)
    press.page("/robots.txt", status=500)
    sites["robots-500"].reasons = {("blocked", "robots_unreachable")}
    press, found = new("robots-forbids", ("blocked", "robots"), good=2)
    press.page("/robots.txt", f"User-agent: *\nFoo: 1\nDisallow: {found[2]}")
    for name, status, after in (
        ("busy-429", 429, "1"),
        ("busy-503", 503, "1"),
        ("busy-date", 429, None),
        ("long-429", 429, "4000"),
    ):
        press, found = new(
            name, *([("blocked", "status_429")] if after == "4000" else []), good=1 if after == "4000" else 3
        )
        press.pages[found[1]] = busy(press, found[1], status, after)
    return sites


def press_text(press, number):
    return f"Câu tốt số {number} của {press.base}: sản lượng tăng {number},5%."


def busy(press, link, status, after):
    """Answers once that it is busy, and then as it should; remembers when it may be asked again."""
    good = press.pages[link]

    def answer(handler):
        from email.utils import formatdate

        until = formatdate(time.time() + 2, usegmt=True) if after is None else after
        if after != "4000":
            press.pages[link] = good
        handler.wfile.write(f"HTTP/1.1 {status} Busy\r\nretry-after: {until}\r\ncontent-length: 0\r\n\r\n".encode())

    return answer
