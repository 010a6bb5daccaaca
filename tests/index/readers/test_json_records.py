import json
import time
from pathlib import Path

import pytest

from index.article import Article, DateOrigin, Skipped
from index.config import ReadingConfig
from index.readers import read_sources

RECORD = {"title": "The port reopens", "text": "The port reopened on Tuesday."}


def read(tmp_path: Path, *lines: object, name: str = "news.jsonl") -> list[Article | Skipped]:
    path = tmp_path / name
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return list(read_sources([str(path)]))


def read_one(tmp_path: Path, **fields: object) -> Article:
    (article,) = read(tmp_path, {**RECORD, **fields})
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize("field", ["title", "headline", "name", "Title"])
def test_names_of_the_title(tmp_path, field):
    (article,) = read(tmp_path, {field: "The port reopens", "text": "It reopened."})
    assert isinstance(article, Article)
    assert article.title == "The port reopens"


@pytest.mark.parametrize(
    "field",
    [
        "text",
        "body",
        "content",
        "article",
        "article_text",
        "articleBody",
        "maintext",
        "full_text",
        "description",
    ],
)
def test_names_of_the_text(tmp_path, field):
    (article,) = read(tmp_path, {"title": "A", field: "The port reopened."})
    assert isinstance(article, Article)
    assert article.text == "The port reopened."


def test_a_description_is_the_last_resort(tmp_path):
    assert read_one(tmp_path, description="In short.").text == RECORD["text"]


@pytest.mark.parametrize(
    "field", ["published", "date", "publish_date", "publishedAt", "pub_date", "date_publish", "datePublished"]
)
def test_names_of_the_date(tmp_path, field):
    article = read_one(tmp_path, **{field: "2026-03-04"})
    assert (article.published, article.published_from) == ("2026-03-04", DateOrigin.META)


def test_a_timestamp_counts_seconds(tmp_path):
    assert read_one(tmp_path, timestamp=1654992000).published == "2022-06-12T00:00:00+00:00"


def test_a_date_in_the_future_is_doubted_and_the_address_asked(tmp_path):
    article = read_one(tmp_path, published="2999-01-01", url="https://harbour.example/2026/03/04/port")
    assert (article.published, article.published_from) == ("2026-03-04", DateOrigin.URL)


def test_a_record_without_a_date_stays_undated(tmp_path):
    article = read_one(tmp_path)
    assert (article.published, article.published_from) == (None, DateOrigin.UNKNOWN)


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ("Ann Lee", ("Ann Lee",)),
        ("By Ann Lee and Bo Day", ("Ann Lee", "Bo Day")),
        ("Ann Lee, Bo Day; Cy Ray", ("Ann Lee", "Bo Day", "Cy Ray")),
        (["Ann Lee", " ", "Ann Lee", "Bo Day"], ("Ann Lee", "Bo Day")),
        ([{"name": "Ann Lee"}, {"id": 7}], ("Ann Lee",)),
        ({"name": "Ann Lee"}, ("Ann Lee",)),
        (None, ()),
        (7.5, ()),
    ],
)
def test_forms_of_authors(tmp_path, value, authors):
    assert read_one(tmp_path, authors=value).authors == authors


@pytest.mark.parametrize(
    ("fields", "source"),
    [
        ({"source": "Harbour Post"}, "Harbour Post"),
        ({"source": {"id": None, "name": "Harbour Post"}}, "Harbour Post"),
        ({"source": "https://www.harbour.example/"}, "harbour.example"),
        ({"source_domain": "www.harbour.example"}, "harbour.example"),
        ({"url": "https://www.harbour.example/a"}, "harbour.example"),
    ],
)
def test_forms_of_the_outlet(tmp_path, fields, source):
    assert read_one(tmp_path, **fields).source == source


@pytest.mark.parametrize(
    "url",
    [
        "http://harbour.example/a",
        "HTTPS://WWW.Harbour.Example:443/a/",
        "https://harbour.example/a?utm_source=x&fbclid=1#top",
        " https://harbour.example./a ",
    ],
)
def test_spellings_of_an_address_are_one_article(tmp_path, url):
    article = read_one(tmp_path, url=url)
    assert article.key == "https://harbour.example/a"
    assert article.url == url.strip()


def test_a_parameter_that_is_no_tracking_counts(tmp_path):
    assert read_one(tmp_path, url="https://harbour.example/a?id=7").key == "https://harbour.example/a?id=7"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "/a", "http://", "http://[::1", "http://a:b/", "ftp://a/b", 7, None]
)
def test_what_is_no_web_address_never_becomes_one(tmp_path, url):
    assert read_one(tmp_path, url=url).url.startswith("file:///")


def test_without_an_address_the_id_or_else_the_line_tells_records_apart(tmp_path):
    first, second = read(tmp_path, {**RECORD, "id": "a b"}, RECORD)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    uri = (tmp_path / "news.jsonl").as_uri()
    assert (first.key, second.key) == (f"{uri}#a%20b", f"{uri}#2")
    assert second.origin.endswith("news.jsonl:2")


def test_a_record_without_a_title_takes_its_first_sentence(tmp_path):
    (article,) = read(tmp_path, {"text": "The port reopened. Ferries run."})
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("The port reopened.", "The port reopened. Ferries run.")


def test_a_text_of_nothing_but_noise_leaves_the_headline(tmp_path):
    assert read_one(tmp_path, text="Advertisement\n\nRead More").text == "The port reopens"


@pytest.mark.parametrize("piece", ["<!--", "<a ", "<script>", "<p>a", "&amp", "<p <!-- "])
def test_broken_markup_takes_no_long_time(tmp_path, piece):
    started = time.monotonic()
    read(tmp_path, {"title": "A", "text": "<p>The port reopened.</p>" + piece * 50_000})
    assert time.monotonic() - started < 5


def test_markup_in_a_field_becomes_text(tmp_path):
    text = "<p>The port &amp; the pier <b>reopened</b>.</p><script>x()</script><p>Ferries run.</p>"
    article = read_one(tmp_path, title="Port &amp; pier", content={"rendered": text}, text=None)
    assert (article.title, article.text) == ("Port & pier", "The port & the pier reopened.\n\nFerries run.")


def test_a_text_cut_by_a_news_api_loses_the_count(tmp_path):
    assert read_one(tmp_path, text="The port reopened… [+1234 chars]").text == "The port reopened"


def test_a_broken_line_is_named_and_the_others_go_on(tmp_path):
    found = read(tmp_path, RECORD, '{"title": "a', "", "[1]", {"title": "No text"}, RECORD)
    assert [type(one) for one in found] == [Article, Skipped, Skipped, Skipped, Article]
    lines = [one.origin.rsplit(":", 1)[1] for one in found]
    assert lines == ["1", "2", "4", "5", "6"]
    reasons = [one.reason for one in found if isinstance(one, Skipped)]
    assert reasons[0].startswith("is not valid JSON")
    assert reasons[1].startswith("is not a record")
    assert reasons[2].startswith("has no text: it has title; say which is the text")


def test_a_line_in_another_character_set_does_not_spoil_the_rest(tmp_path):
    path = tmp_path / "news.jsonl"
    line = json.dumps(RECORD).encode()
    path.write_bytes(
        line
        + b'\n{"text": "\0"}\n'
        + '{"text": "Le café du port a rouvert mardi."}\n'.encode("cp1252")
        + line
    )
    found = list(read_sources([str(path)]))
    assert [type(one) for one in found] == [Article, Skipped, Article, Article]
    assert isinstance(found[2], Article)
    assert found[2].text == "Le café du port a rouvert mardi."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_without_end_is_not_read_into_memory(tmp_path, encoding):
    path = tmp_path / "news.jsonl"
    line = json.dumps(RECORD) + "\n"
    path.write_bytes(
        (line + "x" * (ReadingConfig().max_file_bytes + 1_000_000) + "\n" + line).encode(encoding)
    )
    found = list(read_sources([str(path)]))
    assert [type(one) for one in found] == [Article, Skipped, Article]
    assert isinstance(found[1], Skipped)
    assert found[1].reason == "the line is longer than 20 MB"
    assert found[2].origin.endswith(":3")


@pytest.mark.parametrize(
    "document",
    [
        [RECORD],
        RECORD,
        {"articles": [RECORD]},
        {"data": [RECORD]},
        {
            "status": "ok",
            "totalResults": 1,
            "articles": [{**RECORD, "source": {"id": None, "name": "Harbour Post"}}],
        },
        {"response": 1, "data": {"articles": [RECORD]}},
        {"response": {"status": "ok", "docs": [RECORD]}},
        {"hits": {"total": 1, "hits": [{"_id": "7", "_source": RECORD}]}},
        {"@context": "https://schema.org", "@graph": [RECORD]},
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Post",
            "description": "A feed",
            "items": [RECORD],
        },
        [{"status": "ok", "articles": [RECORD]}],
    ],
)
def test_shapes_of_a_json_document(tmp_path, document):
    (article,) = read(tmp_path, json.dumps(document, indent=2), name="news.json")
    assert isinstance(article, Article)
    assert article.text == RECORD["text"]
    assert "news.json#1" in article.origin


def test_a_json_file_of_lines_longer_than_its_head_is_read_by_line(tmp_path):
    long = {**RECORD, "text": "The port reopened. " * 8000}
    found = read(tmp_path, long, long, name="news.json")
    assert [type(one) for one in found] == [Article, Article]


SMALL = ReadingConfig(max_file_mb=0.01)
LONG = {"title": "Too long", "text": "The port reopened. " * 1000}


def read_small(tmp_path: Path, document: str) -> list[Article | Skipped]:
    """Read a document with a limit of 10,000 characters for each record."""
    path = tmp_path / "news.json"
    path.write_text(document)
    return list(read_sources([str(path)], reading=SMALL))


def titles(found: list[Article | Skipped]) -> list[str]:
    return [one.title for one in found if isinstance(one, Article)]


def numbered(count: int) -> list[dict[str, str]]:
    return [{"title": f"Report {number}", "text": "The port reopened."} for number in range(1, count + 1)]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda records: records,
        lambda records: {
            "status": "ok",
            "total": 7,
            "sources": ["a", "b"],
            "articles": records,
            "next": None,
        },
        lambda records: {"meta": {"a": [1]}, "response": {"status": "ok", "docs": records}},
        lambda records: {"data": {"page": 1}, "results": records},
    ],
)
def test_a_document_larger_than_the_limit_is_read_record_by_record(tmp_path, wrap, indent):
    found = read_small(tmp_path, json.dumps(wrap(numbered(500)), indent=indent))
    assert titles(found) == [f"Report {number}" for number in range(1, 501)]
    assert len(found) == 500
    assert found[-1].origin.endswith("#500")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_a_large_document_keeps_its_characters(tmp_path, encoding):
    path = tmp_path / "news.json"
    story = "Le café du port a rouvert mardi, a déclaré la mairie à l’île voisine."
    document = json.dumps([{"title": "Le café", "text": story, "x": story * 9}] * 1000, ensure_ascii=False)
    path.write_bytes(document.encode(encoding))
    found = list(read_sources([str(path)]))
    assert {(one.title, one.text) for one in found if isinstance(one, Article)} == {("Le café", story)}
    assert len(found) == 1000


def test_a_record_larger_than_the_limit_is_passed_over(tmp_path):
    found = read_small(tmp_path, json.dumps([*numbered(50), LONG, *numbered(50)]))
    assert titles(found) == [f"Report {number}" for number in [*range(1, 51), *range(1, 51)]]
    (skipped,) = (one for one in found if isinstance(one, Skipped))
    assert skipped.origin.endswith("#51")
    assert skipped.reason.startswith("is larger than 0 MB, or not closed (line 1, column ")


def test_several_documents_in_one_file_are_all_read(tmp_path):
    pretty = "\n".join(json.dumps(record, indent=2) for record in numbered(3))
    assert titles(read(tmp_path, pretty, name="news.json")) == ["Report 1", "Report 2", "Report 3"]
    pages = "".join(json.dumps({"articles": numbered(2)}) + "\n" for _ in range(2))
    assert titles(read(tmp_path, pages, name="pages.json")) == ["Report 1", "Report 2"] * 2
    assert titles(read(tmp_path, pages, name="pages.jsonl")) == ["Report 1", "Report 2"] * 2


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ('{"title": "A" "text": "b"}', "Expecting ',' delimiter (line 3, column 15)"),
        ('{"title": "A", "text": "b}', "Expecting ',' delimiter (line 4, column 3)"),
        ('{"title": "A", "text": [{"title": "b"}, {"x": }]}', "Expecting value (line 3, column 47)"),
        ("{'title': 'A'}", "Expecting property name enclosed in double quotes (line 3, column 2)"),
        ('{"title": "A", "text": "\\x"}', "Invalid \\escape (line 3, column 25)"),
        ('{"title": "A", "text": ' + "[" * 100_000 + "}", "it is nested too deeply (line 3, column 1)"),
        ('{"title": "A", "number": ' + "7" * 5000 + "}", "a number is too long (line 3, column 1)"),
        ("nothing", "Expecting value (line 3, column 1)"),
    ],
)
def test_a_damaged_record_is_named_and_the_others_go_on(tmp_path, damage, reason):
    records = [json.dumps(record) for record in numbered(4)]
    found = read(tmp_path, "[\n" + ",\n".join([records[0], damage, *records[1:]]) + "\n]", name="news.json")
    assert titles(found)[0] == "Report 1"
    assert titles(found)[-2:] == ["Report 3", "Report 4"]
    skipped = next(one for one in found if isinstance(one, Skipped))
    assert skipped.origin.endswith("#2")
    assert skipped.reason == f"is not valid JSON: {reason}"


def test_what_follows_the_cut_of_a_document_is_said(tmp_path):
    document = json.dumps(numbered(3))
    found = read(tmp_path, document[:-20], name="news.json")
    assert titles(found) == ["Report 1", "Report 2"]
    assert isinstance(found[2], Skipped)
    found = read(tmp_path, document[:-1], name="news.json")
    assert titles(found) == ["Report 1", "Report 2", "Report 3"]
    assert isinstance(found[3], Skipped)
    assert found[3].reason.startswith("is not valid JSON: it ends within an array (line 2, column 1)")


def test_a_document_that_is_damaged_all_over_is_given_up(tmp_path):
    found = read(tmp_path, json.dumps(numbered(1))[:-1] + ', {"title": x}' * 500 + "]", name="news.json")
    assert len(found) < 110
    assert isinstance(found[-1], Skipped)
    assert found[-1].reason == "is damaged in 100 places: the rest is not read"


def test_a_record_of_very_many_values_is_refused(tmp_path):
    found = read(tmp_path, {**RECORD, "x": [[]] * 2_000_000}, RECORD)
    assert isinstance(found[0], Skipped)
    assert found[0].reason == "holds more than 1,000,000 values in one record"
    assert titles(found) == ["The port reopens"]


def test_line_breaks_within_a_text_are_forgiven(tmp_path):
    (article,) = read(tmp_path, '{"title": "A", "text": "It reopened.\n\nFerries run."}', name="news.json")
    assert isinstance(article, Article)
    assert article.text == "It reopened.\n\nFerries run."


@pytest.mark.parametrize("document", ["[1, 2, 3]", "7", "[]", '"text"', "null", "[[], []]", "1 " * 1000])
def test_a_document_without_records_is_refused(tmp_path, document):
    (skipped,) = read(tmp_path, document, name="news.json")
    assert isinstance(skipped, Skipped)
    assert skipped.origin.endswith("news.json")
    assert skipped.reason == "holds no records: expected an array, or an object with articles or data"


@pytest.mark.parametrize(
    ("told", "authors"),
    [
        ("desk@post.example", ()),
        (["Jane Roe <jane@post.example>", "desk@post.example"], ("Jane Roe",)),
        ("jane@post.example (Jane Roe)", ("Jane Roe",)),
    ],
)
def test_a_mail_address_is_no_author(tmp_path, told, authors):
    assert read_one(tmp_path, authors=told).authors == authors


@pytest.mark.parametrize(
    "silent",
    [
        '<iframe src="https://video.example/1"/>',
        "<script src='a.js' />",
        "<style/>",
        "<textarea/>",
        "<title/>",
        '<iframe src="https://video.example/1">',
        "<noscript>",
    ],
)
def test_an_element_that_holds_nothing_hides_nothing(tmp_path, silent):
    article = read_one(tmp_path, text=f"<p>The port reopened.</p>{silent}<p>Ferries sail again.</p>")
    assert article.text == "The port reopened.\n\nFerries sail again."


@pytest.mark.parametrize(
    "silent",
    ["<script>var a;</script>", "<style>p {}", "<iframe>No frames</iframe>", "<noscript>x</noscript>"],
)
def test_what_an_element_holds_that_is_not_shown_is_left_out(tmp_path, silent):
    article = read_one(tmp_path, text=f"<p>The port reopened.</p>{silent}")
    assert article.text == "The port reopened."
