"""Inputs that are broken or made to do harm, by file name: no article may come of them, only a reason."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.parquet as pq
from backports import zstd

STORY = b"The port reopens\n\nThe port of Stellhaven reopened on Tuesday.\n"
RECORD = b'{"title": "The port reopens", "text": "It reopened on Tuesday."}\n'
PAGE = (
    b"<!DOCTYPE html><html><head><title>Ferries run</title></head><body><article>"
    + b"<p>Ferries of Stellhaven run again, the mayor said, after two years of repairs to both piers.</p>" * 3
    + b"</article></body></html>"
)
FEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title><item><title>Ferries run</title>'
    b"<link>https://post.example/a</link><description>They run again, the mayor of Stellhaven said."
    b"</description></item></channel></rss>"
)
XML = b'<?xml version="1.0"?>\n'
MAIL_HEAD = (
    b"From: post@post.example\nMessage-ID: <1@post.example>\nSubject: Ferries run\nMIME-Version: 1.0\n"
)


def zipped(members: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive; a name may stand in it twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 4, 0, 0, 0)), content, method)
    return out.getvalue()


def tarred(*members: tuple[str, bytes] | tarfile.TarInfo) -> bytes:
    """A tar archive of files, or of headers without content."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            info.size, info.mtime = len(member[1]), 1_772_582_400
            archive.addfile(info, io.BytesIO(member[1]))
    return out.getvalue()


def header(name: str, kind: bytes, size: int = 0, link: str = "") -> tarfile.TarInfo:
    """The header of a member of a tar archive."""
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, size, link
    return info


def parquet(**columns: object) -> bytes:
    """A Parquet file."""
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="none")
    return out.getvalue()


def warc(body: bytes, *, status: str = "200 OK", headers: str = "", length: int | None = None) -> bytes:
    """A WARC file of one answer."""
    answer = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{headers}\r\n".encode() + body
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://post.example/a\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        + f"Content-Length: {len(answer) if length is None else length}\r\n\r\n".encode()
        + answer
        + b"\r\n\r\n"
    )


def entities(levels: int) -> bytes:
    """A document type whose last entity is 10 to the power of `levels` words."""
    lines = [b'<!ENTITY e0 "word ">']
    lines += [b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, levels)]
    return XML + b"<!DOCTYPE rss [" + b"".join(lines) + b"]>"


def patched(data: bytes, marks: dict[bytes, tuple[int, bytes]]) -> bytes:
    """A copy with some bytes replaced, at a distance from the first place where a mark stands."""
    out = bytearray(data)
    for mark, (distance, new) in marks.items():
        place = out.index(mark) + distance
        out[place : place + len(new)] = new
    return bytes(out)


def pdf_of(*objects: bytes) -> bytes:
    """A PDF file of objects, without a table of where they are."""
    numbered = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + numbered + b"trailer\n<< /Root 1 0 R >>\n%%EOF"


_ZIP = zipped([("a.txt", STORY)])
_STORED = zipped([("a.txt", STORY), ("b.txt", STORY)], zipfile.ZIP_STORED)
_TAR = tarred(("a.txt", STORY))
_PARQUET = parquet(title=["A"], text=["B"])
_SECOND = _STORED.index(b"PK\x01\x02", _STORED.index(b"PK\x01\x02") + 1)
_OVERLAP = _STORED[: _SECOND + 42] + bytes(4) + _STORED[_SECOND + 46 :]
_ZERO_BOMB = b"\n" * 60_000_000

TEXTS = {
    "empty.txt": b"",
    "blank.txt": b" \n\t\r\n",
    "nul.txt": b"The port\0reopens\n",
    "zeros.txt": bytes(100_000),
    "half-utf16.txt": b"\xff\xfeA",
    "half-utf32.txt": b"\xff\xfe\0\0A\0",
    "surrogates.txt": b"\xff\xfe\0\xd8\0\xd8A\0",
    "noise.txt": b"Advertisement\n\n|\n\nRead More\n",
    "separators.txt": b"-----\n=====\n",
    "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "jpeg.md": b"\xff\xd8\xff\xe0" + bytes(50),
    "gif.html": b"GIF89a" + bytes(50),
    "office.txt": b"\xd0\xcf\x11\xe0" + bytes(50),
    "rich.txt": b"{\\rtf1 It reopened.}",
    "rar.txt": b"Rar!\x1a\x07" + bytes(50),
    "seven.txt": b"7z\xbc\xaf\x27\x1c" + bytes(50),
    "program.exe": b"MZ" + bytes(200),
    "style.css": b"p { margin: 0 }",
    "no-ending": STORY,
}
MARKDOWN = {
    "open-yaml.md": b"---\ntitle: [a\n---\nIt reopened.\n",
    "tabs.md": b"---\n\ttitle: a\nb: c\n---\nIt reopened.\n",
    "anchors.md": b"---\na: &a {x: 1}\nb: &b {<<: [*a, *a]}\n---\nIt reopened.\n",
    "objects.md": b"---\ntitle: !!python/object/apply:os.system ['true']\n---\nIt reopened.\n",
    "long-yaml.md": b"---\n" + b"key: value\n" * 5000 + b"---\nIt reopened.\n",
    "deep-yaml.md": b"---\ntitle: " + b"[" * 9000 + b"\n---\nIt reopened.\n",
    "date.md": b"---\ndate: 2026-99-99\n---\nIt reopened.\n",
    "only-yaml.md": b"---\ntitle: A\n---\n",
    "open-toml.md": b"+++\ntitle = \n+++\nIt reopened.\n",
    "twice.md": b'+++\ntitle = "A"\ntitle = "B"\n+++\nIt reopened.\n',
    "long-toml.md": b"+++\n" + b"".join(b"k%d = 1\n" % n for n in range(3000)) + b"+++\nIt reopened.\n",
    "deep-toml.md": b"+++\na = " + b"[" * 9000 + b"\n+++\nIt reopened.\n",
    "only-toml.md": b'+++\ntitle = "A"\n+++\n',
}
PAGES = {
    "menu.html": b"<html><body><nav>Home</nav></body></html>",
    "cut.html": b"<!DOCTYPE html><html><head><title>A",
    "script.html": b"<html><body><script>" + b"x();" * 1000 + b"</script></body></html>",
    "deep.html": b"<html><body>" + b"<div>" * 50_000,
    "comment.html": b"<html><body><!-- " + b"It reopened. " * 100,
    "nul.html": b"<html><body>\0\0\0</body></html>",
    "frames.html": b"<html><frameset><frame src=a></frameset></html>",
}
JSON = {
    "number.json": b"7",
    "list.json": b"[]",
    "numbers.json": b"[1, 2, 3]",
    "cut.json": b'{"title": "A", ',
    "deep.json": b"[" * 100_000,
    "deep-objects.json": b'{"a":' * 50_000,
    "comma.json": b'[{"title": "A" "text": "B"}]',
    "quotes.json": b"[{'title': 'A', 'text': 'B'}]",
    "python.json": b"[{'title': None}]",
    "escape.json": b'[{"title": "A", "text": "\\u12"}]',
    "nul.json": b'[{"title": "A", "text": "B\0"}]',
    "long-number.json": b'[{"title": "A", "text": "B", "n": ' + b"9" * 10_000 + b"}]",
    "no-text.json": b'[{"kop": "A", "lijf": "B"}]',
    "open-string.json": b'[{"title": "A',
    "values.json": b'[{"title": "A", "text": "B", "x": [' + b"[]," * 1_200_000 + b"1]}]",
    "page.json": b'[{"html": "<html><body></body></html>"}]',
    "null.json": b'[{"title": null, "text": null}]',
    "utf-16.json": '{"title": "A"'.encode("utf-16"),
}
JSON_LINES = {
    "cut.jsonl": RECORD[:-20],
    "words.jsonl": b"The port reopens\nIt reopened.\n",
    "array.jsonl": b"[1]\n[2]\n",
    "nul.jsonl": b'{"title": "A", "text": "\0"}\n',
    "deep.jsonl": b'{"text": ' + b"[" * 100_000 + b"\n",
    "strange.jsonl": b'{"text": "\x81\x8d\x8f\x90\x9d\xa0\xff"\n',
    "empty-text.jsonl": b'{"title": "A", "text": ""}\n',
    "values.jsonl": b'{"title": "A", "text": "B", "x": [' + b"{}," * 1_200_000 + b"1]}\n",
}
TABLES = {
    "no-header.csv": b"3,Port reopens,It reopened on Tuesday\n",
    "no-text.csv": b"id,title\n1,A\n",
    "nul-header.csv": b"title,te\0xt\nA,B\n",
    "nul.csv": b"title,text\nA,B\0B\n",
    "zeros.csv": bytes(100_000),
    "ragged.csv": b"title,text\nA,B,C,D\n",
    "open.csv": b'title,text,date\nA,"It reopened.\n',
    "open-twice.csv": b'title,text,date\nA,"It reopened.\nB,"Ferries run.\n',
    "open-header.csv": b'"title,text\nA,B\n',
    "marks.csv": b'title,text\nA,"It "really" reopened, "at" last\n',
    "empty-text.csv": b"title,text\nA,\n",
    "binary.csv": b"\x81\x8d\x8f\x90\x9d,\xff\xfe\xfd\n" * 50,
    "spaces.csv": b"   \n  \n",
    "page.csv": b"title,html\nA,<html><body></body></html>\n",
    "utf-16.tsv": "no\tknown\tnames\n".encode("utf-16"),
    "cut.parquet": _PARQUET[:-10],
    "head.parquet": b"PAR1",
    "zeros.parquet": b"PAR1" + bytes(500) + b"PAR1",
    "footer.parquet": _PARQUET[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1",
    "short-footer.parquet": _PARQUET[:-8] + struct.pack("<I", 3) + b"PAR1",
    "encrypted.parquet": _PARQUET[:-4] + b"PARE",
    "pages.parquet": _PARQUET[:4] + b"\xff" * 60 + _PARQUET[64:],
    "no-text.parquet": parquet(kop=["A"], lijf=["B"]),
    "null.parquet": parquet(title=["A"], text=pa.array([None], pa.string())),
    "not.parquet": b"title,text\nA,B\n",
}
WARCS = {
    "head.warc": b"WARC/1.0\r\n",
    "cut-head.warc": warc(PAGE)[:60],
    "cut.warc": warc(PAGE)[:-100],
    "empty.warc": warc(b""),
    "gone.warc": warc(PAGE, status="404 Gone"),
    "no-status.warc": warc(PAGE, status=""),
    "long.warc": warc(PAGE, length=10**15),
    "negative.warc": warc(PAGE, length=-1),
    "chunks.warc": warc(b"zz\r\n" + PAGE[:20], headers="Transfer-Encoding: chunked\r\n"),
    "brotli.warc": warc(b"\x0b\x02\x80", headers="Content-Encoding: br\r\n"),
    "gzip.warc": warc(gzip.compress(PAGE)[:-30], headers="Content-Encoding: gzip\r\n"),
    "gzip-bomb.warc": warc(gzip.compress(_ZERO_BOMB), headers="Content-Encoding: gzip\r\n"),
    "deflate-bomb.warc": warc(zlib.compress(_ZERO_BOMB), headers="Content-Encoding: deflate\r\n"),
    "header.warc": b"WARC/1.0\r\nx: " + b"y" * 3_000_000,
    "headers.warc": b"WARC/1.0\r\n" + b"x: y\r\n" * 300_000,
    "version.warc": b"WARC/9.9\r\nx: y\r\n\r\n",
    "old.warc": b"filedesc://a.arc 0.0.0.0 20260304 text/plain 9\n",
}
PACKED = {
    "cut.txt.gz": gzip.compress(STORY)[:-9],
    "head.txt.gz": b"\x1f\x8b\x08\0",
    "damaged.txt.gz": patched(gzip.compress(STORY), {b"\x1f\x8b": (12, b"\xff" * 12)}),
    "twice.txt.gz": gzip.compress(gzip.compress(STORY)),
    "bomb.txt.gz": gzip.compress(_ZERO_BOMB),
    "bomb.json.gz": gzip.compress(b'[{"title": "' + bytes(60_000_000)),
    "cut.txt.zst": zstd.compress(STORY)[:-9],
    "damaged.txt.zst": b"\x28\xb5\x2f\xfd" + b"\xff" * 60,
    "bomb.txt.zst": zstd.compress(_ZERO_BOMB),
    "cut.txt.bz2": bz2.compress(STORY)[:-9],
    "damaged.txt.bz2": b"BZh9" + b"\xff" * 60,
    "bomb.txt.bz2": bz2.compress(_ZERO_BOMB),
    "cut.txt.xz": lzma.compress(STORY)[:-9],
    "damaged.txt.xz": b"\xfd7zXZ\0" + b"\xff" * 60,
    "bomb.txt.xz": lzma.compress(_ZERO_BOMB),
    "trailing.txt.gz": gzip.compress(STORY) + b"no gzip at all",
}
ARCHIVES = {
    "head.zip": b"PK\x03\x04",
    "cut.zip": _ZIP[:-30],
    "climbing.zip": zipped([("../../a.txt", STORY)]),
    "absolute.zip": zipped([("/etc/a.txt", STORY)]),
    "drive.zip": zipped([("C:\\a.txt", STORY)]),
    "nested.zip": zipped([("a.zip", _ZIP)]),
    "nested-tar.zip": zipped([("a.tar.gz", gzip.compress(_TAR))]),
    "bomb.zip": zipped([("a.txt", _ZERO_BOMB)]),
    "bzip2-bomb.zip": zipped([("a.txt", _ZERO_BOMB)], zipfile.ZIP_BZIP2),
    "lzma-bomb.zip": zipped([("a.txt", _ZERO_BOMB)], zipfile.ZIP_LZMA),
    "overlap.zip": _OVERLAP,
    "encrypted.zip": patched(_ZIP, {b"PK\x03\x04": (6, b"\1"), b"PK\x01\x02": (8, b"\1")}),
    "method.zip": patched(_ZIP, {b"PK\x03\x04": (8, b"\x63"), b"PK\x01\x02": (10, b"\x63")}),
    "version.zip": patched(_ZIP, {b"PK\x01\x02": (6, b"\xff")}),
    "changed.zip": patched(
        zipped([("a.txt", STORY)], zipfile.ZIP_STORED), {b"Stellhaven": (0, b"Orvale....")}
    ),
    "data.zip": patched(_ZIP, {b"a.txt": (5, b"\xff" * 20)}),
    "size.zip": patched(_ZIP, {b"PK\x01\x02": (24, b"\xff\xff\xff\x7f")}),
    "offset.zip": patched(_ZIP, {b"PK\x01\x02": (42, b"\xff\xff\xff\x7f")}),
    "list.zip": patched(_ZIP, {b"PK\x05\x06": (12, b"\xff\xff\xff\x7f")}),
    "name.zip": zipped([("a\0b.txt", b"\0")]),
    "book.zip": zipped([("META-INF/container.xml", b"<x")]),
    "word.zip": zipped([("word/document.xml", b"<x")]),
    "sheet.zip": zipped([("xl/workbook.xml", b"<x/>")]),
    "climbing.tar": tarred(("../a.txt", STORY)),
    "absolute.tar": tarred(("/etc/a.txt", STORY)),
    "link.tar": tarred(header("a.txt", tarfile.SYMTYPE, link="/etc/hostname")),
    "hard-link.tar": tarred(header("a.txt", tarfile.LNKTYPE, link="../a.txt")),
    "device.tar": tarred(header("a.txt", tarfile.CHRTYPE)),
    "pipe.tar": tarred(header("a.txt", tarfile.FIFOTYPE)),
    "nested.tar": tarred(("a.tar", _TAR)),
    "nested.tar.gz": gzip.compress(tarred(("a.zip", _ZIP))),
    "cut.tar": _TAR[:520],
    "sum.tar": patched(_TAR, {b"ustar": (-109, b"999999")}),
    "size.tar": header("a.txt", tarfile.REGTYPE, 8**11 - 1).tobuf() + STORY,
    "long-name.tar": header("a", tarfile.GNUTYPE_LONGNAME, 5_000_000).tobuf() + b"x" * 5_000_000,
    "attributes.tar": header("a", tarfile.XHDTYPE, 5_000_000).tobuf() + b"1" * 5_000_000,
    "bad-attributes.tar": header("a", tarfile.XHDTYPE, 512).tobuf() + b"0 x=y\n" * 85 + b"\0\0",
    "cut.tgz": gzip.compress(_TAR)[:-20],
    "bomb.tgz": gzip.compress(tarred(("a.txt", _ZERO_BOMB))),
    "bad.tar.zst": zstd.compress(_TAR)[:-20],
}
XMLS = {
    "entities.xml": entities(9) + b"<rss><channel><title>&e8;</title></channel></rss>",
    "outside.rss": XML
    + b'<!DOCTYPE rss [<!ENTITY e SYSTEM "file:///etc/hostname">]><rss><channel><title>&e;</title></channel></rss>',
    "unknown.xml": XML + b"<catalogue><book/></catalogue>",
    "sitemap.xml": XML + b"<urlset><url><loc>https://post.example/a</loc></url></urlset>",
    "cut-sitemap.xml": XML + b"<urlset><url><loc>https://post",
    "no-text.xml": XML + b"<rss><channel><item><link>https://post.example/a</link></item></channel></rss>",
}
DOCUMENTS = {
    "head.pdf": b"%PDF-1.7\n",
    "zeros.pdf": b"%PDF-1.7\n" + bytes(2000),
    "no-pages.pdf": pdf_of(b"<< /Type /Catalog >>"),
    "loop.pdf": pdf_of(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 9 /Kids [2 0 R] >>"),
    "itself.pdf": pdf_of(b"1 0 R"),
    "many.pdf": pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 100000 /Kids [" + b"3 0 R " * 100_000 + b"] >>",
        b"<< /Type /Page /Parent 2 0 R >>",
    ),
    "not.pdf": b"The port reopens\n",
    "not.docx": b"The port reopens\n",
    "empty.docx": zipped([("word/document.xml", b"")]),
    "cut.docx": zipped([("word/document.xml", b"<w:document><w:body>")]),
    "entities.docx": zipped([("word/document.xml", entities(9) + b"<rss>&e8;</rss>")]),
    "bomb.docx": zipped([("word/document.xml", b"<x>" + _ZERO_BOMB)]),
    "not.epub": b"The port reopens\n",
    "empty.epub": zipped([("META-INF/container.xml", b"")]),
    "no-book.epub": zipped([("META-INF/container.xml", b'<container><rootfile full-path="a"/></container>')]),
    "climbing.epub": zipped(
        [("META-INF/container.xml", b'<container><rootfile full-path="../../etc/hostname"/></container>')]
    ),
    "empty.eml": MAIL_HEAD + b"\n",
    "parts.eml": MAIL_HEAD + b'Content-Type: multipart/mixed; boundary="x"\n\n' + b"--x\n\n" * 20_000,
    "nested.eml": MAIL_HEAD + b"Content-Type: message/rfc822\n\n" * 500,
    "base64.eml": MAIL_HEAD + b"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n=====\n",
}
HOSTILE: dict[str, bytes] = (
    TEXTS | MARKDOWN | PAGES | JSON | JSON_LINES | TABLES | WARCS | PACKED | ARCHIVES | XMLS | DOCUMENTS
)
