import os

import pytest

from rag.config import Settings
from rag.engine import Engine
from tests.fakes import FakeEmbedder
from tests.rag.harbour import ARTICLES, build_archive

DIMENSION = 1024  # so that no two words of the small archives share a slot


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    """No setting of whoever runs the tests reaches them."""
    for name in [name for name in os.environ if name.upper().startswith("DATELINE_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def embedder():
    return FakeEmbedder(dimension=DIMENSION)


@pytest.fixture(scope="session")
def harbour(tmp_path_factory, embedder):
    """The folder of an index of the harbour story; tests only read it."""
    root = tmp_path_factory.mktemp("harbour") / "index"
    build_archive(root, ARTICLES, embedder)
    return root


@pytest.fixture
def open_engine(embedder):
    """Return a way to open engines with fakes, which are closed after the test."""
    opened = []

    def opening(root, *, model=None, embedder=embedder, **settings):
        settings = {"generate": {"model": "none"}, **settings}
        opened.append(Engine(Settings(index=root, **settings), embedder=embedder, model=model))
        return opened[-1]

    yield opening
    for engine in opened:
        engine.close()
