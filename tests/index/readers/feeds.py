"""Feeds as tests write them, and what the reader of feeds finds in them."""

from dataclasses import replace
from pathlib import PurePosixPath

from index.article import Article, Skipped
from index.config import ReadingConfig
from index.readers.feed import FeedReader
from index.readers.input import HeldContent, Input
from index.readers.reader import Link

FEED_URL = "https://post.example/news/feed.xml"
NEWS = "The harbour of Stellhaven reopened on Tuesday after two years of repairs to both piers."


def feed_input(content: bytes | str, **changes) -> Input:
    data = content.encode() if isinstance(content, str) else content
    file = Input(
        name=FEED_URL,
        uri=FEED_URL,
        path=PurePosixPath("/news/feed.xml"),
        content=HeldContent(data),
        limits=ReadingConfig(),
        media_type="application/rss+xml",
        fetched=True,
        named=True,
    )
    return replace(file, **changes)


def found(content: bytes | str, **changes) -> list[Article | Skipped | Link]:
    return list(FeedReader().read(feed_input(content, **changes)))


def links(content: bytes | str, **changes) -> list[Link]:
    """What a fetched feed links to."""
    everything = found(content, **changes)
    assert all(isinstance(one, Link) for one in everything), everything
    return everything


def rss(*items: str, head: str = "<title>Orvale Post</title>", attributes: str = "") -> str:
    entries = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0" {attributes}><channel>{head}{entries}</channel></rss>'


def atom(*entries: str, head: str = "<title>Orvale Post</title>", attributes: str = "") -> str:
    inner = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{head}{inner}</feed>'


def item(extra: str = "", link: str = "https://post.example/harbour") -> str:
    return f"<title>Harbour reopens</title><link>{link}</link>{extra}"


def only(content: bytes | str, **changes) -> Link:
    (link,) = links(content, **changes)
    return link


def own(content: bytes | str, **changes) -> Article:
    """The article that the only entry is without its page."""
    article = only(content, **changes).fallback
    assert article is not None
    return article
