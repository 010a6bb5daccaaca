"""A data set of articles and questions, and the folder form with `articles` and `questions` files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

from index.article import Article, Skipped
from index.article import article_id as id_of_key
from index.config import ReadingConfig
from index.errors import ReadError
from index.readers.draft import Place
from index.readers.input import Input
from index.readers.records import article_of_record
from rag.evaluate.qrels import describe_unknown, find_qrels, read_qrels
from rag.evaluate.records import find, read_records, sha256_of

ARTICLES_NAME = "articles.jsonl"
QUESTIONS_NAME = "questions.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalQuestion:
    """A question and what is known of its answer; articles go by their ids in the index.

    `day` is the day of the question and `as_of` the day on which it is asked: the record's own, else
    the day after `day`. `articles` have the answer; `answerable` says whether it stands in them (or, without
    an answer, whether an article is judged to be relevant). `judged` gives the grades of articles that
    were judged (0 and below: not relevant), {} where none were. What comes from `hidden` articles is
    passed over.
    """

    id: str
    text: str
    answer: str = ""
    day: date | None = None
    as_of: date | None = None
    articles: frozenset[str] = frozenset()
    answerable: bool = True
    judged: Mapping[str, int] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    @property
    def by_judgement(self) -> bool:
        """Whether a passage hits by its article's grade, there being no answer to look for."""
        return bool(self.judged) and not self.answer

    @property
    def relevant(self) -> frozenset[str]:
        """The articles that were judged to be relevant."""
        return frozenset(article for article, grade in self.judged.items() if grade > 0)


class Dataset(Protocol):
    """What can be evaluated."""

    @property
    def name(self) -> str:
        """What the report calls it."""
        ...

    def articles(self) -> Iterator[Article | Skipped]:
        """Yield the articles, each with `article_id(its id in the data set)` as its id."""
        ...

    def questions(self) -> list[EvalQuestion]:
        """Return the questions in the order of the file.

        Raises:
            ReadError: where a line is no question; names file and line.
        """
        ...

    def fingerprint(self) -> str:
        """Return what tells the articles from those of any other data set."""
        ...

    def notes(self) -> list[str]:
        """Return what a reader of the report should know of the data, a sentence each."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizFolder:
    """A folder with `articles.jsonl` and `questions.jsonl`, also as `.gz`; `qrels/` may judge articles."""

    name: str
    articles_file: Path
    questions_file: Path
    qrels_file: Path | None = None

    @classmethod
    def open(cls, folder: Path, *, split: str | None = None) -> "QuizFolder":
        """Return the data set in `folder`.

        Raises:
            ReadError: where one of its files is missing.
        """
        return cls(
            name=folder.resolve().name,
            articles_file=_needed(folder, ARTICLES_NAME),
            questions_file=_needed(folder, QUESTIONS_NAME),
            qrels_file=find_qrels(folder, split),
        )

    def articles(self) -> Iterator[Article | Skipped]:
        """Yield the articles; see `Dataset`."""
        return read_articles(self.articles_file)

    def questions(self) -> list[EvalQuestion]:
        """Return the questions; see `Dataset`."""
        qrels = read_qrels(self.qrels_file) if self.qrels_file else {}
        questions = []
        for number, record in read_records(self.questions_file):
            question = _question(record, number, self.questions_file)
            judged = {article_id(name): grade for name, grade in qrels.get(question.id, {}).items()}
            questions.append(replace(question, judged=judged))
        return questions

    def fingerprint(self) -> str:
        """Return the SHA-256 (hex) of the articles' file."""
        return sha256_of(self.articles_file)

    def notes(self) -> list[str]:
        """Return how many questions are judged and not there."""
        if self.qrels_file is None:
            return []
        known = {str(record.get("id", number)) for number, record in read_records(self.questions_file)}
        return describe_unknown(self.qrels_file, known, self.questions_file)


def article_id(identity: str) -> str:
    """Return the id that the index gives to the article that the data set calls `identity`."""
    return id_of_key(_article_key(identity))


def read_articles(
    path: Path, *, id_field: str = "id", nested: str | None = None
) -> Iterator[Article | Skipped]:
    """Yield the articles of a file of JSON lines; one without `id_field` goes by its line number.

    What an object in the field `nested` holds counts as fields of the record, which come first.

    Raises:
        ReadError: where a line is no JSON object; names file and line.
    """
    file = Input.of_file(path, ReadingConfig())
    for number, record in read_records(path):
        place = Place(input=file, origin=f"{path}:{number}", fragment=str(number))
        inner = record.get(nested) if nested else None
        article = article_of_record({**inner, **record} if isinstance(inner, dict) else record, place)
        if isinstance(article, Article):
            yield replace(article, key=_article_key(str(record.get(id_field, number))))
        else:
            yield article


def days_of(record: Mapping[str, Any], where: str) -> tuple[date | None, date | None]:
    """Return the day of a question and the day on which it is asked, which is the day after by default.

    Raises:
        ReadError: where one of them is no date; begins with `where`.
    """
    try:
        day = date.fromisoformat(str(record["date"])[:10]) if record.get("date") else None
        if record.get("as_of"):
            return day, date.fromisoformat(str(record["as_of"]))
    except ValueError as exc:
        raise ReadError(f"{where}: {exc}; dates are written YYYY-MM-DD") from exc
    return day, day + timedelta(days=1) if day else None


def _article_key(identity: str) -> str:
    return f"dataset:{identity}"


def _question(record: Mapping[str, Any], number: int, path: Path) -> EvalQuestion:
    where = f"{path}:{number}"
    text = record.get("question")
    if not isinstance(text, str) or not text.strip():
        raise ReadError(f"{where} has no question: each line needs the fields question, answer and date")
    articles = record.get("articles") or ()
    if isinstance(articles, (str, int, float, dict)):
        raise ReadError(f"{where} has the articles {articles!r}: they are a list of ids")
    day, as_of = days_of(record, where)
    return EvalQuestion(
        id=str(record.get("id", number)),
        text=text,
        answer=str(record.get("answer", "")),
        day=day,
        as_of=as_of,
        articles=frozenset(article_id(str(identity)) for identity in articles),
        answerable=bool(record.get("answerable", True)),
    )


def _needed(folder: Path, name: str) -> Path:
    path = find(folder, name)
    if path is None:
        raise ReadError(
            f"{str(folder)!r} is no data set: it needs {name} or {name}.gz (a data set has "
            f"{ARTICLES_NAME} and {QUESTIONS_NAME}, or corpus.jsonl, queries.jsonl and qrels/ as in BEIR)"
        )
    return path
