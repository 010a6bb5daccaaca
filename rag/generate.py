"""What answering asks of a language model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


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

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int | None = None) -> Iterator[str]:
        """Yield the text piece by piece; closing the iterator stops the model.

        Raises:
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
