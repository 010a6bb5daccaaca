"""Records of news data sets (and front matter) to drafts."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from index.article import Article, DateOrigin, Skipped
from index.config import RecordField
from index.dates import FoundDate, found_date
from index.readers.addresses import is_web_address, outlet_of
from index.readers.draft import Draft, Place, address_of, finish
from index.readers.fields import DATE_PARTS, FETCHED, Fields, no_text_reason, text_columns, wanted_columns
from index.readers.input import HeldContent, Hints, Input
from index.readers.markup import looks_like_markup, markup_to_text

_INNER = ("rendered", "main", "original", "name", "text", "value", "title", "domain")
_UTC_NAMES = ("gmt", "utc")
_BETWEEN_AUTHORS = re.compile(r"\s*(?:;|\||,| and | & )\s*")
_BY = re.compile(r"(?i:by)[:\s]+")
_QUOTED_NAME = re.compile(r"(?<=[\[,])\s*(?:'([^'\n]{1,100})'|\"([^\"\n]{1,100})\")\s*(?=[,\]])")
_TRUNCATED = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+\d+ chars\]\s*$")
_CLOCK = re.compile(r"\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?\s*")
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)


def read_record(record: Mapping[str, object], place: Place) -> Article | Skipped | Input:
    """Return the article of one record; where its text is a whole web page, the page, to be read in turn.

    `place.fragment` is the record's number; its id takes that place where it has one. The time of its
    file says nothing of its date.
    """
    fields = Fields(record, place.input.limits.fields)
    raw, text = _text(fields)
    draft = _draft(fields, text, place)
    return _page(raw, draft) if _PAGE.match(raw) else _finished(draft, record)


def article_of_record(record: Mapping[str, object], place: Place) -> Article | Skipped:
    """Return the article of one record as `read_record` does; a whole page is read like any markup."""
    fields = Fields(record, place.input.limits.fields)
    return _finished(_draft(fields, _text(fields)[1], place), record)


def draft_of_record(record: Mapping[str, object], place: Place) -> Draft:
    """Return what the fields of a record say."""
    fields = Fields(record, place.input.limits.fields)
    return _draft(fields, _text(fields)[1], place)


def _draft(fields: Fields, text: str, place: Place) -> Draft:
    identity = _first_text(fields, "id")
    title = _first_text(fields, "title")
    fetched = (found_date(fields.get(name), DateOrigin.FILE) for name in FETCHED)
    return Draft(
        place=replace(place, fragment=identity) if identity else place,
        title=markup_to_text(html.unescape(title)) if "<" in title else html.unescape(title),
        text=_TRUNCATED.sub("", text),
        url=_url(fields),
        outlet=_outlet(_first_text(fields, "outlet")),
        authors=tuple(next(filter(None, (list(_authors(one)) for one in fields.values("authors"))), [])),
        dates=(*_dates(fields, "published"), _date_of_parts(fields)),
        updates=tuple(_dates(fields, "updated")),
        last_resort=next(filter(None, fetched), None),
        language=_first_text(fields, "language"),
        section=_section(fields),
    )


def _finished(draft: Draft, record: Mapping[str, object]) -> Article | Skipped:
    if draft.text.strip():
        return finish(draft)
    names = [str(name) for name in record]
    if known := text_columns(names, draft.place.input.limits.fields):
        return Skipped(origin=draft.place.origin, reason=f"has no text: its field {known[0]!r} holds none")
    meant = wanted_columns(names, draft.place.input.limits.fields)
    texts = {
        name: len(value) for name, value in record.items() if isinstance(value, str) and name not in meant
    }
    reason = no_text_reason(names, max(texts, key=texts.__getitem__, default=""))
    if not texts and is_web_address(draft.url):
        reason += "; or give its address as a source, to have the page fetched"
    return Skipped(origin=draft.place.origin, reason=reason)


def _page(page: str, draft: Draft) -> Input:
    """Return a page that a field holds, with what the other fields say of it."""
    hints = Hints(
        url=address_of(draft),
        title=draft.title,
        outlet=draft.outlet,
        authors=draft.authors,
        section=draft.section,
        language=draft.language,
        published=draft.dates,
        updated=draft.updates,
    )
    return replace(
        draft.place.input,
        name=draft.place.origin,
        uri=draft.place.uri,
        path=PurePosixPath("page.html"),
        content=HeldContent(page.encode("utf-8", "replace")),
        hints=hints,
        modified=draft.last_resort,
        media_type="text/html",
        charset="utf-8",
    )


def _first_text(fields: Fields, field: RecordField) -> str:
    return next(filter(str.strip, map(_text_of, fields.values(field))), "").strip()


def _url(fields: Fields) -> str:
    """Return the first address of the web that is told, else the first that is told at all."""
    told = [text for value in fields.values("url") if (text := _text_of(value).strip())]
    return next(filter(is_web_address, told), told[0] if told else "")


def _outlet(name: str) -> str:
    """Return an outlet's name; where it is an address or a host, the host without `www.`."""
    return outlet_of(name) or name.removeprefix("www.")


def _section(fields: Fields) -> str:
    """Return the name of the section; its number in the outlet's own list tells nothing."""
    names = (_text_of(value).strip() for value in fields.values("section"))
    return next((name for name in names if name and not name.replace(".", "").isdigit()), "")


def _text_of(value: object) -> str:
    """Return the text of a field: as it is, a number, {"name": …} and the like, or the first of a list."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if -(10**30) < value < 10**30 else ""
    if isinstance(value, Mapping):
        return next(
            (inner for name in _INNER if isinstance(inner := value.get(name), str) and inner.strip()), ""
        )
    if isinstance(value, list):
        return next((text for one in value if not isinstance(one, list) and (text := _text_of(one))), "")
    return ""


def _text(fields: Fields) -> tuple[str, str]:
    """Return the first field that holds running text: as it stands, and without its markup."""
    for value in fields.values("text"):
        raw = _joined(value)
        text = markup_to_text(raw) if looks_like_markup(raw) else raw
        if text.strip():
            return raw, text
    return "", ""


def _joined(value: object) -> str:
    """Return running text: a string, a list of paragraphs, or {"rendered": …}."""
    if isinstance(value, list):
        return "\n\n".join(_text_of(paragraph) for paragraph in value)
    return "" if isinstance(value, int | float) else _text_of(value)


def _authors(value: object) -> Iterator[str]:
    """Yield the names in "By Ann Lee and Bo Day", ["Ann Lee"], [{"name": "Ann Lee"}] or "['Ann Lee']"."""
    if isinstance(value, int | float) or value == "[]":
        return
    if isinstance(value, str) and value.startswith("[") and (quoted := _QUOTED_NAME.findall(value)):
        value = [single or double for single, double in quoted]
    if isinstance(value, list):
        named = (_text_of(one).strip() for one in value if not isinstance(one, int | float | list))
        yield from filter(None, (_BY.sub("", name, count=1) if _BY.match(name) else name for name in named))
        return
    names = _text_of(value).strip()
    match = _BY.match(names)
    yield from filter(None, _BETWEEN_AUTHORS.split(names[match.end() :] if match else names))


def _dates(fields: Fields, field: RecordField) -> Iterator[FoundDate | None]:
    for name, value in fields.named(field):
        if isinstance(value, str) and name.endswith(_UTC_NAMES) and _CLOCK.fullmatch(value):
            value = f"{value.strip()}Z"
        yield found_date(value, DateOrigin.META)


def _date_of_parts(fields: Fields) -> FoundDate | None:
    """Return the day that the fields `year`, `month` and `day` tell together."""
    parts = [_number(fields.get(name)) for name in DATE_PARTS]
    if 0 in parts:
        return None
    year, month, day = parts
    return found_date(f"{year:04}-{month:02}-{day:02}", DateOrigin.META)


def _number(value: object) -> int:
    """Return a whole number, as a table's cell may write it ("2026", "2026.0"); 0 where it is none."""
    if isinstance(value, str):
        value = value.strip().removesuffix(".0")
        return int(value) if re.fullmatch(r"\d{1,4}", value, re.ASCII) else 0
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10_000:
        return int(value)
    return 0
