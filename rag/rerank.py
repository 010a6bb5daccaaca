"""What retrieval asks of a model that reads question and passage together; `index.adapters` has one."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.config import RerankConfig

NO_MODEL = "none"


class Reranker(Protocol):
    """Says how well passages answer a question. Safe to share between threads."""

    @property
    def name(self) -> str:
        """The model's name."""
        ...

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return a score for each passage, shape (len(passages),), higher is better."""
        ...


def load_reranker(config: RerankConfig) -> Reranker | None:
    """Return the reranker that `config` names, None for `none`; weights load on its first use.

    Raises:
        ModelMissingError: on that first use, where the model cannot be loaded.
    """
    if config.model == NO_MODEL:
        return None
    from index.adapters.cross_encoder import CrossEncoderReranker

    return CrossEncoderReranker(config.model, max_tokens=config.max_tokens, batch_size=config.batch_size)
