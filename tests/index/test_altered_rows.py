"""Rows of the catalogue beside texts and vectors: one that was altered is found, and never shown."""

import sqlite3

import pytest

from index.archive import Archive
from index.build import remove
from index.errors import ArchiveDamagedError
from index.filters import Filter
from index.repair import repair
from tests.index.corpus import article, build_index, numbered, open_index

EVERYTHING = Filter()
FERRY = article(
    "ferry",
    "The ferry from Orvale to the islands will sail twice a day from May, the harbour office said on Monday. "
    "In the winter months it goes once, and not at all when the wind is stronger than eight. "
    "Nineteen villages on the northern shore have asked for a third sailing since the road was closed. "
    "The company says that it cannot pay a second crew before the new quay at Farrow is finished. "
    "Fares stay as they were, and those who live on the islands travel at half the price.",
    title="Ferry",
)
BRIDGE = article(
    "bridge", "The bridge opened.\n\nCorrection: This article has been corrected to say 84 spans."
)


def build_related(root, embedder):
    """Build an index with a correction, two near-copies, a removed article and a pinned version."""
    again = article(
        "again", FERRY.text.replace("Nineteen", "A total of 19"), title="Ferry", source="b.example"
    )
    build_index(root, [BRIDGE, FERRY, again, *numbered(2)], embedder)
    remove(root, [numbered(1)[0].id])
    Archive(root).pin("1", pinned=True)
    assert Archive(root).verify() == []


def alter(root, sql):
    with sqlite3.connect(root / "catalogue.db") as connection:
        assert connection.execute(sql).rowcount
    connection.close()


ALTERED_ROWS = {
    "notices": "UPDATE notices SET text = replace(text, '84', '85')",
    "near_copies": "UPDATE near_copies SET other = other + 2",
    "removals": "UPDATE removals SET removed = replace(removed, '20', '21')",
    "pins": "UPDATE pins SET version = 2",
    "settings": "UPDATE settings SET chunking = replace(chunking, '40', '41')",
    "embedders": "UPDATE embedders SET max_tokens = max_tokens + 1",
}
LOSE_THE_FERRY = "DELETE FROM changes WHERE revision_id = 2"


@pytest.mark.parametrize("table", ALTERED_ROWS)
def test_an_altered_row_beside_texts_and_vectors_is_found_and_not_built_into_a_repair(root, embedder, table):
    build_related(root, embedder)
    alter(root, ALTERED_ROWS[table])
    (damage,) = Archive(root).verify()
    assert damage.problem.startswith(f"{table} row")
    with pytest.raises(ArchiveDamagedError, match="--salvage"):
        repair(root)


def test_an_altered_correction_is_never_shown(root, embedder):
    build_related(root, embedder)
    alter(root, ALTERED_ROWS["notices"])
    with open_index(root) as snapshot:
        (hit,) = snapshot.search_lexical("bridge", 1, EVERYTHING)
        (passage,) = snapshot.passages([hit.row])
        with pytest.raises(ArchiveDamagedError, match=r"notices row .* not what was stored"):
            snapshot.corrections(passage, EVERYTHING)
    with pytest.raises(ArchiveDamagedError, match="notices row"):
        Archive(root).article(BRIDGE.id)


def test_an_altered_pair_of_near_copies_is_never_shown(root, embedder):
    build_related(root, embedder)
    assert len(Archive(root).article(FERRY.id).near_copies) == 1
    alter(root, ALTERED_ROWS["near_copies"])
    for ask in (Archive(root).open, lambda: Archive(root).article(BRIDGE.id)):
        with pytest.raises(ArchiveDamagedError, match=r"near_copies row .* not what was stored"):
            ask()


def test_an_altered_removal_is_never_told(root, embedder):
    build_related(root, embedder)
    alter(root, ALTERED_ROWS["removals"])
    with pytest.raises(ArchiveDamagedError, match=r"removals row .* not what was stored"):
        Archive(root).article(numbered(1)[0].id)


def test_nothing_is_cleared_away_where_it_cannot_be_told_what_is_pinned(root, embedder):
    build_related(root, embedder)
    alter(root, ALTERED_ROWS["pins"])
    with pytest.raises(ArchiveDamagedError, match=r"pins row .* not what was stored"):
        Archive(root).collect_garbage(keep=1)
    assert len(Archive(root).versions()) == 2


def test_the_rows_of_an_older_catalogue_are_given_their_checksums(root, embedder):
    build_related(root, embedder)
    with sqlite3.connect(root / "catalogue.db") as connection:
        for table in ALTERED_ROWS:
            connection.execute(f"ALTER TABLE {table} DROP COLUMN checksum")
        connection.execute("PRAGMA user_version = 3")
    connection.close()
    assert repair(root).problems == ()
    assert Archive(root).verify() == []
    alter(root, ALTERED_ROWS["notices"])
    assert Archive(root).verify()


def test_what_a_version_holds_is_told_by_its_own_file_whatever_the_catalogue_lost(root, embedder):
    build_related(root, embedder)
    listed, found = Archive(root).list_articles(), Archive(root).article(BRIDGE.id)
    alter(root, LOSE_THE_FERRY)
    assert Archive(root).list_articles() == listed
    assert Archive(root).article(BRIDGE.id) == found
    for ask in (Archive(root).article, Archive(root).find):
        with pytest.raises(ArchiveDamagedError, match="other articles than version 000002"):
            ask(FERRY.id)
    assert Archive(root).verify()


@pytest.mark.parametrize("harm", [lambda path: path.write_bytes(b"PK"), lambda path: path.unlink()])
def test_what_a_version_holds_is_told_by_the_catalogue_where_its_own_file_is_damaged(root, embedder, harm):
    build_related(root, embedder)
    archive = Archive(root)
    sound = archive.info(), archive.list_articles(), archive.article(BRIDGE.id)
    harm(root / "versions/000002/contents.npz")
    assert (archive.info().sources, archive.list_articles(), archive.article(BRIDGE.id)) == (
        sound[0].sources,
        *sound[1:],
    )
    alter(root, LOSE_THE_FERRY)
    with pytest.raises(ArchiveDamagedError, match="other articles than version 000002"):
        archive.list_articles()


def test_the_texts_of_another_index_are_never_shown_as_its_own(root, embedder, tmp_path):
    build_related(root, embedder)
    other = tmp_path / "other"
    build_index(other, reversed(numbered(9)), embedder)
    remove(other, [numbered(1)[0].id])
    (root / "catalogue.db").write_bytes((other / "catalogue.db").read_bytes())
    for ask in (Archive(root).list_articles, lambda: Archive(root).article(numbered(9)[8].id)):
        with pytest.raises(ArchiveDamagedError, match="--salvage"):
            ask()
