import json

import pytest

from index.errors import ReadError
from rag.config import Settings
from rag.evaluate.run import evaluate_dataset
from tests.fakes import FakeEmbedder, ScriptedModel
from tests.rag.harbour import COST, OPENED, WHAT_COST, WHO_OPENED

ARTICLES = [
    {"id": "opened", "title": "Harbour bridge opens", "text": f"{OPENED} {COST}", "published": "2026-03-01"},
    {"id": "late", "title": "Bridge", "text": "Tom Brandt paid 60 million euros.", "published": "2026-03-09"},
]
QUESTIONS = [
    {
        "id": "who",
        "question": WHO_OPENED,
        "answer": "Ada Quill",
        "date": "2026-03-04",
        "articles": ["opened"],
    },
    {
        "id": "cost",
        "question": WHAT_COST,
        "answer": "40 million",
        "date": "2026-03-04",
        "articles": ["opened"],
    },
    {
        "id": "wrong",
        "question": WHO_OPENED,
        "answer": "Tom Brandt",
        "date": "2026-03-04",
        "articles": ["late"],
    },
    {
        "id": "none",
        "question": "Which violinist won?",
        "date": "2026-03-04",
        "articles": [],
        "answerable": False,
    },
]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, records in (("articles", ARTICLES), ("questions", QUESTIONS)):
        (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return folder


@pytest.fixture
def evaluate(folder, cache, embedder):
    def evaluating(*, embedder=embedder, **options):
        settings = Settings(generate={"model": "none"}, index=folder / "the users own index")
        return evaluate_dataset(folder, settings=settings, embedder=embedder, **options)

    return evaluating


def test_the_measures_of_a_tiny_data_set(evaluate):
    report = evaluate()
    assert (report.dataset, report.articles, report.chunks) == ("tiny", 2, 2)
    assert (report.questions, report.answerable) == (4, 3)
    assert report.hits == {1: 0.6667, 4: 0.6667, 10: 0.6667}
    assert report.mrr == 0.6667
    assert report.contains == 0.6667
    assert (report.abstained, report.abstained_answerable, report.abstained_unanswerable) == (0.25, 0, 1)
    assert report.written == 0
    ranks = {result.id: (result.rank, result.abstained, result.contains) for result in report.results}
    assert ranks == {
        "who": (1, False, True),
        "cost": (1, False, True),
        "wrong": (None, False, False),  # its article is of later than the question
        "none": (None, True, False),
    }


def test_the_share_that_the_model_wrote_is_counted(evaluate):
    report = evaluate(model=ScriptedModel(OPENED, name="tiny"), limit=1)
    assert report.written == 1
    assert report.results[0].model == "tiny"


def test_retrieval_alone_asks_no_model(evaluate):
    model = ScriptedModel(OPENED)
    report = evaluate(retrieval_only=True, model=model)
    assert model.prompts == []
    assert report.hits[4] == 0.6667
    assert (report.contains, report.abstained, report.ask_seconds) == (None, None, None)


def test_the_first_questions_alone_may_be_asked(evaluate):
    report = evaluate(limit=2, retrieval_only=True)
    assert [result.id for result in report.results] == ["who", "cost"]
    assert evaluate(limit=0).questions == 0


def test_the_index_is_kept_in_a_cache_away_from_the_users_own(evaluate, folder, cache, embedder):
    before = len(embedder.embedded)
    assert evaluate(retrieval_only=True).build_seconds > 0
    assert len(embedder.embedded) > before
    assert {path.name for path in folder.iterdir()} == {"articles.jsonl", "questions.jsonl"}
    before = len(embedder.embedded)
    assert evaluate(retrieval_only=True).build_seconds == 0
    assert len(embedder.embedded) == before
    assert len(list((cache / "dateline" / "eval").iterdir())) == 1


def test_other_articles_or_another_embedder_have_an_index_of_their_own(evaluate, folder, cache):
    evaluate(retrieval_only=True)
    evaluate(retrieval_only=True, embedder=FakeEmbedder(name="other", dimension=512))
    with (folder / "articles.jsonl").open("a") as stream:
        stream.write('{"id": "more", "title": "More", "text": "More news came."}\n')
    assert evaluate(retrieval_only=True).articles == 3
    assert len(list((cache / "dateline" / "eval").iterdir())) == 3


def test_progress_is_told_by_stage(evaluate):
    told = []
    evaluate(progress=told.append, retrieval_only=True)
    assert {progress.stage for progress in told} == {"indexing", "asking"}
    assert [progress.done for progress in told if progress.stage == "asking"] == [0, 1, 2, 3, 4]
    assert told[-1].total == 4


def test_the_report_is_json_and_a_table(evaluate):
    report = evaluate()
    fields = json.loads(json.dumps(report.to_dict()))
    assert (fields["hit@1"], fields["hit@10"], fields["questions"]) == (0.6667, 0.6667, 4)
    assert [result["id"] for result in fields["results"]] == ["who", "cost", "wrong", "none"]
    names = [name for name, _ in report.rows()]
    assert {"hit@1", "hit@4", "hit@10", "contains", "abstention, all", "seconds per question"} <= set(names)
    assert "contains" not in [name for name, _ in evaluate(retrieval_only=True).rows()]


def test_a_folder_that_is_no_data_set_is_refused_and_nothing_is_made(tmp_path, cache, embedder):
    with pytest.raises(ReadError, match="no data set"):
        evaluate_dataset(tmp_path, settings=Settings(), embedder=embedder)
    assert not cache.exists()
