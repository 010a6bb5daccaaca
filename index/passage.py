"""A passage as it is read back from the archive, and a search's hit on it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A chunk that a search found: its row in the catalogue and a score (higher is better)."""

    row: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A span of one revision of an article: `text == article.text[start:end]` (characters).

    `ordinal` counts the chunks of the article from 0. `published` is an ISO date (`2026-03-01`)
    or None; `published_from` is a value of `DateOrigin`. Articles that are near-copies of each other
    share a `cluster`.
    """

    row: int
    chunk_id: str
    article_id: str
    revision: int
    ordinal: int
    start: int
    end: int
    text: str
    title: str
    url: str
    source: str
    published: str | None
    published_from: str
    revision_id: int
    cluster: int
