"""Which element a text of HTML or XML begins with, past declarations, comments and a document type."""

import re

_BEFORE = re.compile(r"(?:\s++|<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->)++")
_QUOTED = r"\"[^\"]*+\"|'[^']*+'"
_SUBSET = rf"\[(?:[^\]\"'<]++|{_QUOTED}|<!--(?:[^-]|-(?!->))*+-->|<(?!!--))*+\]\s*+"
_DOCTYPE = re.compile(
    rf"<!DOCTYPE\s++(?P<name>[^\s>\[]++)(?P<rest>(?:[^\[>\"']++|{_QUOTED})*+(?:{_SUBSET})?+>)?", re.IGNORECASE
)
_OPENING = re.compile(r"<(?P<name>[a-z_][\w.-]*+(?::[\w.-]++)?)(?=[\s/>]|$)", re.IGNORECASE)


def root_of(text: str) -> str:
    """Return the name of the first element, in lower case and without a prefix; "" where none begins.

    That is the name in the document type where it is `html`, or where the text ends within it.
    """
    position = _past(text, 0)
    named = ""
    if doctype := _DOCTYPE.match(text, position):
        named = _local(doctype["name"])
        if named == "html" or doctype["rest"] is None:
            return named
        position = _past(text, doctype.end())
    opening = _OPENING.match(text, position)
    return _local(opening["name"]) if opening else named


def _past(text: str, position: int) -> int:
    match = _BEFORE.match(text, position)
    return match.end() if match else position


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
