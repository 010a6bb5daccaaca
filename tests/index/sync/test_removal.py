"""Articles go where their files went, if the configuration says so; nothing that came from elsewhere goes."""

import shutil

import pytest

from index.archive import Archive
from index.build import BuildMode, build
from index.readers import read_sources
from tests.index.corpus import CHUNKING
from tests.index.sync.world import counts, page, records, story


def build_from(world, *paths, mode=BuildMode.REPLACE):
    """Build the index by hand, outside of sync."""
    found = read_sources([str(path) for path in paths])
    build(world.root, found, embedder=world.embedder, chunking=CHUNKING, mode=mode)


def test_the_articles_of_files_that_are_gone_stay_unless_they_are_to_be_removed(world):
    path = world.write("a.txt", story("port"))
    world.write("b.txt", story("ferry"))
    world.sync()
    path.unlink()
    assert counts(world.sync_one()) == {"unchanged": 1}
    assert world.holds("port")
    assert counts(world.sync_one(world.source(remove_missing=True))) == {"removed": 1, "unchanged": 1}
    assert world.titles() == ["ferry reopens in Stellhaven"]
    assert counts(world.sync_one(world.source(remove_missing=True))) == {"unchanged": 1}


def test_all_records_of_a_file_that_is_gone_go(world):
    world.write("a.txt", story("port"))
    gone = world.write("b.jsonl", records("pier", "weir", "mill"))
    source = world.source(remove_missing=True)
    world.sync(source)
    gone.unlink()
    assert counts(world.sync_one(source)) == {"removed": 3, "unchanged": 1}


def test_a_record_that_is_gone_from_a_file_goes_and_its_neighbours_stay(world):
    world.write("b.jsonl", records("pier", "weir", "mill"))
    source = world.source(remove_missing=True)
    world.sync(source)
    world.write("b.jsonl", records("pier", "mill"), age_s=60)
    assert counts(world.sync_one(source)) == {"removed": 1, "unchanged": 2}
    assert world.titles() == ["mill opens", "pier opens"]


def test_a_record_goes_from_a_single_file_too(world):
    path = world.write("b.jsonl", records("pier", "weir"))
    source = world.source(path, remove_missing=True)
    world.sync(source)
    world.write("b.jsonl", records("weir"), age_s=60)
    assert counts(world.sync_one(source)) == {"removed": 1, "unchanged": 1}


def test_a_member_that_is_gone_from_an_archive_goes(world):
    packed = world.path / "packed"
    packed.mkdir()
    (packed / "a.html").write_text(page("museum"))
    (packed / "b.html").write_text(page("library"))
    source = world.source(remove_missing=True)
    target = world.news / "saved"
    shutil.make_archive(str(target), "zip", packed)
    world.set_age(target.with_suffix(".zip"), 3600)
    assert counts(world.sync_one(source)) == {"added": 2}
    (packed / "a.html").unlink()
    shutil.make_archive(str(target), "zip", packed)
    world.set_age(target.with_suffix(".zip"), 60)
    assert counts(world.sync_one(source)) == {"removed": 1, "unchanged": 1}


def test_a_file_that_became_unreadable_loses_nothing(world):
    world.write("a.txt", story("port"))
    world.write("b.json", "[" + ",".join(records("pier", "weir").splitlines()) + "]")
    source = world.source(remove_missing=True)
    world.sync(source)
    world.write("b.json", "[{broken", age_s=60)
    report = world.sync_one(source)
    assert counts(report) == {"skipped": 1, "unchanged": 1}
    assert len(world.titles()) == 3


def test_a_file_that_is_still_being_written_loses_nothing_yet(world):
    path = world.write("b.jsonl", records("pier", "weir"))
    source = world.source(remove_missing=True)
    world.sync(source)
    path.write_text(records("pier"))
    assert world.sync_one(source).removed == 0
    world.set_age(path, 60)
    assert world.sync_one(source).removed == 1


def test_an_article_with_its_own_address_survives_the_move_of_its_file(world):
    path = world.write("a.html", page("museum"))
    world.write("z.txt", story("port"))
    source = world.source(remove_missing=True)
    world.sync(source)
    for place in ("deeper/b.html", "c.html"):  # before and after its old place in the order of reading
        (world.news / place).parent.mkdir(exist_ok=True)
        path = path.rename(world.news / place)
        assert world.sync_one(source).removed == 0
        assert world.holds("museum")
    path.unlink()
    assert world.sync_one(source).removed == 1
    assert not world.holds("museum")


def test_an_article_without_an_address_is_another_one_in_its_new_place(world):
    path = world.write("a.txt", story("port"))
    source = world.source(remove_missing=True)
    world.sync(source)
    embedded = len(world.embedder.embedded)
    path.rename(world.news / "b.txt")
    assert counts(world.sync_one(source)) == {"added": 1, "removed": 1}
    assert len(world.embedder.embedded) == embedded


def test_an_article_that_moved_to_another_source_stays(world):
    for name in ("a/1.html", "a/2.txt", "b/3.txt"):
        world.write(name, page("museum") if name.endswith("html") else story(name))
    sources = [world.source(world.news / name, remove_missing=True) for name in "ab"]
    world.sync(*sources)
    (world.news / "a/1.html").rename(world.news / "b/1.html")
    report = world.sync(*sources)
    assert (report.totals()["removed"], report.totals()["unchanged"]) == (0, 3)
    assert world.holds("museum")
    (world.news / "b/1.html").unlink()
    world.sync(*sources)
    assert not world.holds("museum")


def test_of_two_files_with_the_same_article_one_may_go(world):
    first = world.write("a.html", page("museum"))
    second = world.write("b.html", page("museum"))
    world.write("c.txt", story("port"))
    source = world.source(remove_missing=True)
    world.sync(source)
    first.unlink()
    assert world.sync_one(source).removed == 0
    assert world.holds("museum")
    second.unlink()
    assert world.sync_one(source).removed == 1


def test_what_was_added_by_hand_from_elsewhere_is_not_touched(world):
    world.write("a.txt", story("port"))
    outside = world.path / "outside"
    outside.mkdir()
    (outside / "b.txt").write_text(story("ferry"))
    source = world.source(remove_missing=True)
    world.sync(source)
    build_from(world, outside / "b.txt", mode=BuildMode.ADD)
    (outside / "b.txt").unlink()
    world.write("c.txt", story("weir"))
    assert counts(world.sync_one(source)) == {"added": 1, "unchanged": 1}
    assert world.holds("ferry")


def test_an_article_that_was_read_anew_from_elsewhere_is_not_touched(world):
    path = world.write("a.html", page("museum"))
    world.write("b.txt", story("port"))
    source = world.source(remove_missing=True)
    world.sync(source)
    (world.path / "later.html").write_text(
        page(
            "museum", "The museum was closed again on Friday, a day after the storm that flooded its cellars."
        )
    )
    build_from(world, world.path / "later.html", mode=BuildMode.ADD)
    path.unlink()
    assert world.sync_one(source).removed == 0
    assert world.holds("museum")


def test_another_source_of_the_same_text_is_not_touched(world):
    text = page("museum")
    path = world.write("a.html", text)
    world.write("b.html", text.replace("courier.example", "herald.example"))
    source = world.source(remove_missing=True)
    world.sync(source)
    path.unlink()
    assert world.sync_one(source).removed == 1
    assert [record.url for record in Archive(world.root).list_articles()] == ["https://herald.example/museum"]


@pytest.mark.parametrize("what", ["missing", "empty"])
def test_a_folder_that_is_not_mounted_loses_nothing(world, what):
    world.write("a.txt", story("port"))
    source = world.source(remove_missing=True)
    world.sync(source)
    world.news.rename(world.path / "unmounted")
    if what == "empty":
        world.news.mkdir()
    for _ in range(2):
        report = world.sync(source)
        assert report.failed
        assert report.sources[0].failed is not None
        assert "mount" in report.sources[0].failed.reason
    assert world.holds("port")
    shutil.rmtree(world.news, ignore_errors=True)
    (world.path / "unmounted").rename(world.news)
    assert counts(world.sync_one(source)) == {"unchanged": 1}


def test_a_folder_that_was_emptied_on_purpose_says_how_to_have_its_articles_removed(world):
    path = world.write("a.txt", story("port"))
    source = world.source(remove_missing=True)
    world.sync(source)
    path.unlink()
    failed = world.sync_one(source).failed
    assert failed is not None
    assert "put any file into it" in failed.reason
    world.write("README", "Nothing here any more.")
    assert world.sync_one(source).removed == 1


def test_an_emptied_folder_is_no_failure_where_nothing_is_removed(world):
    path = world.write("inbox/a.txt", story("port"))
    source = world.source(world.news / "inbox")
    world.sync(source)
    path.unlink()
    assert world.sync_one(source).failed is None
    assert world.holds("port")


def test_a_folder_below_that_is_empty_may_be_a_disk_and_keeps_its_articles(world):
    world.write("a.txt", story("port"))
    path = world.write("disk/deeper/b.txt", story("ferry"))
    source = world.source(remove_missing=True)
    world.sync(source)
    path.unlink()
    report = world.sync_one(source)
    assert report.removed == 0
    assert report.kept is not None
    assert "deeper" in report.kept
    assert world.holds("ferry")
    path.parent.rmdir()
    (world.news / "disk").rmdir()
    report = world.sync_one(source)
    assert (report.removed, report.kept) == (1, None)


def test_a_file_that_became_hidden_or_partial_is_not_gone(world):
    path = world.write("a.txt", story("port"))
    world.write("b.txt", story("ferry"))
    source = world.source(remove_missing=True)
    world.sync(source)
    backup = path.with_name("a.txt~")
    path.rename(backup)
    assert world.sync_one(source).removed == 1
    backup.rename(path)
    assert world.sync_one(source).added == 1


def test_files_that_went_before_sync_knew_of_them_are_found(world):
    gone = world.write("a.txt", story("port"))
    stays = world.write("b.txt", story("ferry"))
    many = world.write("c.jsonl", records("pier", "weir"))
    hidden = world.write(".hidden.txt", story("mill"))
    build_from(world, gone, stays, many, hidden)
    gone.unlink()
    world.write("c.jsonl", records("pier"))
    assert counts(world.sync_one()) == {"unchanged": 2}
    source = world.source(remove_missing=True)
    assert counts(world.sync_one(source)) == {"unchanged": 2, "removed": 2}
    assert sorted(title.split()[0] for title in world.titles()) == ["ferry", "mill", "pier"]


def test_an_index_that_was_built_under_relative_paths_is_kept_in_step_too(world, monkeypatch):
    path = world.write("a.html", page("museum"))
    world.write("b.txt", story("ferry"))
    monkeypatch.chdir(world.path)
    build_from(world, "news")
    source = world.source(remove_missing=True)
    monkeypatch.chdir("/")
    assert counts(world.sync_one(source)) == {"unchanged": 2}
    path.unlink()
    assert counts(world.sync_one(source)) == {"unchanged": 1, "removed": 1}
