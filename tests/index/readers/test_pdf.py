import os
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from index.article import Article, DateOrigin, Skipped
from index.config import ReadingConfig
from index.readers import read_sources
from tests.index.readers.damage import check_found, damaged
from tests.index.readers.documents import Ink, Pdf, column, page_of, pdf, written

BODY = (
    "The ferry between the island and the harbour will run again from April, the port said on Tues-|day, "
    "after two years of repairs to both of its piers.\n\n"
    "“We have waited long enough,” said the mayor, who took the first crossing with forty pupils of the "
    "school at Norrby.\n\n"
    "Tickets will cost four crowns, and residents of the island will travel free until the end of the year."
)
WHOLE = BODY.replace("-|", "")
PAGES = [
    "The ferry will run again from April, and",
    "the port has hired eleven people for it, among them",
    "two who worked on the old one; the",
    "tram to Norrby will wait for the last crossing every",
    "evening, even where that takes until midnight.",
]
"""Pages on which no paragraph ends."""

HEADLINE = Ink(72, 750, "Ferry line to reopen in spring", 20)


def read(folder: Path, content: bytes, **reading: object) -> list[Article | Skipped]:
    path = folder / "ferry.pdf"
    path.write_bytes(content)
    os.utime(path, (0, 1_773_100_800))
    return list(read_sources([str(path)], reading=ReadingConfig.model_validate(reading)))


def read_one(folder: Path, content: bytes, **reading: object) -> Article:
    (article,) = read(folder, content, **reading)
    assert isinstance(article, Article), article
    return article


def reason(folder: Path, content: bytes, **reading: object) -> str:
    (skipped,) = read(folder, content, **reading)
    assert isinstance(skipped, Skipped), skipped
    assert "\n" not in skipped.reason
    return skipped.reason


def test_the_lines_of_a_column_are_joined_to_paragraphs_and_broken_words_made_whole(tmp_path):
    article = read_one(tmp_path, pdf([HEADLINE, *column(BODY)]))
    assert article.title == "Ferry line to reopen in spring"
    assert article.text == WHOLE


def test_a_hyphen_stays_in_a_word_that_the_document_writes_with_it_elsewhere(tmp_path):
    text = "A well-|known inn stands at the quay.\n\nThe well-known inn is called the Anchor and the Rope."
    article = read_one(tmp_path, pdf(column(text)))
    assert article.text.startswith("A well-known inn stands")


def test_two_columns_are_read_one_after_the_other_whichever_way_they_were_written(tmp_path):
    left = column(WHOLE, x=50, width=44)
    right = column(WHOLE.replace("ferry", "tram"), x=320, width=44)
    by_column = read_one(tmp_path, pdf([HEADLINE, *left, *right]))
    rows = sorted([*left, *right], key=lambda ink: (-ink.y, ink.x))
    by_row = read_one(tmp_path, pdf([HEADLINE, *rows]))
    expected = f"{WHOLE}\n\n{WHOLE.replace('ferry', 'tram')}"
    assert by_column.text == expected
    assert by_row.text == expected


def test_a_paragraph_goes_on_in_the_next_column_and_on_the_next_page(tmp_path):
    first = [
        Ink(50, 720, "The ferry between the island and the harbour"),
        Ink(50, 708, "will run again, as the"),
    ]
    second = [Ink(320, 720, "port said on Tuesday after"), Ink(320, 708, "a meeting that took the")]
    third = [Ink(50, 720, "whole day and half of the night.")]
    article = read_one(tmp_path, pdf([HEADLINE, *first, *second], third))
    assert article.text == (
        "The ferry between the island and the harbour will run again, as the port said on Tuesday after a "
        "meeting that took the whole day and half of the night."
    )


def test_a_table_stays_a_table(tmp_path):
    rows = [("District", "Votes"), ("North", "12,310"), ("South", "9,111")]
    ink = [
        Ink(x, 600 - 14 * y, cell)
        for y, row in enumerate(rows)
        for x, cell in zip((72, 300), row, strict=True)
    ]
    article = read_one(tmp_path, pdf([*column(WHOLE), *ink]))
    assert article.text.split("\n\n")[-3:] == ["District | Votes", "North | 12,310", "South | 9,111"]


@pytest.mark.parametrize("count", [2, 5])
def test_running_heads_and_page_numbers_are_dropped(tmp_path, count):
    pages = [
        [
            Ink(72, 770, f"Harbour Post · Wednesday · page {number}", 8),
            *column(PAGES[number - 1]),
            Ink(300, 30, f"– {number} –", 8),
        ]
        for number in range(1, count + 1)
    ]
    article = read_one(tmp_path, pdf(*pages))
    assert "Harbour Post" not in article.text
    assert "– 1 –" not in article.text
    assert article.text == " ".join(PAGES[:count])
    assert "Harbour Post · Wednesday" in article.raw


def test_letters_are_mended_whatever_form_the_font_shows(tmp_path):
    article = read_one(tmp_path, pdf(column("The ﬁrst oﬃcer of the ﬂeet spoke at ﬁve in the café № ½.")))
    assert article.text == "The first officer of the fleet spoke at five in the café № ½."


@pytest.mark.parametrize(
    "text",
    [
        "東京都の港は四月に再開すると市長が語った。",
        "Паром снова ходит, сообщил порт.",
        "Wetter 🌤️ 9°",
    ],
)
def test_other_scripts_come_back_as_they_were_written(tmp_path, text):
    assert read_one(tmp_path, pdf([Ink(72, 700, text)])).text == text


def test_text_from_right_to_left_comes_back_in_the_order_in_which_it_is_read(tmp_path):
    shown = "הפוסט של Harbour Post נכתב היום"
    pieces = [Ink(72, 700, "םויה בתכנ"), Ink(125, 700, " Harbour Post "), Ink(195, 700, "לש טסופה")]
    assert read_one(tmp_path, pdf(pieces)).text == shown


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("Ferries return", "Ferries return"),
        ("Ferry line to reopen in spring | Harbour Post", "Ferry line to reopen in spring"),
        ("Microsoft Word - ferry final.docx", "Ferry line to reopen in spring"),
        ("ferry.pdf", "Ferry line to reopen in spring"),
        ("", "Ferry line to reopen in spring"),
    ],
)
def test_the_title_is_what_the_file_calls_itself_if_that_is_one_else_the_largest_heading(
    tmp_path, told, title
):
    article = read_one(tmp_path, pdf([HEADLINE, *column(BODY)], info={"Title": told}))
    assert article.title == title


def test_the_name_of_the_paper_above_the_headline_is_the_outlet(tmp_path):
    article = read_one(
        tmp_path,
        pdf([Ink(72, 750, "Harbour Post", 40), Ink(72, 700, HEADLINE.text, 20), *column(BODY, y=660)]),
    )
    assert (article.title, article.source, article.text) == (HEADLINE.text, "Harbour Post", WHOLE)


@pytest.mark.parametrize(
    ("line", "info", "published", "origin", "confidence"),
    [
        (
            "Published March 4, 2026",
            {"CreationDate": "D:20260306101500+01'00'"},
            "2026-03-04",
            DateOrigin.TEXT,
            0.7,
        ),
        ("", {"CreationDate": "D:20260306101500+01'00'"}, "2026-03-06T10:15:00+01:00", DateOrigin.META, 0.4),
        ("", {"CreationDate": "D:20260306"}, "2026-03-06", DateOrigin.META, 0.4),
        (
            "",
            {"CreationDate": "yesterday", "ModDate": "D:20260307120000Z"},
            "2026-03-07T12:00:00+00:00",
            DateOrigin.META,
            0.4,
        ),
        ("", {"CreationDate": "D:29990101"}, "2026-03-10", DateOrigin.FILE, 0.2),
        ("", {}, "2026-03-10", DateOrigin.FILE, 0.2),
    ],
)
def test_a_date_in_the_text_goes_before_that_of_the_file(tmp_path, line, info, published, origin, confidence):
    ink = [HEADLINE, *([Ink(72, 735, line)] if line else []), *column(BODY)]
    article = read_one(tmp_path, pdf(ink, info=info))
    assert (article.published, article.published_from) == (published, origin)
    assert article.published_confidence == pytest.approx(confidence)


def test_a_date_in_the_running_head_is_that_of_the_issue(tmp_path):
    pages = [
        [Ink(72, 770, "Harbour Post", 8), Ink(400, 770, "Wednesday, March 4, 2026", 8), *column(page)]
        for page in PAGES
    ]
    article = read_one(tmp_path, pdf(*pages, info={"CreationDate": "D:20260306"}))
    assert (article.published, article.published_from) == ("2026-03-04", DateOrigin.TEXT)


@pytest.mark.parametrize(
    ("author", "authors"),
    [("Ann Lee and Tom Berg", ("Ann Lee", "Tom Berg")), ("admin", ()), ("Microsoft Office User", ())],
)
def test_the_author_of_the_file_counts_where_the_text_names_none(tmp_path, author, authors):
    assert read_one(tmp_path, pdf(column(BODY), info={"Author": author})).authors == authors
    by = read_one(
        tmp_path, pdf([HEADLINE, Ink(72, 736, "By Ida Falk", 8), *column(BODY)], info={"Author": author})
    )
    assert by.authors == ("Ida Falk",)


def test_the_language_is_that_of_the_document(tmp_path):
    assert read_one(tmp_path, pdf(column("Hafen zu."), language="de-AT")).language == "de"


def test_a_page_that_a_browser_printed_has_the_address_of_the_page(tmp_path):
    marks = [
        Ink(24, 820, "3/6/26, 10:12 AM", 8),
        Ink(300, 820, HEADLINE.text, 8),
        Ink(24, 17, "https://www.harbour.example/2026/03/05/ferry", 8),
        Ink(560, 17, "1/1", 8),
    ]
    article = read_one(tmp_path, pdf([HEADLINE, *column(BODY), *marks]))
    assert article.key == "https://harbour.example/2026/03/05/ferry"
    assert (article.published, article.published_from) == ("2026-03-05", DateOrigin.URL)
    assert article.text == WHOLE


def test_text_that_is_hidden_in_forms_is_read_and_stamps_across_the_page_are_not(tmp_path):
    made = Pdf()
    root = made.add("")
    font = made.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    form = made.stream(
        b"BT /F1 10 Tf 72 700 Td (The ferry will run again.) Tj ET",
        f"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 {font} 0 R >> >>",
    )
    content = made.stream(b"/X Do BT /F1 60 Tf .7 .7 -.7 .7 100 100 Tm (DRAFT) Tj ET")
    page = made.add(
        f"<< /Type /Page /Parent {root} 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R "
        f"/Resources << /Font << /F1 {font} 0 R >> /XObject << /X {form} 0 R >> >> >>"
    )
    assert read_one(tmp_path, made.file([page], root)).text == "The ferry will run again."


def test_a_page_that_is_set_sideways_is_read(tmp_path):
    lines = b"(The ferry between the island and the harbour) Tj 0 -12 Td (will run again from April.) Tj"
    data = one_page(b"BT /F1 10 Tf 0 1 -1 0 300 100 Tm " + lines + b" ET")
    expected = "The ferry between the island and the harbour will run again from April."
    assert read_one(tmp_path, data).text == expected


def encrypted(*, user: str, algorithm: str = "RC4-128") -> bytes:
    import io

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(pdf(column(BODY)))))
    writer.encrypt(user, "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_file_that_anyone_may_open_is_read_though_it_is_encrypted(tmp_path):
    assert read_one(tmp_path, encrypted(user="")).text.startswith("The ferry between")


def test_a_file_with_a_password_is_refused(tmp_path):
    assert reason(tmp_path, encrypted(user="secret")) == "needs a password: save a copy without one"


def empty_pages(count: int, claimed: int | None = None) -> bytes:
    made = Pdf()
    root = made.add("")
    content = made.stream(b"")
    font = made.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    page = made.add(page_of(root, content, font))
    data = made.file([page] * count, root)
    return data if claimed is None else data.replace(b"/Count %d" % count, b"/Count %d" % claimed)


@pytest.mark.parametrize("claimed", [None, 1])
def test_a_file_of_more_pages_than_are_read_is_refused_whatever_it_claims(tmp_path, claimed):
    assert "pages: split it, or raise `reading.max_pages` (20)" in reason(
        tmp_path, empty_pages(30, claimed), max_pages=20
    )


def one_page(content: bytes, resources: str = "", extra: list[bytes] | None = None) -> bytes:
    made = Pdf()
    root = made.add("")
    font = made.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    stream = made.stream(content, packed=True)
    page = made.add(
        f"<< /Type /Page /Parent {root} 0 R /MediaBox [0 0 612 792] /Contents {stream} 0 R "
        f"/Resources << /Font << /F1 {font} 0 R >> {resources} >> >>"
    )
    for number, body in enumerate(extra or [], start=page + 1):
        assert made.add(body) == number
    return made.file([page], root)


def deep_tree(depth: int) -> bytes:
    made = Pdf()
    root = made.add("")
    for _ in range(depth):
        made.add(f"<< /Type /Pages /Count 1 /Kids [{len(made.objects) + 2} 0 R] >>")
    made.add("<< /Type /Page /MediaBox [0 0 1 1] >>")
    return made.file([2], root)


def looping_tree() -> bytes:
    made = Pdf()
    root = made.add("")
    made.add("<< /Type /Pages /Count 1 /Kids [3 0 R] >>")
    made.add("<< /Type /Pages /Count 1 /Kids [2 0 R] >>")
    return made.file([2], root)


def bomb() -> bytes:
    made = Pdf()
    root = made.add("")
    data = zlib.compress(bytes(50_000_000), 9)
    content = made.add(b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(data) + data + b"\nendstream")
    return made.file([made.add(page_of(root, content, made.add("<< /Type /Font >>")))], root)


def wide_fonts(count: int) -> bytes:
    made = Pdf()
    root = made.add("")
    every = made.stream(b"begincmap 1 beginbfrange\n<0000> <ffff> <0000>\nendbfrange endcmap")
    font = f"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode {every} 0 R >>"
    fonts = " ".join(f"/F{number} {made.add(font)} 0 R" for number in range(count))
    content = made.stream(b"BT /F1 10 Tf <0041> Tj ET")
    page = f"<< /Type /Page /Resources << /Font << {fonts} >> >> /Contents {content} 0 R >>"
    return made.file([made.add(page)], root)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (wide_fonts(10), "1 of 1 pages were not read (1): uses too many characters"),
        (wide_fonts(300), "1 of 1 pages were not read (1): has too many parts"),
        (pdf([]), "has no text: it is a scan"),
        (one_page(b"q 100 0 0 100 0 0 cm Q"), "has no text: it is a scan"),
        (deep_tree(300), "is more than can be read"),
        (looping_tree(), "is not whole: its PDF data is damaged"),
        (bomb(), "1 of 1 pages were not read (1): draws too much"),
        (one_page(b"0 " * 700_000), "1 of 1 pages were not read (1): draws too much"),
        (one_page(b"[" * 50_000), "1 of 1 pages were not read (1): is nested too deeply"),
        (b"%PDF-1.7\n" + b"junk\n" * 100, "is not whole: its PDF data is damaged"),
        (b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n" * 3, "is not whole: its PDF data is damaged"),
        (written([b"<< /Type /Catalog >>"], "/Root 1 0 R"), "is not whole: its PDF data is damaged"),
        (
            pdf([Ink(72, 700, "\ue001\ue002\ue003 \ue004\ue005 \ue001 \ue006\ue007 a")]),
            "its fonts do not tell",
        ),
    ],
    ids=[
        "wide-fonts",
        "many-fonts",
        "empty",
        "drawing",
        "deep",
        "loop",
        "bomb",
        "tokens",
        "brackets",
        "junk",
        "repeated",
        "no-pages",
        "private",
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(tmp_path, content, expected):
    assert reason(tmp_path, content).startswith(expected)


def test_a_table_of_objects_that_leads_back_to_itself_is_read_once(tmp_path):
    data = pdf(column(BODY))
    start = data.rindex(b"xref\n0 ")
    looped = data.replace(b"/Size", b"/Prev %d /Size" % start)
    assert read_one(tmp_path, looped).text.startswith("The ferry between")


def test_forms_that_draw_themselves_and_each_other_end(tmp_path):
    entries = (
        "/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X 6 0 R /Y 7 0 R >> >>"
    )
    form = f"<< {entries} /Length 36 >>\nstream\n{'/X Do /Y Do ' * 3}\nendstream".encode()
    content = b"/X Do BT /F1 10 Tf 72 700 Td (The ferry will run again.) Tj ET"
    data = one_page(content, "/XObject << /X 6 0 R /Y 7 0 R >>", [form, form])
    assert read_one(tmp_path, data).text.endswith("The ferry will run again.")


def test_pages_that_cannot_be_read_are_told_and_the_others_are_read(tmp_path):
    made = Pdf()
    root = made.add("")
    font = made.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    good = made.stream(b"BT /F1 10 Tf 72 700 Td (The ferry will run again.) Tj ET")
    heavy = made.stream(b"0 " * 700_000, packed=True)
    pages = [made.add(page_of(root, content, font)) for content in (heavy, good, heavy)]
    article, skipped = read(tmp_path, made.file(pages, root))
    assert isinstance(article, Article)
    assert article.text == "The ferry will run again."
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith("2 of 3 pages were not read (1, 3): draws too much")


def test_nothing_is_written_to_the_terminal(tmp_path, capfd):
    read(tmp_path, pdf(column(BODY)).replace(b"startxref", b"startxxxx"))
    read(tmp_path, one_page(b"/Missing Do BT /F9 10 Tf (x) Tj ET"))
    assert capfd.readouterr() == ("", "")


GOOD = pdf([HEADLINE, *column(BODY)], column(PAGES[-1]), info={"Title": "Ferry"}, language="en")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=damaged(GOOD))
def test_no_damage_makes_a_reader_fail_and_the_file_beside_is_read(tmp_path, data):
    (tmp_path / "a.pdf").write_bytes(data)
    (tmp_path / "b.pdf").write_bytes(GOOD)
    *found, good = read_sources([str(tmp_path)])
    check_found(found)
    assert isinstance(good, Article)
    assert good.text.startswith(WHOLE)
