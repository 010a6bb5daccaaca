"""Plain text out of fragments of HTML in a record's field; whole pages are for the HTML reader.

A scan of its own, in linear time: the standard library's parser takes minutes on broken markup.
"""

import re
from html import unescape

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-z][a-z0-9]{0,20})\b[^<>]*>", re.IGNORECASE)
_HINT = re.compile(
    r"</?(?:p|div|br|a|span|strong|em|b|i|h[1-6]|ul|ol|li|blockquote|figure|img)\b[^<>]*>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:amp|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_BLOCKS = frozenset("p div br h1 h2 h3 h4 h5 h6 ul ol li blockquote tr figure section".split())
_CODE = frozenset(("script", "style"))
_SILENT = _CODE | frozenset("figcaption noscript template iframe".split())


def looks_like_markup(text: str) -> bool:
    """Say whether a field holds HTML rather than plain text."""
    return ("<" in text and _HINT.search(text) is not None) or (
        "&" in text and _ENTITY.search(text) is not None
    )


def markup_to_text(markup: str) -> str:
    """Return the text of a fragment of HTML, its blocks separated by blank lines."""
    markup = without_comments(markup)
    last_end = {tag["name"].lower(): tag.start() for tag in _TAG.finditer(markup) if tag["close"]}
    parts: list[str] = []
    silent: str | None = None
    position = 0
    for tag in _TAG.finditer(markup):
        name, closes = tag["name"].lower(), bool(tag["close"])
        if silent is None:
            parts += [markup[position : tag.start()], "\n\n" if name in _BLOCKS else ""]
            is_open = name in _SILENT and not closes and not tag[0].endswith("/>")
            # What is never closed hides nothing, unless it is code.
            silent = name if is_open and (name in _CODE or last_end.get(name, -1) > position) else None
        elif name == silent and closes:
            silent = None
        position = tag.end()
    parts.append(markup[position:] if silent is None else "")
    return unescape("".join(parts)).strip()


def without_comments(markup: str) -> str:
    """Return markup without `<!-- … -->`; one that is not closed is left."""
    kept: list[str] = []
    position = 0
    while (start := markup.find("<!--", position)) >= 0 and (end := markup.find("-->", start + 4)) >= 0:
        kept.append(markup[position:start])
        position = end + len("-->")
    return "".join(kept) + markup[position:]
