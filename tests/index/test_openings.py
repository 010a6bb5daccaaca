import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cleaning import clean_text
from index.openings import opening_of, without_opening

FERRY = "The ferry runs again."


@pytest.mark.parametrize(
    ("opening", "place", "when", "agency"),
    [
        ("(CNN) ", "", "", "CNN"),
        ("(Reuters) - ", "", "", "Reuters"),
        ("CNN — ", "", "", "CNN"),
        ("London CNN — ", "London", "", "CNN"),
        ("STELLHAVEN (NNA) — ", "STELLHAVEN", "", "NNA"),
        ("STELLHAVEN, March 3 (NNA) — ", "STELLHAVEN", "March 3", "NNA"),
        ("ORVALE, Sept. 8, 2026 (Meridian) - ", "ORVALE", "Sept. 8, 2026", "Meridian"),
        ("STELLHAVEN, June 23, 2026 /WireBridge/ -- ", "STELLHAVEN", "June 23, 2026", "WireBridge"),
        ("New York (CNN Business) ", "New York", "", "CNN Business"),
        ("Abu Dhabi, UAE (CNN) ", "Abu Dhabi, UAE", "", "CNN"),
        ("Kyiv and Lviv, Ukraine (CNN) ", "Kyiv and Lviv, Ukraine", "", "CNN"),
        ("GREENVILLE, S.C. – ", "GREENVILLE, S.C.", "", ""),
        ("NEW YORK — ", "NEW YORK", "", ""),
        ("Altensiel (dpa) - ", "Altensiel", "", "dpa"),
        ("Torrealta, 12 ago (ANS).- ", "Torrealta", "12 ago", "ANS"),
        ("СЕВЕРОДАЛЬ, 2 октября. /СИА/. ", "СЕВЕРОДАЛЬ", "2 октября.", "СИА"),
    ],
)
def test_an_agency_opening_is_told_from_the_sentence_after_it(opening, place, when, agency):
    found = opening_of(opening + FERRY)
    assert found is not None
    assert (found.place, found.when, found.agency, found.rest) == (place, when, agency, FERRY)


def test_the_chinese_agencies_open_with_place_and_day():
    found = opening_of("新华社北京3月4日电(记者 李明)渡轮恢复运行。")
    assert found is not None
    assert (found.place, found.when, found.rest) == ("北京", "3月4日", "渡轮恢复运行。")


@pytest.mark.parametrize(
    "paragraph",
    [
        "The ferry — the last of three — runs again.",
        "Ann Lee (left) — the first to cross — waved.",
        "NASA has two days in mind — Friday and Sunday.",
        "UPDATE — The ferry is late.",
        "The port (Stellhaven) reopened.",
        "ECHO is open 10 a.m. - noon.",
        "“STELLHAVEN — a love story” opens on Friday.",
        "More than a ferry",
        "",
    ],
)
def test_a_sentence_with_a_dash_or_brackets_is_no_opening(paragraph):
    assert opening_of(paragraph) is None


def test_the_place_stays_unless_the_text_names_it():
    paragraph = f"STELLHAVEN (NNA) — {FERRY}"
    assert without_opening(paragraph, "the mayor of stellhaven waved") == FERRY
    assert without_opening(paragraph, "the mayor waved") == f"STELLHAVEN — {FERRY}"
    assert clean_text(f"{paragraph}\n\nStellhaven cheered.") == f"{FERRY}\n\nStellhaven cheered."


def test_further_down_a_place_tells_one_item_from_the_next():
    items = "One.\n\nTwo.\n\nThree.\n\nORVALE (NNA) — Four in Orvale."
    assert clean_text(items) == items
    assert clean_text(items.replace("ORVALE (NNA) — ", "(CNN) ")).endswith("\n\nFour in Orvale.")


@given(st.text(max_size=200))
def test_what_follows_an_opening_is_the_end_of_the_paragraph(paragraph):
    found = opening_of(paragraph)
    assert found is None or (found.rest and paragraph.endswith(found.rest))
