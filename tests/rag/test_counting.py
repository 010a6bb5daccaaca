"""Questions for how often something happened."""

from dataclasses import replace
from datetime import date

import pytest

from rag.answer import Citation, CorrectionNote, Freshness
from rag.chronology import Timeline, TimelineEvent
from rag.counting import UNCOUNTED, Listed, articles, articles_asked, occasions, reports, states_number
from rag.evidence import Evidence, Sentence
from rag.periods import Period


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("How many times did the bridge budget rise?", "the bridge budget rise"),
        ("How often has the council of Orvale met this year?", "the council of Orvale met this year"),
        ("How many strikes have there been on the ferries?", "strikes on the ferries"),
        ("How many floods were there in 2025?", "floods in 2025"),
        ("How many people died in the flood?", None),
        ("How many seats did the Greens win?", None),
        ("When did the bridge budget rise?", None),
    ],
)
def test_what_happened_more_than_once_is_told_from_other_numbers(question, what):
    assert occasions(question) == what


def evidence(text, *, measured=False):
    return Evidence(
        sentences=(
            Sentence(
                at=0,
                start=0,
                end=len(text),
                text=text,
                similarity=0.5,
                coverage=0.5,
                fits=True,
                unnamed=(),
                score=1.0,
                measured=measured,
            ),
        ),
        answerable=0.9,
    )


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("The budget has been raised twice.", True),
        ("It is the third time in a year.", True),
        ("The budget rose to 112 million euros.", False),
    ],
)
def test_a_sentence_that_says_how_often_is_the_answer(text, states):
    assert states_number("How often did the budget rise?", evidence(text)) is states


def test_a_number_of_what_is_counted_is_the_answer():
    question = "How many floods were there in 2025?"
    assert states_number(question, evidence("There were three floods in 2025.", measured=True))
    assert not states_number(question, evidence("The flood came in November."))


def citation(n, *corrections):
    return Citation(
        corrections=tuple(
            CorrectionNote(
                kind="correction", text=text, article_id="", title="", url="", source="", published=None
            )
            for text in corrections
        ),
        n=n,
        chunk_id=f"c{n}",
        article_id=f"a{n}",
        revision=1,
        title="",
        url="",
        source="example.com",
        published="2026-03-01",
        published_from="meta",
        passage=f"Event {n}.",
    )


def event(day, *citations):
    return TimelineEvent(date=day, date_from="text", text=f"Fire on {day}.", citations=citations)


def timeline(*events):
    numbers = sorted({n for one in events for n in one.citations})
    return Timeline(
        question="",
        as_of="2026-05-01",
        events=events,
        citations=tuple(map(citation, numbers)),
        freshness=Freshness(),
        index_version="1",
    )


def test_each_event_is_a_claim_that_cites_its_first_article_under_a_new_number():
    listed = reports(timeline(event("2026-01-01", 2, 1), event("2026-02-01", 3)), "fires", None)
    claims, citations = listed.claims, listed.citations
    assert listed.note == UNCOUNTED
    assert [claim.text for claim in claims] == ["Fire on 2026-01-01.", "Fire on 2026-02-01."]
    assert [claim.citations for claim in claims] == [(1,), (2,)]
    assert [(one.n, one.article_id) for one in citations] == [(1, "a2"), (2, "a3")]


def test_events_outside_the_period_asked_for_do_not_count():
    period = Period(start=date(2026, 1, 1), end=date(2026, 1, 31))
    events = [event("2025-12-31", 1), event("2026-01-01", 2), event("2026-01-31", 3), event("2026-02-01", 4)]
    claims = reports(timeline(*events), "fires", period).claims
    assert [claim.text for claim in claims] == ["Fire on 2026-01-01.", "Fire on 2026-01-31."]


def test_one_event_is_no_count():
    assert reports(timeline(event("2026-01-01", 1)), "fires", None) == Listed()
    assert reports(timeline(), "fires", None) == Listed()


def test_an_event_has_more_than_half_of_the_words_that_name_it():
    made = timeline(event("2026-01-01", 1), event("2026-02-01", 2))
    assert reports(made, "fires in the fish hall", None) == Listed()


def test_a_figure_that_was_corrected_does_not_count():
    raised = [
        TimelineEvent(date=f"2026-0{n}-01", date_from="text", text=text, citations=(n,))
        for n, text in enumerate(
            ("The budget rose to 97 million.", "The budget rose to 121 million.", "The budget rose to 112."),
            1,
        )
    ]
    made = replace(
        timeline(*raised), citations=(citation(1), citation(2, "It is 112 million, not 121."), citation(3))
    )
    listed = reports(made, "the budget rose", None)
    assert [claim.text for claim in listed.claims] == [
        "The budget rose to 97 million.",
        "The budget rose to 112.",
    ]
    assert [one.article_id for one in listed.citations] == ["a1", "a3"]


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("How many articles are about the bridge?", "the bridge"),
        ("How many articles are there about the bridge?", "the bridge"),
        ("How many news stories mention Ada Quill?", "Ada Quill"),
        ("Which outlet reported the dam crack?", "the dam crack"),
        ("Which outlets have reported on the strike at Kittiwake Lines?", "the strike at Kittiwake Lines"),
        ("What newspaper first wrote about the flood?", "the flood"),
        ("Which paper broke the story of the fire?", "the fire"),
        ("How many articles did Ada Quill publish?", None),
        ("How many stories does the tower have?", None),
        ("Which company reported a loss?", None),
        ("Which outlet was sold to Vantage Marine?", None),
        ("How many people read about the bridge?", None),
    ],
)
def test_questions_about_the_articles_themselves_are_told_from_others(question, what):
    assert articles_asked(question) == what


def test_the_articles_of_a_story_are_counted_and_named_by_outlet_oldest_first():
    made = timeline(event("2026-03-01", 2, 1), event("2026-02-01", 3))
    first, second, third = made.citations
    listed = articles(
        replace(
            made,
            citations=(
                replace(first, published="2026-03-02", highlights=((0, 8),)),
                replace(second, source="two.example", highlights=((0, 8),)),
                replace(third, published=None, title="Fish hall burns"),
            ),
        )
    )
    assert [claim.text for claim in listed.claims] == [
        "example.com: Fish hall burns",
        "two.example, 1 March 2026: Event 2.",
        "example.com, 2 March 2026: Event 1.",
    ]
    assert [claim.citations for claim in listed.claims] == [(1,), (2,), (3,)]
    assert [(one.n, one.article_id) for one in listed.citations] == [(1, "a3"), (2, "a2"), (3, "a1")]
    assert listed.lead == (
        "I found 3 articles on this, from 2 outlets (example.com, two.example); the archive may hold more."
    )


def test_one_article_is_one_however_many_of_its_passages_tell():
    made = timeline(event("2026-03-01", 1), event("2026-03-02", 2))
    same = replace(made, citations=tuple(replace(one, article_id="a") for one in made.citations))
    listed = articles(same)
    assert listed.lead == "I found one article on this, from example.com; the archive may hold more."
    assert len(listed.claims) == len(listed.citations) == 1
    assert articles(timeline()) == Listed()
