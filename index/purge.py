"""Take out of the catalogue what only versions had that are no more."""

from collections.abc import Sequence

from index.ledger import Ledger

_UNREFERENCED_VECTORS = """
FROM vectors WHERE id NOT IN (SELECT c.vector_id FROM chunks c JOIN kept k ON k.revision_id = c.revision_id)
"""
_OF_REVISIONS = ("raw_texts", "notices", "fingerprints", "bands", "chunks")


def unreferenced(ledger: Ledger, versions: Sequence[int]) -> tuple[int, int]:
    """Return how many revisions and vectors none of the versions has."""
    with ledger.transaction():
        _note_kept(ledger, versions)
        revisions = ledger.run(
            "SELECT COUNT(*) FROM revisions WHERE id NOT IN (SELECT revision_id FROM kept)"
        )
        vectors = ledger.run(f"SELECT COUNT(*) {_UNREFERENCED_VECTORS}")
        return int(revisions[0][0]), int(vectors[0][0])


def purge(ledger: Ledger, versions: Sequence[int]) -> None:
    """Remove all other versions, and the revisions, chunks and vectors that none of these has.

    Removed text is overwritten in the file, not only forgotten. The ids of removed articles stay.
    """
    ledger.run("PRAGMA secure_delete = ON")
    ledger.run("PRAGMA foreign_keys = OFF")
    try:
        with ledger.transaction(durable=True):
            _flatten(ledger, versions)
            _note_kept(ledger, versions)
            gone = "(SELECT id FROM revisions WHERE id NOT IN (SELECT revision_id FROM kept))"
            ledger.run(f"DELETE FROM near_copies WHERE one IN {gone} OR other IN {gone}")  # noqa: S608
            for table in _OF_REVISIONS:
                ledger.run(f"DELETE FROM {table} WHERE revision_id IN {gone}")  # noqa: S608
            ledger.run(f"DELETE FROM revisions WHERE id IN {gone}")  # noqa: S608
            ledger.run(f"DELETE {_UNREFERENCED_VECTORS}")
    finally:
        ledger.run("PRAGMA foreign_keys = ON")
    ledger.run("VACUUM")
    ledger.run("PRAGMA wal_checkpoint(TRUNCATE)")


def _flatten(ledger: Ledger, versions: Sequence[int]) -> None:
    """Give each version its whole membership, so that it needs no parent, and forget the others."""
    members = {version: ledger.members(version) for version in versions}
    ledger.run("DELETE FROM history")
    ledger.run("DELETE FROM changes")
    marks = ",".join(str(int(version)) for version in versions)
    ledger.run(f"DELETE FROM versions WHERE version NOT IN ({marks})")  # noqa: S608 - whole numbers
    ledger.run("DELETE FROM pins WHERE version NOT IN (SELECT version FROM versions)")
    ledger.run("UPDATE versions SET parent = NULL")
    for version, found in members.items():
        ledger.add_changes(version, {one.article_id: one.revision_id for one in found if one.current})
        ledger.add_history(version, [(one.article_id, one.revision_id) for one in found if not one.current])


def _note_kept(ledger: Ledger, versions: Sequence[int]) -> None:
    """Fill the temporary table `kept` with the revisions of the versions."""
    ledger.run("CREATE TEMP TABLE IF NOT EXISTS kept (revision_id INTEGER PRIMARY KEY)")
    ledger.run("DELETE FROM kept")
    for version in versions:
        ids = [(member.revision_id,) for member in ledger.members(version)]
        ledger.run_many("INSERT OR IGNORE INTO kept (revision_id) VALUES (?)", ids)
