"""What the choice of sentences promises, whatever its weights are."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.config import AnswerConfig
from rag.evidence import EvidenceSelector
from rag.expectation import Expectation, expectation, meets
from rag.plan import make_plan, plans_of_parts
from rag.question import Question
from tests.fakes import FakeEmbedder
from tests.rag.harbour import COST, FERRY, OPENED, SHUT, UNKNOWN, WHAT_COST, WHO_OPENED
from tests.rag.passages import passage, ranked


def found(text, *, n=0, title="Harbour news", published="2026-03-01", score=1.0):
    made = passage(
        text,
        row=n,
        article_id=f"a{n}",
        title=title,
        source="example.com",
        published=published,
        published_from="meta",
    )
    return ranked(made, score)


class RareWords:
    """An archive of a hundred chunks, in which every word stands once."""

    def document_frequencies(self, words, _where):
        return dict.fromkeys(words, 1)

    def chunks_until(self, _where):
        return 100


def select(question, *passages, **config):
    selector = EvidenceSelector(FakeEmbedder(dimension=1024), RareWords(), AnswerConfig(**config))
    return selector.select(make_plan(Question.parse(question), today=date(2026, 5, 1)), passages)


STORY = (found(f"{FERRY}\n\n{COST} {OPENED}"), found(SHUT, n=1, published="2026-04-09", score=0.9))


@pytest.mark.parametrize(("question", "best"), [(WHO_OPENED, OPENED), (WHAT_COST, COST)])
def test_the_sentence_that_answers_comes_first(question, best):
    evidence = select(question, *STORY)
    assert evidence.sentences[0].text == best
    assert evidence.sentences[0].score == max(sentence.score for sentence in evidence.sentences)


def test_a_sentence_knows_its_place_in_its_passage():
    for sentence in select(WHO_OPENED, *STORY).sentences:
        assert STORY[sentence.at].passage.text[sentence.start : sentence.end] == sentence.text


def test_a_question_is_more_answerable_where_its_answer_is():
    known, unknown = select(WHO_OPENED, *STORY).answerable, select(UNKNOWN, *STORY).answerable
    default = AnswerConfig().answerable
    assert 0 <= unknown < default <= known <= 1


def test_the_same_sentence_in_two_articles_is_chosen_once():
    evidence = select(WHO_OPENED, found(OPENED), found(OPENED, n=1), found(OPENED, n=2))
    assert [sentence.text for sentence in evidence.sentences] == [OPENED]


def test_number_and_tokens_are_bounded_and_one_is_always_chosen():
    assert len(select(WHO_OPENED, *STORY, sentences=2).sentences) == 2
    few = select(WHO_OPENED, *STORY, evidence_tokens=50).sentences
    assert sum(len(sentence.text.split()) for sentence in few) <= 50
    long = f"Mayor Ada Quill opened the harbour bridge in Stellby {'again and ' * 60}again."
    assert len(select(WHO_OPENED, found(long), evidence_tokens=50).sentences) == 1


def test_a_name_that_the_passage_does_not_know_is_listed():
    evidence = select("When did Ada Quill meet Tom Brandt in Stellby?", *STORY)
    assert all("brandt" in sentence.unnamed for sentence in evidence.sentences)
    assert "quill" not in select(WHO_OPENED, *STORY).sentences[0].unnamed


@pytest.mark.parametrize("ranked", [(), (found(""),), (found("Short."),)])
def test_without_a_sentence_there_is_no_evidence(ranked):
    evidence = select(WHO_OPENED, *ranked)
    assert (evidence.sentences, evidence.answerable) == ((), 0)


def test_of_a_story_that_goes_on_the_latest_state_is_preferred():
    old = "The budget of the harbour bridge is 84 million euros."
    new = "The budget of the harbour bridge is 97 million euros."
    ranked = [found(old, published="2025-01-01"), found(new, n=1, published="2026-01-01")]
    question = "What is the budget of the harbour bridge?"
    for order in (ranked, ranked[::-1]):
        assert select(question, *order).sentences[0].text == new
    assert (
        select("What was the budget of the harbour bridge in January 2025?", *ranked).sentences[0].text == old
    )


@given(st.text(min_size=1, max_size=60).filter(str.strip), st.lists(st.text(max_size=120), max_size=3))
@settings(deadline=None, max_examples=60)
def test_no_text_breaks_it(question, texts):
    evidence = select(question, *(found(text, n=n) for n, text in enumerate(texts)))
    assert 0 <= evidence.answerable <= 1
    assert all(-1.001 <= sentence.similarity <= 1.001 for sentence in evidence.sentences)
    assert all(0 <= sentence.coverage <= 1 for sentence in evidence.sentences)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did they meet?", Expectation.TIME),
        ("On which day was it opened?", Expectation.TIME),
        ("How old is Henrik Solle?", Expectation.AGE),
        ("How many people died?", Expectation.QUANTITY),
        ("What was the death toll of the flood?", Expectation.QUANTITY),
        ("What is the new budget of the bridge?", Expectation.QUANTITY),
        ("What is the cost of living crisis?", Expectation.OPEN),
        ("Who opened the bridge?", Expectation.PERSON),
        ("Where did they meet?", Expectation.PLACE),
        ("Why was it closed?", Expectation.CAUSE),
        ("What did the minister say?", Expectation.STATEMENT),
        ("Tell me about the bridge", Expectation.OPEN),
        ("How many people died when the ferry sank?", Expectation.QUANTITY),
        ("Who was mayor when the bridge opened?", Expectation.PERSON),
        ("In Orvale, when did they meet?", Expectation.TIME),
        ("When the bridge opened, who was mayor?", Expectation.PERSON),
        ("How old is the man who opened the bridge?", Expectation.AGE),
        ("Where did the crew that asked why go?", Expectation.PLACE),
        ("What must happen first?", Expectation.CONDITION),
        ("What was the turnout in Orvale?", Expectation.QUANTITY),
        ("What pay rise did the drivers get?", Expectation.QUANTITY),
        ("What caused the wage increase?", Expectation.CAUSE),
        ("What led to the turnout?", Expectation.CAUSE),
    ],
)
def test_a_question_waits_for_a_kind_of_answer(question, kind):
    assert expectation(question) is kind


@pytest.mark.parametrize(
    ("question", "meeting", "missing"),
    [
        ("When was it opened?", "It opened on 1 March 2026.", "The bridge was opened by the mayor."),
        ("How many died?", "Five people died.", "People died in the flood."),
        ("Who opened it?", "It was Ada Quill who opened it.", "It was opened in the rain."),
        ("Where did they meet?", "They met in Jerusalem.", "They met at last."),
        ("Why was it closed?", "It was closed because cracks were found.", "It was closed."),
        ("What did he say?", "He said that it was over.", "He left the room."),
        ("How old is he?", "Solle, 54, is from Orvale.", "Solle has 54 supporters."),
    ],
)
def test_a_sentence_has_what_is_waited_for_or_not(question, meeting, missing):
    kind = expectation(question)
    assert meets(kind, meeting, question)
    assert not meets(kind, missing, question)


def test_a_sentence_on_an_earlier_state_of_what_is_asked_comes_after_the_present_one():
    earlier = "The first budget of the harbour bridge was 84 million euros."
    now = "The harbour bridge has a budget of 97 million euros, the city said."
    first = select("What is the budget of the harbour bridge?", found(f"{earlier} {now}")).sentences[0]
    assert first.text == now
    first = select("What was the first budget of the harbour bridge?", found(f"{now} {earlier}")).sentences[0]
    assert first.text == earlier


def test_how_things_stand_is_told_by_the_newest_article_more_than_what_was():
    before = "Henrik Solle is the deputy mayor of Vessenport."
    now = "The council of Vessenport elected Mirela Quist deputy mayor."
    passages = [
        found(before, n=0, published="2026-01-01", score=1.0),
        found(before, n=1, published="2026-03-01", score=1.0),
        found(now, n=2, published="2026-04-01", score=0.3),
    ]
    assert select("Who is the deputy mayor of Vessenport?", *passages).sentences[0].text == now
    assert select("Who was the deputy mayor of Vessenport?", *passages).sentences[0].text == before


def test_an_age_is_told_plainly_or_not_at_all():
    question = "How old is Henrik Solle?"
    untold = found("Henrik Solle resigned as deputy mayor of Vessenport.")
    told = found("Henrik Solle, aged 52, resigned as deputy mayor of Vessenport.")
    assert select(question, untold).answerable == 0
    assert select(question, told).answerable >= AnswerConfig().answerable


LEAD = "The ferry Sea Wren of the Kesten line ran aground off Orvale on Monday with 120 people on board."
BODY = "She was licensed for 90 passengers. Her captain is Jonas Reef."


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("How many passengers was the Sea Wren licensed for?", "She was licensed for 90 passengers."),
        ("Who is the captain of the Sea Wren?", "Her captain is Jonas Reef."),
    ],
)
def test_what_is_asked_of_a_name_counts_more_than_the_name_itself(question, answers):
    passage = found(f"{LEAD} {BODY}", title="Ferry Sea Wren aground off Orvale")
    assert select(question, passage).sentences[0].text == answers


@pytest.mark.parametrize(
    "question", ["Who insured the Sea Wren?", "How much did the Sea Wren cost the Kesten line to build?"]
)
def test_a_known_subject_does_not_make_up_for_a_fact_that_nobody_tells(question):
    story = [found(f"{LEAD} {BODY}", n=n, title="Ferry Sea Wren aground off Orvale") for n in range(3)]
    assert select(question, *story).answerable < AnswerConfig().answerable
    assert select("Where did the Sea Wren run aground?", *story).answerable >= AnswerConfig().answerable


def test_a_year_that_the_passage_does_not_know_counts_as_a_name_that_it_lacks():
    passage_of_2026 = found("The cup final in Orvale was won by the home side.", published="2026-03-01")
    for year, unnamed in ((2026, ()), (2030, ("2030",))):
        (sentence,) = select(f"Who won the cup final in Orvale in {year}?", passage_of_2026).sentences
        assert sentence.unnamed == unnamed


def test_who_left_an_office_does_not_hold_it():
    left = "Henrik Solle, the deputy mayor of Vessenport, resigned as deputy mayor of Vessenport."
    follows = "Mirela Quist was elected deputy mayor of Vessenport."
    passages = [found(left, n=0, published="2026-04-01"), found(follows, n=1, published="2026-04-01")]
    assert select("Who is the deputy mayor of Vessenport?", *passages).sentences[0].text == follows
    assert select("Which deputy mayor of Vessenport resigned?", *passages).sentences[0].text == left


@pytest.mark.parametrize(
    ("text", "published", "counts"),
    [
        ("Turnout in Orvale was 71 percent, the highest since 1998.", "2020-05-18", True),
        ("Turnout in Orvale was 74 percent.", "2025-06-06", False),
        ("Turnout in Orvale was 71 percent in 2020.", "2025-06-06", True),
        ("Turnout in Orvale was 66 percent in 2016.", "2020-05-18", False),
    ],
    ids=["by its article", "of another article", "by its own words", "of another year by its own words"],
)
def test_a_year_by_which_things_are_compared_is_known_by_the_article_too(text, published, counts):
    plan = make_plan(Question.parse("Was turnout in Orvale higher in 2020 than in 2025?"))
    assert [part.named for part in plan.parts] == ["2020", "2025"]
    selector = EvidenceSelector(FakeEmbedder(dimension=1024), RareWords(), AnswerConfig())
    evidence = selector.select(plans_of_parts(plan)[0], [found(text, published=published)])
    assert bool(evidence.sentences) == counts
