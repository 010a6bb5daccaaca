"""Stand-ins that implement the protocols, with results that can be worked out by hand."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedding import EmbedderInfo

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
