"""From sources to a version of the index, for the command line and for the jobs of the server."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.article import Article, Skipped
    from index.build import BuildMode
    from index.progress import BuildReport, ProgressListener
    from ui.cli.backend import Backend
    from ui.config import AppSettings

MAX_HELD_ITEMS = 20_000


def build_from_sources(
    backend: "Backend",
    settings: "AppSettings",
    sources: Sequence[str],
    *,
    mode: "BuildMode",
    skipped: "list[Skipped]",
    progress: "ProgressListener",
) -> "BuildReport":
    """Read files, folders and addresses and publish a version of what they hold.

    What gave no article is noted in `skipped` as it is met, also where an error ends the build.

    Raises:
        DatelineError: as `index.build.build` does, or for a source that does not exist.
    """
    from index.space import characters_in

    conditional = mode == "add" and backend.archive(settings).exists()
    addition = backend.addition(settings, conditional=conditional)
    with backend.web(settings, conditional=conditional) as web:
        articles = _read(backend.read(settings, sources, web, addition), skipped, progress)
        unchanged = web.counts.unchanged + addition.unchanged
        report = backend.build(
            settings,
            articles,
            mode=mode,
            unchanged=unchanged,
            characters=None if isinstance(articles, list) else characters_in(sources),
            progress=progress,
        )
        web.acknowledge(afresh=mode == "replace")
    if report.version:
        addition.acknowledge(report.version)
    return report


def _read(
    found: "Iterator[Article | Skipped]", skipped: "list[Skipped]", progress: "ProgressListener"
) -> "Iterable[Article | Skipped]":
    """Return the same items, as a list where they are not too many to hold.

    The length of a list tells how many there are to come, and so the time that is left. What
    gave no article is noted in `skipped`.
    """
    from index.article import Skipped
    from index.progress import Meter, Stage

    meter = Meter(progress)

    def note_skipped() -> "Iterator[Article | Skipped]":
        for item in found:
            if isinstance(item, Skipped):
                skipped.append(item)
            yield item

    items, read = note_skipped(), []
    for item in islice(items, MAX_HELD_ITEMS):
        read.append(item)
        meter.articles, meter.skipped = len(read) - len(skipped), skipped
        meter.tell(Stage.READ, "reading")
    return read if len(read) < MAX_HELD_ITEMS else chain(read, items)
