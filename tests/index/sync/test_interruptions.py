"""Whenever a pass is killed or interrupted, nothing is lost, and the next one goes on where it was."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.archive import Archive
from index.progress import Stage
from tests.index.sync.world import counts, records, story

REPOSITORY = Path(__file__).parents[3]
FILES = 30

WORK = """
import os, signal, sys
from pathlib import Path
from tests.index.sync.world import World

world, number = World(Path(sys.argv[1])), getattr(signal, sys.argv[2])
stage, left = sys.argv[3], int(sys.argv[4])

def strike(progress):
    global left
    left -= stage in (progress.stage, progress.message.partition(" ")[0])
    if left < 0:
        os.kill(os.getpid(), number)

print("ready", flush=True)
world.keeper(batch_articles=5).run([world.source(remove_missing=True)], progress=strike)
"""


def child(world, *arguments) -> subprocess.Popen:
    command = [sys.executable, "-c", WORK, str(world.path), *map(str, arguments)]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


@pytest.fixture
def full(world):
    for number in range(FILES):
        world.write(f"{number:02}.txt", story(f"ferry number {number}"))
    return world


@pytest.mark.parametrize(
    ("stage", "after", "stored"),
    [
        ("reading", 3, 0),
        ("reading", 22, 20),
        (Stage.EMBED, 3, 15),
        (Stage.WRITE, 2, 10),
        (Stage.PUBLISH, 4, 20),
    ],
)
def test_a_killed_pass_loses_one_batch_at_most(full, stage, after, stored):
    with child(full, "SIGKILL", stage, after) as process:
        assert process.wait(60) == -signal.SIGKILL
    archive = Archive(full.root)
    assert (archive.info().articles if archive.exists() else 0) == stored
    planned = full.plan(full.source()).sources[0]
    assert (len(planned.new), planned.unchanged) == (FILES - stored, stored)
    assert full.sync_one().added == FILES - stored
    assert archive.verify() == []
    assert counts(full.sync_one()) == {"unchanged": FILES}


def test_an_interrupted_pass_ends_cleanly_and_embeds_nothing_twice(full):
    def interrupt(progress):
        if progress.stage is Stage.EMBED:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        full.keeper(batch_articles=20).run([full.source()], progress=interrupt)
    assert counts(full.sync_one()) == {"added": FILES}
    assert len(set(full.embedder.embedded)) == len(full.embedder.embedded) == FILES


def test_ctrl_c_in_a_process_goes_on_with_what_was_stored(full):
    with child(full, "SIGINT", Stage.PUBLISH, 3) as process:
        process.wait(60)
    assert Archive(full.root).info().articles == 15
    assert counts(full.sync_one()) == {"added": FILES - 15, "unchanged": 15}


def test_killed_at_any_moment_the_passes_come_to_the_same_end(full):
    gone = full.write("zz.jsonl", records("pier", "weir"))
    chance = random.Random(11)  # noqa: S311 - moments that repeat
    for round_number in range(4):
        full.write(f"new{round_number}.txt", story(f"mill number {round_number}"))
        if round_number == 2:
            gone.unlink()
        with child(full, "SIGKILL", "never", 0) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.random() * 0.8)
            process.kill()
    source = full.source(remove_missing=True)
    full.sync(source)
    assert Archive(full.root).info().articles == FILES + 4
    assert counts(full.sync_one(source)) == {"unchanged": FILES + 4}
    assert Archive(full.root).verify() == []


def test_a_pass_that_died_before_it_removed_removes_next_time(full):
    gone = full.news / "00.txt"
    source = full.source(remove_missing=True)
    full.sync(source)
    gone.unlink()
    full.write("new.txt", story("mill"))
    with child(full, "SIGKILL", Stage.PUBLISH, 1) as process:  # after the addition, in the removal
        assert process.wait(60) == -signal.SIGKILL
    assert len(full.titles()) == FILES + 1
    assert counts(full.sync_one(source)) == {"removed": 1, "unchanged": FILES}


def test_the_lock_of_a_dead_pass_is_free(full):
    with child(full, "SIGKILL", Stage.READ, 3) as process:
        process.wait(60)
    assert os.path.exists(full.root / "sync.lock")  # noqa: PTH110
    assert full.sync_one().added == FILES
