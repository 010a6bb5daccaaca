"""A folder of articles and questions: `articles.jsonl[.gz]` and `questions.jsonl[.gz]`."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any

from index.article import Article, Skipped
from index.config import ReadingConfig
from index.errors import ReadError
from index.readers.draft import Place
from index.readers.input import Input
from index.readers.records import article_of_record

_DIGEST_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalQuestion:
    """A question with its gold answer; `articles` are ids of the data set.

    `as_of` is the day on which it is asked: the record's own, else the day after its date.
    `answerable` says whether the answer stands in those articles.
    """

    id: str
    text: str
    answer: str
    as_of: date | None
    articles: frozenset[str]
    answerable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The files of a data set."""

    articles_file: Path
    questions_file: Path

    @classmethod
    def open(cls, folder: Path) -> "Dataset":
        """Return the data set in `folder`.

        Raises:
            ReadError: where one of its files is missing.
        """
        return cls(articles_file=_find(folder, "articles"), questions_file=_find(folder, "questions"))

    def articles(self) -> Iterator[Article | Skipped]:
        """Yield the articles, each under its id in the data set as its key."""
        file = Input.of_file(self.articles_file, ReadingConfig())
        for number, record in _records(self.articles_file):
            place = Place(input=file, origin=f"{self.articles_file}:{number}", fragment=str(number))
            article = article_of_record(record, place)
            if isinstance(article, Article):
                yield replace(article, key=_article_key(_identity(record, number)))
            else:
                yield article

    def questions(self) -> list[EvalQuestion]:
        """Return the questions in the order of the file.

        Raises:
            ReadError: where a record has no question.
        """
        return [
            _question(record, number, self.questions_file) for number, record in _records(self.questions_file)
        ]

    def fingerprint(self) -> str:
        """Return the SHA-256 (hex) of the articles' file."""
        digest = hashlib.sha256()
        with self.articles_file.open("rb") as stream:
            while block := stream.read(_DIGEST_BLOCK):
                digest.update(block)
        return digest.hexdigest()


def article_id(identity: str) -> str:
    """Return the id that the index gives to the article that the data set calls `identity`."""
    return Article(key=_article_key(identity), title="", text="", url="", source="").id


def _article_key(identity: str) -> str:
    return f"dataset:{identity}"


def _identity(record: Mapping[str, Any], number: int) -> str:
    return str(record.get("id", number))


def _question(record: Mapping[str, Any], number: int, path: Path) -> EvalQuestion:
    text = record.get("question")
    if not isinstance(text, str) or not text.strip():
        raise ReadError(
            f"{path}:{number} has no question: each line needs the fields question, answer and date"
        )
    return EvalQuestion(
        id=str(record.get("id", number)),
        text=text,
        answer=str(record.get("answer", "")),
        as_of=_as_of(record, number, path),
        articles=frozenset(article_id(str(identity)) for identity in record.get("articles") or ()),
        answerable=bool(record.get("answerable", True)),
    )


def _as_of(record: Mapping[str, Any], number: int, path: Path) -> date | None:
    try:
        if record.get("as_of"):
            return date.fromisoformat(str(record["as_of"]))
        if record.get("date"):
            return date.fromisoformat(str(record["date"])[:10]) + timedelta(days=1)
    except ValueError as exc:
        raise ReadError(f"{path}:{number}: {exc}; dates are written YYYY-MM-DD") from exc
    return None


def _find(folder: Path, name: str) -> Path:
    for path in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz"):
        if path.is_file():
            return path
    raise ReadError(f"{str(folder)!r} is no data set: it needs {name}.jsonl or {name}.jsonl.gz")


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line number (from 1) and the record of each line that is not blank."""
    number = 0
    try:
        with _open(path) as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    record = json.loads(line)
                    if not isinstance(record, dict):
                        raise ReadError(f"{path}:{number} is not a JSON object")
                    yield number, record
    except json.JSONDecodeError as exc:
        raise ReadError(f"{path}:{number} is not JSON: {exc.msg}") from exc
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as exc:
        raise ReadError(f"{path} cannot be read after line {number}: {exc}") from exc


def _open(path: Path) -> IO[str]:
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
