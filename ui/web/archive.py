"""What the page says about the archive, read again only when the live version changes."""

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import DatelineError

if TYPE_CHECKING:
    from rag.engine import Engine

EXAMPLE_COUNT = 3
MAX_TITLE_CHARACTERS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """The live version in numbers; `problem` is one line where it cannot be read."""

    articles: int = 0
    outlets: tuple[str, ...] = ()
    oldest: str | None = None
    newest: str | None = None
    titles: tuple[str, ...] = ()
    problem: str | None = None


class ArchiveView:
    """Reads an engine's archive for the page; one for all sessions, which share the archive."""

    def __init__(self, engine: "Engine") -> None:
        self._archive = engine.archive
        self._lock = threading.Lock()
        self._version: str | None = None
        self._holdings = Holdings(problem="there is no index yet")

    def holdings(self) -> Holdings:
        """Return what the live version holds."""
        with self._lock:
            try:
                version = self._archive.current_version()
                if version is None or version != self._version:
                    self._holdings = self._read()
                    self._version = version
            except DatelineError as error:
                self._version = None
                self._holdings = Holdings(problem=str(error))
            return self._holdings

    def _read(self) -> Holdings:
        info = self._archive.info()
        newest = self._archive.list_articles(limit=EXAMPLE_COUNT)
        return Holdings(
            articles=info.articles,
            outlets=tuple(sorted(info.sources, key=str.casefold)),
            oldest=info.oldest_published,
            newest=info.newest_published,
            titles=tuple(_shorten(article.title) for article in newest),
        )


def _shorten(title: str) -> str:
    title = " ".join(title.split())
    if len(title) <= MAX_TITLE_CHARACTERS:
        return title
    return title[:MAX_TITLE_CHARACTERS].rsplit(" ", 1)[0] + "…"
