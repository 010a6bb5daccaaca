"""The text of a file of any size, in pieces and in lines, so that it is never held as a whole."""

import codecs
from collections.abc import Iterator
from contextlib import suppress

from index.errors import ReadError
from index.readers.characters import decode, decode_declared, marked_encoding
from index.readers.compression import read_undamaged
from index.readers.input import Input

PIECE_BYTES = 1 << 18

_SAFE_CUTS = (b"\n", b" ", b'"', b",")
"""These bytes are never a part of a longer character, in any character set but UTF-16 and UTF-32."""


def text_pieces(file: Input) -> Iterator[str]:
    """Yield the text of an input in pieces of about `PIECE_BYTES`.

    Lines that are UTF-8 are read as that, and the others of a piece in the character set that fits
    them all. NUL bytes stay: they are not text, which the caller knows better what to do about.
    """
    encoding = marked_encoding(file.head)
    with file.open() as stream:
        if encoding is not None:
            decoder = codecs.getincrementaldecoder(encoding)("replace")
            while data := read_undamaged(stream, PIECE_BYTES):
                yield decoder.decode(data)
            return
        held = stream.read(len(codecs.BOM_UTF8)).removeprefix(codecs.BOM_UTF8)
        while data := read_undamaged(stream, PIECE_BYTES):
            held += data
            cut = _cut(held)
            yield _text(held[:cut], file.charset)
            held = held[cut:]
        yield _text(held, file.charset)


def text_lines(file: Input, limit: int) -> Iterator[str | ReadError]:
    r"""Yield each line with its end; one of more than `limit` characters is dropped and gives an error.

    A line ends with \n, or with \r where there is no \n at the beginning of the file.
    """
    end = "\r" if b"\n" not in file.head and b"\r" in file.head else "\n"
    held, dropping = "", False
    for piece in text_pieces(file):
        first, *rest = piece.split(end)
        held = "" if dropping else held + first
        if rest:
            yield _too_long(limit) if dropping or len(held) > limit else held + end
            for line in rest[:-1]:
                yield line + end
            held, dropping = rest[-1], False
        elif len(held) > limit:
            held, dropping = "", True
    if dropping or len(held) > limit:
        yield _too_long(limit)
    elif held:
        yield held


def _cut(data: bytes) -> int:
    """Return how many bytes can be decoded without those that follow."""
    if cut := 1 + max(map(data.rfind, _SAFE_CUTS)):
        return cut
    if data[-1] < 0x80:
        return len(data)
    return len(data.rstrip(bytes(range(0x80, 0x100)))) or len(data)


def _text(data: bytes, charset: str) -> str:
    if (text := decode_declared(data, charset)) is not None:
        return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _mixed(data)


def _mixed(data: bytes) -> str:
    """Return a text whose lines are not all UTF-8; what is in no character set shows as U+FFFD."""
    lines = data.split(b"\n")
    texts: list[str] = []
    strange: list[int] = []
    for number, line in enumerate(lines):
        try:
            texts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            texts.append(line.decode("utf-8", "replace"))
            strange.append(number)
    with suppress(ReadError):
        guessed = decode(b"\n".join(lines[number] for number in strange).replace(b"\0", b"")).split("\n")
        if len(guessed) == len(strange):
            for number, text in zip(strange, guessed, strict=True):
                texts[number] = text
    return "\n".join(texts)


def _too_long(limit: int) -> ReadError:
    return ReadError(f"the line is longer than {limit // 1_000_000} MB")
