"""Settings of the index; the defaults live here and `configs/default.yaml` documents them."""

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A part of the configuration: unknown keys are refused and values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EmbeddingConfig(Section):
    """Which model turns text into vectors.

    `model` is `minilm` for the packaged all-MiniLM-L6-v2 (int8, offline), or any name or folder
    that sentence-transformers can load.
    """

    model: str = "minilm"
    batch_size: int = Field(default=32, ge=1, le=1024)
    threads: int = Field(default=0, ge=0, le=256, description="0 uses every core")


class ChunkingConfig(Section):
    """How an article is cut: whole sentences, up to the model's window, title included.

    `max_tokens` counts the title and the model's special tokens. `overlap_sentences` are repeated
    from the end of one chunk at the start of the next.
    """

    max_tokens: int = Field(default=256, ge=32, le=8192)
    overlap_sentences: int = Field(default=1, ge=0, le=5)
