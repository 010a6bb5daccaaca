"""Whether the process lives, and whether it can answer."""

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from ui.api.problems import Problem, respond
from ui.api.schemas import Alive

if TYPE_CHECKING:
    from rag.engine import Engine


def router(engine: "Engine") -> APIRouter:
    """Return the routes that a supervisor asks."""
    routes = APIRouter(tags=["health"])

    @routes.get("/healthz", summary="Is the process alive?")
    async def healthz() -> Alive:
        """Answer always; on the event loop, so that busy workers do not delay it."""
        return Alive()

    @routes.get(
        "/readyz",
        summary="Can questions be answered?",
        responses={
            200: {"description": "Yes", "content": {"application/json": {"example": {"ready": True}}}},
            503: {"model": Problem, "description": "Not now; `detail` says why and how to mend it"},
        },
        response_class=JSONResponse,
    )
    def readyz() -> Response:
        """Look at the index and the language model."""
        readiness = engine.readiness()
        if readiness.ready:
            return JSONResponse(readiness.to_dict())
        problem = Problem(
            type="urn:dateline:problem:not-ready",
            title="Not ready",
            status=503,
            detail=readiness.problem or "the engine is starting",
            instance="/readyz",
        )
        return respond(problem, {"Retry-After": "2"})

    return routes
