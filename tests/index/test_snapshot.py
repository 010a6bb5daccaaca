import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.errors import ArchiveMismatchError
from index.filters import Filter
from tests.fakes import FakeEmbedder
from tests.index.corpus import add, article, build_index, numbered, open_index

EVERYTHING = Filter()
DAYS = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2020, 1, 12)))
OUTLETS = ("CNN.com", "bbc.co.uk", "ap.org")


@pytest.fixture(scope="module")
def shared():
    """An index of 1,000 articles, one chunk each, one a day."""
    embedder = FakeEmbedder()
    with tempfile.TemporaryDirectory() as folder:
        build_index(Path(folder), numbered(1_000), embedder)
        with open_index(Path(folder)) as snapshot:
            yield snapshot, embedder


def test_dense_scores_are_those_worked_out_by_hand(root):
    embedder = FakeEmbedder(dimension=4096)
    build_index(root, [article("a", "dog cat", title="animals"), article("b", "ship", title="sea")], embedder)
    with open_index(root) as snapshot:
        hits = snapshot.search_dense(embedder.embed_query("dog"), 2, EVERYTHING)
        passages = snapshot.passages([hit.row for hit in hits])
    assert [passage.text for passage in passages] == ["dog cat", "ship"]
    assert hits[0].score == pytest.approx(1 / 3**0.5)
    assert hits[1].score == 0.0


def test_the_newest_articles_are_given_by_their_first_rows_copies_as_one(root):
    long = "Snow shut the airport of Harn. Hundreds of passengers slept on its floor until the morning came."
    build_index(
        root,
        [
            article("old", "A fire in Farrow.", published="2026-03-01"),
            article("new", f"{long} {long}", published="2026-03-03"),
            article("copy", f"{long} {long}", published="2026-03-04"),
            article("undated", "A lighthouse keeper remembers.", published=None),
        ],
        FakeEmbedder(),
    )
    with open_index(root) as snapshot:

        def newest(limit, **bounds):
            return [one.article_id for one in snapshot.passages(snapshot.newest(Filter(**bounds), limit))]

        everything = newest(9)
        assert len(everything) == 2
        assert all(one.ordinal == 0 for one in snapshot.passages(snapshot.newest(EVERYTHING, 9)))
        assert newest(1) == everything[:1]
        assert newest(9, until=date(2026, 3, 2)) == everything[1:]
        assert newest(9, as_of=date(2026, 2, 1)) == []


def test_a_filter_that_leaves_one_in_a_thousand_still_fills_top_k(shared):
    snapshot, embedder = shared
    one = Filter(since=date(2020, 1, 1) + timedelta(days=500), until=date(2020, 1, 1) + timedelta(days=500))
    for hits in (
        snapshot.search_dense(embedder.embed_query("harbour report"), 1, one),
        snapshot.search_lexical("harbour report", 1, one),
    ):
        assert [p.text for p in snapshot.passages([hit.row for hit in hits])] == [
            "The harbour report number500 came out."
        ]
    ten = Filter(until=date(2020, 1, 10))
    assert len(snapshot.search_dense(embedder.embed_query("number900"), 10, ten)) == 10
    assert len(snapshot.search_lexical("harbour", 10, ten)) == 10


def test_counts_and_bounds_of_a_filter(shared):
    snapshot, _ = shared
    where = Filter(since=date(2020, 1, 2), until=date(2020, 1, 5), sources=("EVEN.example",))
    assert snapshot.oldest_published(where) == "2020-01-03"
    assert snapshot.newest_published(where) == "2020-01-05"
    assert snapshot.newest_published(Filter(sources=("nowhere",))) is None
    assert snapshot.search_dense(np.ones(64, dtype=np.float32) / 8, 5, Filter(sources=("nowhere",))) == []


def test_vectors_are_those_of_the_embedder(shared):
    snapshot, embedder = shared
    rows = [hit.row for hit in snapshot.search_lexical("number7 number8", 2, EVERYTHING)]
    passages = snapshot.passages(rows)
    expected = embedder.embed_documents([f"{p.title}\n{p.text}" for p in passages])
    assert np.allclose(snapshot.vectors(rows), expected)


def test_passages_keep_the_order_asked_and_say_where_they_stand(shared):
    snapshot, _ = shared
    rows = [hit.row for hit in snapshot.search_lexical("harbour", 5, EVERYTHING)][::-1]
    passages = snapshot.passages(rows)
    assert [p.row for p in passages] == rows
    assert all(p.chunk_id == f"{p.article_id}:{p.revision}:{p.ordinal}" for p in passages)
    assert snapshot.passages([]) == []


@given(
    dated=st.lists(st.tuples(DAYS, st.sampled_from(OUTLETS)), min_size=1, max_size=12),
    bounds=st.lists(
        st.builds(
            Filter,
            since=DAYS,
            until=DAYS,
            sources=st.lists(st.sampled_from([*OUTLETS, "cnn.COM", "none"]), max_size=2).map(tuple),
            undated=st.booleans(),
        ),
        min_size=1,
        max_size=6,
    ),
)
@settings(max_examples=12, deadline=None)
def test_no_search_ever_leaves_its_filter(dated, bounds):
    embedder = FakeEmbedder()
    with tempfile.TemporaryDirectory() as folder:
        build_index(
            Path(folder),
            [
                article(f"n{n}", "The harbour.", published=day and f"{day}T23:30:00+02:00", source=source)
                for n, (day, source) in enumerate(dated)
            ],
            embedder,
        )
        with open_index(Path(folder)) as snapshot:
            for where in bounds:
                expected = sum(passes(day, source, where) for day, source in dated)
                dense = snapshot.search_dense(embedder.embed_query("harbour"), 100, where)
                lexical = snapshot.search_lexical("harbour", 100, where)
                for hits in (dense, lexical):
                    found = snapshot.passages([hit.row for hit in hits])
                    assert len(found) == expected
                    assert all(
                        passes(p.published and date.fromisoformat(p.published), p.source, where)
                        for p in found
                    )


def passes(day, source, where):
    names = {name.casefold() for name in where.sources}
    if names and source.casefold() not in names:
        return False
    if not day:
        return where.undated
    return (where.since or date.min) <= day <= (where.until or date.max)


def test_a_date_that_is_none_counts_as_unknown(root, embedder):
    build_index(root, [article("a", "The harbour.", published="2026-13")], embedder)
    with open_index(root) as snapshot:
        assert snapshot.search_lexical("harbour", 1, Filter(undated=False)) == []
        assert (
            snapshot.passages([snapshot.search_lexical("harbour", 1, EVERYTHING)[0].row])[0].published is None
        )


def test_an_older_snapshot_stays_whole_while_newer_versions_are_published(root, embedder):
    build_index(root, numbered(3), embedder)
    with open_index(root) as old:
        add(root, numbered(5), embedder)
        build_index(root, [article("other", "Nothing else.")], embedder)
        assert (old.version, Archive(root).current_version()) == ("000001", "000003")
        hits = old.search_dense(embedder.embed_query("harbour"), 10, EVERYTHING)
        assert len(hits) == len(old.search_lexical("harbour", 10, EVERYTHING)) == 3
        assert {p.text for p in old.passages([hit.row for hit in hits])} == {
            f"The harbour report number{n} came out." for n in range(3)
        }
    with Archive(root).open("000002") as second:
        assert second.article_count == 5


def test_another_embedding_model_is_refused(root, embedder):
    build_index(root, numbered(2), embedder)
    Archive(root).open(embedder=embedder.info).close()
    with pytest.raises(
        ArchiveMismatchError, match=r"'fake'.*'other'.*dateline index build.*embedding\.model"
    ):
        Archive(root).open(embedder=FakeEmbedder(name="other").info)
