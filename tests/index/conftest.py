import pytest

from tests.fakes import FakeEmbedder


@pytest.fixture
def embedder():
    return FakeEmbedder()


@pytest.fixture
def root(tmp_path):
    return tmp_path / "index"
