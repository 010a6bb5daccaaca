"""An earlier text answers questions about the days on which it stood, and no others."""

import dataclasses
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.build import BuildMode, build, remove
from index.config import ChunkingConfig
from index.filters import Filter
from tests.fakes import FakeEmbedder
from tests.index.corpus import add, article, build_index, numbered, open_index

EARLY = article("story", "The bridge will open in 2027.", title="Bridge", published="2026-03-01")
LATE = dataclasses.replace(EARLY, text="The bridge will open in 2028.", updated="2026-03-10T08:00:00+01:00")


def texts(root, embedder, where, query="bridge open"):
    """Return what both searches see within a filter, the reports that stand beside the story left out."""
    with open_index(root) as snapshot:
        dense = snapshot.search_dense(embedder.embed_query(query), 50, where)
        lexical = snapshot.search_lexical(query, 50, where)
        seen = [
            {
                passage.text
                for passage in snapshot.passages([hit.row for hit in hits])
                if "harbour report" not in passage.text
            }
            for hits in (dense, lexical)
        ]
    assert seen[0] == seen[1]
    return seen[0]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Filter(), {LATE.text}),
        (Filter(as_of=date(2026, 2, 28)), set()),
        (Filter(as_of=date(2026, 3, 1)), {EARLY.text}),
        (Filter(as_of=date(2026, 3, 9)), {EARLY.text}),
        (Filter(as_of=date(2026, 3, 10)), {LATE.text}),
        (Filter(as_of=date(2027, 1, 1)), {LATE.text}),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_each_day_sees_the_text_of_that_day(root, embedder, where, expected, together):
    if together:
        build_index(root, [EARLY, LATE], embedder)
    else:
        build_index(root, [EARLY], embedder)
        add(root, [LATE], embedder)
    assert texts(root, embedder, where) == expected
    assert Archive(root).info().articles == 1
    assert Archive(root).verify() == []


def test_the_order_of_reading_makes_no_difference_where_the_texts_name_their_dates(root, embedder):
    dated = dataclasses.replace(EARLY, updated="2026-03-02")
    build_index(root, [LATE, dated], embedder)
    assert texts(root, embedder, Filter()) == {LATE.text}
    assert texts(root, embedder, Filter(as_of=date(2026, 3, 5))) == {dated.text}


def test_a_change_without_a_date_is_dated_by_the_day_it_was_read(root, embedder):
    build_index(root, [EARLY], embedder)
    add(root, [dataclasses.replace(LATE, updated=None)], embedder)
    assert texts(root, embedder, Filter()) == {LATE.text}
    assert texts(root, embedder, Filter(as_of=date(2026, 6, 1))) == {EARLY.text}


def test_an_update_that_is_the_only_known_text_is_not_shown_to_the_days_before_it_and_is_counted(
    root, embedder
):
    build_index(root, [LATE, *numbered(2)], embedder)
    where = Filter(as_of=date(2026, 3, 5), until=date(2026, 3, 5))
    assert texts(root, embedder, where) == set()
    with open_index(root) as snapshot:
        assert snapshot.left_out(where).updated_later == 1
        assert snapshot.left_out(Filter(as_of=date(2026, 3, 10))).updated_later == 0
    add(root, [dataclasses.replace(EARLY, updated="2026-03-02")], embedder)
    assert texts(root, embedder, where) == {EARLY.text}
    with open_index(root) as snapshot:
        assert snapshot.left_out(where).updated_later == 0


def test_articles_of_unknown_date_that_a_filter_leaves_out_are_counted(root, embedder):
    undated = [
        article(f"u{n}", f"An undated note {n}.", published=None, source="u.example") for n in range(3)
    ]
    build_index(root, [*numbered(2), *undated], embedder)
    with open_index(root) as snapshot:
        assert snapshot.left_out(Filter(undated=False)).undated == 3
        assert snapshot.left_out(Filter(undated=False, sources=("even.example",))).undated == 0
        assert snapshot.left_out(Filter()).undated == 0


def test_a_removed_article_is_gone_with_all_its_texts(root, embedder):
    build_index(root, [EARLY, LATE, *numbered(1)], embedder)
    remove(root, [EARLY.id])
    for where in (Filter(), Filter(as_of=date(2026, 3, 5)), Filter(as_of=date(2026, 4, 1))):
        assert texts(root, embedder, where) == set()
    add(root, [LATE], embedder)
    assert texts(root, embedder, Filter(as_of=date(2026, 3, 5))) == set()


def test_a_build_from_scratch_forgets_what_it_did_not_read(root, embedder):
    build_index(root, [EARLY, LATE], embedder)
    build_index(root, [LATE], embedder)
    assert texts(root, embedder, Filter(as_of=date(2026, 3, 5))) == set()


def test_an_addition_of_something_else_keeps_the_past(root, embedder):
    build_index(root, [EARLY, LATE], embedder)
    add(root, numbered(2), embedder)
    assert texts(root, embedder, Filter(as_of=date(2026, 3, 5))) == {EARLY.text}
    stored = Archive(root).article(EARLY.id)
    assert stored.revisions == ((1, "2026-03-01"), (2, "2026-03-10"))


def test_an_index_cut_in_another_way_keeps_the_past(root, embedder):
    build_index(root, [EARLY, LATE], embedder)
    wider = ChunkingConfig(max_tokens=64, overlap_sentences=0)
    build(root, numbered(1), embedder=embedder, chunking=wider, mode=BuildMode.ADD)
    assert texts(root, embedder, Filter(as_of=date(2026, 3, 5))) == {EARLY.text}


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(
    readings=st.lists(
        st.tuples(st.sampled_from("abc"), DAYS, st.one_of(st.none(), DAYS)), min_size=1, max_size=8
    ),
    cut=st.integers(0, 8),
    asked=st.lists(DAYS, min_size=1, max_size=4),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_is_seen_before_its_own_dates(tmp_path_factory, readings, cut, asked):
    embedder = FakeEmbedder()
    root = tmp_path_factory.mktemp("history") / "index"
    articles = [
        dataclasses.replace(
            article(name, f"The harbour text number{number} stands here.", published=day.isoformat()),
            updated=updated.isoformat() if updated else None,
        )
        for number, (name, day, updated) in enumerate(readings)
    ]
    first, second = articles[: max(cut, 1)], articles[max(cut, 1) :]
    build_index(root, first, embedder)
    if second:
        add(root, second, embedder)
    dates = {one.text: max(one.published, one.updated or "") for one in articles}
    for day in asked:
        where = Filter(as_of=day, until=day, undated=False)
        seen = texts(root, embedder, where, query="harbour")
        assert all(dates[text] <= day.isoformat() for text in seen)
        assert len(seen) <= len({one.id for one in articles})
    assert len(texts(root, embedder, Filter(), query="harbour")) == len({one.id for one in articles})
