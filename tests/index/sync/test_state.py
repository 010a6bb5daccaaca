"""What sync knows is never more than what the index holds, and may be lost at any time."""

import logging
import shutil
import sqlite3

import pytest

from index.build import BuildMode, build
from index.readers import read_sources
from index.sync.ancestry import Followed, identify, meeting
from index.versions import VersionStore
from tests.index.corpus import CHUNKING
from tests.index.sync.world import counts, everything_below, records, story


def rebuild(world, *names):
    """Build the index anew from some of the files."""
    found = read_sources([str(world.news / name) for name in names])
    build(world.root, found, embedder=world.embedder, chunking=CHUNKING, mode=BuildMode.REPLACE)


def set_back(world, version):
    VersionStore(world.root).point_to(version)


def test_an_index_that_was_built_anew_without_some_files_gets_them_back(world):
    world.write("a.txt", story("port"))
    world.write("b.txt", story("ferry"))
    world.sync()
    rebuild(world, "a.txt")
    embedded = len(world.embedder.embedded)
    assert counts(world.sync_one()) == {"added": 1, "unchanged": 1}
    assert world.holds("ferry")
    assert len(world.embedder.embedded) == embedded


def test_an_index_that_was_set_back_gets_what_came_later_again(world):
    for name in ("a", "b", "c"):
        world.write(f"{name}.txt", story(name))
        world.sync()
    set_back(world, "000002")
    assert counts(world.sync_one()) == {"added": 1, "unchanged": 2}
    set_back(world, "000002")
    assert counts(world.sync_one()) == {"added": 1, "unchanged": 2}


def test_only_what_came_later_is_read_again(world):
    world.write("a.txt", story("port"))
    world.sync()
    world.write("b.txt", story("ferry"))
    world.sync()
    set_back(world, "000001")
    planned = world.plan().sources[0]
    assert (planned.new, planned.unchanged) == ((str(world.news / "b.txt"),), 1)


def test_an_index_made_anew_with_the_same_version_numbers_is_another_one(world, tmp_path):
    world.write("a.txt", story("port"))
    world.write("b.txt", story("ferry"))
    world.sync()
    kept = (world.root / "sync.db").read_bytes()
    first = identify(VersionStore(world.root), "000001")
    shutil.rmtree(world.root)
    rebuild(world, "a.txt")
    (world.root / "sync.db").write_bytes(kept)
    other = Followed(number=1, created=first.created + "?")
    assert meeting(VersionStore(world.root), 1, other) == 0
    with sqlite3.connect(world.root / "sync.db") as connection:
        connection.execute("UPDATE followed SET created = ?", (other.created,))
    connection.close()
    assert counts(world.sync_one()) == {"added": 1, "unchanged": 1}


def test_versions_meet_where_they_part(world):
    for name in ("a", "b", "c"):
        world.write(f"{name}.txt", story(name))
        world.sync()
    store = VersionStore(world.root)
    third = identify(store, "000003")
    assert meeting(store, 3, third) == 3
    assert meeting(store, 1, third) == 1
    set_back(world, "000001")
    world.write("d.txt", story("d"))
    world.sync()
    assert world.version() == "000004"
    assert meeting(store, 4, third) == 1
    assert meeting(store, 4, identify(store, "000001")) == 1
    assert meeting(store, 4, None) == 0
    rebuild(world, "a.txt")
    assert meeting(store, 5, third) == 0


def test_versions_that_were_cleared_away_cost_a_reading_at_most(world):
    for name in ("a", "b", "c"):
        world.write(f"{name}.txt", story(name))
        world.sync()
    store = VersionStore(world.root)
    store.discard("000001")
    store.discard("000002")
    assert counts(world.sync_one()) == {"unchanged": 3}
    embedded = len(world.embedder.embedded)
    followed = identify(store, "000003")
    world.write("d.txt", story("d"))
    world.sync()
    store.discard("000003")
    assert meeting(store, 4, followed) == 3
    assert counts(world.sync_one()) == {"unchanged": 4}
    assert len(world.embedder.embedded) == embedded + 1


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"no database at all, but long enough to be taken for one" * 100,
        b"SQLite format 3\0" + bytes(4096),
    ],
)
def test_a_damaged_state_is_put_aside_and_begun_anew(world, damage, caplog):
    world.write("a.txt", story("port"))
    world.write("b.jsonl", records("pier"))
    world.sync()
    embedded = len(world.embedder.embedded)
    (world.root / "sync.db").write_bytes(damage)
    with caplog.at_level(logging.WARNING):
        assert counts(world.sync_one()) == {"unchanged": 2}
    assert counts(world.sync_one()) == {"unchanged": 2}
    assert len(world.embedder.embedded) == embedded
    if damage:
        assert "put aside" in caplog.text
        assert (world.root / "sync.db.aside").read_bytes() == damage


def test_a_state_of_another_release_is_put_aside(world, caplog):
    world.write("a.txt", story("port"))
    world.sync()
    with sqlite3.connect(world.root / "sync.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert counts(world.sync_one()) == {"unchanged": 1}
    assert "version 99" in caplog.text


def test_a_state_whose_pages_are_damaged_loses_no_article(world):
    for number in range(60):
        world.write(f"{number}.txt", story(f"ferry number {number}"))
    source = world.source(remove_missing=True)
    world.sync(source)
    path = world.root / "sync.db"
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        torn = bytes(data[:start]) + bytes(2048) + bytes(data[start + 2048 :])
        path.write_bytes(torn)
        report = world.sync_one(source)
        assert (report.removed, report.added) == (0, 0)
    assert len(world.titles()) == 60


def test_a_state_that_was_removed_costs_a_reading(world):
    world.write("a.txt", story("port"))
    world.sync()
    (world.root / "sync.db").unlink()
    report = world.sync()
    assert (counts(report.sources[0]), report.version) == ({"unchanged": 1}, "000001")


def test_another_writer_is_waited_for_and_then_reported(world, monkeypatch):
    from index.lock import writer_lock

    world.write("a.txt", story("port"))
    world.root.mkdir()
    with writer_lock(world.root):
        failed = world.sync_one().failed
    assert failed is not None
    assert "another process is writing" in failed.reason
    assert failed.next_try is not None
    assert counts(world.sync_one()) == {"added": 1}


def test_a_writer_that_ends_in_time_is_waited_for(world):
    import threading

    from index.lock import writer_lock

    world.write("a.txt", story("port"))
    world.root.mkdir()
    held, free = threading.Event(), threading.Event()

    def hold():
        with writer_lock(world.root):
            held.set()
            free.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    threading.Timer(0.3, free.set).start()
    assert counts(world.sync_one(lock_wait_s=20)) == {"added": 1}
    thread.join()


def test_two_passes_do_not_run_at_once(world):
    from index.errors import ArchiveLockedError
    from index.sync.pass_lock import pass_lock

    world.write("a.txt", story("port"))
    with pass_lock(world.root, 0), pytest.raises(ArchiveLockedError, match="index sync"):
        world.sync()
    assert counts(world.sync_one()) == {"added": 1}


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(world):
    gone = world.write("a.txt", story("port"))
    world.write("b.txt", story("ferry"))
    source = world.source(remove_missing=True)
    assert world.plan(source).sources[0].new == (str(gone), str(world.news / "b.txt"))
    assert not world.root.exists()
    world.sync(source)
    gone.unlink()
    world.write("b.txt", story("ferry", "It sails again."), age_s=60)
    world.write("c.txt", story("weir"))
    before = everything_below(world.root)
    (planned,) = world.plan(
        source,
    ).sources
    assert planned.new == (str(world.news / "c.txt"),)
    assert planned.changed == (str(world.news / "b.txt"),)
    assert (planned.gone, planned.removed) == ((str(gone),), 1)
    assert everything_below(world.root) == before
    (planned,) = world.plan(world.source("https://news.example/feed.xml")).sources
    assert planned.asks
    (planned,) = world.plan(world.source(world.path / "nowhere")).sources
    assert planned.failed is not None
    assert counts(world.sync_one(source)) == {"added": 1, "updated": 1, "removed": 1}


def test_a_dry_run_after_a_rebuild_knows_that_everything_is_read_again(world):
    world.write("a.txt", story("port"))
    world.sync()
    rebuild(world, "a.txt")
    assert len(world.plan().sources[0].new) == 1
    (world.root / "sync.db").write_bytes(b"damaged" * 1000)
    assert len(world.plan().sources[0].new) == 1
    assert (world.root / "sync.db").read_bytes() == b"damaged" * 1000
