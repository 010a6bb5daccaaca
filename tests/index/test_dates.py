import os
import unicodedata
from collections import defaultdict
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import DateOrigin
from index.dates import (
    AMBIGUOUS,
    FoundDate,
    date_from_mtime,
    date_from_text,
    date_from_url,
    first_believed,
    found_date,
    is_believable,
    parse_date,
)
from index.month_names import MONTH_NAMES, folded

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
        ("2026년 3월 4일", "2026-03-04"),
        ("令和8年3月4日", "2026-03-04"),
        ("平成元年1月8日", "1989-01-08"),
        ("ngày 4 tháng 3 năm 2026", "2026-03-04"),
        ("2026. március 4.", "2026-03-04"),
        ("2026 m. kovo 4 d.", "2026-03-04"),
        ("24 марта 2026 г.", "2026-03-24"),
        ("Середа, 4 березня 2026 р., 14:32", "2026-03-04"),
        ("18 EKİM 2026", "2026-10-18"),
        ("ΤΕΤΑΡΤΗ 4 ΜΑΡΤΙΟΥ 2026", "2026-03-04"),
        ("١٩ أبريل ٢٠٢٦", "2026-04-19"),
        ("4 كانون الثاني 2026", "2026-01-04"),
        ("3 במרץ 2026", "2026-03-03"),
        ("१३ फ़रवरी २०२६", "2026-02-13"),
        ("１２ 月 3 2026, 2026年３月４日", "2026-03-04"),
        ("le 1er mars 2026 à 18h20", "2026-03-01"),
        ("Mittwoch, den 4. März 2026 um 17.05 Uhr", "2026-03-04"),
        ("6 July 2026 15:46 MESZ", "2026-07-06T15:46:00+02:00"),
        ("4 March 2026 10:00 GMT+2", "2026-03-04T10:00:00+02:00"),
        ("4 March 2026, 10:00 UTC+05:30", "2026-03-04T10:00:00+05:30"),
        ("4 March 2026, 10:00-12:00", "2026-03-04"),
        ("03/04/2026", "2026-03-04"),
        ("13/04/2026", "2026-04-13"),
        ("04.03.2026", "2026-03-04"),
    ],
)
def test_a_date_is_read_as_outlets_write_it(text, iso):
    assert parse_date(text, now=NOW) == iso


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("July 6, 2026, 3:46 p.m. EST", "-04:00"),
        ("July 6, 2026, 3:46 p.m. ET", "-04:00"),
        ("January 6, 2026, 3:46 p.m. EDT", "-05:00"),
        ("July 6, 2026, 3:46 p.m. CT", "-05:00"),
        ("July 6, 2026, 3:46 p.m. MST", "-07:00"),
        ("Nov 1, 2026, 1:30 a.m. ET", "-04:00"),
    ],
)
def test_the_season_of_the_day_counts_rather_than_that_of_the_abbreviation(text, offset):
    value = parse_date(text, now=datetime(2026, 12, 1, tzinfo=UTC))
    assert value is not None
    assert value.endswith(offset)


@pytest.mark.parametrize("zone", ["IST", "XYZT", "local time", ""])
def test_a_time_in_a_zone_that_nobody_can_tell_leaves_the_day(zone):
    assert parse_date(f"4 March 2026, 06:45 PM {zone}", now=NOW) == "2026-03-04"


@pytest.mark.parametrize(
    "text", ["yesterday", "2 hours ago", "3 March", "gestern um 10:30", "hace 3 horas", "3/4"]
)
def test_a_day_that_is_not_written_out_is_not_guessed(text):
    assert parse_date(text, now=NOW) is None
    assert date_from_text([text]).published is None


def test_the_first_figure_is_the_day_where_the_page_is_not_american():
    assert parse_date("03/04/2026", now=NOW, day_first=True) == "2026-04-03"
    assert parse_date("03/13/2026", now=NOW, day_first=True) == "2026-03-13"


def test_a_year_of_two_digits_is_read_where_a_date_is_expected_and_trusted_less():
    found = found_date("30.03.26", DateOrigin.META)
    assert found
    assert (found.value, found.confidence) == ("2026-03-30", pytest.approx(0.9 * AMBIGUOUS))
    assert parse_date("version 1.2.26", now=NOW) is None


@pytest.mark.parametrize(
    "value", ["1970-01-01", "1970-01-01T00:00:00Z", "1969-12-31T19:00:00-05:00", "1900-01-01"]
)
def test_the_zero_of_a_clock_is_doubted_in_a_field_but_not_in_a_text(value):
    assert found_date(value, DateOrigin.JSONLD) is None
    assert found_date(value, DateOrigin.TEXT)


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2026-W10-3", "2026-03-04"),
        ("2026-063", "2026-03-04"),
        ("20260304T154600Z", "2026-03-04T15:46:00+00:00"),
        ("2026-W99-1", None),
        ("2026-399", None),
    ],
)
def test_a_field_may_hold_the_rarer_forms_of_machines(value, iso):
    found = found_date(value, DateOrigin.META)
    assert (found.value if found else None) == iso


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
        ("Veröffentlicht am 3. März 2026, 17:05 Uhr", "2026-03-03", None, True),
        (
            "Publié le 14 avril 2026 à 18h20, modifié le 15 avril 2026 à 07h45",
            "2026-04-14",
            "2026-04-15",
            True,
        ),
        ("Stand: 06.07.2026 15:46 Uhr", "2026-07-06", "2026-07-06", True),
        ("Yayınlanma: 18 Ekim 2026 - 09:30", "2026-10-18", None, True),
        ("प्रकाशित: 13 फ़रवरी 2026, 06:45 PM IST", "2026-02-13", None, False),
        ("发布时间:2026-03-09 10:22", "2026-03-09", None, True),
        ("2026年3月4日 18時05分", "2026-03-04", None, True),
        ("Harbour Desk · 14 September 2026, 02:51 · updated 06:31", "2026-09-14", None, False),
        (
            "Updated July 6, 2026, 3:46 p.m. ET",
            "2026-07-06T15:46:00-04:00",
            "2026-07-06T15:46:00-04:00",
            True,
        ),
        ("Altensiel, 3 November 1987 (NNA) - The lamp is out.", "1987-11-03", None, False),
        ("The lamp has been out since 3 March — or was it 4 March 2026?", None, None, False),
        ("The war began on March 4, 2022.", None, None, False),
        ("The data was published on March 4, 2022, by the port.", None, None, False),
    ],
)
def test_dates_that_the_first_lines_tell(line, published, updated, whole):
    dates = date_from_text(["The port reopens", line])
    assert (dates.published.value if dates.published else None) == published
    assert (dates.updated.value if dates.updated else None) == updated
    assert dates.lines == (frozenset({1}) if whole else frozenset())


def test_beside_a_headline_a_date_among_names_is_that_of_the_article_and_less_sure():
    line = "By Ann Lee, 11 May 2026"
    assert date_from_text([line]).published is None
    found = date_from_text([line], loose=True).published
    assert found is not None
    assert (found.value, found.confidence) == ("2026-05-11", pytest.approx(0.7 * AMBIGUOUS))
    assert date_from_text(["The pier burned on 11 May 2026."], loose=True).published is None


def test_an_update_alone_stands_for_the_publication_with_less_confidence():
    dates = date_from_text(["Updated July 6, 2026, 3:46 p.m. ET"])
    assert dates.updated is not None
    assert dates.updated.value == "2026-07-06T15:46:00-04:00"
    assert dates.published is not None
    assert (dates.published.value, dates.published.origin) == (dates.updated.value, DateOrigin.TEXT)
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


MONTHS = [
    (language, number, name)
    for language, months in MONTH_NAMES.items()
    for number, names in enumerate(months.split(", "), start=1)
    for name in names.split()
]
WRITTEN = ["{d} {m} {y}", "{d}. {m} {y}", "{m} {d}, {y}", "{d} de {m} de {y}", "{y}. {m} {d}.", "{d}-{m}-{y}"]
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९"]


@given(
    st.sampled_from(MONTHS),
    st.integers(1901, 2025),
    st.integers(1, 28),
    st.sampled_from(WRITTEN),
    st.sampled_from(DIGITS),
    st.sampled_from([str, str.upper, str.title, lambda text: unicodedata.normalize("NFD", text)]),
)
def test_every_day_survives_in_every_language(month, year, day, form, digits, spelling):
    _, number, name = month
    text = spelling(form.format(d=day, m=name, y=year)).translate(str.maketrans(DIGITS[0], digits))
    assert parse_date(text, now=NOW) == date(year, number, day).isoformat()


def test_each_language_has_twelve_months_and_no_name_means_two():
    assert all(len(months.split(", ")) == 12 for months in MONTH_NAMES.values())
    meaning = defaultdict(set)
    for _, number, name in MONTHS:
        meaning[folded(name)].add(number)
    assert [name for name, numbers in meaning.items() if len(numbers) > 1] == []


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
