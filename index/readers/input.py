"""An input and its bytes, opened within bounds: size, length of a line, what it unpacks to, character set."""

import io
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol
from urllib.parse import quote

from index.cleaning import repair
from index.config import ReadingConfig
from index.dates import FoundDate, date_from_mtime
from index.errors import ReadError
from index.readers.characters import decode, marked_encoding
from index.readers.compression import SUFFIXES as COMPRESSED_SUFFIXES
from index.readers.compression import read_undamaged, unpacked

HEAD_BYTES = 65_536
MEMBER_MARK = "!/"
"""Stands between an archive's name and that of a file in it, as in `saved.zip!/pages/1.html`."""

_SKIP_BYTES = 1 << 20


class Content(Protocol):
    """Where the bytes of an input are; it may be opened any number of times."""

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Lend a stream from the first byte; failures of the device are OSErrors."""
        ...


@dataclass(frozen=True, slots=True)
class FileContent:
    """The bytes of a file on disk."""

    path: Path

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Lend the file; refuses what is no regular file, such as a pipe that would never end."""
        if not stat.S_ISREG(self.path.stat().st_mode):
            raise ReadError("is not a regular file")
        with self.path.open("rb") as stream:
            yield stream


@dataclass(frozen=True, slots=True)
class HeldContent:
    """Bytes that are in memory: a fetched page, a part of an e-mail."""

    data: bytes = field(repr=False)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Lend the bytes as a stream."""
        yield io.BytesIO(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known of an input from where it was found: a feed, a sitemap, a WARC record, an e-mail.

    "" and None are unknown. What the input says of itself goes before it, `url` excepted. `published`
    and `updated` are in the order in which they are asked.
    """

    url: str = ""
    title: str = ""
    outlet: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    language: str = ""
    published: tuple[FoundDate | None, ...] = ()
    updated: tuple[FoundDate | None, ...] = ()


NO_HINTS = Hints()


@dataclass(frozen=True, kw_only=True)
class Input:
    """Something to be read: a file, a file in an archive, a fetched page.

    `name` is how it was found, which is what a user is told; `uri` is its address, which is its
    articles' where they have none of their own. `path` gives the suffix, `media_type` is what a
    server or an archive calls it. `depth` counts the archives around it.
    """

    name: str
    uri: str
    path: PurePosixPath
    content: Content
    limits: ReadingConfig
    hints: Hints = NO_HINTS
    modified: FoundDate | None = None
    media_type: str = ""
    charset: str = ""
    fetched: bool = False
    named: bool = False
    depth: int = 0

    @classmethod
    def of_file(cls, path: Path, limits: ReadingConfig, *, named: bool = False) -> "Input":
        """Return a file on disk; `named` says that the user named this very file."""
        return cls(
            name=repair(str(path).encode("utf-8", "backslashreplace").decode("utf-8")),
            uri=path.absolute().as_uri(),
            path=PurePosixPath(path),
            content=FileContent(path),
            limits=limits,
            modified=date_from_mtime(path),
            named=named,
        )

    def member(
        self,
        name: str,
        content: Content,
        *,
        hints: Hints | None = None,
        modified: FoundDate | None = None,
        media_type: str = "",
        charset: str = "",
    ) -> "Input":
        """Return something that this input holds, under its name within it."""
        return replace(
            self,
            name=f"{self.name}{MEMBER_MARK}{repair(name)}",
            uri=f"{self.uri}{MEMBER_MARK}{quote(repair(name))}",
            path=PurePosixPath(name),
            content=content,
            hints=hints or NO_HINTS,
            modified=modified,
            media_type=media_type,
            charset=charset,
            named=False,
            depth=self.depth + 1,
        )

    @property
    def suffix(self) -> str:
        """The kind that its name says, in lower case and without .gz and the like: ".jsonl"."""
        suffixes = [suffix.lower() for suffix in self.path.suffixes]
        if suffixes and suffixes[-1] in COMPRESSED_SUFFIXES:
            suffixes.pop()
        return suffixes[-1] if suffixes else ""

    @property
    def folder(self) -> str:
        """Name of the folder that it is in, or of the archive."""
        parent = repair(PurePosixPath(self.path).parent.name)
        if parent or MEMBER_MARK not in self.uri:
            return parent or repair(Path(self.path).absolute().parent.name)
        return PurePosixPath(self.name.rsplit(MEMBER_MARK, 1)[0]).name

    @cached_property
    def head(self) -> bytes:
        """The first bytes, unpacked: those before the damage where there is some, unless there are none."""
        with self.open() as stream:
            return read_undamaged(stream, HEAD_BYTES)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Lend the bytes, unpacked where they are gzip, zstd, bzip2 or xz; every failure is a ReadError."""
        try:
            with self.content.open() as packed, unpacked(packed, self.limits.max_file_bytes) as stream:
                yield stream
        except OSError as error:
            raise ReadError(f"cannot be read: {(error.strerror or str(error)).lower()}") from error

    @contextmanager
    def seekable(self, *, any_size: bool = False) -> Iterator[BinaryIO]:
        """Lend a stream that can be read in any order: the file itself, else a copy in memory.

        `any_size` takes a file on disk however large it is: for what is read piece by piece.

        Raises:
            ReadError: it is larger than `limits.max_document_bytes`.
        """
        limit = self.limits.max_document_bytes
        with self.open() as stream:
            if isinstance(self.content, FileContent) and stream.seekable():
                if stream.seek(0, io.SEEK_END) > limit and not any_size:
                    raise _too_large_document(limit)
                stream.seek(0)
                yield stream
                return
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise _too_large_document(limit)
        yield io.BytesIO(data)

    def text(self) -> str:
        """Return the whole text.

        Raises:
            ReadError: it is too large, empty, not text, or in no character set that is known.
        """
        return decode(self.data(), self.charset)

    def data(self) -> bytes:
        """Return the whole content; raises ReadError where it is empty or too large."""
        limit = self.limits.max_file_bytes
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise self._too_large(limit)
        if not data.strip():
            raise ReadError("the file is empty")
        return data

    def lines(self) -> Iterator[tuple[int, str | ReadError]]:
        """Yield each line that is not blank with its number from 1; one that cannot be read as its error."""
        encoding = marked_encoding(self.head)
        with self.open() as stream:
            if encoding is None:
                yield from self._byte_lines(stream)
            else:
                text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="\n")
                with closing(text):
                    yield from self._text_lines(text)

    def _byte_lines(self, stream: BinaryIO) -> Iterator[tuple[int, str | ReadError]]:
        number, limit = 0, self.limits.max_file_bytes
        while line := stream.readline(limit + 1):
            number += 1
            if len(line) > limit:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(_SKIP_BYTES)
                yield number, self._too_long(limit)
            elif line.strip():
                try:
                    yield number, decode(line, self.charset).strip()
                except ReadError as error:
                    yield number, error

    def _text_lines(self, stream: io.TextIOWrapper) -> Iterator[tuple[int, str | ReadError]]:
        number, limit = 0, self.limits.max_file_bytes
        while line := stream.readline(limit + 1):
            number += 1
            if len(line) > limit:
                while line and not line.endswith("\n"):
                    line = stream.readline(_SKIP_BYTES)
                yield number, self._too_long(limit)
            elif line.strip():
                yield number, line.strip()

    def _too_large(self, limit: int) -> ReadError:
        return ReadError(
            f"is larger than {limit // 1_000_000} MB: split it, give it as JSON Lines, "
            "or raise `reading.max_file_mb`"
        )

    def _too_long(self, limit: int) -> ReadError:
        return ReadError(f"the line is longer than {limit // 1_000_000} MB")


def _too_large_document(limit: int) -> ReadError:
    return ReadError(f"is larger than {limit // 1_000_000} MB: split it, or raise `reading.max_document_mb`")
