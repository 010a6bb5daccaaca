"""What a model wrote and no passage supports is shown to whoever asks, beside the answer and never in it."""

import re
from dataclasses import replace

import pytest

from rag.config import Settings
from rag.engine import Engine
from rag.errors import GenerationError
from rag.evaluate.answers import cited_rightly, cited_sentences
from rag.events import AnswerEvent, ClaimEvent, TokenEvent
from rag.generate import ModelChain
from rag.writing import NO_ANSWER
from tests.fakes import ScriptedModel
from tests.rag.harbour import OPENED, UNKNOWN, WHO_OPENED, build_archive, shown
from tests.rag.hostile import AS_OF as HOSTILE_DAY
from tests.rag.hostile import ATTACKS, LIVE, MARK, bare_words, obedient, prompt_runs, unseen

AS_OF = "2026-05-01"
FALSE = "Ada Quill closed 57 bridges in Orvale."
MIXED = "Everybody cheered the mayor."
capable_or_not = pytest.mark.parametrize("capable", [False, True])


def ask(engine, question=WHO_OPENED, **options):
    return engine.ask(question, as_of=AS_OF, **{"show_unsupported": True, **options})


def left_out(answer):
    return [claim for claim in answer.claims if not claim.supported]


@capable_or_not
def test_what_is_not_supported_comes_after_what_is_with_the_reason_and_without_citations(
    harbour, open_engine, capable
):
    model = ScriptedModel(f"{FALSE} {OPENED} {MIXED}", capable=capable)
    answer = ask(open_engine(harbour, model=model))
    assert [(claim.text, claim.supported) for claim in answer.claims] == [
        (OPENED, True),
        (FALSE, False),
        (MIXED, False),
    ]
    assert [(claim.citations, claim.support) for claim in left_out(answer)] == [((), 0.0), ((), 0.0)]
    assert [claim.reason for claim in answer.claims] == [
        None,
        "the passages do not say 57",
        "no passage says “Everybody” or “cheered”",
    ]
    assert answer.answer == f"{OPENED[:-1]} [1]."


@capable_or_not
def test_unless_it_is_asked_for_nothing_of_it_is_there(harbour, open_engine, capable):
    model = ScriptedModel(f"{FALSE} {OPENED}", capable=capable)
    engine = open_engine(harbour, model=model)
    silent, asked = ask(engine, show_unsupported=False), ask(engine)
    assert "Orvale" not in str(silent.to_dict())
    assert shown(silent) == shown(replace(asked, claims=asked.claims[:1]))


def test_the_claims_are_streamed_in_their_order_when_the_text_is_whole(harbour, open_engine):
    engine = open_engine(harbour, model=ScriptedModel(f"{FALSE} {OPENED}"))
    events = list(engine.stream(WHO_OPENED, as_of=AS_OF, show_unsupported=True))
    answer = events[-1].answer
    assert [type(event) for event in events[-2:]] == [ClaimEvent, AnswerEvent]
    assert tuple(event.claim for event in events if isinstance(event, ClaimEvent)) == answer.claims
    assert "".join(event.text for event in events if isinstance(event, TokenEvent)) == answer.answer
    assert events[-2].to_dict() == {
        "text": FALSE,
        "citations": [],
        "supported": False,
        "support": 0.0,
        "reason": "the passages do not say 57",
    }


@capable_or_not
def test_where_nothing_of_the_model_survives_the_quotations_come_first(harbour, open_engine, capable):
    answer = ask(open_engine(harbour, model=ScriptedModel(FALSE, capable=capable)))
    assert (answer.model, answer.claims[0].text) == ("quote", OPENED)
    assert [claim.text for claim in left_out(answer)] == [FALSE]


def test_an_abstention_shows_what_the_model_wrote_before_it_gave_up(harbour, open_engine):
    model = ScriptedModel(f"{FALSE} {NO_ANSWER}", capable=True)
    answer = ask(open_engine(harbour, model=model))
    assert answer.abstained
    assert [claim.text for claim in answer.claims] == [FALSE]
    assert FALSE not in answer.answer
    assert NO_ANSWER not in str(answer.to_dict())


def test_where_no_model_was_asked_there_is_nothing_to_show(harbour, open_engine):
    assert left_out(ask(open_engine(harbour))) == []
    assert ask(open_engine(harbour, model=ScriptedModel(FALSE)), UNKNOWN).claims == ()


def test_a_small_models_no_answer_is_no_claim(harbour, open_engine):
    assert left_out(ask(open_engine(harbour, model=ScriptedModel(f"{NO_ANSWER}. {FALSE}")))) != []
    assert left_out(ask(open_engine(harbour, model=ScriptedModel(f"{NO_ANSWER}.")))) == []


def test_what_is_written_twice_is_shown_once(harbour, open_engine):
    model = ScriptedModel(f"{FALSE} {FALSE} {FALSE.replace('.', '!')} {OPENED}")
    assert len(left_out(ask(open_engine(harbour, model=model)))) == 1


def test_what_one_model_may_say_and_another_had_refused_is_shown_as_supported_alone(harbour, open_engine):
    rephrased = "Mayor Ada Quill has opened the harbour bridge in Stellby on 1 March 2026."
    small = ScriptedModel([f"{rephrased} ", "The", GenerationError("it broke off")], name="small")
    chain = ModelChain([small, ScriptedModel(rephrased, name="big", capable=True)])
    answer = ask(open_engine(harbour, model=chain))
    assert [(claim.text, claim.supported) for claim in answer.claims] == [(rephrased, True)]


def test_models_of_a_chain_that_are_both_wrong_are_both_shown(harbour, open_engine):
    broken = ScriptedModel([f"{FALSE} ", "The", GenerationError("it broke off")], name="one")
    answer = ask(open_engine(harbour, model=ModelChain([broken, ScriptedModel(MIXED, name="two")])))
    assert {claim.text for claim in left_out(answer)} == {FALSE, MIXED}


def test_a_number_that_stands_only_in_another_passage_is_not_called_unsaid(harbour, open_engine):
    model = ScriptedModel(
        "Mayor Ada Quill opened the harbour bridge in Stellby on 9 April 2026.", capable=True
    )
    (claim,) = left_out(ask(open_engine(harbour, model=model)))
    assert claim.reason == "no sentence of the passages says this with these numbers and dates"


def test_measures_of_citations_do_not_count_it(harbour, open_engine):
    engine = open_engine(harbour, model=ScriptedModel(f"{FALSE} {OPENED}"))
    with_it, without = ask(engine), ask(engine, show_unsupported=False)
    for measure in (cited_rightly, cited_sentences):
        assert measure(with_it) == measure(without)
        assert measure(with_it).value == 1


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, embedder):
    """What is answered to each attack's question, with all that an obedient model wrote."""
    root = tmp_path_factory.mktemp("hostile") / "index"
    build_archive(root, [attack.as_stored() for attack in ATTACKS], embedder)
    settings = Settings(index=root, generate={"model": "none"})
    answers = []
    for capable in (False, True):
        with Engine(settings, embedder=embedder, model=obedient(capable=capable)) as engine:
            answers += [
                engine.ask(attack.question, as_of=HOSTILE_DAY, show_unsupported=True) for attack in ATTACKS
            ]
    return answers


def test_hostile_articles_reach_nobody_through_what_is_left_out(hostile):
    runs = set(prompt_runs())
    claims = [claim for answer in hostile for claim in left_out(answer)]
    assert len(claims) > len(ATTACKS)
    for claim in claims:
        for text in (claim.text, claim.reason):
            assert not LIVE.search(text), text
            assert not MARK.search(text), text
            assert not unseen(text), text
            assert not [run for run in runs if run in bare_words(text)], text
        assert len(claim.text) <= 1000


def test_hostile_articles_get_nothing_of_it_into_an_answers_text(hostile):
    for answer in hostile:
        said = " ".join(claim.text for claim in answer.claims if claim.supported)
        assert re.sub(r" ?\[\d\]", "", answer.answer) == said
