"""A file is read again only where something about it, or about what became of it, has changed."""

import os
from pathlib import Path

import pytest

from index.archive import Archive
from index.article import Article, Skipped
from index.build import BuildMode, build, remove
from index.config import ReadingConfig
from index.errors import ReadError
from index.sync.addition import Addition
from tests.fakes import FakeEmbedder
from tests.index.corpus import CHUNKING

LONG_AGO_NS = 1_700_000_000_123_456_789


class Desk:
    """A folder of files, and an index that they are added to."""

    def __init__(self, tmp_path):
        self.root, self.folder = tmp_path / "index", tmp_path / "news"
        self.folder.mkdir()
        self.reading = ReadingConfig()

    def write(self, name, text, *, at=LONG_AGO_NS):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        os.utime(path, ns=(at, at))
        return path

    def add(self, *, mode=BuildMode.ADD, sources=None):
        """Add the folder; return the names of the files that were read, and the report."""
        addition = Addition(self.root, self.reading, conditional=mode is BuildMode.ADD)
        found = list(addition.read(sources or [str(self.folder)]))
        report = build(
            self.root,
            found,
            embedder=FakeEmbedder(),
            chunking=CHUNKING,
            mode=mode,
            unchanged=addition.unchanged,
        )
        addition.acknowledge(report.version)
        return [Path(item.origin).name for item in found if isinstance(item, Article)], report

    def titles(self):
        return {record.title for record in Archive(self.root).list_articles()}


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.write("a.txt", "Harbour\n\nThe harbour of Stellhaven opened on Monday.")
    desk.write("b.txt", "Market\n\nThe market of Orvale closed on Tuesday.")
    return desk


def test_what_did_not_change_is_not_read_again(desk):
    assert desk.add()[0] == ["a.txt", "b.txt"]
    read, report = desk.add()
    assert read == []
    assert (report.unchanged, report.changed, report.articles) == (2, False, 2)


def test_a_build_from_scratch_reads_everything_and_remembers_it(desk):
    desk.add()
    assert desk.add(mode=BuildMode.REPLACE)[0] == ["a.txt", "b.txt"]
    assert desk.add()[0] == []


def test_a_file_that_changed_or_is_new_is_read_alone(desk):
    desk.add()
    desk.write("b.txt", "Market\n\nThe market of Orvale closed on Wednesday.", at=LONG_AGO_NS + 1)
    desk.write("c.txt", "Bridge\n\nThe bridge of Orvale was painted.")
    read, report = desk.add()
    assert read == ["b.txt", "c.txt"]
    assert (report.unchanged, report.updated, report.added) == (1, 1, 1)


def test_another_file_of_the_same_size_and_time_is_noticed(desk):
    desk.add()
    (desk.folder / "b.txt").rename(desk.folder / "old")
    desk.write("b.txt", "Market\n\nThe market of Orvale opened on Tuesday.")
    (desk.folder / "old").unlink()
    assert desk.add()[0] == ["b.txt"]


def test_a_file_that_was_only_touched_is_compared_by_its_content(desk):
    desk.add()
    os.utime(desk.folder / "a.txt", ns=(LONG_AGO_NS + 5, LONG_AGO_NS + 5))
    assert desk.add()[0] == []


def test_what_was_removed_is_read_again(desk):
    desk.add()
    remove(desk.root, [str(desk.folder / "a.txt")])
    read, report = desk.add()
    assert (read, report.added) == (["a.txt"], 1)
    assert desk.titles() == {"Harbour", "Market"}


def test_other_settings_of_reading_read_everything(desk):
    desk.add()
    desk.reading = ReadingConfig(max_pages=7)
    assert desk.add()[0] == ["a.txt", "b.txt"]


def test_after_a_rollback_what_it_undid_is_read_again(desk):
    desk.add()
    desk.write("c.txt", "Bridge\n\nThe bridge of Orvale was painted.")
    desk.add()
    Archive(desk.root).rollback("000001")
    assert desk.add()[0] == ["c.txt"]


def test_what_was_skipped_is_named_again(desk):
    desk.write("d.bin", "\x00\x01\x02" * 50)
    _, first = desk.add()
    read, again = desk.add()
    assert read == []
    assert [item.origin for item in again.skipped] == [item.origin for item in first.skipped] != []


def test_the_older_of_two_files_of_one_article_is_read_as_it_always_was(desk):
    page = '<html><head><title>{0}</title><link rel="canonical" href="https://a.example/1"></head><body>'
    page += "<article><h1>{0}</h1><p>The harbour of Stellhaven opened. {0} was there.</p></article></body>"
    desk.write("x.html", page.format("First"))
    desk.add(sources=[str(desk.folder / "x.html")])
    desk.write("y.html", page.format("Second"))
    desk.add(sources=[str(desk.folder / "y.html")])
    assert desk.add(sources=[str(desk.folder / "x.html")])[0]


def test_a_source_that_is_not_there_is_refused_at_once(desk):
    with pytest.raises(ReadError, match="does not exist"):
        Addition(desk.root, desk.reading, conditional=True).read([str(desk.folder / "nowhere")])


def test_reading_alone_remembers_nothing(desk):
    """Only what was stored is known: a build that failed reads everything again."""
    found = list(Addition(desk.root, desk.reading, conditional=True).read([str(desk.folder)]))
    assert not any(isinstance(item, Skipped) for item in found)
    assert not desk.root.exists()
    assert desk.add()[0] == ["a.txt", "b.txt"]
