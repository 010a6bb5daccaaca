"""Writing down which texts are alike: their fingerprints, and the near-copies found by them."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from index.catalogue_writer import WritableCatalogue
from index.checksums import row_checksum


class CopyLedger(WritableCatalogue):
    """Stores fingerprints and pairs of near-copies."""

    def forget_fingerprints(self, *, except_by: int) -> bool:
        """Drop all fingerprints, and what was found by them, where another revision of the method made some.

        Returns whether it was so.
        """
        with self.transaction():
            # One method makes them all, so that any of them tells.
            made_by = self._all("SELECT made_by FROM fingerprints LIMIT 1", ())
            if made_by and made_by[0][0] != except_by:
                for table in ("near_copies", "bands", "fingerprints"):
                    self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - three fixed names
                return True
        return False

    def without_fingerprint(self, revision_ids: Sequence[int]) -> list[int]:
        """Return those of the revisions that have no fingerprint, ascending."""
        sql = "SELECT revision_id FROM fingerprints WHERE revision_id IN (*)"
        known = {row[0] for row in self._in(revision_ids, sql)}
        return sorted(set(revision_ids) - known)

    def add_fingerprint(self, revision_id: int, made_by: int, same_text: bytes, bands: Sequence[int]) -> None:
        """Store what tells copies of a revision's text."""
        self._connection.execute(
            "INSERT INTO fingerprints (revision_id, made_by, same_text) VALUES (?, ?, ?)",
            (revision_id, made_by, same_text),
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO bands (band, revision_id) VALUES (?, ?)",
            [(band, revision_id) for band in bands],
        )

    def bands(self, revision_ids: Sequence[int]) -> dict[int, list[int]]:
        """Return the bands of each revision's fingerprint."""
        found: dict[int, list[int]] = {revision_id: [] for revision_id in revision_ids}
        sql = "SELECT revision_id, band FROM bands WHERE revision_id IN (*)"
        for revision_id, band in self._in(revision_ids, sql):
            found[revision_id].append(band)
        return found

    def sharing(self, bands: Sequence[int], *, at_most: int) -> list[int]:
        """Return the revisions that share a band which `at_most` so many hold, those sharing most first."""
        held: dict[int, list[int]] = defaultdict(list)
        for band, revision_id in self._in(bands, "SELECT band, revision_id FROM bands WHERE band IN (*)"):
            held[band].append(revision_id)
        found = Counter(
            revision_id for holders in held.values() if len(holders) <= at_most for revision_id in holders
        )
        return sorted(found, key=lambda revision_id: (-found[revision_id], revision_id))

    def add_near_copies(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Store pairs of near-copies, the lower revision id first."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO near_copies (one, other, checksum) VALUES (?, ?, ?)",
            [(*pair, row_checksum(pair)) for pair in pairs],
        )
