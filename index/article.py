"""The article as a reader yields it, before it is stored."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

ARTICLE_ID_BYTES = 8


class DateOrigin(StrEnum):
    """Where the date of publication was found."""

    JSONLD = "jsonld"
    META = "meta"
    URL = "url"
    FEED = "feed"
    TEXT = "text"
    FILE = "file"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article, cleaned, with what is known of its origin.

    `key` is what makes two readings the same article: its address where it has one, else the
    path it was read from. `text` holds paragraphs separated by blank lines, `raw` the text as it stood
    before cleaning. Dates are ISO 8601, either `2026-03-01` or with time and offset; None is unknown.
    `published_confidence` (0 to 1) says how far to trust the date of publication.
    """

    key: str
    title: str
    text: str
    url: str
    source: str
    authors: tuple[str, ...] = ()
    published: str | None = None
    published_from: DateOrigin = DateOrigin.UNKNOWN
    published_confidence: float = 0.0
    updated: str | None = None
    language: str = "en"
    section: str = ""
    origin: str = ""
    raw: str = field(default="", repr=False)

    @property
    def id(self) -> str:
        """Identifier that stays the same over revisions, made from `key`."""
        return article_id(self.key)

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) over everything a reader of the article sees; a change makes a new revision."""
        parts = (self.title, self.text, self.url, self.source, *self.authors, self.published or "")
        digest = hashlib.sha256()
        for part in parts:
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()


def article_id(key: str) -> str:
    """Return the identifier of the article with this key: 16 hexadecimal digits."""
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=ARTICLE_ID_BYTES).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An input that gave no article, and why."""

    origin: str
    reason: str
