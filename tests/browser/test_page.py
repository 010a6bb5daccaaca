import threading
from dataclasses import replace

import pytest

from index.errors import ArchiveNotFoundError
from rag.errors import GenerationError
from tests.ui.fake_engine import (
    ABSTAINED,
    APPROVED,
    COST,
    HOSTILE,
    LEFT_OUT,
    STALE,
    WITH_LEFT_OUT,
    FakeArchive,
    FakeEngine,
    stored,
)

WINDOW_IS_INTACT = "() => window.pwned === undefined"


@pytest.fixture
def expect():
    from playwright.sync_api import expect

    return expect


def test_an_answer_streams_in_and_its_citation_opens_the_passage(visit, expect):
    gate = threading.Event()
    opened = visit(FakeEngine(gate=gate))
    page = opened.page
    opened.ask("When was the bridge approved?")
    expect(page.locator(".thought-group")).to_contain_text(
        "Searched 3 articles up to 3 Mar 2026 · 2 passages"
    )
    expect(page.locator("#dl-sources .dl-heading")).to_have_text("Passages found")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    assert page.locator(".dl-answer").count() == 0
    gate.set()
    expect(page.locator(".dl-freshness")).to_have_text(
        "As of 3 Mar 2026 · newest evidence 1 Mar 2026 · the archive runs to 2 Mar 2026 · "
        "2 articles of unknown date left out · 1 article known only as updated later left out"
    )
    expect(page.locator("#dl-sources .dl-heading").last).to_have_text("Sources")
    second = page.locator("#cite-1-2")
    expect(second.locator(".dl-passage")).to_be_hidden()
    page.locator(".dl-answer a.dl-ref").nth(1).click()
    expect(second.locator("mark")).to_be_visible()
    expect(second.locator("mark")).to_have_text("The bridge will cost 41 million, ")
    expect(second).to_contain_text("Evening Post")
    expect(second).to_contain_text("27 Feb 2026")
    link = second.locator("a")
    assert link.get_attribute("href") == COST.url
    assert link.get_attribute("target") == "_blank"
    assert "noopener" in link.get_attribute("rel")
    assert page.url.rstrip("/#") == opened.url
    assert opened.foreign == []
    assert opened.problems == []


def test_an_earlier_answers_marks_open_its_own_passages(visit, expect):
    opened = visit(FakeEngine(answers={"nothing?": ABSTAINED}))
    opened.ask("When?")
    expect(opened.page.locator(".dl-freshness")).to_have_count(1)
    opened.ask("nothing?")
    expect(opened.page.locator(".dl-abstained")).to_contain_text("No answer in the archive")
    expect(opened.page.locator(".dl-turn.dl-current .dl-heading")).to_have_text("Nearest passages")
    opened.page.locator(".dl-answer a.dl-ref").first.click()
    expect(opened.page.locator(".dl-turn.dl-current .dl-for")).to_have_text("When?")
    expect(opened.page.locator("#cite-1-1 mark")).to_be_visible()


def test_a_follow_up_is_asked_with_a_click_and_a_new_conversation_forgets(visit, expect):
    engine = FakeEngine()
    opened = visit(engine)
    opened.ask("When?")
    opened.page.get_by_role("button", name="Who pays for the bridge?").click()
    expect(opened.page.locator(".dl-question")).to_have_text(["When?", "Who pays for the bridge?"])
    expect(opened.page.locator(".dl-freshness")).to_have_count(2)
    assert len(engine.asked[1]["history"]) == 2
    opened.page.get_by_role("button", name="New conversation").click()
    expect(opened.page.locator(".dl-question")).to_have_count(0)
    opened.ask("Again?")
    expect(opened.page.locator(".dl-freshness")).to_have_count(1)
    assert engine.asked[2]["history"] == ()


def test_an_example_is_asked_with_a_click(visit, expect):
    engine = FakeEngine()
    opened = visit(engine)
    opened.page.locator("#dl-chat .example").first.click()
    expect(opened.page.locator(".dl-freshness")).to_have_count(1)
    assert engine.asked[0]["question"].startswith("What is reported about “Council approves")


def test_asking_again_replaces_the_last_answer(visit, expect):
    engine = FakeEngine()
    opened = visit(engine)
    opened.ask("When?")
    expect(opened.page.locator(".dl-freshness")).to_have_count(1)
    engine.answer = ABSTAINED
    opened.page.get_by_role("button", name="Ask again").click()
    expect(opened.page.locator(".dl-abstained")).to_have_count(1)
    expect(opened.page.locator(".dl-question")).to_have_text(["When?"])
    expect(opened.page.locator("#dl-question textarea")).to_have_value("")
    assert [asked["question"] for asked in engine.asked] == ["When?", "When?"]


def test_stop_ends_the_engines_work_and_keeps_what_is_written(visit, expect):
    long = replace(APPROVED, answer=" ".join(["word"] * 400))
    engine = FakeEngine(long, token_delay=0.05)
    opened = visit(engine)
    opened.ask("When?")
    expect(opened.page.locator(".dl-answer")).to_contain_text("word word")
    opened.page.get_by_role("button", name="Stop").click()
    expect(opened.page.locator(".dl-answer .dl-note")).to_have_text("Stopped.")
    assert engine.stopped.wait(5)
    expect(opened.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("button", "marks"), [("Stop", ["Stopped."]), ("New conversation", [])], ids=["stop", "clear"]
)
def test_what_was_on_its_way_when_an_answer_was_ended_changes_nothing(visit, expect, button, marks):
    long = replace(APPROVED, answer=" ".join(["word"] * 4000))
    opened = visit(FakeEngine(long, token_delay=0.005))
    opened.ask("When?")
    expect(opened.page.locator(".dl-answer")).to_contain_text("word word")
    opened.page.get_by_role("button", name=button).click()
    expect(opened.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    opened.page.wait_for_timeout(700)  # longer than a step is on its way
    assert opened.page.locator(".dl-answer .dl-note").all_inner_texts() == marks
    assert opened.page.locator(".dl-question").count() == len(marks)


def test_the_question_stays_at_the_top_of_a_long_answer_until_the_reader_scrolls(visit, expect):
    opened = visit(FakeEngine(replace(APPROVED, answer=" ".join(["word" * 12] * 120))))
    opened.ask("When?")
    expect(opened.page.locator(".dl-freshness")).to_have_count(1, timeout=20_000)
    offset = """() => {
        const question = document.querySelector("#dl-chat .dl-question").getBoundingClientRect();
        return question.top - document.querySelector("#dl-chat .bubble-wrap").getBoundingClientRect().top;
    }"""
    assert 0 <= opened.page.evaluate(offset) < 60
    opened.page.locator("#dl-chat .dl-answer").hover()
    opened.page.mouse.wheel(0, 300)
    opened.page.wait_for_timeout(300)
    assert opened.page.evaluate(offset) < -100


def test_closing_the_tab_ends_the_engines_work(visit, expect):
    engine = FakeEngine(replace(APPROVED, answer=" ".join(["word"] * 400)), token_delay=0.05)
    opened = visit(engine)
    opened.ask("When?")
    expect(opened.page.locator(".dl-answer")).to_contain_text("word word")
    opened.page.close()
    assert engine.stopped.wait(8)


def test_the_filters_reach_the_engine(visit, expect):
    engine = FakeEngine()
    opened = visit(engine)
    opened.page.locator("#dl-filters .label-wrap").click()
    opened.page.get_by_role("textbox", name="As of").fill("2026-03-01")
    opened.page.get_by_role("textbox", name="As of").press("Enter")
    outlets = opened.page.get_by_label("Outlets")
    outlets.click()
    opened.page.get_by_role("option", name="Evening Post").click()
    expect(opened.page.locator("#dl-filters .label-wrap")).to_contain_text("as of 2026-03-01 · Evening Post")
    opened.ask("When?")
    expect(opened.page.locator(".dl-freshness")).to_have_count(1)
    assert engine.asked[0]["as_of"] == "2026-03-01"
    assert engine.asked[0]["sources"] == ("Evening Post",)


def test_what_no_passage_supports_is_struck_through_where_it_is_asked_for(visit, expect):
    engine = FakeEngine(WITH_LEFT_OUT)
    opened = visit(engine)
    page = opened.page
    page.get_by_text("Dates and outlets").click()
    page.get_by_label("Show, struck through, what the model wrote and no passage supports").check()
    expect(page.get_by_text("Dates and outlets · with what is unsupported")).to_be_visible()
    opened.ask("When?")
    struck = page.locator(".dl-unsupported del")
    expect(struck).to_have_text(LEFT_OUT.text)
    assert "line-through" in struck.evaluate("it => getComputedStyle(it).textDecorationLine")
    expect(page.locator(".dl-unsupported li")).to_contain_text(LEFT_OUT.reason)
    expect(page.locator(".dl-stale")).to_have_text(STALE)
    assert engine.asked[-1]["show_unsupported"] is True
    assert opened.problems == []


def test_a_blank_question_is_a_gentle_line(visit, expect):
    opened = visit()
    opened.ask("   ")
    expect(opened.page.locator("#dl-notices")).to_contain_text("Write a question first.")
    opened.ask("When?")
    expect(opened.page.locator(".dl-freshness")).to_have_count(1)
    expect(opened.page.locator("#dl-notices .dl-notice")).to_have_count(0)


def test_an_error_is_one_line_and_the_question_is_not_lost(visit, expect):
    opened = visit(FakeEngine(error=GenerationError("the language model failed: ask again")))
    opened.ask("When?")
    expect(opened.page.locator(".dl-error")).to_have_text("The language model failed: ask again")
    expect(opened.page.locator("#dl-question textarea")).to_have_value("When?")


def test_an_over_long_question_is_not_lost(visit, expect):
    opened = visit()
    opened.ask("x" * 100_000)
    expect(opened.page.locator("#dl-notices")).to_contain_text("100,000 characters")
    expect(opened.page.locator("#dl-question textarea")).to_have_value("x" * 100_000)


def test_the_page_says_that_there_is_no_index_and_goes_on_once_there_is(visit, expect):
    engine = FakeEngine(
        archive=FakeArchive(error=ArchiveNotFoundError("no index: run `dateline index build`"))
    )
    opened = visit(engine)
    expect(opened.page.locator("#dl-archive")).to_contain_text("No index: run `dateline index build`")
    engine.archive.error = None
    expect(opened.page.locator("#dl-archive")).to_contain_text("3 articles")


def test_hostile_articles_are_inert(visit, expect):
    answer = replace(
        APPROVED,
        answer=f"{HOSTILE.passage} [1]",
        citations=(HOSTILE, COST),
        follow_ups=(HOSTILE.title,),
    )
    archive = FakeArchive(articles=(stored("a1", HOSTILE.title),))
    opened = visit(FakeEngine(answer, archive=archive))
    page = opened.page
    expect(page.locator("#dl-chat .example").first).to_contain_text("<script>")
    opened.ask(HOSTILE.title)
    expect(page.locator(".dl-freshness")).to_have_count(1)
    page.locator(".dl-answer a.dl-ref").first.click()
    expect(page.locator("#cite-1-1 .dl-passage")).to_contain_text("<img src=http://evil.example/p.png")
    page.locator(".thought-group .title").click()
    page.wait_for_timeout(300)
    assert page.evaluate(WINDOW_IS_INTACT)
    for place in ("#dl-chat", "#dl-sources"):
        assert page.locator(f"{place} :is(script, iframe, img, [onerror], [onmouseover])").count() == 0
        assert page.locator(f'{place} a[href^="javascript"]').count() == 0
    assert opened.foreign == []
    assert opened.problems == []


def test_the_theme_follows_the_system_until_it_is_chosen_and_is_remembered(visit, expect):
    opened = visit(color_scheme="dark")
    body = opened.page.locator("body.dark")
    expect(body).to_have_count(1)
    opened.page.get_by_role("button", name="Switch to the light theme").click()
    expect(body).to_have_count(0)
    opened.page.reload()
    opened.page.wait_for_selector("#dl-theme")
    expect(opened.page.get_by_role("button", name="Switch to the dark theme")).to_be_visible()
    expect(body).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(visit, expect, scheme):
    opened = visit(FakeEngine(WITH_LEFT_OUT, answers={"nothing?": ABSTAINED}), color_scheme=scheme)
    opened.ask("nothing?")
    expect(opened.page.locator(".dl-abstained")).to_have_count(1)
    opened.ask("When?")
    expect(opened.page.locator("#cite-2-1 mark")).to_be_visible()
    found = opened.page.evaluate(CONTRAST, list(READ))
    assert set(found) == set(READ)
    assert {name: ratio for name, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("width", [360, 390, 768])
def test_a_narrow_page_shows_all_without_scrolling_sideways(visit, expect, width):
    opened = visit(viewport={"width": width, "height": 800})
    opened.ask("When?")
    expect(opened.page.locator(".dl-freshness")).to_have_count(1)
    assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    answer, card = (
        opened.page.locator(".dl-answer").bounding_box(),
        opened.page.locator("#cite-1-1").bounding_box(),
    )
    assert card["y"] > answer["y"] + answer["height"]
    opened.page.locator(".dl-answer a.dl-ref").nth(1).click()
    expect(opened.page.locator("#cite-1-2 mark")).to_be_in_viewport()


def test_two_visitors_do_not_see_each_other(visit, expect, chromium):
    opened = visit()
    other = chromium.new_page()
    try:
        opened.ask("Mine?")
        expect(opened.page.locator(".dl-freshness")).to_have_count(1)
        other.goto(opened.url)
        other.wait_for_selector("#dl-archive .dl-status")
        assert other.locator(".dl-question").count() == 0
    finally:
        other.close()


def test_the_answer_is_copied_with_its_sources(visit, expect):
    opened = visit(permissions=["clipboard-read", "clipboard-write"])
    opened.ask("When?")
    expect(opened.page.locator(".dl-freshness")).to_have_count(1)
    opened.page.get_by_role("button", name="Copy answer").click()
    expect(opened.page.locator("#dl-copy")).to_have_text("Copied")
    copied = opened.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(APPROVED.answer)
    assert f"[2] {COST.title}. Evening Post, 2026-02-27. {COST.url}" in copied
    expect(opened.page.locator("#dl-copy")).to_have_text("Copy answer")


def test_the_keyboard_alone_is_enough(visit, expect):
    opened = visit()
    expect(opened.page.locator("#dl-question textarea")).to_be_focused()
    opened.page.keyboard.type("When?")
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator(".dl-freshness")).to_have_count(1)
    opened.page.locator(".dl-answer a.dl-ref").nth(1).focus()
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator("#cite-1-2 summary")).to_be_focused()
    outline = opened.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


READ = (
    ".dl-masthead p",
    ".dl-status",
    ".dl-question",
    ".dl-answer p",
    ".dl-answer a.dl-ref",
    ".dl-freshness",
    ".dl-stale",
    ".dl-unsupported del",
    ".dl-unsupported .dl-meta",
    ".dl-kicker",
    ".thought-group .title p",
    "#dl-chat .option",
    "#dl-actions button",
    "#dl-filters .label-wrap span",
    ".dl-current .dl-title",
    ".dl-current .dl-meta",
    ".dl-current .dl-n",
    ".dl-current .dl-passage",
    ".dl-current mark",
    ".dl-current .dl-where a",
    ".dl-current .dl-also li",
)
# The ratio of WCAG 2, over the nearest background that is not transparent; opacity is taken in.
CONTRAST = """
(selectors) => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => {
    const linear = (c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [x, y, z] = [r, g, b].map((c) => linear(c / 255));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ratio = (element) => {
    let background = null;
    let opacity = 1;
    for (let node = element; node; node = node.parentElement) {
      const style = getComputedStyle(node);
      const colour = parse(style.backgroundColor);
      if (!background) opacity *= Number(style.opacity);
      if (!background && colour.length && (colour[3] ?? 1) > 0.99) background = colour;
    }
    background ??= [255, 255, 255];
    const own = parse(getComputedStyle(element).color).slice(0, 3);
    const ink = own.map((c, i) => c * opacity + background[i] * (1 - opacity));
    const [high, low] = [light(ink), light(background)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const found = {};
  for (const selector of selectors) {
    const element = document.querySelector(selector);
    if (element) found[selector] = Math.round(ratio(element) * 100) / 100;
  }
  return found;
}
"""
