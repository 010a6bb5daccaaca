"""`dateline index versions, rollback, pin, gc, verify, repair`: what keeps an index whole and small."""

from typing import Annotated

import typer

from ui.cli.errors import ExitCode
from ui.cli.index_report import print_build_report
from ui.cli.interruption import write_progress
from ui.cli.options import Invocation, JsonOption, command
from ui.cli.output import make_console, note, print_json
from ui.text import counted, one_line

DEFAULT_KEEP = 3

VersionArgument = Annotated[str, typer.Argument(metavar="VERSION", help="As `versions` shows it.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]


def register(group: typer.Typer) -> None:
    """Add the commands of this module to the group `index`."""
    command(group, "versions")(versions)
    command(group, "rollback")(rollback)
    command(group, "pin")(pin)
    command(group, "gc")(collect_garbage)
    command(group, "verify")(verify)
    command(group, "repair")(repair)


def versions(invocation: Invocation, json: JsonOption = False) -> None:
    """List the versions, oldest first.

    Each with its parent, counts, size and what changed against its parent.
    """
    archive = invocation.archive()
    described = archive.describe_versions()
    if json:
        print_json([version.to_dict() for version in described])
        return
    console = make_console()
    for version in described:
        manifest = version.manifest
        changes = {"added": manifest.added, "updated": manifest.updated, "removed": manifest.removed}
        fields = (
            manifest.version,
            manifest.created,
            f"{manifest.mode} of {manifest.parent}" if manifest.parent else manifest.mode,
            counted(manifest.articles, "article"),
            counted(manifest.chunks, "chunk"),
            _size(manifest.size_bytes),
            ", ".join(f"{count:,} {name}" for name, count in changes.items() if count),
            " ".join(name for name, said in (("live", version.live), ("pinned", version.pinned)) if said),
        )
        console.print("  ".join(filter(None, fields)))


def rollback(
    invocation: Invocation,
    version: VersionArgument,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Return to an earlier version, at once.

    The versions after it stay until `gc` clears them away, and what is added next is added to it.
    """
    report = invocation.archive().rollback(version, dry_run=dry_run)
    if json:
        print_json(report.to_dict())
        return
    would = "would be" if dry_run else "is"
    make_console().print(
        f"version {report.version} {would} live, with {counted(report.articles, 'article')}"
        + (f" (before: {report.previous})" if report.previous else ""),
        style="bold",
    )
    if report.restored and not invocation.quiet:
        note(f"{counted(report.restored, 'article')} that version {report.previous} had not is back")


def pin(
    invocation: Invocation,
    version: VersionArgument,
    remove: Annotated[bool, typer.Option("--remove", help="Keep it no longer.")] = False,
) -> None:
    """Keep a version whatever `gc` clears away."""
    invocation.archive().pin(version, pinned=not remove)


def collect_garbage(
    invocation: Invocation,
    keep: Annotated[
        int, typer.Option("--keep", metavar="N", min=1, help="How many of the newest stay.")
    ] = DEFAULT_KEEP,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Remove old versions, and what only they had.

    The live one stays, and so do pinned ones and those that somebody reads. Texts and vectors that no
    remaining version has are overwritten in the catalogue.
    """
    report = invocation.archive().collect_garbage(keep=keep, dry_run=dry_run)
    if json:
        print_json(report.to_dict())
        return
    console = make_console()
    console.print(
        f"{'would remove' if dry_run else 'removed'} {counted(len(report.removed), 'version')}, "
        f"{counted(report.revisions, 'text')} and {counted(report.vectors, 'vector')}; "
        f"{_size(report.freed_bytes)} freed"
    )
    for name, found in (("removed", report.removed), ("kept", report.kept), ("in use", report.in_use)):
        if found:
            console.print(f"{name:<8}{' '.join(found)}")


def verify(invocation: Invocation, json: JsonOption = False) -> None:
    """Look for damage.

    Every byte is read and compared with the manifest; exits 1 where anything is damaged.
    """
    archive = invocation.archive()
    damages = archive.verify()
    if json:
        print_json({"ok": not damages, "damage": [damage.to_dict() for damage in damages]})
    else:
        console = make_console()
        for damage in damages:
            console.print(f"{damage.path}: {one_line(damage.problem)}; {one_line(damage.mend)}")
        if not damages:
            console.print(f"version {archive.current_version()} is whole")
    if damages:
        note(f"error: the index is damaged in {counted(len(damages), 'place')}")
        raise typer.Exit(ExitCode.FAILED)


def repair(
    invocation: Invocation,
    salvage: Annotated[
        bool,
        typer.Option("--salvage", help="Of a damaged catalogue save what is sound, and build from that."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Make a damaged index whole.

    The files of the live version are written anew from the catalogue, without embedding anything;
    other damaged versions are removed. With --salvage a damaged catalogue is put aside, and what is
    sound of it is embedded anew.
    """
    settings = invocation.settings()
    with write_progress(invocation, settings) as progress:
        if salvage:
            built = invocation.backend.salvage(settings, progress=progress)
        else:
            report = invocation.backend.repair(settings, progress=progress)
    if json:
        print_json(built.to_dict() if salvage else report.to_dict())
        return
    console = make_console()
    if salvage:
        print_build_report(console, built)
        return
    for problem in report.problems:
        console.print(one_line(problem))
    if report.removed:
        console.print(f"removed {' '.join(report.removed)}")
    if report.restored:
        console.print(f"wrote pinned {' '.join(report.restored)} anew")
    done = "was written anew" if report.rebuilt else "is whole"
    console.print(f"version {report.version} {done} ({report.seconds:.1f} s)", style="bold")


def _size(size: int) -> str:
    """Return a number of bytes as `12.3 MB`."""
    value = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1_000 or unit == "GB":
            return f"{value:,.0f} {unit}" if unit == "bytes" else f"{value:,.1f} {unit}"
        value /= 1_000
    raise AssertionError("unreachable")
