"""The language model of all tools: Dateline's own server of its packaged model, in a process of its own.

Runs in the project's environment; prints where it listens, as one JSON line, and ends with its parent.
"""

import json
import os
import sys

from rag.adapters.embedded_server import MODEL_NAME, EmbeddedServer

CONTEXT_TOKENS = 8192
"""The whole window of the model: some chains send four times as much as Dateline does."""


def main() -> None:
    """Serve until the standard input ends."""
    server = EmbeddedServer(context_tokens=CONTEXT_TOKENS, parallel=1)
    endpoint = server.endpoint()
    where = {"url": endpoint.base_url, "key": endpoint.api_key, "name": MODEL_NAME, "threads": server.threads}
    print(json.dumps(where), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
