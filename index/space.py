"""How much disk a version needs, and whether it is there."""

import shutil
from pathlib import Path

from index.errors import ArchiveError

FLOAT_BYTES = 4
LEXICAL_BYTES_PER_CHUNK = 900
"""Measured: Tantivy keeps 500 to 800 bytes of a chunk of 150 words."""

CATALOGUE_BYTES_PER_CHARACTER = 2.5
"""The text, the text before cleaning (packed), and the rows of its chunks."""

CHARACTERS_PER_CHUNK = 800
RESERVE = 1.1


def version_bytes(chunks: int, dimension: int) -> int:
    """Return about how many bytes the files of a version take."""
    return int(chunks * (dimension * FLOAT_BYTES + LEXICAL_BYTES_PER_CHUNK))


def build_bytes(characters: int, dimension: int) -> int:
    """Return about how many bytes a build of texts takes, its catalogue included, if all of it is new."""
    chunks = characters // CHARACTERS_PER_CHUNK + 1
    vectors = chunks * dimension * FLOAT_BYTES
    return int(characters * CATALOGUE_BYTES_PER_CHARACTER) + vectors + version_bytes(chunks, dimension)


def require_space(root: Path, needed: int) -> int:
    """Return the bytes that are free where the index is.

    Raises:
        ArchiveError: where they are too few.
    """
    folder = root
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed * RESERVE:
        raise ArchiveError(
            f"the index in {str(root)!r} needs about {megabytes(needed)} more, and {megabytes(free)} are "
            "free: free some space (`dateline index gc` removes old versions), or choose another disk with "
            "`--index`"
        )
    return free


def megabytes(size: int) -> str:
    """Return a size as `1,234 MB`."""
    return f"{max(size, 0) / 1_000_000:,.0f} MB"
