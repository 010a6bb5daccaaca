"""What a new version holds, and its files: made out of the version before where that is sound, else whole."""

import logging
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from index.contents_file import CONTENTS_NAME, load_contents
from index.copies import find_near_copies, fingerprint_texts
from index.dedup import FINGERPRINT_REVISION
from index.derive import default_engines, write_all, write_difference
from index.edition import Amendment, Contents, amend, contents_of
from index.embedding import EmbedderInfo
from index.errors import ArchiveDamagedError
from index.integrity import file_problem
from index.ledger import Ledger
from index.linking import Base, are_unaltered
from index.manifest import DERIVED_FORM, Manifest
from index.space import change_bytes, version_bytes
from index.versions import VersionStore

logger = logging.getLogger(__name__)


class Composition:
    """A version that the catalogue knows and that is not written yet."""

    def __init__(self, ledger: Ledger, number: int, contents: Contents, info: EmbedderInfo) -> None:
        """Keep what is to be written; `out_of` names what it is made out of."""
        self._ledger = ledger
        self._number = number
        self._info = info
        self._out_of: tuple[Base, Amendment] | None = None
        self.contents = contents

    def out_of(self, base: Base, change: Amendment) -> None:
        """Have only the difference written."""
        self._out_of = (base, change)

    @property
    def bytes(self) -> int:
        """About how many bytes are going to be written."""
        count = len(self.contents.rows)
        if self._out_of is None:
            return version_bytes(count, self._info.dimension)
        return change_bytes(len(self._out_of[1].new), count, self._info.dimension)

    def write(self, folder: Path) -> Base | None:
        """Write the files into an empty folder; return the version that some of them are shared with.

        Raises:
            ArchiveDamagedError: where the catalogue lacks something of it.
        """
        engines = default_engines()
        if self._out_of is not None:
            base, change = self._out_of
            try:
                write_difference(
                    folder, self._ledger, self._info, engines, version=self._number, change=change, base=base
                )
            except ArchiveDamagedError as error:
                logger.warning("%s; all files are written anew", error)
                for path in folder.iterdir():
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            else:
                return base
        write_all(folder, self._ledger, self.contents, self._info, engines)
        return None


def compose(
    store: VersionStore,
    ledger: Ledger,
    number: int,
    info: EmbedderInfo,
    *,
    parent: Manifest | None,
    live: Manifest | None,
    changed: Collection[str],
) -> Composition:
    """Find out what the drafted version `number` holds, and the copies among it.

    It differs from its `parent` by the articles that `changed`; without one it is made whole, and only
    what the `live` version does not show is compared with the rest.
    """
    forgotten = ledger.forget_fingerprints(except_by=FINGERPRINT_REVISION)
    base = load_base(store, live) if live and ledger.knows(live.number) and not forgotten else None
    if base and parent and _may_start_from(ledger, base, parent, number):
        current = ledger.membership(number, changed)
        fingerprint_texts(ledger, list(current.values()))
        change = amend(ledger, number, base.contents, parent.number, changed)
        composition = Composition(ledger, number, change.contents, info)
        composition.out_of(base, change)
    else:
        fingerprint_texts(ledger, list(ledger.membership(number).values()))
        composition = Composition(ledger, number, contents_of(ledger, number), info)
    compared = base.contents.edition.shown if base else np.zeros(0, dtype=np.int64)
    find_near_copies(ledger, composition.contents.edition.shown, compared)
    return composition


def recompose(ledger: Ledger, number: int, info: EmbedderInfo) -> Composition:
    """Find out what a version holds whose articles are those of one that was published before.

    Its texts were compared then: only those are that had no fingerprints yet.
    """
    forgotten = ledger.forget_fingerprints(except_by=FINGERPRINT_REVISION)
    missing: Sequence[int] = fingerprint_texts(ledger, list(ledger.membership(number).values()))
    contents = contents_of(ledger, number)
    shown = contents.edition.shown
    compared = shown[:0] if forgotten else np.setdiff1d(shown, missing, assume_unique=True)
    find_near_copies(ledger, shown, compared)
    return Composition(ledger, number, contents, info)


def load_base(store: VersionStore, manifest: Manifest) -> Base | None:
    """Return a published version to start from; None where its files are not what was published."""
    if manifest.derived != DERIVED_FORM or CONTENTS_NAME not in manifest.files:
        return None
    try:
        folder = store.folder(manifest.version)
        record = manifest.files[CONTENTS_NAME]
        if not are_unaltered(folder, manifest) or file_problem(folder, CONTENTS_NAME, record, thorough=False):
            return None
        contents, layout = load_contents(folder / CONTENTS_NAME)
    except ArchiveDamagedError:
        return None
    return Base(folder=folder, manifest=manifest, contents=contents, layout=layout)


def _may_start_from(ledger: Ledger, base: Base, parent: Manifest, number: int) -> bool:
    """Say whether a version is cut and embedded as its parent was, and that is what `base` is."""
    return (
        base.manifest.version == parent.version
        and ledger.version_settings(parent.number) == ledger.version_settings(number)
        and len(base.contents.rows) > 0
    )
