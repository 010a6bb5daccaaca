import pytest

from index.readers.heading import peel_heading

TEXT = "The ferry between the island and the harbour will run again from April, the port said on Tuesday."


@pytest.mark.parametrize(
    "title",
    [
        "Opinion: Our libraries are not a luxury",
        "Fact check: The pier was not sold to a circus",
        "Live updates: Storm over the strait",
        "Watch: goat leaves polling station",
        "Ferry fares:What islanders will pay from April",
    ],
)
def test_a_first_line_that_would_be_a_teaser_further_down_is_the_title(title):
    heading, rest = peel_heading([title, "", TEXT], title_in_text=True)
    assert heading.title == title
    assert TEXT in rest
    assert title not in rest


@pytest.mark.parametrize("line", ["Advertisement", "Read more:", "Related", "Sign up", "Share"])
def test_a_button_above_the_title_is_not_it(line):
    assert peel_heading([line, "Ferry returns", TEXT], title_in_text=True)[0].title == "Ferry returns"


@pytest.mark.parametrize(
    ("byline", "authors", "published"),
    [
        ("By Ann Lee", ("Ann Lee",), None),
        ("By Ann Lee and Bo Day | March 4, 2026", ("Ann Lee", "Bo Day"), "2026-03-04"),
        ("By Ann Lee, 4 March 2026", ("Ann Lee",), "2026-03-04"),
        ("By Ann Lee, March 4, 2026", ("Ann Lee",), "2026-03-04"),
        ("Von Inken Behr", ("Inken Behr",), None),
        ("Par Théo Ginestet et Solène Maubert", ("Théo Ginestet", "Solène Maubert"), None),
        ("Por Otávio Brandão | 18 de junho de 2026", ("Otávio Brandão",), "2026-06-18"),
        ("Автор: Пётр Ильин", ("Пётр Ильин",), None),
        ("作者:赵一鸣", ("赵一鸣",), None),
    ],
)
def test_the_line_below_the_title_tells_author_and_date(byline, authors, published):
    heading, rest = peel_heading(["Ferry returns", byline, TEXT], title_in_text=True)
    assert heading.authors == authors
    assert (heading.published.value if heading.published else None) == published
    assert [line for line in rest if line] == [TEXT]


@pytest.mark.parametrize(
    "line", ["By the sea the ferry waits", "Von Trier kehrt zurück", "Di sera il porto chiude"]
)
def test_a_title_that_opens_like_a_byline_is_a_title(line):
    heading, _ = peel_heading([line, "", TEXT], title_in_text=True)
    assert (heading.title, heading.authors) == (line, ())
