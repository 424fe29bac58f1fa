"""A small press of our own, served on loopback, for `solieu demo` and the tests to crawl.

In: nothing but the files of this folder. Out: five papers, each at an address of its own, that a crawler reads exactly
as it would read real ones:

    with demo_press.serve() as press:
        folder = press.cards(tmp_path)         # site cards, as in crawler/sites
        …crawl…
        press.print_edition(2)                 # the same papers, later: one figure silently changed, new articles

The sentences are ours, and so is what stands around the figures: reasons, deadlines, who promised what. The figures are
real unless `facts.toml` says `invented`; it gives the address where each was read.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo_press.server import Press

PORT = 8110
"""First of the five ports that `solieu demo` takes where they are free, so that addresses stay the same between runs."""

TOUR: tuple[tuple[str, str], ...] = (
    ("the growth target for 2025, raised twice, and what became of it", "tăng trưởng GDP năm 2025"),
    ("quarterly growth, published and later revised", "GDP quý I/2025 6,93%"),
    ("Hải Phòng before and after the merger of July 2025: two places, two series", "GRDP Hải Phòng 6 tháng"),
    ("one article in three languages; the Swedish one turned 11,81 into 11,18", "Hải Phòng 11,81%"),
    ("shares and parts that do not add up", "cán bộ Hải Phòng thạc sĩ tiến sĩ"),
    ("a figure changed without a word: 510 became 514 billion dollars", "quy mô GDP 514 tỉ USD"),
    ("a promise kept: 100,275 social dwellings in 2025", "nhà ở xã hội 100.275 căn"),
    ("a promise whose day has passed", "đường ven kênh Rào Xanh"),
    ("two currencies that do not fit", "northern midland economy VND21 trillion"),
    ("one rate, five bases of comparison", "CPI tháng 11/2025"),
)
"""What to look at first: (what it shows, words to search for)."""


def serve(port: int = 0, edition: int = 1) -> "Press":
    """Serve the press on loopback; see `demo_press.server.serve`."""
    from demo_press.server import serve as start

    return start(port, edition)


__all__ = ["PORT", "TOUR", "serve"]
