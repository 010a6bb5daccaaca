"""Several models in a row: who is asked when, what is shown stays, and who is left alone after a failure."""

import json
import logging
from collections.abc import Iterator

import pytest

from index.errors import ConfigError
from rag.adapters.chat_models import load_chat_model
from rag.config import GenerateConfig
from rag.errors import (
    GenerationError,
    ModelRestingError,
    ModelUnavailableError,
    PromptTooLongError,
)
from rag.events import AnswerEvent, ClaimEvent, TokenEvent
from rag.generate import ChatMessage, CircuitBreaker, ModelChain
from tests.fakes import ScriptedModel
from tests.rag.harbour import COST, OPENED, WHAT_COST, WHO_OPENED
from tests.rag.model_server import KEY, ServerProcess

AS_OF = "2026-05-01"
HELLO = [ChatMessage(role="user", content="Hello")]
FAILED = GenerationError("the language model broke off")
BOTH = "What is known of the harbour bridge in Stellby?"


class Clock:
    """Seconds that pass only when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class NarrowModel(ScriptedModel):
    """Has no room for prompts of more than `window` characters."""

    window = 0

    def stream(self, messages, *, max_tokens=None, schema=None) -> Iterator[str]:
        if sum(len(message.content) for message in messages) > self.window:
            self.prompts.append(list(messages))
            raise PromptTooLongError("too long")
        yield from super().stream(messages, max_tokens=max_tokens, schema=schema)


def chain(*models, quotes=True):
    return ModelChain([CircuitBreaker(model, clock=Clock()) for model in models], quotes=quotes)


def model(*script, name="big", capable=True):
    return ScriptedModel(*script, name=name, capable=capable)


def followed(engine, question=WHO_OPENED):
    """Return the answer of a stream in which nothing that was shown is taken back."""
    events = list(engine.stream(question, as_of=AS_OF))
    answer = events[-1].answer
    assert isinstance(events[-1], AnswerEvent)
    assert "".join(event.text for event in events if isinstance(event, TokenEvent)) == answer.answer
    assert tuple(event.claim for event in events if isinstance(event, ClaimEvent)) == answer.claims
    texts = [claim.text for claim in answer.claims]
    assert len(texts) == len(set(texts))
    return answer


@pytest.mark.parametrize(
    "script",
    [[FAILED], ["Mayor Ada Quill ", FAILED], [""], ["Mayor Ada Quill opened the"]],
    ids=["fails at once", "fails in its first sentence", "writes nothing", "is cut off"],
)
@pytest.mark.parametrize("capable", [False, True])
def test_the_next_model_writes_where_the_first_gives_no_sentence(harbour, open_engine, script, capable):
    first, second = model(script, capable=capable), model(OPENED, name="second")
    answer = followed(open_engine(harbour, model=chain(first, second)))
    assert [claim.text for claim in answer.claims] == [OPENED]
    assert (len(first.prompts), len(second.prompts)) == (1, 1)
    assert first.open_streams == second.open_streams == 0


def test_the_next_model_is_not_asked_where_the_first_answers(harbour, open_engine):
    second = model(OPENED, name="second")
    answer = followed(open_engine(harbour, model=chain(model(OPENED), second)))
    assert (answer.model, second.prompts) == ("big", [])


def test_the_answer_names_the_model_that_stood_in(harbour, open_engine):
    models = chain(model([FAILED]), model(OPENED, name="second"))
    assert followed(open_engine(harbour, model=models)).model == "second"


def test_each_model_gets_the_prompt_of_its_kind(harbour, open_engine):
    first, second = model([FAILED]), model(OPENED, name="tiny", capable=False)
    followed(open_engine(harbour, model=chain(first, second)))
    assert "example.com, 2026-03-01" in first.prompts[0][1].content
    assert "example.com, 2026-03-01" not in second.prompts[0][1].content


def test_what_the_first_model_showed_stays_and_the_next_goes_on_without_repeating_it(harbour, open_engine):
    first, second = model([f"{OPENED} ", "The harbour ", FAILED]), model(f"{OPENED} {COST}", name="second")
    answer = followed(open_engine(harbour, model=chain(first, second)), BOTH)
    assert [claim.text for claim in answer.claims][:2] == [OPENED, COST]
    assert OPENED not in second.prompts[0][1].content


def test_where_all_fail_sentences_are_quoted_if_the_chain_ends_so(harbour, open_engine):
    answer = followed(open_engine(harbour, model=chain(model([FAILED]), model([FAILED], name="second"))))
    assert (answer.model, answer.claims[0].text) == ("quote", OPENED)


def test_where_all_fail_the_last_failure_is_reported_if_the_chain_does_not_quote(harbour, open_engine):
    last = GenerationError("the second broke off too")
    models = chain(model([FAILED]), model([last], name="second"), quotes=False)
    with pytest.raises(GenerationError, match="the second broke off too"):
        open_engine(harbour, model=models).ask(WHO_OPENED, as_of=AS_OF)


def test_a_failure_after_the_first_claim_is_not_reported_any_more(harbour, open_engine):
    models = chain(model([f"{OPENED} ", "The", FAILED]), quotes=False)
    answer = followed(open_engine(harbour, model=models))
    assert answer.claims[0].text == OPENED


def test_a_small_model_that_stands_in_does_not_pass_over_the_best_sentence(harbour, open_engine):
    models = chain(model([FAILED]), model(COST, name="tiny", capable=False))
    answer = followed(open_engine(harbour, model=models), BOTH)
    alone = followed(open_engine(harbour, model=model(COST, name="tiny", capable=False)), BOTH)
    assert [claim.text for claim in answer.claims] == [claim.text for claim in alone.claims]


def test_the_log_says_who_is_asked_instead_and_is_silent_while_a_model_rests(harbour, open_engine, caplog):
    engine = open_engine(harbour, model=chain(model([FAILED]), model(OPENED, name="second")))
    with caplog.at_level(logging.WARNING, logger="rag"):
        followed(engine)
        followed(engine)
    (record,) = caplog.records
    assert record.getMessage() == "the language model broke off; 'second' is asked instead"


def test_a_model_with_a_small_window_gets_as_many_sentences_as_fit(harbour, open_engine):
    narrow = NarrowModel(OPENED, name="narrow", capable=True)
    followed(open_engine(harbour, model=chain(narrow)), BOTH)
    whole = narrow.prompts[0][1].content
    assert len(narrow.prompts) > 1
    narrow.window = sum(len(message.content) for message in narrow.prompts[0]) - 1
    narrow.prompts.clear()
    answer = followed(open_engine(harbour, model=chain(narrow)), BOTH)
    assert len(narrow.prompts[-1][1].content) < len(whole)
    assert answer.model == "narrow"


def test_a_model_rests_after_a_failure_and_longer_after_each_further_one():
    clock, broken = Clock(), model([FAILED])
    breaker = CircuitBreaker(broken, clock=clock)
    for pause in (5, 10, 20, 40, 80, 160, 300, 300):
        with pytest.raises(GenerationError, match="broke off"):
            list(breaker.stream(HELLO))
        asked = len(broken.prompts)
        clock.now += pause - 0.5
        with pytest.raises(ModelRestingError, match="asked again in"):
            list(breaker.stream(HELLO))
        assert len(broken.prompts) == asked
        clock.now += 0.5


def test_a_model_that_wrote_again_is_trusted_again():
    clock = Clock()
    breaker = CircuitBreaker(model([FAILED], [FAILED], "Yes.", [FAILED], "Yes."), clock=clock)
    for wait in (5, 10):
        with pytest.raises(GenerationError):
            list(breaker.stream(HELLO))
        clock.now += wait
    assert list(breaker.stream(HELLO)) == ["Yes."]
    with pytest.raises(GenerationError):
        list(breaker.stream(HELLO))
    clock.now += 5
    assert list(breaker.stream(HELLO)) == ["Yes."]


def test_questions_that_were_asked_in_one_outage_count_as_one_failure():
    clock = Clock()
    breaker = CircuitBreaker(model(["One ", FAILED]), clock=clock)
    streams = [breaker.stream(HELLO) for _ in range(3)]
    assert [next(one) for one in streams] == ["One "] * 3
    clock.now = 1
    for one in streams:
        with pytest.raises(GenerationError):
            list(one)
    clock.now = 6
    assert not breaker.resting


def test_giving_a_stream_up_is_no_failure_and_stops_the_model():
    written = model("One two three.")
    breaker = CircuitBreaker(written)
    pieces = breaker.stream(HELLO)
    next(pieces)
    pieces.close()
    assert (breaker.resting, written.open_streams) == (False, 0)


def test_a_chain_is_named_by_the_model_that_is_asked_first_now():
    models = chain(model([FAILED]), model("Yes.", name="tiny", capable=False))
    assert (models.name, models.capable) == ("big", True)
    with pytest.raises(GenerationError):
        list(models.models[0].stream(HELLO))
    assert (models.name, models.capable) == ("tiny", False)


def test_a_text_that_only_a_capable_model_should_write_is_left_unwritten():
    tiny = model("Yes.", name="tiny", capable=False)
    with pytest.raises(GenerationError, match="broke off"):
        list(chain(model([FAILED]), tiny).stream(HELLO))
    assert tiny.prompts == []


def test_warming_up_makes_the_first_model_ready_that_can_be():
    first, second, third = model([FAILED], FAILED), model(name="second"), model(name="third")
    chain(first, second, third).warm_up()
    assert (first.warm_ups, second.warm_ups, third.warm_ups) == (1, 1, 0)
    with pytest.raises(ModelUnavailableError, match="broke off"):
        chain(first).warm_up()


def test_closing_a_chain_closes_every_model():
    models = [model(), model()]
    chain(*models).close()
    assert [one.closed for one in models] == [1, 1]


def test_a_configuration_names_models_by_name_or_with_their_address(monkeypatch):
    monkeypatch.setenv("THEIR_KEY", "sk-theirs")
    entry = {"model": "big", "base_url": "http://127.0.0.1:1/v1", "api_key_variable": "THEIR_KEY"}
    loaded = load_chat_model(
        GenerateConfig(models=(entry, {**entry, "capable": False}, "anthropic:x", "embedded"))
    )
    assert [(one.name, one.capable) for one in loaded.models] == [
        ("big", True),
        ("big", False),
        ("x", True),
        ("smollm2-135m-instruct", False),
    ]
    assert loaded.quotes is False
    assert load_chat_model(GenerateConfig(models=("embedded", "quote"))).quotes is True
    assert load_chat_model(GenerateConfig(models=("quote",))) is None
    assert load_chat_model(GenerateConfig(model="quote")) is None


@pytest.mark.parametrize(
    ("models", "message"),
    [
        (("quote", "embedded"), "'quote' before its end"),
        (("embedded", "llama3"), r"generate.models\[1\] is 'llama3'"),
        (({"model": "big", "api_key_variable": "NOT_SET_ANYWHERE"},), "NOT_SET_ANYWHERE, which is not set"),
    ],
)
def test_a_chain_that_cannot_be_is_refused(models, message):
    with pytest.raises(ConfigError, match=message):
        load_chat_model(GenerateConfig(models=models))


def scripted_server(*script):
    return ServerProcess("scripted", json.dumps(script))


def behind(server, **entry):
    return {"model": "other", "base_url": f"{server.url}/v1", **entry}


def test_a_server_that_is_killed_after_its_first_claim_leaves_it_shown_and_the_next_goes_on(
    harbour, open_engine
):
    with (
        scripted_server({"pieces": [f"{COST} ", "Mayor Ada "], "then": "hang"}) as first,
        scripted_server({"pieces": [f"{OPENED} "]}) as second,
    ):
        models = (behind(first), behind(second, model="second"), "quote")
        events = open_engine(harbour, generate={"models": models, "first_token_s": 5}).stream(
            BOTH, as_of=AS_OF
        )
        shown = [next(event.claim for event in events if isinstance(event, ClaimEvent))]
        first.kill()
        rest = list(events)
    shown += [event.claim for event in rest if isinstance(event, ClaimEvent)]
    assert shown[0].text == COST
    assert OPENED in [claim.text for claim in shown]
    assert rest[-1].answer.claims == tuple(shown)


def test_a_server_that_is_gone_is_an_error_or_a_quotation(harbour, open_engine):
    with scripted_server({"status": 401}) as gone:
        pass
    quoting = open_engine(harbour, generate={"models": (behind(gone), "quote")})
    assert followed(quoting).model == "quote"
    failing = open_engine(harbour, generate={"models": (behind(gone),)})
    with pytest.raises(GenerationError, match="'other' failed: Connection error"):
        failing.ask(WHO_OPENED, as_of=AS_OF)
    with pytest.raises(ModelRestingError, match="'other' failed 1 times"):
        failing.ask(WHO_OPENED, as_of=AS_OF)


@pytest.mark.integration
def test_the_embedded_model_answers_where_a_real_server_ends_and_quotations_after_it(
    harbour, open_engine, monkeypatch
):
    monkeypatch.setenv("THEIR_KEY", KEY)
    with ServerProcess("llama") as server:
        first = behind(server, capable=False, api_key_variable="THEIR_KEY")
        patient = load_chat_model(GenerateConfig(models=(first,)))
        assert followed(open_engine(harbour, model=patient), WHAT_COST).model == "other"
        loaded = load_chat_model(GenerateConfig(models=(first, "embedded", "quote"), first_token_s=2))
        guarded, embedded = loaded.models
        engine = open_engine(harbour, model=ModelChain([guarded.model, embedded]))  # which asks each time
        server.stop()
        hung = followed(engine, WHAT_COST)
        server.kill()
        killed = followed(engine, WHAT_COST)
        assert hung.claims[0].text == killed.claims[0].text == COST
        asked = open_engine(harbour, model=loaded)
        assert asked.ask(WHAT_COST, as_of=AS_OF).model == "smollm2-135m-instruct"
        embedded.close()
        quoted = followed(asked, WHAT_COST)
        assert (quoted.model, quoted.claims[0].text) == ("quote", COST)
