import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers.bylines import names_in_head, names_of


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Lee", ["Ann Lee"]),
        ("By Ann Lee and Bo Day, Harbour Post", ["Ann Lee", "Bo Day"]),
        ("ANN LEE", ["ANN LEE"]),
        ("Ann Lee, Bo Day & Cy Ray", ["Ann Lee", "Bo Day", "Cy Ray"]),
        ("By Ann Lee, HPN", ["Ann Lee"]),
        ("Ann Lee at Estuary Park", ["Ann Lee"]),
        ("Ann Lee (now) and Harbour staff (earlier)", ["Ann Lee"]),
        ("Ann Lee ann.lee@harbour.example", ["Ann Lee"]),
        ("desk@post.example", []),
        ("By jane@post.example", []),
        ("mailto:news@post.example", []),
        ("Jane Roe <jane@post.example>", ["Jane Roe"]),
        ("Jane Roe<jane@post.example>", ["Jane Roe"]),
        ("Jane Roe (jane@post.example)", ["Jane Roe"]),
        ("jane@post.example (Jane Roe)", ["Jane Roe"]),
        ("By Jane Roe, jane@post.example and Bo Day, bo@post.example", ["Jane Roe", "Bo Day"]),
        ("By our transport correspondent, ANN LEE", ["ANN LEE"]),
        ("Words: Ann Lee", ["Ann Lee"]),
        ("Written by Dirk van der Berg", ["Dirk van der Berg"]),
        ("Von Inken Behr und Uwe Thoms", ["Inken Behr", "Uwe Thoms"]),
        ("Par Théo Ginestet et Solène Maubert", ["Théo Ginestet", "Solène Maubert"]),
        ("Автор: Пётр Ильин", ["Пётр Ильин"]),
        ("作者:赵一鸣", ["赵一鸣"]),
        ("מאת: תמר לוי", ["תמר לוי"]),
        ("लेखक: अनिता झा", ["अनिता झा"]),
        ("Site & Stone", ["Site & Stone"]),
        ("Harbour Election Desk", ["Harbour Election Desk"]),
        ("https://social.example/ann", []),
        ("Updated 5 hours ago", []),
        ("", []),
    ],
)
def test_names_are_read_as_outlets_write_them(byline, names):
    assert names_of(byline) == names


def test_the_outlet_is_no_author():
    assert names_of("Carse Daily", outlet="Carse Daily") == []
    assert names_of("By Ann Lee, Carse Daily", outlet="Carse Daily") == ["Ann Lee"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("26.06.2026 | Rolf Tiedt", ["Rolf Tiedt"]),
        ("By Ann Lee, 11 May 2026", ["Ann Lee"]),
        ("Ann Lee • Nov 10, 2026", ["Ann Lee"]),
        ("Posted yesterday · 2 hours ago by Ann Lee", ["Ann Lee"]),
        ("Submitted by Ann Lee on Wed, 25/03/2026 - 08:00", ["Ann Lee"]),
        ("Friday, 9 January 2026", []),
        ("Yayınlanma: 18 Ekim 2026", []),
        ("Published 6:02 p.m. ET April 7, 2026", []),
    ],
)
def test_a_name_stands_beside_the_date(line, names):
    assert names_in_head(line) == names


@given(st.text(max_size=200))
def test_no_byline_makes_the_reader_fail(line):
    assert all(names_of(line))
    assert all(names_in_head(line))
