"""A language model through LangChain, within limits of time and length."""

import logging
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from rag.adapters.model_limits import (
    ModelLimits,
    is_too_long,
    may_pass,
    prompt_bound,
    refuses_schema,
    seconds_before_retry,
    texts_of,
)
from rag.errors import GenerationError, ModelUnavailableError, PromptTooLongError, SchemaRefusedError
from rag.generate import ChatMessage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

logger = logging.getLogger(__name__)


class LangChainModel:
    """A `ChatModel` over a LangChain chat model that `connect` makes on first use.

    With `says_end` a text counts as whole only where the server gave the reason of its end. `takes_schema`
    is for servers of the OpenAI protocol, whose requests have a `response_format`.
    """

    def __init__(
        self,
        name: str,
        connect: "Callable[[], BaseChatModel]",
        *,
        capable: bool = True,
        limits: ModelLimits | None = None,
        max_tokens: int = 0,
        says_end: bool = False,
        takes_schema: bool = False,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        self.name = name
        self.capable = capable
        self.limits = limits or ModelLimits()
        self.max_tokens = max_tokens
        self.takes_schema = takes_schema
        self._connect = connect
        self._says_end = says_end
        self._on_close = on_close
        self._lock = threading.Lock()
        self._model: BaseChatModel | None = None

    def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> Iterator[str]:
        """Yield the text piece by piece; closing the iterator closes the connection.

        Raises:
            PromptTooLongError: before the first piece, where the messages exceed the model's window.
            SchemaRefusedError: before the first piece, where the server refuses a `schema`.
            GenerationError: where the model cannot be reached or fails; also in mid-stream.
        """
        self._refuse_too_long(messages, max_tokens or self.max_tokens)
        model = self._connected()
        options: dict[str, Any] = {"max_tokens": max_tokens} if max_tokens else {}
        if schema is not None:
            options["extra_body"] = {"response_format": _response_format(schema)}
        try:
            first, texts = self._begun(model, messages, options)
            with closing(texts):
                if first:
                    yield first
                yield from texts
        except Exception as exc:  # each provider raises errors of its own, in mid-stream too
            message = f"the language model {self.name!r} failed: {_first_line(exc)}"
            if is_too_long(exc):
                raise PromptTooLongError(message) from exc
            if schema is not None and refuses_schema(exc):
                self.takes_schema = False
                logger.info("%s; it is asked without a JSON schema from now on", message)
                raise SchemaRefusedError(message) from exc
            raise GenerationError(message) from exc

    def _begun(
        self, model: "BaseChatModel", messages: Sequence[ChatMessage], options: Mapping[str, Any]
    ) -> tuple[str, Generator[str, None, None]]:
        """Return the first piece and what comes after it; only what fails before it is tried again."""
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, stop_before_delay

        prompt = [(message.role, message.content) for message in messages]
        retrying = Retrying(
            retry=retry_if_exception(may_pass),
            wait=seconds_before_retry,
            stop=stop_after_attempt(1 + self.limits.retries) | stop_before_delay(self.limits.whole_s),
            reraise=True,
        )

        def begin() -> tuple[str, Generator[str, None, None]]:
            chunks = model.stream(prompt, **options)
            texts = texts_of(chunks, whole_s=self.limits.whole_s, says_end=self._says_end)
            return next(texts, ""), texts

        return retrying(begin)

    def _refuse_too_long(self, messages: Sequence[ChatMessage], max_tokens: int) -> None:
        window = self.limits.context_tokens
        tokens = prompt_bound(message.content for message in messages) + max_tokens
        if window is not None and tokens > window:
            raise PromptTooLongError(
                f"the language model {self.name!r} has a window of {window} tokens and the prompt and the "
                f"answer need up to {tokens}: set generate.context_tokens or answer.evidence_tokens"
            )

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


def _response_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
