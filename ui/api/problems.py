"""Every error as an RFC 9457 problem document (`application/problem+json`)."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from index.errors import (
    ArchiveError,
    ArchiveLockedError,
    ArticleNotFoundError,
    ArticleRemovedError,
    DatelineError,
    ModelMissingError,
)
from rag.errors import GenerationError, ModelUnavailableError, QuestionError
from ui.jobs.errors import (
    JobCancelledError,
    JobEndedError,
    JobNotFoundError,
    JobsBusyError,
    WriterAtWorkError,
)

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
Responses = dict[int | str, dict[str, Any]]

TOO_LARGE = "the body is too large: at most 1 MiB is read"


def too_large(path: str) -> str:
    """Return what is said of a body that is not read."""
    return f"{TOO_LARGE}; send fewer articles at a time" if path == "/v1/articles" else TOO_LARGE


class FieldProblem(BaseModel):
    """What is wrong with one field of a request; `pointer` is a JSON pointer into it."""

    pointer: str = Field(examples=["#/as_of"])
    detail: str = Field(examples=["Input should be a valid string"])


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str = Field(default="about:blank", examples=["urn:dateline:problem:question"])
    title: str = Field(examples=["The question cannot be used as given"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["the question is empty: write what you want to know"])
    instance: str | None = Field(default=None, examples=["/v1/ask"])
    errors: list[FieldProblem] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; members that say nothing are left out."""
        return self.model_dump(exclude_none=True)


# The first class that matches decides: subclasses stand before their parents.
_KINDS: tuple[tuple[type[DatelineError], str, int, str], ...] = (
    (QuestionError, "question", 422, "The question cannot be used as given"),
    (ArticleRemovedError, "article-removed", 410, "The article was removed"),
    (ArticleNotFoundError, "article-not-found", 404, "No such article"),
    (ArchiveLockedError, "archive-locked", 409, "Another process is writing to the index"),
    (WriterAtWorkError, "writer-at-work", 409, "Another job is writing to the index"),
    (JobNotFoundError, "job-not-found", 404, "No such job"),
    (JobEndedError, "job-ended", 409, "The job has ended"),
    (JobCancelledError, "job-cancelled", 409, "The job was cancelled"),
    (JobsBusyError, "jobs-busy", 503, "No further job can be taken now"),
    (ArchiveError, "archive", 503, "The archive cannot be used"),
    (ModelMissingError, "model-missing", 503, "A model is missing"),
    (ModelUnavailableError, "model-unavailable", 503, "The language model is not available"),
    (GenerationError, "generation", 502, "The language model failed"),
    (DatelineError, "failed", 500, "The request failed"),
)
_PASSING = (ArchiveLockedError, WriterAtWorkError, JobsBusyError)
RETRY_AFTER = {"Retry-After": "5"}

UNEXPECTED = Problem(
    type="urn:dateline:problem:unexpected",
    title="Internal server error",
    status=500,
    detail="something went wrong that should not have; the server's log has the details",
)


def problem_of(error: DatelineError, instance: str | None = None) -> Problem:
    """Return the problem document of one of the project's own errors."""
    for kind, name, status, title in _KINDS:
        if isinstance(error, kind):
            return Problem(
                type=f"urn:dateline:problem:{name}",
                title=title,
                status=status,
                detail=str(error),
                instance=instance,
            )
    raise TypeError(f"{error!r} is not an error of the project")


def http_problem(status: int, detail: str, *, instance: str | None = None) -> Problem:
    """Return a problem that its HTTP status says enough about."""
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, instance=instance)


class ProblemResponse(JSONResponse):
    """A problem document as a response."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        """Encode it, whatever of the request it repeats: a lone surrogate becomes its JSON escape."""
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")


def respond(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the HTTP response that carries a problem."""
    return ProblemResponse(problem.to_dict(), status_code=problem.status, headers=dict(headers or {}))


def install(app: FastAPI) -> None:
    """Have every error of an app answered by a problem document."""

    async def own_error(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, DatelineError)  # noqa: S101 - narrows the type for the checker
        headers = RETRY_AFTER if isinstance(error, _PASSING) else None
        return respond(problem_of(error, request.url.path), headers)

    async def http_error(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - narrows the type for the checker
        return respond(
            http_problem(error.status_code, _detail(request, error), instance=request.url.path), error.headers
        )

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - narrows the type for the checker
        return respond(_validation_problem(error.errors(), request.url.path))

    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return respond(UNEXPECTED.model_copy(update={"instance": request.url.path}))

    app.add_exception_handler(DatelineError, own_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, unexpected)


def _detail(request: Request, error: HTTPException) -> str:
    """Say more than the status line where that helps."""
    path = request.url.path
    if error.status_code == HTTPStatus.NOT_FOUND:
        return f"there is nothing at {path!r}: the API is described at /docs"
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "another method")
        return f"{path} does not take {request.method}: use {allowed}"
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return too_large(path)
    return str(error.detail)


def _validation_problem(errors: Sequence[Any], instance: str) -> Problem:
    fields = [FieldProblem(pointer=_pointer(error["loc"]), detail=_say(error)) for error in errors[:20]]
    first = fields[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Problem(
        type="urn:dateline:problem:request",
        title="The request is not valid",
        status=422,
        detail=f"{first.pointer.removeprefix('#/') or 'the body'}: {first.detail}{more}",
        instance=instance,
        errors=fields,
    )


def _pointer(location: Sequence[str | int]) -> str:
    """Turn pydantic's location into a JSON pointer; what it is a part of (body, query) is left out.

    Of what is no JSON it is a number of characters, which points to nothing.
    """
    if len(location) == 2 and isinstance(location[1], int):
        return "#/"
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in location[1:]]
    return "#/" + "/".join(parts)


def _say(error: Mapping[str, Any]) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "no such field: see /docs for those there are"
        case "json_invalid":
            return f"not JSON ({error.get('ctx', {}).get('error', 'it cannot be read')})"
        case "model_attributes_type" | "dict_type":
            return "send a JSON object, with the header Content-Type: application/json"
        case "value_error":
            return str(error["ctx"]["error"])
        case "missing":
            return "this is required"
        case _:
            return str(error["msg"])
