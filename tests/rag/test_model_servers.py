"""Models behind servers in other processes: what is asked again, what is given up, and when."""

import json
import re
import socket
import time

import pytest

from rag.adapters.chat_models import load_chat_model
from rag.cited_claims import claims_schema
from rag.config import GenerateConfig
from rag.errors import (
    GenerationError,
    ModelRestingError,
    ModelUnavailableError,
    PromptTooLongError,
    SchemaRefusedError,
)
from rag.generate import ChatMessage
from tests.rag.model_server import KEY, ServerProcess

HELLO = [ChatMessage(role="user", content="Say hello.")]
LONG = [ChatMessage(role="user", content="Count from one to five hundred in words.")]
GREETING = {"pieces": ["Hello ", "there."]}


@pytest.fixture
def model_of():
    """Return a way to make models of a server; they are closed after the test."""
    made = []

    def make(url, **settings):
        settings = {"api_key": KEY, "timeout_s": 20, **settings}
        made.append(load_chat_model(GenerateConfig(model="other", base_url=f"{url}/v1", **settings)))
        return made[-1]

    yield make
    for model in made:
        model.close()


@pytest.fixture
def scripted():
    """Return a way to start servers that reply by a script; they are killed after the test."""
    started = []

    def start(*script):
        started.append(ServerProcess("scripted", json.dumps(script)))
        return started[-1]

    yield start
    for server in started:
        server.__exit__()


@pytest.fixture(scope="module")
def llama():
    with ServerProcess("llama") as server:
        yield server


def write(model, messages=HELLO, **options):
    return "".join(model.stream(messages, **options))


@pytest.mark.parametrize("status", [503, 429])
def test_a_refusal_that_may_pass_is_tried_again(scripted, model_of, status):
    server = scripted({"status": status}, {"status": status}, GREETING)
    assert write(model_of(server.url)) == "Hello there."
    assert server.get("/") == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_that_stays_is_not(scripted, model_of, status):
    server = scripted({"status": status, "message": "no such thing"}, GREETING)
    with pytest.raises(GenerationError, match=r"'other' failed.*no such thing"):
        write(model_of(server.url))
    assert server.get("/") == 1


def test_a_refusal_that_does_not_pass_is_given_up_after_as_many_tries_as_are_set(scripted, model_of):
    server = scripted({"status": 500})
    with pytest.raises(GenerationError, match="500"):
        write(model_of(server.url, retries=1))
    assert server.get("/") == 2


def test_the_server_says_how_long_to_wait(scripted, model_of):
    server = scripted({"status": 429, "headers": {"Retry-After": "1"}}, GREETING)
    began = time.monotonic()
    assert write(model_of(server.url)) == "Hello there."
    assert time.monotonic() - began >= 1


def test_a_wait_beyond_the_time_limit_is_not_begun(scripted, model_of):
    server = scripted({"status": 429, "headers": {"Retry-After": "3600"}}, GREETING)
    with pytest.raises(GenerationError, match="429"):
        write(model_of(server.url))
    assert server.get("/") == 1


def test_what_fails_after_its_first_piece_is_not_asked_again(scripted, model_of):
    server = scripted({"pieces": ["Hello "], "then": "cut"}, GREETING)
    pieces = model_of(server.url).stream(HELLO)
    assert next(pieces) == "Hello "
    with pytest.raises(GenerationError, match="ended before the text did"):
        next(pieces)
    assert server.get("/") == 1


def test_a_text_that_stops_coming_is_given_up(scripted, model_of):
    server = scripted({"pieces": ["Hello "], "then": "hang"})
    pieces = model_of(server.url, first_token_s=0.5).stream(HELLO)
    assert next(pieces) == "Hello "
    with pytest.raises(GenerationError, match="timed out"):
        next(pieces)


def test_a_server_that_is_killed_fails_at_once_and_then_rests(scripted, model_of):
    server = scripted({"pieces": ["Hello "], "then": "hang"})
    model = model_of(server.url)
    pieces = model.stream(HELLO)
    assert next(pieces) == "Hello "
    server.kill()
    with pytest.raises(GenerationError, match="'other' failed"):
        next(pieces)
    with pytest.raises(ModelRestingError, match=r"failed 1 times in a row: it is asked again in [45] s"):
        write(model)
    with pytest.raises(ModelUnavailableError, match="'other' failed"):
        model.warm_up()


def test_a_port_where_nobody_listens_is_not_asked_again_at_once(model_of):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        model = model_of(f"http://127.0.0.1:{taken.getsockname()[1]}", retries=10)
        with pytest.raises(GenerationError, match="Connection"):
            write(model)


def test_a_text_that_comes_byte_by_byte_ends_with_the_time_limit(scripted, model_of):
    server = scripted({"pieces": ["Hello "] * 1000})
    with ServerProcess("proxy", server.port, 1000) as proxy:
        pieces = model_of(proxy.url, timeout_s=2).stream(HELLO)
        assert next(pieces) == "Hello "
        with pytest.raises(GenerationError, match=r"2 s \(generate.timeout_s\)"):
            list(pieces)


@pytest.mark.parametrize(
    "message", ["request (900 tokens) exceeds the available context size", "maximum context length is 512"]
)
def test_a_server_whose_window_is_too_small_does_not_rest_for_it(scripted, model_of, message):
    server = scripted({"status": 400, "message": message}, GREETING)
    model = model_of(server.url)
    with pytest.raises(PromptTooLongError):
        write(model)
    assert write(model) == "Hello there."


def test_a_prompt_beyond_a_known_window_is_not_sent(scripted):
    server = scripted(GREETING)
    entry = {"model": "other", "base_url": f"{server.url}/v1", "context_tokens": 512}
    model = load_chat_model(GenerateConfig(models=(entry,)))
    with pytest.raises(PromptTooLongError, match=r"window of 512 tokens.*answer.evidence_tokens"):
        write(model.models[0], [ChatMessage(role="user", content="word " * 512)])
    assert server.get("/") == 0
    assert write(model) == "Hello there."
    model.close()


@pytest.mark.parametrize("status", [400, 422, 501])
def test_a_server_that_refuses_a_schema_is_asked_without_one_and_does_not_rest(scripted, model_of, status):
    server = scripted({"status": status, "message": "response_format is not supported"}, GREETING)
    model = model_of(server.url, retries=0)
    assert model.takes_schema
    with pytest.raises(SchemaRefusedError, match="response_format"):
        write(model, schema=claims_schema(2))
    assert not model.takes_schema
    assert write(model) == "Hello there."


def test_no_schema_is_sent_where_that_is_switched_off(scripted, model_of):
    assert not model_of(scripted(GREETING).url, structured=False).takes_schema


@pytest.mark.integration
def test_it_keeps_to_a_schema(llama, model_of):
    asked = [ChatMessage(role="user", content="1. The ferry sails in May.\n\nWhen does it sail?")]
    text = write(model_of(llama.url), asked, schema=claims_schema(1), max_tokens=60)
    assert re.match(r'\{\s*"claims":\s*\[\s*(?:\]|\{\s*"sentence":\s*1,\s*"text":\s*"\w)', text)


@pytest.mark.integration
def test_it_writes_and_keeps_to_its_limit(llama, model_of):
    assert 0 < len(list(model_of(llama.url).stream(LONG, max_tokens=7))) <= 8


@pytest.mark.integration
def test_its_key_is_asked_for(llama, model_of):
    with pytest.raises(GenerationError, match="401"):
        write(model_of(llama.url, api_key="another"))


@pytest.mark.integration
def test_giving_up_stops_the_server_s_work(llama, model_of):
    pieces = model_of(llama.url).stream(LONG, max_tokens=900)
    next(pieces)
    assert not llama.is_free(within_s=0.2)
    pieces.close()
    assert llama.is_free()


@pytest.mark.integration
def test_its_window_is_told_by_its_refusal(llama, model_of):
    with pytest.raises(PromptTooLongError, match="context size"):
        write(model_of(llama.url), [ChatMessage(role="user", content="word " * 3000)])


@pytest.mark.integration
def test_a_server_that_hangs_is_given_up_and_answers_when_it_goes_on(llama, model_of):
    llama.stop()
    try:
        with pytest.raises(GenerationError, match="timed out"):
            write(model_of(llama.url, first_token_s=0.5))
    finally:
        llama.resume()
    assert write(model_of(llama.url), max_tokens=5)


@pytest.mark.integration
def test_a_server_that_hangs_while_it_writes_is_given_up(llama, model_of):
    pieces = model_of(llama.url, first_token_s=1).stream(LONG, max_tokens=900)
    next(pieces)
    llama.stop()
    try:
        with pytest.raises(GenerationError, match="timed out"):
            list(pieces)
    finally:
        llama.resume()
    assert llama.is_free()


@pytest.mark.integration
def test_a_server_that_writes_in_fits_and_starts_is_waited_for(llama, model_of):
    pieces = model_of(llama.url, first_token_s=2).stream(LONG, max_tokens=40)
    count = 0
    for piece in pieces:
        count += bool(piece)
        if count % 10 == 0:
            llama.stop()
            time.sleep(0.2)
            llama.resume()
    assert count > 10


@pytest.mark.integration
def test_a_server_that_is_killed_while_it_writes_is_told_at_once(model_of):
    with ServerProcess("llama") as server:
        model = model_of(server.url)
        pieces = model.stream(LONG, max_tokens=900)
        assert next(pieces)
        server.kill()
        with pytest.raises(GenerationError, match="'other' failed"):
            list(pieces)
        with pytest.raises(ModelRestingError):
            write(model)
