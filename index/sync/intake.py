"""Reads one source: what is new or changed in it goes into batches, the rest is only counted."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.article import Article, Skipped
from index.config import ReadingConfig
from index.errors import ReadError
from index.readers.input import Input
from index.readers.sources import SourceReader
from index.sync.files import Folder, digest_of, stamped
from index.sync.patient_web import PatientWeb
from index.sync.reading import Reading
from index.sync.source import Source
from index.sync.state import SyncState
from index.sync.storing import Batches
from index.sync.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What reading one source needs; `number` is that of the pass, `read_with` names how files are read."""

    source: Source
    state: SyncState
    batches: Batches
    tally: Tally
    reading: ReadingConfig
    read_with: str
    number: int

    def read_folder(self, folder: Folder) -> frozenset[int]:
        """Read what is new or changed in a folder, and return the ids of the files known before.

        Raises:
            ReadError: it is not there, cannot be listed, or is empty and was not: nothing of it is gone.
        """
        place = self.source.place
        check_folder(place)
        reader = SourceReader(self.reading)
        seen: set[int] = set()
        found = 0
        for item in folder.walk(reader):
            if isinstance(item, Skipped):
                self.tally.skipped.append(item)
                continue
            found += 1
            known = self._read_file(reader, item, named=False)
            if known is not None:
                seen.add(known)
        self.batches.commit()
        check_not_emptied(self.source, self.state, found)
        return frozenset(seen)

    def read_single_file(self) -> None:
        """Read a file where it is new or changed.

        Raises:
            ReadError: it is not there.
        """
        self._read_file(SourceReader(self.reading), Path(self.source.place), named=True)
        self.batches.commit()

    def read_address(self, web: PatientWeb) -> None:
        """Fetch an address and what it names, as far as it changed.

        Raises:
            ReadError: it could not be fetched, or holds nothing that can be read; what was read is stored.
        """
        place = self.source.place
        reading = Reading(path=place, number=self.number)
        self.batches.note(reading)
        gave = False
        refused: Skipped | None = None
        for found in SourceReader(self.reading, web).read_all([place]):
            gave = gave or isinstance(found, Article)
            if isinstance(found, Skipped) and found.origin == place:
                refused = found
                continue
            self.batches.take(found, reading, place)
        self.batches.note(reading)
        self.batches.commit(web.acknowledge)
        if refused and not gave and not web.links:
            raise ReadError(web.failure or refused.reason)
        if refused:
            self.tally.skipped.append(refused)
        self.tally.unchanged += self.state.count(place) if web.unchanged else web.counts.unchanged

    def _read_file(self, reader: SourceReader, path: Path, *, named: bool) -> int | None:
        """Read a file where it is new or changed; return its id where it was known."""
        known = self.state.file(self.source.place, str(path))
        number = known.id if known else None
        try:
            found = stamped(path)
            if known and known.is_still(found.stamp, self.read_with):
                self.tally.count_known(known)
                return number
            digest = digest_of(path)
        except OSError:  # a link to nothing, say: the reader tells what is the matter
            self.tally.skipped += _skips(reader.read_file(path, named=named))
            return number
        if known and known.holds_still(digest, self.read_with):
            self.tally.count_known(known)
            if found.settled:
                self.state.restamp(known.id, found.stamp)
            return number
        reading = Reading.of_file(found, number=self.number, read_with=self.read_with, digest=digest)
        name = Input.of_file(path, self.reading).name
        for one in reader.read_file(path, named=named):
            self.batches.take(one, reading, name)
        reading.finished = True
        self.batches.note(reading)
        return number


def check_folder(place: str) -> None:
    """Make sure that a folder can be listed.

    Raises:
        ReadError: where it cannot.
    """
    try:
        os.listdir(place)  # noqa: PTH208
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ReadError(f"cannot be listed ({reason}): mount its disk, or let this user read it") from error


def check_not_emptied(source: Source, state: SyncState, found: int) -> None:
    """Make sure that a folder from which files are to be missed is not empty all at once.

    Raises:
        ReadError: where it is.
    """
    if found or not source.remove_missing:
        return
    known = sum(1 for _ in state.files(source.place))
    if known:
        raise ReadError(
            f"holds no files any more, and {known:,} were read from it: mount its disk; if it was emptied on "
            "purpose, put any file into it, and the articles are removed"
        )


def check_there(place: str) -> None:
    """Make sure that a folder or file is there.

    Raises:
        ReadError: where it is not.
    """
    if not place or "\0" in place or not os.path.exists(place):  # noqa: PTH110 - odd names too
        raise ReadError(
            "does not exist: make or mount it, correct it in `sources`, or give a whole address (https://…)"
        )


def _skips(found: Iterable[Article | Skipped]) -> list[Skipped]:
    return [one for one in found if isinstance(one, Skipped)]
