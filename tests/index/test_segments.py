"""The vectors of a version lie in several files, of which a change writes little."""

import os

import numpy as np
import pytest

from index import segments
from index.archive import Archive
from index.build import remove
from index.contents_file import CONTENTS_NAME, load_contents
from index.errors import ArchiveDamagedError
from index.filters import Filter
from index.versions import VersionStore
from tests.index.corpus import add, article, build_index, numbered, open_index

EVERYTHING = Filter()


@pytest.fixture
def few(monkeypatch):
    """Have files of three vectors count as large, so that small archives behave as large ones do."""
    monkeypatch.setattr(segments, "SMALL_FILE", 1)


def extra(*names):
    return [article(name, f"The harbour says {name} today.", title=name) for name in names]


def layout(root):
    store = VersionStore(root)
    return load_contents(store.folder(store.current()) / CONTENTS_NAME)[1]


def titles(root, embedder, where=EVERYTHING):
    """Return what each search finds of everything, in order of the titles."""
    with open_index(root) as snapshot:
        found = snapshot.search_dense(embedder.embed_query("harbour"), 100, where)
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
        rows = [hit.row for hit in found]
        made = embedder.embed_documents([f"{p.title}\n{p.text}" for p in snapshot.passages(rows)])
        assert np.array_equal(snapshot.vectors(rows), made)
        return sorted(passage.title for passage in snapshot.passages(rows))


def test_an_addition_writes_its_own_file_and_shares_the_large_one(few, root, embedder):
    build_index(root, numbered(8), embedder)
    add(root, extra("one", "two", "three"), embedder)
    assert layout(root).names == ("vectors.faiss", "vectors-000002.faiss")
    first, second = (VersionStore(root).folder(name) / "vectors.faiss" for name in ("000001", "000002"))
    assert first.samefile(second)
    assert titles(root, embedder) == sorted([*(f"Report {n}" for n in range(8)), "one", "two", "three"])


def test_files_of_like_size_are_written_together(few, root, embedder):
    build_index(root, numbered(20), embedder)
    for name in ("one", "two", "three", "four", "five"):
        add(root, extra(name), embedder)
    sizes = np.bincount(layout(root).file_of_row).tolist()
    assert sizes == [20, 4, 1]
    assert len(titles(root, embedder)) == 25


def test_when_much_is_added_everything_is_one_file_again(few, root, embedder):
    build_index(root, numbered(3), embedder)
    add(root, extra("one", "two", "three", "four"), embedder)
    assert layout(root).names == ("vectors.faiss",)
    assert len(titles(root, embedder)) == 7


def test_a_removed_row_is_never_found_though_its_file_stays(few, root, embedder):
    build_index(root, [*numbered(5), *extra("one")], embedder)
    remove(root, [extra("one")[0].id])
    assert len(layout(root).dead_rows) == 1
    assert titles(root, embedder) == [f"Report {n}" for n in range(5)]
    assert titles(root, embedder, Filter(sources=("example.com",))) == []


def test_a_row_that_comes_back_is_found_in_the_file_that_still_has_it(few, root, embedder):
    build_index(root, [*numbered(5), *extra("one")], embedder)
    remove(root, [extra("one")[0].id])
    add(root, extra("one"), embedder)
    assert layout(root).names == ("vectors.faiss",)
    assert not len(layout(root).dead_rows)
    assert titles(root, embedder)[-1] == "one"


def test_a_file_that_is_mostly_dead_is_written_anew(few, root, embedder):
    build_index(root, [*numbered(2), *extra("one", "two", "three")], embedder)
    remove(root, [one.id for one in extra("one", "two", "three")])
    assert not len(layout(root).dead_rows)
    assert titles(root, embedder) == ["Report 0", "Report 1"]


def test_in_a_small_archive_nothing_stays_of_what_was_removed(root, embedder):
    build_index(root, [*numbered(5), *extra("one")], embedder)
    remove(root, [extra("one")[0].id])
    assert not len(layout(root).dead_rows)
    assert titles(root, embedder) == [f"Report {n}" for n in range(5)]


def test_damage_is_never_written_into_a_new_file(few, root, embedder):
    """A file that is merged is read whole before; where it is damaged everything comes from the catalogue."""
    build_index(root, numbered(6), embedder)
    add(root, extra("one"), embedder)
    path = VersionStore(root).folder("000002") / "vectors-000002.faiss"
    status, data = path.stat(), bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(ArchiveDamagedError):
        open_index(root)
    add(root, extra("two", "three"), embedder)
    assert layout(root).names == ("vectors.faiss",)
    assert len(titles(root, embedder)) == 9


def test_files_that_two_versions_share_are_loaded_once(few, root, embedder):
    build_index(root, numbered(8), embedder)
    with open_index(root) as before:
        add(root, extra("one"), embedder)
        with open_index(root) as after:
            assert after.version != before.version
            assert before._vectors._files[0] is after._vectors._files[0]


def test_clearing_away_counts_only_what_no_other_version_shares(few, root, embedder):
    build_index(root, numbered(8), embedder)
    add(root, extra("one"), embedder)
    add(root, extra("two", "three"), embedder)
    folder = VersionStore(root).folder("000002")
    own = sum(
        path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.stat().st_nlink == 1
    )
    archive = Archive(root)
    assert archive.collect_garbage(keep=2, dry_run=True).freed_bytes < archive.versions()[0].size_bytes
    (folder.parent / "000001").rename(root / "elsewhere")
    assert archive.collect_garbage(keep=1, dry_run=True).freed_bytes == own
