import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import rag
from index.archive import Archive
from index.build import BuildMode, remove
from index.errors import ArchiveMismatchError, ArchiveNotFoundError, ConfigError
from rag.answer import AbstainReason
from rag.config import Settings
from rag.engine import Engine
from rag.errors import ModelUnavailableError, QuestionError
from rag.events import AnswerEvent, ClaimEvent, PlanEvent
from rag.question import Message
from tests.fakes import FakeEmbedder, ScriptedModel
from tests.index.corpus import article
from tests.rag.harbour import (
    ARTICLES,
    COST,
    OPENED,
    SHUT,
    UNKNOWN,
    WHAT_COST,
    WHO_OPENED,
    build_archive,
    shown,
)


class WatchedArchive(Archive):
    """Records which versions were opened and closed."""

    def __init__(self, root):
        super().__init__(root)
        self.opened = []
        self.closed = []

    def open(self, version=None, *, embedder=None):
        snapshot = super().open(version, embedder=embedder)
        close = snapshot.close

        def closing():
            self.closed.append(snapshot.version)
            close()

        self.opened.append(snapshot.version)
        snapshot.close = closing
        return snapshot


@pytest.fixture
def root(tmp_path, embedder):
    build_archive(tmp_path / "index", ARTICLES, embedder)
    return tmp_path / "index"


@pytest.fixture
def watched(open_engine):
    def watching(root, **settings):
        engine = open_engine(root, **settings)
        engine.archive = WatchedArchive(root)
        return engine

    return watching


def test_the_package_offers_the_engine_and_what_goes_in_and_out():
    assert rag.__all__ == ["Answer", "Engine", "Message"]
    assert rag.Engine is Engine
    assert rag.Message is Message
    with pytest.raises(AttributeError, match="Motor"):
        _ = rag.Motor


def test_a_folder_without_an_index_is_refused_with_the_way_to_make_one(tmp_path):
    with pytest.raises(ArchiveNotFoundError, match=r"no index in .*dateline index build"):
        Engine.open(tmp_path / "nothing")
    with pytest.raises(ArchiveNotFoundError):
        Engine.open(tmp_path / "nothing", config=Settings())


def test_the_folder_may_come_from_the_configuration(harbour, tmp_path):
    config = tmp_path / "dateline.yaml"
    config.write_text(f"index: {harbour}\nretrieval:\n  top_k: 3\n")
    for engine in (
        Engine.open(config=config),
        Engine.open(config=Settings(index=harbour)),
        Engine.open(harbour, config=Settings(index=tmp_path)),
        Engine.open(str(harbour)),
    ):
        assert engine.archive.root == harbour


def test_a_configuration_that_cannot_be_used_is_refused(harbour, tmp_path):
    with pytest.raises(ConfigError):
        Engine.open(harbour, config=tmp_path / "missing.yaml")


def test_opening_loads_nothing(harbour):
    model = ScriptedModel()
    embedder = FakeEmbedder()
    Engine(Settings(index=harbour), embedder=embedder, model=model).close()
    assert (embedder.calls, model.warm_ups, model.prompts) == (0, 0, [])


@pytest.mark.parametrize("call", ["ask", "stream", "search"])
@pytest.mark.parametrize(
    ("question", "filters"),
    [("  ", {}), ("x" * 100_000, {}), ("who?", {"as_of": "soon"}), ("who?", {"top_k": 0})],
)
def test_bad_input_is_refused_before_anything_happens(harbour, watched, call, question, filters):
    engine = watched(harbour)
    with pytest.raises(QuestionError):
        getattr(engine, call)(question, **filters)
    assert engine.archive.opened == []


def test_an_index_of_another_embedding_model_is_refused_with_the_way_to_mend_it(harbour, open_engine):
    engine = open_engine(harbour, embedder=FakeEmbedder(name="other", dimension=1024))
    for call in (engine.search, engine.ask):
        with pytest.raises(ArchiveMismatchError, match="dateline index build"):
            call(WHO_OPENED)
    readiness = engine.readiness()
    assert not readiness.ready
    assert "dateline index build" in readiness.problem


def test_an_empty_index_abstains_with_its_own_reason(root, open_engine):
    remove(root, [article.id for article in ARTICLES])
    engine = open_engine(root)
    answer = engine.ask(WHO_OPENED)
    assert (answer.abstained, answer.reason) == (True, AbstainReason.EMPTY_INDEX)
    assert "empty" in answer.answer
    assert (answer.citations, answer.follow_ups) == ((), ())
    assert engine.search(WHO_OPENED) == ()


def test_search_gives_numbered_passages_best_first(harbour, open_engine):
    found = open_engine(harbour).search("harbour bridge", as_of="2026-05-01", top_k=2)
    assert [passage.n for passage in found] == [1, 2]
    assert found[0].title == "Harbour bridge opens"
    assert found[0].score > found[1].score
    assert all(passage.highlights == () for passage in found)


def test_search_obeys_its_filters(harbour, open_engine):
    engine = open_engine(harbour)
    titles = {passage.title for passage in engine.search("harbour bridge", sources=["OTHER.example"])}
    assert titles == {"Crossing shut"}
    assert {passage.title for passage in engine.search("storms")} >= {"Storms"}
    assert "Storms" not in {passage.title for passage in engine.search("storms", as_of="2026-05-01")}


def test_readiness_tells_the_version_and_the_model(harbour, open_engine):
    engine = open_engine(harbour, model=ScriptedModel(name="tiny"))
    assert engine.readiness().to_dict() == {
        "ready": True,
        "index_version": "000001",
        "model": "tiny",
        "problem": None,
    }
    assert open_engine(harbour).model_name == "quote"


def test_readiness_without_an_index_says_what_to_do(tmp_path, open_engine):
    readiness = open_engine(tmp_path / "none").readiness()
    assert (readiness.ready, readiness.index_version) == (False, None)
    assert "dateline index build" in readiness.problem


def test_warming_up_loads_index_and_model(harbour, watched):
    model = ScriptedModel()
    engine = watched(harbour, model=model)
    engine.warm_up()
    assert (engine.archive.opened, model.warm_ups) == (["000001"], 1)


def test_warming_up_says_where_the_model_cannot_be_had(harbour, open_engine):
    with pytest.raises(ModelUnavailableError, match="no such model"):
        open_engine(harbour, model=ScriptedModel(ModelUnavailableError("no such model"))).warm_up()


def test_closing_closes_index_and_model_and_can_be_done_again(harbour, watched):
    model = ScriptedModel(OPENED)
    with watched(harbour, model=model) as engine:
        engine.ask(WHO_OPENED, as_of="2026-05-01")
    engine.close()
    assert engine.archive.closed == ["000001"]
    assert model.closed >= 1


def test_an_engine_that_was_closed_answers_no_more(harbour, watched):
    engine = watched(harbour)
    engine.search(WHO_OPENED)
    engine.close()
    with pytest.raises(ArchiveNotFoundError, match="closed"):
        engine.ask(WHO_OPENED)
    assert not engine.readiness().ready
    assert engine.archive.opened == engine.archive.closed == ["000001"]


def test_closing_before_the_first_question_does_nothing(harbour, watched):
    engine = watched(harbour)
    engine.close()
    assert engine.archive.opened == []


def test_giving_up_half_way_stops_the_model_and_lets_the_version_go(root, watched, embedder):
    model = ScriptedModel(f"{OPENED} {COST} {SHUT}")
    engine = watched(root, model=model)
    events = engine.stream(WHO_OPENED, as_of="2026-05-01")
    next(event for event in events if isinstance(event, ClaimEvent))
    assert model.open_streams == 1
    build_archive(root, [article("new", "A new pier.")], embedder, BuildMode.ADD)
    engine.refresh()
    assert engine.archive.closed == []
    events.close()
    assert model.open_streams == 0
    assert SHUT.split()[-1] not in "".join(model.written)
    assert engine.archive.closed == ["000001"]


def test_a_stream_that_was_never_begun_holds_nothing(harbour, watched):
    engine = watched(harbour)
    engine.stream(WHO_OPENED).close()
    assert engine.archive.opened == []


def test_the_next_question_is_answered_from_a_version_published_meanwhile(root, open_engine, embedder):
    engine = open_engine(root)
    assert engine.ask(UNKNOWN, as_of="2026-05-01").abstained
    text = "Violinist Ruta Venckus won the Krakow competition on 30 April 2026."
    build_archive(root, [article("violin", text, published="2026-04-30")], embedder, BuildMode.ADD)
    answer = engine.ask(UNKNOWN, as_of="2026-05-01")
    assert (answer.index_version, answer.abstained) == ("000002", False)
    assert answer.claims[0].text == text


def test_an_open_stream_finishes_on_the_version_it_began_with(root, open_engine):
    engine = open_engine(root)
    events = engine.stream(WHO_OPENED, as_of="2026-05-01")
    assert isinstance(next(events), PlanEvent)
    remove(root, [ARTICLES[0].id])
    assert engine.ask(WHO_OPENED, as_of="2026-05-01").index_version == "000002"
    answer = list(events)[-1].answer
    assert (answer.index_version, answer.claims[0].text) == ("000001", OPENED)


def test_a_removed_article_answers_no_more(root, open_engine):
    engine = open_engine(root)
    assert engine.ask(WHAT_COST, as_of="2026-05-01").claims[0].text == COST
    remove(root, [ARTICLES[0].id])
    assert engine.refresh()
    assert not engine.refresh()
    answer = engine.ask(WHAT_COST, as_of="2026-05-01")
    assert ARTICLES[0].id not in {citation.article_id for citation in answer.citations}
    assert "40 million" not in str(answer.to_dict())
    assert ARTICLES[0].id not in {passage.article_id for passage in engine.search(WHAT_COST)}


def test_eight_threads_get_the_answers_that_one_gets(harbour, watched):
    questions = [WHO_OPENED, WHAT_COST, UNKNOWN, "When was the harbour bridge in Stellby closed?"]
    engine = watched(harbour)
    expected = [shown(engine.ask(question, as_of="2026-05-01")) for question in questions]
    fresh = watched(harbour)
    gate = threading.Barrier(8)

    def work(number):
        gate.wait(timeout=10)
        return [
            shown(fresh.ask(questions[(number + turn) % 4], as_of="2026-05-01"))
            == expected[(number + turn) % 4]
            for turn in range(8)
        ]

    with ThreadPoolExecutor(8) as pool:
        assert all(all(same) for same in pool.map(work, range(8)))
    assert fresh.archive.opened == ["000001"]


def test_threads_go_on_while_versions_change(root, watched, embedder):
    engine = watched(root)
    stop = threading.Event()

    def work(_):
        seen = []
        while not stop.is_set():
            answer = engine.ask(WHO_OPENED, as_of="2026-05-01")
            seen.append((answer.index_version, answer.claims[0].text))
        return seen

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(work, n) for n in range(4)]
        for number in range(4):
            build_archive(root, [article(f"n{number}", f"Pier {number} opened.")], embedder, BuildMode.ADD)
        stop.set()
        seen = [run.result(timeout=30) for run in running]
    assert {text for answers in seen for _, text in answers} == {OPENED}
    assert all(
        [version for version, _ in answers] == sorted(version for version, _ in answers) for answers in seen
    )
    engine.close()
    assert sorted(engine.archive.closed) == sorted(engine.archive.opened)


def test_events_may_be_taken_one_by_one(harbour, open_engine):
    events = open_engine(harbour).stream(WHO_OPENED, as_of="2026-05-01")
    *_, last = events
    assert isinstance(last, AnswerEvent)
    assert next(events, None) is None


def test_a_model_that_no_form_allows_is_refused_on_opening_and_reported_by_readiness(harbour, embedder):
    settings = Settings(index=harbour, generate={"model": "nonsense"})
    with pytest.raises(ConfigError, match="nonsense"):
        Engine.open(config=settings)
    readiness = Engine(settings, embedder=embedder).readiness()
    assert not readiness.ready
    assert "nonsense" in (readiness.problem or "")


def test_warming_up_for_retrieval_alone_leaves_the_model_be(harbour, open_engine):
    model = ScriptedModel()
    open_engine(harbour, model=model).warm_up(retrieval_only=True)
    assert not model.warm_ups
