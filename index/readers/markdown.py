"""Markdown syntax away, its text and line structure kept."""

import re

from index.readers.markup import without_comments

MAX_INLINE_CHARS = 1_000_000
"""A longer text is nothing that somebody wrote in Markdown: its emphasis and links are left alone."""

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?P<title>.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_UNDERLINED = re.compile(r"\A\s*(?P<title>[^\s#>*-].*)\n(?:=+|-{3,})[ \t]*$", re.MULTILINE)
_BLOCKS = (
    (re.compile(r"^ {0,3}(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]+\S.*$", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|=+)$", re.MULTILINE), ""),
    (_HEADING, r"\n\g<title>\n"),
    (re.compile(r"^(?:[ \t]*>[ \t]?)+", re.MULTILINE), ""),
    (re.compile(r"^([ \t]*)[*+][ \t]+", re.MULTILINE), r"\1- "),
    (re.compile(r"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*$", re.MULTILINE), ""),
)
_INLINE = (
    (re.compile(r"!\[[^\]\n]{0,500}\]\([^()\n]{0,1000}\)"), ""),
    (re.compile(r"!\[[^\]\n]{0,500}\]\[[^\]\n]{0,200}\]"), ""),
    (re.compile(r"\[\^[^\]\n]{1,50}\]"), ""),
    (re.compile(r"\[(?P<text>[^\[\]\n]{1,500})\]\((?:[^()\n]|\([^()\n]{0,200}\)){0,1000}\)"), r"\g<text>"),
    (re.compile(r"\[(?P<text>[^\[\]\n]{1,500})\]\[[^\]\n]{0,200}\]"), r"\g<text>"),
    (re.compile(r"<(?P<url>https?://[^<>\s]{1,1000})>"), r"\g<url>"),
    (
        re.compile(
            r"</?(?:b|i|u|em|strong|span|sup|sub|br|p|div|a|center|small|h[1-6]|img|hr|ul|ol|li|blockquote"
            r"|figure|figcaption|details|summary|table|thead|tbody|tr|td|th|del|ins|mark|section|article)\b"
            r"[^<>\n]{0,300}>",
            re.IGNORECASE,
        ),
        "",
    ),
    (
        re.compile(
            r"(?<![\w\\])(?P<mark>\*{1,3}|_{1,3}|~~)(?=\S)(?P<text>[^\n]{1,300}?)(?<=[^\s\\])(?P=mark)(?!\w)"
        ),
        r"\g<text>",
    ),
    (re.compile(r"`+(?P<text>[^`\n]{1,500})`+"), r"\g<text>"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!~>|-])"), r"\1"),
)


def first_heading(text: str) -> tuple[str, str]:
    """Return the heading that opens a text, and the text without it; "" where it opens otherwise."""
    match = _UNDERLINED.match(text) or _HEADING.match(text, len(text) - len(text.lstrip()))
    return (match["title"], text[match.end() :]) if match else ("", text)


def markdown_to_text(text: str) -> str:
    """Return Markdown as plain text: links by their words, images away, list items as lines."""
    text = without_comments(text.replace("\r\n", "\n"))
    for pattern, kept in _BLOCKS + (_INLINE if len(text) <= MAX_INLINE_CHARS else ()):
        text = pattern.sub(kept, text)
    return text.strip()
