"""Synthetic archives of any size for `bench_growth.py`: invented words, random unit vectors."""

import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.chunking import Chunk
from index.config import ChunkingConfig
from index.copies import copy_key
from index.dedup import FINGERPRINT_REVISION
from index.embedding import EmbedderInfo
from index.ingest import storable, text_hash
from index.ledger import Ledger
from index.progress import Meter
from index.publish import Publisher
from index.writing import writing

CHUNKS_PER_ARTICLE = 4
WORDS_PER_CHUNK = 140
BANDS_PER_ARTICLE = 36
ARTICLES_PER_COMMIT = 2_000
DIMENSION = 384
CHUNKING = ChunkingConfig()

_SYLLABLES = "ba co dri el fa gor hin jo ka lu men nor pe qui ros".split()
_VOCABULARY = np.array(["".join(parts) for parts in itertools.product(_SYLLABLES, repeat=4)], dtype=object)
_OUTLETS = 200


class CheapEmbedder:
    """Random unit vectors, the same for the same text: what is measured is everything but the model."""

    def __init__(self) -> None:
        self.info = EmbedderInfo(
            name="synthetic",
            weights_sha256=hashlib.sha256(b"synthetic").hexdigest(),
            dimension=DIMENSION,
            max_tokens=256,
        )

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors of shape (len(texts), d)."""
        return np.array([self.embed_query(text) for text in texts], dtype=np.float32).reshape(-1, DIMENSION)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return a vector of shape (d,)."""
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
        return unit_vectors(1, seed)[0]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words of each text, and a half more."""
        return [len(text.split()) * 3 // 2 for text in texts]


def unit_vectors(count: int, seed: int) -> NDArray[np.float32]:
    """Return random vectors of length 1, of shape (count, d)."""
    found = np.random.default_rng(seed).standard_normal((count, DIMENSION), dtype=np.float32)
    unit: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit


def article(number: int, *, edition: int = 0) -> Article:
    """Return an article of about four chunks; another `edition` of it has another last paragraph."""
    rng = np.random.default_rng([number, 7])
    paragraphs = [_paragraph(rng) for _ in range(CHUNKS_PER_ARTICLE)]
    if edition:
        paragraphs[-1] = _paragraph(np.random.default_rng([number, 7, edition]))
    url = f"https://outlet{number % _OUTLETS}.example/{number}"
    return Article(
        key=url,
        title=f"Report {number} of {paragraphs[0][:20]}",
        text="\n\n".join(paragraphs),
        url=url,
        source=f"outlet{number % _OUTLETS}.example",
        published=f"20{10 + number % 16}-{1 + number % 12:02}-{1 + number % 28:02}",
        origin=f"/articles/{number}.txt",
    )


def make_archive(root: Path, chunks: int) -> int:
    """Make an archive of so many chunks at `root` and return how many articles it has.

    Vectors, cuts and fingerprints are put into the catalogue directly, since a model would take hours, and
    the version is published as `repair` does it. A catalogue that was filled before is taken as it is.
    """
    count = chunks // CHUNKS_PER_ARTICLE
    info = CheapEmbedder().info
    root.mkdir(parents=True, exist_ok=True)
    with writing(root) as (store, ledger):
        settings_id, embedder_id = ledger.settings(info, CHUNKING)
        done = ledger.run("SELECT COUNT(*) FROM revisions")[0][0]
        for start in range(done, count, ARTICLES_PER_COMMIT):
            _fill(ledger, settings_id, embedder_id, range(start, min(start + ARTICLES_PER_COMMIT, count)))
        current = dict(ledger.run("SELECT article_id, id FROM revisions"))
        with ledger.transaction():
            ledger.draft_version(1, None, "replace", settings_id, current, {})
            ledger.mark_published(1)
        Publisher(store, ledger, info, CHUNKING, settings_id, Meter(None)).republish(1)
    return count


def query_words() -> list[str]:
    """Return words of falling frequency, as those of a question."""
    return [str(word) for word in _VOCABULARY[np.geomspace(3, len(_VOCABULARY) - 1, 42).astype(np.int64)]]


def _fill(ledger: Ledger, settings_id: int, embedder_id: int, numbers: range) -> None:
    """Store articles with chunks, vectors and fingerprints that were never computed."""
    vectors = unit_vectors(len(numbers) * CHUNKS_PER_ARTICLE, numbers.start + 1)
    bands = np.random.default_rng(numbers.start).integers(-(2**62), 2**62, (len(numbers), BANDS_PER_ARTICLE))
    with ledger.transaction():
        for place, number in enumerate(numbers):
            item = storable(article(number))
            revision = ledger.store(item.id, item)
            spans = _spans(item.text)
            hashes = [
                text_hash(Chunk(start=0, end=0, embedded=f"{item.title}\n{item.text[start:end]}"))
                for start, end in spans
            ]
            block = vectors[place * CHUNKS_PER_ARTICLE : (place + 1) * CHUNKS_PER_ARTICLE]
            ids = ledger.add_vectors(embedder_id, hashes, block)
            ledger.add_chunks(
                revision,
                settings_id,
                [(start, end, ids[key]) for (start, end), key in zip(spans, hashes, strict=True)],
            )
            key = copy_key(item.title, item.text)
            ledger.add_fingerprint(revision, FINGERPRINT_REVISION, key, bands[place].tolist())


def _spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of the paragraphs, each a chunk."""
    found, start = [], 0
    for paragraph in text.split("\n\n"):
        found.append((start, start + len(paragraph)))
        start += len(paragraph) + 2
    return found


def _paragraph(rng: np.random.Generator) -> str:
    """Return sentences of words of which some are much more frequent than others."""
    places = (len(_VOCABULARY) * rng.random(WORDS_PER_CHUNK) ** 3).astype(np.int64)
    words = _VOCABULARY[places]
    sentences = (" ".join(words[start : start + 14]).capitalize() for start in range(0, len(words), 14))
    return " ".join(f"{sentence}." for sentence in sentences)
