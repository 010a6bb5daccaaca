import gzip
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from backports import zstd

from index.article import Article, DateOrigin, Skipped
from index.config import ReadingConfig
from index.readers import read_sources

HOST = "https://post.example"


def page(title: str, date: str = "") -> bytes:
    meta = f'<meta property="article:published_time" content="{date}">' if date else ""
    text = f"<p>{title}: the port of Stellhaven was seen on Tuesday, after two years of repairs.</p>"
    return f"<!DOCTYPE html><html><head><title>{title}</title>{meta}</head><body><article>{text * 3}".encode()


class Crawl:
    """Writes a WARC file, record by record."""

    def __init__(self, *, packed: bool = False) -> None:
        self._packed = packed
        self._records: list[bytes] = []

    def add(
        self,
        path: str,
        body: bytes,
        *,
        status: str = "200 OK",
        media_type: str = "text/html; charset=utf-8",
        headers: Sequence[tuple[str, str]] = (),
        record_type: str = "response",
    ) -> "Crawl":
        if record_type == "response":
            http = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", *map(": ".join, headers), "", ""]
            body, media_type = "\r\n".join(http).encode() + body, "application/http; msgtype=response"
        header = [
            "WARC/1.0",
            f"WARC-Type: {record_type}",
            f"WARC-Target-URI: {path if ':' in path else f'{HOST}/{path}'}",
            "WARC-Date: 2026-03-09T08:00:00Z",
            f"Content-Type: {media_type}",
            f"Content-Length: {len(body)}",
        ]
        record = "\r\n".join([*header, "", ""]).encode() + body + b"\r\n\r\n"
        self._records.append(gzip.compress(record) if self._packed else record)
        return self

    def data(self) -> bytes:
        return b"".join(self._records)


def read(
    tmp_path: Path, data: bytes, name: str = "crawl.warc", reading: ReadingConfig | None = None
) -> list[Article | Skipped]:
    (tmp_path / name).write_bytes(data)
    return list(read_sources([str(tmp_path / name)], reading=reading))


def titles(found: list[Article | Skipped]) -> list[str]:
    return [one.title for one in found if isinstance(one, Article)]


def reasons(found: list[Article | Skipped]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Skipped)]


def chunked(body: bytes) -> bytes:
    parts = (body[start : start + 100] for start in range(0, len(body), 100))
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def test_a_page_is_an_article_under_its_address(tmp_path):
    crawl = Crawl().add("2026/port?id=7", page("The port reopens", "2026-03-04T10:00:00Z"))
    (article,) = read(tmp_path, crawl.data())
    assert isinstance(article, Article)
    assert (article.title, article.url) == ("The port reopens", f"{HOST}/2026/port?id=7")
    assert (article.published, article.source) == ("2026-03-04T10:00:00+00:00", "post.example")
    assert article.origin == str(tmp_path / "crawl.warc") + f"!/{HOST}/2026/port?id=7"


def test_the_day_of_the_crawl_is_the_last_resort_for_a_date(tmp_path):
    (article,) = read(tmp_path, Crawl().add("port", page("The port reopens")).data())
    assert isinstance(article, Article)
    assert (article.published, article.published_from) == ("2026-03-09T08:00:00+00:00", DateOrigin.FILE)
    assert article.published_confidence < 0.3


@pytest.mark.parametrize("packed", [True, False])
def test_records_may_each_be_packed_with_gzip(tmp_path, packed):
    crawl = Crawl(packed=packed)
    for number in range(300):
        crawl.add(str(number), page(f"Report {number}"))
    name = "crawl.warc.gz" if packed else "crawl.warc"
    assert titles(read(tmp_path, crawl.data(), name)) == [f"Report {number}" for number in range(300)]


@pytest.mark.parametrize(
    ("pack", "headers"),
    [
        (gzip.compress, [("Content-Encoding", "gzip")]),
        (zlib.compress, [("Content-Encoding", "deflate")]),
        (lambda body: zlib.compress(body, wbits=-15), [("Content-Encoding", "Deflate")]),
        (zstd.compress, [("Content-Encoding", "zstd")]),
        (chunked, [("Transfer-Encoding", "chunked")]),
        (
            lambda body: chunked(gzip.compress(body)),
            [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")],
        ),
        (lambda body: body, [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]),
    ],
)
def test_encodings_of_transfer_and_content_are_undone(tmp_path, pack: Callable[[bytes], bytes], headers):
    crawl = Crawl().add("port", pack(page("The port reopens")), headers=headers).add("b", page("Next"))
    assert titles(read(tmp_path, crawl.data())) == ["The port reopens", "Next"]


def test_the_character_set_of_the_answer_counts(tmp_path):
    body = page("Порт Стельхафена снова открыт").decode().encode("koi8-r", "ignore")
    crawl = Crawl().add("port", body, media_type="text/html; charset=koi8-r")
    assert titles(read(tmp_path, crawl.data())) == ["Порт Стельхафена снова открыт"]


def test_what_is_no_page_is_counted_in_one_line(tmp_path):
    crawl = Crawl().add("a", page("The port reopens"))
    for _ in range(3):
        crawl.add("gone", b"", status="404 Not Found")
    crawl.add("moved", b"", status="301 Moved", headers=[("Location", HOST)])
    crawl.add("pier.png", b"\x89PNG", media_type="image/png")
    found = read(tmp_path, crawl.data())
    assert titles(found) == ["The port reopens"]
    assert reasons(found) == [
        "left out 5 answers that are no pages: 3 x status 404, 1 x status 301, 1 x image/png"
    ]


@pytest.mark.parametrize("record_type", ["request", "metadata", "revisit", "warcinfo"])
def test_other_records_are_left_out_silently(tmp_path, record_type):
    crawl = Crawl().add("a", page("The port reopens")).add("a", b"x: y\r\n", record_type=record_type)
    assert len(read(tmp_path, crawl.data())) == 1


def test_rules_for_crawlers_and_names_of_hosts_are_no_articles(tmp_path):
    crawl = (
        Crawl()
        .add("a", page("The port reopens"))
        .add("robots.txt", b"User-agent: *", media_type="text/plain")
    )
    crawl.add("dns:post.example", b"192.0.2.1", media_type="text/dns", record_type="resource")
    assert len(read(tmp_path, crawl.data())) == 1


def test_plain_text_of_a_crawl_is_read(tmp_path):
    text = b"The port reopens\n\nThe port of Stellhaven reopened on Tuesday.\n"
    crawl = Crawl().add("a", text, media_type="text/plain", record_type="conversion")
    crawl.add("b", page("Ferries run"), record_type="resource")
    assert titles(read(tmp_path, crawl.data(), "crawl.warc.wet")) == ["The port reopens", "Ferries run"]


def test_a_file_without_pages_says_what_it_holds(tmp_path):
    assert reasons(read(tmp_path, Crawl().add("a", b"", status="500 Oops").data())) == [
        "holds no pages (left out: 1 x status 500)"
    ]
    assert reasons(read(tmp_path, Crawl().add("a", b"x", record_type="metadata").data())) == [
        "holds no pages"
    ]


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (b"x" * 300_000, [], "is larger than 0 MB: unpack the archive, or raise `reading.max_document_mb`"),
        (chunked(b"x" * 90_000), [("Transfer-Encoding", "chunked")], "is larger than 0 MB"),
        (b"<html>" + b"x" * 90_000, [], "is larger than 0 MB"),
        (gzip.compress(b"<html>" + bytes(900_000)), [("Content-Encoding", "gzip")], "is larger than 0 MB"),
        (zlib.compress(bytes(9_000_000)), [("Content-Encoding", "deflate")], "unpacks to more than 0 MB"),
        (b"\x0bpacked", [("Content-Encoding", "br")], "is packed as 'br', which is not read"),
        (b"no deflate", [("Content-Encoding", "deflate")], "is not whole: its deflate data is damaged"),
        (
            gzip.compress(page("A"))[:-20],
            [("Content-Encoding", "gzip")],
            "is not whole: its gzip data is damaged",
        ),
    ],
)
def test_a_page_that_is_refused_costs_no_other(tmp_path, body, headers, reason):
    crawl = Crawl().add("a", page("Before")).add("b", body, headers=headers).add("c", page("After"))
    found = read(tmp_path, crawl.data(), reading=ReadingConfig(max_file_mb=0.05, max_document_mb=0.2))
    assert titles(found) == ["Before", "After"]
    (skipped,) = (one for one in found if isinstance(one, Skipped))
    assert skipped.origin.endswith(f"!/{HOST}/b")
    assert skipped.reason.startswith(reason)


RECORD = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://post.example/x\r\n"
    b"Content-Type: application/http\r\n"
)


@pytest.mark.parametrize(
    "damage",
    [
        b"garbage that is no record\r\n" * 5,
        RECORD + b"\r\n",
        RECORD + b"Content-Length: many\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello\r\n\r\n",
        RECORD + b"Content-Length: -5\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello\r\n\r\n",
        RECORD + b"Content-Length: 3\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello\r\n\r\n",
        b"WARC/7.0\r\nx: y\r\n\r\n",
        b"WARC/1.0\r\nno colon\r\n\r\n",
        b"\0" * 5000 + b"\r\n",
        b"WARC/\r\n\r\n",
    ],
)
def test_damage_between_records_is_passed_over(tmp_path, damage):
    before, after = Crawl().add("a", page("Before")).data(), Crawl().add("b", page("After")).data()
    found = read(tmp_path, before + damage + after)
    assert titles(found) == ["Before", "After"]
    assert "is not whole: what stands where a record should begin is passed over" in reasons(found)


@pytest.mark.parametrize(
    "odd",
    [
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
        RECORD + b"Content-Length: 0\r\n\r\n\r\n\r\n",
        RECORD.replace(b"https://post.example", b"http://[::1") + b"Content-Length: 0\r\n\r\n\r\n\r\n",
        RECORD.replace(b"https://", b"<https://post.example/a b>") + b"Content-Length: 0\r\n\r\n\r\n\r\n",
    ],
)
def test_records_without_an_answer_are_left_out(tmp_path, odd):
    after = Crawl().add("b", page("After")).data()
    assert titles(read(tmp_path, odd + after)) == ["After"]


def test_a_file_that_is_cut_gives_what_stands_before(tmp_path):
    crawl = Crawl().add("a", page("Before")).add("b", page("Cut"))
    found = read(tmp_path, crawl.data()[:-150])
    assert titles(found) == ["Before"]
    assert reasons(found) == ["is not whole: the file ends within it"]


def test_a_packed_file_that_is_cut_gives_what_stands_before(tmp_path):
    crawl = Crawl(packed=True)
    for number in range(400):
        crawl.add(str(number), page(f"Report {number}"))
    found = read(tmp_path, crawl.data()[:-100], "crawl.warc.gz")
    assert titles(found)[-1] == "Report 398"
    assert "is not whole: its gzip data is damaged" in reasons(found)[-1]


@pytest.mark.parametrize("line", [b"x" * 3_000_000, b"x: y\r\n" * 400_000])
def test_a_header_without_end_is_refused(tmp_path, line):
    before = Crawl().add("a", page("Before")).data()
    found = read(tmp_path, before + b"WARC/1.0\r\n" + line)
    assert titles(found) == ["Before"]
    assert reasons(found) == ["has a header of more than 1 MB: it is damaged"]


def test_a_file_that_is_damaged_all_over_is_given_up(tmp_path):
    found = read(tmp_path, Crawl().add("a", page("Before")).data() + b"WARC/7.0\r\n\r\n" * 5000)
    assert reasons(found)[-1] == "is damaged in more than 100 places: the rest is not read"
    assert len(found) < 110
