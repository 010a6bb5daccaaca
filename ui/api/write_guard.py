"""Who may change the index over HTTP, and how such a request has to look.

A page of another site can make a browser send requests to this machine. It cannot send them as JSON
without being asked about first, which this server never agrees to, and it cannot hide where it is from.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.api.problems import Problem, respond
from ui.api.security import SAFE_METHODS
from ui.config import Writes, takes_writes

PREFIXES = ("/v1/articles", "/v1/index")
OWN_SITES = frozenset({"same-origin", "none"})
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class WriteGuard:
    """Refuses requests that would change the index, unless the settings and the request's form allow it.

    Args:
        app: the application behind it.
        writes: the setting `serve.writes`.
        bound: the address that is listened on.
        allowed: the setting `serve.allowed_hosts`.
    """

    def __init__(self, app: ASGIApp, *, writes: Writes, bound: str, allowed: Collection[str] = ()) -> None:
        self._app = app
        self._writes = writes
        self._open = takes_writes(writes, bound, allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer with a problem document."""
        refusal = None
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and _is_write(scope["path"]):
            refusal = self._refusal(scope["method"], Headers(scope=scope))
        if refusal is None:
            await self._app(scope, receive, send)
            return
        await respond(refusal.model_copy(update={"instance": scope["path"]}))(scope, receive, send)

    def _refusal(self, method: str, headers: Headers) -> Problem | None:
        if not self._open:
            return _refused(_why_not(self._writes))
        if self._writes == "auto" and any(name in headers for name in FORWARDED):
            return _refused(
                "the request came through a proxy: set `serve.writes` to `on` to take changes from it"
            )
        if foreign := _foreign_site(headers):
            return _refused(f"a page of {foreign} may not change the index: send the request from a program")
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if method == "POST" and media_type != "application/json" and (media_type or _has_body(headers)):
            return Problem(
                type="urn:dateline:problem:media-type",
                title="The body is not announced as JSON",
                status=415,
                detail=f"the body is sent as {media_type!r}: send the header Content-Type: application/json",
            )
        return None


def _is_write(path: str) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in PREFIXES)


def _refused(detail: str) -> Problem:
    return Problem(
        type="urn:dateline:problem:writes-refused",
        title="The index cannot be changed over HTTP",
        status=403,
        detail=detail,
    )


def _why_not(writes: Writes) -> str:
    if writes == "off":
        return "the setting `serve.writes` is `off`: set it to `on`, or use the command `dateline index`"
    return (
        "other machines can reach this server, and there is no log-in: set `serve.writes` to `on` if all of "
        "them may change the index, or use the command `dateline index`"
    )


def _foreign_site(headers: Headers) -> str:
    """Return the site whose page sent the request; empty where it is this server's own, or no page."""
    origin = headers.get("origin")
    if origin is not None and _authority(origin) != headers.get("host", "").lower():
        return repr(origin)
    site = headers.get("sec-fetch-site")
    return "another site" if site is not None and site.strip().lower() not in OWN_SITES else ""


def _authority(origin: str) -> str | None:
    """Return host and port of an origin as a Host header has them; None for what is no origin."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0").strip("0 ") != ""
