"""How an answer is worded: its claims with their marks, what was not found, and what is nearest."""

import re
from collections.abc import Sequence
from datetime import date

from index.sentences import sentence_spans
from rag.answer import Citation, Claim
from rag.empty_handed import NOTHING, NOTHING_FOUND, NOTHING_WITHIN
from rag.parts import Part
from rag.plain import is_order, plain, plain_title

_LEANS = re.compile(r"[\"“‘'(]?(?:he|she|it|they|this|that|these|those|but|and)\b", re.IGNORECASE)
_CAPITAL = "A-ZÀ-ÖØ-Þ"
_PLACE = (
    rf"(?=[{_CAPITAL}.'’ -]{{4}})[{_CAPITAL}][{_CAPITAL}.'’-]+"
    rf"(?:\s+(?:[a-z]{{2}}\s+)?[{_CAPITAL}.'’-]+){{0,3}}"
)
_CITY = rf"[{_CAPITAL}][\w.'’-]+(?:\s+(?:and\s+)?[{_CAPITAL}][\w.'’-]+){{0,5}}"
_REGION = rf"(?:,\s+[{_CAPITAL}][\w.'’ -]{{1,40}})?"
_AGENCY = rf"\([{_CAPITAL}][\w.&’' /-]{{1,30}}\)"
_DASH = r"\s*(?:—|–|--|\s-)\s*"
_BULLET = re.compile(r"^[•▪●◦‣·]\s*")
_DATELINE = re.compile(
    rf"^(?:(?:{_PLACE}{_REGION}(?:\s+{_AGENCY})?|{_CITY}{_REGION}\s+(?:{_AGENCY}|CNN)|{_AGENCY}){_DASH}"
    rf"|\((?:CNN|AP|AFP|Reuters)\)\s*)(?=[\"“‘'(]?[{_CAPITAL}\d])"
)


def worded(text: str) -> str:
    """Return a sentence of an article as an answer shows it: as words alone, without a dateline or bullet.

    The place and agency that open a report ("LONDON (AP) — ") are no part of what it says.
    """
    return _DATELINE.sub("", _BULLET.sub("", plain(text)))


def stands_alone(text: str) -> bool:
    """Return whether a sentence can be read without the one before it, by the word that opens it."""
    return _LEANS.match(text) is None


def spelled_day(iso: str) -> str:
    """Return an ISO day as it is written in a sentence: "4 July 2026"."""
    day = date.fromisoformat(iso[:10])
    return f"{day.day} {day:%B %Y}"


def marked_text(claims: Sequence[Claim]) -> str:
    """Return the text of an answer: its claims with their marks."""
    return "".join(marked(claim, first=not at) for at, claim in enumerate(claims))


def marked(claim: Claim, *, first: bool) -> str:
    """Return the claim's text with its marks in each of its sentences, spaced from what precedes.

    A correction is one claim with the sentences that it goes on with. Marks stand before a full stop.
    """
    marks = "".join(f"[{number}]" for number in claim.citations)
    sentences = [claim.text[start:end] for start, end in sentence_spans(claim.text)]
    text = " ".join(f"{one[:-1]} {marks}." if one.endswith(".") else f"{one} {marks}" for one in sentences)
    return text if first else f" {text}"


def not_found(parts: Sequence[Part]) -> str:
    """Say which of the parts nothing was found on."""
    if all(part.compared for part in parts):
        named = [part.named for part in parts]
        several = f"{', '.join(named[:-1])} or {named[-1]}" if len(named) > 1 else named[0]
        return f"{NOTHING} that says this of {several}."
    return " ".join(f"{NOTHING} that answers “{part.named}”." for part in parts)


def _titled(citation: Citation) -> str:
    title = plain_title(citation.title)
    return f"“{title}”" if title and not is_order(title) else "an article"


def nothing_found(nearest: Sequence[Citation]) -> str:
    """Say that nothing answers, and what is nearest."""
    if not nearest:
        return NOTHING_WITHIN
    first = nearest[0]
    dated = f", {first.published}" if first.published else ""
    return f"{NOTHING_FOUND} Nearest is {_titled(first)} ({plain_title(first.source)}{dated}) [1]."
