"""Walks what a user names and hands each input to the reader of its kind."""

import logging
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.article import Article, Skipped
from index.cleaning import repair
from index.config import ReadingConfig
from index.errors import ReadError
from index.readers.addresses import canonical_url
from index.readers.input import Input
from index.readers.kinds import reader_of
from index.readers.reader import Link
from index.readers.web import Web

_LOGGER = logging.getLogger(__name__)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_MAX_REASON_CHARS = 300
MAX_HOPS = 4
"""An index of sitemaps, a sitemap, a feed and a page: what leads further is a trap."""


def read_sources(
    sources: Sequence[str], *, reading: ReadingConfig | None = None, web: Web | None = None
) -> Iterator[Article | Skipped]:
    """Return the articles of files, folders and addresses, lazily and in order, and what was skipped.

    A folder is read with all folders below it, by name; hidden ones are left out, and a file or
    folder that was met already (by a link) is not read again. One bad input never ends the rest.
    `web` fetches addresses.

    Raises:
        ReadError: at once, for a source that does not exist, or an address where `web` is not given.
    """
    for source in sources:
        if is_address(source):
            if web is None:
                raise ReadError(f"{source}: addresses are not fetched here: save the page as a file")
        elif not source or not os.path.exists(source):  # noqa: PTH110 - Path.exists raises on odd names
            raise ReadError(
                f"{source!r} does not exist: give a file, a folder or a whole web address (https://…)"
            )
    return SourceReader(reading or ReadingConfig(), web).read_all(sources)


def is_address(source: str) -> bool:
    """Say whether a source is an address rather than a path: it begins with `scheme://`."""
    return _ADDRESS.match(source) is not None


class SourceReader:
    """Reads sources, each input once."""

    def __init__(self, reading: ReadingConfig, web: Web | None = None) -> None:
        self._reading = reading
        self._web = web
        self._met: set[str] = set()

    def read_all(self, sources: Sequence[str]) -> Iterator[Article | Skipped]:
        """Yield what the sources give, in order."""
        for source in sources:
            if is_address(source):
                yield from self._follow(Link(url=source), "", hops=0)
                yield from self._web.leftovers(source) if self._web else ()
                continue
            path = Path(source)
            if not path.is_dir():
                yield from self.read_file(path, named=True)
                continue
            for found in self.walk(path):
                yield from [found] if isinstance(found, Skipped) else self.read_file(found)

    def walk(self, folder: Path) -> Iterator[Path | Skipped]:
        """Yield the files below a folder by name, hidden ones left out."""
        waiting = [folder]
        while waiting:
            path = waiting.pop()
            if not path.is_dir():
                yield path
            elif self._is_new(os.path.realpath(path)):
                try:
                    names = sorted(name for name in os.listdir(path) if not name.startswith("."))  # noqa: PTH208
                except OSError as error:
                    reason = f"cannot be read: {(error.strerror or str(error)).lower()}"
                    yield Skipped(origin=Input.of_file(path, self._reading).name, reason=reason)
                    continue
                waiting += [path / name for name in reversed(names)]

    def read_file(self, path: Path, *, named: bool = False) -> Iterator[Article | Skipped]:
        """Yield what a file gives, where it was not read before; `named` is said of the user's own choice."""
        if self._is_new(os.path.realpath(path)):
            yield from self._read(Input.of_file(path, self._reading, named=named))

    def _read(self, file: Input, hops: int = 0) -> Iterator[Article | Skipped]:
        """Yield what one input gives; whatever goes wrong in it ends this input only.

        `hops` counts the feeds and sitemaps on the way to it.
        """
        try:
            for found in reader_of(file).read(file):
                if isinstance(found, Input):
                    yield from self._read(found, hops)
                elif isinstance(found, Link):
                    if hops == MAX_HOPS:
                        raise ReadError("is not followed: too many feeds and sitemaps lead to it")  # noqa: TRY301
                    yield from self._follow(found, file.name, hops=hops + 1)
                else:
                    yield found
        except ReadError as error:
            yield Skipped(origin=file.name, reason=_shortened(str(error)))
        except Exception as error:  # the batch's outermost loop: a parser may fail in any way
            _LOGGER.warning("cannot read %s", file.name, exc_info=True)
            yield Skipped(origin=file.name, reason=_reason(error))

    def _follow(self, link: Link, within: str, *, hops: int) -> Iterator[Article | Skipped]:
        """Yield what an address gives, else the article that the feed has of it, else why there is none.

        A feed's text does not take the place of an article that its page gave before.
        """
        if self._web is None:
            yield link.fallback or Skipped(origin=repair(link.url), reason="addresses are not fetched here")
            return
        if not self._is_new(canonical_url(link.url) or link.url):
            return
        gave_article, skipped = False, []
        for found in self._open(self._web, link, within, hops):
            gave_article = gave_article or isinstance(found, Article)
            if isinstance(found, Skipped) and not gave_article:
                skipped.append(found)
            else:
                yield found
        if not skipped or gave_article:
            yield from skipped
            return
        self._web.gave_nothing(link)
        if link.fallback is None or self._web.is_stored(link):
            yield from skipped
        else:
            _LOGGER.info("%s: %s: the feed's own text is taken", link.url, skipped[0].reason)
            yield link.fallback

    def _open(self, web: Web, link: Link, within: str, hops: int) -> Iterator[Article | Skipped]:
        """Yield what stands at an address; a page of the user's that only names feeds is told as that."""
        from index.readers.page_feeds import name_feeds, named_feeds

        for opened in web.open(link, self._reading, within):
            if isinstance(opened, Skipped):
                yield opened
                continue
            for found in self._read(opened, hops):
                only_names = isinstance(found, Skipped) and found.origin == link.url and not within
                feeds = named_feeds(opened) if only_names else []
                yield Skipped(origin=link.url, reason=name_feeds(feeds)) if feeds else found

    def _is_new(self, place: str) -> bool:
        """Note a place; False where it was met before."""
        if place in self._met:
            return False
        self._met.add(place)
        return True


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split())
    return _shortened(f"cannot be read: {type(error).__name__}: {said}")


def _shortened(reason: str) -> str:
    return reason if len(reason) <= _MAX_REASON_CHARS else reason[: _MAX_REASON_CHARS - 1] + "…"
