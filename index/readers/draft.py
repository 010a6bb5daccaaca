"""From what a reader found to an article: the rules that every kind of input shares."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from index.article import Article, Skipped
from index.cleaning import PARAGRAPH_BREAK, one_line, paragraphs, repair, split_lines
from index.dates import UNKNOWN_DATE, FoundDate, date_from_url, first_believed
from index.readers.addresses import canonical_url, outlet_of
from index.readers.bylines import MAX_AUTHOR_CHARS, without_addresses
from index.readers.heading import Heading, peel_heading
from index.readers.input import Input
from index.readers.language import language_of
from index.readers.same_site import is_same_site

MAX_TITLE_CHARS = 300
MADE_TITLE_CHARS = 120
MAX_AUTHORS = 20
MAX_NAME_CHARS = 100
UNKNOWN_LANGUAGE = "und"
"""As ISO 639 has it, for a text that is too short to tell."""

_SENTENCE = re.compile(r".+?[.!?。\uff01\uff1f؟](?=[\s'\"”’»)]|$)['\"”’»)]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a draft was read: the input, and the record within it.

    `fragment` is the id or number that tells a record from the others of its input, `origin` what
    a user is told.
    """

    input: Input
    origin: str
    fragment: str = ""

    @property
    def uri(self) -> str:
        """Address of the input or record: file:///…#fragment."""
        fragment = f"#{quote(repair(self.fragment), safe='')}" if self.fragment else ""
        return self.input.uri + fragment


def place_of(file: Input) -> Place:
    """Return the place of an input that holds one article."""
    return Place(input=file, origin=file.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a reader found; "" and () stand for nothing found.

    Of the dates, `dates` are asked first, then what the place hints at, the URL, `later_dates`, the text,
    and last `last_resort`. `raw` is the text as it stood before cleaning, where it differs from `text`.
    """

    place: Place
    text: str
    title: str = ""
    url: str = ""
    outlet: str = ""
    authors: tuple[str, ...] = ()
    dates: tuple[FoundDate | None, ...] = ()
    later_dates: tuple[FoundDate | None, ...] = ()
    updates: tuple[FoundDate | None, ...] = ()
    last_resort: FoundDate | None = None
    language: str = ""
    section: str = ""
    raw: str = ""


def finish(draft: Draft, *, title_in_text: bool = False) -> Article | Skipped:
    """Return the article of a draft: cleaned, keyed and dated, or why there is none.

    `title_in_text` says that the first line of the text is its title, if it looks like one.
    """
    heading, lines = peel_heading(
        split_lines(draft.text), title_in_text=title_in_text and not draft.title.strip()
    )
    title = one_line(draft.title) or heading.title or one_line(draft.place.input.hints.title)
    kept = paragraphs(lines, authors=_names(draft.authors) or heading.authors)
    if len(kept) > 1 and kept[0].casefold() == title.casefold():
        del kept[0]
    text = PARAGRAPH_BREAK.join(kept) or title
    if not text:
        return Skipped(
            origin=repair(draft.place.origin),
            reason="has no text but page noise" if draft.text.strip() else "the file is empty",
        )
    return _article(draft, heading, _cut(title, MAX_TITLE_CHARS) or made_title(kept), text)


def _article(draft: Draft, heading: Heading, title: str, text: str) -> Article:
    hints = draft.place.input.hints
    url = address_of(draft)
    key = canonical_url(url)
    published = first_believed(
        (
            *draft.dates,
            *hints.published,
            date_from_url(url) if key else None,
            *draft.later_dates,
            heading.published,
            draft.last_resort,
        )
    )
    updated = first_believed((*draft.updates, *hints.updated, heading.updated))
    if published.value and updated.value and updated.value[:10] < published.value[:10]:
        updated = UNKNOWN_DATE  # nothing is updated before it is published
    return Article(
        key=key or draft.place.uri,
        title=title,
        text=text,
        url=url if key else draft.place.uri,
        source=_source(draft, url),
        authors=_names(draft.authors) or heading.authors or _names(hints.authors),
        published=published.value,
        published_from=published.origin,
        published_confidence=published.confidence,
        updated=updated.value,
        language=language_of(draft.language or hints.language, text) or UNKNOWN_LANGUAGE,
        section=one_line(draft.section or hints.section)[:MAX_NAME_CHARS],
        origin=repair(draft.place.origin),
        raw=repair(draft.raw or draft.text),
    )


def address_of(draft: Draft) -> str:
    """Return the address: the one that the draft tells, else that of its input; "" where it has none.

    What was fetched and tells another site's address is not believed: it could replace any article.
    The address of an input is not that of the records in it, which would replace each other.
    """
    file = draft.place.input
    told, found_at = repair(draft.url.strip()), repair(file.hints.url.strip())
    if told and (not file.fetched or is_same_site(told, found_at or file.uri)):
        return told
    return "" if draft.place.fragment else found_at


def _source(draft: Draft, url: str) -> str:
    """Return the outlet: as it is told, the host of the address or of the input's, or the folder."""
    file = draft.place.input
    found_with = one_line(file.hints.outlet)
    told = one_line(draft.outlet) or ("" if draft.url else found_with)
    return told[:MAX_NAME_CHARS] or outlet_of(url) or found_with or outlet_of(file.uri) or file.folder


def made_title(kept: list[str]) -> str:
    """Return a title for a text without one: its first sentence, cut to `MADE_TITLE_CHARS`."""
    first = kept[0]
    sentence = _SENTENCE.match(first)
    return _cut(sentence[0] if sentence else first, MADE_TITLE_CHARS)


def _cut(text: str, limit: int) -> str:
    """Cut at a word, with an ellipsis, so that at most `limit` characters stay."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:–—-") + "…"


def _names(authors: tuple[str, ...]) -> tuple[str, ...]:
    told = (one_line(author) for author in authors)
    names = (without_addresses(author) for author in told if len(author) <= MAX_AUTHOR_CHARS)
    return tuple(dict.fromkeys(name for name in names if name and len(name) <= MAX_NAME_CHARS))[:MAX_AUTHORS]
