"""Any other embedding model that sentence-transformers can load, from a folder or a model hub."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.embedding import EmbedderInfo
from index.errors import ModelMissingError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MAX_TOKENS = 512


class SentenceTransformerEmbedder:
    """Embeds through sentence-transformers; documents and queries get the model's own prompts.

    `name` is a folder or a name on the model hub. The weights load on first use.
    """

    def __init__(self, name: str, *, batch_size: int = 32) -> None:
        self.name = name
        self.batch_size = batch_size

    @cached_property
    def info(self) -> EmbedderInfo:
        """Identity and shape; the checksum is over all parameters as they are loaded."""
        digest = hashlib.sha256()
        for key, tensor in sorted(self._model.state_dict().items()):
            digest.update(key.encode())
            digest.update(tensor.detach().cpu().float().numpy().tobytes())
        return EmbedderInfo(
            name=self.name,
            weights_sha256=digest.hexdigest(),
            dimension=self._model.get_embedding_dimension() or 0,
            max_tokens=self._model.max_seq_length or DEFAULT_MAX_TOKENS,
        )

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors of shape (len(texts), dimension)."""
        vectors = self._model.encode_document(
            list(texts), batch_size=self.batch_size, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.info.dimension)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector of shape (dimension,)."""
        vectors = self._model.encode_query([text], normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32).reshape(self.info.dimension)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without the model's special tokens."""
        if not texts:
            return []
        encoded = self._model.tokenizer(
            list(texts), add_special_tokens=False, truncation=False, verbose=False
        )
        return [len(ids) for ids in encoded["input_ids"]]

    @cached_property
    def _model(self) -> "SentenceTransformer":
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(self.name)
        except (OSError, ValueError) as exc:
            raise ModelMissingError(
                f"the embedding model {self.name!r} cannot be loaded ({str(exc).splitlines()[0]}): "
                "give a folder, reach the model hub, or set embedding.model to 'minilm'"
            ) from exc
