import gzip
import hashlib
import io
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from backports import zstd

from index.article import Article, DateOrigin, Skipped
from index.config import ReadingConfig
from index.readers import read_sources

STORY = b"The port reopens\n\nThe port of Stellhaven reopened on Tuesday.\n"
PAGE = (
    b"<!DOCTYPE html><html><head><title>Ferries run</title></head><body><article>"
    + b"<p>Ferries of Stellhaven run again, the mayor said, after two years of repairs to both piers.</p>" * 3
)
RECORDS = b'{"title": "Trams run", "text": "Trams run."}\n{"title": "Buses run", "text": "Buses run."}\n'
Member = tuple[str, bytes]


def zipped(members: Iterable[Member], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that stand twice
        for name, content in members:
            info = zipfile.ZipInfo(name, (2026, 3, 4, 10, 0, 0))
            info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()


def tarred(members: Iterable[Member | tarfile.TarInfo], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            info.size, info.mtime = len(member[1]), 1_772_582_400
            archive.addfile(info, io.BytesIO(member[1]))
    return out.getvalue()


PACKERS: dict[str, Callable[[Iterable[Member]], bytes]] = {
    "news.zip": zipped,
    "news.tar": tarred,
    "news.tar.gz": lambda members: gzip.compress(tarred(members)),
    "news.tgz": lambda members: gzip.compress(tarred(members)),
    "news.tar.zst": lambda members: zstd.compress(tarred(members)),
}
archives = pytest.mark.parametrize("name", PACKERS)
plain_archives = pytest.mark.parametrize("name", ["news.zip", "news.tar"])


def read(
    tmp_path: Path, name: str, data: bytes, reading: ReadingConfig | None = None
) -> list[Article | Skipped]:
    (tmp_path / name).write_bytes(data)
    return list(read_sources([str(tmp_path / name)], reading=reading))


def titles(found: list[Article | Skipped]) -> list[str]:
    return [one.title for one in found if isinstance(one, Article)]


def reasons(found: list[Article | Skipped]) -> dict[str, str]:
    """Return the reason for each member that was skipped, "" for the archive itself."""
    return {one.origin.partition("!/")[2]: one.reason for one in found if isinstance(one, Skipped)}


@archives
def test_every_file_of_an_archive_is_read_by_its_kind(tmp_path, name):
    members = [
        ("Stellhaven Post/port.txt", STORY),
        ("pages/ferries.html", PAGE),
        ("records.jsonl", RECORDS),
        ("more/records.csv.gz", gzip.compress(b"title,text\nTaxis run,Taxis run.\n")),
    ]
    found = read(tmp_path, name, PACKERS[name](members))
    assert titles(found) == ["The port reopens", "Ferries run", "Trams run", "Buses run", "Taxis run"]
    first = found[0]
    assert isinstance(first, Article)
    assert first.origin == f"{tmp_path / name}!/Stellhaven Post/port.txt"
    assert first.key == (tmp_path / name).as_uri() + "!/Stellhaven%20Post/port.txt"
    assert first.source == "Stellhaven Post"
    assert (first.published, first.published_from) == ("2026-03-04", DateOrigin.FILE)


@archives
def test_hidden_files_and_those_of_systems_are_left_out(tmp_path, name):
    left_out = (
        ".git/config.txt",
        ".hidden.txt",
        "__MACOSX/._port.txt",
        "a/.DS_Store",
        "Thumbs.db",
        "a/b/desktop.ini",
    )
    members = [*((path, STORY) for path in left_out), ("port.txt", STORY)]
    assert len(read(tmp_path, name, PACKERS[name](members))) == 1


@archives
@pytest.mark.parametrize(
    "path",
    [
        "../port.txt",
        "a/../../port.txt",
        "/etc/port.txt",
        "C:/port.txt",
        "C:port.txt",
        "..\\port.txt",
        "\\\\host\\port.txt",
    ],
)
def test_a_path_that_leads_out_is_refused_and_the_others_are_read(tmp_path, name, path):
    found = read(tmp_path, name, PACKERS[name]([("a.txt", STORY), (path, STORY), ("b.txt", STORY)]))
    assert len(titles(found)) == 2
    (reason,) = reasons(found).values()
    assert reason == "has a path that leads out of the archive"


@archives
def test_an_archive_within_an_archive_is_refused(tmp_path, name):
    inner = [("a.zip", zipped([("a.txt", STORY)])), ("b.tar.gz", gzip.compress(tarred([("a.txt", STORY)])))]
    found = read(tmp_path, name, PACKERS[name]([*inner, ("port.txt", STORY)]))
    assert titles(found) == ["The port reopens"]
    assert reasons(found) == dict.fromkeys(
        ["a.zip", "b.tar.gz"], "is an archive within an archive: unpack the outer one"
    )


@archives
def test_a_file_that_cannot_be_read_costs_no_other(tmp_path, name):
    members = [
        ("a.txt", b"\0\1"),
        ("b.css", b"p {}"),
        ("c.txt", b""),
        ("port.txt", STORY),
        ("d.png", b"\x89PNG"),
    ]
    found = read(tmp_path, name, PACKERS[name](members))
    assert titles(found) == ["The port reopens"]
    assert reasons(found) == {
        "a.txt": "is not text: it holds NUL bytes",
        "b.css": "not a kind of file that is read: .css",
        "c.txt": "the file is empty",
        "d.png": "not a kind of file that is read: it is a picture",
    }


@archives
def test_files_of_one_name_are_all_read_and_told_apart(tmp_path, name):
    found = read(
        tmp_path, name, PACKERS[name]([("port.txt", STORY), ("port.txt", STORY + b"Ferries run.\n")])
    )
    first, second = (one for one in found if isinstance(one, Article))
    assert first.key != second.key
    assert second.origin.endswith("port.txt (2)")


@pytest.mark.parametrize("path", ["порт.txt", "港/café.txt", "name with spaces & marks.txt"])
@archives
def test_names_in_any_script(tmp_path, name, path):
    (article,) = read(tmp_path, name, PACKERS[name]([(path, STORY)]))
    assert isinstance(article, Article)
    assert article.origin.endswith(f"!/{path}")


@archives
def test_an_archive_of_too_many_files_is_given_up(tmp_path, name):
    members = [(f"{number}.txt", STORY) for number in range(20)]
    found = read(tmp_path, name, PACKERS[name](members), ReadingConfig(max_members=10))
    assert len(titles(found)) in (0, 10)
    assert reasons(found) == {"": "holds more than 10 files: raise `reading.max_members`"}


@archives
def test_an_archive_that_unpacks_to_too_much_in_all_is_given_up(tmp_path, name):
    members = [(f"{number}.txt", STORY + b"Ferries run again.\n" * 15_000) for number in range(10)]
    found = read(tmp_path, name, PACKERS[name](members), ReadingConfig(max_unpacked_mb=1))
    assert len(titles(found)) == 3
    assert reasons(found)[""] == "unpacks to more than 1 MB in all: raise `reading.max_unpacked_mb`"


@archives
def test_a_large_file_within_bounds_is_read(tmp_path, name):
    records = b"".join(b'{"text": "Report %d: %s"}\n' % (number, b"x y z " * 2000) for number in range(500))
    found = read(tmp_path, name, PACKERS[name]([("a.jsonl", records), ("port.txt", STORY)]))
    assert len(titles(found)) == 501


@archives
def test_a_file_that_is_too_large_costs_no_other(tmp_path, name):
    large = hashlib.shake_256(b"Stellhaven").hexdigest(150_000).encode()
    members = [("a.txt", large), ("port.txt", STORY)]
    found = read(tmp_path, name, PACKERS[name](members), ReadingConfig(max_file_mb=0.2, max_document_mb=0.25))
    assert titles(found) == ["The port reopens"]
    assert reasons(found)["a.txt"].startswith("is larger than 0 MB")


@plain_archives
def test_an_archive_that_holds_nothing_gives_nothing(tmp_path, name):
    found = read(tmp_path, name, PACKERS[name]([]) if name == "news.tar" else zipped([("a/", b"")]))
    assert titles(found) == []


# zip


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_methods_of_packing(tmp_path, method):
    assert titles(read(tmp_path, "news.zip", zipped([("port.txt", STORY)], method))) == ["The port reopens"]


def test_names_that_are_utf_8_without_saying_so(tmp_path):
    data = zipped([("xxxx.txt", STORY)]).replace(b"xxxx.txt", b"caf"[:2] + "é".encode() + b".txt")
    (article,) = read(tmp_path, "news.zip", data)
    assert isinstance(article, Article)
    assert article.origin.endswith("!/caé.txt")


def test_a_file_of_zeros_is_no_way_to_fill_the_memory(tmp_path):
    found = read(tmp_path, "news.zip", zipped([("a.txt", bytes(50_000_000)), ("port.txt", STORY)]))
    assert titles(found) == ["The port reopens"]
    assert reasons(found) == {"a.txt": "unpacks to more than 200 times its size"}


def test_an_encrypted_file_is_refused(tmp_path):
    data = bytearray(zipped([("a.txt", STORY), ("port.txt", STORY)]))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    found = read(tmp_path, "news.zip", bytes(data))
    assert titles(found) == ["The port reopens"]
    assert reasons(found)["a.txt"].startswith("is encrypted: unpack the archive with its password")


def test_a_method_that_is_not_known_is_refused(tmp_path):
    data = bytearray(zipped([("a.txt", STORY), ("port.txt", STORY)]))
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", data, data.index(mark) + place, 9)
    found = read(tmp_path, "news.zip", bytes(data))
    assert reasons(found) == {"a.txt": "is packed by a method that is not read (number 9): pack it anew"}


def test_links_are_refused(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/hostname")
        archive.writestr("port.txt", STORY)
    found = read(tmp_path, "news.zip", out.getvalue())
    assert titles(found) == ["The port reopens"]
    assert reasons(found) == {"link.txt": "is a link or a device, not a file"}


def test_files_that_overlap_are_refused(tmp_path):
    data = bytearray(zipped([("a.txt", STORY), ("b.txt", STORY)]))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    struct.pack_into("<L", data, second + 42, 0)
    found = read(tmp_path, "news.zip", bytes(data))
    assert titles(found) == []
    assert reasons(found)[""].startswith("its files overlap each other")


def test_a_file_whose_bytes_were_changed_is_refused(tmp_path):
    data = bytearray(zipped([("a.txt", STORY), ("port.txt", STORY)], zipfile.ZIP_STORED))
    data[data.index(b"Tuesday")] ^= 1
    found = read(tmp_path, "news.zip", bytes(data))
    assert titles(found) == ["The port reopens"]
    assert reasons(found)["a.txt"].startswith("is not whole: its zip data is damaged (Bad CRC-32")


@pytest.mark.parametrize("cut", [30, 200])
def test_a_zip_archive_without_its_end_is_refused(tmp_path, cut):
    found = read(tmp_path, "news.zip", zipped([("a.txt", STORY), ("b.txt", STORY)])[:-cut])
    assert reasons(found)[""].startswith("is not whole: its zip data is damaged")


# tar


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_forms_of_tar(tmp_path, form):
    path = "a/" * 50 + "port.txt"
    (article,) = read(tmp_path, "news.tar", tarred([(path, STORY)], form))
    assert article.origin.endswith(f"!/{path}")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_are_refused(tmp_path, kind):
    odd = tarfile.TarInfo("odd.txt")
    odd.type, odd.linkname = kind, "/etc/hostname"
    found = read(tmp_path, "news.tar", tarred([("a.txt", STORY), odd, ("b.txt", STORY)]))
    assert len(titles(found)) == 2
    assert reasons(found) == {"odd.txt": "is a link or a device, not a file"}


def test_a_sparse_file_is_refused(tmp_path):
    header = bytearray(tarfile.TarInfo("sparse.txt").tobuf(tarfile.GNU_FORMAT))
    header[156:157] = b"S"
    header[386:410] = b"%011o\0%011o\0" % (0, 0)
    header[483:495] = b"%011o\0" % (1 << 32)
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 256 + sum(header[156:]))
    found = read(tmp_path, "news.tar", bytes(header) + tarred([("port.txt", STORY)]))
    assert titles(found) == ["The port reopens"]
    assert reasons(found) == {"sparse.txt": "is a sparse file, which is not read from an archive"}


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_header_that_would_fill_the_memory_is_refused(tmp_path, kind):
    long = tarfile.TarInfo("long")
    long.type, long.size = kind, 5_000_000
    data = tarred([("port.txt", STORY)])[:1024] + long.tobuf() + b"x" * 5_000_000
    found = read(tmp_path, "news.tar", data)
    assert titles(found) == ["The port reopens"]
    assert reasons(found) == {"": "has a header of more than 1 MB: it is damaged"}


def test_what_stands_before_the_damage_is_read(tmp_path):
    data = bytearray(tarred([("a.txt", STORY), ("b.txt", STORY), ("c.txt", STORY)]))
    data[1024:1100] = b"\xff" * 76
    found = read(tmp_path, "news.tar", bytes(data))
    assert len(titles(found)) == 1
    assert reasons(found) == {"": "is not whole: its tar data is damaged, and what follows is not read"}


def test_a_tar_archive_that_is_cut_gives_what_stands_before(tmp_path):
    found = read(tmp_path, "news.tar", tarred([("a.txt", STORY), ("b.txt", STORY)])[: 1024 + 512 + 10])
    assert len(titles(found)) == 1
    assert reasons(found) == {"": "is not whole: its tar data is damaged (unexpected end of data)"}


@pytest.mark.parametrize(
    "size", [b"77777777777\0", b"-0000000777\0", b"\x80" + b"\xff" * 11, b"zzzzzzzzzzz\0"]
)
def test_a_size_that_cannot_be_is_refused(tmp_path, size):
    data = bytearray(tarred([("a.txt", STORY), ("b.txt", STORY)]))
    data[1024 + 124 : 1024 + 136] = size
    data[1024 + 148 : 1024 + 156] = b" " * 8
    data[1024 + 148 : 1024 + 156] = b"%06o\0 " % sum(data[1024:1536])
    found = read(tmp_path, "news.tar", bytes(data))
    assert len(titles(found)) == 1
    assert reasons(found)


def test_nothing_is_written_beside_the_archive(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    members = [("../up.txt", STORY), ("port.txt", STORY), ("a/b.txt", STORY)]
    for name, pack in PACKERS.items():
        read(folder, name, pack(members))
    assert sorted(path.name for path in tmp_path.rglob("*")) == sorted(["in", *PACKERS])


@archives
def test_an_archive_of_hidden_files_and_folders_holds_no_files(tmp_path, name):
    found = read(tmp_path, name, PACKERS[name]([(".DS_Store", b"x"), ("__MACOSX/._a.txt", STORY)]))
    assert reasons(found) == {"": "holds no files"}


def test_a_zip_archive_without_files_says_so(tmp_path):
    assert reasons(read(tmp_path, "news.zip", zipped([]))) == {"": "holds no files"}


def test_the_end_of_an_inner_archive_is_not_taken_for_the_whole(tmp_path):
    outer = zipped([("a.txt", STORY), ("inner.zip", zipped([]))], zipfile.ZIP_STORED)
    (skipped,) = read(tmp_path, "news.zip", outer[:-30])
    assert isinstance(skipped, Skipped)
