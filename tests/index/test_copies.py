"""The same text under several addresses is one article; nearly the same text is a cluster."""

import dataclasses
from datetime import date

import pytest

from index.archive import Archive
from index.build import remove
from index.errors import ArticleNotFoundError
from index.filters import Filter
from tests.index.corpus import add, article, build_index, open_index

EVERYTHING = Filter()
STORY = (
    "The council of Stellhaven approved the harbour bridge on Tuesday evening after a debate of four hours. "
    "Nineteen councillors voted for the plan and eight against it, with two absent. "
    "The bridge will carry two lanes of traffic, a tram line and a path for bicycles. "
    "Work on the piers is to begin in the spring, once the ice in the harbour has gone. "
    "The mayor called the vote a turning point for the eastern districts, which have waited since 1961. "
    "Opponents said that the ferry would have been cheaper and announced an appeal to the regional court."
)
OTHER = (
    "A lighthouse keeper on the island of Farrow has kept a diary of the weather for fifty years. "
    "The national archive has now bought its eleven volumes and will publish them next autumn. "
    "Meteorologists expect to learn from it how often the northern storms returned before satellites."
)


def edited(text):
    return text.replace("Nineteen councillors", "A total of 19 councillors").replace(
        "on Tuesday evening", "late on Tuesday"
    )


def found(root, embedder, where=EVERYTHING, text="harbour bridge vote"):
    """Return the article ids that both searches see; they have to agree."""
    with open_index(root) as snapshot:
        dense = snapshot.search_dense(embedder.embed_query(text), 100, where)
        lexical = snapshot.search_lexical(text, 100, where)
        by_meaning = {p.article_id for p in snapshot.passages([hit.row for hit in dense])}
        by_words = {p.article_id for p in snapshot.passages([hit.row for hit in lexical])}
        assert by_words <= by_meaning
        return by_words


FIRST = article("a", STORY, title="Bridge approved", published="2026-03-01", source="alpha.example")
COPY = article("b", STORY, title="Council says yes", published="2026-03-02", source="beta.example")
SPACED = dataclasses.replace(
    article("c", STORY, title="Vote", published="2026-03-03", source="gamma.example"),
    text=STORY.replace(" ", "  ").replace("piers", "“piers”").upper(),
)
NEAR = article(
    "n", edited(STORY), title="Bridge approved late", published="2026-03-02", source="near.example"
)
APART = article("o", OTHER, title="Diary of storms", published="2026-03-02")


def test_exact_copies_are_one_article_with_several_sources(root, embedder):
    report = build_index(root, [COPY, SPACED, FIRST, APART], embedder)
    assert report.articles == 2
    (listed,) = [record for record in Archive(root).list_articles() if record.id == FIRST.id]
    assert listed.sources == ("alpha.example", "beta.example", "gamma.example")
    assert Archive(root).info().sources["beta.example"] == 1
    assert found(root, embedder) == {FIRST.id}


def test_the_article_names_its_copies_and_near_copies(root, embedder):
    build_index(root, [FIRST, COPY, NEAR, APART], embedder)
    stored = Archive(root).article(FIRST.id)
    assert [one.article_id for one in stored.copies] == [COPY.id]
    assert [one.article_id for one in stored.near_copies] == [NEAR.id]
    assert stored.to_dict()["near_copies"][0]["published"] == "2026-03-02"
    assert [one.article_id for one in Archive(root).article(COPY.id).copies] == [FIRST.id]
    assert Archive(root).article(APART.id).near_copies == ()


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        (Filter(sources=("beta.example",)), COPY.id),
        (Filter(since=date(2026, 3, 2)), COPY.id),
        (Filter(since=date(2026, 3, 3)), SPACED.id),
        (Filter(until=date(2026, 3, 1)), FIRST.id),
        (Filter(as_of=date(2026, 3, 1)), FIRST.id),
        (Filter(sources=("gamma.example", "beta.example")), COPY.id),
        (Filter(sources=("nowhere.example",)), None),
    ],
)
def test_a_filter_sees_the_first_copy_that_lies_within_it(root, embedder, where, shown):
    build_index(root, [FIRST, COPY, SPACED], embedder)
    assert found(root, embedder, where) == ({shown} if shown else set())


def test_copies_do_not_take_the_places_of_other_articles(root, embedder):
    copies = [
        article(f"c{n}", STORY, title="Bridge approved", published="2026-03-01", source=f"s{n}.example")
        for n in range(30)
    ]
    build_index(root, [*copies, article("x", "A bridge of ice.", title="Ice")], embedder)
    with open_index(root) as snapshot:
        rows = [hit.row for hit in snapshot.search_lexical("bridge", 2, EVERYTHING)]
        assert len({passage.article_id for passage in snapshot.passages(rows)}) == 2


def test_near_copies_stay_articles_of_their_own_that_share_a_cluster(root, embedder):
    assert build_index(root, [FIRST, NEAR, APART], embedder).articles == 3
    with open_index(root) as snapshot:
        rows = [hit.row for hit in snapshot.search_dense(embedder.embed_query("x"), 50, EVERYTHING)]
        cluster = {passage.article_id: passage.cluster for passage in snapshot.passages(rows)}
    assert cluster[FIRST.id] == cluster[NEAR.id] != cluster[APART.id]


def test_what_is_published_after_the_as_of_day_is_not_named_as_a_copy(root, embedder):
    build_index(root, [FIRST, COPY, NEAR, SPACED], embedder)
    with open_index(root) as snapshot:
        where = Filter(until=date(2026, 3, 2), as_of=date(2026, 3, 2), undated=False)
        hits = snapshot.search_dense(embedder.embed_query("bridge"), 50, where)
        passage = next(p for p in snapshot.passages([hit.row for hit in hits]) if p.article_id == FIRST.id)
        assert {one.article_id for one in snapshot.also_in(passage, where)} == {COPY.id, NEAR.id}
        assert {one.article_id for one in snapshot.also_in(passage, EVERYTHING)} == {
            COPY.id,
            NEAR.id,
            SPACED.id,
        }


def test_copies_that_are_added_later_are_found_too(root, embedder):
    build_index(root, [COPY, APART], embedder)
    add(root, [NEAR], embedder)
    add(root, [FIRST], embedder)
    stored = Archive(root).article(FIRST.id)
    assert [one.article_id for one in stored.copies] == [COPY.id]
    assert [one.article_id for one in stored.near_copies] == [NEAR.id]
    assert found(root, embedder, Filter(as_of=date(2026, 3, 1))) == {FIRST.id}


def test_removing_an_address_leaves_the_copies_and_removing_an_id_does_not(root, embedder):
    build_index(root, [FIRST, COPY, APART], embedder)
    assert remove(root, [FIRST.url]).removed == 1
    assert found(root, embedder) == {COPY.id}
    add(root, [FIRST], embedder)
    assert remove(root, [FIRST.id]).removed == 2
    assert found(root, embedder) == set()
    with pytest.raises(ArticleNotFoundError):
        Archive(root).article(COPY.id)


def test_a_copy_that_changes_leaves_the_others(root, embedder):
    build_index(root, [FIRST, COPY], embedder)
    changed = dataclasses.replace(COPY, text=OTHER, updated="2026-03-05")
    add(root, [changed], embedder)
    assert Archive(root).article(FIRST.id).copies == ()
    assert found(root, embedder, text="lighthouse diary") >= {COPY.id}


def test_a_very_short_text_is_a_copy_only_under_the_same_title(root, embedder):
    stubs = [
        article(name, "Watch the pictures.", title=title) for name, title in (("a", "Flood"), ("b", "Fire"))
    ]
    assert build_index(root, stubs, embedder).articles == 2


def test_an_index_of_copies_is_whole(root, embedder):
    build_index(root, [FIRST, COPY, NEAR], embedder)
    add(root, [dataclasses.replace(FIRST, text=f"{STORY} It rained.", updated="2026-03-09")], embedder)
    assert Archive(root).verify() == []
