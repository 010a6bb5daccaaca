"""Watching: a pass at each interval, and at once where a file changed."""

import threading
from contextlib import closing

import pytest

from index.errors import ArchiveMismatchError
from index.lock import writer_lock
from index.sync.changes import Changes
from index.sync.files import is_passing
from index.sync.pass_lock import pass_lock
from index.sync.watch import watch
from tests.fakes import FakeEmbedder
from tests.index.fetch.sites import answer
from tests.index.sync.world import counts, page, records, story

SOON_S = 0.3


def soon(action, *given) -> None:
    threading.Timer(SOON_S, action, given).start()


@pytest.fixture
def watched(world):
    """Watch the folder of the world; gives the places that changed within a while."""
    world.root = world.news / "archive"
    world.root.mkdir()
    changes = Changes([world.source()], without=world.root)
    changes.watch_what_is_there()
    yield lambda seconds: changes.wait(seconds)
    changes.stop()


def test_a_file_that_appears_is_added_at_once(world):
    world.write("a.txt", story("port"))
    with closing(watch(world.keeper(), [world.source()])) as passes:
        assert counts(next(passes).sources[0]) == {"added": 1}
        soon(world.write, "deeper/b.txt", story("ferry"))
        assert counts(next(passes).sources[0]) == {"added": 1, "unchanged": 1}
    assert world.holds("ferry")


def test_a_file_that_is_removed_or_changed_is_noticed(world):
    path = world.write("a.txt", story("port"))
    world.write("b.jsonl", records("pier"))
    with closing(watch(world.keeper(), [world.source(remove_missing=True)])) as passes:
        next(passes)
        soon(path.unlink)
        assert next(passes).sources[0].removed == 1
        soon(world.write, "b.jsonl", records("pier", "weir"))
        assert next(passes).sources[0].added == 1


def test_each_source_has_its_own_interval(world):
    for name in "ab":
        world.write(f"{name}/1.txt", story(name))
    sources = [
        world.source(world.news / "a", name="a", interval_s=0.2),
        world.source(world.news / "b", name="b", interval_s=900.0),
    ]
    with closing(watch(world.keeper(), sources)) as passes:
        names = [[one.name for one in next(passes).sources] for _ in range(4)]
    assert names == [["a", "b"], ["a"], ["a"], ["a"]]


def test_only_the_source_that_changed_is_read(world):
    for name in "ab":
        world.write(f"{name}/1.txt", story(name))
    sources = [world.source(world.news / name, name=name) for name in "ab"]
    with closing(watch(world.keeper(), sources)) as passes:
        next(passes)
        soon(world.write, "b/2.txt", story("ferry"))
        assert [one.name for one in next(passes).sources] == ["b"]


def test_a_folder_that_appears_later_is_picked_up_and_watched(world):
    world.write("a.txt", story("port"))
    late = world.path / "late"
    with closing(watch(world.keeper(), [world.source(), world.source(late)])) as passes:
        first = next(passes)
        assert [one.failed is not None for one in first.sources] == [False, True]
        world.news.joinpath("deeper").mkdir()
        world.write("deeper/b.txt", story("ferry"))
        world.news.joinpath("deeper").rename(late)
        while not any(one.added for one in next(passes).sources):
            pass
        soon((late / "c.txt").write_text, story("weir"))
        while not any(one.added for one in next(passes).sources):
            pass
    assert world.holds("weir")


def test_a_source_that_failed_is_tried_again_when_its_time_comes(world, site):
    site.pages["/museum"] = [
        answer(status=503),
        answer(page("museum", address=site.url("/museum")).encode(), content_type="text/html"),
    ]
    source = world.source(site.url("/museum"), interval_s=900.0)
    world.later(hours=-1)  # by the clock of the machine its time has come
    with closing(watch(world.keeper(), [source])) as passes:
        assert next(passes).failed
        world.later(hours=1)
        assert next(passes).sources[0].added == 1


def test_an_index_that_somebody_else_writes_to_is_tried_again(world):
    world.write("a.txt", story("port"))
    world.root.mkdir()
    with pass_lock(world.root, 0), closing(watch(world.keeper(), [world.source()])) as passes:
        report = next(passes)
        assert report.failed
        assert report.sources[0].failed is not None
        assert "index sync" in report.sources[0].failed.reason
    with writer_lock(world.root), closing(watch(world.keeper(), [world.source()])) as passes:
        assert next(passes).failed


def test_what_waiting_does_not_mend_ends_the_watch(world):
    world.write("a.txt", story("port"))
    world.sync()
    world.write("b.txt", story("ferry"))
    keeper = world.keeper(embedder=lambda: FakeEmbedder(name="another"))
    with closing(watch(keeper, [world.source()])) as passes, pytest.raises(ArchiveMismatchError):
        next(passes)


@pytest.mark.parametrize(
    ("name", "passing"),
    [
        ("a.html", False),
        ("a.tmp.html", False),
        ("A.PART", True),
        ("a.html~", True),
        (".a.html.swp", True),
        ("a.html.tmp", True),
        (".hidden", True),
        ("~$a.docx", True),
        ("a.html.crdownload", True),
    ],
)
def test_hidden_temporary_and_partial_files_are_told_by_their_names(name, passing):
    assert is_passing(name) is passing


def test_changes_of_hidden_and_partial_files_and_of_the_index_wake_nobody(world, watched):
    for name in (".a.html", "b.html.part", "c.html~", ".git/d.html", "archive/e.html"):
        world.write(name, page("museum"))
    assert watched(2.5) == set()
    world.write("f.html", page("museum"))
    assert watched(10) == {str(world.news)}


def test_changes_that_come_during_a_pass_are_kept_for_the_next(world, watched):
    world.write("a.txt", story("port"))
    while not (changed := watched(0.05)):
        pass
    assert changed == {str(world.news)}
    assert watched(0.05) == set()


def test_a_single_file_is_watched_through_its_replacement(world):
    path = world.write("a.jsonl", records("pier"))
    world.write("other.txt", story("port"))
    changes = Changes([world.source(path)], without=world.root)
    changes.watch_what_is_there()
    try:
        world.write("other.txt", story("ferry"))
        assert changes.wait(1.5) == set()
        for _ in range(2):
            world.write("new.tmp", records("pier", "weir")).rename(path)
            while not (changed := changes.wait(5)):
                pass
            assert changed == {str(path)}
            changes.watch_what_is_there()
    finally:
        changes.stop()
