"""The server over a real socket: streams, a client that leaves, signals, a port in use."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from index.errors import DatelineError
from tests.ui.fake_engine import APPROVED, FakeEngine
from tests.ui.live import running
from ui.api.errors import ServeError
from ui.api.server import listen, serve

ROOT = Path(__file__).parents[3]
STREAM = {"question": "When?", "stream": True}


def test_the_page_and_the_api_answer_side_by_side():
    with running(FakeEngine()) as url, httpx.Client(base_url=url) as client:
        page = client.get("/")
        assert page.status_code == 200
        assert "<title>Dateline</title>" in page.text or "Dateline" in page.text
        assert "unsafe-eval" not in page.headers["content-security-policy"]
        assert client.get("/v1/index").json()["version"] == "000007"
        assert client.get("/v1/nonsense").headers["content-type"] == "application/problem+json"
        assert client.get("/v1/ask").status_code == 405
        assert client.get("/docs").status_code == 200
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    "path", ["/gradio_api/upload", "/gradio_api/vibe-edit", "/gradio_api/process_recording"]
)
def test_the_page_opens_no_door_that_it_does_not_use(path):
    with running(FakeEngine()) as url:
        assert httpx.post(f"{url}{path}", json={}).status_code == 404


def test_events_arrive_while_the_answer_is_being_made():
    gate = threading.Event()
    with (
        running(FakeEngine(gate=gate)) as url,
        httpx.stream("POST", f"{url}/v1/ask", json=STREAM, timeout=20) as response,
    ):
        lines = response.iter_lines()
        seen = [line for line in (next(lines) for _ in range(5)) if line.startswith("event:")]
        assert seen == ["event: plan", "event: passages"]
        gate.set()
        rest = list(lines)
    assert json.loads(rest[-2].removeprefix("data: "))["answer"] == APPROVED.answer


def test_a_client_that_leaves_stops_the_engine():
    engine = FakeEngine(token_delay=0.05)
    with running(engine) as url:
        host, port = url.removeprefix("http://").split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        connection.request("POST", "/v1/ask", json.dumps(STREAM), {"Content-Type": "application/json"})
        response = connection.getresponse()
        assert response.readline() == b"event: plan\n"
        response.close()
        connection.close()
        assert engine.stopped.wait(5)
        assert not engine.finished.is_set()


def test_health_answers_while_every_worker_is_busy():
    gate = threading.Event()
    with running(FakeEngine(gate=gate)) as url:
        askers = [
            threading.Thread(target=httpx.post, args=(f"{url}/v1/ask",), kwargs={"json": {"question": "?"}})
            for _ in range(45)
        ]
        for asker in askers:
            asker.start()
        try:
            time.sleep(0.3)
            assert httpx.get(f"{url}/healthz", timeout=3).status_code == 200
        finally:
            gate.set()
            for asker in askers:
                asker.join()


def test_the_engine_is_warmed_up_behind_the_page_and_closed_at_the_end():
    engine = FakeEngine()
    with running(engine):
        assert engine.warmed.wait(5)
        assert not engine.closed.is_set()
    assert engine.closed.wait(5)


def test_a_failing_warm_up_leaves_the_page_up(caplog):
    engine = FakeEngine()

    def fail() -> None:
        engine.warmed.set()
        raise DatelineError("the weights are missing: run `make install`")

    engine.warm_up = fail
    with running(engine) as url:
        assert engine.warmed.wait(5)
        assert httpx.get(f"{url}/healthz").status_code == 200
    assert "the weights are missing" in caplog.text


def test_a_port_in_use_is_one_line_that_says_what_to_do():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"port {port} is in use: choose another with --port"):
            serve(FakeEngine(), "127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "port", "says"),
    [("203.0.113.9", 0, "not an address of this machine"), ("127.0.0.1", 70_000, "does not exist")],
)
def test_an_address_that_cannot_be_is_explained(host, port, says):
    with pytest.raises(ServeError, match=says):
        listen(host, port)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_server_in_order(name):
    script = (
        "from tests.ui.fake_engine import FakeEngine\n"
        "from ui.api.server import serve\n"
        "engine = FakeEngine()\n"
        "serve(engine, port=0, on_ready=lambda url: print(url, flush=True))\n"
        "print('closed' if engine.closed.is_set() else 'open')\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        os.kill(process.pid, getattr(signal, name))
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert out == "closed\n"
    assert err == ""
    assert process.returncode == 0
