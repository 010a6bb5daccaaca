import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from index.errors import ConfigError
from index.fetch import FetchError, FetchMemory
from index.fetch.fetched import Fetched, Validators
from tests.index.fetch.sites import answer, redirect

FEED = "https://orvale-post.example/feed.xml"


class Calendar:
    def __init__(self):
        self.now = datetime(2026, 3, 4, 12, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def calendar():
    return Calendar()


@pytest.fixture
def memory(tmp_path, calendar):
    with FetchMemory(tmp_path / "new folder" / "fetched.db", now=calendar) as memory:
        yield memory


def conditional_page(request):
    """A page with an ETag, as servers give it."""
    if request.headers.get("if-none-match") == '"v1"':
        return [answer(status=304, etag='"v1"')]
    return [answer(b"<rss/>", etag='"v1"', last_modified="Wed, 04 Mar 2026 09:00:00 GMT")]


def fetched_page(**changes):
    values = {
        "url": FEED, "final_url": FEED, "status": 200, "media_type": "", "charset": None,
        "last_modified": None, "body": b"", "validators": Validators(etag='"v1"'),
    }  # fmt: skip
    return Fetched(**values | changes)


def test_a_remembered_page_is_asked_for_only_if_it_changed(site, memory, make_fetcher):
    site.pages["/feed"] = conditional_page
    fetcher = make_fetcher(memory=memory)
    first = fetcher.fetch(site.url("/feed"), conditional=True)
    assert (first.unchanged, first.body) == (False, b"<rss/>")
    memory.remember(first)
    second = fetcher.fetch(site.url("/feed"), conditional=True)
    assert (second.unchanged, second.body, second.status) == (True, b"", 304)
    assert site.requests[1].headers["if-none-match"] == '"v1"'
    assert site.requests[1].headers["if-modified-since"] == "Wed, 04 Mar 2026 09:00:00 GMT"
    memory.remember(second)
    assert fetcher.fetch(site.url("/feed"), conditional=True).unchanged


def test_a_page_that_was_not_stored_is_asked_for_in_full(site, memory, make_fetcher):
    site.pages["/feed"] = conditional_page
    fetcher = make_fetcher(memory=memory)
    assert not fetcher.fetch(site.url("/feed"), conditional=True).unchanged
    assert not fetcher.fetch(site.url("/feed"), conditional=True).unchanged


def test_without_a_condition_a_remembered_page_is_fetched_in_full(site, memory, make_fetcher):
    site.pages["/feed"] = conditional_page
    fetcher = make_fetcher(memory=memory)
    memory.remember(fetcher.fetch(site.url("/feed")))
    assert fetcher.fetch(site.url("/feed")).body == b"<rss/>"
    assert "if-none-match" not in site.requests[1].headers


def test_a_changed_page_comes_in_full(site, memory, make_fetcher):
    site.pages["/feed"] = conditional_page
    fetcher = make_fetcher(memory=memory)
    memory.remember(fetcher.fetch(site.url("/feed")))
    site.pages["/feed"] = answer(b"<rss>new</rss>", etag='"v2"')
    changed = fetcher.fetch(site.url("/feed"), conditional=True)
    assert (changed.unchanged, changed.body) == (False, b"<rss>new</rss>")
    memory.remember(changed)
    assert memory.page(site.url("/feed")).validators == Validators(etag='"v2"')


def test_behind_a_redirect_only_the_page_itself_is_asked_with_its_validators(site, memory, make_fetcher):
    site.pages |= {"/old": redirect("/feed"), "/feed": conditional_page}
    fetcher = make_fetcher(memory=memory)
    memory.remember(fetcher.fetch(site.url("/old")))
    assert fetcher.fetch(site.url("/old"), conditional=True).unchanged
    assert ["if-none-match" in request.headers for request in site.requests] == [False, False, False, True]


def test_a_page_that_moved_is_fetched_in_full(site, memory, make_fetcher):
    site.pages |= {"/old": redirect("/feed"), "/feed": conditional_page}
    fetcher = make_fetcher(memory=memory)
    memory.remember(fetcher.fetch(site.url("/old")))
    site.pages |= {"/old": redirect("/elsewhere"), "/elsewhere": conditional_page}
    assert not fetcher.fetch(site.url("/old"), conditional=True).unchanged


def test_not_modified_without_a_question_is_no_page(site, memory, make_fetcher):
    site.pages["/"] = answer(status=304)
    with pytest.raises(FetchError, match="304"):
        make_fetcher(memory=memory).fetch(site.url(), conditional=True)


@pytest.mark.parametrize("etag", ["v\xe4", "x" * 10_000, "a\tb"])
def test_a_validator_that_could_not_be_sent_again_is_not_kept(site, memory, make_fetcher, etag):
    site.pages["/"] = answer(b"x", etag=etag)
    fetcher = make_fetcher(memory=memory)
    memory.remember(fetcher.fetch(site.url()))
    assert fetcher.fetch(site.url(), conditional=True).body == b"x"


def test_failures_are_counted_and_the_next_try_is_put_off(site, memory, make_fetcher, calendar):
    url = site.url("/feed")
    site.pages["/feed"] = answer(status=500)
    fetcher = make_fetcher(memory=memory)
    due = []
    for _ in range(3):
        with pytest.raises(FetchError):
            fetcher.fetch(url)
        due.append(memory.page(url).next_try)
    assert due == ["2026-03-04T12:05:00Z", "2026-03-04T12:10:00Z", "2026-03-04T12:20:00Z"]
    assert memory.page(url).failures == 3
    assert not memory.is_due(url)
    calendar.now += timedelta(minutes=21)
    assert memory.is_due(url)
    site.pages["/feed"] = answer(b"<rss/>")
    fetcher.fetch(url)
    assert memory.page(url).failures == 0
    assert memory.is_due(url)


def test_the_next_try_is_at_most_a_day_away(memory, calendar):
    for _ in range(50):
        memory.note_failure(FEED)
    assert memory.page(FEED).next_try == "2026-03-05T12:00:00Z"
    memory.note_failure("https://gone.example/", permanent=True)
    assert memory.page("https://gone.example/").next_try == "2026-03-05T12:00:00Z"
    memory.note_failure("https://busy.example/", retry_after_s=1_800)
    assert memory.page("https://busy.example/").next_try == "2026-03-04T12:30:00Z"


def test_a_failure_keeps_the_validators(memory):
    memory.remember(fetched_page())
    memory.note_failure(FEED)
    assert memory.page(FEED).validators.etag == '"v1"'
    assert memory.page(FEED).fetched_at == "2026-03-04T12:00:00Z"


def test_an_address_with_a_password_leaves_no_trace(tmp_path, make_fetcher):
    path = tmp_path / "fetched.db"
    with FetchMemory(path) as memory:
        with pytest.raises(FetchError):
            make_fetcher(memory=memory).fetch("https://editor:s3cret@orvale.example/")
        memory.note_failure(FEED)
    assert b"s3cret" not in path.read_bytes()


def test_an_address_that_never_failed_is_due(memory):
    assert memory.page(FEED) is None
    assert memory.is_due(FEED)


def test_an_entry_is_known_once_its_article_was_stored_and_while_it_does_not_change(memory):
    assert not memory.entry_is_known(FEED, "story-1", "digest-a")
    memory.remember_entry(FEED, "story-1", "digest-a")
    assert memory.entry_is_known(FEED, "story-1", "digest-a")
    assert not memory.entry_is_known(FEED, "story-1", "digest-b")
    assert not memory.entry_is_known("https://other.example/feed", "story-1", "digest-a")
    memory.remember_entry(FEED, "story-1", "digest-b")
    assert memory.entry_is_known(FEED, "story-1", "digest-b")
    assert not memory.entry_is_known(FEED, "story-1", "digest-a")


def test_everything_can_be_forgotten(memory):
    memory.remember(fetched_page())
    memory.note_failure("https://gone.example/")
    memory.remember_entry(FEED, "story-1", "digest-a")
    memory.clear()
    assert memory.page(FEED) is None
    assert memory.page("https://gone.example/") is None
    assert not memory.entry_is_known(FEED, "story-1", "digest-a")
    memory.remember(fetched_page())
    assert memory.page(FEED) is not None


def test_a_file_that_was_spoilt_meanwhile_is_forgotten_all_the_same(tmp_path, caplog):
    path = tmp_path / "fetched.db"
    with FetchMemory(path) as memory:
        memory.remember(fetched_page())
        memory.remember_entry(FEED, "story-1", "d")
        with closing(sqlite3.connect(path)) as other:
            other.execute("ALTER TABLE entries RENAME TO stories")
        memory.clear()
        assert memory.page(FEED) is None
        memory.remember_entry(FEED, "story-1", "d")
        assert memory.entry_is_known(FEED, "story-1", "d")
    assert "begun anew" in caplog.text


def test_what_is_remembered_outlives_the_process(tmp_path):
    path = tmp_path / "fetched.db"
    with FetchMemory(path) as memory:
        memory.remember(fetched_page())
        memory.remember_entry(FEED, "story-1", "d")
    with FetchMemory(path) as memory:
        assert memory.page(FEED).validators.etag == '"v1"'
        assert memory.entry_is_known(FEED, "story-1", "d")


def test_no_file_is_made_before_it_is_needed(tmp_path):
    FetchMemory(tmp_path / "fetched.db").close()
    assert list(tmp_path.iterdir()) == []


def newer(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE pages (address TEXT)")
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def cut_short(path):
    with FetchMemory(path) as memory:
        for number in range(500):
            memory.remember(fetched_page(url=f"https://orvale.example/{number}"))
    path.write_bytes(path.read_bytes()[:20_000])


def scribbled(path):
    with FetchMemory(path) as memory:
        for number in range(500):
            memory.remember(fetched_page(url=f"https://orvale.example/{number}"))
    data = bytearray(path.read_bytes())
    data[4_096:12_288] = b"\xa5" * 8_192
    path.write_bytes(data)


def no_database(path):
    path.write_text("these are notes, and no database at all " * 100)


@pytest.mark.parametrize("spoil", [newer, cut_short, scribbled, no_database])
def test_a_file_that_cannot_be_used_is_put_aside_and_begun_anew(tmp_path, caplog, spoil):
    path = tmp_path / "fetched.db"
    spoil(path)
    spoilt = path.read_bytes()
    with FetchMemory(path) as memory:
        assert memory.page(FEED) is None
        memory.remember(fetched_page())
        assert memory.page(FEED).validators.etag == '"v1"'
    assert (tmp_path / "fetched.db.aside").read_bytes() == spoilt
    assert "put aside" in caplog.text


def test_an_empty_file_is_begun(tmp_path, caplog):
    path = tmp_path / "fetched.db"
    path.touch()
    with FetchMemory(path) as memory:
        memory.remember(fetched_page())
    assert caplog.text == ""


def test_a_place_where_no_file_can_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "fetched.db"):
        with pytest.raises(ConfigError, match="name a file that can be written"):
            FetchMemory(path).page(FEED)


def test_a_file_that_fails_later_costs_only_what_it_remembers(tmp_path, caplog):
    path = tmp_path / "fetched.db"
    with FetchMemory(path) as memory:
        memory.remember(fetched_page())
        with sqlite3.connect(path) as other:
            other.execute("DROP TABLE pages")
        other.close()
        assert memory.page(FEED) is None
        memory.remember(fetched_page())
    assert "fetched again" in caplog.text


def test_a_memory_that_is_cleared_knows_nothing_and_goes_on(memory):
    memory.remember(fetched_page())
    memory.remember_entry(FEED, "story-1", "d")
    memory.note_failure("https://orvale-post.example/gone")
    memory.clear()
    assert memory.page(FEED) is None
    assert not memory.entry_is_known(FEED, "story-1", "d")
    assert memory.is_due("https://orvale-post.example/gone")
    memory.remember(fetched_page())
    assert memory.page(FEED) is not None


def test_threads_share_a_memory(memory):
    def work(start):
        for number in range(start, start + 50):
            memory.remember_entry(FEED, f"story-{number}", "d")
            memory.note_failure(FEED)

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 50, 100, 150)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(memory.entry_is_known(FEED, f"story-{number}", "d") for number in range(200))
    assert memory.page(FEED).failures == 200
