"""The lines on the pages of a PDF file, by pypdf, within bounds.

A file can make its reader work or store without end: pages by the million, streams that inflate,
forms within forms, fonts that name every character. What a page needs is weighed before it is read.
"""

import gc
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, cast

from index.errors import ReadError
from index.readers.page_lines import Line, lines_of
from index.readers.pdf_pieces import pieces_of
from index.readers.pdf_stream import MAX_OBJECTS, Watch, WatchedStream, check_end, count_objects
from index.readers.pdf_weight import BROKEN, MAX_FORMS, STRUCTURE_BYTES, PageError, Scale

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

OPEN_SECONDS = 15.0
PAGE_SECONDS = 5.0
DOCUMENT_SECONDS, SECONDS_PER_PAGE = 20.0, 0.05
"""What all pages together may take: so long, and so long for each of them on top."""

MAX_FAILED = 20
"""After so many pages that cannot be read, and no more that can, the rest are not tried."""

MAX_DOCUMENT_CHARS = 15_000_000
_HELD_BYTES = 16_000_000
"""Once so much has been inflated, what pypdf keeps of it is let go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfDocument:
    """What was read of a PDF file; `failed` are the pages (from 1) that were not read, and why."""

    pages: list[list[Line]]
    failed: Mapping[int, str] = field(default_factory=dict)
    info: Mapping[str, str] = field(default_factory=dict)
    language: str = ""


def read_document(stream: BinaryIO, max_pages: int) -> PdfDocument:
    """Return the lines of a PDF file, page by page, in the order in which it holds them.

    Raises:
        ReadError: it is damaged, needs a password, or is more than can be read within bounds.
    """
    watch = Watch()
    watch.grant(OPEN_SECONDS)
    with _bounds(max_pages), _translated():
        reader = _opened(stream, watch)
        info, language = _told(reader)
        count = _counted(reader, max_pages)
        pages, failed = _all_pages(reader, count, watch)
    return PdfDocument(pages=pages, failed=failed, info=info, language=language)


def _all_pages(reader: "PdfReader", count: int, watch: Watch) -> tuple[list[list[Line]], dict[int, str]]:
    scale = Scale(reader)
    pages: list[list[Line]] = []
    failed: dict[int, str] = {}
    left, characters = DOCUMENT_SECONDS + SECONDS_PER_PAGE * count, 0
    for number in range(count):
        reason = _too_much(left, characters, failed, number)
        lines: list[Line] = []
        if not reason:
            watch.grant(min(PAGE_SECONDS, left))
            try:
                with _translated():
                    lines = _lines(reader.pages[number], scale, watch)
            except (ReadError, PageError) as error:
                reason = str(error)
            left -= watch.taken
        if reason:
            failed[number + 1] = reason
        pages.append(lines)
        characters += sum(len(line.text) for line in lines)
        if scale.held > _HELD_BYTES:
            _let_go(reader, scale)
    return pages, failed


def _too_much(left: float, characters: int, failed: Mapping[int, str], number: int) -> str:
    """Say why no further page is read; "" where one is."""
    if left <= 0 or characters > MAX_DOCUMENT_CHARS:
        return "the document is too long to read"
    if len(failed) >= max(MAX_FAILED, number / 2):
        return "too many pages before it could not be read"
    return ""


def _let_go(reader: "PdfReader", scale: Scale) -> None:
    """Give back what pypdf keeps of the pages so far; its text extractors refer to themselves."""
    reader.resolved_objects.clear()
    gc.collect()
    scale.held = 0


def _lines(page: "PageObject", scale: Scale, watch: Watch) -> list[Line]:
    scale.weigh(page)
    return lines_of(pieces_of(page, watch))


@contextmanager
def _bounds(max_pages: int) -> Iterator[None]:
    """Set pypdf's own limits."""
    from pypdf import apply_configuration

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of each flaw that it mends
    with apply_configuration(
        zlib_maximum_output_length=STRUCTURE_BYTES,
        lzw_maximum_output_length=STRUCTURE_BYTES,
        run_length_maximum_output_length=STRUCTURE_BYTES,
        brotli_maximum_output_length=STRUCTURE_BYTES,
        zlib_maximum_recovery_input_length=STRUCTURE_BYTES,
        page_tree_maximum_entries=2 * max_pages + 100,
        xform_maximum_invocations_per_extraction=MAX_FORMS,
    ):
        yield


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what pypdf raises into a ReadError that says it in words."""
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

    try:
        yield
    except DependencyError as error:
        raise ReadError("is encrypted with AES: save a copy without encryption") from error
    except FileNotDecryptedError as error:
        raise ReadError("needs a password: save a copy without one") from error
    except RecursionError as error:
        raise ReadError("is nested too deeply") from error
    except LimitReachedError as error:
        if "loop" in str(error):
            raise ReadError("is not whole: a part of it refers to itself") from error
        raise ReadError(f"is more than can be read: {_said(error)}") from error
    except (PyPdfError, *BROKEN) as error:
        raise ReadError(f"is not whole: its PDF data is damaged ({_said(error)})") from error


def _said(error: Exception) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:120].rstrip(".")


def _opened(stream: BinaryIO, watch: Watch) -> "PdfReader":
    from pypdf import PasswordType, PdfReader

    if (count := count_objects(stream)) > MAX_OBJECTS:
        raise ReadError(f"holds {count:,} objects: no more than {MAX_OBJECTS:,} are read; split it")
    check_end(stream)
    reader = PdfReader(
        cast("BinaryIO", WatchedStream(stream, watch)),
        xref_stream_maximum_entries=MAX_OBJECTS,
        root_object_recovery_limit=1_000,
    )
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise ReadError("needs a password: save a copy without one")
    return reader


def _counted(reader: "PdfReader", max_pages: int) -> int:
    """Return the number of pages, where there are no more than `max_pages`."""
    tree = reader.root_object.get("/Pages")
    claimed = tree.get_object().get("/Count") if tree is not None else None
    if isinstance(claimed, int) and claimed > max_pages:
        raise ReadError(_too_many(f"{claimed:,}", max_pages))
    from pypdf.errors import LimitReachedError

    try:
        count = len(reader.pages)
    except LimitReachedError as error:
        if "entry" not in str(error):
            raise
        raise ReadError(_too_many("too many", max_pages)) from error
    if count > max_pages:
        raise ReadError(_too_many(f"{count:,}", max_pages))
    if not count:
        raise ReadError("has no pages")
    return count


def _too_many(count: str, max_pages: int) -> str:
    return f"has {count} pages: split it, or raise `reading.max_pages` ({max_pages:,})"


def _told(reader: "PdfReader") -> tuple[dict[str, str], str]:
    """Return what a file says of itself; nothing where that part of it is damaged."""
    from pypdf.errors import PyPdfError

    try:
        told = {
            str(name).lstrip("/"): str(value.get_object())
            for name, value in (reader.metadata or {}).items()
            if value is not None
        }
        return told, str(reader.root_object.get("/Lang") or "")
    except (PyPdfError, *BROKEN):
        return {}, ""
