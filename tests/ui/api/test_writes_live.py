"""The server as it is really started, over an index that is not there yet: articles in, found, and gone."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.lock import writer_lock
from tests.ui.cli.test_process import ROOT

pytestmark = pytest.mark.integration

FERRY = {
    "title": "Ferry strike ends",
    "text": "The ferry strike in Stellhaven ended on Friday after eleven days.",
    "url": "https://courier.example/2026/03/06/ferry",
    "published": "2026-03-06",
}
PATIENCE_S = 60


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[httpx.Client, "subprocess.Popen[str]"]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--port", "0"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "DATELINE_GENERATE__MODEL": "none"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stderr)
        url = next(match[0] for match in found if match)
        with httpx.Client(base_url=url, timeout=PATIENCE_S) as client:
            yield client, process
    finally:
        process.kill()
        process.communicate()


def titles(client: httpx.Client, query: str) -> list[str]:
    response = client.post("/v1/search", json={"query": query})
    return [one["title"] for one in response.json().get("passages", ())]


def ended(client: httpx.Client, place: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        job: dict[str, Any] = client.get(place).json()
        if job["state"] not in {"queued", "running"}:
            return job
        time.sleep(0.1)
    raise AssertionError(f"it did not end: {job}")


def test_what_is_posted_is_found_at_once_and_what_is_deleted_is_not(tmp_path: Path):
    with served(tmp_path) as (client, _):
        assert client.get("/readyz").status_code == 503
        posted = client.post("/v1/articles", json=FERRY)
        assert (posted.status_code, posted.json()["version"]) == (201, "000001")
        assert client.get("/readyz").json()["index_version"] == "000001"
        assert titles(client, "ferry strike Stellhaven") == [FERRY["title"]]

        again = client.post("/v1/articles", json=FERRY)
        assert (again.status_code, again.json()["changed"]) == (200, False)
        changed = client.post(
            "/v1/articles", json=FERRY | {"text": "The ferry strike goes on in Stellhaven."}
        )
        assert (changed.status_code, changed.json()["updated"]) == (200, 1)

        rebuild = client.post("/v1/index/rebuild")
        job = ended(client, rebuild.headers["location"])
        assert (job["state"], job["version"], job["report"]["embedded"]) == ("done", "000003", 0)

        article = posted.headers["location"]
        assert client.delete(article).json()["removed"] == 1
        assert titles(client, "ferry strike Stellhaven") == []
        assert (client.get(article).status_code, client.delete(article).status_code) == (410, 410)


def test_a_server_that_is_told_to_stop_ends_its_job(tmp_path: Path):
    index = tmp_path / ".dateline"
    with served(tmp_path) as (client, server):
        assert client.post("/v1/articles", json=FERRY).status_code == 201
        with writer_lock(index):
            locked = client.post("/v1/articles", json=FERRY)
            assert locked.status_code == 409
            assert f"process {os.getpid()}" in locked.json()["detail"]
            place = client.post("/v1/index/rebuild").headers["location"]
            while client.get(place).json()["state"] == "queued":
                time.sleep(0.05)
            server.send_signal(signal.SIGTERM)
            # The worker holds the other end of this pipe too: it closes with the last of the two.
            server.communicate(timeout=PATIENCE_S)
            assert server.returncode == 0
