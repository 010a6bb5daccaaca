"""Which sentences of retrieved passages tell events of a story."""

from dataclasses import replace

import pytest

from rag.drafts import drafts_of
from rag.event_reports import FAR, in_passing, tells
from tests.rag.passages import passage, ranked

STORY = frozenset({"ferri", "strike"})
BEST = ranked(passage("The ferry strike began.", article_id="best", title="Ferry strike"), strength=9.0)
PUFFINS = "The isle counts more puffins. The ferry strike nearly stopped the counting."


def mentions(title, *, strength, text=PUFFINS):
    """Return whether the last sentence of a passage only mentions the story."""
    found = ranked(passage(text, title=title), strength=strength)
    draft = [draft for draft in drafts_of([BEST, found]) if draft.at == 1][-1]
    return in_passing(draft, STORY, [BEST, found])


def test_an_article_on_something_else_tells_of_the_story_in_passing():
    assert mentions("Puffins at their highest number", strength=9.0 - FAR - 0.1)


@pytest.mark.parametrize(
    ("title", "strength"),
    [
        ("Puffins and the ferry", 1.0),
        ("Puffins at their highest number", 9.0 - FAR),
        ("", 1.0),
    ],
)
def test_one_that_is_found_as_well_as_others_or_has_a_word_in_its_title_does_not(title, strength):
    assert not mentions(title, strength=strength)


def test_what_opens_an_article_is_its_news_whatever_the_title():
    assert not mentions("Islanders wait", strength=1.0, text="The ferry strike nearly stopped the counting.")


@pytest.mark.parametrize(
    ("text", "is_event"),
    [
        ("The ferry strike began on Monday.", True),
        ("The ferry strike in pictures", False),
        ("Jon Orrel/AFP/Getty Images The ferry strike is seen from a tug.", False),
        ("An earlier version of this report gave another day.", False),
    ],
)
def test_headings_captions_and_earlier_versions_are_no_events(text, is_event):
    drafts = drafts_of([ranked(passage(f"{text} "))])  # a caption is none
    assert any(tells(replace(draft, text=text)) for draft in drafts) is is_event
