"""Stand-ins that implement the protocols, with results that can be worked out by hand."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Event
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding import EmbedderInfo
from rag.errors import ModelUnavailableError
from rag.generate import ChatMessage

_WORD = re.compile(r"[^\W_]+")


class FakeEmbedder:
    """A hashed bag of words: each distinct word of a text sets one slot, and the vector has length 1.

    With no two words in one slot, the cosine of two texts is `shared / sqrt(distinct_a * distinct_b)`
    over their distinct words: "dog cat" and "dog" give 1 / sqrt(2). `calls` and `embedded` record use.
    """

    def __init__(self, *, name: str = "fake", dimension: int = 64, max_tokens: int = 256) -> None:
        self.info = EmbedderInfo(
            name=name,
            weights_sha256=hashlib.sha256(name.encode()).hexdigest(),
            dimension=dimension,
            max_tokens=max_tokens,
        )
        self.embedded: list[str] = []
        self.calls = 0

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls += 1
        self.embedded += texts
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(
            -1, self.info.dimension
        )

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._vector(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def slot(self, word: str) -> int:
        """Return the place that a word sets."""
        digest = hashlib.sha256(word.casefold().encode("utf-8", "replace")).digest()
        return int.from_bytes(digest[:8], "big") % self.info.dimension

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.info.dimension, dtype=np.float32)
        vector[[self.slot(word) for word in _WORD.findall(text)] or [0]] = 1.0
        return vector / np.linalg.norm(vector)


Piece = str | Exception | Event
Reply = str | Sequence[Piece] | Exception | Callable[[Sequence[ChatMessage]], str]

LONGEST_HANG_S = 5.0


class ScriptedModel:
    """A `ChatModel` that gives one reply of its script after another, and the last one ever after.

    A text is written word by word. A sequence is written piece by piece: an exception in it is raised
    there, and an event is waited for (5 s at most). A function is called with the messages. `prompts`
    records them; `open_streams` counts those that were neither exhausted nor closed.
    """

    def __init__(
        self, *script: Reply, name: str = "scripted", capable: bool = False, takes_schema: bool = False
    ) -> None:
        self.name = name
        self.capable = capable
        self.takes_schema = takes_schema
        self.schemas: list[Mapping[str, Any] | None] = []
        self.prompts: list[list[ChatMessage]] = []
        self.limits: list[int | None] = []
        self.written: list[str] = []
        self.open_streams = 0
        self.warm_ups = 0
        self.closed = 0
        self._script = script or ("",)

    def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> Iterator[str]:
        self.schemas.append(schema)
        reply = self._script[min(len(self.prompts), len(self._script) - 1)]
        self.prompts.append(list(messages))
        self.limits.append(max_tokens)
        self.open_streams += 1
        try:
            for piece in _pieces(reply, messages):
                if isinstance(piece, Exception):
                    raise piece
                if isinstance(piece, Event):
                    piece.wait(LONGEST_HANG_S)
                    continue
                self.written.append(piece)
                yield piece
        finally:
            self.open_streams -= 1

    def warm_up(self) -> None:
        self.warm_ups += 1
        for reply in self._script:
            if isinstance(reply, Exception):
                raise ModelUnavailableError(str(reply))

    def close(self) -> None:
        self.closed += 1


def _pieces(reply: Reply, messages: Sequence[ChatMessage]) -> Sequence[Piece]:
    if callable(reply):
        reply = reply(messages)
    if isinstance(reply, str):
        return re.findall(r"\S+\s*|\s+", reply)
    return [reply] if isinstance(reply, Exception) else reply


class FakeReranker:
    """Scores a passage by how many of the question's words it holds, or by what `scores` says of its text.

    `asked` records the passages of each call.
    """

    name = "fake-reranker"

    def __init__(self, scores: Callable[[str], float] | None = None) -> None:
        self._scores = scores
        self.asked: list[list[str]] = []

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append(list(passages))
        wanted = {word.casefold() for word in _WORD.findall(question)}
        held = [
            self._scores(text)
            if self._scores
            else float(len(wanted & {word.casefold() for word in _WORD.findall(text)}))
            for text in passages
        ]
        return np.asarray(held, dtype=np.float32)
