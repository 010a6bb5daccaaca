"""Find which articles of a new version are copies of others; what was found once is not looked for again."""

from collections.abc import Iterable, Sequence

import numpy as np

from index.catalogue import Revision
from index.dedup import (
    FINGERPRINT_REVISION,
    MAX_CANDIDATES,
    MAX_HOLDERS,
    are_near_copies,
    fingerprint,
    normalised_hash,
)
from index.ledger import Ledger
from index.search import Rows

REVISIONS_PER_READ = 256
MIN_TELLING_CHARS = 60


def fingerprint_texts(ledger: Ledger, revision_ids: Sequence[int]) -> list[int]:
    """Store the fingerprints of those of the revisions that have none, and return which they were."""
    missing = ledger.without_fingerprint(revision_ids)
    for part in _parts(missing):
        made = {
            revision_id: (fingerprint(revision.article.text), revision.article)
            for revision_id, revision in ledger.revisions(part).items()
        }
        with ledger.transaction():
            for revision_id, (found, article) in made.items():
                key = copy_key(article.title, article.text)
                ledger.add_fingerprint(revision_id, FINGERPRINT_REVISION, key, found.bands)
    return missing


def find_near_copies(ledger: Ledger, shown: Rows, compared: Rows) -> None:
    """Note the near-copies among the revisions that a version shows; ascending ids.

    Those that were `compared` with each other before are compared with the others only, so that the cost
    grows with what is new. Only texts that share a band of their fingerprints are compared.
    """
    new = np.setdiff1d(shown, compared, assume_unique=True)
    for part in _parts(new.tolist()):
        revisions = ledger.revisions(part)
        bands = ledger.bands(part)
        pairs = [
            pair
            for revision_id in part
            for pair in _pairs(ledger, revisions[revision_id], bands[revision_id], shown)
        ]
        with ledger.transaction():
            ledger.add_near_copies(pairs)


def _pairs(ledger: Ledger, revision: Revision, bands: Sequence[int], shown: Rows) -> list[tuple[int, int]]:
    """Return the near-copies of one revision, each pair with the lower id first."""
    sharing = np.array(ledger.sharing(bands, at_most=MAX_HOLDERS), dtype=np.int64)
    places = np.minimum(np.searchsorted(shown, sharing), len(shown) - 1)
    candidates = sharing[(shown[places] == sharing) & (sharing != revision.id)]
    others = ledger.revisions(candidates[:MAX_CANDIDATES].tolist())
    return [
        (min(revision.id, other), max(revision.id, other))
        for other, candidate in others.items()
        if are_near_copies(revision.article, candidate.article)
    ]


def copy_key(title: str, text: str) -> bytes:
    """Return what articles of the same text share; of a very short one the title has to be the same too.

    A few words may be all that is left of pages that hold no article.
    """
    return normalised_hash(text if len(text) >= MIN_TELLING_CHARS else f"{title}\n{text}")


def _parts(revision_ids: Iterable[int]) -> Iterable[list[int]]:
    ids = list(revision_ids)
    for start in range(0, len(ids), REVISIONS_PER_READ):
        yield ids[start : start + REVISIONS_PER_READ]
