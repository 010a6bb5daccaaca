"""One writer at a time. The kernel frees the lock of a process that dies."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import ArchiveError, ArchiveLockedError

LOCK_NAME = "writer.lock"


@contextmanager
def writer_lock(root: Path) -> Iterator[None]:
    """Hold the right to write to the index at `root`.

    Raises:
        ArchiveLockedError: at once, where another writer holds it; says which process and since when.
        ArchiveError: where the folder cannot be written to.
    """
    path = root / LOCK_NAME
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise ArchiveLockedError(
            f"another process is writing to {str(root)!r}{_holder(path)}: wait until it is done, or stop it"
        ) from None
    except OSError as error:
        raise ArchiveError(
            f"cannot write to {str(root)!r} ({error.strerror}): check its permissions"
        ) from error
    try:
        path.write_text(json.dumps({"pid": os.getpid(), "since": _now()}), encoding="utf-8")
        yield
    finally:
        lock.release()


def _holder(path: Path) -> str:
    """Say who wrote the lock file, where that can be read."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return f" (process {int(held['pid'])} since {held['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
