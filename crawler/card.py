"""A site card: everything the crawler knows about one host. Data, one TOML file each, `crawler/sites/<host>.toml`.

In: folders of TOML files. Out: SiteCards by name. The name is the file's name without `.toml` unless `name` is given.

    outlet = "Báo Tin tức"                     # required: what readers call it
    base_url = "https://baotintuc.vn"          # required: scheme, host and, where needed, port; no path
    family = "baotintuc"                       # a file of crawler/families; "auto" (default) finds one by its signs
    languages = ["vi"]                         # the first is that of addresses without {lang}; default ["vi"]
    hosts = ["baotintuc.vn", "cdn.example.vn"] # allow list; default: the host of base_url. No other host is ever asked
    twins = ["m.baotintuc.vn"]                 # hosts (allowed too) whose pages are the same articles as base_url's
    feeds = ["/tin-moi-nhat.rss"]              # RSS or Atom; paths of base_url or whole addresses on allowed hosts
    sitemaps = ["/sitemap.xml"]                # sitemaps or indexes of them
    sitemap_skip = ["categories"]              # children of an index whose address contains one of these are not read
    sections = ["/kinh-te.htm"]                # pages with links to articles
    listing = ["li.item a.thumb"]              # selectors of those links; default: the family's, else every link
    addresses = ["/{section}/{slug}-{stamp14}{ms}.htm"]   # see crawler/address.py; default: the family's, else any
    skip = ["/media-outreach/{any}"]           # addresses that look like articles and are none for us
    original = "/{slug}"                       # address of the text that a page in another language translates
    feed_dates = ["{m}/{d}/{yyyy} {H}:{M}:{S} {ampm}"]    # where a feed's dates are not what the standard says
    delay = 2.0                                # seconds between two requests; robots.txt may ask for more
    loopback = true                            # allow addresses of this machine (tests, demonstrations); default false
    legacy_tls = true                          # the server needs legacy renegotiation; default false
    assumed = ["feeds"]                        # keys nobody has checked against the live site yet
    note = "…"

An unknown key, a feed given twice, a selector that does not parse: a CardError that names file and key.

>>> load_cards()["baotintuc.vn"].family
'baotintuc'
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from crawler.address import Address, AddressMatch, clean_url, netloc_of, path_of
from crawler.dates import compile_pattern
from crawler.errors import CardError
from crawler.family import load_families, read_toml, selectors, strings
from crawler.selector import Selector

SITES = Path(__file__).parent / "sites"

AUTO = "auto"
_TEXT_LISTS = ("languages", "hosts", "twins", "feeds", "sitemaps", "sitemap_skip", "sections", "feed_dates", "assumed")


@dataclass(frozen=True, slots=True)
class SiteCard:
    """One host as its card describes it. Lists of addresses hold whole addresses."""

    name: str
    outlet: str
    base_url: str
    family: str = AUTO
    languages: tuple[str, ...] = ("vi",)
    hosts: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sitemap_skip: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    listing: tuple[Selector, ...] = ()
    addresses: tuple[Address, ...] = ()
    skip: tuple[Address, ...] = ()
    original: Address | None = None
    feed_dates: tuple[str, ...] = ()
    delay: float = 2.0
    loopback: bool = False
    legacy_tls: bool = False
    assumed: tuple[str, ...] = ()
    note: str = ""
    file: Path | None = None

    @property
    def language(self) -> str:
        """The language of addresses that name none."""
        return self.languages[0]

    @property
    def allowed(self) -> frozenset[str]:
        """Hosts (with port where it is not the scheme's own) that may be asked."""
        return frozenset({*(self.hosts or (netloc_of(self.base_url),)), *self.twins, netloc_of(self.base_url)})

    def allows(self, url: str) -> bool:
        """Whether the allow list has the host of `url`."""
        return urlsplit(url).scheme in ("http", "https") and netloc_of(url) in self.allowed

    def canonical(self, url: str, base: str | None = None) -> str | None:
        """The one spelling of an address of this site, a twin's host replaced by the site's own; None for others."""
        cleaned = clean_url(url, base or self.base_url)
        if cleaned is None or not self.allows(cleaned):
            return None
        home, parts = urlsplit(self.base_url), urlsplit(cleaned)
        host = home.netloc if parts.netloc in self.twins else parts.netloc
        scheme = home.scheme if host == home.netloc else parts.scheme
        query = parts.query if not self.addresses or self._with_query(cleaned) else ""
        return urlunsplit((scheme, host, parts.path, query, ""))

    def _with_query(self, url: str) -> bool:
        match = any("?" in address.template and address.match(path_of(url, query=True)) for address in self.addresses)
        return match or not any(address.match(path_of(url)) for address in self.addresses)

    def article(self, url: str) -> AddressMatch | None:
        """What the address says, if it is that of an article; None for a section page, another host, a skipped one."""
        if not self.allows(url):
            return None
        path = path_of(url)
        if any(address.match(path) for address in self.skip):
            return None
        if not self.addresses:
            return AddressMatch({}, path, None, None) if path != "/" else None
        for address in self.addresses:
            if match := address.match(path_of(url, query="?" in address.template)):
                return None if match.slots.get("slug") in self.languages else match
        return None

    def language_of(self, url: str) -> str:
        """The language that the address says."""
        match = self.article(url)
        return (match.language if match else None) or self.language

    def original_of(self, url: str) -> str | None:
        """The address of the text that the page at `url` translates, where the site's addresses tell."""
        match = self.article(url)
        if not match or not match.language or not self.original:
            return None
        path = self.original.fill(match.slots)
        return clean_url(path, self.base_url) if path else None


def read_card(file: Path) -> SiteCard:
    """The card of one TOML file. Raises CardError naming file and key."""
    data = read_toml(file)
    known = {"name", "outlet", "base_url", "family", "listing", "addresses", "skip", "original", "delay", "loopback"}
    known |= {"legacy_tls", "note", *_TEXT_LISTS}
    for key in data:
        if key not in known:
            raise CardError(file, key, "is not a key of a site card; see docs/adding-a-site.md")
    for key in ("outlet", "base_url"):
        if not isinstance(data.get(key), str) or not data[key].strip():
            raise CardError(file, key, "is missing; a card needs outlet and base_url")
    base_url = _base(file, data["base_url"])
    family = data.get("family", AUTO)
    if family != AUTO and (not isinstance(family, str) or family not in load_families()):
        raise CardError(file, "family", f"there is no family {family!r}: {', '.join(sorted(load_families()))}, {AUTO}")
    lists = {key: strings(file, key, data[key]) for key in _TEXT_LISTS if key in data}
    languages = lists.get("languages", ("vi",))
    if not languages or not all(code.isalpha() and code.islower() and len(code) in (2, 3) for code in languages):
        raise CardError(file, "languages", 'must be language codes such as "vi"')
    for pattern in lists.get("feed_dates", ()):
        try:
            compile_pattern(pattern)
        except ValueError as error:
            raise CardError(file, "feed_dates", str(error)) from error
    delay = data.get("delay", 2.0)
    if isinstance(delay, bool) or not isinstance(delay, int | float) or not 0 <= delay <= 300:
        raise CardError(file, "delay", "must be seconds from 0 to 300")
    for key in ("loopback", "legacy_tls"):
        if not isinstance(data.get(key, False), bool):
            raise CardError(file, key, "must be true or false")
    templates = data.get("addresses")
    if templates is None and family != AUTO:
        templates = list(load_families()[family].addresses)
    card = SiteCard(
        **_names(file, data, lists, base_url),
        family=family,
        listing=selectors(file, "listing", data.get("listing", [])),
        addresses=_addresses(file, "addresses", templates or [], languages),
        skip=_addresses(file, "skip", data.get("skip", []), languages),
        original=next(iter(_addresses(file, "original", [data["original"]], languages)), None)
        if "original" in data
        else None,
        delay=float(delay),
        loopback=data.get("loopback", False),
        legacy_tls=data.get("legacy_tls", False),
        file=file,
    )
    for key in ("feeds", "sitemaps", "sections"):
        for url in getattr(card, key):
            if not card.allows(url):
                raise CardError(file, key, f"{url} is on a host that hosts does not allow")
    return card


def _names(file: Path, data: dict[str, Any], lists: dict[str, tuple[str, ...]], base_url: str) -> dict[str, Any]:
    """The plain values, with feeds, sitemaps and sections as whole addresses."""
    values: dict[str, Any] = dict(lists)
    for key in ("feeds", "sitemaps", "sections"):
        urls = []
        for text in lists.get(key, ()):
            url = clean_url(text, base_url + "/")
            if url is None:
                raise CardError(file, key, f"{text!r} is not an address")
            if url in urls:
                raise CardError(file, key, f"{text!r} is given twice; keep one")
            urls.append(url)
        values[key] = tuple(urls)
    for key in ("hosts", "twins"):
        for host in lists.get(key, ()):
            if netloc_of(f"http://{host}/") != host and netloc_of(f"https://{host}/") != host:
                raise CardError(file, key, f"{host!r} is not a host name (lower case, port only where unusual)")
    values["assumed"] = lists.get("assumed", ())
    values["note"] = str(data.get("note", ""))
    name = data.get("name", file.stem)
    if not isinstance(name, str) or not name.strip():
        raise CardError(file, "name", "must be a name")
    return values | {"name": name, "outlet": data["outlet"], "base_url": base_url}


def _base(file: Path, text: str) -> str:
    url = clean_url(text)
    if url is None or path_of(url, query=True) != "/":
        raise CardError(file, "base_url", f"{text!r} must be http(s)://host, without a path")
    return url.rstrip("/")


def _addresses(file: Path, key: str, templates: Any, languages: tuple[str, ...]) -> tuple[Address, ...]:
    try:
        return tuple(Address.of(text, languages) for text in strings(file, key, templates))
    except ValueError as error:
        raise CardError(file, key, str(error)) from error


def load_folder(folder: Path) -> dict[str, SiteCard]:
    """The cards of one folder by name. Raises CardError for a folder that is none or two cards of one name."""
    if not folder.is_dir():
        raise CardError(folder, "folder", "is not a folder of site cards")
    cards: dict[str, SiteCard] = {}
    for file in sorted(folder.glob("*.toml")):
        card = read_card(file)
        if card.name in cards:
            raise CardError(file, "name", f"{card.name!r} is also the name of {cards[card.name].file}")
        cards[card.name] = card
    return cards


def load_cards(*folders: Path) -> dict[str, SiteCard]:
    """The cards of the package and of `folders`, by name; a later folder's card replaces an earlier one's."""
    cards = load_folder(SITES)
    for folder in folders:
        cards |= load_folder(Path(folder))
    return cards


def card_for(url: str, cards: Mapping[str, SiteCard]) -> SiteCard | None:
    """The card whose allow list has the host of `url`; the site's own host before hosts it only allows."""
    host = netloc_of(url)
    own = next((card for card in cards.values() if netloc_of(card.base_url) == host or host in card.twins), None)
    return own or next((card for card in cards.values() if host in card.allowed), None)
