"""Pass after pass: at each source's interval, when a failure is to be tried again, when a file changes."""

import time
from collections.abc import Generator, Sequence
from datetime import UTC, datetime

from index.errors import ArchiveDamagedError, ArchiveError, ArchiveMismatchError
from index.progress import ProgressListener
from index.sync.changes import Changes
from index.sync.report import Failure, PassReport, SourceReport
from index.sync.run import Sync
from index.sync.source import Source

_LOOK_EVERY_S = 2.0
_AFTER_FAILURE_S = 60.0


def watch(
    sync: Sync, sources: Sequence[Source], *, progress: ProgressListener | None = None
) -> Generator[PassReport, None, None]:
    """Yield the report of each pass, over the sources that were due; ends only with an exception.

    An interrupt (`KeyboardInterrupt`) may come at any moment: what was not stored by then is read again.

    Raises:
        DatelineError: where nothing can be stored and waiting does not help.
    """
    changes = Changes(sources, without=sync.root)
    due = {source.place: 0.0 for source in sources}
    try:
        changes.watch_what_is_there()
        while True:
            began = time.monotonic()
            now_due = [source for source in sources if due[source.place] <= began]
            if now_due:
                report = _pass(sync, now_due, progress)
                for source, one in zip(now_due, report.sources, strict=True):
                    due[source.place] = began + _pause(source, one.failed)
                yield report
            next_due = min(due.values()) - time.monotonic()
            for place in changes.wait(min(next_due, _LOOK_EVERY_S)):
                due[place] = 0.0
            for place in changes.watch_what_is_there():
                due[place] = 0.0
    finally:
        changes.stop()


def _pass(sync: Sync, sources: Sequence[Source], progress: ProgressListener | None) -> PassReport:
    """Make a pass; where the index cannot be written to for now every source of it has failed."""
    try:
        return sync.run(sources, progress=progress)
    except (ArchiveDamagedError, ArchiveMismatchError):
        raise
    except ArchiveError as error:
        failed = Failure(reason=str(error))
        reports = (SourceReport(name=one.name, source=one.place, failed=failed) for one in sources)
        return PassReport(sources=tuple(reports), version=None, articles=0, seconds=0.0)


def _pause(source: Source, failed: Failure | None) -> float:
    """Return after how many seconds a source is due again."""
    if failed is None:
        return source.interval_s
    if failed.next_try is None:
        return _AFTER_FAILURE_S
    until = datetime.fromisoformat(failed.next_try) - datetime.now(UTC)
    return max(until.total_seconds(), 1.0)
