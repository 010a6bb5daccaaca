import os
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import DateOrigin
from index.dates import (
    FoundDate,
    date_from_mtime,
    date_from_text,
    date_from_url,
    first_believed,
    found_date,
    is_believable,
    parse_date,
)

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-03-04", "2026-03-04"),
        ("2026-03-04T15:46:00Z", "2026-03-04T15:46:00+00:00"),
        ("2026-03-04T15:46:00.123+02:00", "2026-03-04T15:46:00+02:00"),
        ("2026-03-04T15:46+0530", "2026-03-04T15:46:00+05:30"),
        ("2026-03-04 10:00:00", "2026-03-04"),
        ("2026/3/4", "2026-03-04"),
        ("20260304", "2026-03-04"),
        ("March 4, 2026", "2026-03-04"),
        ("Mar. 4th 2026", "2026-03-04"),
        ("Wednesday, 4 March 2026", "2026-03-04"),
        ("4-Mar-2026", "2026-03-04"),
        ("Wed, 04 Mar 2026 15:46:00 GMT", "2026-03-04T15:46:00+00:00"),
        ("Wed Mar  4 15:46:00 EST 2026", "2026-03-04T15:46:00-05:00"),
        ("July 6, 2026, 3:46 p.m. ET", "2026-07-06T15:46:00-04:00"),
        ("January 6, 2026, 3:46 p.m. ET", "2026-01-06T15:46:00-05:00"),
        ("January 6, 2026, 3:46 PM PT", "2026-01-06T15:46:00-08:00"),
        ("1:02 AM EDT, Thu June 9, 2022", "2022-06-09T01:02:00-04:00"),
        ("12 a.m. GMT March 4, 2026", "2026-03-04T00:00:00+00:00"),
        ("12:30 p.m. CET, 4 March 2026", "2026-03-04T12:30:00+01:00"),
        ("4 March 2026 at 10.30 BST", "2026-03-04T10:30:00+01:00"),
        ("4. März 2026", "2026-03-04"),
        ("4 mars 2026", "2026-03-04"),
        ("4 de marzo de 2026", "2026-03-04"),
        ("2026年3月4日", "2026-03-04"),
        ("03/04/2026", "2026-03-04"),
        ("13/04/2026", "2026-04-13"),
        ("04.03.2026", "2026-03-04"),
    ],
)
def test_a_date_is_read_as_outlets_write_it(text, iso):
    assert parse_date(text, now=NOW) == iso


@pytest.mark.parametrize(
    "text", ["", "hello", "May 2026", "31/02/2026", "2026-13-01", "99:99", "12345", "room 2026"]
)
def test_what_is_no_date_gives_none(text):
    assert parse_date(text, now=NOW) is None


@pytest.mark.parametrize("text", ["March 4, 2999", "2026-11-03", "1850-01-01", "0001-01-01"])
def test_a_date_in_the_future_or_long_ago_is_not_believed(text):
    assert parse_date(text, now=NOW) is None


def test_tomorrow_is_believed_for_a_desk_east_of_here():
    assert is_believable("2026-11-02", now=NOW)


def test_an_ambiguous_date_is_trusted_less():
    ambiguous, plain = found_date("03/04/2026", DateOrigin.META), found_date("2026-03-04", DateOrigin.META)
    assert ambiguous
    assert plain
    assert ambiguous.confidence < plain.confidence


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        (1654992000, "2022-06-12T00:00:00+00:00"),
        (1654992000.5, "2022-06-12T00:00:00+00:00"),
        (1654992000000, "2022-06-12T00:00:00+00:00"),
        ("1654992000", "2022-06-12T00:00:00+00:00"),
        (20220612, "2022-06-12"),
        (date(2022, 6, 12), "2022-06-12"),
        (datetime(2022, 6, 12, 8), "2022-06-12"),
        (datetime(2022, 6, 12, 8, tzinfo=UTC), "2022-06-12T08:00:00+00:00"),
    ],
)
def test_a_field_may_hold_a_number_or_a_date(value, iso):
    found = found_date(value, DateOrigin.META)
    assert found
    assert found.value == iso


@pytest.mark.parametrize("value", [None, True, [], {}, float("nan"), float("inf"), 10**400, -1, 7, "٢٠٢٢"])
def test_a_field_that_holds_no_date_gives_none(value):
    assert found_date(value, DateOrigin.META) is None


@pytest.mark.parametrize(
    ("url", "iso"),
    [
        ("https://news.example/2022/06/12/world/x", "2022-06-12"),
        ("https://news.example/world/2022/jun/12/x", "2022-06-12"),
        ("https://news.example/world/2022-06-12-ferry", "2022-06-12"),
        ("https://news.example/ferry-20220612", "2022-06-12"),
        ("https://news.example/story?d=2022-06-12", "2022-06-12"),
        ("https://news.example/2022/13/45/x", None),
        ("https://news.example/story/10991034002/", None),
        ("https://news.example/2022/06/", None),
    ],
)
def test_a_date_in_the_address(url, iso):
    found = date_from_url(url)
    assert (found.value if found else None) == iso


@pytest.mark.parametrize(
    ("line", "published", "updated", "whole"),
    [
        ("Published: March 4, 2026", "2026-03-04", None, True),
        ("March 4, 2026", "2026-03-04", None, True),
        ("Posted on Mar. 4, 2026 at 10:00 a.m. PST", "2026-03-04T10:00:00-08:00", None, True),
        (
            "Published 1:02 AM EDT, Thu June 9, 2022 | Updated 2:30 PM EDT, Fri June 10, 2022",
            "2022-06-09T01:02:00-04:00",
            "2022-06-10T14:30:00-04:00",
            True,
        ),
        ("March 4, 2026 Updated March 5, 2026", "2026-03-04", "2026-03-05", True),
        ("HARBOUR CITY, March 4, 2026 (Agency) — The port reopened.", "2026-03-04", None, False),
        ("The war began on March 4, 2022.", None, None, False),
        ("The data was published on March 4, 2022, by the port.", None, None, False),
    ],
)
def test_dates_that_the_first_lines_tell(line, published, updated, whole):
    dates = date_from_text(["The port reopens", line])
    assert (dates.published.value if dates.published else None) == published
    assert dates.updated == updated
    assert dates.lines == (frozenset({1}) if whole else frozenset())


def test_an_update_alone_stands_for_the_publication_with_less_confidence():
    dates = date_from_text(["Updated July 6, 2026, 3:46 p.m. ET"])
    assert dates.updated == "2026-07-06T15:46:00-04:00"
    assert dates.published is not None
    assert (dates.published.value, dates.published.origin) == (dates.updated, DateOrigin.TEXT)
    assert dates.published.confidence < 0.5


def test_the_time_of_a_file_is_the_least_trusted(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("x")
    os.utime(path, (0, datetime(2026, 3, 4, 12, tzinfo=UTC).timestamp()))
    assert date_from_mtime(path) == FoundDate(value="2026-03-04", origin=DateOrigin.FILE, confidence=0.2)


def test_a_file_that_is_gone_has_no_time(tmp_path):
    assert date_from_mtime(tmp_path / "gone") is None


def test_the_first_date_that_can_be_believed_is_taken():
    future = FoundDate(value="2999-01-01", origin=DateOrigin.JSONLD, confidence=0.9)
    past = FoundDate(value="2026-03-04", origin=DateOrigin.URL, confidence=0.8)
    assert first_believed([None, future, past], now=NOW) is past
    assert first_believed([future], now=NOW).origin is DateOrigin.UNKNOWN


@given(
    st.dates(date(1900, 1, 1), date(2026, 10, 31)),
    st.sampled_from(["%B %d, %Y", "%d %b %Y", "%Y-%m-%d", "%Y/%m/%d"]),
)
def test_every_day_survives_being_written(day, form):
    assert parse_date(day.strftime(form), now=NOW) == day.isoformat()


@given(st.text() | st.text(alphabet="0123456789:-/., apmETZ+March"))
def test_no_text_makes_the_parser_fail(text):
    value = parse_date(text)
    assert value is None or datetime.fromisoformat(value)
    date_from_text([text])
    date_from_url(text)
    found_date(text, DateOrigin.META)


@given(st.integers() | st.floats())
def test_no_number_makes_the_parser_fail(number):
    found_date(number, DateOrigin.META)
