import os
from pathlib import Path

import pytest

from index.article import Article, DateOrigin
from index.readers import read_sources


def read_one(path: Path) -> Article:
    (article,) = read_sources([str(path)])
    assert isinstance(article, Article), article
    return article


def write(tmp_path: Path, text: str, name: str = "story.txt") -> Path:
    folder = tmp_path / "Harbour Post"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


NOISY = """|
Getting your Harbour Audio player ready...
|
The port reopens
By: Ann Lee
Updated July 6, 2026, 3:46 p.m. ET
The port reopened on Tuesday, two years after a storm broke both of its piers.|
“By then,” said the mayor, “we had no ferry and no bread.”
The Associated Press contributed to this report.|
"""


def test_a_saved_story_loses_its_noise_and_keeps_title_author_and_dates(tmp_path):
    article = read_one(write(tmp_path, NOISY))
    assert article.title == "The port reopens"
    assert article.authors == ("Ann Lee",)
    assert article.updated == "2026-07-06T15:46:00-04:00"
    assert article.published_from is DateOrigin.TEXT
    assert article.text == (
        "The port reopened on Tuesday, two years after a storm broke both of its piers.\n\n"
        "“By then,” said the mayor, “we had no ferry and no bread.”"
    )


def test_without_an_address_the_file_is_the_key_and_its_folder_the_source(tmp_path):
    path = write(tmp_path, "The port reopens\n\nIt reopened on Tuesday.")
    article = read_one(path)
    assert article.key == article.url == path.as_uri()
    assert article.source == "Harbour Post"
    assert article.origin == str(path)


def test_the_time_of_the_file_is_the_last_resort_for_a_date(tmp_path):
    path = write(tmp_path, "The port reopens\n\nIt reopened on Tuesday.")
    os.utime(path, (0, 1_772_582_400))
    assert (read_one(path).published, read_one(path).published_from) == ("2026-03-04", DateOrigin.FILE)


@pytest.mark.parametrize(
    ("second", "authors", "published"),
    [
        ("By ANN LEE", ("ANN LEE",), None),
        ("By Ann Lee and Bo Day", ("Ann Lee", "Bo Day"), None),
        ("By Ann Lee, Harbour Post", ("Ann Lee",), None),
        ("By Ann Lee | March 4, 2026", ("Ann Lee",), "2026-03-04"),
        ("Published: March 4, 2026", (), "2026-03-04"),
        ("March 4, 2026", (), "2026-03-04"),
    ],
)
def test_byline_and_date_lines_leave_the_body(tmp_path, second, authors, published):
    article = read_one(write(tmp_path, f"The port reopens\n{second}\n\nIt reopened on Tuesday."))
    assert article.authors == authors
    assert article.text == "It reopened on Tuesday."
    if published:
        assert (article.published, article.published_from) == (published, DateOrigin.TEXT)


def test_a_dateline_dates_the_story_and_leaves_its_place(tmp_path):
    line = "HARBOUR CITY, March 4, 2026 (Agency) — The port reopened on Tuesday."
    article = read_one(write(tmp_path, f"The port reopens\n\n{line}\n"))
    assert (article.published, article.text) == (
        "2026-03-04",
        "HARBOUR CITY — The port reopened on Tuesday.",
    )


def test_a_sentence_that_opens_with_by_is_no_byline(tmp_path):
    article = read_one(write(tmp_path, "The port reopens\n\nBy Tuesday the port had reopened.\n"))
    assert (article.authors, article.text) == ((), "By Tuesday the port had reopened.")


def test_dates_further_down_are_part_of_the_story(tmp_path):
    body = (
        "A storm broke both piers, and it has taken the town two years to build them anew, the mayor said.\n"
    )
    article = read_one(write(tmp_path, f"A timeline\n\n{body}\nMarch 4, 2024\n\nThe storm.\n"))
    assert "March 4, 2024" in article.text
    assert article.published_from is DateOrigin.FILE


def test_a_long_first_line_is_text_and_its_first_sentence_makes_the_title(tmp_path):
    line = "The port reopened on Tuesday. " + "Ferries will run to the island again from April. " * 5
    article = read_one(write(tmp_path, line))
    assert article.title == "The port reopened on Tuesday."
    assert article.text == line.strip()


def test_a_made_title_is_cut_at_a_word(tmp_path):
    article = read_one(write(tmp_path, "ferry " * 60))
    assert len(article.title) <= 120
    assert article.title.endswith("ferry…")


def test_wrapped_text_without_a_title_keeps_its_first_line(tmp_path):
    wrapped = (
        "The ferry between the island and the harbour will run again from\n"
        "April, the port said on Tuesday, after two years of repairs to both\n"
        "of its piers and a long quarrel about who should pay for the work,\n"
        "which the town and the island have now settled.\n"
    )
    article = read_one(write(tmp_path, wrapped))
    assert article.text == wrapped.replace("\n", " ").strip()


FRONT = """---
title: "The port reopens"
date: 2026-03-04
updated: 2026-03-05T10:00:00+01:00
authors: [Ann Lee, Bo Day]
url: https://www.harbour.example/port/?utm_source=feed#top
source: Harbour Post
lang: en-GB
---
The port reopened on Tuesday.
"""


@pytest.mark.parametrize("name", ["story.txt", "story.md"])
def test_front_matter_is_believed_first(tmp_path, name):
    article = read_one(write(tmp_path, FRONT, name))
    assert article.title == "The port reopens"
    assert (article.published, article.published_from) == ("2026-03-04", DateOrigin.META)
    assert article.updated == "2026-03-05T10:00:00+01:00"
    assert article.authors == ("Ann Lee", "Bo Day")
    assert article.url == "https://www.harbour.example/port/?utm_source=feed#top"
    assert article.key == "https://harbour.example/port"
    assert (article.source, article.language) == ("Harbour Post", "en")
    assert article.text == "The port reopened on Tuesday."


def test_broken_front_matter_names_its_line(tmp_path):
    (skipped,) = read_sources([str(write(tmp_path, "---\ntitle: a\ndate: [2026\n---\nText.\n"))])
    assert not isinstance(skipped, Article)
    assert "YAML on line" in skipped.reason


TOML = """+++
title = "The port reopens"
date = 2026-03-04
lastmod = 2026-03-05T10:00:00+01:00
authors = ["Ann Lee", "Bo Day"]
url = "https://www.harbour.example/port"
categories = ["Ports"]
[params]
source = "ignored"
+++
The port reopened on Tuesday.
"""


@pytest.mark.parametrize("name", ["story.txt", "story.md"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_front_matter_may_be_toml(tmp_path, name, end):
    path = write(tmp_path, "", name)
    path.write_bytes(TOML.replace("\n", end).encode())
    article = read_one(path)
    assert (article.title, article.published) == ("The port reopens", "2026-03-04")
    assert (article.updated, article.section) == ("2026-03-05T10:00:00+01:00", "Ports")
    assert article.authors == ("Ann Lee", "Bo Day")
    assert article.key == "https://harbour.example/port"
    assert article.text == "The port reopened on Tuesday."


def test_broken_toml_names_its_line(tmp_path):
    (skipped,) = read_sources([str(write(tmp_path, '+++\ntitle = "a"\ndate = 2026-\n+++\nText.\n'))])
    assert not isinstance(skipped, Article)
    assert skipped.reason.startswith("has front matter that is not valid TOML: ")
    assert "line 3" in skipped.reason


def test_a_row_of_pluses_at_the_top_is_no_front_matter(tmp_path):
    article = read_one(write(tmp_path, "+++\nThe port reopens\n+++\nIt reopened on Tuesday.\n"))
    assert "The port reopens" in f"{article.title} {article.text}"
    assert "It reopened on Tuesday." in article.text


@pytest.mark.parametrize("fence", ["---", "+++"])
def test_front_matter_without_end_is_refused(tmp_path, fence):
    front = "\n".join(
        f'key{number}: "{number}"'.replace(": ", ": " if fence == "---" else " = ") for number in range(3000)
    )
    (skipped,) = read_sources([str(write(tmp_path, f"{fence}\n{front}\n{fence}\nText.\n"))])
    assert not isinstance(skipped, Article)
    assert skipped.reason == "has front matter of more than 20,000 characters"


def test_a_rule_at_the_top_is_no_front_matter(tmp_path):
    article = read_one(write(tmp_path, "---\nThe port reopens\n---\nIt reopened on Tuesday.\n", "a.md"))
    assert "It reopened on Tuesday." in article.text


MARKDOWN = """# The *port* reopens

By Ann Lee

![The pier](pier.jpg)
The **port** reopened on [Tuesday](https://harbour.example/tuesday), `two` years after the _storm_.

## What changes

* Ferries run again
* snake_case_names and 2 * 3 * 4 stay

> “No bread,” said the mayor.

| a | b |
|---|---|
"""


def test_markdown_becomes_plain_text(tmp_path):
    article = read_one(write(tmp_path, MARKDOWN, "a.md"))
    assert article.title == "The port reopens"
    assert article.authors == ("Ann Lee",)
    assert article.text.split("\n\n")[:5] == [
        "The port reopened on Tuesday, two years after the storm.",
        "What changes",
        "- Ferries run again",
        "- snake_case_names and 2 * 3 * 4 stay",
        "“No bread,” said the mayor.",
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-32", "cp1252", "cp1251", "shift_jis"]
)
def test_the_character_set_is_detected(tmp_path, encoding):
    text = {
        "cp1251": "Порт снова открыт\n\nПорт открылся во вторник после двух лет ремонта, сообщил мэр.\n",
        "shift_jis": "港が再開\n\n二年間の修理を終えて、港は火曜日に再開したと市長が述べた。\n",
    }.get(
        encoding,
        "Le port a rouvert\n\nLe café du port a rouvert mardi, a déclaré la mairie à l’île voisine.\n",
    )
    path = tmp_path / "a.txt"
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    path.write_bytes(data)
    article = read_one(path)
    assert f"{article.title}\n\n{article.text}\n" == text


def test_html_in_markdown_leaves_its_words(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        '<h1 align="center">The port reopens</h1>\n\n<img src="port.jpg">\n\n'
        "It <b>reopened</b> on Tuesday, and 3 < 4.\n\n<ul>\n<li>Ferries</li>\n</ul>\n"
    )
    (article,) = read_sources([str(path)])
    assert isinstance(article, Article)
    assert (article.title, article.text) == (
        "The port reopens",
        "It reopened on Tuesday, and 3 < 4.\n\nFerries",
    )
