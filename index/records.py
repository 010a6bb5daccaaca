"""Articles and builds as they are read back from the catalogue."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRecord:
    """One article of a version; dates are ISO, `published` is a whole day or None."""

    id: str
    title: str
    url: str
    source: str
    published: str | None
    published_from: str
    updated: str | None
    ingested: str
    revision: int
    chunks: int

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """One article of a version with its text."""

    record: ArticleRecord
    text: str
    authors: tuple[str, ...]
    language: str
    origin: str

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: the record's fields with the text beside them."""
        return self.record.to_dict() | {
            "text": self.text,
            "authors": list(self.authors),
            "language": self.language,
            "origin": self.origin,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveInfo:
    """What an index holds, and what it was made with. `sources` counts articles by outlet."""

    path: str
    version: str
    articles: int
    chunks: int
    embedding_model: str
    dimension: int
    max_tokens: int
    overlap_sentences: int
    created: str
    size_bytes: int
    newest_published: str | None
    oldest_published: str | None
    sources: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Something of an index that is not as it was written, and what mends it."""

    path: str
    problem: str
    mend: str

    def to_dict(self) -> dict[str, str]:
        """Return the JSON form."""
        return {"path": self.path, "problem": self.problem, "mend": self.mend}


def published_day(published: str | None) -> date | None:
    """Return the whole day of an ISO date or time; None where it is none."""
    if not published:
        return None
    try:
        return date.fromisoformat(published[:10])
    except ValueError:
        return None


def source_key(source: str) -> str:
    """Return the form in which outlets are compared: without regard to case."""
    return source.strip().casefold()
