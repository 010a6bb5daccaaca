import gzip
import os
from pathlib import Path

import pytest

from index.article import Article, Skipped
from index.errors import ReadError
from index.readers import read_sources

STORY = "The port reopens\n\nThe port reopened on Tuesday after two years of repairs.\n"


def read(*sources: Path) -> list[Article | Skipped]:
    return list(read_sources([str(source) for source in sources]))


def names(found: list[Article | Skipped]) -> list[str]:
    return [Path(one.origin).name for one in found]


def test_a_source_that_does_not_exist_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(ReadError, match="gone"):
        read_sources([str(tmp_path), str(tmp_path / "gone")])


@pytest.mark.parametrize("source", ["", "a\0b"])
def test_a_source_that_cannot_be_a_path_does_not_exist(source):
    with pytest.raises(ReadError, match="does not exist"):
        read_sources([source])


@pytest.mark.parametrize("source", ["http://news.example/a", "HTTPS://news.example/a"])
def test_addresses_are_refused_for_now(source):
    with pytest.raises(ReadError, match="save the page as a file"):
        read_sources([source])


def test_a_folder_is_read_with_the_folders_below_it_by_name(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(STORY)
    assert names(read(tmp_path)) == ["c.txt", "z.txt", "b.txt", "c.txt"]
    assert read(tmp_path) == read(tmp_path)


def test_hidden_files_and_folders_are_left_out_unless_named(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.txt").write_text(STORY)
    (tmp_path / ".hidden.txt").write_text(STORY)
    assert read(tmp_path) == []
    assert isinstance(read(tmp_path / ".hidden.txt")[0], Article)


def test_an_unknown_kind_of_file_is_skipped_with_the_reason(tmp_path):
    (tmp_path / "a.css").write_bytes(b"p { margin: 0 }")
    expected = Skipped(origin=str(tmp_path / "a.css"), reason="not a kind of file that is read: .css")
    assert read(tmp_path) == [expected]
    assert read(tmp_path / "a.css") == [expected]


def test_a_link_to_a_folder_above_does_not_loop(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.txt").write_text(STORY)
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    found = read(tmp_path)
    assert [type(one) for one in found] == [Article, Skipped]
    assert found[1].origin.endswith("self")


def test_a_file_named_twice_is_read_once(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    assert len(read(path, tmp_path, path)) == 1


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "the file is empty"),
        ("blank.md", b" \n\n", "the file is empty"),
        ("nul.txt", b"abc\0\1\2", "is not text: it holds NUL bytes"),
        ("paper.txt", b"\x89PNG\r\n", "not a kind of file that is read: it is a picture"),
        ("noise.txt", b"Advertisement\n|\n", "has no text but page noise"),
        ("torn.txt.gz", gzip.compress(STORY.encode())[:-9], "is not whole: its gzip data is damaged"),
        (
            "nested.gz",
            gzip.compress(gzip.compress(b"abc")),
            "not a kind of file that is read: it is gzip data within a packed file",
        ),
        ("half.txt", b"\xff\xfea", "is marked as utf-16, but is not"),
        ("front.md", b"---\ntitle: [a\n---\nText.\n", "has front matter that is not valid YAML on line"),
        (
            "bomb.md",
            b"---\na: &a {x: 1}\nb: &b {<<: [*a, *a]}\n---\nText.\n",
            "has front matter that is not valid YAML on line 3: aliases are not allowed",
        ),
        ("only-front.md", b"---\ntitle: a\n---\n", "has no text below its front matter"),
        ("menu.html", b"<html><body><nav>Home</nav></body></html>", "no article text found"),
        ("broken.json", b'{"title": "a", ', "is not valid JSON"),
        ("deep.json", b"[" * 100_000, "is not valid JSON: it is nested too deeply"),
        ("number.json", b"7", "holds no records"),
        ("none.json", b"[]", "holds no records"),
    ],
)
def test_one_bad_file_is_skipped_with_a_reason_and_the_others_are_read(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "zz-good.txt").write_text(STORY)
    skipped, article = read(tmp_path)
    assert isinstance(skipped, Skipped)
    assert skipped.origin == str(tmp_path / name)
    assert skipped.reason.startswith(reason)
    assert "\n" not in skipped.reason
    assert isinstance(article, Article)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    assert [one.reason for one in read(tmp_path) if isinstance(one, Skipped)] == ["is not a regular file"]


def test_a_file_name_that_is_no_text_is_read_and_shown_escaped(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    try:
        path.write_text(STORY)
    except OSError:
        pytest.skip("the file system takes only UTF-8 names")
    (article,) = read(tmp_path)
    assert isinstance(article, Article)
    article.origin.encode("utf-8")
    assert article.key.endswith("/caf%E9.txt")


def test_reading_is_lazy(tmp_path):
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.txt").write_text(STORY)
    found = read_sources([str(tmp_path)])
    next(found)
    (tmp_path / "b.txt").unlink()
    assert isinstance(next(found), Skipped)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.json", "a"])
def test_a_gzip_file_is_read_whatever_its_name(tmp_path, name):
    content = (
        b'{"title": "The port reopens", "text": "It reopened on Tuesday."}\n'
        if "json" in name
        else STORY.encode()
    )
    for gz in (name, f"{name}.gz"):
        (tmp_path / gz).write_bytes(gzip.compress(content))
        (article,) = read(tmp_path / gz)
        assert isinstance(article, Article), article
        assert article.title == "The port reopens"


def test_a_gzip_bomb_is_refused(tmp_path):
    bomb = tmp_path / "bomb.jsonl.gz"
    with gzip.open(bomb, "wb") as file:
        file.write(b'{"text": "The port reopened."}\n')
        for _ in range(60):
            file.write(b"x" * 999_999 + b"\n")
    article, *skipped = read(bomb)
    assert isinstance(article, Article)
    assert len(skipped) < 45
    assert "times its size" in skipped[-1].reason


PAGE = "<!DOCTYPE html><html><head><title>The port reopens</title></head><body><article>" + (
    "<p>The port reopened on Tuesday after two years of repairs to both of its piers, the mayor said.</p>" * 3
)


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("page.txt", PAGE, "The port reopens"),
        ("page", PAGE, "The port reopens"),
        ("records.txt", '{"title": "A", "text": "Some text."}\n{"title": "B", "text": "More text."}\n', "A"),
        ("records.json", '{"title": "A", "text": "Some text."}\n{"title": "B", "text": "More text."}\n', "A"),
        ("array.jsonl", '[\n{"title": "A", "text": "Some text."}\n]', "A"),
        ("pretty.jsonl", '{\n  "title": "A",\n  "text": "Some text."\n}', "A"),
        ("plain.html", "The port reopens\n\nIt reopened on Tuesday.\n", "The port reopens"),
        (
            "bracket.txt",
            "[Analysis] The port reopens\n\nIt reopened on Tuesday.\n",
            "[Analysis] The port reopens",
        ),
    ],
)
def test_the_content_decides_where_the_name_misleads(tmp_path, name, content, title):
    (tmp_path / name).write_text(content)
    first = read(tmp_path)[0]
    assert isinstance(first, Article)
    assert first.title == title


def test_a_file_without_an_ending_is_text_only_when_it_is_named(tmp_path):
    (tmp_path / "LICENCE").write_text(STORY)
    assert isinstance(read(tmp_path / "LICENCE")[0], Article)
    assert isinstance(read(tmp_path)[0], Skipped)
