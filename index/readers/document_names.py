"""What the properties of documents name: titles and authors, told from what software writes there."""

import re

from index.cleaning import one_line

MAX_TITLE_CHARS = 250
_NO_TITLE = re.compile(
    r"(?:microsoft\s+(?:word|powerpoint|excel)\s*-.*"
    r"|.*\.(?:docx?|odt|rtf|pdf|indd|qx[dp]|pages|tex|html?|pptx?|xlsx?|txt)"
    r"|untitled.*|unbenannt.*|sans titre.*|sin t[ií]tulo.*|document ?\d*|word document|layout \d+|print"
    r"|file:.*|https?:.*|[\W\d_]*)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+){1,4}|[^\x00-\x7f]{2,12}")
_NO_PERSON = re.compile(
    r"microsoft|adobe|office|user|admin|owner|unknown|acrobat|scanner|printer|calibre|\bword\b", re.IGNORECASE
)
_BETWEEN_PERSONS = re.compile(r"\s*[;&|]\s*|\s+and\s+|,\s+(?=\w[\w.'’-]* \w)")


def is_title(told: str) -> bool:
    """Say whether a document's title is one, and no file name or template."""
    told = one_line(told)
    return 0 < len(told) <= MAX_TITLE_CHARS and _NO_TITLE.fullmatch(told) is None


def persons(told: str) -> tuple[str, ...]:
    """Return the names of persons in a document's author; user names and programs are none."""
    names = (name.strip() for name in _BETWEEN_PERSONS.split(one_line(told)))
    return tuple(name for name in names if _PERSON.fullmatch(name) and not _NO_PERSON.search(name))
