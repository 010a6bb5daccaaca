"""PDF files: one article each, its lines put together to paragraphs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from index.article import Article, DateOrigin, Skipped
from index.cleaning import PARAGRAPH_BREAK, ends_sentence, one_line
from index.dates import FoundDate, date_from_text, first_believed, found_date
from index.errors import ReadError
from index.readers.document_names import MAX_TITLE_CHARS, is_title, persons
from index.readers.draft import Draft, Place, finish
from index.readers.input import Input
from index.readers.page_furniture import body_of
from index.readers.page_lines import CELL_MARK, Line, whole_letters
from index.readers.page_text import HEADING_SIZE, Paragraph, body_size, paragraphs_of
from index.readers.pdf_pages import PdfDocument, read_document

INFO_DATE_CONFIDENCE = 0.4
"""When a file was made is seldom when the article came out."""

SHOWN_PAGES = 8
MAX_UNREADABLE = 0.3
HEADLINE_SIZE, TITLE_WORDS = 1.4, 3
"""A headline below larger letters is so much larger than the text, and longer than the name of a paper."""

HEAD_PARAGRAPHS = 6
_NO_TEXT = "has no text: it is a scan, or a picture; run it through OCR first"
_NO_LETTERS = "its fonts do not tell which letters they show: export it again, or run it through OCR"
_LETTER = re.compile(r"[^\W\d_]")
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")
_SITE = re.compile(r"\s+[|–—·-]\s+(?=(?P<outlet>.{2,60}$))")
_DATE = re.compile(
    r"(?:D:)?(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?\s*"
    r"(?P<zone>Z|(?P<sign>[+-])(?P<hours>\d\d)'?(?P<minutes>\d\d)?)?"
)


class PdfReader:
    """Reads one article from a PDF file."""

    def read(self, file: Input) -> Iterator[Article | Skipped]:
        """Yield the one article of the file, and which of its pages were not read."""
        with file.seekable() as stream:
            document = read_document(stream, file.limits.max_pages)
        body = body_of(document.pages)
        found = paragraphs_of(body.pages)
        _check(document, found)
        title, outlet, text = _title(found, body.pages, document.info.get("Title", ""))
        headed = date_from_text([part for head in body.heads for part in head.split(CELL_MARK)]).published
        yield finish(
            Draft(
                place=_place(file, document.info),
                title=title,
                text=PARAGRAPH_BREAK.join(text),
                url=body.url,
                outlet="" if body.url else outlet,
                last_resort=first_believed((headed, _made(document.info), file.modified)),
                language=document.language,
                raw="\n\n".join("\n".join(line.text for line in page) for page in document.pages),
            ),
            title_in_text=not ends_sentence(text[0]),
        )
        if document.failed:
            yield Skipped(origin=file.name, reason=_left_out(document))


def _check(document: PdfDocument, found: Sequence[Paragraph]) -> None:
    """Raise ReadError where there is no text to read, and why."""
    text = " ".join(paragraph.text for paragraph in found)
    if len(_UNREADABLE.findall(text)) > len(text) * MAX_UNREADABLE:
        raise ReadError(_NO_LETTERS)
    if not _LETTER.search(text):
        raise ReadError(_left_out(document) if document.failed else _NO_TEXT)


def _left_out(document: PdfDocument) -> str:
    """Say which pages were not read, and why the first of them was not."""
    numbers = sorted(document.failed)
    shown = ", ".join(map(str, numbers[:SHOWN_PAGES])) + (", …" if len(numbers) > SHOWN_PAGES else "")
    reason = document.failed[numbers[0]]
    return f"{len(numbers)} of {len(document.pages)} pages were not read ({shown}): {reason}"


def _place(file: Input, info: Mapping[str, str]) -> Place:
    """Return the place of the file; its author is asked where the text names none."""
    authors = file.hints.authors or persons(info.get("Author", ""))
    return Place(input=replace(file, hints=replace(file.hints, authors=authors)), origin=file.name)


def _title(
    found: Sequence[Paragraph], pages: Sequence[Sequence[Line]], told: str
) -> tuple[str, str, list[str]]:
    """Return the title, the outlet where the title names it, and the text without the title.

    The title is what the file calls it, if that looks like one, else the heading in the largest letters.
    """
    told = whole_letters(one_line(told))
    told = told if is_title(told) else ""
    text = [paragraph.text for paragraph in found]
    heading, masthead = _heading(found, body_size(pages))
    title, outlet = _without_site(told, text[:HEAD_PARAGRAPHS]) if told else (heading, "")
    outlet = outlet or (masthead if masthead != title else "")
    return title, outlet, [one for one in text if one not in (title, masthead, outlet)] or text


def _without_site(told: str, opening: Sequence[str]) -> tuple[str, str]:
    """Return a title as it stands above the text, and the name of the site that follows it elsewhere."""
    sites = [(told[: site.start()], site["outlet"].strip()) for site in _SITE.finditer(told)]
    for title, outlet in ((told, ""), *sites):
        for line in opening:
            if line.casefold().startswith(title.casefold()) and len(line) <= MAX_TITLE_CHARS:
                return line, outlet
    return told, ""


def _heading(found: Sequence[Paragraph], size: float) -> tuple[str, str]:
    """Return the heading of the first page in the largest letters, and the name of the paper above it."""
    large = [
        paragraph
        for paragraph in found
        if paragraph.page == 0
        and paragraph.size > size * HEADING_SIZE
        and len(paragraph.text) <= MAX_TITLE_CHARS
        and _LETTER.search(paragraph.text)
    ]
    large.sort(key=lambda paragraph: -paragraph.size)
    worded = [
        one
        for one in large
        if one.size > size * HEADLINE_SIZE and (not one.text.isascii() or len(one.text.split()) > TITLE_WORDS)
    ]
    if not large:
        return "", ""
    heading = (worded or large)[0]
    return heading.text, large[0].text if large[0].size > heading.size else ""


def _made(info: Mapping[str, str]) -> FoundDate | None:
    """Return when the file says that it was made, or changed."""
    for name in ("CreationDate", "ModDate"):
        match = _DATE.match(info.get(name, "").strip())
        if match and (found := _moment(match)):
            return replace(found, confidence=INFO_DATE_CONFIDENCE)
    return None


def _moment(match: re.Match[str]) -> FoundDate | None:
    parts = [int(match[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")]
    zone = None
    if match["zone"] and match["hour"]:
        offset = timedelta(hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0))
        zone = timezone(-offset if match["sign"] == "-" else offset) if offset < timedelta(hours=24) else None
    try:
        return found_date(datetime(*parts, tzinfo=zone), DateOrigin.META)  # type: ignore[arg-type,misc]
    except ValueError:
        return None
