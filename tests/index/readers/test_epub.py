import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from index.article import Article, DateOrigin, Skipped
from index.config import ReadingConfig
from index.readers import read_sources
from tests.index.readers.damage import check_found, damaged
from tests.index.readers.documents import chapter, epub

FERRY = "The ferry between the island and the harbour will run again from April, the port said on Tuesday."
MAYOR = "“We have waited long enough,” said the mayor, who took the first crossing with forty pupils."
HALL = "Orvale’s council voted 11 to 4 on Monday to close the old market hall for eighteen months."
ROOF = "The roof has leaked since the storm of 2023, and two stalls were flooded again in January, it said."
CHAPTERS = {
    "cover.xhtml": chapter('<img src="cover.jpg" alt="Harbour Review"/>'),
    "ferry.xhtml": chapter(f"<h1>The ferry is back</h1><p>By Ann Lee</p><p>{FERRY}</p><p>{MAYOR}</p>"),
    "hall.xhtml": chapter(f"<div>Market</div><h2>The hall is closed</h2><p>{HALL}</p><p>{ROOF}</p>"),
}
CONTENTS = {"cover.xhtml": "Cover", "ferry.xhtml": "The ferry is back", "hall.xhtml": "The hall is closed"}
ISSUE = (
    "<dc:title>Harbour Review [Wed, 4 Mar 2026]</dc:title><dc:language>en-GB</dc:language>"
    "<dc:creator>calibre</dc:creator><dc:date>2026-03-05T06:00:00+00:00</dc:date>"
)


def read(folder: Path, content: bytes, **reading: object) -> list[Article | Skipped]:
    path = folder / "review.epub"
    path.write_bytes(content)
    os.utime(path, (0, 1_773_100_800))
    return list(read_sources([str(path)], reading=ReadingConfig.model_validate(reading)))


def articles(found: list[Article | Skipped]) -> list[Article]:
    assert all(isinstance(one, Article) for one in found), found
    return [one for one in found if isinstance(one, Article)]


def reason(folder: Path, content: bytes, **reading: object) -> str:
    (skipped,) = read(folder, content, **reading)
    assert isinstance(skipped, Skipped), skipped
    return skipped.reason


def test_each_chapter_is_an_article_and_covers_and_lists_are_left_out(tmp_path):
    ferry, hall = articles(read(tmp_path, epub(CHAPTERS, metadata=ISSUE, contents=CONTENTS)))
    assert (ferry.title, ferry.text, ferry.authors) == (
        "The ferry is back",
        f"{FERRY}\n\n{MAYOR}",
        ("Ann Lee",),
    )
    assert (hall.title, hall.text) == ("The hall is closed", f"Market\n\n{HALL}\n\n{ROOF}")
    assert ferry.key.endswith("/review.epub#OEBPS%2Fferry.xhtml")
    assert ferry.origin.endswith("/review.epub!/OEBPS/ferry.xhtml")
    assert (ferry.source, ferry.language) == ("Harbour Review", "en")


@pytest.mark.parametrize(
    ("metadata", "published", "origin"),
    [
        (ISSUE, "2026-03-04", DateOrigin.META),
        (ISSUE.replace(" [Wed, 4 Mar 2026]", ""), "2026-03-05T06:00:00+00:00", DateOrigin.META),
        ("<dc:date opf:event='creation'>2020-01-01</dc:date>", "2026-03-10", DateOrigin.FILE),
        ("", "2026-03-10", DateOrigin.FILE),
    ],
)
def test_the_day_of_the_issue_is_asked_last_before_the_file(tmp_path, metadata, published, origin):
    dated = {
        "dated.xhtml": chapter(f"<h1>The ferry is back</h1><p>March 2, 2026</p><p>{FERRY}</p><p>{MAYOR}</p>")
    }
    undated, own = articles(
        read(tmp_path, epub({"ferry.xhtml": CHAPTERS["ferry.xhtml"], **dated}, metadata=metadata))
    )
    assert (undated.published, undated.published_from) == (published, origin)
    assert (own.published, own.published_from) == ("2026-03-02", DateOrigin.TEXT)


def test_pages_that_were_split_for_size_are_one_chapter(tmp_path):
    pages = {
        "c_split_000.xhtml": chapter(f"<h1>The ferry is back</h1><p>{FERRY}</p>"),
        "c_split_001.xhtml": chapter(f"<p>{MAYOR}</p>"),
        "d_split_000.xhtml": CHAPTERS["hall.xhtml"],
    }
    found = articles(read(tmp_path, epub(pages, contents={"c_split_000.xhtml": "The ferry is back"})))
    assert [one.title for one in found] == ["The ferry is back", "The hall is closed"]
    assert found[0].text == f"{FERRY}\n\n{MAYOR}"


def test_a_downloaded_article_has_its_address_and_none_of_the_menus(tmp_path):
    links = ("Next", "Section menu", "Main menu", "Previous")
    menu = f"<div>| {' | '.join(f'<a href=#>{link}</a>' for link in links)} |</div>"
    tail = (
        "<p>This article was downloaded by <b>calibre</b> from "
        '<a href="https://post.example/2026/03/04/ferry">https://post.example/2026/03/04/ferry</a></p>'
    )
    page = chapter(f"{menu}<h2>The ferry is back</h2><p>{FERRY}</p><p>{MAYOR}</p>{tail}{menu}")
    (article,) = articles(read(tmp_path, epub({"a.xhtml": page})))
    assert article.text == f"{FERRY}\n\n{MAYOR}"
    assert article.key == "https://post.example/2026/03/04/ferry"
    assert (article.published, article.published_from) == ("2026-03-04", DateOrigin.URL)


def test_a_chapter_is_told_from_a_list_of_links(tmp_path):
    links = "".join(f"<li><a href={n}.xhtml>A long headline, number {n}</a></li>" for n in range(9))
    found = articles(read(tmp_path, epub({"feed.xhtml": chapter(f"<ul>{links}</ul>"), **CHAPTERS})))
    assert [one.title for one in found] == ["The ferry is back", "The hall is closed"]


def test_the_section_is_the_entry_above_in_the_table_of_contents(tmp_path):
    ncx = (
        "<ncx><navMap><navPoint><navLabel><text>Local news</text></navLabel><content src='index.xhtml'/>"
        "<navPoint><navLabel><text>The ferry is back</text></navLabel><content src='ferry.xhtml#top'/>"
        "</navPoint></navPoint></navMap></ncx>"
    )
    opf = (
        '<package><manifest><item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        '<item id="c0" href="ferry.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine toc="ncx"><itemref idref="c0"/></spine></package>'
    )
    book = epub(CHAPTERS, parts={"OEBPS/toc.ncx": ncx, "OEBPS/book.opf": opf})
    (article,) = articles(read(tmp_path, book))
    assert (article.title, article.section) == ("The ferry is back", "Local news")


def test_other_scripts_and_character_sets_are_read(tmp_path):
    hebrew = chapter(f"<h1>המעבורת חוזרת</h1><p>{'רשות הנמל הודיעה כי המעבורת תשוב באפריל. ' * 6}</p>")
    latin = chapter(f"<h1>Die Fähre</h1><p>{'Die Fähre fährt ab April wieder über den See. ' * 6}</p>")
    pages = {"a.xhtml": hebrew, "b.xhtml": latin.replace("utf-8", "iso-8859-1").encode("latin-1")}
    found = articles(read(tmp_path, epub(pages)))  # type: ignore[arg-type]
    assert [one.title for one in found] == ["המעבורת חוזרת", "Die Fähre"]
    assert found[0].text.startswith("רשות הנמל")


BOMB = (
    '<!DOCTYPE x [<!ENTITY a0 "ferry">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]><container><rootfile full-path='&a9;'/></container>"
)
LOCKED = (
    "<encryption><EncryptedData><EncryptionMethod Algorithm='http://www.w3.org/2001/04/xmlenc#aes128-cbc'/>"
    "<CipherData><CipherReference URI='OEBPS/ferry.xhtml'/></CipherData></EncryptedData></encryption>"
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (epub({}), "has no text"),
        (epub({"cover.xhtml": CHAPTERS["cover.xhtml"]}), "has no text"),
        (epub(CHAPTERS, parts={"META-INF/encryption.xml": LOCKED}), "is protected (DRM)"),
        (epub(CHAPTERS, parts={"META-INF/container.xml": BOMB}), "is not whole: META-INF/container.xml"),
        (epub(CHAPTERS, parts={"META-INF/container.xml": "<x/>"}), "is not whole: META-INF/container.xml"),
        (
            epub(CHAPTERS, parts={"OEBPS/book.opf": "<package"}),
            "is not whole: OEBPS/book.opf is not valid XML",
        ),
        (epub(CHAPTERS, parts={"OEBPS/book.opf": " " * 3_000_000}), "has a part of more than 2 MB"),
    ],
    ids=["empty", "pictures", "locked", "entities", "astray", "cut", "large"],
)
def test_what_cannot_be_read_is_refused_with_the_reason(tmp_path, content, expected):
    assert reason(tmp_path, content).startswith(expected)


def test_a_book_of_more_chapters_than_are_read_is_refused(tmp_path):
    many = {f"{n}.xhtml": CHAPTERS["ferry.xhtml"] for n in range(30)}
    assert "raise `reading.max_pages` (20)" in reason(tmp_path, epub(many), max_pages=20)


def test_fonts_that_are_obfuscated_lock_nothing(tmp_path):
    fonts = LOCKED.replace(
        "http://www.w3.org/2001/04/xmlenc#aes128-cbc", "http://www.idpf.org/2008/embedding"
    )
    assert len(read(tmp_path, epub(CHAPTERS, parts={"META-INF/encryption.xml": fonts}))) == 2


def test_a_chapter_that_is_missing_or_too_large_does_not_stop_the_others(tmp_path):
    pages = {
        "a.xhtml": CHAPTERS["ferry.xhtml"],
        "b.xhtml": chapter("x" * 5_000_000),
        "c.xhtml": CHAPTERS["hall.xhtml"],
    }
    first, large, last = read(tmp_path, epub(pages))
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert isinstance(large, Skipped)
    assert large.origin.endswith("!/OEBPS/b.xhtml")
    assert large.reason.startswith("has a part of more than 4 MB")


GOOD = epub(CHAPTERS, metadata=ISSUE, contents=CONTENTS)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=damaged(GOOD))
def test_no_damage_makes_a_reader_fail_and_the_file_beside_is_read(tmp_path, data):
    (tmp_path / "a.epub").write_bytes(data)
    (tmp_path / "b.epub").write_bytes(GOOD)
    *found, _, hall = read_sources([str(tmp_path)])
    check_found(found)
    assert isinstance(hall, Article)
    assert hall.title == "The hall is closed"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=damaged(CHAPTERS["ferry.xhtml"].encode()))
def test_no_damage_to_a_chapter_makes_a_reader_fail(tmp_path, data):
    check_found(
        read(tmp_path, epub({"hall.xhtml": CHAPTERS["hall.xhtml"]}, parts={"OEBPS/hall.xhtml": data}))
    )
