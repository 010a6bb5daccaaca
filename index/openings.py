"""The opening that agencies put before a story's first sentence: "STELLHAVEN, March 3 (NNA) — "."""

import re
from dataclasses import dataclass

MAX_OPENING_CHARS = 90

_UPPER = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĹĻŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽА-ЯЁІЇЄ]"
_WORD = rf"{_UPPER}[\w.'’-]*"
_PLACE = (
    rf"{_WORD}(?:(?: ?/ ?| and | )(?:(?:of|de|del|la|le|al|el|sur|am|an der) )?{_WORD}){{0,4}}"
    rf"(?:, {_WORD}(?: {_WORD}){{0,2}}){{0,2}}"
)
_WHEN = r"(?:[^\W\d_]{3,12}\.? \d{1,2}|\d{1,2}\.? (?:de )?[^\W\d_]{3,12}\.?)(?:,? (?:de )?\d{4})?"
_KNOWN = (
    r"(?:CNN|AP|AFP|UPI|Reuters|REUTERS|Xinhua|dpa|epd|KNA|SID|APA|EFE|ANSA|TASS|Interfax|Kyodo|Yonhap"
    r"|Bernama|IANS|PTI|ANI|Bloomberg|CBC|NPR|ANP|NTB|TT|PAP|CTK|MTI|Belga|Lusa|ATS|ANTARA)(?: [A-Z]\w+)?"
)
_CAPITALS = rf"{_UPPER}[A-ZÀ-ÞА-ЯЁ.'’-]+"
_ANY = rf"{_UPPER}[\w .&’'-]{{1,30}}"
_DASH = r"(?:[—–]|--?|—-)"
_START = rf"(?=[\"'“‘«„¿¡(\[]*(?:{_UPPER}|\d|[$£€]|[^\W\d_a-z]))"

_FORMS = (
    rf"\((?P<agency>{_KNOWN})\)\s*(?:{_DASH}\s+)?{_START}",
    rf"(?:(?P<place>{_PLACE}) )?(?P<agency>{_KNOWN})\s?{_DASH}\s{_START}",
    rf"(?P<place>{_PLACE})(?:,"
    rf" (?P<when>{_WHEN}))?\.?\s?[(/](?P<agency>{_KNOWN})[)/]\.?\s*(?:(?:{_DASH}|\.-"
    rf"|:)\s*)?{_START}",
    rf"(?P<place>{_PLACE})(?:,"
    rf" (?P<when>{_WHEN}))?\.?\s?[(/](?P<agency>{_ANY})[)/]\.?\s?(?:{_DASH}|\.-"
    rf"|(?<=/\.))\s*{_START}",
    rf"(?P<place>{_PLACE}), (?P<when>{_WHEN}) {_DASH}\s{_START}",
    rf"(?P<place>{_CAPITALS}(?:[ /]{_CAPITALS}){{0,3}}(?:, {_WORD}(?: {_WORD}){{0,2}})?) ?{_DASH}\s{_START}",
    r"(?P<agency>新华社|中新社|中新网|人民网|央视网|本报|本台)(?P<place>[^\s\d,。]{0,8}?)(?:(?P<when>\d{1,2}月\d{1,2}日))?[电讯]"
    r"(?:\s*[((][^()()]{1,30}[))])?[\s:,:]*(?=\S)",
)
_OPENINGS = tuple(re.compile(form) for form in _FORMS)
_HINT = re.compile(r"[(/—–电]|-[ -]")
_NO_PLACE = re.compile(
    r"(?:UPDATED?|BREAKING|WATCH|LIVE|NEW|FILE|ANALYSIS|OPINION|EXCLUSIVE|DEVELOPING|CORRECTION|REVIEW|VIDEO"
    r"|WINNER|\w+ \w+ NETWORK)(?= ?[—–:-])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The place, date and agency of an opening ("" where it names none), and the sentence that follows."""

    place: str = ""
    when: str = ""
    agency: str = ""
    rest: str


def opening_of(paragraph: str) -> Opening | None:
    """Return the opening of a paragraph, or None where it begins with its first sentence."""
    head = paragraph[:MAX_OPENING_CHARS]
    if not _HINT.search(head):
        return None
    for form in _OPENINGS:
        if (match := form.match(head)) and not _NO_PLACE.match(head):
            groups = {name: value or "" for name, value in match.groupdict().items()}
            return Opening(rest=paragraph[match.end() :], **groups)
    return None


def without_opening(paragraph: str, elsewhere: str) -> str:
    """Return a paragraph without its opening; its place stays unless it is named `elsewhere` (casefolded)."""
    opening = opening_of(paragraph)
    if opening is None:
        return paragraph
    town = opening.place.split(",")[0].casefold()
    if not town or town in elsewhere or town in opening.rest.casefold():
        return opening.rest
    return f"{opening.place} — {opening.rest}"
