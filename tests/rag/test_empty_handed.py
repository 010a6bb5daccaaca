"""A later turn knows an answer that told nothing."""

import pytest

from index.build import remove
from rag.empty_handed import is_empty_handed
from tests.rag.harbour import ARTICLES, UNKNOWN, build_archive


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
