"""No timeline shows an article or a day outside its question's bounds, whatever days its sentences name."""

import random
from datetime import date, timedelta

from tests.index.corpus import article
from tests.rag.harbour import build_archive

FIRST = date(2026, 1, 1)
WORDS = "Farrow ferry strike bridge mayor flood Orvale council tunnel crew harbour storm".split()
WHEN = "yesterday|today|on Monday|last Friday|on 4 March|tomorrow|on 9 May 2026|two days ago|".split("|")
OUTLETS = ("a.example", "b.example", "c.example")
ASKED = 120


def random_article(rng, number):
    told = [f"{' '.join(rng.sample(WORDS, 5))} mark{number}x {rng.choice(WHEN)}." for _ in range(3)]
    return article(
        f"r{number}",
        " ".join(told),
        title=" ".join(rng.sample(WORDS, 3)),
        published=None if rng.random() < 0.1 else str(FIRST + timedelta(days=rng.randrange(200))),
        source=rng.choice(OUTLETS),
    )


def random_bounds(rng):
    first, last, as_of = (FIRST + timedelta(days=rng.randrange(-5, 205)) for _ in range(3))
    bounds = {"as_of": str(as_of)}
    if rng.random() < 0.4:
        bounds |= {"since": str(min(first, last)), "until": str(max(first, last))}
    if rng.random() < 0.3:
        bounds["sources"] = [rng.choice(OUTLETS)]
    return bounds


def test_nothing_outside_the_bounds_is_told(tmp_path, embedder, open_engine):
    rng = random.Random(7)  # noqa: S311 -- a seed, no secret
    build_archive(tmp_path / "index", [random_article(rng, number) for number in range(40)], embedder)
    engine = open_engine(tmp_path / "index")
    shown = 0
    for _ in range(ASKED):
        bounds = random_bounds(rng)
        first, last = bounds.get("since", ""), min(bounds["as_of"], bounds.get("until", "9999"))
        timeline = engine.timeline(" ".join(rng.sample(WORDS, 3)), **bounds)
        shown += len(timeline.events)
        assert all(first <= event.date <= last and event.citations for event in timeline.events)
        assert all(first <= (cited.published or "") <= last for cited in timeline.citations)
        assert {cited.source for cited in timeline.citations} <= set(bounds.get("sources", OUTLETS))
        assert (timeline.freshness.newest_article or "") <= last
    assert shown > ASKED
