"""A citation names the copies of its article, and what corrects it, as far as the question may know."""

import dataclasses

import pytest

from index.archive import Archive
from tests.index.corpus import article
from tests.rag.harbour import build_archive

STORY = (
    "Mayor Ada Quill opened the harbour bridge in Stellby on 1 March 2026 before two thousand people. "
    "The harbour bridge in Stellby cost 40 million euros, which the region paid in three instalments. "
    "The first tram crossed it at noon, and the ferry that it replaces made its last journey in the evening. "
    "Engineers had worked on the piers for four winters, stopping whenever the ice in the channel moved."
)
FIRST = article("first", STORY, title="Harbour bridge opens", published="2026-03-01", source="alpha.example")
COPY = article("copy", STORY, title="Bridge open", published="2026-03-03", source="beta.example")
NEAR = article(
    "near",
    STORY.replace("two thousand people", "2,000 onlookers").replace("at noon", "at midday"),
    title="Stellby opens its bridge",
    published="2026-03-02",
    source="gamma.example",
)
CORRECTION = article(
    "correction",
    "In our report of 1 March on the opening of the harbour bridge we gave a wrong name. "
    "An article headlined “Harbour bridge opens” called it Rex.",
    title="Correction: the mayor's dog",
    published="2026-03-05",
    source="alpha.example",
)
NOTED = dataclasses.replace(
    article(
        "noted", "The lighthouse of Farrow is 48 metres high.", title="Lighthouse", published="2026-03-04"
    ),
    raw="The lighthouse of Farrow is 48 metres high.\n"
    "Correction: An earlier version of this article gave the wrong height.",
)
QUESTION = "Who opened the harbour bridge in Stellby?"


@pytest.fixture
def engine(tmp_path, embedder, open_engine):
    root = tmp_path / "index"
    build_archive(root, [FIRST, COPY, NEAR, CORRECTION, NOTED], embedder)
    return open_engine(root)


def ids(related):
    return {one.article_id for one in related}


def test_an_answer_cites_a_story_once_and_names_the_other_outlets(engine):
    answer = engine.ask(QUESTION)
    citation = answer.citations[0]
    assert not {one.article_id for one in answer.citations[1:]} & {FIRST.id, COPY.id, NEAR.id}
    assert {citation.article_id} | ids(citation.also_in) == {FIRST.id, COPY.id, NEAR.id}
    assert answer.to_dict()["citations"][0]["also_in"][0].keys() == {
        "article_id",
        "title",
        "url",
        "source",
        "published",
    }


def test_of_near_copies_one_stands_for_all_in_a_search(engine):
    found = engine.search("harbour bridge opens", top_k=10)
    stories = [passage.article_id for passage in found if passage.article_id in {FIRST.id, COPY.id, NEAR.id}]
    assert len(set(stories)) == 1


@pytest.mark.parametrize(
    ("as_of", "cited", "others"),
    [("2026-03-01", FIRST, set()), ("2026-03-02", None, {FIRST.id, NEAR.id}), ("2026-02-28", None, set())],
)
def test_what_was_not_published_yet_is_not_named(engine, as_of, cited, others):
    found = engine.search("harbour bridge opens", as_of=as_of, top_k=10)
    if cited:
        assert {passage.article_id for passage in found} == {cited.id}
    named = {passage.article_id for passage in found} | {i for p in found for i in ids(p.also_in)}
    assert COPY.id not in named
    assert others <= named


def test_a_copy_is_found_under_the_outlet_that_is_asked_for(engine):
    (citation,) = engine.ask(QUESTION, sources=["beta.example"]).citations
    assert (citation.source, citation.published) == ("beta.example", "2026-03-03")


def test_a_correction_elsewhere_stands_with_the_article_that_it_corrects(engine):
    (citation,) = engine.ask(QUESTION, sources=["alpha.example"]).citations
    (note,) = citation.corrections
    assert (note.kind, note.article_id, note.published) == ("correction", CORRECTION.id, "2026-03-05")
    assert note.text.startswith("In our report of 1 March")
    assert engine.ask(QUESTION, as_of="2026-03-04", sources=["alpha.example"]).citations[0].corrections == ()


def test_a_correction_in_the_article_itself_stands_with_it(engine):
    (citation,) = engine.ask("How high is the lighthouse of Farrow?").citations
    (note,) = citation.corrections
    assert note.text == "Correction: An earlier version of this article gave the wrong height."
    assert note.article_id == NOTED.id


def test_the_answer_says_what_it_could_not_see(tmp_path, embedder, open_engine):
    root = tmp_path / "index"
    later = dataclasses.replace(COPY, updated="2026-03-20")
    undated = article("undated", "A note without a date.", published=None)
    build_archive(root, [later, undated], embedder)
    engine = open_engine(root)
    left_out = engine.ask(QUESTION, as_of="2026-03-10").left_out
    assert (left_out.undated, left_out.updated_later) == (1, 1)
    assert engine.ask(QUESTION, as_of="2026-03-10", include_undated=True).left_out.undated == 0
    assert engine.explain(QUESTION, as_of="2026-03-10").left_out == left_out
    assert engine.explain(QUESTION).left_out == engine.ask(QUESTION).left_out
    assert engine.explain(QUESTION).left_out.undated == 0


def test_an_article_of_unknown_date_is_seen_by_a_dated_question_that_asks_for_it(
    tmp_path, embedder, open_engine
):
    root = tmp_path / "index"
    build_archive(root, [article("undated", STORY, title="Bridge", published=None)], embedder)
    engine = open_engine(root)
    assert engine.search(QUESTION, as_of="2026-03-10") == ()
    (passage, *_) = engine.search(QUESTION, as_of="2026-03-10", include_undated=True)
    assert passage.published is None


def test_the_archive_counts_a_story_with_its_copies_once(engine):
    assert engine.archive.info().articles == 4
    assert Archive(engine.archive.root).article(COPY.id).record.sources == ("beta.example", "alpha.example")
