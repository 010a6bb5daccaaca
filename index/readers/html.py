"""Saved pages: the article's text by trafilatura, and the date with the place where it stood."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from index.article import Article, DateOrigin, Skipped
from index.dates import FoundDate, found_date
from index.errors import ReadError
from index.readers.addresses import is_web_address
from index.readers.characters import decode, decode_declared, marked_encoding
from index.readers.draft import Draft, finish, place_of
from index.readers.input import Input

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

NO_TEXT = "no article text found"
MIN_TEXT_CHARS = 40
"""Less than this is what is left of a menu."""

META_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date.created",
    "pubdate",
    "publishdate",
    "publish-date",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "cxenseparse:recs:publishtime",
)
META_UPDATED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
    "lastmod",
)
_ARTICLE_TYPES = re.compile(r"Article|Posting|Report|Review|WebPage", re.IGNORECASE)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_DECLARATION_BYTES = 4096
_MAX_NESTING = 8


class HtmlReader:
    """Reads one article from a saved web page."""

    def read(self, file: Input) -> Iterator[Article | Skipped]:
        """Yield the one article of the page."""
        from trafilatura import bare_extraction, load_html
        from trafilatura.settings import Document

        tree = load_html(decode_page(file.data(), file.charset))
        if tree is None:
            raise ReadError(NO_TEXT)
        published, updated = list(_page_dates(tree, updated=False)), list(_page_dates(tree, updated=True))
        language = str(tree.get("lang") or "")
        times = [found_date(time, DateOrigin.TEXT) for time in tree.xpath("//time/@datetime")[:1]]
        page = bare_extraction(
            tree,
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            date_extraction_params={"extensive_search": False},
        )
        if not isinstance(page, Document) or len(page.text or "") < MIN_TEXT_CHARS:
            raise ReadError(NO_TEXT)
        url = page.url if page.url and is_web_address(page.url) else ""
        yield finish(
            Draft(
                place=place_of(file),
                title=page.title or "",
                text=page.text or "",
                url=url,
                outlet="" if url else page.sitename or "",
                authors=tuple((page.author or "").split("; ")),
                dates=tuple(published),
                updates=tuple(updated),
                later_dates=tuple(times),
                last_resort=file.modified,
                language=language,
            )
        )


def decode_page(data: bytes, charset: str = "") -> str:
    """Return the text of a page: as UTF-8 if it is that, else in the character set that is declared.

    `charset` is what a server said of it; what the page says of itself is tried after that.
    """
    declared = _DECLARED.search(data, 0, _DECLARATION_BYTES)
    names = (charset, declared[1].decode("ascii", "replace") if declared else "")
    if marked_encoding(data) is None:
        for name in names:
            if (text := decode_declared(data, name)) is not None:
                return text
    return decode(data)


def _page_dates(tree: "HtmlElement", *, updated: bool) -> Iterator[FoundDate | None]:
    """Yield the dates that a page's JSON-LD and meta elements tell, the most trusted first."""
    name = "dateModified" if updated else "datePublished"
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        yield from (
            found_date(value, DateOrigin.JSONLD) for value in _linked_data(script.text_content(), name)
        )
    found: dict[str, str] = {}
    for meta in tree.xpath("//meta[@content]"):
        label = (
            meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        )
        found.setdefault(label.lower(), meta.get("content"))
    for label in META_UPDATED if updated else META_PUBLISHED:
        yield found_date(found.get(label), DateOrigin.META)


def _linked_data(text: str, name: str) -> list[object]:
    """Return the values of a property in a JSON-LD block, those of articles first."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return []
    found: list[tuple[bool, object]] = []
    queue: deque[tuple[int, object]] = deque([(0, document)])
    while queue:
        depth, value = queue.popleft()
        if isinstance(value, Mapping):
            if name in value:
                found.append((not _ARTICLE_TYPES.search(str(value.get("@type", ""))[:200]), value[name]))
            queue += [(depth + 1, inner) for inner in value.values() if depth < _MAX_NESTING]
        elif isinstance(value, list):
            queue += [(depth + 1, inner) for inner in value if depth < _MAX_NESTING]
    return [value for _, value in sorted(found, key=lambda pair: pair[0])]
