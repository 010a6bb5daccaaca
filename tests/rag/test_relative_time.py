"""Ways in time, and where they lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.relative_time import Shift, WrittenTime, find_shift, read_time, shifted


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("the year before", Shift(count=-1, unit="year", whole=True)),
        ("And the month after that?", Shift(count=1, unit="month", whole=True)),
        ("on the following day", Shift(count=1, unit="day", whole=True)),
        ("the previous week?", Shift(count=-1, unit="week", whole=True)),
        ("two years earlier", Shift(count=-2, unit="year")),
        ("a week later", Shift(count=1, unit="week")),
        ("12 days after", Shift(count=12, unit="day")),
        ("ten months on", Shift(count=10, unit="month")),
    ],
)
def test_a_way_in_time_is_read(text, shift):
    assert find_shift(text) == shift


@pytest.mark.parametrize(
    "text", ["before", "the year", "two years", "last year", "the day after the flood", ""]
)
def test_other_words_are_none(text):
    assert find_shift(text) is None


@pytest.mark.parametrize(
    ("written", "way", "then"),
    [
        ("4 March 2025", "the year before", "2024"),
        ("4 March 2025", "a year earlier", "4 March 2024"),
        ("29 February 2024", "a year later", "28 February 2025"),
        ("31 Jan. 2025", "a month later", "28 February 2025"),
        ("January 31st, 2025", "the month after", "February 2025"),
        ("2025-12-31", "the next day", "1 January 2026"),
        ("December 2025", "two months later", "February 2026"),
        ("2025", "three years before", "2022"),
    ],
)
def test_a_way_leads_from_a_time_to_another(written, way, then):
    assert str(shifted(read_time(written), find_shift(way))) == then


@pytest.mark.parametrize(("written", "way"), [("2025", "a month later"), ("May 2025", "a week later")])
def test_a_way_finer_than_the_time_leads_nowhere(written, way):
    assert shifted(read_time(written), find_shift(way)) is None


@pytest.mark.parametrize("text", ["31 February 2025", "2025-13-01", "4 March", "March", "yesterday", "20250"])
def test_what_is_no_day_month_or_year_of_its_own_is_not_read(text):
    assert read_time(text) is None


@given(
    time=st.dates().map(lambda day: WrittenTime(year=day.year, month=day.month, day=day.day)),
    count=st.integers(-999, 999),
    unit=st.sampled_from(["day", "week", "month", "year"]),
    whole=st.booleans(),
)
def test_every_way_leads_to_a_time_that_can_be_read_or_nowhere(time, count, unit, whole):
    then = shifted(time, Shift(count=count, unit=unit, whole=whole))
    if then is not None and 1900 <= then.year < 2100:
        assert read_time(str(then)) == then
