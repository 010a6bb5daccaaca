"""What is read back from the catalogue."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.article import Article, DateOrigin
from index.checksums import is_intact


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


def article_of(row: Sequence[Any], key: str = "") -> Article | None:
    """Return the article of a row of `revisions`, in the order of its columns; None where it is damaged."""
    try:
        article = Article(
            key=key,
            title=row[3],
            text=row[4],
            url=row[5],
            source=row[6],
            authors=tuple(json.loads(row[7])),
            published=row[8],
            published_from=DateOrigin(row[9]),
            published_confidence=float(row[10]),
            updated=row[11],
            language=row[13],
            section=row[14],
            origin=row[15],
        )
        intact = article.content_hash == row[16] and is_intact(row[1:17], row[17])
    except (ValueError, TypeError, AttributeError):
        return None
    return article if intact else None
