"""What is counted while a source is read."""

from dataclasses import dataclass, field

from index.article import Skipped
from index.progress import BuildReport
from index.sync.report import Failure, SourceReport
from index.sync.source import Source
from index.sync.state import KnownFile

KNOWN_SKIPS_KEPT = 1_000


@dataclass(slots=True, kw_only=True)
class Tally:
    """The counts of a `SourceReport`, so far."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    skipped_before: int = 0
    known_skips: list[Skipped] = field(default_factory=list)
    kept: str | None = None

    def count(self, report: BuildReport) -> None:
        """Add what a build or a removal did."""
        self.added += report.added
        self.updated += report.updated
        self.unchanged += report.unchanged
        self.removed += report.removed
        self.skipped += report.skipped

    def count_known(self, file: KnownFile) -> None:
        """Add a file that was not read again."""
        self.unchanged += file.articles
        self.skipped_before += file.skips
        self.known_skips += file.reasons[: KNOWN_SKIPS_KEPT - len(self.known_skips)]

    def report(self, source: Source, failed: Failure | None, seconds: float) -> SourceReport:
        """Return the report of a source."""
        return SourceReport(
            name=source.name,
            source=source.place,
            added=self.added,
            updated=self.updated,
            unchanged=self.unchanged,
            removed=self.removed,
            skipped=tuple(self.skipped),
            skipped_before=self.skipped_before,
            known_skips=tuple(self.known_skips),
            kept=self.kept,
            failed=failed,
            seconds=seconds,
        )
