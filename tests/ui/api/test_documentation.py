import re

ROUTES = {
    "/v1/ask": {"post"},
    "/v1/search": {"post"},
    "/v1/articles": {"get", "post"},
    "/v1/articles/{article_id}": {"get", "delete"},
    "/v1/index": {"get"},
    "/v1/index/rebuild": {"post"},
    "/v1/index/jobs": {"get"},
    "/v1/index/jobs/{job_id}": {"get", "delete"},
    "/healthz": {"get"},
    "/readyz": {"get"},
}


def test_every_route_is_documented_with_a_summary_and_nothing_else_is(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert {path: set(methods) for path, methods in paths.items()} == ROUTES
    for path, methods in ROUTES.items():
        for method in methods:
            assert paths[path][method]["summary"]
            assert paths[path][method]["description"] or path == "/healthz"


def test_error_responses_are_documented_as_problems(client):
    schema = client.get("/openapi.json").json()
    responses = schema["paths"]["/v1/ask"]["post"]["responses"]
    assert {"200", "413", "422", "502", "503"} <= set(responses)
    assert responses["422"]["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
    assert "text/event-stream" in responses["200"]["content"]
    assert "Answer" in schema["components"]["schemas"]


def test_the_writing_routes_say_what_they_take_and_what_can_go_wrong(client):
    schema = client.get("/openapi.json").json()
    add = schema["paths"]["/v1/articles"]["post"]
    assert {"200", "201", "403", "409", "413", "415", "422", "503"} <= set(add["responses"])
    content = add["requestBody"]["content"]["application/json"]
    assert "text" in content["schema"]["anyOf"][0]["properties"]
    assert set(content["examples"]) == {"one", "several"}
    assert {"404", "410", "403", "409"} <= set(
        schema["paths"]["/v1/articles/{article_id}"]["delete"]["responses"]
    )
    rebuild = schema["paths"]["/v1/index/rebuild"]["post"]
    assert "Location" in rebuild["responses"]["202"]["headers"]
    assert {"from", "sources"} == set(schema["components"]["schemas"]["RebuildBody"]["properties"])
    assert "state" in schema["components"]["schemas"]["JobDocument"]["properties"]


def test_the_documentation_page_loads_nothing_from_elsewhere(client):
    page = client.get("/docs")
    assert page.status_code == 200
    assert not re.findall(r"https?://", page.text)
    for asset in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert client.get(asset).status_code == 200, asset
