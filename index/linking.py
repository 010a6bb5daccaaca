"""Files that a version shares with the one before: a hard link instead of a copy, and no second reading."""

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from index.contents_file import Layout
from index.entries import Contents
from index.errors import ArchiveDamagedError
from index.integrity import MEND, FileIdentity, file_identity, file_problem
from index.manifest import MANIFEST_NAME, FileRecord, Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A version to start from: its folder, what it holds, and the records of files that were shared."""

    folder: Path
    manifest: Manifest
    contents: Contents
    layout: Layout
    shared: dict[FileIdentity, FileRecord] = field(default_factory=dict)

    def check(self, names: Iterable[str]) -> None:
        """Read files whole, where this process has not, and make sure that they are what was published.

        What is read and written again has to be checked: a new file would hide the damage.

        Raises:
            ArchiveDamagedError: where one is not.
        """
        for name in names:
            problem = file_problem(self.folder, name, self.manifest.files[name], thorough=False)
            if problem:
                raise ArchiveDamagedError(f"{str(self.folder / name)!r} {problem}: {MEND}")

    def share(self, name: str, target: Path) -> None:
        """Put a file into another version's folder without copying it, where the disk can do so."""
        source = self.folder / name
        target.parent.mkdir(exist_ok=True)
        try:
            os.link(source, target, follow_symlinks=False)
        except (OSError, NotImplementedError):  # no hard links here, or too many of this file
            shutil.copyfile(source, target)
            return
        self.shared[file_identity(target.lstat())] = self.manifest.files[name]

    def share_folder(self, name: str, target: Path, *, is_immutable: Callable[[str], bool]) -> list[str]:
        """Do so with the published files below a folder; copy those that are not immutable.

        Returns the names of those that are shared, below the version's folder.
        """
        target.mkdir()
        shared = []
        for path in self.manifest.files:
            if not path.startswith(f"{name}/"):
                continue
            inner = path[len(name) + 1 :]
            if is_immutable(inner):
                self.share(path, target / inner)
                shared.append(path)
            else:
                self.check([path])
                shutil.copyfile(self.folder / path, target / inner)
        return shared


def are_unaltered(folder: Path, manifest: Manifest) -> bool:
    """Say whether the files of a version are as they were published, by their sizes and times.

    A file that was written to later than the manifest is read whole. What a disk altered by itself shows
    when the version is opened, for readers read everything.
    """
    try:
        published_ns = (folder / MANIFEST_NAME).lstat().st_mtime_ns
    except OSError:
        return False
    return not any(
        file_problem(folder, name, record, thorough=False, trusted_until_ns=published_ns)
        for name, record in manifest.files.items()
    )
