"""robots.txt (RFC 9309): what a server answered in, who may ask what out; the one door to protego.

In: status and bytes of /robots.txt. Out: Robots. 2xx: the file's rules; 4xx: all is allowed; anything else (5xx, 429, a
time-out, a redirect that leads nowhere): nothing is allowed.

Protego reads the rules; three of its ways are mended here, by rewriting the lines it gets. A line of an unknown key, or a
Crawl-delay, must not end a group. A group is ours if its product token is ours, whole: "Sol" is not, "Solieu/1.0" is.

>>> Robots.of(200, b"User-agent: *\\nDisallow: /tim-kiem").allows("https://a.vn/tim-kiem?q=x", "Solieu")
False
"""

import re
from dataclasses import dataclass
from typing import Any

LARGEST = 524_288
"""Bytes that are read of the file; the standard asks for at least 500 KiB."""

_RULE = re.compile(r"\s*(?:dis+al+[oa]w|diasllow|allow|site-?maps?|host)(?![\w-])", re.IGNORECASE)
_PACE = re.compile(r"\s*(?:crawl[- ]delay|request[- ]rate|visit[- ]time)(?![\w-])", re.IGNORECASE)
_AGENT = re.compile(r"\s*user[- ]?agent(?![\w-])\s*:?\s*(\*(?=\s|#|$)|[A-Za-z_-]+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Robots:
    """`rules` and `pace` are protego's; without rules everything is allowed, or nothing where `closed`."""

    rules: Any = None
    pace: Any = None
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
        lines = [_whole_token(line) for line in re.split(r"\r\n|\r|\n", text)]
        rules = (line for line in lines if _AGENT.match(line) or _RULE.match(line))
        pace = (line for line in lines if _AGENT.match(line) or _PACE.match(line))
        return cls(protego.Protego.parse("\n".join(rules)), protego.Protego.parse("\n".join(pace)))

    def allows(self, url: str, agent: str) -> bool:
        """Whether `agent` (the product token, "Solieu") may ask for `url`."""
        return not self.closed and (self.rules is None or bool(self.rules.can_fetch(url, f"={agent}=")))

    def delay(self, agent: str) -> float:
        """Seconds that the site asks for between two requests, at most 300."""
        seconds = self.pace.crawl_delay(f"={agent}=") if self.pace else None
        return min(300.0, max(0.0, float(seconds or 0.0)))

    def sitemaps(self) -> list[str]:
        """Sitemaps that the file names."""
        return list(self.rules.sitemaps)[:100] if self.rules else []


def _whole_token(line: str) -> str:
    """A user-agent line with its product token between signs that make protego compare it as a whole; others as they are."""
    found = _AGENT.match(line)
    if not found:
        return line
    token = found[1] or ""
    return f"User-agent: {token}" if token in ("", "*") else f"User-agent: ={token}="
