"""A data set in the form of BEIR: `corpus.jsonl`, `queries.jsonl` and `qrels/SPLIT.tsv`.

It has judgements and no answers. Source: Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot
Evaluation of Information Retrieval Models", NeurIPS 2021; https://github.com/beir-cellar/beir.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.article import Article, Skipped
from index.errors import ReadError
from rag.evaluate.dataset import Dataset, EvalQuestion, QuizFolder, article_id, days_of, read_articles
from rag.evaluate.qrels import FOLDER_NAME, describe_unknown, find_qrels, read_qrels
from rag.evaluate.records import find, read_records, sha256_of

CORPUS_NAME = "corpus.jsonl"
QUERIES_NAME = "queries.jsonl"


def open_dataset(folder: Path, *, split: str | None = None) -> Dataset:
    """Return the data set in `folder`, in whichever form it is; `split` names its judgements.

    Raises:
        ReadError: where it is none, or has no such split.
    """
    return BeirFolder.open(folder, split=split) if is_beir(folder) else QuizFolder.open(folder, split=split)


def is_beir(folder: Path) -> bool:
    """Return whether a folder has the files of BEIR."""
    return find(folder, CORPUS_NAME) is not None or find(folder, QUERIES_NAME) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirFolder:
    """The files of a data set, for one split of its judgements."""

    name: str
    corpus_file: Path
    queries_file: Path
    qrels_file: Path

    @classmethod
    def open(cls, folder: Path, *, split: str | None = None) -> "BeirFolder":
        """Return the data set in `folder`, judged by `split`: test by default, else dev, else train.

        Raises:
            ReadError: where one of its files, or the split, is missing.
        """
        qrels_file = find_qrels(folder, split)
        if qrels_file is None:
            raise _missing(folder, f"{FOLDER_NAME}/test.tsv")
        named = qrels_file.name.removesuffix(".gz").removesuffix(".tsv")
        return cls(
            name=f"{folder.resolve().name}/{named}",
            corpus_file=_needed(folder, CORPUS_NAME),
            queries_file=_needed(folder, QUERIES_NAME),
            qrels_file=qrels_file,
        )

    def articles(self) -> Iterator[Article | Skipped]:
        """Yield the documents, with what their metadata says; see `Dataset`."""
        return read_articles(self.corpus_file, id_field="_id", nested="metadata")

    def questions(self) -> list[EvalQuestion]:
        """Return the queries that the split judges; see `Dataset`.

        A query whose id is also a document's is not to find that document, as BEIR has it.
        """
        qrels = read_qrels(self.qrels_file)
        queries = (
            _query(record, number, self.queries_file) for number, record in read_records(self.queries_file)
        )
        return [_judged(query, qrels[query.id]) for query in queries if query.id in qrels]

    def fingerprint(self) -> str:
        """Return the SHA-256 (hex) of the corpus."""
        return sha256_of(self.corpus_file)

    def notes(self) -> list[str]:
        """Return how many queries are judged and not there."""
        known = {str(record.get("_id", number)) for number, record in read_records(self.queries_file)}
        return describe_unknown(self.qrels_file, known, self.queries_file)


def _query(record: Mapping[str, Any], number: int, path: Path) -> EvalQuestion:
    text = record.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ReadError(f"{path}:{number} has no text: each line needs the fields _id and text")
    metadata = record.get("metadata")
    day, as_of = days_of({**(metadata if isinstance(metadata, dict) else {}), **record}, f"{path}:{number}")
    return EvalQuestion(id=str(record.get("_id", number)), text=text, day=day, as_of=as_of)


def _judged(query: EvalQuestion, grades: Mapping[str, int]) -> EvalQuestion:
    """Return a query with its judgements but that of itself."""
    judged = {article_id(name): grade for name, grade in grades.items() if name != query.id}
    return replace(
        query,
        judged=judged,
        answerable=any(grade > 0 for grade in judged.values()),
        hidden=frozenset({article_id(query.id)}),
    )


def _needed(folder: Path, name: str) -> Path:
    path = find(folder, name)
    if path is None:
        raise _missing(folder, name)
    return path


def _missing(folder: Path, name: str) -> ReadError:
    return ReadError(f"{str(folder)!r} has the form of BEIR, and no {name} or {name}.gz: add it")
