"""Nothing outside the bounds of a question is ever shown, quoted, or handed to the model."""

import json
import random
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build import BuildMode
from rag.config import Settings
from rag.engine import Engine
from rag.events import AnswerEvent, PassagesEvent
from rag.question import Message
from tests.fakes import ScriptedModel
from tests.index.corpus import article
from tests.rag.harbour import build_archive

FIRST, LAST, FUTURE = date(2025, 1, 1), date(2025, 3, 31), date(2999, 1, 1)
OUTLETS = ["alpha.example", "Beta.Example", "gamma.example"]
WORDS = "mayor harbour bridge council flood strike ferry budget vote count dam river".split()
MARK = re.compile(r"mark\d+x")


def random_archive(seed):
    """Return articles that share their words; each has a mark of its own in its title and text."""
    dice = random.Random(seed)  # noqa: S311 -- nothing secret
    articles = []
    for number in range(14):
        day = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days + 1))
        published = dice.choice(
            [day.isoformat()] * 6 + [f"{day.isoformat()}T23:30:00+02:00", FUTURE.isoformat(), None]
        )
        sentences = [
            f"The {' '.join(dice.sample(WORDS, 4))} of mark{number}x rose by {dice.randrange(99)} on Monday."
            for _ in range(dice.randrange(1, 5))
        ]
        articles.append(
            article(
                f"a{seed}n{number}",
                "\n\n".join(sentences),
                title=f"The {dice.choice(WORDS)} of mark{number}x",
                published=published,
                source=dice.choice(OUTLETS),
            )
        )
    return articles


@pytest.fixture(scope="module")
def archives(tmp_path_factory, embedder):
    made = []
    for seed in range(4):
        root, articles = tmp_path_factory.mktemp(f"archive{seed}") / "index", random_archive(seed)
        build_archive(root, articles[:9], embedder)
        build_archive(root, articles[9:], embedder, BuildMode.ADD)
        made.append((root, articles))
    return made


def is_within(found, *, as_of, since, until, sources):
    day = date.fromisoformat(found.published[:10]) if found.published else None
    if sources and found.source.casefold() not in {source.casefold() for source in sources}:
        return False
    if day is None:
        return not (as_of or since or until)
    last = min(bound for bound in (as_of or date.today(), until) if bound)
    return (since is None or since <= day) and day <= last


def copier(messages):
    """Say every sentence of the prompt again, as the worst of models would."""
    lines = [re.sub(r"^\d+\. (?:\([^)]*\) )?", "", line) for line in messages[-1].content.splitlines()]
    return " ".join(line for line in lines if line.endswith("."))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_published_later_changes_no_answer_as_of_a_day(seed, tmp_path, embedder, open_engine):
    day = (FIRST + timedelta(days=50)).isoformat()
    articles = random_archive(seed)
    build_archive(tmp_path / "all", articles, embedder)
    early = [one for one in articles if one.published and one.published[:10] <= day]
    build_archive(tmp_path / "early", early, embedder)
    everything, then = open_engine(tmp_path / "all"), open_engine(tmp_path / "early")
    for question in (f"What rose with the {one} and the {other}?" for one, other in pairwise(WORDS)):
        answer, known = everything.ask(question, as_of=day), then.ask(question, as_of=day)
        assert answer.answer == known.answer
        assert [one.title for one in answer.citations] == [one.title for one in known.citations]
        told, known_events = everything.timeline(question, as_of=day), then.timeline(question, as_of=day)
        assert [event.text for event in told.events] == [event.text for event in known_events.events]


DAYS = st.none() | st.dates(FIRST - timedelta(days=5), LAST + timedelta(days=5))
QUESTIONS = st.lists(
    st.sampled_from(
        [*WORDS, *(f"mark{number}x" for number in range(14)), "When did the", "Monday", "rise", "?"]
    ),
    min_size=2,
    max_size=7,
).map(" ".join)


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_outside_the_bounds_of_a_question_is_shown(archives, embedder, data):
    root, articles = data.draw(st.sampled_from(archives))
    question = data.draw(QUESTIONS)
    since, until = sorted([data.draw(DAYS), data.draw(DAYS)], key=lambda day: day or date.min)
    bounds = {
        "as_of": data.draw(DAYS),
        "since": since,
        "until": until,
        "sources": data.draw(
            st.lists(st.sampled_from([*OUTLETS, "ALPHA.example", "none.example"]), max_size=2)
        ),
    }
    model = data.draw(
        st.sampled_from(
            [
                None,
                ScriptedModel(copier),
                ScriptedModel(copier, capable=True),
                ScriptedModel("NO ANSWER", capable=True),
            ]
        )
    )
    history = [Message(role="user", content="What of the mayor?")] * data.draw(st.integers(0, 1))
    answer_settings = {"answerable": data.draw(st.sampled_from([0.01, 0.4]))}
    seen = {found.id: found for found in articles if is_within(found, **bounds)}
    seen_marks = {mark for found in seen.values() for mark in MARK.findall(found.title)}
    allowed = seen_marks | set(MARK.findall(question))

    configured = Settings(index=root, generate={"model": "none"}, answer=answer_settings)
    with Engine(configured, embedder=embedder, model=model) as engine:
        events = list(engine.stream(question, history=history, **bounds))
        found = engine.search(question, **bounds)
    answer = events[-1].answer
    assert isinstance(events[-1], AnswerEvent)
    shown = [*found, *answer.citations]
    shown += [passage for event in events if isinstance(event, PassagesEvent) for passage in event.passages]
    assert {citation.article_id for citation in shown} <= set(seen)
    assert set(MARK.findall(json.dumps([event.to_dict() for event in events]))) <= allowed
    text = answer.answer
    for missing in answer.not_found:  # the question in its own words
        text = text.replace(missing, "")
    assert set(MARK.findall(" ".join([text, *answer.follow_ups]))) <= seen_marks
    if model:
        prompts = " ".join(message.content for prompt in model.prompts for message in prompt)
        assert set(MARK.findall(prompts)) <= allowed
    days = [found.published[:10] for found in seen.values() if found.published]
    assert answer.freshness.newest_article == max(days, default=None)
    assert (answer.freshness.newest_cited or "") <= max(days, default="")


def test_the_bounds_include_their_own_days(archives, embedder):
    root, articles = archives[0]
    dated = [found for found in articles if found.published and found.published < "2026"]
    engine = Engine(Settings(index=root), embedder=embedder)
    with engine:
        for found in dated:
            day = found.published[:10]
            for bounds in ({"as_of": day}, {"since": day}, {"until": day}, {"since": day, "until": day}):
                passages = engine.search(found.title, top_k=100, **bounds)
                assert found.id in {passage.article_id for passage in passages}


def test_an_article_dated_in_the_future_is_not_seen_today(archives, embedder):
    for root, articles in archives:
        future = {found.id for found in articles if (found.published or "") > "2900"}
        with Engine(Settings(index=root), embedder=embedder) as engine:
            assert not future & {passage.article_id for passage in engine.search(" ".join(WORDS), top_k=100)}
