"""What a published version is made of: settings, counts and the checksum of every file."""

import hashlib
import json
from pathlib import PurePosixPath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from index.config import ChunkingConfig
from index.embedding import EmbedderInfo
from index.errors import ArchiveDamagedError, ArchiveMismatchError, ArchiveOutdatedError

MANIFEST_NAME = "manifest.json"
MANIFEST_SCHEMA = 1
DERIVED_FORM = 3
"""Form of the files that a version is searched by; raised when a release can no longer read older ones."""

MAX_MANIFEST_BYTES = 4 << 20

Mode = Literal["replace", "add", "remove", "repair", "rebuild"]


class FileRecord(BaseModel):
    """A file of the version as it was published."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)


class Manifest(BaseModel):
    """A version's description; it carries its own checksum, so that no bit of it can change unseen.

    `version` and `parent` are names such as `000007`. `files` maps paths inside the version's
    folder, with forward slashes, to what they must be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = MANIFEST_SCHEMA
    version: str = Field(pattern=r"^\d{6,}$")
    parent: str | None = Field(default=None, pattern=r"^\d{6,}$")
    mode: Mode
    created: str
    dateline: str
    embedder: EmbedderInfo
    metric: Literal["cosine"] = "cosine"
    derived: int = Field(default=1, ge=1)
    chunking: ChunkingConfig
    articles: int = Field(ge=0)
    chunks: int = Field(ge=0)
    added: int = Field(default=0, ge=0)
    updated: int = Field(default=0, ge=0)
    removed: int = Field(default=0, ge=0)
    contents: str = Field(default="", pattern=r"^(?:[0-9a-f]{64})?$")
    files: dict[str, FileRecord]

    @field_validator("files")
    @classmethod
    def _inside(cls, files: dict[str, FileRecord]) -> dict[str, FileRecord]:
        """Refuse a path that leaves the version's folder."""
        for name in files:
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or str(path) != name:
                raise ValueError(f"the path {name!r} leaves the folder")
        return files

    @property
    def number(self) -> int:
        """The version as a number."""
        return int(self.version)

    @property
    def size_bytes(self) -> int:
        """Size of the version's files."""
        return sum(record.bytes for record in self.files.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, without the checksum."""
        return self.model_dump(mode="json")

    def render(self) -> bytes:
        """Return the bytes of `manifest.json`."""
        body = self.to_dict()
        return _text(body | {"checksum": hashlib.sha256(_text(body)).hexdigest()})


def check_form(manifest: Manifest) -> None:
    """Make sure that this release can search the files of a version.

    Raises:
        ArchiveMismatchError: where an older release wrote them.
    """
    if manifest.derived != DERIVED_FORM:
        raise ArchiveOutdatedError(
            f"version {manifest.version} was written by Dateline {manifest.dateline}, whose files this "
            "release does not search: write them anew with `dateline index repair`"
        )


def parse_manifest(data: bytes, name: str) -> Manifest:
    """Read the bytes of a `manifest.json`; `name` is the version it must describe.

    Raises:
        ArchiveDamagedError: where a bit of it is not as it was written.
        ArchiveMismatchError: where a newer release wrote it.
    """
    try:
        body = json.loads(data)
        schema = body["schema_version"]
        if isinstance(schema, int) and schema > MANIFEST_SCHEMA and _is_intact(body, data):
            raise ArchiveMismatchError(
                f"version {name} was made by Dateline {body.get('dateline')} (manifest schema {schema}), "
                f"and this release reads up to {MANIFEST_SCHEMA}: upgrade Dateline"
            )
        if not _is_intact(body, data):
            raise ValueError("its checksum differs")  # noqa: TRY301 - one way out for all that is not as written
        manifest = Manifest.model_validate({key: value for key, value in body.items() if key != "checksum"})
        if manifest.version != name:
            raise ValueError(f"it describes version {manifest.version}")  # noqa: TRY301
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise ArchiveDamagedError(
            f"{MANIFEST_NAME} of version {name} is not as it was written ({reason}): check the index with "
            "`dateline index verify`, and build it anew with `dateline index build SOURCE...`"
        ) from error
    return manifest


def _is_intact(body: dict[str, Any], data: bytes) -> bool:
    """Whether the bytes are exactly those that were rendered, and the checksum is right."""
    rest = {key: value for key, value in body.items() if key != "checksum"}
    return bool(body["checksum"] == hashlib.sha256(_text(rest)).hexdigest() and data == _text(body))


def _text(body: dict[str, Any]) -> bytes:
    return json.dumps(body, indent=1, ensure_ascii=True, sort_keys=True).encode("ascii") + b"\n"
