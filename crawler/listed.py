"""What a feed, sitemap or section page says of one article: Listed.

In: nothing. Out: `Listed("https://…/gdp-post1.vnp", Evidence("feed", moment))`.
"""

from dataclasses import dataclass
from datetime import datetime

from crawler.dates import Evidence


@dataclass(frozen=True, slots=True)
class Listed:
    """`published` is evidence of publication; `changed` is when the site says it last touched the page (lastmod), which
    is never taken for publication."""

    url: str
    published: Evidence | None = None
    changed: datetime | None = None
    title: str | None = None
