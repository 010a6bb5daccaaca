"""Takes out of a page's tree what is known by its element, role or name to be no part of an article."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

from index.readers.html_text import SILENT, blocks_of, is_hidden, is_long, weight

ARTICLE_SHARE = 0.4
"""An element that holds more than this share of a page's running text is not taken out, whatever its name."""

MAX_LINKED = 0.5
_NAVIGATION = frozenset("nav menu aside form button select dialog footer".split())
_MEDIA = frozenset(
    "figure figcaption picture video audio object iframe amp-ad amp-embed amp-list amp-consent".split()
)
_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog complementary menu menubar toolbar".split()
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NOISE_WORDS = frozenset(
    """
    ad ads adslot advert advertisement advertising adunit dfp sponsor sponsored outbrain taboola affiliate
    newsletter newsletters signup subscribe subscription subscriptions membership epic donate
    related recirc recirculation recommended recommendations reco readmore readnext morestories teaser teasers
    share shares sharing sharedaddy social socials sns partage teilen compartir paylas addthis sociable
    comment comments commentaires kommentare disqus respond
    cookie cookies consent gdpr cmp didomi onetrust sourcepoint
    paywall regwall barrier metered upsell piano
    modal popup overlay lightbox interstitial toast snackbar
    breadcrumb breadcrumbs pathway pagination pagenav pager
    tags tag tagcloud keywords topics schlagworte etiket labels
    bio biography authorbox authorcard autorenbox aboutauthor
    caption captions credit credits photocredit
    toolbar navbar nav navigation menu sidebar rail
    audioplayer audio podcast vorlesen
    trending popular mostread mostpopular mostviewed kanren ticker
    poll quiz feedback survey rating helpful
    copyright disclaimer footer footnav masthead
    skip print printfriendly reprint
    promo promotion cta
    """.split()
)
_NOISE_PHRASES = re.compile(
    r"(?:read|see|learn|more|also|next)[-_ ]?(?:more|also|next|on|from|stories|articles|news)"
    r"|most[-_ ]?(?:read|viewed|popular)"
    r"|lire[-_ ]?aussi|lesen[-_ ]?sie|mehr[-_ ]?zum|lea[-_ ]?tambien|leia[-_ ]?(?:tambem|mais)"
    r"|inline[-_ ]?(?:link|promo|teaser)"
    r"|rich[-_ ]?link|author[-_ ]?(?:bio|box|card|info|about|profile)"
    r"|about[-_ ]?(?:the[-_ ]?)?author|sign[-_ ]?up|call[-_ ]?to[-_ ]?action"
    r"|pull[-_ ]?quote|back[-_ ]?to[-_ ]?top|story[-_ ]?continues|app[-_ ]?promo"
    r"|push[-_ ]?notification|link[-_ ]?list|links[-_ ]?block"
    r"|(?:video|media)[-_ ]?player|(?:article|story|post|page)[-_ ]?tools|access[-_ ]?ranking"
    r"|^widget(?:s|_\w+|-area)?$|sidebar[-_ ]?widget",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?:category|tag|topic|section|rubric|channel)-\w", re.IGNORECASE)
"""Opens names that say what a page is about, as content management systems put them on its article."""
_NAMED = ("id", "class", "data-component", "data-testid", "data-gu-name", "data-spacefinder-type")
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_CONTAINERS = _HEADINGS | frozenset(
    "div section ul ol p span article details header blockquote table dl".split()
)
_NEVER_TEXT = frozenset(
    """
    comments comment-list commentlist comments-area comments-list disqus_thread respond kommentare
    commentaires
    cookie-banner cookie-notice cookiebar cookie-consent didomi-notice onetrust-consent-sdk
    """.split()
)
MAX_NAME_CHARS = 400


def prune(tree: "HtmlElement") -> None:
    """Remove the noise of a page in place; what holds the headline or much of the text stays."""
    said = _running_text(tree)
    limit = said.get(tree, 0) * ARTICLE_SHARE
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None or element.tag in ("html", "body"):
            continue
        if element.tag == "figure" and _holds_text(element):
            element.drop_tag()
        elif (
            _is_noise(element)
            and (said.get(element, 0) <= limit or _is_never_text(element))
            and not _holds_headline(element)
        ):
            element.drop_tree()


def _is_never_text(element: "HtmlElement") -> bool:
    """Say whether an element is what readers wrote or a dialog: no part of an article, however long."""
    if element.get("aria-modal") == "true" or element.get("role") in ("dialog", "alertdialog"):
        return True
    return not _NEVER_TEXT.isdisjoint(
        f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()
    )


def _holds_text(figure: "HtmlElement") -> bool:
    """Say whether a figure is a table or a quotation rather than a picture."""
    return next(figure.iter("table", "blockquote"), None) is not None and not any(
        _is_noise_name(figure.get(name) or "") for name in _NAMED
    )


def _running_text(tree: "HtmlElement") -> "dict[HtmlElement, int]":
    """Return how much running text each element holds; links, and what is not shown, hold none."""
    said: dict[HtmlElement, int] = {}
    for block in blocks_of(tree):
        if not is_long(block.text) or block.linked >= MAX_LINKED or block.kind == "figcaption":
            continue
        for element in (block.element, *block.element.iterancestors()):
            said[element] = said.get(element, 0) + weight(block.text)
    return said


def _holds_headline(element: "HtmlElement") -> bool:
    return element.tag == "h1" or element.find(".//h1") is not None


def _is_noise(element: "HtmlElement") -> bool:
    tag = element.tag
    if tag in _NAVIGATION or tag in _MEDIA or tag in SILENT - {"head"} or is_hidden(element):
        return tag not in ("title", "meta", "link", "script")
    if element.get("role") in _ROLES or element.get("aria-modal") == "true":
        return True
    if tag not in _CONTAINERS and not tag.startswith(("amp-", "bsp-")):
        return False
    names = _NAMED[1:] if tag in _HEADINGS else _NAMED  # the id of a heading is made from its words
    return any(_is_noise_name(value) for name in names if (value := element.get(name)))


def _is_noise_name(value: str) -> bool:
    for token in value[:MAX_NAME_CHARS].split():
        if _SUBJECT.match(token):
            continue
        words = [word.lower() for word in _WORD.findall(token)]
        if not _NOISE_WORDS.isdisjoint(words) or _NOISE_PHRASES.search(token):
            return True
    return False
