"""Whatever is sent, the answer is a problem document that says what to change."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ui.api.conftest import client_of
from tests.ui.fake_engine import FakeEngine


def problem(response, status: int) -> dict:
    """Check the document's form and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    assert "\n" not in body["detail"]
    assert "Traceback" not in response.text
    return body


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"question": ""}, "question is empty"),
        ({"question": " \n\t "}, "question is empty"),
        ({"question": "x" * 100_000}, "4,000"),
        ({"question": "When?", "as_of": "yesterday"}, "as_of is 'yesterday'"),
        ({"question": "When?", "since": "2026-13-01"}, "since is '2026-13-01'"),
        ({"question": "When?", "since": "2026-03-02", "until": "2026-03-01"}, "swap them"),
    ],
)
def test_a_question_that_cannot_be_asked(client, fields, says, stream):
    body = problem(client.post("/v1/ask", json={**fields, "stream": stream}), 422)
    assert says in body["detail"]
    assert body["type"] == "urn:dateline:problem:question"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({}, "#/question"),
        ({"question": 7}, "#/question"),
        ({"question": None}, "#/question"),
        ({"question": ["When?"]}, "#/question"),
        ({"question": "When?", "top_k": "4"}, "#/top_k"),
        ({"question": "When?", "top_k": 0}, "#/top_k"),
        ({"question": "When?", "top_k": 101}, "#/top_k"),
        ({"question": "When?", "top_k": True}, "#/top_k"),
        ({"question": "When?", "sources": "cnn.com"}, "#/sources"),
        ({"question": "When?", "stream": "yes"}, "#/stream"),
        ({"question": "When?", "history": [{"role": "system", "content": "x"}]}, "#/history/0/role"),
        ({"question": "When?", "history": [{"role": "user"}]}, "#/history/0/content"),
        ({"question": "When?", "asof": "2026-03-03"}, "#/asof"),
    ],
)
def test_a_wrong_field_is_named(client, fields, pointer):
    body = problem(client.post("/v1/ask", json=fields), 422)
    assert [error["pointer"] for error in body["errors"]] == [pointer]
    assert pointer.removeprefix("#/") in body["detail"]


@pytest.mark.parametrize("content", [b"", b"{", b"\x00", b"\xff\xfe", b"[]", b'"x"', b"null", b"[" * 20_000])
def test_a_body_that_is_no_object(client, content):
    response = client.post("/v1/ask", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code in {400, 422}
    problem(response, response.status_code)


def test_a_body_without_its_content_type_is_not_read(client):
    response = client.post(
        "/v1/ask", content=b'{"question": "When?"}', headers={"Content-Type": "text/plain"}
    )
    assert "application/json" in problem(response, 422)["detail"]


def test_a_lone_surrogate_is_refused_and_not_a_crash(client):
    response = client.post(
        "/v1/ask", content=b'{"question": "\\ud800?"}', headers={"Content-Type": "application/json"}
    )
    problem(response, 422)


def test_nul_bytes_are_only_text(client):
    response = client.post("/v1/ask", json={"question": "When\x00?"})
    assert response.json()["question"] == "When\x00?"
    assert client.get("/v1/articles/a%00b").status_code == 404


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_a_mebibyte_is_refused(client, engine, chunked):
    body = json.dumps({"question": "x" * 2**20}).encode()
    content = iter([body[: 2**19], body[2**19 :]]) if chunked else body
    response = client.post("/v1/ask", content=content, headers={"Content-Type": "application/json"})
    assert "1 MiB" in problem(response, 413)["detail"]
    assert engine.asked == []


def test_an_unknown_address(client):
    assert "/v1/nonsense" in problem(client.get("/v1/nonsense"), 404)["detail"]


def test_a_wrong_method_names_the_right_one(client):
    response = client.get("/v1/ask")
    assert "use POST" in problem(response, 405)["detail"]
    assert response.headers["allow"] == "POST"


def test_an_unforeseen_error_tells_nothing_of_the_inside(caplog):
    response = client_of(FakeEngine(error=RuntimeError("secret path"))).post(
        "/v1/ask", json={"question": "When?"}
    )
    problem(response, 500)
    assert "secret" not in response.text
    assert "secret path" in caplog.text


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
        max_leaves=6,
    ),
    st.sampled_from(["question", "history", "as_of", "since", "until", "sources", "top_k", "stream", "x"]),
)
def test_any_json_is_answered_or_refused(client, value, name):
    response = client.post("/v1/ask", json={"question": "When?", name: value})
    assert response.status_code in {200, 422}
    if response.status_code == 422:
        problem(response, 422)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_json_does_not_have(client, number):
    content = f'{{"question": "When?", "top_k": {number}}}'
    problem(client.post("/v1/ask", content=content, headers={"Content-Type": "application/json"}), 422)
