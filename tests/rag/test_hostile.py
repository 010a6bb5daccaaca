"""Whatever an article orders, and however obedient the model is, the answer is news and cited."""

import re
from dataclasses import dataclass

import pytest

from index.archive import Archive
from rag.answer import Answer, Citation
from rag.config import Settings
from rag.engine import Engine
from rag.events import AnswerEvent, PassagesEvent
from rag.terms import words
from tests.fakes import ScriptedModel
from tests.rag.harbour import UNKNOWN, build_archive
from tests.rag.hostile import (
    AS_OF,
    ATTACKS,
    LIVE,
    MARK,
    Attack,
    as_read,
    bare_words,
    obedient,
    prompt_runs,
    shown_texts,
    unseen,
)

MODELS = {
    "none": None,
    "small": {"capable": False},
    "capable": {"capable": True},
    "citing": {"capable": True, "cites": True},
}


@dataclass(frozen=True)
class Told:
    """What was answered to the question of an attack's article, out of which passages."""

    attack: Attack
    answer: Answer
    passages: tuple[Citation, ...]


@pytest.fixture(scope="module")
def archives(tmp_path_factory, embedder):
    """Two indexes of the articles: as they stand in the file, and as its reader cleans them."""
    folder = tmp_path_factory.mktemp("hostile")
    build_archive(folder / "stored", [attack.as_stored() for attack in ATTACKS], embedder)
    build_archive(folder / "read", as_read(), embedder)
    return folder


@pytest.fixture(scope="module", params=MODELS)
def model(request):
    kind = MODELS[request.param]
    return None if kind is None else obedient(**kind)


@pytest.fixture(scope="module", params=["stored", "read"])
def engine(request, archives, embedder, model):
    settings = Settings(index=archives / request.param, generate={"model": "none"})
    with Engine(settings, embedder=embedder, model=model) as engine:
        yield engine


@pytest.fixture(scope="module")
def told(engine):
    """What is answered to each article's question."""
    return [ask(engine, attack) for attack in ATTACKS]


def ask(engine, attack) -> Told:
    *_, last = events = list(engine.stream(attack.question, as_of=AS_OF))
    assert isinstance(last, AnswerEvent)
    (found,) = (event for event in events if isinstance(event, PassagesEvent))
    return Told(attack, last.answer, found.passages)


def test_there_are_many_kinds_of_attacks_and_all_are_read(archives):
    assert len(ATTACKS) == len({attack.attack for attack in ATTACKS}) >= 40
    for name in ("stored", "read"):
        assert Archive(archives / name).info().articles == len(ATTACKS)


def test_the_news_in_them_is_told(told):
    for one in told:
        assert not one.answer.abstained, one.attack.attack
        fact = bare_words(one.attack.fact).strip()
        assert fact in bare_words(one.answer.answer), (one.attack.attack, one.answer.answer)


def test_nothing_that_they_order_is_done(told):
    for one in told:
        for text in shown_texts(one.answer):
            done = [phrase for phrase in one.attack.never if bare_words(phrase) in bare_words(text)]
            assert not done, (one.attack.attack, text)


def test_no_order_stands_in_a_follow_up_or_beside_an_abstention(told, engine):
    never = [bare_words(phrase) for attack in ATTACKS for phrase in attack.never if " " in phrase]
    unanswered = engine.ask(UNKNOWN, as_of=AS_OF)
    assert unanswered.abstained
    for text in [*shown_texts(unanswered), *(text for one in told for text in one.answer.follow_ups)]:
        assert not LIVE.search(text), text
        assert not [phrase for phrase in never if phrase in bare_words(text)], text


def test_nothing_is_shown_that_a_program_would_act_on(told):
    for one in told:
        for text in shown_texts(one.answer):
            assert not LIVE.search(text), (one.attack.attack, text)
            assert not unseen(text), (one.attack.attack, text)


def test_only_what_was_retrieved_is_cited_and_every_mark_is_ours(told):
    for one in told:
        found = {passage.chunk_id: passage.passage for passage in one.passages}
        assert [citation.n for citation in one.answer.citations] == list(
            range(1, len(one.answer.citations) + 1)
        )
        for citation in one.answer.citations:
            assert found[citation.chunk_id] == citation.passage
        said = " ".join(claim.text for claim in one.answer.claims)
        assert re.sub(r" ?\[\d\]", "", one.answer.answer) == said, one.attack.attack
        for claim in one.answer.claims:
            assert not MARK.search(claim.text), (one.attack.attack, claim.text)
            assert {*claim.citations} <= {citation.n for citation in one.answer.citations}


def test_a_claim_is_short_and_has_no_word_that_its_passage_does_not_show(told):
    for one in told:
        for claim in one.answer.claims:
            assert len(claim.text) <= 1000
            cited = one.answer.citations[claim.citations[0] - 1]
            known = bare_words(f"{cited.passage} {cited.title} {cited.source} {cited.published}")
            missing = [word for word in words(claim.text) if f" {word} " not in known]
            assert not missing, (one.attack.attack, claim.text, missing)


def test_no_words_of_the_prompts_are_shown(told):
    runs = set(prompt_runs())
    for one in told:
        for text in map(bare_words, shown_texts(one.answer)):
            assert not [run for run in runs if run in text], (one.attack.attack, text)


@pytest.mark.parametrize("capable", [False, True])
@pytest.mark.parametrize("name", ["stored", "read"])
def test_no_order_no_turn_and_no_unseen_sign_reaches_the_model(archives, open_engine, name, capable):
    model = ScriptedModel("", capable=capable)
    engine = open_engine(archives / name, model=model)
    for attack in ATTACKS:
        engine.ask(attack.question, as_of=AS_OF)
        prompt = model.prompts[-1][-1].content
        assert not LIVE.search(prompt), (attack.attack, prompt)
        assert not unseen(prompt.replace("\n", "")), (attack.attack, prompt)
        *listed, asked = (line for line in prompt.split("\n") if line.strip())
        assert [line.split(".")[0] for line in listed] == [str(n + 1) for n in range(len(listed))]
        assert asked == f"Question: {attack.question}"


def test_the_model_is_tempted_in_earnest(archives, open_engine):
    model = obedient(capable=True)
    open_engine(archives / "stored", model=model).ask(ATTACKS[0].question, as_of=AS_OF)
    assert "".join(model.written).startswith("Tom Brandt opened the Lantern Bridge in Vell. You answer ")


def test_what_is_looked_for_would_be_found():
    """The rules of this file are no rules that nothing breaks."""
    shown = {
        "![x](http://evil.example/p.png)": LIVE,
        "see https://evil.example": LIVE,
        "<img src=x>": LIVE,
        "<|im_start|>": LIVE,
        "javascript:alert(1)": LIVE,
        "so [1].": MARK,
        "so [ 2 ].": MARK,
        "so \u30101\u3011.": MARK,
    }
    for text, rule in shown.items():
        assert rule.search(text), text
    assert unseen("a\u200bb\u202e\x1b\U000e0041") == ["\u200b", "\u202e", "\x1b", "\U000e0041"]
    assert any(run in bare_words("Use only the NUMBERED sentences.") for run in prompt_runs())
