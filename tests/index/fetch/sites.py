"""Web servers on loopback whose every byte a test decides, and what stands in for time and names."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import httpcore

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]


Answer = bytes | Callable[[Request], Iterable[bytes]]


def answer(body: bytes = b"", status: int = 200, **headers: str) -> bytes:
    """An HTTP answer; `content_type="text/html"` becomes a Content-Type header."""
    lines = [f"HTTP/1.1 {status} Some Reason", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(to: str, status: int = 302) -> bytes:
    return answer(status=status, location=to)


class Site:
    """Answers each path with what `pages` holds; several answers are given one after the other."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Answer | list[Answer]] = {}
        self.requests: list[Request] = []
        self.connections = 0
        self.sent = 0
        self.stopped = threading.Event()
        self._tls = tls
        self._socket = socket.create_server((LOOPBACK, 0))
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        return self._socket.getsockname()[1]

    def url(self, path: str = "/", host: str = LOOPBACK) -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def close(self) -> None:
        if self.stopped.is_set():
            return
        self.stopped.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(10)
            try:
                if self._tls:
                    with self._tls.wrap_socket(connection, server_side=True) as secured:
                        self._reply(secured)
                else:
                    self._reply(connection)
            except OSError:
                return  # the client hung up: what many tests are about

    def _reply(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            data = connection.recv(65_536)
            if not data:
                return
            if data.startswith(b"\x16"):  # a TLS greeting to a server that speaks plain HTTP
                connection.sendall(answer(status=400))
                return
            head += data
        first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        request = Request(first.split(" ")[1], headers)
        self.requests.append(request)
        for piece in self._pieces(request):
            connection.sendall(piece)
            self.sent += len(piece)

    def _pieces(self, request: Request) -> Iterable[bytes]:
        found = self.pages.get(request.path, answer(status=404))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        return [found] if isinstance(found, bytes) else found(request)


def drip(site: Site, head: bytes, piece: bytes = b"x", every_s: float = 0.02) -> Answer:
    """An answer that goes on for ever, a little at a time."""

    def pieces(request: Request) -> Iterator[bytes]:
        yield head
        while not site.stopped.wait(every_s):
            yield piece

    return pieces


def flood(site: Site, head: bytes, piece: bytes) -> Answer:
    """An answer that goes on for ever, as fast as it can."""

    def pieces(request: Request) -> Iterator[bytes]:
        yield head
        while not site.stopped.is_set():
            yield piece

    return pieces


@dataclass
class FakeTime:
    """A clock that moves only when somebody sleeps."""

    now: float = 1_000.0
    sleeps: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(round(seconds, 6))
        self.now += seconds


@dataclass
class Names:
    """A resolver that knows what it was told, and records what it is asked."""

    known: dict[str, list[str]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self.known[host]


@dataclass
class NoNetwork(httpcore.NetworkBackend):
    """Records where connections would have gone, and makes none."""

    tried: list[str] = field(default_factory=list)

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.tried.append(host)
        raise httpcore.ConnectError("nothing is connected in this test")


class CannedNetwork(httpcore.MockBackend):
    """Gives every connection the same answer, and records where it would have gone."""

    def __init__(self, answer: bytes) -> None:
        super().__init__([answer])
        self.tried: list[str] = []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.tried.append(host)
        return super().connect_tcp(host, port, timeout, local_address, socket_options)
