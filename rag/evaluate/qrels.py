"""Graded judgements of which article answers which question, as BEIR writes them.

A folder `qrels` holds one file a split, `test.tsv` say, with the columns query-id, corpus-id and score,
below a heading. Other tools leave the heading out, or write four columns as TREC does (query, an unused
one, document, grade): both are read too.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from index.errors import ReadError
from rag.evaluate.records import find, read_lines

FOLDER_NAME = "qrels"
DEFAULT_SPLITS = ("test", "dev", "train")

Qrels = Mapping[str, Mapping[str, int]]
"""Question to document to grade; 0 and below is not relevant."""


def find_qrels(folder: Path, split: str | None) -> Path | None:
    """Return the file of judgements of `split`; by default of the first of test, dev, train, or the only one.

    None where the folder has none and no split is asked for.

    Raises:
        ReadError: where `split` is not there, or it is not plain which one is meant.
    """
    splits = _splits(folder / FOLDER_NAME)
    listed = ", ".join(splits)
    if split is not None:
        if split not in splits:
            there = f"it has {listed}" if splits else f"it has no {FOLDER_NAME}/*.tsv at all"
            raise ReadError(f"{str(folder)!r} has no split {split!r}: {there}")
        return find(folder / FOLDER_NAME, f"{split}.tsv")
    if not splits:
        return None
    chosen = next((name for name in DEFAULT_SPLITS if name in splits), splits[0])
    if chosen not in DEFAULT_SPLITS and len(splits) > 1:
        raise ReadError(f"{str(folder)!r} has the splits {listed}: say which with --split NAME")
    return find(folder / FOLDER_NAME, f"{chosen}.tsv")


def read_qrels(path: Path) -> Qrels:
    """Return the judgements of a file; of a pair that is judged twice the later line counts.

    Raises:
        ReadError: where a line is not a judgement; names file and line.
    """
    qrels: dict[str, dict[str, int]] = {}
    for position, (number, line) in enumerate(read_lines(path)):
        columns = line.rstrip("\r\n").split("\t") if "\t" in line else line.split()
        if len(columns) not in (3, 4):
            raise ReadError(f"{path}:{number} has {len(columns)} columns, not query-id, corpus-id and score")
        grade = _grade(columns[-1])
        if grade is None and position == 0:
            continue  # the heading
        if grade is None:
            raise ReadError(f"{path}:{number} has the score {columns[-1].strip()!r}, not a whole number")
        qrels.setdefault(columns[0].strip(), {})[columns[-2].strip()] = grade
    return qrels


def describe_unknown(path: Path, known: Collection[str], questions_file: Path) -> list[str]:
    """Return a sentence on the questions that are judged and not `known`; none where all are."""
    unknown = [name for name in read_qrels(path) if name not in known]
    if not unknown:
        return []
    return [
        f"questions that {path.name} judges and {questions_file.name} does not have: {len(unknown):,} "
        f"({unknown[0]!r} first), left out"
    ]


def _grade(text: str) -> int | None:
    try:
        number = float(text)
        return int(number) if number == int(number) else None
    except (ValueError, OverflowError):
        return None


def _splits(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(path.name.removesuffix(".gz").removesuffix(".tsv") for path in folder.glob("*.tsv*"))
