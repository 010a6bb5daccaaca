"""Ask a running Dateline server one question and print the answer with its sources.

Start the server first (`dateline serve`), then:

    python examples/ask_api.py "What is the budget of the Lantern Bridge?" --as-of 2026-09-01
"""

import argparse
import json
import sys
import urllib.error
import urllib.request
from typing import Any


def ask(server: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the server's Answer as JSON; see /docs on the server for its fields."""
    data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
    with urllib.request.urlopen(
        urllib.request.Request(f"http://{server}/v1/ask", data=data, headers=headers), timeout=120
    ) as response:
        answer: dict[str, Any] = json.load(response)
        return answer


def show(answer: dict[str, Any]) -> None:
    """Print the answer's text, then each passage that it cites or, if it abstains, the nearest ones."""
    print(answer["answer"])
    cited = {number for claim in answer["claims"] for number in claim["citations"]}
    print("\nNearest passages:" if answer["abstained"] else "\nSources:")
    for citation in answer["citations"]:
        if answer["abstained"] or citation["n"] in cited:
            print(f"  [{citation['n']}] {citation['published'] or 'undated'}  {citation['title']}")
            print(f"      {citation['url']}")
    print(f"\nNewest article in the archive: {answer['freshness']['newest_article']}")


def main() -> int:
    """Read the command line, ask, print."""
    parser = argparse.ArgumentParser(description="Ask a running Dateline server one question.")
    parser.add_argument("question")
    parser.add_argument("--as-of", help="answer as on this day, YYYY-MM-DD")
    parser.add_argument("--server", default="127.0.0.1:7860", help="host:port (default: %(default)s)")
    arguments = parser.parse_args()
    body = {"question": arguments.question}
    if arguments.as_of:
        body["as_of"] = arguments.as_of
    try:
        show(ask(arguments.server, body))
    except urllib.error.HTTPError as error:  # the body is an RFC 9457 problem document
        print(f"{error.code}: {error.read().decode(errors='replace')}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"no server at {arguments.server} ({error}); start one with `dateline serve`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
