import pytest

from tests.ui.api.conftest import client_of
from tests.ui.fake_engine import FakeEngine

EVERYWHERE = "0.0.0.0"  # noqa: S104 - never bound to


@pytest.mark.parametrize("host", ["localhost", "localhost:7860", "127.0.0.1:7860", "[::1]:7860", "LOCALHOST"])
def test_the_names_of_this_machine_are_answered(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "192.168.1.5", "localhost.evil.example", ""]
)
def test_a_foreign_host_is_refused(client, host):
    response = client.get("/v1/articles", headers={"Host": host})
    assert response.status_code == 421
    assert response.headers["content-type"] == "application/problem+json"
    assert "allowed_hosts" in response.json()["detail"]


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({"allowed_hosts": ["news.example"]}, "news.example"),
        ({"allowed_hosts": ["*"]}, "anything.example"),
        ({"bound": "192.168.1.5"}, "192.168.1.5:7860"),
        ({"bound": EVERYWHERE}, "10.0.0.9"),
        ({"bound": "::"}, "[fe80::1]:80"),
    ],
)
def test_further_hosts_can_be_let_in(settings, host):
    client = client_of(FakeEngine(), **settings)
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_listening_everywhere_lets_no_foreign_name_in():
    client = client_of(FakeEngine(), bound=EVERYWHERE)
    assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://[", "https://localhost.evil.example"]
)
def test_a_foreign_page_cannot_ask(client, engine, origin):
    response = client.post("/v1/ask", json={"question": "When?"}, headers={"Origin": origin})
    assert response.status_code == 403
    assert engine.asked == []


def test_the_own_page_can_ask(client):
    headers = {"Origin": "http://127.0.0.1:7860"}
    assert client.post("/v1/ask", json={"question": "When?"}, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/v1/nonsense"])
def test_every_response_has_the_security_headers_and_no_cors(client, path):
    headers = client.get(path, headers={"Origin": "http://evil.example"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers
