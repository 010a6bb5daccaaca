"""What an entry of a feed says, in RSS 0.9x, 1.0 and 2.0 and in Atom, with the modules that outlets use."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime

from index.article import DateOrigin
from index.dates import AMBIGUOUS, FoundDate, found_date
from index.readers.addresses import is_web_address
from index.readers.bylines import names_of
from index.readers.feed_fields import FeedFields, joined, plain_text
from index.readers.input import Hints
from index.readers.xml_fields import Field, attributes, declared_prefixes, fields, opening_tags

ENTRY_NAMES = frozenset({"item", "entry"})
MAX_DATE_CHARS = 100
MAX_KEY_CHARS = 500
_HEAD_FIELDS = frozenset("title link language author image textinput icon logo".split())
_ENTRY_FIELDS = frozenset(
    "title link origlink guid id pubdate published issued date created updated modified content encoded"
    " body description summary author creator contributor category subject section source enclosure language"
    " image textinput".split()
)
_PUBLISHED = (
    *("pubdate", "published", "issued", "dcterms:issued"),
    *("date", "dc:date", "created", "dcterms:created"),
)
_UPDATED = ("updated", "modified", "dcterms:modified")
_AUTHORS = ("author", "creator", "dc:creator", "dc:author", "itunes:author")
_SECTIONS = ("section", "category", "dc:subject", "subject", "media:category")
_OLD_ZONE = re.compile(r"(?<=\d )UT$")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFacts:
    """What a feed says of all its entries; `base` is what its relative addresses are relative to."""

    title: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    base: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an entry says; "" is unknown.

    `key` is what tells it from the others, `digest` changes where what it says does. `body` is plain
    text, and `hints.url` the address of its page.
    """

    key: str
    digest: str
    body: str
    hints: Hints


def read_head(markup: str, base: str) -> FeedFacts:
    """Return what stands before the first entry of a feed; `base` is the address of the feed."""
    tags = opening_tags(markup, 2)
    root = attributes(tags[0]) if tags else {}
    prefixes = {prefix: usual for tag in reversed(tags) for prefix, usual in declared_prefixes(tag).items()}
    found = FeedFields(fields(markup, _HEAD_FIELDS, prefixes))
    base = joined(base, root.get("xml:base", ""))
    if not is_web_address(base):  # a saved feed
        base = found.page(base) or base
    title = found.plain("title")
    return FeedFacts(
        title=title,
        language=found.text("language", "dc:language") or root.get("xml:lang", ""),
        authors=tuple(name for one in found.all("author") for name in _names(one, prefixes, title)),
        base=base,
        prefixes=prefixes,
    )


def read_entry(markup: str, feed: FeedFacts) -> Entry:
    """Return what the text of an entry says."""
    tag = next(filter(markup.startswith, opening_tags(markup, 1)), "")
    own = attributes(tag)
    prefixes = feed.prefixes | declared_prefixes(tag)
    found = FeedFields(fields(markup[len(tag) :], _ENTRY_FIELDS, prefixes))
    about = own.get("rdf:about", "")
    base = joined(feed.base, own.get("xml:base", ""))
    url = found.page(base) or _permalink(found, about)
    title, body = found.plain("title", "dc:title", "media:title", "itunes:title"), found.body()
    published = tuple(date for text in found.texts(*_PUBLISHED) if (date := _date(text)))
    updated = tuple(date for text in found.texts(*_UPDATED) if (date := _date(text)) not in published[:1])
    outlet = next(filter(None, (_source(one, prefixes) for one in found.all("source"))), feed.title)
    authors = [name for one in found.all(*_AUTHORS) for name in _names(one, prefixes, outlet)]
    return Entry(
        key=_short(found.text("guid", "id") or about or url),
        digest=_digest(title, url, body, *found.texts(*_PUBLISHED, *_UPDATED)),
        body=body,
        hints=Hints(
            url=url,
            title=title,
            outlet=outlet,
            authors=tuple(authors) or feed.authors,
            section=next(filter(None, map(_section, found.all(*_SECTIONS))), ""),
            language=found.text("language", "dc:language") or own.get("xml:lang", "") or feed.language,
            published=published,
            updated=updated,
        ),
    )


def stand_in(updated: Sequence[FoundDate | None]) -> FoundDate | None:
    """Return the date of an update as one of publication, trusted less: Atom asks for no other."""
    found = next(filter(None, updated), None)
    return replace(found, confidence=found.confidence * AMBIGUOUS) if found else None


def _permalink(found: FeedFields, about: str) -> str:
    """Return the address that names an entry, where its name is one."""
    for one in found.all("guid", "id"):
        if one.attributes.get("ispermalink", "true").lower() != "false" and is_web_address(one.text):
            return one.text
    return about if is_web_address(about) else ""


def _names(one: Field, prefixes: dict[str, str], outlet: str) -> list[str]:
    """Return the names in an author's element: <name> in Atom, "a@post.example (Ann Lee)" in RSS."""
    if one.is_markup:
        return [name for inner in fields(one.inner, ("name",), prefixes) for name in names_of(inner.text)]
    return names_of(one.text, outlet=outlet)


def _source(one: Field, prefixes: dict[str, str]) -> str:
    """Return the title of the feed that an entry was taken from."""
    return FeedFields(fields(one.inner, ("title",), prefixes)).plain("title") if one.is_markup else one.text


def _section(one: Field) -> str:
    """Return the name of a section; an address is that of a list of names."""
    name = one.attributes.get("label") or one.attributes.get("term") or plain_text(one)
    return "" if is_web_address(name) else name


def _date(text: str) -> FoundDate | None:
    text = _OLD_ZONE.sub("UTC", text[:MAX_DATE_CHARS].strip())
    found = found_date(text, DateOrigin.FEED)
    if found is not None:
        return found
    try:
        return found_date(parsedate_to_datetime(text), DateOrigin.FEED)  # years of two digits, as in RFC 822
    except (ValueError, TypeError, OverflowError):
        return None


def _short(key: str) -> str:
    return key if len(key) <= MAX_KEY_CHARS else _digest(key)


def _digest(*said: str) -> str:
    return hashlib.blake2b("\0".join(said).encode("utf-8", "replace"), digest_size=16).hexdigest()
