"""The archive's articles."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse, Response

from ui.api.problems import Problem, Responses
from ui.api.schemas import ArticleList, StoredArticle

if TYPE_CHECKING:
    from rag.engine import Engine

MAX_OFFSET = 2**31
NO_ARCHIVE: Responses = {503: {"model": Problem, "description": "There is no index, or it cannot be read"}}


def router(engine: "Engine") -> APIRouter:
    """Return the routes that list and read articles."""
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

    @routes.get(
        "/{article_id}",
        summary="Read an article",
        response_model=StoredArticle,
        responses={404: {"model": Problem, "description": "No article has this id"}, **NO_ARCHIVE},
    )
    def article(article_id: Annotated[str, Path(examples=["9f2c4b1a7d3e5f60"])]) -> Response:
        """Return one article's record and its text."""
        return JSONResponse(engine.archive.article(article_id).to_dict())

    return routes
