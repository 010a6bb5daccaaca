"""An archive tells when something took place only where its titles make it sure."""

from datetime import date

import pytest

from index.archive import Archive
from index.build import remove
from index.filters import Filter
from rag.event_dates import ArchiveEventDates
from tests.index.corpus import article
from tests.rag.harbour import build_archive

TOLD = [
    ("quake-1", "Earthquake shakes Northmoor", "2019-05-04"),
    ("quake-2", "Earthquake shakes Northmoor again", "2024-02-01"),
    ("vote-1", "Quarry workers of Sandby vote to strike", "2026-01-08"),
    ("vote-2", "Sandby quarry strike begins", "2026-01-14"),
    ("vote-3", "Strike at Sandby quarry ends", "2026-02-02"),
    ("anniversary", "Ten years since the Elmcote tunnel fire", "2026-06-01"),
    ("fire-1", "Fire in Elmcote tunnel kills two", "2016-06-01"),
    ("fire-2", "Elmcote tunnel shut after fire", "2016-06-03"),
    ("fire-3", "Inquiry into Elmcote tunnel fire opens", "2016-07-10"),
    ("election", "Lind wins election for mayor of Sandby", "2026-03-09"),
    ("undated", "Regatta of Sandby cancelled", None),
]


@pytest.fixture(scope="module")
def dates(tmp_path_factory, embedder):
    root = tmp_path_factory.mktemp("events") / "index"
    build_archive(
        root,
        [article(key, f"{title}, it is told.", title=title, published=day) for key, title, day in TOLD],
        embedder,
    )
    with Archive(root).open() as snapshot:
        yield ArchiveEventDates(snapshot)


def days(dates, event, about="", until=date(2026, 12, 31), **where):
    found = dates.days_of(event, about, Filter(until=until, **where))
    return found and (found.start.isoformat(), found.end.isoformat())


def test_an_event_begins_with_the_first_title_of_its_story(dates):
    assert days(dates, "the strike at the quarry") == ("2026-01-08", "2026-02-02")


def test_it_begins_where_a_title_first_says_all_of_it(dates):
    assert days(dates, "the quarry strike ended") == ("2026-02-02", "2026-02-02")


def test_a_later_look_back_does_not_move_it(dates):
    assert days(dates, "the fire in the Elmcote tunnel") == ("2016-06-01", "2016-07-10")


def test_an_event_of_one_word_needs_one_of_the_rest_of_the_question(dates):
    assert days(dates, "the election") is None
    assert days(dates, "the election", "What has Brandt said ?") is None
    assert days(dates, "the election", "What has changed in Sandby ?") == ("2026-03-09", "2026-03-09")


@pytest.mark.parametrize(
    "event",
    [
        "the earthquake in Northmoor",  # there were two
        "the earthquake in Sandby",  # there was none
        "the regatta of Sandby",  # nobody knows when
        "the",
        "",
    ],
)
def test_where_it_is_not_sure_there_are_no_days(dates, event):
    assert days(dates, event) is None


def test_nothing_outside_the_bounds_is_told(dates):
    assert days(dates, "the election in Sandby", until=date(2026, 3, 8)) is None
    assert days(dates, "the strike at the quarry", until=date(2026, 1, 10)) == ("2026-01-08", "2026-01-08")
    assert days(dates, "the strike at the quarry", sources=("elsewhere.example",)) is None


def test_of_two_events_as_of_between_them_sees_one(dates):
    assert days(dates, "the earthquake in Northmoor", until=date(2020, 1, 1)) == ("2019-05-04", "2019-05-04")


def test_an_archive_of_nothing_knows_no_days(tmp_path, embedder):
    only = article("only", "One dead.")
    build_archive(tmp_path / "index", [only], embedder)
    remove(tmp_path / "index", [only.id])
    with Archive(tmp_path / "index").open() as snapshot:
        found = ArchiveEventDates(snapshot).days_of("the flood in Orvale", "", Filter())
    assert found is None
