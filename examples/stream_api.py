"""Ask a running Dateline server and print the answer while it is being written.

The server sends server-sent events: `plan`, `passages`, `token`, `claim`, `answer`, and `error`
if it fails half-way. Start it first (`dateline serve`), then:

    python examples/stream_api.py "How many people have died in the Orvale flood?"
"""

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from http.client import HTTPException
from typing import Any


def stream(server: str, question: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each event of the server's answer as it arrives."""
    data = json.dumps({"question": question, "stream": True}).encode()
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    with urllib.request.urlopen(
        urllib.request.Request(f"http://{server}/v1/ask", data=data, headers=headers), timeout=120
    ) as response:
        yield from read_events(response)


def read_events(lines: Iterable[bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the JSON data of each server-sent event."""
    name = "message"
    data: list[str] = []
    for raw in lines:
        line = raw.decode().rstrip("\r\n")
        if not line:
            if data:
                yield name, json.loads("\n".join(data))
            name, data = "message", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)


def show(name: str, event: dict[str, Any]) -> None:
    """Print what one event adds to the screen."""
    if name == "plan":
        print(f"(as of {event['as_of']})")
    elif name == "token":
        print(event["text"], end="", flush=True)
    elif name == "answer":
        print("\n")
        for citation in event["citations"]:
            print(f"[{citation['n']}] {citation['published'] or 'undated'}  {citation['title']}")
    elif name == "error":
        print(f"\nthe server failed: {event.get('detail', event)}", file=sys.stderr)


def main() -> int:
    """Read the command line, ask, print each event as it arrives."""
    parser = argparse.ArgumentParser(description="Stream an answer from a running Dateline server.")
    parser.add_argument("question")
    parser.add_argument("--server", default="127.0.0.1:7860", help="host:port (default: %(default)s)")
    arguments = parser.parse_args()
    answered = False
    try:
        for name, event in stream(arguments.server, arguments.question):
            show(name, event)
            answered = answered or name == "answer"
    except urllib.error.HTTPError as error:  # the body is an RFC 9457 problem document
        print(f"{error.code}: {error.read().decode(errors='replace')}", file=sys.stderr)
        return 1
    except (OSError, HTTPException) as error:
        print(f"no answer from {arguments.server} ({error}); is `dateline serve` running?", file=sys.stderr)
        return 1
    return 0 if answered else 1


if __name__ == "__main__":
    sys.exit(main())
