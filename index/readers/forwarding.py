"""What was sent on in an e-mail: the header that mail programs write above it, in several languages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEAD_LINES = 25
"""How far down, below what the person who sent it on wrote, the header is looked for."""

MIN_FIELDS = 3
_MARKER = re.compile(
    r"[-–—_ ]*(?:forwarded message|original message|begin forwarded message|weitergeleitete nachricht"
    r"|anfang der weitergeleiteten nachricht|message transféré|mensaje reenviado|messaggio inoltrato"
    r"|doorgestuurd bericht)[-–—_: ]*",
    re.IGNORECASE,
)
_FIELDS = {
    "from": "from von de da van",
    "date": "date sent datum gesendet envoyé enviado fecha data verzonden",
    "subject": "subject betreff objet asunto oggetto assunto onderwerp",
    "to": "to an à para a aan cc kopie reply-to",
}
_NAMES = {name: field for field, names in _FIELDS.items() for name in names.split()}
_FIELD = re.compile(rf"\**(?P<name>{'|'.join(_NAMES)})\s?:\**\s*(?P<value>.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """A text that was sent on: what its header said (from, date, subject), and the lines below it."""

    headers: Mapping[str, str]
    lines: list[str]


def forwarded(lines: Sequence[str]) -> Forwarded | None:
    """Return what was sent on; None where no header of another mail stands at the top."""
    headers: dict[str, str] = {}
    count, last = 0, 0
    for number, line in enumerate(line.strip() for line in lines[:HEAD_LINES]):
        match = _FIELD.fullmatch(line)
        if match:
            count, last = count + 1, number
            headers.setdefault(_NAMES[match["name"].lower()], match["value"].strip())
        elif line and count and not _MARKER.fullmatch(line):
            break
    if count < MIN_FIELDS or not {"from", "subject"} <= headers.keys():
        return None
    return Forwarded(headers=headers, lines=list(lines[last + 1 :]))
