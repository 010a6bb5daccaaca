"""What is to be counted or measured, and which sentences have a number of it."""

import pytest

from rag.measures import Measure


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("By how many votes did Brandt win?", "Adaeze Brandt won by 57 votes after the recount."),
        ("How many steps does the lighthouse have?", "The 163 steps of the lighthouse are closed."),
        ("How many people have died in the flood?", "Three people have died."),
        ("How heavy is the first span?", "The span weighs 1,150 tonnes."),
        ("How tall is the lighthouse?", "At 41 metres it is the tallest of the coast."),
        ("How long did the strike last?", "It ended after 18 days."),
        ("How fast was the wind?", "Gusts of 142 km/h were measured."),
        ("What percentage of the crews agreed?", "The settlement was accepted by 71 per cent."),
        ("How much will the bridge cost?", "The bridge will cost 84 million euros."),
        ("What was the price of the ferries?", "They were ordered for $94 million."),
    ],
)
def test_a_number_of_what_is_asked_for_is_seen(question, sentence):
    assert Measure(question).stands_in(sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("By how many votes did Brandt win?", "Adaeze Brandt won on 12 April."),
        ("By how many votes did Brandt win?", "The votes of 12 districts were counted."),
        ("How heavy is the first span?", "The span is 86 metres long."),
        ("How tall is the lighthouse?", "The lighthouse was built in 1871."),
        ("How much will the bridge cost?", "The bridge will open in 2028."),
        ("Who opened the bridge?", "The bridge cost 84 million euros and has 7 spans."),
    ],
)
def test_another_number_is_not(question, sentence):
    assert not Measure(question).stands_in(sentence)
