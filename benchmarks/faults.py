"""What happens to an index that is killed, damaged, raced, planted or starved: `faults.py [--only NAME]`.

Each scenario works on indexes of its own in a temporary folder, made of invented news and vectors that
need no model. One table is printed; the exit status is 1 where a count that must be 0 is not. `make bench`
leaves it out, for it takes about a quarter of an hour: run `.venv/bin/python benchmarks/faults.py`, or
`--quick` for some minutes. A scenario that needs what is not there (a tmpfs that may be mounted) is skipped,
and says so.
"""

import argparse
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fault_damage import damage_all
from fault_disk import fill_all
from fault_kills import UPKEEP, WRITES, strike_all
from fault_planted import plant_all
from fault_readers import watch
from fault_rebuild import rebuild
from fault_result import Result, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much of everything is tried."""

    kills: int = 200
    upkeep_kills: int = 40
    flips: int = 300
    cuts: int = 60
    versions: int = 30
    disk: int = 40
    chunks: int = 147_000


QUICK = Counts(kills=20, upkeep_kills=6, flips=30, cuts=12, versions=10, disk=10, chunks=5_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Where a scenario may write, how much it tries, and the seed of all that is random."""

    folder: Path
    counts: Counts
    seed: int


def _kills(run: Run) -> list[Result]:
    counts = {WRITES: run.counts.kills, UPKEEP: run.counts.upkeep_kills}
    return [
        strike_all(
            f"SIGKILL in {', '.join(dict.fromkeys(kinds))}",
            kinds,
            run.folder / kinds[0],
            kills=kills,
            seed=run.seed,
        )
        for kinds, kills in counts.items()
    ]


def _damage(run: Run) -> list[Result]:
    return damage_all(run.folder, flip=run.counts.flips, cut=run.counts.cuts, seed=run.seed)


def _readers(run: Run) -> list[Result]:
    versions = run.counts.versions
    return [
        watch("servers", run.folder / "servers", versions=versions),
        watch("commands", run.folder / "commands", versions=versions),
        watch("servers with the real model", run.folder / "real", versions=versions // 3, size=60),
    ]


def _planted(run: Run) -> list[Result]:
    return [plant_all(run.folder)]


def _disk(run: Run) -> list[Result]:
    return fill_all(run.folder, trials=run.counts.disk, seed=run.seed)


def _rebuild(run: Run) -> list[Result]:
    return [rebuild(run.folder, chunks=run.counts.chunks)]


SCENARIOS: dict[str, Callable[[Run], list[Result]]] = {
    "kills": _kills,
    "damage": _damage,
    "readers": _readers,
    "planted": _planted,
    "disk": _disk,
    "rebuild": _rebuild,
}


def run_all(names: Sequence[str], counts: Counts, seed: int) -> list[Result]:
    """Run scenarios and return their rows; says on stderr what is being done.

    A scenario that ends with an error is a fault itself; the others are run all the same.
    """
    results = []
    for name in names:
        began = time.monotonic()
        print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix=f"dateline-{name}-") as folder:
            try:
                results += SCENARIOS[name](Run(folder=Path(folder), counts=counts, seed=seed))
            except Exception as error:  # noqa: BLE001 - the outermost loop
                traceback.print_exc()
                results.append(Result(scenario=name))
                results[-1].blame("scenarios that ended", f"{type(error).__name__}: {error}")
        print(f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return results


def main() -> int:
    """Run, print and write; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", action="append", choices=SCENARIOS, metavar="NAME", help="may be repeated")
    parser.add_argument("--quick", action="store_true", help="few trials of each")
    parser.add_argument("--seed", type=int, default=1, help="of all that is random (default: %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    options = parser.parse_args()
    results = run_all(options.only or [*SCENARIOS], QUICK if options.quick else Counts(), options.seed)
    print(table(results))
    for example in (f"{one.scenario}: {example}" for one in results for example in one.examples):
        print(example)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        found = {"seed": options.seed, "cores": os.cpu_count(), "results": [one.to_dict() for one in results]}
        options.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(one.passed for one in results) else 1


if __name__ == "__main__":
    sys.exit(main())
