"""Does one task, in the process that was made for it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.article import Article, Skipped
from index.build import BuildMode
from index.cleaning import repair
from index.errors import ArchiveLockedError
from index.readers.posted import read_posted
from ui.building import build_from_sources
from ui.jobs.task import MAX_SKIPPED, JobKind, Result, TakenArticle, Task

if TYPE_CHECKING:
    from index.config import ReadingConfig
    from index.progress import BuildReport, ProgressListener
    from ui.cli.backend import Backend
    from ui.config import AppSettings

LOCK_POLL_S = 0.2


def perform(
    backend: "Backend",
    settings: "AppSettings",
    task: Task,
    *,
    skipped: list[Skipped],
    progress: "ProgressListener",
) -> Result:
    """Do a task and return what it did; what gave no article is noted in `skipped` as it is met.

    Raises:
        ArchiveLockedError: where another process writes for longer than the task waits.
        DatelineError: as the command of the same name does.
    """
    until = time.monotonic() + task.lock_wait_s
    while True:
        skipped.clear()
        try:
            return _perform(backend, settings, task, skipped, progress)
        except ArchiveLockedError:
            if time.monotonic() >= until:
                raise
            time.sleep(LOCK_POLL_S)


def _perform(
    backend: "Backend",
    settings: "AppSettings",
    task: Task,
    skipped: list[Skipped],
    progress: "ProgressListener",
) -> Result:
    match task.kind:
        case JobKind.ADD:
            articles = _read(task.articles, settings.reading, skipped)
            if not articles:
                return _result(None, (), skipped)
            report = backend.build(settings, articles, mode=BuildMode.ADD, progress=progress)
            skipped += report.skipped
            return _result(report, articles, skipped)
        case JobKind.REMOVE:
            backend.archive(settings).check_article(task.article_id)
            return _result(backend.remove(settings, [task.article_id], progress=progress), (), skipped)
        case JobKind.REBUILD if task.sources:
            report = build_from_sources(
                backend, settings, task.sources, mode=BuildMode.REPLACE, skipped=skipped, progress=progress
            )
            return _result(report, (), report.skipped)
        case JobKind.REBUILD:
            return _result(backend.rebuild(settings, progress=progress), (), skipped)


def _read(
    records: Sequence[Mapping[str, object]], reading: "ReadingConfig", skipped: list[Skipped]
) -> list[Article]:
    """Return the articles of records; one that gives none is named by its place in the request."""
    articles = []
    for number, record in enumerate(records):
        for found in read_posted(record, reading):
            if isinstance(found, Article):
                articles.append(found)
            else:
                skipped.append(Skipped(origin=f"#/articles/{number}", reason=repair(found.reason)))
    return articles


def _result(report: "BuildReport | None", taken: Sequence[Article], skipped: Sequence[Skipped]) -> Result:
    articles = [
        TakenArticle(id=one.id, title=one.title, url=one.url, source=one.source, published=one.published)
        for one in taken
    ]
    return Result(
        report=report and replace(report, skipped=()),  # they may be many, and are told beside it
        articles=tuple(articles),
        skipped=tuple(skipped[:MAX_SKIPPED]),
        skipped_total=len(skipped),
    )
