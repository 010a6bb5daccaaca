import pytest
from fastapi.testclient import TestClient

from tests.ui.fake_engine import FakeEngine
from ui.api.app import create_app


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def client(engine: FakeEngine) -> TestClient:
    return client_of(engine)


def client_of(engine: FakeEngine, **settings) -> TestClient:
    return TestClient(
        create_app(engine, **settings), base_url="http://localhost", raise_server_exceptions=False
    )
