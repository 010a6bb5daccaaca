"""`dateline search --explain` on a real archive of a few articles."""

import io
import json

import pytest
from rich.console import Console

from index.archive import Archive
from rag.config import Settings
from rag.engine import Engine
from tests.fakes import FakeEmbedder
from tests.rag.harbour import ARTICLES, build_archive
from ui.cli.explain import print_explanation


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    root, embedder = tmp_path_factory.mktemp("explain") / "index", FakeEmbedder(dimension=1024)
    build_archive(root, ARTICLES, embedder)
    assert Archive(root).exists()
    settings = Settings.load(index=root).model_copy(update={"index": root})
    with Engine(settings, embedder=embedder) as opened:
        yield opened


def printed(explanation):
    console = Console(width=200, record=True, file=io.StringIO())
    print_explanation(console, explanation)
    return console.export_text()


def test_each_passage_says_what_speaks_for_it_and_where_each_search_had_it(engine):
    explanation = engine.explain("Who opened the harbour bridge in March 2026?", as_of="2026-05-01")
    text = printed(explanation)
    assert "as of 2026-05-01; time asked about: 2026-03-01 to 2026-03-31" in text
    assert "coverage" in text
    assert "by meaning: 1. (cosine" in text
    assert f"score {explanation.passages[0].score:.2f}:" in text


def test_what_is_explained_is_what_is_found(engine):
    query, bounds = "harbour bridge cost", {"as_of": "2026-05-01"}
    explanation = engine.explain(query, **bounds)
    assert explanation.passages == engine.search(query, **bounds)
    document = json.loads(json.dumps(explanation.to_dict()))
    for passage in document["passages"]:
        adds = sum(signal["adds"] for signal in passage["explanation"]["signals"])
        assert adds == pytest.approx(
            sum(signal["value"] * signal["weight"] for signal in passage["explanation"]["signals"]), abs=0.01
        )
    assert document["plan"]["query"] == query


def test_a_query_that_finds_nothing_is_explained_too(engine):
    assert "Searched for" in printed(engine.explain("bridge", as_of="2020-01-01"))
