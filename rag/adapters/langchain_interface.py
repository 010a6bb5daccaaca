"""Dateline as parts of a LangChain chain: a retriever and a runnable."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import Field, SkipValidation

from rag.answer import Answer
from rag.engine import Engine


class DatelineRetriever(BaseRetriever):
    """Returns passages as documents; a passage's citation fields are the document's metadata."""

    engine: SkipValidation[Engine]
    filters: dict[str, Any] = Field(default_factory=dict)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 -- LangChain's signature
    ) -> list[Document]:
        documents = []
        for citation in self.engine.search(query, **self.filters):
            fields = citation.to_dict()
            documents.append(
                Document(id=citation.chunk_id, page_content=fields.pop("passage"), metadata=fields)
            )
        return documents


def answer_runnable(engine: Engine) -> Runnable[Any, Answer]:
    """Return a runnable from a question, or a dict of `Engine.ask`'s arguments, to an Answer."""

    def answer(asked: str | dict[str, Any]) -> Answer:
        return engine.ask(asked) if isinstance(asked, str) else engine.ask(**asked)

    return RunnableLambda(answer, name="dateline")
