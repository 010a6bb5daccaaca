"""Records of news data sets (and front matter) to drafts: which field means what.

Names are compared without case, underscores and hyphens, so that `publishedAt`, `published_at`
and `Published-At` are one.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from index.article import Article, DateOrigin, Skipped
from index.dates import FoundDate, found_date
from index.readers.addresses import outlet_of
from index.readers.draft import Draft, Place, finish
from index.readers.markup import looks_like_markup, markup_to_text

TITLE_FIELDS = ("title", "headline", "name")
TEXT_FIELDS = (
    "text",
    "body",
    "content",
    "article",
    "articletext",
    "articlebody",
    "maintext",
    "fulltext",
    "contenttext",
    "contenthtml",
    "description",
    "summary",
)
URL_FIELDS = ("url", "link", "canonicalurl", "weburl", "articleurl")
DATE_FIELDS = (
    "published",
    "date",
    "publishdate",
    "publishedat",
    "publisheddate",
    "pubdate",
    "datepublish",
    "datepublished",
    "publicationdate",
    "timestamp",
    "time",
    "datedownload",
)
UPDATE_FIELDS = ("updated", "modified", "datemodified", "updatedat", "modifiedat", "lastmodified", "lastmod")
AUTHOR_FIELDS = ("authors", "author", "byline", "creator")
OUTLET_FIELDS = ("source", "publisher", "outlet", "sourcedomain", "domain", "site", "sitename", "publication")
LANGUAGE_FIELDS = ("language", "lang", "inlanguage")
ID_FIELDS = ("id", "uuid", "guid")

_INNER = ("rendered", "name", "text", "value", "title", "domain")
_DOWNLOADED = "datedownload"
_DOWNLOADED_CONFIDENCE = 0.4
_BETWEEN_AUTHORS = re.compile(r"\s*(?:;|\||,| and | & )\s*")
_BY = re.compile(r"(?i:by)[:\s]+")
_TRUNCATED = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+\d+ chars\]\s*$")
_SQUEEZED = re.compile(r"[_\-\s]")


def article_of_record(record: Mapping[str, object], place: Place) -> Article | Skipped:
    """Return the article of one record of a data set; its file's time says nothing of its date.

    `place.fragment` is the record's number; its id takes that place where it has one.
    """
    draft = draft_of_record(record, place)
    if not draft.text.strip():
        return Skipped(
            origin=place.origin, reason=f"has no text (looked for {', '.join(TEXT_FIELDS[:4])} and the like)"
        )
    return finish(draft)


def draft_of_record(record: Mapping[str, object], place: Place) -> Draft:
    """Return what the fields of a record say."""
    fields = {_SQUEEZED.sub("", str(key)).lower(): record[key] for key in reversed(list(record))}
    identity = _first_text(fields, ID_FIELDS)
    title = _first_text(fields, TITLE_FIELDS)
    text = next(filter(str.strip, (_body(fields.get(name)) for name in TEXT_FIELDS)), "")
    return Draft(
        place=replace(place, fragment=identity) if identity else place,
        title=markup_to_text(html.unescape(title)) if "<" in title else html.unescape(title),
        text=_TRUNCATED.sub("", text),
        url=_first_text(fields, URL_FIELDS),
        outlet=_outlet(_first_text(fields, OUTLET_FIELDS)),
        authors=tuple(next(filter(None, (list(_authors(fields.get(name))) for name in AUTHOR_FIELDS)), [])),
        dates=tuple(_dates(fields, DATE_FIELDS)),
        updates=tuple(_dates(fields, UPDATE_FIELDS)),
        language=_first_text(fields, LANGUAGE_FIELDS),
    )


def _first_text(fields: Mapping[str, object], names: tuple[str, ...]) -> str:
    return next(filter(str.strip, (_text_of(fields.get(name)) for name in names)), "").strip()


def _outlet(name: str) -> str:
    """Return an outlet's name; where it is an address or a host, the host without `www.`."""
    return outlet_of(name) or name.removeprefix("www.")


def _text_of(value: object) -> str:
    """Return the text of a field: as it is, a number, or {"name": …} and the like."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if -(10**30) < value < 10**30 else ""
    if isinstance(value, Mapping):
        return next(
            (inner for name in _INNER if isinstance(inner := value.get(name), str) and inner.strip()), ""
        )
    return ""


def _body(value: object) -> str:
    """Return running text: a string, a list of paragraphs, or {"rendered": …}; markup becomes text."""
    if isinstance(value, list):
        value = "\n\n".join(_text_of(paragraph) for paragraph in value)
    if isinstance(value, int | float):
        return ""
    text = _text_of(value)
    return markup_to_text(text) if looks_like_markup(text) else text


def _authors(value: object) -> Iterator[str]:
    """Yield the names in "By Ann Lee and Bo Day", ["Ann Lee"] or [{"name": "Ann Lee"}]."""
    if isinstance(value, list):
        for one in value:
            yield from filter(
                None,
                [_BY.sub("", _text_of(one), count=1) if _BY.match(_text_of(one)) else _text_of(one).strip()],
            )
        return
    names = _text_of(value).strip()
    match = _BY.match(names)
    yield from filter(None, _BETWEEN_AUTHORS.split(names[match.end() :] if match else names))


def _dates(fields: Mapping[str, object], names: tuple[str, ...]) -> Iterator[FoundDate | None]:
    for name in names:
        found = found_date(fields.get(name), DateOrigin.META)
        yield replace(found, confidence=_DOWNLOADED_CONFIDENCE) if found and name == _DOWNLOADED else found
