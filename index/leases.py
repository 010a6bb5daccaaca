"""Who reads which version: a reader holds a shared lock on its manifest, so that nothing removes it.

The kernel lets the lock go with the process; on a system without such locks every version counts as unused.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from index.manifest import MANIFEST_NAME

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class Lease:
    """A reader's hold on a version's folder; it may be let go more than once."""

    def __init__(self, folder: Path) -> None:
        """Take hold; raises OSError where the manifest cannot be opened."""
        self._descriptor: int | None = os.open(folder / MANIFEST_NAME, os.O_RDONLY)
        if fcntl is not None:
            with contextlib.suppress(OSError):  # a network file system may have no locks
                fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def release(self) -> None:
        """Let go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextlib.contextmanager
def unread(folder: Path) -> Iterator[bool]:
    """Tell whether no reader holds a version; while the block runs none can begin to."""
    try:
        descriptor = os.open(folder / MANIFEST_NAME, os.O_RDONLY)
    except OSError:
        yield True  # without a manifest nobody can have opened it
        return
    try:
        if fcntl is not None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
        yield True
    finally:
        os.close(descriptor)
