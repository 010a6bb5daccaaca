"""What hostile articles bring to the page, the terminal and the API stays text there."""

import json
import re
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from rich.console import Console

from rag.config import Settings
from rag.engine import Engine
from tests.fakes import FakeEmbedder
from tests.rag.harbour import UNKNOWN, build_archive
from tests.rag.hostile import AS_OF, ATTACKS, LIVE, obedient, unseen
from tests.ui.web.test_render import assert_inert
from ui.api.app import create_app
from ui.cli.ask import show_answer
from ui.cli.render import print_sources, print_unsupported
from ui.web import render, source_panel
from ui.web.conversation import Progress, Turn

QUESTIONS = [*(attack.question for attack in ATTACKS), UNKNOWN]
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """An engine over the articles as they stand, with a model that does what they want."""
    root = tmp_path_factory.mktemp("hostile") / "index"
    embedder = FakeEmbedder(dimension=1024)
    build_archive(root, [attack.as_stored() for attack in ATTACKS], embedder)
    settings = Settings(index=root, generate={"model": "none"})
    with Engine(settings, embedder=embedder, model=obedient(capable=True)) as engine:
        yield engine


@pytest.fixture(scope="module")
def turns(engine):
    """Each question as the page has it when it is answered; what was found is all that `search` finds."""
    return [
        Turn(
            number=number,
            question=question,
            progress=Progress.DONE,
            answer=engine.ask(question, as_of=AS_OF),
            passages=engine.search(question, as_of=AS_OF),
        )
        for number, question in enumerate(QUESTIONS, start=1)
    ]


def pieces(turn):
    """Return all the HTML of a turn, and of the same while it was being written."""
    writing = Turn(
        number=turn.number,
        question=turn.question,
        progress=Progress.WRITING,
        text=turn.answer.answer,
        passages=turn.passages,
    )
    return [
        *(render.answer(one) for one in (turn, writing)),
        *(render.step(one) for one in (turn, writing)),
        *(source_panel.sources([one]) for one in (turn, writing)),
    ]


def test_the_page_holds_no_markup_of_theirs_and_no_link_but_to_the_articles(turns):
    for turn in turns:
        shown = {passage.url for passage in (*turn.answer.citations, *turn.passages)}
        for markup in pieces(turn):
            found = assert_inert(markup)
            for link in found.links:
                assert link in shown or link.startswith(f"#cite-{turn.number}-"), link


@pytest.mark.parametrize("scheme", ["javascript", "data"])
def test_an_address_that_runs_something_is_shown_and_is_no_link(turns, scheme):
    places = [
        (turn, passage)
        for turn in turns
        for passage in turn.answer.citations
        if urlsplit(passage.url).scheme == scheme
    ]
    assert places
    for turn, passage in places:
        found = assert_inert(source_panel.card(passage, anchor="cite-1-1"))
        assert found.links == []
        assert passage.url in found.text
        assert f'href="{scheme}' not in source_panel.sources([turn])


def test_titles_and_outlets_on_the_page_hold_nothing_that_turns_their_direction(turns):
    for turn in turns:
        assert not unseen(render.step(turn))
        assert not unseen(render.answer(turn))
        # The passage is shown as it stands.
        cards = re.sub(r"<blockquote.*?</blockquote>", "", source_panel.sources([turn]))
        assert not unseen(re.sub(r'href="[^"]*"|<code>[^<]*</code>', "", cards)), turn.question


@pytest.mark.parametrize("terminal", [True, False])
def test_the_terminal_is_sent_text_and_the_styles_of_ours(engine, terminal, capsys):
    console = Console(
        force_terminal=terminal, no_color=True, width=100, highlight=False, markup=False, emoji=False
    )
    for question in QUESTIONS:
        print_sources(console, show_answer(console, engine.stream(question, as_of=AS_OF), quiet=True))
    printed = capsys.readouterr().out
    styled = re.findall(r"\x1b\[([\d;]*)m", printed)
    assert bool(styled) == terminal
    assert set(styled) <= {"0", "1", "2", "1;4"}  # bold, dim, and bold underlined
    left = re.sub(r"\x1b\[[\d;]*m", "", printed)
    assert not CONTROL.search(left)
    assert not unseen(left.replace("\n", ""))


def test_the_api_gives_answers_that_a_program_may_render(engine):
    client = TestClient(create_app(engine), base_url="http://localhost")
    for question in QUESTIONS:
        body = client.post("/v1/ask", json={"question": question, "as_of": AS_OF}).json()
        for text in (body["answer"], *(claim["text"] for claim in body["claims"]), *body["follow_ups"]):
            assert not LIVE.search(text), text
            assert not unseen(text), text


def test_what_was_left_out_is_only_text_on_the_page_in_the_terminal_and_in_the_api(engine, capsys):
    client = TestClient(create_app(engine), base_url="http://localhost")
    console = Console(force_terminal=True, width=100, highlight=False, markup=False, emoji=False)
    seen = 0
    for number, question in enumerate(QUESTIONS, start=1):
        answer = engine.ask(question, as_of=AS_OF, show_unsupported=True)
        seen += len([claim for claim in answer.claims if not claim.supported])
        turn = Turn(number=number, question=question, progress=Progress.DONE, answer=answer)
        assert all(link.startswith(f"#cite-{number}-") for link in assert_inert(render.answer(turn)).links)
        assert not unseen(render.answer(turn))
        print_unsupported(console, answer.claims)
        asked = {"question": question, "as_of": AS_OF, "show_unsupported": True}
        for claim in client.post("/v1/ask", json=asked).json()["claims"]:
            assert not LIVE.search(f"{claim['text']} {claim['reason']}"), claim
    assert seen > 20
    printed = capsys.readouterr().out
    assert set(re.findall(r"\x1b\[([\d;]*)m", printed)) == {"0", "1", "2", "9"}
    left = re.sub(r"\x1b\[[\d;]*m", "", printed)
    assert not CONTROL.search(left)
    assert not unseen(left.replace("\n", ""))


def test_events_cannot_be_forged_by_what_is_in_them(engine):
    client = TestClient(create_app(engine), base_url="http://localhost")
    for question in QUESTIONS:
        body = client.post("/v1/ask", json={"question": question, "as_of": AS_OF, "stream": True}).text
        blocks = body.strip().split("\n\n")
        names = [block.split("\n")[0] for block in blocks]
        assert names[:2] == ["event: plan", "event: passages"]
        assert names[-1] == "event: answer"
        assert set(names[2:-1]) <= {"event: token", "event: claim"}
        for block in blocks:
            _, data = block.split("\n")
            json.loads(data.removeprefix("data: "))
