"""The archive's articles."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from ui.api.problems import FieldProblem, Problem, Responses, respond
from ui.api.schemas import MAX_POSTED, ArticleList, Changed, PostedArticles, StoredArticle
from ui.api.writing import write_now
from ui.jobs.job import Job, SkippedInput
from ui.jobs.task import JobKind, Task

if TYPE_CHECKING:
    from rag.engine import Engine
    from ui.jobs.queue import Jobs

MAX_OFFSET = 2**31
NO_ARCHIVE: Responses = {503: {"model": Problem, "description": "There is no index, or it cannot be read"}}
NO_ARTICLE: Responses = {
    404: {"model": Problem, "description": "No article has this id"},
    410: {"model": Problem, "description": "The article was removed"},
}
WRITE_PROBLEMS: Responses = {
    403: {"model": Problem, "description": "The index cannot be changed over HTTP, or not by this page"},
    409: {"model": Problem, "description": "Another process or job is writing; `detail` says which"},
    503: {"model": Problem, "description": "The index or a model is missing, damaged or mismatched"},
}
BODY_PROBLEMS: Responses = {
    413: {"model": Problem, "description": "The body is larger than 1 MiB: send it in parts"},
    415: {"model": Problem, "description": "The body is not announced as application/json"},
    422: {"model": Problem, "description": "Not one article could be taken; `errors` says why"},
}
ArticleId = Annotated[str, Path(examples=["9f2c4b1a7d3e5f60"])]


def router(engine: "Engine", jobs: "Jobs") -> APIRouter:
    """Return the routes that list, read, add and remove articles."""
    routes = APIRouter(prefix="/v1/articles", tags=["archive"])

    @routes.get("", summary="List the articles", response_model=ArticleList, responses=NO_ARCHIVE)
    def articles(
        limit: Annotated[int, Query(ge=1, le=1000, description="How many at most")] = 50,
        offset: Annotated[int, Query(ge=0, le=MAX_OFFSET, description="How many to pass over")] = 0,
    ) -> Response:
        """Return the live version's articles, newest published first."""
        records = engine.archive.list_articles(limit=limit, offset=offset)
        total = engine.archive.info().articles
        return JSONResponse({"articles": [record.to_dict() for record in records], "total": total})

    @routes.post(
        "",
        summary="Add or refresh articles",
        response_model=Changed,
        status_code=201,
        responses={
            **WRITE_PROBLEMS,
            **BODY_PROBLEMS,
            200: {"model": Changed, "description": "Nothing was new: refreshed, or unchanged"},
        },
    )
    async def add(body: PostedArticles) -> Response:
        """Take one article, or up to 1,000 in `articles`, and answer once they can be found.

        An article is known by its address, else by its `id`, else by its title and text: sent again
        it is refreshed, and costs nothing where it has not changed. Where there is no index yet, one
        is made.
        """
        records = _records(body)
        if isinstance(records, Problem):
            return respond(records)
        job = await write_now(engine, jobs, Task(kind=JobKind.ADD, articles=tuple(records)))
        changed = _changed(job, single="articles" not in body)
        if not changed.articles:
            return respond(_none_taken(changed.skipped))
        location = {"Location": f"/v1/articles/{changed.articles[0].id}"} if len(records) == 1 else None
        return JSONResponse(
            changed.model_dump(mode="json"), status_code=201 if changed.added else 200, headers=location
        )

    @routes.get(
        "/{article_id}",
        summary="Read an article",
        response_model=StoredArticle,
        responses={**NO_ARTICLE, **NO_ARCHIVE},
    )
    def article(article_id: ArticleId) -> Response:
        """Return one article's record and its text."""
        return JSONResponse(engine.archive.article(article_id).to_dict())

    @routes.delete(
        "/{article_id}",
        summary="Remove an article",
        response_model=Changed,
        responses={**NO_ARTICLE, **WRITE_PROBLEMS},
    )
    async def remove(article_id: ArticleId) -> Response:
        """Remove an article with all outlets' copies of the same text, and answer once it is gone.

        No answer is given from it afterwards; its id is known as removed (410).
        """
        await run_in_threadpool(engine.archive.check_article, article_id)
        job = await write_now(engine, jobs, Task(kind=JobKind.REMOVE, article_id=article_id))
        return JSONResponse(_changed(job).model_dump(mode="json"))

    return routes


def _records(body: Mapping[str, Any]) -> list[dict[str, Any]] | Problem:
    """Return the records of a request, or what is wrong with it."""
    if "articles" not in body:
        return [dict(body)]
    records = body["articles"]
    if not isinstance(records, list) or not 1 <= len(records) <= MAX_POSTED:
        return _malformed("#/articles", f"send a list of 1 to {MAX_POSTED:,} articles")
    for number, record in enumerate(records):
        if not isinstance(record, dict):
            return _malformed(f"#/articles/{number}", "send a JSON object with the article's fields")
    for name in body:
        if name != "articles":
            return _malformed(f"#/{name}", "there is no such field beside `articles`")
    return records


def _malformed(pointer: str, detail: str) -> Problem:
    return Problem(
        type="urn:dateline:problem:request",
        title="The request is not valid",
        status=422,
        detail=f"{pointer.removeprefix('#/')}: {detail}",
        instance="/v1/articles",
        errors=[FieldProblem(pointer=pointer, detail=detail)],
    )


def _none_taken(skipped: list[SkippedInput]) -> Problem:
    more = f" (and {len(skipped) - 1} more)" if len(skipped) > 1 else ""
    return Problem(
        type="urn:dateline:problem:article",
        title="Not one article could be taken",
        status=422,
        detail=f"the article {skipped[0].reason}{more}",
        instance="/v1/articles",
        errors=[FieldProblem(pointer=one.origin, detail=one.reason) for one in skipped],
    )


def _changed(job: Job, *, single: bool = False) -> Changed:
    """Return what a job did; of a request with one article, what is wrong is said of the whole body."""
    document = job.document()
    report = document.report
    skipped = [one.model_copy(update={"origin": "#"}) if single else one for one in document.skipped]
    return Changed(
        version=document.version,
        changed=bool(report and report.changed),
        added=report.added if report else 0,
        updated=report.updated if report else 0,
        unchanged=report.unchanged if report else 0,
        removed=report.removed if report else 0,
        embedded=report.embedded if report else 0,
        articles=list(job.taken),
        skipped=skipped,
        seconds=round(report.seconds, 3) if report else 0.0,
        job=job.id,
    )
