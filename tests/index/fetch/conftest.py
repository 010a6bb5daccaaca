import pytest

from index.fetch import FetchConfig, Fetcher
from tests.index.fetch.sites import LOOPBACK, FakeTime, Site

ALLOWED = f"{LOOPBACK}/32"


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture
def other_site():
    site = Site()
    yield site
    site.close()


@pytest.fixture
def time():
    return FakeTime()


@pytest.fixture
def make_fetcher(time):
    """Make a fetcher that may reach the sites on loopback; its pauses take no time."""

    def make(memory=None, resolver=None, tls=None, **settings):
        defaults = {"allow_networks": (ALLOWED,), "respect_robots": False, "delay_s": 0, "timeout_s": 10}
        given = {"resolver": resolver} if resolver else {}
        return Fetcher(
            FetchConfig(**defaults | settings),
            memory=memory,
            tls=tls,
            clock=time.clock,
            sleep=time.sleep,
            **given,
        )

    return make
