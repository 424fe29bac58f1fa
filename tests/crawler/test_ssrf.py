"""Attempts to make the crawler ask where it must not: every one through a redirect, and by every other road there is.

No attempt may open a connection outside the site, nor look up a name that the card does not allow. The addresses that
names have are given by an injected resolver; connections are counted where they would be opened.
"""

import socket

import pytest

import crawler.network
from crawler.crawl import crawl
from crawler.errors import FetchError
from crawler.fetch import Fetcher
from crawler.memory import RememberedPages
from crawler.network import may_connect

PORT = "PORT"
"""Stands for the port of the site, at which only the site's own name may be asked."""

TARGETS = [
    # this machine, in every spelling
    *(
        "http://127.0.0.1/",
        "http://127.0.0.1:22/",
        "http://127.0.0.2:PORT/",
        "http://127.1:PORT/",
        "http://127.0.1:PORT/",
    ),
    *("http://localhost:PORT/", "http://LOCALHOST:PORT/", "http://localhost.:PORT/", "http://sub.localhost:PORT/"),
    *("http://2130706433:PORT/", "http://0x7f000001:PORT/", "http://0x7f.0.0.1:PORT/", "http://017700000001:PORT/"),
    *(
        "http://0177.0.0.1:PORT/",
        "http://0:PORT/",
        "http://0.0.0.0:PORT/",
        "http://127.0.0.1.:PORT/",
        "http://127%2e0.0.1:PORT/",
    ),
    *("http://[::1]:PORT/", "http://[::]:PORT/", "http://[::ffff:127.0.0.1]:PORT/", "http://[::ffff:7f00:1]:PORT/"),
    *("http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/", "http://[::127.0.0.1]:PORT/", "http://[64:ff9b::7f00:1]:PORT/"),
    *(
        "http://[2002:7f00:1::]:PORT/",
        "http://[fe80::1%25lo]:PORT/",
        "http://①②⑦.⓪.⓪.①:PORT/",
        "http://127。0。0。1:PORT/",
    ),
    # private networks and what clouds keep at link-local addresses
    *("http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/admin", "http://100.64.0.1/", "http://198.18.0.1/"),
    *("http://169.254.169.254/latest/meta-data/", "http://169.254.170.2/v2/credentials", "http://2852039166/"),
    *(
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://[fd00:ec2::254]/latest/",
        "http://100.100.100.200/",
    ),
    *("http://[fc00::1]/", "http://[fec0::1]/", "http://224.0.0.1/", "http://255.255.255.255/"),
    # other hosts, and spellings that two parsers read differently
    *(
        "http://evil.example/",
        "https://evil.example/",
        "//evil.example/x",
        "http://SITE@evil.example/",
        "http://SITE.evil.example/",
    ),
    *(
        "http://evil.example#@SITE/",
        "http://evil.example?@SITE/",
        "http://evil.example\\@SITE/",
        "http:\\\\evil.example/",
    ),
    *(
        "http://user:word@SITE/secret",
        "http://SITE:80@evil.example/",
        "/\\evil.example/",
        "http://evil.example%00@SITE/",
    ),
    *(
        "http:///evil.example/",
        "http://SITE\t.evil.example/",
        "http://evil。example/",
        "http://127.0.0.1:1/",
        "http://127.0.0.1:99999/",
    ),
    # other schemes
    *(
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1:6379/_x",
        "dict://127.0.0.1:11211/",
        "ldap://127.0.0.1/",
    ),
    *(
        "data:text/html,<h1>x</h1>",
        "javascript:alert(1)",
        "unix:///var/run/docker.sock",
        "jar:http://127.0.0.1!/",
        "blob:x",
    ),
]


@pytest.fixture
def watched(press, monkeypatch):
    """Every name that is looked up and every address connected to, outside the site itself."""
    went = []
    site, look, connect = press.base[7:], socket.getaddrinfo, crawler.network.httpcore.SyncBackend.connect_tcp

    def getaddrinfo(host, port, *rest, **named):
        if f"{host}:{port}" != site:
            went.append(f"look-up of {host}:{port}")
        return look("127.0.0.1", port, *rest, **named)

    def connect_tcp(self, host, port, *rest, **named):
        if f"{host}:{port}" != site:
            went.append(f"connection to {host}:{port}")
            raise crawler.network.httpcore.ConnectError("not in this test")
        return connect(self, host, port, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(crawler.network.httpcore.SyncBackend, "connect_tcp", connect_tcp)
    return went


def target_of(press, text):
    return text.replace("SITE", press.base[7:]).replace("PORT", press.base.rpartition(":")[2])


def test_there_are_enough():
    assert len(set(TARGETS)) >= 58


@pytest.mark.parametrize("target", TARGETS)
def test_no_redirect_leaves_the_site(press, clock, watched, target):
    fetcher = Fetcher(press.card(), user_agent="Solieu/test", now=clock.now, sleep=clock.sleep)
    press.page("/a", status=302, location=target_of(press, target).encode().decode("latin-1"))
    try:
        response = fetcher.get(f"{press.base}/a")
        assert response.status == 404
    except FetchError:
        pass
    finally:
        fetcher.close()
    assert watched == []
    assert all(path == "/a" or "secret" not in path for path in press.paths())


def test_no_other_road_leaves_the_site_either(press, clock, watched):
    """Links of a section, items of a feed, addresses of a sitemap and its children, robots.txt, refresh, base, canonical."""
    targets = [target_of(press, text).replace("&", "&amp;").replace("<", "&lt;") for text in TARGETS]
    listed = "".join(f"<item><link>{target}</link><guid>{target}</guid></item>" for target in targets)
    press.page("/tin.rss", f"<rss version='2.0'><channel>{listed}</channel></rss>")
    press.page("/s.xml", f"<urlset>{''.join(f'<url><loc>{target}</loc></url>' for target in targets)}</urlset>")
    children = "".join(f"<sitemap><loc>{target}</loc></sitemap>" for target in targets)
    press.page("/index.xml", f"<sitemapindex>{children}</sitemapindex>")
    press.page("/muc.htm", "<base href='http://evil.example/'>" + "".join(f'<a href="{t}">x</a>' for t in targets))
    press.page("/robots.txt", "User-agent: *\n" + "".join(f"Sitemap: {target}\n" for target in targets))
    path = press.article(1)
    head = "".join(
        f'<meta http-equiv="refresh" content="0;url={t}"><link rel="canonical" href="{t}"><link rel="amphtml" href="{t}">'
        f'<meta property="og:url" content="{t}"><iframe src="{t}"></iframe><img src="{t}">'
        for t in targets
    )
    press.page(path, press.pages[path][2].replace(b"</head>", f"{head}</head>".encode()))
    press.page("/that.xml", f"<urlset><url><loc>{press.base}{path}</loc></url></urlset>")
    card = press.card(
        feeds=["/tin.rss"],
        sitemaps=["/s.xml", "/index.xml", "/that.xml"],
        sections=["/muc.htm"],
        addresses=(),
        family="auto",
    )
    fetcher = Fetcher(card, user_agent="Solieu/test", now=clock.now, sleep=clock.sleep, clock=clock.clock)
    captures = list(crawl(card, memory=RememberedPages(), now=clock.now, fetcher=fetcher))
    assert watched == []
    assert any(capture.article.url == press.base + path for capture in captures), "and the crawl went on"
    bare = press.card(addresses=(), family="auto")
    fetcher = Fetcher(bare, user_agent="Solieu/test", now=clock.now, sleep=clock.sleep, clock=clock.clock)
    list(crawl(bare, memory=RememberedPages(), now=clock.now, fetcher=fetcher))
    assert watched == []


@pytest.mark.parametrize(
    "address",
    [
        *(
            "10.1.2.3",
            "127.0.0.1",
            "169.254.169.254",
            "192.168.0.1",
            "172.31.255.255",
            "100.64.0.1",
            "0.0.0.0",
            "168.63.129.16",
        ),
        *("::1", "::", "fe80::1", "fd00:ec2::254", "fec0::1", "::ffff:10.0.0.1", "::10.0.0.1", "::ffff:0:10.0.0.1"),
        *(
            "64:ff9b::a00:1",
            "64:ff9b:1::a00:1",
            "2002:a00:1::",
            "2001:0:a00:1::f5ff:fffe",
            "2001:db8::1",
            "3fff::1",
            "5f00::1",
        ),
        *("192.88.99.1", "192.0.0.8", "198.51.100.1", "240.0.0.1", "ff02::1", "100::1", "224.0.0.251", "198.19.0.1"),
    ],
)
def test_an_allowed_name_with_a_private_address_is_not_connected_to(press, clock, monkeypatch, address):
    """The card allows the name; its address decides, the first and any other that it has."""
    went = []
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for answers in ([address], ["93.184.216.34", address]):
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, port, answers=answers, **_: [
                (family, socket.SOCK_STREAM, 6, "", (one, port)) for one in answers
            ],
        )  # fmt: skip
        monkeypatch.setattr(
            crawler.network.httpcore.SyncBackend, "connect_tcp", lambda self, host, *_: went.append(host)
        )
        card = press.card(hosts=("bao.example",), loopback=False)
        fetcher = Fetcher(card, user_agent="Solieu/test", now=clock.now, sleep=clock.sleep)
        with pytest.raises(FetchError, match="not a public address"):
            fetcher.ask("http://bao.example/")
        fetcher.close()
    assert went == []
    assert not may_connect(address, loopback=False)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8"]
)
def test_public_addresses_may(address):
    assert may_connect(address, loopback=False)
