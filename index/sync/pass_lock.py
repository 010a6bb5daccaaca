"""One pass over the sources of an index at a time, so that what is noted is what was published last."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import ArchiveError, ArchiveLockedError

_NAME = "sync.lock"


@contextmanager
def pass_lock(root: Path, wait_s: float) -> Iterator[None]:
    """Hold the right to a pass; the folder is made where it is not there.

    Raises:
        ArchiveLockedError: where another pass does not end within `wait_s` seconds.
        ArchiveError: where the folder cannot be made or written to.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(root / _NAME, timeout=wait_s)
        lock.acquire()
    except Timeout:
        raise ArchiveLockedError(
            f"another `dateline index sync` is at work on {str(root)!r}: wait until it is done, or stop it"
        ) from None
    except OSError as error:
        raise ArchiveError(
            f"cannot write to {str(root)!r} ({error.strerror}): check it, or choose another with `--index`"
        ) from error
    try:
        yield
    finally:
        lock.release()
