"""Articles are added and removed, and the index is rebuilt, over HTTP."""

import threading

import pytest
from fastapi.testclient import TestClient

from index.article import Skipped
from index.errors import ArchiveNotFoundError
from tests.ui.api.test_bad_requests import problem
from tests.ui.fake_engine import FakeArchive, FakeEngine
from tests.ui.jobs.fakes import DONE, PATIENCE_S, Scripted, Starter, progress, report, taken
from ui.api.app import create_app
from ui.config import AppSettings
from ui.jobs.job import JobState
from ui.jobs.queue import Jobs
from ui.jobs.task import DoneMessage, FailedMessage, JobKind, ProgressMessage, Result

ONE_TAKEN = (taken(),)
ARTICLE = {"title": "Ferry", "text": "The ferry sails again.", "url": "https://courier.example/ferry"}


@pytest.fixture
def served():
    """Return what gives (client, starter, queue) for a script of tasks."""
    queues = []

    def serve(*script: Scripted | Exception, engine: FakeEngine | None = None):
        starter = Starter(*script)
        queue = Jobs(starter)
        queues.append(queue)
        app = create_app(engine or FakeEngine(), queue=queue)
        client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
        return client, starter, queue

    yield serve
    for queue in queues:
        queue.close()


def done(*, skipped: tuple[Skipped, ...] = (), articles=ONE_TAKEN, **changed) -> Scripted:
    result = Result(report=report(**changed), articles=articles, skipped=skipped, skipped_total=len(skipped))
    return Scripted([DoneMessage(result=result)])


def test_an_article_is_added_and_its_address_told(served):
    client, starter, _ = served()
    response = client.post("/v1/articles", json=ARTICLE)
    assert response.status_code == 201
    assert response.headers["location"] == "/v1/articles/0000000000000001"
    body = response.json()
    assert (body["version"], body["added"], body["articles"][0]["id"]) == ("000007", 1, "0000000000000001")
    assert client.get(f"/v1/index/jobs/{body['job']}").json()["state"] == "done"
    assert (starter.tasks[0].kind, starter.tasks[0].articles) == (JobKind.ADD, (ARTICLE,))


def test_several_are_added_at_once_and_what_cannot_be_is_pointed_to(served):
    skipped = (Skipped(origin="#/articles/1", reason="has no text"),)
    client, starter, _ = served(done(skipped=skipped, articles=(taken(1), taken(2)), added=2))
    response = client.post("/v1/articles", json={"articles": [ARTICLE, {"title": "x"}, ARTICLE]})
    assert (response.status_code, response.json()["added"]) == (201, 2)
    assert response.json()["skipped"] == [{"origin": "#/articles/1", "reason": "has no text"}]
    assert "location" not in response.headers
    assert len(starter.tasks[0].articles) == 3


def test_what_is_refreshed_or_unchanged_is_not_created(served):
    client, _, _ = served(done(added=0, unchanged=1, changed=False))
    response = client.post("/v1/articles", json=ARTICLE)
    assert (response.status_code, response.json()["changed"], response.json()["unchanged"]) == (200, False, 1)


def test_an_article_without_text_is_refused(served):
    reason = "has no text: it has title"
    none = Result(report=None, skipped=(Skipped(origin="#/articles/0", reason=reason),), skipped_total=1)
    client, _, _ = served(Scripted([DoneMessage(result=none)]))
    body = problem(client.post("/v1/articles", json={"title": "x"}), 422)
    assert body["errors"] == [{"pointer": "#", "detail": reason}]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"articles": []}, "#/articles"),
        ({"articles": "x"}, "#/articles"),
        ({"articles": [ARTICLE] * 1_001}, "#/articles"),
        ({"articles": [ARTICLE, 1]}, "#/articles/1"),
        ({"articles": [ARTICLE], "text": "x"}, "#/text"),
    ],
)
def test_a_malformed_batch_starts_nothing(served, body, pointer):
    client, starter, _ = served()
    assert problem(client.post("/v1/articles", json=body), 422)["errors"][0]["pointer"] == pointer
    assert starter.tasks == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"x"', b"[" * 20_000])
def test_a_body_that_is_no_object_starts_nothing(served, content):
    client, starter, _ = served()
    response = client.post("/v1/articles", content=content, headers={"Content-Type": "application/json"})
    problem(response, response.status_code)
    assert response.status_code in {400, 422}
    assert starter.tasks == []


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_starts_nothing_and_says_what_to_do(served, chunked):
    client, starter, _ = served()
    body = b'{"text": "' + b"x" * 2**20 + b'"}'
    content = iter([body[: 2**19], body[2**19 :]]) if chunked else body
    response = client.post("/v1/articles", content=content, headers={"Content-Type": "application/json"})
    assert "fewer articles" in problem(response, 413)["detail"]
    assert starter.tasks == []


def test_an_article_is_removed(served):
    client, starter, _ = served(done(added=0, removed=1, articles=()))
    response = client.delete("/v1/articles/a1")
    assert (response.status_code, response.json()["removed"]) == (200, 1)
    assert (starter.tasks[0].kind, starter.tasks[0].article_id) == (JobKind.REMOVE, "a1")


@pytest.mark.parametrize(("article_id", "status"), [("nope", 404), ("gone", 410)])
def test_what_is_not_there_is_not_removed(served, article_id, status):
    client, starter, _ = served()
    problem(client.delete(f"/v1/articles/{article_id}"), status)
    assert starter.tasks == []


def test_another_process_that_writes_is_named(served):
    locked = FailedMessage(
        error="ArchiveLockedError", detail="another process is writing (process 7 since …)"
    )
    client, _, _ = served(Scripted([locked]))
    response = client.post("/v1/articles", json=ARTICLE)
    assert "process 7" in problem(response, 409)["detail"]
    assert response.headers["retry-after"]


def test_a_failure_that_nobody_foresaw_tells_nothing_of_the_inside(served):
    client, _, _ = served(Scripted([FailedMessage(error="", detail="unexpected KeyError: secret")]))
    response = client.post("/v1/articles", json=ARTICLE)
    problem(response, 500)
    assert "secret" not in response.text


def test_a_change_that_is_cancelled_says_so(served):
    running = Scripted([ProgressMessage(progress=progress()), DONE], gate=threading.Event())
    client, _, queue = served(running)
    answers = []
    asking = threading.Thread(target=lambda: answers.append(client.post("/v1/articles", json=ARTICLE)))
    asking.start()
    assert running.reached.wait(PATIENCE_S)
    assert client.delete(f"/v1/index/jobs/{queue.all()[0].id}").status_code in {200, 202}
    asking.join(PATIENCE_S)
    assert "cancelled" in problem(answers[0], 409)["detail"]


def test_a_rebuild_is_a_job_that_can_be_followed_and_cancelled(served):
    running = Scripted([ProgressMessage(progress=progress(2)), DONE], gate=threading.Event())
    client, starter, queue = served(running)
    response = client.post("/v1/index/rebuild")
    assert response.status_code == 202
    place = response.headers["location"]
    assert place == f"/v1/index/jobs/{response.json()['id']}"
    assert running.reached.wait(PATIENCE_S)
    job = client.get(place).json()
    assert (job["kind"], job["state"], job["stage"]) == ("rebuild", "running", "embed")
    assert (job["progress"]["articles"], job["progress"]["total_articles"]) == (2, 4)
    assert [one["id"] for one in client.get("/v1/index/jobs").json()["jobs"]] == [job["id"]]
    assert client.delete(place).status_code in {200, 202}
    queue.get(job["id"]).ended.result(PATIENCE_S)
    assert client.get(place).json()["state"] == JobState.CANCELLED
    assert client.delete(place).status_code == 200
    assert starter.tasks[0].sources == ()


def test_a_job_that_has_ended_cannot_be_cancelled_and_an_unknown_one_is_told(served):
    client, _, queue = served()
    place = client.post("/v1/index/rebuild").headers["location"]
    queue.all()[0].ended.result(PATIENCE_S)
    problem(client.delete(place), 409)
    problem(client.get("/v1/index/jobs/nope"), 404)
    problem(client.delete("/v1/index/jobs/nope"), 404)


def configured(tmp_path) -> FakeEngine:
    places = ({"folder": str(tmp_path / "news"), "name": "news"}, "https://courier.example/feed.xml")
    return FakeEngine(settings=AppSettings(sources=places))


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (None, ["news", "feed"]),
        ({}, ["news", "feed"]),
        ({"from": "sources"}, ["news", "feed"]),
        ({"sources": ["news"]}, ["news"]),
        ({"sources": ["https://courier.example/feed.xml"]}, ["feed"]),
        ({"from": "catalogue"}, []),
    ],
)
def test_a_rebuild_reads_the_configured_sources(served, tmp_path, body, wanted):
    client, starter, queue = served(engine=configured(tmp_path))
    places = {"news": str(tmp_path / "news"), "feed": "https://courier.example/feed.xml"}
    assert client.post("/v1/index/rebuild", json=body).status_code == 202
    queue.all()[0].ended.result(PATIENCE_S)
    assert list(starter.tasks[0].sources) == [places[name] for name in wanted]


@pytest.mark.parametrize(
    "source", ["/etc/passwd", "../secrets", "file:///etc", "https://evil.example", "nws"]
)
def test_no_other_place_is_read(served, tmp_path, source):
    client, starter, _ = served(engine=configured(tmp_path))
    detail = problem(client.post("/v1/index/rebuild", json={"sources": [source]}), 422)["detail"]
    assert "`sources`" in detail
    assert starter.tasks == []


@pytest.mark.parametrize("body", [{"sources": ["news"]}, {"from": "sources"}])
def test_without_configured_sources_none_can_be_read(served, body):
    client, starter, _ = served()
    assert "setting `sources`" in problem(client.post("/v1/index/rebuild", json=body), 422)["detail"]
    assert starter.tasks == []


@pytest.mark.parametrize("body", [{"from": "disk"}, {"source": "news"}, {"sources": "news"}, [], "x"])
def test_a_rebuild_that_cannot_be_asked_for(served, body):
    client, starter, _ = served()
    problem(client.post("/v1/index/rebuild", json=body), 422)
    assert starter.tasks == []


def test_there_is_nothing_to_rebuild_where_there_is_no_index(served):
    class Missing(FakeArchive):
        def current_version(self) -> None:
            return None

    client, starter, _ = served(engine=FakeEngine(archive=Missing(error=ArchiveNotFoundError("none"))))
    assert "dateline index build" in problem(client.post("/v1/index/rebuild"), 503)["detail"]
    assert starter.tasks == []


WRITES = [("POST", "/v1/articles"), ("POST", "/v1/index/rebuild"), ("DELETE", "/v1/articles/a1")]
EVERYWHERE = "0.0.0.0"  # noqa: S104 - never bound to


@pytest.mark.parametrize(("method", "path"), [*WRITES, ("DELETE", "/v1/index/jobs/x")])
@pytest.mark.parametrize(
    "settings",
    [
        {"bound": EVERYWHERE},
        {"bound": "192.168.1.5"},
        {"allowed_hosts": ["news.example"]},
        {"writes": "off"},
    ],
)
def test_nothing_is_changed_where_others_can_reach_the_server(method, path, settings):
    starter = Starter()
    app = create_app(FakeEngine(), queue=Jobs(starter), **settings)
    with TestClient(app, base_url="http://localhost") as client:
        body = problem(client.request(method, path, json=ARTICLE if path == "/v1/articles" else None), 403)
        assert "serve.writes" in body["detail"]
        assert client.get("/v1/articles").status_code == 200
        assert client.post("/v1/search", json={"query": "ferry"}).status_code == 200
    assert starter.tasks == []


def test_everybody_may_write_where_the_settings_say_so():
    queue = Jobs(Starter())
    app = create_app(FakeEngine(), queue=queue, bound=EVERYWHERE, writes="on")
    assert TestClient(app, base_url="http://10.0.0.9").post("/v1/articles", json=ARTICLE).status_code == 201
    queue.close()


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"X-Forwarded-For": "203.0.113.9"},
    ],
)
def test_a_page_of_another_site_or_a_proxy_changes_nothing(served, method, path, headers):
    client, starter, _ = served()
    problem(client.request(method, path, headers=headers), 403)
    assert starter.tasks == []


def test_the_own_page_may_write(served):
    client, _, _ = served()
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/v1/articles", json=ARTICLE, headers=headers).status_code == 201


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/index/rebuild"])
def test_a_form_changes_nothing(served, path, media_type):
    client, starter, _ = served()
    response = client.post(path, content=b'{"text": "x"}', headers={"Content-Type": media_type})
    assert "Content-Type" in problem(response, 415)["detail"]
    assert starter.tasks == []
