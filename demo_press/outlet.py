"""The papers of the press: their cards (`sites/`) and what else they show (`outlets.toml`) in, Outlets out.

An Outlet knows the address of every text it prints, written by the first fitting template of its card's `addresses`.

>>> slug("Giải ngân đầu tư công đến 18/12 đạt 66,1% kế hoạch")
'giai-ngan-dau-tu-cong-den-18-12-dat-66-1-ke-hoach'
"""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from demo_press.manuscript import Manuscript, Printing, manuscripts

HERE = Path(__file__).parent
SITES = HERE / "sites"


@dataclass(frozen=True, slots=True)
class Outlet:
    """One paper. `feeds`, `sections` and `addresses` are paths and templates as on its card."""

    name: str
    title: str
    languages: tuple[str, ...]
    addresses: tuple[str, ...]
    feeds: tuple[str, ...]
    sections: tuple[str, ...]
    templates: str
    section: str
    shard: str
    feed_date: str
    sidebar: tuple[str, ...]

    def path(self, text: Manuscript, printing: Printing) -> str:
        """The address, on this host, of a text printed here."""
        original = manuscripts().get(f"{self.languages[0]}/{text.translates}", text)
        foreign = text.language != self.languages[0]
        template = next(one for one in self.addresses if ("{lang}" in one) == foreign)
        digest = int(hashlib.sha256(text.stem.encode()).hexdigest()[:8], 16)
        return template.format(
            lang=text.language,
            slug=slug(original.title),
            section=slug(text.section),
            id=1_000_000 + digest % 900_000,
            stamp14=f"{printing.published:%Y%m%d%H%M%S}",
            stamp12=f"{printing.published:%y%m%d%H%M%S}",
            ms=digest % 1000,
        )

    def section_path(self, section: str) -> str:
        """The address of the page that lists one section."""
        return self.section.format(section=slug(section))


def slug(title: str) -> str:
    """The title folded to lower-case ASCII words joined by hyphens, as the press writes its addresses."""
    folded = unicodedata.normalize("NFD", title.lower().replace("đ", "d"))
    return "-".join(re.findall(r"[a-z0-9]+", "".join(c for c in folded if not unicodedata.combining(c))))


@cache
def outlets() -> Mapping[str, Outlet]:
    """Every paper by name. The order is that of outlets.toml, and of the ports they get."""
    papers: dict[str, Outlet] = {}
    for name, extra in tomllib.loads((HERE / "outlets.toml").read_text("utf-8")).items():
        card = tomllib.loads((SITES / f"{name}.toml").read_text("utf-8"))
        fields: dict[str, Any] = {key: card.get(key, []) for key in ("languages", "addresses", "feeds", "sections")}
        fields = {key: tuple(v) if isinstance(v, list) else v for key, v in (fields | extra).items()}
        papers[name] = Outlet(name=name, title=card["outlet"], **fields)
    return papers


def cards(bases: Mapping[str, str], folder: Path) -> Path:
    """Write the site cards of the papers at `bases` (name → base address) into `folder`, and return it.

    They are the files of `sites/` with the port filled in, so that the crawler reads them like any other cards.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, base in bases.items():
        card = (SITES / f"{name}.toml").read_text("utf-8")
        (folder / f"{name}.toml").write_text(card.replace("{port}", base.rpartition(":")[2]), "utf-8")
    return folder
