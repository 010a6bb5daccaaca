"""Corrections, clarifications and retractions: where a text says that it is one, and of what.

A notice is either about the article that it stands in ("An earlier version of this article …"), or
the article is a notice about another one ("In a story published March 3, the newspaper …").
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.cleaning import one_line, split_lines
from index.dates import parse_date
from index.records import Publication

MAX_NOTICE_CHARS = 600
MAX_NOTICES = 10
LONGEST_DELAY_DAYS = 400
MIN_QUOTED_TITLE_CHARS = 15
MIN_TITLE_WORDS = 3
MIN_TITLE_SHARE = 0.75
"""Of the telling words of a title, those that a notice has to repeat to be taken as about it."""

MIN_TITLE_SHARE_OF_DAY = 0.4
"""The same where the notice names the day on which the article was published."""


class NoticeKind(StrEnum):
    """What a notice says of a text."""

    CORRECTION = "correction"
    CLARIFICATION = "clarification"
    RETRACTION = "retraction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice as it stands in an article; `about_other` says that it corrects another article."""

    kind: NoticeKind
    text: str
    about_other: bool = False


_WORK = r"(?:article|story|report|post|page|piece|column|item|headline|dispatch|version|photo caption)"
_LABEL = (
    r"(?:corrections?|clarifications?|retraction|erratum|amendment|korrektur(?:hinweis)?|richtigstellung"
    r"|rectificatif|rectification|correcci[oó]n|rectificaci[oó]n|rettifica|corre[cç][aã]o|rectificatie)"
)
_MISTAKE = r"(?:misstated|misidentified|misspelled|incorrectly|erroneously|wrongly|gave|omitted|should have)"
_INLINE = re.compile(
    rf"(?:{_LABEL}(?: and {_LABEL})?(?:\s*\([^)]{{1,40}}\)|,? (?:on )?[\w .,]{{3,30}})?\s*[:—–-]\s+\S"
    r"|(?:editor|publisher)[’']s note\b.{0,200}\b(?:correct|incorrect|retract|misstat|mis-?identif|erroneous)"
    rf"|\(?(?:an?|one|our) (?:earlier|previous|initial|original) (?:\w+ )?{_WORK}\b"
    rf"|\(?(?:an?|the) (?:earlier|previous|initial|original|prior) version of (?:this|the|our) (?:\w+ )?"
    rf"(?:{_WORK}|op-ed|transcript|timeline|graphic)\b"
    rf"|\(?this (?:\w+ )?{_WORK} (?:has been|was|is being) "
    r"(?:corrected|amended|retracted|withdrawn|clarified)"
    rf"|\(?this (?:\w+ )?{_WORK} (?:has been|was) "
    r"(?:updated|edited|revised|changed) to (?:correct|clarify|fix)"
    rf"|\(?(?:this (?:\w+ )?{_WORK}|{_WORK}) corrects\b"
    r"|in einer früheren version\b|une version (?:précédente|antérieure) de\b|una versión anterior de\b"
    r"|una versione precedente di\b)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    rf"(?:in (?:an?|our|the) (?:\w+ )?{_WORK}s? (?:published|posted|that|which|about|on|of|printed|from)\b"
    rf"|(?:an?|our|the) (?:\w+ )?{_WORK} "
    rf"(?:published|posted|printed|that (?:ran|appeared)|on|in|of|about|from)\b.{{3,200}}\b{_MISTAKE}\b)",
    re.IGNORECASE,
)
_TITLE = re.compile(rf"\(?{_LABEL}(?:s and clarifications)?\)?\s*(?:[:—–-]|$|\bto\b|\bfor\b)", re.IGNORECASE)
_ERROR = re.compile(
    r"correct|misstat|misidentif|misspel|erroneous|wrong|mistaken|inaccura|retract|withdr|should have|clarif"
    r"|amend|korrig|falsch|erreur|incorrect|error|errone|errat",
    re.IGNORECASE,
)
_RETRACTED = re.compile(
    r"\bretract|\bwithdr(?:aw|ew)n? (?:this|the) |\bzurückgezogen|\brétract", re.IGNORECASE
)
_CLARIFIED = re.compile(r"\bclarif|\bklarstellung|\bprécision", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"«„](?P<title>[^”\"»“]{10,200})[”\"»“]")
_ADDRESS = re.compile(r"https?://[^\s)\]>”\"]{8,500}")
_WORD = re.compile(r"\w{4,}")
_DAY = re.compile(
    r"(?<!\d)(?:\d{1,2}\.? [^\W\d_]{3,12}|[^\W\d_]{3,12}\.? \d{1,2})(?!\d)(?P<year>,? \d{4}\b)?"
)


def find_notices(title: str, text: str) -> tuple[Notice, ...]:
    """Return the notices of an article, from its title and its text as it stood before cleaning."""
    lines = [line for line in split_lines(text) if line]
    titled = _TITLE.match(title) is not None
    found: list[Notice] = []
    for line in lines:
        if len(found) == MAX_NOTICES:
            break
        inline = _INLINE.match(line) is not None and _ERROR.search(line) is not None
        other = _OTHER.match(line) is not None and _ERROR.search(line) is not None and titled
        if inline or other:
            found.append(_notice(line, about_other=titled))
    if titled and not found and lines:
        found.append(_notice(next((line for line in lines if line != title), lines[0]), about_other=True))
    return tuple(found)


def link_notices(
    correcting: Iterable[tuple[Publication, Notice]], articles: Sequence[Publication]
) -> list[tuple[str, Publication, Notice]]:
    """Return (id of the article corrected, where the correction stands, the notice).

    A notice is linked where it gives the address or the title of one earlier article of the same
    outlet, or repeats nearly all the telling words of its title; where it names the day, only to an
    article of that day. One that fits none is linked to none.
    """
    linked = []
    for publication, notice in correcting:
        target = _target(publication, notice, articles)
        if target is not None:
            linked.append((target.article_id, publication, notice))
    return linked


def _notice(line: str, *, about_other: bool) -> Notice:
    kind = NoticeKind.CORRECTION
    if _RETRACTED.search(line):
        kind = NoticeKind.RETRACTION
    elif _CLARIFIED.search(line[:60]):
        kind = NoticeKind.CLARIFICATION
    text = one_line(line)
    cut = text if len(text) <= MAX_NOTICE_CHARS else text[: MAX_NOTICE_CHARS - 1].rsplit(" ", 1)[0] + "…"
    return Notice(kind=kind, text=cut, about_other=about_other)


def _target(publication: Publication, notice: Notice, articles: Sequence[Publication]) -> Publication | None:
    """Return the article that a notice is about, if it can be told."""
    candidates = [
        article
        for article in articles
        if article.article_id != publication.article_id
        and article.source == publication.source
        and 0 <= publication.day - article.day <= LONGEST_DELAY_DAYS
    ]
    said = f"{publication.title}\n{notice.text}\n{publication.text}"
    addresses = {address.rstrip("/.,").casefold() for address in _ADDRESS.findall(said)}
    quoted = [_plain(match["title"]) for match in _QUOTED.finditer(said)]
    named = _days_named(notice.text, publication.day)
    best: tuple[float, int] = (0.0, 0)
    found: Publication | None = None
    for article in candidates:
        score = _agreement(article, addresses, quoted, said, 2 if named else MIN_TITLE_WORDS)
        if score < 1 and ((named and article.day not in named) or score < _least(named)):
            continue
        if score and (score, article.day) > best:
            best, found = (score, article.day), article
    return found


def _agreement(
    article: Publication, addresses: set[str], quoted: Sequence[str], said: str, least_words: int
) -> float:
    """Return 2 for an address, 1 for a quoted title, less for its words, 0 for too few of them."""
    if article.url.rstrip("/").casefold() in addresses:
        return 2.0
    title = _plain(article.title)
    if len(title) >= MIN_QUOTED_TITLE_CHARS and (title in quoted or title in _plain(said)):
        return 1.0
    words = {word.casefold() for word in _WORD.findall(article.title)}
    if len(words) < least_words:
        return 0.0
    there = {word.casefold() for word in _WORD.findall(said)}
    return len(words & there) / len(words) * 0.99


def _least(named: set[int]) -> float:
    return MIN_TITLE_SHARE_OF_DAY if named else MIN_TITLE_SHARE


def _days_named(text: str, written: int) -> set[int]:
    """Return the days that a notice names, as ordinals, with a day of grace on each side.

    A day without its year is the latest one before the notice was `written`.
    """
    days: set[int] = set()
    for match in _DAY.finditer(text):
        for year in [""] if match["year"] else _years(written):
            value = parse_date(f"{match[0]} {year}".strip())
            day = date.fromisoformat(value[:10]).toordinal() if value else 0
            if 0 < day <= written:
                days |= {day - 1, day, day + 1}
                break
    return days


def _years(written: int) -> list[str]:
    year = date.fromordinal(written).year if written else 0
    return [str(year), str(year - 1)] if year else []


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
