"""What every embedding model must do; add one to `EMBEDDERS` and it is held to this."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.adapters.minilm import MiniLMEmbedder
from tests.fakes import FakeEmbedder


def fake():
    return FakeEmbedder(dimension=4096)  # so that no two words here share a slot


EMBEDDERS = [fake, pytest.param(MiniLMEmbedder, marks=pytest.mark.integration)]
TEXTS = [
    "The mayor opened the bridge.",
    "A ferry sank.",
    "",
    "  ",
    "日本",
    "café " * 2_000,
    "\x00\n",
    "x" * 5_000,
]


@pytest.fixture(params=EMBEDDERS, scope="module")
def make(request):
    return request.param


@pytest.fixture(scope="module")
def embedder(make):
    return make()


def test_vectors_have_its_dimension_and_length_1(embedder):
    vectors = embedder.embed_documents(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.info.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_a_query_is_one_vector_of_the_same_space(embedder):
    vector = embedder.embed_query("The mayor opened the bridge.")
    assert vector.shape == (embedder.info.dimension,)
    assert vector.dtype == np.float32
    assert float(vector @ embedder.embed_documents(["The mayor opened the bridge."])[0]) == pytest.approx(
        1, abs=0.02
    )


def test_no_texts_have_no_vectors(embedder):
    assert embedder.embed_documents([]).shape == (0, embedder.info.dimension)
    assert embedder.count_tokens([]) == []


def test_vectors_come_in_the_order_of_the_texts(embedder):
    texts = [f"{'word ' * (7 * n % 11)}topic{n} subject{n}" for n in range(40)]
    alone = np.array([embedder.embed_documents([text])[0] for text in texts])
    together = embedder.embed_documents(texts)
    assert (together @ alone.T).argmax(axis=1).tolist() == list(range(40))


def test_what_is_nearer_in_meaning_is_nearer_in_cosine(embedder):
    query = embedder.embed_query("Who opened the bridge?")
    bridge, ferry = embedder.embed_documents(["The mayor opened the bridge.", "A cat sleeps all day."])
    assert query @ bridge > query @ ferry


def test_tokens_are_counted_by_text_and_grow_with_it(embedder):
    counts = embedder.count_tokens(["", "ferry", "The ferry sank off the coast.", "ferry " * 1_000])
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert counts[-1] >= 1_000  # not cut at the window


def test_its_identity_is_stable(make, embedder):
    assert make().info == embedder.info
    assert len(embedder.info.weights_sha256) == 64
    assert embedder.info.max_tokens > 0


def test_threads_get_the_vectors_that_one_gets(embedder):
    texts = [f"text number {n} of the harbour" for n in range(8)]
    expected = [embedder.embed_query(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(embedder.embed_query, texts))
    assert all(np.allclose(one, other, atol=1e-5) for one, other in zip(found, expected, strict=True))
