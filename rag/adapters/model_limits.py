"""What bounds a language model's work: time limits, retries of what may pass, the size of its window."""

import re
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx
    from langchain_core.messages import AIMessageChunk
    from tenacity import RetryCallState

_TOO_LONG = re.compile(
    r"exceed_context_size|context[ _](?:length|size|window)|prompt is too long|input tokens exceed", re.I
)
_TOO_LONG_STATUS = (400, 413, 422)
_SCHEMA_STATUS = (400, 415, 422, 501)
_ASCII_PER_TOKEN = 3  # fewer than English has (about 4): too many tokens counted cut a prompt, too few fail
_TOKENS_OF_A_TURN = 8
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLimits:
    """Seconds to connect, to wait for a piece and for the whole text; tries of what may pass; the window."""

    connect_s: float = 5.0
    first_token_s: float = 30.0
    whole_s: float = 60.0
    retries: int = 2
    context_tokens: int | None = None


def token_bound(text: str) -> int:
    """Return a number of tokens that `text` hardly exceeds, whatever the tokenizer."""
    ascii_count = sum(1 for character in text if character.isascii())
    return ascii_count // _ASCII_PER_TOKEN + len(text.encode("utf-8", "replace")) - ascii_count + 1


def prompt_bound(contents: Iterator[str]) -> int:
    """Return a number of tokens that messages with these contents hardly exceed."""
    return sum(token_bound(content) + _TOKENS_OF_A_TURN for content in contents)


def is_too_long(error: BaseException) -> bool:
    """Return whether a server refused a prompt because its window has no room for it."""
    from langchain_core.exceptions import ContextOverflowError

    if isinstance(error, ContextOverflowError):
        return True
    return getattr(error, "status_code", None) in _TOO_LONG_STATUS and bool(_TOO_LONG.search(str(error)))


def refuses_schema(error: BaseException) -> bool:
    """Return whether a server may have refused a request for the JSON schema in it."""
    return getattr(error, "status_code", None) in _SCHEMA_STATUS


def may_pass(error: BaseException) -> bool:
    """Return whether asking again may help: too many requests, a server's error, a connection reset.

    A server that does not listen or does not answer in time is not asked again: that costs its whole
    time limit once more.
    """
    import httpx
    from langchain_core.exceptions import ModelError, ModelTimeoutError

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, (httpx.ConnectError, httpx.TimeoutException, ModelTimeoutError)):
            return False
        cause = cause.__cause__
    return isinstance(error, httpx.TransportError) or (isinstance(error, ModelError) and error.is_retryable)


def seconds_before_retry(state: "RetryCallState") -> float:
    """Return what the server asked for (`Retry-After`), else a growing time with a random part."""
    from tenacity import wait_exponential_jitter

    error = state.outcome.exception() if state.outcome else None
    headers = getattr(getattr(error, "response", None), "headers", {})
    asked = str(headers.get("retry-after", ""))
    if re.fullmatch(r"\d{1,6}(?:\.\d+)?", asked):
        return float(asked)
    return wait_exponential_jitter(multiplier=0.25, max=8, jitter=0.25)(state)


def texts_of(
    chunks: "Iterator[AIMessageChunk]", *, whole_s: float, says_end: bool
) -> Generator[str, None, None]:
    """Yield the texts of `chunks`; closing it closes them.

    Raises:
        TimeoutError: where they do not end within `whole_s` seconds.
        ConnectionError: where they end without saying why, though their protocol `says_end`.
    """
    deadline, ended = time.monotonic() + whole_s, not says_end
    with closing(chunks) as pieces:  # type: ignore[type-var]
        for chunk in pieces:
            if time.monotonic() > deadline:
                raise TimeoutError(f"it wrote for more than {whole_s:g} s (generate.timeout_s)")
            ended = ended or bool(chunk.response_metadata.get("finish_reason"))
            if text := chunk.text:
                yield text
    if not ended:
        raise ConnectionError("the connection ended before the text did")


def http_client(base_url: str, limits: ModelLimits) -> "httpx.Client":
    """Return a client whose responses end after `limits.whole_s`, however slowly their bytes come."""
    import httpx

    class Timed(httpx.SyncByteStream):
        def __init__(self, stream: httpx.SyncByteStream) -> None:
            self._stream = stream
            self._deadline = time.monotonic() + limits.whole_s

        def __iter__(self) -> Iterator[bytes]:
            for data in self._stream:
                if time.monotonic() > self._deadline:
                    raise TimeoutError(f"no end after {limits.whole_s:g} s (generate.timeout_s)")
                yield data

        def close(self) -> None:
            self._stream.close()

    def bound(response: httpx.Response) -> None:
        if isinstance(response.stream, httpx.SyncByteStream):
            response.stream = Timed(response.stream)

    hooks: dict[str, list[Callable[..., object]]] = {"response": [bound]}
    # A proxy of the environment is not for loopback.
    return httpx.Client(trust_env=urlsplit(base_url).hostname not in _LOOPBACK, event_hooks=hooks)
