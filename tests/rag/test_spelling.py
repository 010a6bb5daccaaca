"""A question is spelled as the archive spells before anything is searched, and what was done is shown."""

from datetime import date

import pytest

from index.archive import Archive
from index.filters import Filter
from rag.config import RetrievalConfig
from rag.planned import plan_over
from rag.question import Question
from rag.spelling import Speller
from tests.index.corpus import article
from tests.rag.harbour import build_archive

EVERYTHING = Filter(since=None, until=date(2026, 12, 31))
ARTICLES = [
    article(
        "bridge",
        "Engineers in Vessenport lifted the first span of the Lantern Bridge on Tuesday. The Lantern Bridge "
        "will open in May. Later the mayor, Ada Quill, told the council of Oregon of the lantern.",
        title="First span of the Lantern Bridge",
        published="2026-03-01",
    ),
    article(
        "ferry",
        "The ferry to Farrow sails again. A ride costs four euros, and in Oregon it costs six.",
        title="Ferry to Farrow",
        published="2026-03-02",
    ),
    article(
        "late",
        "The vaults of Quorndon were found under the ferry pier.",
        title="Vaults found",
        published="2026-09-01",
    ),
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory, embedder):
    root = tmp_path_factory.mktemp("spelling")
    build_archive(root, ARTICLES, embedder)
    with Archive(root).open() as snapshot:
        yield snapshot


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("When will the Lantern Brige open?", "When will the Lantern Bridge open?"),
        ("When will the Latern Bridge open?", "When will the Lantern Bridge open?"),
        ("When will the Lantern Birdge open?", "When will the Lantern Bridge open?"),
        ("When will the Lantern Bridgee open?", "When will the Lantern Bridge open?"),
        ("How much does the ferrty cost?", "How much does the ferry cost?"),
        ("Who is the mayer of Vesenport?", "Who is the mayor of Vessenport?"),
    ],
    ids=["left out", "left out of a name", "swapped", "too many", "in between", "two slips"],
)
def test_a_slip_is_mended(snapshot, typed, spelled):
    assert Speller(snapshot).spelled(typed, EVERYTHING) == spelled


@pytest.mark.parametrize(
    "asked",
    [
        "When will the Lantern Bridge open?",
        "Who plays the violin in the bridge?",  # English, though the archive does not know it
        "Who is the mayor of Krakow?",  # nothing near it
        "Does a cat like the ferry?",  # too short to tell
        "Wann wird die Laternenbruecke im Hafen endlich geoeffnet werden?",
        "What does Bigre say?",  # one letter from a word that stands beside none of the others
        "Who is Bridget?",  # no bridge
        "When did Quilly open the harbour?",  # Quill, or somebody else of that name
        "12 345 ??",
        "",
    ],
)
def test_other_words_stay_as_they_are(snapshot, asked):
    assert Speller(snapshot).spelled(asked, EVERYTHING) == asked


def test_a_word_beyond_the_bounds_of_the_question_is_not_put_in(snapshot):
    asked = "What are the vaults of Quorndn under the ferry pier?"
    assert "Quorndon" in Speller(snapshot).spelled(asked, EVERYTHING)
    before = Filter(since=None, until=date(2026, 8, 1), as_of=date(2026, 8, 1))
    assert Speller(snapshot).spelled(asked, before) == asked


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("who is ada quill of vessenport?", "who is Ada Quill of Vessenport?"),
        ("WHO IS ADA QUILL OF VESSENPORT?", "Who is Ada Quill of Vessenport?"),
        ("what does it cost in oregon?", "what does it cost in Oregon?"),
        ("when will the lantern bridge open?", "when will the lantern bridge open?"),
        ("What does it cost in Oregon, and who is ada?", "What does it cost in Oregon, and who is ada?"),
    ],
    ids=["lower case", "capitals", "an English word", "words of a name", "somebody who uses capitals"],
)
def test_names_are_written_as_the_archive_does_where_the_question_tells_none(snapshot, typed, spelled):
    assert Speller(snapshot).spelled(typed, EVERYTHING) == spelled


def test_the_plan_keeps_the_question_and_shows_what_was_searched(snapshot):
    question = Question.parse("When will the Lantern Brige open?", as_of="2026-05-01")
    plan = plan_over(snapshot, question, RetrievalConfig())
    assert plan.question is question
    assert plan.standalone == plan.asks == "When will the Lantern Bridge open?"


def test_it_can_be_switched_off(snapshot):
    question = Question.parse("When will the Lantern Brige open?", as_of="2026-05-01")
    assert plan_over(snapshot, question, RetrievalConfig(spelling=False)).standalone == question.text


def test_a_long_hostile_question_takes_no_time(snapshot):
    Speller(snapshot).spelled("zqxjv " * 600, EVERYTHING)
    Speller(snapshot).spelled("a'" * 1900, EVERYTHING)
