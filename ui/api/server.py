"""Serves the page at `/` and the API at `/v1` until a signal, on one engine."""

import contextlib
import errno
import logging
import socket
import threading
from collections.abc import AsyncIterator, Callable, Collection, Generator
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import DatelineError
from ui.api.app import MAX_BODY_BYTES, create_app, jobs_of
from ui.api.errors import ServeError
from ui.api.security import BodyLimit, HostGuard, SecurityHeaders
from ui.web.mount import is_page_path, mount_page

if TYPE_CHECKING:
    from rag.engine import Engine
    from ui.config import Writes
    from ui.jobs.queue import Jobs

logger = logging.getLogger(__name__)

LAST_PORT = 65_535
SHUTDOWN_SECONDS = 5
WARM_UP_GRACE_SECONDS = 10.0

OnReady = Callable[[str], None]


def serve(
    engine: "Engine",
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    allowed_hosts: Collection[str] = (),
    writes: "Writes" = "auto",
    on_ready: OnReady | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, then end the job that runs, if any, and close the engine.

    The page is up at once; the models load behind it. `on_ready` is given the address once
    connections are accepted. `writes` says who may change the index.

    Raises:
        ServeError: the address cannot be listened on, because the port is in use for example.
    """
    listener = listen(host, port)
    with listener:
        server = make_server(
            engine, listener, host=host, allowed_hosts=allowed_hosts, writes=writes, on_ready=on_ready
        )
        server.run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, so that nothing else can take the port before the server is up.

    Raises:
        ServeError: one line that says why not, and what to choose instead.
    """
    if not 0 <= port <= LAST_PORT:
        raise ServeError(f"port {port} does not exist: choose one from 1 to {LAST_PORT} with --port")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ServeError(_why(error, host, port)) from error


def make_server(
    engine: "Engine",
    listener: socket.socket,
    *,
    host: str,
    allowed_hosts: Collection[str] = (),
    writes: "Writes" = "auto",
    on_ready: OnReady | None = None,
) -> uvicorn.Server:
    """Return the server for a listening socket; its `run(sockets=[listener])` serves."""
    config = uvicorn.Config(
        Site(engine, bound=host, allowed_hosts=allowed_hosts, writes=writes),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    return _Server(config, lambda: on_ready and on_ready(address(listener)))


def address(listener: socket.socket) -> str:
    """Return the URL under which a listening socket is reached from this machine."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not bound to
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Site:
    """The API and the page side by side, so that neither answers for the other's addresses."""

    def __init__(
        self,
        engine: "Engine",
        *,
        bound: str,
        allowed_hosts: Collection[str] = (),
        writes: "Writes" = "auto",
    ) -> None:
        queue = jobs_of(engine)
        self._api = create_app(engine, bound=bound, allowed_hosts=allowed_hosts, writes=writes, queue=queue)
        page = FastAPI(openapi_url=None, lifespan=lambda _: _running(engine, queue))
        page.add_middleware(BodyLimit, most=MAX_BODY_BYTES)
        page.add_middleware(HostGuard, bound=bound, allowed=allowed_hosts)
        page.add_middleware(SecurityHeaders)
        self._page: ASGIApp = mount_page(page, engine)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the API or to the page; start-up and shutdown to the page's lifespan.

        The API answers for what is nobody's address too: with a problem document.
        """
        to_page = scope["type"] != "http" or is_page_path(scope["path"])
        await (self._page if to_page else self._api)(scope, receive, send)


class _Server(uvicorn.Server):
    """Says when it accepts connections, and takes a signal to stop as a normal end."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], object]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_started()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        # uvicorn raises the signals again once it has stopped; the process would end by one,
        # before the caller has closed what it holds.
        with super().capture_signals():
            yield
            self._captured_signals.clear()


@contextlib.asynccontextmanager
async def _running(engine: "Engine", queue: "Jobs") -> AsyncIterator[None]:
    """Load the models behind the page's back; at the end, end the jobs and close the engine."""
    warming = threading.Thread(target=_warm_up, args=(engine,), name="warm-up", daemon=True)
    warming.start()
    try:
        yield
    finally:
        await run_in_threadpool(queue.close)
        # A model that is being started when the server stops must not outlive it.
        warming.join(WARM_UP_GRACE_SECONDS)
        engine.close()


def _warm_up(engine: "Engine") -> None:
    try:
        engine.warm_up()
    except DatelineError as error:
        logger.warning("not ready: %s", error)
    except Exception:  # the service goes on: each question loads them anew, and says what fails
        logger.exception("the models could not be loaded")


def _why(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"port {port} is in use: choose another with --port, or stop what listens there"
        case errno.EACCES:
            return f"port {port} needs rights that this user does not have: choose one above 1023 with --port"
        case errno.EADDRNOTAVAIL:
            return f"{host!r} is not an address of this machine: choose one with --host, such as 127.0.0.1"
    if isinstance(error, socket.gaierror):
        return f"{host!r} is not a host name or address: choose one with --host, such as 127.0.0.1"
    return f"cannot listen on {host} port {port}: {error.strerror or error}"
