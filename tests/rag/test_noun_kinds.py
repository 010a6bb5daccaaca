"""What plain nouns stand for, and which of them may take each other's place."""

import pytest

from rag.noun_kinds import Noun, may_replace, noun_kind


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("the council of Orvale", Noun.BODY),
        ("the lower house", Noun.BODY),
        ("the house", None),
        ("the tram drivers", Noun.PERSON),
        ("the deputy mayor", Noun.PERSON),
        ("the vote in 2022", Noun.HAPPENING),
        ("the cities", Noun.PLACE),
        ("the bridge", None),
        ("", None),
    ],
)
def test_the_noun_of_a_phrase_tells_what_it_stands_for(phrase, kind):
    assert noun_kind(phrase) is kind


def test_a_thing_takes_the_place_of_one_of_its_kind_or_of_one_not_known():
    assert may_replace(Noun.BODY, Noun.BODY)
    assert may_replace(None, Noun.HAPPENING)
    assert not may_replace(Noun.HAPPENING, Noun.BODY)
