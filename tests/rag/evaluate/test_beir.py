import gzip
import json
from datetime import date

import pytest

from index.errors import ReadError
from rag.evaluate.beir import BeirFolder, open_dataset
from rag.evaluate.dataset import QuizFolder, article_id
from rag.evaluate.qrels import find_qrels, read_qrels

CORPUS = [
    {"_id": "d1", "title": "Bridge", "text": "The bridge opened.", "metadata": {"date": "2026-03-01"}},
    {"_id": "d2", "title": "", "text": "The ferry sank.", "metadata": {}},
    {"_id": "q2", "title": "Lamp", "text": "The lamp is lit."},
]
QUERIES = [
    {"_id": "q1", "text": "Has the bridge opened?", "metadata": {"date": "2026-03-04"}},
    {"_id": "q2", "text": "Is the lamp lit?"},
    {"_id": "q3", "text": "Was this judged?"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\tq2\t1\nq2\td2\t1\nq9\td1\t1\n"


@pytest.fixture(params=["", ".gz"])
def folder(request, tmp_path):
    def write(path, text):
        path.parent.mkdir(exist_ok=True)
        if request.param:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(text.encode()))
        else:
            path.write_text(text)

    root = tmp_path / "harbour"
    root.mkdir()
    write(root / "corpus.jsonl", "".join(f"{json.dumps(record)}\n" for record in CORPUS))
    write(root / "queries.jsonl", "".join(f"{json.dumps(record)}\n" for record in QUERIES))
    write(root / "qrels" / "test.tsv", QRELS)
    write(root / "qrels" / "train.tsv", "query-id\tcorpus-id\tscore\nq3\td2\t1\n")
    return root


def test_a_folder_of_beir_is_recognised(folder, tmp_path):
    assert isinstance(open_dataset(folder), BeirFolder)
    for name in ("articles", "questions"):
        (tmp_path / f"{name}.jsonl").touch()
    assert isinstance(open_dataset(tmp_path), QuizFolder)


def test_documents_are_articles_with_what_their_metadata_says(folder):
    first, second, third = open_dataset(folder).articles()
    assert (first.title, first.text, first.published) == ("Bridge", "The bridge opened.", "2026-03-01")
    assert [one.id for one in (first, second, third)] == [article_id(name) for name in ("d1", "d2", "q2")]
    assert second.published is None


def test_the_queries_that_the_split_judges_are_asked(folder):
    dataset = open_dataset(folder)
    assert dataset.name == "harbour/test"
    first, second = dataset.questions()
    assert (first.id, first.text) == ("q1", "Has the bridge opened?")
    assert first.judged == {article_id("d1"): 2, article_id("d2"): 0}
    assert first.relevant == {article_id("d1")}
    assert (first.day, first.as_of) == (date(2026, 3, 4), date(2026, 3, 5))
    assert (second.day, second.as_of) == (None, None)
    assert first.by_judgement
    assert first.answerable


def test_another_split_judges_other_queries(folder):
    dataset = open_dataset(folder, split="train")
    assert dataset.name == "harbour/train"
    assert [question.id for question in dataset.questions()] == ["q3"]


def test_a_query_is_not_to_find_itself(folder):
    second = open_dataset(folder).questions()[1]
    assert second.judged == {article_id("d2"): 1}
    assert second.hidden == {article_id("q2")}


def test_judged_queries_that_are_not_there_are_said(folder):
    (note,) = open_dataset(folder).notes()
    assert note.endswith("does not have: 1 ('q9' first), left out")
    assert open_dataset(folder, split="train").notes() == []


def test_a_query_with_nothing_relevant_is_not_answerable(tmp_path):
    (tmp_path / "corpus.jsonl").write_text(json.dumps(CORPUS[0]))
    (tmp_path / "queries.jsonl").write_text(json.dumps(QUERIES[0]))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("q1\td1\t0\n")
    (question,) = open_dataset(tmp_path).questions()
    assert not question.answerable


def test_what_is_missing_is_named(folder, tmp_path):
    with pytest.raises(ReadError, match="has no split 'dev': it has test, train"):
        open_dataset(folder, split="dev")
    (tmp_path / "queries.jsonl").touch()
    with pytest.raises(ReadError, match=r"no qrels/test\.tsv"):
        open_dataset(tmp_path)
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").touch()
    with pytest.raises(ReadError, match=r"no corpus\.jsonl or corpus\.jsonl\.gz"):
        open_dataset(tmp_path)


@pytest.mark.parametrize("line", ["{}", '{"text": " "}', '{"text": "Who?", "metadata": {"date": "soon"}}'])
def test_a_bad_query_is_refused_by_file_and_line(tmp_path, line):
    (tmp_path / "corpus.jsonl").touch()
    (tmp_path / "queries.jsonl").write_text(f'{{"_id": "q1", "text": "Who?"}}\n{line}\n')
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("q1\td1\t1\n")
    with pytest.raises(ReadError, match=r"queries\.jsonl:2\b"):
        open_dataset(tmp_path).questions()


@pytest.mark.parametrize(
    "text",
    [
        "query-id\tcorpus-id\tscore\nq 1\td1\t2\n",
        "q 1\td1\t2\n",
        "query-id\tcorpus-id\tscore\r\nq 1\td1\t2.0\r\n",
        "\ufeffq 1\td1\t2\n",
        "q 1\t0\td1\t2\n",
    ],
)
def test_judgements_are_read_with_and_without_a_heading_and_as_trec_has_them(tmp_path, text):
    path = tmp_path / "test.tsv"
    path.write_text(text, newline="")
    assert read_qrels(path) == {"q 1": {"d1": 2}}


@pytest.mark.parametrize("line", ["q1\td1", "q1\td1\tmuch", "q1\td1\t0.5", "q1\td1\tnan", "a b c d e"])
def test_a_bad_judgement_is_refused_by_file_and_line(tmp_path, line):
    path = tmp_path / "test.tsv"
    path.write_text(f"query-id\tcorpus-id\tscore\nq1\td1\t1\n{line}\n")
    with pytest.raises(ReadError, match=r"test\.tsv:3\b"):
        read_qrels(path)


def test_the_split_is_test_else_dev_else_the_only_one(tmp_path):
    folder = tmp_path / "qrels"
    assert find_qrels(tmp_path, None) is None
    folder.mkdir()
    (folder / "ours.tsv").touch()
    assert find_qrels(tmp_path, None) == folder / "ours.tsv"
    (folder / "more.tsv").touch()
    with pytest.raises(ReadError, match="has the splits more, ours: say which with --split"):
        find_qrels(tmp_path, None)
    (folder / "dev.tsv.gz").touch()
    assert find_qrels(tmp_path, None) == folder / "dev.tsv.gz"
    (folder / "test.tsv").touch()
    assert find_qrels(tmp_path, None) == folder / "test.tsv"
