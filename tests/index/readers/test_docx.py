import io
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from index.article import Article, DateOrigin, Skipped
from index.config import ReadingConfig
from index.readers import read_sources
from tests.index.readers.damage import check_found, damaged
from tests.index.readers.documents import docx, paragraph, run, word_xml

FIRST = "The ferry between the island and the harbour will run again from April, the port said on Tuesday."
SECOND = "“We have waited long enough,” said the mayor, who took the first crossing with forty pupils."
THIRD = "Tickets will cost four crowns, and residents of the island will travel free."
BODY = paragraph(FIRST) + paragraph(SECOND) + paragraph(THIRD)
TITLE = "Ferry line to reopen in spring"


def read(folder: Path, content: bytes, **reading: object) -> list[Article | Skipped]:
    path = folder / "ferry.docx"
    path.write_bytes(content)
    os.utime(path, (0, 1_773_100_800))
    return list(read_sources([str(path)], reading=ReadingConfig.model_validate(reading)))


def read_one(folder: Path, content: bytes) -> Article:
    (article,) = read(folder, content)
    assert isinstance(article, Article), article
    return article


def reason(folder: Path, content: bytes, **reading: object) -> str:
    (skipped,) = read(folder, content, **reading)
    assert isinstance(skipped, Skipped), skipped
    return skipped.reason


def test_a_document_gives_its_title_and_paragraphs(tmp_path):
    article = read_one(tmp_path, docx(paragraph(TITLE, "Title") + BODY))
    assert article.title == TITLE
    assert article.text == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_a_document_made_by_word_processing_software_is_read(tmp_path):
    from docx import Document

    made = Document()
    made.add_heading(TITLE, 0)
    made.add_paragraph(FIRST)
    made.add_heading("What it costs", 2)
    made.add_paragraph("Four crowns", style="List Bullet")
    made.add_paragraph("Free for residents", style="List Bullet")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), "Stall Rent Fish 120".split(), strict=True
    ):
        cell.text = text
    made.core_properties.author = "Ann Lee"
    out = io.BytesIO()
    made.save(out)
    article = read_one(tmp_path, out.getvalue())
    assert article.title == TITLE
    assert article.authors == ("Ann Lee",)
    assert article.text.split("\n\n") == [
        *(FIRST, "What it costs", "Four crowns", "Free for residents", "Stall | Rent", "Fish | 120")
    ]


def test_words_deleted_under_track_changes_are_left_out_and_those_inserted_kept(tmp_path):
    changed = (
        f"<w:p>{run('The ferry will run ')}<w:ins>{run('again ')}</w:ins>"
        f"<w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
        f"<w:moveFrom>{run('in May ')}</w:moveFrom><w:moveTo>{run('in April ')}</w:moveTo>"
        f"{run('at nine.')}</w:p>"
    )
    assert read_one(tmp_path, docx(changed)).text == "The ferry will run again in April at nine."


def test_a_paragraph_whose_mark_was_deleted_goes_on_in_the_next(tmp_path):
    open_end = paragraph("The ferry will run", properties="<w:rPr><w:del/></w:rPr>")
    assert (
        read_one(tmp_path, docx(open_end + paragraph(" again in April."))).text
        == "The ferry will run again in April."
    )


def test_text_in_content_controls_text_boxes_and_fields_is_read_once(tmp_path):
    box = f"<w:txbxContent>{paragraph('A box beside the text.')}</w:txbxContent>"
    body = (
        f"<w:sdt><w:sdtContent>{paragraph(FIRST)}</w:sdtContent></w:sdt>"
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        f"</mc:AlternateContent></w:r></w:p>"
        f"<w:p>{run('Page ')}<w:fldSimple>{run('seven')}</w:fldSimple>"
        f"<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert read_one(tmp_path, docx(body)).text == f"{FIRST}\n\nA box beside the text.\n\nPage seven"


def test_hidden_words_are_left_out_and_breaks_are_kept(tmp_path):
    hidden, shown = run(" secretly", "<w:vanish/>"), run(" sails.", "<w:vanish w:val='0'/>")
    lines = f"<w:p>{run('Harbour Post')}<w:r><w:br/></w:r>{run('Stellhaven')}</w:p>"
    article = read_one(tmp_path, docx(f"<w:p>{run('The ferry')}{hidden}{shown}</w:p>{lines}"))
    assert article.text == "The ferry sails.\n\nHarbour Post\n\nStellhaven"


def test_lists_and_footnotes_are_read(tmp_path):
    listed = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>"
    body = paragraph(FIRST) + paragraph("Four crowns", properties=listed)
    note = word_xml("footnotes", f"<w:footnote>{paragraph('See our report of May.')}</w:footnote>")
    article = read_one(tmp_path, docx(body, parts={"word/footnotes.xml": note}))
    assert article.text == f"{FIRST}\n\n• Four crowns\n\nSee our report of May."


def test_a_table_that_arranges_the_page_is_read_cell_by_cell(tmp_path):
    cells = "".join(
        f"<w:tc>{content}</w:tc>" for content in (paragraph(FIRST) + paragraph(SECOND), paragraph(THIRD))
    )
    article = read_one(tmp_path, docx(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"))
    assert article.text == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


STYLES = (
    '<w:docDefaults><w:rPr><w:lang w:val="de-AT" w:bidi="he-IL"/></w:rPr></w:docDefaults>'
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
)


@pytest.mark.parametrize(
    ("body", "told", "title"),
    [
        (paragraph(TITLE, "berschrift1") + BODY, "Template for releases", TITLE),
        (paragraph("Harbour Post") + paragraph(TITLE) + BODY, TITLE, TITLE),
        (paragraph(TITLE) + BODY, "Template for releases", TITLE),
        (paragraph(f"{FIRST} {SECOND} {THIRD}"), TITLE, TITLE),
        (BODY, "release.docx", FIRST),
    ],
)
def test_the_title_is_what_is_set_as_one_then_what_the_file_says_where_that_fits(tmp_path, body, told, title):
    assert read_one(tmp_path, docx(body, core={"title": told}, styles=STYLES)).title == title


@pytest.mark.parametrize(
    ("first", "core", "published", "origin", "confidence"),
    [
        ("March 4, 2026", {"created": "2026-03-06T10:00:00Z"}, "2026-03-04", DateOrigin.TEXT, 0.7),
        ("", {"created": "2026-03-06T10:00:00Z"}, "2026-03-06T10:00:00+00:00", DateOrigin.META, 0.5),
        (
            "",
            {"created": "2013-12-23T23:15:00Z", "modified": "2026-03-07"},
            "2026-03-07",
            DateOrigin.META,
            0.5,
        ),
        ("", {"created": "never"}, "2026-03-10", DateOrigin.FILE, 0.2),
    ],
)
def test_a_date_in_the_text_goes_before_that_of_the_file(
    tmp_path, first, core, published, origin, confidence
):
    body = paragraph(TITLE) + (paragraph(first) if first else "") + BODY
    article = read_one(tmp_path, docx(body, core=core))
    assert (article.published, article.published_from) == (published, origin)
    assert article.published_confidence == pytest.approx(confidence)


@pytest.mark.parametrize(
    ("text", "language"), [("Die Fähre fährt wieder.", "de"), ("המעבורת חוזרת באביב.", "he")]
)
def test_the_language_is_the_one_that_the_document_sets_for_its_script(tmp_path, text, language):
    article = read_one(tmp_path, docx(paragraph(text), styles=STYLES))
    assert (article.text, article.language) == (text, language)


ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BOMB = (
    f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ferry">{ENTITIES}]>'
    f"<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>"
)
SECRET = BOMB.replace('<!ENTITY a0 "ferry">', '<!ENTITY a9 SYSTEM "file:///etc/hostname">').replace(
    ENTITIES, ""
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (docx(""), "has no text"),
        (docx("", parts={"word/document.xml": BOMB}), "declares a document type (x)"),
        (docx("", parts={"word/document.xml": SECRET}), "declares a document type (x)"),
        (docx("<w:p>" * 2_000), "is nested too deeply"),
        (
            docx("<w:p>", parts={"word/document.xml": b"<w"}),
            "is not whole: word/document.xml is not valid XML",
        ),
        (docx(paragraph("The ferry. " * 200_000)), "has a part of more than 1 MB (word/document.xml)"),
        (docx(BODY).replace(b"word/document.xml", b"word/document.xmx", 1), "is not whole: its zip data"),
    ],
    ids=["empty", "entities", "outside", "deep", "cut", "large", "renamed"],
)
def test_what_cannot_be_read_is_refused_with_the_reason(tmp_path, content, expected):
    assert reason(tmp_path, content, max_file_mb=1).startswith(expected)


@pytest.mark.parametrize("part", ["docProps/core.xml", "word/styles.xml"])
@pytest.mark.parametrize("content", [BOMB, "<", b"\xff\xfe\x00", "<x/>"])
def test_properties_that_are_damaged_or_a_trap_are_passed_over(tmp_path, part, content):
    assert read_one(tmp_path, docx(BODY, parts={part: content})).text.endswith(THIRD)


def test_pictures_are_not_unpacked(tmp_path):
    content = docx(BODY, parts={"word/media/image1.jpeg": bytes(30_000_000)})
    assert read(tmp_path, content, max_file_mb=1)[0].text.endswith(THIRD)  # type: ignore[union-attr]


GOOD = docx(paragraph(TITLE, "Title") + BODY, core={"title": TITLE}, styles=STYLES)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=damaged(GOOD))
def test_no_damage_makes_a_reader_fail_and_the_file_beside_is_read(tmp_path, data):
    (tmp_path / "a.docx").write_bytes(data)
    (tmp_path / "b.docx").write_bytes(GOOD)
    *found, good = read_sources([str(tmp_path)])
    check_found(found)
    assert isinstance(good, Article)
    assert good.title == TITLE


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=damaged(word_xml("document", f"<w:body>{BODY}</w:body>").encode()))
def test_no_damage_to_the_text_itself_makes_a_reader_fail(tmp_path, data):
    check_found(read(tmp_path, docx("", parts={"word/document.xml": data})))
