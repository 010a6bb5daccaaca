"""What every vector index must do; add an engine to `ENGINES` and it is held to this."""

import threading

import numpy as np
import pytest

from index.adapters.faiss_vectors import FaissEngine
from index.errors import ArchiveDamagedError

ENGINES = [FaissEngine]
DIMENSION = 16


def unit(count, seed=0):
    found = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def rows(*values):
    return np.array(values, dtype=np.int64)


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param()


@pytest.fixture
def filled(engine):
    index = engine.create(DIMENSION)
    index.add(np.arange(1_000, dtype=np.int64) * 3 + 1, unit(1_000))
    return index


def test_an_empty_index_finds_nothing(engine):
    index = engine.create(DIMENSION)
    assert index.count == 0
    assert index.search(unit(1)[0], 5, None) == []
    assert index.search(unit(1)[0], 5, rows(1, 2)) == []
    assert index.vectors(rows()).shape == (0, DIMENSION)


def test_the_score_is_the_cosine_and_higher_is_better(engine):
    index = engine.create(2)
    index.add(rows(10, 20, 30), np.array([[1, 0], [0.6, 0.8], [-1, 0]], dtype=np.float32))
    hits = index.search(np.array([1, 0], dtype=np.float32), 3, None)
    assert [(hit.row, round(hit.score, 6)) for hit in hits] == [(10, 1.0), (20, 0.6), (30, -1.0)]


def test_ties_come_in_the_order_of_rows(engine):
    index = engine.create(2)
    index.add(rows(7, 3, 5), np.array([[1, 0]] * 3, dtype=np.float32))
    assert [hit.row for hit in index.search(np.array([1, 0], dtype=np.float32), 3, None)] == [3, 5, 7]


def test_a_narrow_filter_still_fills_top_k_with_the_nearest(filled):
    query, within = (
        unit(1, seed=1)[0],
        np.sort(np.random.default_rng(2).choice(1_000, 10, replace=False)) * 3 + 1,
    )
    exact = sorted(within, key=lambda row: -float(filled.vectors(rows(row))[0] @ query))
    assert [hit.row for hit in filled.search(query, 10, within)] == exact
    assert [hit.row for hit in filled.search(query, 1, rows(301))] == [301]


def test_rows_that_are_not_there_are_never_hits(filled):
    assert filled.search(unit(1)[0], 5, rows(2, 3, 5, 10**6)) == []
    assert filled.search(unit(1)[0], 5, rows()) == []
    assert filled.search(unit(1)[0], 0, None) == []


def test_more_than_there_is_may_be_asked_for(filled):
    assert len(filled.search(unit(1)[0], 5_000, None)) == 1_000


def test_vectors_come_back_exactly_in_the_order_asked(filled):
    assert np.array_equal(filled.vectors(rows(7, 1)), unit(1_000)[[2, 0]])


def test_removed_rows_are_gone_and_others_stay(filled):
    assert filled.remove(rows(1, 4, 99_999)) == 2
    assert filled.count == 998
    assert 1 not in {hit.row for hit in filled.search(unit(1_000)[0], 998, None)}
    assert np.array_equal(filled.vectors(rows(7)), unit(1_000)[[2]])
    filled.add(rows(5_000), unit(1, seed=9))
    assert filled.search(unit(1, seed=9)[0], 1, None)[0].row == 5_000


def test_a_saved_index_is_the_same_when_loaded(engine, filled, tmp_path):
    filled.save(tmp_path / "vectors")
    loaded = engine.load(tmp_path / "vectors")
    query = unit(1, seed=4)[0]
    assert loaded.count == filled.count
    assert loaded.search(query, 20, None) == filled.search(query, 20, None)
    loaded.remove(rows(1))
    assert loaded.count == filled.count - 1


def test_an_empty_index_can_be_saved(engine, tmp_path):
    engine.create(DIMENSION).save(tmp_path / "vectors")
    assert engine.load(tmp_path / "vectors").count == 0


@pytest.mark.parametrize("content", [b"", b"no vectors", b"\x80\x04\x95pickle"])
def test_a_file_of_another_kind_is_refused(engine, tmp_path, content):
    (tmp_path / "vectors").write_bytes(content)
    with pytest.raises(ArchiveDamagedError):
        engine.load(tmp_path / "vectors")


def test_threads_get_the_answers_that_one_gets(filled):
    queries = unit(40, seed=5)
    bounds = [None, np.arange(100, dtype=np.int64) * 3 + 1]
    expected = [[filled.search(query, 5, within) for query in queries] for within in bounds]
    wrong = []

    def ask(within, answers):
        wrong.extend(
            q for q, answer in zip(queries, answers, strict=True) if filled.search(q, 5, within) != answer
        )

    threads = [threading.Thread(target=ask, args=pair) for pair in zip(bounds * 3, expected * 3, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
