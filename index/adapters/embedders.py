"""The one place that turns the configuration's embedding model into an embedder."""

from index.config import EmbeddingConfig
from index.embedding import Embedder

PACKAGED_MODEL = "minilm"


def load_embedder(config: EmbeddingConfig) -> Embedder:
    """Return the embedder that `config` names; weights load on its first use.

    Raises:
        ModelMissingError: on that first use, where the weights are absent or altered.
    """
    if config.model == PACKAGED_MODEL:
        from index.adapters.minilm import MiniLMEmbedder

        return MiniLMEmbedder(batch_size=config.batch_size, threads=config.threads)
    from index.adapters.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(config.model, batch_size=config.batch_size)
