"""Word documents (DOCX): one article each."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from index.article import Article, DateOrigin, Skipped
from index.cleaning import PARAGRAPH_BREAK, ends_sentence, one_line
from index.dates import FoundDate, first_believed, found_date
from index.errors import ReadError
from index.readers.document_names import MAX_TITLE_CHARS, is_title, persons
from index.readers.docx_text import Paragraph, read_paragraphs
from index.readers.draft import Draft, Place, finish
from index.readers.input import Input
from index.readers.packages import Package, local_name, open_package

CORE_DATE_CONFIDENCE = 0.5
"""When a file was made is seldom when the article came out."""

BODY = "word/document.xml"
NOTES = ("word/footnotes.xml", "word/endnotes.xml")
HEAD_PARAGRAPHS = 5
_TEMPLATE_DATE = "2013-12-23T23:15:00Z"
"""Of the template that python-docx makes its files from."""

_HEADING = re.compile(r"heading 1|title", re.IGNORECASE)


class DocxReader:
    """Reads one article from a Word document."""

    def read(self, file: Input) -> Iterator[Article | Skipped]:
        """Yield the one article of the file."""
        limit = file.limits.max_file_bytes
        with open_package(file) as package:
            body = read_paragraphs(package.blocks(BODY, limit), BODY)
            for name in NOTES:
                if name in package.names:
                    body += read_paragraphs(package.blocks(name, limit), name)
            core = _core(package)
            styles, languages = _styles(package)
        if not body:
            raise ReadError("has no text")
        title, text = _title(body, styles, core.get("title", ""))
        hints = replace(file.hints, authors=file.hints.authors or persons(core.get("creator", "")))
        yield finish(
            Draft(
                place=Place(input=replace(file, hints=hints), origin=file.name),
                title=title,
                text=PARAGRAPH_BREAK.join(text),
                last_resort=first_believed((_made(core), file.modified)),
                language=core.get("language", "") or _language(text, languages),
            ),
            title_in_text=not ends_sentence(text[0]),
        )


def _core(package: Package) -> Mapping[str, str]:
    """Return what the file says of itself, by the local names of the properties."""
    name = "docProps/core.xml"
    if name not in package.names:
        return {}
    try:
        properties = package.tree(name).iterchildren()
        return {local_name(element.tag): (element.text or "").strip() for element in properties}
    except ReadError:
        return {}


def _styles(package: Package) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the English names of styles by their ids, and the languages that text is in by default."""
    name = "word/styles.xml"
    names: dict[str, str] = {}
    languages: dict[str, str] = {}
    if name not in package.names:
        return names, languages
    try:
        tree = package.tree(name)
    except ReadError:
        return names, languages
    for element in tree.iter():
        tag = local_name(element.tag)
        attributes = {local_name(key): str(value) for key, value in element.attrib.items()}
        if tag == "lang" and not languages:
            languages = attributes
        elif tag == "style":
            inner = next((child for child in element if local_name(child.tag) == "name"), None)
            told = next(iter(inner.attrib.values()), "") if inner is not None else ""
            names[attributes.get("styleId", "")] = str(told)
    return names, languages


def _title(body: Sequence[Paragraph], styles: Mapping[str, str], told: str) -> tuple[str, list[str]]:
    """Return the title and the other paragraphs as text.

    The title is what is set as one at the top; else what the file calls it, where that stands at the
    top or nothing there looks like a title.
    """
    text = [f"• {one.text}" if one.listed else one.text for one in body]
    opening = body[:HEAD_PARAGRAPHS]
    for number, paragraph in enumerate(opening):
        style = styles.get(paragraph.style, paragraph.style)
        if _HEADING.fullmatch(style) or paragraph.text.casefold() == told.casefold():
            return one_line(paragraph.text)[:MAX_TITLE_CHARS], text[:number] + text[number + 1 :] or text
    long = len(body[0].text) > MAX_TITLE_CHARS
    return (one_line(told) if long and is_title(told) else ""), text


def _made(core: Mapping[str, str]) -> FoundDate | None:
    """Return when the file says that it was made, or changed."""
    found = first_believed(
        found_date(core[name], DateOrigin.META)
        for name in ("created", "modified")
        if core.get(name, "") not in ("", _TEMPLATE_DATE)
    )
    return replace(found, confidence=CORE_DATE_CONFIDENCE) if found.value else None


def _language(text: Sequence[str], languages: Mapping[str, str]) -> str:
    """Return the default language for the script that most of the text is in."""
    letters = [letter for letter in "".join(text)[:10_000] if letter.isalpha()]
    rtl = sum(unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters)
    wide = sum(unicodedata.east_asian_width(letter) == "W" for letter in letters)
    if 2 * rtl > len(letters):
        return languages.get("bidi", "")
    return languages.get("eastAsia" if 2 * wide > len(letters) else "val", "")
