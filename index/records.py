"""Articles and builds as they are read back from the catalogue."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from index.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRecord:
    """One article of a version; dates are ISO, `published` is a whole day or None.

    `published_confidence` (0 to 1) says how far to trust that day; `sources` are all outlets that
    carry the text, its own first.
    """

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
    published_confidence: float = 0.0
    section: str = ""
    language: str = ""
    sources: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self) | {"sources": list(self.sources)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """An article as another one refers to it; `day` is a proleptic ordinal, 0 where unknown."""

    article_id: str
    title: str
    url: str
    source: str
    day: int
    text: str = ""

    @property
    def published(self) -> str | None:
        """The day as `2026-03-01`, None where it is unknown."""
        return date.fromordinal(self.day).isoformat() if self.day else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many articles a question cannot see for what is not known of them.

    `undated` have no date of publication; `updated_later` were published by the as-of day, and only
    their later text is known.
    """

    undated: int = 0
    updated_later: int = 0


NOTHING_LEFT_OUT = LeftOut()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """One article of a version with its text.

    `raw` is the text as it stood before cleaning; `notices` are the corrections that it carries;
    `copies` are further sources of the same text, `near_copies` articles with nearly the same.
    `revisions` are the days (ISO, None where unknown) from which each revision stood, by number.
    """

    record: ArticleRecord
    text: str
    authors: tuple[str, ...]
    language: str
    origin: str
    raw: str = ""
    notices: tuple[str, ...] = ()
    copies: tuple[Publication, ...] = ()
    near_copies: tuple[Publication, ...] = ()
    revisions: tuple[tuple[int, str | None], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: the record's fields with the text beside them, without the raw text."""
        return self.record.to_dict() | {
            "text": self.text,
            "authors": list(self.authors),
            "language": self.language,
            "origin": self.origin,
            "notices": list(self.notices),
            "copies": [_brief(publication) for publication in self.copies],
            "near_copies": [_brief(publication) for publication in self.near_copies],
            "revisions": [{"revision": number, "from": day} for number, day in self.revisions],
        }


def _brief(publication: Publication) -> dict[str, str | None]:
    return {
        "article_id": publication.article_id,
        "title": publication.title,
        "url": publication.url,
        "source": publication.source,
        "published": publication.published,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveInfo:
    """What an index holds, and what it was made with.

    `sources` counts articles by outlet, `undated` those of unknown date.
    """

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
    undated: int
    sources: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """One version of an index: its manifest, whether it is the live one, whether it is kept for good."""

    manifest: Manifest
    live: bool
    pinned: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: the manifest's, with `size_bytes`, `live` and `pinned` beside it."""
        return self.manifest.to_dict() | {
            "size_bytes": self.manifest.size_bytes,
            "live": self.live,
            "pinned": self.pinned,
        }


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
