"""Going back, keeping, clearing away, mending: what keeps an index whole and small."""

import dataclasses
import shutil
import sqlite3

import pytest

from index.archive import Archive
from index.article import Article
from index.build import BuildMode, build, remove
from index.errors import (
    ArchiveDamagedError,
    ArchiveLockedError,
    ArchiveNotFoundError,
    ArticleRemovedError,
)
from index.filters import Filter
from index.lock import writer_lock
from index.progress import Stage
from index.repair import repair
from index.salvage import rebuild_salvaged, salvage
from tests.index.corpus import CHUNKING, add, article, build_index, numbered, open_index

EVERYTHING = Filter()
SECRET = article("secret", "The unspeakable zanzibar affair.", title="Affair")


def titles(root):
    return {record.title for record in Archive(root).list_articles()}


def words(root, embedder, text):
    with open_index(root) as snapshot:
        hits = snapshot.search_lexical(text, 20, EVERYTHING)
        return {passage.text for passage in snapshot.passages([hit.row for hit in hits])}


class TestRollback:
    def test_an_earlier_version_is_live_at_once_and_the_next_addition_starts_from_it(self, root, embedder):
        build_index(root, numbered(3), embedder)
        add(root, [SECRET], embedder)
        report = Archive(root).rollback("000001")
        assert (report.version, report.previous, report.withdrawn) == ("000001", "000002", 1)
        assert "Affair" not in titles(root)
        added = add(root, [article("new", "Something new.", title="New")], embedder)
        assert added.version == "000003"
        assert titles(root) == {"Report 0", "Report 1", "Report 2", "New"}

    def test_a_version_may_be_named_without_its_zeros(self, root, embedder):
        build_index(root, numbered(1), embedder)
        add(root, [SECRET], embedder)
        assert Archive(root).rollback("1").version == "000001"

    def test_a_dry_run_says_what_would_be_and_changes_nothing(self, root, embedder):
        build_index(root, [*numbered(2), SECRET], embedder)
        remove(root, [SECRET.id])
        assert Archive(root).rollback("000001", dry_run=True).restored == 1
        assert Archive(root).current_version() == "000002"

    def test_a_version_that_is_not_there_is_refused(self, root, embedder):
        build_index(root, numbered(1), embedder)
        with pytest.raises(ArchiveNotFoundError, match="dateline index versions"):
            Archive(root).rollback("000009")

    def test_a_damaged_version_is_refused_and_the_live_one_stays(self, root, embedder):
        build_index(root, numbered(2), embedder)
        add(root, [SECRET], embedder)
        spoil(root / "versions" / "000001" / "vectors.faiss")
        with pytest.raises(ArchiveDamagedError):
            Archive(root).rollback("000001")
        assert Archive(root).current_version() == "000002"


class TestGarbage:
    def test_the_newest_the_live_and_the_pinned_stay(self, root, embedder):
        build_index(root, numbered(1), embedder)
        for number in range(5):
            add(root, [article(f"a{number}", f"Text number {number} of the harbour.")], embedder)
        archive = Archive(root)
        archive.pin("2", pinned=True)
        archive.rollback("000004")
        report = archive.collect_garbage(keep=1)
        assert report.kept == ("000002", "000004", "000006")
        assert [one.version for one in archive.versions()] == ["000002", "000004", "000006"]
        assert archive.verify() == []
        for version in report.kept:
            archive.rollback(version)
            with archive.open() as snapshot:
                assert snapshot.article_count == int(version)
        archive.pin("2", pinned=False)
        assert "000002" in archive.collect_garbage(keep=1).removed

    def test_a_dry_run_removes_nothing(self, root, embedder):
        build_index(root, numbered(1), embedder)
        build_index(root, numbered(2), embedder)
        report = Archive(root).collect_garbage(keep=1, dry_run=True)
        assert (report.removed, report.dry_run) == (("000001",), True)
        assert report.freed_bytes > 0
        assert len(Archive(root).versions()) == 2

    def test_text_that_only_removed_versions_had_is_gone_from_the_disk(self, root, embedder):
        build_index(root, [SECRET, *numbered(3)], embedder)
        remove(root, [SECRET.id])
        assert b"zanzibar" in b"".join(path.read_bytes() for path in root.glob("catalogue.db*"))
        report = Archive(root).collect_garbage(keep=1)
        assert (report.removed, report.revisions, report.vectors) == (("000001",), 1, 1)
        assert not any(b"zanzibar" in path.read_bytes() for path in root.rglob("*") if path.is_file())
        assert Archive(root).verify() == []
        with pytest.raises(ArticleRemovedError, match="removed in version 000002"):
            Archive(root).article(SECRET.id)

    def test_earlier_revisions_of_live_articles_stay(self, root, embedder):
        early = article("story", "The bridge opens in 2027.", published="2026-03-01")
        build_index(root, [early], embedder)
        add(
            root,
            [dataclasses.replace(early, text="The bridge opens in 2028.", updated="2026-03-09")],
            embedder,
        )
        Archive(root).collect_garbage(keep=1)
        assert Archive(root).article(early.id).revisions == ((1, "2026-03-01"), (2, "2026-03-09"))
        assert Archive(root).verify() == []

    def test_what_was_embedded_for_a_kept_version_is_not_embedded_again(self, root, embedder):
        build_index(root, numbered(4), embedder)
        add(root, [SECRET], embedder)
        Archive(root).collect_garbage(keep=1)
        assert build_index(root, [*numbered(4), SECRET], embedder).embedded == 0

    def test_a_version_that_is_being_read_stays(self, root, embedder):
        build_index(root, numbered(2), embedder)
        with open_index(root) as snapshot:
            build_index(root, numbered(3), embedder)
            report = Archive(root).collect_garbage(keep=1)
            assert (report.removed, report.in_use) == ((), ("000001",))
            assert len(snapshot.search_lexical("harbour", 5, EVERYTHING)) == 2
        assert Archive(root).collect_garbage(keep=1).removed == ("000001",)


def spoil(path):
    """Change one byte in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x40
    path.write_bytes(bytes(data))


def lexical_file(root, version="000001"):
    folder = root / "versions" / version / "lexical"
    return max((path for path in folder.iterdir() if path.is_file()), key=lambda path: path.stat().st_size)


class TestRepair:
    @pytest.mark.parametrize(
        "harm",
        [
            lambda root: spoil(root / "versions/000001/vectors.faiss"),
            lambda root: spoil(root / "versions/000001/manifest.json"),
            lambda root: spoil(lexical_file(root)),
            lambda root: (root / "versions/000001/vectors.faiss").unlink(),
            lambda root: shutil.rmtree(root / "versions/000001"),
            lambda root: shutil.rmtree(root / "versions/000001/lexical"),
        ],
    )
    def test_damaged_files_are_written_anew_without_embedding(self, root, embedder, harm):
        build_index(root, [SECRET, *numbered(3)], embedder)
        embedder.embedded.clear()
        harm(root)
        report = repair(root)
        assert (report.version, report.rebuilt, report.removed[:1]) == (
            "000002",
            True,
            ("000001",) if report.removed else (),
        )
        assert report.problems
        assert embedder.embedded == []
        assert Archive(root).verify() == []
        assert words(root, embedder, "zanzibar") == {SECRET.text}

    def test_a_whole_index_is_left_as_it_is(self, root, embedder):
        build_index(root, numbered(2), embedder)
        report = repair(root)
        assert (report.version, report.rebuilt, report.problems, report.removed) == ("000001", False, (), ())

    def test_a_pointer_that_names_nothing_is_set_to_the_newest_version(self, root, embedder):
        build_index(root, numbered(2), embedder)
        add(root, [SECRET], embedder)
        (root / "CURRENT").write_text("nonsense")
        assert repair(root).version == "000002"
        assert "Affair" in titles(root)

    def test_another_damaged_version_is_removed(self, root, embedder):
        build_index(root, numbered(2), embedder)
        add(root, [SECRET], embedder)
        spoil(root / "versions/000001/vectors.faiss")
        report = repair(root)
        assert (report.version, report.rebuilt, report.removed) == ("000002", False, ("000001",))
        assert Archive(root).verify() == []

    @pytest.mark.parametrize(
        "harm",
        [
            lambda folder: spoil(folder / "vectors.faiss"),
            lambda folder: spoil(folder / "manifest.json"),
            lambda folder: (folder / "contents.npz").unlink(),
            shutil.rmtree,
        ],
    )
    def test_a_pinned_version_is_written_anew_with_its_own_articles(self, root, embedder, harm):
        build_index(root, [SECRET, *numbered(2)], embedder)
        remove(root, [SECRET.id])
        Archive(root).pin("1", pinned=True)
        embedder.embedded.clear()
        harm(root / "versions/000001")
        report = repair(root)
        assert (report.version, report.rebuilt, report.removed) == ("000002", False, ())
        assert report.restored == ("000001",)
        assert Archive(root).verify() == []
        assert embedder.embedded == []
        assert "Affair" not in titles(root)
        assert [(one.manifest.version, one.pinned) for one in Archive(root).describe_versions()] == [
            ("000001", True),
            ("000002", False),
        ]
        Archive(root).rollback("1")
        assert words(root, embedder, "zanzibar") == {SECRET.text}

    def test_a_pinned_live_version_stays_beside_the_one_that_is_written_anew(self, root, embedder):
        build_index(root, numbered(2), embedder)
        Archive(root).pin("1", pinned=True)
        spoil(root / "versions/000001/vectors.faiss")
        report = repair(root)
        assert (report.version, report.removed, report.restored) == ("000002", (), ("000001",))
        assert Archive(root).verify() == []

    def test_the_texts_of_a_pinned_version_outlast_the_loss_of_its_folder(self, root, embedder):
        build_index(root, [SECRET, *numbered(2)], embedder)
        remove(root, [SECRET.id])
        Archive(root).pin("1", pinned=True)
        shutil.rmtree(root / "versions/000001")
        assert Archive(root).collect_garbage(keep=1).revisions == 0
        assert repair(root).restored == ("000001",)
        Archive(root).rollback("1")
        assert words(root, embedder, "zanzibar") == {SECRET.text}

    def test_what_was_removed_does_not_come_back(self, root, embedder):
        build_index(root, [SECRET, *numbered(2)], embedder)
        remove(root, [SECRET.id])
        spoil(root / "versions/000002/vectors.faiss")
        repair(root)
        assert words(root, embedder, "zanzibar") == set()

    def test_a_version_of_an_older_release_is_brought_up_to_date(self, root, embedder):
        from index.manifest import MANIFEST_NAME

        build_index(root, numbered(2), embedder)
        path = root / "versions/000001" / MANIFEST_NAME
        older = Archive(root).versions()[0].model_copy(update={"derived": 1, "contents": ""})
        path.write_bytes(older.render())
        with pytest.raises(Exception, match="dateline index repair"):
            open_index(root)
        assert repair(root).rebuilt
        with open_index(root) as snapshot:
            assert snapshot.article_count == 2

    def test_nothing_to_repair_is_said(self, root):
        with pytest.raises(ArchiveNotFoundError):
            repair(root)


def change(root, sql):
    """Change the catalogue behind the project's back."""
    connection = sqlite3.connect(root / "catalogue.db")
    connection.execute(sql)
    connection.commit()
    connection.close()


class TestDamagedCatalogue:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE revisions SET text = replace(text, 'number1', 'number7')",
            "UPDATE revisions SET updated = '2027-01-01' WHERE id = 1",
            "UPDATE revisions SET published = '2020-01-09' WHERE id = 1",
            "UPDATE chunks SET end_char = end_char - 3 WHERE row = 1",
            "UPDATE vectors SET vector = zeroblob(length(vector)) WHERE id = 1",
            "UPDATE changes SET revision_id = 1 WHERE revision_id = 2",
            "DELETE FROM changes WHERE revision_id = 2",
            "DELETE FROM chunks WHERE row = 2",
        ],
    )
    def test_what_was_altered_is_found_and_never_repaired_by_guessing(self, root, embedder, sql):
        build_index(root, numbered(3), embedder)
        change(root, sql)
        assert Archive(root).verify() != []
        with pytest.raises(ArchiveDamagedError, match="--salvage"):
            repair(root)

    def test_what_is_sound_can_be_saved(self, root, embedder):
        build_index(root, [SECRET, *numbered(3)], embedder)
        remove(root, [SECRET.id])
        change(root, "UPDATE revisions SET text = 'forged' WHERE title = 'Report 1'")
        saved = list(salvage(root))
        assert {item.title for item in saved if isinstance(item, Article)} == {"Report 0", "Report 2"}
        (lost,) = [item for item in saved if not isinstance(item, Article)]
        assert lost.reason == "is not what was stored"
        build(root, saved, embedder=embedder, chunking=CHUNKING, mode=BuildMode.REPLACE)
        assert titles(root) == {"Report 0", "Report 2"}
        assert {record.id for record in Archive(root).list_articles()} <= {one.id for one in numbered(3)}
        assert Archive(root).verify() == []

    def test_nobody_else_writes_between_the_reading_and_the_swap_of_what_is_saved(self, root, embedder):
        build_index(root, numbered(3), embedder)
        change(root, "UPDATE revisions SET text = 'forged' WHERE title = 'Report 1'")
        refused = []

        def write_too(progress):
            with pytest.raises(ArchiveLockedError, match="another process is writing"):
                add(root, [SECRET], embedder)
            refused.append(progress.stage)

        report = rebuild_salvaged(root, embedder=embedder, chunking=CHUNKING, progress=write_too)
        assert {Stage.READ, Stage.PUBLISH} <= set(refused)
        assert (report.articles, len(report.skipped)) == (2, 1)
        assert Archive(root).verify() == []
        assert add(root, [SECRET], embedder).articles == 3

    def test_nothing_is_saved_while_somebody_writes(self, root, embedder):
        build_index(root, numbered(3), embedder)
        with writer_lock(root), pytest.raises(ArchiveLockedError):
            rebuild_salvaged(root, embedder=embedder, chunking=CHUNKING)
        assert Archive(root).current_version() == "000001"

    def test_of_a_folder_that_is_not_there_nothing_is_saved_and_nothing_made(self, root, embedder):
        with pytest.raises(ArchiveNotFoundError):
            rebuild_salvaged(root, embedder=embedder, chunking=CHUNKING)
        assert not root.exists()

    def test_a_file_that_is_no_database_saves_nothing_and_says_so(self, root, embedder):
        build_index(root, numbered(1), embedder)
        (root / "catalogue.db").write_bytes(b"no database at all" * 100)
        assert not any(isinstance(item, Article) for item in salvage(root))


def test_a_catalogue_is_whole_without_its_log_when_a_writer_is_done(root, embedder):
    build_index(root, numbered(3), embedder)
    with open_index(root):
        add(root, [SECRET], embedder)
    log = root / "catalogue.db-wal"
    assert not log.exists() or log.stat().st_size == 0
