"""`POST /v1/ask` with `timeline` gives the course of a story in place of an answer."""

import json

import pytest

from index.errors import ArchiveNotFoundError
from rag.question import Message
from tests.ui.api.conftest import client_of
from tests.ui.fake_engine import COURSE, NO_COURSE, FakeEngine


def test_the_body_is_the_timeline(client):
    response = client.post("/v1/ask", json={"question": COURSE.question, "timeline": True})
    assert response.status_code == 200
    assert response.json() == json.loads(json.dumps(COURSE.to_dict()))
    assert [event["date"] for event in response.json()["events"]] == ["2026-02-27", "2026-03-01"]


def test_an_abstention_is_a_timeline_too():
    client = client_of(FakeEngine(course=NO_COURSE))
    body = client.post("/v1/ask", json={"question": "Who won?", "timeline": True}).json()
    assert (body["abstained"], body["reason"], body["events"]) == (True, "no_evidence", [])


def test_the_filters_and_the_history_reach_the_engine(client, engine):
    bounds = {"as_of": "2026-03-03", "since": "2026-01-01", "until": "2026-03-01", "top_k": 4}
    history = [{"role": "user", "content": "What of the bridge?"}]
    body = {"question": "How did it come about?", "timeline": True, "history": history, **bounds}
    assert client.post("/v1/ask", json=body).status_code == 200
    [asked] = engine.asked
    assert asked["history"] == [Message(role="user", content="What of the bridge?")]
    assert {name: asked[name] for name in bounds} == bounds


def test_it_is_not_streamed(client, engine):
    response = client.post("/v1/ask", json={"question": "When?", "timeline": True, "stream": True})
    assert response.status_code == 422
    assert "a timeline is given whole: leave out `stream`" in response.text
    assert engine.asked == []


@pytest.mark.parametrize("given", ["yes", 1, None])
def test_only_true_and_false_say_whether(client, given):
    assert client.post("/v1/ask", json={"question": "When?", "timeline": given}).status_code == 422


def test_an_error_is_an_http_status():
    client = client_of(FakeEngine(error=ArchiveNotFoundError("no index: run `dateline index build`")))
    response = client.post("/v1/ask", json={"question": "When?", "timeline": True})
    assert (response.status_code, response.json()["type"]) == (503, "urn:dateline:problem:archive")


def test_the_documentation_tells_of_it(client):
    described = client.get("/openapi.json").json()
    assert {"TimelineEvent", "Timeline", "Answer"} <= set(described["components"]["schemas"])
