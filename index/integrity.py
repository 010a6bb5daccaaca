"""Check the files of a version against its manifest before anything reads them."""

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from index.errors import ArchiveDamagedError
from index.manifest import DERIVED_FORM, FileRecord, Manifest

MEND = "write it anew from the catalogue with `dateline index repair`"
SALVAGE = (
    "save what is sound with `dateline index repair --salvage`, or build the index anew with "
    "`dateline index build SOURCE...`"
)

_BLOCK_BYTES = 1 << 20
FileIdentity = tuple[int, int]
"""What two links to one file have in common: device and inode."""

# (sha256, file) -> size and time of the file that was read and found good; versions share files
_verified: dict[tuple[str, FileIdentity], tuple[int, int]] = {}


def file_record(path: Path) -> FileRecord:
    """Read a file whole and return its size and SHA-256."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
            size += len(block)
    return FileRecord(sha256=digest.hexdigest(), bytes=size)


def version_files(
    folder: Path, shared: Mapping[FileIdentity, FileRecord] | None = None
) -> dict[str, FileRecord]:
    """Return the record of every file under a version's folder, by its relative path.

    Files that are `shared` with another version are known and not read.
    """
    known = shared or {}
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not is_lock(path))
    return {
        path.relative_to(folder).as_posix(): known.get(file_identity(path.lstat())) or file_record(path)
        for path in paths
    }


def is_lock(path: Path) -> bool:
    """Whether a file is one of the empty lock files that Tantivy leaves."""
    return path.name.startswith(".tantivy-") and path.suffix == ".lock"


def check_version(folder: Path, manifest: Manifest, *, thorough: bool = False) -> None:
    """Make sure that every file of a version is what was published.

    A file that this process has read and found good is not read again while its size, time and
    inode stay; `thorough` reads it all the same.

    Raises:
        ArchiveDamagedError: for the first file that is missing, altered, or reached over a link.
    """
    for name, record in manifest.files.items():
        problem = file_problem(folder, name, record, thorough=thorough)
        if problem:
            raise ArchiveDamagedError(f"{str(folder / name)!r} {problem}: {MEND}")


def check_contents(root: Path, manifest: Manifest, digest: str) -> None:
    """Make sure that the catalogue holds the articles that a version was published with.

    `digest` is that of what the catalogue says the version holds.

    Raises:
        ArchiveDamagedError: where it holds others.
    """
    if manifest.contents and manifest.derived == DERIVED_FORM and digest != manifest.contents:
        raise ArchiveDamagedError(
            f"the catalogue in {str(root)!r} holds other articles than version {manifest.version} was "
            f"published with: {SALVAGE}"
        )


def file_problem(
    folder: Path, name: str, record: FileRecord, *, thorough: bool, trusted_until_ns: int = -1
) -> str:
    """Return what is wrong with one file of a version; empty where it is as it was published.

    A file that was last written to by `trusted_until_ns` is not read, unless `thorough`.
    """
    path = folder / name
    for part in (folder, *reversed(path.parents[: len(Path(name).parts) - 1])):
        if part.is_symlink():
            return "lies behind a symbolic link, which is never followed"
    try:
        status = path.lstat()
    except OSError:
        return "is missing"
    if not stat.S_ISREG(status.st_mode):
        return "is not a regular file"
    if status.st_size != record.bytes:
        return f"has {status.st_size:,} bytes and was published with {record.bytes:,}"
    key, state = (record.sha256, file_identity(status)), (status.st_size, status.st_mtime_ns)
    if not thorough and (status.st_mtime_ns <= trusted_until_ns or _verified.get(key) == state):
        return ""
    try:
        found = file_record(path)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if found != record:
        _verified.pop(key, None)
        return "has been altered (its SHA-256 differs)"
    _verified[key] = state
    return ""


def file_identity(status: os.stat_result) -> FileIdentity:
    """Return what tells a file from all others, by whatever name it was reached."""
    return status.st_dev, status.st_ino
