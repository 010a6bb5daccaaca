"""Electronic books and magazines (EPUB): an article from each chapter."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.article import Article, DateOrigin, Skipped
from index.cleaning import PARAGRAPH_BREAK, one_line
from index.dates import FoundDate, first_believed, found_date
from index.errors import ReadError
from index.readers.addresses import is_web_address
from index.readers.document_names import persons
from index.readers.draft import Draft, Place, finish
from index.readers.epub_book import Book, read_book
from index.readers.html import decode_page
from index.readers.input import MEMBER_MARK, Input
from index.readers.packages import Package, open_package
from index.readers.text_blocks import TextBlock, blocks_of, parse_markup

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ISSUE_DATE_CONFIDENCE = 0.6
"""The date of an issue is not always that of its articles."""

CHAPTER_BYTES, BOOK_BYTES = 4_000_000, 100_000_000
MIN_CHAPTER_CHARS, MIN_LISTED_CHARS = 200, 60
"""A chapter with less text is a cover or a title page; one that the table of contents names may be short."""

MAX_LINKED = 0.5
HEAD_BLOCKS, TITLE_LEVEL = 4, 3
_FURNITURE = re.compile(
    r"cover(?: page)?|title ?page|half title|copyright(?: page)?|(?:table of )?contents|toc|index|colophon"
    r"|imprint|dedication|also by .*|about (?:the |this )?(?:authors?|publisher|book|e-?book)"
    r"|acknowledge?ments?|newsletter sign-?up|masthead|advertisement|inhalt(?:sverzeichnis)?|impressum"
    r"|sommaire|table des matières",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"_split_\d+(?=\.\w+$)")
_ISSUE = re.compile(r"\s*[\[(](?P<day>[^\[\]()]*\d[^\[\]()]*)[\])]\s*$")
_DOWNLOADED = re.compile(r"this article was downloaded by .{1,40} from\b.*", re.IGNORECASE)
_NAVIGATION = re.compile(
    r"[|\s]*(?:(?:next|previous|prev|section menu|main menu|up one level|back)\b[|\s]*)+", re.IGNORECASE
)
_XML_ENCODING = re.compile(rb"\A\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.-]{2,30})")


@dataclass(slots=True)
class _Chapter:
    """Pages that make one chapter, by the path of the first; `linked` counts the characters of links."""

    path: str
    blocks: list[TextBlock]
    linked: int = 0
    url: str = ""

    @property
    def characters(self) -> int:
        return sum(len(block.text) for block in self.blocks)


class EpubReader:
    """Reads an article from each chapter of a book or an issue."""

    def read(self, file: Input) -> Iterator[Article | Skipped]:
        """Yield the articles in reading order; covers, title pages and lists of contents are left out."""
        with open_package(file) as package:
            book = read_book(package, file.limits.max_pages)
            place = replace(file, hints=replace(file.hints, outlet=file.hints.outlet or _outlet(book)))
            empty = True
            for chapter in _chapters(package, book, file):
                if isinstance(chapter, Skipped):
                    yield chapter
                elif _is_article(chapter, book):
                    yield _article(chapter, book, place)
                else:
                    continue
                empty = False
        if empty:
            raise ReadError("has no text: its pages are pictures, or lists of links")


def _chapters(package: Package, book: Book, file: Input) -> Iterator[_Chapter | Skipped]:
    """Yield the chapters; pages that a program split for size are one.

    Raises:
        ReadError: once they hold more than `BOOK_BYTES`.
    """
    current: _Chapter | None = None
    size = 0
    for path in book.chapters:
        size += package.size(path)
        if size > BOOK_BYTES:
            raise ReadError(f"holds more than {BOOK_BYTES // 1_000_000} MB of text: what follows is left out")
        try:
            page = _page(package, path)
        except ReadError as error:
            if current:
                yield current
            current = None
            yield Skipped(origin=f"{file.name}{MEMBER_MARK}{path}", reason=str(error))
            continue
        if current and path not in book.contents and _stem(path) == _stem(current.path) != path:
            current.blocks += page.blocks
            current.linked += page.linked
            current.url = current.url or page.url
            continue
        if current:
            yield current
        current = page
    if current:
        yield current


def _stem(path: str) -> str:
    return _SPLIT.sub("", path)


def _page(package: Package, path: str) -> _Chapter:
    data = package.data(path, CHAPTER_BYTES)
    declared = _XML_ENCODING.match(data)
    tree = parse_markup(decode_page(data, declared[1].decode("ascii") if declared else ""))
    linked, url = _links(tree)
    blocks = [block for block in blocks_of(tree) if not _NAVIGATION.fullmatch(block.text)]
    kept = [block for block in blocks if not _DOWNLOADED.fullmatch(one_line(block.text))]
    return _Chapter(path=path, blocks=kept, linked=linked, url=url if len(kept) < len(blocks) else "")


def _links(tree: "HtmlElement") -> tuple[int, str]:
    """Return how much of a page is links, and the last address on it."""
    links = [link for link in tree.iter("a") if link.get("href")]
    addresses = [link.get("href").strip() for link in links if is_web_address(link.get("href"))]
    return sum(len(link.text_content().strip()) for link in links), addresses[-1] if addresses else ""


def _is_article(chapter: _Chapter, book: Book) -> bool:
    entry = book.contents.get(chapter.path)
    names = [entry.label] if entry else [block.text for block in chapter.blocks[:1]]
    if any(_FURNITURE.fullmatch(name) for name in names):
        return False
    least = MIN_LISTED_CHARS if entry else MIN_CHAPTER_CHARS
    return chapter.characters >= least and chapter.linked <= chapter.characters * MAX_LINKED


def _article(chapter: _Chapter, book: Book, file: Input) -> Article | Skipped:
    entry = book.contents.get(chapter.path)
    title, blocks = _titled(chapter.blocks, entry.label if entry else "")
    is_issue = book.first("calibre:publication_type").startswith("periodical")
    creators = () if is_issue else book.told.get("creator", ())
    authors = tuple(name for told in creators for name in persons(told))
    hints = replace(file.hints, authors=file.hints.authors or authors)
    return finish(
        Draft(
            place=Place(
                input=replace(file, hints=hints),
                origin=f"{file.name}{MEMBER_MARK}{chapter.path}",
                fragment=chapter.path,
            ),
            title=title,
            text=PARAGRAPH_BREAK.join(block.text for block in blocks),
            url=chapter.url,
            outlet=file.hints.outlet,
            last_resort=first_believed((*_issue_dates(book), file.modified)),
            language=book.first("language"),
            section=entry.section if entry and entry.section != title else "",
        ),
        title_in_text=True,
    )


def _titled(blocks: Sequence[TextBlock], label: str) -> tuple[str, list[TextBlock]]:
    """Return the title of a chapter and its other blocks: its heading, or what the contents call it."""
    opening = blocks[:HEAD_BLOCKS]
    heading = next((block for block in opening if 0 < block.level <= TITLE_LEVEL), None)
    same = next((block for block in opening if one_line(block.text).casefold() == label.casefold()), None)
    found = same or heading
    title = one_line(found.text) if found else label
    return title, [block for block in blocks if block is not found]


def _outlet(book: Book) -> str:
    """Return the name of the book or magazine, without the day of its issue."""
    return _ISSUE.sub("", book.first("title"))


def _issue_dates(book: Book) -> tuple[FoundDate | None, ...]:
    issue = _ISSUE.search(book.first("title"))
    told = (issue["day"] if issue else "", book.first("date"))
    found = (found_date(value, DateOrigin.META) for value in told if value)
    return tuple(replace(one, confidence=ISSUE_DATE_CONFIDENCE) for one in found if one)
