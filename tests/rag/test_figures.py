import math

import pytest

from rag.figures import figures


def read(text):
    return [(figure.low, figure.high, figure.unit) for figure in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It killed 12 people.", [(12, 12, "")]),
        ("Twelve people came.", [(12, 12, "")]),
        ("In all 1,480 houses stood empty.", [(1480, 1480, "")]),
        ("Between 10 and 15 people came.", [(10, 15, "")]),
        ("At least 12 people came.", [(12, math.inf, "")]),
        ("Up to 12 people came.", [(0, 12, "")]),
        ("About 40 people came.", [(36, 44, "")]),
        ("Some 84 per cent came.", [(75.6, 92.4, "percent")]),
        ("It is 3 kilometres long.", [(3000, 3000, "length")]),
        ("It took $5 from him.", [(5, 5, "money dollar")]),
        ("It took 80 rupees from him.", [(80, 80, "money rupee")]),
        ("It took ¥500 from him.", [(500, 500, "money yen")]),
        ("It cost 7 euros.", [(7, 7, "money euro")]),
    ],
)
def test_a_number_is_the_interval_that_it_stands_for(text, expected):
    assert read(text) == [(pytest.approx(low), pytest.approx(high), unit) for low, high, unit in expected]


def test_a_rounded_sum_is_sure_to_half_its_last_digit():
    [(low, high, unit)] = read("It cost 3.2 million euros.")
    assert (low, high, unit) == (pytest.approx(3.15e6), pytest.approx(3.25e6), "money euro")


@pytest.mark.parametrize(
    "text",
    [
        "A man aged 71 came.",
        "The 71-year-old came.",
        "A woman, 34, came.",
        "It was built in 1802.",
        "It opens on 4 March 2026.",
        "They won 3-1.",
        "It was the 15th time.",
        "The toll was raised from 12 to more.",
        "It began at 5:30.",
        "It is a Category 4 storm of magnitude 6.",
    ],
)
def test_ages_days_years_scores_and_what_was_replaced_are_no_figures(text):
    assert read(text) == []


def test_the_words_after_a_number_say_what_it_counts():
    [figure] = figures("Orvale counts 1,480 damaged houses of its own.")
    assert figure.things == {"damag", "hous"}
