"""A build says what disk it needs, and ends before it writes where there is too little."""

from collections import namedtuple

import pytest

from index import space
from index.archive import Archive
from index.errors import ArchiveError
from tests.index.corpus import CHUNKING, add, build_index, numbered

Usage = namedtuple("Usage", "total used free")


def test_a_full_disk_ends_a_build_with_what_is_missing_and_the_old_version_serves(
    root, embedder, monkeypatch
):
    build_index(root, numbered(2), embedder)
    monkeypatch.setattr(space.shutil, "disk_usage", lambda folder: Usage(10**9, 10**9, 100))
    with pytest.raises(ArchiveError, match=r"needs about .* MB more, and 0 MB are free: .*index gc"):
        add(root, numbered(5), embedder)
    assert Archive(root).current_version() == "000001"


def test_the_need_is_told_before_anything_is_embedded(root, embedder):
    from index.build import BuildMode, build

    told = []
    build(
        root,
        numbered(3),
        embedder=embedder,
        chunking=CHUNKING,
        mode=BuildMode.REPLACE,
        progress=lambda progress: told.append((progress.message, progress.embedded)),
    )
    message, embedded = next((message, embedded) for message, embedded in told if "of disk" in message)
    assert embedded == 0
    assert message.startswith("about ")
    assert message.endswith("are free")


def test_the_need_is_told_for_articles_that_are_not_held_in_memory_too(root, embedder, tmp_path):
    from index.build import BuildMode, build

    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("x" * 1_000)
    (tmp_path / "news" / "b.jsonl.gz").write_bytes(b"x" * 1_000)
    characters = space.characters_in([str(tmp_path / "news"), "https://a.example/feed", str(tmp_path / "no")])
    assert characters == 5_000
    told = []
    build(
        root,
        iter(numbered(3)),
        embedder=embedder,
        chunking=CHUNKING,
        mode=BuildMode.REPLACE,
        characters=10**16,
        progress=lambda progress: told.append((progress.message, progress.embedded)),
    )
    message, embedded = next((message, embedded) for message, embedded in told if "of disk" in message)
    assert embedded == 0
    assert message.endswith("are free: that may be too little")


def test_an_addition_needs_disk_for_what_it_adds(root, embedder):
    whole = space.version_bytes(1_000_000, 384)
    assert space.change_bytes(50, 1_000_000, 384) < whole / 20
    assert space.change_bytes(50, 100, 384) < space.version_bytes(20_000, 384)
