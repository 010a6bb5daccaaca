"""What a page's JSON-LD says: its objects, and the one that is the article."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from index.readers.markup import looks_like_markup, markup_to_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_NESTING = 8
MAX_OBJECTS = 5_000
MAX_BLOCK_CHARS = 2_000_000
MAX_HEADLINE_CHARS = 1_000

_ARTICLE_TYPES = re.compile(r"Article|Posting|Report|Review", re.IGNORECASE)
_PAGE_TYPES = re.compile(r"Article|Posting|Report|Review|WebPage|CreativeWork", re.IGNORECASE)
_WRAPPING = re.compile(r"\A\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*;?\s*\Z")
Linked = Mapping[str, object]


def linked_objects(tree: "HtmlElement") -> list[Linked]:
    """Return the objects of all JSON-LD blocks, outer ones before those within them."""
    found: list[Linked] = []
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        for value in _walk(_parse(script.text_content())):
            if len(found) == MAX_OBJECTS:
                return found
            found.append(value)
    return found


def articles_first(objects: Sequence[Linked], title: str) -> list[Linked]:
    """Return the objects in the order in which they are to be asked of the article.

    An article whose headline is in the page's title (or the reverse) goes before other articles, which
    are often those that the page links to, and these before everything else.
    """
    folded = title.casefold()

    def rank(linked: Linked) -> int:
        if not _ARTICLE_TYPES.search(str(linked.get("@type", ""))[:200]):
            return 2 if "WebPage" in str(linked.get("@type", ""))[:200] else 3
        headline = text_of(linked.get("headline") or linked.get("name"))[:MAX_HEADLINE_CHARS].casefold()
        return 0 if headline and folded and (headline in folded or folded in headline) else 1

    return sorted(objects, key=rank)


def first_text(objects: Sequence[Linked], *names: str) -> str:
    """Return the first text that an article among the objects gives for one of the names."""
    for linked in objects:
        if _ARTICLE_TYPES.search(str(linked.get("@type", ""))[:200]):
            for name in names:
                if text := text_of(linked.get(name)):
                    return text
    return ""


def values_of(objects: Sequence[Linked], name: str) -> Iterator[object]:
    """Yield the values of a property of articles and pages; a site, a picture or an event has its own."""
    for linked in objects:
        if name in linked and ("@type" not in linked or _PAGE_TYPES.search(str(linked["@type"])[:200])):
            yield linked[name]


def authors_of(objects: Sequence[Linked]) -> list[str]:
    """Return the names of the first article that has authors."""
    named = {str(linked["@id"]): linked for linked in objects if "@id" in linked and "name" in linked}
    for linked in objects:
        if _ARTICLE_TYPES.search(str(linked.get("@type", ""))[:200]):
            names = list(_names(linked.get("author") or linked.get("creator"), named))
            if names:
                return names
    return []


def body_text(objects: Sequence[Linked]) -> str:
    """Return the text that an article gives of itself (`articleBody`), or ""."""
    text = first_text(objects, "articleBody")
    return markup_to_text(text) if looks_like_markup(text) else text


def text_of(value: object) -> str:
    """Return the text of a value: itself, the first of a list, or the name of an object."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return next(filter(None, map(text_of, value[:10])), "")
    if isinstance(value, Mapping):
        return text_of(value.get("name") or value.get("@id"))
    return ""


def _names(value: object, named: Mapping[str, Linked]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value[:50]:
            yield from _names(one, named)
    elif isinstance(value, Mapping):
        known = value if "name" in value else named.get(str(value.get("@id")), {})
        yield from _names(known.get("name"), {})


def _parse(text: str) -> object:
    if len(text) > MAX_BLOCK_CHARS:
        return None
    try:
        return json.loads(_WRAPPING.sub("", text), strict=False)
    except (ValueError, RecursionError):
        return None


def _walk(document: object) -> Iterator[Linked]:
    queue: deque[tuple[int, object]] = deque([(0, document)])
    while queue:
        depth, value = queue.popleft()
        if isinstance(value, Mapping):
            yield value
            queue += [(depth + 1, inner) for inner in value.values() if depth < MAX_NESTING]
        elif isinstance(value, list):
            queue += [(depth + 1, inner) for inner in value if depth < MAX_NESTING]
