"""Which questions are made of several, and what each of them asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.parts import parts_of


def asks(question):
    return [part.asks for part in parts_of(question)]


def named(question):
    return [part.named for part in parts_of(question)]


@pytest.mark.parametrize(
    "question",
    [
        "Who is the mayor of Stellhaven?",
        "What did Ada Quill say about Orvale, Vessenport or Farrow?",
        "Who was killed more than 50 days ago?",
        "Did the ferry company lay off more than 50% of its crews?",
        "Is it correct: true or false?",
        "Who scored more goals than Reyland at the cup?",
        "How did Quill and Solle react?",
        "What happened between Quill and Solle at the opera?",
        "Who won the prize, a dog or a cat?",
        "Did the strike end on Monday or Tuesday?",
        "What do we know about when, where and how the dam cracked?",
        "Explain how and why the dam cracked",
        "Which of " + ", ".join(["Alba"] * 60) + " and Yarrow has, so far, raised its fares?",
        "Who came" + "".join(f" and who left by train {number}" for number in range(60)) + "?",
        "Who came" + "".join(f" and what did visitor {number} say" for number in range(9)) + "?",
    ],
)
def test_a_question_that_asks_one_thing_or_too_many_is_its_only_part(question):
    (part,) = parts_of(question)
    assert part.asks == question.strip()
    assert not part.compared
    assert not part.leans


def test_questions_joined_by_and_are_asked_one_by_one():
    assert asks("When did the strike begin, and who led the talks in Orvale?") == [
        "When did the strike begin",
        "who led the talks in Orvale?",
    ]
    assert asks("Who led the talks? What will the ferries cost?") == [
        "Who led the talks?",
        "What will the ferries cost?",
    ]


@pytest.mark.parametrize(
    ("second", "leans"),
    [
        ("who was present?", True),
        ("who attended the council?", True),
        ("what did he say to the guests?", True),
        ("who was killed in the flood?", False),
        ("who is the mayor of Vessenport?", False),
    ],
)
def test_a_later_part_leans_on_the_first_unless_it_has_a_subject_of_its_own(second, leans):
    assert [part.leans for part in parts_of(f"When did the council of Orvale meet and {second}")] == [
        False,
        leans,
    ]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who won more seats, the Greens or the Harbour List?",
            ["How many seats the Greens won?", "How many seats the Harbour List won?"],
        ),
        ("Which is larger, Orvale or Stellhaven?", ["How large Orvale?", "How large Stellhaven?"]),
        ("Is Orvale larger than Stellhaven?", ["How large Orvale?", "How large Stellhaven?"]),
        (
            "Did more people die in Orvale than in Stellhaven?",
            ["How many people die in Orvale?", "How many people die in Stellhaven?"],
        ),
        (
            "How many more seats did the Greens win than the Harbour List?",
            ["How many seats did the Greens win?", "How many seats did the Harbour List win?"],
        ),
        (
            "Were there more fires in 2025 than in 2024?",
            ["How many fires in 2025?", "How many fires in 2024?"],
        ),
        ("Which came first, the strike or the flood?", ["When the strike?", "When the flood?"]),
        ("Which cost more, the ferries or the repair of the dam?", None),
    ],
)
def test_things_compared_by_degree_are_each_asked_for_the_quantity(question, parts):
    found = parts_of(question)
    assert len(found) == 2
    assert all(part.compared for part in found)
    if parts:
        assert [part.asks for part in found] == parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Which was more deadly, the Harn quake or the Orvale flood?",
            ["How many people died in the Harn quake?", "How many people died in the Orvale flood?"],
        ),
        (
            "Which of the two floods was deadlier, Orvale or Pellow?",
            ["How many people died in Orvale?", "How many people died in Pellow?"],
        ),
        (
            "Was Hurricane Ada deadlier than Hurricane Berit?",
            ["How many people died in Hurricane Ada?", "How many people died in Hurricane Berit?"],
        ),
        ("Is Orvale more expensive than Stellhaven?", ["How expensive Orvale?", "How expensive Stellhaven?"]),
        (
            "Who won more seats, the Greens or Labour?",
            ["How many seats the Greens won?", "How many seats Labour won?"],
        ),
        (
            "Which is heavier, the record pumpkin of 2025 or the one from Pellow?",
            [
                "How much does the record pumpkin of 2025 weigh?",
                "How much does the pumpkin from Pellow weigh?",
            ],
        ),
        (
            "Did Orvale get more aid than Lower Pellow?",
            ["How many aid Orvale get?", "How many aid Lower Pellow get?"],
        ),
        (
            "How much more did the bridge cost in 2026 than in 2025?",
            ["How much did the bridge cost in 2026?", "How much did the bridge cost in 2025?"],
        ),
    ],
)
def test_a_degree_is_asked_for_as_articles_tell_it(question, parts):
    assert asks(question) == parts
    assert all(part.compared for part in parts_of(question))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Did Vantage Marine drop Mirela Quist before or after Farrow Radio restricted her account?",
            [
                "Did Vantage Marine drop Mirela Quist?",
                "Did Farrow Radio restricted Mirela Quist's account?",
            ],
        ),
        (
            "Did the Orvale flood happen before or after the ferry strike?",
            ["Did the Orvale flood?", "Did the ferry strike?"],
        ),
        (
            "Was the dam built after or before the bridge opened?",
            ["Did the dam built?", "Did the bridge opened?"],
        ),
    ],
)
def test_which_of_two_events_came_first_is_asked_of_both(question, parts):
    found = parts_of(question)
    assert [part.asks for part in found] == parts
    assert all(part.ordered and not part.leans and not part.compared for part in found)
    assert all(part.named.startswith("when ") for part in found)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Did the dockers get a bigger raise than the teachers?",
            ["What raise did the dockers get?", "What raise did the teachers get?"],
        ),
        (
            "Did the dockers strike longer than the bus drivers did?",
            ["How long the dockers strike?", "How long the bus drivers strike?"],
        ),
        ("Was the flood deadlier than the fire?", None),
        (
            "Is the new bridge longer than the old one?",
            ["How long the new bridge?", "How long the old bridge?"],
        ),
        (
            "Was the 2017 flood larger than the 2025 flood?",
            ["How large the 2017 flood?", "How large the 2025 flood?"],
        ),
        (
            "Did more people die in the flood than in the fire?",
            ["How many people die in the flood?", "How many people die in the fire?"],
        ),
        (
            "Was turnout higher in 2025 than in 2020?",
            ["How much was turnout in 2025?", "How much was turnout in 2020?"],
        ),
        (
            "Was unemployment higher in June or in April?",
            ["How much was unemployment in June?", "How much was unemployment in April?"],
        ),
        (
            "Which Harn flood was deeper, the one in 2017 or the one in 2025?",
            ["How deep the Harn flood in 2017?", "How deep the Harn flood in 2025?"],
        ),
        (
            "Which Harn flood was deeper, the one in 2017 or in 2025?",
            ["How deep the Harn flood in 2017?", "How deep the Harn flood in 2025?"],
        ),
        (
            "Which flood was deeper, the 2017 one or the 2025 one?",
            ["How deep the flood of 2017?", "How deep the flood of 2025?"],
        ),
        (
            "How many seats did the Green Party and the Harbour List win?",
            ["How many seats did the Green Party win?", "How many seats did the Harbour List win?"],
        ),
    ],
)
def test_two_plain_things_are_compared_as_two_names_are(question, parts):
    found = parts_of(question)
    assert len(found) == 2
    assert all(part.compared for part in found)
    if parts:
        assert [part.asks for part in found] == parts


@pytest.mark.parametrize(
    "question",
    [
        "Did the bridge cost more than planned?",
        "Was the storm stronger than the forecasters had feared?",
        "Is the mayor older than she says?",
        "Did the union ask for more than the company offered?",
        "Did the ferry carry more passengers than it was licensed for?",
        "Did the strike last longer than a week?",
        "How many seats did the Green Party and the Harbour List win together?",
    ],
)
def test_what_was_expected_or_done_is_no_second_thing(question):
    assert len(parts_of(question)) == 1


def test_a_choice_asks_of_each_named_thing_whether_it_is_so():
    assert asks("Which of Orvale, Vessenport and Stellhaven was flooded this week?") == [
        "Did Orvale flooded this week?",
        "Did Vessenport flooded this week?",
        "Did Stellhaven flooded this week?",
    ]
    assert asks("Did Quill or Solle win the vote?") == ["Did Quill win the vote?", "Did Solle win the vote?"]
    assert named("Who resigned, Mirela Quist or Henrik Solle?") == ["Mirela Quist", "Henrik Solle"]


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("Compare the Greens' plan and Labour's on housing", ["the Greens' plan", "Labour's plan"]),
        (
            "What is the difference between the budgets of Orvale and Stellhaven?",
            ["the budgets of Orvale", "the budgets of Stellhaven"],
        ),
        ("How do Orvale and Stellhaven differ on ferries?", ["Orvale", "Stellhaven"]),
        ("How does Orvale compare with Stellhaven in debt?", ["Orvale", "Stellhaven"]),
        ("How did Orvale's 2024 budget compare with 2023?", ["Orvale's 2024 budget", "Orvale's 2023 budget"]),
        ("Kittiwake Lines vs Vantage Marine on pay", ["Kittiwake Lines", "Vantage Marine"]),
    ],
)
def test_a_difference_is_asked_of_both_things(question, things):
    assert named(question) == things
    assert all(part.compared for part in parts_of(question))


@given(st.text(max_size=200))
def test_any_text_has_at_least_its_own_words(text):
    parts = parts_of(text)
    assert all(part.asks.strip() and part.named.strip() for part in parts)
    assert len(parts) <= max(len(text), 1)
    if text.strip(" ,;?\t\n\r"):
        assert parts or not any(character.isalnum() for character in text)
