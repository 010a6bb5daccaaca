"""The language models that a configuration names: embedded, OpenAI-compatible, any provider's, chains."""

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index.errors import ConfigError
from rag.adapters.embedded_server import MODEL_NAME, EmbeddedServer
from rag.adapters.langchain_model import LangChainModel
from rag.adapters.model_limits import ModelLimits, http_client
from rag.config import AnswerConfig, GenerateConfig, ModelEntry
from rag.generate import ChatModel, CircuitBreaker, ModelChain
from rag.judge import ModelJudge

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

EMBEDDED = "embedded"
NONE, QUOTE = "none", "quote"
_COUNT_RETRIES = ("openai", "anthropic")  # whose clients try again by themselves unless they are told


def load_chat_model(config: GenerateConfig) -> ChatModel | None:
    """Return the model or the chain that `config` names, not yet started; None where it is `none`.

    Raises:
        ConfigError: where a name has no form that can be used, or stands where it cannot.
    """
    if config.models:
        return _chain(config)
    entry = ModelEntry(model=config.model, base_url=config.base_url)
    return None if _is_quote(entry) else _load(entry, config, config.api_key, "generate.model")


def load_judge(answer: AnswerConfig, config: GenerateConfig) -> ModelJudge | None:
    """Return the judge that `answer` names, not yet connected, within the limits of `config`; None if none.

    Raises:
        ConfigError: where the name has no form that can be used, or is that of the embedded model.
    """
    entry = ModelEntry(
        model=answer.judge,
        base_url=answer.judge_base_url,
        api_key_variable=answer.judge_key_variable,
        timeout_s=answer.judge_timeout_s,
    )
    if _is_quote(entry):
        return None
    if entry.model == EMBEDDED and entry.base_url is None:
        raise ConfigError("answer.judge is 'embedded', which is too weak to judge: name another, or 'none'")
    limited = config.model_copy(update={"max_tokens": answer.judge_max_tokens, "temperature": 0.0})
    return ModelJudge(_load(entry, limited, _key_of(entry, "answer.judge"), "answer.judge"))


def _chain(config: GenerateConfig) -> ModelChain | None:
    quotes = _is_quote(config.models[-1])
    entries = config.models[:-1] if quotes else config.models
    if any(_is_quote(entry) for entry in entries):
        raise ConfigError("generate.models has 'quote' before its end: what comes after it is never asked")
    if not entries:
        return None
    return ModelChain(
        [
            _load(entry, config, _key_of(entry, "generate.models"), f"generate.models[{at}]")
            for at, entry in enumerate(entries)
        ],
        quotes=quotes,
    )


def _is_quote(entry: ModelEntry) -> bool:
    return entry.model in (NONE, QUOTE) and entry.base_url is None


def _key_of(entry: ModelEntry, setting: str) -> "SecretStr | None":
    from pydantic import SecretStr

    if entry.api_key_variable is None:
        return None
    key = os.environ.get(entry.api_key_variable)
    if not key:
        raise ConfigError(
            f"{setting} takes the key of {entry.model!r} from the environment variable "
            f"{entry.api_key_variable}, which is not set: set it, or leave its name out"
        )
    return SecretStr(key)


def _load(entry: ModelEntry, config: GenerateConfig, key: "SecretStr | None", setting: str) -> ChatModel:
    limits = ModelLimits(
        connect_s=config.connect_timeout_s,
        first_token_s=min(config.first_token_s, entry.timeout_s or config.timeout_s),
        whole_s=entry.timeout_s or config.timeout_s,
        retries=config.retries,
        context_tokens=entry.context_tokens,
    )
    if entry.model == EMBEDDED and entry.base_url is None:
        return _embedded(entry, config, limits)
    if entry.base_url is not None:
        return CircuitBreaker(_openai_compatible(entry, entry.base_url, config, key, limits))
    if ":" not in entry.model:
        raise ConfigError(
            f"{setting} is {entry.model!r}: write 'embedded', 'none' or 'provider:name' "
            "(such as 'anthropic:claude-sonnet-4-5'), or give its base_url too"
        )
    return CircuitBreaker(_from_provider(entry, config, key, limits))


def _embedded(entry: ModelEntry, config: GenerateConfig, limits: ModelLimits) -> LangChainModel:
    window = entry.context_tokens or config.context_tokens
    server = EmbeddedServer(context_tokens=window, threads=config.threads)
    # It cannot be out of reach: on a busy machine its first word only takes longer.
    limits = replace(limits, retries=0, first_token_s=limits.whole_s, context_tokens=window)

    def connect() -> "BaseChatModel":
        endpoint = server.endpoint()
        # No penalty on repeating: it would keep the model from copying what it is given.
        body = {"cache_prompt": True, "repeat_penalty": 1.0}
        return _chat_openai(MODEL_NAME, endpoint.base_url, endpoint.api_key, config, limits, extra_body=body)

    return LangChainModel(
        MODEL_NAME,
        connect,
        capable=bool(entry.capable),
        limits=limits,
        max_tokens=config.max_tokens,
        says_end=True,
        on_close=server.close,
    )


def _openai_compatible(
    entry: ModelEntry, base_url: str, config: GenerateConfig, key: "SecretStr | None", limits: ModelLimits
) -> LangChainModel:
    name = entry.model.removeprefix("openai:")
    connected: list[ChatOpenAI] = []

    def connect() -> "BaseChatModel":
        secret = key.get_secret_value() if key else "none"
        connected.append(_chat_openai(name, base_url, secret, config, limits))
        return connected[0]

    def close() -> None:
        for model in connected:
            model.root_client.close()

    return LangChainModel(
        name,
        connect,
        capable=entry.capable is not False,
        limits=limits,
        max_tokens=config.max_tokens,
        says_end=True,
        takes_schema=config.structured,
        on_close=close,
    )


def _chat_openai(
    name: str, base_url: str, key: str, config: GenerateConfig, limits: ModelLimits, **options: Any
) -> "ChatOpenAI":
    import httpx
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        model=name,
        base_url=base_url,
        api_key=SecretStr(key),
        temperature=config.temperature,
        max_completion_tokens=config.max_tokens,
        timeout=httpx.Timeout(limits.first_token_s, connect=limits.connect_s),
        max_retries=0,  # the client's own tries also repeat what timed out, and wait for up to two minutes
        stream_usage=False,
        http_client=http_client(base_url, limits),
        **options,
    )


def _from_provider(
    entry: ModelEntry, config: GenerateConfig, key: "SecretStr | None", limits: ModelLimits
) -> LangChainModel:
    provider, _, name = entry.model.partition(":")

    def connect() -> "BaseChatModel":
        from langchain.chat_models import init_chat_model

        options: dict[str, Any] = {
            "temperature": config.temperature,
            "max_tokens": config.max_tokens,
            "timeout": limits.first_token_s,
        }
        if provider in _COUNT_RETRIES:
            options["max_retries"] = 0
        if key:
            options["api_key"] = key.get_secret_value()
        model: BaseChatModel = init_chat_model(entry.model, **options)
        return model

    return LangChainModel(
        name,
        connect,
        capable=entry.capable is not False,
        limits=limits,
        max_tokens=config.max_tokens,
        takes_schema=config.structured and provider == "openai",
    )
