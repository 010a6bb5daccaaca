"""The title of a page's article: the headline that it shows, if what the page calls itself confirms it."""

import re
from collections.abc import Sequence

from index.readers.html_body import key_of
from index.readers.html_text import Block

MIN_TITLE_CHARS = 4
MAX_TITLE_CHARS = 300
MAX_SITE_CHARS = 40

_HOME = re.compile(r"(?:https?://[^/]+)?/?")
_EDGES = re.compile(r"^[\s|–—·•»›«:_-]+|[\s|–—·•»›«:_-]+$")

_SITE_MARK = re.compile(r"\s+[|–—·•»›«-]\s+|\s*[||_]\s*|\s*--+\s*|(?<=\w): (?=[A-Z])|\s*»\s*|\s*&raquo;\s*")
_HOST_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
_BRACKETED = re.compile(r"\s*\[[^\[\]]{1,40}\]\s*$")


def title_of(blocks: Sequence[Block], told: Sequence[str], outlet: str) -> str:
    """Return the title of a page with these blocks.

    `told` are the names that it gives itself: first that of its title element, then the others in the
    order in which they are trusted.
    """
    names = {key for name in told if (key := key_of(name))}
    parts = names | {key for part in _SITE_MARK.split(told[0]) if (key := key_of(part))}
    site = key_of(outlet)
    shown = [block for block in blocks if block.kind in ("h1", "h2", "h3") and not _is_home_link(block)]
    for candidates in (shown, blocks):
        confirmed = [block.text for block in candidates if _is_confirmed(block.text, names, parts, site)]
        if confirmed:
            return max(confirmed, key=len)
    heads = [block.text for block in shown if block.kind == "h1"]
    if len(heads) == 1 and not names:
        return heads[0]
    return next((title for name in (*told[1:], told[0]) if (title := without_site(name, outlet))), "")


def site_in_name(named: str, title: str) -> str:
    """Return what is the site's in the name of a page with this title; "" where that is not plain."""
    key = key_of(title)
    rest = [part.strip() for part in _SITE_MARK.split(named) if key_of(part) and key_of(part) not in key]
    is_plain = len(rest) == 1 and len(rest[0]) <= MAX_SITE_CHARS and key in key_of(named)
    return rest[0] if is_plain else ""


def without_site(name: str, outlet: str) -> str:
    """Return a page's name without that of the site before or after it."""
    name = _BRACKETED.sub("", " ".join(name.split()))
    parts = [part for part in _SITE_MARK.split(name) if part.strip()]
    if len(parts) < 2:
        return name
    site = key_of(outlet)
    for part in (parts[-1], parts[0]):
        if site and (key_of(part) in site or site in key_of(part)):
            return _EDGES.sub("", name.removesuffix(part).removeprefix(part))
    longest = max(parts, key=len)
    return longest if len(longest) * 2 >= len(name) else name


def _is_confirmed(text: str, names: set[str], parts: set[str], site: str) -> bool:
    """Say whether what a page calls itself is this line, but for the site's name beside it."""
    if not MIN_TITLE_CHARS <= len(text) <= MAX_TITLE_CHARS or _HOST_NAME.fullmatch(text):
        return False
    key = key_of(text)
    if not key or key == site:
        return False
    return key in parts or any(f" {key} " in f" {name} " and len(key) * 2 >= len(name) for name in names)


def _is_home_link(block: Block) -> bool:
    """Say whether a heading is the name of the site, linked to its first page."""
    around = [*block.element.iter("a"), *block.element.iterancestors("a")]
    return any(_HOME.fullmatch(link.get("href") or "-") for link in around[:2]) and block.linked > 0.5
