"""Connections that only go where they may: the one door to httpcore, beneath httpx.

In: a host name and a port. Out: a connection to an address that was resolved once, found allowed, and is the one that is
connected to, so that a name cannot be bound to another address in between. Every read and write of it ends by the
deadline of the request, however little comes each time.

>>> may_connect("169.254.169.254", loopback=True)
False
"""

import contextlib
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from crawler.errors import Refused


class Network(httpcore.NetworkBackend):
    """Resolves a name, checks every address it has, connects to one of them: what is checked is what is asked."""

    def __init__(self, loopback: bool, clock: Callable[[], float]) -> None:
        self.loopback, self.clock = loopback, clock
        self.deadline = 0.0
        """The reading of `clock` at which the present request ends."""
        self.inner = httpcore.SyncBackend()

    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - self.clock()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for address in addresses:
            if not may_connect(address, self.loopback):
                raise Refused(host, "private_address", f"resolves to {address}, which is not a public address")
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses[:4]:
            left = self.left()
            if left <= 0:
                raise httpcore.ConnectTimeout("deadline")
            try:
                stream = self.inner.connect_tcp(
                    address, port, min(timeout or left, left), local_address, socket_options
                )
                return _Stream(stream, self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        raise httpcore.ConnectError("no sockets of this machine")


class _Stream(httpcore.NetworkStream):
    """A connection whose every read and write ends by the deadline of the request, however little comes each time."""

    def __init__(self, inner: httpcore.NetworkStream, network: Network) -> None:
        self.inner, self.network = inner, network

    def _left(self, timeout: float | None, error: type[Exception]) -> float:
        left = self.network.left()
        if left <= 0:
            raise error("deadline")
        return min(timeout or left, left)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if hasattr(socket, "TCP_QUICKACK"):  # servers that send head and body apart wait 40 ms for an acknowledgement
            with contextlib.suppress(OSError):
                self.inner.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return self.inner.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, self._left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._left(timeout, httpcore.ConnectTimeout)
        return _Stream(self.inner.start_tls(ssl_context, server_hostname, left), self.network)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


def may_connect(address: str, loopback: bool) -> bool:
    """Whether an IP address may be connected to: a public one, or one of this machine where `loopback` allows it.

    Only global unicast (2000::/3) is public in IPv6, and what carries an IPv4 address inside (mapped, 6to4, Teredo, NAT64)
    is judged by that one, and never taken for this machine.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if ip.is_loopback:
        return loopback
    if isinstance(ip, ipaddress.IPv4Address):
        return _public(ip)
    inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
    if inner is None and ip in _NAT64:
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if inner is not None:
        return _public(inner)
    return ip in _GLOBAL_UNICAST and ip.is_global and not any(ip in network for network in _SPECIAL_V6)


def _public(ip: ipaddress.IPv4Address) -> bool:
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _SPECIAL_V4)


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
_SPECIAL_V4 = tuple(map(ipaddress.IPv4Network, (
    "192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4",  # protocol assignments, 6to4 relays, reserved
    "168.63.129.16/32",  # public by its number, and in one cloud the host that hands out keys
)))  # fmt: skip
"""Ranges of the IANA registries of special addresses that some versions of `ipaddress` take for public."""


def pool(context: ssl.SSLContext, network: Network) -> httpcore.ConnectionPool:
    """A pool of one connection at a time."""
    return httpcore.ConnectionPool(
        ssl_context=context,
        max_connections=1,
        max_keepalive_connections=1,
        keepalive_expiry=30.0,
        network_backend=network,
    )
