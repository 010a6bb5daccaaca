"""What every language model must do; add one to `MODELS` and it is held to this."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from rag.adapters.chat_models import load_chat_model
from rag.adapters.langchain_model import LangChainModel
from rag.config import GenerateConfig
from rag.errors import GenerationError, ModelUnavailableError
from rag.generate import ChatMessage, ChatModel, CircuitBreaker, ModelChain
from tests.fakes import ScriptedModel

ASKED = [
    ChatMessage(role="system", content="Answer in one sentence."),
    ChatMessage(role="user", content="Who opened the bridge?"),
]


class ProviderModel(BaseChatModel):
    """A provider's model as LangChain sees it; a piece that is an exception is raised there."""

    pieces: tuple[Any, ...] = ("The mayor ", "", "opened ", "the bridge.")
    seen: list[Any] = Field(default_factory=list)
    open_streams: list[Any] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "provider"

    def _generate(self, messages, stop=None, run_manager=None, **options) -> ChatResult:
        text = "".join(piece for piece in self.pieces if isinstance(piece, str))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _stream(self, messages, stop=None, run_manager=None, **options) -> Iterator[ChatGenerationChunk]:
        self.seen.append((messages, options))
        self.open_streams.append(1)
        try:
            for piece in self.pieces:
                if isinstance(piece, Exception):
                    raise piece
                yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        finally:
            self.open_streams.pop()


def scripted() -> ScriptedModel:
    return ScriptedModel("The mayor opened the bridge.")


def langchain(*pieces: str | Exception) -> LangChainModel:
    provider = ProviderModel(pieces=pieces) if pieces else ProviderModel()
    return LangChainModel("provider", lambda: provider)


def guarded() -> CircuitBreaker:
    return CircuitBreaker(scripted())


def chained() -> ModelChain:
    broken = ScriptedModel(GenerationError("no route to host"))
    return ModelChain([CircuitBreaker(broken), CircuitBreaker(scripted())])


def embedded():
    return load_chat_model(GenerateConfig(max_tokens=20))


MODELS = [scripted, langchain, guarded, chained, pytest.param(embedded, marks=pytest.mark.integration)]
FAILING: list[Callable[..., ChatModel]] = [
    lambda *pieces: ScriptedModel(
        [GenerationError(str(p)) if isinstance(p, Exception) else p for p in pieces]
    ),
    langchain,
    lambda *pieces: CircuitBreaker(langchain(*pieces)),
    lambda *pieces: ModelChain([langchain(*pieces)]),
]
FAILING_NAMES = ["scripted", "langchain", "guarded", "chained"]


@pytest.fixture(params=MODELS)
def model(request):
    made = request.param()
    yield made
    made.close()


def test_it_has_a_name_and_knows_what_it_can(model):
    assert model.name
    assert isinstance(model.capable, bool)


def test_it_writes_text_piece_by_piece(model):
    pieces = list(model.stream(ASKED))
    assert len(pieces) > 1
    assert all(isinstance(piece, str) and piece for piece in pieces)
    assert "".join(pieces).strip()


def test_it_can_be_asked_again(model):
    assert "".join(model.stream(ASKED)) == "".join(model.stream(ASKED))


def test_a_stream_may_be_given_up_half_way(model):
    pieces = model.stream(ASKED)
    next(pieces)
    pieces.close()
    assert next(pieces, None) is None
    assert "".join(model.stream(ASKED)).strip()


def test_two_may_ask_at_once(model):
    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(lambda _: "".join(model.stream(ASKED)), range(2)))
    assert all(text.strip() for text in texts)


def test_warming_up_may_be_done_twice_and_so_may_closing(model):
    model.warm_up()
    model.warm_up()
    model.close()
    model.close()


def test_closing_what_was_never_used_does_nothing(model):
    model.close()


@pytest.mark.parametrize("failing", FAILING, ids=FAILING_NAMES)
def test_a_failure_is_a_generation_error_and_what_came_before_it_was_given(failing):
    model = failing("The mayor ", RuntimeError("connection reset"), "opened")
    pieces = model.stream(ASKED)
    assert next(pieces) == "The mayor "
    with pytest.raises(GenerationError, match="connection reset"):
        next(pieces)


@pytest.mark.parametrize("failing", FAILING, ids=FAILING_NAMES)
def test_a_model_that_cannot_be_reached_says_so_when_it_is_warmed_up(failing):
    model = failing(ModelUnavailableError("no route to host"))
    with pytest.raises(GenerationError, match="no route to host"):
        list(model.stream(ASKED))


def test_a_providers_error_is_one_line_and_names_the_model():
    model = langchain(RuntimeError("401 unauthorised\n{'error': 'the body of the reply'}"))
    with pytest.raises(GenerationError) as raised:
        list(model.stream(ASKED))
    assert str(raised.value) == "the language model 'provider' failed: 401 unauthorised"
    with pytest.raises(ModelUnavailableError, match="401 unauthorised"):
        model.warm_up()


def test_a_provider_gets_the_messages_and_the_limit():
    provider = ProviderModel()
    list(LangChainModel("provider", lambda: provider).stream(ASKED, max_tokens=7))
    ((messages, options),) = provider.seen
    assert [(message.type, message.content) for message in messages] == [
        ("system", ASKED[0].content),
        ("human", ASKED[1].content),
    ]
    assert options == {"max_tokens": 7}


def test_a_providers_stream_is_closed_with_ours():
    provider = ProviderModel()
    pieces = LangChainModel("provider", lambda: provider).stream(ASKED)
    next(pieces)
    assert provider.open_streams == [1]
    pieces.close()
    assert provider.open_streams == []


def test_a_provider_is_connected_once_and_on_first_use():
    made = []
    gate = threading.Barrier(4)

    def connect():
        made.append(1)
        return ProviderModel()

    model = LangChainModel("provider", connect)
    assert made == []

    def ask(_):
        gate.wait(timeout=10)
        return "".join(model.stream(ASKED))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(4))) == {"The mayor opened the bridge."}
    assert made == [1]


@pytest.mark.parametrize("error", [ImportError("install langchain-mars"), ValueError("no provider 'mars'")])
def test_a_provider_that_cannot_be_connected_is_unavailable(error):
    def connect():
        raise error

    with pytest.raises(ModelUnavailableError, match=str(error)):
        list(LangChainModel("mars", connect).stream(ASKED))
