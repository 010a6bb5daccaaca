"""Whatever stands beside good files: they are read, nothing fails, and what is refused has its reason."""

import gzip
import logging
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article, Skipped
from index.readers import read_sources
from tests.index.readers.damage import damaged
from tests.index.readers.documents import Ink, chapter, docx, epub, mail, paragraph, pdf
from tests.index.readers.hostile import FEED, HOSTILE, PAGE, RECORD, STORY, parquet, tarred, warc, zipped

GOOD = {"a-good.txt": b"Trams run\n\nTrams of Orvale run again, the mayor said.\n", "z-good.jsonl": RECORD}
GOOD_TITLES = {"a-good.txt": "Trams run", "z-good.jsonl": "The port reopens"}
UNFORESEEN = re.compile(r"cannot be read: \w*(?:Error|Exception|Warning)\b")
TEXT = "Ferries of Stellhaven run again, the mayor said on Tuesday, after two years of repairs."

SEEDS = {
    "m.txt": STORY,
    "m.md": b"---\ntitle: Ferries run\ndate: 2026-03-04\n---\n# Ferries\n\n" + STORY,
    "n.md": b'+++\ntitle = "Ferries run"\ndate = 2026-03-04\n+++\n' + STORY,
    "m.html": PAGE,
    "m.json": b"[" + b",".join([RECORD] * 20) + b"]",
    "n.json": b'{"status": "ok", "articles": [' + b",".join([RECORD] * 20) + b"]}",
    "m.jsonl": RECORD * 20,
    "m.csv": b"title,text,date\n" + b'Ferries run,"They run, ""at last"".\n\nSo.",2026-03-04\n' * 20,
    "m.tsv": b"title\ttext\n" + b"Ferries run\tThey run again.\n" * 20,
    "m.parquet": parquet(
        title=["Ferries run"] * 50, text=[f"{TEXT} {n}" for n in range(50)], date=["2026-03-04"] * 50
    ),
    "m.warc": warc(PAGE) * 3,
    "m.warc.gz": gzip.compress(warc(PAGE)) * 3,
    "m.zip": zipped([("a.txt", STORY), ("b.html", PAGE), ("c.jsonl", RECORD)]),
    "m.tar": tarred(("a.txt", STORY), ("b.html", PAGE), ("c.jsonl", RECORD)),
    "m.tar.gz": gzip.compress(tarred(("a.txt", STORY), ("b.html", PAGE)), mtime=0),
    "m.rss": FEED,
    "m.pdf": pdf([Ink(72, 700, TEXT), Ink(72, 680, TEXT)]),
    "m.docx": docx(paragraph("Ferries run", "Title") + paragraph(TEXT)),
    "m.epub": epub({"a.xhtml": chapter(f"<h1>Ferries run</h1>{f'<p>{TEXT}</p>' * 9}")}),
    "m.eml": mail(f"<p>{TEXT}</p><p>{TEXT}</p>"),
}


def read_beside_good_files(folder: Path, name: str, data: bytes) -> list[Article | Skipped]:
    """Return what a file gives, after it was seen that the good files beside it were read."""
    for good, content in GOOD.items():
        (folder / good).write_bytes(content)
    (folder / name).write_bytes(data)
    found = list(read_sources([str(folder)]))
    for good, title in GOOD_TITLES.items():
        assert [one.title for one in found if good in one.origin and isinstance(one, Article)] == [title]
    return [one for one in found if not any(good in one.origin for good in GOOD)]


def check(found: list[Article | Skipped]) -> None:
    for one in found:
        if isinstance(one, Skipped):
            assert one.reason
            assert "\n" not in one.reason
            assert not UNFORESEEN.match(one.reason), one.reason
            one.reason.encode()
        else:
            assert one.title
            assert one.text
            for part in (one.key, one.title, one.text, one.url, one.source, one.origin, *one.authors):
                part.encode()


def test_there_are_enough_of_them():
    assert len(HOSTILE) > 150


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(tmp_path, caplog, name):
    with caplog.at_level(logging.WARNING, "index.readers.sources"):
        found = read_beside_good_files(tmp_path, name, HOSTILE[name])
    check(found)
    assert [one for one in found if isinstance(one, Article)] == []
    assert found, "was passed over silently"
    assert [record for record in caplog.records if record.name == "index.readers.sources"] == []


@pytest.mark.parametrize("name", SEEDS)
def test_the_files_that_are_damaged_below_are_good_themselves(tmp_path, name):
    found = read_beside_good_files(tmp_path, name, SEEDS[name])
    assert found
    assert all(isinstance(one, Article) for one in found), found


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_damage_makes_a_reader_fail(name: str, data: st.DataObject):
    broken = data.draw(damaged(SEEDS[name]))
    with tempfile.TemporaryDirectory() as folder:
        check(read_beside_good_files(Path(folder), name, broken))


@pytest.mark.parametrize(
    "name", ["a.csv", "a.tsv", "a.parquet", "a.warc", "a.zip", "a.tar", "a.rss", "a.pdf", "a.eml"]
)
@settings(max_examples=30, deadline=None)
@given(data=st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_make_a_reader_fail(name: str, data: bytes):
    with tempfile.TemporaryDirectory() as folder:
        check(read_beside_good_files(Path(folder), name, data))


WITHIN_BOUNDS = """
import resource, sys
from index.readers import read_sources
import index.readers.csv_records, index.readers.json_records, index.readers.text

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

before = peak()
found = list(read_sources([sys.argv[1]]))
print(peak() - before, *(getattr(one, "reason", one.__class__.__name__) for one in found), sep="\\n")
"""
GIGABYTE = 1_000_000_000


@pytest.mark.integration
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory in kilobytes")
@pytest.mark.parametrize(
    ("name", "before", "after", "reason"),
    [
        ("a.jsonl", RECORD, b"\n" + RECORD, "the line is longer than 20 MB"),
        ("a.csv", b"title,text\nA,a\n", b"\nB,b\n", "the line is longer than 20 MB"),
        ("a.txt", STORY, b"\n", "is larger than 20 MB"),
        ("a.json", b"[" + RECORD + b',{"title": "', b'"},' + RECORD + b"]", "is larger than 20 MB"),
    ],
)
def test_a_line_of_two_gigabytes_takes_no_memory(tmp_path, name, before, after, reason):
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(before)
        file.truncate(2 * GIGABYTE)
        file.seek(0, 2)
        file.write(after)
    done = subprocess.run(
        [sys.executable, "-c", WITHIN_BOUNDS, path], capture_output=True, text=True, check=True
    )
    path.unlink()
    growth, *found = done.stdout.splitlines()
    assert int(growth) < 200
    assert any(one.startswith(reason) for one in found), found
    assert found.count("Article") == (0 if name == "a.txt" else 2)
