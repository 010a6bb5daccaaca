"""SIGKILL at random moments of builds, additions and removals; `benchmarks/faults.py` does it at length."""

import multiprocessing
import random
import signal
import time
from pathlib import Path

import pytest

from index.archive import Archive
from index.build import BuildMode, build, remove
from index.filters import Filter
from index.ingest import TEXTS_PER_COMMIT
from tests.fakes import FakeEmbedder
from tests.index.corpus import CHUNKING, numbered, open_index

KILLS = 15
KINDS = ("add", "build", "remove")
LONGEST_S = 0.3
SIZE = 300


class LoggingEmbedder(FakeEmbedder):
    """Writes down each batch once its vectors are made."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log

    def embed_documents(self, texts):
        vectors = super().embed_documents(texts)
        with self._log.open("a") as stream:
            stream.write("|".join(texts) + "\n")
        return vectors


def given(numbers):
    everything = numbered(max(numbers) + 1)
    return [everything[number] for number in numbers]


def write(pipe, root, log, kind, numbers):
    pipe.send("begun")
    if kind == "remove":
        remove(root, [one.id for one in given(numbers)])
    else:
        mode = BuildMode.ADD if kind == "add" else BuildMode.REPLACE
        build(root, given(numbers), embedder=LoggingEmbedder(log), chunking=CHUNKING, mode=mode)
    pipe.send("done")


@pytest.fixture(scope="module")
def processes():
    """Processes that begin in milliseconds: the heavy packages are loaded before."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["index.adapters.faiss_vectors", "index.adapters.tantivy_lexical", __name__]
    )
    return context


def killed(processes, after_s, *arguments):
    """Begin to write, kill the process, and return whether it had said that it was done."""
    ours, theirs = processes.Pipe(duplex=False)
    process = processes.Process(target=write, args=(theirs, *arguments))
    process.start()
    theirs.close()
    assert ours.recv() == "begun"
    time.sleep(after_s)
    process.kill()
    process.join()
    acknowledged = ours.poll() and process.exitcode != 1
    if acknowledged:
        try:
            ours.recv()
        except EOFError:
            acknowledged = False
    assert acknowledged or process.exitcode == -signal.SIGKILL
    ours.close()
    process.close()
    return acknowledged


def searched(root):
    """Return the numbers of the articles that answer, by vectors and by words alike."""
    with open_index(root) as snapshot:
        hits = snapshot.search_dense(FakeEmbedder().embed_query("harbour"), 10_000, Filter())
        texts = {passage.text for passage in snapshot.passages([hit.row for hit in hits])}
        assert len(texts) == len(snapshot.search_lexical("harbour", 10_000, Filter()))
        return {int(text.split("number")[1].split()[0]) for text in texts}


def test_what_was_acknowledged_is_there_and_what_was_removed_is_not(root, tmp_path, processes):
    chance = random.Random(11)  # noqa: S311 - moments that repeat as far as moments can
    log = tmp_path / "embedded"
    state, live, unfinished, fresh = set(range(5)), "", None, SIZE
    build(root, given(state), embedder=FakeEmbedder(), chunking=CHUNKING, mode=BuildMode.REPLACE)
    live = Archive(root).current_version()
    lost_batches = 0
    for number in range(KILLS):
        kind = KINDS[number % len(KINDS)]
        if unfinished and chance.random() < 1 / 2:
            kind, numbers = unfinished
        elif kind == "remove":
            numbers = set(chance.sample(sorted(state), max(1, len(state) // 10)))
        else:
            fresh += SIZE
            numbers = set(range(fresh - SIZE, fresh))
        after = {"add": state | numbers, "build": numbers, "remove": state - numbers}[kind]
        acknowledged = killed(processes, chance.uniform(0, LONGEST_S), root, log, kind, sorted(numbers))
        lost_batches += not acknowledged
        assert Archive(root).verify() == []
        version = Archive(root).current_version()
        assert version != live or not acknowledged
        unfinished = (kind, numbers) if version == live and kind != "remove" else None
        state, live = (after if version != live else state), version
        assert searched(root) == state
        assert len(Archive(root).list_articles()) == len(state)
    batches = [line.split("|") for line in log.read_text().splitlines()] if log.exists() else []
    texts = [text for batch in batches for text in batch]
    assert max(map(len, batches), default=0) <= TEXTS_PER_COMMIT
    assert len(texts) - len(set(texts)) <= lost_batches * TEXTS_PER_COMMIT
