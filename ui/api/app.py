"""The HTTP API over one engine."""

from collections.abc import Collection
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from ui.api import documentation, problems
from ui.api.routers import articles, ask, health, index
from ui.api.security import BodyLimit, HostGuard, SecurityHeaders

if TYPE_CHECKING:
    from rag.engine import Engine

MAX_BODY_BYTES = 2**20
DESCRIPTION = """
Cited, dated answers over an archive of news articles.

Every sentence of an answer carries the passages that support it; where the archive has no evidence,
the answer says so (`abstained`). A question has an as-of date: nothing published later is used.
Errors are problem documents (RFC 9457).
"""


def create_app(engine: "Engine", *, bound: str = "127.0.0.1", allowed_hosts: Collection[str] = ()) -> FastAPI:
    """Return the API as an ASGI application; the engine stays the caller's to close.

    Args:
        engine: what answers.
        bound: the address that the server listens on, for the check of the Host header.
        allowed_hosts: further host names to answer to; `*` for any.
    """
    app = FastAPIOffline(
        title="Dateline",
        version=_version(),
        description=DESCRIPTION.strip(),
        redoc_url=None,
        static_url="/docs/static",
    )
    problems.install(app)
    for module in (ask, articles, index, health):
        app.include_router(module.router(engine))
    documentation.install(app)
    app.add_middleware(BodyLimit, most=MAX_BODY_BYTES)
    app.add_middleware(HostGuard, bound=bound, allowed=allowed_hosts)
    app.add_middleware(SecurityHeaders)
    return app


def _version() -> str:
    try:
        return version("dateline")
    except PackageNotFoundError:
        return "0"
