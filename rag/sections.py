"""The sections of the settings that say how passages are found and answers are made."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, ValidationInfo, field_validator, model_validator

from index.config import Section

Fusion = Literal["score", "rank"]


class RetrievalConfig(Section):
    """How passages are found and ranked.

    `candidates` is how many chunks each search gives to the ranking. A passage's score is the sum of
    its signals (`rag.signals`), each times its weight: of both searches by score or by rank (`fusion`,
    `rrf_k`), the share of the question's words that it holds, the nearness of its date (a factor e
    every `recency_days`), whether it lies in the period that the question names, whether it opens its
    article, and whether it holds what the question quotes. `diversity` is what a passage loses that
    says the same as one before it; `per_article` and `per_outlet` (0: any number) bound what one of
    them gives to a result; `passage_words` is the length to which a passage grows by its neighbouring
    sentences. With `decomposition` the parts of a question ("When … and who …?", "Which is larger, … or …?")
    are searched for and answered one by one; with `spelling` it is spelled as the archive spells first.
    """

    top_k: int = Field(default=8, ge=1, le=100)
    candidates: int = Field(default=100, ge=1, le=1000)
    fusion: Fusion = "score"
    rrf_k: int = Field(default=60, ge=1)
    dense_weight: float = Field(default=0.5, ge=0)
    lexical_weight: float = Field(default=0.25, ge=0)
    coverage_weight: float = Field(default=6.5, ge=0)
    recency_weight: float = Field(default=2.5, ge=0)
    recency_days: float = Field(default=30.0, gt=0)
    period_weight: float = Field(default=1.2, ge=0)
    opening_weight: float = Field(default=0.9, ge=0)
    quoted_weight: float = Field(default=1.0, ge=0)
    diversity: float = Field(default=0.0, ge=0)
    per_article: int = Field(default=3, ge=1)
    per_outlet: int = Field(default=0, ge=0)
    passage_words: int = Field(default=220, ge=1, le=2000)
    decomposition: bool = True
    spelling: bool = True

    @model_validator(mode="after")
    def _some_search_counts(self) -> Self:
        if not self.dense_weight + self.lexical_weight:
            raise ValueError("dense_weight or lexical_weight must be above 0")
        return self


class RerankConfig(Section):
    """A model that reads question and passage together and ranks the first passages anew.

    `model` is `none`, or a cross-encoder's name or folder as sentence-transformers loads it. It reads
    the first `candidates` passages, at most `max_tokens` of question and passage together; its score
    counts `weight` times.
    """

    model: str = "none"
    candidates: int = Field(default=20, ge=1, le=200)
    weight: float = Field(default=1.0, gt=0)
    max_tokens: int = Field(default=320, ge=32, le=8192)
    batch_size: int = Field(default=16, ge=1, le=256)


class ModelEntry(Section):
    """One model of `generate.models`; a name alone stands for an entry with that `model`.

    `model` and `base_url` are as in `GenerateConfig`. `api_key_variable` is the environment variable
    that holds its key. `capable` says whether it follows instructions well enough for the longer
    prompt, by default every model but the embedded one. `timeout_s` bounds its whole answer, and
    `context_tokens` is its window, where that is known.
    """

    model: str
    base_url: str | None = None
    api_key_variable: str | None = None
    capable: bool | None = None
    timeout_s: float | None = Field(default=None, gt=0)
    context_tokens: int | None = Field(default=None, ge=512)


def _as_entry(given: object) -> object:
    return {"model": given} if isinstance(given, str) else given


class GenerateConfig(Section):
    """Which language model writes, and within what limits.

    `model` is `embedded` (the packaged one), `none` (sentences are quoted), or `provider:name` as
    LangChain's `init_chat_model` takes it. `base_url` points to any server that speaks the OpenAI
    protocol. The key comes from the environment only: `DATELINE_GENERATE__API_KEY`.

    `models`, where it is not empty, takes the place of `model`, `base_url` and `api_key`: each is
    asked where those before it fail, and `quote` at the end has sentences quoted where all fail.

    `connect_timeout_s` bounds the connecting, `first_token_s` the wait for the first piece of a server
    elsewhere and for each further one, `timeout_s` the whole text. `retries` is how often a refusal
    that may pass is tried again. With `structured` a server of the OpenAI protocol is asked for claims as
    JSON of a fixed form, each with the number of its sentence; one that refuses that is asked for plain text.
    """

    model: str = "embedded"
    base_url: str | None = None
    api_key: SecretStr | None = None
    models: tuple[Annotated[ModelEntry, BeforeValidator(_as_entry)], ...] = ()
    max_tokens: int = Field(default=120, ge=1, le=32_768)
    temperature: float = Field(default=0.0, ge=0, le=2)
    connect_timeout_s: float = Field(default=5.0, gt=0)
    first_token_s: float = Field(default=30.0, gt=0)
    timeout_s: float = Field(default=60.0, gt=0)
    retries: int = Field(default=2, ge=0, le=10)
    structured: bool = True
    context_tokens: int = Field(default=2048, ge=512, description="window of the embedded model")
    threads: int = Field(default=0, ge=0, le=256, description="of the embedded model; 0 leaves one core free")


class AnswerConfig(Section):
    """How an answer is made from passages.

    `sentences` are chosen from the passages within `evidence_tokens`; `answerable` is the least
    evidence (0 to 1) on which a question is answered; `support` the least at which a written
    sentence counts as supported; `quotes` how many sentences are quoted where nothing was written.

    `judge` is `none`, or a stronger model, named as in `GenerateConfig`, that is asked where a sentence's
    names, numbers, dates and quotations hold and its other words fall short of `support`. `judge_base_url`
    is its OpenAI-compatible server, `judge_key_variable` the environment variable that holds its key;
    `judge_timeout_s` bounds one ruling, `judge_max_tokens` its length.
    """

    sentences: int = Field(default=5, ge=1, le=50)
    evidence_tokens: int = Field(default=300, ge=50)
    answerable: float = Field(default=0.35, ge=0, le=1)
    support: float = Field(default=0.9, ge=0, le=1)
    quotes: int = Field(default=2, ge=1, le=10)
    judge: str = "none"
    judge_base_url: str | None = None
    judge_key_variable: str | None = None
    judge_timeout_s: float = Field(default=10.0, gt=0)
    judge_max_tokens: int = Field(default=16, ge=1, le=32_768)


class EvaluateConfig(Section):
    """What an evaluation asks beside what it measures by itself.

    `judge` is `none`, or a strong model, named as in `GenerateConfig`, that says whether answers are right
    and whether their passages support their claims. `judge_base_url` is its OpenAI-compatible server,
    `judge_key_variable` the environment variable that holds its key; `judge_timeout_s` bounds one verdict,
    `judge_max_tokens` its length.
    """

    judge_base_url: str | None = None
    judge: str = "none"
    judge_key_variable: str | None = None
    judge_timeout_s: float = Field(default=60.0, gt=0)
    judge_max_tokens: int = Field(default=16, ge=1, le=32_768)

    @field_validator("judge")
    @classmethod
    def _can_be_asked(cls, judge: str, given: ValidationInfo) -> str:
        """Refuse a name without a provider or a server; the embedded model is too weak to judge."""
        if judge != "none" and ":" not in judge and given.data.get("judge_base_url") is None:
            raise ValueError("write 'none' or 'provider:name', or give its judge_base_url too")
        return judge
