"""Safe by default: who may speak to the server, and what a browser may do with what it gets.

A page on the internet can make a browser send requests to this machine. `HostGuard` refuses those
that come under a foreign name (DNS rebinding) or from a foreign page (cross-site requests);
`SecurityHeaders` keeps the page from loading or sending anything elsewhere.
"""

import ipaddress
import socket
from collections.abc import Collection, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.api.problems import http_problem, respond, too_large

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
WILDCARD_ADDRESSES = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, not bound to
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",  # Gradio and Swagger both start from an inline script
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class HostGuard:
    """Answers only requests whose `Host`, and `Origin` if there is one, name this server.

    Args:
        app: the application behind it.
        bound: the address that is listened on. Where it is every address of the machine, addresses
            in numbers and the machine's own name pass: neither can be rebound by a foreign DNS.
        allowed: further names; `*` lets any pass.
    """

    def __init__(self, app: ASGIApp, *, bound: str = "127.0.0.1", allowed: Collection[str] = ()) -> None:
        self._app = app
        self._any = "*" in allowed
        self._everywhere = bound in WILDCARD_ADDRESSES
        self._names = LOOPBACK_NAMES | {_bare(bound)} | {_bare(name) for name in allowed}
        if self._everywhere:
            self._names |= {socket.gethostname().lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer with a problem document."""
        if scope["type"] not in {"http", "websocket"} or (refusal := self._refusal(scope)) is None:
            await self._app(scope, receive, send)
            return
        status, detail = refusal
        await respond(http_problem(status, detail, instance=scope["path"]))(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        host = _hostname(f"//{headers.get('host', '')}")
        if not self._answers_to(host):
            return 421, f"this server does not answer to the host {host!r}: add it to serve.allowed_hosts"
        origin = headers.get("origin")
        if origin is None or scope.get("method") in SAFE_METHODS or self._answers_to(_hostname(origin)):
            return None
        return 403, f"requests from the page {origin!r} are not taken: add its host to serve.allowed_hosts"

    def _answers_to(self, host: str) -> bool:
        return self._any or host in self._names or (self._everywhere and _is_address(host))


class BodyLimit:
    """Refuses a body by its announced length, or once it has grown too long."""

    def __init__(self, app: ASGIApp, *, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer with a problem document."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        if length.isdecimal() and int(length) > self._most:
            await respond(http_problem(413, too_large(scope["path"]), instance=scope["path"]))(
                scope, receive, send
            )
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)


class SecurityHeaders:
    """Adds the headers to every response that does not set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(message)
            await send(message)

        await self._app(scope, receive, complete)


def _complete(message: MutableMapping[str, Any]) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


def _hostname(url: str) -> str:
    """Return the lower-cased host of a URL without port and brackets; empty where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _bare(name: str) -> str:
    return name.strip().strip("[]").lower()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
