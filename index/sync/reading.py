"""One reading of a file or an address: what it gave, and how far it came."""

import hashlib
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Self

from index.article import Article, Skipped
from index.config import ReadingConfig
from index.sync.files import FoundFile

READER_REVISION = 1
"""Raised when the readers read something differently without a new release: all files are read again."""

REASONS_KEPT = 20
UNSTAMPED = (-1, -1, -1)
_DEVICE_FAILED = "cannot be read: "  # or the reader did: it says nothing about the content


@dataclass(slots=True, kw_only=True)
class Reading:
    """What one reading of an input found so far.

    `ids` are the articles that were not noted in the state yet; `number` is the same for all that is
    read in one pass. `size`, `mtime_ns`, `inode` and `digest` are those from before the reading. A file
    that is `settled` was not written to just now, so that a change after this reading will show in the time.
    """

    path: str
    number: int
    read_with: str = ""
    digest: bytes = b""
    size: int = -1
    mtime_ns: int = -1
    inode: int = -1
    settled: bool = False
    ids: set[str] = field(default_factory=set)
    skips: int = 0
    reasons: list[Skipped] = field(default_factory=list)
    broken: bool = False
    may_pass: bool = False
    finished: bool = False

    @classmethod
    def of_file(cls, found: FoundFile, *, number: int, read_with: str, digest: bytes) -> Self:
        """Return the reading, not begun yet, of a file as it was found."""
        size, mtime_ns, inode = found.stamp
        return cls(
            path=str(found.path),
            number=number,
            read_with=read_with,
            digest=digest,
            size=size,
            mtime_ns=mtime_ns,
            inode=inode,
            settled=found.settled,
        )

    def take(self, found: Article | Skipped, name: str) -> None:
        """Note what was found; `name` is what the whole input is called where something is skipped."""
        if isinstance(found, Article):
            self.ids.add(found.id)
            return
        self.skips += 1
        if len(self.reasons) < REASONS_KEPT:
            self.reasons.append(found)
        if not found.origin.startswith((f"{name}:", f"{name}#")):  # more than a record of it
            self.broken = True
            self.may_pass = self.may_pass or found.reason.startswith(_DEVICE_FAILED)

    @property
    def whole(self) -> bool:
        """Whether an article that it gave before and not now is gone from it."""
        return self.finished and self.settled and not self.broken

    @property
    def stamp(self) -> tuple[int, int, int]:
        """The size, time and inode that tell whether it is to be read again; -1 where it is in any case."""
        return (self.size, self.mtime_ns, self.inode) if self.settled and not self.may_pass else UNSTAMPED


def read_with(reading: ReadingConfig) -> str:
    """Return what changes when files are to be read again: the release, its readers, and the settings."""
    try:
        release = version("dateline")
    except PackageNotFoundError:
        release = "unknown"
    said = f"{release}\0{READER_REVISION}\0{reading.model_dump_json()}"
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
