"""The feeds that a web page names: what a user who gave the page of an outlet may want instead."""

from urllib.parse import urljoin

from index.errors import ReadError
from index.readers.addresses import is_web_address
from index.readers.html import decode_page
from index.readers.html_tree import parse_page
from index.readers.input import Input
from index.readers.kinds import Kind, kind_of

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
_SHOWN = 3


def named_feeds(page: Input) -> list[str]:
    """Return the addresses of the feeds that a fetched page names, in its order; [] where it is no page."""
    try:
        if kind_of(page) is not Kind.HTML:
            return []
        tree = parse_page(decode_page(page.data(), page.charset))
    except ReadError:
        return []
    base = next((str(one.get("href")) for one in tree.xpath("//base[@href]")), "")
    found: dict[str, None] = {}
    for link in tree.xpath("//link[@rel and @type and @href]"):
        is_named = "alternate" in str(link.get("rel")).lower().split()
        if is_named and str(link.get("type")).strip().lower() in FEED_TYPES:
            try:
                found[urljoin(urljoin(page.uri, base), str(link.get("href")).strip())] = None
            except ValueError:
                continue
    return [url for url in found if is_web_address(url)]


def name_feeds(feeds: list[str]) -> str:
    """Return what a user is told of a page that holds no article but names these feeds."""
    shown = " or ".join(feeds[:_SHOWN])
    count = "a feed" if len(feeds) == 1 else f"{len(feeds)} feeds"
    return f"holds no article, but names {count}: add {shown}"
