import gzip
import json
from datetime import date

import pytest

from index.article import Article, Skipped
from index.errors import ReadError
from rag.evaluate.dataset import QuizFolder, article_id

ARTICLES = [
    {
        "id": "a1",
        "title": "Bridge opens",
        "text": "The bridge opened.",
        "published": "2026-03-01",
        "source": "x.example",
    },
    {"id": "a2", "title": "Ferry", "body": "The ferry sank.", "date": "2026-03-02"},
]
QUESTIONS = [
    {"id": "q1", "question": "When?", "answer": "March", "date": "2026-03-01", "articles": ["a1", "a2"]},
    {"question": "Who?", "as_of": "2026-04-01", "date": "2026-03-01", "answerable": False, "articles": None},
]


def lines(records):
    return "".join(f"{json.dumps(record)}\n\n" for record in records)


@pytest.fixture(params=["jsonl", "jsonl.gz"])
def folder(request, tmp_path):
    for name, records in (("articles", ARTICLES), ("questions", QUESTIONS)):
        data = lines(records).encode()
        path = tmp_path / f"{name}.{request.param}"
        path.write_bytes(gzip.compress(data) if request.param.endswith("gz") else data)
    return tmp_path


def test_questions_are_read_with_what_they_know(folder):
    first, second = QuizFolder.open(folder).questions()
    assert (first.id, first.text, first.answer, first.answerable) == ("q1", "When?", "March", True)
    assert first.articles == {article_id("a1"), article_id("a2")}
    assert (first.day, first.as_of) == (date(2026, 3, 1), date(2026, 3, 2))  # asked on the day after
    assert (second.as_of, second.answer, second.answerable) == (date(2026, 4, 1), "", False)
    assert second.articles == frozenset()
    assert second.id == "3"  # its line
    assert (first.judged, first.by_judgement) == ({}, False)


def test_articles_are_read_under_the_ids_that_questions_name(folder):
    first, second = QuizFolder.open(folder).articles()
    assert isinstance(first, Article)
    assert (first.title, first.text, first.published) == ("Bridge opens", "The bridge opened.", "2026-03-01")
    assert [first.id, second.id] == [article_id("a1"), article_id("a2")]
    assert second.text == "The ferry sank."


def test_the_fingerprint_is_that_of_the_articles(folder):
    dataset = QuizFolder.open(folder)
    before = dataset.fingerprint()
    assert before == QuizFolder.open(folder).fingerprint()
    dataset.articles_file.write_bytes(b"")
    assert dataset.fingerprint() != before


def test_judgements_beside_the_questions_give_articles_a_grade(folder):
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\ta1\t2\nq1\ta2\t0\nq7\ta1\t1\n"
    )
    dataset = QuizFolder.open(folder)
    first, second = dataset.questions()
    assert first.judged == {article_id("a1"): 2, article_id("a2"): 0}
    assert first.relevant == {article_id("a1")}
    assert not first.by_judgement  # it has an answer to look for
    assert second.judged == {}
    (note,) = dataset.notes()
    assert "that test.tsv judges" in note
    assert note.endswith("does not have: 1 ('q7' first), left out")


@pytest.mark.parametrize("missing", ["articles", "questions"])
def test_a_folder_without_both_files_is_no_data_set(tmp_path, missing):
    for name in {"articles", "questions"} - {missing}:
        (tmp_path / f"{name}.jsonl").touch()
    with pytest.raises(
        ReadError, match=rf"is no data set: it needs {missing}\.jsonl or {missing}\.jsonl\.gz .*BEIR"
    ):
        QuizFolder.open(tmp_path)


def dataset(tmp_path, *, questions="", articles=""):
    (tmp_path / "questions.jsonl").write_text(questions)
    (tmp_path / "articles.jsonl").write_text(articles)
    return QuizFolder.open(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        "{not json",
        "[" * 100_000,
        "[1, 2]",
        '"text"',
        "{}",
        '{"question": "   "}',
        '{"question": 5}',
        '{"question": "Who?", "articles": "a1"}',
        '{"question": "Who?", "date": "soon"}',
        '{"question": "Who?", "as_of": "2026-13-01"}',
    ],
)
def test_a_bad_question_is_refused_by_file_and_line(tmp_path, line):
    questions = f'{{"question": "Who?"}}\n\n{line}\n'
    with pytest.raises(ReadError, match=r"questions\.jsonl:3\b") as raised:
        dataset(tmp_path, questions=questions).questions()
    assert len(str(raised.value).splitlines()) == 1


def test_a_bad_line_among_the_articles_is_refused_by_file_and_line(tmp_path):
    articles = f"{json.dumps(ARTICLES[0])}\n{{broken\n"
    with pytest.raises(ReadError, match=r"articles\.jsonl:2\b"):
        list(dataset(tmp_path, articles=articles).articles())


def test_an_article_without_text_is_skipped_and_named_by_its_line(tmp_path):
    articles = f'{{"id": "a0", "title": "Nothing"}}\n{json.dumps(ARTICLES[0])}\n'
    skipped, article = dataset(tmp_path, articles=articles).articles()
    assert isinstance(skipped, Skipped)
    assert "articles.jsonl:1" in skipped.origin
    assert isinstance(article, Article)


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-12], lambda data: data[:30] + b"\xff" * 20, lambda _: b"no gzip"]
)
def test_a_damaged_archive_is_refused_by_its_name(tmp_path, damage):
    (tmp_path / "articles.jsonl.gz").write_bytes(damage(gzip.compress(lines(ARTICLES * 20).encode())))
    (tmp_path / "questions.jsonl").touch()
    with pytest.raises(ReadError, match=r"articles\.jsonl\.gz cannot be read"):
        list(QuizFolder.open(tmp_path).articles())
