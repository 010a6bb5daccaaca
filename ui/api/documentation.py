"""What FastAPI cannot say by itself in `/openapi.json`: that errors have a media type of their own."""

from typing import Any

from fastapi import FastAPI

from ui.api.problems import MEDIA_TYPE, Problem

PROBLEM_SCHEMA = f"#/components/schemas/{Problem.__name__}"
REPLACED_SCHEMAS = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI) -> None:
    """Have an app describe its errors as the problem documents that they are."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_problems(generate())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # the way that FastAPI documents


def _with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    for path in schema["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    response["content"] = {MEDIA_TYPE: {"schema": {"$ref": PROBLEM_SCHEMA}}}
    for name in REPLACED_SCHEMAS:
        schema["components"]["schemas"].pop(name, None)
    return schema
