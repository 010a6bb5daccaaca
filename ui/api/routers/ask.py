"""Questions: a whole answer, an answer as it is made, or the passages alone."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from rag.answer import Answer
from rag.chronology import Timeline
from rag.question import Filters
from ui.api.problems import Problem, Responses
from ui.api.schemas import AskBody, Bounds, Passages, SearchBody
from ui.api.sse import HEADERS, EventStream, EventStreamResponse

if TYPE_CHECKING:
    from rag.engine import Engine

PROBLEMS: Responses = {
    413: {"model": Problem, "description": "The body is larger than 1 MiB"},
    422: {"model": Problem, "description": "The question, or another field, cannot be used as given"},
    502: {"model": Problem, "description": "The language model failed"},
    503: {"model": Problem, "description": "The archive or a model is missing, damaged or mismatched"},
}
STREAM_EXAMPLE = (
    'event: plan\ndata: {"standalone_question": "…", "as_of": "2026-03-03", …}\n\n'
    'event: passages\ndata: {"passages": […]}\n\n'
    'event: token\ndata: {"text": "The council "}\n\n'
    'event: claim\ndata: {"text": "…", "citations": [1], "supported": true, "support": 0.93, …}\n\n'
    'event: answer\ndata: {"question": "…", "answer": "…", …}\n\n'
)


def router(engine: "Engine") -> APIRouter:
    """Return the routes that answer and search."""
    routes = APIRouter(prefix="/v1", tags=["questions"])

    @routes.post(
        "/ask",
        summary="Ask a question",
        response_model=Answer | Timeline,
        responses={
            **PROBLEMS,
            200: {
                "description": "The answer, or the events of its making as server-sent events; or a timeline",
                "content": {"text/event-stream": {"example": STREAM_EXAMPLE}},
            },
        },
    )
    async def ask(
        request: Request, body: AskBody, accept: Annotated[str, Header(include_in_schema=False)] = ""
    ) -> Response:
        """Answer from the archive, each sentence with the passages that support it.

        Where the archive holds no evidence, `abstained` is true and `citations` are what is
        nearest. With `stream: true`, or `Accept: text/event-stream`, the events `plan`,
        `passages`, `token`, `claim` and `answer` are sent as they happen; a failure after the
        first of them is the event `error`, with a problem document. With `timeline: true` it is the
        dated course of the story that is given, one cited line per event. With `show_unsupported: true`
        `claims` ends with what the model wrote and no passage supports, each with its `reason`.
        """
        history = [message.to_message() for message in body.history]
        if body.timeline:
            told = await run_in_threadpool(
                partial(engine.timeline, body.question, history=history, **_filters(body))
            )
            return JSONResponse(told.to_dict())
        filters = _filters(body)
        filters["show_unsupported"] = body.show_unsupported
        if body.stream or "text/event-stream" in accept:
            events = engine.stream(body.question, history=history, **filters)
            stream = await EventStream.open(events, instance=request.url.path)
            return EventStreamResponse(stream, headers=HEADERS)
        answer = await run_in_threadpool(partial(engine.ask, body.question, history=history, **filters))
        return JSONResponse(answer.to_dict())

    @routes.post("/search", summary="Search the archive", response_model=Passages, responses=PROBLEMS)
    def search(body: SearchBody) -> Response:
        """Return the passages that answer best, without a language model.

        With `explain: true` each has an `explanation` too: what every stage of retrieval gave it.
        """
        found = engine.explain(body.query, **_filters(body))
        return JSONResponse(found.to_dict(explained=body.explain))

    return routes


def _filters(body: Bounds) -> Filters:
    return {
        "as_of": body.as_of,
        "since": body.since,
        "until": body.until,
        "sources": body.sources,
        "top_k": body.top_k,
        "include_undated": body.include_undated,
    }
