"""What a page's head and headline say of its article: title, authors, outlet, address, section, language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.addresses import canonical_url, is_web_address
from index.readers.bylines import MAX_BYLINE_CHARS, is_byline, names_in_head, names_of
from index.readers.html_body import headline_place
from index.readers.html_text import Block, is_long
from index.readers.html_title import site_in_name, title_of
from index.readers.linked_data import (
    Linked,
    articles_first,
    authors_of,
    first_text,
    linked_objects,
    text_of,
    values_of,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_META_CHARS = 2_000
HEAD_BLOCKS = 14
"""How many lines after a headline may hold the byline and the date."""

_BYLINE_NAME = re.compile(
    r"(?:^|[\s_-])(?:by|auth|author|autora?|auteur|autore|yazar|signature|firma|writer"
    r"|journalist|contributors?|createdby)(?:$|[\s_-])"
    r"|byline|author[-_]?name",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:^|[\s(])(?:\d{1,2}[./ ]|\w{3,9}\.? \d{1,2},? )(?:\w{2,9}[./ ]{1,2})?(?:\d{4})|\bago\b"
)
_TITLE_METAS = (
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "title",
    "headline",
)
_AUTHOR_METAS = (
    "author",
    "parsely-author",
    "byl",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "authors",
)
_OUTLET_METAS = (
    "og:site_name",
    "application-name",
    "al:ios:app_name",
    "dc.publisher",
    "publisher",
    "copyright",
)
_SECTION_METAS = (
    "article:section",
    "parsely-section",
    "section",
    "meta-section",
    "category",
    "sailthru.section",
    "og:article:section",
)
_LANGUAGE_METAS = (
    "og:locale",
    "dc.language",
    "dcterms.language",
    "language",
    "content-language",
    "inlanguage",
)
_DESCRIPTION_METAS = ("description", "og:description", "twitter:description", "dc.description")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a page says of its article; "" and () stand for nothing said.

    `headline` is the number of the block that shows the title, `head` the lines from there to the text.
    """

    title: str
    authors: tuple[str, ...]
    outlet: str
    url: str
    section: str
    language: str
    description: str
    metas: Mapping[str, str]
    linked: Sequence[Linked]
    headline: int | None
    head: Sequence[Block]


def page_facts(tree: "HtmlElement", blocks: Sequence[Block]) -> PageFacts:
    """Return the facts of a page; `blocks` are those of the whole tree."""
    metas = _metas(tree)
    objects = linked_objects(tree)
    named = " ".join((tree.findtext(".//title") or "")[:MAX_META_CHARS].split())
    linked = articles_first(objects, named)
    outlet = _first(metas, _OUTLET_METAS[:2]) or _publisher(linked) or _first(metas, _OUTLET_METAS[2:])
    told = [named, first_text(linked, "headline", "name"), *(metas.get(name, "") for name in _TITLE_METAS)]
    title = title_of(blocks, told, outlet)
    outlet = outlet or site_in_name(named, title)
    headline = headline_place(blocks, title)
    head = _head(blocks, headline)
    return PageFacts(
        title=title,
        authors=tuple(_authors(tree, head, metas, linked, outlet)),
        outlet=outlet,
        url=_url(tree, metas, linked),
        section=first_text(linked, "articleSection") or _first(metas, _SECTION_METAS),
        language=_language(tree, metas, linked),
        description=_first(metas, _DESCRIPTION_METAS),
        metas=metas,
        linked=linked,
        headline=headline,
        head=head,
    )


def _metas(tree: "HtmlElement") -> dict[str, str]:
    """Return the content of meta elements by their name, property or itemprop; the first counts."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        label = (
            meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        )
        content = (meta.get("content") or "")[:MAX_META_CHARS].strip()
        if label and content:
            found.setdefault(label.lower(), content)
    return found


def _first(metas: Mapping[str, str], names: Sequence[str]) -> str:
    return next((" ".join(metas[name].split()) for name in names if metas.get(name)), "")


def _publisher(linked: Sequence[Linked]) -> str:
    return next(filter(None, (text_of(value) for value in values_of(linked, "publisher"))), "")


def _head(blocks: Sequence[Block], headline: int | None) -> list[Block]:
    """Return the lines about a headline: a few before it, and those from it to the first paragraph."""
    if headline is None:
        return []
    head: list[Block] = []
    long = 0
    for block in blocks[headline + 1 : headline + 1 + HEAD_BLOCKS]:
        long += is_long(block.text) and block.kind in ("p", "li", "")
        if long == 3:  # a deck, perhaps a sentence of a caption, then the text
            break
        head.append(block)
    return head + list(blocks[max(headline - 2, 0) : headline])


def _authors(
    tree: "HtmlElement",
    head: Sequence[Block],
    metas: Mapping[str, str],
    linked: Sequence[Linked],
    outlet: str,
) -> list[str]:
    """Return the authors: from JSON-LD, meta elements, marked elements, then the lines about the headline."""
    if names := [name for told in authors_of(linked) for name in names_of(told)]:
        return names
    for label in _AUTHOR_METAS:
        if (
            (told := metas.get(label))
            and not is_web_address(told)
            and (names := names_of(told, outlet=outlet))
        ):
            return names
    marked = tree.xpath(
        "//*[@itemprop='author']//*[@itemprop='name'] "
        "| //*[@itemprop='author'][not(.//*[@itemprop='name'])] | //a[@rel='author']"
    )
    found = [name for element in marked[:10] for name in names_of(_text(element), outlet=outlet)]
    if found:
        return list(dict.fromkeys(found))
    for block in head:
        if _is_marked_byline(block) or is_byline(block.text) or _DATED.search(block.text):
            text = _text(block.element) if _is_marked_byline(block) else block.text
            if names := names_in_head(text, outlet=outlet):
                return names
    return _signed(tree, outlet)


def _signed(tree: "HtmlElement", outlet: str) -> list[str]:
    """Return the names in the first element of a post that is marked as its author's, comments left out."""
    for element in tree.xpath("//*[contains(@class, 'vcard') or contains(@class, 'post-author')]")[:5]:
        around = " ".join(f"{e.get('class') or ''} {e.get('id') or ''}" for e in element.iterancestors())
        if "comment" not in around and (names := names_in_head(_text(element), outlet=outlet)):
            return names
    return []


def _is_marked_byline(block: Block) -> bool:
    elements = [block.element, *list(block.element.iterancestors())[:2]]
    return len(block.text) <= MAX_BYLINE_CHARS and any(
        _BYLINE_NAME.search(element.get("class") or "") for element in elements
    )


def _text(element: "HtmlElement") -> str:
    if element.tag == "meta":
        return str(element.get("content") or "")
    return " ".join("".join(element.itertext()).split())[:400]


def _url(tree: "HtmlElement", metas: Mapping[str, str], linked: Sequence[Linked]) -> str:
    """Return the address that the page gives itself; one without a path is the site's, not the article's."""
    links = [
        str(link.get("href") or "").strip() for link in tree.iter("link") if link.get("rel") == "canonical"
    ]
    told = [*links, metas.get("og:url", ""), *(text_of(v) for v in values_of(linked, "mainEntityOfPage"))]
    told += [metas.get("parsely-link", ""), metas.get("twitter:url", "")]
    valid = [url for url in told if url and is_web_address(url)]
    return next((url for url in valid if (canonical_url(url) or "").count("/") > 2), "") or next(
        iter(valid), ""
    )


def _language(tree: "HtmlElement", metas: Mapping[str, str], linked: Sequence[Linked]) -> str:
    root = tree if tree.tag == "html" else tree.getroottree().getroot()
    return (
        (
            root.get("lang")
            or root.get("xml:lang")
            or root.get("{http://www.w3.org/XML/1998/namespace}lang")
            or ""
        ).strip()
        or first_text(linked, "inLanguage")
        or _first(metas, _LANGUAGE_METAS)
    )
