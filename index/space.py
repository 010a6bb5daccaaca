"""How much disk a version needs, and whether it is there."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.errors import ArchiveError

FLOAT_BYTES = 4
LEXICAL_BYTES_PER_CHUNK = 900
"""Measured: Tantivy keeps 500 to 800 bytes of a chunk of 150 words."""

CATALOGUE_BYTES_PER_CHARACTER = 2.5
"""The text, the text before cleaning (packed), and the rows of its chunks."""

CONTENTS_BYTES_PER_CHUNK = 40
"""Which rows and entries there are, and where their vectors are: written whole for each version."""

REWRITTEN_CHUNKS = 10_000
"""What a change may write again of what was there, to keep the number of files small."""

PACKED_SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".zip", ".tgz", ".parquet", ".epub", ".docx")
PACKED_SHARE = 4
"""How many times its size a packed file of text holds, about."""

CHARACTERS_PER_CHUNK = 800
RESERVE = 1.1


def version_bytes(chunks: int, dimension: int) -> int:
    """Return about how many bytes the files of a version take."""
    return int(chunks * (dimension * FLOAT_BYTES + LEXICAL_BYTES_PER_CHUNK + CONTENTS_BYTES_PER_CHUNK))


def change_bytes(new: int, chunks: int, dimension: int) -> int:
    """Return about how many bytes a version of so many chunks takes that shares all but the new ones."""
    written = new + min(chunks, REWRITTEN_CHUNKS)
    return version_bytes(written, dimension) + chunks * CONTENTS_BYTES_PER_CHUNK


def build_bytes(characters: int, dimension: int) -> int:
    """Return about how many bytes a build of texts takes, its catalogue included, if all of it is new."""
    chunks = characters // CHARACTERS_PER_CHUNK + 1
    vectors = chunks * dimension * FLOAT_BYTES
    return int(characters * CATALOGUE_BYTES_PER_CHARACTER) + vectors + version_bytes(chunks, dimension)


def characters_in(sources: Sequence[str]) -> int:
    """Return about how many characters files and folders hold at most; of addresses nothing is known."""
    return sum(
        size * (PACKED_SHARE if name.lower().endswith(PACKED_SUFFIXES) else 1)
        for source in sources
        for name, size in _files(source)
    )


def require_space(root: Path, needed: int) -> int:
    """Return the bytes that are free where the index is.

    Raises:
        ArchiveError: where they are too few.
    """
    free = free_space(root)
    if free < needed * RESERVE:
        raise ArchiveError(
            f"the index in {str(root)!r} needs about {megabytes(needed)} more, and {megabytes(free)} are "
            "free: free some space (`dateline index gc` removes old versions), or choose another disk with "
            "`--index`"
        )
    return free


def free_space(root: Path) -> int:
    """Return the bytes that are free where the index is, or will be."""
    folder = root
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def megabytes(size: int) -> str:
    """Return a size as `1,234 MB`."""
    return f"{max(size, 0) / 1_000_000:,.0f} MB"


def _files(source: str) -> Iterator[tuple[str, int]]:
    """Yield the files of a source with their sizes in bytes."""
    if not os.path.isdir(source):  # noqa: PTH112 - odd names too
        try:
            yield source, os.stat(source).st_size  # noqa: PTH116
        except (OSError, ValueError):
            return
    for folder, _, names in os.walk(source):
        for name in names:
            try:
                yield name, Path(folder, name).lstat().st_size
            except OSError:
                continue
