"""The course of a story on the real page."""

from dataclasses import replace

import pytest

from tests.ui.fake_engine import COURSE, HOSTILE, FakeEngine


@pytest.fixture
def expect():
    from playwright.sync_api import expect

    return expect


def test_a_story_is_shown_as_a_dated_list_whose_marks_open_their_passages(visit, expect):
    engine = FakeEngine()
    opened = visit(engine)
    page = opened.page
    page.fill("#dl-question textarea", "How did the bridge come about?")
    page.get_by_role("button", name="Timeline").click()
    events = page.locator(".dl-timeline").get_by_role("listitem")
    expect(events).to_have_count(2)
    expect(events.nth(0)).to_contain_text("27 Feb 2026")
    expect(events.nth(1)).to_contain_text("approved the Harbour Bridge")
    expect(page.locator("#dl-question textarea")).to_have_value("")
    second = page.locator("#cite-1-2")
    expect(second.locator(".dl-passage")).to_be_hidden()
    events.nth(1).locator("a.dl-ref").last.click()
    expect(second.locator("mark")).to_be_visible()
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".dl-timeline")).to_have_count(0)
    assert [asked["question"] for asked in engine.asked] == ["How did the bridge come about?"] * 2
    assert opened.foreign == []
    assert opened.problems == []


def test_a_hostile_article_stays_text_in_it(visit, expect):
    event = replace(COURSE.events[0], text=HOSTILE.passage, citations=(1,))
    told = replace(COURSE, events=(event,), citations=(replace(HOSTILE, n=1),))
    opened = visit(FakeEngine(course=told))
    opened.page.fill("#dl-question textarea", "What happened?")
    opened.page.get_by_role("button", name="Timeline").click()
    expect(opened.page.locator(".dl-timeline")).to_contain_text("Before <img src=http://evil.example/p.png")
    assert opened.page.locator(".dl-timeline img").count() == 0
    assert opened.page.evaluate("() => window.pwned === undefined")
    assert opened.foreign == []
