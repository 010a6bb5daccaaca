"""What answering asks of a language model, and of several of them in a row."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from rag.errors import (
    GenerationError,
    ModelRestingError,
    ModelUnavailableError,
    PromptTooLongError,
    SchemaRefusedError,
)

logger = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


class ChatModel(Protocol):
    """Writes text after messages. Weights and connections are made on first use."""

    @property
    def name(self) -> str:
        """The name that an answer gives as its model."""
        ...

    @property
    def capable(self) -> bool:
        """Whether it follows instructions well enough to rewrite a follow-up question."""
        ...

    @property
    def takes_schema(self) -> bool:
        """Whether its server may hold it to a JSON schema; false from the first refusal on."""
        ...

    def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> Iterator[str]:
        """Yield the text piece by piece; closing the iterator stops the model.

        With a JSON `schema` the text is to be JSON of that form, though some servers pass over it.

        Raises:
            PromptTooLongError: before the first piece, where the messages exceed its window.
            SchemaRefusedError: before the first piece, where its server takes no schema.
            GenerationError: where the model cannot be reached or fails; also in mid-stream.
        """
        ...

    def warm_up(self) -> None:
        """Load or reach the model now.

        Raises:
            ModelUnavailableError: where that fails.
        """
        ...

    def close(self) -> None:
        """Stop what was started; the model is not used after."""
        ...


class CircuitBreaker:
    """A model that is left alone after a failure: for 5 s, and twice as long after each further one."""

    def __init__(self, model: ChatModel, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep the model, and the clock (in seconds) by which its pauses are counted."""
        self.model = model
        self.name = model.name
        self.capable = model.capable
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._failed_at = self._rests_until = float("-inf")

    @property
    def resting(self) -> bool:
        """Whether it would not be asked now."""
        return self._clock() < self._rests_until

    @property
    def takes_schema(self) -> bool:
        """Whether its server may hold it to a JSON schema."""
        return self.model.takes_schema

    def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> Iterator[str]:
        """Yield what the model writes.

        Raises:
            ModelRestingError: at once, while it is left alone.
            GenerationError: as the model raises them.
        """
        began = self._clock()
        if began < self._rests_until:
            raise ModelRestingError(
                f"the language model {self.name!r} failed {self._failures} times in a row: "
                f"it is asked again in {self._rests_until - began:.0f} s"
            )
        try:
            yield from self.model.stream(messages, max_tokens=max_tokens, schema=schema)
        except (PromptTooLongError, SchemaRefusedError):
            raise
        except GenerationError:
            self._note_failure(began)
            raise
        except GeneratorExit:  # whoever read has enough; it wrote at least one piece
            self._note_success()
            raise
        self._note_success()

    def warm_up(self) -> None:
        """Load or reach the model now, whether it rests or not.

        Raises:
            ModelUnavailableError: where that fails.
        """
        began = self._clock()
        try:
            self.model.warm_up()
        except ModelUnavailableError:
            self._note_failure(began)
            raise
        self._note_success()

    def close(self) -> None:
        """Stop what was started for the model."""
        self.model.close()

    def _note_failure(self, began: float) -> None:
        with self._lock:
            if began < self._failed_at:
                return  # asked before the last failure was known: the same outage
            pause = min(FIRST_PAUSE_S * 2.0**self._failures, LONGEST_PAUSE_S)
            self._failures = min(self._failures + 1, 1000)
            self._failed_at = self._clock()
            self._rests_until = self._failed_at + pause

    def _note_success(self) -> None:
        with self._lock:
            self._failures = 0
            self._rests_until = float("-inf")


class ModelChain:
    """Models in the order in which they are asked, each where those before it fail.

    It is a `ChatModel` itself, named and judged by the first of them that is not left alone after a
    failure. The composer asks its `models` one by one, since each has a prompt of its own. Where all
    fail and `quotes` is false, the failure is reported instead of sentences being quoted.
    """

    def __init__(self, models: Sequence[ChatModel], *, quotes: bool = True) -> None:
        """Keep the models, at least one."""
        if not models:
            raise ValueError("a chain needs at least one model")
        self.models = tuple(models)
        self.quotes = quotes

    @property
    def name(self) -> str:
        """The name of the model that is asked first now."""
        return self._first().name

    @property
    def capable(self) -> bool:
        """Whether the model that is asked first now follows instructions well."""
        return self._first().capable

    @property
    def takes_schema(self) -> bool:
        """Whether the model that is asked first now may be held to a JSON schema."""
        return self._first().takes_schema

    def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> Iterator[str]:
        """Yield what the first model writes that begins to; those less capable than `capable` are not asked.

        Raises:
            GenerationError: where none begins, or the one that did fails.
        """
        failure: GenerationError | None = None
        capable = self.capable
        for model in [one for one in self.models if one.capable or not capable]:
            pieces = model.stream(messages, max_tokens=max_tokens, schema=schema)
            try:
                first = next(pieces, "")
            except GenerationError as error:
                failure = error
                continue
            yield first
            yield from pieces
            return
        raise failure or ModelUnavailableError("no language model can be asked: run `dateline doctor`")

    def warm_up(self) -> None:
        """Load or reach the first model that can be; the ones after it stay as they are.

        Raises:
            ModelUnavailableError: where none can.
        """
        for model in self.models[:-1]:
            try:
                model.warm_up()
            except ModelUnavailableError as error:
                logger.warning("%s; the next model is made ready instead", error)
            else:
                return
        self.models[-1].warm_up()

    def close(self) -> None:
        """Stop what was started for each of them."""
        for model in self.models:
            model.close()

    def _first(self) -> ChatModel:
        awake = (one for one in self.models if not (isinstance(one, CircuitBreaker) and one.resting))
        return next(awake, self.models[0])
