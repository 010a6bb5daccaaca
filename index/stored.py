"""What is read back from the catalogue."""

from dataclasses import dataclass

from index.article import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A stored revision: the article as it was read, and when it was stored."""

    id: int
    article_id: str
    number: int
    article: Article
    ingested: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkRow:
    """A stored chunk: a span of a revision's text."""

    row: int
    revision_id: int
    ordinal: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What is to be known of a revision of a version before its text is read.

    `current` is False for a revision that was replaced and is kept for questions about earlier days.
    """

    revision_id: int
    article_id: str
    number: int
    published: str | None
    updated: str | None
    ingested: str
    source: str
    current: bool = True
