"""Packed bodies in, their bytes out, never more than a cap: gzip of one or several members, deflate with and without
its header, or nothing. A body that ends early is damaged, not short.

>>> unpacking = Unpacking("https://a.example/", "", 10)
>>> unpacking.feed(b"abc"), bytes(unpacking.body)
(True, b'abc')
"""

import zlib

from crawler.errors import Damaged


class Unpacking:
    """Unpacks gzip (of several members) and deflate (with and without its header), never beyond the cap."""

    def __init__(self, url: str, name: str, cap: int) -> None:
        self.url, self.name, self.cap = url, name, cap
        self.body = bytearray()
        self.started = False
        self.engine = None if not name else zlib.decompressobj(31 if "gzip" in name else 15)

    def feed(self, chunk: bytes) -> bool:
        """Take `chunk`; False where the cap is reached."""
        if self.engine is None:
            self.body += chunk[: self.cap + 1 - len(self.body)]
            return len(self.body) <= self.cap
        while chunk:
            if self.engine.eof:
                if "gzip" not in self.name or not chunk.startswith(b"\x1f"):
                    return True  # padding after the end
                self.engine = zlib.decompressobj(31)
            try:
                self.body += self.engine.decompress(chunk, self.cap + 1 - len(self.body))
            except zlib.error as error:
                if self.name != "deflate" or self.started:
                    raise Damaged(self.url, "cut_off", f"cannot be unpacked: {error}") from error
                self.engine = zlib.decompressobj(-15)
                self.started = True
                continue
            self.started = True
            if len(self.body) > self.cap:
                return False
            chunk = self.engine.unconsumed_tail or self.engine.unused_data
        return True

    def end(self) -> None:
        if self.engine is not None and not self.engine.eof and (self.started or self.body):
            raise Damaged(self.url, "cut_off", "is a packed body that ends early")
        if self.engine is not None and not self.started:
            raise Damaged(self.url, "cut_off", "is an empty packed body")
