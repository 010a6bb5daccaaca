from dataclasses import replace

from rag.outlets import independent_outlets, outlet_names
from tests.ui.fake_engine import BRIDGE, COST

PLAIN = replace(COST, article_id="p", source="Evening Post", also_in=())


def other(article_id, source, **changes):
    return replace(PLAIN, article_id=article_id, source=source, **changes)


def test_nothing_has_no_outlet():
    assert independent_outlets([]) == 0
    assert outlet_names([]) == ()


def test_two_outlets_with_texts_of_their_own_are_two():
    assert independent_outlets([PLAIN, other("q", "Saltmarsh Courier")]) == 2


def test_an_outlet_counts_once_however_it_is_spelt():
    same = [other("b", "evening post"), other("c", "The Evening  Post")]
    assert independent_outlets([PLAIN, *same]) == 1
    assert outlet_names([PLAIN, *same]) == ("Evening Post",)
    assert independent_outlets([other("a", "www.post.example"), other("b", "post.example")]) == 1


def test_a_text_that_several_outlets_carry_is_one_report():
    assert BRIDGE.also_in
    assert independent_outlets([BRIDGE]) == 1
    assert outlet_names([BRIDGE]) == ("Saltmarsh Courier", "Coastal Wire")


def test_a_cited_copy_of_a_cited_text_adds_nothing_and_the_carriers_own_report_does():
    copy = other("a9", "Coastal Wire")
    assert independent_outlets([BRIDGE, copy]) == 1
    assert independent_outlets([BRIDGE, other("own", "Coastal Wire")]) == 2


def test_two_reports_are_one_where_a_third_is_of_both():
    agency = other("x", "Agency", also_in=(replace(BRIDGE.also_in[0], article_id="p"),))
    again = other("y", "Agency", also_in=(replace(BRIDGE.also_in[0], article_id="q"),))
    assert independent_outlets([PLAIN, other("q", "Saltmarsh Courier"), agency, again]) == 1


def test_without_an_outlets_name_the_host_stands_for_it():
    first, second = other("a", "", url="https://x.example/1"), other("b", " ", url="https://x.example/2")
    assert independent_outlets([first, second]) == 1
    assert independent_outlets([other("a", "", url=""), other("b", "", url="http://[")]) == 2
