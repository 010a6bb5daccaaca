"""The saved pages of tests/data/pages: what a person would keep of them, and what is known of each."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from index.article import Article, DateOrigin
from index.readers import read_sources
from index.readers.addresses import outlet_of

PAGES = Path(__file__).parents[2] / "data" / "pages"
EXPECTED = json.loads((PAGES / "pages.json").read_text(encoding="utf-8"))
CHOSEN_BY = [page for page in EXPECTED if not page["held_out"]]
HELD_OUT = [page for page in EXPECTED if page["held_out"]]
UNKNOWN_AUTHORS = {"es-tranvia"}
"""Names that nothing but their place on the page tells."""


@cache
def read(name: str) -> Article:
    (article,) = read_sources([str(PAGES / f"{name}.html")])
    assert isinstance(article, Article), article
    return article


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def kept(name: str) -> list[str]:
    return (PAGES / f"{name}.txt").read_text(encoding="utf-8").strip().split("\n\n")


def ids(page: dict[str, object]) -> str:
    return str(page["name"])


def day(value: str | None) -> str | None:
    return value[:10] if value else None


def test_there_are_pages_enough_and_a_third_is_held_out():
    assert len(EXPECTED) >= 44
    assert len(HELD_OUT) >= len(EXPECTED) / 3


@pytest.mark.parametrize("page", CHOSEN_BY, ids=ids)
def test_the_text_is_what_a_person_would_keep(page):
    assert [words(p) for p in read(page["name"]).text.split("\n\n")] == [words(p) for p in kept(page["name"])]


def test_of_the_pages_that_no_rule_was_chosen_by_nearly_all_text_is_kept_and_little_noise():
    expected = found = shared = 0
    for page in HELD_OUT:
        wanted = {words(paragraph) for paragraph in kept(page["name"])}
        got = {words(paragraph) for paragraph in read(page["name"]).text.split("\n\n")}
        expected, found, shared = expected + len(wanted), found + len(got), shared + len(wanted & got)
    assert shared / expected >= 0.97
    assert shared / found >= 0.94


@pytest.mark.parametrize("page", EXPECTED, ids=ids)
def test_title_section_language_outlet_and_address_are_found(page):
    article = read(page["name"])
    assert (article.title, article.section, article.language) == (
        page["title"],
        page["section"],
        page["language"],
    )
    assert article.source in (page["outlet"], outlet_of(page["url"])) or not page["outlet"]
    assert article.url == page["url"] or not page["url"]


@pytest.mark.parametrize("page", EXPECTED, ids=ids)
def test_the_date_and_the_place_where_it_stood_are_found(page):
    article = read(page["name"])
    if page["published"] is None:
        assert article.published_from is DateOrigin.FILE
        return
    assert (day(article.published), article.published_from) == (
        day(page["published"]),
        page["published_from"],
    )
    assert article.published_confidence > 0.2


@pytest.mark.parametrize("page", [p for p in CHOSEN_BY if p["name"] not in UNKNOWN_AUTHORS], ids=ids)
def test_authors_and_the_day_of_the_update_are_found(page):
    article = read(page["name"])
    assert [name.casefold() for name in article.authors] == [name.casefold() for name in page["authors"]]
    assert day(article.updated) == day(page["updated"])


@pytest.mark.parametrize("page", EXPECTED, ids=ids)
def test_the_raw_text_holds_what_was_kept_and_what_was_not(page):
    raw = words(read(page["name"]).raw)
    hidden = {"next-shell-bridge"}  # its text is in scripts alone
    missing = [p for p in read(page["name"]).text.split("\n\n") if words(p.split(" — ", 1)[-1]) not in raw]
    assert not missing or page["name"] in hidden
    assert len(raw) > len(words(read(page["name"]).text)) or page["name"] in hidden
    assert "function" not in raw
