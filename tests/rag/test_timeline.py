"""A story's course: dated, cited, oldest first, and nothing later than as-of."""

from datetime import date

import pytest

from index.build import remove
from rag.event_reports import MAX_EVENTS, PER_DAY
from rag.question import Message
from tests.index.corpus import article
from tests.rag.harbour import build_archive
from tests.rag.hostile import AS_OF, ATTACKS, LIVE, MARK, bare_words, unseen

STORY = [
    article(
        "vote",
        "Crews of the Farrow ferry voted to strike. A harp was sold elsewhere.",
        title="Ferry strike",
        published="2026-06-18",
    ),
    article(
        "start",
        "The Farrow ferry strike began on Wednesday.",
        title="Ferry strike",
        published="2026-06-25",
        source="two.example",
    ),
    article(
        "start2",
        "The Farrow ferry strike began on 24 June.",
        title="Ferry strike",
        published="2026-06-26",
        source="three.example",
    ),
    article(
        "talks",
        "The Farrow ferry strike talks will begin on 3 July.",
        title="Ferry strike",
        published="2026-06-29",
    ),
    article(
        "end",
        "The Farrow ferry strike ended yesterday.",
        title="Ferry strike",
        published="2026-07-12",
    ),
    article(
        "harp",
        "A harp was sold in Orvale on 20 June.",
        title="Harp sold",
        published="2026-06-21",
    ),
]
QUESTION = "Timeline of the Farrow ferry strike"


@pytest.fixture(scope="module")
def story(tmp_path_factory, embedder):
    root = tmp_path_factory.mktemp("story") / "index"
    build_archive(root, STORY, embedder)
    return root


def told(timeline):
    return [(event.date, event.date_from, event.text) for event in timeline.events]


def test_the_events_of_a_story_are_dated_and_oldest_first(story, open_engine):
    timeline = open_engine(story).timeline(QUESTION, as_of="2026-08-01")
    assert told(timeline) == [
        ("2026-06-18", "published", "Crews of the Farrow ferry voted to strike."),
        ("2026-06-24", "text", "The Farrow ferry strike began on Wednesday."),
        ("2026-06-29", "published", "The Farrow ferry strike talks will begin on 3 July."),
        ("2026-07-11", "text", "The Farrow ferry strike ended yesterday."),
    ]
    assert not timeline.abstained
    assert timeline.note == ""


def test_each_event_stands_word_for_word_in_each_first_citation_and_is_marked_there(story, open_engine):
    timeline = open_engine(story).timeline(QUESTION, as_of="2026-08-01")
    by_number = {citation.n: citation for citation in timeline.citations}
    assert list(by_number) == list(range(1, len(by_number) + 1))
    for event in timeline.events:
        cited = by_number[event.citations[0]]
        assert event.text in [cited.passage[start:end] for start, end in cited.highlights]


def test_reports_of_one_event_are_one_line_with_all_their_outlets(story, open_engine):
    timeline = open_engine(story).timeline(QUESTION, as_of="2026-08-01")
    began = timeline.events[1]
    sources = {one.source for one in timeline.citations if one.n in began.citations}
    assert sources == {"two.example", "three.example"}
    assert began.outlets == 2


def test_an_announcement_says_what_day_it_is_for_under_the_day_it_was_made(story, open_engine):
    timeline = open_engine(story).timeline(QUESTION, as_of="2026-08-01")
    assert [event.announced_for for event in timeline.events] == [None, None, "2026-07-03", None]


@pytest.mark.parametrize("as_of", ["2026-06-18", "2026-06-25", "2026-06-30", "2026-07-11"])
def test_nothing_is_later_than_as_of(story, open_engine, as_of):
    timeline = open_engine(story).timeline(QUESTION, as_of=as_of)
    assert timeline.as_of == as_of
    assert timeline.events
    assert all(event.date <= as_of for event in timeline.events)
    assert all(citation.published <= as_of for citation in timeline.citations)


def test_the_bounds_hold_for_the_days_of_events_too(story, open_engine):
    timeline = open_engine(story).timeline(QUESTION, since="2026-06-25", until="2026-07-11")
    assert [event.date for event in timeline.events] == ["2026-06-29"]


def test_a_follow_up_is_about_the_story_before_it(story, open_engine):
    history = [Message(role="user", content="When did the Farrow ferry strike begin?")]
    timeline = open_engine(story).timeline("And how did it end?", history=history, as_of="2026-08-01")
    assert "The Farrow ferry strike ended yesterday." in [event.text for event in timeline.events]


@pytest.mark.parametrize("question", ["Who won the Krakow violin competition?", "asdf", "Timeline of"])
def test_what_the_archive_does_not_tell_is_said_in_plain_words(story, open_engine, question):
    timeline = open_engine(story).timeline(question, as_of="2026-08-01")
    assert (timeline.abstained, timeline.reason, timeline.events) == (True, "no_evidence", ())
    assert timeline.note == "The archive has no dated reports about this."
    assert timeline.citations == ()


def test_an_empty_archive_says_so(tmp_path, embedder, open_engine):
    build_archive(tmp_path / "index", STORY[:1], embedder)
    remove(tmp_path / "index", [STORY[0].id])
    timeline = open_engine(tmp_path / "index").timeline(QUESTION)
    assert (timeline.abstained, timeline.reason) == (True, "empty_index")
    assert "empty" in timeline.note


def test_a_busy_day_does_not_hide_the_others_and_there_are_only_so_many(tmp_path, embedder, open_engine):
    things = "piers masts crews tugs bells ropes sails decks buoys lamps pumps hulls nets flags docks".split()
    busy = [
        article(f"b{n}", f"Farrow ferry strike hit {thing} on 1 July.", published="2026-07-02")
        for n, thing in enumerate(things)
    ]
    days = [
        article(
            f"d{n}", f"Farrow ferry strike stopped {thing} that evening.", published=f"2026-05-{2 * n + 1:02}"
        )
        for n, thing in enumerate(things)
    ]
    build_archive(tmp_path / "index", [*busy, *days], embedder)
    timeline = open_engine(tmp_path / "index").timeline(QUESTION, as_of="2026-08-01")
    dates = [event.date for event in timeline.events]
    assert len(dates) == MAX_EVENTS
    assert dates == sorted(dates)
    assert dates.count("2026-07-01") <= PER_DAY


def test_orders_and_markup_of_articles_are_no_events(tmp_path, embedder, open_engine):
    build_archive(tmp_path / "index", [attack.as_stored() for attack in ATTACKS], embedder)
    engine = open_engine(tmp_path / "index")
    shown = [(attack, engine.timeline(attack.question, as_of=AS_OF).events) for attack in ATTACKS]
    assert sum(bool(events) for _, events in shown) > len(ATTACKS) // 2
    for attack, events in shown:
        for event in events:
            done = [phrase for phrase in attack.never if bare_words(phrase) in bare_words(event.text)]
            assert not done, (attack.attack, event.text)
            assert not LIVE.search(event.text), (attack.attack, event.text)
            assert not MARK.search(event.text), (attack.attack, event.text)
            assert not unseen(event.text), (attack.attack, event.text)


def test_the_json_form_is_plain(story, open_engine):
    document = open_engine(story).timeline(QUESTION, as_of="2026-08-01").to_dict()
    assert set(document) == {
        *("question", "as_of", "abstained", "reason", "note", "events", "citations"),
        *("freshness", "index_version", "left_out"),
    }
    assert document["events"][0] == {
        "date": "2026-06-18",
        "date_from": "published",
        "text": "Crews of the Farrow ferry voted to strike.",
        "citations": [1],
        "outlets": 1,
        "announced_for": None,
    }
    assert date.fromisoformat(document["freshness"]["newest_cited"])


def test_a_page_of_live_updates_puts_no_event_before_the_story(tmp_path, embedder, open_engine):
    live = article(
        "live",
        "Farrow ferry strike: the damage rose to 31 million euros on Saturday.",
        title="Ferry strike live updates",
        published="2026-06-24",
    )
    build_archive(tmp_path / "index", [*STORY, live], embedder)
    timeline = open_engine(tmp_path / "index").timeline(QUESTION, as_of="2026-08-01")
    assert not [event for event in timeline.events if "31 million" in event.text]


def test_datelines_and_captions_are_not_shown(tmp_path, embedder, open_engine):
    told_of = article(
        "told",
        "STELLHAVEN (NW) — Farrow ferry strike talks failed.",
        title="Ferry strike",
        published="2026-06-25",
    )
    caption = article(
        "caption",
        "Jon Orrel/AFP/Getty Images Farrow ferry strike is seen from a tug.",
        title="Ferry strike",
        published="2026-06-27",
    )
    build_archive(tmp_path / "index", [told_of, caption], embedder)
    timeline = open_engine(tmp_path / "index").timeline(QUESTION, as_of="2026-08-01")
    assert [event.text for event in timeline.events] == ["Farrow ferry strike talks failed."]
