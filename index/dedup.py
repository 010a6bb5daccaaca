"""The same story many times: exact copies by a hash of the text, near copies by fingerprint and overlap.

A fingerprint holds bands of three kinds; texts that share any band are compared in full.

- MinHash bands (Broder 1997) over the shingles of the whole text find copies of like length.
- MinHash bands over its opening find a copy that was cut off after some paragraphs.
- Segments, cut where the words themselves say so (content-defined chunking), find any longer excerpt;
  those with the smallest hashes are kept, as in a bottom-k sketch, so that both texts keep the same.

Sizes and thresholds were chosen on the tuning part of the labels of `benchmarks/bench_dedup.py`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import blake2b
from typing import Any, Protocol

import numpy as np

from index.shingles import (
    WORDS_PER_SHINGLE,
    Hashes,
    Outline,
    Overlap,
    fold,
    normalised_hash,
    overlap,
    tokens_of,
)

__all__ = [
    "FINGERPRINT_REVISION",
    "ArticleFacts",
    "Fingerprint",
    "Overlap",
    "are_near_copies",
    "clusters",
    "fingerprint",
    "normalised_hash",
    "overlap",
    "propose",
]

FINGERPRINT_REVISION = 1
"""Raised whenever the same text gets other bands, so that stored ones are made anew."""

MIN_SHINGLES = 30
"""A text with fewer has no bands: too little to tell a copy from a common phrase."""

WHOLE_BANDS, WHOLE_ROWS = 16, 3
OPENING_BANDS, OPENING_ROWS = 8, 4
"""As datasketch chooses them for Jaccard 0.3 with 48 and 0.5 with 32 permutations."""

OPENING_LENGTHS = 24
"""Length of the opening in lengths of a shingle: 120 words."""

SEGMENTS = 12
SEGMENT_CUT, SEGMENT_MIN = 16, 8
"""A segment ends at one word in 16, but is at least 8 words long."""

MAX_HOLDERS = 1_000
"""A band that more texts hold is page boilerplate; it proposes nothing."""

MAX_CANDIDATES = 50
"""So many texts are compared with one, those first that share most bands with it."""

NEAR_DAYS = 3
LIKE_LENGTH = 0.4
SHORT_SHINGLES = 100
MIN_CONTAINMENT = 0.5
NEAR_AGREEMENT, ALIKE_AGREEMENT = 0.7, 0.5
EXCERPT_AGREEMENT, VERBATIM_AGREEMENT = 0.85, 0.95
FAR_AGREEMENT, FAR_JACCARD = 0.8, 0.6
ALIKE_TITLES = 0.6
TITLE_WORD_CHARS = 4

_MINHASH_SLICE = 1 << 12


class ArticleFacts(Protocol):
    """What is asked of an article to compare it; `index.article.Article` has it all."""

    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def published(self) -> str | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Keys by which near copies find each other: signed 64-bit integers, none for a short text.

    `size` is the number of distinct shingles.
    """

    bands: tuple[int, ...]
    size: int


def fingerprint(text: str) -> Fingerprint:
    """Return the bands of a text, the same on every machine while `FINGERPRINT_REVISION` is."""
    outline = Outline.of(text)
    if outline.size < MIN_SHINGLES:
        return Fingerprint(bands=(), size=outline.size)
    bands = [*_minhash_bands(b"whole", outline.shingles, WHOLE_BANDS, WHOLE_ROWS)]
    opening = np.unique(outline.windows[: (OPENING_LENGTHS - 1) * outline.width + 1])
    if len(opening) >= MIN_SHINGLES:
        bands += _minhash_bands(b"opening", opening, OPENING_BANDS, OPENING_ROWS)
    bands += _segment_bands(outline)
    return Fingerprint(bands=tuple(bands), size=outline.size)


def are_near_copies(one: ArticleFacts, other: ArticleFacts) -> bool:
    """Say whether two articles are one story: a copy, an edited or a later version, or an excerpt.

    Articles of the same days may differ more, most under like titles (an agency's write-through);
    those weeks apart (yearly or weekly pieces on one pattern) and undated ones hardly at all. Of short
    texts the titles must be alike: what they share may be the page's boilerplate. Texts too short for
    bands are copies where they are the same but for spacing and punctuation.
    """
    shared = overlap(one.text, other.text)
    alike = _are_alike(one.title, other.title)
    if shared.smaller < SHORT_SHINGLES and not alike:
        return False
    if shared.smaller < MIN_SHINGLES:
        return normalised_hash(one.text) == normalised_hash(other.text)
    if shared.containment < MIN_CONTAINMENT:
        return False
    if _days_between(one.published, other.published) > NEAR_DAYS:
        same_body = shared.jaccard >= FAR_JACCARD and shared.agreement >= FAR_AGREEMENT
        return same_body or shared.agreement >= VERBATIM_AGREEMENT
    if shared.smaller < LIKE_LENGTH * shared.larger:
        return shared.agreement >= EXCERPT_AGREEMENT
    lenient = alike and not _numbers_differ(one.title, other.title)
    return shared.agreement >= (ALIKE_AGREEMENT if lenient else NEAR_AGREEMENT)


def propose(fingerprints: Mapping[int, Fingerprint]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of keys (smaller first) whose texts share a band and are to be compared.

    Each text is paired with at most `MAX_CANDIDATES` of smaller key, most shared bands first.
    """
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for key in sorted(fingerprints):
        for band in set(fingerprints[key].bands):
            holders[band].append(key)
    for key in sorted(fingerprints):
        shared = Counter(
            other
            for band in set(fingerprints[key].bands)
            if len(holders[band]) <= MAX_HOLDERS
            for other in holders[band]
            if other < key
        )
        for other, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:MAX_CANDIDATES]:
            yield other, key


def clusters(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Return the groups of keys that pairs connect, each sorted, in the order of their first key.

    Groups are connected components: where A is near B and B near C, the three are one story even if
    A and C have drifted further apart, as successive versions do.
    """
    parents: dict[int, int] = {}

    def root(key: int) -> int:
        parents.setdefault(key, key)
        while parents[key] != key:
            parents[key] = parents[parents[key]]
            key = parents[key]
        return key

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        parents[second] = first
    members: defaultdict[int, list[int]] = defaultdict(list)
    for key in sorted(parents):
        members[root(key)].append(key)
    return [tuple(group) for _, group in sorted(members.items()) if len(group) > 1]


def _minhash_bands(kind: bytes, shingles: Hashes, bands: int, rows: int) -> Iterator[int]:
    signature = _empty_minhash(bands * rows).copy()
    low = (shingles & np.uint64(0xFFFFFFFF)).tolist()
    for start in range(0, len(low), _MINHASH_SLICE):
        signature.update_batch(low[start : start + _MINHASH_SLICE])
    values = np.asarray(signature.hashvalues).astype("<u4").reshape(bands, rows)
    for number, row in enumerate(values):
        yield _band(kind + bytes([number]), row.tobytes())


@cache
def _empty_minhash(permutations: int) -> Any:
    # loaded here because it loads scipy, which takes half a second
    from datasketch import MinHash

    return MinHash(num_perm=permutations, seed=1, scheme="affine32", hashfunc=int)


def _segment_bands(outline: Outline) -> list[int]:
    scale = outline.width // WORDS_PER_SHINGLE
    cuts = np.flatnonzero(outline.tokens % np.uint64(SEGMENT_CUT * scale) == 0)
    bands: set[int] = set()
    start = 0
    for end in [*cuts.tolist(), len(outline.tokens)]:
        if end - start >= SEGMENT_MIN * scale:
            bands.add(_band(b"segment", outline.tokens[start:end].astype("<u8").tobytes()))
            start = end
    return sorted(bands)[:SEGMENTS]


def _band(person: bytes, values: bytes) -> int:
    digest = blake2b(values, digest_size=8, person=person).digest()
    return int.from_bytes(digest, "little", signed=True)


def _are_alike(one: str, other: str) -> bool:
    """Say whether most longer words of one title are in the other; True where one has none."""
    first, second = (
        {word for word in tokens_of(fold(title)) if len(word) >= TITLE_WORD_CHARS or not word.isascii()}
        for title in (one, other)
    )
    return len(first & second) >= ALIKE_TITLES * min(len(first), len(second))


def _numbers_differ(one: str, other: str) -> bool:
    """Say whether each title has a number that the other has not: two days or draws of one series."""
    first, second = ({word for word in tokens_of(fold(title)) if word.isdecimal()} for title in (one, other))
    return bool(first - second and second - first)


def _days_between(one: str | None, other: str | None) -> float:
    """Return the days between two ISO dates; infinity where one is not known."""
    try:
        first, second = (date.fromisoformat((when or "")[:10]) for when in (one, other))
    except ValueError:
        return float("inf")
    return abs((first - second).days)
