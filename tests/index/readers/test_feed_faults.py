"""Feeds that are not as they should be: what is good in them is read, and what means harm does none."""

import gzip
import tracemalloc

import pytest

from index.errors import ReadError
from index.readers.feed import MAX_SKIPPED, MOST_SKIPPED, FeedReader
from index.readers.reader import Link
from index.readers.xml_elements import MAX_ELEMENT_CHARS
from tests.index.readers.feeds import NEWS, atom, feed_input, found, item, links, only, own, rss


@pytest.mark.parametrize(
    "broken",
    [
        item(f"<description>Piers & ferries. {NEWS}</description>"),
        item(f"<description>{NEWS}&nbsp;It rained &mdash; &unknown; all day.</description>"),
        item(f"<description><p>{NEWS}<br>It rained.<b>All day</description>"),
        item(f"<undeclared:tag>x</undeclared:tag><description>{NEWS}</description>"),
        item(f"<description>{NEWS}</description></b></i>"),
        item(f"<category>Coast<description>{NEWS}</description>"),
        item(f"<description>{NEWS}\x0b\x00</description>"),
        f"<TITLE>Harbour reopens</TITLE><Link>https://post.example/harbour</Link><Description>{NEWS}</Description>",
        item(f'<media:thumbnail alt="5 > 4" url=x><description>{NEWS}</description>'),
    ],
)
def test_a_malformed_entry_is_read_and_so_are_those_beside_it(broken):
    first, second, third = links(rss(item(), broken, item(link="https://post.example/last")))
    assert (second.url, second.hints.title) == ("https://post.example/harbour", "Harbour reopens")
    assert NEWS in second.fallback.text
    assert (first.url, third.url) == ("https://post.example/harbour", "https://post.example/last")


def test_entries_that_are_not_closed_end_where_the_next_begins():
    feed = rss(item(), item(link="https://post.example/b")).replace("</item>", "")
    assert [link.url for link in links(feed)] == ["https://post.example/harbour", "https://post.example/b"]


def test_entries_in_comments_and_cdata_are_none():
    inner = item(f"<description><![CDATA[{NEWS} <item></item> </item> </channel>]]></description>")
    link = only(rss(inner).replace("<item>", "<!-- <item><link>/x</link></item> --><item>", 1))
    assert link.url == "https://post.example/harbour"
    assert link.fallback.text.startswith(NEWS)


@pytest.mark.parametrize("mark", ["<![CDATA[", "<!--"])
def test_a_section_without_an_end_hides_nothing_that_follows(mark):
    broken = item(f"<description>{mark}{NEWS}</description>")
    first, second = links(rss(broken, item(link="https://post.example/last")))
    assert (first.url, second.url) == ("https://post.example/harbour", "https://post.example/last")


def test_a_feed_that_breaks_off_keeps_its_whole_entries():
    feed = rss(item(f"<description>{NEWS}</description>"), item("", link="https://post.example/b"))
    whole, cut = links(feed[: feed.rindex("</item>") - 1])
    assert whole.fallback is not None
    assert (cut.url, cut.fallback) == ("https://post.example/b", None)
    *_, skipped = found(feed[: feed.rindex("</item>")].replace("https://post.example/b", ""))
    assert skipped.reason == "is not whole: the feed ends within the entry"


WRITTEN = {
    "cp1251": "Порт открыт после двух лет ремонта.",
    "euc-jp": "港は二年ぶりに再開した。市長が発表した。",
    "cp1252": "Le café du port rouvre après deux années — “enfin”.",
}


@pytest.mark.parametrize(
    ("declared", "served", "encoding"),
    [
        ("iso-8859-1", "", "latin-1"),
        ("windows-1252", "utf-8", "cp1252"),
        ("utf-8", "iso-8859-1", "utf-8"),
        ("us-ascii", "", "utf-8"),
        ("utf-8", "", "cp1252"),
        ("", "windows-1251", "cp1251"),
        ("euc-jp", "", "euc-jp"),
        ("utf-16", "", "utf-16"),
        ("no-such-thing", "nor-this", "utf-8"),
    ],
)
def test_characters_are_right_whatever_is_declared(declared, served, encoding):
    text = WRITTEN.get(encoding, "Le café du port rouvre après deux années.")
    feed = rss(item(f"<description>{text}</description>"))
    feed = feed.replace(
        'version="1.0"', f'version="1.0" encoding="{declared}"' if declared else 'version="1.0"', 1
    )
    assert own(feed.encode(encoding), charset=served).text == text


def test_a_packed_feed_is_read():
    assert only(gzip.compress(rss(item()).encode())).url == "https://post.example/harbour"


@pytest.mark.parametrize("feed", [rss(), atom(), "<rss", "<rdf:RDF></rdf:RDF>"])
def test_a_feed_without_entries_says_so(feed):
    with pytest.raises(ReadError, match="has no entries"):
        found(feed)


def test_of_many_entries_that_give_nothing_only_the_number_is_told():
    *told, last = found(rss(*["<title>x</title>"] * 1_000))
    assert len(told) == MAX_SKIPPED
    assert last.reason == "900 more entries gave nothing"


def test_a_feed_that_names_nothing_on_and_on_is_given_up():
    with pytest.raises(ReadError, match="more than 50,000 of its entries give nothing"):
        found(rss() + "<item/>" * (MOST_SKIPPED + 1))


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)
QUADRATIC = f'<!DOCTYPE rss [<!ENTITY j "{"x" * 50_000}">'
FILE = '<!DOCTYPE rss [<!ENTITY j SYSTEM "file:///etc/passwd">'
PARAMETER = '<!DOCTYPE rss [<!ENTITY % all SYSTEM "http://127.0.0.1:9/x.dtd"> %all;'


@pytest.mark.parametrize(
    "declaration", [LAUGHS, QUADRATIC, FILE, PARAMETER, FILE.replace("ENTITY", "entity")]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_entities_is_refused(declaration, encoding):
    feed = f"{declaration}]>" + rss(item(f"<description>{'&j;' * 10_000}</description>")).removeprefix(
        '<?xml version="1.0"?>'
    )
    with pytest.raises(ReadError, match="declares XML entities"):
        found(feed.encode(encoding))


def test_an_article_about_entities_is_none_that_declares_them():
    assert only(
        rss(item("<description><![CDATA[How &lt;!ENTITY x&gt; works. <!ENTITY a 'b'>]]></description>"))
    )


def test_an_entry_that_is_too_long_is_left_out_and_those_beside_it_are_read():
    long = item(f"<description>{'x' * MAX_ELEMENT_CHARS}</description>")
    first, second, third = found(rss(item(), long, item(link="https://post.example/last")))
    assert second.reason == "the entry is longer than 4,000,000 characters"
    assert (first.url, third.url) == ("https://post.example/harbour", "https://post.example/last")


@pytest.mark.parametrize(
    "start", ["<rss><channel>" + "<a>" * 1_500_000, "<rss><channel><title><![CDATA[" + "x" * 4_500_000]
)
def test_a_feed_whose_entries_never_begin_is_refused(start):
    with pytest.raises(ReadError, match="nothing to read in its first"):
        found(start + rss(item()))


HOSTILE = {
    "nested": "<a>" * 100_000,
    "categories": "".join(f"<category>c{number}</category>" for number in range(15_000)),
    "attributes": "<link " + " ".join(f'a{number}="x"' for number in range(30_000)) + "/>",
    "brackets": f"<title>{'<' * 300_000}",
    "quotes": '<title><a b="' * 30_000,
    "cdata": f"<title>{'<![CDATA[' * 100_000}",
    "comments": f"<title>{'<!--' * 200_000}",
    "namespaces": "".join(f'<x{n}:a xmlns:x{n}="u{n}">a</x{n}:a>' for n in range(8_000)),
    "author": f"<author>{'a.' * 400_000}</author>",
    "author in brackets": f"<author>{'a@(' * 300_000}</author>",
    "keywords": f"<media:keywords>{','.join(map(str, range(120_000)))}</media:keywords>",
    "date": f"<pubDate>{'1 ' * 400_000}</pubDate>",
    "unclosed": "<title><guid><author><creator><category><summary><encoded>" + "<a>x" * 40_000,
    "spaces": f"<title>a{' ' * 900_000}b</title>",
    "line ends": "<description>a" + "\n" * 300_000 + "b</description>",
    "name": f"<{'a' * 900_000}>",
    "guid": f"<guid>{'a' * 900_000}</guid>",
    "base": '<link xml:base="https://a.example/' + "a/" * 1_000 + '" href="b"/>',
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_entry_that_was_made_to_exhaust_a_parser_costs_little(kind):
    data = rss(item(HOSTILE[kind]), item(link="https://post.example/last")).encode()
    tracemalloc.start()
    urls = [one.url for one in FeedReader().read(feed_input(data)) if isinstance(one, Link)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert urls[-1] == "https://post.example/last"
    assert peak < 30_000_000


def test_a_large_feed_is_read_as_it_comes():
    entries = (item(f"<guid>{n}</guid><description>{NEWS}</description>") for n in range(8_000))
    data = rss(*entries).encode()
    tracemalloc.start()
    stream = FeedReader().read(feed_input(data))
    for _ in range(500):
        next(stream)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
