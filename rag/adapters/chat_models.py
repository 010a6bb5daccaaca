"""Language models through LangChain: the embedded server, an OpenAI-compatible one, any provider."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from index.errors import ConfigError
from rag.adapters.embedded_server import MODEL_NAME, EmbeddedServer
from rag.config import GenerateConfig
from rag.errors import GenerationError, ModelUnavailableError
from rag.generate import ChatMessage, ChatModel

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

logger = logging.getLogger(__name__)

EMBEDDED = "embedded"
NONE = "none"


class LangChainModel:
    """A `ChatModel` over a LangChain chat model that `connect` makes on first use."""

    def __init__(
        self,
        name: str,
        connect: "Callable[[], BaseChatModel]",
        *,
        capable: bool = True,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        self.name = name
        self.capable = capable
        self._connect = connect
        self._on_close = on_close
        self._lock = threading.Lock()
        self._model: BaseChatModel | None = None

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int | None = None) -> Iterator[str]:
        """Yield the text piece by piece; closing the iterator closes the connection.

        Raises:
            GenerationError: where the model cannot be reached or fails; also in mid-stream.
        """
        model = self._connected()
        limits: dict[str, Any] = {"max_tokens": max_tokens} if max_tokens else {}
        try:
            for chunk in model.stream([(message.role, message.content) for message in messages], **limits):
                if text := chunk.text:
                    yield text
        except Exception as exc:  # each provider raises errors of its own, in mid-stream too
            raise GenerationError(f"the language model {self.name!r} failed: {_first_line(exc)}") from exc

    def warm_up(self) -> None:
        """Load or reach the model now, by having it write one token.

        Raises:
            ModelUnavailableError: where that fails.
        """
        try:
            for _ in self.stream([ChatMessage(role="user", content="Hello")], max_tokens=1):
                pass
        except ModelUnavailableError:
            raise
        except GenerationError as exc:
            raise ModelUnavailableError(str(exc)) from exc

    def close(self) -> None:
        """Stop what was started for this model."""
        if self._on_close:
            self._on_close()

    def _connected(self) -> "BaseChatModel":
        with self._lock:
            if self._model is None:
                try:
                    self._model = self._connect()
                except ModelUnavailableError:
                    raise
                except Exception as exc:  # each provider has errors of its own: no package, no key
                    raise ModelUnavailableError(
                        f"the language model {self.name!r} cannot be used: {_first_line(exc)}"
                    ) from exc
            return self._model


def load_chat_model(config: GenerateConfig) -> ChatModel | None:
    """Return the model that `config` names, not yet started; None where it is `none`.

    Raises:
        ConfigError: where the name has no form that can be used.
    """
    if config.model == NONE:
        return None
    if config.model == EMBEDDED and config.base_url is None:
        return _embedded(config)
    if config.base_url is not None:
        return _openai_compatible(config, config.base_url)
    if ":" not in config.model:
        raise ConfigError(
            f"generate.model is {config.model!r}: write 'embedded', 'none' or 'provider:name' "
            "(such as 'anthropic:claude-sonnet-4-5'), or give generate.base_url too"
        )
    return _from_provider(config)


def _embedded(config: GenerateConfig) -> LangChainModel:
    server = EmbeddedServer(context_tokens=config.context_tokens, threads=config.threads)

    def connect() -> "BaseChatModel":
        import httpx
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        endpoint = server.endpoint()
        return ChatOpenAI(
            model=MODEL_NAME,
            base_url=endpoint.base_url,
            api_key=SecretStr(endpoint.api_key),
            temperature=config.temperature,
            max_completion_tokens=config.max_tokens,
            timeout=config.timeout_s,
            max_retries=0,
            stream_usage=False,
            # No penalty on repeating: it would keep the model from copying what it is given.
            extra_body={"cache_prompt": True, "repeat_penalty": 1.0},
            http_client=httpx.Client(trust_env=False),  # a proxy of the environment is not for loopback
        )

    return LangChainModel(MODEL_NAME, connect, capable=False, on_close=server.close)


def _openai_compatible(config: GenerateConfig, base_url: str) -> LangChainModel:
    name = config.model.removeprefix("openai:")

    def connect() -> "BaseChatModel":
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        return ChatOpenAI(
            model=name,
            base_url=base_url,
            api_key=config.api_key or SecretStr("none"),
            temperature=config.temperature,
            max_completion_tokens=config.max_tokens,
            timeout=config.timeout_s,
            max_retries=2,
            stream_usage=False,
        )

    return LangChainModel(name, connect)


def _from_provider(config: GenerateConfig) -> LangChainModel:
    def connect() -> "BaseChatModel":
        from langchain.chat_models import init_chat_model

        options: dict[str, Any] = {
            "temperature": config.temperature,
            "max_tokens": config.max_tokens,
            "timeout": config.timeout_s,
        }
        if config.api_key:
            options["api_key"] = config.api_key.get_secret_value()
        model: BaseChatModel = init_chat_model(config.model, **options)
        return model

    return LangChainModel(config.model.partition(":")[2], connect)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
