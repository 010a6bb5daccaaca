import base64
import gzip
import os
import quopri
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from index.article import Article, DateOrigin, Skipped
from index.config import ReadingConfig
from index.readers import read_sources
from tests.index.readers.damage import check_found, damaged
from tests.index.readers.documents import column, docx, mail, multipart, paragraph, pdf

FERRY = "The ferry between the island and the harbour will run again from April, the port said on Tuesday."
MAYOR = "“We have waited long enough,” said the mayor, who took the first crossing with forty pupils."
PRICE = (
    "Tickets will cost four crowns, and residents of the island will travel free until the end of the year."
)
HALL = "Orvale’s council voted 11 to 4 on Monday to close the old market hall for eighteen months."
TEXT = f"{FERRY}\n\n{MAYOR}\n\n{PRICE}"
FOOTER = """<tr><td align="center"><p>© 2026 Harbour Post Media. All rights reserved.</p>
<p>Our mailing address is:<br>Harbour Post Media, 4 Quay Street, Stellhaven, 1201</p>
<p>You are receiving this email because you signed up on our website.</p>
<p><a href="https://click.post.example/u/9f8e7d6c5b4a39281706f5e4d3c2b1a0">Unsubscribe</a> |
<a href="#">Update your preferences</a></p></td></tr>"""
NESTED = f"""<html lang="en"><head><style>p {{ margin: 0 }}</style><title>Harbour Post</title></head><body>
<div style="display:none;max-height:0;mso-hide:all">It took two years &#847; &#847; &#847;</div>
<!--[if mso]><table><tr><td>Only for Outlook</td></tr></table><![endif]-->
<table role="presentation" width="100%"><tr><td align="center"><table width="600">
<tr><td><a href="https://click.post.example/v/9f8e7d6c5b4a39281706f5e4d3c2b1a0">View in browser</a></td></tr>
<tr><td><img src="logo.png" alt="Harbour Post"></td></tr>
<tr><td><h1>The ferry is back</h1></td></tr>
<tr><td><table><tr><td style="font-size:16px">{FERRY}</td></tr></table></td></tr>
<tr><td><span>{MAYOR}</span><br><br>{PRICE}</td></tr>
<tr><td><a class="button" href="https://click.post.example/c/1">Read the full story →</a></td></tr>
{FOOTER}</table></td></tr></table></body></html>"""


def read(
    folder: Path, content: bytes, name: str = "letter.eml", **reading: object
) -> list[Article | Skipped]:
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (0, 1_773_100_800))
    return list(read_sources([str(path)], reading=ReadingConfig.model_validate(reading)))


def read_one(folder: Path, content: bytes, name: str = "letter.eml") -> Article:
    (article,) = read(folder, content, name)
    assert isinstance(article, Article), article
    return article


def reason(folder: Path, content: bytes, **reading: object) -> str:
    (skipped,) = read(folder, content, **reading)
    assert isinstance(skipped, Skipped), skipped
    return skipped.reason


def test_a_newsletter_set_in_tables_gives_its_text_and_nothing_around_it(tmp_path):
    article = read_one(tmp_path, mail(NESTED))
    assert (article.title, article.source, article.language) == ("The ferry is back", "Harbour Post", "en")
    assert article.text == TEXT
    assert (article.published, article.published_from) == ("2026-03-04T06:30:00+01:00", DateOrigin.META)
    assert article.key == (tmp_path / "letter.eml").as_uri()
    assert "Unsubscribe" in article.raw


def test_several_stories_in_one_letter_stay_one_article_with_their_headings(tmp_path):
    cards = "".join(
        f"<tr><td><h3>{title}</h3></td></tr><tr><td>{text}</td></tr>"
        "<tr><td><a href=#>Read more »</a></td></tr>"
        for title, text in (("The ferry is back", FERRY), ("The hall is closed", HALL))
    )
    article = read_one(tmp_path, mail(f"<table>{cards}{FOOTER}</table>", subject="Your morning"))
    assert article.text == f"The ferry is back\n\n{FERRY}\n\nThe hall is closed\n\n{HALL}"


def test_links_that_stand_alone_are_left_out_where_there_is_other_text(tmp_path):
    links = "".join(f"<li><a href=#>{text}</a></li>" for text in ("In this issue", "Loved it", "The hall"))
    headline = "<h2><a href=#>The ferry is back</a></h2>"
    article = read_one(
        tmp_path, mail(f"<ul>{links}</ul>{headline}<p>{FERRY}</p><p>{MAYOR}</p>", subject="March")
    )
    assert article.text == f"The ferry is back\n\n{FERRY}\n\n{MAYOR}"
    headlines = "".join(
        f"<p><a href=#>{text}</a></p>" for text in ("The ferry is back", "The hall is closed")
    )
    assert (
        read_one(tmp_path, mail(headlines, subject="March")).text == "The ferry is back\n\nThe hall is closed"
    )


def test_words_of_footers_within_the_text_stay(tmp_path):
    law = "Whoever advertises must let people unsubscribe with a single click, the court in Orvale ruled."
    quote = (
        "“You are receiving this letter because you once bought a ticket,” the company had written to her."
    )
    body = "".join(f"<p>{text}</p>" for text in (FERRY, law, quote, MAYOR * 4))
    assert read_one(tmp_path, mail(body)).text.split("\n\n")[:3] == [FERRY, law, quote]


def test_figures_in_a_table_are_one_line_a_row(tmp_path):
    rows = "<tr><th>Stall</th><th>Rent</th></tr><tr><td><p>Fish</p></td><td><p>120</p></td></tr>"
    article = read_one(tmp_path, mail(f"<p>{FERRY}</p><table border=1>{rows}</table>"))
    assert article.text.split("\n\n") == [FERRY, "Stall | Rent", "Fish | 120"]


PLAIN = f"{FERRY}\n\n{MAYOR}\n\n{PRICE}\n"


@pytest.mark.parametrize(
    ("html", "plain", "text"),
    [
        (f"<p>{FERRY}</p><p>{MAYOR}</p>", "Please view this message in your browser.", f"{FERRY}\n\n{MAYOR}"),
        ("<img src='all.png'>", PLAIN, TEXT),
        ("", PLAIN, TEXT),
    ],
)
def test_of_two_forms_the_page_is_read_where_it_says_something(tmp_path, html, plain, text):
    parts = [
        f"Content-Type: text/plain; charset=utf-8\n\n{plain}",
        f"Content-Type: text/html; charset=utf-8\n\n{html}",
    ]
    kind, body = multipart("alternative", *parts)
    assert read_one(tmp_path, mail(body, kind=kind)).text == text


def test_plain_text_is_unwrapped_and_its_signature_is_left_out(tmp_path):
    wrapped = (
        "The ferry between the island and the harbour will run again \n"
        "from April, the port said on Tuesday. \n\n"
        "“We have waited long enough,” said the mayor.\n\n-- \nAnn Lee\nhttps://post.example\n"
    )
    flowed = mail(wrapped, kind="text/plain; charset=utf-8; format=flowed")
    assert read_one(tmp_path, flowed).text == f"{FERRY}\n\n“We have waited long enough,” said the mayor."


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Fwd: Re: FW: The ferry is back", "The ferry is back"),
        ("WG: AW: Die Fähre ist zurück", "Die Fähre ist zurück"),
        ("=?utf-8?B?" + base64.b64encode("Die Fähre ⛴ fährt".encode()).decode() + "?=", "Die Fähre ⛴ fährt"),
        ("=?iso-8859-1?Q?Die_F=E4hre?=\n =?iso-8859-1?Q?_f=E4hrt?=", "Die Fähre fährt"),
        ("Harbour Post: The ferry is back", "The ferry is back"),
        ("[Harbour Post] The ferry is back", "The ferry is back"),
        ("Die Fähre fährt", "Die Fähre fährt"),
        ("=?nonsense?Q?The_ferry?=", "The ferry"),
        ("=?utf-8?B?####?= ferry", "ferry"),
    ],
)
def test_the_subject_is_the_title_without_what_programs_put_before_it(tmp_path, subject, title):
    assert read_one(tmp_path, mail(f"<p>{FERRY}</p><p>{MAYOR}</p>", subject=subject)).title == title


@pytest.mark.parametrize(
    ("sender", "outlet", "authors"),
    [
        ("Harbour Post <news@post.example>", "Harbour Post", ()),
        ('"Ann Lee from Harbour Letter" <x@letters.example>', "Harbour Letter", ("Ann Lee",)),
        ("news@email.harbourpost.example", "harbourpost.example", ()),
        ("no-reply <no-reply@mail.harbourpost.example>", "harbourpost.example", ()),
        ("=?utf-8?Q?H=C3=B8rbu_Avis?= <a@avis.example>", "Hørbu Avis", ()),
        ("news@post.example (Harbour Post)", "Harbour Post", ()),
        ("<", "", ()),
        ("((((", "((((", ()),
    ],
)
def test_the_outlet_is_who_sends(tmp_path, sender, outlet, authors):
    article = read_one(tmp_path, mail(f"<p>{FERRY}</p><p>{MAYOR}</p>", sender=sender))
    assert (article.source, article.authors) == (outlet or tmp_path.name, authors)


@pytest.mark.parametrize(
    ("headers", "published", "origin"),
    [
        ({"Date": "Wed, 4 Mar 2026 06:30:00 -0000"}, "2026-03-04T06:30:00+00:00", DateOrigin.META),
        (
            {"Date": "yesterday", "Received": "by mx; Thu, 5 Mar 2026 07:00:00 +0100"},
            "2026-03-05T07:00:00+01:00",
            DateOrigin.META,
        ),
        ({"Date": "2026-03-06"}, "2026-03-06", DateOrigin.META),
        ({"Date": ""}, "2026-03-10", DateOrigin.FILE),
        ({"Date": "Wed, 4 Mar 2999 06:30:00 +0100"}, "2026-03-10", DateOrigin.FILE),
    ],
)
def test_the_date_is_when_it_was_sent(tmp_path, headers, published, origin):
    article = read_one(tmp_path, mail(f"<p>{FERRY}</p><p>{MAYOR}</p>", headers=headers))
    assert (article.published, article.published_from) == (published, origin)


@pytest.mark.parametrize(
    ("link", "headers", "key"),
    [
        (
            "https://post.example/p/the-ferry-is-back?utm_source=mail&r=3kf9",
            {},
            "https://post.example/p/the-ferry-is-back",
        ),
        (
            "https://mailchi.mp/post/the-ferry-is-back-1234567?e=aabbcc",
            {},
            "https://mailchi.mp/post/the-ferry-is-back-1234567",
        ),
        ("https://click.post.example/p/the-ferry-is-back", {}, ""),
        ("https://post.example/redirect/2/eyJlIjoiaHR0cHM6Ly9sZXR0ZXJzLmV4YW1wbGUvcCJ9", {}, ""),
        ("https://post.example/", {}, ""),
        (
            "",
            {"Archived-At": "<https://lists.example/arch/msg/8872/>"},
            "https://lists.example/arch/msg/8872",
        ),
    ],
)
def test_the_address_is_that_of_the_letter_as_a_page_where_one_is_plainly_there(tmp_path, link, headers, key):
    body = f'<p><a href="{link}">View this email in your browser</a></p><p>{FERRY}</p><p>{MAYOR}</p>'
    article = read_one(tmp_path, mail(body, headers=headers))
    assert article.key == (key or (tmp_path / "letter.eml").as_uri())
    assert article.text == f"{FERRY}\n\n{MAYOR}"


def test_a_letter_that_was_sent_on_is_its_first_senders(tmp_path):
    body = (
        "<div>Have a look!</div><div>---------- Forwarded message ---------<br>From: <b>Harbour Post</b> "
        "&lt;<a href=#>news@post.example</a>&gt;<br>Date: Mon, Mar 2, 2026 at 7:00 AM<br>"
        f"Subject: The ferry is back<br>To: &lt;ida@reader.example&gt;<br></div><p>{FERRY}</p><p>{MAYOR}</p>"
    )
    article = read_one(
        tmp_path, mail(body, subject="Fwd: look at this", sender="Ida Falk <ida@reader.example>")
    )
    assert (article.title, article.source) == ("The ferry is back", "Harbour Post")
    assert (article.published, article.published_from) == ("2026-03-02", DateOrigin.TEXT)
    assert article.text == f"{FERRY}\n\n{MAYOR}"


def part(kind: str, data: bytes, name: str = "") -> str:
    disposition = f'Content-Disposition: attachment; filename="{name}"\n' if name else ""
    return (
        f"Content-Type: {kind}\n{disposition}Content-Transfer-Encoding: base64\n\n"
        f"{base64.encodebytes(data).decode()}"
    )


def test_what_is_attached_is_read_with_the_letter(tmp_path):
    kind, body = multipart(
        "mixed",
        f"Content-Type: text/html; charset=utf-8\n\n<p>{FERRY}</p><p>{MAYOR}</p>",
        part("application/pdf", pdf(column(PRICE)), "prices.pdf"),
        part("application/octet-stream", docx(paragraph(HALL)), "hall.docx"),
        part("image/png", b"\x89PNG", "map.png"),
        part("text/calendar", b"BEGIN:VCALENDAR", "date.ics"),
    )
    letter, prices, hall = read(tmp_path, mail(body, kind=kind))
    assert [one.text for one in (letter, prices, hall)] == [f"{FERRY}\n\n{MAYOR}", PRICE, HALL]  # type: ignore[union-attr]
    assert [one.source for one in (prices, hall)] == ["Harbour Post"] * 2  # type: ignore[union-attr]
    assert prices.origin.endswith("letter.eml!/prices.pdf")


def test_a_letter_attached_to_another_is_read_and_its_wrapper_is_not(tmp_path):
    inner = mail(f"<p>{FERRY}</p><p>{MAYOR}</p>", subject="The ferry is back").decode()
    kind, body = multipart(
        "mixed", "Content-Type: text/plain\n\nSee below.", f"Content-Type: message/rfc822\n\n{inner}"
    )
    article = read_one(
        tmp_path, mail(body, kind=kind, subject="Fwd: ferry", sender="Ida <ida@reader.example>")
    )
    assert (article.title, article.source) == ("The ferry is back", "Harbour Post")


def test_letters_within_letters_are_not_followed_without_end(tmp_path):
    content = mail(f"<p>{FERRY}</p><p>{MAYOR}</p>").decode()
    for number in range(12):
        text = f"Content-Type: text/html; charset=utf-8\n\n<p>Letter {number}. {FERRY}</p>"
        kind, body = multipart(
            "mixed", text, f"Content-Type: message/rfc822\n\n{content}", boundary=f"b{number}"
        )
        content = mail(body, kind=kind).decode()
    assert 1 < len(read(tmp_path, content.encode())) <= 6


def test_pages_between_pictures_are_all_read(tmp_path):
    html = "Content-Type: text/html; charset=utf-8\n\n"
    picture = 'Content-Type: image/png\nContent-Disposition: inline; filename="a.png"\n\nx'
    inner_kind, inner = multipart(
        "mixed", f"{html}<p>{FERRY}</p>", picture, f"{html}<p>{MAYOR}</p>", boundary="inner"
    )
    kind, body = multipart(
        "alternative", f"Content-Type: text/plain\n\n{FERRY}", f"Content-Type: {inner_kind}\n\n{inner}"
    )
    assert read_one(tmp_path, mail(body, kind=kind)).text == f"{FERRY}\n\n{MAYOR}"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "no-such-charset", ""])
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_text_is_decoded_whatever_it_is_said_to_be(tmp_path, charset, encoding):
    text = "Die Fähre fährt ab April wieder über den See, sagte die Behörde."
    data = text.encode("utf-8" if charset in ("utf-8", "no-such-charset") else "cp1252")
    packed = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}.get(encoding, bytes)(
        data
    )
    head = mail("", kind=f"text/plain; charset={charset}", headers={"Content-Transfer-Encoding": encoding})
    assert read_one(tmp_path, head.rstrip(b"\n") + b"\n\n" + packed).text == text


@pytest.mark.parametrize(
    "text",
    [
        "המעבורת בין האי לנמל תשוב לפעול באפריל.",
        "東京都の港は四月に再開する。",
        "⛴️ The ferry 👩‍👩‍👧 is back.",
    ],
)
def test_every_script_comes_back_as_it_was_written(tmp_path, text):
    assert read_one(tmp_path, mail(f"<div dir=auto>{text}</div><p>{FERRY}</p>")).text == f"{text}\n\n{FERRY}"


def mailbox(*messages: bytes) -> bytes:
    return b"".join(
        b"From news@post.example Wed Mar  4 06:30:0%d 2026\n%s\n" % (number, message)
        for number, message in enumerate(messages)
    )


def test_a_mailbox_gives_an_article_for_each_message(tmp_path):
    second = mail(
        ">From the quay one sees it: " + HALL, kind="text/plain; charset=utf-8", headers={"Message-ID": ""}
    )
    box = mailbox(mail(NESTED), b"Subject: empty\n\n", second)
    for content, name in ((box, "letters.mbox"), (gzip.compress(box), "letters.mbox.gz")):
        ferry, empty, hall = read(tmp_path, content, name)
        assert isinstance(ferry, Article)
        assert isinstance(hall, Article)
        assert empty == Skipped(origin=f"{tmp_path / name}#2", reason="has no text")
        assert (ferry.text, hall.text) == (TEXT, f"From the quay one sees it: {HALL}")
        assert ferry.key == f"{(tmp_path / name).as_uri()}#1%40post.example"
        assert hall.key == f"{(tmp_path / name).as_uri()}#3"


def test_a_message_of_a_mailbox_that_is_too_large_does_not_stop_the_others(tmp_path):
    box = mailbox(mail(NESTED), mail("x" * 1_100_000), mail(NESTED))
    first, large, last = read(tmp_path, box, "letters.mbox", max_file_mb=1)
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert isinstance(large, Skipped)
    assert large.reason == "the message is larger than 1 MB: raise `reading.max_file_mb`"


def test_a_message_as_apples_mail_stores_it_is_read(tmp_path):
    data = mail(NESTED)
    stored = b"%d   \n%s<?xml version='1.0'?><plist><dict/></plist>" % (len(data), data)
    assert read_one(tmp_path, stored).text == TEXT


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (mail(""), "has no text"),
        (mail("<img src='all.png'>"), "has no text"),
        (mail("<p>Unsubscribe</p>"), "has no text but what stands around a newsletter"),
        (
            mail(
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 1_500,
                kind="multipart/mixed; boundary=b",
            ),
            "has ",
        ),
        (
            mail("--b\n\nx\n" * 5_000, kind="multipart/mixed; boundary=b"),
            "has parts that are nested too deeply, or more",
        ),
        (b"just some words\n", "is not an e-mail: it has no header"),
    ],
    ids=["empty", "picture", "footer", "nested", "parts", "words"],
)
def test_what_cannot_be_read_is_refused_with_the_reason(tmp_path, content, expected):
    assert reason(tmp_path, content).startswith(expected)


def test_parts_nested_a_thousand_deep_are_refused(tmp_path):
    body = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(1_500))
    assert reason(tmp_path, b"From: a@b.example\nSubject: x\n" + body.encode()).startswith(
        "has parts that are nested"
    )


PARTS = multipart(
    "mixed",
    part("text/html; charset=utf-8", NESTED.encode()),
    part("application/pdf", pdf(column(PRICE)), "prices.pdf"),
)
GOOD = mail(PARTS[1], kind=PARTS[0])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=damaged(GOOD))
def test_no_damage_makes_a_reader_fail_and_the_file_beside_is_read(tmp_path, data):
    (tmp_path / "a.eml").write_bytes(data)
    (tmp_path / "b.eml").write_bytes(GOOD)
    *found, letter, prices = read_sources([str(tmp_path)])
    check_found(found)
    assert isinstance(letter, Article)
    assert isinstance(prices, Article)
    assert (letter.text, prices.text) == (TEXT, PRICE)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=damaged(mailbox(mail(NESTED), mail(PLAIN, kind="text/plain; charset=utf-8"))))
def test_no_damage_to_a_mailbox_makes_a_reader_fail(tmp_path, data):
    check_found(read(tmp_path, data, "letters.mbox"))
