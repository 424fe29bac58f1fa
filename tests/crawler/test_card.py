"""Site cards and template families: what loads, and what is refused with file and key."""

from pathlib import Path

import pytest

from crawler.address import Address, clean_url, netloc_of
from crawler.card import SITES, card_for, load_cards, load_folder, read_card
from crawler.errors import CardError
from crawler.family import FAMILIES, load_families, read_family

GOOD = 'outlet = "A"\nbase_url = "https://a.example"\n'


def card(tmp_path, text=GOOD, name="a.example.toml"):
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return file


def test_every_packaged_card_loads_and_asks_only_its_own_hosts():
    cards = load_cards()
    assert len(cards) == len(list(SITES.glob("*.toml"))) >= 35
    for one in cards.values():
        assert one.feeds or one.sitemaps or one.sections, one.name
        assert one.addresses, f"{one.name}: without addresses every link would be an article"
        assert not one.loopback
        assert one.delay >= 1
        assert set(one.assumed) <= {
            "base_url",
            "feeds",
            "sitemaps",
            "sections",
            "addresses",
            "languages",
            "family",
            "original",
        }


def test_every_family_loads_and_says_how_it_is_recognised():
    families = load_families()
    assert len(families) == len(list(FAMILIES.glob("*.toml"))) >= 18
    for family in families.values():
        assert family.name == "generic" or (family.detect and family.expect and family.fields["body"]), family.name


def test_a_card_of_a_later_folder_replaces_the_packaged_one(tmp_path):
    card(tmp_path, GOOD.replace('"A"', '"Own"'), "baotintuc.vn.toml")
    assert load_cards(tmp_path)["baotintuc.vn"].outlet == "Own"
    assert list(load_folder(tmp_path)) == ["baotintuc.vn"]


@pytest.mark.parametrize(
    ("line", "key", "word"),
    [
        ('colour = "red"', "colour", "not a key"),
        ('feeds = ["/a.rss", "/a.rss"]', "feeds", "twice"),
        ('feeds = ["/a.rss", "https://a.example/a.rss"]', "feeds", "twice"),
        ('feeds = "/a.rss"', "feeds", "list of strings"),
        ('feeds = ["https://b.example/a.rss"]', "feeds", "does not allow"),
        ('feeds = ["ftp://a.example/a.rss"]', "feeds", "not an address"),
        ('listing = ["div >> a["]', "listing", "not a selector"),
        ('listing = ["a @"]', "listing", "names no attribute"),
        ('addresses = ["/{slug}-{number}.htm"]', "addresses", "unknown slot"),
        ('addresses = ["/{id}-{id}.htm"]', "addresses", "twice"),
        ('addresses = ["{id}.htm"]', "addresses", "begin with /"),
        ('family = "wordstar"', "family", "no family"),
        ('languages = ["Vietnamese"]', "languages", "codes"),
        ("languages = []", "languages", "codes"),
        ('hosts = ["https://a.example"]', "hosts", "not a host name"),
        ('hosts = ["A.example"]', "hosts", "not a host name"),
        ("delay = -1", "delay", "seconds"),
        ("delay = true", "delay", "seconds"),
        ('loopback = "yes"', "loopback", "true or false"),
        ('feed_dates = ["{day}/{m}"]', "feed_dates", "unknown slot"),
        ("feeds = [", "file", "not TOML"),
    ],
)
def test_a_wrong_card_is_refused_with_file_and_key(tmp_path, line, key, word):
    file = card(tmp_path, GOOD + line)
    with pytest.raises(CardError, match=word) as raised:
        read_card(file)
    assert raised.value.key == key
    assert str(raised.value).startswith(f"{file}: {key}: ")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "base", ["a.example", "https://a.example/tin", "https://u:p@a.example", "file:///etc", "https://"]
)
def test_a_base_url_is_scheme_and_host(tmp_path, base):
    with pytest.raises(CardError, match="base_url"):
        read_card(card(tmp_path, f'outlet = "A"\nbase_url = "{base}"\n'))


def test_a_card_needs_outlet_and_base_url_and_a_folder_that_is_there(tmp_path):
    with pytest.raises(CardError, match="base_url: is missing"):
        read_card(card(tmp_path, 'outlet = "A"'))
    with pytest.raises(CardError, match="is not a folder"):
        load_cards(tmp_path / "none")
    with pytest.raises(CardError, match="cannot be read"):
        read_card(tmp_path / "none.toml")


def test_two_cards_of_one_name_are_refused(tmp_path):
    card(tmp_path, GOOD + 'name = "x"', "a.toml")
    card(tmp_path, GOOD + 'name = "x"', "b.toml")
    with pytest.raises(CardError, match="is also the name of"):
        load_folder(tmp_path)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('titel = ["h1"]', "titel"),
        ('title = ["h1["]', "title"),
        ('title = ["h1", "h1"]', "title"),
        ("expect = { title = 1 }", "expect.title"),
        ('title = ["h1"]\nexpect = { title = "one" }', "expect.title"),
        ('date_patterns = ["{month} {d}"]', "date_patterns"),
        ('letters = ["a"]', "letters"),
    ],
)
def test_a_wrong_family_is_refused_with_file_and_key(tmp_path, line, key):
    file = tmp_path / "f.toml"
    file.write_text(line, "utf-8")
    with pytest.raises(CardError) as raised:
        read_family(file)
    assert (raised.value.key, raised.value.file) == (key, str(file))


@pytest.mark.parametrize(
    ("site", "url", "identity"),
    [
        ("vietnamplus.vn", "https://www.vietnamplus.vn/gdp-tang-post1001.vnp", "1001"),
        ("en.vietnamplus.vn", "https://en.vietnamplus.vn/old-one/7001.vnp", "7001"),
        ("baotintuc.vn", "https://baotintuc.vn/kinh-te/gdp-20260106093000123.htm", "20260106093000123"),
        ("baotintuc.vn", "https://baotintuc.vn/kinh-te/gdp-20261306093000123.htm", None),
        ("baochinhphu.vn", "https://baochinhphu.vn/gdp-1022601060930005.htm", "2601060930005"),
        ("tuoitre.vn", "https://tuoitre.vn/gdp-20260106093000123.htm", "20260106093000123"),
        ("tuoitre.vn", "https://tuoitre.vn/gdp-100260706093000123.htm", "260706093000123"),
        ("tuoitre.vn", "https://tuoitre.vn/gdp-7777.htm", None),
        ("bnews.vn", "https://bnews.vn/gdp/330404.html", "330404"),
        ("baohaiphong.vn", "https://baohaiphong.vn/le-hoi-event12.html", None),
        ("vietnamnews.vn", "https://vietnamnews.vn/media-outreach/1799001/pr.html", None),
        ("vietnamnews.vn", "https://vietnamnews.vn/economy/1799001/gdp.html", "1799001"),
        ("vietnam.vn", "https://www.vietnam.vn/sv/gdp-tang", "gdp-tang"),
        ("vietnam.vn", "https://www.vietnam.vn/sv", None),
        ("baotintuc.vn", "https://khac.example/kinh-te/gdp-20260106093000123.htm", None),
    ],
)
def test_addresses_of_articles(site, url, identity):
    match = load_cards()[site].article(url)
    assert (match.identity if match else None) == identity


def test_stamp_language_and_original_of_an_address():
    cards = load_cards()
    stamp = cards["baochinhphu.vn"].article("https://baochinhphu.vn/gdp-1022601060930005.htm").stamp
    assert stamp.isoformat() == "2026-01-06T09:30:00+07:00"
    vietnam = cards["vietnam.vn"]
    assert vietnam.language_of("https://www.vietnam.vn/sv/gdp") == "sv"
    assert vietnam.language_of("https://www.vietnam.vn/gdp") == "vi"
    assert vietnam.original_of("https://www.vietnam.vn/sv/gdp") == "https://www.vietnam.vn/gdp"
    assert vietnam.original_of("https://www.vietnam.vn/gdp") is None


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("HTTPS://A.Example:443/b?utm_source=x&id=3#top", "https://a.example/b?id=3"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/số liệu", "https://a.example/s%E1%BB%91%20li%E1%BB%87u"),
        ("https://a.example:8443/b?x=%20", "https://a.example:8443/b?x=%20"),
        ("https://user:pw@a.example/", None),
        ("https://a.example\\@b.example/", None),
        ("javascript:alert(1)", None),
        ("http://[::1", None),
        ("http://a.example:99999/", None),
        ("//", None),
        ("", None),
    ],
)
def test_one_spelling_of_an_address(url, kept):
    assert clean_url(url) == kept
    assert kept is None or clean_url(kept) == kept


def test_relative_addresses_and_ports():
    assert clean_url("../b.htm", "https://a.example/x/y/") == "https://a.example/x/b.htm"
    assert netloc_of("http://127.0.0.1:8000/x") == "127.0.0.1:8000"
    assert netloc_of("https://a.example:443/") == "a.example"


def test_twins_and_allowed_hosts():
    cards = load_cards()
    plus = cards["vietnamplus.vn"]
    assert plus.canonical("https://m.vietnamplus.vn/a-post1.vnp?x=1") == "https://www.vietnamplus.vn/a-post1.vnp"
    assert plus.canonical("https://b.example/a-post1.vnp") is None
    assert card_for("https://m.vietnamplus.vn/a-post1.vnp", cards) is plus
    assert card_for("https://b.example/", cards) is None


def test_an_endless_path_is_no_article_and_takes_no_time():
    address = Address.of("/{section}/{slug}-{stamp14}{ms}.htm")
    assert address.match("/" + "a/" * 900 + "b-" * 100) is None
    assert address.match("/" + "a" * 5000) is None


def test_packaged_files_are_data_of_the_package():
    import tomllib

    settings = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert {"sites/*.toml", "families/*.toml"} <= set(settings["tool"]["setuptools"]["package-data"]["crawler"])
