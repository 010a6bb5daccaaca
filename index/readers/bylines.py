"""Names of authors out of bylines, as they are written in many languages."""

import re

from index.date_words import FILLERS
from index.month_names import folded

MAX_BYLINE_CHARS = 160
MAX_NAME_WORDS = 5
MAX_AUTHOR_CHARS = 300
"""Of a byline with the mail addresses that may stand in it."""

_BY = re.compile(
    r"\A\s*(?:(?:written|posted|submitted|published|story|words|text|texte|texto|testo"
    r"|interview|reporting|report|desk)"
    r"(?: and photos)?(?: by)?\b\s*[:/]?|(?:by|von|par|por|di|door|av|af|od|przez|yazan|haber"
    r"|autore?s?|autor(?:in|a)?|author|muallif|penulis|oleh)\b\s*:?"
    r"|автор(?:ы)?\s*:?|текст\s*:?|作者\s*[::]?|文\s*[/:/:]|記者\s*[::]?|取材・文\s*[::]?|بقلم\s*:?"
    r"|كتب\s*:?|מאת\s*:?|लेखक\s*:?|글\s*[::]?)\s*",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*[|•·●]\s*|\s[—–-]\s")
_INNER_BY = re.compile(r"\s(?:by|von|par|por)\s", re.IGNORECASE)
_FROM_DIGIT = re.compile(r"(?:[,\s]+(?:on|at|am|le|el|em|il|op|den|kl)?)?\s*\d.*$", re.DOTALL)
_BETWEEN = re.compile(
    r"\s*(?:[;|·•,،、]|\band\b|&|\bund\b|\bet\b|\by\b|\be\b|\bи\b|\bve\b|\bog\b|\boch\b|(?<=\s)ו(?=\s))\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:in|at|on|for|from|aus|à|en|bei)\s+[^\W\d_a-z].*$|\s*[(\[].*?[)\]]|\s+(?i:photos?"
    r"|fotos?|bilder)\s.*$|\s+[—–|]\s.*$|\s*/\s*[A-Z].*$",
    re.DOTALL,
)
_MAIL = re.compile(r"[<(\[]?\s*[^\s<>()\[\],;@]+@[^\s<>()\[\],;@]+\s*[>)\]]?")
_BEHIND_MAIL = re.compile(r"\s*[^\s@]+@[^\s@]+\s*\((?P<name>[^()]+)\)\s*")
_NO_NAME = re.compile(
    r"\d|https?:|\bwww\.|^(?:staff|admin|editor(?:s|ial)?|news|team|redaktion|redacción"
    r"|rédaction|updated|published|min read"
    r"|(?:the )?associated press|special|contributor|correspondent|reporter|writer|follow"
    r"|share)\b|(?:staff|correspondent|reporter)s?$",
    re.IGNORECASE,
)

_OUTLET = re.compile(
    r"\b(?:News|Post|Times|Herald|Courier|Gazette|Dispatch|Tribune|Press|Network|Agency"
    r"|Magazine|Radio|TV|Service|Bureau)$"
)


def names_of(byline: str, *, outlet: str = "") -> list[str]:
    """Return the names in a byline such as "By Ann Lee and Bo Day, Harbour Post"; [] where there are none."""
    line = " ".join(byline.split())
    line = without_addresses(line) if len(line) <= MAX_AUTHOR_CHARS else ""
    if not line or len(line) > MAX_BYLINE_CHARS:
        return []
    line = _TAIL.sub(" ", _BY.sub("", line, count=1))
    whole = line.strip(" .,:–—-")
    names = [_TAIL.sub("", name).strip(" .,:–—-") for name in _BETWEEN.split(line)]
    names = [name for name in dict.fromkeys(names) if _is_name(name) and not _is_outlet(name, outlet)]
    full = [name for name in names if " " in name or not name.isascii()]
    return full or ([whole] if len(names) and _is_name(whole) and not _is_outlet(whole, outlet) else [])


def without_addresses(names: str) -> str:
    """Return what names authors without mail addresses: "Ann Lee <ann@post.example>" is Ann Lee.

    RSS has the name in brackets behind the address.
    """
    if "@" not in names:
        return names
    behind = _BEHIND_MAIL.fullmatch(names)
    return " ".join(_MAIL.sub(" ", behind["name"] if behind else names).split()).strip(" \"',;:|–—-")


def names_in_head(line: str, *, outlet: str = "") -> list[str]:
    """Return the names in a line that tells more: "14 May 2026 | By Ann Lee", "2 hours ago by Ann Lee"."""
    for part in _PARTS.split(line):
        said = _FROM_DIGIT.sub("", _INNER_BY.split(part)[-1])
        names = names_of(said, outlet=outlet)
        if is_byline(part) or len(said) < len(part):
            names = [name for name in names if " " in name or not name.isascii()]
        if names and not any(word in FILLERS for name in names for word in folded(name).split()):
            return names
    return []


def is_byline(line: str) -> bool:
    """Say whether a line opens as bylines do."""
    return bool(_BY.match(line)) and len(line) <= MAX_BYLINE_CHARS


def _is_outlet(name: str, outlet: str) -> bool:
    return name.casefold() == outlet.casefold() or bool(_OUTLET.search(name))


def _is_name(name: str) -> bool:
    words = name.split()
    if not words or len(words) > MAX_NAME_WORDS or len(name) < 2 or _NO_NAME.search(name):
        return False
    return not words[0][0].islower() or words[0].lower() in ("de", "van", "von", "al", "el", "bin")
