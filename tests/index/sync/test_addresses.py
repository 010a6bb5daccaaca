"""Feeds, sitemaps and pages are asked for what changed, and left alone for a while where they fail."""

import shutil
from collections.abc import Sequence

import pytest

from index.archive import Archive
from index.build import BuildMode, build
from index.fetch import FetchMemory
from index.readers import read_sources
from index.readers.web import FETCHES_NAME
from tests.index.corpus import CHUNKING
from tests.index.fetch.sites import Request, Site, answer
from tests.index.sync.world import counts, page, story


def feed(site: Site, entries: Sequence[tuple[str, str]], etag: str = "") -> bytes:
    """An RSS feed of (name, description)."""
    items = "".join(
        f"<item><title>The {name} opens</title><link>{site.url(f'/{name}')}</link><guid>{name}</guid>"
        f"<description>{said}</description></item>"
        for name, said in entries
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title>{items}</channel></rss>'
    headers = {"content_type": "application/rss+xml"} | ({"etag": etag} if etag else {})
    return answer(body.encode(), **headers)


def html(site: Site, name: str, text: str = "") -> bytes:
    return answer(page(name, text, address=site.url(f"/{name}")).encode(), content_type="text/html")


def sitemap(site: Site, *names: str) -> bytes:
    urls = "".join(
        f"<url><loc>{site.url(f'/{name}')}</loc><lastmod>2026-03-01</lastmod></url>" for name in names
    )
    body = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    return answer(body.encode(), content_type="application/xml")


def conditional(body: bytes, etag: str):
    """An answer that is 304 where the version is known to whoever asks."""

    def pieces(request: Request):
        if request.headers.get("if-none-match") == etag:
            return [answer(status=304, etag=etag)]
        return [answer(body, content_type="text/html", etag=etag)]

    return pieces


@pytest.fixture
def courier(site):
    """A feed with two entries, and their pages."""
    for name in ("museum", "library"):
        site.pages[f"/{name}"] = html(site, name)
    site.pages["/feed"] = feed(site, [("museum", "It opened."), ("library", "It opened too.")])
    return site


def asked(site: Site) -> list[str]:
    """The paths that were asked for since the last time."""
    paths = sorted(site.paths())
    site.requests.clear()
    return paths


def test_a_second_pass_over_a_feed_asks_for_no_page(world, courier):
    source = world.source(courier.url("/feed"))
    assert counts(world.sync_one(source)) == {"added": 2}
    assert asked(courier) == ["/feed", "/library", "/museum"]
    report = world.sync(source)
    assert (counts(report.sources[0]), report.version) == ({"unchanged": 2}, "000001")
    assert asked(courier) == ["/feed"]


def test_an_entry_that_changed_has_its_page_fetched(world, courier):
    source = world.source(courier.url("/feed"))
    world.sync(source)
    asked(courier)
    courier.pages["/museum"] = html(
        courier, "museum", "The museum was closed again on Friday after the storm."
    )
    assert counts(world.sync_one(source)) == {"unchanged": 2}
    assert asked(courier) == ["/feed"]
    courier.pages["/feed"] = feed(courier, [("museum", "It closed."), ("library", "It opened too.")])
    assert counts(world.sync_one(source)) == {"updated": 1, "unchanged": 1}
    assert asked(courier) == ["/feed", "/museum"]


def test_a_feed_that_did_not_change_is_one_short_request(world, courier):
    courier.pages["/feed"] = lambda request: [
        answer(status=304)
        if request.headers.get("if-none-match") == '"1"'
        else feed(courier, [("museum", "It opened."), ("library", "It opened.")], etag='"1"')
    ]
    source = world.source(courier.url("/feed"))
    world.sync(source)
    assert counts(world.sync_one(source)) == {"unchanged": 2}


def test_a_single_page_is_asked_for_and_taken_where_it_changed(world, site):
    site.pages["/museum"] = conditional(page("museum").encode(), '"1"')
    source = world.source(site.url("/museum"))
    assert counts(world.sync_one(source)) == {"added": 1}
    assert counts(world.sync_one(source)) == {"unchanged": 1}
    changed = page("museum", "The museum of Orvale was closed again on Friday, a day after the storm.")
    site.pages["/museum"] = conditional(changed.encode(), '"2"')
    assert counts(world.sync_one(source)) == {"updated": 1}


def test_a_sitemap_is_read_as_a_feed_is(world, courier):
    courier.pages["/sitemap.xml"] = sitemap(courier, "museum", "library")
    source = world.source(courier.url("/sitemap.xml"))
    assert counts(world.sync_one(source)) == {"added": 2}
    asked(courier)
    assert counts(world.sync_one(source)) == {"unchanged": 2}
    assert asked(courier) == ["/sitemap.xml"]


def test_a_source_that_fails_waits_and_the_others_go_on(world, courier):
    world.write("a.txt", story("port"))
    courier.pages["/broken"] = answer(status=500)
    broken, good = world.source(courier.url("/broken")), world.source(courier.url("/feed"))
    report = world.sync(broken, good, world.source())
    first, second, third = report.sources
    assert first.failed is not None
    assert (first.failed.reason, first.failed.tried) == ("the server failed (500)", True)
    assert (second.added, third.added, report.failed) == (2, 1, False)
    asked(courier)
    again = world.sync(broken, good).sources[0].failed
    assert again is not None
    assert (again.reason, again.next_try, again.tried) == (
        "the server failed (500)",
        first.failed.next_try,
        False,
    )
    assert asked(courier) == ["/feed"]
    world.later(minutes=6)
    courier.pages["/broken"] = html(courier, "mill")
    assert world.sync_one(broken).added == 1


def test_the_pauses_between_failures_grow(world, site):
    site.pages["/feed"] = answer(status=500)
    source = world.source(site.url("/feed"))
    tries = 0
    for _ in range(60):
        world.later(minutes=1)
        world.sync(source)
        tries += len(asked(site))
    assert tries == 4


def test_an_urgent_pass_does_not_wait(world, courier):
    good = courier.pages["/feed"]
    courier.pages["/feed"] = answer(status=500)
    source = world.source(courier.url("/feed"))
    world.sync(source)
    courier.pages["/feed"] = good
    assert world.sync_one(source).added == 0
    assert world.sync_one(source, urgent=True).added == 2
    assert world.sync_one(source).failed is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            answer(b"<rss><channel></channel></rss>", content_type="application/rss+xml"),
            "the feed has no entries",
        ),
        (answer(b"<html><body></body></html>", content_type="text/html"), "no article text found"),
    ],
)
def test_an_address_that_gives_nothing_that_can_be_read_has_failed(world, site, content, reason):
    site.pages["/x"] = content
    source = world.source(site.url("/x"))
    for _ in range(2):
        failed = world.sync_one(source).failed
        assert failed is not None
        assert failed.reason == reason
    assert asked(site) == ["/x"]
    world.later(minutes=2)
    site.pages["/x"] = html(site, "museum")
    assert world.sync_one(source).added == 1


def test_an_address_that_is_not_global_is_refused(world):
    from index.fetch.config import FetchConfig

    failed = world.sync_one(world.source("http://127.0.0.1:9/feed"), fetch=FetchConfig()).failed
    assert failed is not None
    assert "127.0.0.1" in failed.reason


def test_a_page_that_failed_is_tried_again_though_its_feed_did_not_change(world, courier):
    courier.pages["/feed"] = lambda request: [
        answer(status=304)
        if request.headers.get("if-none-match") == '"1"'
        else feed(courier, [("museum", ""), ("library", "")], etag='"1"')
    ]
    courier.pages["/museum"] = answer(status=503)
    source = world.source(courier.url("/feed"))
    assert counts(world.sync_one(source)) == {"added": 1, "skipped": 1}
    asked(courier)
    assert counts(world.sync_one(source)) == {"unchanged": 1}
    assert asked(courier) == ["/feed"]  # the page has failed just now
    courier.pages["/museum"] = html(courier, "museum")
    world.later(minutes=6)
    assert counts(world.sync_one(source)) == {"added": 1, "unchanged": 1}
    assert asked(courier) == ["/feed", "/museum"]
    assert counts(world.sync_one(source)) == {"unchanged": 2}


def test_a_page_without_an_article_is_not_asked_for_all_the_time(world, courier):
    courier.pages["/section"] = answer(b"<html><body><nav>Home</nav></body></html>", content_type="text/html")
    courier.pages["/sitemap.xml"] = sitemap(courier, "museum", "section")
    source = world.source(courier.url("/sitemap.xml"))
    assert counts(world.sync_one(source)) == {"added": 1, "skipped": 1}
    asked(courier)
    world.later(hours=12)
    assert counts(world.sync_one(source)) == {"unchanged": 1}
    assert asked(courier) == ["/sitemap.xml"]
    world.later(hours=13)
    world.sync(source)
    assert asked(courier) == ["/section", "/sitemap.xml"]


def test_an_index_that_was_built_anew_has_everything_fetched_again(world, courier):
    path = world.write("a.txt", story("port"))
    source = world.source(courier.url("/feed"))
    world.sync(source, world.source())
    build(
        world.root,
        read_sources([str(path)]),
        embedder=world.embedder,
        chunking=CHUNKING,
        mode=BuildMode.REPLACE,
    )
    report = world.sync(source, world.source())
    assert counts(report.sources[0]) == {"added": 2}
    assert report.articles == 3


def test_nothing_of_a_feed_is_remembered_before_it_is_stored(world, courier):
    def no_model():
        raise KeyboardInterrupt

    source = world.source(courier.url("/feed"))
    with pytest.raises(KeyboardInterrupt):
        world.sync(source, embedder=no_model)
    assert counts(world.sync_one(source)) == {"added": 2}


def test_a_feed_that_is_cut_off_goes_on_where_it_was(world, site):
    names = [f"pier{number}" for number in range(6)]
    for name in names:
        site.pages[f"/{name}"] = html(site, name)
    site.pages["/feed"] = lambda request: [
        answer(status=304)
        if request.headers.get("if-none-match") == '"1"'
        else feed(site, [(name, "It opened.") for name in names], etag='"1"')
    ]
    source = world.source(site.url("/feed"))

    def cut(progress):
        if progress.articles >= 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.keeper(batch_articles=2).run([source], progress=cut)
    assert len(world.titles()) == 4
    asked(site)
    report = world.sync_one(source, batch_articles=2)
    assert report.added == 2
    again = asked(site)
    assert "/pier0" not in again
    assert {"/feed", "/pier4", "/pier5"} <= set(again)
    assert counts(world.sync_one(source)) == {"unchanged": 6}
    assert asked(site) == ["/feed"]


def test_an_article_that_a_feed_gives_as_well_outlives_its_file(world, courier):
    path = world.write("a.html", page("museum", address=courier.url("/museum")))
    world.write("b.txt", story("port"))
    folder, source = world.source(remove_missing=True), world.source(courier.url("/feed"))
    world.sync(folder, source)
    path.unlink()
    assert world.sync(folder, source).totals()["removed"] == 0
    assert world.holds("museum")


def test_an_article_that_left_its_feed_stays(world, courier):
    source = world.source(courier.url("/feed"), remove_missing=True)
    world.sync(source)
    courier.pages["/feed"] = feed(courier, [("library", "It opened too.")])
    assert counts(world.sync_one(source)) == {"unchanged": 1}
    assert len(Archive(world.root).list_articles()) == 2


def test_what_was_fetched_by_hand_before_is_fetched_once_more(world, courier):
    world.write("a.txt", story("port"))
    world.sync()
    shutil.copy(world.root / "sync.db", world.path / "kept.db")
    memory = FetchMemory(world.root / FETCHES_NAME)
    memory.note_failure(courier.url("/feed"))
    memory.close()
    failed = world.sync_one(world.source(courier.url("/feed"))).failed
    assert failed is not None
    assert (failed.tried, failed.next_try is not None) == (False, True)
    (world.root / "sync.db").unlink()
    assert world.sync_one(world.source(courier.url("/feed"))).added == 2
