"""Texts as sets of shingles (runs of words), and how much two of them share.

A text is folded (NFKC, case), cut into tokens, and each run of `WORDS_PER_SHINGLE` tokens is hashed to
64 bits. In scripts without spaces between words each character is a token, and a run is longer.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

MAX_CHARS = 500_000
"""What follows in a text is not looked at (about 80,000 words), which bounds time and memory."""

WORDS_PER_SHINGLE = 5
CHARACTERS_PER_SHINGLE = 10
"""Used where most of a text is in a script without spaces between words."""

PARAGRAPH_WEIGHT = 40
"""No paragraph counts for more shingles than this: one long table that two articles share is no copy."""

_SCRIPTS_WITHOUT_SPACES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_COMBINING = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
"""Marks that belong to a word although `\\w` leaves most of them out (Hebrew, Arabic, Indic scripts)."""

_LETTER = f"[^\\W_{_SCRIPTS_WITHOUT_SPACES}]"
_TOKEN = re.compile(f"{_LETTER}+(?:[{_COMBINING}]+{_LETTER}*)*|[{_SCRIPTS_WITHOUT_SPACES}]")
_ASCII_TOKEN = re.compile(r"[a-z0-9]+")
_WITHOUT_SPACES = re.compile(f"[{_SCRIPTS_WITHOUT_SPACES}]")
_NO_LETTERS = re.compile(r"[\W_\u02b9-\u02bf]+")
"""What separates letters; U+02B9 to U+02BF are letters to Unicode, but stand for apostrophes."""

_LONG_RUN = re.compile(r"([^\w\s]{32})[^\w\s]+")
"""More signs in a row than any script stacks on a letter; normalising takes their number squared."""

_PIECE_CHARS = 1 << 16
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Outline:
    """A text as hashes: of its tokens, of each window of `width` tokens, and of those once each, sorted.

    `paragraphs` numbers the paragraph (line) of each token.
    """

    tokens: Hashes
    paragraphs: NDArray[np.int64]
    windows: Hashes
    shingles: Hashes
    width: int

    @classmethod
    def of(cls, text: str) -> "Outline":
        """Return the outline of the first `MAX_CHARS` of a text."""
        folded = fold(text[:MAX_CHARS])[:MAX_CHARS]
        words = [tokens_of(paragraph) for paragraph in folded.splitlines()]
        hashes = [zlib.crc32(word.encode("utf-8", "surrogatepass")) for line in words for word in line]
        tokens = _mixed(np.array(hashes, dtype=np.uint64) + np.uint64(1))
        spaceless = 0 if folded.isascii() else len(_WITHOUT_SPACES.findall(folded))
        width = CHARACTERS_PER_SHINGLE if 2 * spaceless > len(tokens) else WORDS_PER_SHINGLE
        windows = np.zeros(max(len(tokens) - width + 1, 0), dtype=np.uint64)
        for place in range(width if len(windows) else 0):
            windows = windows * _MULTIPLIER + tokens[place : len(windows) + place]
        windows = _mixed(windows)
        paragraphs = np.repeat(np.arange(len(words)), [len(line) for line in words])
        return cls(tokens, paragraphs, windows, np.unique(windows), width)

    @property
    def size(self) -> int:
        """Number of distinct shingles."""
        return len(self.shingles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How much two texts share, each share from 0 to 1; `smaller` and `larger` count shingles.

    `containment` is the share of the smaller text's shingles that the larger has too. `agreement` is
    the same counted by paragraphs, none of which weighs more than `PARAGRAPH_WEIGHT` shingles.
    """

    jaccard: float
    containment: float
    agreement: float
    smaller: int
    larger: int


def overlap(one: str, other: str) -> Overlap:
    """Return how much two texts share; the order of the two makes no difference."""
    first, second = sorted((Outline.of(one), Outline.of(other)), key=lambda outline: outline.size)
    shared = int(np.isin(first.shingles, second.shingles, assume_unique=True).sum())
    union = first.size + second.size - shared
    agreement = _agreement(first, second)
    if first.size == second.size:
        agreement = max(agreement, _agreement(second, first))
    return Overlap(
        jaccard=shared / union if union else 0.0,
        containment=shared / first.size if first.size else 0.0,
        agreement=agreement,
        smaller=first.size,
        larger=second.size,
    )


def normalised_hash(text: str) -> bytes:
    """Return 16 bytes that copies share whatever their spacing, case, quotation marks and dashes.

    Only letters, digits and the marks on them count; where there are none, all but white space does.
    """
    digest, empty = blake2b(digest_size=16), True
    for piece in _pieces(text):
        kept = _NO_LETTERS.sub(_marks, fold(piece))
        digest.update(kept.encode("utf-8", "surrogatepass"))
        empty = empty and not kept
    for piece in _pieces(text) if empty else ():
        digest.update("".join(piece.split()).encode("utf-8", "surrogatepass"))
    return digest.digest()


def fold(text: str) -> str:
    """Return a text without differences of case and of compatible characters (NFKC)."""
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFKC", _LONG_RUN.sub(r"\1", text))
    return unicodedata.normalize("NFKC", composed.casefold())


def tokens_of(folded: str) -> list[str]:
    """Return the words of a folded text, and each character of a script without spaces by itself."""
    return (_ASCII_TOKEN if folded.isascii() else _TOKEN).findall(folded)


def _agreement(smaller: Outline, larger: Outline) -> float:
    if not smaller.size:
        return 0.0
    numbers = smaller.paragraphs[: len(smaller.windows)]
    inside = numbers == smaller.paragraphs[smaller.width - 1 :]
    if not inside.any():
        inside[:] = True
    found = np.isin(smaller.windows[inside], larger.shingles)
    sizes = np.bincount(numbers[inside])
    hits = np.bincount(numbers[inside], weights=found, minlength=len(sizes))
    weights = np.minimum(sizes, PARAGRAPH_WEIGHT)
    return float((weights * hits / np.maximum(sizes, 1)).sum() / weights.sum())


def _mixed(values: Hashes) -> Hashes:
    """Return values whose bits all depend on each other (the finalizer of MurmurHash3)."""
    for multiplier in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        values = (values ^ (values >> np.uint64(33))) * np.uint64(multiplier)
    return values ^ (values >> np.uint64(33))


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces that end where white space does, so that no letter loses its marks."""
    start = 0
    while start < len(text):
        end = start + _PIECE_CHARS
        if end < len(text):
            end = max(text.rfind(" ", start, end), text.rfind("\n", start, end)) + 1 or end
        yield text[start:end]
        start = end


def _marks(match: re.Match[str]) -> str:
    found = match[0]
    if found.isascii():
        return ""
    return "".join(character for character in found if unicodedata.category(character)[0] == "M")
