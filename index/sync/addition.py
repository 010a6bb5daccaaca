"""Reading for `index build` and `index add`: a file that is as it was when it was stored is not read again.

What was read is remembered as `sync` remembers it, in a file of its own: what a user adds by hand says
nothing about which files the sources of `sync` still have.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from index.article import Article, Skipped
from index.catalogue import Catalogue
from index.config import ReadingConfig
from index.readers.input import Input
from index.readers.reader import Link
from index.readers.sources import SourceReader, is_address, read_sources
from index.readers.web import Web
from index.sync.ancestry import identify
from index.sync.files import digest_of, stamped
from index.sync.reading import Reading, read_with
from index.sync.state import KnownFile, SyncState
from index.sync.state_file import StateFile
from index.versions import VersionStore

ADDED_NAME = "added.db"
"""File in the folder of an index; it may be removed at any time, at the cost of reading everything again."""


class Addition:
    """Reads sources once, and remembers what they gave when it is stored.

    A file is passed over where its size, time and inode, or its content, are those it was stored with,
    it would be read in the same way, and the live version still has every article that it gave.
    """

    def __init__(self, root: Path, reading: ReadingConfig, *, conditional: bool) -> None:
        """Keep what is needed; with `conditional` off every file is read, as for a build from scratch."""
        self._root = root
        self._store = VersionStore(root)
        self._reading = reading
        self._read_with = read_with(reading)
        self._conditional = conditional
        self._folder = os.getcwd()  # noqa: PTH109 - what a relative path means
        self._number = time.time_ns()
        self._readings: list[Reading] = []
        self.unchanged = 0

    def read(self, sources: Sequence[str], web: Web | None = None) -> Iterator[Article | Skipped]:
        """Return the articles of files, folders and addresses, lazily and in order, and what was skipped.

        `unchanged` counts the articles of files that were passed over.

        Raises:
            ReadError: at once, for a source that does not exist, or an address where `web` is not given.
        """
        read_sources(sources, reading=self._reading, web=web)
        return self._read(sources, _Reader(self._reading, web))

    def acknowledge(self, version: str) -> None:
        """Remember what was read: it is stored in this version, which was published or was live already."""
        with closing(StateFile.open(self._root, name=ADDED_NAME)) as file:
            state = SyncState(file)
            state.follow(self._store)
            state.record(self._folder, self._readings, identify(self._store, version))
        self._readings.clear()

    def _read(self, sources: Sequence[str], reader: "_Reader") -> Iterator[Article | Skipped]:
        live = self._store.current() if self._conditional else None
        with ExitStack() as opened:
            known: _Known | None = None
            if live is not None:
                state = SyncState(opened.enter_context(closing(StateFile.open(self._root, name=ADDED_NAME))))
                state.follow(self._store)
                with Catalogue.open(self._root) as catalogue:
                    known = _Known(state, frozenset(catalogue.membership(int(live))))
            for source in sources:
                if is_address(source):
                    yield from reader.read_all([source])
                elif not Path(source).is_dir():
                    yield from self._file(reader, known, Path(source), named=True)
                else:
                    for found in reader.walk(Path(source)):
                        if isinstance(found, Skipped):
                            yield found
                        else:
                            yield from self._file(reader, known, found, named=False)

    def _file(
        self, reader: "_Reader", known: "_Known | None", path: Path, *, named: bool
    ) -> Iterator[Article | Skipped]:
        """Yield what a file gives; where it is unchanged only what was skipped of it, and count the rest."""
        as_now = f"{self._read_with}{' named' if named else ''}"
        try:
            found = stamped(path)
            before = known.file(self._folder, str(path)) if known else None
            if known and before and before.is_still(found.stamp, as_now):
                yield from self._pass_over(before)
                return
            digest = digest_of(path)
        except OSError:  # a link to nothing, say: the reader tells what is the matter
            yield from reader.read_file(path, named=named)
            return
        if known and before and before.holds_still(digest, as_now):
            if found.settled:
                known.state.restamp(before.id, found.stamp)
            yield from self._pass_over(before)
            return
        reading = Reading.of_file(found, number=self._number, read_with=as_now, digest=digest)
        yield from self._noted(reader, reading, path, named=named)

    def _noted(
        self, reader: "_Reader", reading: Reading, path: Path, *, named: bool
    ) -> Iterator[Article | Skipped]:
        """Yield what a file gives, and note it."""
        name = Input.of_file(path, self._reading, named=named).name
        reader.followed = False
        for one in reader.read_file(path, named=named):
            empty = isinstance(one, Article) and not one.text.strip()
            reading.take(Skipped(origin=one.origin, reason="it has no text") if empty else one, name)
            yield one
        reading.finished = not reader.followed  # what a page says may change while the feed's file does not
        if reading.finished:
            self._readings.append(reading)

    def _pass_over(self, file: KnownFile) -> Iterator[Skipped]:
        self.unchanged += file.articles
        yield from file.reasons


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read before, and the articles that the live version has."""

    state: SyncState
    article_ids: frozenset[str]

    def file(self, folder: str, path: str) -> KnownFile | None:
        """Return what is known of a file whose articles are all there as it gave them; else None."""
        file = self.state.file(folder, path)
        if file is None or file.skips > len(file.reasons):
            return None
        if not self.article_ids.issuperset(self.state.given(file.id)) or self.state.is_overtaken(file.id):
            return None
        return file


class _Reader(SourceReader):
    """Says whether what was read led to an address."""

    followed = False

    def _follow(self, link: Link, within: str, *, hops: int) -> Iterator[Article | Skipped]:
        self.followed = True
        return super()._follow(link, within, hops=hops)
