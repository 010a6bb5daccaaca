"""The stream by itself: what goes over the wire while the engine is slow."""

import asyncio
import threading

from fastapi.sse import KEEPALIVE_COMMENT

from tests.ui.fake_engine import FakeEngine
from ui.api.sse import EventStream


def test_a_slow_engine_is_bridged_by_comments():
    gate = threading.Event()

    async def read() -> list[bytes]:
        stream = EventStream(FakeEngine(gate=gate).stream("When?"), instance="/v1/ask", keepalive=0.02)
        sent = []
        async for chunk in stream:
            sent.append(chunk)
            if chunk == KEEPALIVE_COMMENT:
                gate.set()
        await stream.aclose()
        return sent

    sent = asyncio.run(read())
    assert KEEPALIVE_COMMENT in sent
    assert sent[-1].startswith(b"event: answer\n")


def test_closing_waits_for_the_event_in_the_making_and_then_stops_the_engine():
    engine = FakeEngine(gate=threading.Event())
    threading.Timer(0.1, engine.gate.set).start()

    async def leave_early() -> None:
        stream = await EventStream.open(engine.stream("When?"), instance="/v1/ask")
        chunks = aiter(stream)
        await anext(chunks)
        await anext(chunks)
        stream._pending = asyncio.ensure_future(stream._next())
        await stream.aclose()

    asyncio.run(leave_early())
    assert engine.stopped.is_set()
    assert not engine.finished.is_set()
