"""Moments as the press prints them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import VIETNAM, Evidence, read_feed_moment, read_iso, read_moment, settle
from crawler.family import load_families

FETCHED = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-01-06T09:30:00+07:00", "2026-01-06T09:30:00+07:00"),
        ("2026-01-06T09:30:00+0700", "2026-01-06T09:30:00+07:00"),
        ("2026-01-06T02:30:00Z", "2026-01-06T02:30:00+00:00"),
        ("2026-01-06T02:30:00.123456Z", "2026-01-06T02:30:00+00:00"),
        ("2026-01-06 09:30", "2026-01-06T09:30:00+07:00"),
        ("2026-01-06", "2026-01-06T00:00:00+07:00"),
        ("Thứ Ba, 06/01/2026 09:30", "2026-01-06T09:30:00+07:00"),
        ("Thứ ba, 6/1/2026, 09:05 (GMT+7)", "2026-01-06T09:05:00+07:00"),
        ("6/1/2026, 02:05 (GMT+0)", "2026-01-06T02:05:00+00:00"),
        ("06/01/2026 - 09:30", "2026-01-06T09:30:00+07:00"),
        ("06-01-2026 09:30", "2026-01-06T09:30:00+07:00"),
        ("09:30, 06/01/2026", "2026-01-06T09:30:00+07:00"),
        ("09:30 | 06/01/2026", "2026-01-06T09:30:00+07:00"),
        ("09:30' - 06/01/2026", "2026-01-06T09:30:00+07:00"),
        ("Cập nhật 13/02/2026", "2026-02-13T00:00:00+07:00"),
    ],
)
def test_printed_moments(text, iso):
    assert read_moment(text).isoformat() == iso


@pytest.mark.parametrize(
    "text", ["", "hôm nay", "31/02/2026 08:00", "2026", "13/13/2026", "1234567/01/2026", "25:99 06-2026"]
)
def test_what_is_no_date_is_none(text):
    assert read_moment(text) is None


def test_english_months_come_from_the_family():
    family = load_families()["vietnamnews"]
    read = read_moment("October 06, 2025 - 14:05", family.date_patterns, family.months)
    assert read.isoformat() == "2025-10-06T14:05:00+07:00"
    assert read_moment("October 06, 2025 - 14:05") is None


@pytest.mark.parametrize(
    ("text", "patterns", "iso"),
    [
        ("Tue, 06 Jan 2026 09:30:00 +0700", (), "2026-01-06T09:30:00+07:00"),
        ("Tue, 06 Jan 2026 02:30:00 GMT", (), "2026-01-06T02:30:00+00:00"),
        ("Tue, 06 Jan 2026 09:30:00", (), "2026-01-06T09:30:00+07:00"),
        ("1/6/2026 2:30:05 PM", ("{m}/{d}/{yyyy} {H}:{M}:{S} {ampm}",), "2026-01-06T14:30:05+07:00"),
        ("1/6/2026 12:00:05 AM", ("{m}/{d}/{yyyy} {H}:{M}:{S} {ampm}",), "2026-01-06T00:00:05+07:00"),
        ("06/01/2026 09:30", (), "2026-01-06T09:30:00+07:00"),
    ],
)
def test_dates_of_feeds(text, patterns, iso):
    assert read_feed_moment(text, patterns).isoformat() == iso


def evidence(**moments):
    return [Evidence(source, FETCHED - timedelta(days=days)) for source, days in moments.items()]


def test_the_most_trusted_confirmed_source_wins():
    assert settle(evidence(feed=3, meta=3, json_ld=3), FETCHED).source == "json_ld"
    assert settle(evidence(feed=3, url=3, json_ld=90), FETCHED).source == "url"
    assert settle(evidence(feed=9, url=3, json_ld=90), FETCHED).source == "json_ld"
    assert settle([], FETCHED) is None


def test_the_future_and_the_far_past_are_no_evidence():
    assert settle(evidence(json_ld=-3), FETCHED) is None
    assert settle(evidence(json_ld=-3, url=5), FETCHED).source == "url"
    assert settle([Evidence("meta", datetime(1970, 1, 1, tzinfo=UTC))], FETCHED) is None


@given(st.datetimes(min_value=datetime(1995, 1, 2), max_value=datetime(2035, 1, 1)))
def test_a_moment_printed_is_the_moment_read(moment):
    moment = moment.replace(microsecond=0, tzinfo=VIETNAM)
    assert read_iso(moment.isoformat()) == moment
    assert read_moment(moment.strftime("%d/%m/%Y %H:%M")) == moment.replace(second=0)
    assert read_feed_moment(moment.strftime("%a, %d %b %Y %H:%M:%S %z")) == moment


@given(st.text(max_size=60))
def test_any_text_gives_an_aware_moment_or_none(text):
    for read in (read_moment(text), read_feed_moment(text)):
        assert read is None or read.tzinfo is not None
