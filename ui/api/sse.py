"""An engine's events as server-sent events; a client that goes away stops the engine."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio
from anyio.to_thread import run_sync
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from starlette.types import Receive, Scope, Send

from index.errors import DatelineError
from rag.events import Event
from ui.api.problems import UNEXPECTED, problem_of

logger = logging.getLogger(__name__)

KEEPALIVE_SECONDS = 15.0
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


class EventStreamResponse(EventSourceResponse):
    """A stream whose source is closed however the response ends."""

    body_iterator: "EventStream"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events; then, or when the client goes away, close the engine's generator."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await self.body_iterator.aclose()


class EventStream:
    """The bytes of an event stream, made from an engine's synchronous generator.

    The generator runs in a worker thread. While it is busy for long, comments keep proxies from
    closing the connection. An error in mid-stream becomes the event `error`, whose data is a
    problem document, and ends the stream.
    """

    def __init__(
        self, events: Iterator[Event], *, instance: str, keepalive: float = KEEPALIVE_SECONDS
    ) -> None:
        self._events = events
        self._instance = instance
        self._keepalive = keepalive
        self._pending: asyncio.Task[Event | None] | None = None

    @classmethod
    async def open(cls, events: Iterator[Event], *, instance: str) -> "EventStream":
        """Start the engine and wait for its first event.

        Raises:
            DatelineError: what the engine raises before its first event, while an HTTP status can
                still say so.
        """
        stream = cls(events, instance=instance)
        first = asyncio.ensure_future(stream._next())
        stream._pending = first
        try:
            await asyncio.wait({first})
            first.result()
        except BaseException:
            with anyio.CancelScope(shield=True):
                await stream.aclose()
            raise
        return stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield each event as bytes."""
        try:
            while True:
                self._pending = self._pending or asyncio.ensure_future(self._next())
                done, _ = await asyncio.wait({self._pending}, timeout=self._keepalive)
                if not done:
                    yield KEEPALIVE_COMMENT
                    continue
                event, self._pending = self._pending.result(), None
                if event is None:
                    return
                yield _encode(event.name, event.to_dict())
        except DatelineError as error:
            yield _encode("error", problem_of(error, self._instance).to_dict())
        except Exception:  # the outermost frame of a stream: the status is already sent
            logger.exception("%s failed in mid-stream", self._instance)
            yield _encode("error", UNEXPECTED.model_copy(update={"instance": self._instance}).to_dict())

    async def aclose(self) -> None:
        """Wait for the event in the making, if any, and close the generator."""
        if self._pending is not None:
            await asyncio.wait({self._pending})
            if not self._pending.cancelled():
                self._pending.exception()
            self._pending = None
        close = getattr(self._events, "close", None)
        if close is not None:
            await run_sync(close)

    async def _next(self) -> Event | None:
        return await run_sync(next, self._events, None)


def _encode(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False, allow_nan=False))
