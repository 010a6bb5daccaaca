"""Whatever articles, models and users write stays text."""

import re
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.fake_engine import (
    ABSTAINED,
    APPROVED,
    BRIDGE,
    COST,
    FILE,
    HOSTILE,
    LEFT_OUT,
    STALE,
    WITH_LEFT_OUT,
)
from ui.web import render, source_panel
from ui.web.conversation import Progress, Turn

DONE = Turn(number=2, question="When?", progress=Progress.DONE, answer=APPROVED, passages=APPROVED.citations)
TAGS = {
    *(
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "details",
        "div",
        "h2",
        "li",
        "mark",
        "ol",
        "p",
        "section",
        "span",
    ),
    *("summary", "time", "ul"),
}
ATTRIBUTES = {"class", "id", "href", "title", "datetime", "open", "target", "rel", "hidden", "role"}


class Audit(HTMLParser):
    """Notes what a browser would find."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.depth = 0

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.depth += tag != "br"

    def handle_endtag(self, tag):
        self.depth -= 1

    def handle_data(self, data):
        self.text += data


def audit(markup: str) -> Audit:
    found = Audit()
    found.feed(markup)
    found.close()
    return found


def assert_inert(markup: str) -> Audit:
    found = audit(markup)
    assert found.tags <= TAGS
    assert found.attributes <= ATTRIBUTES
    assert all(re.match(r"https?://|#cite-\d", link) for link in found.links), found.links
    assert "\n" not in markup
    assert "\r" not in markup
    assert found.depth == 0
    return found


def test_a_mark_links_to_its_card():
    answer = render.answer(DONE)
    assert 'href="#cite-2-1"' in answer
    assert 'id="cite-2-1"' in source_panel.sources([DONE])
    assert "Saltmarsh Courier, 1 Mar 2026" in answer


def test_a_mark_without_a_citation_stays_text():
    told = replace(APPROVED, answer="In 2024 [7] and [2024] it rained [1].")
    markup = render.answer(replace(DONE, answer=told))
    assert "[7]" in markup
    assert "[2024]" in markup
    assert markup.count("<a ") == 1


def test_marks_are_no_links_while_the_answer_is_being_written():
    markup = render.answer(Turn(number=1, question="?", progress=Progress.WRITING, text="It was [1]."))
    assert '<span class="dl-ref">1</span>' in markup
    assert "<a " not in markup


def test_a_card_shows_title_outlet_date_and_where_it_was_found():
    found = audit(source_panel.card(BRIDGE, anchor="cite-1-1"))
    for shown in (BRIDGE.title, "Saltmarsh Courier", "1 Mar 2026", "date from page metadata", "Coastal Wire"):
        assert shown in found.text
    assert found.links == [BRIDGE.url, BRIDGE.also_in[0].url]


def test_the_supporting_words_are_marked():
    markup = source_panel.card(BRIDGE, anchor="cite-1-1")
    assert "<mark>The Saltmarsh council approved the Harbour Bridge by nine votes to four.</mark>" in markup


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://x/y", "/a", "//x"]
)
def test_only_web_addresses_become_links(url):
    markup = source_panel.card(replace(COST, url=url), anchor="cite-1-1")
    assert "<a " not in markup
    assert unescape(markup).count(url) == 1


def test_an_undated_passage_says_so():
    assert "undated" in source_panel.card(FILE, anchor="cite-1-1")


def test_an_abstention_looks_different_and_shows_what_is_nearest():
    turn = replace(DONE, answer=ABSTAINED)
    assert "dl-abstained" in render.answer(turn)
    assert "No answer in the archive" in render.answer(turn)
    assert "Nearest passages" in source_panel.sources([turn])
    assert " open>" not in source_panel.sources([turn])


def test_an_abstention_may_point_to_what_is_nearest():
    told = replace(ABSTAINED, answer="Nearest is “Ferry timetable” [3].")
    assert 'href="#cite-2-3"' in render.answer(replace(DONE, answer=told))


def test_freshness_is_told():
    text = audit(render.answer(DONE)).text
    assert "As of 3 Mar 2026 · newest evidence 1 Mar 2026 · the archive runs to 2 Mar 2026" in text


def test_old_news_are_told_under_the_text_and_only_where_they_are_old():
    assert f'<p class="dl-stale">{STALE}</p>' in render.answer(replace(DONE, answer=WITH_LEFT_OUT))
    assert "dl-stale" not in render.answer(DONE)


@pytest.mark.parametrize("told", [WITH_LEFT_OUT, replace(ABSTAINED, claims=(LEFT_OUT,))])
def test_what_no_passage_supports_is_struck_through_with_its_reason_and_is_only_text(told):
    markup = render.answer(replace(DONE, answer=told))
    found = assert_inert(markup)
    assert f"<del>{escape(LEFT_OUT.text)}</del>" in markup
    assert f"Left out: no passage supports it{LEFT_OUT.text} {LEFT_OUT.reason}" in found.text
    copied = unescape(source_panel.sources([replace(DONE, answer=told)]))
    assert LEFT_OUT.text not in copied


def test_where_nothing_was_left_out_nothing_is_said_of_it():
    assert "<del>" not in render.answer(DONE)
    assert "Left out" not in render.answer(DONE)


def test_the_step_counts_passages_and_outlets():
    turn = replace(DONE, as_of="2026-11-22")
    assert render.step_title(turn, 30) == "Searched 30 articles up to 22 Nov 2026 · 2 passages from 2 outlets"
    assert render.step_title(replace(turn, passages=(), as_of=None), 1) == "Searched 1 article · 0 passages"


def test_only_the_latest_turn_is_in_sight_and_earlier_ones_are_kept():
    markup = source_panel.sources([replace(DONE, number=1), DONE])
    assert markup.count("dl-current") == 1
    assert 'dl-current" id="turn-2"' in markup
    assert 'id="cite-1-1"' in markup


def test_small_talk_shows_no_search_and_no_sources():
    line = replace(APPROVED, answer="You are welcome.", claims=(), citations=())
    turn = Turn(number=3, question="Thanks!", progress=Progress.DONE, answer=line, text=line.answer)
    assert "Searched" not in render.step_title(turn, 40)
    assert render.step(turn) == ""
    assert "You are welcome." in render.answer(turn)
    assert "No passage comes near" not in source_panel.sources([DONE, turn])
    assert source_panel.sources([DONE, turn]) == source_panel.sources([DONE])


def test_hostile_articles_are_inert():
    told = replace(
        APPROVED,
        answer=HOSTILE.passage + " [1]",
        citations=(HOSTILE,),
        question=HOSTILE.title,
        as_of='"><script>',
    )
    turn = replace(DONE, question=HOSTILE.title, answer=told, passages=(HOSTILE,))
    for markup in (
        render.question(HOSTILE.title),
        render.answer(turn),
        render.step(turn),
        source_panel.sources([turn]),
    ):
        assert_inert(markup)
    assert HOSTILE.title in audit(source_panel.sources([turn])).text


@given(
    st.text(max_size=60),
    st.text(max_size=60),
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-5, 80), st.integers(-5, 80)), max_size=4),
)
def test_any_text_is_shown_as_it_is(title, url, passage, spans):
    citation = replace(
        BRIDGE, title=title, url=url, source=title, published=url, passage=passage, highlights=tuple(spans)
    )
    told = replace(APPROVED, answer=f"{passage} [1]", citations=(citation,), question=title)
    turn = replace(DONE, question=title, answer=told, passages=(citation,))
    for markup in (render.answer(turn), render.step(turn), source_panel.sources([turn])):
        assert_inert(markup)
    shown = unescape(re.sub("</?mark>", "", source_panel.marked(passage, spans)).replace("<br>", "\n"))
    assert shown == passage.replace("\r\n", "\n").replace("\r", "\n")


def test_what_was_searched_for_is_said_where_it_is_not_what_was_asked():
    shown = render.answer(DONE)
    assert "Searched for “When was the Harbour Bridge approved?”" in shown
    same = replace(APPROVED, question="Hello, WHEN was the Harbour Bridge approved")
    assert same.read_as is None
    assert "Searched for" not in render.answer(replace(DONE, answer=same))
