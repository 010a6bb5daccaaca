"""Which field means what: known schemas, names from the configuration, and what is said where none fits."""

import json
from pathlib import Path

import pytest

from index.article import Article, DateOrigin, Skipped
from index.config import ReadingConfig
from index.readers import read_sources

TEXT = "The port of Stellhaven reopened on Tuesday."
PAGE = (
    "<!DOCTYPE html><html><head><title>The port reopens</title></head><body><article>"
    + "<p>The port of Stellhaven reopened on Tuesday after two years of repairs to both piers.</p>" * 3
    + "</article></body></html>"
)


def read(tmp_path: Path, *records: object, **fields: tuple[str, ...]) -> list[Article | Skipped]:
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return list(read_sources([str(path)], reading=ReadingConfig.model_validate({"fields": fields})))


def read_one(tmp_path: Path, record: object, **fields: tuple[str, ...]) -> Article:
    (article,) = read(tmp_path, record, **fields)
    assert isinstance(article, Article), article
    return article


SCHEMAS: dict[str, dict[str, object]] = {
    "NewsAPI": {
        "source": {"id": None, "name": "Stellhaven Post"},
        "author": "Ann Lee",
        "title": "The port reopens",
        "description": "In short.",
        "url": "https://post.example/port",
        "publishedAt": "2026-03-04T10:00:00Z",
        "content": TEXT + "… [+2143 chars]",
    },
    "news-please": {
        "authors": ["Ann Lee"],
        "date_download": "2026-03-09 08:00:00",
        "date_modify": "None",
        "date_publish": "2026-03-04 10:00:00+00:00",
        "description": "In short.",
        "maintext": TEXT,
        "source_domain": "post.example",
        "title": "The port reopens",
        "url": "https://post.example/port",
    },
    "CC-News": {
        "title": "The port reopens",
        "text": TEXT,
        "domain": "post.example",
        "date": "2026-03-04T10:00:00+00:00",
        "description": "In short.",
        "url": "https://post.example/port",
        "authors": "Ann Lee",
    },
    "New York Times API": {
        "_id": "nyt://article/7",
        "headline": {"main": "The port reopens", "kicker": None, "name": None},
        "abstract": "In short.",
        "lead_paragraph": TEXT,
        "pub_date": "2026-03-04T10:00:00+0000",
        "web_url": "https://post.example/port",
        "byline": {"original": "By Ann Lee", "person": []},
        "section_name": "World",
    },
    "Guardian API": {
        "id": "world/2026/mar/04/port",
        "webTitle": "The port reopens | World",
        "webPublicationDate": "2026-03-04T10:00:00Z",
        "webUrl": "https://post.example/port",
        "sectionName": "World",
        "fields": {"headline": "The port reopens", "bodyText": TEXT, "byline": "Ann Lee"},
    },
    "schema.org": {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "The port reopens",
        "articleBody": TEXT,
        "datePublished": "2026-03-04T10:00:00Z",
        "author": [{"@type": "Person", "name": "Ann Lee"}],
        "articleSection": ["World", "Ports"],
        "mainEntityOfPage": {"@type": "WebPage", "@id": "https://post.example/port"},
    },
    "ninjs": {
        "uri": "urn:newsml:post.example:7",
        "headline": "The port reopens",
        "body_xhtml": f"<p>{TEXT}</p>",
        "versioncreated": "2026-03-04T10:00:00Z",
        "byline": "By Ann Lee",
        "url": "https://post.example/port",
    },
    "JSON Feed": {
        "id": "7",
        "url": "https://post.example/port",
        "title": "The port reopens",
        "content_html": f"<p>{TEXT}</p>",
        "summary": "In short.",
        "date_published": "2026-03-04T10:00:00Z",
        "authors": [{"name": "Ann Lee"}],
    },
    "WordPress": {
        "id": 7,
        "date": "2026-03-04T12:00:00",
        "date_gmt": "2026-03-04T10:00:00",
        "link": "https://post.example/port",
        "title": {"rendered": "The port reopens"},
        "content": {"rendered": f"<p>{TEXT}</p>", "protected": False},
        "author": 3,
        "categories": [12],
        "_embedded": {"author": [{"id": 3, "name": "Ann Lee"}]},
    },
    "Elasticsearch": {
        "_index": "news",
        "_id": "7",
        "_source": {
            "title": "The port reopens",
            "body": TEXT,
            "published_at": 1772618400,
            "author": {"name": "Ann Lee"},
            "link": "https://post.example/port",
        },
    },
    "Webhose": {
        "uuid": "7",
        "thread": {"site": "post.example", "section_title": "World"},
        "title": "The port reopens",
        "text": TEXT,
        "author": "Ann Lee",
        "published": "2026-03-04T10:00:00.000+00:00",
        "crawled": "2026-03-09T10:00:00.000+00:00",
        "url": "https://post.example/port",
    },
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_known_schema_needs_no_configuration(tmp_path, schema):
    article = read_one(tmp_path, SCHEMAS[schema])
    assert (article.title.split(" | ")[0], article.text) == ("The port reopens", TEXT)
    assert article.key == "https://post.example/port"
    assert (article.published, article.published_from) == ("2026-03-04T10:00:00+00:00", DateOrigin.META)
    assert article.authors == ("Ann Lee",)


@pytest.mark.parametrize(
    ("schema", "section"),
    [("New York Times API", "World"), ("Guardian API", "World"), ("schema.org", "World"), ("WordPress", "")],
)
def test_the_section_is_taken_where_it_is_a_name(tmp_path, schema, section):
    assert read_one(tmp_path, SCHEMAS[schema]).section == section


def test_a_record_of_the_short_description_data_sets(tmp_path):
    record = {
        "category": "POLITICS",
        "headline": "The port reopens",
        "authors": "Ann Lee",
        "link": "https://post.example/port",
        "short_description": TEXT,
        "date": 1772582400000,
    }
    article = read_one(tmp_path, record)
    assert (article.section, article.text, article.published) == (
        "POLITICS",
        TEXT,
        "2026-03-04T00:00:00+00:00",
    )


def test_year_month_and_day_make_a_date(tmp_path):
    record = {"title": "A", "content": TEXT, "publication": "Post", "year": 2026.0, "month": "3.0", "day": 4}
    article = read_one(tmp_path, record)
    assert (article.published, article.source) == ("2026-03-04", "Post")
    assert read_one(tmp_path, {**record, "day": None}).published is None


def test_the_first_day_of_a_story_goes_before_that_of_its_version(tmp_path):
    record = {
        "headline": "A",
        "body_text": TEXT,
        "firstcreated": "2026-03-04",
        "versioncreated": "2026-03-06",
    }
    article = read_one(tmp_path, record)
    assert (article.published, article.updated) == ("2026-03-04", "2026-03-06")


@pytest.mark.parametrize("field", ["date_download", "crawled", "fetched_at", "seendate", "retrieved"])
def test_when_a_text_was_collected_is_no_date_of_publication(tmp_path, field):
    article = read_one(tmp_path, {"title": "A", "text": TEXT, field: "2026-03-09"})
    assert (article.published, article.published_from) == ("2026-03-09", DateOrigin.FILE)
    assert article.published_confidence < 0.3
    dated = read_one(tmp_path, {"title": "A", "text": TEXT, field: "2026-03-09", "date": "2026-03-04"})
    assert (dated.published, dated.published_from) == ("2026-03-04", DateOrigin.META)


DUTCH = {"kop": "The port reopens", "lijf": TEXT, "meta": {"Datum": "2026-03-04", "door": [{"naam": "Ann"}]}}


def test_names_of_the_configuration_are_enough(tmp_path):
    article = read_one(
        tmp_path,
        DUTCH,
        title=("kop",),
        text=("lijf",),
        published=("meta.datum",),
        authors=("meta.door.naam",),
    )
    assert (article.title, article.text, article.published) == ("The port reopens", TEXT, "2026-03-04")
    assert article.authors == ("Ann",)


def test_names_of_the_configuration_go_before_the_known_ones(tmp_path):
    record = {"title": "Wrong", "Kop-Regel": "Right", "text": TEXT}
    assert read_one(tmp_path, record, title=("kop_regel",)).title == "Right"
    assert read_one(tmp_path, {**record, "Kop-Regel": ""}, title=("kop_regel",)).title == "Wrong"


def test_a_column_may_be_named_as_a_path(tmp_path):
    record = {"headline.main": "The port reopens", "byline.original": "By Ann Lee", "text": TEXT}
    assert read_one(tmp_path, record).title == "The port reopens"
    assert read_one(tmp_path, record).authors == ("Ann Lee",)


@pytest.mark.parametrize(
    ("name", "fence", "form"), [("a.md", "---", "kop: A"), ("a.txt", "+++", 'kop = "A"')]
)
def test_front_matter_is_mapped_too(tmp_path, name, fence, form):
    path = tmp_path / name
    path.write_text(f"{fence}\n{form}\n{fence}\n{TEXT}\n")
    (article,) = read_sources([str(path)], reading=ReadingConfig(fields={"title": ("kop",)}))
    assert isinstance(article, Article)
    assert article.title == "A"


def test_a_record_without_a_known_text_says_what_it_has_and_how_to_map_it(tmp_path):
    (skipped,) = read(tmp_path, DUTCH)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == (
        "has no text: it has kop, lijf, meta; say which is the text by `reading.fields`: {text: [lijf]}"
    )


def test_a_list_of_addresses_without_texts_says_how_to_have_the_pages_read(tmp_path):
    record = {"url": "https://post.example/port", "title": "The port reopens", "seendate": "20260304T100000Z"}
    (skipped,) = read(tmp_path, record)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == (
        "has no text: it has url, title, seendate; say which is the text by `reading.fields`: {text: [NAME]}"
        "; or give its address as a source, to have the page fetched"
    )


def test_a_record_of_many_fields_names_some_of_them(tmp_path):
    (skipped,) = read(tmp_path, {f"field\n{number}": number for number in range(100)})
    assert isinstance(skipped, Skipped)
    assert "field 11, 88 more" in skipped.reason
    assert "\n" not in skipped.reason


def test_a_text_that_is_empty_is_named(tmp_path):
    (skipped,) = read(tmp_path, {"title": "A", "text": " ", "content": None})
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "has no text: its field 'text' holds none"


@pytest.mark.parametrize("field", ["html", "raw_html", "content", "page_html"])
def test_a_field_with_a_whole_page_is_read_as_a_page(tmp_path, field):
    record = {"id": "7", field: PAGE, "url": "https://post.example/2026/03/04/port", "publisher": "Post"}
    article = read_one(tmp_path, record)
    assert (article.title, article.url) == ("The port reopens", "https://post.example/2026/03/04/port")
    assert article.text.startswith("The port of Stellhaven")
    assert article.published == "2026-03-04"
    assert article.origin.endswith("news.jsonl:1")


def test_pages_of_records_are_told_apart_and_one_without_text_is_named(tmp_path):
    one, two, empty = read(tmp_path, {"html": PAGE}, {"html": PAGE}, {"html": "<html><body></body></html>"})
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert one.key != two.key
    assert isinstance(empty, Skipped)
    assert empty.origin.endswith(":3")


def test_a_text_that_was_extracted_goes_before_the_page(tmp_path):
    assert read_one(tmp_path, {"title": "A", "html": PAGE, "maintext": TEXT}).text == TEXT


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("['Ann Lee', \"Bo O'Day\"]", ("Ann Lee", "Bo O'Day")),
        ("[]", ()),
        (7, ()),
        ([3, {"name": "Ann"}], ("Ann",)),
    ],
)
def test_more_forms_of_authors(tmp_path, authors, expected):
    assert read_one(tmp_path, {"title": "A", "text": TEXT, "authors": authors}).authors == expected


def test_of_several_addresses_that_of_the_web_is_taken(tmp_path):
    article = read_one(tmp_path, {"text": TEXT, "url": "/port", "link": "https://post.example/port"})
    assert article.url == "https://post.example/port"
