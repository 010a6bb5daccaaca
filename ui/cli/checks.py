"""What `dateline doctor` looks at, one function to a check."""

import shutil
import socket
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import DatelineError
from ui.cli.check import REINSTALL, Check, Status, attempt
from ui.cli.errors import describe
from ui.cli.model_checks import embedding_model, judge, language_models

if TYPE_CHECKING:
    from ui.cli.backend import Backend
    from ui.config import AppSettings

OLDEST_PYTHON = (3, 11)
LOW_DISK_BYTES = 1_000_000_000


def every_check(backend: "Backend", config: Path | None, index: Path | None) -> Iterator[Check]:
    """Yield every check as it is done; a broken one does not keep the others from being made."""
    yield python_version()
    yield packages()
    yield from weights_checks(backend)
    try:
        settings = backend.settings(config, index)
    except DatelineError as error:
        yield Check(name="settings", status=Status.FAIL, detail=describe(error), mend="correct the setting")
        return
    yield Check(
        name="settings", status=Status.OK, detail=str(config) if config else "defaults and environment"
    )
    yield attempt("embedding model", lambda: embedding_model(backend, settings), mend=REINSTALL)
    yield from language_models(backend, settings)
    yield from judge(backend, settings)
    yield attempt(
        "index",
        lambda: index_folder(backend, settings),
        mend="run `dateline index verify` to see what is damaged",
    )
    yield free_disk(settings.index)
    yield port(settings.serve.host, settings.serve.port)


def weights_checks(backend: "Backend") -> Iterator[Check]:
    """Compare each packaged weights file with the checksum that is expected of it."""
    for weights in backend.packaged_weights():
        name = f"weights {weights.distribution}"
        yield attempt(
            name,
            lambda weights=weights, name=name: Check(  # type: ignore[misc]
                name=name,
                status=Status.OK,
                detail=f"{weights.verified_path().name}, sha256 {weights.sha256[:12]}…",
            ),
            mend=REINSTALL,
        )


def python_version() -> Check:
    """Compare the interpreter with the oldest one that is supported."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        return Check(name="python", status=Status.OK, detail=f"{found} ({sys.executable})")
    return Check(name="python", status=Status.FAIL, detail=found, mend="install Python 3.11 or newer")


def packages() -> Check:
    """Compare the installed packages with what this release asks for."""
    from packaging.requirements import Requirement

    try:
        asked = [Requirement(line) for line in metadata.requires("dateline") or ()]
    except metadata.PackageNotFoundError:
        return Check(
            name="packages", status=Status.WARN, detail="dateline itself is not installed", mend=REINSTALL
        )
    problems, count = [], 0
    for requirement in asked:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        count += 1
        try:
            found = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            problems.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(found, prereleases=True):
            problems.append(f"{requirement.name} is {found}, not {requirement.specifier}")
    if problems:
        missing = any(problem.endswith("missing") for problem in problems)
        status = Status.FAIL if missing else Status.WARN
        return Check(name="packages", status=status, detail="; ".join(problems), mend=REINSTALL)
    return Check(name="packages", status=Status.OK, detail=f"{count} as asked for, torch {_version('torch')}")


def index_folder(backend: "Backend", settings: "AppSettings") -> Check:
    """Open the index as a question would, without reading every byte."""
    archive = backend.archive(settings)
    if not archive.exists():
        return Check(
            name="index",
            status=Status.WARN,
            detail=f"none in {str(settings.index)!r} yet",
            mend="make one with `dateline index build FOLDER`",
        )
    with archive.open(embedder=backend.embedder(settings).info) as snapshot:
        counts = f"{snapshot.article_count:,} articles, {snapshot.chunk_count:,} chunks"
        return Check(name="index", status=Status.OK, detail=f"version {snapshot.version}: {counts}")


def free_disk(index: Path) -> Check:
    """Look at the space left where the index is, or would be."""
    folder = index.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    detail = f"{free / 1e9:,.1f} GB free at {folder}"
    if free < LOW_DISK_BYTES:
        return Check(
            name="disk", status=Status.WARN, detail=detail, mend="free some space before building an index"
        )
    return Check(name="disk", status=Status.OK, detail=detail)


def port(host: str, number: int) -> Check:
    """See whether `dateline serve` could listen where it is configured to."""
    detail = f"{host}:{number}"
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, number), family=family):
            return Check(name="port", status=Status.OK, detail=f"{detail} is free")
    except (OSError, UnicodeError) as error:
        return Check(
            name="port",
            status=Status.WARN,
            detail=f"{detail}: {getattr(error, 'strerror', None) or error}",
            mend="serve on another with `dateline serve --port PORT`",
        )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"
