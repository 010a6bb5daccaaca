"""Lines that tell when an article was published or updated: labelled dates, bare dates, datelines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.date_forms import MAX_DATE_CHARS, TIME_OF_DAY, Parsed, parse
from index.date_words import FILLERS, LABELS, UPDATE_LABELS
from index.month_names import folded
from index.openings import opening_of

LOOSE_CHARS = 110
"""A longer line beside a headline is a sentence rather than a byline with its date."""

_LABEL = re.compile(
    r"(?:^|[|•·●▪;,(—–/-]\s*|[\d.)]\s+|\b(?:uhr|am|pm|[a-z]?[ecmp][sd]?t)\s+)"
    rf"(?P<label>{'|'.join(map(re.escape, LABELS))})(?![^\W\d_]|['’]\w)"
)
_SEGMENTS = re.compile(r"\s*[|•·●▪]\s*|\s+[—–/-]\s+")
_WORDS = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?。؟।]['\"”’)»]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDates:
    """What lines say; `whole` holds the numbers of those that say nothing else."""

    published: Parsed | None = None
    updated: Parsed | None = None
    whole: frozenset[int] = frozenset()


def read_dates(lines: Sequence[str], *, day_first: bool = False, loose: bool = False) -> LineDates:
    """Return the first publication and the first update that lines tell.

    `loose` is for the lines beside a page's headline, where a date in a short line is that of the article
    even if names stand beside it; it is then less sure.
    """
    published: Parsed | None = None
    updated: Parsed | None = None
    whole: set[int] = set()
    for number, line in enumerate(lines):
        if not any(character.isdigit() for character in line):
            continue
        said, changed, is_all = _of_line(line, day_first=day_first)
        if loose and not said and not changed:
            said = _beside_names(line, day_first=day_first)
        published, updated = published or said, updated or changed
        whole |= {number} if is_all else set()
    return LineDates(published=published, updated=updated, whole=frozenset(whole))


def _of_line(line: str, *, day_first: bool) -> tuple[Parsed | None, Parsed | None, bool]:
    """Return the publication and update that one line tells, and whether it tells nothing else."""
    if len(line) > MAX_DATE_CHARS:
        return _of_opening(line, day_first=day_first), None, False
    text = folded(line)
    said, changed, rest = _labelled(text, day_first=day_first)
    if said or changed:
        return said, changed, is_filler(rest)
    if bare := _bare(text, day_first=day_first):
        return bare, None, True
    parts = _SEGMENTS.split(text)
    if len(parts) > 1 and not _SENTENCE_END.search(text):
        for part in parts:
            if bare := _bare(part, day_first=day_first):
                return _unsure(bare), None, False
    return _of_opening(line, day_first=day_first), None, False


def _labelled(text: str, *, day_first: bool) -> tuple[Parsed | None, Parsed | None, str]:
    """Return the dates after labels, and what else the line says."""
    labels = list(_LABEL.finditer(text))
    ends = [*(label.start("label") for label in labels[1:]), len(text)]
    said: Parsed | None = None
    changed: Parsed | None = None
    rest = text[: labels[0].start("label")] if labels else ""
    if (before := _bare(rest, day_first=day_first)) is not None:
        said, rest = before, ""
    for label, end in zip(labels, ends, strict=False):
        parsed = parse(text[label.end() : end], day_first=day_first, short_year=True)
        if parsed is None or not is_filler(TIME_OF_DAY.sub("", parsed.before)):
            continue
        rest += parsed.rest
        if label["label"] in UPDATE_LABELS:
            changed = changed or parsed
        else:
            said = said or parsed
    return (said, changed, rest) if labels else (None, None, text)


def _bare(text: str, *, day_first: bool) -> Parsed | None:
    """Return the date of a text that is nothing but a date."""
    parsed = parse(text, day_first=day_first)
    return parsed if parsed and is_filler(parsed.rest) else None


def _beside_names(line: str, *, day_first: bool) -> Parsed | None:
    if len(line) > LOOSE_CHARS or _SENTENCE_END.search(line):
        return None
    parsed = parse(line, day_first=day_first, short_year=True)
    return _unsure(parsed) if parsed else None


def _of_opening(line: str, *, day_first: bool) -> Parsed | None:
    opening = opening_of(line)
    return parse(opening.when, day_first=day_first) if opening and opening.when else None


def _unsure(parsed: Parsed) -> Parsed:
    return Parsed(value=parsed.value, sure=False, rest=parsed.rest, before=parsed.before)


def is_filler(text: str) -> bool:
    """Say whether a `folded` text holds only words that go with a date."""
    return all(word in FILLERS for word in _WORDS.findall(text))
