"""Addresses as inputs, against a server on loopback: what is asked for, what is read, what is asked again."""

import io
import json
import ssl
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from index.article import Article, DateOrigin, Skipped
from index.fetch import FetchConfig, Fetcher, FetchMemory
from index.readers import read_sources
from index.readers.web import Web
from tests.index.fetch.sites import LOOPBACK, Site, answer, redirect
from tests.index.readers.documents import Ink, column, pdf
from tests.index.readers.feeds import NEWS
from tests.index.readers.test_warc import Crawl

TEXT = "The ferries sail every hour again, and the market is open until dusk, the harbour master said."

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""These servers speak plain HTTP: no certificates are loaded."""


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@dataclass
class Passes:
    """Reads addresses in passes that share one memory, as repeated commands do."""

    site: Site
    memory: FetchMemory
    settings: dict[str, object] = field(default_factory=dict)
    web: Web | None = None

    def read(
        self, *paths: str, conditional: bool = True, acknowledge: bool = True, afresh: bool = False
    ) -> list[Article | Skipped]:
        """One pass; the requests of those before it are forgotten."""
        del self.site.requests[:]
        settings = {
            "allow_networks": (f"{LOOPBACK}/32",),
            "delay_s": 0,
            "respect_robots": False,
            "retries": 0,
        }
        fetcher = Fetcher(FetchConfig(**settings | self.settings), memory=self.memory, tls=NO_TLS)
        self.web = Web(fetcher, self.memory, conditional=conditional)
        sources = [path if "://" in path else self.site.url(path) for path in paths]
        found = list(read_sources(sources, web=self.web))
        if acknowledge:
            self.web.acknowledge(afresh=afresh)
        return found

    def articles(self, *paths: str, **how) -> list[Article]:
        found = self.read(*paths, **how)
        assert all(isinstance(one, Article) for one in found), found
        return found

    def asked(self) -> list[str]:
        return sorted(self.site.paths())


class Calendar:
    def __init__(self):
        self.now = datetime(2026, 3, 6, 12, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def calendar():
    return Calendar()


@pytest.fixture
def passes(site, tmp_path, calendar):
    with FetchMemory(tmp_path / "fetches.db", now=calendar) as memory:
        yield Passes(site, memory)


def page(title: str, text: str = NEWS, head: str = "") -> bytes:
    body = f"<article><h1>{title}</h1><p>{text}</p><p>{TEXT}</p></article>"
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()
    )


def html(body: bytes, **headers: str) -> bytes:
    return answer(body, **{"content_type": "text/html; charset=utf-8"} | headers)


def dated(title: str, published: str) -> bytes:
    said = json.dumps({"@type": "NewsArticle", "headline": title, "datePublished": published})
    return html(page(title, head=f'<script type="application/ld+json">{said}</script>'))


WALL = html(
    b"<!DOCTYPE html><html><head><title>Before you go on</title></head><body><p>Cookies?</p></body></html>"
)


def entry(site: Site, name: str, text: str = NEWS, extra: str = "") -> str:
    """An entry of a feed; `name` may be a path, or an address of another site."""
    link = name if "://" in name else site.url(f"/{name}")
    body = f"<description>{text}</description>" if text else ""
    return (
        f"<item><title>Of {name}</title><link>{link}</link><guid isPermaLink='false'>{name}</guid>"
        f"<pubDate>Wed, 04 Mar 2026 09:00:00 GMT</pubDate>{body}{extra}</item>"
    )


def feed(*entries: str, **headers: str) -> bytes:
    body = f"<rss version='2.0'><channel><title>Orvale Post</title>{''.join(entries)}</channel></rss>"
    return answer(body.encode(), **{"content_type": "application/rss+xml"} | headers)


def sitemap(site: Site, names: dict[str, str], kind: str = "url") -> bytes:
    root = "urlset" if kind == "url" else "sitemapindex"
    listed = "".join(
        f"<{kind}><loc>{site.url(f'/{name}')}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</{kind}>"
        for name, day in names.items()
    )
    return answer(f"<{root}>{listed}</{root}>".encode(), content_type="application/xml")


def tagged(content: bytes, tag: str, **headers: str) -> Callable[..., list[bytes]]:
    """An answer with an ETag, and 304 to who knows it."""
    whole = content.replace(b"\r\n", f'\r\nETag: "{tag}"\r\n'.encode(), 1)

    def give(request) -> list[bytes]:
        return [answer(status=304)] if request.headers.get("if-none-match") == f'"{tag}"' else [whole]

    return give


# Pages


def test_a_page_is_an_article_under_its_address(site, passes):
    site.pages["/harbour"] = html(page("Harbour reopens"))
    (article,) = passes.articles("/harbour")
    assert (article.key, article.title) == (
        site.url("/harbour").replace("http:", "https:"),
        "Harbour reopens",
    )
    assert article.url == article.origin == site.url("/harbour")
    assert article.text.startswith(NEWS)


def test_the_character_set_may_stand_in_the_header_alone(site, passes):
    text = "Портът отвори отново във вторник след две години ремонт на двата кея."
    site.pages["/a"] = html(
        page("Портът отвори", text).decode().encode("cp1251"), content_type="text/html; charset=windows-1251"
    )
    (article,) = passes.articles("/a")
    assert text in article.text


def test_a_redirect_leads_to_the_address_of_the_article(site, passes):
    site.pages["/r?id=7"] = redirect("/2026/03/04/harbour")
    site.pages["/2026/03/04/harbour"] = html(page("Harbour reopens"))
    (article,) = passes.articles("/r?id=7")
    assert article.url == site.url("/2026/03/04/harbour")
    assert (article.published, article.published_from) == ("2026-03-04", DateOrigin.URL)


def test_a_page_cannot_name_an_address_of_another_site_as_its_own(site, passes):
    for name, canonical in (("a", "https://courier.example/lead"), ("b", site.url("/kept"))):
        head = f'<link rel="canonical" href="{canonical}"><meta property="og:url" content="{canonical}">'
        site.pages[f"/{name}"] = html(page("Harbour reopens", head=head))
    foreign, own = passes.articles("/a", "/b")
    assert (foreign.url, own.url) == (site.url("/a"), site.url("/kept"))


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.html", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type", "titles"),
    [
        (zipped(a=page("Port"), b=page("Ferries")), "application/zip", ["Port", "Ferries"]),
        (zipped(a=page("Port")), "application/octet-stream", ["Port"]),
        (pdf([Ink(72, 750, "Port", 20), *column(NEWS)]), "application/pdf", ["Port"]),
        (pdf([Ink(72, 750, "Port", 20), *column(NEWS)]), "text/html", ["Port"]),
        (json.dumps({"title": "Port", "text": NEWS}).encode(), "application/json", ["Port"]),
        (json.dumps({"title": "Port", "text": NEWS}).encode(), "text/html", ["Port"]),
        (page("Port"), "text/plain", ["Port"]),
        (page("Port"), "", ["Port"]),
        (f"Port of Orvale\n\n{NEWS}\n".encode(), "text/plain", ["Port of Orvale"]),
    ],
)
def test_the_content_behind_an_address_decides_how_it_is_read(site, passes, content, media_type, titles):
    site.pages["/download"] = answer(content, **{"content_type": media_type} if media_type else {})
    assert [article.title for article in passes.articles("/download")] == titles


@pytest.mark.parametrize(
    "media_type", ["application/octet-stream", "text/html", "text/plain", "image/png", ""]
)
@pytest.mark.parametrize("path", ["/export.php", "/feed", "/data.bin", "/page.html"])
def test_a_feed_or_records_are_told_by_their_content_whatever_the_server_calls_them(
    site, passes, media_type, path
):
    site.pages["/a"] = html(page("Harbour reopens"))
    records = json.dumps([{"headline": "Ferries sail", "body": NEWS}]).encode()
    headers = {"content_type": media_type} if media_type else {}
    site.pages[path] = feed(entry(site, "a"), content_type=media_type)
    assert [article.title for article in passes.articles(path)] == ["Harbour reopens"]
    site.pages[path] = answer(records, **headers)
    assert [article.title for article in passes.articles(path)] == ["Ferries sail"]


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("news.csv", "headline,body\nFerries sail,Every hour again.\n", "Ferries sail"),
        ("news.md", "---\ntitle: Ferries sail\n---\n\nEvery hour *again*.\n", "Ferries sail"),
    ],
)
def test_the_name_tells_what_a_server_calls_plain_text(site, passes, name, content, title):
    site.pages[f"/{name}"] = answer(content.encode(), content_type="text/plain; charset=utf-8")
    (article,) = passes.articles(f"/{name}")
    assert (article.title, article.text) == (title, "Every hour again.")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss PUBLIC "-//Orvale//DTD RSS 0.91//EN" "https://post.example/rss.dtd">',
        "<!DOCTYPE rss [<!ELEMENT b (#PCDATA)> <!-- ]> --> ]>",
    ],
)
def test_a_feed_with_a_document_type_is_a_feed(site, passes, doctype):
    site.pages["/a"] = html(page("Harbour reopens"))
    site.pages["/feed"] = answer(
        f"{doctype}<rss><channel>{entry(site, 'a')}</channel></rss>".encode(), content_type="text/xml"
    )
    assert [article.title for article in passes.articles("/feed")] == ["Harbour reopens"]


@pytest.mark.parametrize("root", ["rss", "feed", "rdf:RDF", "urlset", "sitemapindex"])
@pytest.mark.parametrize("length", [10, 100_000])
def test_a_feed_or_sitemap_that_declares_entities_is_refused_with_that_reason(site, passes, root, length):
    declared = f"<!DOCTYPE {root} [<!ENTITY noise '{'x' * length}'>]><{root}>&noise;</{root}>"
    site.pages["/feed"] = answer(declared.encode(), content_type="text/xml")
    (skipped,) = passes.read("/feed")
    assert skipped.reason.startswith("declares XML entities")


RECORDS = [{"title": f"Report {number}", "text": f"{NEWS} Report {number}."} for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("news.json", json.dumps(RECORDS)),
        ("news.jsonl", "\n".join(map(json.dumps, RECORDS))),
        ("news.csv", "title,text\n" + "".join(f"{one['title']},{one['text']}\n" for one in RECORDS)),
    ],
)
def test_records_of_a_fetched_file_do_not_take_each_others_place(site, passes, name, content):
    site.pages[f"/{name}"] = answer(content.encode(), content_type="application/octet-stream")
    found = passes.articles(f"/{name}")
    assert [article.title for article in found] == ["Report 1", "Report 2", "Report 3"]
    assert len({article.key for article in found}) == len({article.id for article in found}) == 3
    assert all(article.key.startswith(f"{site.url(f'/{name}')}#") for article in found)
    assert {article.source for article in found} == {LOOPBACK}


def test_a_record_of_a_fetched_file_names_only_addresses_of_its_own_site(site, passes):
    own, foreign = site.url("/harbour"), "https://courier.example/lead"
    whole_page = page("Port", head=f'<link rel="canonical" href="{foreign}">').decode()
    records = [
        {"url": own, "title": "Own", "text": NEWS},
        {"url": foreign, "title": "Foreign", "text": NEWS},
        {"url": foreign, "title": "Page", "text": whole_page},
    ]
    site.pages["/news.json"] = answer(json.dumps(records).encode(), content_type="application/json")
    urls = [article.url for article in passes.articles("/news.json")]
    assert urls == [own, f"{site.url('/news.json')}#2", f"{site.url('/news.json')}#3"]


def test_a_crawl_that_was_fetched_names_only_addresses_of_its_own_site(site, passes):
    crawl = Crawl().add(site.url("/own"), page("Own")).add("https://courier.example/lead", page("Foreign"))
    site.pages["/crawl.warc"] = answer(crawl.data(), content_type="application/octet-stream")
    own, foreign = passes.articles("/crawl.warc")
    assert own.url == site.url("/own")
    assert foreign.url == f"{site.url('/crawl.warc')}!/https%3A//courier.example/lead"
    assert foreign.source == LOOPBACK


def test_a_file_in_a_fetched_archive_is_told_by_its_name_as_one_on_the_disk_is(site, passes):
    with io.BytesIO() as packed:
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("links.txt", "https://post.example/a\nhttps://post.example/b\n")
            archive.writestr("style.map", json.dumps({"title": "Map", "text": NEWS}))
        site.pages["/saved.zip"] = answer(packed.getvalue(), content_type="application/zip")
    article, skipped = passes.read("/saved.zip")
    assert article.text.endswith("https://post.example/b")
    assert skipped.reason == "not a kind of file that is read: .map"


def listed(*addresses: str) -> bytes:
    return answer("\r\n".join(addresses).encode(), content_type="text/plain")


def test_a_text_of_nothing_but_addresses_is_a_sitemap(site, passes):
    site.pages |= {f"/{name}": html(page(f"Page {name}")) for name in "ab"}
    site.pages["/sitemap.txt"] = listed(site.url("/a"), "", site.url("/b"), "https://courier.example/c", "")
    *articles, skipped = passes.read("/sitemap.txt")
    assert [article.title for article in articles] == ["Page a", "Page b"]
    assert skipped.reason == (
        "left out an address of another site, https://courier.example/c: a sitemap speaks for its own"
    )
    (skipped,) = passes.read("/sitemap.txt")
    assert passes.asked() == ["/sitemap.txt"]


def test_a_sitemap_may_name_one_that_is_a_text(site, passes):
    site.pages["/a"] = html(page("Harbour reopens"))
    site.pages["/index.xml"] = sitemap(site, {"pages.txt": ""}, kind="sitemap")
    site.pages["/pages.txt"] = listed(site.url("/a"))
    assert [article.title for article in passes.articles("/index.xml")] == ["Harbour reopens"]


def test_a_text_that_also_says_something_else_is_an_article(site, passes):
    site.pages["/notes.txt"] = listed("Where to read on", "", site.url("/a"), site.url("/b"))
    (article,) = passes.articles("/notes.txt")
    assert article.title == "Where to read on"
    assert passes.asked() == ["/notes.txt"]


def test_what_robots_txt_forbids_is_not_asked_for(site, passes):
    site.pages["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private/")
    site.pages["/private/a"] = html(page("Harbour reopens"))
    passes.settings = {"respect_robots": True}
    (skipped,) = passes.read("/private/a")
    assert "robots.txt" in skipped.reason
    assert passes.asked() == ["/robots.txt"]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://post.example/a", "gopher://post.example/"])
def test_other_schemes_are_refused(passes, address):
    (skipped,) = passes.read(address)
    assert "only http and https are fetched" in skipped.reason


def test_a_page_without_an_article_names_its_feeds(site, passes):
    def links(*tags: str) -> bytes:
        return html(
            f"<!DOCTYPE html><html><head>{''.join(tags)}</head><body><nav>Home</nav></body></html>".encode()
        )

    rss = '<link rel="alternate" type="application/rss+xml" title="News" href="/feed.xml">'
    other = '<link rel=alternate type=application/atom+xml href="https://post.example/atom">'
    noise = (
        '<link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" type="text/css" href="/x.css">'
    )
    site.pages |= {"/one": links(noise, rss, rss), "/two": links(other, rss), "/none": links(noise)}
    one, two, none = passes.read("/one", "/two", "/none")
    assert one.reason == f"holds no article, but names a feed: add {site.url('/feed.xml')}"
    assert (
        two.reason
        == f"holds no article, but names 2 feeds: add https://post.example/atom or {site.url('/feed.xml')}"
    )
    assert none.reason == "no article text found"


# Feeds


def test_the_pages_of_a_feed_are_read_and_its_own_text_where_they_give_nothing(site, passes):
    site.pages["/feed"] = feed(
        entry(site, "fine"), entry(site, "gone"), entry(site, "wall"), entry(site, "bare", "")
    )
    site.pages |= {"/fine": html(page("Harbour reopens")), "/wall": WALL}
    fine, gone, wall, bare = passes.read("/feed")
    assert (fine.title, gone.title, wall.title) == ("Harbour reopens", "Of gone", "Of wall")
    assert TEXT in fine.text
    assert gone.text == wall.text == NEWS
    assert (gone.key, gone.origin) == (site.url("/gone").replace("http:", "https:"), f"{site.url('/feed')}#2")
    assert (bare.origin, bare.reason) == (site.url("/bare"), "not found (404)")


def test_the_date_of_the_feed_counts_where_the_page_says_none(site, passes):
    site.pages["/feed"] = feed(entry(site, "undated"), entry(site, "dated"), entry(site, "gone"))
    site.pages |= {"/undated": html(page("Harbour reopens")), "/dated": dated("Ferries sail", "2026-02-27")}
    undated, said, gone = passes.articles("/feed")
    assert (undated.published, undated.published_from) == ("2026-03-04T09:00:00+00:00", DateOrigin.FEED)
    assert (said.published, said.published_from) == ("2026-02-27", DateOrigin.JSONLD)
    assert (gone.published, gone.published_from) == ("2026-03-04T09:00:00+00:00", DateOrigin.FEED)


def test_an_update_that_a_feed_tells_goes_before_the_date_of_the_server(site, passes):
    body = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{site.url("/a")}"/>'
        "<updated>2026-03-04T09:00:00Z</updated></entry></feed>"
    )
    site.pages["/feed"] = answer(body.encode(), content_type="application/atom+xml")
    site.pages["/a"] = html(page("Harbour reopens"), last_modified="Fri, 06 Mar 2026 09:00:00 GMT")
    (article,) = passes.articles("/feed")
    assert (article.published, article.published_from) == ("2026-03-04T09:00:00+00:00", DateOrigin.FEED)
    assert article.published_confidence < 0.7


def test_a_feed_that_did_not_change_costs_one_short_request(site, passes):
    site.pages["/feed"] = tagged(feed(entry(site, "a"), entry(site, "b")), "1")
    site.pages |= {"/a": html(page("Harbour reopens")), "/b": html(page("Ferries sail"))}
    assert len(passes.articles("/feed")) == 2
    assert passes.asked() == ["/a", "/b", "/feed"]
    assert passes.read("/feed") == []
    assert passes.asked() == ["/feed"]
    assert (passes.web.counts.unchanged, passes.web.counts.fetched) == (1, 0)


def test_a_feed_with_one_new_entry_costs_one_page(site, passes):
    site.pages["/feed"] = tagged(feed(entry(site, "a"), entry(site, "b")), "1")
    site.pages |= {f"/{name}": html(page(f"Page {name}")) for name in "abc"}
    passes.read("/feed")
    site.pages["/feed"] = tagged(feed(entry(site, "c"), entry(site, "a"), entry(site, "b")), "2")
    assert [article.title for article in passes.articles("/feed")] == ["Page c"]
    assert passes.asked() == ["/c", "/feed"]
    assert passes.web.counts.unchanged == 2


def test_an_entry_that_changed_is_asked_for_again(site, passes):
    site.pages["/feed"] = feed(entry(site, "a"), entry(site, "b"))
    site.pages |= {"/a": html(page("Harbour reopens")), "/b": html(page("Ferries sail"))}
    passes.read("/feed")
    site.pages["/feed"] = feed(
        entry(site, "a"), entry(site, "b", "Ferries sail, and the market is open as well.")
    )
    passes.read("/feed")
    assert passes.asked() == ["/b", "/feed"]


def test_what_was_not_acknowledged_is_fetched_again(site, passes):
    site.pages["/feed"] = tagged(feed(entry(site, "a")), "1")
    site.pages["/a"] = tagged(html(page("Harbour reopens")), "1")
    for _ in range(2):
        assert len(passes.articles("/feed", acknowledge=False)) == 1
        assert passes.asked() == ["/a", "/feed"]


def test_a_page_that_failed_is_asked_for_again_though_its_feed_did_not_change(site, passes):
    site.pages["/feed"] = tagged(feed(entry(site, "a"), entry(site, "gone")), "1")
    site.pages["/a"] = html(page("Harbour reopens"))
    assert [article.title for article in passes.articles("/feed")] == ["Harbour reopens", "Of gone"]
    site.pages["/gone"] = html(page("Back again"))
    assert [article.title for article in passes.articles("/feed")] == ["Back again"]
    assert passes.asked() == ["/feed", "/gone"]
    assert passes.read("/feed") == []
    assert passes.asked() == ["/feed"]


def test_a_page_without_text_of_the_feed_is_left_alone_until_it_is_due(site, passes, calendar):
    site.pages["/feed"] = tagged(
        feed(entry(site, "a"), entry(site, "wall", ""), entry(site, "gone", "")), "1"
    )
    site.pages |= {"/a": html(page("Harbour reopens")), "/wall": WALL}
    passes.read("/feed")
    (skipped,) = passes.read("/feed")
    assert skipped == Skipped(
        origin=site.url("/feed"),
        reason="left out 2 addresses that failed or held no article, to be asked again later",
    )
    assert passes.asked() == ["/feed"]
    calendar.now += timedelta(days=1, seconds=1)
    passes.read("/feed")
    assert passes.asked() == ["/feed", "/gone", "/wall"]


def test_the_text_of_a_feed_does_not_take_the_place_of_an_article_that_was_read(site, passes):
    site.pages["/feed"] = feed(entry(site, "a"))
    site.pages["/a"] = html(page("Harbour reopens"))
    passes.read("/feed")
    site.pages |= {"/feed": feed(entry(site, "a", "Two words more.")), "/a": answer(status=503)}
    assert [one.reason for one in passes.read("/feed")] == ["the server failed (503)"]
    (article,) = passes.articles("/feed", conditional=False)
    assert article.text == "Two words more."


def test_a_page_in_two_feeds_is_fetched_once(site, passes):
    site.pages |= {
        "/one": feed(entry(site, "a")),
        "/two": feed(entry(site, "a"), entry(site, "a?utm_source=two")),
    }
    site.pages["/a"] = html(page("Harbour reopens"))
    assert len(passes.articles("/one", "/two", "/a")) == 1
    assert passes.asked() == ["/a", "/one", "/two"]


def test_entries_may_lead_to_another_feed(site, passes):
    site.pages |= {
        "/all": feed(entry(site, "coast", "All of the coast."), entry(site, "a")),
        "/coast": feed(entry(site, "b"), entry(site, "gone", "")),
        "/a": html(page("Harbour reopens")),
        "/b": html(page("Ferries sail")),
    }
    found = passes.read("/all")
    assert [getattr(one, "title", one.origin) for one in found] == [
        "Ferries sail",
        site.url("/gone"),
        "Harbour reopens",
    ]


def test_a_feed_that_leads_to_itself_ends(site, passes):
    site.pages |= {"/one": feed(entry(site, "two", "")), "/two": feed(entry(site, "one", ""))}
    assert passes.read("/one") == []
    assert passes.asked() == ["/one", "/two"]


def test_a_recording_is_not_downloaded(site, passes):
    sound = f"<enclosure url='{site.url('/7.mp3')}' type='audio/mpeg'/>"
    site.pages["/feed"] = feed(entry(site, "7.mp3", extra=sound))
    (article,) = passes.articles("/feed")
    assert article.text == NEWS
    assert passes.asked() == ["/feed"]


def test_a_build_that_starts_afresh_forgets_what_was_remembered(site, passes):
    site.pages["/feed"] = tagged(feed(entry(site, "a")), "1")
    site.pages |= {"/a": html(page("Harbour reopens")), "/b": tagged(html(page("Ferries sail")), "1")}
    passes.read("/feed")
    passes.read("/b", conditional=False, afresh=True)
    assert len(passes.articles("/feed")) == 1
    assert passes.asked() == ["/a", "/feed"]
    assert passes.read("/b") == []


# Sitemaps


def test_an_index_of_sitemaps_leads_to_pages(site, passes):
    site.pages |= {
        "/index.xml": sitemap(site, {"old.xml": "2026-02-01", "new.xml": "2026-03-04"}, "sitemap"),
        "/new.xml": sitemap(site, {"a": "2026-03-03", "b": "2026-03-04"}),
        "/old.xml": sitemap(site, {"c": "2026-02-01"}),
        **{f"/{name}": html(page(f"Page {name}")) for name in "abc"},
    }
    assert [article.title for article in passes.articles("/index.xml")] == ["Page b", "Page a", "Page c"]
    assert passes.read("/index.xml") == []
    assert passes.asked() == ["/index.xml"]
    site.pages["/index.xml"] = sitemap(site, {"old.xml": "2026-02-01", "new.xml": "2026-03-05"}, "sitemap")
    site.pages["/new.xml"] = sitemap(site, {"a": "2026-03-05", "b": "2026-03-04"})
    assert [article.title for article in passes.articles("/index.xml")] == ["Page a"]
    assert passes.asked() == ["/a", "/index.xml", "/new.xml"]


def test_sitemaps_that_lead_to_each_other_end(site, passes):
    site.pages |= {
        "/one.xml": sitemap(site, {"two.xml": "", "one.xml": ""}, "sitemap"),
        "/two.xml": sitemap(site, {"one.xml": "", "three.xml": ""}, "sitemap"),
        "/three.xml": sitemap(site, {"a": ""}),
        "/a": html(page("Harbour reopens")),
    }
    assert len(passes.articles("/one.xml")) == 1
    assert passes.asked() == ["/a", "/one.xml", "/three.xml", "/two.xml"]


def test_sitemaps_that_lead_on_and_on_are_a_trap(site, passes):
    for number in range(9):
        names = {f"{number + 1}.xml": "", f"{number + 1}-b.xml": ""}
        site.pages[f"/{number}.xml"] = sitemap(site, names, "sitemap")
    reasons = [one.reason for one in passes.read("/0.xml")]
    assert reasons.count("is not followed: too many feeds and sitemaps lead to it") == 1
    assert "/4.xml" in passes.asked()
    assert "/5.xml" not in passes.asked()


def test_a_date_of_a_news_sitemap_counts_where_the_page_says_none(site, passes):
    body = (
        f"<urlset><url><loc>{site.url('/a')}</loc><news><publication_date>2026-03-04</publication_date>"
        "<publication><name>Orvale Post</name></publication><title>Of a</title></news></url></urlset>"
    )
    site.pages |= {
        "/news.xml": answer(body.encode(), content_type="text/xml"),
        "/a": html(page("Harbour reopens")),
    }
    (article,) = passes.articles("/news.xml")
    assert (article.published, article.published_from) == ("2026-03-04", DateOrigin.FEED)


# How many pages one pass asks for


def numbered(site: Site, count: int, day: str = "2026-03-") -> dict[str, str]:
    for number in range(1, count + 1):
        site.pages[f"/p{number}"] = answer(f"Page {number}\n\n{NEWS}\n".encode(), content_type="text/plain")
    return {f"p{number}": f"{day}{number:02}" if day else "" for number in range(1, count + 1)}


@pytest.mark.parametrize("day", ["2026-03-", ""])
def test_passes_go_through_a_large_sitemap_a_part_at_a_time(site, passes, day):
    passes.settings = {"max_links": 4}
    site.pages["/sitemap.xml"] = tagged(sitemap(site, numbered(site, 10, day)), "1")
    titles = []
    for left in (6, 2, 0):
        found = passes.read("/sitemap.xml")
        titles.append([one.title for one in found if isinstance(one, Article)])
        reason = f"left {left} addresses for the next pass: `fetch.max_links` is 4"
        told = [Skipped(origin=site.url("/sitemap.xml"), reason=reason)] if left else []
        assert [one for one in found if isinstance(one, Skipped)] == told
    order = [f"Page {number}" for number in (range(10, 0, -1) if day else range(1, 11))]
    assert titles == [order[:4], order[4:8], order[8:]]
    assert passes.read("/sitemap.xml") == []
    assert passes.asked() == ["/sitemap.xml"]


def test_the_bound_holds_for_all_sitemaps_of_an_index_together(site, passes):
    passes.settings = {"max_links": 4}
    names = list(numbered(site, 9))
    site.pages["/index.xml"] = tagged(
        sitemap(site, {"x.xml": "2026-03-03", "y.xml": "2026-03-02", "z.xml": "2026-03-01"}, "sitemap"), "1"
    )
    for letter, part in (("x", names[:3]), ("y", names[3:6]), ("z", names[6:])):
        site.pages[f"/{letter}.xml"] = tagged(sitemap(site, dict.fromkeys(part, "2026-03-01")), "1")
    asked = []
    for _ in range(4):
        found = passes.read("/index.xml")
        asked.append([path for path in site.paths() if path.startswith("/p")])
        assert sum(isinstance(one, Skipped) for one in found) <= 1
    assert [len(part) for part in asked] == [4, 4, 1, 0]
    assert passes.asked() == ["/index.xml"]


def test_entries_that_are_known_do_not_count(site, passes):
    passes.settings = {"max_links": 2}
    numbered(site, 4)
    site.pages["/feed"] = feed(entry(site, "p1"), entry(site, "p2"))
    passes.read("/feed")
    site.pages["/feed"] = feed(*(entry(site, f"p{number}") for number in (1, 2, 3, 4)))
    assert [article.title for article in passes.articles("/feed")] == ["Page 3", "Page 4"]


def test_pages_that_give_nothing_do_not_keep_the_others_from_their_turn(site, passes):
    passes.settings = {"max_links": 3}
    names = numbered(site, 6)
    site.pages |= {"/p6": WALL, "/p5": answer(status=404), "/p4": WALL}
    site.pages["/sitemap.xml"] = sitemap(site, names)
    passes.read("/sitemap.xml")
    assert passes.asked() == ["/p4", "/p5", "/p6", "/sitemap.xml"]
    passes.read("/sitemap.xml")
    assert passes.asked() == ["/p1", "/p2", "/p3", "/sitemap.xml"]


def test_each_source_of_a_command_has_its_own_bound(site, passes):
    passes.settings = {"max_links": 1}
    numbered(site, 4)
    site.pages |= {
        "/one": feed(entry(site, "p1"), entry(site, "p2")),
        "/two": feed(entry(site, "p3"), entry(site, "p4")),
    }
    found = passes.read("/one", "/two")
    assert [getattr(one, "title", one.origin) for one in found] == [
        "Page 1",
        site.url("/one"),
        "Page 3",
        site.url("/two"),
    ]
