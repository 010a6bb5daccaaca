"""The folder of an index: version folders that never change, and `CURRENT`, which names the live one."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from index.durable import fsync_folder, fsync_tree, replace_file
from index.errors import ArchiveDamagedError
from index.manifest import MANIFEST_NAME, MAX_MANIFEST_BYTES, Manifest, parse_manifest

CURRENT_NAME = "CURRENT"
VERSIONS_NAME = "versions"
VECTORS_NAME = "vectors.faiss"
LEXICAL_NAME = "lexical"

_VERSION = re.compile(r"\d{6,12}", re.ASCII)
_PARTIAL_PREFIX = ".partial-"


def version_name(number: int) -> str:
    """Return a version's name: its number in six digits or more."""
    return f"{number:06d}"


class VersionStore:
    """The versions of the index at `root`; making one touches no file."""

    def __init__(self, root: Path) -> None:
        self.root = self._root = root
        self._folder = root / VERSIONS_NAME

    def current(self) -> str | None:
        """Return the live version's name; None where nothing was ever published.

        Raises:
            ArchiveDamagedError: where `CURRENT` holds no version's name.
        """
        path = self._root / CURRENT_NAME
        try:
            if path.is_symlink():
                raise ArchiveDamagedError(self._pointer_problem("is a symbolic link"))
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        text = data.decode("ascii", "replace").strip()
        if not _VERSION.fullmatch(text):
            raise ArchiveDamagedError(self._pointer_problem("names no version"))
        return text

    def folder(self, name: str) -> Path:
        """Return where a version's files are.

        Raises:
            ArchiveDamagedError: where there is none of that name, or a link stands in its place.
        """
        if not _VERSION.fullmatch(name):
            raise ArchiveDamagedError(f"{name!r} is no version: `dateline index versions` lists them")
        folder = self._folder / name
        for path in (self._folder, folder):
            refuse_link(path)
        if not folder.is_dir():
            raise ArchiveDamagedError(
                f"version {name} is missing from {str(self._root)!r}: `dateline index versions` lists those "
                "there are; build the index anew with `dateline index build SOURCE...`"
            )
        return folder

    def manifest(self, name: str) -> Manifest:
        """Return a version's manifest.

        Raises:
            ArchiveDamagedError: where the version or its manifest is missing or altered.
            ArchiveMismatchError: where a newer release wrote it.
        """
        path = self.folder(name) / MANIFEST_NAME
        try:
            if path.is_symlink() or path.lstat().st_size > MAX_MANIFEST_BYTES:
                data = b""
            else:
                data = path.read_bytes()
        except OSError:
            data = b""
        return parse_manifest(data, name)

    def names(self) -> list[str]:
        """Return the versions whose folders are there, oldest first."""
        if self._folder.is_symlink() or not self._folder.is_dir():
            return []
        found = [path.name for path in self._folder.iterdir() if _VERSION.fullmatch(path.name)]
        return sorted(found, key=int)

    @contextlib.contextmanager
    def draft(self, number: int) -> Iterator[Path]:
        """Lend an empty folder to write a version's files into; it is gone afterwards unless published."""
        partial = self._folder / f"{_PARTIAL_PREFIX}{version_name(number)}-{os.getpid()}"
        refuse_link(self._folder)
        self._folder.mkdir(exist_ok=True)
        partial.mkdir()
        try:
            yield partial
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def publish(self, partial: Path, name: str) -> None:
        """Make a written folder the live version: on the disk first, then in place, then in `CURRENT`."""
        fsync_tree(partial)
        partial.rename(self._folder / name)
        fsync_folder(self._folder)
        fsync_folder(self._root)
        self.point_to(name)

    def restore(self, partial: Path, name: str) -> None:
        """Put a written folder in the place of a damaged version; which one is live stays as it is."""
        fsync_tree(partial)
        self.discard(name)
        partial.rename(self._folder / name)
        fsync_folder(self._folder)

    def point_to(self, name: str) -> None:
        """Make a version that is in place the live one, in one step."""
        replace_file(self._root / CURRENT_NAME, f"{name}\n".encode("ascii"))

    def discard(self, name: str) -> None:
        """Remove a version's folder where there is one; of a link, the link."""
        if not self._folder.is_symlink():
            _remove(self._folder / name)

    def sweep(self) -> None:
        """Remove what writers that were killed left half written."""
        if self._folder.is_symlink() or not self._folder.is_dir():
            return
        for path in self._folder.glob(f"{_PARTIAL_PREFIX}*"):
            _remove(path)
        for path in self._root.glob(f".{CURRENT_NAME}-*"):
            path.unlink(missing_ok=True)

    def _pointer_problem(self, problem: str) -> str:
        return (
            f"{str(self._root / CURRENT_NAME)!r} {problem}: write the name of a version into it "
            f"(there are {', '.join(self.names()) or 'none'}), or build the index anew"
        )


def refuse_link(path: Path) -> None:
    """Make sure that no link stands where a file or folder of an index belongs.

    Raises:
        ArchiveDamagedError: where one does.
    """
    if path.is_symlink():
        raise ArchiveDamagedError(f"{str(path)!r} is a symbolic link, which is never followed: remove it")


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)
