import pytest

from index.errors import ArchiveNotFoundError
from tests.ui.api.conftest import client_of
from tests.ui.fake_engine import INFO, FakeArchive, FakeEngine, Readiness, stored

MISSING = ArchiveNotFoundError("there is no index in '.dateline': run `dateline index build SOURCE...`")


def test_the_articles_are_listed_by_pages(client):
    whole = client.get("/v1/articles").json()
    assert [article["id"] for article in whole["articles"]] == ["a1", "a2", "a3"]
    assert whole["total"] == 3
    page = client.get("/v1/articles?limit=1&offset=1").json()
    assert [article["id"] for article in page["articles"]] == ["a2"]
    assert page["total"] == 3


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "offset=-1", f"offset={10**30}"])
def test_a_page_that_cannot_be(client, query):
    response = client.get(f"/v1/articles?{query}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == f"#/{query.split('=')[0]}"


def test_an_article_comes_with_its_text(client):
    assert client.get("/v1/articles/a1").json() == stored("a1").to_dict()


def test_an_unknown_article_is_a_problem(client):
    response = client.get("/v1/articles/nope")
    assert response.status_code == 404
    assert response.json()["type"] == "urn:dateline:problem:article-not-found"
    assert "'nope'" in response.json()["detail"]


def test_the_index_is_described(client):
    assert client.get("/v1/index").json() == INFO.to_dict()


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/index"])
def test_a_missing_index_is_a_problem_that_names_the_command(path):
    response = client_of(FakeEngine(archive=FakeArchive(error=MISSING))).get(path)
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert "dateline index build" in response.json()["detail"]


def test_the_process_is_alive_whatever_is_wrong():
    engine = FakeEngine(archive=FakeArchive(error=MISSING))
    assert client_of(engine).get("/healthz").json() == {"status": "ok"}


def test_readiness_is_told(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == Readiness().to_dict()


def test_unreadiness_says_what_is_wrong():
    engine = FakeEngine(readiness=lambda: Readiness(ready=False, index_version=None, problem=str(MISSING)))
    response = client_of(engine).get("/readyz")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"] == str(MISSING)
