"""A day in an article is read as of the article's own day, never as of the day of reading."""

from datetime import date

import pytest

from rag.dates_in_text import event_day, is_live, named_days

THURSDAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The museum reopened today.", "2026-03-05"),
        ("The council voted yesterday.", "2026-03-04"),
        ("The roof fell in last night.", "2026-03-04"),
        ("The bridge opened on Monday.", "2026-03-02"),
        ("The bridge opened on Thursday.", "2026-03-05"),
        ("The last train ran last Thursday.", "2026-02-26"),
        ("She resigned on 4 March.", "2026-03-04"),
        ("She resigned on the 4th of March 2026.", "2026-03-04"),
        ("She resigned on March 4, after a long night.", "2026-03-04"),
        ("She resigned on 2026-03-04.", "2026-03-04"),
        ("The ferry sank on 20 December.", "2025-12-20"),
        ("The ban, imposed on 24 June, holds.", "2025-06-24"),
        ("The fair was held on 3 May last year.", "2025-05-03"),
        ("The pier gave way two days ago.", "2026-03-03"),
        ("The mayor said on Tuesday that the bridge will open on 9 April.", "2026-03-03"),
    ],
)
def test_a_sentence_that_names_a_past_day_tells_of_that_day(text, day):
    found = event_day(text, THURSDAY)
    assert (found.day.isoformat(), found.written, found.announced_for) == (day, True, None)


@pytest.mark.parametrize(
    "text",
    [
        "The bridge costs 40 million euros.",
        "The crossing, closed since 10 November, costs the town dearly.",
        "Tuesday's vote was close.",
        "The 10 November flood was the worst in a century.",
        "The Jan. 6 flood was the worst in a century.",
        "By Monday evening 40 houses stood empty.",
        "The choir sings at Good Friday mass.",
        "It may 5 times have been heavier.",
        "Work began in March 2026.",
        "The river stood higher than on Sunday.",
        "She had 201 votes, fewer than she received on Sunday.",
        "Its path beyond Tuesday is not known.",
        "The uncle spoke on Friday.",  # of a later edition, or a week ago
    ],
)
def test_a_sentence_without_a_day_of_its_own_tells_of_its_articles_day(text):
    found = event_day(text, THURSDAY)
    assert (found.day, found.written, found.announced_for) == (THURSDAY, False, None)


@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        ("It will open on Monday.", "2026-03-09"),
        ("The vote is due on Friday, the mayor said.", "2026-03-06"),
        ("The trial begins next Thursday.", "2026-03-12"),
        ("The line opens on March 9, 2026.", "2026-03-09"),
        ("The fair of Tarnby opens on Saturday.", "2026-03-07"),
        ("The ban takes effect on Monday.", "2026-03-09"),
        ("Tomorrow the ferry sails again.", "2026-03-06"),
    ],
)
def test_what_is_announced_is_news_of_the_articles_day(text, ahead):
    found = event_day(text, THURSDAY)
    assert (found.day, found.written) == (THURSDAY, False)
    assert found.announced_for == date.fromisoformat(ahead)


@pytest.mark.parametrize(
    "text",
    [
        "In November 2025 a crack opened in the spillway.",
        "The ferry stopped in December.",
        "The chain ferry of 1802 was the first, and early in 1904 the last one went.",
        "The founder was born on 18 October 1990.",
        "Prices rose last year.",
    ],
)
def test_background_has_no_day(text):
    assert event_day(text, THURSDAY) is None


def test_an_undated_article_dates_only_what_it_dates_in_full():
    assert event_day("She resigned on 4 March 2026.", None).day == date(2026, 3, 4)
    assert event_day("She resigned on Monday, 4 March.", None) is None


def test_a_day_without_its_year_lies_within_half_a_year_of_the_article():
    [found] = named_days("The fair opens on 2 January.", date(2025, 12, 20))
    assert found.day == date(2026, 1, 2)


def test_what_is_no_day_is_none():
    assert named_days("On 31 February, at 5.30, seat 12 of 40 was taken.", THURSDAY) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The toll rose to 31 on Wednesday.", "2026-03-04"),
        ("The toll rose to 31 on Thursday.", "2026-03-05"),
        ("The toll rose to 31.", "2026-03-05"),
        ("The toll rose to 31 on Saturday, 28 February.", "2026-02-28"),
        ("The toll rose to 31 last Saturday.", "2026-02-28"),
    ],
)
def test_in_a_page_of_live_updates_a_day_just_before_its_own_is_read_as_ever(text, day):
    assert event_day(text, THURSDAY, live=True).day == date.fromisoformat(day)


@pytest.mark.parametrize("weekday", ["Saturday", "Monday", "Friday", "Sunday"])
def test_in_a_page_of_live_updates_any_other_weekday_may_be_of_the_days_after(weekday):
    text = f"The toll rose to 31 on {weekday}."
    assert event_day(text, THURSDAY, live=True) is None
    assert event_day(text, THURSDAY) is not None


@pytest.mark.parametrize(
    ("title", "url", "live"),
    [
        ("Harn quake live updates: 31 dead", "", True),
        ("Harn quake", "https://orvale-gazette.example/2026/03/05/harn-quake-live-updates/81", True),
        ("Harn quake", "https://orvale-gazette.example/world/live-news/harn-quake", True),
        ("Harn quake", "https://orvale-gazette.example/world/live/2026/mar/05/harn-quake", True),
        ("The night of the quake, as it happened", "", True),
        ("Harn quake – live", "", True),
        ("Live: the Harn quake", "", True),
        ("Where they live now", "https://orvale-gazette.example/how-we-live-now", False),
        ("Alive after four days", "https://orvale-gazette.example/alive", False),
        ("They live on the quay", "", False),
    ],
)
def test_pages_of_live_updates_are_known_by_title_or_address(title, url, live):
    assert is_live(title, url) is live
