import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import paragraph_spans, sentence_spans

NEWSLIKE = st.text(
    alphabet=st.sampled_from(list("abcXYZ .!?\"'”“\n\r\t 3é中😀\u2028\u00a0\x0b,-")), max_size=200
)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@given(st.one_of(NEWSLIKE, st.text(max_size=200)))
def test_every_visible_character_lies_in_exactly_one_sentence(text):
    spans = sentence_spans(text)
    covered = [position for start, end in spans for position in range(start, end)]
    assert covered == sorted(set(covered))
    assert {i for i, character in enumerate(text) if not character.isspace()} <= set(covered)
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)


@given(NEWSLIKE)
def test_no_sentence_crosses_a_paragraph(text):
    paragraphs = paragraph_spans(text)
    for start, end in sentence_spans(text):
        assert any(first <= start and end <= last for first, last in paragraphs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n ", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("“We go. We win.” Then he left.", ["“We go. We win.”", "Then he left."]),
        ("The U.S. Army paid Dr. Smith $3.5 million. Then it left.", 2),
        ("A headline\nThe first sentence.", ["A headline", "The first sentence."]),
        ("wrapped in the\nmiddle of it. Next.", ["wrapped in the\nmiddle of it.", "Next."]),
        ("First paragraph\n\nsecond in lower case", ["First paragraph", "second in lower case"]),
        (
            "It starts at 3 p.m. Monday in Rome. Bring food.",
            ["It starts at 3 p.m. Monday in Rome.", "Bring food."],
        ),
        ("It starts at 9 a.m. ET on Friday.", ["It starts at 9 a.m. ET on Friday."]),
        ("“Mr. Boras called. He left.", ["“Mr. Boras called.", "He left."]),
        ("12. Green Book won.", ["12. Green Book won."]),
        ("It ended at 3 p.m. The crowd left.", ["It ended at 3 p.m.", "The crowd left."]),
    ],
)
def test_sentences_of_news_prose(text, expected):
    found = sentences(text)
    assert (len(found) if isinstance(expected, int) else found) == expected


def test_a_lone_surrogate_is_no_obstacle():
    assert sentences("Broken \ud800 text. Next.") == ["Broken \ud800 text.", "Next."]
