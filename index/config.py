"""Settings of the index; the defaults live here and `configs/default.yaml` documents them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

RecordField = Literal[
    "title", "text", "url", "published", "updated", "authors", "outlet", "section", "language", "id"
]
"""What a field of a record may be mapped to."""


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


MEGABYTE = 1_000_000


class ReadingConfig(Section):
    """How inputs are read, and how much of one is read at most.

    `max_file_mb` bounds what is read as a whole (a page, a text, a line of JSON Lines), unpacked;
    `max_document_mb` a file that is read in parts, such as a PDF or an archive; `max_pages` the pages
    of a document; `max_members` the files of an archive, and `max_unpacked_mb` what they hold together.
    `fields` names further fields of records, such as `{"title": ["kop"]}`; they go before the known ones.
    """

    max_file_mb: float = Field(default=20, gt=0, le=2_000)
    max_document_mb: float = Field(default=200, gt=0, le=20_000)
    max_pages: int = Field(default=5_000, ge=1)
    max_members: int = Field(default=100_000, ge=1)
    max_unpacked_mb: float = Field(default=4_000, gt=0)
    fields: dict[RecordField, tuple[str, ...]] = Field(default_factory=dict)

    @property
    def max_file_bytes(self) -> int:
        """`max_file_mb` in bytes."""
        return int(self.max_file_mb * MEGABYTE)

    @property
    def max_document_bytes(self) -> int:
        """`max_document_mb` in bytes."""
        return int(self.max_document_mb * MEGABYTE)

    @property
    def max_unpacked_bytes(self) -> int:
        """`max_unpacked_mb` in bytes."""
        return int(self.max_unpacked_mb * MEGABYTE)
