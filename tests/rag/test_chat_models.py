"""Which model a configuration names, and the embedded one's server."""

import os
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from index.adapters.packaged_weights import PackagedWeights
from index.errors import ConfigError, ModelMissingError
from rag.adapters.chat_models import load_chat_model
from rag.adapters.embedded_server import EmbeddedServer
from rag.config import GenerateConfig
from rag.errors import GenerationError, ModelUnavailableError
from rag.generate import ChatMessage

HELLO = [ChatMessage(role="user", content="Hello")]


def test_none_is_no_model():
    assert load_chat_model(GenerateConfig(model="none")) is None


def test_the_default_is_the_embedded_model_which_is_not_trusted_with_much():
    model = load_chat_model(GenerateConfig())
    assert (model.name, model.capable) == ("smollm2-135m-instruct", False)


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ({"model": "anthropic:claude-x"}, "claude-x"),
        ({"model": "ollama:llama3:8b"}, "llama3:8b"),
        ({"model": "llama3:8b", "base_url": "http://127.0.0.1:1/v1"}, "llama3:8b"),
        ({"model": "openai:gpt-x", "base_url": "http://127.0.0.1:1/v1"}, "gpt-x"),
    ],
)
def test_others_are_named_by_provider_or_by_their_address(config, name):
    model = load_chat_model(GenerateConfig(**config))
    assert (model.name, model.capable) == (name, True)


def test_a_name_of_no_known_form_is_refused_with_the_forms_there_are():
    with pytest.raises(ConfigError, match=r"'llama3'.*'embedded', 'none' or 'provider:name'"):
        load_chat_model(GenerateConfig(model="llama3"))


@pytest.mark.parametrize("model", ["mars:olympus", "openai:gpt-x"])
def test_a_provider_that_is_unknown_or_has_no_key_is_unavailable(model, monkeypatch):
    for name in [name for name in os.environ if name.startswith("OPENAI_")]:
        monkeypatch.delenv(name)
    with pytest.raises(ModelUnavailableError):
        load_chat_model(GenerateConfig(model=model, timeout_s=2)).warm_up()


def test_an_address_where_nobody_listens_is_unavailable():
    config = GenerateConfig(model="llama3", base_url="http://127.0.0.1:9/v1", timeout_s=2)
    with pytest.raises(ModelUnavailableError, match="'llama3' failed"):
        load_chat_model(config).warm_up()


def test_closing_a_server_that_was_never_started_does_nothing():
    server = EmbeddedServer()
    server.close()
    server.close()


def test_it_leaves_a_core_free_unless_told_otherwise():
    assert EmbeddedServer().threads == max(1, (os.cpu_count() or 1) - 1)
    assert EmbeddedServer(threads=3).threads == 3


def test_weights_that_are_not_there_name_the_command_that_installs_them():
    missing = PackagedWeights(package="no_such_package", distribution="none==1", file="x", sha256="0" * 64)
    with pytest.raises(ModelMissingError, match="make install"):
        missing.path()


def test_weights_that_were_altered_are_refused():
    altered = PackagedWeights(
        package="rag", distribution="rag==1", file="prompts/condense_system.txt", sha256="0" * 64
    )
    with pytest.raises(ModelMissingError, match=r"sha256.*reinstall"):
        altered.verified_path()


@pytest.fixture(scope="module")
def server():
    server = EmbeddedServer(context_tokens=512)
    yield server
    server.close()


def complete(endpoint, key):
    return httpx.post(
        f"{endpoint.base_url}/chat/completions",
        headers={"Authorization": f"Bearer {key}"} if key else {},
        json={"messages": [{"role": "user", "content": "Say hello."}], "max_tokens": 8},
        timeout=60,
        trust_env=False,
    )


@pytest.mark.integration
def test_the_server_starts_once_however_many_ask(server):
    with ThreadPoolExecutor(4) as pool:
        endpoints = set(pool.map(lambda _: server.endpoint(), range(4)))
    assert len(endpoints) == 1


@pytest.mark.integration
def test_it_listens_on_loopback_and_asks_for_its_key(server):
    endpoint = server.endpoint()
    assert endpoint.base_url.startswith("http://127.0.0.1:")
    assert len(endpoint.api_key) >= 32
    assert [complete(endpoint, key).status_code for key in ("", "wrong")] == [401, 401]
    assert complete(endpoint, endpoint.api_key).status_code == 200


@pytest.mark.integration
def test_two_threads_may_ask_at_once(server):
    endpoint = server.endpoint()
    with ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(lambda _: complete(endpoint, endpoint.api_key), range(2)))
    assert all(reply.json()["choices"][0]["message"]["content"] for reply in replies)


@pytest.mark.integration
def test_each_server_has_a_port_and_a_key_of_its_own_and_stops_when_closed(server):
    other = EmbeddedServer(context_tokens=512)
    endpoint = other.endpoint()
    assert endpoint.base_url != server.endpoint().base_url
    assert endpoint.api_key != server.endpoint().api_key
    assert complete(endpoint, endpoint.api_key).status_code == 200
    other.close()
    with pytest.raises(httpx.TransportError):
        complete(endpoint, endpoint.api_key)
    assert complete(server.endpoint(), server.endpoint().api_key).status_code == 200


@pytest.mark.integration
def test_the_embedded_model_writes_within_its_limit_and_can_be_stopped():
    model = load_chat_model(GenerateConfig(max_tokens=400))
    model.warm_up()
    assert 0 < len(list(model.stream(HELLO, max_tokens=5))) <= 6
    pieces = model.stream([ChatMessage(role="user", content="Count from one to a hundred in words.")])
    next(pieces)
    pieces.close()
    assert list(model.stream(HELLO, max_tokens=5))
    model.close()
    with pytest.raises(GenerationError, match="smollm2"):
        list(model.stream(HELLO))
