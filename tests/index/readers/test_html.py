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
    ("head", "time", "published", "origin"),
    [
        (
            '<meta itemprop="datePublished" content="2026-03-02T10:00:00Z">',
            TIME,
            "2026-03-02T10:00:00+00:00",
            "meta",
        ),
        ("", '<span itemprop="datePublished" content="2026-03-02">today</span>', "2026-03-02", "meta"),
        (
            "",
            '<abbr class="published" title="2026-03-02T21:14:00+0100">Monday</abbr>',
            "2026-03-02T21:14:00+01:00",
            "text",
        ),
        ("", "<p>Published: 3:46 p.m. ET March 2, 2026</p>", "2026-03-02T15:46:00-05:00", "text"),
        (LINKED.replace("2026-03-03T08:00:00+01:00", "1970-01-01T00:00:00Z"), TIME, "2026-03-08", "text"),
        ('<meta property="article:modified_time" content="2026-03-07">', "", "2026-03-07", "meta"),
        ("", "<p>Posted yesterday</p>", "2026-03-10", "file"),
    ],
)
def test_dates_are_found_in_the_marks_and_lines_about_a_headline(tmp_path, head, time, published, origin):
    article = read_one(tmp_path, page(head, time))
    assert (article.published, article.published_from) == (published, origin)


def test_a_date_that_stands_for_another_is_trusted_less(tmp_path):
    told = read_one(tmp_path, page(META))
    update = read_one(tmp_path, page('<meta property="article:modified_time" content="2026-03-07">'))
    assert told.published_confidence > update.published_confidence > 0.2


def test_the_times_of_other_stories_are_not_those_of_the_article(tmp_path):
    others = (
        '<div class="latest"><time datetime="2020-01-01">1 January 2020</time><a '
        'href="/x">Another story</a></div>'
    )
    text = page(LINK).replace("<article>", others + "<article>")
    assert read_one(tmp_path, text).published == "2026-03-05"


@pytest.mark.parametrize(
    ("language", "published"), [("en-US", "2026-03-04"), ("en-GB", "2026-04-03"), ("fr", "2026-04-03")]
)
def test_a_date_in_figures_is_read_as_the_language_of_the_page_writes_it(tmp_path, language, published):
    text = page("", "<p>03/04/2026</p>").replace('lang="en-GB"', f'lang="{language}"')
    assert read_one(tmp_path, text).published == published


def test_the_article_of_linked_data_is_told_from_the_stories_that_it_links_to(tmp_path):
    other = (
        '{"@type": "NewsArticle", "headline": "Crane falls", "datePublished": "2020-01-01", '
        '"author": {"name": "Bo Day"}}'
    )
    own = (
        '{"@type": ["NewsArticle"], "headline": "Ferry line to reopen in spring", '
        '"datePublished": "2026-03-03",'
        ' "author": [{"@id": "#cy"}], "articleSection": ["Ports", "Sea"], "publisher": {"name": '
        '"Harbour Post"}}'
    )
    head = f'<script type="application/ld+json">[{other}, {own}, {{"@id": "#cy", "name": "Cy Ray"}}]</script>'
    article = read_one(tmp_path, page(head))
    assert (article.published, article.authors, article.section) == ("2026-03-03", ("Cy Ray",), "Ports")
    assert article.source == "Harbour Post"


def test_text_that_stands_in_linked_data_alone_is_read_from_there(tmp_path):
    body = "The ferry runs again from April, the port said.\\n\\n“At last,” said the mayor of the island."
    script = f'{{"@type": "NewsArticle", "headline": "Ferry", "articleBody": "{body}"}}'
    text = (
        f'<html><head><title>Ferry</title><script type="application/ld+json">{script}</script></head>'
        '<body><div id="app"></div><noscript>Please enable JavaScript to read this.</noscript></body></html>'
    )
    article = read_one(tmp_path, text)
    assert article.text.split("\n\n")[1] == "“At last,” said the mayor of the island."


ONE = "The ferry between the island and the harbour will run again from April, the port said on Tuesday."
TWO = (
    "“We have waited long enough,” said the mayor, who took the first crossing with the pupils of the school."
)
THREE = (
    "Tickets will cost four crowns, and residents of the island will travel free until the end of the year."
)
COMMENT = "<p>I was on the first boat and it rained all the way there, dear neighbours.</p>"
CONSENT = "<p>We and our partners store data on your device to show you things you will like.</p>"


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Ferry</h1><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>",
        f"<h1>Ferry</h1><div>{ONE}</div><div>{TWO}</div><div>{THREE}</div>",
        f"<h1>Ferry</h1><div>{ONE}<br><br>{TWO}<br><br>{THREE}</div>",
        f"<h1>Ferry<p>{ONE}<p>{TWO}<p>{THREE}",
        f"<form><h1>Ferry</h1><span><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></span></form>",
        f"<table><tr><td>Home<br>Sport</td><td><b>Ferry</b><p>{ONE}<p>{TWO}<p>{THREE}</td></tr></table>",
        "<h1>Ferry</h1>"
        + "".join(f'<div class="elementor-widget">{"<p>" + p + "</p>"}</div>' for p in (ONE, TWO, THREE)),
        '<h1>Ferry</h1><article class="post tag-sea '
        f'category-ads"><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></article>'
        f'<div id="comments">{COMMENT * 9}</div>',
        f"<h1>Ferry</h1><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>" * 2,
        f'<div role="dialog">{CONSENT * 9}</div><h1>Ferry</h1><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>',
        f'<h1>Ferry</h1><p>{ONE}</p><p><a href="/x">Read more: a crane falls into the harbour of '
        "Orvale, again</a></p>"
        '<blockquote class="pq">We have waited long '
        f"enough</blockquote><p>{TWO}</p><aside><p>{THREE[::-1]}</p></aside>"
        f'<div class="newsletter-box"><p>Get the news of the island every morning.</p></div><p>{THREE}</p>',
    ],
)
def test_the_article_is_found_in_whatever_elements_it_stands(tmp_path, body):
    text = f"<html><head><title>Ferry - Harbour Post</title></head><body>{body}"
    article = read_one(tmp_path, text)
    assert article.title == "Ferry"
    assert [p for p in article.text.split("\n\n") if p != "We have waited long enough"] == [ONE, TWO, THREE]


def test_headings_lists_tables_and_quotations_are_part_of_the_article(tmp_path):
    body = (
        f"<h1>Ferry</h1><h2>The island votes</h2><p>{ONE}</p><h2 "
        'id="most-popular-boats">Fares</h2><ul><li>Single: 4 crowns</li>'
        f"<li>Month: 88 crowns</li></ul><p>{TWO}</p><blockquote><p>A fish reads no "
        f"quota.</p></blockquote><p>{THREE}</p>"
        '<figure class="wp-block-table"><table><tr><th>Boat</th><th>Year</th></tr>'
        "<tr><td>Hilda</td><td>1951</td></tr></table>"
        f"</figure><p>{ONE.replace('ferry', 'boat')}</p>"
    )
    article = read_one(tmp_path, f"<html><head><title>Ferry</title></head><body>{body}</body></html>")
    kept = article.text.split("\n\n")
    assert kept[0] == "The island votes"
    assert kept[2:5] == ["Fares", "Single: 4 crowns", "Month: 88 crowns"]
    assert "A fish reads no quota." in kept
    assert kept[-3:-1] == ["Boat | Year", "Hilda | 1951"]


def test_the_raw_text_is_all_that_the_page_shows(tmp_path):
    raw = read_one(tmp_path, page(LINKED)).raw.split("\n")
    assert raw[0] == "Home | News"
    assert {"By Ann Lee", "Advertisement", "© 2026 Harbour Post. All rights reserved."} <= set(raw)
    assert not any("datePublished" in line for line in raw)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<p>x" * 100_001, "has 100,003 elements, more than the 100,000 of a page that is read"),
        (
            f"<div {' '.join(f'a{i}=b' for i in range(20_000))}>x</div>",
            "has an element with more than 1,000 attributes",
        ),
        ("<ul><li>" * 400, "is nested more than 255 elements deep: most of its text would be lost"),
        ("<script>" + "var a = '<b>';" * 1_000 + "</script>", "no article text found"),
        ("<!--" * 10_000, "no article text found"),
        ("&amp;" * 10_000, "no article text found"),
    ],
)
def test_a_page_that_would_take_minutes_or_holds_no_text_is_refused_with_a_reason(tmp_path, content, reason):
    path = tmp_path / "page.html"
    path.write_text(f"<html><body>{content}")
    (skipped,) = read_sources([str(path)])
    assert isinstance(skipped, Skipped)
    assert skipped.reason == reason


def test_elements_that_nobody_closed_cost_no_text(tmp_path):
    body = "".join(f"<div><font size=2><b><p>{ONE} Boat number {number}.</p>" for number in range(300))
    article = read_one(tmp_path, f"<html><head><title>Ferry</title></head><body><h1>Ferry</h1>{body}")
    assert article.text.count("Boat number") == 300


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


@pytest.mark.parametrize("name", ["script", "style", "title", "textarea", "iframe", "noscript", "svg"])
@pytest.mark.parametrize("attributes", ["", ' src="a"'])
def test_an_element_that_is_closed_at_once_hides_nothing(tmp_path, name, attributes):
    closed = f"<{name}{attributes}/>"
    content = page().replace("<article>", f"{closed}<article>").replace("<p>Advert", f"{closed}<p>Advert")
    assert read_one(tmp_path, content).text == read_one(tmp_path, page()).text
