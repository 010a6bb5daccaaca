"""Whatever is killed, flipped, planted or raced: acknowledged articles are there, damage is refused."""

import dataclasses
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.archive import Archive
from index.article import Article
from index.build import BuildMode, build, remove
from index.errors import ArchiveDamagedError, ArchiveError, ArchiveLockedError, ArchiveMismatchError
from index.filters import Filter
from index.lock import writer_lock
from index.manifest import parse_manifest
from index.progress import Stage
from index.repair import repair
from index.salvage import salvage
from index.schema import SCHEMA_VERSION
from tests.index.corpus import CHUNKING, add, article, build_index, numbered, open_index

REPOSITORY = Path(__file__).parents[2]
EVERYTHING = Filter()

KILLED_WRITER = """
import os, signal, sys
from pathlib import Path
from index.build import BuildMode, build
from tests.fakes import FakeEmbedder
from tests.index.corpus import CHUNKING, numbered

def die(progress):
    if progress.stage == sys.argv[2] and progress.embedded >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

root, articles, mode = Path(sys.argv[1]), numbered(400), BuildMode.ADD
build(root, articles, embedder=FakeEmbedder(), chunking=CHUNKING, mode=mode, progress=die)
"""

STARVED_WRITER = """
import resource, signal, sys
from pathlib import Path
from index.build import BuildMode, build
from index.errors import ArchiveError
from tests.fakes import FakeEmbedder
from tests.index.corpus import CHUNKING, numbered

root, articles, mode = Path(sys.argv[1]), numbered(9), BuildMode.REPLACE
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, resource.RLIM_INFINITY))
try:
    build(root, articles, embedder=FakeEmbedder(), chunking=CHUNKING, mode=mode)
except ArchiveError as error:
    print(type(error).__name__, error)
"""

LATELY_STARVED_WRITER = """
import resource, signal, sys
from pathlib import Path
from index.build import BuildMode, build
from tests.fakes import FakeEmbedder
from tests.index.corpus import CHUNKING, numbered

def starve(progress):
    if progress.stage == "publish":
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, resource.RLIM_INFINITY))

root, articles, mode = Path(sys.argv[1]), numbered(9), BuildMode.ADD
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
report = build(root, articles, embedder=FakeEmbedder(), chunking=CHUNKING, mode=mode, progress=starve)
print(report.version)
"""

LOCK_HOLDER = """
import sys
from pathlib import Path
from index.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def published_files(root):
    files = (root / "versions" / "000001").rglob("*")
    return sorted(path for path in files if path.is_file() and path.stat().st_size)


def answers(root, embedder):
    with open_index(root) as snapshot:
        hits = snapshot.search_dense(embedder.embed_query("harbour"), 1_000, EVERYTHING)
        assert len(hits) == len(snapshot.search_lexical("harbour", 1_000, EVERYTHING)) == snapshot.chunk_count
        return len(snapshot.passages([hit.row for hit in hits]))


@pytest.mark.parametrize(
    ("stage", "embedded", "left"),
    [("embed", 0, 336), ("embed", 200, 144), ("write", 0, 0), ("publish", 0, 0)],
)
def test_a_killed_writer_leaves_the_old_version_and_what_it_embedded(root, embedder, stage, embedded, left):
    build_index(root, numbered(5), embedder)
    command = [sys.executable, "-c", KILLED_WRITER, str(root), stage, str(embedded)]
    assert subprocess.run(command, cwd=REPOSITORY, check=False).returncode == -signal.SIGKILL
    assert Archive(root).current_version() == "000001"
    assert answers(root, embedder) == 5
    assert Archive(root).verify() == []
    report = add(root, numbered(400), embedder)
    assert (report.articles, report.version, report.embedded) == (400, "000002", left)
    assert sorted(path.name for path in (root / "versions").iterdir()) == ["000001", "000002"]
    assert answers(root, embedder) == 400


def test_a_version_in_place_that_current_never_named_is_undone(root, embedder):
    build_index(root, numbered(3), embedder)
    add(root, [article("secret", "The harbour secret.")], embedder)
    (root / "CURRENT").write_text("000001\n")
    with sqlite3.connect(root / "catalogue.db") as connection:
        connection.execute("UPDATE versions SET published = 0 WHERE version = 2")
    connection.close()
    assert answers(root, embedder) == 3
    assert add(root, numbered(4), embedder).articles == 4
    assert answers(root, embedder) == 4


def test_a_version_that_current_names_is_kept_though_its_writer_died_right_after(root, embedder):
    build_index(root, numbered(3), embedder)
    add(root, numbered(4), embedder)
    with sqlite3.connect(root / "catalogue.db") as connection:
        connection.execute("UPDATE versions SET published = 0")
        connection.execute("UPDATE versions SET published = 1 WHERE version = 1")
    connection.close()
    report = add(root, numbered(5), embedder)
    assert (report.version, report.articles) == ("000003", 5)
    assert Archive(root).verify() == []


def test_an_interrupt_ends_a_build_cleanly_and_keeps_what_was_embedded(root, embedder):
    def interrupt(progress):
        if progress.stage is Stage.EMBED and progress.embedded >= 128:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(
            root,
            numbered(300),
            embedder=embedder,
            chunking=CHUNKING,
            mode=BuildMode.REPLACE,
            progress=interrupt,
        )
    assert Archive(root).exists() is False
    done = len(embedder.embedded)
    report = build_index(root, numbered(300), embedder)
    assert report.embedded == 300 - done
    assert len(set(embedder.embedded)) == len(embedder.embedded) == 300


def test_an_interrupt_while_publishing_undoes_the_version(root, embedder):
    build_index(root, numbered(2), embedder)

    def interrupt(progress):
        if progress.stage is Stage.PUBLISH:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(root, numbered(3), embedder=embedder, chunking=CHUNKING, mode=BuildMode.ADD, progress=interrupt)
    assert sorted(path.name for path in (root / "versions").iterdir()) == ["000001"]
    assert add(root, numbered(3), embedder).version == "000002"


def test_every_flipped_bit_of_a_version_is_refused(root, embedder):
    build_index(root, numbered(20), embedder)
    chance = random.Random(7)  # noqa: S311 - damage that repeats
    for path in published_files(root):
        sound = path.read_bytes()
        for _ in range(6):
            position, bit = chance.randrange(len(sound)), 1 << chance.randrange(8)
            flipped = bytearray(sound)
            flipped[position] ^= bit
            path.write_bytes(flipped)
            with pytest.raises((ArchiveDamagedError, ArchiveMismatchError)):
                Archive(root).open()
            assert Archive(root).verify()
        path.write_bytes(sound)
    assert answers(root, embedder) == 20


def test_every_truncated_or_missing_file_of_a_version_is_refused(root, embedder):
    build_index(root, numbered(5), embedder)
    for path in published_files(root):
        sound = path.read_bytes()
        for size in (0, len(sound) // 2, len(sound) - 1):
            path.write_bytes(sound[:size])
            with pytest.raises(ArchiveDamagedError, match="dateline index"):
                Archive(root).open()
        path.unlink()
        with pytest.raises(ArchiveDamagedError, match="dateline index"):
            Archive(root).open()
        assert [damage.mend for damage in Archive(root).verify()]
        path.write_bytes(sound)
    assert Archive(root).verify() == []


def test_damage_behind_the_back_of_size_and_time_is_found_by_verify(root, embedder):
    build_index(root, numbered(5), embedder)
    answers(root, embedder)
    path = root / "versions" / "000001" / "vectors.faiss"
    status, data = path.stat(), bytearray(path.read_bytes())
    data[-1] ^= 1
    with path.open("r+b") as stream:
        stream.write(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert [damage.path for damage in Archive(root).verify()] == [str(path)]
    with pytest.raises(ArchiveDamagedError):
        Archive(root).open()


def test_an_article_altered_in_the_catalogue_is_never_shown(root, embedder):
    build_index(root, [article("a", "The harbour opened.")], embedder)
    with sqlite3.connect(root / "catalogue.db") as connection:
        connection.execute("UPDATE revisions SET text = 'The harbour closed.'")
    connection.close()
    with open_index(root) as snapshot:
        rows = [hit.row for hit in snapshot.search_lexical("harbour", 1, EVERYTHING)]
        with pytest.raises(ArchiveDamagedError, match="not what was stored"):
            snapshot.passages(rows)
    assert "not what was stored" in Archive(root).verify()[0].problem


@pytest.mark.parametrize("content", [b"", b"no database" * 400])
def test_a_catalogue_of_another_kind_is_refused(root, embedder, content):
    build_index(root, numbered(2), embedder)
    (root / "catalogue.db").write_bytes(content)
    for ask in (Archive(root).open, Archive(root).info, Archive(root).list_articles):
        with pytest.raises(ArchiveDamagedError, match="dateline index"):
            ask()
    assert Archive(root).verify()


@pytest.mark.parametrize("content", ["", "7", "000007 000008", "../../etc", "000009\n", "\x80\n"])
def test_a_pointer_to_nothing_is_refused_and_says_how_to_mend_it(root, embedder, content):
    build_index(root, numbered(2), embedder)
    (root / "CURRENT").write_text(content, encoding="latin-1")
    assert Archive(root).exists() is False
    with pytest.raises(ArchiveDamagedError, match=r"dateline index|build the index anew"):
        Archive(root).open()
    with pytest.raises(ArchiveDamagedError):
        add(root, numbered(3), embedder)
    report = build_index(root, numbered(3), embedder)
    assert (report.version, report.embedded) == ("000002", 1)
    assert answers(root, embedder) == 3


def test_links_and_paths_out_of_the_folder_are_never_followed(root, embedder, tmp_path):
    build_index(root, numbered(2), embedder)
    folder = root / "versions" / "000001"
    vectors, outside = folder / "vectors.faiss", tmp_path / "outside"
    vectors.rename(outside)
    vectors.symlink_to(outside)
    with pytest.raises(ArchiveDamagedError, match="not a regular file"):
        Archive(root).open()
    vectors.unlink()
    outside.rename(vectors)
    (folder / "lexical").rename(tmp_path / "lexical")
    (folder / "lexical").symlink_to(tmp_path / "lexical")
    with pytest.raises(ArchiveDamagedError, match="symbolic link"):
        Archive(root).open()
    (folder / "lexical").unlink()
    (tmp_path / "lexical").rename(folder / "lexical")
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ArchiveDamagedError, match="symbolic link"):
        Archive(root).open()


WRITES = {
    "add": lambda root, embedder: add(root, numbered(4), embedder),
    "build": lambda root, embedder: build_index(root, numbered(4), embedder),
    "remove": lambda root, embedder: remove(root, [numbered(1)[0].id]),
    "gc": lambda root, embedder: Archive(root).collect_garbage(keep=1),
    "repair": lambda root, embedder: repair(root),
}


@pytest.mark.parametrize("name", ["catalogue.db", "catalogue.db-wal", "versions"])
@pytest.mark.parametrize("write", WRITES)
def test_nothing_is_written_through_a_link(root, embedder, tmp_path, name, write):
    build_index(root, numbered(3), embedder)
    target = tmp_path / "outside"
    if (root / name).exists():
        (root / name).rename(target)
    else:
        target.write_bytes(b"")
    (root / name).symlink_to(target)
    before = {path: path.stat().st_mtime_ns for path in [target, *target.rglob("*")]}
    with pytest.raises(ArchiveError, match="symbolic link"):
        WRITES[write](root, embedder)
    assert {path: path.stat().st_mtime_ns for path in [target, *target.rglob("*")]} == before
    assert not any(isinstance(one, Article) for one in salvage(root)) or name == "versions"


def test_what_was_planted_among_the_files_is_not_taken_over(root, embedder, tmp_path):
    build_index(root, numbered(3), embedder)
    (tmp_path / "secret").write_text("the canary")
    (root / "versions/000001/lexical/more").symlink_to(tmp_path / "secret")
    (root / "versions/000001/lexical/docs.pkl").write_bytes(b"\x80\x04cos\nsystem\n(S'false'\ntR.")
    add(root, numbered(4), embedder)
    assert not {"more", "docs.pkl"} & {path.name for path in (root / "versions/000002").rglob("*")}
    assert {damage.problem for damage in Archive(root).verify()} == {"does not belong to the version"}
    assert repair(root).removed == ()
    assert Archive(root).verify() == []
    assert (tmp_path / "secret").read_text() == "the canary"


@pytest.mark.parametrize(
    "name", ["../../secret", "/etc/passwd", "a/../../b", "a\\..\\b", "c:/x", "./vectors.faiss"]
)
def test_a_manifest_that_points_out_of_its_folder_is_refused(root, embedder, name):
    build_index(root, numbered(2), embedder)
    manifest = Archive(root).versions()[0]
    record = manifest.files["vectors.faiss"]
    forged = manifest.model_copy(update={"files": {**manifest.files, name: record}}).render()
    with pytest.raises(ArchiveDamagedError, match="leaves the folder"):
        parse_manifest(forged, "000001")


def test_a_manifest_of_another_version_is_refused(root, embedder):
    build_index(root, numbered(2), embedder)
    with pytest.raises(ArchiveDamagedError, match="describes version 000001"):
        parse_manifest(Archive(root).versions()[0].render(), "000002")


def test_a_planted_file_is_reported_and_never_read(root, embedder):
    build_index(root, numbered(2), embedder)
    (root / "versions" / "000001" / "index.pkl").write_bytes(b"\x80\x04cos\nsystem\n(S'false'\ntR.")
    assert [damage.problem for damage in Archive(root).verify()] == ["does not belong to the version"]
    assert answers(root, embedder) == 2


def test_an_index_of_a_newer_release_is_refused_and_names_the_mend(root, embedder):
    build_index(root, numbered(2), embedder)
    manifest = Archive(root).versions()[0].model_copy(update={"schema_version": 99, "dateline": "9.1"})
    (root / "versions" / "000001" / "manifest.json").write_bytes(manifest.render())
    with pytest.raises(ArchiveMismatchError, match=r"Dateline 9\.1.*upgrade"):
        Archive(root).open()
    with sqlite3.connect(root / "catalogue.db") as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(ArchiveMismatchError, match="upgrade Dateline"):
        build_index(root, numbered(2), embedder)


def test_a_build_leaves_the_catalogue_of_a_newer_release_where_it_is(root, embedder):
    build_index(root, numbered(2), embedder)
    with sqlite3.connect(root / "catalogue.db") as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(ArchiveMismatchError, match="upgrade Dateline"):
        build_index(root, numbered(2), embedder)
    assert list(root.glob("catalogue.db.damaged-*")) == []


def test_a_build_that_finds_no_space_leaves_the_catalogue_where_it_is(root, embedder):
    build_index(root, numbered(5), embedder)
    command = [sys.executable, "-c", STARVED_WRITER, str(root)]
    ended = subprocess.run(command, cwd=REPOSITORY, check=False, capture_output=True, text=True)
    assert "ArchiveError" in ended.stdout
    assert Archive(root).verify() == []
    assert answers(root, embedder) == 5


def test_a_version_that_is_live_is_acknowledged_though_the_disk_is_full_then(root, embedder):
    build_index(root, numbered(5), embedder)
    command = [sys.executable, "-c", LATELY_STARVED_WRITER, str(root)]
    ended = subprocess.run(command, cwd=REPOSITORY, check=False, capture_output=True, text=True)
    assert ended.stdout == "000002\n"
    assert answers(root, embedder) == 9
    assert add(root, numbered(10), embedder).version == "000003"
    assert Archive(root).verify() == []


def lose_the_newest_version(root):
    """Do what SQLite does with the end of a log that was damaged: forget it."""
    with sqlite3.connect(root / "catalogue.db") as connection:
        for table in ("changes", "history", "versions"):
            connection.execute(f"DELETE FROM {table} WHERE version = 2")  # noqa: S608 - three fixed names
    connection.close()


@pytest.mark.parametrize("write", ["add", "remove", "gc", "repair"])
def test_a_catalogue_that_lost_the_live_version_is_never_built_upon(root, embedder, write):
    build_index(root, numbered(2), embedder)
    add(root, numbered(3), embedder)
    lose_the_newest_version(root)
    with pytest.raises(ArchiveDamagedError, match=r"does not know version 000002.*--salvage"):
        WRITES[write](root, embedder)
    assert Archive(root).current_version() == "000002"
    report = build(root, salvage(root), embedder=embedder, chunking=CHUNKING, mode=BuildMode.REPLACE)
    assert (report.version, report.articles, report.embedded) == ("000003", 3, 0)
    assert answers(root, embedder) == 3


def test_a_version_that_the_catalogue_does_not_hold_is_not_gone_back_to(root, embedder):
    build_index(root, numbered(2), embedder)
    add(root, numbered(3), embedder)
    with sqlite3.connect(root / "catalogue.db") as connection:
        connection.execute("DELETE FROM changes WHERE version = 1 AND revision_id = 1")
        connection.execute("INSERT INTO changes SELECT 2, article_id, id FROM revisions WHERE id = 1")
    connection.close()
    assert answers(root, embedder) == 3
    with pytest.raises(ArchiveDamagedError, match="other articles than version 000001"):
        Archive(root).rollback("000001")
    assert Archive(root).current_version() == "000002"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE articles SET key = 'https://example.com/other' WHERE id = (SELECT MIN(id) FROM articles)",
        "UPDATE raw_texts SET packed = x'00'",
        "ALTER TABLE notices RENAME COLUMN text TO tfxt",
    ],
)
def test_what_verify_must_find_in_the_catalogue_beside_texts_and_vectors(root, embedder, sql):
    raw = dataclasses.replace(numbered(1)[0], raw="Share this\n\nThe harbour report.")
    build_index(root, [raw, *numbered(3)[1:]], embedder)
    assert Archive(root).verify() == []
    with sqlite3.connect(root / "catalogue.db") as connection:
        connection.execute(sql)
    connection.close()
    assert [Path(damage.path).name for damage in Archive(root).verify()] == ["catalogue.db"]
    with pytest.raises(ArchiveDamagedError, match="--salvage"):
        repair(root)


def test_a_salvage_that_was_interrupted_finds_the_rest_in_what_was_put_aside(root, embedder):
    build_index(root, numbered(300), embedder)
    remove(root, [numbered(1)[0].id])
    with sqlite3.connect(root / "catalogue.db") as connection:
        connection.execute("UPDATE revisions SET text = 'altered' WHERE id = 2")
    connection.close()

    def interrupt(progress):
        if progress.embedded:
            raise KeyboardInterrupt

    for stop in (interrupt, interrupt, None):
        saved = list(salvage(root))
        assert len({one.id for one in saved if isinstance(one, Article)}) == 298
        try:
            build(root, saved, embedder=embedder, chunking=CHUNKING, mode=BuildMode.REPLACE, progress=stop)
        except KeyboardInterrupt:
            continue
    assert answers(root, embedder) == 298
    assert len([one for one in salvage(root) if isinstance(one, Article)]) == 298


def test_an_addition_heals_a_damaged_derived_file(root, embedder):
    build_index(root, numbered(5), embedder)
    (root / "versions" / "000001" / "vectors.faiss").write_bytes(b"damaged")
    report = add(root, numbered(6), embedder)
    assert (report.embedded, report.articles) == (1, 6)
    assert answers(root, embedder) == 6


@pytest.mark.parametrize("damage", ["page", "text"])
def test_a_build_mends_a_damaged_catalogue_by_beginning_a_new_one(root, embedder, damage):
    build_index(root, numbered(30), embedder)
    catalogue = root / "catalogue.db"
    if damage == "page":
        content = bytearray(catalogue.read_bytes())
        content[4096:8192] = bytes(4096)
        catalogue.write_bytes(content)
    else:
        with sqlite3.connect(catalogue) as connection:
            connection.execute("UPDATE revisions SET text = 'altered' WHERE rowid = 1")
        connection.close()
    assert Archive(root).verify()
    report = build_index(root, numbered(30), embedder)
    assert report.articles == 30
    assert Archive(root).verify() == []
    assert list(root.glob("catalogue.db.damaged-*"))
    with open_index(root) as snapshot:
        assert snapshot.article_count == 30


def test_a_second_writer_is_refused_and_told_who_holds_the_lock(root, embedder):
    build_index(root, numbered(2), embedder)
    holder = subprocess.Popen(
        [sys.executable, "-c", LOCK_HOLDER, str(root)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout.readline() == b"held\n"
        for write in (lambda: add(root, numbered(3), embedder), lambda: remove(root, [numbered(1)[0].id])):
            with pytest.raises(ArchiveLockedError, match=rf"process {holder.pid} since 20\d\d-.*Z"):
                write()
        assert answers(root, embedder) == 2
        holder.kill()
    assert add(root, numbered(3), embedder).articles == 3


def test_the_lock_holds_within_one_process_too(root):
    root.mkdir()
    with (
        writer_lock(root),
        pytest.raises(ArchiveLockedError, match=f"process {os.getpid()}"),
        writer_lock(root),
    ):
        pass
    with writer_lock(root):
        assert json.loads((root / "writer.lock").read_text())["pid"] == os.getpid()


def test_readers_never_wait_and_never_see_a_mixed_version(root, embedder):
    build_index(root, numbered(1), embedder)
    done, wrong = threading.Event(), []

    def read():
        while not done.is_set():
            try:
                with open_index(root) as snapshot:
                    hits = snapshot.search_dense(embedder.embed_query("harbour"), 100, EVERYTHING)
                    lexical = snapshot.search_lexical("harbour", 100, EVERYTHING)
                    snapshot.passages([hit.row for hit in hits])
                    if not len(hits) == len(lexical) == snapshot.article_count == int(snapshot.version):
                        wrong.append(snapshot.version)
            except ArchiveError as error:
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for count in range(2, 14):
        assert add(root, numbered(count), embedder).version == f"{count:06d}"
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_a_file_in_the_place_of_the_folder_is_a_clear_error(tmp_path, embedder):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArchiveError, match="is a file"):
        build_index(tmp_path / "file", numbered(1), embedder)
    with pytest.raises(ArchiveError, match="cannot make"):
        build_index(tmp_path / "file" / "below", numbered(1), embedder)
