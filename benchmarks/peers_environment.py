"""Virtual environments of the peers, each made once from pinned requirements, and what they take on disk.

To renew the pins of a peer, install the packages that its workers name into an empty environment, with
torch at the version of pyproject.toml, and write down what `pip freeze` says, without torch's `+cpu`.
"""

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from peers_process import run

WORKERS = Path(__file__).parent / "peers"
INSTALL_TIMEOUT_S = 1_800.0
READY_NAME = "ready.sha256"
_MIB = 1 << 20
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "PYTHONNOUSERSITE": "1",
}
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The environment of one peer: `folder` for it, `requirements` with every package pinned."""

    folder: Path
    requirements: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def is_ready(self) -> bool:
        """Whether it was made, to the end, of these requirements by this version of Python."""
        ready = self.folder / READY_NAME
        return ready.is_file() and ready.read_text(encoding="ascii") == self._recipe()

    def prepare(self) -> None:
        """Make it.

        Raises:
            PeerError: where that fails or takes too long.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        log = self.folder.with_suffix(".log")
        kept = without_settings(os.environ)
        make = [sys.executable, "-m", "venv", "--clear", str(self.folder)]
        install = [str(self.python), "-m", "pip", "install", "--no-input", "-r", str(self.requirements)]
        for command in (make, install):
            run(command, environment=kept, timeout_s=INSTALL_TIMEOUT_S, log=log)
        (self.folder / READY_NAME).write_text(self._recipe(), encoding="ascii")

    def installed_mib(self) -> float:
        """Return what its packages take, in MiB."""
        files = (
            path for path in (self.folder / "lib").rglob("*") if path.is_file() and not path.is_symlink()
        )
        return sum(path.stat().st_size for path in files) / _MIB

    def _recipe(self) -> str:
        recipe = f"{sys.version}\n{self.requirements.read_text(encoding='utf-8')}"
        return hashlib.sha256(recipe.encode()).hexdigest()


def without_settings(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables but those that would configure Dateline or lead to other packages."""
    return {
        name: value
        for name, value in variables.items()
        if not name.startswith("DATELINE_") and name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    }


def worker_variables(threads: int) -> dict[str, str]:
    """Return the variables with which a worker runs: no model hub, no telemetry, so many threads."""
    return without_settings(os.environ) | _OFFLINE | dict.fromkeys(_THREADS, str(threads))


def installed_with(name: str) -> float:
    """Return what a package takes with all that it needs, in MiB, in the environment that runs this.

    Packages for its tests and its development, which are extras, do not count.
    """
    seen: set[str] = set()
    waiting, size = [canonicalize_name(name)], 0
    while waiting:
        package = waiting.pop()
        if package in seen:
            continue
        seen.add(package)
        try:
            found = distribution(package)
        except PackageNotFoundError:
            continue
        paths = (Path(str(file.locate())) for file in found.files or ())
        size += sum(path.stat().st_size for path in paths if path.is_file())
        needed = (Requirement(line) for line in found.requires or ())
        waiting += [
            canonicalize_name(one.name)
            for one in needed
            if one.marker is None or one.marker.evaluate({"extra": ""})
        ]
    return size / _MIB
