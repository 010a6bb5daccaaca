"""WARC files of web crawls: each page that was answered with 200 is handed on."""

import io
import logging
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.article import DateOrigin, Skipped
from index.cleaning import repair
from index.config import ReadingConfig
from index.dates import found_date
from index.errors import ReadError
from index.readers.input import Hints, Input
from index.readers.members import Readable, kept, origin_of, too_large
from index.readers.reader import Found
from index.readers.same_site import is_same_site
from index.readers.warc_records import WarcStream

if TYPE_CHECKING:
    from warcio.limitreader import LimitReader
    from warcio.recordloader import ArcWarcRecord

_LOGGER = logging.getLogger(__name__)

PAGE_TYPES = frozenset(
    {
        "",
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/markdown",
        "application/pdf",
        "application/epub+zip",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)
"""Media types of answers that may be articles; feeds, scripts and pictures of a crawl are not read."""

_SHOWN = 5


class WarcReader:
    """Hands on the pages of a crawl; requests, repeated visits and metadata are left out."""

    def read(self, file: Input) -> Iterator[Found]:
        """Yield each page as an input under its address, and last how many answers were no pages.

        Raises:
            ReadError: the file is damaged from here on, or holds no page.
        """
        left_out: Counter[str] = Counter()
        pages = 0
        with file.open() as stream:
            for record in WarcStream(stream).records():
                if isinstance(record, ReadError):
                    yield Skipped(origin=file.name, reason=str(record))
                    continue
                answer = _answer(record)
                if answer is None:
                    continue
                if answer.left_out:
                    left_out[answer.left_out] += 1
                    continue
                pages += 1
                yield from _page(answer, file)
        said = ", ".join(f"{count} x {kind}" for kind, count in left_out.most_common(_SHOWN))
        _LOGGER.info("%s: %d pages; left out: %s", file.name, pages, said or "nothing")
        if not pages:
            raise ReadError(f"holds no pages (left out: {said})" if said else "holds no pages")
        if left_out:
            reason = f"left out {left_out.total():,} answers that are no pages: {said}"
            yield Skipped(origin=file.name, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What was answered at an address; `left_out` says why it is no page, "" where it is one."""

    url: str
    day: str
    rest: "LimitReader"
    length: int
    media_type: str = ""
    charset: str = ""
    encoding: str = ""
    chunked: bool = False
    left_out: str = ""

    def check_whole(self) -> None:
        """Raise a ReadError where less was there to be read than the record says."""
        if self.rest.limit and not self.rest.read(1):
            raise ReadError("is not whole: the file ends within it")


def _answer(record: "ArcWarcRecord") -> _Answer | None:
    """Return what a record says was answered; None where it is a record of another type."""
    header = record.rec_headers.get_header
    url = header("WARC-Target-URI") or ""
    if record.rec_type not in ("response", "resource", "conversion") or not _is_page_address(url):
        return None
    answer = _Answer(url=url, day=header("WARC-Date") or "", rest=record.raw_stream, length=record.length)
    if record.rec_type == "response":
        return _of_response(answer, record)
    return _of_type(answer, header("Content-Type") or "")


def _of_response(answer: _Answer, record: "ArcWarcRecord") -> _Answer:
    from warcio.statusandheaders import StatusAndHeadersParser

    try:
        http = StatusAndHeadersParser([], verify=False).parse(record.raw_stream)
    except EOFError:
        return replace(answer, left_out="no answer")
    status = http.get_statuscode() or ""
    if status != "200":
        return replace(answer, left_out=f"status {status[:3]}")
    answer = replace(
        answer,
        length=record.raw_stream.limit,
        encoding=(http.get_header("Content-Encoding") or "").strip().lower(),
        chunked="chunked" in (http.get_header("Transfer-Encoding") or "").lower(),
    )
    return _of_type(answer, http.get_header("Content-Type") or "")


def _of_type(answer: _Answer, told: str) -> _Answer:
    message = Message()
    if told:
        message["Content-Type"] = told
    media_type = message.get_content_type() if told else ""
    return replace(
        answer,
        media_type=media_type,
        charset=message.get_content_charset() or "",
        left_out="" if media_type in PAGE_TYPES else media_type[:100],
    )


def _page(answer: _Answer, file: Input) -> Iterator[Found]:
    """Yield a page as an input, or why its bytes cannot be had.

    An archive that was fetched speaks for its own site only: it could name any address.
    """
    is_trusted = not file.fetched or is_same_site(answer.url, file.uri)
    try:
        with kept(_body(answer, file.limits), file.limits) as content:
            answer.check_whole()
            member = file.member(
                answer.url,
                content,
                hints=Hints(url=answer.url if is_trusted else ""),
                modified=found_date(answer.day, DateOrigin.FILE),
                media_type=answer.media_type,
                charset=answer.charset,
            )
            path = PurePosixPath(repair(urlsplit(answer.url).path) or "/")
            yield replace(member, path=path, fetched=True)
    except ReadError as error:
        yield Skipped(origin=origin_of(file, answer.url), reason=str(error))


def _body(answer: _Answer, limits: ReadingConfig) -> Readable:
    """Return the bytes of an answer; gzip and zstd are left to the input, which knows its bounds."""
    from warcio.bufferedreaders import ChunkedDataReader

    whole = answer.chunked or answer.encoding == "deflate"
    if answer.length > (limits.max_file_bytes if whole else limits.max_document_bytes):
        raise too_large(limits)
    body: Readable = ChunkedDataReader(answer.rest) if answer.chunked else answer.rest
    if answer.encoding == "deflate":
        return _inflated(body, limits)
    if answer.encoding not in ("", "identity", "gzip", "x-gzip", "zstd"):
        raise ReadError(f"is packed as {answer.encoding[:20]!r}, which is not read")
    return body


def _inflated(body: Readable, limits: ReadingConfig) -> Readable:
    """Return what a body packed as `deflate` holds, with or without the header of zlib."""
    packed = body.read(limits.max_file_bytes)
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            data = zlib.decompressobj(window).decompress(packed, limits.max_file_bytes + 1)
        except zlib.error:
            continue
        if len(data) > limits.max_file_bytes:
            raise ReadError(f"unpacks to more than {limits.max_file_bytes // 1_000_000} MB")
        return io.BytesIO(data)
    raise ReadError("is not whole: its deflate data is damaged")


def _is_page_address(url: str) -> bool:
    """Say whether an address is one of the web, and not of the rules for crawlers."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.path != "/robots.txt"
