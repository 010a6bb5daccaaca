"""Documents that are zip files of parts, such as DOCX and EPUB: their parts, and XML, read within bounds."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.input import Input
from index.readers.zip_archive import open_zip

if TYPE_CHECKING:
    from lxml.etree import _Element

PART_BYTES = 2_000_000
"""How large a part may be that is held as a tree; the text itself is not."""

_BLOCK_BYTES = 1 << 16
_ENCRYPTED = 0x1
_DAMAGED = (  # all that a broken, encrypted or unknown packing makes the parsers raise
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class Package:
    """The parts of one document, each unpacked only where it is asked for."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = frozenset(archive.namelist())

    def size(self, name: str) -> int:
        """Return how large a part is once unpacked; 0 where there is none."""
        return self._archive.getinfo(name).file_size if name in self.names else 0

    def blocks(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield a part in blocks; raises ReadError where it is missing, damaged or larger than `limit`."""
        try:
            info = self._archive.getinfo(name)
            if info.flag_bits & _ENCRYPTED:
                raise ReadError("needs a password: save a copy without one")
            if info.file_size > limit:
                raise ReadError(f"has a part of more than {limit // 1_000_000} MB ({name}): split it")
            with self._archive.open(info) as stream:
                while block := stream.read(_BLOCK_BYTES):
                    yield block
        except _DAMAGED as error:
            raise ReadError(f"is not whole: its zip data is damaged ({error})") from error

    def data(self, name: str, limit: int = PART_BYTES) -> bytes:
        """Return a part as a whole; raises ReadError as `blocks` does."""
        return b"".join(self.blocks(name, limit))

    def tree(self, name: str) -> "_Element":
        """Return a part that is XML; raises ReadError as `blocks` does, and where it is not well-formed."""
        return parse_xml(self.data(name), name)


@contextmanager
def open_package(file: Input) -> Iterator[Package]:
    """Lend the parts of a document; raises ReadError where it is too large or damaged."""
    with open_zip(file) as archive:
        yield Package(archive)


def parse_xml(data: bytes, name: str) -> "_Element":
    """Return the root of an XML document; entities are not expanded and nothing outside is loaded.

    Raises:
        ReadError: it is not well-formed.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise not_xml(name, error) from error


def not_xml(name: str, error: Exception) -> ReadError:
    """Return the error for a part that is not well-formed XML."""
    said = " ".join(str(error).split())[:120]
    return ReadError(f"is not whole: {name} is not valid XML ({said})")


def local_name(tag: object) -> str:
    """Return the name of an element without its namespace; "" for what is no element."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
