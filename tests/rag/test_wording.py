"""How sentences of articles are shown in an answer."""

import pytest

from rag.wording import worded

SAID = "The ferry sails again."


@pytest.mark.parametrize(
    "dateline",
    [
        "STELLHAVEN — ",
        "STELLHAVEN (NW) — ",
        "STELLHAVEN (NW) -- ",
        "VESSENPORT – ",
        "VESSENPORT - ",
        "ISLE OF FARROW, Northwater – ",
        "LOWER PELLOW, N.W. (NW) — ",
        "Stellhaven (Northwater News) — ",
        "ST. PELL — ",
        "PORT-ÉTEL, Cawl—",
        "(NW) — ",
        "(CNN)",
        "(Reuters) ",
    ],
)
def test_the_place_and_the_agency_that_open_a_report_are_not_shown(dateline):
    assert worded(f"{dateline}{SAID}") == SAID
    assert worded(f"{dateline}“{SAID}”") == f"“{SAID}”"


@pytest.mark.parametrize(
    "text",
    [
        "The ferry – which had been laid up – sails again.",
        "Ada Quill — the mayor of Stellhaven — spoke first.",
        "UNEF — the fund for ferries — pays.",
        "Four of ten crews - on every ship - stay.",
        "Kittiwake Lines (KWL) said that the ferry sails.",
        "KITTIWAKE LINES wins.",
        "STELLHAVEN — ",
        "Half – The ferry.",
    ],
)
def test_any_other_dash_stays(text):
    assert worded(text) == text.strip()


def test_markup_is_left_out_as_everywhere():
    assert worded("ORVALE — The **dam** is [safe](http://a.example) [2].") == "The **dam** is safe."
