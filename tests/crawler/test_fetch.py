"""Fetching: what is taken, what is refused, and how long it may last."""

import gzip
import socket
import time
import zlib

import pytest

import crawler.fetch
import crawler.network
from crawler.errors import Damaged, FetchError, Refused, RetryLater
from crawler.fetch import Fetcher
from crawler.network import may_connect

AGENT = "Solieu/test (+mailto:redaktion@example.org)"


@pytest.fixture
def fetcher(press, clock):
    with_real_time = Fetcher(press.card(), user_agent=AGENT, now=clock.now, sleep=clock.sleep)
    yield with_real_time
    with_real_time.close()


def raw(*chunks, pause=0.0):
    def answer(handler):
        for chunk in chunks:
            handler.wfile.write(chunk)
            handler.wfile.flush()
            if pause:
                time.sleep(pause)

    return answer


def test_a_page_with_its_headers(press, fetcher):
    press.page("/a", "xin chào", etag='"1"')
    response = fetcher.get(f"{press.base}/a")
    assert (response.status, response.body.decode(), response.charset) == (200, "xin chào", "utf-8")
    assert response.validators == ('"1"', None)
    headers = press.asked[0][1]
    assert headers["user-agent"] == AGENT
    assert headers["accept-encoding"] == "gzip, deflate"
    assert "cookie" not in headers


def test_conditional_request(press, fetcher):
    press.page("/a", "x", etag='"1"')
    assert fetcher.get(f"{press.base}/a", validators=('"1"', None)).status == 304
    assert fetcher.get(f"{press.base}/a", validators=('"0"', "Mon, 01 Jan 2024 00:00:00 GMT")).status == 200
    assert press.asked[1][1]["if-modified-since"] == "Mon, 01 Jan 2024 00:00:00 GMT"


def test_a_server_without_validators_gets_the_time_of_the_fetch(press, fetcher):
    press.page("/a", "x")
    assert fetcher.get(f"{press.base}/a").validators == (None, "Sun, 01 Mar 2026 12:00:00 GMT")


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress("đồng".encode() * 100)),
        ("gzip", gzip.compress("đồng".encode() * 50) + gzip.compress("đồng".encode() * 50)),
        ("gzip", gzip.compress("đồng".encode() * 100) + b"\0\0\0"),
        ("deflate", zlib.compress("đồng".encode() * 100)),
        ("deflate", zlib.compress("đồng".encode() * 100)[2:-4]),
        ("identity", "đồng".encode() * 100),
    ],
)
def test_packed_bodies(press, fetcher, encoding, packed):
    press.page("/a", packed, **{"content-encoding": encoding})
    assert fetcher.get(f"{press.base}/a").body == "đồng".encode() * 100


BOMB = gzip.compress(b"0" * (20 << 20))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, {"content-encoding": "gzip"}, gzip.compress(b"x" * 5000)[:-12]), "cut_off"),
        ((200, {"content-encoding": "gzip"}, b"no gzip at all"), "cut_off"),
        ((200, {"content-encoding": "gzip"}, b""), "cut_off"),
        ((200, {"content-encoding": "br"}, b"xx"), "encoding"),
        ((200, {"content-encoding": "gzip, gzip"}, gzip.compress(gzip.compress(b"x"))), "encoding"),
        ((200, {"content-encoding": "gzip"}, BOMB), "too_large"),
        ((200, {}, b"x" * (9 << 20)), "too_large"),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nhalf a page"), "cut_off"),
        (raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n"), "cut_off"),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html><p>half"), "cut_off"),
        (raw(b"HTTP/1.1 200 OK\r\n"), "cut_off"),
        (raw(b"SSH-2.0-OpenSSH\r\n"), "cut_off"),
        (raw(b""), "cut_off"),
    ],
    ids=[
        *("cut gzip", "no gzip", "empty gzip", "brotli", "twice", "bomb", "huge", "short", "chunked", "closed"),
        *("header", "ssh", "nothing"),
    ],
)
def test_damaged_bodies_are_no_bodies(press, fetcher, answer, reason):
    press.pages["/a"] = answer
    with pytest.raises(Damaged) as raised:
        fetcher.get(f"{press.base}/a")
    assert raised.value.reason == reason


def test_a_closed_connection_ends_a_whole_page(press, fetcher):
    press.pages["/a"] = raw(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>all</html>\n")
    assert fetcher.get(f"{press.base}/a").body == b"<html>all</html>\n"


@pytest.mark.parametrize("where", ["header", "body", "nothing"])
def test_a_dripping_server_is_given_up_at_the_deadline(press, clock, monkeypatch, where):
    monkeypatch.setattr(crawler.fetch, "DEADLINE", 0.6)
    begin = {"header": b"", "body": b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n", "nothing": b""}[where]
    drops = [b"HTTP/1.1 200 OK\r\nx: " if where == "header" else b""] + [b"y"] * (0 if where == "nothing" else 60)
    press.pages["/a"] = raw(begin, *drops, pause=0.05) if where != "nothing" else lambda handler: time.sleep(1.5)
    fetcher = Fetcher(press.card(), user_agent=AGENT, now=clock.now, sleep=clock.sleep)
    started = time.monotonic()
    with pytest.raises(FetchError) as raised:
        fetcher.get(f"{press.base}/a")
    fetcher.close()
    assert raised.value.reason == "timeout"
    assert time.monotonic() - started < 1.4


def test_an_endless_page_is_left_at_the_cap(press, fetcher):
    sent = []

    def endless(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n")
        while len(sent) < 400:
            handler.wfile.write(b"x" * 65536)
            sent.append(65536)

    press.pages["/a"] = endless
    with pytest.raises(Damaged, match="more than"):
        fetcher.get(f"{press.base}/a")
    assert sum(sent) <= 16 << 20


def test_server_errors_are_tried_once_more_after_a_pause(press, fetcher, clock):
    press.page("/a", status=500)
    with pytest.raises(FetchError, match="status_500"):
        fetcher.get(f"{press.base}/a")
    assert press.paths() == ["/a", "/a"]
    assert clock.passed > 0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *(("120", 120), ("Sun, 01 Mar 2026 12:05:00 GMT", 300), ("99999999999", 604800), ("0", 0)),
        *(("soon", 60), (None, 60)),
    ],
)
def test_retry_after(press, fetcher, clock, header, seconds):
    press.page("/a", status=429, **({"retry-after": header} if header else {}))
    with pytest.raises(RetryLater) as raised:
        fetcher.get(f"{press.base}/a")
    assert (raised.value.until - clock.now()).total_seconds() == seconds
    if seconds:
        with pytest.raises(RetryLater, match="retry_after"):
            fetcher.get(f"{press.base}/b")
        assert press.paths() == ["/a"], "nothing is asked before the time"
        clock.sleep(seconds + 1)
        press.page("/b", "x")
        assert fetcher.get(f"{press.base}/b").status == 200


def test_a_503_asks_for_time_only_where_it_says_so(press, fetcher):
    press.page("/a", status=503, **{"retry-after": "9"})
    with pytest.raises(RetryLater):
        fetcher.get(f"{press.base}/a")
    press.page("/b", status=503)
    with pytest.raises(RetryLater, match="retry_after"):
        fetcher.get(f"{press.base}/b")


@pytest.mark.parametrize("status", [401, 403, 428, 451])
def test_a_refused_page_is_not_tried_again(press, fetcher, status):
    press.page("/a", status=status)
    with pytest.raises(FetchError, match=f"status_{status}"):
        fetcher.get(f"{press.base}/a")
    assert press.paths() == ["/a"]


def test_gap_between_requests_to_a_host(press, clock):
    fetcher = Fetcher(press.card(delay=2.0), user_agent=AGENT, now=clock.now, sleep=clock.sleep, clock=clock.clock)
    press.page("/a", "x")
    moments = []
    for _ in range(3):
        fetcher.get(f"{press.base}/a")
        moments.append(clock.passed)
    fetcher.close()
    assert moments == [0.0, 2.0, 4.0]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:9/x",
        "http://localhost/x",
        "http://[::1]/x",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://127.1/",
        "https://evil.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "//evil.example/x",
        "http://user@127.0.0.1/",
        "https:\\\\evil.example\\x",
    ],
)
def test_a_redirect_never_leaves_the_allowed_hosts(press, fetcher, monkeypatch, target):
    looked_up = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_, **__: looked_up.append(host) or _no_address())
    press.page("/a", status=302, location=target)
    monkeypatch.undo()
    with pytest.raises(FetchError) as raised:
        fetcher.get(f"{press.base}/a")
    assert raised.value.reason in ("host", "redirects", "address")
    assert press.paths() == ["/a"]
    assert looked_up == []


def _no_address():
    raise OSError("no look-up in this test")


def test_redirects_within_the_site_are_followed_and_counted(press, fetcher):
    for i in range(7):
        press.page(f"/{i}", status=301, location=f"/{i + 1}")
    press.page("/5", "x")
    assert fetcher.get(f"{press.base}/0").url == f"{press.base}/5"
    press.page("/5", status=301, location="/6")
    with pytest.raises(FetchError, match="redirects more than"):
        fetcher.get(f"{press.base}/0")
    press.page("/loop", status=302, location="/loop")
    with pytest.raises(FetchError, match="redirects"):
        fetcher.get(f"{press.base}/loop")


def test_every_hop_needs_a_permit(press, fetcher):
    def permit(url):
        if url.endswith("/secret"):
            raise Refused(url, "robots")

    press.page("/a", status=302, location="/secret")
    press.page("/secret", "x")
    with pytest.raises(Refused):
        fetcher.get(f"{press.base}/a", permit=permit)
    assert press.paths() == ["/a"]


def test_loopback_needs_the_permission_of_the_card(press, clock):
    fetcher = Fetcher(press.card(loopback=False), user_agent=AGENT, now=clock.now, sleep=clock.sleep)
    press.page("/a", "x")
    with pytest.raises(Refused) as raised:
        fetcher.get(f"{press.base}/a")
    fetcher.close()
    assert raised.value.reason == "private_address"
    assert press.asked == []


def test_a_name_that_is_bound_to_another_address_after_the_check(press, clock, monkeypatch):
    """Rebinding: the name has a public address when it is checked and a private one a moment later."""
    answers = [("203.0.113.7", 80), ("127.0.0.1", 80)]
    connected = []

    def getaddrinfo(host, port, **_):
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(crawler.network, "may_connect", lambda address, _: address != "127.0.0.1")
    monkeypatch.setattr(
        crawler.network.httpcore.SyncBackend,
        "connect_tcp",
        lambda self, host, *_: (
            connected.append(host) or (_ for _ in ()).throw(crawler.network.httpcore.ConnectError("x"))
        ),
    )
    card = press.card(hosts=("rebound.example",), loopback=False)
    fetcher = Fetcher(card, user_agent=AGENT, now=clock.now, sleep=clock.sleep)
    with pytest.raises(FetchError):
        fetcher.ask("http://rebound.example/")
    with pytest.raises(Refused):
        fetcher.ask("http://rebound.example/")
    fetcher.close()
    assert connected == ["203.0.113.7"]


@pytest.mark.parametrize(
    ("address", "with_loopback", "without"),
    [
        ("127.0.0.1", True, False),
        ("::1", True, False),
        ("8.8.8.8", True, True),
        ("2606:4700::1111", True, True),
        ("10.0.0.1", False, False),
        ("172.16.5.4", False, False),
        ("192.168.1.1", False, False),
        ("169.254.169.254", False, False),
        ("100.64.0.1", False, False),
        ("0.0.0.0", False, False),
        ("224.0.0.1", False, False),
        ("255.255.255.255", False, False),
        ("fe80::1", False, False),
        ("fe80::1%eth0", False, False),
        ("fc00::1", False, False),
        ("::", False, False),
        ("::ffff:127.0.0.1", False, False),
        ("::ffff:10.0.0.1", False, False),
        ("64:ff9b::a00:1", False, False),
        ("2002:7f00:1::", False, False),
        ("fd00:ec2::254", False, False),
        ("nonsense", False, False),
    ],
)
def test_addresses_that_may_be_connected_to(address, with_loopback, without):
    assert (may_connect(address, True), may_connect(address, False)) == (with_loopback, without)


def test_tls_with_a_certificate_nobody_signed_is_refused(press, clock):
    """Plain HTTP behind https:// stands for every handshake that fails."""
    base = press.base.replace("http:", "https:")
    fetcher = Fetcher(press.card(hosts=(press.base[7:],)), user_agent=AGENT, now=clock.now, sleep=clock.sleep)
    with pytest.raises(FetchError) as raised:
        fetcher.get(f"{base}/a")
    fetcher.close()
    assert raised.value.reason in ("tls", "connection")
