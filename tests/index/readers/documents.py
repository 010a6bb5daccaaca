"""Builds documents for the tests of readers: PDF by hand, DOCX and EPUB as zip files, e-mails as text."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

LINE_WIDTH = 62
"""Characters in a line of a column that is 300 points wide, at 10 points."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Some text on a page: where its baseline begins (in points, from below), and how large it is."""

    x: float
    y: float
    text: str
    size: float = 10


def column(
    text: str, *, x: float = 72, y: float = 720, size: float = 10, width: int = LINE_WIDTH
) -> list[Ink]:
    """Set paragraphs in a column; the words of a paragraph are wrapped, "-|" breaks a word by a hyphen."""
    ink: list[Ink] = []
    for paragraph in text.split("\n\n"):
        for line in _wrapped(paragraph, width):
            ink.append(Ink(x, y, line, size))
            y -= size * 1.2
        y -= size * 0.8
    return ink


def _wrapped(paragraph: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in paragraph.split():
        while "-|" in word:
            start, _, word = word.partition("-|")
            lines.append(f"{line} {start}-".strip())
            line = ""
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line]


@dataclass(slots=True)
class Pdf:
    """A PDF file in the making; `add` returns the number of an object that others refer to."""

    info: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    objects: list[bytes] = field(default_factory=list)

    def add(self, body: bytes | str) -> int:
        self.objects.append(body.encode("latin-1") if isinstance(body, str) else body)
        return len(self.objects)

    def stream(self, data: bytes, entries: str = "", *, packed: bool = False) -> int:
        if packed:
            data, entries = zlib.compress(data, 9), f"{entries} /Filter /FlateDecode"
        return self.add(f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream")

    def font(self, characters: Sequence[str]) -> int:
        """A font that shows the characters as the codes 1, 2, 3 … and says so in its ToUnicode map."""
        pairs = "\n".join(
            f"<{code:04x}> <{character.encode('utf-16-be').hex()}>"
            for code, character in enumerate(characters, start=1)
        )
        unicode = self.stream(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
            f"{len(characters)} beginbfchar\n{pairs}\nendbfchar\nendcmap\nend\nend".encode()
        )
        inner = self.add(
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /DW 500 "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
        )
        return self.add(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H "
            f"/DescendantFonts [{inner} 0 R] /ToUnicode {unicode} 0 R >>"
        )

    def file(self, pages: Sequence[int], root: int, trailer: str = "") -> bytes:
        """The bytes of the file, with `root` as the root of the tree of pages."""
        kids = " ".join(f"{page} 0 R" for page in pages)
        self.objects[root - 1] = f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode()
        language = f" /Lang ({self.language})" if self.language else ""
        catalog = self.add(f"<< /Type /Catalog /Pages {root} 0 R{language} >>")
        if self.info:
            entries = " ".join(f"/{name} {_hex(value)}" for name, value in self.info.items())
            trailer += f" /Info {self.add(f'<< {entries} >>')} 0 R"
        return written(self.objects, f"/Root {catalog} 0 R {trailer}")


def written(objects: Sequence[bytes], trailer: str) -> bytes:
    """The bytes of a PDF file of these objects, numbered from 1, with their table."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010} 00000 n \n".encode() for place in places))
    out.write(f"trailer\n<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def _hex(value: str) -> str:
    """A string as PDF writes it; a date stays readable."""
    return f"({value})" if value.startswith("D:") else f"<feff{value.encode('utf-16-be').hex()}>"


def pdf(
    *pages: Iterable[Ink], info: Mapping[str, str] | None = None, language: str = "", trailer: str = ""
) -> bytes:
    """A PDF file whose pages hold the ink, drawn in the order in which it is given."""
    made = Pdf(info=info or {}, language=language)
    root = made.add("")
    sheets = [list(page) for page in pages]
    characters = sorted({character for sheet in sheets for ink in sheet for character in ink.text})
    codes = {character: code for code, character in enumerate(characters, start=1)}
    font = made.font(characters)
    numbers = []
    for sheet in sheets:
        shown = "\n".join(
            f"BT /F1 {ink.size} Tf 1 0 0 1 {ink.x} {ink.y} Tm "
            f"<{''.join(f'{codes[character]:04x}' for character in ink.text)}> Tj ET"
            for ink in sheet
        )
        numbers.append(made.add(page_of(root, made.stream(shown.encode()), font)))
    return made.file(numbers, root, trailer)


def page_of(root: int, content: int, font: int) -> str:
    """The object of a page."""
    return (
        f"<< /Type /Page /Parent {root} 0 R /MediaBox [0 0 612 792] "
        f"/Resources << /Font << /F1 {font} 0 R >> >> /Contents {content} 0 R >>"
    )


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(parts: Mapping[str, str | bytes], *, stored: Sequence[str] = ()) -> bytes:
    """A zip file of parts by their names; those named in `stored` come as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            method = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 0, 0, 0)), data, method)
    return out.getvalue()


def docx(
    body: str,
    *,
    core: Mapping[str, str] | None = None,
    styles: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A Word file; `body` is WordprocessingML (see `paragraph`), `core` are its properties."""
    properties = "".join(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in (core or {}).items())
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": word_xml("document", f"<w:body>{body}</w:body>"),
            "word/styles.xml": word_xml("styles", styles),
            "docProps/core.xml": f'<cp:core xmlns:cp="c" xmlns:dc="d">{properties}</cp:core>',
            **(parts or {}),
        }
    )


def word_xml(root: str, inner: str) -> str:
    """A part of a Word file."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:{root} xmlns:w="{WORD}" '
        f'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">{inner}</w:{root}>'
    )


def paragraph(text: str, style: str = "", *, properties: str = "") -> str:
    """A paragraph of a Word file."""
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{style}{properties}</w:pPr>{run(text)}</w:p>"


def run(text: str, properties: str = "") -> str:
    """A run of a paragraph of a Word file."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def epub(
    chapters: Mapping[str, str],
    *,
    metadata: str = "<dc:title>Harbour Review</dc:title>",
    contents: Mapping[str, str] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A book of chapters (XHTML by name), with a navigation document of `contents` (label by name)."""
    items = "".join(
        f'<item id="c{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(chapters)
    )
    refs = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    entries = "".join(
        f'<li><a href="{name}">{escape(label)}</a></li>' for name, label in (contents or {}).items()
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfile full-path="OEBPS/book.opf"/></container>',
            "OEBPS/book.opf": '<package xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:opf="http://www.idpf.org/2007/opf">'
            f"<metadata>{metadata}</metadata><manifest>{items}"
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
            f'</manifest><spine><itemref idref="nav"/>{refs}</spine></package>',
            "OEBPS/nav.xhtml": f"<html><body><nav><ol>{entries}</ol></nav></body></html>",
            **{f"OEBPS/{name}": text for name, text in chapters.items()},
            **(parts or {}),
        },
        stored=("mimetype",),
    )


def chapter(body: str) -> str:
    """A chapter of a book."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{body}</body></html>'
    )


def mail(
    body: str,
    *,
    subject: str = "The ferry is back",
    sender: str = "Harbour Post <news@post.example>",
    headers: Mapping[str, str] | None = None,
    kind: str = "text/html; charset=utf-8",
) -> bytes:
    """An e-mail of one part."""
    told = {
        "From": sender,
        "To": "reader@reader.example",
        "Subject": subject,
        "Date": "Wed, 4 Mar 2026 06:30:00 +0100",
        "Message-ID": "<1@post.example>",
        "MIME-Version": "1.0",
        "Content-Type": kind,
        **(headers or {}),
    }
    head = "".join(f"{name}: {value}\n" for name, value in told.items() if value)
    return f"{head}\n{body}\n".encode()


def multipart(kind: str, *parts: str, boundary: str = "part") -> tuple[str, str]:
    """The type and the body of a message of several parts (each with its own header)."""
    body = "".join(f"--{boundary}\n{part}\n" for part in parts) + f"--{boundary}--\n"
    return f'multipart/{kind}; boundary="{boundary}"', body
