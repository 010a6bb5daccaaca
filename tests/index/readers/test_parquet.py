import datetime
import gzip
import struct
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from index.article import Article, DateOrigin, Skipped
from index.config import ReadingConfig
from index.readers import read_sources

MOMENT = datetime.datetime(2026, 3, 4, 10, tzinfo=datetime.UTC)
NEWS = {"title": ["The port reopens", "Ferries run"], "text": ["It reopened.", "They run again."]}


def write(tmp_path: Path, columns: dict[str, object], **options: object) -> Path:
    path = tmp_path / "news.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return path


def read(path: Path, reading: ReadingConfig | None = None) -> list[Article | Skipped]:
    return list(read_sources([str(path)], reading=reading))


def read_one(path: Path) -> Article:
    (article,) = read(path)
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "brotli", "lz4"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_each_row_is_an_article_however_it_is_written(tmp_path, compression, version, dictionary):
    path = write(
        tmp_path, NEWS, compression=compression, data_page_version=version, use_dictionary=dictionary
    )
    first, second = read(path)
    assert isinstance(first, Article)
    assert (first.title, first.text) == ("The port reopens", "It reopened.")
    assert first.origin.endswith("news.parquet:1")
    assert second.origin.endswith("news.parquet:2")


def test_groups_of_rows_are_counted_on(tmp_path):
    path = write(tmp_path, {"text": [f"Text {number}." for number in range(10)]}, row_group_size=3)
    assert [one.origin.rsplit(":", 1)[1] for one in read(path)] == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize(
    ("kind", "value", "published"),
    [
        (pa.timestamp("us", "UTC"), MOMENT, "2026-03-04T10:00:00+00:00"),
        (pa.timestamp("ns", "Europe/Paris"), MOMENT, "2026-03-04T11:00:00+01:00"),
        (pa.timestamp("ms"), MOMENT.replace(tzinfo=None), "2026-03-04"),
        (pa.date32(), MOMENT.date(), "2026-03-04"),
        (pa.int64(), 1772618400, "2026-03-04T10:00:00+00:00"),
        (pa.string(), "March 4, 2026", "2026-03-04"),
        (pa.timestamp("us"), 2**61, None),
        (pa.timestamp("us", "Nowhere/Never"), 1772618400, None),
    ],
)
def test_dates_of_every_type(tmp_path, kind, value, published):
    article = read_one(write(tmp_path, {"text": ["It reopened."], "date": pa.array([value], kind)}))
    assert article.published == published
    assert article.published_from is (DateOrigin.META if published else DateOrigin.UNKNOWN)


def test_fields_within_fields(tmp_path):
    columns = {
        "headline": [{"main": "The port reopens", "kicker": "Ports"}],
        "content": [{"rendered": "<p>It reopened.</p>"}],
        "authors": [[{"name": "Ann Lee"}, {"name": "Bo Day"}]],
        "source": [{"name": "Stellhaven Post"}],
    }
    article = read_one(write(tmp_path, columns))
    assert (article.title, article.text) == ("The port reopens", "It reopened.")
    assert (article.authors, article.source) == (("Ann Lee", "Bo Day"), "Stellhaven Post")


def test_a_column_may_be_named_as_a_path(tmp_path):
    columns = {"headline.main": ["The port reopens"], "text": ["It reopened."]}
    assert read_one(write(tmp_path, columns)).title == "The port reopens"


def test_texts_may_be_bytes(tmp_path):
    text = "Le café du port a rouvert mardi, a déclaré la mairie."
    article = read_one(write(tmp_path, {"text": [text.encode("cp1252")]}))
    assert article.text == text


def test_a_row_without_text_is_named(tmp_path):
    skipped, article = read(write(tmp_path, {"text": [None, "It reopened."], "x": [1, 2]}))
    assert isinstance(skipped, Skipped)
    assert (skipped.origin[-2:], skipped.reason) == (":1", "has no text: its field 'text' holds none")
    assert isinstance(article, Article)


def test_a_table_without_a_text_is_refused_once(tmp_path):
    path = write(tmp_path, {"kop": ["A", "B"], "lijf": ["a", "b"]})
    (skipped,) = read(path)
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith(
        "has no text: it has kop, lijf; say which is the text by `reading.fields`"
    )
    found = read(path, ReadingConfig(fields={"title": ("kop",), "text": ("lijf",)}))
    assert [one.title for one in found if isinstance(one, Article)] == ["A", "B"]


def test_a_packed_file_is_read(tmp_path):
    path = tmp_path / "news.parquet.gz"
    path.write_bytes(gzip.compress(write(tmp_path, NEWS).read_bytes()))
    assert [type(one) for one in read(path)] == [Article, Article]


def test_a_text_that_is_too_large_costs_its_group_only(tmp_path):
    path = write(tmp_path, {"text": ["x" * 60_000, "It reopened."]}, row_group_size=1)
    skipped, article = read(path, ReadingConfig(max_file_mb=0.05))
    assert isinstance(skipped, Skipped)
    assert skipped.origin.endswith("news.parquet:1-1")
    assert skipped.reason.startswith("holds a text of more than 0 MB, or as much in one page")
    assert isinstance(article, Article)


def test_a_small_file_whose_rows_all_name_one_large_text_is_refused(tmp_path):
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 5000, pa.int32()), pa.array(["x" * 1_000_000]))
    path = write(tmp_path, {"text": column}, dictionary_pagesize_limit=1 << 30)
    (skipped,) = read(path, ReadingConfig(max_file_mb=0.5))
    assert isinstance(skipped, Skipped)
    assert "holds a text of more than" in skipped.reason


def test_a_row_of_very_many_values_is_refused(tmp_path):
    path = write(
        tmp_path,
        {"text": ["It reopened."], "authors": pa.array([[None] * 10_000_001], pa.list_(pa.string()))},
    )
    (skipped,) = read(path)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "is cut into too many parts to be a table of articles"


def test_an_encrypted_file_is_refused(tmp_path):
    data = write(tmp_path, NEWS).read_bytes()
    path = tmp_path / "news.parquet"
    path.write_bytes(b"PAR1" + data[4:-4] + b"PARE")
    (skipped,) = read(path)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "is encrypted: give a copy that is not"


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: data[:-20], "is not whole: its Parquet data is damaged"),
        (lambda data: data[:12], "is not whole: its Parquet data is damaged"),
        (
            lambda data: data[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1",
            "is not whole: its Parquet data is damaged",
        ),
        (lambda data: b"PAR1" + bytes(len(data) - 4), "is not whole: its Parquet data is damaged"),
        (
            lambda data: data[:4] + b"\xff" * 40 + data[44:],
            "is not whole: a header of its Parquet data is damaged",
        ),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, damage, reason):
    path = write(tmp_path, NEWS, compression="none")
    path.write_bytes(damage(path.read_bytes()))
    found = read(path)
    assert found
    assert all(isinstance(one, Skipped) and one.reason.startswith(reason) for one in found), found


def test_a_damaged_group_of_rows_costs_no_other(tmp_path):
    path = write(
        tmp_path,
        {"text": [f"Text {n}." for n in range(4)]},
        row_group_size=2,
        write_page_checksum=True,
        compression="none",
        use_dictionary=False,
    )
    data = bytearray(path.read_bytes())
    data[data.index(b"Text 0.\x07\0\0\0Text 1.")] ^= 1
    path.write_bytes(data)
    found = read(path)
    assert [one.text for one in found if isinstance(one, Article)] == ["Text 2.", "Text 3."]
    assert [one.origin.rsplit(":", 1)[1] for one in found if isinstance(one, Skipped)] == ["1-2"]
