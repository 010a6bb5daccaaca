import gzip
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article, Skipped
from index.readers import read_sources

SCRIPTS = [
    "éàüñçšž",
    "ΑΒΓαβγ",
    "Абвгд",
    "אבגדה",
    "ابتثج",
    "東京都港区",
    "안녕하세요",
    "👩‍👩‍👧🌤️🇺🇳",
    "abcXYZ",
    "‘’“”—",
]
words = st.builds(
    "".join, st.lists(st.sampled_from([c for s in SCRIPTS for c in s]), min_size=1, max_size=12)
)
sentences = st.lists(words, min_size=1, max_size=12).map(lambda parts: "ב " + " ".join(parts) + " 語.")
stories = st.lists(sentences, min_size=2, max_size=5, unique=True)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "title", "a"]) | st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = [
    "title",
    "text",
    "url",
    "published",
    "authors",
    "source",
    "language",
    "updated",
    "id",
    "timestamp",
    "content",
]


def read_bytes(name: str, data: bytes) -> list[Article | Skipped]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return list(read_sources([str(path)]))


def check(found: list[Article | Skipped]) -> None:
    for one in found:
        if isinstance(one, Skipped):
            assert one.reason
            assert "\n" not in one.reason
        else:
            assert one.title
            assert one.text
            assert "\n" not in one.title
            for part in (one.key, one.title, one.text, one.url, one.source, one.origin, *one.authors):
                part.encode("utf-8")


def json_line(story: list[str]) -> str:
    return json.dumps({"title": story[0], "text": "\n\n".join(story[1:])}, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(("name", "written"), [("a.txt", "\n\n".join), ("a.jsonl", json_line)])
@settings(max_examples=40, deadline=None)
@given(story=stories)
def test_every_script_comes_back_as_it_was_written(
    name: str, written: Callable[[list[str]], str], encoding: str, story: list[str]
):
    (article,) = read_bytes(name, written(story).encode(encoding))
    assert isinstance(article, Article)
    assert [article.title, *article.text.split("\n\n")] == story


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.json", "a.jsonl", "a.txt.gz", "a"])
@settings(max_examples=40, deadline=None)
@given(data=st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_make_a_reader_fail(name: str, data: bytes):
    check(read_bytes(name, data))


@settings(max_examples=150, deadline=None)
@given(value=json_values | st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_no_json_value_makes_a_reader_fail(value: object):
    for name in ("a.json", "a.jsonl"):
        check(read_bytes(name, json.dumps(value).encode()))


@settings(max_examples=60, deadline=None)
@given(front=st.text(max_size=60), body=st.text(max_size=60))
def test_no_front_matter_makes_a_reader_fail(front: str, body: str):
    check(read_bytes("a.md", f"---\ntitle: {front}\n---\n{body}".encode("utf-8", "replace")))


@settings(max_examples=40, deadline=None)
@given(position=st.integers(0, 200), byte=st.integers(0, 255))
def test_no_damage_to_gzip_makes_a_reader_fail(position: int, byte: int):
    data = bytearray(gzip.compress(b"The port reopens\n\nIt reopened on Tuesday.\n" * 20, mtime=0))
    data[position % len(data)] = byte
    check(read_bytes("a.txt.gz", bytes(data)))
