"""Make a version anew from the articles of the catalogue, under other settings if need be.

No source is read: what changes is how the articles are cut and which model embeds them. Articles keep
their ids, dates, revisions and days of ingest; what was removed stays removed.
"""

from collections.abc import Sequence
from pathlib import Path

from index.config import ChunkingConfig
from index.edition import contents_of
from index.embedding import Embedder
from index.ingest import Ingest
from index.integrity import check_contents
from index.ledger import Ledger
from index.progress import BuildReport, Meter, ProgressListener, Stage
from index.publish import Publisher, report_of
from index.space import build_bytes, megabytes, require_space
from index.versions import VersionStore
from index.writing import live_manifest, not_found, writing

TEXTS_PER_STEP = 64
IDS_PER_QUERY = 500


def rebuild(
    root: Path,
    *,
    embedder: Embedder,
    chunking: ChunkingConfig,
    progress: ProgressListener | None = None,
) -> BuildReport:
    """Publish the articles of the live version anew, cut and embedded under these settings.

    The live version answers until the new one is whole. What was embedded before by the same model is
    not embedded again, also by a rebuild that did not end. The articles of the report's `progress` are
    texts: earlier revisions that are kept for questions about earlier days count too.

    Raises:
        ArchiveNotFoundError: where there is no index.
        ArchiveLockedError: where another process is writing.
        ArchiveDamagedError: where the live version's manifest, or a text of the catalogue, is damaged.
        ArchiveError: where the disk has too little space; nothing is changed then.
    """
    if VersionStore(root).current() is None:
        raise not_found(root)
    with writing(root) as (store, ledger):
        parent = live_manifest(store, strict=True)
        if parent is None:
            raise not_found(root)
        check_contents(root, parent, contents_of(ledger, parent.number).digest())
        texts = [member.revision_id for member in ledger.members(parent.number)]
        meter = Meter(progress, len(texts))
        ingest = Ingest(ledger, embedder, chunking, meter)
        _require_space(root, ledger, ledger.uncut(texts, ingest.settings_id), embedder.info.dimension, meter)
        for start in range(0, len(texts), TEXTS_PER_STEP):
            step = texts[start : start + TEXTS_PER_STEP]
            ingest.embed(step)
            meter.articles += len(step)
            meter.tell(Stage.EMBED)
        publisher = Publisher(store, ledger, embedder.info, chunking, ingest.settings_id, meter)
        manifest = publisher.republish(parent.number, mode="rebuild")
        return report_of(manifest, meter, unchanged=manifest.articles)


def _require_space(root: Path, ledger: Ledger, new: Sequence[int], dimension: int, meter: Meter) -> None:
    """Say how much disk the texts that were never cut under these settings take, and require it."""
    characters = 0
    for start in range(0, len(new), IDS_PER_QUERY):
        ids = ",".join(str(int(one)) for one in new[start : start + IDS_PER_QUERY])
        sql = f"SELECT COALESCE(SUM(LENGTH(text)), 0) FROM revisions WHERE id IN ({ids})"  # noqa: S608
        characters += int(ledger.run(sql)[0][0])
    needed = build_bytes(characters, dimension)
    free = require_space(root, needed)
    meter.tell(Stage.READ, f"about {megabytes(needed)} of disk at most, {megabytes(free)} are free")
