"""Writes that are on the disk when the call returns."""

import os
from pathlib import Path


def fsync_file(path: Path) -> None:
    """Wait until a file's bytes are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_folder(path: Path) -> None:
    """Wait until a folder's entries (names made, renamed, removed) are on the disk."""
    if os.name == "nt":  # Windows opens no folder and needs none of this
        return
    fsync_file(path)


def fsync_tree(path: Path) -> None:
    """Wait until every file and folder under `path`, and `path` itself, is on the disk."""
    for folder, _, names in os.walk(path):
        for name in names:
            fsync_file(Path(folder, name))
        fsync_folder(Path(folder))


def replace_file(path: Path, data: bytes) -> None:
    """Give `path` the content `data`: after a crash it holds the old bytes or the new, never a mix."""
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with draft.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    fsync_folder(path.parent)
