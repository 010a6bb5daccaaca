"""Reading the body of an answer: unpacked while it arrives, and no further than the limit."""

import zlib
from collections.abc import Iterator

import httpx

from index.fetch.errors import FetchError, FetchProblem

ACCEPTED_CODINGS = "gzip"
"""The one content coding that is asked for; zlib unpacks it a bounded piece at a time."""

_GZIP_NAMES = ("gzip", "x-gzip")
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_PIECE_BYTES = 64 * 1024


def read_body(response: httpx.Response, max_bytes: int, *, cut: bool = False) -> bytes:
    """Return the unpacked body of at most `max_bytes`.

    Args:
        response: The answer, not read yet.
        max_bytes: Bound of the body, both as it is sent and unpacked.
        cut: Return the first `max_bytes` of a longer body instead of refusing it.

    Raises:
        FetchError: where the body is larger (before a byte of it is read, where its length is said), is
            packed in a way that was not asked for, or cannot be unpacked.
    """
    gzipped = _is_gzipped(response)
    length = response.headers.get("content-length", "")
    if not cut and length.isdigit() and int(length) > max_bytes:
        raise too_large(max_bytes, f" (it says {int(length) / 1e6:,.1f})")
    pieces = response.iter_raw()
    body = bytearray()
    for piece in _unzipped(pieces, _PIECE_BYTES) if gzipped else pieces:
        body += piece
        if len(body) > max_bytes:
            if cut:
                return bytes(body[:max_bytes])
            raise too_large(max_bytes, " when unpacked" if gzipped else "")
    return bytes(body)


def _is_gzipped(response: httpx.Response) -> bool:
    """Say whether the body is gzipped.

    Raises:
        FetchError: where it is packed in another way, or more than once.
    """
    codings = [
        coding
        for value in response.headers.get_list("content-encoding", split_commas=True)
        if (coding := value.strip().lower()) not in ("", "identity")
    ]
    if len(codings) > 1 or (codings and codings[0] not in _GZIP_NAMES):
        raise FetchError(
            f"the body is packed as {', '.join(codings)[:60]!r}: only gzip was asked for",
            problem=FetchProblem.PROTOCOL,
        )
    return bool(codings)


def _unzipped(pieces: Iterator[bytes], piece_bytes: int) -> Iterator[bytes]:
    """Yield the bytes that gzipped pieces hold, never more than `piece_bytes` at once."""
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    seen = False
    for piece in pieces:
        waiting = piece
        while waiting:
            if unpacker.eof:  # a further member, or what some servers append and all clients ignore
                if not waiting.startswith(b"\x1f"):
                    return
                unpacker = zlib.decompressobj(_GZIP_WINDOW)
            try:
                yield unpacker.decompress(waiting, piece_bytes)
            except zlib.error as error:
                raise _damaged(str(error)) from error
            seen = True
            waiting = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if seen and not unpacker.eof:
        yield unpacker.flush()  # a few hundred bytes at most: all input has been taken
        if not unpacker.eof:
            raise _damaged("it ends too early")


def _damaged(why: str) -> FetchError:
    return FetchError(f"the gzipped body cannot be unpacked: {why}", problem=FetchProblem.PROTOCOL)


def too_large(max_bytes: int, detail: str = "") -> FetchError:
    """Return the refusal of a body that is larger than `max_bytes`."""
    return FetchError(
        f"it is larger than {max_bytes / 1e6:g} MB{detail}: raise fetch.max_mb to read it",
        problem=FetchProblem.TOO_LARGE,
        permanent=True,
    )
