"""A later turn knows an answer that told nothing."""

import pytest

from index.build import remove
from rag.empty_handed import is_empty_handed, unknown_outlets
from tests.rag.harbour import ARTICLES, UNKNOWN, WHO_OPENED, build_archive


def test_what_the_engine_says_where_nothing_answers_is_known(harbour, open_engine):
    engine = open_engine(harbour, answer={"answerable": 0.99})
    assert is_empty_handed(engine.ask(UNKNOWN, as_of="2026-05-01").answer)
    assert is_empty_handed(engine.ask(UNKNOWN, as_of="1999-05-01").answer)


def test_what_it_says_of_an_empty_archive_is_known(tmp_path, embedder, open_engine):
    build_archive(tmp_path / "index", ARTICLES, embedder)
    remove(tmp_path / "index", [article.id for article in ARTICLES])
    assert is_empty_handed(open_engine(tmp_path / "index").ask(UNKNOWN, as_of="2026-05-01").answer)


@pytest.mark.parametrize("answer", ["", "Ada Quill opened it [1].", "“I found nothing”, said Ada Quill [1]."])
def test_any_other_answer_told_something(answer):
    assert not is_empty_handed(answer)


def test_an_unknown_outlet_is_told_with_those_there_are():
    known = ["courier.example", "post.example", "wire.example", "a.example", "b.example", "c.example"]
    assert unknown_outlets(("Post.example",), known) == ""
    said = unknown_outlets(("wier.example",), known)
    assert said.startswith(" No outlet is called “wier.example” there. Those there are of 6: wire.example, ")
    assert unknown_outlets(("x",), ()) == " No outlet is called “x” there."


def test_a_question_to_an_unknown_outlet_names_those_within_its_dates(harbour, open_engine):
    answer = open_engine(harbour).ask(WHO_OPENED, as_of="2026-03-02", sources=["nope.example"])
    assert answer.abstained
    assert "No outlet is called “nope.example” there. Those there are: example.com." in answer.answer
    assert is_empty_handed(answer.answer)
