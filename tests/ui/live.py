"""Runs a server on a free port of the loopback in a thread."""

import contextlib
import threading
from collections.abc import Iterator

from tests.ui.fake_engine import FakeEngine
from ui.api.server import address, listen, make_server


@contextlib.contextmanager
def running(engine: FakeEngine) -> Iterator[str]:
    """Serve the page and the API; gives the address."""
    ready = threading.Event()
    with listen("127.0.0.1", 0) as listener:
        server = make_server(engine, listener, host="127.0.0.1", on_ready=lambda _: ready.set())
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            assert ready.wait(30), "the server did not start"
            yield address(listener)
        finally:
            server.should_exit = True
            thread.join(15)
