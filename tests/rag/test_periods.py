from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.periods import Period, find_period

AS_OF = date(2026, 3, 11)  # a Wednesday


def days(start, end=None):
    return Period(start=date.fromisoformat(start), end=date.fromisoformat(end or start))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What was said on 2026-02-03?", days("2026-02-03")),
        ("What happened on 4 February 2025?", days("2025-02-04")),
        ("What happened on the 4th of February, 2025?", days("2025-02-04")),
        ("What happened on February 4, 2025?", days("2025-02-04")),
        ("What happened on Feb. 4th 2025?", days("2025-02-04")),
        ("What happened on 4 February?", days("2026-02-04")),
        ("What happened on April 4?", days("2025-04-04")),
        ("What happened on Sept 9?", days("2025-09-09")),
        ("What happened on 29 February?", days("2024-02-29")),
        ("What happened in February?", days("2026-02-01", "2026-02-28")),
        ("What happened in December?", days("2025-12-01", "2025-12-31")),
        ("What happened in early March 2025?", days("2025-03-01", "2025-03-10")),
        ("What happened in mid-March 2025?", days("2025-03-11", "2025-03-21")),
        ("What happened in late March 2025?", days("2025-03-22", "2025-03-31")),
        ("What happened in early 2025?", days("2025-01-01", "2025-05-01")),
        ("What happened in late 2025?", days("2025-09-02", "2025-12-31")),
        ("What has happened since 2024?", days("2024-01-01", "2026-03-11")),
        ("What has happened since November?", days("2025-11-01", "2026-03-11")),
        ("What happened this past weekend?", days("2026-03-07", "2026-03-08")),
        ("What happened last weekend?", days("2026-03-07", "2026-03-08")),
        ("The October 2025 election?", days("2025-10-01", "2025-10-31")),
        ("What happened in 2025?", days("2025-01-01", "2025-12-31")),
        ("What happened today?", days("2026-03-11")),
        ("What happened tonight?", days("2026-03-11")),
        ("What happened yesterday?", days("2026-03-10")),
        ("What happened this week?", days("2026-03-04", "2026-03-11")),
        ("What happened last week?", days("2026-02-25", "2026-03-04")),
        ("What happened this month?", days("2026-03-01", "2026-03-11")),
        ("What happened last month?", days("2026-02-01", "2026-02-28")),
        ("What happened this year?", days("2026-01-01", "2026-03-11")),
        ("What happened in the previous year?", days("2025-01-01", "2025-12-31")),
        ("What happened three days ago?", days("2026-03-08")),
        ("What happened 2 weeks ago?", days("2026-02-22", "2026-02-28")),
        ("What happened in the past 10 days?", days("2026-03-01", "2026-03-11")),
        ("What happened in the last two weeks?", days("2026-02-25", "2026-03-11")),
        ("What was said since 24 June 2025?", days("2025-06-24", "2026-03-11")),
        ("What was said after 24 June 2025?", days("2025-06-25", "2026-03-11")),
        ("What was said after 2024?", days("2025-01-01", "2026-03-11")),
        ("Who was mayor before March 2025?", days("2024-03-01", "2025-02-28")),
        ("Who was mayor before 2024?", days("2023-01-01", "2023-12-31")),
        ("Who was mayor until 4 March 2025?", days("2024-03-04", "2025-03-04")),
        ("What happened the day after 4 February 2025?", days("2025-02-05")),
        ("What happened the week after 4 February 2025?", days("2025-02-05", "2025-02-11")),
        ("What happened the year before 4 February 2025?", days("2024-01-01", "2024-12-31")),
        ("What happened two weeks before 4 February 2025?", days("2025-01-21")),
        ("What did it cost last month, the month before?", days("2026-01-01", "2026-01-31")),
        ("What did it cost in 2024, than the year before?", days("2024-01-01", "2024-12-31")),
        ("What happened on Wednesday?", days("2026-03-11")),
        ("What happened on Thursday?", days("2026-03-05")),
        ("What happened last Wednesday?", days("2026-03-04")),
        ("What has changed since last Friday?", days("2026-03-06", "2026-03-11")),
        ("What happened from March to May 2025?", days("2025-03-01", "2025-05-31")),
        ("What happened between November and January?", days("2025-11-01", "2026-01-31")),
    ],
)
def test_a_question_names_a_period(question, expected):
    assert find_period(question, AS_OF) == expected


@pytest.mark.parametrize(
    "question",
    [
        "What does the Good Friday agreement say?",
        "Who edits the Sunday Times?",
        "Who is the mayor of Stellhaven?",
        "What may the council decide?",
        "Did they march on the capital?",
        "How did 1,150 tonnes move?",
        "What happened on 31 February?",
        "What happened on 2026-13-40?",
        "",
    ],
)
def test_a_question_without_a_date_that_can_be_names_none(question):
    assert find_period(question, AS_OF) is None


@pytest.mark.parametrize(
    "question", ["What will be on 2026-03-12?", "What comes in April 2026?", "What in 2027?"]
)
def test_a_period_that_begins_after_as_of_is_none(question):
    assert find_period(question, AS_OF) is None


def test_a_period_that_goes_on_is_cut_at_as_of():
    assert find_period("What happened in March 2026?", AS_OF) == days("2026-03-01", "2026-03-11")
    assert find_period("What happened in 2026?", AS_OF) == days("2026-01-01", "2026-03-11")


def test_the_distance_of_a_day_is_that_to_the_nearer_end():
    period = days("2026-03-01", "2026-03-11")
    distances = [period.distance(date(2026, *day)) for day in ((2, 27), (3, 1), (3, 5), (3, 11), (3, 14))]
    assert distances == [2, 0, 0, 0, 3]


WORDS = st.sampled_from(
    """on in the of since last this past previous ago yesterday today monday sunday january may march
    feb.
    29 30 31 0 1 3rd 99 999 2025 1900 2099 2026-02-29 2024-02-29 0000-00-00
    day days week weeks months year years a two ten , - ² ٣ İ""".split()
)


@given(
    question=st.lists(WORDS, max_size=8).map(" ".join) | st.text(max_size=60),
    as_of=st.dates() | st.sampled_from([date.min, date.max, date(1, 1, 5), date(1904, 2, 28)]),
)
def test_no_text_and_no_day_breaks_it_and_nothing_lies_after_as_of(question, as_of):
    period = find_period(question, as_of)
    assert period is None or period.start <= period.end <= as_of
