import json
from pathlib import Path

import pytest

from index.errors import ArchiveLockedError, ReadError
from index.lock import writer_lock
from rag.config import Settings
from rag.errors import QuestionError
from rag.evaluate.run import EvalOptions, EvalProgress, Setup, measure, measure_both
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
def setup(folder, embedder):
    """Return a way to make a configuration."""

    def making(*, embedder=embedder, model=None, name="this", **settings):
        index = folder / "the users own index"
        made = Settings(generate={"model": "none"}, index=index, **settings)
        return Setup(settings=made, name=name, embedder=embedder, model=model)

    return making


@pytest.fixture
def evaluate(folder, cache, setup, embedder):
    def evaluating(*, embedder=embedder, model=None, progress=None, **options):
        return measure(
            folder, setup(embedder=embedder, model=model), EvalOptions(**options), progress=progress
        )

    return evaluating


def values(report):
    return {found.name: found.value for found in report.measures}


def test_the_measures_of_a_tiny_data_set(evaluate):
    report = evaluate()
    assert (report.dataset, report.articles, report.chunks) == ("tiny", 2, 2)
    assert (report.questions, report.answerable, report.judged) == (4, 3, 0)
    found = values(report)
    assert [found[f"hit@{k}"] for k in (1, 4, 10, 20)] == [0.6667] * 4
    assert found["mrr@10"] == 0.6667
    assert found["answer_in_context@1"] == 0.6667
    assert found["answer_in_sentences"] == 0.6667
    assert found["contains"] == 0.6667
    shares = [found[name] for name in ("abstained", "abstained_answerable", "abstained_unanswerable")]
    assert shares == [0.25, 0, 1]
    assert found["written"] == 0
    ranks = {one.id: (one.rank, one.reply.abstained, one.reply.contains) for one in report.results}
    assert ranks == {
        "who": (1, False, True),
        "cost": (1, False, True),
        "wrong": (None, False, False),  # its article is of later than the question
        "none": (None, True, False),
    }
    assert report.notes == ()


def test_every_figure_has_its_interval_and_the_questions_behind_it(evaluate):
    report = evaluate()
    counts = {found.name: found.questions for found in report.measures}
    assert (counts["hit@4"], counts["abstained"], counts["abstained_unanswerable"]) == (3, 4, 1)
    for found in report.measures:
        assert (found.low is None) == (found.questions < 2)
        assert found.low is None or found.low <= found.value <= found.high
    assert report.measures == evaluate().measures
    assert [found.value for found in evaluate(seed=7).measures] == [found.value for found in report.measures]


def test_groups_share_the_questions_out(evaluate):
    groups = evaluate(retrieval_only=True).groups
    assert [(group.by, group.name, group.questions) for group in groups] == [
        ("year", "2026", 3),
        ("kind", "who", 2),
        ("kind", "how many", 1),
        ("time", "none", 3),
    ]
    who = {found.name: found.value for found in groups[1].measures}
    assert who["hit@4"] == 0.5


def test_answers_are_measured_by_their_words_and_their_citations(evaluate):
    report = evaluate()
    assert report.value("citation_precision") == report.value("citation_recall") == 1
    assert report.value("leaked") == 0
    who = report.results[0].reply
    assert who.f1 == pytest.approx(2 * 2 / (2 + 12))  # of the sentence there are 12 words without "the"
    fields = report.to_dict()
    assert (fields["leaks"], fields["answers"]["answered"]) == (0, 3)
    assert fields["answers"]["citations"] == fields["answers"]["citations_right"] == 3
    assert fields["answers"]["sentences"] == fields["answers"]["sentences_cited"] == 3
    assert fields["results"][3]["leaks"] == []


def test_seconds_are_told_to_the_first_word_and_to_the_end(evaluate):
    report = evaluate()
    for result in report.results:
        assert 0 < result.reply.first_word_seconds <= result.reply.seconds
    told = report.to_dict()["answers"]
    assert 0 < told["first_word_seconds"]["p50"] <= told["end_seconds"]["p50"] <= told["end_seconds"]["p95"]


def test_the_abstention_score_has_its_curve(evaluate):
    report = evaluate()
    scores = {result.id: result.looked.answerable for result in report.results}
    assert scores["none"] < 0.35 < min(scores["who"], scores["cost"], scores["wrong"])
    curve = report.to_dict()["risk_coverage"]
    assert (curve["questions"], curve["unanswerable"], curve["threshold"]) == (4, 1, 0.35)
    assert (curve["area"], curve["least"], curve["chance"]) == (0.0625, 0.0625, 0.25)
    (configured,) = (point for point in curve["points"] if point["threshold"] == 0.4)
    assert configured == {
        "threshold": 0.4,
        "coverage": 0.75,
        "risk": 0.0,
        "wrong": 0.3333,  # "wrong" is answered, and not as expected
        "abstained_answerable": 0.0,
        "abstained_unanswerable": 1.0,
    }
    assert curve["points"][0]["wrong"] is None  # "none" was not answered


def test_the_share_that_the_model_wrote_is_counted(evaluate):
    report = evaluate(model=ScriptedModel(OPENED, name="tiny"), limit=1)
    assert report.value("written") == 1
    assert report.results[0].reply.model == "tiny"


def test_retrieval_alone_asks_no_model(evaluate):
    model = ScriptedModel(OPENED)
    report = evaluate(retrieval_only=True, model=model)
    assert model.prompts == []
    assert report.value("hit@4") == 0.6667
    assert (report.value("contains"), report.value("abstained"), report.ask_ms) == (None, None, {})
    assert (report.written, report.risk_coverage) == (None, None)


def test_sentences_may_be_left_unchosen(evaluate):
    report = evaluate(retrieval_only=True, sentences=False)
    assert report.value("answer_in_sentences") is None
    assert report.value("answer_in_context@4") == 0.6667
    assert "evidence" not in report.search_ms


def test_sentences_are_chosen_within_the_configured_budget(folder, cache, setup):
    narrow = setup(answer={"sentences": 1})
    report = measure(folder, narrow, EvalOptions(retrieval_only=True))
    assert all(len(result.looked.sentences) == 1 for result in report.results[:2])
    assert report.evidence_tokens == 300


def test_the_first_questions_alone_may_be_asked(evaluate):
    report = evaluate(limit=2, retrieval_only=True)
    assert [result.id for result in report.results] == ["who", "cost"]


def test_times_are_told_by_stage(evaluate):
    report = evaluate()
    assert list(report.search_ms) == ["plan", "retrieve", "cite", "search", "evidence"]
    assert list(report.ask_ms)[-1] == "total"
    assert all(0 <= spent.p50 <= spent.p95 for spent in report.search_ms.values())


def test_the_index_is_kept_in_a_cache_away_from_the_users_own(evaluate, folder, cache, embedder):
    before = len(embedder.embedded)
    report = evaluate(retrieval_only=True, sentences=False)
    assert report.build_seconds > 0
    assert Path(report.index).parent == cache / "dateline" / "eval"
    assert len(embedder.embedded) > before
    assert {path.name for path in folder.iterdir()} == {"articles.jsonl", "questions.jsonl"}
    before = len(embedder.embedded)
    assert evaluate(retrieval_only=True, sentences=False).build_seconds == 0
    assert len(embedder.embedded) == before
    assert len(list((cache / "dateline" / "eval").iterdir())) == 1


def test_a_fresh_index_is_made_of_nothing_that_was_there(evaluate, embedder):
    evaluate(retrieval_only=True, sentences=False)
    before = len(embedder.embedded)
    report = evaluate(retrieval_only=True, sentences=False, fresh=True)
    assert report.build_seconds > 0
    assert len(embedder.embedded) == before + 2  # both articles


def test_an_index_that_is_being_built_is_not_taken_away(evaluate):
    report = evaluate(retrieval_only=True, sentences=False)
    with writer_lock(Path(report.index)), pytest.raises(ArchiveLockedError):
        evaluate(retrieval_only=True, fresh=True)
    assert evaluate(retrieval_only=True, sentences=False).build_seconds == 0


def test_a_build_that_was_cut_off_goes_on_with_what_it_embedded(evaluate, folder):
    texts = [f"In town {number} the lamp of street {number} was lit." for number in range(200)]
    more = ({"id": f"more {text}", "title": "Lamp", "text": text} for text in texts)
    with (folder / "articles.jsonl").open("a") as stream:
        stream.writelines(f"{json.dumps(record)}\n" for record in more)
    embedder = FakeEmbedder()

    def stop(progress: EvalProgress) -> None:
        if progress.stage == "indexing" and progress.done >= 128:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(retrieval_only=True, sentences=False, embedder=embedder, progress=stop)
    first = len(embedder.embedded)
    assert 0 < first < 202
    evaluate(retrieval_only=True, sentences=False, embedder=embedder)
    assert len(embedder.embedded) == 202


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
    assert list(dict.fromkeys(progress.stage for progress in told)) == ["reading", "indexing", "asking"]
    assert [progress.done for progress in told if progress.stage == "asking"] == [0, 1, 2, 3, 4]
    assert {progress.total for progress in told if progress.stage == "indexing"} == {2}
    assert told[-1].total == 4


def test_the_time_left_follows_from_what_was_done():
    def left(done, total, seconds):
        return EvalProgress(stage="asking", done=done, total=total, seconds=seconds).seconds_left

    assert left(1, 4, 2.0) == 6.0
    assert left(4, 4, 2.0) == 0.0
    assert (left(0, 4, 2.0), left(1, None, 2.0), left(1, 4, 0.0)) == (None, None, None)


def test_the_report_is_json(evaluate):
    fields = json.loads(json.dumps(evaluate().to_dict(passages=frozenset({"cost"}))))
    assert (fields["hit@1"], fields["hit@10"], fields["mrr"], fields["questions"]) == (
        0.6667,
        0.6667,
        0.6667,
        4,
    )
    assert fields["measures"]["hit@4"]["questions"] == 3
    assert fields["search_ms"]["search"]["p95"] > 0
    who, cost, *_ = fields["results"]
    assert (who["id"], who["gold"], who["as_of"], who["kind"]) == ("who", "Ada Quill", "2026-03-05", "who")
    assert "passages" not in who
    assert cost["passages"][0]["hit"] is True
    assert cost["passages"][0]["published"] == "2026-03-01"
    assert any("40 million" in sentence for sentence in cost["sentences"])


def test_what_was_not_measured_is_null_and_not_0(evaluate):
    fields = evaluate(retrieval_only=True).to_dict()
    assert (fields["contains"], fields["abstained"], fields["ask_seconds"]) == (None, None, None)
    assert (fields["token_f1"], fields["citation_precision"], fields["leaks"]) == (None, None, None)
    assert "ndcg@10" not in fields


def test_a_folder_that_is_no_data_set_is_refused_and_nothing_is_made(tmp_path, cache, setup):
    with pytest.raises(ReadError, match="no data set"):
        measure(tmp_path, setup(), EvalOptions())
    assert not cache.exists()


def test_a_data_set_without_questions_or_without_articles_is_refused(evaluate, folder):
    (folder / "articles.jsonl").write_text('{"id": "a", "title": "No text"}\n')
    with pytest.raises(ReadError, match=r"no article of .* can be read \(1 were skipped\)"):
        evaluate()
    (folder / "questions.jsonl").write_text("\n")
    with pytest.raises(ReadError, match="has no questions"):
        evaluate()


def test_retrieval_is_not_measured_on_questions_without_an_answer(evaluate, folder):
    (folder / "questions.jsonl").write_text(json.dumps(QUESTIONS[3]))
    with pytest.raises(ReadError, match=r"no question of .* is answerable"):
        evaluate(retrieval_only=True)
    report = evaluate()
    assert report.value("abstained") == 1
    assert report.value("hit@4") is None
    assert report.notes == ("no question is answerable: retrieval is not measured",)


def test_articles_that_are_named_and_not_there_are_counted(evaluate, folder):
    lost = {**QUESTIONS[0], "articles": ["opened", "lost"]}
    (folder / "questions.jsonl").write_text(json.dumps(lost))
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text("who\topened\t1\nwho\tgone\t1\n")
    report = evaluate(retrieval_only=True)
    assert report.notes == (
        "articles that questions name and that are not there: 1",
        "judged articles that are not there: 1 (relevant ones count as not found)",
    )
    assert report.value("recall@10") == 0.5


def test_a_question_that_is_too_long_to_be_asked_is_cut_and_counted(evaluate, folder):
    long = {**QUESTIONS[0], "question": f"{WHO_OPENED} {'really ' * 1000}"}
    (folder / "questions.jsonl").write_text(json.dumps(long))
    report = evaluate(retrieval_only=True)
    assert report.notes == ("questions cut to 4,000 characters: 1",)


def test_a_folder_of_beir_is_judged_by_its_qrels(tmp_path, cache, setup):
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": one["id"], "title": one["title"], "text": one["text"]} for one in ARTICLES]
    (folder / "corpus.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in corpus))
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "who", "text": WHO_OPENED}))
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nwho\topened\t1\n")
    report = measure(folder, setup(), EvalOptions())
    assert report.dataset == "beir/test"
    assert (report.questions, report.answerable, report.judged) == (1, 1, 1)
    found = values(report)
    assert (found["ndcg@10"], found["recall@10"], found["hit@1"], found["mrr@10"]) == (1, 1, 1, 1)
    assert not {"contains", "answer_in_context@4", "answer_in_sentences"} & found.keys()


def test_two_configurations_are_compared_on_the_same_questions(folder, cache, setup):
    blind = setup(name="blind", retrieval={"top_k": 1}, answer={"sentences": 1, "answerable": 1.0})
    both = measure_both(folder, setup(), blind, EvalOptions())
    assert (both.this_name, both.other_name) == ("this", "blind")
    assert both.this.index == both.other.index  # what differs is not of the index
    found = {difference.name: difference for difference in both.differences}
    hit = found["hit@4"]
    assert (hit.this, hit.other, hit.difference, hit.p) == (0.6667, 0.6667, 0, 1)
    assert (hit.wins, hit.losses, hit.ties, hit.questions) == (0, 0, 3, 3)
    contains = found["contains"]
    assert (contains.this, contains.other, contains.difference) == (0.6667, 0, -0.6667)
    assert (contains.wins, contains.losses, contains.ties) == (0, 2, 1)
    assert contains.low <= contains.difference <= contains.high
    assert "written" not in found  # the other one answers nothing
    assert both.changes == ()
    fields = json.loads(json.dumps(both.to_dict()))
    assert fields["hit@4"] == 0.6667
    assert fields["comparison"]["measures"]["contains"]["losses"] == 2
    assert fields["comparison"]["report"]["contains"] == 0


def test_configurations_that_make_other_indexes_have_one_each(folder, cache, setup):
    other = setup(embedder=FakeEmbedder(name="other", dimension=512))
    both = measure_both(folder, setup(), other, EvalOptions(retrieval_only=True))
    assert both.this.index != both.other.index


def test_a_fresh_index_that_both_use_is_made_once(folder, cache, setup):
    both = measure_both(folder, setup(), setup(), EvalOptions(retrieval_only=True, fresh=True))
    assert both.this.build_seconds > 0
    assert both.other.build_seconds == 0


@pytest.mark.parametrize(
    ("show", "message"),
    [("whoo", "has the id 'whoo': did you mean who"), ("changes", "add --compare")],
)
def test_what_cannot_be_shown_is_refused_before_anything_is_made(evaluate, cache, show, message):
    with pytest.raises(QuestionError, match=message):
        evaluate(show=show)
    assert not cache.exists()
