"""Sitemaps name pages, the latest first; what they name wrongly is left out with a reason."""

import gzip
import tracemalloc
from dataclasses import replace

import pytest

from index.article import DateOrigin, Skipped
from index.config import ReadingConfig
from index.errors import ReadError
from index.readers import read_sources
from index.readers.kinds import Kind, kind_of
from index.readers.reader import Link
from index.readers.sitemap import MAX_ADDRESSES, SitemapReader, TextSitemapReader
from tests.index.readers.feeds import feed_input

SITEMAP_URL = "https://post.example/sitemap.xml"
CORE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def found(content: bytes | str, **changes) -> list[Link | Skipped]:
    file = feed_input(content, name=SITEMAP_URL, uri=SITEMAP_URL, media_type="application/xml")
    return list(SitemapReader().read(replace(file, **changes)))


def urls(content: bytes | str, **changes) -> list[str]:
    return [one.url for one in found(content, **changes) if isinstance(one, Link)]


def urlset(*entries: str, attributes: str = CORE) -> str:
    inner = "".join(f"<url>{entry}</url>" for entry in entries)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {attributes}>{inner}</urlset>'


def page(name: str, lastmod: str = "") -> str:
    return f"<loc>https://post.example/{name}</loc>" + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "")


def index_of(*entries: str) -> str:
    inner = "".join(f"<sitemap>{entry}</sitemap>" for entry in entries)
    return f"<sitemapindex {CORE}>{inner}</sitemapindex>"


def test_the_pages_of_a_sitemap_come_latest_first():
    sitemap = urlset(
        page("undated"),
        page("old", "2019-05-01"),
        page("new", "2026-03-04T08:00:00+00:00"),
        page("middle", "2026-03-03T23:59:59Z"),
        page("year", "2018"),
        page("month", "2026-02"),
        page("written", "Wed, 04 Mar 2026 09:00:00 GMT"),
        page("future", "2098-01-01"),
        page("nonsense", "soon"),
    )
    names = [url.removeprefix("https://post.example/") for url in urls(sitemap)]
    assert names == ["written", "new", "middle", "month", "old", "year", "undated", "future", "nonsense"]


def test_a_news_sitemap_says_what_its_articles_are():
    entry = page("harbour", "2026-03-04T11:00:00Z") + (
        "<news:news><news:publication><news:name>Orvale Post</news:name><news:language>en</news:language>"
        "</news:publication><news:publication_date>2026-03-04T09:00:00+01:00</news:publication_date>"
        "<news:title>Harbour &amp; piers reopen</news:title></news:news>"
    )
    (link,) = found(urlset(entry, attributes=f"{CORE} {NEWS}"))
    hints = link.hints
    assert (hints.title, hints.outlet, hints.language) == ("Harbour & piers reopen", "Orvale Post", "en")
    assert (hints.published[0].value, hints.published[0].origin) == (
        "2026-03-04T09:00:00+01:00",
        DateOrigin.FEED,
    )
    assert [date.value for date in hints.updated] == ["2026-03-04T11:00:00+00:00"]


@pytest.mark.parametrize("lastmod", ["2026-03-04T08:00:00Z", "2026-03-04", "2026-03-01"])
def test_a_change_before_the_publication_or_with_it_is_no_update(lastmod):
    entry = page("a", lastmod) + "<news><publication_date>2026-03-04T09:00:00+01:00</publication_date></news>"
    (link,) = found(urlset(entry))
    assert link.hints.updated == ()


def test_the_last_change_alone_is_no_date_of_publication():
    (link,) = found(urlset(page("a", "2026-03-04")))
    assert (link.hints.published, link.hints.updated) == ((None,), ())


@pytest.mark.parametrize(
    "media",
    [
        "<image:image><image:loc>https://post.example/pier.jpg</image:loc></image:image>",
        "<image:loc>https://post.example/pier.jpg</image:loc>",
        "<video:video><video:title>A clip</video:title><video:player_loc>https://post.example/v</video:player_loc>"
        "<video:publication_date>2020-01-01</video:publication_date></video:video>",
        '<xhtml:link rel="alternate" hreflang="de" href="https://post.example/de"/>',
    ],
)
def test_pictures_recordings_and_translations_are_not_taken_for_the_page(media):
    for entry in (page("a") + media, media + page("a")):
        (link,) = found(urlset(entry))
        assert link.url == "https://post.example/a"
        assert (link.hints.title, link.hints.published) == ("", (None,))


@pytest.mark.parametrize(
    "sitemap",
    [
        urlset(page("a"), attributes=""),
        urlset(page("a"), attributes='xmlns="http://www.google.com/schemas/sitemap/0.84"'),
        urlset(page("a")).replace("<", "<sm:").replace("<sm:?", "<?").replace("<sm:/", "</sm:"),
        urlset("<loc>\n  https://post.example/a\n  </loc>"),
        urlset("<loc><![CDATA[https://post.example/a]]></loc>"),
        urlset("<loc>/a</loc>"),
        urlset(page("a")).upper().replace("HTTPS://POST.EXAMPLE/A", "https://post.example/a"),
        urlset(page("a") + "<changefreq>x & y</changefreq></b>"),
        "\ufeff" + urlset(page("a")),
        urlset(page("a")).replace("</url></urlset>", ""),
        urlset("<lastmod>2026-03-04</lastmod>", "", page("a"), "<loc></loc>"),
    ],
)
def test_sitemaps_are_read_however_they_are_written(sitemap):
    assert urls(sitemap) == ["https://post.example/a"]


def test_entities_of_an_address_are_resolved():
    assert urls(urlset(page("a?b=1&amp;c=2"))) == ["https://post.example/a?b=1&c=2"]


def test_a_packed_sitemap_is_read_whatever_it_is_called():
    packed = gzip.compress(urlset(page("a")).encode())
    assert urls(packed, media_type="application/x-gzip") == ["https://post.example/a"]


def test_an_index_names_sitemaps_of_any_host():
    sitemaps = found(
        index_of(
            "<loc>https://post.example/1.xml.gz</loc><lastmod>2026-03-01</lastmod>",
            "<loc>https://files.example/post/2.xml</loc><lastmod>2026-03-04</lastmod>",
            "<loc>https://post.example/3.xml</loc>",
        )
    )
    assert [link.url.rpartition("/")[2] for link in sitemaps] == ["2.xml", "1.xml.gz", "3.xml"]
    assert [bool(link.entry) for link in sitemaps] == [True, True, False]


def test_pages_of_other_sites_are_left_out_and_counted():
    *links, skipped = found(
        urlset(
            page("a"),
            "<loc>https://www.post.example/b</loc>",
            "<loc>https://news.post.example/c</loc>",
            "<loc>http://post.example/d</loc>",
            "<loc>https://courier.example/e</loc>",
            "<loc>https://post.example.evil.example/f</loc>",
            "<loc>file:///etc/passwd</loc>",
            "<loc>http://127.0.0.1/admin</loc>",
        )
    )
    assert [link.url[-1] for link in links] == ["a", "b", "c", "d"]
    assert skipped.reason == (
        "left out 4 addresses of other sites, such as https://courier.example/e: a sitemap speaks for its own"
    )


def test_the_digest_of_an_address_changes_with_its_date():
    one, same, other = (
        found(urlset(page("a", date)))[0] for date in ("2026-03-04", "2026-03-04", "2026-03-05")
    )
    assert one.entry == same.entry == other.entry == "https://post.example/a"
    assert one.digest == same.digest != other.digest


def test_a_sitemap_that_was_saved_names_pages_that_are_not_fetched(tmp_path):
    (tmp_path / "sitemap.xml").write_text(urlset(page("a")))
    (skipped,) = read_sources([str(tmp_path)])
    assert "give its address" in skipped.reason


@pytest.mark.parametrize("sitemap", [urlset(), index_of(), "<urlset", urlset("<loc>http://[x</loc>")])
def test_a_sitemap_that_names_nothing_says_so(sitemap):
    with pytest.raises(ReadError, match="names no page"):
        found(sitemap)


def test_a_sitemap_that_declares_entities_is_refused():
    bomb = '<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + urlset("<loc>&a;</loc>")[38:]
    with pytest.raises(ReadError, match="declares XML entities"):
        found(bomb)


def test_a_sitemap_is_told_by_its_content():
    for content in (urlset(page("a")), index_of(page("a")), urlset(page("a")).replace("<url", "<sm:url")):
        assert kind_of(feed_input(content, media_type="text/html")) is Kind.SITEMAP


def long_sitemap(length: int) -> bytes:
    return urlset(
        *(page(f"{number:06}", f"2026-01-{number % 28 + 1:02}") for number in range(length))
    ).encode()


def test_of_too_many_addresses_the_latest_are_kept():
    *links, skipped = found(long_sitemap(MAX_ADDRESSES + 100))
    assert len(links) == MAX_ADDRESSES
    assert links[0].hints.published == (None,)
    assert (links[0].digest[:10], links[-1].digest[:10]) == ("2026-01-28", "2026-01-01")
    assert skipped.reason.startswith("names 50,100 addresses, and a sitemap may name 50,000")


def test_memory_grows_by_what_the_addresses_say_and_no_more():
    data = gzip.compress(long_sitemap(2_000) + b"<url><x></x></url>" * 8_000, 1)
    tracemalloc.start()
    count = sum(1 for _ in SitemapReader().read(feed_input(data, uri=SITEMAP_URL, media_type="")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2_000
    assert peak < 5_000_000


def test_what_is_said_at_length_is_not_taken():
    title = f"<news><title>{'x' * 5_000}</title></news>"
    assert urls(urlset(f"<loc>https://post.example/{'a' * 3_000}</loc>", page("a") + title)) == [
        "https://post.example/a"
    ]
    (link,) = found(urlset(page("a") + title))
    assert link.hints.title == ""


def listed(content: bytes | str, **changes) -> list[Link | Skipped]:
    file = feed_input(content, name=SITEMAP_URL, uri=SITEMAP_URL, media_type="text/plain")
    return list(TextSitemapReader().read(replace(file, **changes)))


def test_a_long_list_of_addresses_is_told_and_its_first_ones_are_kept():
    text = "\ufeff" + "".join(f"https://post.example/2026/{n}\n" for n in range(MAX_ADDRESSES + 100))
    assert kind_of(feed_input(text, media_type="text/plain")) is Kind.TEXT_SITEMAP
    *links, skipped = listed(text)
    assert (links[0].url, links[-1].url) == ("https://post.example/2026/0", "https://post.example/2026/49999")
    assert skipped.reason.startswith("names 50,100 addresses, and a sitemap may name 50,000")


def test_what_is_no_address_in_a_list_is_left_out():
    text = f"https://post.example/a\nhttps://post.example/{'b' * 5_000}\nhttp://[c\nwww.post.example/d\n"
    assert [link.url for link in listed(text)] == ["https://post.example/a"]


def test_a_packed_list_is_bounded_by_what_it_unpacks_to():
    limits = ReadingConfig(max_document_mb=1)
    packed = gzip.compress(b"https://post.example/a\n" * 50_000)
    with pytest.raises(ReadError, match="longer than 1 MB"):
        listed(packed, limits=limits)


def test_a_list_of_addresses_that_was_saved_stays_a_text(tmp_path):
    (tmp_path / "links.txt").write_text("https://post.example/a\nhttps://post.example/b\n")
    (article,) = read_sources([str(tmp_path)])
    assert "https://post.example/b" in article.text
