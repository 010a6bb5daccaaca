"""Made-up news, and embedders without a model, for the scenarios of `faults.py`."""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.article import Article, DateOrigin
from index.config import ChunkingConfig
from index.embedding import EmbedderInfo

CHUNKING = ChunkingConfig(max_tokens=64, overlap_sentences=0)
OUTLETS = ("quay.example", "orvale.example", "stellhaven.example")
FIRST_DAY = date(2024, 1, 1)
DAYS = 700
_SYLLABLES = (
    "ba",
    "dor",
    "el",
    "fin",
    "gar",
    "hol",
    "is",
    "ka",
    "lun",
    "mer",
    "nol",
    "or",
    "pe",
    "quil",
    "ra",
)
_VOCABULARY = np.array(["".join(parts) for parts in product(_SYLLABLES, repeat=4)])
_WORDS_PER_SENTENCE = 20


def article(number: int, edition: int = 0, *, sentences: int = 2, updated: str | None = None) -> Article:
    """Return article `number` as its `edition` reads; its first sentence holds harbour, n… and e…."""
    name, outlet = f"n{number}", OUTLETS[number % len(OUTLETS)]
    words = _words(f"{number} {edition}", (sentences - 1) * _WORDS_PER_SENTENCE)
    body = [
        " ".join(words[at : at + _WORDS_PER_SENTENCE]).capitalize() + "."
        for at in range(0, len(words), _WORDS_PER_SENTENCE)
    ]
    return Article(
        key=f"https://{outlet}/{name}",
        title=f"Report {number}",
        text=" ".join([f"The harbour report n{number} came out in edition e{edition}.", *body]),
        url=f"https://{outlet}/{name}",
        source=outlet,
        published=(FIRST_DAY + timedelta(days=number % DAYS)).isoformat(),
        published_from=DateOrigin.META,
        updated=updated,
        origin=f"/news/{name}.txt",
    )


def _words(seed: str, count: int) -> list[str]:
    """Return made-up words, a few of them often and most of them rarely, as in a language."""
    chance = np.random.Generator(np.random.SFC64(_number(seed)))
    ranks = chance.zipf(1.2, count) % len(_VOCABULARY)
    return [str(word) for word in _VOCABULARY[ranks]]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest(), "big")


class MarkedEmbedder:
    """Unit vectors that depend on the words of a text alone; each call may be written to a file.

    A line of the log is the list of the hashes of a call's texts, written once their vectors are made.
    """

    def __init__(
        self, *, dimension: int = 64, log: Path | None = None, pause_s: float = 0.0, name: str = "marked"
    ) -> None:
        self.info = EmbedderInfo(
            name=name,
            weights_sha256=hashlib.sha256(name.encode()).hexdigest(),
            dimension=dimension,
            max_tokens=256,
        )
        self._log = log
        self._pause = pause_s

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors of shape (len(texts), dimension)."""
        time.sleep(self._pause)
        vectors = np.array([self._vector(text) for text in texts], dtype=np.float32)
        if self._log:
            line = json.dumps([text_mark(text) for text in texts]) + "\n"
            descriptor = os.open(self._log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line.encode("ascii"))
            finally:
                os.close(descriptor)
        return vectors.reshape(-1, self.info.dimension)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a query."""
        return self._vector(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many words each text has."""
        return [len(text.split()) for text in texts]

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.info.dimension, dtype=np.float32)
        for word in text.casefold().split():
            vector[_number(word.strip(".,?")) % self.info.dimension] += 1.0
        length = float(np.linalg.norm(vector))
        return vector / length if length else np.eye(1, self.info.dimension, dtype=np.float32)[0]


class SyntheticEmbedder(MarkedEmbedder):
    """Random unit vectors, made from a hash of the text: for large indexes."""

    def _vector(self, text: str) -> NDArray[np.float32]:
        chance = np.random.Generator(np.random.SFC64(_number(text)))
        vector = chance.standard_normal(self.info.dimension, dtype=np.float32)
        return vector / np.linalg.norm(vector)


def text_mark(text: str) -> str:
    """Return a short hash of a text, as the log has it."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=8).hexdigest()


def log_calls(log: Path) -> list[list[str]]:
    """Return the hashes of the texts of each logged call."""
    if not log.exists():
        return []
    return [json.loads(line) for line in log.read_text(encoding="ascii").splitlines()]


def articles(editions: Mapping[int, int]) -> list[Article]:
    """Return the articles of a state: number to edition."""
    return [article(number, edition) for number, edition in editions.items()]


def expected(editions: Mapping[int, int]) -> dict[str, str]:
    """Return the text that each address of a state must answer with."""
    return {one.url: one.text for one in articles(editions)}


def stream(numbers: Iterable[int], *, sentences: int) -> Iterator[Article]:
    """Yield longer articles one by one."""
    for number in numbers:
        yield article(number, sentences=sentences)
