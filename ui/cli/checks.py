"""What `dateline doctor` looks at, one function to a check."""

import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import DatelineError
from ui.cli.errors import describe

if TYPE_CHECKING:
    from ui.cli.backend import Backend
    from ui.config import AppSettings

OLDEST_PYTHON = (3, 11)
LOW_DISK_BYTES = 1_000_000_000
UNIT_TOLERANCE = 1e-3
SAMPLE_TEXT = "The council approved the bridge on 14 January 2025."
_REINSTALL = "run `make install`"


class Status(StrEnum):
    """How a check came out; only `fail` stops Dateline from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; `mend` says what to do where it is not ok."""

    name: str
    status: Status
    detail: str
    mend: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """Return the JSON form."""
        return {"name": self.name, "status": self.status.value, "detail": self.detail, "mend": self.mend}


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
    yield _attempt("embedding model", lambda: embedding_model(backend, settings), mend=_REINSTALL)
    yield from language_models(backend, settings)
    yield _attempt(
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
        yield _attempt(
            name,
            lambda weights=weights, name=name: Check(  # type: ignore[misc]
                name=name,
                status=Status.OK,
                detail=f"{weights.verified_path().name}, sha256 {weights.sha256[:12]}…",
            ),
            mend=_REINSTALL,
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
            name="packages", status=Status.WARN, detail="dateline itself is not installed", mend=_REINSTALL
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
        return Check(name="packages", status=status, detail="; ".join(problems), mend=_REINSTALL)
    return Check(name="packages", status=Status.OK, detail=f"{count} as asked for, torch {_version('torch')}")


def embedding_model(backend: "Backend", settings: "AppSettings") -> Check:
    """Embed a sentence and look at the vector's length."""
    started = time.perf_counter()
    embedder = backend.embedder(settings)
    vector = embedder.embed_query(SAMPLE_TEXT)
    length = float((vector * vector).sum()) ** 0.5
    if vector.shape != (embedder.info.dimension,) or abs(length - 1) > UNIT_TOLERANCE:
        return Check(
            name="embedding model",
            status=Status.FAIL,
            detail=f"{embedder.info.name} gave a vector of shape {vector.shape}, length {length:.3f}",
            mend=_REINSTALL,
        )
    return Check(
        name="embedding model",
        status=Status.OK,
        detail=f"{embedder.info.name}, {embedder.info.dimension} dimensions, {_since(started)}",
    )


def language_models(backend: "Backend", settings: "AppSettings") -> Iterator[Check]:
    """Try the language model, or each of a chain; one that fails beside others is a warning."""
    entries = settings.generate.models
    if not entries:
        yield _attempt("language model", lambda: language_model(backend, settings), mend=_REINSTALL)
        return
    for entry in entries:
        if entry.model in ("none", "quote") and len(entries) > 1:
            continue
        alone = settings.model_copy(
            update={"generate": settings.generate.model_copy(update={"models": (entry,)})}
        )
        name = f"language model {entry.model}"
        check = _attempt(name, partial(language_model, backend, alone), mend=_REINSTALL)
        softer = Status.WARN if check.status is Status.FAIL and len(entries) > 1 else check.status
        yield replace(check, name=name, status=softer)


def language_model(backend: "Backend", settings: "AppSettings") -> Check:
    """Start the language model and have it write a few words."""
    started = time.perf_counter()
    name, text = backend.write_sample(settings)
    if name is None:
        return Check(
            name="language model", status=Status.OK, detail="none is configured: answers are quotations"
        )
    if not text.strip():
        return Check(
            name="language model",
            status=Status.WARN,
            detail=f"{name} started and wrote nothing",
            mend="answers will be quotations; choose another model with generate.model",
        )
    return Check(name="language model", status=Status.OK, detail=f"{name} writes, {_since(started)}")


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


def _attempt(name: str, check: Callable[[], Check], *, mend: str) -> Check:
    """Make a check; whatever goes wrong in it is its result."""
    try:
        return check()
    except DatelineError as error:  # its text says how to mend it
        return Check(name=name, status=Status.FAIL, detail=describe(error))
    except Exception as error:  # noqa: BLE001 - a doctor reports what it finds and goes on
        return Check(name=name, status=Status.FAIL, detail=describe(error), mend=mend)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def _since(started: float) -> str:
    return f"{time.perf_counter() - started:.1f} s"
