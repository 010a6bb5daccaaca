"""What the archive holds."""

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from ui.api.routers.articles import NO_ARCHIVE
from ui.api.schemas import IndexInfo

if TYPE_CHECKING:
    from rag.engine import Engine


def router(engine: "Engine") -> APIRouter:
    """Return the route that describes the index."""
    routes = APIRouter(prefix="/v1/index", tags=["archive"])

    @routes.get("", summary="Describe the index", response_model=IndexInfo, responses=NO_ARCHIVE)
    def info() -> Response:
        """Return the live version's counts, dates, outlets and how it was made."""
        return JSONResponse(engine.archive.info().to_dict())

    return routes
