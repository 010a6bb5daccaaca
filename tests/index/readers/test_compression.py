import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from index.article import Article, Skipped
from index.readers import read_sources
from index.readers.input import HEAD_BYTES

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "zst": zstd.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}
packers = pytest.mark.parametrize("ending", PACKERS)


def read(tmp_path: Path, name: str, data: bytes) -> list[Article | Skipped]:
    (tmp_path / name).write_bytes(data)
    return list(read_sources([str(tmp_path / name)]))


def records(count: int) -> bytes:
    return b"".join(b'{"title": "Report %d", "text": "%x"}\n' % (n, n**60) for n in range(1, count + 1))


@packers
@pytest.mark.parametrize("name", ["news.jsonl.{}", "news.{}", "news.jsonl"])
def test_a_packed_file_is_read_whatever_its_name(tmp_path, ending, name):
    assert len(read(tmp_path, name.format(ending), PACKERS[ending](records(3)))) == 3


@packers
def test_parts_that_are_packed_one_after_another_are_one_file(tmp_path, ending):
    pack = PACKERS[ending]
    found = read(tmp_path, f"news.jsonl.{ending}", b"".join(pack(records(1)) for _ in range(50)))
    assert [type(one) for one in found] == [Article] * 50


@pytest.mark.parametrize("ending", ["gz", "xz", "bz2"])
def test_what_stands_before_the_damage_is_read(tmp_path, ending):
    pack = PACKERS[ending]
    whole = b"".join(pack(records(300)) for _ in range(10))
    found = read(tmp_path, f"news.jsonl.{ending}", whole[:-5])
    assert len([one for one in found if isinstance(one, Article)]) >= 2700
    assert isinstance(found[-1], Skipped)
    assert found[-1].reason.startswith("is not whole: its ")


@packers
def test_data_that_are_no_packed_file_after_all_are_refused(tmp_path, ending):
    data = PACKERS[ending](records(3))
    (skipped,) = read(tmp_path, f"news.jsonl.{ending}", data[:12] + b"\xff" * 40)
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith("is not whole: its ")


@packers
def test_a_bomb_is_refused(tmp_path, ending):
    bomb = PACKERS[ending](b'{"text": "It reopened."}\n' + (b"x" * 999_999 + b"\n") * 100)
    article, *skipped = read(tmp_path, f"news.jsonl.{ending}", bomb)
    assert isinstance(article, Article)
    assert isinstance(skipped[-1], Skipped)
    assert skipped[-1].reason == "unpacks to more than 200 times its size"


def test_an_empty_packed_file_is_empty(tmp_path):
    (skipped,) = read(tmp_path, "news.jsonl.gz", gzip.compress(b""))
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "the file is empty"


RECORDS = [{"title": f"Report {n}", "text": f"It reopened on day {n**30:x}."} for n in range(1, 301)]


@pytest.mark.parametrize("ending", ["gz", "xz"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("news.json", json.dumps(RECORDS)),
        ("answer.json", json.dumps({"status": "ok", "articles": RECORDS})),
        ("news.jsonl", "\n".join(map(json.dumps, RECORDS))),
        ("news.csv", "title,text\n" + "".join(f"{one['title']},{one['text']}\n" for one in RECORDS)),
        (
            "news.rss",
            "<rss><channel>"
            + "".join(
                f"<item><title>{one['title']}</title><description>{one['text']}</description></item>"
                for one in RECORDS
            ),
        ),
    ],
)
def test_of_a_small_damaged_file_what_stands_before_the_damage_is_read(tmp_path, ending, name, content):
    packed = PACKERS[ending](content.encode())
    assert len(content) < HEAD_BYTES
    *articles, skipped = read(tmp_path, f"{name}.{ending}", packed[: len(packed) // 2])
    assert len(articles) > 100
    known = [(one["title"], one["text"]) for one in RECORDS]
    assert [(one.title, one.text) for one in articles if isinstance(one, Article)] == known[: len(articles)]
    assert isinstance(skipped, Skipped)
    assert skipped.origin == str(tmp_path / f"{name}.{ending}")  # the file, and not one record of it
    assert skipped.reason.startswith("is not whole: its ")


@pytest.mark.parametrize("name", ["news.txt", "news.md", "news.html", "news.csv"])
def test_a_damaged_file_that_is_one_article_or_names_no_columns_is_refused(tmp_path, name):
    packed = gzip.compress(b"<p>The port reopens " + bytes(range(32, 127)) * 3)
    (skipped,) = read(tmp_path, f"{name}.gz", packed[:-12])
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith("is not whole: its gzip data is damaged")


def test_a_damaged_picture_is_called_a_picture(tmp_path):
    packed = gzip.compress(b"\x89PNG" + bytes(range(256)) * 20)
    (skipped,) = read(tmp_path, "news.txt.gz", packed[:-4])
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "not a kind of file that is read: it is a picture"
