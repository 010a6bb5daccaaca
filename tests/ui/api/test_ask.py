import json

import pytest

from index.errors import ArchiveDamagedError, ArchiveNotFoundError
from rag.errors import GenerationError, ModelUnavailableError
from rag.question import Message
from tests.ui.api.conftest import client_of
from tests.ui.fake_engine import APPROVED, LEFT_OUT, STALE, WITH_LEFT_OUT, FakeEngine


def events_of(body: str) -> list[tuple[str, dict]]:
    """Read server-sent events as a client does."""
    found = []
    for block in body.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((fields["event"], json.loads(fields["data"])))
    return found


def test_an_answer_has_the_shape_of_the_contract(client):
    response = client.post("/v1/ask", json={"question": "When?"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert body == {**APPROVED.to_dict(), "question": "When?"}
    assert body["citations"][0]["highlights"] == [[38, 110]]
    assert body["reason"] is None


def test_the_filters_and_the_history_reach_the_engine(client, engine):
    bounds = {"as_of": "2026-03-03", "since": "2026-01-01", "until": "2026-03-01", "top_k": 4}
    bounds |= {"include_undated": True, "show_unsupported": True}
    history = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    body = {"question": "And then?", "sources": ["Evening Post"], "history": history, **bounds}
    assert client.post("/v1/ask", json=body).status_code == 200
    assert engine.asked == [
        {
            "question": "And then?",
            "sources": ["Evening Post"],
            "history": [Message(role="user", content="Hi"), Message(role="assistant", content="Hello")],
            **bounds,
        }
    ]


def test_what_is_unsupported_is_asked_for_and_comes_as_claims_with_a_reason(client, engine):
    engine.answer = WITH_LEFT_OUT
    body = client.post("/v1/ask", json={"question": "When?", "show_unsupported": True}).json()
    assert engine.asked[-1]["show_unsupported"] is True
    assert [claim["reason"] for claim in body["claims"]] == [None, None, LEFT_OUT.reason]
    assert body["claims"][-1] == {
        "text": LEFT_OUT.text,
        "citations": [],
        "supported": False,
        "support": 0.0,
        "reason": LEFT_OUT.reason,
    }
    assert body["freshness"]["note"] == STALE
    client.post("/v1/ask", json={"question": "When?"})
    assert engine.asked[-1]["show_unsupported"] is False


@pytest.mark.parametrize(
    ("body", "headers"),
    [({"question": "When?", "stream": True}, {}), ({"question": "When?"}, {"Accept": "text/event-stream"})],
)
def test_a_stream_sends_the_events_in_order_and_the_answer_last(client, body, headers):
    response = client.post("/v1/ask", json=body, headers=headers)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-cache"
    events = events_of(response.text)
    names = [name for name, _ in events]
    assert names[:2] == ["plan", "passages"]
    assert names[-1] == "answer"
    assert set(names[2:-1]) == {"token", "claim"}
    assert "".join(data["text"] for name, data in events if name == "token") == APPROVED.answer
    assert events[-1][1] == {**APPROVED.to_dict(), "question": "When?"}


def test_an_error_in_mid_stream_is_the_last_event_and_a_problem():
    client = client_of(FakeEngine(error=GenerationError("the model stopped: try again"), fail_after=2))
    events = events_of(client.post("/v1/ask", json={"question": "When?", "stream": True}).text)
    assert [name for name, _ in events] == ["plan", "passages", "token", "token", "error"]
    assert events[-1][1] == {
        "type": "urn:dateline:problem:generation",
        "title": "The language model failed",
        "status": 502,
        "detail": "the model stopped: try again",
        "instance": "/v1/ask",
    }


def test_an_unforeseen_error_in_mid_stream_tells_nothing_of_the_inside(caplog):
    client = client_of(FakeEngine(error=RuntimeError("secret path /home/x"), fail_after=1))
    body = client.post("/v1/ask", json={"question": "When?", "stream": True}).text
    assert events_of(body)[-1][1]["status"] == 500
    assert "secret" not in body
    assert "secret path" in caplog.text


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (ArchiveNotFoundError("no index in '.dateline': run `dateline index build`"), 503, "archive"),
        (ArchiveDamagedError("vectors.faiss is damaged: run `dateline index verify`"), 503, "archive"),
        (ModelUnavailableError("the model cannot be reached"), 503, "model-unavailable"),
        (GenerationError("the model failed"), 502, "generation"),
    ],
)
def test_an_error_before_the_first_event_is_an_http_status(error, status, kind, stream):
    response = client_of(FakeEngine(error=error)).post(
        "/v1/ask", json={"question": "When?", "stream": stream}
    )
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == f"urn:dateline:problem:{kind}"
    assert response.json()["detail"] == str(error)


def test_search_returns_the_passages_alone(client, engine):
    response = client.post("/v1/search", json={"query": "bridge", "top_k": 3})
    assert response.json() == {
        "passages": [citation.to_dict() for citation in APPROVED.citations],
        "left_out": {"undated": 2, "updated_later": 0},
    }
    assert engine.asked[0]["top_k"] == 3
