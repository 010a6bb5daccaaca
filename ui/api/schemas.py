"""The bodies that the API takes and gives, as its documentation shows them.

An `Answer` and a `Citation` are documented from the dataclasses of `rag.answer` themselves.
"""

from typing import Annotated, Any, Literal, Self

from fastapi import Body as BodyOf
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from index.records import LeftOut
from rag.answer import Citation
from rag.question import MAX_TOP_K, Message
from ui.jobs.job import JobDocument, SkippedInput
from ui.jobs.task import TakenArticle


def _encodable(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("half of a surrogate pair is no text: send whole characters")
    return text


Text = Annotated[str, AfterValidator(_encodable)]
Day = Annotated[Text, Field(description="A day as YYYY-MM-DD, inclusive", examples=["2026-03-03"])]


class Body(BaseModel):
    """A request's body: unknown fields are refused, by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bounds(Body):
    """The part of the archive that a question may see."""

    as_of: Day | None = Field(
        default=None, description="Answer as of this day: nothing published later is used. Default: today"
    )
    since: Day | None = Field(default=None, description="Nothing published before this day")
    until: Day | None = Field(default=None, description="Nothing published after this day")
    sources: list[Text] = Field(default=[], max_length=200, description="Only these outlets; empty for all")
    include_undated: bool = Field(
        default=False,
        strict=True,
        description="With a date given, see articles of unknown date too; without one they are seen anyway",
    )
    top_k: int | None = Field(
        default=None, ge=1, le=MAX_TOP_K, strict=True, description="How many passages are retrieved"
    )


class HistoryMessage(Body):
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: Text

    def to_message(self) -> Message:
        """Return it as the engine takes it."""
        return Message(role=self.role, content=self.content)


class AskBody(Bounds):
    """A question."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"question": "When did the council approve the bridge?", "as_of": "2026-03-03"}]
        }
    )

    question: Text = Field(description="The question, in at most 4,000 characters")
    history: list[HistoryMessage] = Field(
        default=[], max_length=200, description="The conversation so far, oldest first"
    )
    stream: bool = Field(default=False, strict=True, description="Answer as server-sent events")
    timeline: bool = Field(
        default=False,
        strict=True,
        description="Give the dated course of the story, a Timeline, not an Answer; it is not streamed",
    )

    show_unsupported: bool = Field(
        default=False,
        strict=True,
        description="Also list what the model wrote and no passage supports: claims with `supported` false, "
        "no citations and a `reason`, which the answer's text does not hold",
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.timeline and self.stream:
            raise ValueError("a timeline is given whole: leave out `stream`")
        return self


class SearchBody(Bounds):
    """A search: retrieval alone."""

    query: Text = Field(description="What to look for", examples=["bridge approval"])
    explain: bool = Field(
        default=False, strict=True, description="Say how the query was read and what each stage gave"
    )


class Passages(BaseModel):
    """The passages that a search found, best first, and how many articles it could not see.

    Where it was asked to explain, `plan` says how the query was read, and each passage has an `explanation`.
    """

    model_config = ConfigDict(extra="allow")

    passages: list[Citation]
    left_out: LeftOut


class ArticleRecord(BaseModel):
    """An article of the live version, without its text."""

    id: str = Field(examples=["9f2c4b1a7d3e5f60"])
    title: str
    url: str
    source: str = Field(examples=["cnn.com"])
    published: str | None = Field(examples=["2026-03-01"])
    published_from: str = Field(description="Where the date was found", examples=["jsonld"])
    updated: str | None
    ingested: str
    revision: int
    chunks: int
    published_confidence: float = Field(description="How far to trust the date, 0 to 1", examples=[0.95])
    section: str
    language: str = Field(examples=["en"])
    sources: list[str] = Field(description="All outlets that carry the text, its own first")


class ArticleList(BaseModel):
    """One page of the archive's articles, newest published first."""

    articles: list[ArticleRecord]
    total: int = Field(description="How many articles the archive holds")


class StoredArticle(ArticleRecord):
    """An article with its text."""

    model_config = ConfigDict(extra="allow")

    text: str
    authors: list[str] = []


MAX_POSTED = 1_000

_RECORD: dict[str, Any] = {
    "type": "object",
    "description": "An article by any of the field names that JSON files have them under",
    "properties": {
        "title": {"type": "string"},
        "text": {"type": "string", "description": "Paragraphs separated by blank lines, or HTML"},
        "url": {"type": "string", "format": "uri"},
        "published": {"type": "string", "description": "A date, or a time with its offset"},
        "updated": {"type": "string"},
        "source": {"type": "string", "description": "The outlet; by default the host of the URL"},
        "authors": {"type": "array", "items": {"type": "string"}},
        "section": {"type": "string"},
        "language": {"type": "string"},
        "id": {"type": "string", "description": "What it is known by where it has no URL"},
    },
    "required": ["text"],
    "additionalProperties": True,
}
_BATCH: dict[str, Any] = {
    "type": "object",
    "properties": {
        "articles": {"type": "array", "items": _RECORD, "minItems": 1, "maxItems": MAX_POSTED},
    },
    "required": ["articles"],
    "additionalProperties": False,
}
PostedArticles = Annotated[
    dict[str, Any],
    WithJsonSchema({"anyOf": [_RECORD, _BATCH]}),
    BodyOf(
        openapi_examples={
            "one": {
                "summary": "One article",
                "value": {
                    "title": "Ferry strike ends",
                    "text": "The ferry strike ended on Friday.",
                    "url": "https://courier.example/2026/03/06/ferry",
                    "published": "2026-03-06",
                },
            },
            "several": {
                "summary": "Several articles",
                "value": {"articles": [{"id": "a-1", "title": "…", "text": "…"}]},
            },
        }
    ),
]
"""One article, or `{"articles": […]}`."""


class Changed(BaseModel):
    """What a change of the index did, and the version that answers now.

    `added`, `updated`, `unchanged` and `removed` count articles.
    """

    version: str | None = Field(examples=["000008"])
    changed: bool = Field(description="Whether a new version was needed")
    added: int
    updated: int
    unchanged: int
    removed: int
    embedded: int = Field(description="Chunks that were embedded for it")
    articles: list[TakenArticle] = Field(description="The articles that were sent, with their ids")
    skipped: list[SkippedInput] = Field(description="Those that could not be taken; `origin` points to them")
    seconds: float
    job: str = Field(description="The job that did it, for /v1/index/jobs/{id}")


class RebuildBody(Body):
    """What a rebuild is made from."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"sources": ["articles/"]}]})

    sources: list[Text] = Field(
        default=[],
        max_length=1_000,
        description="Names or places of configured sources (`sources` in the settings); the version is made "
        "of what these hold, and of nothing else",
    )
    origin: Literal["sources", "catalogue"] | None = Field(
        default=None,
        alias="from",
        description="`catalogue` cuts and embeds the articles that the index holds anew; `sources` reads the "
        "configured sources. Default: the sources where there are any",
    )


class JobList(BaseModel):
    """The jobs of this server, the newest first."""

    jobs: list[JobDocument]


class IndexInfo(BaseModel):
    """What the archive holds, and how its index was made."""

    model_config = ConfigDict(extra="allow")

    path: str
    version: str
    articles: int
    chunks: int


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"
