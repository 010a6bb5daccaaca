import os
from pathlib import Path

import pytest

from index.article import Article, DateOrigin, Skipped
from index.readers import read_sources

BODY = """<nav><a href="/">Home</a><a href="/news">News</a></nav>
<article><h1>Ferry line to reopen in spring</h1>
<p class="byline">By Ann Lee</p>{time}
<p>The ferry between the island and the harbour will run again from April, the port said on Tuesday.</p>
<p>Advertisement</p>
<p>“We have waited long enough,” said the mayor, who took the first crossing with the pupils.</p>
<p>Tickets will cost four crowns, and residents of the island will travel free until the end of the year.</p>
<p>Sign up for our newsletter to get the news every morning.</p></article>
<footer>© 2026 Harbour Post. All rights reserved.</footer>"""
LINKED = """<script type="application/ld+json">{"@graph": [
{"@type": "WebSite", "datePublished": "2001-01-01"},
{"@type": "NewsArticle", "datePublished": "2026-03-03T08:00:00+01:00", "dateModified": "2026-03-06"}
]}</script>"""
META = """<meta property="article:published_time" content="2026-03-04T09:00:00Z">
<meta property="article:modified_time" content="2026-03-07T09:00:00Z">"""
LINK = '<link rel="canonical" href="https://www.harbour.example/2026/03/05/ferry?utm_source=x">'
FUTURE = LINKED.replace("2026-03-03", "2999-03-03").replace("2001", "2999")
TIME = '<time datetime="2026-03-08">8 March</time>'


def page(head: str = "", time: str = "") -> str:
    return (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        "<title>Ferry line to reopen in spring</title>"
        f"{head}</head><body>{BODY.format(time=time)}</body></html>"
    )


def read_one(tmp_path: Path, content: str | bytes) -> Article:
    path = tmp_path / "page.html"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (0, 1_773_100_800))
    (article,) = read_sources([str(path)])
    assert isinstance(article, Article), article
    return article


def test_a_page_gives_its_article_without_the_noise_around_it(tmp_path):
    article = read_one(tmp_path, page(LINKED + META + LINK))
    assert article.title == "Ferry line to reopen in spring"
    assert article.authors == ("Ann Lee",)
    assert article.source == "harbour.example"
    assert article.language == "en"
    assert article.key == "https://harbour.example/2026/03/05/ferry"
    paragraphs = article.text.split("\n\n")
    assert [paragraph[:10] for paragraph in paragraphs] == ["The ferry ", "“We have w", "Tickets wi"]


@pytest.mark.parametrize(
    ("head", "time", "published", "origin", "updated"),
    [
        (LINKED + META + LINK, TIME, "2026-03-03T08:00:00+01:00", DateOrigin.JSONLD, "2026-03-06"),
        (META + LINK, TIME, "2026-03-04T09:00:00+00:00", DateOrigin.META, "2026-03-07T09:00:00+00:00"),
        ('<meta name="DC.date" content="2026-03-02">', TIME, "2026-03-02", DateOrigin.META, None),
        (LINK, TIME, "2026-03-05", DateOrigin.URL, None),
        ("", TIME, "2026-03-08", DateOrigin.TEXT, None),
        ("", "<p>March 1, 2026</p>", "2026-03-01", DateOrigin.TEXT, None),
        ("", "", "2026-03-10", DateOrigin.FILE, None),
        (
            LINKED.replace("2026-03-03", "2999-03-03").replace("2001", "2999") + META,
            "",
            "2026-03-04T09:00:00+00:00",
            DateOrigin.META,
            "2026-03-06",
        ),
    ],
)
def test_the_date_says_where_it_stood(tmp_path, head, time, published, origin, updated):
    article = read_one(tmp_path, page(head, time))
    assert (article.published, article.published_from, article.updated) == (published, origin, updated)


@pytest.mark.parametrize(
    "script", ["{", "[" * 5000, "7", '{"datePublished": {"a": 1}}', '{"@type": 5, "datePublished": null}']
)
def test_linked_data_that_is_broken_is_passed_over(tmp_path, script):
    head = f'<script type="application/ld+json">{script}</script>{META}'
    assert read_one(tmp_path, page(head)).published_from is DateOrigin.META


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "iso-8859-1", "utf-16"])
def test_the_character_set_that_a_page_declares_is_used(tmp_path, charset):
    text = page().replace("crowns", "crowns at the café").replace('charset="utf-8"', f'charset="{charset}"')
    if charset != "utf-8":
        text = text.replace("“", '"').replace("”", '"')
    assert "the café" in read_one(tmp_path, text.encode(charset)).text


def test_a_page_that_declares_another_character_set_than_utf_8_but_is_utf_8_is_read_as_that(tmp_path):
    text = page().replace("crowns", "crowns at the café").replace('charset="utf-8"', 'charset="iso-8859-1"')
    assert "the café" in read_one(tmp_path, text).text


@pytest.mark.parametrize("charset", ["nonsense", "base64", "rot13", "punycode"])
def test_a_character_set_that_does_not_exist_is_passed_over(tmp_path, charset):
    text = page().replace("crowns", "crowns at the café").replace('charset="utf-8"', f'charset="{charset}"')
    assert "the caf" in read_one(tmp_path, text.encode("cp1252", "ignore")).text


def test_a_page_without_an_article_is_skipped(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<html><body><nav><a href='/'>Home</a></nav></body></html>")
    assert list(read_sources([str(path)])) == [Skipped(origin=str(path), reason="no article text found")]
