"""A folder is read where it changed, and only there."""

import os
import shutil
from pathlib import Path

import pytest

from index.archive import Archive
from index.build import BuildMode, build
from index.config import ReadingConfig
from index.errors import ArchiveMismatchError
from tests.fakes import FakeEmbedder
from tests.index.corpus import CHUNKING, article
from tests.index.sync.world import counts, page, records, story


def test_a_first_pass_adds_everything_and_a_second_one_nothing(world):
    world.write("a.txt", story("port"))
    world.write("deeper/b.html", page("museum"))
    world.write("c.jsonl", records("pier", "weir"))
    assert counts(world.sync_one()) == {"added": 4}
    embedded = list(world.embedder.embedded)
    report = world.sync()
    assert counts(report.sources[0]) == {"unchanged": 4}
    assert (report.version, report.articles, report.changed, report.failed) == ("000001", 4, False, False)
    assert world.embedder.embedded == embedded


def test_an_unchanged_file_is_not_opened_again(world):
    path = world.write("a.txt", story("port"))
    world.sync()
    status = path.stat()
    path.write_text(story("mill"))
    assert path.stat().st_size == status.st_size
    os.utime(path, ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert counts(world.sync_one()) == {"unchanged": 1}
    assert world.titles() == ["port reopens in Stellhaven"]


def test_what_is_new_is_added_and_what_changed_is_refreshed(world):
    world.write("a.txt", story("port"))
    changing = world.write("b.html", page("museum"))
    world.sync()
    world.write("c.txt", story("ferry"))
    changing.write_text(
        page("museum", "The museum of Orvale was closed again on Friday, a day after the storm.")
    )
    world.set_age(changing, 60)
    assert counts(world.sync_one()) == {"added": 1, "updated": 1, "unchanged": 1}
    (stored,) = [one for one in Archive(world.root).list_articles() if "museum" in one.title]
    assert "closed again" in Archive(world.root).article(stored.id).text


@pytest.mark.parametrize(
    "text", [story("port"), "The port reopens\n\nIt did so after two years of repairs.\n"]
)
def test_a_file_that_was_only_touched_makes_no_version(world, text):
    path = world.write("a.txt", text, age_s=3e7)
    world.write("b.jsonl", records("pier"), age_s=3e7)
    world.sync()
    for age_s in (2e7, 2e7, 0):
        world.set_age(path, age_s)
        world.set_age(world.news / "b.jsonl", age_s)
        report = world.sync()
        assert counts(report.sources[0]) == {"unchanged": 2}
        assert report.version == "000001"


def test_a_file_that_was_written_to_just_now_is_looked_at_again(world):
    path = world.write("a.html", page("museum"), age_s=0)
    world.sync()
    status = path.stat()
    path.write_text(page("museum").replace("Tuesday", "Mondays"))
    os.utime(path, ns=(status.st_mtime_ns, status.st_mtime_ns))  # within one tick of a coarse clock
    assert counts(world.sync_one()) == {"updated": 1}


def test_a_file_that_gives_nothing_is_named_once_and_counted_from_then_on(world):
    world.write("a.txt", story("port"))
    world.write("bad.json", "{broken")
    first, second = world.sync_one(), world.sync_one()
    assert [Path(one.origin).name for one in first.skipped] == ["bad.json"]
    assert "not valid JSON" in first.skipped[0].reason
    assert (second.skipped, second.skipped_before) == ((), 1)
    assert second.known_skips == first.skipped
    world.write("bad.json", records("pier"))
    third = world.sync_one()
    assert (third.added, third.skipped_before) == (1, 0)


def test_of_very_many_bad_records_some_are_remembered_and_all_are_counted(world):
    world.write("a.jsonl", records("pier") + "{broken\n" * 50)
    assert len(world.sync_one().skipped) == 50
    again = world.sync_one()
    assert again.skipped_before == 50
    assert 0 < len(again.known_skips) < 50


def test_a_file_that_cannot_be_read_for_now_is_tried_every_time(world):
    world.write("a.txt", story("port"))
    (world.news / "b.txt").symlink_to(world.path / "elsewhere.txt")
    for _ in range(2):
        report = world.sync_one()
        assert [one.reason for one in report.skipped] == ["cannot be read: no such file or directory"]
    (world.path / "elsewhere.txt").write_text(story("ferry"))
    assert world.sync_one().added == 1


def test_a_folder_that_holds_nothing_readable_makes_no_index(world):
    world.write("a.json", "{")
    report = world.sync()
    assert (report.version, report.articles) == (None, 0)
    assert not Archive(world.root).exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(world):
    world.write("a.txt", story("port"))
    os.mkfifo(world.news / "b.txt")
    for _ in range(2):
        assert [one.reason for one in world.sync_one().skipped] == ["is not a regular file"]


def test_hidden_temporary_and_partial_files_are_not_read(world):
    for name in (
        "a.html~",
        "b.html.part",
        "c.tmp",
        ".d.html",
        "e.html.crdownload",
        "~$f.html",
        ".git/g.html",
    ):
        world.write(name, page("museum"))
    report = world.sync_one()
    assert counts(report) == {}


def test_the_index_within_a_source_is_not_read(world):
    world.root = world.news / "archive"
    world.write("a.txt", story("port"))
    world.sync()
    world.write("archive/notes.txt", story("weir"))
    (world.path / "link").symlink_to(world.news, target_is_directory=True)
    for place in (world.news, world.path / "link"):
        world.sync(world.source(place))
    assert {title.split()[0] for title in world.titles()} == {"port"}


def test_a_single_file_is_a_source_whatever_its_name_ends_in(world):
    path = world.write("PRESS", story("port"))
    assert counts(world.sync_one(world.source(path))) == {"added": 1}
    assert counts(world.sync_one(world.source(path))) == {"unchanged": 1}


def test_other_reading_settings_and_readers_have_everything_read_again_and_nothing_embedded(world):
    world.write("a.json", '{"kop": "Ferry", "title": "Port", "text": "The port reopened on Tuesday."}')
    world.sync()
    embedded = len(world.embedder.embedded)
    report = world.sync_one(reading=ReadingConfig(fields={"title": ("kop",)}))
    assert counts(report) == {"updated": 1}
    assert counts(world.sync_one(reading=ReadingConfig(fields={"title": ("kop",)}))) == {"unchanged": 1}
    assert counts(world.sync_one()) == {"updated": 1}
    assert len(world.embedder.embedded) == embedded + 1


def test_a_file_that_went_and_came_back_is_there(world):
    path = world.write("a.txt", story("port"))
    world.write("b.txt", story("ferry"))
    for remove_missing, left in ((False, 2), (True, 1)):
        source = world.source(remove_missing=remove_missing)
        world.sync(source)
        shutil.move(path, world.path / "kept.txt")
        world.sync(source)
        assert len(world.titles()) == left
        shutil.move(world.path / "kept.txt", path)
        world.sync(source)
        assert len(world.titles()) == 2


def test_each_source_is_stored_by_itself_and_reported_under_its_name(world):
    world.write("a/1.txt", story("port"))
    world.write("b/2.txt", story("ferry"))
    sources = [world.source(world.news / name, name=name) for name in "ab"]
    report = world.sync(*sources)
    assert [(one.name, one.added) for one in report.sources] == [("a", 1), ("b", 1)]
    assert report.version == "000002"
    assert report.totals() == {
        "added": 2,
        "updated": 0,
        "unchanged": 0,
        "removed": 0,
        "skipped": 0,
        "failed": 0,
    }


def test_a_large_source_is_stored_in_batches(world):
    for number in range(7):
        world.write(f"{number}.txt", story(f"ferry number {number}"))
    report = world.sync(batch_articles=3)
    assert (report.sources[0].added, report.version) == (7, "000003")
    world.write("many.jsonl", records(*(f"pier{number}" for number in range(8))))
    report = world.sync(batch_articles=3)
    assert (report.sources[0].added, report.version) == (8, "000006")
    assert counts(world.sync_one()) == {"unchanged": 15}


def test_an_article_that_the_user_removed_stays_removed_until_its_file_changes(world):
    world.write("a.txt", story("port"))
    path = world.write("b.txt", story("ferry"))
    world.sync()
    from index.build import remove

    remove(world.root, [str(path)])
    world.sync()
    assert not world.holds("ferry")
    world.write("b.txt", story("ferry", "The ferry sails again, its owner said on Friday."))
    world.sync()
    assert world.holds("ferry")


def test_another_embedding_model_than_the_index_has_ends_the_pass(world):
    world.write("a.txt", story("port"))
    world.sync()
    world.write("b.txt", story("ferry"))
    with pytest.raises(ArchiveMismatchError, match="dateline index build"):
        world.sync(embedder=lambda: FakeEmbedder(name="another"))


def test_the_model_is_not_loaded_where_nothing_changed(world):
    world.write("a.txt", story("port"))
    world.sync()

    def refuse():
        raise AssertionError("nothing is to be embedded")

    assert counts(world.sync_one(embedder=refuse)) == {"unchanged": 1}


def test_what_somebody_else_adds_meanwhile_costs_nothing(world):
    world.write("a.txt", story("port"))
    world.sync()
    build(
        world.root,
        [article("x", "Added by hand.")],
        embedder=world.embedder,
        chunking=CHUNKING,
        mode=BuildMode.ADD,
    )
    assert counts(world.sync_one()) == {"unchanged": 1}
    assert world.holds("Title of x")
