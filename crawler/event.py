"""What happened to one address, for the coverage ledger: Events of a crawl, one a line of it.

In: nothing. Out: `Event("baotintuc.vn", "failed", "https://…", now, "status_500")`. Kinds:

| kind | the address |
|---|---|
| listed | was found in a feed, sitemap or section page as one of an article |
| fetched | was asked and its whole body came |
| unchanged | was asked conditionally and has not changed (304, or the same bytes) |
| parsed | gave an article; a Capture follows |
| skipped | was left out on purpose: `reason` older, not_article, limit |
| blocked | may not be asked, or asked us to stay away: `reason` robots, robots_unreachable, host, status_403 … |
| failed | gave nothing: `reason` status_500, timeout, cut_off, too_large, no_article, not_a_feed … |
| gone | answered 404 or 410 |
| layout | was parsed, but a selector matched another number of elements than its family expects: `reason` says which |
"""

from dataclasses import dataclass
from datetime import date, datetime

KINDS = ("listed", "fetched", "unchanged", "parsed", "skipped", "blocked", "failed", "gone", "layout")


@dataclass(frozen=True, slots=True)
class Event:
    """`at` is aware; `reason` is one word for counting, `detail` one line for a person."""

    site: str
    kind: str
    url: str
    at: datetime
    reason: str | None = None
    detail: str | None = None

    @property
    def day(self) -> date:
        """The day of the event in UTC, the ledger's row."""
        return self.at.date()
