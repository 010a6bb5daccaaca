"""Which field of a record means what: the names of news data sets and of the APIs of news outlets.

Names are compared without case, underscores, hyphens and spaces, so that `publishedAt`, `published_at`
and `Published-At` are one. `byline.original` is a field within a field; so is a column of that name.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from index.config import RecordField

Mapped = Mapping[RecordField, tuple[str, ...]]
"""Names from the configuration, which go before the known ones."""

KNOWN: dict[RecordField, tuple[str, ...]] = {
    "title": (
        "title", "headline", "name", "webtitle", "fields.headline", "headline.main", "title.rendered",
        "titlepage", "titlerss", "headlines",
    ),
    "text": (
        "text", "body", "content", "article", "articletext", "articlebody", "maintext", "fulltext",
        "bodytext", "fields.bodytext", "contenttext", "bodyxhtml", "bodyhtml", "fields.body", "contenthtml",
        "content.rendered", "html", "rawhtml", "pagehtml", "rawtext", "bodies", "leadparagraph",
        "description", "summary", "abstract", "shortdescription", "fields.trailtext", "excerpt", "snippet",
    ),
    "url": (
        "url", "link", "canonicalurl", "weburl", "articleurl", "sourceurl", "mainentityofpage.@id",
        "mainentityofpage", "@id", "externalurl", "links.permalink",
    ),
    "published": (
        "published", "dategmt", "date", "publishdate", "publishedat", "publisheddate", "publishedon",
        "publishedtime", "pubdate", "datepublish", "datepublished", "publicationdate", "webpublicationdate",
        "datetimepub", "datetime", "firstpublished", "firstcreated", "versioncreated", "datecreated",
        "timestamp", "time",
    ),
    "updated": (
        "updated", "modified", "modifiedgmt", "datemodified", "datemodify", "updatedat", "updateddate",
        "modifiedat", "lastmodified", "lastmod", "fields.lastmodified", "versioncreated",
    ),
    "authors": (
        "authors", "author", "byline", "byline.original", "author.name", "bylines", "creator",
        "fields.byline", "by", "_embedded.author",
    ),
    "outlet": (
        "source", "publisher", "outlet", "source.name", "sourcename", "sourcedomain", "domain", "site",
        "sitename", "publication", "fields.publication", "thread.site", "provider", "medianame", "newspaper",
        "cleanurl",
    ),
    "section": (
        "section", "sectionname", "articlesection", "category", "categories", "categoryname", "newsdesk",
        "thread.sectiontitle", "topic", "topics",
    ),
    "language": ("language", "lang", "inlanguage"),
    "id": ("id", "uuid", "guid", "identifier", "uri"),
}  # fmt: skip
"""NewsAPI, GDELT, news-please, the HTTP APIs of The New York Times and The Guardian, schema.org, ninjs,
JSON Feed, WordPress, Webhose, and the data sets that are passed around as CSV."""

FETCHED = (
    "datedownload", "downloaddate", "downloadedat", "crawled", "crawldate", "crawledat", "fetched",
    "fetchedat", "retrieved", "retrievedat", "scraped", "scrapedat", "scrapedate", "seendate", "indexedat",
)  # fmt: skip
"""These say when a text was collected, which is not when it was published."""

DATE_PARTS = ("year", "month", "day")
WRAPPERS = ("_source", "_doc")
"""Fields that hold the record itself, as in a dump of Elasticsearch."""

_SQUEEZED = re.compile(r"[_\-\s]")
_MAX_NAMES_SHOWN = 12
_MAX_NAME_CHARS = 40


@lru_cache(maxsize=4096)
def squeezed(name: str) -> str:
    """Return the form that every spelling of a name shares."""
    return _SQUEEZED.sub("", name).lower()


class Fields:
    """The fields of one record, found by any spelling of their names."""

    def __init__(self, record: Mapping[str, object], mapped: Mapped) -> None:
        self._mapped = mapped
        self._fields = _squeezed_fields(_unwrapped(record))

    def values(self, field: RecordField) -> Iterator[object]:
        """Yield what the fields of a meaning hold, the likeliest first; missing ones are left out."""
        for _, value in self.named(field):
            yield value

    def named(self, field: RecordField) -> Iterator[tuple[str, object]]:
        """Yield the same with the names, squeezed."""
        for name in (*self._mapped.get(field, ()), *KNOWN[field]):
            if (value := self.get(name)) is not None:
                yield squeezed(name), value

    def get(self, name: str) -> object:
        """Return what the field of a name holds, within other fields where it has dots; None for nothing."""
        name = squeezed(name)
        if name in self._fields or "." not in name:
            return self._fields.get(name)
        return _within(self._fields, name.split("."))


def text_columns(columns: Collection[str], mapped: Mapped) -> list[str]:
    """Return those of a table's columns that may hold its texts."""
    known = {squeezed(name) for name in (*mapped.get("text", ()), *KNOWN["text"], *WRAPPERS)}
    known |= {name.partition(".")[0] for name in known}
    return [column for column in columns if squeezed(column) in known]


def wanted_columns(columns: Collection[str], mapped: Mapped) -> list[str]:
    """Return those of a table's columns that mean something."""
    names = {squeezed(name) for names in (*mapped.values(), *KNOWN.values()) for name in names}
    names |= {*FETCHED, *DATE_PARTS, *(squeezed(name) for name in WRAPPERS)}
    names |= {name.partition(".")[0] for name in names}
    return [column for column in columns if squeezed(column) in names]


def no_text_reason(names: Collection[str], candidate: str = "") -> str:
    """Return why a record or table without a text that is known was skipped, and how to name it.

    `candidate` is the field that looks most like the text.
    """
    shown = [_shown(name) for name in list(names)[:_MAX_NAMES_SHOWN]]
    if len(names) > len(shown):
        shown.append(f"{len(names) - len(shown)} more")
    having = f"it has {', '.join(shown)}" if shown else "it is empty"
    example = _shown(candidate) if candidate else "NAME"
    return f"has no text: {having}; say which is the text by `reading.fields`: {{text: [{example}]}}"


def _shown(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= _MAX_NAME_CHARS else name[: _MAX_NAME_CHARS - 1] + "…"


def _unwrapped(record: Mapping[str, object]) -> Mapping[str, object]:
    """Return the record itself where one of its fields holds it; the outer fields are kept behind it."""
    for name in WRAPPERS:
        inner = record.get(name)
        if isinstance(inner, Mapping):
            return {**{key: value for key, value in record.items() if key != name}, **inner}
    return record


def _squeezed_fields(record: Mapping[str, object]) -> dict[str, object]:
    """Return the fields by squeezed name; of two that are one, the first."""
    return {_squeezed_key(key): record[key] for key in reversed(list(record))}


def _squeezed_key(key: object) -> str:
    name = str(key)
    return squeezed(name) if len(name) <= _MAX_NAME_CHARS else _SQUEEZED.sub("", name).lower()


def _within(value: object, path: list[str]) -> object:
    """Return what stands at a path of fields; of a list, what stands there in each item."""
    if not path:
        return value
    if isinstance(value, Mapping):
        for key in value:
            if _squeezed_key(key) == path[0]:
                return _within(value[key], path[1:])
    elif isinstance(value, list):
        found = [inner for item in value if (inner := _within(item, path)) is not None]
        return found or None
    return None
