"""Which element a text begins with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers.markup_root import root_of


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<rss>", "rss"),
        ("<RSS version='2.0'>", "rss"),
        ("<rdf:RDF xmlns:rdf=''>", "rdf"),
        ("<atom:feed>", "feed"),
        ('<?xml version="1.0"?>\n<?xml-stylesheet href="a>b"?><!-- <html> --><feed>', "feed"),
        ("<!-- a --><!-- b -->" * 200 + "<urlset>", "urlset"),
        ('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x"><html>', "html"),
        ("<!doctype HTML><title>A</title>", "html"),
        ('<!DOCTYPE any [<!ENTITY a "]>"> <!-- ]> --> %b; ]><rss>', "rss"),
        ("<!DOCTYPE any SYSTEM 'a>b'><rss>", "rss"),
        ("<!DOCTYPE rss [<!ENTITY a 'cut off", "rss"),
        ("<!DOCTYPE rss> and then a text", "rss"),
        ("<feedback>", "feedback"),
        ("<article-meta>", "article-meta"),
        ("<urlset", "urlset"),
        ("<!DOCTYPE", ""),
        ("<?xml", ""),
        ("<!-- <rss>", ""),
        ("A text of <rss>", ""),
        ("", ""),
    ],
)
def test_the_first_element_is_found_past_what_may_stand_before_it(text, root):
    assert root_of(text) == root


@pytest.mark.parametrize(
    "piece",
    [
        '"',
        "'",
        "<!--",
        "<!-- -",
        "<?",
        "?",
        "<",
        "<!ENTITY a '",
        "[",
        "] ",
        "a.",
        " ",
        "<!DOCTYPE a [",
        "-->",
    ],
)
@pytest.mark.parametrize("start", ["", "<!DOCTYPE a [", "<!DOCTYPE a ", "<!--", "<?xml ", "<"])
def test_what_is_made_to_hold_up_the_search_does_not(start, piece):
    assert len(root_of(start + piece * 20_000)) <= 40_001


@given(st.text(alphabet="<>!?-[]\"' aDOCTYPErs:", max_size=60))
def test_any_text_has_a_root_or_none(text):
    root = root_of(text)
    assert root == root.lower()
    assert ":" not in root
