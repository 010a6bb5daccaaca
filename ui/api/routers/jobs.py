"""Rebuilding the index, and the jobs that write to it."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from index.errors import ConfigError
from index.sync.source import choose, sources_of
from index.writing import not_found
from ui.api.problems import FieldProblem, Problem, Responses, respond
from ui.api.routers.articles import WRITE_PROBLEMS
from ui.api.schemas import JobList, RebuildBody
from ui.jobs.job import Job, JobDocument
from ui.jobs.task import JobKind, Task

if TYPE_CHECKING:
    from rag.config import Settings
    from rag.engine import Engine
    from ui.jobs.queue import Jobs

LOCK_WAIT_S = 30.0
NO_JOB: Responses = {404: {"model": Problem, "description": "No job of this server has this id"}}
JobId = Annotated[str, Path(examples=["9f2c4b1a7d3e5f60"])]


def router(engine: "Engine", jobs: "Jobs") -> APIRouter:
    """Return the routes that start a rebuild, and that follow and cancel jobs."""
    routes = APIRouter(prefix="/v1/index", tags=["archive"])

    @routes.post(
        "/rebuild",
        summary="Rebuild the index",
        response_model=JobDocument,
        status_code=202,
        responses={
            **WRITE_PROBLEMS,
            202: {"headers": {"Location": {"description": "The job", "schema": {"type": "string"}}}},
            415: {"model": Problem, "description": "The body is not announced as application/json"},
            422: {"model": Problem, "description": "A source is not among the configured ones"},
        },
    )
    def rebuild(request: Request, body: RebuildBody | None = None) -> Response:
        """Start a job that makes a new version beside the one that answers, and swaps it in at its end.

        It is made of the configured sources; where none are configured, or with `"from": "catalogue"`,
        of the articles that the index holds, cut and embedded as the settings say now. What was
        embedded before is not embedded again.
        """
        sources = _sources(engine.settings, body or RebuildBody())
        if isinstance(sources, Problem):
            return respond(sources.model_copy(update={"instance": request.url.path}))
        if not sources and engine.archive.current_version() is None:
            raise not_found(engine.settings.index)
        job = jobs.submit(Task(kind=JobKind.REBUILD, sources=sources, lock_wait_s=LOCK_WAIT_S))
        return _respond(job, status=202, headers={"Location": f"{routes.prefix}/jobs/{job.id}"})

    @routes.get("/jobs", summary="List the jobs", response_model=JobList)
    def every() -> Response:
        """Return the jobs of this server, the newest first; the last 100 that ended are kept."""
        return JSONResponse({"jobs": [job.document().model_dump(mode="json") for job in jobs.all()]})

    @routes.get("/jobs/{job_id}", summary="Follow a job", response_model=JobDocument, responses=NO_JOB)
    def one(job_id: JobId) -> Response:
        """Return where a job stands: its stage, its counts, and in the end what it did."""
        return _respond(jobs.get(job_id))

    @routes.delete(
        "/jobs/{job_id}",
        summary="Cancel a job",
        response_model=JobDocument,
        status_code=202,
        responses={
            **NO_JOB,
            403: WRITE_PROBLEMS[403],
            409: {"model": Problem, "description": "The job has ended already"},
            200: {"model": JobDocument, "description": "It is cancelled"},
        },
    )
    def cancel(job_id: JobId) -> Response:
        """Give a job up. One that runs ends in order and keeps what it has embedded; that takes seconds."""
        job = jobs.cancel(job_id)
        return _respond(job, status=200 if job.is_over else 202)

    return routes


def _respond(job: Job, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(job.document().model_dump(mode="json"), status_code=status, headers=headers)


def _sources(settings: "Settings", body: RebuildBody) -> tuple[str, ...] | Problem:
    """Return the places that a rebuild reads, none for the catalogue, or what is wrong with the request.

    Only what the settings name is read: a path from the request would open every file of this machine.
    """
    configured = sources_of(settings.sources, settings.sync)
    if body.origin == "catalogue":
        return () if not body.sources else _refused("#/sources", "leave it out, or `from`: one of the two")
    if not configured and (body.sources or body.origin):
        return _refused("#/sources", "no sources are configured: name them in the setting `sources`")
    try:
        return tuple(source.place for source in choose(configured, body.sources))
    except ConfigError as error:
        return _refused("#/sources", f"{error}; only those of the setting `sources` are read")


def _refused(pointer: str, detail: str) -> Problem:
    return Problem(
        type="urn:dateline:problem:source",
        title="The source cannot be read",
        status=422,
        detail=detail,
        errors=[FieldProblem(pointer=pointer, detail=detail)],
    )
