"""An address in, a Response out; the one door to httpx. Polite, bounded, and never where it may not go.

Every hop of a redirect is checked against the card's allow list; the address that is connected to is checked too, and
pinned: it is the one that was resolved and found public (or of this machine, where the card allows loopback). A request
ends after DEADLINE seconds however slowly a server drips. Bodies are read raw under a cap and unpacked under a cap; one
that is cut off is no body. Requests to one host start at least the host's delay apart, one at a time, and a host that
asks to be left alone (Retry-After) is.

>>> Fetcher(card, user_agent=AGENT, now=now).get("https://baotintuc.vn/").status    # doctest: +SKIP
200
"""

import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx

from crawler.address import clean_url, netloc_of
from crawler.card import SiteCard
from crawler.errors import Damaged, FetchError, Refused, RetryLater
from crawler.memory import Validators
from crawler.network import Network, pool
from crawler.unpack import Unpacking

DEADLINE = 30.0
"""Seconds that one request may take from start to end, name look-up, redirects and pauses not counted."""
HOPS = 5
RAW_CAP, UNPACKED_CAP = 5 << 20, 5 << 20
"""Most bytes of one page as sent, and unpacked."""
REFUSING = frozenset({401, 403, 428, 451})
"""Statuses by which a server refuses a page, or us: not to be tried again soon."""
QUIET = 60.0
"""Seconds to stay away after a 429 that names none."""

Permit = Callable[[str], None]
"""Called with the address of every hop before it is asked; raises Refused to forbid it."""


@dataclass(frozen=True, slots=True)
class Response:
    """`url` is the address that answered in the end; `body` is unpacked; 304 has none."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime

    def header(self, name: str) -> str | None:
        """The first header of that name (any case)."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def charset(self) -> str | None:
        """The charset of Content-Type."""
        for part in (self.header("content-type") or "").split(";")[1:]:
            key, _, value = part.partition("=")
            if key.strip().lower() == "charset":
                return value.strip().strip("\"'") or None
        return None

    @property
    def validators(self) -> Validators:
        """ETag and Last-Modified; where the server sends neither, its moment serves as Last-Modified."""
        etag, modified = self.header("etag"), self.header("last-modified")
        if not etag and not modified:
            modified = self.fetched_at.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return etag, modified


class Fetcher:
    """Asks the hosts of one card, one request at a time. `sleep` and `clock` are for tests."""

    def __init__(
        self,
        card: SiteCard,
        *,
        user_agent: str,
        now: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.card, self.now, self._sleep, self._clock = card, now, sleep, clock
        self.delay = card.delay
        """Seconds between two starts; a crawl raises it where robots.txt asks for more."""
        self.requests = 0
        self._started: dict[str, float] = {}
        self._quiet: dict[str, datetime] = {}
        self._network = Network(card.loopback, clock)
        self._client = httpx.Client(
            transport=_transport(card, self._network),
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(DEADLINE, connect=10.0),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # none is kept, so none is sent
            headers={
                "User-Agent": user_agent,
                "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
                "Accept-Language": f"{card.language},*;q=0.5",
                "Accept-Encoding": "gzip, deflate",
            },
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def wait(self, seconds: float) -> None:
        """Let time pass before the next request."""
        self._sleep(seconds)

    def get(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        permit: Permit | None = None,
        raw_cap: int = RAW_CAP,
        unpacked_cap: int = UNPACKED_CAP,
    ) -> Response:
        """A whole 200, a 304 to `validators`, or a 404 or 410 without body.

        A server error or a broken connection is tried once more after a pause. Raises RetryLater, Refused, Damaged or
        FetchError for everything else.
        """
        for attempt in (1, 2):
            try:
                response = self.ask(
                    url, validators=validators, permit=permit, raw_cap=raw_cap, unpacked_cap=unpacked_cap
                )
                if response.status >= 500:
                    raise FetchError(url, f"status_{response.status}")
            except (RetryLater, Refused):
                raise
            except FetchError as error:
                if attempt == 2 or error.reason in ("timeout", "too_large", "tls", "redirects", "encoding", "address"):
                    raise
                self._sleep(max(0.2, self.delay) * (2 + random.random()))
                continue
            if response.status in (200, 404, 410) or (response.status == 304 and validators):
                return response
            raise FetchError(url, f"status_{response.status}")
        raise AssertionError("unreachable")

    def ask(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        permit: Permit | None = None,
        raw_cap: int = RAW_CAP,
        unpacked_cap: int = UNPACKED_CAP,
        cut: bool = False,
    ) -> Response:
        """Whatever the server answers after at most HOPS redirects; with `cut` a body over the cap is cut, not refused.
        Raises RetryLater for 429 and for 503 with Retry-After (except where `cut`), Refused, Damaged, FetchError."""
        target = url
        for _ in range(HOPS + 1):
            if not self.card.allows(target) or clean_url(target) is None:
                raise Refused(target, "host", "is not on the card's list of hosts")
            if permit:
                permit(target)
            response = self._once(target, validators, raw_cap, unpacked_cap, cut)
            if response.status not in (301, 302, 303, 307, 308):
                break
            following = clean_url(response.header("location") or "", target)
            if not following or following == target:
                raise FetchError(url, "redirects", "redirects to itself or to no address")
            if urlsplit(target).scheme == "https" and urlsplit(following).scheme == "http":
                raise Refused(following, "host", "a redirect leaves https")
            target = following
        else:
            raise FetchError(url, "redirects", f"redirects more than {HOPS} times")
        if not cut and (until := _until(response)):
            raise RetryLater(target, f"status_{response.status}", until)
        return response

    def _once(self, url: str, validators: Validators | None, raw_cap: int, unpacked_cap: int, cut: bool) -> Response:
        host = netloc_of(url)
        quiet = self._quiet.get(host)
        if quiet and self.now() < quiet:
            raise RetryLater(url, "retry_after", quiet)
        self._pause(host)
        headers = {}
        if validators and validators[0]:
            headers["If-None-Match"] = validators[0]
        if validators and validators[1]:
            headers["If-Modified-Since"] = validators[1]
        self.requests += 1
        self._network.deadline = self._clock() + DEADLINE
        fetched_at = self.now()
        try:
            with self._client.stream("GET", url, headers=headers) as answer:
                lines = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in answer.headers.raw)
                status = answer.status_code
                body = b""
                if status == 200:
                    body = _body(url, answer, raw_cap, unpacked_cap, cut)
        except FetchError:
            raise
        except (httpx.TimeoutException, TimeoutError) as error:
            raise FetchError(url, "timeout", f"gave no whole answer in {DEADLINE:g} seconds") from error
        except httpx.RemoteProtocolError as error:
            raise Damaged(url, "cut_off", f"broke off or is no HTTP: {error}") from error
        except httpx.TransportError as error:
            reason = "tls" if "SSL" in str(error).upper() or "certificate" in str(error) else "connection"
            raise FetchError(url, reason, str(error) or type(error).__name__) from error
        except (httpx.InvalidURL, ValueError, OSError) as error:
            raise FetchError(url, "address", str(error)) from error
        response = Response(url, status, lines, body, fetched_at)
        if until := _until(response):
            self._quiet[host] = until
        return response

    def _pause(self, host: str) -> None:
        if host in self._started and (wait := self._started[host] + self.delay - self._clock()) > 0:
            self._sleep(wait)
        self._started[host] = self._clock()


def _until(response: Response) -> datetime | None:
    """The moment until which a 429 or 503 asks us to stay away, at most a week; None for other answers."""
    printed, now = response.header("retry-after"), response.fetched_at
    if response.status != 429 and not (response.status == 503 and printed):
        return None
    seconds = QUIET
    if printed and printed.strip().isdigit():
        seconds = float(min(int(printed.strip()[:9]), 604800))
    elif printed:
        try:
            moment = parsedate_to_datetime(printed)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            seconds = min(max((moment - now).total_seconds(), 0.0), 604800.0)
        except (ValueError, TypeError, OverflowError):
            pass
    return now + timedelta(seconds=seconds)


def _body(url: str, answer: httpx.Response, raw_cap: int, unpacked_cap: int, cut: bool) -> bytes:
    """The unpacked body. Raises Damaged where it is cut off, too large (unless `cut`) or packed in an unknown way."""
    names = [n.strip().lower() for n in answer.headers.get("content-encoding", "").split(",")]
    names = [n for n in names if n and n != "identity"]
    if len(names) > 1 or (names and names[0] not in ("gzip", "x-gzip", "deflate")):
        raise Damaged(url, "encoding", f"is packed as {', '.join(names)[:60]}, which was not asked for")
    unpack = Unpacking(url, names[0] if names else "", unpacked_cap)
    raw = 0
    for chunk in answer.iter_raw(65536):
        raw += len(chunk)
        whole = unpack.feed(chunk)
        if raw > raw_cap or not whole:
            if cut:
                return bytes(unpack.body)
            raise Damaged(url, "too_large", f"has more than {raw_cap} bytes, or {unpacked_cap} unpacked")
    unpack.end()
    body = bytes(unpack.body)
    kind = answer.headers.get("content-type", "").lower()
    framed = "content-length" in answer.headers or "chunked" in answer.headers.get("transfer-encoding", "").lower()
    if not framed and not names and ("html" in kind or not kind) and not cut:
        # only the closed connection says that this is the end, so the page itself must say so too
        lower = body.lower()
        if b"<html" in lower and b"</html" not in lower[-4096:]:
            raise Damaged(url, "cut_off", "ends before </html>")
    return body


def _transport(card: SiteCard, network: Network) -> httpx.HTTPTransport:
    """httpx's transport over connections of `network`."""
    context = httpx.create_ssl_context(trust_env=False)
    if card.legacy_tls:
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    transport = httpx.HTTPTransport(verify=context, trust_env=False)
    transport._pool = pool(context, network)
    return transport
