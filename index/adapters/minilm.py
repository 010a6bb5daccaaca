"""all-MiniLM-L6-v2 from its package, as int8 ONNX: the default embedding model, wholly offline."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.adapters.onnx_export import EXPORT_REVISION, INPUT_NAMES, exported_model
from index.adapters.packaged_weights import MINILM_WEIGHTS
from index.embedding import EmbedderInfo

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

DIMENSION = 384
MAX_TOKENS = 256


class MiniLMEmbedder:
    """Embeds with the packaged model; weights load on first use, and calls are thread-safe.

    Texts past 256 tokens are cut. Batches are sorted by length, so that little is padded.
    """

    info = EmbedderInfo(
        name=f"all-MiniLM-L6-v2/int8-r{EXPORT_REVISION}",
        weights_sha256=MINILM_WEIGHTS.sha256,
        dimension=DIMENSION,
        max_tokens=MAX_TOKENS,
    )

    def __init__(self, *, batch_size: int = 32, threads: int = 0) -> None:
        self.batch_size = batch_size
        self.threads = threads

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors of shape (len(texts), 384)."""
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
        for first in range(0, len(order), self.batch_size):
            positions = order[first : first + self.batch_size]
            vectors[positions] = self._run([texts[position] for position in positions])
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector of shape (384,)."""
        return self._run([text]).reshape(DIMENSION)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, without [CLS] and [SEP]."""
        encodings = self._counter.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    def _run(self, texts: list[str]) -> NDArray[np.float32]:
        encodings = self._tokenizer.encode_batch(texts)
        columns = (
            [encoding.ids for encoding in encodings],
            [encoding.attention_mask for encoding in encodings],
            [encoding.type_ids for encoding in encodings],
        )
        feed = {
            name: np.array(column, dtype=np.int64) for name, column in zip(INPUT_NAMES, columns, strict=True)
        }
        return np.asarray(self._session.run(None, feed)[0], dtype=np.float32)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        tokenizer = self._new_tokenizer()
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding()
        return tokenizer

    @cached_property
    def _counter(self) -> "Tokenizer":
        tokenizer = self._new_tokenizer()
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def _new_tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        return Tokenizer.from_file(str(MINILM_WEIGHTS.path().with_name("tokenizer.json")))

    @cached_property
    def _session(self) -> "InferenceSession":
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = self.threads
        options.log_severity_level = 3
        return InferenceSession(exported_model(MINILM_WEIGHTS), options, providers=["CPUExecutionProvider"])
