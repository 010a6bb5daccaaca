import pytest

from tests.index.fetch.sites import Site
from tests.index.sync.world import World


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()
