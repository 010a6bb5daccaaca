"""Any cross-encoder that sentence-transformers can load, from a folder or a model hub."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelMissingError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class CrossEncoderReranker:
    """Reads question and passage together and scores how well the one answers the other.

    `name` is a folder or a name on the model hub. The weights load on first use; calls are thread-safe.
    """

    def __init__(self, name: str, *, max_tokens: int = 320, batch_size: int = 16) -> None:
        self.name = name
        self.max_tokens = max_tokens
        self.batch_size = batch_size

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return a score for each passage, shape (len(passages),), higher is better.

        Raises:
            ModelMissingError: where the model cannot be loaded, or gives more than one score.
        """
        if not passages:
            return np.empty(0, dtype=np.float32)
        scores = self._model.predict(
            [(question, passage) for passage in passages],
            batch_size=self.batch_size,
            show_progress_bar=False,
        )
        return np.asarray(scores, dtype=np.float32).reshape(len(passages))

    @cached_property
    def _model(self) -> "CrossEncoder":
        from sentence_transformers import CrossEncoder

        try:
            model: CrossEncoder = CrossEncoder(self.name, max_length=self.max_tokens)
        except (OSError, ValueError) as exc:
            raise ModelMissingError(
                f"the reranking model {self.name!r} cannot be loaded ({str(exc).splitlines()[0]}): "
                "give a folder, reach the model hub, or set rerank.model to 'none'"
            ) from exc
        if model.num_labels != 1:
            raise ModelMissingError(
                f"the reranking model {self.name!r} gives {model.num_labels} scores for a passage: set "
                "rerank.model to a cross-encoder that gives one, or to 'none'"
            )
        return model
