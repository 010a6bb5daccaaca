"""Use Dateline inside LangChain: as a retriever, and as a runnable in a chain.

Build an index of the sample articles first:

    dateline index build examples/articles
    python examples/langchain_chain.py
"""

import sys
from typing import TYPE_CHECKING

from index.errors import DatelineError
from rag import Engine

if TYPE_CHECKING:
    from rag import Answer

QUESTIONS = ["Who won the election for mayor of Vessenport?", "When did Netanyahu meet Macron?"]


def one_line(answer: "Answer") -> str:
    """Put an answer and the outlets that it rests on into one line."""
    if answer.abstained:
        return f"{answer.question} -> no evidence in the archive"
    cited = {number for claim in answer.claims for number in claim.citations}
    outlets = sorted({citation.source for citation in answer.citations if citation.n in cited})
    return f"{answer.question} -> {answer.answer} ({', '.join(outlets)})"


def main() -> int:
    """Search through the retriever, then answer a batch of questions through a chain."""
    index = sys.argv[1] if len(sys.argv) > 1 else ".dateline"
    try:
        with Engine.open(index) as engine:
            retriever = engine.as_retriever(until="2025-11-11", top_k=3)
            for document in retriever.invoke("flood in Orvale"):
                print(document.metadata.get("published"), document.page_content[:80].replace("\n", " "))

            chain = engine.as_runnable() | one_line  # a question goes in, a line comes out
            for line in chain.batch(QUESTIONS):
                print(line)
    except DatelineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
