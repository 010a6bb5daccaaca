"""RSS and Atom in all their dialects: what each entry links to and says of itself."""

import pytest

from index.article import Article, DateOrigin, Skipped
from index.readers import read_sources
from tests.index.readers.feeds import FEED_URL, NEWS, atom, found, item, links, only, own, rss


def test_an_entry_is_a_link_with_what_the_feed_says_of_it():
    link = only(
        rss(
            item(
                "<guid>tag:7</guid><pubDate>Wed, 04 Mar 2026 09:00:00 GMT</pubDate>"
                "<dc:creator>Mira Tolland and Jon Abel</dc:creator><category>Coast</category>"
                f"<description>{NEWS}</description>"
            ),
            head="<title>Orvale Post</title><language>en-gb</language>",
            attributes='xmlns:dc="http://purl.org/dc/elements/1.1/"',
        )
    )
    assert (link.url, link.entry) == ("https://post.example/harbour", "tag:7")
    hints = link.hints
    assert (hints.title, hints.outlet, hints.section) == ("Harbour reopens", "Orvale Post", "Coast")
    assert (hints.authors, hints.language) == (("Mira Tolland", "Jon Abel"), "en-gb")
    assert [date.value for date in hints.published] == ["2026-03-04T09:00:00+00:00"]
    assert hints.published[0].origin is DateOrigin.FEED
    article = link.fallback
    assert (article.text, article.url, article.source) == (NEWS, link.url, "Orvale Post")
    assert (article.published, article.published_from) == ("2026-03-04T09:00:00+00:00", DateOrigin.FEED)


RDF = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<channel rdf:about="https://post.example/"><title>Orvale Post</title><items><rdf:Seq>'
    '<rdf:li rdf:resource="https://post.example/harbour"/></rdf:Seq></items></channel>'
    '<item rdf:about="https://post.example/harbour"><title>Harbour reopens</title>'
    "<link>https://post.example/harbour</link><dc:date>2026-03-04T09:00:00Z</dc:date>"
    f"<description>{NEWS}</description></item></rdf:RDF>"
)
RSS_090 = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Orvale Post</title></channel>'
    f"<item>{item()}<description>{NEWS}</description></item></rdf:RDF>"
)
RSS_091 = (
    '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel>'
    f"<title>Orvale Post</title><item>{item()}<description>{NEWS}</description></item></channel></rss>"
)
ATOM_03 = (
    '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Orvale Post</title><entry>'
    '<title>Harbour reopens</title><link rel="alternate" type="text/html" href="https://post.example/harbour"/>'
    f"<issued>2026-03-04T09:00:00Z</issued><summary>{NEWS}</summary></entry></feed>"
)
ATOM_10 = atom(
    '<title>Harbour reopens</title><link href="https://post.example/harbour"/>'
    f"<published>2026-03-04T09:00:00Z</published><summary>{NEWS}</summary>"
)
PREFIXED_ATOM = ATOM_10.replace("<", "<a:").replace("<a:/", "</a:").replace("xmlns=", "xmlns:a=")


@pytest.mark.parametrize("feed", [RDF, RSS_090, RSS_091, ATOM_03, ATOM_10, PREFIXED_ATOM])
def test_every_dialect_is_read(feed):
    link = only(feed)
    assert (link.url, link.hints.title) == ("https://post.example/harbour", "Harbour reopens")
    assert (link.hints.outlet, link.fallback.text) == ("Orvale Post", NEWS)
    assert all(date.value == "2026-03-04T09:00:00+00:00" for date in link.hints.published)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("<link>/harbour?a=1&amp;b=2</link>", "https://post.example/harbour?a=1&b=2"),
        ("<link>harbour</link>", "https://post.example/news/harbour"),
        ("<link> \n https://post.example/harbour \n</link>", "https://post.example/harbour"),
        (
            "<link><![CDATA[https://post.example/harbour?a=1&b=2]]></link>",
            "https://post.example/harbour?a=1&b=2",
        ),
        ("<guid>https://post.example/7</guid>", "https://post.example/7"),
        ('<guid isPermaLink="true">https://post.example/7</guid>', "https://post.example/7"),
        ("<guid>https://post.example/7</guid><link>https://post.example/b</link>", "https://post.example/b"),
        (
            "<link>https://count.example/~r/post/7</link>"
            "<feedburner:origLink>https://post.example/harbour</feedburner:origLink>",
            "https://post.example/harbour",
        ),
        (
            '<atom:link rel="self" href="https://post.example/f"/><link>https://post.example/b</link>',
            "https://post.example/b",
        ),
        (
            "<image><title>A pier</title><link>https://post.example/pier.jpg</link></image>"
            "<link>https://post.example/b</link>",
            "https://post.example/b",
        ),
    ],
)
def test_the_page_of_an_entry_in_rss(entry, url):
    assert only(rss(entry)).url == url


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ('<link href="/harbour"/>', "https://post.example/harbour"),
        ('<link rel="alternate" href="https://post.example/b"></link>', "https://post.example/b"),
        (
            '<link rel="edit" href="https://post.example/e"/><link rel="enclosure" href="https://post.example/a.mp3"/>'
            '<link rel="alternate" type="application/json" href="https://post.example/j"/>'
            '<link rel="alternate" type="text/html" href="https://post.example/b"/>',
            "https://post.example/b",
        ),
        ("<id>https://post.example/7</id>", "https://post.example/7"),
        ('<id>tag:7</id><content type="text/html" src="https://post.example/b"/>', "https://post.example/b"),
        ('<link xml:base="https://post.example/x/" href="b"/>', "https://post.example/x/b"),
    ],
)
def test_the_page_of_an_entry_in_atom(entry, url):
    assert only(atom(entry)).url == url


def test_relative_addresses_are_relative_to_the_nearest_base():
    entry = '<entry xml:base="2026/"><link href="b"/></entry>'
    feed = atom(attributes='xml:base="https://post.example/x/"').replace("</feed>", f"{entry}</feed>")
    assert only(feed).url == "https://post.example/x/2026/b"


@pytest.mark.parametrize(
    "entry",
    [
        '<enclosure url="https://post.example/7.mp3" type="audio/mpeg"/>',
        '<enclosure url="https://post.example/7.mp3"/><link>https://post.example/7.mp3</link>',
        '<guid isPermaLink="false">https://post.example/7</guid>',
        "<guid>7</guid>",
        "<link>mailto:desk@post.example</link>",
        "<link>http://[broken</link>",
        "<link></link>",
        "",
    ],
)
def test_an_entry_without_a_page_is_read_as_it_is(entry):
    (article,) = found(rss(f"<title>Harbour reopens</title>{entry}<description>{NEWS}</description>"))
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Harbour reopens", NEWS)
    assert article.key.startswith(f"{FEED_URL}#")


@pytest.mark.parametrize("guid", ["<guid>{}</guid>", "<guid>7</guid>", ""])
def test_entries_without_a_page_are_articles_of_their_own(guid):
    body = f"<description>{NEWS}</description>"
    articles = found(rss(*(guid.format(number) + body for number in range(4))))
    assert len({article.key for article in articles}) == 4


@pytest.mark.parametrize(
    ("bodies", "text"),
    [
        ("<description>Short.</description><content:encoded><![CDATA[<p>*</p>]]></content:encoded>", NEWS),
        ("<description>*</description><content:encoded></content:encoded>", NEWS),
        (f"<description>*</description><media:description>{'A pier. ' * 30}</media:description>", NEWS),
        (
            "<media:group><media:title>C</media:title><media:description>*</media:description></media:group>",
            NEWS,
        ),
        ("<itunes:summary>*</itunes:summary>", NEWS),
        (
            "<description>&lt;p&gt;*&lt;/p&gt;&lt;p&gt;It rained.&lt;/p&gt;</description>",
            f"{NEWS}\n\nIt rained.",
        ),
        ("<description><![CDATA[<table><tr><td>*</td></tr></table>]]></description>", NEWS),
        ("<description>* &lt;script&gt;count('x')&lt;/script&gt;</description>", NEWS),
        ("<description>Tolland &amp;amp; Sons rebuilt it.</description>", "Tolland & Sons rebuilt it."),
        ("<description>Caf&amp;eacute;s reopened as well.</description>", "Cafés reopened as well."),
        ("<description>Under 5 &lt; 6 metres of water.</description>", "Under 5 < 6 metres of water."),
        (
            "<description>*&lt;p&gt;The post Harbour appeared first on Orvale Post.&lt;/p&gt;</description>",
            NEWS,
        ),
        ("<description><!-- a note -->*</description>", NEWS),
        ("<description><![CDATA[It ]]>rained<![CDATA[ all day.]]></description>", "It rained all day."),
        ("<description>&lt;p&gt;It\nrained\nall day.&lt;/p&gt;</description>", "It rained all day."),
    ],
)
def test_the_text_of_an_entry_is_the_longest_that_is_said_of_it(bodies, text):
    assert own(rss(item(bodies.replace("*", NEWS)))).text == text


def test_xhtml_in_atom_is_text_without_its_markup():
    entry = (
        '<link href="/b"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        f"<p>{NEWS}</p><p>A &lt;b&gt; is a tag; Tolland &amp; Sons know.</p></div></content>"
    )
    assert own(atom(entry)).text == f"{NEWS}\n\nA <b> is a tag; Tolland & Sons know."


def test_a_text_that_says_to_be_plain_keeps_its_brackets():
    entry = '<title type="text">The &lt;b&gt; tag</title><link href="/b"/><summary>Some text.</summary>'
    assert own(atom(entry)).title == "The <b> tag"


def test_what_is_no_text_is_not_read_as_it():
    entry = '<link href="/b"/><content type="image/png">iVBORw0KGgo=</content><summary>Some text.</summary>'
    assert own(atom(entry)).text == "Some text."
    assert only(atom('<link href="/b"/><content mode="base64">U29tZSB0ZXh0</content>')).fallback is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Harbour &amp; piers", "Harbour & piers"),
        ("&lt;i&gt;Harbour&lt;/i&gt; reopens", "Harbour reopens"),
        ("<![CDATA[<b>Harbour</b> &#8217;s piers]]>", "Harbour ’s piers"),
        ("Harbour &amp;#8217;s", "Harbour ’s"),
        ("1 &lt; 2", "1 < 2"),
        ("Harbour\n   reopens", "Harbour reopens"),
        ("Hafen öffnet 🚢 اليوم 港", "Hafen öffnet 🚢 اليوم 港"),
    ],
)
def test_titles_are_text(title, text):
    entry = f"<title>{title}</title><media:title>A clip</media:title><link>/b</link>"
    assert own(rss(f"{entry}<description>{NEWS}</description>")).title == text


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("Wed, 04 Mar 2026 09:00:00 GMT", "2026-03-04T09:00:00+00:00"),
        ("Wed, 04 Mar 2026 09:00:00 +0100", "2026-03-04T09:00:00+01:00"),
        ("Wed, 04 Mar 2026 09:00:00 EST", "2026-03-04T09:00:00-05:00"),
        ("Wed, 04 Mar 2026 09:00:00 UT", "2026-03-04T09:00:00+00:00"),
        ("Wed, 4 Mar 26 09:00 EST", "2026-03-04T09:00:00-05:00"),
        ("4 Mar 2026 09:00:00 Z", "2026-03-04T09:00:00+00:00"),
        ("Wed Mar  4 09:00:00 2026", "2026-03-04"),
        ("2026-03-04T09:00:00.250+01:00", "2026-03-04T09:00:00+01:00"),
        ("2026-03-04 09:00:00", "2026-03-04"),
        ("2026-03-04T09:00", "2026-03-04"),
        ("2026-03-04", "2026-03-04"),
        ("mer., 04 mars 2026 09:00:00 +0100", "2026-03-04T09:00:00+01:00"),
        ("1772614800", "2026-03-04T09:00:00+00:00"),
        ("Wed, 04 Mar 2026 09:00:00 XYZ", "2026-03-04"),
        ("Mon, 30 Feb 2026 09:00:00 GMT", None),
        ("yesterday", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Tue, 04 Mar 2098 09:00:00 GMT", None),
        ("", None),
    ],
)
def test_dates_are_read_in_the_forms_that_feeds_have(written, date):
    article = own(rss(item(f"<pubDate>{written}</pubDate><description>{NEWS}</description>")))
    assert article.published == date
    assert (article.published_from is DateOrigin.FEED) == (date is not None)


def test_an_update_is_one_only_where_it_is_not_the_publication():
    dates = "<published>2026-03-04T09:00:00Z</published><updated>{}</updated>"
    entry = f'<link href="/b"/><summary>{NEWS}</summary>{dates}'
    same, later = (own(atom(entry.format(f"2026-03-04T{hour}:00:00Z"))) for hour in ("09", "11"))
    assert (same.updated, later.updated) == (None, "2026-03-04T11:00:00+00:00")
    assert same.published == later.published == "2026-03-04T09:00:00+00:00"


def test_the_date_of_an_update_stands_in_for_the_publication_with_less_confidence():
    only_updated = f'<link href="{{}}"/><summary>{NEWS}</summary><updated>2026-03-04T09:00:00Z</updated>'
    article = own(atom(only_updated.format("/b")))
    assert (article.published, article.published_from) == ("2026-03-04T09:00:00+00:00", DateOrigin.FEED)
    assert article.published_confidence < 0.9
    dated = own(atom(only_updated.format("/2026/02/27/b")))
    assert (dated.published, dated.published_from) == ("2026-02-27", DateOrigin.URL)
    assert only(atom(only_updated.format("/b"))).hints.published == ()


def test_the_outlet_is_that_of_the_feed_an_entry_was_taken_from():
    (first,) = links(rss(item('<source url="https://courier.example/f">Stellhaven Courier</source>')))
    (second,) = links(atom('<link href="/b"/><source><title>Stellhaven Courier</title></source>'))
    assert first.hints.outlet == second.hints.outlet == "Stellhaven Courier"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("<author>desk@post.example (Mira Tolland)</author>", ("Mira Tolland",)),
        ("<dc:creator>By Mira Tolland</dc:creator>", ("Mira Tolland",)),
        ("<author>desk@post.example</author>", ()),
        (
            "<dc:creator>Mira Tolland</dc:creator><dc:creator>Jon Abel</dc:creator>",
            ("Mira Tolland", "Jon Abel"),
        ),
        ("<author><name>Mira Tolland</name><uri>https://post.example/mt</uri></author>", ("Mira Tolland",)),
        ("<itunes:author>Mira Tolland</itunes:author>", ("Mira Tolland",)),
    ],
)
def test_authors_are_names(author, names):
    assert only(rss(item(author))).hints.authors == names


def test_the_author_of_an_atom_feed_is_that_of_entries_without_one():
    head = "<title>Orvale Post</title><author><name>Mira Tolland</name></author>"
    first, second = links(
        atom('<link href="/a"/>', '<link href="/b"/><author><name>Jon Abel</name></author>', head=head)
    )
    assert (first.hints.authors, second.hints.authors) == (("Mira Tolland",), ("Jon Abel",))


@pytest.mark.parametrize(
    ("category", "section"),
    [
        ("<category>Coast</category><category>Ferries</category>", "Coast"),
        ('<category term="coast" label="Coast"/>', "Coast"),
        ('<category term="https://x.example/kind#post"/><category term="Coast"/>', "Coast"),
        ("<dc:subject>Coast</dc:subject>", "Coast"),
    ],
)
def test_the_section_is_the_first_category(category, section):
    assert only(rss(item(category))).hints.section == section


def test_entries_of_one_name_are_told_apart_by_their_links():
    first, second = links(rss(item("<guid>7</guid>"), item("<guid>7</guid>", link="https://post.example/b")))
    assert first.entry != second.entry


def test_the_digest_of_an_entry_changes_with_what_it_says_of_the_article():
    entry = item(
        f"<pubDate>2026-03-04</pubDate><description>{NEWS}</description><slash:comments>1</slash:comments>"
    )
    changes = {"2026-03-04": "2026-03-05", "reopens": "closes", "Tuesday": "Monday", "/harbour": "/pier"}
    digests = {only(rss(entry.replace(old, new))).digest for old, new in {"": "", **changes}.items()}
    assert len(digests) == 5
    assert only(rss(entry)).digest == only(rss(entry.replace(">1<", ">2<"))).digest


def test_what_another_sites_feed_says_is_not_taken_for_what_stands_at_the_address():
    text = f"<description>{NEWS}</description>"
    same, other = links(
        rss(item(text, link="https://www.post.example/a"), item(text, link="https://courier.example/b"))
    )
    assert same.fallback.key == "https://post.example/a"
    assert other.fallback.key.startswith(f"{FEED_URL}#")


def test_the_entries_of_a_saved_feed_are_read_as_they_are(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_text(
        rss(
            item(f"<pubDate>2026-03-04</pubDate><description>{NEWS}</description>"),
            item("<guid>8</guid>"),
            f"<title>No link</title><guid>9</guid><description>{NEWS}</description>",
        )
    )
    first, second, third = read_sources([str(path)])
    assert (first.key, first.published) == ("https://post.example/harbour", "2026-03-04")
    assert second == Skipped(origin=f"{path}#2", reason="the entry has no text of its own")
    assert third.key == f"{path.as_uri()}#9"


def test_relative_links_of_a_saved_feed_are_relative_to_its_site(tmp_path):
    (tmp_path / "feed.xml").write_text(
        rss(
            f"<title>Harbour reopens</title><link>/harbour</link><description>{NEWS}</description>",
            head="<title>Orvale Post</title><link>https://post.example/</link>",
        )
    )
    (article,) = read_sources([str(tmp_path)])
    assert article.url == "https://post.example/harbour"
