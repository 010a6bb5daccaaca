"""The HTTP API over one engine."""

from collections.abc import Collection
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from ui.api import documentation, problems
from ui.api.routers import articles, ask, health, index, jobs
from ui.api.security import BodyLimit, HostGuard, SecurityHeaders
from ui.api.write_guard import WriteGuard
from ui.jobs.process import WorkerProcess
from ui.jobs.queue import Jobs

if TYPE_CHECKING:
    from rag.engine import Engine
    from ui.config import Writes

MAX_BODY_BYTES = 2**20
DESCRIPTION = """
Cited, dated answers over an archive of news articles.

Every sentence of an answer carries the passages that support it; where the archive has no evidence,
the answer says so (`abstained`). A question has an as-of date: nothing published later is used.
Errors are problem documents (RFC 9457).
"""


def create_app(
    engine: "Engine",
    *,
    bound: str = "127.0.0.1",
    allowed_hosts: Collection[str] = (),
    writes: "Writes" = "auto",
    queue: Jobs | None = None,
) -> FastAPI:
    """Return the API as an ASGI application; the engine and the queue stay the caller's to close.

    Args:
        engine: what answers.
        bound: the address that the server listens on, for the check of the Host header.
        allowed_hosts: further host names to answer to; `*` for any.
        writes: who may change the index: everybody (`on`), nobody (`off`), or this machine (`auto`).
        queue: what does the writing; each job in a process of its own by default.
    """
    queue = queue or jobs_of(engine)
    app = FastAPIOffline(
        title="Dateline",
        version=_version(),
        description=DESCRIPTION.strip(),
        redoc_url=None,
        static_url="/docs/static",
    )
    problems.install(app)
    for module in (ask, index, health):
        app.include_router(module.router(engine))
    for writing in (articles, jobs):
        app.include_router(writing.router(engine, queue))
    documentation.install(app)
    app.add_middleware(BodyLimit, most=MAX_BODY_BYTES)
    app.add_middleware(WriteGuard, writes=writes, bound=bound, allowed=allowed_hosts)
    app.add_middleware(HostGuard, bound=bound, allowed=allowed_hosts)
    app.add_middleware(SecurityHeaders)
    return app


def jobs_of(engine: "Engine") -> Jobs:
    """Return a queue whose jobs write to the engine's archive, each in a process of its own."""
    return Jobs(lambda task: WorkerProcess.start(engine.settings, task))


def _version() -> str:
    try:
        return version("dateline")
    except PackageNotFoundError:
        return "0"
