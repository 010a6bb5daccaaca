import re

ROUTES = {
    "/v1/ask": "post",
    "/v1/search": "post",
    "/v1/articles": "get",
    "/v1/articles/{article_id}": "get",
    "/v1/index": "get",
    "/healthz": "get",
    "/readyz": "get",
}


def test_every_route_is_documented_with_a_summary_and_nothing_else_is(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert {path: set(methods) for path, methods in paths.items()} == {p: {m} for p, m in ROUTES.items()}
    for path, method in ROUTES.items():
        assert paths[path][method]["summary"]
        assert paths[path][method]["description"] or path == "/healthz"


def test_error_responses_are_documented_as_problems(client):
    schema = client.get("/openapi.json").json()
    responses = schema["paths"]["/v1/ask"]["post"]["responses"]
    assert {"200", "413", "422", "502", "503"} <= set(responses)
    assert responses["422"]["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
    assert "text/event-stream" in responses["200"]["content"]
    assert "Answer" in schema["components"]["schemas"]


def test_the_documentation_page_loads_nothing_from_elsewhere(client):
    page = client.get("/docs")
    assert page.status_code == 200
    assert not re.findall(r"https?://", page.text)
    for asset in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert client.get(asset).status_code == 200, asset
