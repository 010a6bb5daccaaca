"""Times told by events: which event, which side of it, and the days that come of it."""

from datetime import date

import pytest

from index.filters import Filter
from rag.event_phrases import event_period, find_event
from rag.periods import Period
from rag.relative_time import Shift

AS_OF = date(2026, 3, 11)
FLOOD = Period(start=date(2025, 11, 9), end=date(2025, 11, 20))


class Known:
    """An archive that dates one event."""

    def __init__(self, days=FLOOD):
        self.days = days
        self.asked = []

    def days_of(self, event, about, where):
        self.asked.append((event, about, where))
        return self.days


@pytest.mark.parametrize(
    ("question", "side", "event", "about"),
    [
        ("What has changed since the election?", "since", "the election", "What has changed ?"),
        ("Who fled after the flood in Orvale?", "after", "the flood in Orvale", "Who fled ?"),
        ("Before the strike, what did the crews earn?", "before", "the strike", ", what did the crews earn?"),
        ("Since the strike did fares rise?", "since", "the strike", "did fares rise?"),
        ("Who led the board until Okonjo resigned?", "until", "Okonjo resigned", "Who led the board ?"),
        ("Who was ill during the strike?", "during", "the strike", "Who was ill ?"),
        ("What was said in the run-up to the vote?", "before", "the vote", "What was said ?"),
        ("What followed shortly after the recount?", "after", "the recount", "What followed ?"),
    ],
)
def test_a_question_tells_a_time_by_an_event(question, side, event, about):
    found = find_event(question)
    assert (found.side, found.event, " ".join(found.about.split())) == (side, event, about)
    assert found.way is None


def test_it_may_say_how_far_from_the_event():
    assert find_event("Who returned two weeks after the flood?").way == Shift(count=2, unit="week")
    assert find_event("Who fled the day before the flood?").way == Shift(count=-1, unit="day", whole=True)


@pytest.mark.parametrize(
    "question",
    [
        "Who was mayor before that?",
        "What has changed since 2024?",
        "Who spoke after 4 March 2025?",
        "What happened since Monday?",
        "Since when is the bridge shut?",
        "Who won after all?",
        "Which firm was fined after failing to pay its tax?",
        "Who left after more than 60 years?",
        "Who was freed after how many days?",
        "What did he say before he resigned?",
        "How much was it the year before?",
        "Who is the mayor?",
        "",
    ],
)
def test_a_date_a_pronoun_or_nothing_is_no_event(question):
    assert find_event(question) is None


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("What has changed since the flood?", date(2025, 11, 9), AS_OF),
        ("Who spoke after the flood?", date(2025, 11, 9), AS_OF),
        ("Who spoke before the flood?", date(2024, 11, 9), date(2025, 11, 8)),
        ("Who spoke until the flood?", date(2024, 11, 9), date(2025, 11, 9)),
        ("Who fled during the flood?", FLOOD.start, FLOOD.end),
        ("Who spoke two weeks after the flood?", date(2025, 11, 23), date(2025, 11, 23)),
        ("Who spoke the month after the flood?", date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_the_period_lies_on_its_side_of_the_event_and_ends_by_as_of(question, start, end):
    assert event_period(question, Known(), Filter(until=AS_OF), AS_OF) == Period(start=start, end=end)


def test_the_bounds_of_the_question_go_with_the_event():
    known, where = Known(), Filter(until=AS_OF, sources=("gazette.example",))
    event_period("Who fled after the flood?", known, where, AS_OF)
    assert known.asked == [("the flood", "Who fled ?", where)]


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("Who fled after the flood?", None),
        ("Who fled in Orvale?", FLOOD),
        ("Who fled after the flood?", Period(start=date(2026, 3, 12), end=date(2026, 3, 12))),
        ("Who returned a year after the flood?", FLOOD),
    ],
)
def test_without_a_sure_day_up_to_as_of_there_is_no_period(question, days):
    assert event_period(question, Known(days), Filter(until=AS_OF), AS_OF) is None
