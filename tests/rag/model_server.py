"""Servers of the OpenAI protocol in processes of their own, to be killed, stopped and slowed down.

`python -m tests.rag.model_server llama` runs llama.cpp's server with the packaged model, `scripted` one
that replies as its JSON argument says, and `proxy PORT RATE` passes what another sends on at RATE bytes
per second. Each prints the address at which it listens, and ends with its standard input.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent.parent
KEY = "a-key-of-the-tests"


class ServerProcess:
    """Starts a server with the arguments of this module; a context manager that ends it."""

    def __init__(self, *arguments: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.rag.model_server", *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.url = self._process.stdout.readline().strip()
        self.port = int(self.url.rpartition(":")[2])

    def __enter__(self) -> "ServerProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._process.stdin.close()
        self._process.stdout.close()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        os.kill(self._process.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WNOWAIT)

    def resume(self) -> None:
        os.kill(self._process.pid, signal.SIGCONT)

    def get(self, path: str):
        """Return what the server says about itself."""
        headers = {"Authorization": f"Bearer {KEY}"}
        return httpx.get(self.url + path, headers=headers, timeout=10, trust_env=False).json()

    def is_free(self, *, within_s: float = 3.0) -> bool:
        """Return whether none of a llama server's conversations is at work, now or soon."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if not any(slot["is_processing"] for slot in self.get("/slots")):
                return True
            time.sleep(0.02)
        return False


def _llama() -> None:
    import xllamacpp

    from rag.adapters.embedded_server import SMOLLM2_WEIGHTS

    params = xllamacpp.CommonParams()
    params.model.path = str(SMOLLM2_WEIGHTS.verified_path())
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.api_keys, params.model_alias = [KEY], {"other"}
    params.n_ctx, params.n_parallel = 2048, 2
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = max(1, (os.cpu_count() or 1) - 1)
    params.endpoint_slots, params.ui, params.verbosity = True, False, -1
    server = xllamacpp.Server(params)
    _announce(server.listening_address)


class _Scripted(BaseHTTPRequestHandler):
    """Gives one reply after another, the last one ever after; GET returns how many requests came.

    A reply has a `status`, `headers`, and `pieces` of text; `then` says how the text ends: "stop" as the
    protocol asks, "cut" without a reason, "hang" not at all.
    """

    script: tuple[dict, ...] = ()
    seen: int = 0

    def do_GET(self):
        self._plain(200, {}, json.dumps(type(self).seen))

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        reply = self.script[min(type(self).seen, len(self.script) - 1)]
        type(self).seen += 1
        if reply.get("status", 200) != 200:
            body = json.dumps({"error": {"message": reply.get("message", "as the script says")}})
            self._plain(reply["status"], reply.get("headers", {}), body)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for piece in reply["pieces"]:
            self._event({"content": piece}, None)
        then = reply.get("then", "stop")
        if then == "hang":
            threading.Event().wait()
        if then == "stop":
            self._event({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, delta, reason):
        choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": reason}
        event = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "m",
            "choices": [choice],
        }
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def _plain(self, status, headers, body):
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def _scripted(script: str) -> None:
    _Scripted.script = tuple(json.loads(script))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Scripted)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _announce(f"http://127.0.0.1:{server.server_port}")


def _proxy(port: str, rate: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", int(port)))
            threading.Thread(target=_pass_on, args=(client, server, 0), daemon=True).start()
            threading.Thread(target=_pass_on, args=(server, client, int(rate)), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    _announce(f"http://127.0.0.1:{listener.getsockname()[1]}")


def _pass_on(source: socket.socket, target: socket.socket, rate: int) -> None:
    try:
        while data := source.recv(max(1, rate // 10) if rate else 65536):
            target.sendall(data)
            if rate:
                time.sleep(0.1)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()
        target.close()


def _announce(address: str) -> None:
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    {"llama": _llama, "scripted": _scripted, "proxy": _proxy}[sys.argv[1]](*sys.argv[2:])
    os._exit(0)
