"""Turns the text of a page or file into paragraphs without page noise.

Only whole lines go, and only by the patterns of `NOISE`; no sentence is edited. A line that opens
with a quotation mark is somebody's words and is never noise.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from index.noise import PROPER_NAME, Noise
from index.noise_abroad import ABROAD
from index.noise_credits import CREDITS
from index.noise_prompts import PROMPTS
from index.openings import opening_of, without_opening

PARAGRAPH_BREAK = "\n\n"
MAX_NOISE_CHARS = 420
"""A longer line is running text, whatever it mentions."""

OPENING_PARAGRAPHS = 3
"""How many paragraphs may begin with a dateline; further down it tells one item of a list from the next."""

MAX_SIGNATURE_CHARS = 80
MIN_SIGNED_CHARS = 60
MAX_BYLINE_CHARS = 120

MAX_LABEL_CHARS = 60
TEASER_WORDS = 4
TEASER_SMALL_WORDS = 2

WRAP_WIDTHS = range(48, 101)
WRAP_MIN_LINES = 3
WRAP_MAX_SENTENCE_ENDS = 0.4
WRAP_SHORT_LINE = 0.75

NOISE: tuple[Noise, ...] = (*PROMPTS, *CREDITS, *ABROAD)
"""Every kind of page noise that is dropped."""

_UNGATED = tuple(noise for noise in NOISE if not noise.within)
_NOISE_LINE = re.compile("|".join(f"({noise.pattern})" for noise in _UNGATED))
_GATED = tuple((noise, re.compile(noise.pattern)) for noise in NOISE if noise.within)
_GATE_WORDS = tuple({word for noise, _ in _GATED for word in noise.within})
_QUOTATION_MARKS = ("“", '"', "«", "„", "「", "『")
_SIGNATURE = re.compile(rf"(?:[–—-]{{1,3}} ?)+{PROPER_NAME}(?:(?:, | and | & |, and ){PROPER_NAME}){{0,4}}")
_BY_WORDS = frozenset(
    "by courtesy von par por di da door av af text texte texto words story interview "
    "reporting автор мнение بقلم".split()
)
_DROPPED_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\xad\ufeff\u200b]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_SENTENCE_END = re.compile(r"[.!?…。\uff01\uff1f؟।॥]['\"”’)\]»]*$")
_LIST_ITEM = re.compile(r"(?:[-*•–—►]|\d{1,3}[.)])\s")


def clean_text(raw: str) -> str:
    """Return the paragraphs of `raw`, in order, separated by blank lines and free of page noise.

    Each line is a paragraph, unless the text is wrapped at a fixed width, in which case the lines
    between blank lines are joined. Returns "" where nothing but noise is left.
    """
    return PARAGRAPH_BREAK.join(paragraphs(split_lines(raw)))


def split_lines(raw: str) -> list[str]:
    """Return the lines of `raw` with single spaces and no control characters; "" is a blank line."""
    return [" ".join(_printable(line).split()).rstrip("| ") for line in repair(raw).splitlines()]


def _printable(line: str) -> str:
    return line if line.isprintable() else _DROPPED_CHARACTERS.sub("", line)


def repair(raw: str) -> str:
    """Return `raw` fit to be stored as UTF-8: half of a surrogate pair becomes U+FFFD."""
    if raw.isascii():
        return raw
    try:
        raw.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", raw)
    return raw


def one_line(raw: str) -> str:
    """Return `raw` as one line with single spaces, fit to be stored."""
    return " ".join(line for line in split_lines(raw) if line)


def paragraphs(lines: Sequence[str], *, authors: Sequence[str] = ()) -> list[str]:
    """Return the paragraphs that the lines of `split_lines` make, without those that are noise.

    Bylines of the `authors` and signatures within the text go too, and so does an agency's opening; its
    place stays where nothing else in the text names it.
    """
    kept = [line for line in unwrapped(lines) if line and not is_noise(line)]
    names = [author.casefold() for author in authors if author.strip()]
    kept = [
        line
        for line, before in zip(kept, ["", *kept], strict=False)
        if not is_signature(line, before) and not is_byline(line, names)
    ]
    return _without_openings(kept)


def is_signature(line: str, before: str) -> bool:
    """Say whether a line signs the item above it: "— Ann Lee, Harbour Post".

    After a quotation, or after a line that is no sentence, it tells whose words they are.
    """
    if len(line) > MAX_SIGNATURE_CHARS or not _SIGNATURE.fullmatch(line):
        return False
    return len(before) >= MIN_SIGNED_CHARS and before[-1] in ".!?" and not before.startswith(_QUOTATION_MARKS)


def is_byline(line: str, names: Sequence[str]) -> bool:
    """Say whether a line is one of `names` (casefolded), alone or with "By" or an outlet beside it."""
    if not names or len(line) > MAX_BYLINE_CHARS or ends_sentence(line):
        return False
    said = line.casefold()
    for name in names:
        if name in said:
            rest = said.replace(name, "").split()
            starts = said.startswith(name) and said[len(name) :].lstrip()[:1] in "/|,·•–—("
            return not rest or rest[0].strip(":") in _BY_WORDS or starts
    return False


def _without_openings(kept: list[str]) -> list[str]:
    for number, paragraph in enumerate(kept[:OPENING_PARAGRAPHS]):
        opening = opening_of(paragraph)
        if opening and opening.place:
            elsewhere = "\n".join((*kept[:number], *kept[number + 1 :])).casefold()
            kept[number] = without_opening(paragraph, elsewhere)
    return [
        opening.rest if (opening := opening_of(paragraph)) and not opening.place else paragraph
        for paragraph in kept
    ]


def unwrapped(lines: Sequence[str]) -> list[str]:
    """Return lines as they are; where they are wrapped at a fixed width, joined into paragraphs."""
    return _join_wrapped(lines) if is_wrapped(lines) else list(lines)


def is_noise(line: str) -> bool:
    """Say whether a whole line (of `split_lines`) is page noise."""
    return bool(noise_kind(line))


def noise_kind(line: str) -> str:
    """Return what kind of page noise a whole line is, or "" where it is none."""
    if len(line) > MAX_NOISE_CHARS or line.startswith(_QUOTATION_MARKS):
        return ""
    if match := _NOISE_LINE.fullmatch(line):
        return _UNGATED[(match.lastindex or 1) - 1].name
    if is_glued_teaser(line):
        return "teaser"
    found = {word for word in _GATE_WORDS if word in line}
    for noise, pattern in _GATED if found else ():
        if not found.isdisjoint(noise.within) and pattern.fullmatch(line):
            return noise.name
    return ""


def is_glued_teaser(line: str) -> bool:
    """Say whether a line is a label and another story's headline without a space: `Strike:What to know`.

    Two elements of a page ended up in one line; in prose a space follows a colon. A list of data looks
    the same ("Director:Ann Lee"), but is no sentence: the headline has to have the words of one.
    """
    label, colon, headline = line.partition(":")
    if (
        not colon
        or not 2 <= len(label) <= MAX_LABEL_CHARS
        or not headline[:1].strip()
        or headline.startswith("//")
    ):
        return False
    if not (headline[0].isupper() or headline[0] in "'‘\"“" or headline[0].isdigit()) or label[-1].isdigit():
        return False
    words = headline.split()
    small = sum(word[0].islower() for word in words)
    if len(words) < TEASER_WORDS or small < TEASER_SMALL_WORDS:
        return False
    return label.isupper() or not headline.endswith((".", ",", ";", '"', "”"))


def ends_sentence(line: str) -> bool:
    """Say whether a line ends as sentences do."""
    return _SENTENCE_END.search(line) is not None


def is_wrapped(lines: Sequence[str]) -> bool:
    """Say whether lines were broken at a fixed width: of like length, and not where sentences end."""
    inner = [line for line, following in pairwise(lines) if line and following]
    if len(inner) < WRAP_MIN_LINES or int(median(map(len, inner))) not in WRAP_WIDTHS:
        return False
    if sum(len(line) >= WRAP_WIDTHS.stop for line in inner) > len(inner) * 0.05:
        return False
    ends = sum(map(ends_sentence, inner))
    return ends <= len(inner) * WRAP_MAX_SENTENCE_ENDS


def _join_wrapped(lines: Sequence[str]) -> list[str]:
    """Join the lines between blank lines; a short line that ends a sentence ends a paragraph too."""
    width = max(map(len, lines))
    joined: list[str] = []
    current: list[str] = []
    for line in [*lines, ""]:
        if not line or is_noise(line) or _LIST_ITEM.match(line):
            joined += [_join(current)] if current else []
            current = [line] if line and not is_noise(line) else []
            continue
        current.append(line)
        if len(line) < width * WRAP_SHORT_LINE and ends_sentence(line):
            joined.append(_join(current))
            current = []
    return joined


def _join(lines: Sequence[str]) -> str:
    """Join lines by spaces; one that ends in a hyphen within a word is joined without."""
    return (
        re.sub(r"(?<=\w-) (?=[a-z])", "", "\n".join(lines).replace("\n", " ")) if len(lines) > 1 else lines[0]
    )
