"""robots.txt (RFC 9309): what a server answered in, who may ask what out; the one door to protego.

In: status and bytes of /robots.txt. Out: Robots. 2xx: the file's rules; 4xx: all is allowed; anything else (5xx, 429, a
time-out, a redirect that leads nowhere): nothing is allowed. Lines of unknown keys are taken out before reading, because
they must not end a group.

>>> Robots.of(200, b"User-agent: *\\nDisallow: /tim-kiem").allows("https://a.vn/tim-kiem?q=x", "Solieu")
False
"""

import re
from dataclasses import dataclass
from typing import Any

LARGEST = 524_288
"""Bytes that are read of the file; the standard asks for at least 500 KiB."""

_KNOWN = re.compile(
    r"\s*(?:user[- ]?agent|dis+al+[oa]w|diasllow|allow|site-?maps?|crawl[- ]delay|request[- ]rate|visit[- ]time|host)"
    r"(?![\w-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Robots:
    """`rules` is protego's; without rules everything is allowed, or nothing where `closed`."""

    rules: Any = None
    closed: bool = False

    @classmethod
    def of(cls, status: int | None, body: bytes = b"") -> "Robots":
        """Read the answer to /robots.txt; `status` None means that no whole answer came."""
        if status is None or status == 429 or not 200 <= status < 500 or 300 <= status < 400:
            return cls(closed=True)
        if status >= 400:
            return cls()
        import protego

        text = body[:LARGEST].decode("utf-8-sig", "replace")
        lines = (line for line in re.split(r"\r\n|\r|\n", text) if _KNOWN.match(line))
        return cls(protego.Protego.parse("\n".join(lines)))

    def allows(self, url: str, agent: str) -> bool:
        """Whether `agent` (the product token, "Solieu") may ask for `url`."""
        return not self.closed and (self.rules is None or bool(self.rules.can_fetch(url, agent)))

    def delay(self, agent: str) -> float:
        """Seconds that the site asks for between two requests, at most 300."""
        seconds = self.rules.crawl_delay(agent) if self.rules else None
        return min(300.0, max(0.0, float(seconds or 0.0)))

    def sitemaps(self) -> list[str]:
        """Sitemaps that the file names."""
        return list(self.rules.sitemaps)[:100] if self.rules else []
