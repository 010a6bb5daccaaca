"""What a version searches, and in which file each of its vectors is, as one file of plain arrays.

A reader opens it instead of asking the catalogue for a million rows, and the next version is made out of it.
"""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.entries import Contents, Edition
from index.errors import ArchiveDamagedError

CONTENTS_NAME = "contents.npz"

_NUMBERS = ("revision_ids", "days", "first", "last", "source_codes", "group_of")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which vectors the files of a version hold.

    `file_of_row` has for each row of the version the place of its file in `names`. A file may hold further
    rows, which the version does not have any more: `dead_rows`, each in the file `dead_files`.
    """

    names: tuple[str, ...]
    file_of_row: NDArray[np.int16]
    dead_rows: NDArray[np.int64]
    dead_files: NDArray[np.int16]


def save_contents(path: Path, contents: Contents, layout: Layout) -> None:
    """Write both to a file."""
    edition = contents.edition
    np.savez(
        path,
        sources=_packed(edition.sources),
        article_ids=edition.article_ids,
        rows=contents.rows,
        entry_of_row=contents.entry_of_row,
        names=_packed(layout.names),
        file_of_row=layout.file_of_row,
        dead_rows=layout.dead_rows,
        dead_files=layout.dead_files,
        **{name: getattr(edition, name) for name in _NUMBERS},
    )


def load_contents(path: Path) -> tuple[Contents, Layout]:
    """Return what was saved; check the file's checksum before.

    Raises:
        ArchiveDamagedError: where it cannot be read.
    """
    try:
        with np.load(path, allow_pickle=False) as saved:
            edition = Edition(
                sources=_unpacked(saved["sources"]),
                article_ids=saved["article_ids"],
                **{name: saved[name] for name in _NUMBERS},
            )
            contents = Contents(edition=edition, rows=saved["rows"], entry_of_row=saved["entry_of_row"])
            layout = Layout(
                names=_unpacked(saved["names"]),
                file_of_row=saved["file_of_row"],
                dead_rows=saved["dead_rows"],
                dead_files=saved["dead_files"],
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ArchiveDamagedError(f"{str(path)!r} is no table of contents: rebuild the archive") from error
    return contents, layout


def _packed(names: tuple[str, ...]) -> NDArray[np.uint8]:
    """Return strings as the bytes of a JSON array: NumPy's own would lose what ends in NUL."""
    return np.frombuffer(json.dumps(names).encode("ascii"), dtype=np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(json.loads(packed.tobytes()))
