"""Saved pages: the article's text by trafilatura, and the date with the place where it stood."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.article import Article, Skipped
from index.cleaning import paragraphs, split_lines
from index.errors import ReadError
from index.readers.addresses import is_web_address
from index.readers.characters import decode, decode_declared, marked_encoding
from index.readers.draft import Draft, finish, place_of
from index.readers.html_body import MAX_BLOCKS, body_of, key_of
from index.readers.html_dates import as_publication, shown_dates, told_dates
from index.readers.html_metadata import PageFacts, page_facts
from index.readers.html_pruning import prune
from index.readers.html_text import blocks_of, weight
from index.readers.html_tree import NO_TEXT, parse_page
from index.readers.input import Input
from index.readers.language import language_of
from index.readers.linked_data import body_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MIN_TEXT_CHARS = 40
"""Less than this is what is left of a menu."""

MIN_SHARE = 0.5
"""Where a page shows less than this share of the text that its JSON-LD holds, that is read instead."""

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_DECLARATION_BYTES = 4096
_MONTH_FIRST = re.compile(r"en(?:$|[-_]us)", re.IGNORECASE)


class HtmlReader:
    """Reads one article from a saved web page."""

    def read(self, file: Input) -> Iterator[Article | Skipped]:
        """Yield the one article of the page."""
        tree = parse_page(decode_page(file.data(), file.charset))
        blocks = list(blocks_of(tree))
        facts = page_facts(tree, blocks)
        day_first = bool(facts.language) and not _MONTH_FIRST.match(facts.language)
        dates = list(told_dates(tree, facts, updated=False, day_first=day_first))
        updates = list(told_dates(tree, facts, updated=True, day_first=day_first))
        shown, shown_updates = shown_dates(facts, blocks, day_first=day_first)
        raw = "\n".join(block.text for block in blocks)
        lines = _article_lines(tree, facts)
        text = "\n".join(paragraphs(lines, authors=facts.authors))
        if weight(key_of(text)) < MIN_TEXT_CHARS:
            raise ReadError(NO_TEXT)
        url = facts.url if is_web_address(facts.url) else ""
        yield finish(
            Draft(
                place=place_of(file),
                title=facts.title,
                text=text,
                url=url,
                outlet="" if url else facts.outlet,
                authors=facts.authors,
                dates=tuple(dates),
                updates=(*updates, *shown_updates),
                later_dates=(*shown, *map(as_publication, (*updates, *shown_updates))),
                last_resort=file.modified,
                language=language_of(facts.language, text),
                section=facts.section,
                raw=raw,
            )
        )


def _article_lines(tree: "HtmlElement", facts: PageFacts) -> list[str]:
    """Return the lines of the article; the tree is used up."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    prune(tree)
    blocks = list(blocks_of(tree))
    page = bare_extraction(
        tree,
        with_metadata=False,
        include_comments=False,
        include_tables=True,
        fast=len(blocks) > MAX_BLOCKS,  # jusText, its second opinion, is quadratic in them
    )
    extracted = (page.text or "") if isinstance(page, Document) else ""
    extracted = extracted or "\n".join(block.text for block in blocks)
    body = body_of(blocks, extracted, title=facts.title, description=facts.description)
    told = [line for line in split_lines(body_text(facts.linked)) if line]
    lines = [block.text for block in body] or told or split_lines(extracted)
    return told if _said(lines) < _said(told) * MIN_SHARE else lines


def _said(lines: Sequence[str]) -> int:
    return sum(map(weight, lines))


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
