"""Removing articles by their ids alone, as many at once as there are."""

from collections.abc import Mapping
from pathlib import Path

from index.progress import BuildReport, Meter, ProgressListener
from index.publish import Publisher
from index.writing import live_manifest, not_found, writing


def withdraw(
    root: Path, revisions: Mapping[str, int], *, progress: ProgressListener | None = None
) -> BuildReport:
    """Publish a version without some articles, those left in it that have another revision by now.

    Unlike `index.build.remove` it removes no other source of the same text, and does not look for each
    article by all of its names. `revisions` are the current ones by article id.

    Raises:
        ArchiveNotFoundError: where there is no index.
        ArchiveLockedError: where another process is writing.
    """
    meter = Meter(progress)
    with writing(root) as (store, ledger):
        parent = live_manifest(store, strict=True)
        if parent is None:
            raise not_found(root)
        before = ledger.membership(parent.number, revisions)
        settings_id, _ = ledger.settings(parent.embedder, parent.chunking)
        settings_id = ledger.version_settings(parent.number) or settings_id
        publisher = Publisher(store, ledger, parent.embedder, parent.chunking, settings_id, meter)
        gone: dict[str, int | None] = {
            one: None for one, revision in revisions.items() if before.get(one) == revision
        }
        if not gone:
            return publisher.unchanged(parent, 0)
        return publisher.publish(mode="remove", parent=parent, changes=gone, history={}, before=before)
